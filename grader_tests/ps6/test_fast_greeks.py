"""Hidden tests of fast_greeks."""

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
from jaxercise.grading.sampling import law_fault

N_STEPS, N_PATHS = 20, 4096
GREEKS = ("S0", "h0", "mu", "rho", "nu")
STATIC = (2, 3)
draw_params = partial(pricing.draw_params, rho=(0.97, 1.0))


def flat(estimate):
    price, greeks = estimate
    return np.array([price, *(greeks[name] for name in GREEKS)], dtype=float)


def estimates_of(n_keys):
    """The form of prices and derivatives for many keys."""
    column = jnp.zeros(n_keys)
    return column, dict.fromkeys(GREEKS, column)


def assert_has_parts(seen):
    zero = jnp.float32(0)
    assert_returns(seen, (zero, dict.fromkeys(GREEKS, zero)), rtol=0, atol=np.inf)


@pytest.mark.correctness(points=1)
def test_has_price_and_greeks(student, reference, new_key, rng):
    """The price and five derivatives have the right values, within their noise."""
    params = draw_params(rng, nu=0.1, rho=1.0)
    runs = [reference.fast_greeks(new_key(), params, N_STEPS, N_PATHS) for _ in range(32)]
    runs = np.array([flat(run) for run in runs])
    seen = student.fast_greeks(new_key(), params, N_STEPS, N_PATHS)
    assert_has_parts(seen)
    # Prediction t with 31 degrees of freedom: P(|t| > 8) = 5e-9 for each of six numbers.
    t = (flat(seen.numpy()) - runs.mean(axis=0)) / (runs.std(axis=0, ddof=1) * np.sqrt(1 + 1 / 32))
    for name, off in zip(("the price", *GREEKS), t, strict=True):
        if not abs(off) < 8:
            what = name if name == "the price" else f"the derivative with respect to {name}"
            fail(
                f"fast_greeks: {what} is off by many standard errors. Differentiate the discounted "
                "price of call_price with respect to S0, h0, mu, rho and nu."
            )
    assert_paths_are_independent(student, new_key, rng)


def assert_paths_are_independent(student, new_key, rng):
    """The estimates of many keys scatter as those of independent paths do; see also call_price."""
    estimates = student.fast_greeks.vmapped(in_axes=(0, None, None, None))
    # Deep in the money means over 64 paths are nearly normal: the squares of 512 are chi-square.
    params = draw_params(rng, nu=0.0, K=2.0)
    seen = estimates(random.split(new_key(), 512), params, 2, 64)
    prices, greeks = assert_like(seen, estimates_of(512))
    mean, deviation = pricing.payoff_moments(params, 2)
    z2 = np.sum((prices.astype(float) - mean) ** 2) / (deviation**2 / 64)
    expected = stats.chi2.isf(1 - 1e-9, 512) < z2 < stats.chi2.isf(1e-9, 512)
    # A key that is ignored is for the check of reproducibility to find.
    if np.ptp(prices) != 0 and not expected:
        fail(
            f"fast_greeks: the prices of 512 keys scatter {np.sqrt(z2 / 512):.2g} times as much as "
            "those of independent paths. Likely cause: paths that are copies or mirror images of "
            "others."
        )
    # There every path ends above K: a little more mu multiplies all final prices, once a step.
    if not np.allclose(greeks["mu"], 2 * params["S0"] * greeks["S0"], rtol=1e-3):
        fail(
            "fast_greeks: with two steps the derivative with respect to mu is off, for another "
            "number of steps it is right. The number of steps is n_steps."
        )
    # A single path of two steps moves by s = xi_1 + exp(0.7 eta_1) xi_2: up as often as down where
    # eta_1 is independent of xi_1. Where they are equal, down 3/5 of the time: 11 deviations more.
    params = draw_params(rng, nu=0.7, K=0.0, h0=0.0, mu=0.0)
    seen = estimates(random.split(new_key(), 4096), params, 2, 1)
    prices, _ = assert_like(seen, estimates_of(4096))
    rises = np.sum(prices > params["beta"] ** 2 * params["S0"])
    if np.ptp(prices) != 0 and abs(rises - 2048) > 7 * 32:
        fail(
            "fast_greeks: a single path's price does not rise as often as it falls. Likely cause: "
            "the shock of the volatility depends on that of the price; both are drawn "
            "independently."
        )


@pytest.mark.correctness(points=1)
def test_greeks_belong_to_the_price(student, new_key, rng):
    """The Greeks are the exact derivatives of the very estimate that is returned."""
    # At K = 0 the payoff is S itself, so that on any paths S0 * delta is the price and the
    # derivative to mu is n_steps times the price, up to rounding: naive float32 sums of
    # 4096 numbers lose 4e-6. Differences over e have errors of (e n)^2 / 6 and 3e-7 / (e n):
    # never both below 4e-5 for n = 20.
    for fixed in ({}, {"mu": 0.0, "nu": 0.0}):
        key, params = new_key(), draw_params(rng, K=0.0, **fixed)
        seen = student.fast_greeks(key, params, N_STEPS, N_PATHS)
        assert_has_parts(seen)
        price, greeks = seen.numpy()
        if not np.all(np.isfinite(flat((price, greeks)))):
            fail(
                "fast_greeks: with mu = nu = 0 a derivative is not a number. Likely cause: a "
                "division by a parameter, which may be 0."
            )
        for name, expected in (("S0", price / params["S0"]), ("mu", N_STEPS * price)):
            if not abs(greeks[name] - expected) <= 2e-5 * abs(expected):
                fail(
                    f"fast_greeks: the derivative with respect to {name} is not that of the price "
                    "it comes with. Take both from one jax.value_and_grad, on the same paths: "
                    "finite differences are inexact, and new draws give another price."
                )
        # Along one direction in the other three, in which their contributions add up, the same
        # key's price has a difference that is right to 1e-3 of the price: 6e-4 of curvature, the
        # most in 150 cases, which falls as e^2 does, and 3e-6 / e of rounding at worst. On other
        # draws the derivative is another by 4e-2, one time in 17 by less than 3e-3.
        e, direction = 0.01, {"h0": 1.0, "rho": -0.05, "nu": 0.2}
        ends = []
        for sign in (1, -1):
            moved = {name: params[name] + sign * e * by for name, by in direction.items()}
            end = student.fast_greeks(key, {**params, **moved}, N_STEPS, N_PATHS)
            assert_has_parts(end)
            ends.append(float(end.numpy()[0]))
        slope = sum(by * float(greeks[name]) for name, by in direction.items())
        if not abs((ends[0] - ends[1]) / (2 * e) - slope) <= 3e-3 * price:
            fail(
                "fast_greeks: when h0, rho and nu move a little, and the key does not, the price "
                "changes by something else than their derivatives say. Take all five from one "
                "jax.value_and_grad, on the paths of the price."
            )

    # Without volatility: near the strike, and where prices are large.
    still = draw_params(rng, h0=-40.0, nu=0.0, mu=0.0, S0=10.02, K=10.0)
    for params in (still, {**still, "S0": 1e6, "K": 5e5}):
        discount = still["beta"] ** N_STEPS
        zero = jnp.float32(0)
        delta, by_mu = discount, discount * N_STEPS * params["S0"]
        assert_returns(
            student.fast_greeks(new_key(), params, N_STEPS, N_PATHS),
            (
                jnp.float32(discount * (params["S0"] - params["K"])),
                {"S0": jnp.float32(delta), "mu": jnp.float32(by_mu)}
                | dict.fromkeys(("h0", "rho", "nu"), zero),
            ),
            rtol=1e-4,
            atol=1e-5 * params["S0"],
            hint="derivatives of a payoff that is smoothed near the strike, or derivatives that "
            "are cut off",
        )
    # The price of a single path and step tells its shock.
    params = draw_params(rng, nu=0.0, K=0.0, h0=0.0, mu=0.0)
    seen = student.fast_greeks.vmapped(in_axes=(0, None, None, None))(
        random.split(new_key(), 4096), params, 1, 1
    )
    assert_returns(seen, estimates_of(4096), rtol=0, atol=np.inf)
    shocks = np.log(seen.numpy()[0].astype(float) / params["beta"] / params["S0"])
    if np.ptp(shocks) != 0 and (fault := law_fault(shocks)):
        fail(f"fast_greeks: the shocks of the paths {fault}.")


@pytest.mark.correctness(points=1)
def test_steps_are_one_loop(student, rng):
    """The program does not grow with the number of steps."""
    sizes = []
    for n_steps in (8, 24):
        args = (random.key(0), draw_params(rng), n_steps, 10)
        sizes.append(student.fast_greeks.jaxpr(*args, static_argnums=STATIC).numpy())
    grown = int(sizes[1]["equations"]) - int(sizes[0]["equations"])
    # A Python loop adds its step of several operations, there and back, for 16 more steps.
    if grown >= 4 * 16:
        fail(
            f"fast_greeks: 16 more steps make the program {grown} operations longer. A Python loop "
            "is unrolled when JAX traces it, as is one of lax with unroll=True, and compiling "
            "takes minutes; use lax.fori_loop or lax.scan as they are."
        )


@pytest.mark.purity(points=1)
def test_is_pure(student, new_key, rng):
    """The same key and parameters give the same numbers, and nothing else is touched."""
    # A size of its own: a side effect of tracing shows at the first call alone.
    calls = [(new_key(), draw_params(rng), 3, 50) for _ in range(2)]
    # The derivatives are sums over paths of either sign, up to 100 in size.
    assert_pure(student.fast_greeks, calls, jit=False, rtol=1e-4, atol=1e-3)
    assert_pure(
        student.fast_greeks, calls[:1], static_argnums=STATIC, fresh=False, rtol=1e-4, atol=1e-3
    )


@pytest.mark.reproducibility(points=1)
def test_key_decides_the_greeks(student, new_key, rng):
    """The same key gives the same bits, another key other draws."""
    args = draw_params(rng, K=5.0), 3, 50
    assert_reproducible(student.fast_greeks, new_key, *args, keys_used_once=False)


@pytest.mark.speed(points=1)
def test_beats_bumping(race):
    """At least twice as fast as bumping each input in NumPy, compilation not counted."""

    def make_arguments(rng):
        params = {"beta": 0.99, "mu": 0.001, "rho": 1.0, "nu": 0.1, "S0": 10.0, "K": 10.0}
        params["h0"] = float(np.log(rng.uniform(0.045, 0.055)))
        return random.key(int(rng.integers(2**30))), params, 20, 50_000

    # On two cores, busy ones too: NumPy 210 ms; the reference 9 to 10 times as fast (least 7),
    # shocks drawn beforehand or a key for each path 3.3 to 6.7, jitted differences 1.1 to 1.5,
    # nothing jitted below 1 (it compiles anew at each call).
    # Another order of draws is another estimate. The standard errors are below 0.8% of the
    # value, but for nu: 0.04 of 1.8. Two estimates differ by nine or more of them at most.
    race("fast_greeks", make_arguments=make_arguments, minimum=2, rtol=0.1, atol=0.4)
