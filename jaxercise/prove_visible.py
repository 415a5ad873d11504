"""Whether an answer passes the visible checks that its students see."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from jaxercise.lesson import Lesson
from jaxercise.lint import experiments_for
from jaxercise.run import Run, StudentDied

# As under nbgrader's Validate, where a check that fails is an error.
_VALIDATING = 'import os as _\n_.environ["NBGRADER_VALIDATING"] = "1"'
_DONE = 'import os as _\n_.environ.pop("NBGRADER_VALIDATING", None)'
_LINE = re.compile(r"Cell In\[\d+\], line (\d+)")


def visible_complaint(run: Run, exercise: str, lesson: Lesson, path: Path) -> str:
    """What the visible checks say against the functions of a run as they stand, or nothing.

    `path` is the lesson's file.
    """
    check = next(cell for cell in lesson.cells if cell.id == f"check_{exercise}")
    try:
        for experiment in experiments_for(check, lesson.cells):
            _execute(run, experiment.source)
        _execute(run, _VALIDATING)
        reply = _execute(run, check.source)
        _execute(run, _DONE)
    except StudentDied as death:
        return f"{path}:{check.line}: the visible checks do not end: {death}"
    if reply["ok"]:
        return ""
    error = next((event for event in reply["events"] if event["kind"] == "error"), {})
    found = _LINE.search("\n".join(error.get("traceback", ())))
    line = check.line + (int(found[1]) - 1 if found else 0)
    said = str(error.get("evalue", "it ended with an error"))
    kind = str(error.get("ename", ""))
    return f"{path}:{line}: a visible check: {said if kind == 'CheckFailed' else f'{kind}: {said}'}"


def _execute(run: Run, source: str) -> dict[str, Any]:
    return run.ask({"op": "cell", "source": source}, run.kernel.limits.cell_s)
