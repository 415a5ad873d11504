"""Hidden tests of update_stats."""

import jax.numpy as jnp
import numpy as np
import pytest

from jaxercise.checks.assertions import assert_like, assert_pure, assert_returns, fail

# A handful of float32 roundings, 6e-8 each, on positive numbers of like size.
RTOL = 1e-5


def make_state(count, mean, m2, library=jnp):
    """A state of JAX arrays, or of NumPy arrays without axes, which can be changed in place."""
    return {
        "count": library.asarray(count, "int32"),
        "mean": library.asarray(mean, "float32"),
        "m2": library.asarray(m2, "float32"),
    }


def draw_state(rng, library=jnp):
    return make_state(rng.integers(2, 50), rng.uniform(1, 3), rng.uniform(10, 90), library)


EMPTY = (0, 0.0, 0.0)


@pytest.mark.correctness(points=2)
def test_takes_one_reading(student, reference, rng):
    """One reading updates count, mean and m2 of the state that was passed in."""
    for _ in range(5):
        state, x = draw_state(rng), jnp.float32(rng.uniform(0.5, 5))
        assert_returns(
            student.update_stats(state, x),
            reference.update_stats(state, x),
            rtol=RTOL,
            hint="numbers from elsewhere than the state that is passed in, a changed dtype, or m2: "
            "it grows by (x - old mean) * (x - new mean), and is not divided by the count",
        )
    for state, x, hint in (
        (
            draw_state(rng, np),
            np.asarray(2.5, np.float32),
            "NumPy numbers out where NumPy arrays came in; make JAX arrays of them first",
        ),
        (
            make_state(9, -2.5, 10),
            jnp.float32(-7),
            "the sign of a reading or of the mean lost; both may be negative",
        ),
        (make_state(9, 2.5, 10), jnp.float32(0), "a reading of 0 left out; it counts, too"),
        (
            make_state(9, 0, 10),
            jnp.float32(2),
            "a mean of 0 taken for an empty state; the count alone says how many there were",
        ),
        (
            make_state(9, 2.5, 0),
            jnp.float32(2),
            "an m2 of 0 taken for an empty state; the count alone says how many there were",
        ),
        (
            make_state(9, 2.5, 10),
            jnp.float32(2.5),
            "a reading equal to the mean left out; it counts, too",
        ),
        (
            make_state(9, 2e-7, 1e-12),
            jnp.float32(-3e-7),
            "numbers that are rounded, or small ones taken for 0",
        ),
        (make_state(9, 2.5, 10), jnp.float32(1e6), "a reading far away clipped or left out"),
        (
            make_state(2**29 + 1, 2.5, 1e6),
            jnp.float32(3),
            "a count in a dtype that does not hold it: float32 ends at 2**24; count in int32",
        ),
        (
            make_state(10**9, -5e11, 1e24),
            jnp.float32(1e12),
            "a large reading clipped, or a product that overflows on the way: a count of a "
            "billion times itself does not fit into int32",
        ),
    ):
        assert_returns(
            student.update_stats(state, x),
            reference.update_stats(state, x),
            rtol=RTOL,
            hint=hint,
        )


@pytest.mark.correctness(points=1)
def test_starts_from_nothing(student, reference, rng):
    """The first readings of a series, from the empty state, twice over."""
    for _ in range(2):
        state = make_state(*EMPTY)
        for _ in range(3):
            x = jnp.float32(rng.uniform(1, 5))
            expected = reference.update_stats(state, x)
            assert_returns(
                student.update_stats(state, x),
                expected,
                rtol=RTOL,
                # After one reading m2 is 0, but for the rounding of numbers up to 25.
                atol=1e-5,
                hint="a division by the old count, which is 0 at first, or something carried over "
                "from another series",
            )
            state = expected


@pytest.mark.correctness(points=1)
def test_keeps_its_digits(student, rng):
    """Readings far from zero: the variance keeps its digits."""
    # 100 readings around 10,000 with deviation 1. Rounding the mean to float32 at each step
    # (5e-4) shifts m2 by 1e-4 of itself in Welford's form; a sum of squares (1e10, rounded
    # to 1e3) leaves nothing of an m2 of 100.
    readings = (10_000 + rng.standard_normal(100)).astype(np.float32)
    state = make_state(*EMPTY)
    for x in readings:
        seen = assert_like(student.update_stats(state, jnp.float32(x)), state)
        state = make_state(seen["count"], seen["mean"], seen["m2"])
    exact = readings.astype(np.float64)
    m2 = np.sum((exact - exact.mean()) ** 2)
    if not abs(float(state["m2"]) - m2) <= 1e-2 * m2:
        fail(
            "update_stats: m2 loses its digits when the readings are far from zero. Sums of "
            "squares cancel in float32: add (x - old mean) * (x - new mean) to m2 instead"
        )
    if not abs(float(state["mean"]) - exact.mean()) <= 1e-5 * exact.mean():
        fail("update_stats: the mean of readings far from zero is wrong after many steps")


@pytest.mark.purity(points=2)
def test_is_pure(student, rng):
    """The state lives in the argument and the result, and nowhere else."""
    calls = [
        (draw_state(rng, np), np.asarray(2.5, np.float32)),
        (draw_state(rng), jnp.float32(2.5)),
        (make_state(*EMPTY), jnp.float32(4.0)),
        (draw_state(rng), jnp.float32(-1.0)),
    ]
    assert_pure(student.update_stats, calls)
