"""Tries the known answers of an exercise, and says whether the hidden tests judge them rightly."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from jaxercise.checks.outcome import CheckOutcome, DeclaredCheck, Verdict
from jaxercise.course.lesson import Course, Exercise, Lesson
from jaxercise.grading.checking import check_exercise
from jaxercise.grading.course_cache import CourseCache
from jaxercise.grading.missing import Missing, stops
from jaxercise.grading.prove_visible import visible_complaint
from jaxercise.grading.session import PlannedCell, Session, plan
from jaxercise.grading.solutions import Solution, filled, known_solutions
from jaxercise.grading.testing import LOST, Checked
from jaxercise.sandbox.kernel import Kernel
from jaxercise.sandbox.limits import Limits
from jaxercise.sandbox.run import Cell, Deadline

_RESET = "reset"
# Saves the notebook's namespace and restores it before the next answer, which must find nothing
# of the one before it. `_` is no name of the notebook's.
_RESET_NAMESPACE = """\
import sys as _
_.saved = getattr(_, "saved", None) or dict(globals())
_ = (lambda names, saved: (names.clear(), names.update(saved)))(globals(), _.saved)
"""


@dataclass(frozen=True)
class Proof:
    """What became of one solution; `message` says what is wrong where not `ok`.

    `kept` says that it is known from an earlier run, since when nothing has changed.
    """

    assignment: str
    exercise: str
    solution: str
    expected: str
    verdicts: dict[str, str] = field(default_factory=dict)
    ok: bool = False
    message: str = ""
    kept: bool = False

    @property
    def left_open(self) -> bool:
        """As filed, but for a race that this machine was too busy to decide: no fault of a test."""
        return not self.ok and not self.message

    def to_json(self) -> dict[str, Any]:
        """The record that `jaxercise prove --json` prints (docs/outcomes.md)."""
        return {name: value for name, value in vars(self).items() if name != "message"}


# A proof, with the solution where it still has to race.
Tried = tuple[Solution | None, Proof]


def is_timed(check: DeclaredCheck) -> bool:
    return check.property == "speed"


def _races(exercise: Exercise, solution: Solution) -> bool:
    """Whether the exercise's race decides on a solution; others lose something before it."""
    timed = {check.check for check in exercise.checks if is_timed(check)}
    return bool(timed) and timed.issuperset(solution.dies_in)


@dataclass(frozen=True)
class Prover:
    """What a process keeps from one exercise to the next."""

    cache: CourseCache
    kernel: Kernel
    seed: int = 0

    def prove(self, assignment: str, name: str) -> Iterator[Tried]:
        """Prove the exercise's known solutions, those that race in all but their speed.

        All in the same processes: what earlier ones had traced and compiled is there. Right
        solutions come first, none follows one that was found impure, and what is not as filed
        is tried once more in processes of its own.
        """
        lesson, _ = self.cache.lesson(assignment)
        exercise = lesson.by_name[name]
        trial = TrialNotebook(self, lesson, exercise)
        known = known_solutions(self.cache.course, assignment, exercise)
        for solution in sorted(known, key=lambda one: one.title.startswith("wrong:")):
            racing = _races(exercise, solution)
            checks = tuple(c for c in exercise.checks if not (racing and is_timed(c)))
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
        timed = tuple(check for check in exercise.checks if is_timed(check))
        with contextlib.closing(TrialNotebook(self, lesson, exercise)) as trial:
            raced = trial.proof(solution, timed)
        return replace(raced, verdicts=proof.verdicts | raced.verdicts)


class TrialNotebook:
    """An exercise's notebook, in which one solution after the other is tried.

    `shared` says whether the last one was tried where another had been before it.
    """

    def __init__(self, prover: Prover, lesson: Lesson, exercise: Exercise):
        self._cache, self._kernel, self._seed = prover.cache, prover.kernel, prover.seed
        self._lesson, self._exercise = lesson, exercise
        self._cells = plan(self._cache.lesson(lesson.assignment)[1], lesson)
        self._session: Session | None = None
        self._tried: list[PlannedCell] = []
        self.shared = False

    def proof(
        self, solution: Solution, checks: tuple[DeclaredCheck, ...], *, until_lost: bool = False
    ) -> Proof:
        """What becomes of these `checks`, `until_lost` up to the first that fails."""
        checked, seen = self._try(solution, checks, until_lost)
        decided = tuple(o for o in checked.outcomes if not undecided_race(o))
        message = "; ".join(filter(None, [complaint_about(solution, decided), seen]))
        message = "\n".join([message, *checked.details]) if message else ""
        return Proof(
            self._lesson.assignment,
            self._exercise.name,
            solution.title,
            solution.expected,
            {o.check: o.verdict.value for o in checked.outcomes},
            not message and decided == checked.outcomes,
            message,
        )

    def checked(self, solution: Solution) -> Checked:
        """What becomes of all checks, a race included, whatever is expected of them."""
        return self._try(solution, self._exercise.checks, until_lost=False)[0]

    def _try(
        self, solution: Solution, checks: tuple[DeclaredCheck, ...], until_lost: bool
    ) -> tuple[Checked, str]:
        """The outcomes, and what the visible checks say against an answer that should be right."""
        exercise = self._exercise
        cells = self._tried = list(self._filled(solution))
        path = self._cache.course.lesson_file(self._lesson.assignment)
        with self._cache.host.working():
            session = self._open(cells)
            session.advance_to(next(p.index for p in cells if p.check_of == exercise.name))
            tried = replace(exercise, checks=checks)
            checked = check_exercise(
                *(self._cache, session, self._lesson.assignment, tried),
                seed=self._seed,
                until_lost=until_lost,
            )
            seen = ""
            if not (solution.dies_in or all(map(is_timed, checks))):
                seen = visible_complaint(session.main, exercise.name, self._lesson, path)
        if session.main.failed_cells or any(map(_left_something, checked.outcomes)):
            self.close()
        return checked, seen

    def _filled(self, solution: Solution) -> Iterator[PlannedCell]:
        for p in filled(self._cells, self._lesson, self._exercise, solution):
            if p.starter_of == self._exercise.name:
                yield PlannedCell(p.index, Cell(_RESET, _RESET_NAMESPACE))
            yield p

    def _open(self, cells: list[PlannedCell]) -> Session:
        self.shared = self._session is not None
        deadline = Deadline.after(self._cache.limits.notebook_s)
        if self._session is None:
            self._session = Session(self._kernel, cells, deadline, self._why_missing)
        else:
            start = next(p.index for p in cells if p.starter_of == self._exercise.name)
            self._session.go_on_with(cells, start)
            self._session.deadline.at = deadline.at
        return self._session

    def _why_missing(self, name: str, check: int) -> str:
        assert self._session is not None
        main, executed = self._session.main, self._session.planned
        cells = [p for p in self._tried if p.cell.id != _RESET]
        missing = Missing.after(cells, stops(main.results), main.failed_cells, executed)
        return missing.why(name, check)

    def close(self) -> None:
        if self._session is not None:
            self._session.close()
        self._session = None


def _left_something(outcome: CheckOutcome) -> bool:
    """Whether the solution may have left something behind in its process."""
    return outcome.property == "purity" and outcome.verdict in LOST


@contextlib.contextmanager
def prover(root: Path, limits: Limits | None = None, seed: int = 0) -> Generator[Prover]:
    """What proves exercises of the course in `root`, each part of one within `limits`.

    `seed` is that of the hidden inputs.
    """
    with (
        contextlib.closing(CourseCache(Course(root), limits or Limits(), confine=False)) as cache,
        # Most of what solutions compile is alike.
        tempfile.TemporaryDirectory(prefix="jaxercise-compiled-") as compiled,
        cache.new_kernel(Path(compiled)) as kernel,
    ):
        yield Prover(cache, kernel, seed)


def undecided_race(outcome: CheckOutcome) -> bool:
    return outcome.property == "speed" and outcome.verdict is Verdict.INCONCLUSIVE


def complaint_about(solution: Solution, outcomes: tuple[CheckOutcome, ...]) -> str:
    """What is not as it should be, or nothing."""
    if solution.title == "starter":
        earned = [o.check for o in outcomes if o.points]
        return f"the starter earns points in {', '.join(earned)}" if earned else ""
    lost = [o for o in outcomes if o.verdict is not Verdict.PASSED]
    if not solution.dies_in:
        return "; ".join(f"{o.check} {o.verdict.value}: {o.message}" for o in lost)
    dead = [o for o in outcomes if o.verdict in LOST]
    alive = [o for o in outcomes if o.check in solution.dies_in and o not in dead]
    properties = {o.property for o in outcomes if o.check in solution.dies_in}
    stray = [o for o in dead if o.property not in properties]
    undecided = [o for o in outcomes if o.verdict.needs_a_person]
    return "; ".join(
        [f"survives {o.check} ({o.verdict.value})" for o in alive]
        + [f"also fails {o.check} ({o.property}): {o.message}" for o in stray]
        + [f"{o.check} is {o.verdict.value}: {o.message}" for o in undecided]
    )
