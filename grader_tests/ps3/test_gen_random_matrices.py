"""Hidden tests of gen_random_matrices."""

import numpy as np
import pytest

from jaxercise.checks.assertions import assert_pure, assert_reproducible, assert_returns, fail

N = 3
K = 5


@pytest.mark.correctness(points=2)
def test_follows_the_stated_splits(student, reference, new_key):
    """The matrices are those that the stated splits give, to the last bit."""
    for n, k, typed in (
        (N, K, True),
        (N, K, False),
        (1, 1, True),
        (5, 1, False),
        (1, 12, False),
        (2, 30, True),
        (100, 2, True),
    ):
        key = new_key(typed=typed)
        assert_returns(
            student.gen_random_matrices(key, n, k),
            reference.gen_random_matrices(key, n, k),
            rtol=0,
            hint="repeat k times: key, subkey = random.split(key), then draw "
            "random.uniform(subkey, (n, n)); stack the k matrices"
            + ("" if typed else ". Of a legacy key, both numbers together are the key"),
        )


@pytest.mark.correctness(points=1)
def test_has_the_stated_defaults(student, reference, new_key):
    """Without n and k it makes three 2 x 2 matrices; either may be left out alone."""
    key = new_key()
    for given in ({}, {"n": 4}, {"k": 2}, {"n": 1, "k": 2}):
        assert_returns(
            student.gen_random_matrices(key, **given),
            reference.gen_random_matrices(key, **given),
            rtol=0,
            hint="keep the names and the defaults of the starter code, n=2 and k=3",
        )


@pytest.mark.purity(points=1)
def test_is_pure(student, new_key):
    """The same key gives the same matrices, and nothing else is touched."""
    calls = [(new_key(), N, K), (new_key(typed=False), N, K)]
    assert_pure(student.gen_random_matrices, calls, static_argnums=(1, 2))


@pytest.mark.reproducibility(points=1)
def test_uses_each_key_once(student, new_key):
    """The key alone decides the matrices, and no two of them are alike."""
    assert_reproducible(student.gen_random_matrices, new_key, N, K)
    matrices = student.gen_random_matrices(new_key(), N, K).numpy()
    if not isinstance(matrices, np.ndarray) or matrices.shape != (K, N, N):
        return  # Left to the correctness checks.
    # Two right matrices share nine entries with a chance of 2**-207.
    if len(np.unique(matrices.reshape(K, N * N), axis=0)) < K:
        fail(
            "gen_random_matrices: some of the matrices are equal; expected k different ones. "
            "Draw each matrix from a subkey of its own and never from a key used before."
        )
