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
from jaxercise.checks.assertions import (
    assert_like,
    assert_pure,
    assert_reproducible,
    assert_returns,
    fail,
)

# Few paths for many keys: how the prices scatter tells how many pairs are independent.
N_STEPS, N_PATHS, N_KEYS = 5, 128, 512
REFERENCE_PATHS = 16_000
STATIC = (2, 3)
ZERO = (jnp.float32(0), jnp.float32(0))
draw_params = partial(pricing.draw_params, mu=(0.005, 0.01), S0=(9.5, 10.5), K=(9.5, 10.5))


def pair_moments(params, n_steps=N_STEPS):
    """Mean and deviation of half the payoff of a path and its mirror image, for nu = 0."""
    z, weights = pricing.normal_quadrature()
    prices = pricing.final_prices(params, n_steps, z)
    payoffs = params["beta"] ** n_steps * np.maximum(prices - params["K"], 0)
    pairs = (payoffs + payoffs[::-1]) / 2
    mean = np.sum(weights * pairs)
    return mean, np.sqrt(np.sum(weights * (pairs - mean) ** 2))


def price_for_many_keys(student, key, params, n_steps=N_STEPS, n_paths=N_PATHS, n_keys=N_KEYS):
    keys = random.split(key, n_keys)
    axes = (0, None, None, None)
    seen = student.antithetic_price.vmapped(in_axes=axes)(keys, params, n_steps, n_paths)
    assert_returns(seen, (jnp.zeros(n_keys), jnp.zeros(n_keys)), rtol=0, atol=np.inf)
    prices, errors = (values.astype(float) for values in seen.numpy())
    # A key that is ignored is for the check of reproducibility to find: here it counts as one.
    return (prices, errors) if np.ptp(prices) != 0 else (prices[:1], errors[:1])


@pytest.mark.correctness(points=1)
def test_expects_the_same_price(student, new_key, rng):
    """The expectation is that of call_price."""
    for n_steps, fixed, hint in (
        (
            N_STEPS,
            {"rho": 0.9},
            "A mirrored path has the shocks -xi in place of xi, but the same drift mu, start, "
            "volatility and discount.",
        ),
        (
            N_STEPS,
            {"S0": 2000.0, "K": 2000.0},
            "These prices are large. Likely cause: a bound on prices or their logarithms.",
        ),
        # After one step the price has the law of the shock, of which the far end counts.
        (1, {"h0": np.log(0.2), "S0": 10.0, "K": 13.0}, "The shocks are standard normal."),
    ):
        params = draw_params(rng, nu=0.0, **fixed)
        prices, _ = price_for_many_keys(student, new_key(), params, n_steps)
        mean, deviation = pair_moments(params, n_steps)
        # The mean over 32,768 pairs; skewness 2, 4.6 for the last, multiplies the normal tail by
        # 2.5 at most: P(|z| > 6) < 6e-9.
        z = (prices.mean() - mean) / deviation * np.sqrt(len(prices) * N_PATHS / 2)
        if not abs(z) < 6:
            fail(
                f"antithetic_price: the price is {abs(z):.0f} standard errors off the closed "
                f"form. {hint}"
            )
    # A single pair without a strike tells the size of its one shock.
    params = draw_params(rng, nu=0.0, h0=0.0, K=0.0)
    keys = random.split(new_key(), 4096)
    seen = student.antithetic_price.vmapped(in_axes=(0, None, None, None))(keys, params, 1, 2)
    found, like = seen.numpy(), (jnp.zeros(len(keys)), jnp.zeros(len(keys)))
    prices = found[0] if isinstance(found, tuple) and found else None
    if not isinstance(prices, np.ndarray) or prices.shape != (len(keys),):
        assert_returns(seen, like, rtol=0, atol=np.inf)
    # The error of a single pair may be NaN: with ddof = 1 it is 0 / 0.
    prices = np.asarray(prices, float) / (params["beta"] * params["S0"] * np.exp(params["mu"]))
    shocks = np.arccosh(np.maximum(prices, 1))
    # Of 4096 float16 draws a quarter differ; float32 prices meet by chance near 0 alone.
    few = len(np.unique(shocks)) < 0.9 * len(shocks)
    if np.ptp(prices) != 0 and (few or stats.kstest(shocks, "halfnorm").pvalue < 1e-8):
        fail(
            "antithetic_price: the shocks are not normal: they have another law, or there are few "
            "different ones. Draw them with random.normal as it is, in float32."
        )
    sizes = []
    for n_steps in (8, 24):
        args = (random.key(0), draw_params(rng), n_steps, 10)
        sizes.append(student.antithetic_price.jaxpr(*args, static_argnums=STATIC).numpy())
    grown = int(sizes[1]["equations"]) - int(sizes[0]["equations"])
    # A Python loop adds its step of several operations for each of 16 more steps.
    if grown >= 2 * 16:
        fail(
            f"antithetic_price: 16 more steps make the program {grown} operations longer. A Python "
            "loop is unrolled when JAX traces it; use lax.fori_loop or lax.scan."
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
    # After one step a pair depends on the size of its one shock alone.
    params = draw_params(rng, nu=0.0, h0=np.log(0.1), K=1.0)
    prices, _ = price_for_many_keys(student, new_key(), params, 1)
    mean, deviation = pair_moments(params, 1)
    z2 = np.sum((prices - mean) ** 2 / (deviation**2 / (N_PATHS / 2) + 1e-5**2))
    if len(prices) > 1 and not z2 > stats.chi2.ppf(1e-9, len(prices)):
        fail(
            "antithetic_price: the prices of different keys are closer together than independent "
            "pairs are. Likely cause: shocks that are scaled to a deviation of 1 over the pairs; "
            "use the draws as they are."
        )


@pytest.mark.correctness(points=1)
def test_states_its_own_error(student, new_key, rng):
    """The standard error is that of the average over pairs."""
    # In the last case pairs scatter by 3e-5 of their mean: E[x^2] - E[x]^2 loses that in float32,
    # while roundings of the log price, up to 3e-7, add a ten thousandth to the squares.
    for fixed in ({"h0": np.log(0.01), "K": 1.0}, {}, {"h0": np.log(3e-3), "K": 0.0}):
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
                "pairs' averages, over the square root of the number of pairs, n_paths / 2. "
                "(Where they lie close together E[x^2] - E[x]^2 loses its digits; jnp.std does "
                "not.)"
            )
    # At a strike of 0 and with hardly a shock, price and drift are all there is: 1e-4 is a
    # thousand roundings of a float32, and 1e-5 of the price as an error is over a hundred.
    params = draw_params(rng, nu=0.0, h0=np.log(3e-5), K=0.0)
    seen = student.antithetic_price(new_key(), params, N_STEPS, N_PATHS)
    price, error = (float(number) for number in assert_like(seen, ZERO))
    mean, _ = pair_moments(params)
    if not (abs(price / mean - 1) < 1e-4 and 0 <= error < 1e-5 * mean):
        fail(
            "antithetic_price: at a strike of 0, where all paths end at nearly the same price, "
            "price or error is off. Likely cause: a division by the strike, a small number added, "
            "or a deviation by E[x^2] - E[x]^2, which loses its digits; jnp.std does not."
        )
    # Two pairs: the mean of the squared errors is half the variance, or with ddof 0 a quarter.
    params = draw_params(rng, nu=0.0)
    prices, errors = price_for_many_keys(student, new_key(), params, n_paths=4, n_keys=4096)
    share = np.mean(errors**2) / pair_moments(params)[1] ** 2
    # At a kurtosis of 15 it is off by 4% of itself over 4096 keys: both bounds are over nine sigma.
    if len(prices) > 1 and not 0.15 < share < 0.75:
        fail(
            "antithetic_price: for two pairs the standard error is not that of their mean. Divide "
            "the deviation of the pairs' averages by sqrt(n_paths / 2), also with ddof = 1."
        )


@pytest.mark.correctness(points=1)
def test_random_volatility_counts(student, reference, new_key, rng):
    """With random volatility the expectation is that of call_price, too."""
    for strike, n_keys in ((11.5, N_KEYS), (13.0, 8 * N_KEYS)):
        params = draw_params(rng, nu=0.3, h0=np.log(0.05), S0=10.0, K=strike)
        keys = [new_key() for _ in range(64)]
        runs = [reference.antithetic_price(key, params, N_STEPS, REFERENCE_PATHS) for key in keys]
        runs = np.array(runs, dtype=float)[:, 0]
        prices, errors = price_for_many_keys(student, new_key(), params, n_keys=n_keys)
        if len(prices) == 1:
            return
        # In the first case, the volatility's shocks of one step later make this option 14
        # standard errors dearer; in the second one shock for both makes it 18 dearer. The errors
        # are those of the reference, since prices that are far too dear scatter as far. Pairs
        # with other volatility shocks on the mirrored path scatter by a tenth more at most.
        n_pairs = n_keys * N_PATHS / REFERENCE_PATHS
        spread = np.sqrt(np.var(runs, ddof=1) * (1.2 / n_pairs + 1 / len(runs)))
        # A t with 63 degrees of freedom: P(|t| > 8) = 4e-11.
        if not abs(prices.mean() - runs.mean()) < 8 * spread:
            fail(
                "antithetic_price: with nu > 0 the price is off. Price and volatility need shocks "
                "of their own, new ones at every step, on a mirrored path as well."
            )
        # One volatility for all pairs: 8 times and more; else 0.85 to 1.1, since an estimated
        # error is small together with its price.
        if not np.var(prices) < 3 * np.mean(errors**2):
            fail(
                "antithetic_price: with nu > 0 the prices of several keys scatter far more than "
                "the standard error says. Each pair needs a volatility of its own."
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
