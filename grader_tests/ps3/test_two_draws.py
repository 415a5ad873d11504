"""Hidden tests of two_draws.

Each statistical check rejects a right answer less than once in ten million runs.
"""

import jax.numpy as jnp
import numpy as np
import pytest
from jax import random

from jaxercise.checks.assertions import (
    assert_pure,
    assert_reproducible,
    assert_returns,
    fail,
    is_like,
)
from jaxercise.grading.sampling import depend, law_fault

N_KEYS = 2**18


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
        if fault := law_fault(draws):
            fail(f"two_draws: over {N_KEYS} keys the {which} draws {fault}.")


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
    first, second = np.asarray(seen.numpy(), float)
    if depend(first, second):
        correlation = np.corrcoef(first, second)[0, 1]
        fail(
            f"two_draws: over {N_KEYS} keys the two draws depend on each other (correlation "
            f"{correlation:.2f}): one tells about the size or the sign of the other. Draws are "
            "independent when each has a key of its own: split `key` and use each part once."
        )
    # The grader's keys are numbered one after the other. A float32 draw meets one of another
    # key with a chance of 1e-7.
    one, other = student.two_draws(new_key()), student.two_draws(new_key())
    pair = (jnp.float32(0), jnp.float32(0))
    if is_like(one, pair) and is_like(other, pair) and one.numpy()[1] == other.numpy()[0]:
        fail(
            "two_draws: the second draw of one key is the first draw of another. Likely cause: "
            "a number added to the key; random.split makes keys that are nobody else's."
        )
