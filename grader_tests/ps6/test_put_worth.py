"""Hidden tests of put_worth."""

import jax.numpy as jnp
import numpy as np
import pytest

from jaxercise.checks.assertions import assert_pure, assert_returns, fail

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


@pytest.mark.correctness(points=2)
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
    # The same rules at a ten-thousandth of the prices.
    prices, strike, *rest = draw(rng, 9, 40)
    prices, strike = prices * np.float32(1e-4), strike * 1e-4
    assert_returns(
        student.put_worth(prices, strike, *rest),
        put_worth_by_loops(prices, strike, *rest),
        rtol=RTOL,
        atol=ATOL * 1e-4,
        hint="days that are left out, or a worth that is rounded, where it changes by little: what "
        "is little depends on the prices",
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


@pytest.mark.correctness(points=1)
def test_days_are_one_loop(student, rng):
    """The program does not grow with the number of days."""
    few, many = (
        student.put_worth.jaxpr(*draw(rng, 5, n_days), static_argnums=4).numpy()
        for n_days in (8, 40)
    )
    # A Python loop takes several operations for each of 32 more days.
    grown = int(many["equations"]) - int(few["equations"])
    if grown >= 32:
        fail(
            f"put_worth: 32 more days make the program {grown} operations longer. A Python loop is "
            "unrolled when JAX traces it, as is one of lax with unroll=True; go back from day to "
            "day by lax.scan or lax.fori_loop."
        )
    if {"pure_callback", "io_callback"} & many["primitives"].keys():
        fail("put_worth calls back into Python, where a loop would not be seen. Use lax.scan.")


@pytest.mark.purity(points=1)
def test_is_pure(student, rng):
    """The list of prices stays, and the rest may be traced."""
    prices, *rest = draw(rng, 5, 4)
    calls = [(prices, *rest), (jnp.asarray(prices), *rest)]
    assert_pure(student.put_worth, calls, static_argnums=4, rtol=RTOL, atol=ATOL)
