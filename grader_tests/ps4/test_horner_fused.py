"""Hidden tests of horner_fused."""

import jax.numpy as jnp
import numpy as np
import pytest

from grader_tests.ps4.one_program import assert_one_program
from jaxercise.checks.assertions import assert_pure, assert_returns

# At -1 the terms of p cancel to 1/6 of their sizes: with two roundings of 6e-8 for each of
# 33 terms that is 2e-5, halved by the root. A sum of 10 of one sign adds at most 6e-7.
RTOL = 1e-4
# A running float32 sum of 5e6 numbers in a few lanes may lose 1e-4; the two orders differ.
RTOL_OF_A_LONG_SUM = 1e-3

COEFFICIENTS = tuple(1 / k for k in range(33, 0, -1))


def mean_float64(x):
    """The definition in float64, by NumPy's own polynomial."""
    x = np.asarray(x, np.float64)
    return jnp.float32(np.mean(np.sqrt(np.polyval(COEFFICIENTS, x)) / (1 + x**2)))


def draw_points(rng, n):
    return rng.uniform(-1, 1, n).astype(np.float32)


@pytest.mark.correctness(points=2)
def test_gives_the_mean_of_the_chain(student, rng):
    """Polynomial, root, quotient and mean, as a float32 without axes."""
    # At the right end p is furthest from the logarithm, which the endless series is.
    ends = (np.array([end], np.float32) for end in (1.0, -1.0, 0.0))
    for x in (*ends, draw_points(rng, 10), jnp.asarray(draw_points(rng, 10))):
        assert_returns(
            student.horner_fused(x),
            mean_float64(x),
            rtol=RTOL,
            hint="the coefficients from the wrong end (the first belongs to x^32), the sum for "
            "the mean, the root of all instead of the polynomial's, or a division by x or 1 + x",
        )
    for point in (0.6, 0.85, 1 - 1 / 256, -0.35):
        x = np.array([point], np.float32)
        assert_returns(
            student.horner_fused(x),
            mean_float64(x),
            rtol=RTOL,
            hint="fewer than 33 terms, values of p from a table, or a narrower dtype on the way",
        )
    # From every tenth the mean is another by 2e-3 or more as a rule, and as much without the
    # last ones, which are out of the ordinary. A float32 sum in one lane walks to 1e-5.
    for n in (4_999, 200_999):
        x = draw_points(rng, n)
        x[n - n % 1000 :] = -1
        assert_returns(
            student.horner_fused(x),
            mean_float64(x),
            rtol=RTOL,
            hint="a mean over a part of the numbers, such as every tenth or whole blocks",
        )


@pytest.mark.purity(points=1)
def test_is_pure(student, rng):
    """The caller's array survives, NumPy or JAX, and nothing is remembered."""
    x = draw_points(rng, 10)
    assert_pure(student.horner_fused, [(x,), (jnp.asarray(x),)])


@pytest.mark.speed(points=2)
def test_beats_numpy(student, rng, race):
    """At least twice as fast as NumPy in float32, compilation not counted."""
    x = draw_points(rng, 12)
    assert_one_program(student.horner_fused, (x,), (x[:7],))
    race(
        "horner_fused",
        make_arguments=lambda rng: (draw_points(rng, 3_000_000),),
        minimum=2,
        rtol=RTOL_OF_A_LONG_SUM,
    )
