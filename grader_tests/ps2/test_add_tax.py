"""Hidden tests of add_tax."""

import jax.numpy as jnp
import numpy as np
import pytest

from jaxercise.checks.assertions import (
    assert_pure,
    assert_returns,
    describe_error,
    fail,
)

# 1 + tax_rate and one product, or a product and a sum: at most three float32 roundings
# of 6e-8 each.
RTOL = 1e-6


def draw_prices(rng, n):
    return rng.uniform(1, 100, n).astype(np.float32)


@pytest.mark.correctness(points=1)
def test_adds_the_tax(student, reference, rng):
    """Every price grows by the rate that is passed in."""
    for n in (1, 5, 5000):
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
    """JAX arrays, no prices at all, refunds, a rate of zero and a high one."""
    cases = [
        (
            jnp.asarray(draw_prices(rng, 4)),
            float(rng.uniform(0.01, 0.3)),
            "code that only a NumPy array allows; the prices may be a JAX array",
        ),
        *(
            (
                none,
                0.2,
                "code that needs at least one price; without any the result is an empty float32 "
                "array",
            )
            for none in (np.zeros(0, np.float32), jnp.zeros(0))
        ),
        (
            np.array([-1, 1, 0, -1], np.float32) * draw_prices(rng, 4),
            0.2,
            "negative prices or prices of 0 changed or not taxed; a refund is taxed like any other",
        ),
        (
            draw_prices(rng, 4),
            float(rng.uniform(1.5, 4)),
            "rates above 1 taken for percent; a rate may be above 1",
        ),
        (
            1e-9 * draw_prices(rng, 4),
            0.2,
            "prices that are rounded, or small ones taken for 0",
        ),
        (
            1e35 * draw_prices(rng, 4),
            0.2,
            "another unit on the way, such as cents, or a power, which overflows for large prices",
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


@pytest.mark.correctness(points=1)
def test_has_no_python_loop(student, rng):
    """All prices at once, not one after another in Python."""

    def equations(n):
        seen = student.add_tax.jaxpr(draw_prices(rng, n), 0.2)
        if seen.error is not None:
            fail(f"When JAX records it, {describe_error('add_tax', seen.error)}")
        return int(seen.numpy()["equations"])

    # A loop adds at least one operation for each of 90 further prices, or for each of 63 further
    # blocks of a thousand; without one the number is the same, whatever the length.
    for small, large in ((10, 100), (1000, 64_000)):
        if equations(large) - equations(small) > 45:
            fail(
                "add_tax does more operations the more prices there are. Likely cause: a Python "
                "loop, a list comprehension too; an array times a number multiplies all at once."
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
