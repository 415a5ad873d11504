"""Hidden tests of two_draws.

Each statistical check rejects a right answer less than once in ten million runs.
"""

import jax.numpy as jnp
import numpy as np
import pytest
from jax import random
from scipy import stats

from jaxercise.checks.assertions import (
    assert_pure,
    assert_reproducible,
    assert_returns,
    fail,
    is_like,
)

N_KEYS = 4096


@pytest.mark.correctness(points=1)
def test_returns_two_scalars(student, reference, new_key):
    """The answer is a tuple of two float32 scalars, for typed and legacy keys."""
    for typed in (True, False):
        key = new_key(typed=typed)
        assert_returns(
            student.two_draws(key),
            reference.two_draws(key),
            rtol=0,
            atol=np.inf,  # The task leaves the draws free: only structure, dtype and shape count.
            hint="return the two draws as a tuple: return first, second",
        )


@pytest.mark.correctness(points=1)
def test_each_draw_is_standard_normal(student, new_key):
    """Over many keys, each of the two draws is standard normal."""
    seen = student.two_draws.vmapped()(random.split(new_key(), N_KEYS))
    assert_returns(seen, (jnp.zeros(N_KEYS), jnp.zeros(N_KEYS)), rtol=0, atol=np.inf)
    for which, draws in zip(("first", "second"), seen.numpy(), strict=True):
        if np.ptp(draws) == 0:
            fail(
                f"two_draws: for {N_KEYS} keys the {which} draw has one and the same value; "
                "expected another value for each key. Does it come from `key`?"
            )
        # Kolmogorov-Smirnov: its p-value is exact, so 1e-8 is the rate of false alarms.
        if stats.kstest(draws.astype(float), "norm").pvalue < 1e-8:
            fail(
                f"two_draws: over {N_KEYS} keys the {which} draw has mean {draws.mean():.2f} and "
                f"standard deviation {draws.std():.2f}, and does not look like a draw from the "
                "normal distribution with mean 0 and standard deviation 1. Use random.normal."
            )


@pytest.mark.purity(points=1)
def test_is_pure(student, new_key):
    """The same key gives the same pair, and nothing else is touched."""
    assert_pure(student.two_draws, [(new_key(),), (new_key(typed=False),)])


@pytest.mark.reproducibility(points=2)
def test_draws_are_reproducible_and_independent(student, new_key):
    """The key alone decides both draws, and they are independent of each other."""
    assert_reproducible(student.two_draws, new_key)
    seen = student.two_draws.vmapped()(random.split(new_key(), N_KEYS))
    if not is_like(seen, (jnp.zeros(N_KEYS), jnp.zeros(N_KEYS))):
        return  # Left to the correctness checks.
    first, second = (draws - draws.mean() for draws in np.asarray(seen.numpy(), float))
    correlation = np.mean(first * second) / max(first.std() * second.std(), 1e-6)
    # Of independent normals, |z| > 6.5 has a chance of 1e-10 (Student's t of the correlation).
    if abs(correlation) * np.sqrt(N_KEYS) > 6.5:
        fail(
            f"two_draws: over {N_KEYS} keys the two draws have correlation {correlation:.2f}; "
            "expected about 0. Draws are independent when each has a key of its own: split `key` "
            "and use each part once."
        )
