"""Hidden tests of simulate_log_prices.

Each statistical check rejects a right answer less than once in ten million runs: the
p-values and binomial tails below are exact, or bounds.
"""

from functools import partial

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
    is_like,
)

# One size for all checks that need many paths: each new one is compiled anew.
N_STEPS, N_PATHS = 2, 40_000
ALMOST_NEVER = 1e-8
LONG = 8  # So many steps that memory shows.
STATIC = (2, 3)
draw_params = partial(
    pricing.draw_params,
    beta=0.99,
    mu=(0.1, 0.3),
    rho=(0.4, 0.6),
    S0=(5.0, 20.0),
    h0=(-1.5, -1.0),
    K=10.0,
)


def law_of_moves(rng, params):
    """The distribution function of what the shocks add to a log price in LONG steps.

    Normal for given volatilities, and averaged over 100,000 paths of those: off by 0.1 of a
    standard deviation over sqrt(100,000), which is 3e-4, and 1e-4 for quantiles in their place.
    """
    h, variances = np.full(100_000, params["h0"]), np.zeros(100_000)
    for _ in range(LONG):
        variances += np.exp(2 * h)
        h = params["rho"] * h + params["nu"] * rng.standard_normal(len(h))
    deviations = np.sqrt(np.quantile(variances, (np.arange(500) + 0.5) / 500))
    grid = np.linspace(-1, 1, 2001) ** 3 * 5 * deviations[-1]  # Dense in the middle.
    law = stats.norm.cdf(np.divide.outer(grid, deviations)).mean(axis=1)
    return lambda q: np.interp(q, grid, law, 0, 1)


@pytest.mark.correctness(points=1)
def test_returns_a_log_price_for_each_path(student, new_key, rng):
    """One float32 log price for each path, for any number of steps and paths."""
    # Two steps and many paths are seen by the checks below.
    assert_returns(
        student.simulate_log_prices(new_key(), draw_params(rng), 1, 1),
        np.zeros(1, np.float32),
        rtol=0,
        atol=np.inf,  # The draws are free: only dtype and shape count.
        hint="the whole path in place of its end, or a number in place of one path",
    )
    for mu in (-200.0, 200.0):  # A price of exp(200) is more than float32 holds.
        params = draw_params(rng, h0=-40.0, nu=0.0, mu=mu)
        assert_returns(
            student.simulate_log_prices(new_key(), params, 1, 1),
            np.array([np.log(params["S0"]) + mu], np.float32),
            rtol=1e-5,
            hint="the price in place of its logarithm on the way: it leaves the range of float32",
        )


@pytest.mark.correctness(points=1)
def test_is_normal_when_volatility_is_not_random(student, new_key, rng):
    """With nu = 0 the log price is normal; mean and variance follow from the model."""
    params = draw_params(rng, nu=0.0)
    seen = student.simulate_log_prices(new_key(), params, N_STEPS, N_PATHS)
    assert_returns(seen, np.zeros(N_PATHS, np.float32), rtol=0, atol=np.inf)
    h = params["h0"] * params["rho"] ** np.arange(N_STEPS)
    variance = np.sum(np.exp(2 * h))
    start = np.log(params["S0"]) + N_STEPS * params["mu"]
    x = (seen.numpy().astype(float) - start) / np.sqrt(variance)
    # The mean is normal, the sum of squares chi-square, the rest Kolmogorov-Smirnov.
    if not abs(x.mean()) * np.sqrt(N_PATHS) < 6:
        fail(
            "simulate_log_prices: with nu = 0 the mean log price is off. Expected is "
            "log(S0) + n_steps * mu: start from the logarithm of S0, and add mu once at each step."
        )
    spread = np.sum(x**2)
    if min(stats.chi2.sf(spread, N_PATHS), stats.chi2.cdf(spread, N_PATHS)) < ALMOST_NEVER:
        fail(
            "simulate_log_prices: with nu = 0 the variance of the log price is "
            f"{np.mean(x**2):.2f} times what the model says. Step t uses exp(h_t), the "
            "volatility *before* its update h_(t+1) = rho * h_t + ..., and a shock of its own "
            "for each path and each step."
        )
    if stats.kstest(x, "norm").pvalue < ALMOST_NEVER:
        fail(
            "simulate_log_prices: with nu = 0 the log price is not normally distributed. Draw the "
            "shocks with random.normal, one for each path."
        )
    # rho = 0 and h0 = -40: the first step does nothing, the second is a single shock.
    params = draw_params(rng, nu=0.0, rho=0.0, h0=-40.0)
    seen = student.simulate_log_prices(new_key(), params, N_STEPS, N_PATHS)
    assert_returns(seen, np.zeros(N_PATHS, np.float32), rtol=0, atol=np.inf)
    x = seen.numpy().astype(float) - np.log(params["S0"]) - N_STEPS * params["mu"]
    # 108 beyond 3 are expected, and 19 beyond 3.5. Float32 shocks that meet by chance are few,
    # even near 3, where log prices are 2e-7 apart: 0.5% in a measurement.
    tails = [
        stats.binomtest(int(np.sum(np.abs(x) > far)), N_PATHS, float(2 * stats.norm.sf(far))).pvalue
        for far in (3.0, 3.5)
    ]
    if min(tails) < ALMOST_NEVER or len(np.unique(x)) < 0.9 * N_PATHS:
        fail(
            "simulate_log_prices: the shocks are not normal: too few or too many are large, or "
            "there are few different ones. Draw them with random.normal as it is, in float32, "
            "without bounds and without rounding."
        )


@pytest.mark.correctness(points=1)
def test_volatility_is_random(student, new_key, rng):
    """With nu > 0 the volatility has shocks of its own, of size nu, and remembers them."""
    # One step moves the price by exp(h0) * xi, 3e-7, whatever nu is. Where its own eta counts,
    # one path in three moves by exp(-6) or more: none of 64 once in 1e11 times.
    params = draw_params(rng, h0=-15.0, nu=20.0, rho=1.0)
    assert_returns(
        student.simulate_log_prices(new_key(), params, 1, 64),
        np.full(64, np.log(params["S0"]) + params["mu"], np.float32),
        rtol=1e-5,
        hint="a volatility that has a shock before the price moves; the price of a step moves by "
        "exp(h) with the h from before the step",
    )
    # rho = 0 and h0 = -8: the first step does nothing, and the second is exp(nu * eta) * xi,
    # plus 3e-4 of another shock. Its law is known, and no other step's shock enters.
    nu = rng.uniform(0.7, 0.9)
    params = draw_params(rng, rho=0.0, h0=-8.0, nu=nu)
    seen = student.simulate_log_prices(new_key(), params, N_STEPS, N_PATHS)
    assert_returns(seen, np.zeros(N_PATHS, np.float32), rtol=0, atol=np.inf)
    x = seen.numpy().astype(float) - np.log(params["S0"]) - N_STEPS * params["mu"]
    nodes, weights = np.polynomial.hermite_e.hermegauss(40)
    weights /= weights.sum()

    def law(q):
        return stats.norm.cdf(np.divide.outer(q, np.exp(nu * nodes))) @ weights

    if not stats.kstest(x, law).pvalue >= ALMOST_NEVER:
        fail(
            "simulate_log_prices: with nu > 0 the log prices have the wrong distribution. Expected "
            "is h_(t+1) = rho * h_t + nu * eta_(t+1), with a standard normal eta for each path, "
            "and prices that move by mu + exp(h_t) * xi_(t+1)."
        )
    params = draw_params(rng, rho=0.9, nu=rng.uniform(0.5, 0.6))
    seen = student.simulate_log_prices(new_key(), params, LONG, N_PATHS)
    assert_returns(seen, np.zeros(N_PATHS, np.float32), rtol=0, atol=np.inf)
    x = seen.numpy().astype(float) - np.log(params["S0"]) - LONG * params["mu"]
    # A largest distance above 0.0155 has p = 9e-9 at most (Massart's bound); the law adds an
    # error of 0.0025 at six sigma. Volatility that forgets, or that has one shock for all steps,
    # is 0.03 or more away, steps left out or drawn twice 0.09.
    if not stats.kstest(x, law_of_moves(rng, params)).statistic <= 0.018:
        fail(
            f"simulate_log_prices: after {LONG} steps with nu > 0 the log prices have the wrong "
            "distribution. Every step draws a new xi and a new eta for each path, and h_(t+1) = "
            "rho * h_t + nu * eta_(t+1) goes on from that path's own h_t, old shocks included."
        )


@pytest.mark.correctness(points=1)
def test_steps_are_one_loop(student, new_key, rng):
    """The program does not grow with the number of steps, and makes all of them."""
    sizes = []
    for n_steps in (16, 48):
        args = (random.key(0), draw_params(rng), n_steps, 10)
        sizes.append(student.simulate_log_prices.jaxpr(*args, static_argnums=STATIC).numpy())
    if "while" in sizes[1]["primitives"]:
        fail(
            "simulate_log_prices: the loop is a lax.while_loop, or its number of steps is not "
            "static. Nothing can be differentiated backwards through it, which exercise 4 needs; "
            "use lax.fori_loop or lax.scan with n_steps as it is."
        )
    grown = int(sizes[1]["equations"]) - int(sizes[0]["equations"])
    # A Python loop adds at least its step of several operations for each of 32 more steps.
    if grown >= 2 * 32:
        fail(
            f"simulate_log_prices: 32 more steps make the program {grown} operations longer. A "
            "Python loop is unrolled when JAX traces it, as is one of lax with unroll=True; use "
            "lax.fori_loop or lax.scan as they are."
        )
    # As many steps as two counters of 8 bits and more: of shocks drawn anew, or left out, the sum
    # of squares is another.
    many, n_paths = 1100, 1000
    params = draw_params(rng, nu=0.0, rho=1.0)
    seen = student.simulate_log_prices(new_key(), params, many, n_paths)
    moved = assert_like(seen, np.zeros(n_paths, np.float32)).astype(float)
    x = (moved - np.log(params["S0"]) - many * params["mu"]) / np.exp(params["h0"])
    tail = stats.chi2.isf(ALMOST_NEVER / 2, n_paths), stats.chi2.ppf(ALMOST_NEVER / 2, n_paths)
    if not tail[1] < np.sum(x**2) / many < tail[0]:
        fail(
            f"simulate_log_prices: after {many} steps the log prices are off. Likely cause: steps "
            "that are left out beyond some number, or a counter of few bits, with which the keys "
            "of the steps repeat."
        )


@pytest.mark.purity(points=1)
def test_is_pure(student, new_key, rng):
    """The same key and parameters give the same paths, and nothing else is touched."""
    # A size of its own: a side effect of tracing shows at the first call alone.
    calls = [(new_key(), draw_params(rng), 3, 50) for _ in range(2)]
    assert_pure(student.simulate_log_prices, calls, jit=False)
    assert_pure(student.simulate_log_prices, calls[:1], static_argnums=STATIC, fresh=False)


@pytest.mark.reproducibility(points=1)
def test_shocks_are_independent(student, new_key, rng):
    """The key decides the shocks; price, volatility, steps and paths share none."""
    params = draw_params(rng, nu=0.8, rho=1.0, h0=0.0)
    assert_reproducible(student.simulate_log_prices, new_key, params, 3, 50)
    seen = student.simulate_log_prices(new_key(), params, N_STEPS, N_PATHS)
    if not is_like(seen, np.zeros(N_PATHS, np.float32)):
        return  # Left to the correctness checks.
    x = seen.numpy().astype(float) - np.log(params["S0"]) - N_STEPS * params["mu"]
    if not abs(np.median(x)) < 0.5:
        return  # The drift or the start is wrong: left to the correctness checks, too.
    # Two paths alone, for each of many keys: neither signs nor sizes go together.
    keys = random.split(new_key(), 4096)
    pairs = student.simulate_log_prices.vmapped(in_axes=(0, None, None, None))(keys, params, 1, 2)
    if not is_like(pairs, np.zeros((4096, 2), np.float32)):
        return
    moves = pairs.numpy().astype(float) - np.log(params["S0"]) - params["mu"]
    # The rank correlation of independent numbers, times sqrt(4096), is standard normal.
    ranks = (stats.rankdata(one, axis=1) for one in (moves.T, np.abs(moves).T))
    if any(abs(np.corrcoef(one)[0, 1]) > 6 / 64 for one in ranks):
        fail(
            "simulate_log_prices: when there are only two paths, their shocks depend on each "
            "other. Use the draws as they are: shocks that are shifted or scaled to a mean of 0 "
            "and a deviation of 1 over the paths tell each other."
        )
    # With independent shocks the law of x is symmetric, whatever its size: among the half
    # of the paths that moved farthest, ups and downs are a fair coin; P(|z| > 6) = 2e-9. In
    # LONG steps a shock may meet those of later ones, too.
    long = student.simulate_log_prices(new_key(), {**params, "nu": 0.5}, LONG, N_PATHS)
    assert_returns(long, np.zeros(N_PATHS, np.float32), rtol=0, atol=np.inf)
    moves = long.numpy().astype(float) - np.log(params["S0"]) - LONG * params["mu"]
    for moved in (x, moves):
        far = moved[np.abs(moved) > np.median(np.abs(moved))]
        if abs(np.sum(np.sign(far))) > 6 * np.sqrt(max(len(far), 1)):
            fail(
                "simulate_log_prices: large moves go mostly in one direction, so the shocks of "
                "price and volatility are related, in one step or from one step to another; "
                "expected independent ones. Split the key, and draw xi and eta from different "
                "parts."
            )
    # Signs of two different paths agree as a fair coin does, and so do their sizes, split at
    # their median: at no distance, and in no order, are they related.
    signs, sizes = np.sign(x), np.sign(np.abs(x) - np.median(np.abs(x)))
    related = max(
        largest_agreement(one, other)
        for one, other in ((signs, signs), (sizes, sizes), (signs, sizes))
    )
    # 240,000 sums like a normal's: P(any |z| > 8) = 3e-10.
    if related > 8:
        fail(
            "simulate_log_prices: paths depend on each other, as if some were copies or mirror "
            "images of others, or shared a draw or the size of one; expected independent paths, "
            "with shocks of shape (n_paths,)."
        )


def largest_agreement(a, b):
    """Of signs of paths: how far, in deviations, pairs at any one distance agree or disagree.

    Pairs of a path and a later one, around the end, and of a path and its mirror image about
    any place; a path with itself is left out.
    """
    spectra = np.fft.rfft(a), np.fft.rfft(b)
    shifted = np.fft.irfft(spectra[0] * spectra[1].conj(), len(a))
    mirrored = np.fft.irfft(spectra[0] * spectra[1], len(a))  # Each pair stands in it twice.
    if a is b:
        shifted[0] = 0
    return max(np.abs(shifted).max(), np.abs(mirrored).max() / np.sqrt(2)) / np.sqrt(len(a))
