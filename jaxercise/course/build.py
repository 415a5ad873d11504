"""Notebooks out of lessons: source/ for instructors, release/ for students.

Both are a function of the lesson's files alone, byte for byte, so that a check can tell a
stale one, and `nbgrader generate_assignment` makes of `source/` just what is in `release/`.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import nbformat
from nbformat import NotebookNode

from jaxercise.checks.outcome import CourseError
from jaxercise.course.cells import LessonCell
from jaxercise.course.lesson import Course, Lesson

_KERNELSPEC = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}


@dataclass(frozen=True)
class Difference:
    """A notebook that is not what the lessons make of it."""

    path: Path
    kind: Literal["missing", "stale", "extra"]


def release_notebook(lesson: Lesson) -> NotebookNode:
    """The students' notebook: starter code, and read-only cells locked."""
    return _notebook([_release_cell(cell) for cell in lesson.cells], release_digest(lesson))


def source_notebook(lesson: Lesson) -> NotebookNode:
    """The instructors' notebook: solutions in place of starter code.

    The starter goes along in its cell's metadata, where `RestoreStarters` finds it.
    """
    return _notebook([_source_cell(cell, lesson) for cell in lesson.cells], release_digest(lesson))


def release_digest(lesson: Lesson) -> str:
    """Tells releases of a lesson apart, by all that grading may compare with; prose is not."""
    cells = [
        (cell.id, cell.kind, cell.source, cell.tags, cell.points, cell.extra)
        for cell in lesson.cells
        if cell.kind != "prose"
    ]
    return hashlib.sha256(repr(cells).encode()).hexdigest()[:16]


def to_text(notebook: NotebookNode) -> str:
    """The notebook as it is written to a file."""
    return nbformat.writes(notebook) + "\n"


def differences(course: Course) -> tuple[Difference, ...]:
    """Which notebooks a build would write, and which belong to no lesson.

    Raises:
        CourseError: a lesson cannot be built.
    """
    return _differences(course, _wanted(course))


def _differences(course: Course, wanted: dict[Path, str]) -> tuple[Difference, ...]:
    found = []
    for path, text in wanted.items():
        if not path.is_file():
            found.append(Difference(path, "missing"))
        elif path.read_bytes() != text.encode():
            found.append(Difference(path, "stale"))
    return (*found, *(Difference(path, "extra") for path in _built(course) if path not in wanted))


def build(course: Course, check: bool = False) -> list[Path]:
    """Write the notebooks that differ and return their paths; nothing if a lesson is wrong.

    With `check` nothing is written, and notebooks that belong to no lesson are named too;
    to delete those is left to a person.

    Raises:
        CourseError: a lesson cannot be built.
    """
    wanted = _wanted(course)
    found = _differences(course, wanted)
    if check:
        return [difference.path for difference in found]
    changed = [difference.path for difference in found if difference.kind != "extra"]
    for path in changed:
        _write(path, wanted[path])
    return changed


def checksum(cell: NotebookNode) -> str:
    """nbgrader's checksum of a cell (`nbgrader.utils.compute_checksum`), without nbgrader."""
    marks = cell.metadata["nbgrader"]
    locked = not marks["solution"] and (marks["grade"] or marks["locked"])
    parts = [cell.source, cell.cell_type, marks["grade"], marks["solution"], locked]
    parts.append(marks["grade_id"])
    if marks["grade"]:
        parts.append(float(marks["points"]))
    # MD5 is what nbgrader compares with; nothing rests on its strength.
    return hashlib.md5("".join(map(str, parts)).encode(), usedforsecurity=False).hexdigest()


def _wanted(course: Course) -> dict[Path, str]:
    """What every notebook of the course should hold."""
    owners: dict[str, str] = {}
    wanted = {}
    for assignment in course.assignments():
        lesson = course.lesson(assignment)
        for exercise in lesson.exercises:
            if owner := owners.get(exercise.name):
                raise CourseError(
                    f"{course.lesson_file(assignment)}: exercise '{exercise.name}' is one of "
                    f"{owner} already; names are unique across a course"
                )
            owners[exercise.name] = assignment
        wanted[course.source_file(assignment)] = to_text(source_notebook(lesson))
        wanted[course.release_file(assignment)] = to_text(release_notebook(lesson))
    return wanted


def _built(course: Course) -> list[Path]:
    """The notebooks that lie under source/ and release/ now."""
    return [
        path
        for folder in ("source", "release")
        for path in sorted((course.root / folder).rglob("*.ipynb"))
        if ".ipynb_checkpoints" not in path.parts
    ]


def _write(path: Path, text: str) -> None:
    """Replace the file at once, so that a reader never meets half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        draft.write_bytes(text.encode())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def _notebook(cells: list[NotebookNode], release: str) -> NotebookNode:
    metadata = {
        "jaxercise": {"release": release},
        "kernelspec": dict(_KERNELSPEC),
        "language_info": {"name": "python"},
    }
    notebook = nbformat.v4.new_notebook(cells=cells, metadata=metadata)
    notebook.nbformat_minor = 5
    nbformat.validate(notebook)
    return notebook


def _release_cell(cell: LessonCell) -> NotebookNode:
    """The cell as `nbgrader generate_assignment` leaves it."""
    node = _node(cell, cell.source)
    if marks := node.metadata.get("nbgrader"):
        node.metadata["deletable"] = False
        if not marks["solution"]:
            node.metadata["editable"] = False
        marks["cell_type"] = node.cell_type
        marks["checksum"] = checksum(node)
    return node


def _source_cell(cell: LessonCell, lesson: Lesson) -> NotebookNode:
    """The cell as an instructor reads it."""
    if cell.kind not in ("starter", "written"):
        return _node(cell, cell.source)
    answer = lesson.by_name[cell.exercise].solution if cell.exercise else cell.source
    node = _node(cell, answer)
    node.metadata["jaxercise"] = {"starter": cell.source}
    return node


def _node(cell: LessonCell, source: str) -> NotebookNode:
    metadata: dict[str, Any] = {"tags": list(cell.tags)} if cell.tags else {}
    if cell.kind in ("given", "starter", "check", "written"):
        metadata["nbgrader"] = _marks(cell)
    prose = cell.kind in ("prose", "written")
    make = nbformat.v4.new_markdown_cell if prose else nbformat.v4.new_code_cell
    node = make(source=source, metadata=nbformat.from_dict(metadata))
    if cell.pictures:
        node.attachments = nbformat.from_dict({n: {"image/png": p} for n, p in cell.pictures})
    node.id = cell.id  # nbformat gives every new cell a random one
    return node


def _marks(cell: LessonCell) -> dict[str, Any]:
    """nbgrader's metadata, schema version 3.

    Cells that the lesson gives are locked: a solution may rely on them, so they are put back
    when a student changed them. A written answer is solution and graded cell in one, by which
    nbgrader knows that a person grades it.
    """
    answer, graded = cell.kind in ("starter", "written"), cell.kind in ("check", "written")
    marks = {
        "schema_version": 3,
        "grade_id": cell.id,
        "grade": graded,
        "solution": answer,
        "locked": not answer,
        "task": False,
    }
    # nbgrader keeps extra credit beside the score of a cell, whose own maximum is then 0.
    return marks | ({"points": 0 if cell.extra else cell.points} if graded else {})
