"""Hidden tests of mean_measured."""

import jax.numpy as jnp
import numpy as np
import pytest

from jaxercise.checks.assertions import assert_pure, assert_returns

# A float32 sum of at most 300 numbers between -4 and 4, in any order: 300 x 6e-8 x 4.
RTOL, ATOL = 1e-5, 8e-5


def draw_list(rng, n, missing):
    x = rng.uniform(-2, 4, n).astype(np.float32)
    x[rng.permutation(n)[:missing]] = np.nan
    return x


def draw_whole_numbers(rng, n, missing):
    """A float32 sum of them is exact."""
    x = rng.integers(-4, 9, n).astype(np.float32)
    x[rng.permutation(n)[:missing]] = np.nan
    return x


@pytest.mark.correctness(points=2)
def test_averages_what_was_measured(student, reference, rng):
    """The mean is over the entries that are not NaN, and 0 if there are none."""
    many = "the sum over the number of all entries, not of those that were measured"
    for x, hint in (
        (draw_list(rng, 7, 0), "another sum or count than those of the measured entries"),
        (draw_list(rng, 8, 3), many),
        (jnp.asarray(draw_list(rng, 300, 250)), many),
        (draw_list(rng, 5, 4), many),
        (np.zeros(3, np.float32), "0 divided by 0; entries of 0 are measured, and count"),
        (np.array([0, 0, 3, np.nan], np.float32), "entries of 0 left out; they are measured"),
        (np.array([-1e30, -3e30, np.nan], np.float32), "large numbers replaced or clipped"),
        (np.array([-999, np.nan, 9999, 4], np.float32), "a number taken for missing; only NaN is"),
        (draw_whole_numbers(rng, 4000, 1500), "a count or an index that ends at some number"),
        (np.full(4, np.nan, np.float32), "a division by a count of 0; expected is 0"),
        (np.zeros(0, np.float32), "a division by a count of 0; expected is 0"),
        (jnp.float32([jnp.nan]), "a division by a count of 0; expected is 0"),
    ):
        assert_returns(
            student.mean_measured(x), reference.mean_measured(x), rtol=RTOL, atol=ATOL, hint=hint
        )
    small = np.array([3e-9, np.nan, -2e-9], np.float32)
    assert_returns(
        student.mean_measured(small),
        reference.mean_measured(small),
        rtol=RTOL,
        hint="a mean that is rounded, or small numbers taken for missing",
    )


@pytest.mark.correctness(points=1)
def test_works_inside_transformations(student, reference, rng):
    """jax.jit and jax.vmap of the function give the same means."""
    rows = [draw_list(rng, 6, missing) for missing in (0, 2, 5, 6)]
    expected = [reference.mean_measured(row) for row in rows]
    hint = (
        "what the first check names; or a mean over all rows together, where under jax.vmap the "
        "function sees one row"
    )
    assert_returns(
        student.mean_measured.vmapped()(jnp.asarray(np.stack(rows))),
        jnp.asarray(expected),
        rtol=RTOL,
        atol=ATOL,
        hint=hint,
    )
    assert_returns(student.mean_measured.jitted()(rows[1]), expected[1], rtol=RTOL, atol=ATOL)


@pytest.mark.purity(points=1)
def test_is_pure(student, rng):
    """Nothing but the argument matters, and the caller's list survives."""
    # A size of its own: a side effect of tracing shows at the first call alone.
    calls = [(draw_list(rng, 9, 2),), (jnp.asarray(draw_list(rng, 9, 9)),)]
    assert_pure(student.mean_measured, calls, rtol=RTOL, atol=ATOL)
