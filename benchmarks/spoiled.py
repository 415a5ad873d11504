"""Which special cases no hidden test tries: each reference, made wrong in one of them.

    python benchmarks/spoiled.py [psN ...] [--exercise NAME]

spoiling.py wraps a reference so that it is wrong in one case alone: for a single entry, beyond a
thousand, for zeros, small or large numbers, NumPy arrays, while JAX traces, ... Prints by exercise
the cases in which nothing is lost but, perhaps, the race, which is not run. Not each is a fault:
many a text allows no such case, and many a result has no such values. All of this code is trusted,
and runs unconfined.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import spoiling
from rich.console import Console
from rich.text import Text

from jaxercise.course.lesson import Course, Exercise, Lesson
from jaxercise.grading.prove import named
from jaxercise.grading.solutions import Solution
from jaxercise.grading.trials import LOST, Prover, TrialNotebook, is_timed, prover

ROOT = Path(__file__).resolve().parent.parent
TEXT = Path(spoiling.__file__).read_text(encoding="utf-8").partition("annotations\n")[2]


def untried(own: Prover, lesson: Lesson, exercise: Exercise) -> Iterator[str]:
    """The spoils that cost the reference of an exercise nothing."""
    checks = tuple(check for check in exercise.checks if not is_timed(check))
    with closing(TrialNotebook(own, lesson, exercise)) as trial:
        for name in spoiling.SPOILS:
            answer = (
                f"{exercise.solution}\n{TEXT}\n{exercise.name} = spoiled({exercise.name}, {name!r})"
            )
            proof = trial.proof(Solution("wrong: spoiled", answer), checks, until_lost=True)
            if not set(proof.verdicts.values()) & {verdict.value for verdict in LOST}:
                yield name


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("assignment", nargs="*", help="default: all")
    parser.add_argument("--exercise", help="only this exercise")
    arguments = parser.parse_args()
    course, console = Course(ROOT), Console(highlight=False)
    chosen = named(course, arguments.assignment or course.assignments(), arguments.exercise)
    with prover(ROOT) as own:
        for _, assignment, name in chosen:
            lesson, _ = own.cache.lesson(assignment)
            found = ", ".join(untried(own, lesson, lesson.by_name[name])) or "every case is tried"
            console.print(Text(f"{assignment} {name}: {found}"), soft_wrap=True)


if __name__ == "__main__":
    main()
