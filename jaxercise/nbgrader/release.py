"""Writes source/ for instructors and release/ for students, or tells what a build would write.

`nbgrader generate_assignment` makes of `source/` just what is in `release/`. Both are written
byte for byte the same from the same lesson, so that a check can tell a stale one.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import nbformat
from nbformat import NotebookNode

from jaxercise.checks.outcome import CourseError
from jaxercise.course.exercises import read_text
from jaxercise.course.lesson import Course, Lesson
from jaxercise.nbgrader.marks import marked_release, marked_source

# nbgrader cuts what it releases at each of these.
_DELIMITER = re.compile(r"(BEGIN|END) (SOLUTION|HIDDEN TESTS|MARK SCHEME)|AUTOTEST")


@dataclass(frozen=True)
class Difference:
    """A notebook that is not what the lessons make of it; an `extra` one belongs to no lesson."""

    path: Path
    kind: Literal["missing", "stale", "extra"]


def to_text(notebook: NotebookNode) -> str:
    """The notebook as it is written to a file."""
    return nbformat.writes(notebook) + "\n"


def differences(course: Course) -> tuple[Difference, ...]:
    """Which notebooks a build would write, and which belong to no lesson.

    Raises:
        CourseError: a lesson cannot be built.
    """
    return _differences(course, _wanted(course))


def build(course: Course) -> list[Path]:
    """Write the notebooks that differ and return their paths.

    Raises:
        CourseError: a lesson cannot be built; then nothing is written.
    """
    wanted = _wanted(course)
    found = _differences(course, wanted)
    changed = [difference.path for difference in found if difference.kind != "extra"]
    for path in changed:
        _write(path, wanted[path])
    return changed


def _differences(course: Course, wanted: dict[Path, str]) -> tuple[Difference, ...]:
    found: list[Difference] = []
    for path, text in wanted.items():
        if not path.is_file():
            found.append(Difference(path, "missing"))
        elif path.read_bytes() != text.encode():
            found.append(Difference(path, "stale"))
    return (*found, *(Difference(path, "extra") for path in _built(course) if path not in wanted))


def _wanted(course: Course) -> dict[Path, str]:
    """What every notebook of the course should hold, by its path."""
    owners: dict[str, str] = {}
    wanted: dict[Path, str] = {}
    for assignment in course.assignments():
        lesson = course.lesson(assignment)
        for exercise in lesson.exercises:
            if owner := owners.get(exercise.name):
                raise CourseError(
                    f"{course.lesson_file(assignment)}: there is an exercise '{exercise.name}' in "
                    f"{owner} already; names must be unique across the course"
                )
            owners[exercise.name] = assignment
        _assert_no_delimiters(course, lesson)
        wanted[course.source_file(assignment)] = to_text(marked_source(lesson))
        wanted[course.release_file(assignment)] = to_text(marked_release(lesson))
    return wanted


def _assert_no_delimiters(course: Course, lesson: Lesson) -> None:
    """Raise CourseError if nbgrader would cut something out of a cell."""
    texts = [
        (course.lesson_file(lesson.assignment), cell.line, cell.source) for cell in lesson.cells
    ]
    reference = course.reference_file(lesson.assignment)
    for path, line, text in (*texts, (reference, 1, read_text(reference))):
        if found := _DELIMITER.search(text):
            at = line + text.count("\n", 0, found.start())
            raise CourseError(f"{path}:{at}: nbgrader would cut at '{found[0]}'; use other words")


def _built(course: Course) -> list[Path]:
    """The notebooks that lie under source/ and release/ now."""
    return [
        path
        for folder in ("source", "release")
        for path in sorted((course.root / folder).rglob("*.ipynb"))
        if ".ipynb_checkpoints" not in path.parts
    ]


def _write(path: Path, text: str) -> None:
    """Write the file in one step, so that nobody reads half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        draft.write_bytes(text.encode())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
