"""How many machine-made wrong answers the hidden tests of an exercise catch.

The reference and some of the known right answers, or all, are changed in one place at a time,
and each change must fail a check other than the race. Changes that make no difference are
listed, with the reason, in `tests/solutions/ASSIGNMENT/equivalent.toml`.
"""

from __future__ import annotations

import ast
import os
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from jaxercise.checks.outcome import CourseError, Verdict
from jaxercise.course.lesson import Course
from jaxercise.grading.mutants import Mutant, mutants
from jaxercise.grading.mutation_rules import RULES
from jaxercise.grading.prove import in_a_pool, named
from jaxercise.grading.solutions import Solution, known_solutions
from jaxercise.grading.testing import LOST
from jaxercise.grading.trials import Prover, TrialNotebook, is_timed, prover
from jaxercise.sandbox.limits import Limits

# Some changes make a loop endless.
_LIMITS = Limits(cell_s=20, call_s=20)
_LOST = {verdict.value for verdict in LOST}
# How many right answers are changed, the reference first. More add many mutants and few kinds.
ANSWERS = 3


@dataclass
class Tally:
    """What became of the mutants of some of an exercise's right answers, `answers` of them.

    Each mutant that lives is told with the answer it changes.
    """

    assignment: str
    exercise: str
    answers: int = 1
    tried: int = 0
    died: int = 0
    equivalent: int = 0
    alive: list[tuple[str, Mutant]] = field(default_factory=list)
    faults: list[tuple[str, Mutant]] = field(default_factory=list)

    @property
    def caught(self) -> float:
        """The part that died of those that make a difference; 1 where there are none."""
        differ = self.tried - self.equivalent
        return self.died / differ if differ else 1.0

    def to_json(self) -> dict[str, Any]:
        """The record that `jaxercise prove --mutants --json` prints."""
        told = {
            name: [
                {"answer": answer, "rule": m.rule, "line": m.line, "change": m.change}
                for answer, m in found
            ]
            for name, found in (("alive", self.alive), ("faults", self.faults))
        }
        return {**vars(self), **told}


def tallies(
    course: Course,
    assignments: list[str],
    *,
    jobs: int | None = None,
    only: str | None = None,
    answers: int = ANSWERS,
) -> Iterator[Tally]:
    """What became of the mutants of each exercise, or `only` of one, as they are done.

    The reference is changed, and the right answers least like it and each other, `answers` in all.

    Raises:
        CourseError: no exercise has that name, or a list of equivalent changes is wrong.
    """
    work = partial(_tally, answers=answers)
    return in_a_pool(work, named(course, assignments, only), jobs or os.cpu_count() or 1)


def _tally(root: Path, assignment: str, name: str, *, answers: int) -> Tally:
    with prover(root, _LIMITS) as own:
        return tally(own, assignment, name, answers=answers)


def tally(own: Prover, assignment: str, name: str, *, answers: int = ANSWERS) -> Tally:
    """Try every mutant of some of an exercise's right answers; trusted code, unconfined.

    Raises:
        CourseError: the list of equivalent changes is wrong.
    """
    lesson, _ = own.cache.lesson(assignment)
    exercise = lesson.by_name[name]
    checks = tuple(check for check in exercise.checks if not is_timed(check))
    targets = tuple(check.check for check in checks)
    known = Equivalent.load(own.cache.course, assignment)
    trial = TrialNotebook(own, lesson, exercise)
    right = [s for s in known_solutions(own.cache.course, assignment, exercise) if not s.dies_in]
    chosen = most_different(right, answers)
    result, tried = Tally(assignment, name, len(chosen)), set[str]()
    for answer in chosen:
        for mutant in mutants(answer.source):
            if mutant.source in tried:
                continue
            tried.add(mutant.source)
            result.tried += 1
            if known.lists_rule(name, mutant.rule):
                result.equivalent += 1
                continue
            changed = Solution(answer.title, mutant.source, targets)
            proof = trial.proof(changed, checks, until_lost=True)
            verdicts = set(proof.verdicts.values())
            if Verdict.GRADER_ERROR.value in verdicts:
                result.faults.append((answer.title, mutant))
            if verdicts & _LOST:
                result.died += 1
            elif known.lists_change(name, mutant.change):
                result.equivalent += 1
            else:
                result.alive.append((answer.title, mutant))
    trial.close()
    return result


def most_different(answers: list[Solution], count: int) -> list[Solution]:
    """The first of `answers`, and then each time the one least like all chosen before it."""
    chosen, rest = answers[:1], answers[1:]
    while rest and len(chosen) < count:
        best = max(rest, key=lambda one: min(_difference(one, other) for other in chosen))
        chosen.append(best)
        rest.remove(best)
    return chosen


def _difference(one: Solution, other: Solution) -> float:
    """The part of the names and kinds of syntax of two answers that only one of them has."""
    ones, others = _words(one.source), _words(other.source)
    return len(ones ^ others) / len(ones | others)


def _words(source: str) -> set[str]:
    """The kinds of syntax in an answer, and the names that it calls or looks up."""
    nodes = list(ast.walk(ast.parse(source)))
    attributes = {node.attr for node in nodes if isinstance(node, ast.Attribute)}
    return attributes | {type(node).__name__ for node in nodes}


@dataclass(frozen=True)
class Equivalent:
    """Changes that make no difference: by exercise, a change or a whole rule, with the reason."""

    entries: dict[str, list[dict[str, str]]]

    @classmethod
    def load(cls, course: Course, assignment: str) -> Equivalent:
        """From the assignment's file, which may be missing.

        Raises:
            CourseError: an entry has no reason, names no exercise or no rule, or not one of both.
        """
        path = course.root / "tests" / "solutions" / assignment / "equivalent.toml"
        if not path.is_file():
            return cls({})
        try:
            entries: dict[str, list[dict[str, str]]] = tomllib.loads(path.read_text("utf-8"))
        except tomllib.TOMLDecodeError as error:
            raise CourseError(f"{path}: {error}") from None
        exercises = course.lesson(assignment).by_name
        for name, listed in entries.items():
            if name not in exercises:
                raise CourseError(f"{path}: no exercise '{name}' in {assignment}")
            for entry in listed:
                if set(entry) not in ({"change", "reason"}, {"rule", "reason"}):
                    raise CourseError(
                        f"{path}: {name}: an entry has a change or a rule, and a reason"
                    )
                if entry.get("rule", "keys") not in {*RULES, "keys"}:
                    raise CourseError(f"{path}: {name}: there is no rule '{entry['rule']}'")
        return cls(entries)

    def lists_change(self, exercise: str, change: str) -> bool:
        """Whether this change is listed, in whichever answer of the exercise."""
        return any(entry.get("change") == change for entry in self.entries.get(exercise, ()))

    def lists_rule(self, exercise: str, rule: str) -> bool:
        """Whether all changes by this rule are listed; they are not tried."""
        return any(entry.get("rule") == rule for entry in self.entries.get(exercise, ()))
