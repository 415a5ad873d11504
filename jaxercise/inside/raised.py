"""An exception of student code as a record, made beside it; checks/raised.py tells it."""

from __future__ import annotations

from typing import Any

from jaxercise.wire.records import name_of

_MAX_MESSAGE = 2_000


def report_of(error: BaseException) -> dict[str, Any]:
    """An exception as a record: type, text, the line of the notebook's cell, who raised it."""
    frames = cell_lines(error)
    lines = [line for line in frames if line is not None]
    return {
        "type": name_of(type(error)),
        "message": text_of(error, _MAX_MESSAGE),
        "line": lines[-1] if lines else None,
        "in_cell": bool(frames) and frames[-1] is not None,
    }


def text_of(error: BaseException, longest: int) -> str:
    """The text of an exception; none where that raises itself."""
    try:
        return str.__getitem__(str(error), slice(longest))
    except BaseException:
        return ""


def cell_lines(error: BaseException) -> list[int | None]:
    """For each step of the traceback its line, where it is in a cell; the outermost first."""
    step: Any = type.__getattribute__(BaseException, "__dict__")["__traceback__"].__get__(error)
    lines: list[int | None] = []
    while step is not None:
        name = step.tb_frame.f_code.co_filename
        in_cell = name.startswith(("<ipython-input", "<cell")) or "ipykernel_" in name
        lines.append(step.tb_lineno if in_cell else None)
        step = step.tb_next
    return lines
