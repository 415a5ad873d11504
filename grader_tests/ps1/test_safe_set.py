"""Hidden tests of safe_set."""

import jax.numpy as jnp
import numpy as np
import pytest

from jaxercise.properties import assert_pure, assert_returns, describe_error, fail

# Entries are copied and at most one is replaced, so all come back exactly.
RTOL = 0.0

HINTS = {
    "inside": "an index inside the array left alone, the value added, a changed dtype, or NumPy "
    "where a jax array is meant",
    "negative": "a negative index counted from the end, as .at does by itself (mode='drop' too); "
    "here it is out of range",
    "beyond": "an index beyond the end moved to the last entry, as mode='clip' and "
    "dynamic_update_slice do, or wrapped around; the array must stay as it is",
}


def draw_case(rng, n, dtype=np.float32):
    """An array and a value that its dtype holds exactly."""
    x = rng.integers(-99, 99, n).astype(dtype)
    return x, dtype(rng.integers(100, 200)).item()


def indices(n):
    yield from (("inside", i) for i in {0, n // 2, n - 1})
    yield from (("negative", i) for i in (-1, -n, -n - 1, -1000))
    yield from (("beyond", i) for i in (n, n + 1, 1000))


@pytest.mark.correctness(points=1)
def test_sets_inside_the_array(student, reference, rng):
    """An index inside the array: that entry is replaced."""
    for dtype in (np.float32, np.int32):
        for n in (1, 2, 7):
            for i in (i for kind, i in indices(n) if kind == "inside"):
                x, value = draw_case(rng, n, dtype)
                for each in (x, jnp.asarray(x)):
                    assert_returns(
                        student.safe_set(each, i, value),
                        reference.safe_set(each, i, value),
                        rtol=RTOL,
                        hint=HINTS["inside"],
                    )


@pytest.mark.correctness(points=2)
def test_leaves_the_rest_alone(student, reference, rng):
    """An index outside, negative ones too: the array stays as it is."""
    for n in (1, 6):
        for kind, i in indices(n):
            x, value = draw_case(rng, n)
            for each in (x, jnp.asarray(x)):
                assert_returns(
                    student.safe_set(each, i, value),
                    reference.safe_set(each, i, value),
                    rtol=RTOL,
                    hint=HINTS[kind],
                )


@pytest.mark.correctness(points=1)
def test_works_under_jit(student, reference, rng):
    """The same compiled, where the index is not known in advance."""
    n = 5
    for kind, i in indices(n):
        x, value = draw_case(rng, n)
        seen = student.safe_set.jitted()(x, i, value)
        if seen.error is not None:
            fail(f"Under jax.jit, {describe_error('safe_set', seen.error)}")
        assert_returns(seen, reference.safe_set(x, i, value), rtol=RTOL, hint=HINTS[kind])


@pytest.mark.purity(points=1)
def test_is_pure(student, rng):
    """The caller's array survives, NumPy or JAX."""
    calls = []
    for n, i in ((5, 2), (4, 0), (3, 7)):
        x, value = draw_case(rng, n)
        calls += [(x, i, value), (jnp.asarray(x), i, value)]
    assert_pure(student.safe_set, calls)
