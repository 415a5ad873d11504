"""Hidden tests of delta_vega.

Statistical checks reject a right answer less than once in a million runs: pathwise
derivatives have a skewness below 2.5 here, which (Cramer) multiplies the normal tail at
six standard errors and 20,000 paths by less than 2: P(|z| > 6) < 4e-9.
"""

from functools import partial

import jax.numpy as jnp
import numpy as np
import pytest
from jax import random

from grader_tests.ps6 import pricing
from jaxercise.checks.assertions import assert_pure, assert_reproducible, assert_returns, fail

N_STEPS, N_PATHS = 10, 20_000
STATIC = (2, 3)
draw_params = partial(pricing.draw_params, S0=(10.0, 11.0), K=(9.0, 10.0))


def derivative_moments(params, n_steps):
    """Means and deviations of pathwise delta and vega for nu = 0, by quadrature."""
    z, weights = pricing.normal_quadrature()
    powers = params["rho"] ** np.arange(n_steps)
    variances = np.exp(2 * params["h0"] * powers)
    v = pricing.total_volatility(params, n_steps)
    prices = pricing.final_prices(params, n_steps, z)
    alive = params["beta"] ** n_steps * prices * (prices > params["K"])
    # d price / d h0 = S x', where x' is what h0 adds to the sum of the shocks: given their
    # sum v z, it has mean z dv/dh0, and a variance of its own where rho is not 1.
    slope = np.sum(powers * variances) / v
    rest = np.sum(powers**2 * variances) - slope**2
    delta, vega = alive / params["S0"], alive * z * slope
    means = np.array([np.sum(weights * delta), np.sum(weights * vega)])
    squares = [np.sum(weights * delta**2), np.sum(weights * (vega**2 + alive**2 * rest))]
    return means, np.sqrt(np.array(squares) - means**2)


@pytest.mark.correctness(points=1)
def test_agrees_with_the_closed_form(student, new_key, rng):
    """Delta and vega agree with the closed form where there is one (nu = 0)."""
    for rho in (1.0, 0.97):
        params = draw_params(rng, nu=0.0, rho=rho)
        seen = student.delta_vega(new_key(), params, N_STEPS, N_PATHS)
        assert_returns(seen, (jnp.float32(0), jnp.float32(0)), rtol=0, atol=np.inf)
        means, deviations = derivative_moments(params, N_STEPS)
        z = (np.array(seen.numpy(), dtype=float) - means) / deviations * np.sqrt(N_PATHS)
        for name, by, off in zip(("delta", "vega"), ("S0", "h0"), z, strict=True):
            if not abs(off) < 6:
                fail(
                    f"delta_vega: {name} is {abs(off):.0f} standard errors off the derivative "
                    f"of the closed form with respect to {by}. Differentiate the price (not its "
                    "error) with jax.grad, discount included; differences of two prices with "
                    "different draws are mostly noise."
                )


@pytest.mark.correctness(points=1)
def test_random_volatility_counts(student, reference, new_key, rng):
    """Delta and vega are right when the volatility is random as well."""
    params = draw_params(rng, nu=0.2, h0=np.log(0.05), S0=10.0, K=11.0)
    runs = [reference.delta_vega(new_key(), params, N_STEPS, N_PATHS) for _ in range(32)]
    runs = np.array(runs, dtype=float)
    seen = student.delta_vega(new_key(), params, N_STEPS, N_PATHS)
    assert_returns(seen, (jnp.float32(0), jnp.float32(0)), rtol=0, atol=np.inf)
    seen = np.array(seen.numpy(), dtype=float)
    # A prediction t with 31 degrees of freedom: P(|t| > 8) = 5e-9 for delta and vega each.
    t = (seen - runs.mean(axis=0)) / (runs.std(axis=0, ddof=1) * np.sqrt(1 + 1 / 32))
    if not np.all(np.abs(t) < 8):
        wrong = "vega" if abs(t[0]) < 8 else "delta"
        fail(
            f"delta_vega: with nu > 0 {wrong} is off. Differentiate the simulated price; "
            "a formula for constant volatility does not hold here."
        )


@pytest.mark.correctness(points=1)
def test_differentiates_the_price_itself(student, new_key, rng):
    """Both are derivatives of the price that call_price returns for this key, exactly."""
    # One path, one step, K = 0 and nu = 0: the price is beta S0 exp(mu + x) for a shock x of the
    # size exp(h0), so that delta is the price over S0, and vega the price times x.
    params = draw_params(rng, nu=0.0, K=0.0, h0=1.0)
    keys, axes = random.split(new_key(), 16), (0, None, None, None)
    like = jnp.zeros(len(keys)), jnp.zeros(len(keys))
    priced = student.call_price.vmapped(in_axes=axes)(keys, params, 1, 1)
    seen = student.delta_vega.vmapped(in_axes=axes)(keys, params, 1, 1)
    assert_returns(seen, like, rtol=0, atol=np.inf)
    prices = priced.numpy()[0] if isinstance(priced.numpy(), tuple) else None
    if not isinstance(prices, np.ndarray) or prices.shape != (len(keys),):
        assert_returns(priced, like, rtol=0, atol=np.inf)
    # The error of a single path may be NaN: with ddof = 1 it is 0 / 0.
    price = np.asarray(prices, float)
    x = np.log(price / params["beta"] / params["S0"]) - params["mu"]
    for name, found, expected in zip(
        ("delta", "vega"), seen.numpy(), (price / params["S0"], price * x), strict=True
    ):
        # The log price, up to 10, is rounded by 5e-7. Differences over 1e-2 or 1e-3 are off by
        # 1e-4 and more, other draws by far more.
        if not np.all(np.abs(found - expected) <= 1e-5 * (np.abs(expected) + price)):
            fail(
                f"delta_vega: {name} is not the derivative of the price that call_price returns "
                "for the same key. Likely cause: a difference of two prices, which is not exact, "
                "a payoff that is smoothed, or a key that is split, so that the draws are others."
            )
    # At K = 0 delta is the price over S0, on whatever paths, but for float32 sums of 20,000.
    key, params = new_key(), draw_params(rng, K=0.0)
    priced = student.call_price(key, params, N_STEPS, N_PATHS)
    seen = student.delta_vega(key, params, N_STEPS, N_PATHS)
    for each in (priced, seen):
        assert_returns(each, (jnp.float32(0), jnp.float32(0)), rtol=0, atol=np.inf)
    if not abs(seen.numpy()[0] * params["S0"] / priced.numpy()[0] - 1) < 5e-5:
        fail(
            "delta_vega: delta is not the derivative of the price that call_price returns for the "
            "same key and n_paths. Likely cause: fewer paths, or others."
        )
    still = draw_params(rng, h0=-40.0, nu=0.0, mu=0.0, S0=12.0, K=10.0)
    at_the_kink = {**still, "S0": 10.02}
    slope = still["beta"] ** N_STEPS
    for params, delta in ((still, slope), (at_the_kink, slope), (draw_params(rng, K=1e6), 0.0)):
        assert_returns(
            student.delta_vega(new_key(), params, N_STEPS, N_PATHS),
            (jnp.float32(delta), jnp.float32(0)),
            rtol=1e-4,
            atol=1e-5,
            hint="a division by the volatility or by nu, the derivative of a deviation that is 0, "
            "or of a payoff that is smoothed near the strike",
        )


@pytest.mark.purity(points=1)
def test_is_pure(student, new_key, rng):
    """The same key and parameters give the same derivatives, and nothing else is touched."""
    # A size of its own: a side effect of tracing shows at the first call alone.
    calls = [(new_key(), draw_params(rng), 3, 50) for _ in range(2)]
    assert_pure(student.delta_vega, calls, jit=False)
    assert_pure(student.delta_vega, calls[:1], static_argnums=STATIC, fresh=False)


@pytest.mark.reproducibility(points=1)
def test_key_decides_the_derivatives(student, new_key, rng):
    """The same key gives the same bits, another key other draws."""
    # Two calls of grad with one key are legitimate: the draws shall be common.
    args = draw_params(rng, K=5.0), 3, 50
    assert_reproducible(student.delta_vega, new_key, *args, keys_used_once=False)
