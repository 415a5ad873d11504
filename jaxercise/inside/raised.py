"""Turns an exception of student code into a record; checks/raised.py puts it into words."""

from __future__ import annotations

from typing import Any

from jaxercise.wire.records import name_of

_MAX_MESSAGE = 2_000


def report_of(error: BaseException) -> dict[str, Any]:
    """An exception as a record.

    `line` is the innermost line of a notebook's cell in its traceback, or None; `in_cell` says
    whether the cell itself raised it and not a library.
    """
    frames = cell_lines(error)
    lines = [line for line in frames if line is not None]
    return {
        "type": name_of(type(error)),
        "message": text_of(error, _MAX_MESSAGE),
        "line": lines[-1] if lines else None,
        "in_cell": bool(frames) and frames[-1] is not None,
    }


def text_of(error: BaseException, longest: int) -> str:
    """The first `longest` characters of an exception's text; "" where making it raises."""
    try:
        return str.__getitem__(str(error), slice(longest))
    except BaseException:
        return ""


def cell_lines(error: BaseException) -> list[int | None]:
    """For each frame of the traceback, outermost first: its line if it is in a cell, else None."""
    # Read past the class of the exception, which may redefine attributes.
    step: Any = type.__getattribute__(BaseException, "__dict__")["__traceback__"].__get__(error)
    lines: list[int | None] = []
    while step is not None:
        name = step.tb_frame.f_code.co_filename
        in_cell = name.startswith(("<ipython-input", "<cell")) or "ipykernel_" in name
        lines.append(step.tb_lineno if in_cell else None)
        step = step.tb_next
    return lines
