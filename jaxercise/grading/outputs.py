"""What cells show, as notebook outputs of text and PNG and nothing else.

Formgrader and feedback render these pages with somebody's cookies, so nothing that a
student's code produced may be markup: no HTML, SVG, scripts, widgets or links.
"""

from __future__ import annotations

import json
from typing import Any

import nbformat
from nbformat import NotebookNode

from jaxercise.checks.outcome import ExerciseOutcome, StudentDied
from jaxercise.checks.render import Table
from jaxercise.course.pictures import png_in_base64

_MAX_PNG = 2_000_000
_MAX_EVENTS = 200
_TOO_LONG = "The rest of this cell's output was too long and is left out."


class OutputBudget:
    """How many characters the cells of a notebook may still show, pictures included.

    The sandbox keeps to less for each cell; this holds whatever was done to the sandbox.
    """

    def __init__(self, characters: int = 30_000_000, of_a_cell: int = 4_000_000):
        self.left, self.of_a_cell = characters, of_a_cell

    def first(self, nodes: list[NotebookNode]) -> list[NotebookNode]:
        """The first of a cell's outputs, as many as there is room for."""
        room, kept = min(self.left, self.of_a_cell), []
        for node in nodes[:_MAX_EVENTS]:
            size = len(json.dumps(node))
            if size > room:
                break
            room -= size
            self.left -= size
            kept.append(node)
        return kept


def scored(outcome: ExerciseOutcome, count: int) -> NotebookNode:
    """The output of a graded cell: its score, as nbgrader reads it, and the table of checks.

    nbgrader reads no more than the cell's maximum, which is 0 where all is extra credit.
    """
    of_what = "points of extra credit" if outcome.extra else "points"
    table = Table(
        f"{outcome.exercise}: {outcome.score:g} of {outcome.max_score:g} {of_what}",
        outcome.checks,
        with_points=True,
    )
    return nbformat.v4.new_output(
        "execute_result",
        {
            "text/plain": "0" if outcome.extra else f"{outcome.score:g}",
            "text/html": table.to_html(),
        },
        execution_count=count,
    )


def of_cell(
    result: dict[str, Any] | None, death: StudentDied | None, count: int, budget: OutputBudget
) -> list[NotebookNode]:
    """The outputs of one executed cell; a cell that ended the process says so."""
    if death is not None:
        return [_note(f"This cell was left out: {death}.")]
    try:
        return _read(result, count, budget)
    except Exception:  # whatever a process says that wants to break this
        return [_note("What this cell shows could not be read and is left out.")]


def _read(result: dict[str, Any] | None, count: int, budget: OutputBudget) -> list[NotebookNode]:
    events = result.get("events") if isinstance(result, dict) else None
    events = events if isinstance(events, list) else []
    made = (_output(event, count) for event in events[: _MAX_EVENTS + 1])
    nodes = [node for node in made if node is not None]
    kept = budget.first(nodes)
    if len(kept) < len(nodes) or (isinstance(result, dict) and result.get("cut") is True):
        kept.append(_note(_TOO_LONG))
    return kept


def _output(event: Any, count: int) -> NotebookNode | None:
    match event:
        case {"kind": "stream", "text": str(text)}:
            # All as stdout: nbgrader takes any text on stderr for a failure.
            return nbformat.v4.new_output("stream", name="stdout", text=clean(text))
        case {"kind": "error", "ename": str(name), "evalue": str(value), "traceback": list(lines)}:
            text = [clean(line) for line in lines if isinstance(line, str)]
            return nbformat.v4.new_output(
                "error", ename=clean(name), evalue=clean(value), traceback=text
            )
        case {"kind": "display_data" | "execute_result" as kind, "data": dict(data)}:
            kept = {}
            if isinstance(data.get("text/plain"), str):
                kept["text/plain"] = clean(data["text/plain"])
            if png := png_in_base64(data.get("image/png"), _MAX_PNG):
                kept["image/png"] = png
            extra: dict[str, Any] = {"execution_count": count} if kind == "execute_result" else {}
            if "image/png" in kept:
                # Formgrader frames in red what has no text for those who cannot see it.
                extra["metadata"] = {"image/png": {"alt": "a figure drawn by this cell"}}
            return nbformat.v4.new_output(kind, kept, **extra) if kept else None
    return None


def clean(text: str) -> str:
    """Without control characters but newline, tab and the escape of ANSI colours.

    Halves of surrogate pairs, which no file can hold, go too.
    """
    return "".join(c for c in text if c in "\n\t\x1b" or c.isprintable())


def _note(text: str) -> NotebookNode:
    return nbformat.v4.new_output("stream", name="stdout", text=text + "\n")
