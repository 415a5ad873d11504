"""Hidden tests of append_reading."""

import math

import pytest

from jaxercise.checks.assertions import assert_pure, assert_returns, fail

# Readings are passed through, so they come back exactly.
RTOL = 0.0


def draw_history(rng, n):
    return tuple(rng.uniform(-5, 5, n).tolist())


def assert_appends(student, reference, x, history, hint):
    """The result is that of the reference, and its readings are Python floats."""
    seen = student.append_reading(x, history)
    expected = reference.append_reading(x, history)
    assert_returns(seen, expected, rtol=RTOL, kind="any", hint=hint)
    if any(type(reading) is not float for reading in seen.value):
        fail(
            "append_reading returns numbers that are not plain Python floats. Likely cause: "
            "NumPy or jnp, or int(); the readings come back as they went in."
        )


@pytest.mark.correctness(points=2)
def test_appends_the_reading(student, reference, rng):
    """The result is a tuple: the history, then the reading."""
    for n in (0, 1, 7):
        for kind in (tuple, list):
            x, history = float(rng.uniform(-5, 5)), kind(draw_history(rng, n))
            assert_appends(
                student,
                reference,
                x,
                history,
                "a list or an array in place of a tuple, a tuple inside a tuple, or the reading "
                "at the wrong end; the result is one flat tuple of Python floats",
            )
    for x, history, hint in (
        (0.0, (1.5, 0.0), "a reading of 0 left out, since it counts as false; it is a reading"),
        (1.5, (2.5, 1.5, 1.5), "repeats left out; the same reading may come again"),
        (
            float("nan"),
            (float("inf"), 1.5, float("nan")),
            "readings that are infinite or NaN left out; they are readings",
        ),
        (1e15, (2e6, -3e9), "whole readings turned into int; they stay floats"),
        *(
            (1.5, zeros, "a history of readings of 0 taken for none; they are readings")
            for zeros in ((0.0,), [0.0, 0.0])
        ),
        (1.5, draw_history(rng, 2000), "only the last readings kept; a history may be long"),
    ):
        assert_appends(student, reference, x, history, hint)
    for zero in (0.0, -0.0):  # Equal to Python, also as keys of a dict.
        seen = student.append_reading(zero, (1.5, zero))
        assert_returns(seen, (1.5, zero, zero), rtol=RTOL, kind="any")
        if any(math.copysign(1, reading) != math.copysign(1, zero) for reading in seen.value[1:]):
            fail(
                "append_reading returns 0.0 for -0.0, or -0.0 for 0.0. Likely cause: a cache, to "
                "which the two are the same; the readings come back as they went in."
            )


@pytest.mark.correctness(points=1)
def test_starts_a_new_history(student, reference, rng):
    """A call without a history starts a new one, every time."""
    for x in rng.uniform(-5, 5, 3).tolist():
        seen = student.append_reading(x)
        if seen.error is not None and seen.error.type == "TypeError":
            fail(
                "append_reading raises TypeError when the history is left out. Likely cause: "
                "`history` has no default, or its default is not a sequence and is never replaced."
            )
        assert_returns(
            seen,
            reference.append_reading(x),
            rtol=RTOL,
            kind="any",
            hint="a default that remembers, such as a list, which is made once and kept; without a "
            "history the result is (x,), in the second call as in the first",
        )


@pytest.mark.purity(points=2)
def test_is_pure(student, rng):
    """The caller's history survives, and no call remembers another."""
    calls = [
        (1.5, list(draw_history(rng, 3))),
        # remove(x) takes the first 1.5 off, not the one that was appended.
        (1.5, [1.5, 2.5]),
        (2.5, draw_history(rng, 2)),
        (3.5, []),
        (4.5,),
    ]
    # Under jit the floats would come back as arrays; the lesson says that jit is left out.
    assert_pure(student.append_reading, calls, jit=False)
