"""Reads a roster: a CSV file that says who takes the course, one student a line.

The first line names the columns, in any order; `id` is needed, the others may be left out:

    id,first_name,last_name,email,section,canvas_id
    ada,Ada,Lovelace,ada@example.org,A,1815
    alan,Alan,Turing,alan@example.org,B,1912

Nothing here imports nbgrader, so that it can be read without the seconds that nbgrader takes.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from io import StringIO
from pathlib import Path

from jaxercise.checks.outcome import CourseError

# An id is the name of a folder and of a file in nbgrader's exchange, where `+` separates fields;
# and a spreadsheet takes for a formula what begins with one of = + - @.
_ID = re.compile(r"[^\W_][^/\\+\s\x00-\x1f]*")
_MAX_BYTES = 10_000_000


@dataclass(frozen=True)
class Student:
    """A line of a roster; what the file does not say is "".

    Of a `name` alone the last word becomes the last name.

    `id` is the name of the student's account and folder. `canvas_id` is Canvas's own number
    (column ID of its gradebook), `sis_id` the id in the student information system. `login` is
    the user name in the learning platform (SIS Login ID in Canvas, Username in Blackboard) and
    `id_number` Moodle's ID number; where empty, both are the same as `id`. `line` is the number
    of the line in the file.
    """

    id: str
    name: str = ""
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    section: str = ""
    canvas_id: str = ""
    sis_id: str = ""
    login: str = ""
    id_number: str = ""
    line: int = field(default=0, compare=False)

    @property
    def full_name(self) -> str:
        """The name as one reads it: `name`, or first and last name, or the id."""
        return self.name or f"{self.first_name} {self.last_name}".strip() or self.id


COLUMNS = tuple(one.name for one in fields(Student) if one.name != "line")
# Two students who share one of these could not be told apart.
_UNIQUE = ("id", "email", "canvas_id", "sis_id", "login", "id_number")


def read_roster(path: Path) -> list[Student]:
    """The students of a roster, in the file's order.

    Columns are separated by commas, semicolons or tabs; the text is UTF-8, or UTF-16 as Excel
    writes it. Empty lines are passed over.

    Raises:
        CourseError: the file cannot be read, a column is unknown or doubled, an id is missing,
            doubled or unusable; the message names file and line.
    """
    seen: dict[tuple[str, str], int] = {}
    students: list[Student] = []
    for line, cells in read_lines(path, COLUMNS, ("id",)):
        student = _student(path, line, cells)
        _assert_new(path, line, student, seen)
        students.append(student)
    if not students:
        raise CourseError(f"{path}: names columns, but no students")
    return students


def read_lines(
    path: Path, known: Sequence[str], needed: Sequence[str]
) -> Iterator[tuple[int, dict[str, str]]]:
    """Each line of a CSV file whose first line names columns: its number, and its cells by column.

    Raises:
        CourseError: the file cannot be read, a column is not `known`, is doubled or is missing, or
            a line has too many or too few cells.
    """
    rows = _rows(path, _text(path))
    first = next(rows, None)
    if first is None:
        raise CourseError(
            f"{path}:1: empty; the first line names the columns, {known[0]} and so on"
        )
    columns = _columns(path, *first, known=known, needed=needed)
    for line, cells in rows:
        if len(cells) != len(columns):
            raise CourseError(
                f"{path}:{line}: {len(cells)} cells under {len(columns)} columns; a name with a "
                "comma stands in double quotes"
            )
        yield line, dict(zip(columns, cells, strict=True))


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            raw = file.read(_MAX_BYTES + 1)
    except OSError as error:
        raise CourseError(f"{path}: {error.strerror or error}") from error
    if len(raw) > _MAX_BYTES:
        raise CourseError(f"{path}: larger than {_MAX_BYTES:,} bytes, so it is no roster")
    encoding = "utf-16" if raw.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise CourseError(f"{path}:{line}: not UTF-8; save the file as CSV UTF-8") from error


def _rows(path: Path, text: str) -> Iterator[tuple[int, list[str]]]:
    """Each row that is not empty, with the number of the line on which it ends."""
    head = text.partition("\n")[0]
    delimiter = max(",;\t", key=head.count)
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for row in reader:
            cells = [cell.strip() for cell in row]
            if any(cells):
                yield reader.line_num, cells
    except csv.Error as error:
        raise CourseError(f"{path}:{reader.line_num}: not CSV: {error}") from error


def _columns(
    path: Path, line: int, cells: list[str], *, known: Sequence[str], needed: Sequence[str]
) -> list[str]:
    """The columns' names; `First name` is the same as `first_name`."""
    columns = [re.sub(r"[\s-]+", "_", cell).lower() for cell in cells]
    for cell, column in zip(cells, columns, strict=True):
        if column not in known:
            raise CourseError(
                f"{path}:{line}: unknown column '{cell}'; known are {', '.join(known)}"
            )
        if columns.count(column) > 1:
            raise CourseError(f"{path}:{line}: two columns are called '{column}'")
    for column in needed:
        if column not in columns:
            raise CourseError(
                f"{path}:{line}: no column '{column}'; the first line names the columns"
            )
    return columns


def _student(path: Path, line: int, cells: Mapping[str, str]) -> Student:
    said = dict(cells)
    if said.get("name") and not (said.get("first_name") or said.get("last_name")):
        said["first_name"], _, said["last_name"] = said["name"].rpartition(" ")
    student = Student(**said, line=line)
    if not student.id:
        raise CourseError(f"{path}:{line}: the id is empty")
    if not _ID.fullmatch(student.id):
        raise CourseError(
            f"{path}:{line}: '{student.id}' cannot be an id: it begins with a letter or a digit, "
            "and has no space, slash, backslash or plus sign"
        )
    return student


def _assert_new(path: Path, line: int, student: Student, seen: dict[tuple[str, str], int]) -> None:
    """Refuse a student who shares an id with an earlier one; adds to `seen` where each stands."""
    for column in _UNIQUE:
        value = getattr(student, column)
        earlier = seen.setdefault((column, value.casefold()), line)
        if value and earlier != line:
            raise CourseError(f"{path}:{line}: the {column} '{value}' is in line {earlier} already")
