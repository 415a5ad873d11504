"""Whether an answer passes the visible checks that its students see."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jaxercise.checks.outcome import StudentDied
from jaxercise.course.cells import LessonCell
from jaxercise.course.lesson import Lesson
from jaxercise.course.lint import experiments_for
from jaxercise.notebook.check import VALIDATING
from jaxercise.sandbox.run import Run

# As where a student validates the notebook: a check that fails is an error.
_VALIDATE = f"import os as _\n_.environ[{VALIDATING!r}] = '1'"
_DONE = f"import os as _\n_.environ.pop({VALIDATING!r}, None)"


def visible_complaint(run: Run, exercise: str, lesson: Lesson, path: Path) -> str:
    """What the visible checks say against the functions of a run as they stand, or nothing.

    `path` is the lesson's file.
    """
    check = next(cell for cell in lesson.cells if cell.id == f"check_{exercise}")
    cells = [*experiments_for(check, lesson.cells), check]
    stop: tuple[LessonCell, dict[str, Any]] | None = None
    try:
        _execute(run, _VALIDATE)
        for cell in cells:
            if (stopped := _execute(run, cell.source)["stopped"]) is not None:
                stop = cell, stopped
                break
        _execute(run, _DONE)
    except StudentDied as death:
        return f"{path}:{check.line}: the visible checks of a right answer do not end: {death}"
    if stop is None:
        return ""
    cell, stopped = stop
    line = cell.line + (stopped["line"] or 1) - 1
    kind, said = stopped["type"], stopped["message"]
    told = said if kind == "CheckFailed" else f"{kind}: {said}"
    return f"{path}:{line}: the visible checks of a right answer: {told}"


def _execute(run: Run, source: str) -> dict[str, Any]:
    return run.ask({"op": "cell", "source": source}, run.kernel.limits.cell_s)
