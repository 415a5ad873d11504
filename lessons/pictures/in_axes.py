"""Draws in_axes.png for problem set 5: what `vmap` hands to one call, for four `in_axes`.

Run it in this folder: python in_axes.py
"""

from __future__ import annotations

from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

# Okabe and Ito's colours, which colour-blind people can tell apart.
_WEIGHTS, _X, _RESULT, _REST = "#E69F00", "#56B4E9", "#009E73", "#eeeeee"
_COLUMNS = 3
_HEIGHT = 4


def draw() -> Figure:
    """The picture: weights, x and result of each case, with the parts of one call in colour."""
    figure, axes = plt.subplots(1, 4, figsize=(10, 2.6), dpi=110)
    cases = [
        ("in_axes=(0, 0)", (4, 1), (4, 1), (4, 1), (1, 0)),
        ("in_axes=(None, 0)", (1, 0), (4, 1), (4, 1), (1, 0)),
        ("in_axes=(0, None)", (4, 1), (1, 0), (4, 1), (1, 0)),
        ("one in the other", (4, 1), (2, 0), (4, 2), (1, 0)),
    ]
    for axis, (title, weights, x, result, at) in zip(axes, cases, strict=True):
        axis.set_title(title, family="monospace" if "=" in title else None, fontsize=10)
        _matrix(axis, 0.0, "weights", (weights[0], _COLUMNS), (weights[1], None), _WEIGHTS)
        _matrix(axis, 4.0, "x", (x[0], _COLUMNS), (x[1], None), _X)
        column = at[1] if result[1] > 1 else None
        _matrix(axis, 8.0, "result", result, (at[0], column), _RESULT)
        axis.text(7.5, _HEIGHT / 2, "→", ha="center", va="center", fontsize=12)
        axis.set(xlim=(-0.3, 10.4), ylim=(-1.2, _HEIGHT + 0.3), aspect="equal")
        axis.axis("off")
    figure.tight_layout(pad=0.4)
    return figure


def _matrix(
    axis: Axes,
    left: float,
    name: str,
    shape: tuple[int, int],
    call: tuple[int, int | None],
    colour: str,
) -> None:
    """A grid of cells; `call` has the row and column of one call, None for the whole row."""
    rows, columns = shape
    for row in range(rows):
        for column in range(columns):
            mine = row == call[0] and call[1] in (None, column)
            corner = (left + column, _HEIGHT - 1 - row)
            axis.add_patch(
                Rectangle(corner, 1, 1, fc=colour if mine else _REST, ec="white", lw=1.5)
            )
    axis.text(left + columns / 2, -0.3, name, ha="center", va="top", fontsize=9)


if __name__ == "__main__":
    mpl.use("agg")
    draw().savefig(
        Path(__file__).with_suffix(".png"), bbox_inches="tight", metadata={"Software": None}
    )
