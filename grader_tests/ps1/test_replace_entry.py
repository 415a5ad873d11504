"""Hidden tests of replace_entry."""

import jax.numpy as jnp
import numpy as np
import pytest

from jaxercise.properties import assert_pure, assert_returns

# Entries are copied and one is replaced, so all come back exactly.
RTOL = 0.0


def draw_case(rng, n, dtype=np.float32):
    """An array and a value that its dtype holds exactly."""
    x = rng.integers(-99, 99, n).astype(dtype)
    return x, dtype(rng.integers(100, 200)).item()


@pytest.mark.correctness(points=2)
def test_replaces_one_entry(student, reference, rng):
    """One entry is new, the others stay, and so does the dtype."""
    for dtype in (np.float32, np.int32):
        for n in (1, 5, 100):
            for i in (0, n // 2, n - 1):
                x, value = draw_case(rng, n, dtype)
                for each in (x, jnp.asarray(x)):
                    assert_returns(
                        student.replace_entry(each, i, value),
                        reference.replace_entry(each, i, value),
                        rtol=RTOL,
                        hint="NumPy where a jax array is meant, a changed dtype, or the value "
                        "added to the entry; jnp.asarray(x).at[i].set(value) is what to return",
                    )


@pytest.mark.correctness(points=1)
def test_follows_the_rules_for_indices(student, reference, rng):
    """Negative indices count from the end; beyond the ends nothing is replaced."""
    n = 6
    for indices, hint in (
        ((-1, -3, -n), "negative indices left out; -1 is the last entry, as in NumPy"),
        (
            (n, n + 3, -n - 1, 10 * n),
            "an index beyond the ends clipped to the last entry, or wrapped around by %; with "
            "such an index the result equals x",
        ),
    ):
        for i in indices:
            x, value = draw_case(rng, n)
            for each in (x, jnp.asarray(x)):
                assert_returns(
                    student.replace_entry(each, i, value),
                    reference.replace_entry(each, i, value),
                    rtol=RTOL,
                    hint=hint,
                )


@pytest.mark.purity(points=2)
def test_is_pure(student, rng):
    """The caller's array survives, NumPy or JAX."""
    calls = []
    for n, i in ((5, 2), (4, -1), (3, 0)):
        x, value = draw_case(rng, n)
        calls += [(x, i, value), (jnp.asarray(x), i, value)]
    assert_pure(student.replace_entry, calls)
