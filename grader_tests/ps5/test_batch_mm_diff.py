"""Hidden tests of batch_mm_diff."""

import jax.numpy as jnp
import numpy as np
import pytest

from jaxercise.checks.assertions import assert_pure, assert_returns, fail

# A float32 mean of at most 8 numbers below 30 is right to 8 x 6e-8 x 30 = 1.5e-5 at worst; the
# subtraction cancels, so the error is absolute.
RTOL, ATOL = 1e-5, 5e-5


def draw_rows(rng, rows, cols):
    """Skewed, so that mean and median differ by much more than the tolerance."""
    return (rng.exponential(2.0, (rows, cols)) - 1).astype(np.float32)


def by_numpy(X):
    X = np.asarray(X, np.float64)
    return jnp.asarray(X.mean(axis=1) - np.median(X, axis=1), jnp.float32)


@pytest.mark.correctness(points=2)
def test_takes_each_row(student, rng):
    """Mean minus median of each row, whatever the shape of the matrix."""
    for shape in ((5, 8), (7, 3)):
        X = draw_rows(rng, *shape)
        assert_returns(
            student.batch_mm_diff(X),
            by_numpy(X),
            rtol=RTOL,
            atol=ATOL,
            hint="columns taken for rows (the result has one value for each row), the median minus "
            "the mean, or a list in place of an array",
        )


@pytest.mark.correctness(points=1)
def test_handles_edge_cases(student, rng):
    """A single row, a single column, equal entries, a JAX array."""
    for X, hint in (
        (draw_rows(rng, 1, 5), "a batch of one squeezed away; one row gives an array of one value"),
        (
            draw_rows(rng, 4, 1),
            "a column squeezed away; in a row of one entry mean and median agree",
        ),
        (draw_rows(rng, 1, 1), "code that needs two entries; of one, mean and median agree"),
        (np.zeros((3, 4), np.float32), "a division by the entries, which may be 0"),
        (np.full((5, 8), 2.5, np.float32), "code that needs distinct entries in a row"),
        (jnp.asarray(draw_rows(rng, 5, 8)), "code that only a NumPy array allows"),
    ):
        assert_returns(student.batch_mm_diff(X), by_numpy(X), rtol=RTOL, atol=ATOL, hint=hint)
    # Few different numbers: rows in which many entries are equal, the middle ones as well.
    ties = rng.integers(0, 4, (30, 7)).astype(np.float32)
    assert_returns(
        student.batch_mm_diff(ties),
        by_numpy(ties),
        rtol=RTOL,
        atol=ATOL,
        hint="equal entries taken for one; each of them counts in the median",
    )
    low = -3 * draw_rows(rng, 5, 8)
    assert_returns(
        student.batch_mm_diff(low),
        by_numpy(low),
        rtol=RTOL,
        atol=ATOL,
        hint="a number such as -1 used to mark what is left out; entries may be below it",
    )
    small = draw_rows(rng, 5, 8) * np.float32(1e-8)
    assert_returns(
        student.batch_mm_diff(small),
        by_numpy(small),
        rtol=RTOL,
        atol=1e-8 * ATOL,
        hint="a result that is rounded, or small numbers taken for 0",
    )
    # A row of large numbers says nothing about the others, nor a large number about its row's
    # median: the means of both are right to 1e-6 of themselves.
    X = draw_rows(rng, 5, 8)
    X[0] *= np.float32(1e6)
    X[1, 0] = 1e6
    assert_returns(
        student.batch_mm_diff(X),
        by_numpy(X),
        rtol=RTOL,
        atol=ATOL,
        hint="a median that is approximated: it is a number of its row, or the mean of two, "
        "however large the numbers beside it",
    )


@pytest.mark.correctness(points=1)
def test_has_no_loop(student, rng):
    """All rows at once: the recorded program is as long for 40 rows as for 4."""
    # Small matrices first: a loop that takes each row is recorded in full. Then large ones, for
    # what treats many rows at once, but not all: blocks of 1000 add operations, or steps to a scan.
    for n_few, n_many in ((4, 40), (2_000, 20_000)):
        few, many = (
            student.batch_mm_diff.jaxpr(draw_rows(rng, n, 5)).numpy() for n in (n_few, n_many)
        )
        # A right answer adds none.
        if many["equations"] > few["equations"] + 4:
            fail(
                "batch_mm_diff records more operations the more rows there are: it loops over the "
                "rows, or over blocks of them, in Python. Write the function for one row, and let "
                "jax.vmap treat all of them at once."
            )
        # A loop over the columns has room for all rows at once, as has the sorting for a median:
        # an array as large as the matrix. One that takes a row after the other has not.
        row_by_row = "while" in many["primitives"] and many["largest"] < n_many * 5
        if many["trips"] > few["trips"] or row_by_row:
            fail(
                "batch_mm_diff takes one row, or one block of rows, after the other in a compiled "
                "loop (lax.map, lax.scan or lax.fori_loop). The rows do not depend on each other: "
                "let jax.vmap treat all at once."
            )
    X = draw_rows(rng, 3000, 5)
    assert_returns(
        student.batch_mm_diff(X),
        by_numpy(X),
        rtol=RTOL,
        atol=ATOL,
        hint="rows left out beyond some number",
    )
    if {"pure_callback", "io_callback"} & many["primitives"].keys():
        fail(
            "batch_mm_diff calls back into Python, where a loop would not be seen. Compute with "
            "jax.numpy, and let jax.vmap treat all rows at once."
        )


@pytest.mark.purity(points=1)
def test_is_pure(student, rng):
    """The caller's matrix survives, and nothing but the argument matters."""
    # Sizes of their own: a side effect of tracing shows at the first call alone.
    calls = [(draw_rows(rng, 6, 9),), (draw_rows(rng, 9, 4),), (jnp.asarray(draw_rows(rng, 6, 9)),)]
    # The lesson plants no bait before this exercise, so a fresh run would show nothing new.
    assert_pure(student.batch_mm_diff, calls, rtol=RTOL, atol=ATOL, fresh=False)
