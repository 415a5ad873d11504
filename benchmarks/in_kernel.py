"""Hidden tests inside the student's own kernel, as stock nbgrader runs tests.

`points_of(...)` at a graded cell runs the hidden tests of an exercise on the notebook's functions.
Nothing is kept apart: the reference lies in the student's process, a call in "a fresh process" is
made in this one, and a race is three rounds, timed where they run. grading_bench.py compares with
it; it is no way to grade.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from jaxercise.checks.assertions import fail
from jaxercise.checks.proxy import Student
from jaxercise.course.lesson import Course
from jaxercise.grading.reference import Reference
from jaxercise.grading.testing import CheckContext, run_checks, seeded
from jaxercise.inside.observe import observe
from jaxercise.wire.calls import Call

_RACE_ROUNDS = 3
_read: dict[tuple[str, str], tuple[Any, Reference]] = {}


def points_of(root: str, assignment: str, name: str, namespace: dict[str, Any]) -> float:
    """The points that the notebook's functions in `namespace` earn in one exercise."""
    if (root, assignment) not in _read:
        course = Course(Path(root))
        reference = Reference.load(course.reference_file(assignment))
        _read[root, assignment] = course.lesson(assignment), reference
    lesson, reference = _read[root, assignment]

    def transport(call: Call, run: str) -> dict[str, Any]:
        return observe(namespace, Call.from_message(call.to_message()))

    def race(
        function: str,
        make_arguments: Callable[[np.random.Generator], tuple[Any, ...]],
        minimum: float,
        **_: Any,
    ) -> None:
        rng = seeded(0, "race", function)
        ratios = []
        for _round in range(_RACE_ROUNDS + 1):
            args = make_arguments(rng)
            numpy_s = _timed(getattr(reference, f"{function}_numpy"), args)
            ratios.append(numpy_s / _timed(namespace[function], args))
        if statistics.median(ratios[1:]) < minimum:
            fail("too slow")

    exercise = lesson.by_name[name]
    context = CheckContext(name, Student(transport), reference, race)
    checked = run_checks(exercise.test_file, exercise.checks, context)
    return sum(outcome.points for outcome in checked.outcomes)


def _timed(function: Callable[..., Any], args: tuple[Any, ...]) -> float:
    started = time.perf_counter()
    np.asarray(function(*args))
    return time.perf_counter() - started
