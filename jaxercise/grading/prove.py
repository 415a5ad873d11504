"""Proof that the hidden tests are fair and sharp: right solutions pass, wrong ones die.

For each exercise: the starter earns nothing, the reference and every known right solution
earn full marks and pass the visible checks, and every known wrong one fails the checks it is
filed under, and none of another property.
"""

from __future__ import annotations

import atexit
import contextlib
import functools
import itertools
import os
import tempfile
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field, replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from jaxercise.checks.outcome import CheckOutcome, CourseError, DeclaredCheck, Verdict
from jaxercise.course.lesson import Course, Exercise, Lesson
from jaxercise.grading.course_cache import CourseCache
from jaxercise.grading.judge import check_exercise
from jaxercise.grading.prove_visible import visible_complaint
from jaxercise.grading.racing.host import cpus
from jaxercise.grading.session import PlannedCell, Session, plan
from jaxercise.grading.solutions import Solution, filled, known_solutions
from jaxercise.sandbox.bubblewrap import Limits
from jaxercise.sandbox.kernel import Kernel
from jaxercise.sandbox.run import Cell, Deadline

# A course's folder, an assignment and the name of one of its exercises.
_Named = tuple[Path, str, str]
# Notes the notebook's names, and afterwards brings them back: nothing of an earlier solution is
# found by a later one. `_` is no name of the notebook's.
_RESET_NAMESPACE = """\
import sys as _
_.saved = getattr(_, "saved", None) or dict(globals())
_ = (lambda names, saved: (names.clear(), names.update(saved)))(globals(), _.saved)
"""
_LOST = (Verdict.FAILED, Verdict.TIMED_OUT, Verdict.CRASHED)


@dataclass(frozen=True)
class Proof:
    """What became of one solution; `message` says what is wrong where not `ok`."""

    assignment: str
    exercise: str
    solution: str
    expected: str
    verdicts: dict[str, str] = field(default_factory=dict)
    ok: bool = False
    message: str = ""

    @property
    def left_open(self) -> bool:
        """As filed, but for a race that this machine was too busy to decide: no fault of a test."""
        return not self.ok and not self.message

    def to_json(self) -> dict[str, Any]:
        """The record that `jaxercise prove --json` prints (docs/outcomes.md)."""
        return {name: value for name, value in vars(self).items() if name != "message"}


# A proof, and with it the solution where it has a race before it.
_Tried = tuple[Solution | None, Proof]


def prove(
    course: Course,
    assignments: list[str],
    *,
    jobs: int | None = None,
    only: str | None = None,
    report: Callable[[Proof], None] = lambda proof: None,
) -> list[Proof]:
    """Prove every exercise of `assignments`, or `only` the one named; trusted code, unconfined.

    Solutions whose speed decides come last, one at a time, when nothing else runs.
    """
    exercises = [
        (course.root, assignment, exercise.name)
        for assignment in assignments
        for exercise in course.lesson(assignment).exercises
        if only in (None, exercise.name)
    ]
    if not exercises:
        raise CourseError(f"no exercise {only!r} in {', '.join(assignments)}")
    proofs: list[Proof] = []
    for proof in _in_turn(exercises, jobs or os.cpu_count() or 1, course):
        proofs.append(proof)
        report(proof)
    return proofs


def _in_turn(exercises: list[_Named], jobs: int, course: Course) -> Iterator[Proof]:
    """The proofs as they come: side by side what needs no clock, then the races alone."""
    racing: list[tuple[Solution, Proof]] = []
    with contextlib.ExitStack() as stack:
        if jobs > 1 and len(exercises) > 1:
            tried = _in_a_pool(exercises, jobs)
            prover = None
        else:
            prover = stack.enter_context(_prover(course.root))
            tried = (one for _, *named in exercises for one in prover.prove(*named))
        for racer, proof in tried:
            if racer is not None and proof.ok:
                racing.append((racer, proof))
            else:
                yield proof
        if racing:
            prover = prover or stack.enter_context(_prover(course.root))
            # By assignment: its reference and baseline stand by in processes from its first race.
            for racer, proof in sorted(racing, key=lambda pair: pair[1].assignment):
                yield prover.race(racer, proof)


def _in_a_pool(exercises: list[_Named], jobs: int) -> Iterator[_Tried]:
    # spawn: JAX has threads, which do not survive a fork.
    context = get_context("spawn")
    free_cpus = context.SimpleQueue()
    for place, _ in zip(itertools.cycle(cpus()), range(jobs), strict=False):
        free_cpus.put(place)
    with ProcessPoolExecutor(jobs, context, _pin_to_cpu, (free_cpus,)) as pool:
        # The last sets take longest, and nobody should wait for one of theirs alone.
        futures = [pool.submit(_proofs, *one) for one in reversed(exercises)]
        for done in as_completed(futures):
            yield from done.result()


def _pin_to_cpu(free_cpus: Any) -> None:
    """Keep to one CPU, as judge and kernel take turns: XLA's threads would wake each other."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {free_cpus.get()})


def _is_timed(check: DeclaredCheck) -> bool:
    return check.property == "speed"


def _races(exercise: Exercise, solution: Solution) -> bool:
    """Whether the exercise's race decides on a solution; others lose something before it."""
    timed = {check.check for check in exercise.checks if _is_timed(check)}
    return bool(timed) and timed.issuperset(solution.dies_in)


@dataclass(frozen=True)
class _Prover:
    """What a process keeps from one exercise to the next."""

    cache: CourseCache
    kernel: Kernel

    def prove(self, assignment: str, name: str) -> Iterator[_Tried]:
        """Prove the exercise's known solutions, those that race in all but their speed.

        All in the same processes: what earlier ones had traced and compiled is there. Right
        solutions come first, none follows one that was found impure, and what is not as filed
        is tried once more in processes of its own.
        """
        lesson, _ = self.cache.lesson(assignment)
        exercise = lesson.by_name[name]
        trial = _TrialNotebook(self, lesson, exercise)
        known = known_solutions(self.cache.course, assignment, exercise)
        for solution in sorted(known, key=lambda one: one.title.startswith("wrong:")):
            racing = _races(exercise, solution)
            checks = tuple(c for c in exercise.checks if not (racing and _is_timed(c)))
            proof = trial.proof(solution, checks)
            if proof.message and trial.shared:
                trial.close()
                proof = trial.proof(solution, checks)
            yield solution if racing else None, proof
        trial.close()

    def race(self, solution: Solution, proof: Proof) -> Proof:
        """The whole proof of a solution, `proof` being that of everything but its speed."""
        lesson, _ = self.cache.lesson(proof.assignment)
        exercise = lesson.by_name[proof.exercise]
        timed = tuple(check for check in exercise.checks if _is_timed(check))
        with contextlib.closing(_TrialNotebook(self, lesson, exercise)) as trial:
            raced = trial.proof(solution, timed)
        return replace(raced, verdicts=proof.verdicts | raced.verdicts)


class _TrialNotebook:
    """An exercise's notebook, in which one solution after the other is tried.

    `shared` says whether the last one was tried where another had been before it.
    """

    def __init__(self, prover: _Prover, lesson: Lesson, exercise: Exercise):
        self._cache, self._kernel = prover.cache, prover.kernel
        self._lesson, self._exercise = lesson, exercise
        self._cells = plan(self._cache.lesson(lesson.assignment)[1], lesson)
        self._session: Session | None = None
        self.shared = False

    def proof(self, solution: Solution, checks: tuple[DeclaredCheck, ...]) -> Proof:
        """What becomes of these `checks`, against what is expected of them."""
        exercise = self._exercise
        cells = list(self._filled(solution))
        path = self._cache.course.lesson_file(self._lesson.assignment)
        with self._cache.host.working():
            session = self._open(cells)
            session.advance_to(next(p.index for p in cells if p.check_of == exercise.name))
            tried = replace(exercise, checks=checks)
            checked = check_exercise(self._cache, session, self._lesson.assignment, tried, seed=0)
            seen = ""
            if not (solution.dies_in or all(map(_is_timed, checks))):
                seen = visible_complaint(session.main, exercise.name, self._lesson, path)
        if session.main.failed_cells or any(map(_left_something, checked.outcomes)):
            self.close()
        decided = tuple(o for o in checked.outcomes if not _undecided_race(o))
        message = "; ".join(filter(None, [_complaint(solution, decided), seen]))
        message = "\n".join([message, *checked.details]) if message else ""
        return Proof(
            self._lesson.assignment,
            exercise.name,
            solution.title,
            solution.expected,
            {o.check: o.verdict.value for o in checked.outcomes},
            not message and decided == checked.outcomes,
            message,
        )

    def _filled(self, solution: Solution) -> Iterator[PlannedCell]:
        for p in filled(self._cells, self._lesson, self._exercise, solution):
            if p.starter_of == self._exercise.name:
                yield PlannedCell(p.index, Cell("reset", _RESET_NAMESPACE))
            yield p

    def _open(self, cells: list[PlannedCell]) -> Session:
        self.shared = self._session is not None
        deadline = Deadline.after(self._cache.limits.notebook_s)
        if self._session is None:
            self._session = Session(self._kernel, cells, deadline)
        else:
            start = next(p.index for p in cells if p.starter_of == self._exercise.name)
            self._session.go_on_with(cells, start)
            self._session.deadline.at = deadline.at
        return self._session

    def close(self) -> None:
        if self._session is not None:
            self._session.close()
        self._session = None


def _left_something(outcome: CheckOutcome) -> bool:
    """Whether the solution may have left something behind in its process."""
    return outcome.property == "purity" and outcome.verdict in _LOST


@contextlib.contextmanager
def _prover(root: Path) -> Generator[_Prover]:
    with (
        contextlib.closing(CourseCache(Course(root), Limits(), confine=False)) as cache,
        # Most of what solutions compile is alike.
        tempfile.TemporaryDirectory(prefix="jaxercise-compiled-") as compiled,
        cache.new_kernel(Path(compiled)) as kernel,
    ):
        yield _Prover(cache, kernel)


@functools.cache
def _own_prover(root: Path) -> _Prover:
    """That of a process of the pool, which it closes as it ends."""
    stack = contextlib.ExitStack()
    atexit.register(stack.close)
    return stack.enter_context(_prover(root))


def _proofs(root: Path, assignment: str, name: str) -> list[_Tried]:
    return list(_own_prover(root).prove(assignment, name))


def _undecided_race(outcome: CheckOutcome) -> bool:
    return outcome.property == "speed" and outcome.verdict is Verdict.INCONCLUSIVE


def _complaint(solution: Solution, outcomes: tuple[CheckOutcome, ...]) -> str:
    """What is not as it should be, or nothing."""
    if solution.title == "starter":
        earned = [o.check for o in outcomes if o.points]
        return f"the starter earns points in {', '.join(earned)}" if earned else ""
    lost = [o for o in outcomes if o.verdict is not Verdict.PASSED]
    if not solution.dies_in:
        return "; ".join(f"{o.check} {o.verdict.value}: {o.message}" for o in lost)
    dead = [o for o in outcomes if o.verdict in _LOST]
    alive = [o for o in outcomes if o.check in solution.dies_in and o not in dead]
    properties = {o.property for o in outcomes if o.check in solution.dies_in}
    stray = [o for o in dead if o.property not in properties]
    undecided = [o for o in outcomes if o.verdict.needs_a_person]
    return "; ".join(
        [f"survives {o.check} ({o.verdict.value})" for o in alive]
        + [f"also fails {o.check} ({o.property}): {o.message}" for o in stray]
        + [f"{o.check} is {o.verdict.value}: {o.message}" for o in undecided]
    )
