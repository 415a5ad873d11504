"""Timing traces: rounds of real races, of every timed exercise, solution and condition.

A trace is recorded by the protocol of grading itself (jaxercise.grading.racing.race), in sandboxes, but
without its decision: round after round, in a row, so that what is correlated stays so.
"""

from __future__ import annotations

import hashlib
import inspect
import json
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import numpy as np

from jaxercise.checks.outcome import CheckFailed, Inconclusive
from jaxercise.course.lesson import Course, Exercise
from jaxercise.grading.course_cache import CourseCache
from jaxercise.grading.racing.host import Host
from jaxercise.grading.racing.race import Contenders
from jaxercise.grading.racing.rounds import Rounds, Task
from jaxercise.grading.reference import load_module
from jaxercise.grading.session import Session, plan
from jaxercise.grading.solutions import Solution, filled, known_solutions
from jaxercise.sandbox.kernel import Kernel
from jaxercise.sandbox.limits import Limits
from jaxercise.sandbox.run import Deadline

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "benchmarks" / "traces"
# Of a trace, however long they take: fewer cannot be resampled.
FEWEST_ROUNDS = 12


@dataclass(frozen=True)
class Timed:
    """A timed exercise with its task, and the solutions whose verdict speed decides."""

    assignment: str
    exercise: Exercise
    task: Task
    solutions: tuple[Solution, ...]

    @property
    def name(self) -> str:
        return f"{self.assignment}/{self.exercise.name}"

    def digest(self, solution: Solution) -> str:
        """Changes with whatever a trace of the solution depends on."""
        texts = self.exercise.test_file.read_text(encoding="utf-8"), solution.source
        return hashlib.blake2b("\0".join(texts).encode(), digest_size=8).hexdigest()


@dataclass(frozen=True)
class Trace:
    """Rounds in a row. `start_s` is what came before them: the warm-up."""

    solution: str
    right: bool
    condition: str
    digest: str
    start_s: float
    baseline: tuple[float, ...]
    reference: tuple[float, ...]
    student: tuple[float, ...]
    foreign: tuple[float, ...]
    wall_s: tuple[float, ...]
    overdue: str = ""


@dataclass
class Recording:
    """The traces of one exercise, as in its file."""

    exercise: str
    minimum: float
    machine: str
    traces: list[Trace] = field(default_factory=list)

    @classmethod
    def load(cls, path: Path) -> Recording:
        record = json.loads(path.read_text(encoding="utf-8"))
        record["traces"] = [Trace(**trace) for trace in record["traces"]]
        return cls(**record)

    def save(self, path: Path) -> None:
        record = {**vars(self), "traces": [_rounded(asdict(t)) for t in self.traces]}
        path.parent.mkdir(exist_ok=True)
        lines = json.dumps(record).replace('{"solution"', '\n{"solution"')
        path.write_text(lines + "\n", encoding="utf-8")

    def lacks(self, condition: str, digest: str) -> bool:
        return not any(t.condition == condition and t.digest == digest for t in self.traces)


def _rounded(record: Any) -> Any:
    """Four digits are more than a clock is good for."""
    if isinstance(record, float):
        return float(f"{record:.4g}")
    if isinstance(record, list | tuple):
        return [_rounded(item) for item in record]
    return {k: _rounded(v) for k, v in record.items()} if isinstance(record, dict) else record


def path_of(timed: Timed) -> Path:
    return FOLDER / f"{timed.assignment}.{timed.exercise.name}.json"


# In titles of wrong answers that hidden tests of speed see before anything is timed.
_SEEN_OTHERWISE = ("cheat", "compiles again", "is compiled by itself", "polynomial is compiled")


class _Captured(Exception):
    pass


def timed_exercises(course: Course, only: str | None = None) -> list[Timed]:
    """Every exercise with a check of speed, or the one called `only`, as in "ps2/ema"."""
    found = []
    for assignment in course.assignments():
        for exercise in course.lesson(assignment).exercises:
            checks = [c.check for c in exercise.checks if c.property == "speed"]
            if not checks or only not in (None, f"{assignment}/{exercise.name}"):
                continue
            solutions = [
                solution
                for solution in known_solutions(course, assignment, exercise)
                if solution.title != "starter"
                and (not solution.dies_in or set(solution.dies_in) <= set(checks))
                and not any(words in solution.title for words in _SEEN_OTHERWISE)
            ]
            task = _task_of(exercise.test_file, checks[0])
            found.append(Timed(assignment, exercise, task, tuple(solutions)))
    return found


def _task_of(test_file: Path, check: str) -> Task:
    """What the hidden test hands to `race`; what it asserts of an answer before that is skipped."""
    module = load_module(test_file)
    vars(module).update((name, Mock()) for name in [*vars(module)] if name.startswith("assert_"))
    tasks: list[Task] = []

    def race(name: str, **options: Any) -> None:
        tasks.append(Task(name, **options))
        raise _Captured

    test = getattr(module, f"test_{check}")
    given = {"student": Mock(), "rng": np.random.default_rng(0), "race": race}
    try:
        test(**{name: given.get(name) for name in inspect.signature(test).parameters})
    except _Captured:
        return tasks[0]
    raise AssertionError(f"{test_file}: {check} calls no race")


class Stage:
    """Sandboxes for races outside of grading; a context manager."""

    def __init__(self, course: Course):
        self.course = course
        self.cache = CourseCache(course, Limits(), confine=True)
        self._open = ExitStack()

    def __enter__(self) -> Stage:
        self._open.callback(self.cache.close)
        return self

    def __exit__(self, *exc: object) -> None:
        self._open.close()

    @contextmanager
    def arena(
        self, timed: Timed, solution: Solution, seed: int, host: Host
    ) -> Iterator[Contenders]:
        """An arena with `solution` as the student, in a sandbox of its own."""
        lesson, release = self.cache.lesson(timed.assignment)
        planned = list(filled(plan(release, lesson), lesson, timed.exercise, solution))
        with Kernel(self.cache.limits, confine=True) as kernel:
            session = Session(kernel, planned, Deadline(float("inf")))
            session.advance_to(next(p.index for p in planned if p.check_of == timed.exercise.name))
            baseline, reference = self.cache.contenders(timed.assignment)
            rng = np.random.default_rng(seed)
            yield Contenders(session.timed_run(), baseline, reference, rng, host)
            session.close()


def record_trace(
    stage: Stage, timed: Timed, solution: Solution, condition: str, rounds: int, seconds: float
) -> Trace:
    """Record up to `rounds` rounds in a row, for about `seconds` if that gives enough."""
    played, error = Rounds(), ""
    host = Host()
    with stage.arena(timed, solution, len(condition), host) as arena, host.alone():
        started = time.monotonic()
        try:
            for _ in arena.rounds(timed.task, played):
                enough = len(played.wall_s) >= rounds or sum(played.wall_s) >= seconds
                if enough and len(played.wall_s) >= FEWEST_ROUNDS:
                    break
        except (CheckFailed, Inconclusive) as failure:
            error = str(failure)
        elapsed = time.monotonic() - started
    return Trace(
        solution.title,
        not solution.dies_in,
        condition,
        timed.digest(solution),
        elapsed - sum(played.wall_s),
        tuple(played.baseline),
        tuple(played.reference),
        tuple(played.student),
        tuple(played.foreign),
        tuple(played.wall_s),
        str(played.timed_out or error),
    )
