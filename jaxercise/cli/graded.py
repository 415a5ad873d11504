"""What the ways of `jaxercise grade` share: reading notebooks, and a row for each of them."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from rich.console import Console
from rich.text import Text

from jaxercise.checks.outcome import Grade, SubmissionError
from jaxercise.course.lesson import Course
from jaxercise.course.submission import named_assignment, read_notebook
from jaxercise.grading.grader import Grader, Submission
from jaxercise.grading.worker import WorkerError
from jaxercise.nbgrader.marks import with_marks_read


def read_submission(course: Course, path: Path, assignment: str | None) -> Submission:
    """Read a notebook of `assignment`, or of the one that its cells or its file's name tell.

    Raises:
        SubmissionError: it cannot be read, or nothing tells its assignment.
    """
    notebook = with_marks_read(read_notebook(path))
    return Submission(notebook, assignment or _infer(course, notebook, path), str(path))


def graded_row(grader: Grader, one: Submission) -> tuple[dict[str, Any], Grade | None]:
    """A row of the summary, and the grade if there is one."""
    try:
        graded, _ = grader.grade(*one)
    except (SubmissionError, WorkerError) as error:
        return {"notebook": one.name, "assignment": one.assignment, "error": str(error)}, None
    waiting = [exercise.exercise for exercise in graded.exercises if exercise.needs_a_person]
    row = {"notebook": one.name, "assignment": one.assignment, "score": graded.score}
    return {**row, "max_score": graded.max_score, "needs_a_person": waiting}, graded


def print_row(row: dict[str, Any]) -> None:
    """Print a line for what `graded_row` gave."""
    console = Console(highlight=False)
    if "error" in row:
        # Some texts begin with the notebook's name already.
        text = row["error"] if row["error"].startswith(row["notebook"]) else ""
        console.print(Text(text or f"{row['notebook']}: {row['error']}", "red"), soft_wrap=True)
        return
    line = Text(f"{row['notebook']}: {row['score']:g} of {row['max_score']:g} points")
    if row["needs_a_person"]:
        line.append(f"; to be graded by hand: {', '.join(row['needs_a_person'])}", "magenta")
    console.print(line, soft_wrap=True)


def warnings_on(console: Console) -> Callable[[int, str], None]:
    """What `grading.progress.shown` needs to show warnings and errors on a console."""

    def show(level: int, text: str) -> None:
        if level > logging.INFO:
            console.print(Text(f"jaxercise: {text}"), soft_wrap=True)

    return show


def _infer(course: Course, notebook: NotebookNode, path: Path) -> str:
    """The assignment of a notebook, by its cells' ids, else by its file's name."""
    known = course.assignments()
    if named := named_assignment(notebook):
        if named in known:
            return named
        raise SubmissionError(
            f"{path}: this is a notebook of {named}, which is not in this course; there are "
            + ", ".join(known)
        )
    named_by_file = [
        assignment
        for assignment in known
        if re.search(rf"(?<![A-Za-z0-9]){assignment}(?![A-Za-z0-9])", path.stem)
    ]
    if len(named_by_file) == 1:
        return named_by_file[0]
    raise SubmissionError(
        f"{path}: cannot tell the assignment, neither by the cells' ids nor by the file's name; "
        f"add --assignment with one of {', '.join(known)}"
    )
