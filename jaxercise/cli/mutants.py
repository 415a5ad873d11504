"""`jaxercise prove --mutants`: how many machine-made wrong answers the hidden tests catch."""

from __future__ import annotations

import argparse

from rich.console import Console
from rich.text import Text

from jaxercise.cli.report import write_json
from jaxercise.course.lesson import Course
from jaxercise.grading.mutation import Tally, tallies

# Of the changes that make a difference, in each exercise.
MINIMUM = 0.95


def try_mutants(course: Course, assignments: list[str], arguments: argparse.Namespace) -> int:
    """Print a line for each exercise, then each change that no check noticed; 1 if too many."""
    console = Console(stderr=arguments.json == "-", highlight=False)
    found: list[Tally] = []
    for one in tallies(course, assignments, jobs=arguments.jobs, only=arguments.exercise):
        found.append(one)
        _print(console, one)
    found.sort(key=lambda one: (one.assignment, one.exercise))
    died, differ = sum(t.died for t in found), sum(t.tried - t.equivalent for t in found)
    console.print(Text(f"{died} of {differ} changes that make a difference were caught", "bold"))
    if arguments.json is not None:
        write_json(arguments.json, [one.to_json() for one in found])
    return 0 if all(one.caught >= MINIMUM and not one.faults for one in found) else 1


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
