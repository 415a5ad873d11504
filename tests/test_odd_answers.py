"""No answer, however odd, breaks a hidden test: it fails, or passes, and is judged.

Each check of each exercise meets right answers of which all, or one, are replaced.
"""

from __future__ import annotations

import dataclasses
import functools
import inspect
import itertools
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from jaxercise.checks.assertions import default_new_key
from jaxercise.checks.outcome import CheckFailed, Inconclusive, StudentDied
from jaxercise.checks.proxy import Student
from jaxercise.course.lesson import Course, Exercise
from jaxercise.grading.reference import Reference, load_module
from jaxercise.grading.testing import Blocked
from jaxercise.inside.observe import observe
from jaxercise.inside.raised import report_of
from jaxercise.wire import codec, records
from jaxercise.wire.calls import Call
from jaxercise.wire.records import Array, Key, Opaque, Standin

COURSE = Course(Path(__file__).parent.parent)
EXERCISES = [
    (assignment, exercise)
    for assignment in ("ps1", "ps2", "ps3", "ps4", "ps5", "ps6")
    for exercise in COURSE.lesson(assignment).exercises
]
JUDGED = (CheckFailed, StudentDied, Inconclusive, Blocked)
# Of the calls of a check, so many are tried as the only odd one, with every so many of CHANGED.
MAX_CALLS = 2
EVERY = 4


def array(*values: Any, dtype: Any = np.float32, kind: str = "jax") -> Array:
    return Array(np.array(values, dtype), kind)


ODD = {
    "None": None,
    "True": True,
    "an int": 3,
    "an int of 65 bits": 2**64,
    "an int of 1000 digits": 10**1000,
    "a float": 0.5,
    "NaN": float("nan"),
    "a complex number": 1j,
    "a text": "text",
    "bytes": b"bytes",
    "an empty tuple": (),
    "an empty list": [],
    "an empty dict": {},
    "a pair of numbers": (1.0, 2.0),
    "a pair of nothings": (None, None),
    "a list of texts": ["a", "b", "c"],
    "a dict": {"a": 1, 2: {}, None: None, (1, "b"): 1.0},
    "an object": Opaque("Foo"),
    "a pair of objects": (Opaque("Foo"), [Opaque("Foo")]),
    "a function": Standin("fake_clock"),
    "a key": Key("fry", np.zeros(2, np.uint32)),
    "keys": Key("fry", np.zeros((3, 2), np.uint32)),
    "an array without axes": Array(np.array(1, np.float32)),
    "a complex number as an array": Array(np.array(1j, np.complex64)),
    "an empty array": array(),
    "an empty matrix": Array(np.zeros((0, 3), np.float32)),
    "an array": array(1, 2, 3),
    "an array of NumPy's": array(1, 2, 3, kind="numpy"),
    "whole numbers": array(1, 2, dtype=np.int32),
    "truths": array(True, False, dtype=bool),
    "complex numbers": array(1j, 2, dtype=np.complex64),
    "half precision": array(1, 2, dtype=records.DTYPES["bfloat16"]),
    "a matrix": Array(np.zeros((2, 2), np.float32)),
    "a scalar of NumPy": Array(np.array(1.0), "scalar"),
    "arrays of several shapes": (array(1), array(1, 2), [array()]),
}


def on_leaves(change: Callable[[np.ndarray], Any]) -> Callable[[Any], Any]:
    """What applies `change` to the arrays and numbers of a record tree."""

    def apply(record: Any) -> Any:
        match record:
            case Array():
                changed = change(record.data)
                return Array(changed, record.kind) if isinstance(changed, np.ndarray) else changed
            case tuple() | list():
                return type(record)(apply(item) for item in record)
            case dict():
                return {key: apply(item) for key, item in record.items()}
            case int() | float():
                changed = change(np.asarray(record))
                if not isinstance(changed, np.ndarray):
                    return changed
                return changed.item() if changed.size == 1 else Array(changed, "numpy")
        return record

    return apply


def on_first_leaf(change: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def apply(record: Any) -> Any:
        match record:
            case tuple() | list() if record:
                return type(record)([apply(record[0]), *record[1:]])
            case dict() if record:
                first = next(iter(record))
                return {**record, first: apply(record[first])}
        return change(record)

    return apply


def without_last(record: Any) -> Any:
    match record:
        case tuple() | list():
            return record[:-1]
        case dict():
            return dict(list(record.items())[:-1])
    return record


def filled(value: Any) -> Callable[[np.ndarray], np.ndarray]:
    return lambda data: np.full_like(data, value if data.dtype.kind in "fc" else 0)


CHANGED = {
    "each array in a tuple of its own": on_leaves(lambda data: (Array(data),)),
    "each array a list": on_leaves(lambda data: data.tolist()),
    "each array complex": on_leaves(lambda data: data.astype(np.complex64)),
    "each array whole": on_leaves(lambda data: np.asarray(np.nan_to_num(data), np.int32)),
    "each array truths": on_leaves(lambda data: data.astype(bool)),
    "each array in float64": on_leaves(lambda data: data.astype(np.float64)),
    "each array with an axis more": on_leaves(lambda data: data[None]),
    "each array flat": on_leaves(lambda data: data.reshape(-1)),
    "each array empty": on_leaves(lambda data: data.reshape(-1)[:0]),
    "each array shorter": on_leaves(lambda data: data[:-1] if data.ndim else data),
    "each array NaN": on_leaves(filled(np.nan)),
    "each array infinite": on_leaves(filled(np.inf)),
    "each array zero": on_leaves(filled(0)),
    "each array huge": on_leaves(filled(3e38)),
    "the first leaf None": on_first_leaf(lambda leaf: None),
    "the first leaf a text": on_first_leaf(lambda leaf: "text"),
    "the first leaf an object": on_first_leaf(lambda leaf: Opaque("Foo")),
    "the first leaf a complex number": on_first_leaf(lambda leaf: 1j),
    "the first leaf of 65 bits": on_first_leaf(lambda leaf: 2**64),
    "the first leaf an empty array": on_first_leaf(lambda leaf: array()),
    "the first leaf a dict": on_first_leaf(lambda leaf: {"a": leaf}),
    "without the last part": without_last,
    "in a tuple": lambda record: (record,),
    "as a list": lambda record: list(record) if isinstance(record, tuple) else [record],
    "twice": lambda record: (record, record),
    "in a dict": lambda record: {"value": record},
}


class Answers:
    """Right answers of one exercise, kept, of which some are replaced."""

    def __init__(self, assignment: str, exercise: Exercise):
        self.module = load_module(COURSE.reference_file(assignment))
        self.reference = Reference(self.module)
        self.exercise = exercise
        self.checks = load_module(exercise.test_file)
        self._kept: dict[bytes, Any] = {}

    def right(self, call: Call) -> Any:
        message = dataclasses.replace(call, watch=False).to_message()
        key = b"".join(bytes(part) for part in codec.pack(records.describe(message)))
        if key not in self._kept:
            self._kept[key] = observe(vars(self.module), Call.from_message(message))
        return self._kept[key]

    def judge(self, check: str, replaced: Callable[[int, dict], dict]) -> tuple[int, str]:
        """How many calls the check made, and what it raised but for a verdict."""
        count = itertools.count()

        def transport(call: Call, run: str) -> dict:
            right = self.right(call)
            # What `observe` counts itself is no answer.
            return replaced(next(count), right) if call.mode == "call" else right

        rng = np.random.default_rng([0, zlib.crc32(check.encode())])
        fixtures = {
            "student": Student(transport),
            "reference": self.reference,
            "rng": rng,
            "new_key": default_new_key(0),
        }
        function = getattr(self.checks, f"test_{check}")
        wanted = inspect.signature(function).parameters
        try:
            function(**{name: fixtures[name] for name in wanted})
        except JUDGED:
            pass
        except Exception as error:
            return next(count), f"{type(error).__name__}: {error}"
        return next(count), ""


def variants(calls: int) -> Iterator[tuple[str, Callable[[int, dict], dict]]]:
    def all_(value: Any) -> Callable[[int, dict], dict]:
        return lambda number, right: {**right, "value": value, "error": None}

    for name, value in ODD.items():
        yield f"always {name}", all_(value)
    changes = [*CHANGED.items(), ("an exception", raised)]
    for name, change in changes:
        yield f"always {name}", functools.partial(_replaced, None, change)
    tried = sorted({int(n) for n in np.linspace(0, calls - 1, min(calls, MAX_CALLS))})
    for only in tried:
        for name, change in changes[only % EVERY :: EVERY]:
            yield f"at call {only} {name}", functools.partial(_replaced, only, change)


def _replaced(only: int | None, change: Callable, number: int, right: dict) -> dict:
    if only not in (None, number):
        return right
    if change is raised:
        return {**right, "value": None, "error": report_of(ValueError("odd"))}
    return {**right, "value": change(right["value"])}


def raised(record: Any) -> None:
    """In the place of an answer: an exception."""


@pytest.mark.filterwarnings("ignore")  # Those of NumPy, which end no check.
@pytest.mark.parametrize(("assignment", "exercise"), EXERCISES, ids=[e.name for _, e in EXERCISES])
def test_no_answer_breaks_a_hidden_test(assignment, exercise):
    answers, broken = Answers(assignment, exercise), []
    for check in exercise.checks:
        if check.property == "speed":
            continue
        calls, raised = answers.judge(check.check, lambda number, right: right)
        assert not raised, raised
        for name, replaced in variants(calls):
            _, raised = answers.judge(check.check, replaced)
            if raised:
                broken.append(f"{check.check}: {name}: {raised}")
    assert not broken, "\n".join(broken)
