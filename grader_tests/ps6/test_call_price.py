"""Hidden tests of call_price.

Statistical checks reject a right answer less than once in a million runs. Payoffs have a
skewness g near 2 here; by Cramer's theorem that multiplies the normal tail at z by about
exp(g z^3 / (6 sqrt(n_paths))), which is 1.7 at z = 6 and 20,000 paths: P(|z| > 6) < 4e-9.
"""

import jax.numpy as jnp
import numpy as np
import pytest
from jax import random
from scipy import stats

from grader_tests.ps6.pricing import draw_params, payoff_moments
from jaxercise.checks.assertions import (
    assert_like,
    assert_pure,
    assert_reproducible,
    assert_returns,
    fail,
)

N_STEPS, N_PATHS = 10, 20_000
N_KEYS, FEW_PATHS = 512, 64
STATIC = (2, 3)


@pytest.mark.correctness(points=2)
def test_agrees_with_the_closed_form(student, new_key, rng):
    """Price and standard error agree with the closed form where there is one (nu = 0)."""
    for fixed in ({}, {"rho": 0.9}, {"S0": 2000.0, "K": 2000.0}):
        params = draw_params(rng, nu=0.0, **fixed)
        seen = student.call_price(new_key(), params, N_STEPS, N_PATHS)
        assert_returns(seen, (jnp.float32(0), jnp.float32(0)), rtol=0, atol=np.inf)
        price, error = (float(number) for number in seen.numpy())
        mean, deviation = payoff_moments(params, N_STEPS)
        true_error = deviation / np.sqrt(N_PATHS)
        if not abs(price - mean) < 6 * true_error:
            fail(
                f"call_price: the price is {abs(price - mean) / true_error:.0f} standard errors "
                "off the closed form. The price is beta ** n_steps times the mean of the payoffs "
                "max(S - K, 0): first the max of each path, then the mean, then the discount."
            )
        # The kurtosis of the payoffs is below 12 at these volatilities (20 for rho = 0.9),
        # so an estimated deviation is off by 1.6% as a rule, and by 10% at six sigma.
        if not abs(error / true_error - 1) < 0.13:
            fail(
                f"call_price: the standard error is {error / true_error:.3g} times the right "
                "one. It is the standard deviation of the discounted payoffs over sqrt(n_paths)."
            )
    # Deep in the money the payoff is the price less a constant: skewness 0.5, kurtosis 3.5, of
    # which means over 64 paths keep 0.01, so that the squares of 512 keys are chi-square. Half of
    # the paths, or each twice, doubles them: 1024 with a deviation of 45, where 728 is allowed.
    params = draw_params(rng, nu=0.0, K=2.0)
    axes = (0, None, None, None)
    # A prime number of paths is no multiple of any block: what is left over counts as well.
    for n_steps, n_paths in ((2, 1999), (N_STEPS, FEW_PATHS)):
        seen = student.call_price.vmapped(in_axes=axes)(
            random.split(new_key(), N_KEYS), params, n_steps, n_paths
        )
        assert_returns(seen, (jnp.zeros(N_KEYS), jnp.zeros(N_KEYS)), rtol=0, atol=np.inf)
        mean, deviation = payoff_moments(params, n_steps)
        prices = seen.numpy()[0].astype(float)
        z2 = np.sum((prices - mean) ** 2) / (deviation**2 / n_paths)
        # A key that is ignored is for the check of reproducibility to find.
        expected = stats.chi2.isf(1 - 1e-9, N_KEYS) < z2 < stats.chi2.isf(1e-9, N_KEYS)
        if np.ptp(prices) != 0 and not expected:
            fail(
                f"call_price: the prices of {N_KEYS} keys, with {n_paths} paths each, scatter "
                f"{np.sqrt(z2 / N_KEYS):.2g} times as much as the standard error says. Likely "
                "cause: paths that are not independent, such as copies or mirror images of "
                "others, or fewer of them than n_paths."
            )
    # The same for many paths: copies of a thousand make the sum of 16 squares twenty times as
    # large, 320, where 80 is allowed; it is below that once in a thousand times.
    seen = student.call_price.vmapped(in_axes=axes)(
        random.split(new_key(), 16), params, N_STEPS, N_PATHS
    )
    prices, _ = assert_like(seen, (jnp.zeros(16), jnp.zeros(16)))
    z2 = np.sum((prices.astype(float) - mean) ** 2) / (deviation**2 / N_PATHS)
    if np.ptp(prices) != 0 and not z2 < stats.chi2.isf(1e-9, 16):
        fail(
            f"call_price: for {N_PATHS} paths the prices of 16 keys scatter {np.sqrt(z2 / 16):.2g} "
            "times as much as the standard error says. Likely cause: fewer paths than that are "
            "simulated, and used several times."
        )

    # Far out of the money, where the largest payoffs are nearly all there is: 600 of them among
    # the keys' paths. A skewness of 6 / sqrt(8 x 600) multiplies the tail at 7.5 by 700: 1e-10.
    params = draw_params(rng, nu=0.0, S0=10.0, h0=np.log(0.05), K=16.4)
    seen = student.call_price.vmapped(in_axes=axes)(
        random.split(new_key(), N_KEYS), params, N_STEPS, 1000
    )
    assert_returns(seen, (jnp.zeros(N_KEYS), jnp.zeros(N_KEYS)), rtol=0, atol=np.inf)
    mean, deviation = payoff_moments(params, N_STEPS)
    prices = seen.numpy()[0].astype(float)
    if np.ptp(prices) != 0 and not abs(prices.mean() / mean - 1) < 7.5 * deviation / mean / np.sqrt(
        N_KEYS * 1000
    ):
        fail(
            "call_price: where few paths reach the strike, the price is off. Likely cause: the "
            "largest payoffs left out or cut off; the mean is that of all."
        )


@pytest.mark.correctness(points=1)
def test_random_volatility_counts(student, reference, new_key, rng):
    """The price is right when the volatility is random as well."""
    # Out of the money the price shows most: without nu it is 14 standard errors too low, with
    # one shock for both 14 too high. (The error itself has too heavy a tail to be compared.)
    params = draw_params(rng, nu=0.2, h0=np.log(0.05), S0=10.0, K=11.0)
    runs = [reference.call_price(new_key(), params, N_STEPS, N_PATHS)[0] for _ in range(32)]
    runs = np.array(runs, dtype=float)
    seen = student.call_price(new_key(), params, N_STEPS, N_PATHS)
    assert_returns(seen, (jnp.float32(0), jnp.float32(0)), rtol=0, atol=np.inf)
    # A prediction t with 31 degrees of freedom: P(|t| > 8) = 5e-9. Payoffs of skewness 6
    # multiply the normal part of that tail, 1e-15, by 40.
    t = (float(seen.numpy()[0]) - runs.mean()) / (runs.std(ddof=1) * np.sqrt(1 + 1 / 32))
    if not abs(t) < 8:
        fail(
            "call_price: with nu > 0 the price is off. Use the paths of simulate_log_prices, whose "
            "volatility has shocks of its own."
        )


@pytest.mark.correctness(points=1)
def test_handles_edge_cases(student, reference, new_key, rng):
    """A strike of zero, one out of reach, no volatility, and float32 scalars as parameters."""
    out_of_reach = draw_params(rng, K=1e6)
    still = draw_params(rng, h0=-40.0, nu=0.0, S0=12.0, K=10.0)
    scalars = {name: jnp.float32(value) for name, value in still.items()}
    gain = np.float32(still["beta"] ** N_STEPS * (12 * np.exp(N_STEPS * still["mu"]) - 10))
    at_the_kink = draw_params(rng, h0=-40.0, nu=0.0, mu=0.0, S0=10.02, K=10.0)
    dear, cheap = {**at_the_kink, "S0": 1e6, "K": 5e5}, {**at_the_kink, "S0": 1e-6, "K": 0.0}
    discount = at_the_kink["beta"] ** N_STEPS
    for params, expected, hint in (
        (at_the_kink, 0.02 * discount, "a payoff that is smoothed near the strike"),
        (dear, 5e5 * discount, "log prices or payoffs cut off, or half precision"),
        (cheap, 1e-6 * discount, "log prices cut off"),
        (out_of_reach, 0.0, "a payoff below 0 for paths that end under the strike"),
        (still, gain, "the discount beta ** n_steps, or mu, left out"),
        (scalars, gain, "code that wants Python floats; a parameter may be a JAX array"),
    ):
        assert_returns(
            student.call_price(new_key(), params, N_STEPS, N_PATHS),
            (jnp.float32(expected), jnp.float32(0)),
            # log and exp in float32 lose about 1e-6 of S, that is 1e-5 of the gain.
            rtol=1e-4,
            atol=1e-5 * params["S0"],
            hint=hint,
        )
    # Prices within 0.01% of each other: the error is what is left of 6 in seven digits.
    params = draw_params(rng, nu=0.0, h0=np.log(3e-5), K=0.0)
    seen = student.call_price(new_key(), params, N_STEPS, N_PATHS)
    assert_returns(seen, (jnp.float32(0), jnp.float32(0)), rtol=0, atol=np.inf)
    price, error = (float(number) for number in seen.numpy())
    mean, deviation = payoff_moments(params, N_STEPS)
    # A float32 rounds each step by 1e-7, a hundredth of it at random; 13% is over twenty sigma.
    if not (abs(price / mean - 1) < 1e-4 and abs(error / deviation * np.sqrt(N_PATHS) - 1) < 0.13):
        fail(
            "call_price: at a strike of 0, where all paths end at nearly the same price, price or "
            "error is off. Likely cause: a division by the strike, a small number added, or a "
            "deviation by E[x^2] - E[x]^2, which loses its digits; jnp.std does not."
        )
    # Two paths: the mean of the squared errors is half the variance, or with ddof 0 a quarter.
    params = draw_params(rng, nu=0.0, K=2.0)
    seen = student.call_price.vmapped(in_axes=(0, None, None, None))(
        random.split(new_key(), N_KEYS), params, N_STEPS, 2
    )
    assert_returns(seen, (jnp.zeros(N_KEYS), jnp.zeros(N_KEYS)), rtol=0, atol=np.inf)
    share = np.mean(seen.numpy()[1].astype(float) ** 2) / payoff_moments(params, N_STEPS)[1] ** 2
    # Over 512 keys it is off by 7%, and 3.5% where it is a quarter: 50% is over six sigma.
    if np.ptp(seen.numpy()[0]) != 0 and not 0.13 < share < 0.75:
        fail(
            "call_price: for two paths the standard error is not that of their mean. Divide the "
            "standard deviation by sqrt(n_paths), also with ddof = 1."
        )
    # Payoffs are not negative, so neither deviates from the mean of the two by more than that.
    often_worthless = draw_params(rng, nu=0.0, K=12.0, h0=-1.5)
    seen = student.call_price.vmapped(in_axes=(0, None, None, None))(
        random.split(new_key(), N_KEYS), often_worthless, N_STEPS, 2
    )
    prices, errors = assert_like(seen, (jnp.zeros(N_KEYS), jnp.zeros(N_KEYS)))
    if np.any(errors > 1.001 * prices):
        fail(
            "call_price: for two paths the standard error is larger than the price, which no two "
            "payoffs can give. Take both from the same paths."
        )


@pytest.mark.purity(points=1)
def test_is_pure(student, new_key, rng):
    """The same key and parameters give the same estimate, and nothing else is touched."""
    # A size of its own: a side effect of tracing shows at the first call alone.
    calls = [(new_key(), draw_params(rng), 3, 50) for _ in range(2)]
    assert_pure(student.call_price, calls, jit=False)
    assert_pure(student.call_price, calls[:1], static_argnums=STATIC, fresh=False)


@pytest.mark.reproducibility(points=1)
def test_key_decides_the_estimate(student, new_key, rng):
    """The same key gives the same bits, another key other draws; no key is used twice."""
    assert_reproducible(student.call_price, new_key, draw_params(rng, K=1.0), 3, 50)
