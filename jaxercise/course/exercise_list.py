"""Fills in `progress(...)`: a lesson's cell gets the names of the lesson's exercises.

So they are written once, as options of the cells, and the notebook's visible checks can say how
many of them pass.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable
from dataclasses import replace

from jaxercise.course.myst import RawCell

_CALL = re.compile(r"^progress\(\.\.\.\)$", re.MULTILINE)
_WIDTH = 88


def with_exercise_names(cells: Iterable[RawCell]) -> list[RawCell]:
    """The cells, with the names of all exercises in place of the dots in `progress(...)`."""
    cells = list(cells)
    call = _call([str(c.metadata["exercise"]) for c in cells if "exercise" in c.metadata])
    return [
        replace(cell, source=_CALL.sub(call, cell.source)) if cell.cell_type == "code" else cell
        for cell in cells
    ]


def _call(names: list[str]) -> str:
    quoted = [f'"{name}"' for name in names]
    line = f"progress({', '.join(quoted)})"
    if len(line) <= _WIDTH:
        return line
    inside = textwrap.fill(f"{', '.join(quoted)},", _WIDTH - 4, break_long_words=False)
    return f"progress(\n{textwrap.indent(inside, '    ')}\n)"
