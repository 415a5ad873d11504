"""Hidden tests of standardise."""

import jax.numpy as jnp
import numpy as np
import pytest

from jaxercise.checks.assertions import assert_pure, assert_returns

# Means are below 8 and deviations above 0.2: rounding a mean moves the result by
# 8 x 6e-8 / 0.2 = 2.4e-6, and results are below 100.
RTOL, ATOL = 2e-5, 2e-5


def draw_case(rng, rows, others, cols, library=jnp):
    """Columns of different means and deviations."""
    centre, spread = rng.uniform(-5, 5, cols), rng.uniform(0.5, 4, cols)

    def draw(n):
        return library.asarray((centre + spread * rng.uniform(-1, 1, (n, cols))).astype(np.float32))

    train = draw(rows)
    # No column of few rows is nearly constant.
    ends = np.stack([centre - spread, centre + spread]).astype(np.float32)
    return library.concatenate([train[2:], library.asarray(ends)]), draw(others)


def assert_scales_columns_of_any_size(student, reference, rng):
    """Columns far from 0, tiny deviations, results far from 0; equal means, other deviations."""
    # Equal means, then equal deviations: none of the three may be taken for the one before.
    x = jnp.array([[4.0, 4.0], [1.5, -2.0]])
    for train in ([[1, 0], [3, 8]], [[0, 2], [4, 6]], [[3, 5], [7, 9]]):
        table = jnp.array(train, jnp.float32)
        assert_returns(
            student.standardise(table, x),
            reference.standardise(table, x),
            rtol=RTOL,
            atol=ATOL,
            hint="mean and deviation of an earlier table taken for those of another one, because "
            "the two have the same means",
        )
    train, x = draw_case(rng, 6, 3000, 2)
    for many in (x, 0 * x[:3]):
        assert_returns(
            student.standardise(train, many),
            reference.standardise(train, many),
            rtol=RTOL,
            atol=ATOL,
            hint="rows left out beyond some number, or rows of zeros taken for none",
        )
    train, x = draw_case(rng, 6, 3, 2)
    for scale in (1e-5, 1e4):
        assert_returns(
            student.standardise(scale * train, scale * x),
            reference.standardise(scale * train, scale * x),
            rtol=RTOL,
            atol=ATOL,
            hint="a small number added to the deviation, small deviations taken for 0, or large "
            "entries clipped",
        )
    # The deviation is 1, and all sums are exact. A mean that is built up reading by reading is
    # rounded to 5e-4; squares are rounded to 2, which leaves nothing of a variance of 1.
    far = jnp.array([[5001.0], [5003.0], [5001.0], [5003.0]])
    assert_returns(
        student.standardise(far, jnp.array([[5042.0], [4962.0], [5002.0]])),
        np.array([[40.0], [-40.0], [0.0]], np.float32),
        rtol=2e-3,
        atol=2e-3,
        hint="the mean of the squares less the square of the mean, which cancel in float32, or "
        "results that are clipped; take the mean of the squared deviations",
    )


@pytest.mark.correctness(points=2)
def test_scales_by_the_training_data_given(student, reference, rng):
    """Mean and deviation are those of the training data of this call, in every call."""
    # The first table of a shape is new to any program. Later ones are not.
    statistics = (
        "mean and deviation of x, or of the whole matrix, in place of those of each column of "
        "train; or the variance, or a sum over n - 1, in place of the standard deviation"
    )
    remembered = (
        "mean and deviation of an earlier call, kept by a compiled function that has read them "
        "from an object or a cache while it was recorded; let them be arguments"
    )
    for rows, others, cols, library, hint in (
        (6, 3, 2, jnp, statistics),
        (6, 3, 2, jnp, remembered),
        (9, 3, 2, np, remembered),
        (4, 4, 4, jnp, statistics),
        (2, 1, 1, np, statistics),
        (2, 1, 1, np, remembered),
        (3, 0, 2, jnp, statistics),
    ):
        train, x = draw_case(rng, rows, others, cols, library)
        assert_returns(
            student.standardise(train, x),
            reference.standardise(train, x),
            rtol=RTOL,
            atol=ATOL,
            hint=hint,
        )
    assert_scales_columns_of_any_size(student, reference, rng)


@pytest.mark.purity(points=1)
def test_is_pure(student, rng):
    """Nothing is remembered outside the function, not even for the length of a call."""
    calls = [draw_case(rng, 5, 3, 2, library) for library in (np, jnp, jnp)]
    assert_pure(student.standardise, calls, rtol=RTOL, atol=ATOL)
