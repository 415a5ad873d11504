"""Hidden tests of correct_random.

Each statistical check rejects a right answer at most once in a hundred million runs.
"""

import jax.numpy as jnp
import numpy as np
import pytest
from jax import random

from jaxercise.checks.assertions import (
    assert_like,
    assert_pure,
    assert_reproducible,
    assert_returns,
    fail,
    is_like,
)
from jaxercise.grading.sampling import largest_lag, law_fault

N_KEYS = 4096
# Of a million draws of random.uniform from this key, one is 0, and so for both keys of its split.
KEY_OF_ZEROS = 363


@pytest.mark.correctness(points=1)
def test_has_the_asked_shape(student, reference, new_key):
    """The answer is a float32 array of the asked shape, for typed and legacy keys."""
    for shape, typed in (
        ((3, 4), True),
        ((3, 4), False),
        ((), True),
        ((1, 2, 1), True),
        ((1,), False),
    ):
        key = new_key(typed=typed)
        assert_returns(
            student.correct_random(key, shape),
            reference.correct_random(key, shape),
            rtol=0,
            atol=np.inf,  # The draws are free: only dtype and shape count.
            hint="an axis of length one left out, or shape traced: under jit it must be a static "
            "argument, as in the starter's decorator",
        )


@pytest.mark.correctness(points=1)
def test_draws_are_standard_normal(student, new_key):
    """The entries are standard normal."""
    shape = (450, 450)
    draws = student.correct_random(new_key(), shape).numpy()
    if not isinstance(draws, np.ndarray) or draws.shape != shape:
        fail("correct_random: the answer does not have the asked shape.")
    if fault := law_fault(draws):
        fail(f"correct_random: the entries of a large array {fault}.")
    # Copies as well as mirror images have the same size. Of 200,000 right draws, with 2**22 sizes,
    # 2.4% meet another's.
    if len(np.unique(np.abs(draws))) < 0.9 * draws.size:
        fail(
            "correct_random: in a large square array many entries are copies of others, perhaps "
            "with the other sign, as [i, j] and [j, i] in a symmetric array. Expected is a draw of "
            "its own for each."
        )
    # Their sizes as well: signs alone may be independent.
    if max(largest_lag(draws), largest_lag(np.abs(draws))) > 7.5:
        fail(
            "correct_random: some entries tell about others: they are copies, mirror images, sums "
            "with a common part or draws of like size; expected a draw of its own for each. One "
            "call of random.normal with the whole shape does it."
        )
    seen = student.correct_random(random.key(KEY_OF_ZEROS), (1000, 1000))
    if not np.isfinite(assert_like(seen, jnp.zeros((1000, 1000)))).all():
        fail(
            "correct_random: of a million draws from one key, one is infinite. Likely cause: "
            "random.uniform, made normal: it may return 0, once in eight million draws, whose "
            "logarithm or quantile is infinite. Use random.normal."
        )


@pytest.mark.purity(points=1)
def test_is_pure(student, new_key):
    """The same key gives the same array, compiled or not, and nothing else is touched."""
    calls = [(new_key(), (3, 4)), (new_key(typed=False), (3, 4))]
    assert_pure(student.correct_random, calls, static_argnums=(1,))


@pytest.mark.reproducibility(points=2)
def test_the_key_decides(student, new_key):
    """The same key gives the same draws, and another key gives others."""
    assert_reproducible(student.correct_random, new_key, (3, 4))
    keys = random.split(new_key(), N_KEYS)
    seen = student.correct_random.vmapped(in_axes=(0, None))(keys, (2, 2))
    if not is_like(seen, jnp.zeros((N_KEYS, 2, 2))):
        return  # Left to the correctness checks, or that of purity, which calls it under jit.
    # A sum of four entries that have nothing to do with each other has twice their deviation,
    # whatever their law.
    entries = seen.numpy().reshape(N_KEYS, 4).astype(float)
    for powers, what in ((entries, "the sum"), (np.square(entries), "the sum of the squares")):
        if np.std(powers.sum(axis=1)) < 0.1 * np.std(powers):
            fail(
                f"correct_random: over {N_KEYS} keys, {what} of the entries of a small array is "
                "always the same. Use the draws as they are: no array is shifted or scaled to a "
                "mean of 0 and a deviation of 1."
            )
    # Of 4096 right draws of one entry, one meets another by chance, and 1638 never do.
    for entry in seen.numpy().reshape(N_KEYS, 4).T:
        if len(np.unique(entry)) < 0.4 * N_KEYS:
            fail(
                f"correct_random: of {N_KEYS} keys, many give a draw that others give too. Likely "
                "cause: a small number made of the key, or a key that decides only some entries."
            )
