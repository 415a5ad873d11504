"""One exercise checked: its hidden tests on a session's functions as they stand."""

from __future__ import annotations

import contextlib
from collections.abc import Generator
from functools import partial
from typing import Any

from jaxercise.checks.outcome import (
    GRADER_FAILED,
    CheckOutcome,
    GraderFault,
    Timing,
    Verdict,
)
from jaxercise.checks.proxy import Student
from jaxercise.course.lesson import Exercise
from jaxercise.grading.course_cache import CourseCache
from jaxercise.grading.racing.host import Host
from jaxercise.grading.racing.race import Contenders
from jaxercise.grading.session import Session
from jaxercise.grading.testing import CheckContext, Checked, blocked, run_checks, seeded
from jaxercise.sandbox.kernel import Kernel
from jaxercise.sandbox.run import Deadline


def context_for(
    cache: CourseCache,
    session: Session,
    assignment: str,
    name: str,
    seed: int,
    *,
    until_lost: bool = False,
) -> CheckContext:
    """What the hidden tests of exercise `name` work with: the session's functions as they stand."""

    timings: list[Timing] = []

    def race(function: str, **options: Any) -> None:
        baseline, reference = cache.contenders(assignment)
        rng = seeded(seed, "race", function)
        contenders = session.timed_run(), baseline, reference
        with _waiting_is_free(cache.host, session.deadline):
            Contenders(*contenders, rng, cache.host, timings.append).race(function, **options)

    return CheckContext(
        name,
        Student(session.transport),
        cache.reference(assignment),
        race,
        seed,
        timings,
        partial(give_way, cache.host, session.kernel, session.deadline),
        until_lost,
    )


@contextlib.contextmanager
def _waiting_is_free(host: Host, deadline: Deadline) -> Generator[None]:
    """Time spent waiting for the machine does not count against the student."""
    waited_s = host.waited_s
    try:
        yield
    finally:
        deadline.at += host.waited_s - waited_s


def give_way(host: Host, kernel: Kernel, deadline: Deadline) -> None:
    """Let another grader's timed check go first, with everything of this notebook suspended."""
    with _waiting_is_free(host, deadline):
        host.give_way(kernel.suspended)


def check_exercise(
    cache: CourseCache,
    session: Session,
    assignment: str,
    exercise: Exercise,
    seed: int,
    *,
    until_lost: bool = False,
) -> Checked:
    """Run the hidden tests of one exercise on the session's functions as they stand.

    With `until_lost` they stop at the first that fails.
    """
    death = session.failed_cell_that_defines(exercise.name)
    if isinstance(death, GraderFault):
        return undecided(exercise, death.details)
    if death is not None:
        message = f"The cell that defines {exercise.name} was left out: {death}."
        outcomes = [CheckOutcome.of(check, death.verdict, message) for check in exercise.checks]
        return Checked(tuple(blocked(outcomes)), ())
    context = context_for(cache, session, assignment, exercise.name, seed, until_lost=until_lost)
    return run_checks(exercise.test_file, exercise.checks, context)


def undecided(exercise: Exercise, details: str) -> Checked:
    """The grader failed at an exercise, and a person must look; `details` are for that person."""
    error, checks = Verdict.GRADER_ERROR, exercise.checks
    outcomes = tuple(CheckOutcome.of(check, error, GRADER_FAILED) for check in checks)
    return Checked(outcomes, (f"{exercise.name}: {details}",))
