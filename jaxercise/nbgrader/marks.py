"""nbgrader's marks on a cell (`metadata.nbgrader`), made of what a lesson's cell says, and read.

Nothing here imports nbgrader, which takes seconds: `jaxercise build` and `jaxercise grade` do
without. tests/test_build.py compares the checksums with nbgrader's own.
"""

from __future__ import annotations

import copy
import hashlib
from typing import Any

from nbformat import NotebookNode

from jaxercise.course.build import release_notebook, source_notebook
from jaxercise.course.lesson import Lesson

# The cell with the due date, which a release through the exchange begins with.
DUE_NOTE = "jaxercise-due"
# nbgrader's grade, solution and locked, by the kind of a lesson's cell. Cells that the lesson
# gives are locked: a solution may rely on them. A written answer is graded and a solution, by
# which nbgrader knows that a person grades it.
_FLAGS = {
    "given": (False, False, True),
    "starter": (False, True, False),
    "check": (True, False, True),
    "written": (True, True, False),
}


def marked_release(lesson: Lesson) -> NotebookNode:
    """The students' notebook, as `nbgrader generate_assignment` makes it."""
    notebook = release_notebook(lesson)
    for cell in notebook.cells:
        if description := cell.metadata.pop("jaxercise", None):
            marks = cell.metadata["nbgrader"] = _marks(description)
            cell.metadata["deletable"] = False
            if not marks["solution"]:
                cell.metadata["editable"] = False
            marks["cell_type"] = cell.cell_type
            marks["checksum"] = checksum(cell)
    return notebook


def marked_source(lesson: Lesson) -> NotebookNode:
    """The instructors' notebook.

    A solution cell keeps its starter code in its metadata, where `RestoreStarters` finds it.
    """
    notebook = source_notebook(lesson)
    for cell, ours in zip(notebook.cells, lesson.cells, strict=True):
        if description := cell.metadata.pop("jaxercise", None):
            cell.metadata["nbgrader"] = _marks(description)
        if ours.kind in ("starter", "written"):
            cell.metadata["jaxercise"] = NotebookNode(starter=ours.source)
    return notebook


def mark(notebook: NotebookNode, lesson: Lesson) -> None:
    """Put the release's metadata on the lesson's cells of a mended notebook."""
    originals = {cell.id: cell.metadata for cell in marked_release(lesson).cells}
    for cell in notebook.cells:
        if cell.id in originals:
            cell.metadata = copy.deepcopy(originals[cell.id])


def with_marks_read(notebook: NotebookNode) -> NotebookNode:
    """A copy in which nbgrader's marks, whoever wrote them, became descriptions of cells.

    They are those of `jaxercise.course.build.described`, with `as_released` beside them: whether
    nbgrader's checksum says that a cell is what it was in some release, where there is one. What
    is missing or has an unexpected type is left out, and so is the note with the due date.
    """
    notebook = copy.deepcopy(notebook)
    notebook.cells = [cell for cell in notebook.cells if cell.get("id") != DUE_NOTE]
    for cell in notebook.cells:
        marks = cell.metadata.get("nbgrader")
        if isinstance(marks, dict):
            cell.metadata["jaxercise"] = NotebookNode(_described(cell, marks))
        cell.metadata.pop("nbgrader", None)
    return notebook


def checksum(cell: NotebookNode) -> str:
    """nbgrader's checksum of a cell (`nbgrader.utils.compute_checksum`).

    Raises:
        KeyError, TypeError, ValueError: the cell's marks are not as nbgrader writes them.
    """
    marks = cell.metadata["nbgrader"]
    locked = not marks["solution"] and (marks["grade"] or marks["locked"])
    parts = [cell.source, cell.cell_type, marks["grade"], marks["solution"], locked]
    parts.append(marks["grade_id"])
    if marks["grade"]:
        parts.append(float(marks["points"]))
    # MD5 is what nbgrader compares with; nothing rests on its strength.
    return hashlib.md5("".join(map(str, parts)).encode(), usedforsecurity=False).hexdigest()


def _marks(description: dict[str, Any]) -> NotebookNode:
    """nbgrader's metadata, schema version 3."""
    grade, solution, locked = _FLAGS[description["kind"]]
    marks = NotebookNode(
        schema_version=3,
        grade_id=description["name"],
        grade=grade,
        solution=solution,
        locked=locked,
        task=False,
    )
    if grade:
        marks["points"] = description["points"]
    return marks


def _described(cell: NotebookNode, marks: dict[str, Any]) -> dict[str, Any]:
    name, points = marks.get("grade_id"), marks.get("points")
    flags = tuple(marks.get(flag) for flag in ("grade", "solution", "locked"))
    described: dict[str, Any] = {}
    if isinstance(name, str) and name:
        described["name"] = name
    for kind, expected in _FLAGS.items():
        if flags == expected:
            described["kind"] = kind
    if points is not None:
        described["points"] = points
    if "checksum" in marks:
        described["as_released"] = _is_as_released(cell)
    return described


def _is_as_released(cell: NotebookNode) -> bool:
    try:
        return checksum(cell) == cell.metadata["nbgrader"]["checksum"]
    except (KeyError, TypeError, ValueError):
        return False
