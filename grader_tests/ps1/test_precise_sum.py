"""Hidden tests of precise_sum."""

import math

import jax.numpy as jnp
import numpy as np
import pytest

from jaxercise.checks.assertions import assert_no_side_effects, assert_pure, assert_returns

# What the lesson allows. float64 rounds by 1.1e-16: over 200,000 positive numbers such roundings
# add up to 2e-11 at most. A sum in float32 is off by 1e-9 or more: rounding its result alone
# costs up to 6e-8.
RTOL = 1e-10
N = 1500


def exact(x):
    """The correctly rounded sum (Shewchuk's algorithm): no reference is needed."""
    return np.asarray(math.fsum(np.asarray(x, np.float64)))


@pytest.mark.correctness(points=2)
def test_adds_in_64_bits(student, rng):
    """A large float32 array, added up to ten digits."""
    for library, n in ((np, N), (jnp, N), (jnp, 200_000)):
        x = library.asarray(rng.uniform(0, 1, n).astype(np.float32))
        assert_returns(
            student.precise_sum(x),
            exact(x),
            rtol=RTOL,
            hint="a sum in float32, perhaps widened afterwards, or one that NumPy or Python "
            "made; inside `with jax.enable_x64(True):` ask jnp.sum for dtype=jnp.float64",
        )


@pytest.mark.correctness(points=1)
def test_handles_edge_cases(student, rng):
    """Numbers that cancel, one number, large and small ones, 64 bits switched on already."""
    small = rng.uniform(0, 1, 500).astype(np.float32)
    large = (1e9 * rng.uniform(1, 2, 500)).astype(np.float32)
    cancelling = rng.permutation(np.concatenate([large, small, -large]))
    # At most 1500 roundings of 1.1e-16 of the largest partial sum, 500 x 2e9.
    atol = 2e-1
    cases = [
        (cancelling, atol, "digits lost where large numbers cancel, as they are in float32"),
        (np.zeros(50, np.float32), 0.0, "a division by the largest number, which may be 0"),
        (small[:1], 0.0, "one number summed up is that number, in float64"),
        (
            np.full(50, 3e38, np.float32),
            0.0,
            "arithmetic in float32 before the sum, where large numbers overflow",
        ),
        (
            rng.uniform(1e-30, 2e-30, 50).astype(np.float32),
            0.0,
            "small numbers taken for 0, or a result that is rounded",
        ),
    ]
    for x, tolerance, hint in cases:
        assert_returns(student.precise_sum(x), exact(x), rtol=RTOL, atol=tolerance, hint=hint)
    hint = "code that works only while 64 bits are switched off outside"
    positive = np.abs(cancelling)
    assert_returns(student.precise_sum.x64()(positive), exact(positive), rtol=RTOL, hint=hint)


@pytest.mark.purity(points=2)
def test_is_pure(student, rng):
    """The switch for 64 bits stays as it was, on or off, and so does the caller's array."""
    x = rng.uniform(0, 1, N).astype(np.float32)
    assert_pure(student.precise_sum, [(x,), (jnp.asarray(x),)], rtol=RTOL)
    assert_no_side_effects(student.precise_sum.x64()(x))
