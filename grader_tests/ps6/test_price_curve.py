"""Hidden tests of price_curve.

Statistical checks reject a right answer less than once in a million runs; see
test_call_price.py for the tail at six standard errors.
"""

from functools import partial

import jax.numpy as jnp
import numpy as np
import pytest
from jax import random

from grader_tests.ps6 import pricing
from jaxercise.checks.assertions import (
    assert_like,
    assert_pure,
    assert_reproducible,
    assert_returns,
    fail,
)

N_STEPS, N_PATHS = 10, 20_000
STATIC = (3, 4)
draw_params = partial(pricing.draw_params, S0=(9.8, 10.2), K=3.0)


@pytest.mark.correctness(points=1)
def test_prices_every_strike(student, new_key, rng):
    """Each strike has its price and standard error, in the order of the strikes."""
    params = draw_params(rng, nu=0.0)
    strikes = rng.permutation(np.linspace(8, 11, 64)).astype(np.float32)
    seen = student.price_curve(new_key(), params, strikes, N_STEPS, N_PATHS)
    assert_returns(seen, (jnp.zeros(64), jnp.zeros(64)), rtol=0, atol=np.inf)
    prices, errors = (values.astype(float) for values in seen.numpy())
    means, deviations = pricing.payoff_moments(params, N_STEPS, strikes)
    true_errors = deviations / np.sqrt(N_PATHS)
    if not np.all(np.abs(prices - means) < 6 * true_errors):
        fail(
            "price_curve: prices are off the closed form. Each strike takes the place of "
            'params["K"], and the prices keep the order of the strikes.'
        )
    # The kurtosis of payoffs is below 15 up to a strike of 11; 15% is over six sigma.
    if not np.all(np.abs(errors / true_errors - 1) < 0.15):
        fail(
            "price_curve: the standard errors are off. Each is the deviation of that strike's "
            "discounted payoffs over sqrt(n_paths)."
        )


@pytest.mark.correctness(points=1)
def test_handles_edge_cases(student, new_key, rng):
    """A single strike, equal strikes, a strike of zero, one out of reach, little volatility."""
    params, key = draw_params(rng, nu=0.0, h0=np.log(1e-4), K=0.0), new_key()
    for strikes in ([0.0], [9.0, 0.0, 9.0, 1e6], [1e6]):
        strikes = np.array(strikes, np.float32)
        seen = student.price_curve(key, params, strikes, N_STEPS, N_PATHS)
        like = jnp.zeros(len(strikes))
        assert_returns(
            seen,
            (like, like),
            rtol=0,
            atol=np.inf,
            hint="a single strike's axis squeezed away, a division by a strike of 0 or by "
            'params["K"], which does not matter, or a mean over the paths that reach a strike, of '
            "which there may be none",
        )
        prices, errors = (values.astype(float) for values in seen.numpy())
        means, deviations = pricing.payoff_moments(params, N_STEPS, strikes)
        off = np.abs(prices - means) > 1e-4 * params["S0"]
        # Over twenty sigma: the payoffs are normal, and rounded to a thousandth of their spread.
        wrong = np.abs(errors * np.sqrt(N_PATHS) - deviations) > 0.13 * deviations
        if np.any(off | wrong):
            fail(
                "price_curve: where a strike is 0 or out of reach, or strikes are equal, and all "
                "paths end at nearly the same price, prices or errors are off. Likely cause: a "
                'division by the strike or by params["K"], strikes that are sorted or made '
                "distinct, or a deviation by E[x^2] - E[x]^2, which loses its digits."
            )
    # In a table of as many strikes as paths the axes differ by their place alone.
    strikes = np.array([0, 1e6, 9, 5], np.float32)
    seen = student.price_curve(key, params, strikes, N_STEPS, 4)
    prices, _ = assert_like(seen, (jnp.zeros(4), jnp.zeros(4)))
    means, _ = pricing.payoff_moments(params, N_STEPS, strikes)
    if not np.all(np.abs(prices - means) < 1e-3 * params["S0"]):
        fail(
            "price_curve: where there are as many strikes as paths, prices are off. The mean is "
            "over the paths, whatever their number."
        )


@pytest.mark.correctness(points=1)
def test_curve_is_smooth(student, new_key, rng):
    """On common paths equal strikes have one price, which falls with the strike, and is convex."""
    # Each path's payoff falls with the strike and is convex; so is their mean, up to
    # rounding: the reference stays above +5e-5 of the largest price; new draws give -2e-2.
    params = draw_params(rng)
    # Each strike stands in two places, anywhere: the first, say, with draws of its own would be off
    # by a standard error, 1e-2, and by less than 4e-5 once in three hundred times.
    order = rng.permutation(64)
    strikes = np.repeat(np.linspace(9, 11, 32), 2).astype(np.float32)[order]
    seen = student.price_curve(new_key(), params, strikes, N_STEPS, N_PATHS)
    assert_returns(seen, (jnp.zeros(64), jnp.zeros(64)), rtol=0, atol=np.inf)
    pairs = seen.numpy()[0].astype(float)[np.argsort(order)].reshape(32, 2)
    prices = pairs[:, 0]
    allowed = 2e-5 * prices.max()
    rough = np.abs(pairs[:, 0] - pairs[:, 1]).max() > allowed
    rough = rough or np.diff(prices).max() > allowed or np.diff(prices, 2).min() < -allowed
    if rough or not np.ptp(prices) > 0:
        fail(
            "price_curve: the curve goes up and down by chance. Expected is one set of paths for "
            "all strikes: simulate once with the one key, and let only the strike vary."
        )


@pytest.mark.correctness(points=1)
def test_strikes_are_mapped(student, rng):
    """The program does not grow with the number of strikes."""
    sizes = []
    for n_strikes in (8, 40, 4_000):
        strikes = jnp.linspace(9, 11, n_strikes)
        args = (random.key(0), draw_params(rng), strikes, 3, 10)
        sizes.append(student.price_curve.jaxpr(*args, static_argnums=STATIC).numpy())
    grown = int(sizes[1]["equations"]) - int(sizes[0]["equations"])
    if {"pure_callback", "io_callback"} & sizes[1]["primitives"].keys():
        fail(
            "price_curve calls back into Python, where a loop would not be seen. Let jax.vmap map "
            "a function of one strike."
        )
    # A Python loop takes several operations for each of 32 more strikes.
    if grown >= 32:
        fail(
            f"price_curve: 32 more strikes make the program {grown} operations longer. Replace "
            "the Python loop over strikes by jax.vmap over a function of one strike."
        )
    grown = int(sizes[2]["equations"]) - int(sizes[1]["equations"])
    if grown >= 32:
        fail(
            f"price_curve: 4,000 strikes make the program {grown} operations longer than 40, as "
            "if they were taken in blocks by a Python loop. One jax.vmap maps all of them."
        )


@pytest.mark.purity(points=1)
def test_is_pure(student, new_key, rng):
    """The parameters keep their strike, and nothing but the arguments counts."""
    # A size of its own: a side effect of tracing shows at the first call alone.
    calls = [
        (new_key(), draw_params(rng), np.array([9.0, 8.0], np.float32), 3, 50),
        (new_key(), draw_params(rng), jnp.array([2.0, 10.0]), 3, 50),
    ]
    assert_pure(student.price_curve, calls, jit=False)
    assert_pure(student.price_curve, calls[:1], static_argnums=STATIC, fresh=False)


@pytest.mark.reproducibility(points=1)
def test_key_decides_the_curve(student, new_key, rng):
    """The same key gives the same bits, another key other draws."""
    # The key may go into call_price once for each strike: common draws are the point.
    args = draw_params(rng), np.array([5.0, 9.0], np.float32), 3, 50
    assert_reproducible(student.price_curve, new_key, *args, keys_used_once=False)
