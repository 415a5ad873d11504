"""Fills in `progress(...)`: a lesson's cell gets the names of the lesson's exercises.

So they are written once, as options of the cells, and the notebook's visible checks can say how
many of them pass.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Collection, Iterable
from dataclasses import replace

from jaxercise.course.myst import RawCell

_CALL = re.compile(r"^progress\(\.\.\.\)$", re.MULTILINE)
_WIDTH = 88


def with_exercise_names(cells: Iterable[RawCell]) -> list[RawCell]:
    """The cells, with the names of all exercises in place of the dots in `progress(...)`."""
    cells = list(cells)
    extra = {str(c.metadata.get("check")) for c in cells if c.metadata.get("extra") is True}
    call = _call([str(c.metadata["exercise"]) for c in cells if "exercise" in c.metadata], extra)
    return [
        replace(cell, source=_CALL.sub(call, cell.source)) if cell.cell_type == "code" else cell
        for cell in cells
    ]


def _call(names: list[str], extra: Collection[str]) -> str:
    own = [f'"{name}"' for name in names if name not in extra]
    apart = [f'"{name}"' for name in names if name in extra]
    parts = [", ".join(own)] if own else []
    parts += [f"extra=[{', '.join(apart)}]"] if apart else []
    line = f"progress({', '.join(parts)})"
    if len(line) <= _WIDTH:
        return line
    inside = [textwrap.fill(f"{part},", _WIDTH - 4, break_long_words=False) for part in parts]
    return f"progress(\n{textwrap.indent(chr(10).join(inside), '    ')}\n)"
