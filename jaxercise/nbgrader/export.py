"""What `nbgrader export` writes: the gradebook as CSV, and files that learning platforms import.

    nbgrader export                                                 grades.csv
    nbgrader export --exporter=jaxercise.nbgrader.platforms.Canvas  canvas.csv

This module has what all of them share and the plain file; nbgrader/platforms.py the others.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn

from nbgrader.api import Gradebook
from nbgrader.plugins import ExportPlugin
from traitlets import Bool, Unicode

from jaxercise.checks.outcome import CourseError
from jaxercise.nbgrader.grades import GradeRow, grade_rows
from jaxercise.nbgrader.late import AssignPenalties
from jaxercise.nbgrader.roster import Student, read_roster
from jaxercise.nbgrader.spreadsheet import as_csv, number


class GradeExport(ExportPlugin):
    """Reads grades and roster; a subclass says in `content` what the file holds."""

    roster = Unicode(
        "roster.csv",
        help="CSV file with the students' names and ids, seen from the course's root. If it does "
        "not exist, the names are the gradebook's.",
    ).tag(config=True)
    by_exercise = Bool(False, help="A column for each exercise, not for each assignment.").tag(
        config=True
    )

    file_name = "grades.csv"
    encoding = "utf-8"

    def export(self, gradebook: Gradebook) -> None:
        """Write the file; a mistake ends the command with a message."""
        path = Path(self.to or self.file_name)
        try:
            AssignPenalties(parent=self).bring_all_up_to_date(gradebook)
            rows = list(grade_rows(gradebook, _texts(self.assignment), _texts(self.student)))
            text = self.content(rows, self.students())
            path.write_text(text, encoding=self.encoding, newline="")
        except (CourseError, LookupError) as error:
            self._fail(str(error.args[0]))
        except OSError as error:
            self._fail(f"{path}: {error.strerror or error}")
        self.log.info("Exported the grades to %s", path)
        waiting = sorted({f"{row.student}/{row.assignment}" for row in rows if _waits(row)})
        if waiting:
            self.log.warning(
                "Not final, since something waits for a person: %s", ", ".join(waiting)
            )

    def content(self, rows: Sequence[GradeRow], students: Mapping[str, Student]) -> str:
        """The text of the file; `students` is the roster by id, empty where there is none."""
        raise NotImplementedError

    def students(self) -> dict[str, Student]:
        """The roster by id; empty if there is none.

        Raises:
            CourseError: it has a mistake, or was named in the settings and is not there.
        """
        coursedir: Any = getattr(self.parent, "coursedir", None)
        path = Path(coursedir.root if coursedir is not None else ".") / self.roster
        if not path.exists() and self.roster == self.trait_defaults("roster"):
            return {}
        return {student.id: student for student in read_roster(path)}

    def _fail(self, message: str) -> NoReturn:
        self.log.error(message)
        raise SystemExit(1)


class Csv(GradeExport):
    """nbgrader's own columns, correctly quoted, and two more.

    nbgrader's exporter does not quote: a student called `Smith, Jr` shifts the row.
    """

    file_name = "grades.csv"

    def content(self, rows: Sequence[GradeRow], students: Mapping[str, Student]) -> str:
        heading = [
            *("assignment", "duedate", "timestamp", "student_id", "last_name", "first_name"),
            *("email", "raw_score", "late_submission_penalty", "score", "max_score"),
            *("section", "needs_manual_grade"),
        ]
        lines: list[Sequence[object]] = [heading]
        if self.by_exercise:
            lines[0] = [*heading[:1], "exercise", *heading[1:]]
        for row in rows:
            who = named(row, students)
            first = [row.due or "", row.timestamp or "", row.student]
            first += [who.last_name, who.first_name, who.email]
            last = [who.section, int(row.waits_for_a_person)]
            if not self.by_exercise:
                scores = (row.raw_score, row.penalty, row.score, row.max_score)
                lines.append([row.assignment, *first, *map(number, scores), *last])
                continue
            for one in row.exercises:
                score = one.score * row.kept_share
                scores = (one.score, one.score - score, score, one.max_score)
                lines.append([row.assignment, one.name, *first, *map(number, scores), *last])
        return as_csv(lines)


def named(row: GradeRow, students: Mapping[str, Student]) -> Student:
    """The student of a row, as the roster and then the gradebook say."""
    known = students.get(row.student, Student(row.student))
    return dataclasses.replace(
        known,
        first_name=known.first_name or row.first_name,
        last_name=known.last_name or row.last_name,
        email=known.email or row.email,
    )


def _waits(row: GradeRow) -> bool:
    return row.handed_in and row.waits_for_a_person


def _texts(names: Iterable[object]) -> list[str]:
    """The ids of an option: given one at a time, or as nbgrader documents, `[ps1,'ps2']`."""
    texts = [str(name) for name in names]
    if len(texts) == 1 and texts[0].startswith("[") and texts[0].endswith("]"):
        texts = [part.strip().strip("'\"") for part in texts[0][1:-1].split(",")]
    return texts
