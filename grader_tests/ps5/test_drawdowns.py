"""Hidden tests of drawdowns."""

import jax.numpy as jnp
import numpy as np
import pytest

from jaxercise.checks.assertions import assert_pure, assert_returns

# One division and one subtraction of numbers of at most 1: two roundings of 6e-8.
RTOL, ATOL = 0.0, 5e-7
HINT = (
    "a highest price over the shares of a day in place of the days so far, over all days in place "
    "of those so far, or rows and columns exchanged"
)


def draw_prices(rng, days, shares, library=jnp):
    start = rng.uniform(1, 100, shares)
    steps = 0.2 * rng.standard_normal((days, shares))
    return library.asarray((start * np.exp(np.cumsum(steps, axis=0))).astype(np.float32))


@pytest.mark.correctness(points=1)
def test_follows_each_share(student, reference, rng):
    """Each share is compared with its own highest price so far."""
    for days, shares, library in ((9, 3, jnp), (3, 8, np), (40, 2, jnp)):
        prices = draw_prices(rng, days, shares, library)
        assert_returns(
            student.drawdowns(prices), reference.drawdowns(prices), rtol=RTOL, atol=ATOL, hint=HINT
        )


@pytest.mark.correctness(points=1)
def test_follows_shares_in_tables_of_any_shape(student, reference, rng):
    """As many days as shares, a single share or day, prices of any size, many days."""
    for days, shares, library in ((5, 5, jnp), (2, 2, np), (7, 1, jnp), (1, 4, np), (1, 1, jnp)):
        prices = draw_prices(rng, days, shares, library)
        assert_returns(
            student.drawdowns(prices),
            reference.drawdowns(prices),
            rtol=RTOL,
            atol=ATOL,
            hint=f"{HINT}, which the shape of the result does not show where the table is square",
        )
    prices = draw_prices(rng, 40, 2, np).astype(float)
    for scale in (1e30 / prices.max(), 1e-30 / prices.min()):
        scaled = (scale * prices).astype(np.float32)
        assert_returns(
            student.drawdowns(scaled),
            reference.drawdowns(scaled),
            rtol=RTOL,
            atol=ATOL,
            hint="a record that starts at a number of its own or has one added, which small prices "
            "show, or logarithms, which keep fewer digits the farther a price is from 1; only the "
            "share of the record counts",
        )
    # The first day's record stands for all the others.
    prices = rng.uniform(2, 6, (2000, 2)).astype(np.float32)
    prices[0] = 10
    assert_returns(
        student.drawdowns(prices),
        reference.drawdowns(prices),
        rtol=RTOL,
        atol=ATOL,
        hint="records that are forgotten after some number of days",
    )


@pytest.mark.purity(points=1)
def test_is_pure(student, rng):
    """Nothing but the prices matters, and they survive."""
    calls = [(draw_prices(rng, 4, 3, library),) for library in (np, jnp)]
    assert_pure(student.drawdowns, calls, rtol=RTOL, atol=ATOL)
