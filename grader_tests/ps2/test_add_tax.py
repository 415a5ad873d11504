"""Hidden tests of add_tax."""

import jax.numpy as jnp
import numpy as np
import pytest

from jaxercise.checks.assertions import assert_pure, assert_returns

# 1 + tax_rate and one product, or a product and a sum: at most three float32 roundings
# of 6e-8 each.
RTOL = 1e-6


def draw_prices(rng, n):
    return rng.uniform(1, 100, n).astype(np.float32)


@pytest.mark.correctness(points=2)
def test_adds_the_tax(student, reference, rng):
    """Every price grows by the rate that is passed in."""
    for n in (1, 5, 1000):
        prices, tax_rate = draw_prices(rng, n), float(rng.uniform(0.01, 0.3))
        assert_returns(
            student.add_tax(prices, tax_rate),
            reference.add_tax(prices, tax_rate),
            rtol=RTOL,
            hint="the notebook's rate in place of the argument, or no jnp.asarray where NumPy "
            "prices come in; multiply all prices at once by 1 + tax_rate",
        )


@pytest.mark.correctness(points=1)
def test_handles_edge_cases(student, reference, rng):
    """JAX arrays, no prices at all, and a rate of zero."""
    cases = [
        (
            jnp.asarray(draw_prices(rng, 4)),
            float(rng.uniform(0.01, 0.3)),
            "code that only a NumPy array allows; the prices may be a JAX array",
        ),
        (
            np.zeros(0, np.float32),
            0.2,
            "code that needs at least one price; without any the result is an empty float32 array",
        ),
        (
            draw_prices(rng, 4),
            0.0,
            "a rate of 0 taken for a missing one; the result is a JAX array equal to the prices",
        ),
    ]
    for prices, tax_rate, hint in cases:
        assert_returns(
            student.add_tax(prices, tax_rate),
            reference.add_tax(prices, tax_rate),
            rtol=RTOL,
            hint=hint,
        )


@pytest.mark.purity(points=2)
def test_is_pure(student, rng):
    """The caller's prices survive, and nothing but the arguments matters."""
    calls = [
        (draw_prices(rng, 5), 0.1),
        (draw_prices(rng, 5), 0.0),
        (jnp.asarray(draw_prices(rng, 3)), 0.25),
    ]
    assert_pure(student.add_tax, calls)
