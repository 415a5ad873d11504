"""Hidden tests of standardise."""

import numpy as np
import pytest

from jaxercise.checks.assertions import assert_pure, assert_returns


@pytest.mark.correctness(points=2)
def test_has_mean_0_and_deviation_1(student, reference, rng):
    """The mean is subtracted, and the result divided by the standard deviation."""
    for n in (2, 10, 1000):
        x = rng.uniform(-5, 5, n).astype(np.float32)
        assert_returns(
            student.standardise(x),
            reference.standardise(x),
            # Sums of up to 1,000 float32 numbers, in another order.
            rtol=1e-4,
            atol=1e-4,
            hint="jnp.mean and jnp.std, over the whole array",
        )


@pytest.mark.purity(points=1)
def test_is_pure(student, rng):
    """Same input, same answer, and nothing else is touched."""
    assert_pure(student.standardise, [(rng.uniform(-5, 5, n).astype(np.float32),) for n in (2, 9)])
