"""Hidden tests of summary."""

import jax.numpy as jnp
import numpy as np
import pytest

from jaxercise.checks.assertions import assert_pure, assert_returns

# A float32 sum of n = 50 positive numbers is right to n x 6e-8 = 3e-6, whatever the order.
RTOL = 1e-5
# With both signs the error is 6e-8 x n x the sum of sizes: 6e-8 x 50 x 150 = 5e-4.
ATOL = 5e-4

HINT = (
    "NumPy's numbers or Python's in place of jax arrays without axes, or the two in the wrong "
    "order; make `a` a jax array first, then jnp.sum and jnp.dot"
)


@pytest.mark.correctness(points=2)
def test_gives_sum_and_dot_product(student, reference, rng):
    """Sum and self dot product, as jax arrays without axes."""
    for library, n in ((np, 50), (jnp, 50), (np, 1)):
        a = library.asarray(rng.uniform(0.1, 2, n).astype(np.float32))
        assert_returns(student.summary(a), reference.summary(a), rtol=RTOL, hint=HINT)


@pytest.mark.correctness(points=1)
def test_handles_edge_cases(student, reference, rng):
    """Negative numbers, NumPy's float64, no numbers at all."""
    for a, hint in (
        (
            rng.uniform(-3, 3, 50).astype(np.float32),
            "signs lost; numbers may be negative, and the sum may be",
        ),
        (
            rng.uniform(0.1, 2, 50),
            "float64 kept, as NumPy and Python add; jnp.asarray makes float32 of it",
        ),
        *(
            (empty, "code that needs at least one number; the sum of none is 0, in float32")
            for empty in (np.zeros(0, np.float32), jnp.zeros(0), np.zeros(0))
        ),
        (
            np.zeros(5, np.float32),
            "a division by the largest entry or the norm, which may be 0",
        ),
    ):
        assert_returns(student.summary(a), reference.summary(a), rtol=RTOL, atol=ATOL, hint=hint)
    for size, hint in (
        (1e-9, "small numbers taken for 0, or a small number added"),
        (1e9, "large numbers clipped, or a narrower dtype on the way"),
    ):
        a = (size * rng.uniform(1, 2, 50)).astype(np.float32)
        assert_returns(student.summary(a), reference.summary(a), rtol=RTOL, hint=hint)


@pytest.mark.purity(points=1)
def test_is_pure(student, rng):
    """The caller's array survives."""
    calls = [
        (rng.uniform(1, 2, 50).astype(np.float32),),
        (rng.uniform(1, 2, 50),),
        (jnp.asarray(rng.uniform(1, 2, 50).astype(np.float32)),),
    ]
    assert_pure(student.summary, calls)
