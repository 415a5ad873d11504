"""`jaxercise prove --mutants`: how many machine-made wrong answers the hidden tests catch."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

from rich.console import Console
from rich.text import Text

from jaxercise.cli.terminal import write_json
from jaxercise.course.lesson import Course
from jaxercise.grading.mutation import Tally, tallies

# Of the changes that make a difference, in each exercise.
MINIMUM = 0.95
_HEAD = (
    "| set | exercise | answers | tried | make no difference | died | of those that do |\n"
    "|---|---|--:|--:|--:|--:|--:|\n"
)
_ROW = re.compile(
    r"^\| (?!all )(\w+) \| (\w+) \| (\d+) \| (\d+) \| (\d+) \| (\d+) \| [\d.]+% \|\n", re.MULTILINE
)
_TOTAL = re.compile(r"^\| all \|.*\n", re.MULTILINE)


def try_mutants(course: Course, assignments: list[str], arguments: argparse.Namespace) -> int:
    """Print a line for each exercise, then each change that no check noticed; 1 if too many."""
    console = Console(stderr=arguments.json == "-", highlight=False)
    found: list[Tally] = []
    for one in tallies(
        course,
        assignments,
        jobs=arguments.jobs,
        only=arguments.exercise,
        answers=arguments.answers,
    ):
        found.append(one)
        _print(console, one)
        if arguments.table is not None:
            write_table(arguments.table, [one])
    found.sort(key=lambda one: (one.assignment, one.exercise))
    died, differ = sum(t.died for t in found), sum(t.tried - t.equivalent for t in found)
    console.print(Text(f"{died} of {differ} changes that make a difference were caught", "bold"))
    if arguments.json is not None:
        write_json(arguments.json, [one.to_json() for one in found])
    return 0 if all(one.caught >= MINIMUM and not one.faults for one in found) else 1


def write_table(path: Path, found: list[Tally]) -> None:
    """Write the rows of these exercises into a Markdown file's table, and the sums below it.

    Rows of other exercises stay. A file that has no table yet, or is not there, gets one at its
    end.
    """
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    rows: dict[tuple[str, str], tuple[int, ...]] = {}
    for assignment, exercise, *counts in _ROW.findall(text):
        rows[assignment, exercise] = tuple(map(int, counts))
    for one in found:
        rows[one.assignment, one.exercise] = one.answers, one.tried, one.equivalent, one.died
    lines = [_row(*name, *counts) for name, counts in sorted(rows.items())]
    lines.append(_row("all", str(len(rows)), *map(sum, zip(*rows.values(), strict=True))))
    before, head, after = text.partition(_HEAD)
    if not head and before:
        before = before.rstrip("\n") + "\n\n"
    after = _TOTAL.sub("", _ROW.sub("", after))
    path.write_text(before + _HEAD + "".join(lines) + after, encoding="utf-8")


def _row(
    assignment: str, exercise: str, answers: int, tried: int, equivalent: int, died: int
) -> str:
    differ = tried - equivalent
    share = died / differ if differ else 1
    counts = f"{answers} | {tried} | {equivalent} | {died}"
    return f"| {assignment} | {exercise} | {counts} | {share:.1%} |\n"


def _print(console: Console, one: Tally) -> None:
    fine = one.caught >= MINIMUM and not one.faults
    line = Text("ok   ", "green") if fine else Text("NOT  ", "bold red")
    line.append(f"{one.assignment} {one.exercise}: {one.died} of {one.tried} died", "default")
    if one.equivalent:
        line.append(f", {one.equivalent} make no difference", "dim")
    console.print(line, soft_wrap=True)
    for what, style, changes in (
        ("alive", "red", one.alive),
        ("breaks a hidden test", "bold magenta", one.faults),
    ):
        for answer, mutant in changes:
            told = f"     {what}: {answer}, line {mutant.line} ({mutant.rule}): {mutant.change}"
            console.print(Text(told, style), soft_wrap=True)
