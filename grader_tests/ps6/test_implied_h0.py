"""Hidden tests of implied_h0.

The answer is put back into the student's own call_price with the same key: on common
draws it must give the market price, up to rounding. New draws give a root, too, which is
statistically right, and off by 1e-2.
"""

from functools import partial

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
    is_like,
)

N_STEPS, N_PATHS = 5, 2000
MANY_STEPS = 20
STATIC = (4, 5)
draw_params = partial(pricing.draw_params, S0=(9.5, 10.5), h0=-2.0, K=(10.5, 11.5))


def assert_root(student, reference, new_key, params, h0, bracket, n_steps=N_STEPS, typed=True):
    """implied_h0 finds, for the price at `h0`, a root in the bracket."""
    market = float(reference.call_price(new_key(), {**params, "h0": h0}, n_steps, N_PATHS)[0])
    key = new_key(typed=typed)
    seen = student.implied_h0(key, params, market, bracket, n_steps, N_PATHS)
    found = seen.numpy()
    if isinstance(found, np.ndarray) and found.shape == () and not np.isfinite(found):
        fail(
            "implied_h0: the answer is not a number. Where hardly a path reaches the strike the "
            "slope is 0, and a Newton step has no end: use it only if it stays in the bracket, "
            "and halve the bracket otherwise."
        )
    assert_returns(seen, np.float32(0), rtol=0, atol=np.inf)
    found = float(found)
    if not bracket[0] <= found <= bracket[1]:
        fail("implied_h0: the answer lies outside of the bracket. Refuse steps that leave it.")
    estimate = np.float32(0), np.float32(0)
    put_back = student.call_price(key, {**params, "h0": found}, n_steps, N_PATHS)
    if not is_like(put_back, estimate):
        assert_like(student.call_price(key, {**params, "h0": h0}, n_steps, N_PATHS), estimate)
        fail(
            "implied_h0: put back into call_price, the answer gives no number. A price that is "
            "infinite or NaN is too high: every comparison with NaN is false, so ask whether the "
            "price is below the market's, and do not stop the iterations at a NaN."
        )
    price = float(put_back.numpy()[0])
    # The spacing of float32 near h0 = -3 is 2e-7, and the price moves by about as much.
    if not abs(price - market) <= 1e-4 * market:
        fail(
            f"implied_h0: put back into call_price with the same key, the answer misses the market "
            f"price by {abs(price - market) / market:.1g} of it; expected less than 1e-4. Evaluate "
            "call_price with the given key each time, since with new draws the curve itself "
            "moves, search the bracket that is given, and iterate to convergence; from far above "
            "the root Newton's steps are tiny, so halve the bracket first."
        )


@pytest.mark.correctness(points=1)
def test_finds_the_root(student, reference, new_key, rng):
    """Put back into the pricer, the answer gives the market price, with keys of either kind."""
    for typed in (True, False):
        h0 = float(np.log(rng.uniform(0.08, 0.15)))
        bracket = -3.5, -1.0
        assert_root(student, reference, new_key, draw_params(rng), h0, bracket, typed=typed)


@pytest.mark.correctness(points=2)
def test_stays_in_the_bracket(student, reference, new_key, rng):
    """Wide brackets, one with the root near an end, and a misleading h0 in the parameters."""
    h0 = float(np.log(rng.uniform(0.08, 0.15)))
    for bracket, misleading in (
        ((-14.0, 0.5), -2.0),
        ((-8.0, h0 + 0.4), 3.0),
        ((h0 - 0.4, 1.0), -14.0),
        # At 3 the price is out of float32's range, and its slope no number: an upper end all
        # the same.
        ((-8.0, 3.0), -2.0),
        # And so is the middle, in the first four halvings.
        ((h0 - 0.4, h0 + 19.5), -2.0),
    ):
        params = draw_params(rng, h0=misleading)
        assert_root(student, reference, new_key, params, h0, bracket)
    # After twenty steps the price grows so fast with h0 that Newton, from above the root, comes
    # down by 0.02 at a time at first, and never leaves the bracket.
    assert_root(student, reference, new_key, draw_params(rng), h0, (-6.0, 8.0), MANY_STEPS)
    # The volatility grows from step to step until it is infinite: the price in the middle is NaN.
    wild = draw_params(rng, rho=1.25)
    assert_root(student, reference, new_key, wild, h0, (h0 - 0.4, h0 + 19.5), MANY_STEPS)
    # A cheap option; and a root so far up that h0 counts to its sixth digit: the largest of 2000
    # prices grows by 4% when h0 grows by 0.001.
    cheap = draw_params(rng, S0=10.0, K=12.0)
    assert_root(student, reference, new_key, cheap, np.log(0.05), (-8.0, 0.5))
    assert_root(student, reference, new_key, draw_params(rng), 2.5, (-16.8, 3.2), 1)
    args = random.key(0), draw_params(rng), N_STEPS, N_PATHS
    once = int(student.call_price.jaxpr(*args, static_argnums=(2, 3)).numpy()["equations"])
    args = random.key(0), draw_params(rng), 1.0, (-4.0, 0.0), N_STEPS, N_PATHS
    program = int(student.implied_h0.jaxpr(*args, static_argnums=STATIC).numpy()["equations"])
    # A right answer prices and differentiates at a few places of the program, each in a loop.
    if program > 20 * once:
        fail(
            f"implied_h0: the program is {program / once:.0f} times as long as that of call_price. "
            "A Python loop is unrolled when JAX traces it; use lax.fori_loop for the iterations."
        )


@pytest.mark.purity(points=1)
def test_is_pure(student, new_key, rng):
    """The same arguments give the same answer, under jit as well."""
    calls = [(new_key(), draw_params(rng, K=9.0), 1.5, (-3.5, -1.0), 3, 200) for _ in range(2)]
    # The slope of the price in h0 is about 1: rounding of the price moves the root by 1e-6.
    tolerance = 1e-4
    assert_pure(student.implied_h0, calls, jit=False, rtol=tolerance, atol=tolerance)
    assert_pure(
        student.implied_h0,
        calls[:1],
        static_argnums=STATIC,
        fresh=False,
        rtol=tolerance,
        atol=tolerance,
    )


@pytest.mark.reproducibility(points=1)
def test_key_decides_the_answer(student, new_key, rng):
    """The same key gives the same bits, another key another answer."""
    # Common draws: the key is used at each iteration on purpose.
    args = draw_params(rng, K=9.0), 1.5, (-3.5, -1.0), 3, 200
    assert_reproducible(student.implied_h0, new_key, *args, keys_used_once=False)
