"""Notebooks made of a lesson, without the marks of any grading system.

A cell that counts says in its metadata what it is (`described`); jaxercise/nbgrader/ turns
that into nbgrader's marks when it writes files, and back when it reads submissions. Notebooks
are a function of the lesson's files and the course's settings alone.
"""

from __future__ import annotations

import hashlib
from typing import Any

import nbformat
from nbformat import NotebookNode

from jaxercise.course.cells import LessonCell
from jaxercise.course.first_cells import SETUP
from jaxercise.course.lesson import Lesson

_KERNELSPEC = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
# Other cells are the student's to change or delete.
_KINDS_THAT_COUNT = ("given", "starter", "check", "written")


def release_notebook(lesson: Lesson) -> NotebookNode:
    """The students' notebook, with starter code."""
    return _notebook([_node(cell, cell.source) for cell in lesson.cells], lesson)


def source_notebook(lesson: Lesson) -> NotebookNode:
    """The instructors' notebook, with solutions in place of starter code."""
    solutions = {exercise.name: exercise.solution for exercise in lesson.exercises}
    cells = [
        _node(cell, solutions[cell.exercise or ""] if cell.kind == "starter" else cell.source)
        for cell in lesson.cells
    ]
    return _notebook(cells, lesson)


def release_digest(lesson: Lesson) -> str:
    """A digest of the cells that grading may compare with, which prose and the set-up are not."""
    cells = [
        (cell.id, cell.kind, cell.source, cell.tags, cell.points, cell.extra)
        for cell in lesson.cells
        if cell.kind != "prose" and SETUP not in cell.tags
    ]
    return hashlib.sha256(repr(cells).encode()).hexdigest()[:16]


def described(cell: LessonCell) -> dict[str, Any]:
    """What a notebook's cell says of itself under `metadata.jaxercise`; empty if it does not count.

    `name` is the lesson cell's id and `kind` its kind; `points` are those that a graded cell adds
    to the maximum, 0 for extra credit.
    """
    if cell.kind not in _KINDS_THAT_COUNT:
        return {}
    points = {} if cell.points is None else {"points": 0 if cell.extra else cell.points}
    return {"name": cell.id, "kind": cell.kind, **points}


def _notebook(cells: list[NotebookNode], lesson: Lesson) -> NotebookNode:
    metadata = {
        "jaxercise": {"release": release_digest(lesson)},
        "kernelspec": dict(_KERNELSPEC),
        "language_info": {"name": "python"},
    }
    notebook = nbformat.v4.new_notebook(cells=cells, metadata=metadata)
    notebook.nbformat_minor = 5
    nbformat.validate(notebook)
    return notebook


def _node(cell: LessonCell, source: str) -> NotebookNode:
    metadata: dict[str, Any] = {"tags": list(cell.tags)} if cell.tags else {}
    if description := described(cell):
        metadata["jaxercise"] = description
    prose = cell.kind in ("prose", "written")
    make = nbformat.v4.new_markdown_cell if prose else nbformat.v4.new_code_cell
    node = make(source=source, metadata=nbformat.from_dict(metadata))
    if cell.pictures:
        node.attachments = nbformat.from_dict({n: {"image/png": p} for n, p in cell.pictures})
    node.id = cell.id  # nbformat gives every new cell a random one
    return node
