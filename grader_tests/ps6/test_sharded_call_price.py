"""Hidden tests of sharded_call_price.

The student's process has eight virtual CPU devices, made by the lesson's first cell; the
judge's has one, so the reference is not asked: one device of the student's is compared
with eight, and all of them with the closed form.
"""

from functools import partial

import jax.numpy as jnp
import numpy as np
import pytest
from scipy import stats

from grader_tests.ps6 import pricing
from jaxercise.checks.assertions import (
    assert_pure,
    assert_raises,
    assert_reproducible,
    assert_returns,
    fail,
)

# One size but for the purity: every new one is compiled for each number of devices.
N_STEPS, N_PATHS = 3, 8000
ANY = 1e9  # A tolerance that asks for dtype and shape alone.
draw_params = partial(
    pricing.draw_params, S0=(9.5, 10.5), h0=(np.log(0.1), np.log(0.12)), K=(9.5, 10.5)
)


def devices(n):
    return "1 device" if n == 1 else f"{n} devices"


@pytest.mark.correctness(points=1)
def test_prices_the_call(student, new_key, rng):
    """Price and standard error agree with the closed form (nu = 0), on one device and on eight."""
    large, small = {"S0": 2000.0, "K": 2000.0}, {"S0": 1e-3, "K": 1e-3}
    for n_devices, fixed in ((8, small), (1, {"rho": 0.9}), (8, large)):
        key, params = new_key(), draw_params(rng, nu=0.0, **fixed)
        seen = student.sharded_call_price(key, params, N_STEPS, N_PATHS, n_devices)
        assert_returns(seen, (jnp.float32(0), jnp.float32(0), n_devices), rtol=0, atol=ANY)
        price, error = (float(number) for number in seen.numpy()[:2])
        mean, deviation = pricing.payoff_moments(params, N_STEPS)
        true_error = deviation / np.sqrt(N_PATHS)
        # Skewness 2.2 multiplies the normal tail at 6 and 8000 paths by 2.5: 5e-9.
        if not abs(price - mean) < 6 * true_error:
            fail(
                f"sharded_call_price: on {devices(n_devices)} the price is off the closed form. "
                "All paths of all devices count equally, as in call_price."
            )
        # Kurtosis 10: the deviation of 8000 payoffs is off by 1.7%; 13% is over seven sigma.
        if not abs(error / true_error - 1) < 0.13:
            fail(
                f"sharded_call_price: on {devices(n_devices)} the standard error is "
                f"{error / true_error:.2g} times the right one: the deviation of all discounted "
                "payoffs over sqrt(n_paths), whatever the number of devices."
            )
    two = student.sharded_call_price(new_key(), {**params, "K": 1.0}, N_STEPS, 2, 1)
    assert_returns(two, (jnp.float32(0), jnp.float32(0), 1), rtol=0, atol=ANY)
    if two.numpy()[1] == 0:
        fail(
            "sharded_call_price: two paths end at the same price, as if they had one key. Each "
            "path has a key of its own: random.split(key, n_paths)."
        )
    # With nu > 0 there is no closed form, and where nu shows, the tails are too heavy for 8000
    # paths. But the same key's price and error are two other numbers: that one of them stays, to
    # the last bit, is a chance of 1e-5, and both of 1e-10.
    moved = student.sharded_call_price(key, {**params, "nu": 0.2}, N_STEPS, N_PATHS, 8)
    assert_returns(moved, (jnp.float32(0), jnp.float32(0), 8), rtol=0, atol=ANY)
    if np.array_equal(np.array(moved.numpy()[:2]), np.array(seen.numpy()[:2])):
        fail(
            "sharded_call_price: price and error are the same with nu > 0 as with nu = 0. The "
            "volatility has shocks of its own on every path, as in simulate_log_prices."
        )
    # Prices within 0.01% of each other: the error is what is left of 5 in seven digits. A float32
    # rounds each step by 1e-7, a hundredth of it at random; 13% is over sixteen sigma.
    params = draw_params(rng, nu=0.0, h0=np.log(3e-5), K=0.0)
    seen = student.sharded_call_price(new_key(), params, N_STEPS, N_PATHS, 8)
    assert_returns(seen, (jnp.float32(0), jnp.float32(0), 8), rtol=0, atol=ANY)
    price, error = (float(number) for number in seen.numpy()[:2])
    mean, deviation = pricing.payoff_moments(params, N_STEPS)
    if not (abs(price / mean - 1) < 1e-4 and abs(error / deviation * np.sqrt(N_PATHS) - 1) < 0.13):
        fail(
            "sharded_call_price: at a strike of 0, where all paths end at nearly the same price, "
            "price or error is off. Likely cause: a division by the strike, or a deviation by "
            "E[x^2] - E[x]^2, which loses its digits; jnp.std does not."
        )


@pytest.mark.correctness(points=1)
def test_uses_the_devices_asked_for(student, new_key, rng):
    """The paths lie on as many devices as asked; too few devices are an error."""
    for n_devices in (2, 5, 8):
        seen = student.sharded_call_price(new_key(), draw_params(rng), N_STEPS, N_PATHS, n_devices)
        zero = jnp.float32(0)
        assert_returns(seen, (zero, zero, 0), rtol=0, atol=ANY)
        n_used = seen.numpy()[2]
        if int(n_used) != n_devices:
            fail(
                f"sharded_call_price: the paths were on {devices(int(n_used))} where {n_devices} "
                "were asked for. Put the keys of the paths on a mesh of that many devices before "
                "the simulation."
            )
    assert_raises(
        student.sharded_call_price(new_key(), draw_params(rng), N_STEPS, N_PATHS, 16),
        ValueError,
        hint="There are only eight devices here: jax.make_mesh says so, unless the number of "
        "devices is ignored.",
    )


@pytest.mark.purity(points=1)
def test_is_pure(student, new_key, rng):
    """The same key and parameters give the same estimate, and nothing else is touched."""
    # A size of its own: a side effect of tracing shows at the first call alone.
    calls = [(new_key(), draw_params(rng), N_STEPS, 64, 2) for _ in range(2)]
    assert_pure(student.sharded_call_price, calls, jit=False)


@pytest.mark.reproducibility(points=2)
def test_devices_do_not_change_a_bit(student, new_key, rng):
    """The key decides the estimate, and 1, 2 or 8 devices give the same bits."""
    params, n_paths = draw_params(rng, K=5.0, nu=0.0), 3000
    args = params, N_STEPS, n_paths
    assert_reproducible(student.sharded_call_price, new_key, *args, 2, keys_used_once=False)
    # Estimates of different keys agree in both numbers once in 1e10 pairs. If only a thousand sets
    # of paths were left, 80 keys (3160 pairs) would not repeat one with a probability of 4%.
    estimates: set[tuple[float, ...]] = set()
    for n_seen in range(80):
        seen = student.sharded_call_price(new_key(), *args, 2)
        assert_returns(seen, (jnp.float32(0), jnp.float32(0), 2), rtol=0, atol=ANY)
        estimates.add(tuple(float(number) for number in seen.numpy()[:2]))
        if len(estimates) <= n_seen:
            fail(
                "sharded_call_price: two different keys give the very same estimate. Likely "
                "cause: the paths' keys are made from a small number drawn from the key. Derive "
                "them from the whole key, with random.split or random.fold_in."
            )
    # With nu = 0 and deep in the money the means are normal: skewness 0.6, over the square root of
    # 3000. Paths of only a thousand seeds, say, make the squares four times as large, 320.
    mean, deviation = pricing.payoff_moments(params, N_STEPS)
    prices = np.array([price for price, _ in estimates])
    z2 = np.sum((prices - mean) ** 2) / (deviation**2 / n_paths)
    if not z2 < stats.chi2.isf(1e-9, len(prices)):
        fail(
            f"sharded_call_price: the prices of 80 keys scatter {np.sqrt(z2 / 80):.2g} times as "
            "much as the standard error says. Likely cause: paths that repeat others, because "
            "their keys are made from small numbers. Each path has a key of its own: "
            "random.split(key, n_paths)."
        )
    # Sums in another order differ in the last bits in a third to a half of the cases: the
    # twelve comparisons of six keys miss a wrong answer with a probability below 1%, and never
    # accuse a right one.
    for _ in range(6):
        args = new_key(), draw_params(rng, K=5.0), N_STEPS, N_PATHS
        seen = [student.sharded_call_price(*args, n) for n in (1, 2, 8)]
        for each in seen:
            assert_returns(each, (jnp.float32(0), jnp.float32(0), 0), rtol=0, atol=ANY)
        one, two, eight = (np.array(each.numpy()[:2]) for each in seen)
        if abs(eight[0] - one[0]) > 1e-4 * abs(one[0]):
            fail(
                "sharded_call_price: the price depends on the number of devices far beyond "
                "rounding. Likely cause: every device uses the same key, or its own number, so "
                "that the paths are others. Give each *path* a key, and spread the keys."
            )
        if not (np.array_equal(one, two) and np.array_equal(one, eight)):
            fail(
                "sharded_call_price: the last bits depend on the number of devices. Sums of "
                "floats depend on their order: gather the payoffs on one device before you "
                "take the mean, instead of averaging the means of the devices."
            )
