"""Hidden tests of antithetic_price.

Deep in the money and with little volatility the payoff is nearly linear in the shocks, so
that a path and its mirror image cancel: the variance falls more than a thousandfold, and
every wrong error formula is off by a large factor.
"""

from functools import partial

import jax.numpy as jnp
import numpy as np
import pytest
from jax import random
from scipy import stats

from grader_tests.ps6 import pricing
from jaxercise.checks.assertions import assert_pure, assert_reproducible, assert_returns, fail

# Few paths for many keys: how the prices scatter tells how many pairs are independent.
N_STEPS, N_PATHS, N_KEYS = 5, 128, 512
REFERENCE_PATHS = 4000
STATIC = (2, 3)
draw_params = partial(pricing.draw_params, mu=(0.005, 0.01), S0=(9.5, 10.5), K=(9.5, 10.5))


def pair_moments(params):
    """Mean and deviation of half the payoff of a path and its mirror image, for nu = 0."""
    z, weights = pricing.normal_quadrature()
    prices = pricing.final_prices(params, N_STEPS, z)
    payoffs = params["beta"] ** N_STEPS * np.maximum(prices - params["K"], 0)
    pairs = (payoffs + payoffs[::-1]) / 2
    mean = np.sum(weights * pairs)
    return mean, np.sqrt(np.sum(weights * (pairs - mean) ** 2))


def price_for_many_keys(student, key, params):
    keys = random.split(key, N_KEYS)
    axes = (0, None, None, None)
    seen = student.antithetic_price.vmapped(in_axes=axes)(keys, params, N_STEPS, N_PATHS)
    assert_returns(seen, (jnp.zeros(N_KEYS), jnp.zeros(N_KEYS)), rtol=0, atol=np.inf)
    prices, errors = (values.astype(float) for values in seen.numpy())
    # A key that is ignored is for the check of reproducibility to find: here it counts as one.
    return (prices, errors) if np.ptp(prices) != 0 else (prices[:1], errors[:1])


@pytest.mark.correctness(points=1)
def test_expects_the_same_price(student, new_key, rng):
    """The expectation is that of call_price."""
    params = draw_params(rng, nu=0.0)
    prices, _ = price_for_many_keys(student, new_key(), params)
    mean, deviation = pair_moments(params)
    # The mean over 32,768 pairs; skewness 2 doubles the normal tail: P(|z| > 6) < 4e-9.
    z = (prices.mean() - mean) / deviation * np.sqrt(len(prices) * N_PATHS / 2)
    if not abs(z) < 6:
        fail(
            f"antithetic_price: the price is {abs(z):.0f} standard errors off the closed form. A "
            "mirrored path has the shocks -xi in place of xi, but the same drift mu, start and "
            "discount."
        )


@pytest.mark.correctness(points=1)
def test_has_less_variance(student, new_key, rng):
    """Mirrored paths cancel: prices of several keys lie closer together."""
    params = draw_params(rng, nu=0.0, h0=np.log(0.01), K=1.0)
    prices, _ = price_for_many_keys(student, new_key(), params)
    mean, deviation = pair_moments(params)
    true_error = deviation / np.sqrt(N_PATHS / 2)
    # In units of z^2 - 1 per pair; float32 sums of 128 numbers near 9 may add 1e-5 of rounding.
    z2 = np.sum((prices - mean) ** 2 / (true_error**2 + 1e-5**2))
    # Near to the chi-square of 512 keys: a pair is a chi-square of its own, whose skewness of
    # 2.8 widens the tail of the sum of squares of means over 64 to 1.4e-8 (convolved in steps).
    # Without pairs z2 is over a million; with half of the pairs, or each twice, 1024, with a
    # deviation of 67 where 728 is allowed.
    if not z2 < stats.chi2.isf(1e-9, len(prices)):
        fail(
            "antithetic_price: the prices of different keys scatter as if there were no mirrored "
            "paths, or fewer pairs. Average each of n_paths / 2 independent paths with its own "
            "mirror image, the one with all price shocks negated."
        )


@pytest.mark.correctness(points=1)
def test_states_its_own_error(student, new_key, rng):
    """The standard error is that of the average over pairs."""
    for fixed in ({"h0": np.log(0.01), "K": 1.0}, {}):
        params = draw_params(rng, nu=0.0, **fixed)
        _, errors = price_for_many_keys(student, new_key(), params)
        _, deviation = pair_moments(params)
        ratio = np.sqrt(np.mean(errors**2)) / (deviation / np.sqrt(N_PATHS / 2))
        # Over 32,768 pairs of kurtosis 15 a deviation is off by 1%, and by 1% where ddof is 0;
        # 15% is over ten sigma.
        if not abs(ratio - 1) < 0.15:
            fail(
                f"antithetic_price: the standard error is {ratio:.3g} times the right one. The two "
                "paths of a pair are not independent, the pairs are: take the deviation of the "
                "pairs' averages, over the square root of the number of pairs, n_paths / 2."
            )


@pytest.mark.correctness(points=1)
def test_random_volatility_counts(student, reference, new_key, rng):
    """With random volatility the expectation is that of call_price, too."""
    params = draw_params(rng, nu=0.3, h0=np.log(0.05), S0=10.0, K=11.5)
    runs = np.array(
        [reference.call_price(new_key(), params, N_STEPS, REFERENCE_PATHS)[0] for _ in range(64)],
        float,
    )
    prices, _ = price_for_many_keys(student, new_key(), params)
    # One shock for price and volatility makes this option 32 standard errors dearer.
    # A mean over all keys' paths, which is as good as 16 runs of the reference at least, against
    # the mean of 64.
    n_runs = len(prices) * N_PATHS / REFERENCE_PATHS
    z = (prices.mean() - runs.mean()) / (runs.std(ddof=1) * np.sqrt(1 / n_runs + 1 / 64))
    if not abs(z) < 8:
        fail(
            "antithetic_price: with nu > 0 the price is off. Price and volatility need shocks of "
            "their own on a mirrored path as well."
        )


@pytest.mark.purity(points=1)
def test_is_pure(student, new_key, rng):
    """The same key and parameters give the same estimate, and nothing else is touched."""
    # A size of its own: a side effect of tracing shows at the first call alone.
    calls = [(new_key(), draw_params(rng), 3, 50) for _ in range(2)]
    assert_pure(student.antithetic_price, calls, jit=False)
    assert_pure(student.antithetic_price, calls[:1], static_argnums=STATIC, fresh=False)


@pytest.mark.reproducibility(points=1)
def test_key_decides_the_estimate(student, new_key, rng):
    """The same key gives the same bits, another key other draws."""
    # A mirrored path may draw its shocks once more from the same key.
    args = draw_params(rng, K=5.0), 3, 50
    assert_reproducible(student.antithetic_price, new_key, *args, keys_used_once=False)
