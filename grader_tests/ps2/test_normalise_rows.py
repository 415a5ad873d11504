"""Hidden tests of normalise_rows."""

import jax.numpy as jnp
import numpy as np
import pytest

from jaxercise.checks.assertions import assert_pure, assert_returns, fail

# A float32 sum of at most 32 numbers of one sign is right to 32 x 6e-8 = 2e-6, whatever
# the order; the division adds one rounding.
RTOL = 1e-5


def draw_matrix(rng, rows, cols):
    return rng.uniform(0.1, 10, (rows, cols)).astype(np.float32)


def assert_normalises(student, reference, m, hint):
    seen = student.normalise_rows(m)
    assert_returns(seen, reference.normalise_rows(m), rtol=RTOL, hint=hint)
    sums = seen.numpy().sum(axis=1)
    expected = np.asarray(m).any(axis=1)
    if not np.allclose(sums, expected, rtol=0, atol=RTOL):
        fail("normalise_rows: the rows of the result do not sum to one (a row of zeros: to zero)")


@pytest.mark.correctness(points=2)
def test_divides_by_the_row_sums(student, reference, rng):
    """Each row is divided by its own sum, whatever the shape of the matrix."""
    for shape in ((1, 1), (4, 4), (3, 7), (20, 2), (5, 32)):
        assert_normalises(
            student,
            reference,
            draw_matrix(rng, *shape),
            "the sum over the wrong axis, or without keepdims=True, which divides a square matrix "
            "along the wrong axis without any error; or no jnp.asarray where NumPy comes in",
        )


@pytest.mark.correctness(points=1)
def test_keeps_rows_of_zeros(student, reference, rng):
    """Rows of zeros stay zero; rows of tiny entries are divided like any other."""
    some = draw_matrix(rng, 5, 4)
    some[[1, 3]] = 0
    hint = "0 / 0, which is NaN; replace a total of zero by one, with jnp.where, before dividing"
    assert_normalises(student, reference, some, hint)
    assert_normalises(student, reference, np.zeros((2, 3), np.float32), hint)
    hint = (
        "a small number added to every total, small totals taken for zero or lost in a running "
        "sum over all rows, or a single entry of zero taken for a row of them; a row of small "
        "entries sums to one as well"
    )
    for shape in ((3, 4), (3, 1)):
        tiny = rng.uniform(1.01e-6, 1.2e-6, shape).astype(np.float32)
        assert_normalises(student, reference, tiny, hint)
    mixed = np.array([[0, 1.01e-6, 0], [1e10, 0, 3e9], [0, 0, 0], [2e-6, 0, 1.5e-6]], np.float32)
    assert_normalises(student, reference, mixed, hint)
    hint = "rows or columns left out beyond some number"
    assert_normalises(student, reference, draw_matrix(rng, 3000, 3), hint)
    # Whole numbers, whose sums are exact in any order.
    many = rng.integers(1, 10, (2, 3000)).astype(np.int32)
    assert_normalises(student, reference, many, hint)
    shares = np.array([[1e6, 2, 1.5e-3], [3e-4, 5e5, 1.25], [1.5, 2e-6, 4e6]], np.float32)
    hint = (
        "a share computed as what the others leave, 1 minus their sum, or rounded: beside large "
        "entries small ones keep their digits when each is divided by the total"
    )
    assert_normalises(student, reference, shares, hint)


@pytest.mark.correctness(points=1)
def test_handles_edge_cases(student, reference, rng):
    """Integer counts, JAX arrays, large entries, a matrix without rows."""
    counts = rng.integers(0, 1000, (4, 3)).astype(np.int32)
    hint = "the dtype of int32 counts kept, or an in-place division; the result is float32"
    assert_normalises(student, reference, counts, hint)
    assert_normalises(student, reference, jnp.asarray(counts), hint)
    large = rng.integers(2**30, 2**31, (4, 5)).astype(np.int32)
    hint = "the sum of large int32 counts wrapped around; make them float32 before you sum"
    assert_normalises(student, reference, large, hint)
    # Wrapped around, the sum is 0.
    assert_normalises(student, reference, np.full((2, 4), 2**30, np.int32), hint)
    assert_normalises(
        student,
        reference,
        rng.uniform(5e9, 1e10, (4, 3)).astype(np.float32),
        "powers or products of large entries, which overflow; divide by the total alone",
    )
    assert_normalises(
        student,
        reference,
        jnp.asarray(draw_matrix(rng, 3, 2)),
        "code that only a NumPy array allows; the matrix may be a JAX array",
    )
    for empty in (np.zeros((0, 3), np.float32), jnp.zeros((0, 2), jnp.int32)):
        assert_normalises(
            student,
            reference,
            empty,
            "code that needs at least one row; a matrix without rows gives one without rows",
        )


@pytest.mark.purity(points=2)
def test_is_pure(student, rng):
    """The caller's matrix survives, NumPy or JAX."""
    # Square, so that a wrong axis is left to the checks of correctness.
    with_zeros = draw_matrix(rng, 4, 4)
    with_zeros[1] = 0
    calls = [(draw_matrix(rng, 3, 3),), (with_zeros,), (jnp.asarray(with_zeros),)]
    assert_pure(student.normalise_rows, calls)
