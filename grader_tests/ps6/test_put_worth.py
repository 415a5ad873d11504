"""Hidden tests of put_worth."""

import jax.numpy as jnp
import numpy as np
import pytest

from jaxercise.checks.assertions import assert_pure, assert_returns

# Each day rounds the worth, at most 100, by some 2e-5; averages and discounts do not enlarge it,
# so 40 days add up to less than 1e-3.
RTOL, ATOL = 1e-5, 1e-3
HINT = (
    "up and down exchanged, ends that are not stayed at, the money discounted as well, or rows "
    "from the last day to the first"
)


def draw(rng, n_prices, n_days):
    prices = np.cumsum(rng.uniform(1, 8, n_prices)).astype(np.float32)
    strike = float(rng.uniform(prices[0], prices[-1]))
    return prices, strike, float(rng.uniform(0.2, 0.8)), float(rng.uniform(0.8, 0.98)), n_days


def put_worth_by_loops(prices, strike, up, discount, n_days):
    """Price by price and day by day, as the lesson words it."""
    last = len(prices) - 1
    sold = [max(strike - float(price), 0.0) for price in prices]
    rows = [sold]
    for _ in range(n_days):
        tomorrow = rows[0]
        waited = [
            discount * (up * tomorrow[min(i + 1, last)] + (1 - up) * tomorrow[max(i - 1, 0)])
            for i in range(last + 1)
        ]
        rows.insert(0, [max(now, later) for now, later in zip(sold, waited, strict=True)])
    return jnp.asarray(np.array(rows), jnp.float32)


@pytest.mark.correctness(points=3)
def test_sells_or_waits_whichever_is_worth_more(student, rng):
    """On every day, at every price, the ends of the list included."""
    for library, n_prices, n_days in ((jnp, 6, 1), (np, 9, 40), (jnp, 2, 3), (np, 4, 0)):
        prices, *rest = draw(rng, n_prices, n_days)
        assert_returns(
            student.put_worth(library.asarray(prices), *rest),
            put_worth_by_loops(prices, *rest),
            rtol=RTOL,
            atol=ATOL,
            hint=HINT,
        )
    prices, *_ = draw(rng, 7, 0)
    middle = float(prices[3])
    for strike, up, discount in (
        (middle, 0.0, 1.0),
        (middle, 1.0, 0.9),
        (0.0, 0.5, 0.9),
        (100.0, 0.9, 0.5),
        (100.0, 0.1, 1.0),
    ):
        arguments = strike, up, discount, 12
        assert_returns(
            student.put_worth(prices, *arguments),
            put_worth_by_loops(prices, *arguments),
            rtol=RTOL,
            atol=ATOL,
            hint="certain moves, a discount of 1, a strike below or above all prices",
        )


@pytest.mark.purity(points=1)
def test_is_pure(student, rng):
    """The list of prices stays, and the rest may be traced."""
    prices, *rest = draw(rng, 5, 4)
    calls = [(prices, *rest), (jnp.asarray(prices), *rest)]
    assert_pure(student.put_worth, calls, static_argnums=4, rtol=RTOL, atol=ATOL)
