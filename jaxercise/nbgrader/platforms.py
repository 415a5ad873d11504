"""What `nbgrader export` writes for learning platforms: Canvas, Moodle, Blackboard.

    nbgrader export --exporter=jaxercise.nbgrader.platforms.Canvas     canvas.csv
    nbgrader export --exporter=jaxercise.nbgrader.platforms.MoodleCsv  moodle.csv

The formats are those that each platform's importer reads; the docstrings name the source.
"""

from __future__ import annotations

import csv
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from traitlets import Bool, Dict

from jaxercise.nbgrader.export import GradeExport, named
from jaxercise.nbgrader.grades import GradeRow
from jaxercise.nbgrader.roster import Student
from jaxercise.nbgrader.spreadsheet import as_csv, number


@dataclass(frozen=True)
class Column:
    """A column of a platform's gradebook: an assignment, or an exercise of one."""

    title: str
    max_score: float


@dataclass(frozen=True)
class Table:
    """Students and their scores in each column; None where nothing was handed in."""

    columns: tuple[Column, ...]
    lines: tuple[tuple[Student, tuple[float | None, ...]], ...]


class PlatformExport(GradeExport):
    """A file for a learning platform: one line a student."""

    titles = Dict(
        help="What the platform calls an assignment, or an exercise as `ps3: ema`; by default as "
        "here. Canvas: the title with its number, such as 'Set 3 (4711)'. Blackboard: the heading "
        "of the downloaded file, such as 'Set 3 [Total Pts: 36 Score] |4711'. Moodle: the ID "
        "number of the grade item.",
    ).tag(config=True)
    missing_is_zero = Bool(
        False, help="0 points for what was not handed in; by default the cell stays empty."
    ).tag(config=True)

    def content(self, rows: Sequence[GradeRow], students: Mapping[str, Student]) -> str:
        others = sorted({row.student for row in rows} - students.keys()) if students else []
        if others:
            self.log.warning("Not on the roster, so left out: %s", ", ".join(others))
        return self.table_text(self._table([r for r in rows if r.student not in others], students))

    def table_text(self, table: Table) -> str:
        """The text of the file."""
        raise NotImplementedError

    def _table(self, rows: Sequence[GradeRow], students: Mapping[str, Student]) -> Table:
        columns: dict[str, float] = {}
        scores: dict[str, dict[str, float | None]] = {}
        who: dict[str, Student] = {}
        for row in rows:
            who[row.student] = named(row, students)
            cells = scores.setdefault(row.student, {})
            there = row.handed_in or self.missing_is_zero
            for name, score, max_score in _cells(row, self.by_exercise):
                columns.setdefault(name, max_score)
                cells[name] = score if there else None
        return Table(
            tuple(Column(self.titles.get(name, name), most) for name, most in columns.items()),
            tuple(
                (who[student], tuple(cells.get(name) for name in columns))
                for student, cells in scores.items()
            ),
        )


class Canvas(PlatformExport):
    """The CSV file that Canvas's gradebook imports.

    Canvas finds a student by ID, else by SIS User ID, SIS Login ID or name, and an assignment by
    the number at the end of its title, else by the title; what it does not find it offers to
    create. The order of the first five columns and the row of points are as its importer reads
    them (github.com/instructure/canvas-lms, lib/gradebook_importer.rb).
    """

    file_name = "canvas.csv"

    def table_text(self, table: Table) -> str:
        heading = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"]
        points = ["Points Possible", "", "", "", ""]
        lines: list[Sequence[object]] = [
            [*heading, *(column.title for column in table.columns)],
            [*points, *(number(column.max_score) for column in table.columns)],
        ]
        for who, scores in table.lines:
            name = ", ".join(filter(None, [who.last_name, who.first_name])) or who.full_name
            ids = [who.canvas_id, who.sis_id, who.login or who.id]
            lines.append([name, *ids, who.section, *map(number, scores)])
        return as_csv(lines)


class MoodleCsv(PlatformExport):
    """The CSV file that Moodle's grade import reads (docs.moodle.org, "Grade import").

    In its preview, map `ID number` to `useridnumber`, or `Email address` to `useremail`, and
    each column of grades to a grade item.
    """

    file_name = "moodle.csv"

    def table_text(self, table: Table) -> str:
        heading = ["ID number", "First name", "Last name", "Email address"]
        lines: list[Sequence[object]] = [[*heading, *(column.title for column in table.columns)]]
        for who, scores in table.lines:
            ids = [who.id_number or who.id, who.first_name, who.last_name, who.email]
            lines.append([*ids, *map(number, scores)])
        return as_csv(lines)


class MoodleXml(PlatformExport):
    """The XML file that Moodle's grade import reads (github.com/moodle/moodle, grade/import/xml).

    Students and grade items are found by their ID numbers in Moodle; one that is not found stops
    the import.
    """

    file_name = "moodle.xml"

    def table_text(self, table: Table) -> str:
        results = ET.Element("results")
        for who, scores in table.lines:
            for column, score in zip(table.columns, scores, strict=True):
                if score is not None:
                    result = ET.SubElement(results, "result")
                    ET.SubElement(result, "assignment").text = column.title
                    ET.SubElement(result, "student").text = who.id_number or who.id
                    ET.SubElement(result, "score").text = number(score)
        ET.indent(results)
        return f"<?xml version='1.0' encoding='UTF-8'?>\n{ET.tostring(results, 'unicode')}\n"


class Blackboard(PlatformExport):
    """The CSV file that Blackboard's Full Grade Center uploads (Work Offline, Upload).

    Students are found by Username, a column by the number after the bar in its heading; a heading
    without one makes a new column of text (library.blackboard.com, "Uploading or Downloading Grade
    Center Items for Working Offline"). There, cells of a comma-delimited file stand in quotes.
    """

    file_name = "blackboard.csv"

    def table_text(self, table: Table) -> str:
        heading = ["Last Name", "First Name", "Username"]
        lines: list[Sequence[object]] = [[*heading, *(column.title for column in table.columns)]]
        for who, scores in table.lines:
            ids = [who.last_name, who.first_name, who.login or who.id]
            lines.append([*ids, *map(number, scores)])
        return as_csv(lines, quoting=csv.QUOTE_ALL)


def _cells(row: GradeRow, by_exercise: bool) -> Iterable[tuple[str, float, float]]:
    """Name, score and maximum of a row's columns; the penalty is spread over the exercises."""
    if not by_exercise:
        yield row.assignment, row.score, row.max_score
        return
    for one in row.exercises:
        yield f"{row.assignment}: {one.name}", one.score * row.kept_share, one.max_score
