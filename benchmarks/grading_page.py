"""Writes docs/throughput.md and its picture from what grading_bench.py measured."""

from __future__ import annotations

import json
import statistics
from itertools import pairwise
from pathlib import Path
from typing import Any

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

# Notebooks that a judge judges before it has compiled ahead for the others (grading/precompile.py).
_BEFORE_WARM = 3
_HEAD = """\
# What grading costs

Made by `make bench-grading` ({machine}). Do not edit; run it again, at a quiet hour.

Everybody hands in the solved notebook, each with a comment of their own. *Cold* is the first notebook of a judge that has nothing: it starts, imports JAX, compiles the references. *Warm* is a later one, once the judge has compiled ahead what the lesson needs (the median of {warm} notebooks). *Kept* is the same class once more, with everything kept. *Stock nbgrader* is nbgrader without this library's steps, which runs the same hidden tests inside the student's kernel, with three rounds for a race and no confinement: the last of three notebooks. *otter-grader* is `otter run`, with the same hidden tests in the same way, after the notebook's last cell. Two judges find the programs that the one before them has compiled ahead. Memory is the largest sum of all processes (PSS) that was seen in the whole run.

"""


def write(results: Path) -> None:
    """Write the page and the picture beside the results, as far as there are some."""
    read = json.loads(results.read_text(encoding="utf-8"))
    found: dict[str, Any] = read["measured"]
    sets = sorted({name.partition(",")[0] for name in found} - {"curve"})
    rows = [row for assignment in sets for row in _rows(assignment, found)]
    warm = max(
        (len(_each(v)) - _BEFORE_WARM for k, v in found.items() if "1 judges" in k), default=0
    )
    text = _HEAD.format(machine=read["machine"], warm=max(warm, 0))
    text += (
        "| set | what | wall s a notebook | CPU s a notebook | peak MiB |\n|---|---|---|---|---|\n"
    )
    text += "".join(rows)
    if {"curve, judged", "curve, kept"} <= found.keys():
        _draw(found, results.with_suffix(".png"))
        text += _CURVE.format(
            judged=len(found["curve, judged"]["notebooks"]),
            whole=len(found["curve, kept"]["notebooks"]),
            picture=results.with_suffix(".png").name,
        )
    results.with_suffix(".md").write_text(text, encoding="utf-8")


_CURVE = """
## Cost against the size of a class

![CPU seconds against the number of submissions]({picture})

ps2, one judge. The first {judged} submissions are judged; up to {whole}, each repeats the code of one of them, so its verdict is kept.
"""


def _each(measurement: dict[str, Any]) -> list[tuple[float, float]]:
    """Seconds of wall clock and CPU of each notebook."""
    noted = [(0.0, 0.0), *measurement["notebooks"]]
    return [(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(noted)]


def _rows(assignment: str, found: dict[str, Any]) -> list[str]:
    rows: list[str] = []

    def row(what: str, seconds: tuple[float, float], whole: dict[str, float]) -> None:
        numbers = f"{seconds[0]:.2f}", f"{seconds[1]:.2f}", f"{whole['peak_mb']:.0f}"
        cells = (assignment, what, *numbers)
        rows.append(f"| {' | '.join(cells)} |\n")

    for jobs, judges in (("1", "1 judge"), ("2", "2 judges")):
        judged = found.get(f"{assignment}, judged, {jobs} judges")
        kept = found.get(f"{assignment}, kept, {jobs} judges")
        if judged is not None:
            whole, each = judged["whole"], _each(judged)
            if jobs == "1":
                row("cold, 1 judge", each[0], whole)
                if warm := each[_BEFORE_WARM:]:
                    row("warm, 1 judge", _median(warm), whole)
            n = len(each)
            row(f"all {n}, {judges}", (whole["wall_s"] / n, whole["cpu_s"] / n), whole)
        if kept is not None:
            row(f"kept, {judges}", _median(_each(kept)[1:] or _each(kept)), kept["whole"])
    for peer in ("stock nbgrader", "otter-grader"):
        theirs = found.get(f"{assignment}, {peer}")
        if theirs is not None:
            row(peer, _each(theirs)[-1], theirs["whole"])
    return rows


def _median(seconds: list[tuple[float, float]]) -> tuple[float, float]:
    return statistics.median(s[0] for s in seconds), statistics.median(s[1] for s in seconds)


def _draw(found: dict[str, Any], path: Path) -> None:
    judged, kept = found["curve, judged"]["notebooks"], found["curve, kept"]["notebooks"]
    # The kept run begins with what the judged one judged.
    more = [judged[-1][1] + one[1] - kept[len(judged) - 1][1] for one in kept[len(judged) :]]
    figure = Figure(figsize=(6.4, 3.2), dpi=110, layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    sizes = range(1, len(judged) + 1)
    axes.plot(sizes, [one[1] for one in judged], color="#0072B2", label="judged")
    rest = range(len(judged) + 1, len(judged) + 1 + len(more))
    axes.plot(rest, more, color="#D55E00", linestyle="--", label="verdict kept")
    axes.set_xlabel("submissions")
    axes.set_ylabel("CPU seconds in total")
    axes.set_ylim(bottom=0)
    axes.legend(frameon=False)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    figure.savefig(path, format="png")
