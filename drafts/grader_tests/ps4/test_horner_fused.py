"""Hidden tests of horner_fused."""

import jax.numpy as jnp
import numpy as np
import pytest

from jaxercise.properties import assert_pure, assert_returns

# Near -2 the terms of p cancel to 1/54 of their sizes: with 8 roundings of 6e-8 that is
# 3e-5, halved by the root. A sum of up to 1000 terms of one sign adds at most 6e-5.
RTOL = 1e-4
# A running float32 sum of 1e7 numbers in a few lanes may lose 1e-4; the two orders differ.
RTOL_OF_A_LONG_SUM = 1e-3

COEFFICIENTS = (1 / 40320, 1 / 5040, 1 / 720, 1 / 120, 1 / 24, 1 / 6, 1 / 2, 1.0, 1.0)


def mean_float64(x):
    """The definition in float64, by NumPy's own polynomial."""
    x = np.asarray(x, np.float64)
    return jnp.float32(np.mean(np.sqrt(np.polyval(COEFFICIENTS, x)) / (1 + x**2)))


def draw_points(rng, n):
    return rng.uniform(-2, 2, n).astype(np.float32)


@pytest.mark.correctness(points=2)
def test_gives_the_mean_of_the_chain(student, rng):
    """Polynomial, root, quotient and mean, as a float32 without axes."""
    # At the left end p is furthest from exp, by 1 in 100.
    ends = np.array([-2.0], np.float32)
    for x in (ends, *(draw_points(rng, n) for n in (1, 2, 10, 1000))):
        for points in (x, jnp.asarray(x)):
            assert_returns(
                student.horner_fused(points),
                mean_float64(x),
                rtol=RTOL,
                hint="the coefficients from the wrong end (the first belongs to x^8), the sum for "
                "the mean, or the root of all instead of the polynomial's",
            )


@pytest.mark.purity(points=1)
def test_is_pure(student, rng):
    """The caller's array survives, NumPy or JAX, and nothing is remembered."""
    x = draw_points(rng, 6)
    assert_pure(student.horner_fused, [(x,), (jnp.asarray(x),), (x[:2].copy(),)])


@pytest.mark.speed(points=2)
def test_beats_numpy(race):
    """At least 3 times as fast as NumPy in float32, compilation not counted."""
    race(
        "horner_fused",
        make_arguments=lambda rng: (rng.uniform(-2, 2, 10_000_000).astype(np.float32),),
        minimum=3,
        rtol=RTOL_OF_A_LONG_SUM,
    )
