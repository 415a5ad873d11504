"""Grades and proofs as tables on a terminal."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from jaxercise.checks.outcome import ExerciseOutcome, Grade, Verdict

if TYPE_CHECKING:
    from jaxercise.grading.trials import Proof

_STYLES = {
    Verdict.PASSED: "green",
    Verdict.FAILED: "red",
    Verdict.BLOCKED: "yellow",
    Verdict.NOT_ATTEMPTED: "dim",
    Verdict.TIMED_OUT: "red",
    Verdict.CRASHED: "red",
    Verdict.INCONCLUSIVE: "magenta",
    Verdict.GRADER_ERROR: "bold magenta",
}


def print_grade(grade: Grade, to_stderr: bool = False) -> None:
    """Print the verdict on every check of a notebook, what was repaired, and what looks odd."""
    console = Console(stderr=to_stderr, highlight=False)
    table = Table(title=Text(f"{grade.assignment}: {grade.notebook}"), title_justify="left")
    table.add_column("check and message", ratio=1)
    table.add_column("property", no_wrap=True)
    table.add_column("verdict", no_wrap=True)
    table.add_column("points", justify="right", no_wrap=True)
    for exercise in grade.exercises:
        _add_exercise(table, exercise)
    console.print(table)
    console.print(Text(f"{grade.score:g} of {grade.max_score:g} points"), style="bold")
    if waiting := [one.exercise for one in grade.exercises if one.needs_a_person]:
        console.print(Text(f"to be graded by hand: {', '.join(waiting)}"), style="magenta")
    for title, sentences in (("mended", grade.repairs), ("to look at", grade.flags)):
        for sentence in sentences:
            console.print(Text(f"{title}: {sentence}"))


def write_json(target: str, record: Any) -> None:
    """Write a record as JSON to a file, or to standard output where `target` is "-"."""
    text = json.dumps(record, indent=2, ensure_ascii=False) + "\n"
    if target == "-":
        sys.stdout.write(text)
    else:
        Path(target).write_text(text, encoding="utf-8")


def _add_exercise(table: Table, exercise: ExerciseOutcome) -> None:
    score = f"{exercise.score:g}/{exercise.max_score:g}" + (" extra" if exercise.extra else "")
    table.add_section()
    table.add_row(Text(exercise.exercise, "bold"), "", "", Text(score, "bold"))
    for check in exercise.checks:
        # Text is not parsed as markup, so a message may hold brackets.
        what = Text(check.title or check.check)
        if check.message:
            what.append(f"\n{check.message}", _STYLES[check.verdict])
        points = f"{check.points:g}/{check.max_points:g}"
        table.add_row(Padding(what, (0, 0, 0, 2)), check.property, _verdict(check.verdict), points)


def _verdict(verdict: Verdict) -> Text:
    return Text(verdict.value.replace("_", " "), _STYLES[verdict])


class ProofPrinter:
    """Prints a row for each known solution as it comes in, and at the end a summary."""

    def __init__(self, to_stderr: bool = False) -> None:
        self._console = Console(stderr=to_stderr, highlight=False)

    def row(self, row: Proof) -> None:
        """Print one solution and what each check said of it; kept ones are counted only."""
        if row.kept:
            return
        line = Text("ok   ", "green") if row.ok else Text("NOT  ", "bold red")
        if row.left_open:
            line = Text("OPEN ", "yellow")
        line.append(f"{row.assignment} {row.exercise}: {row.solution}", "default")
        for check, verdict in row.verdicts.items():
            line.append(f"  {check} ", "dim").append_text(_verdict(Verdict(verdict)))
        self._console.print(line, soft_wrap=True)
        if row.message:
            self._console.print(Text(f"     {row.message}", "red"), soft_wrap=True)

    def summary(self, rows: Sequence[Proof]) -> None:
        """Print how many solutions came out as expected, and name those that did not."""
        wrong = [row for row in rows if not row.ok and not row.left_open]
        left_open = [row for row in rows if row.left_open]
        for row in left_open:
            name = f"{row.assignment} {row.exercise}: {row.solution}"
            self._console.print(
                Text(f"left open: {name}: this machine was too busy to time it", "yellow")
            )
        for row in wrong:
            name = f"{row.assignment} {row.exercise}: {row.solution}"
            self._console.print(Text(f"NOT as expected: {name}: {row.message}", "red"))
        fine = len(rows) - len(wrong) - len(left_open)
        said = f"{fine} of {len(rows)} solutions came out as expected"
        if kept := sum(row.kept for row in rows):
            said += f", {kept} of them in an earlier run, since when nothing they depend on changed"
        self._console.print(Text(said, "bold"))
