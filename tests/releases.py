"""Notebooks as earlier releases of a lesson were, and ways in which a lesson changes."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from nbformat import NotebookNode

from jaxercise.course.build import release_notebook
from jaxercise.course.lesson import Course, Lesson
from jaxercise.course.mend import Mended, mend
from jaxercise.course.submission import tidy
from jaxercise.nbgrader.marks import checksum, with_marks_read


def mend_as_handed_in(raw: Any, lesson: Lesson) -> Mended:
    """Mend what a file held, as grading does."""
    return mend(with_marks_read(tidy(raw)), lesson, release_notebook(lesson))


def named_by_position(notebook: NotebookNode, assignment: str) -> NotebookNode:
    """The notebook as the first releases were: `ps2-04`, and no word on which release it is."""
    notebook = copy.deepcopy(notebook)
    del notebook.metadata["jaxercise"]
    for position, cell in enumerate(notebook.cells):
        if not cell.id.startswith(f"{assignment}-"):
            continue
        cell.id = f"{assignment}-{position:02}"
        if marks := cell.metadata.get("nbgrader"):
            marks["grade_id"] = cell.id
            marks["checksum"] = checksum(cell)
    return notebook


def code(source: str, *options: str) -> str:
    return "\n".join(["```{code-cell} ipython3", *options, source, "```", "", ""])


def replace(old: str, new: str, count: int = 1) -> Callable[[Course], None]:
    """Change the lesson's text."""

    def change(course: Course) -> None:
        path = next((course.root / "lessons").glob("*.md"))
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, count), encoding="utf-8")

    return change
