"""Hidden tests of correct_random.

Each statistical check rejects a right answer at most once in a hundred million runs.
"""

import numpy as np
import pytest
from scipy import stats

from jaxercise.checks.assertions import assert_pure, assert_reproducible, assert_returns, fail


@pytest.mark.correctness(points=1)
def test_has_the_asked_shape(student, reference, new_key):
    """The answer is a float32 array of the asked shape, for typed and legacy keys."""
    for shape, typed in (((3, 4), True), ((3, 4), False), ((), True)):
        key = new_key(typed=typed)
        assert_returns(
            student.correct_random(key, shape),
            reference.correct_random(key, shape),
            rtol=0,
            atol=np.inf,  # The draws are free: only dtype and shape count.
            hint="under jit, shape must be a static argument, as in the starter's decorator",
        )


@pytest.mark.correctness(points=1)
def test_draws_are_standard_normal(student, new_key):
    """The entries are standard normal."""
    shape = (100, 200)
    draws = student.correct_random(new_key(), shape).numpy()
    if not isinstance(draws, np.ndarray) or draws.shape != shape:
        fail("correct_random: the answer does not have the asked shape.")
    # Kolmogorov-Smirnov over all entries: 1e-8 is the rate of false alarms.
    if stats.kstest(draws.astype(float).ravel(), "norm").pvalue < 1e-8:
        fail(
            f"correct_random: the entries of a large array have mean {draws.mean():.2f} and "
            f"standard deviation {draws.std():.2f}, and do not look like independent draws from "
            "the normal distribution with mean 0 and standard deviation 1. Use random.normal."
        )
    # A float32 normal takes some 2**23 values: of 20,000, about 24 meet another by chance, up
    # to the sign 48, and more than 200 only with a chance below 1e-40 (Poisson).
    if draws.size - len(np.unique(np.abs(draws))) > 200:
        fail(
            "correct_random: some entries are copies of others, or their mirror images; expected "
            "a draw of its own for each. One call of random.normal with the whole shape does it."
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
