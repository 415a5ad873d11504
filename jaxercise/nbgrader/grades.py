"""The gradebook's grades, a row for each student and assignment, as exports write them."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from nbgrader.api import Gradebook


@dataclass(frozen=True)
class ExerciseGrade:
    """What an exercise or a written answer earned; `max_score` is 0 for extra credit."""

    name: str
    score: float
    max_score: float


@dataclass(frozen=True)
class GradeRow:
    """One student's grade for one assignment.

    `raw_score` counts extra credit and not the penalty for being late. `due` has the student's
    extension in it. Both times are UTC without a zone, as nbgrader stores them.
    `waits_for_a_person` says whether an exercise is still to be graded by hand.
    """

    assignment: str
    student: str
    first_name: str
    last_name: str
    email: str
    max_score: float
    exercises: tuple[ExerciseGrade, ...]
    due: datetime.datetime | None = None
    handed_in: bool = False
    timestamp: datetime.datetime | None = None
    raw_score: float = 0.0
    penalty: float = 0.0
    waits_for_a_person: bool = False

    @property
    def score(self) -> float:
        """The score after the penalty."""
        return max(0.0, self.raw_score - self.penalty)

    @property
    def kept_share(self) -> float:
        """The part of the raw score that the penalty leaves."""
        return self.score / self.raw_score if self.raw_score > 0 else 1.0


def grade_rows(
    gradebook: Gradebook, assignments: Collection[str] = (), students: Collection[str] = ()
) -> Iterator[GradeRow]:
    """A row for every student and assignment, handed in or not; all of them where none is named.

    Raises:
        LookupError: an assignment or a student is not in the gradebook.
    """
    everything: Any = gradebook.assignments
    everybody: Any = gradebook.students
    _assert_known("assignment", assignments, {str(one.name) for one in everything})
    _assert_known("student", students, {str(one.id) for one in everybody})
    for assignment in everything:
        if assignments and assignment.name not in assignments:
            continue
        found: Any = gradebook.assignment_submissions(assignment.name)
        submissions = {submission.student_id: submission for submission in found}
        for student in everybody:
            if not students or student.id in students:
                yield _row(assignment, student, submissions.get(student.id))


def _assert_known(kind: str, named: Collection[str], known: Collection[str]) -> None:
    if missing := [name for name in named if name not in known]:
        raise LookupError(f"no such {kind} in the gradebook: {', '.join(missing)}")


def _row(assignment: Any, student: Any, submission: Any) -> GradeRow:
    common: dict[str, Any] = {
        "assignment": assignment.name,
        "student": student.id,
        "first_name": student.first_name or "",
        "last_name": student.last_name or "",
        "email": student.email or "",
        "max_score": assignment.max_score or 0.0,
    }
    if submission is None:
        cells = [cell for notebook in assignment.notebooks for cell in notebook.grade_cells]
        nothing = tuple(ExerciseGrade(_exercise(cell.name), 0.0, cell.max_score) for cell in cells)
        return GradeRow(**common, exercises=nothing, due=assignment.duedate)
    grades = [grade for notebook in submission.notebooks for grade in notebook.grades]
    return GradeRow(
        **common,
        exercises=tuple(ExerciseGrade(_exercise(g.name), g.score, g.max_score) for g in grades),
        due=submission.duedate,
        handed_in=True,
        timestamp=submission.timestamp,
        raw_score=submission.score or 0.0,
        penalty=submission.late_submission_penalty or 0.0,
        waits_for_a_person=any(grade.needs_manual_grade for grade in grades),
    )


def _exercise(cell: str) -> str:
    return cell.removeprefix("check_")
