"""Hidden tests of savings."""

import jax.numpy as jnp
import numpy as np
import pytest

from jaxercise.checks.assertions import assert_pure, assert_returns

# At most 100 years of two roundings of 6e-8 each, of balances that nearly all deposits make
# larger; a power of 1 + rate repeats the rounding of the sum 100 times: 3 x 100 x 6e-8.
RTOL, ATOL = 3e-5, 2e-3


def draw_deposits(rng, n, library=jnp):
    deposits = rng.uniform(50, 100, n)
    deposits[1::4] *= -0.25  # withdrawals
    return library.asarray(deposits.astype(np.float32))


@pytest.mark.correctness(points=2)
def test_returns_the_balance_of_every_year(student, reference, rng):
    """Every year's balance is there, in the second call as in the first."""
    hint = (
        "a list or another place outside the function that a compiled function writes to, the "
        "deposit paid in before the interest is added, interest or a year left out, or early "
        "deposits forgotten after some years"
    )
    for n, rate, library in (
        (5, 0.05, jnp),
        (5, -0.2, jnp),
        (5, 0.3, np),
        (40, 0.02, jnp),
        (100, 0.02, jnp),
        (1, 0.1, np),
        (3, 0.0, jnp),
    ):
        deposits = draw_deposits(rng, n, library)
        assert_returns(
            student.savings(deposits, rate),
            reference.savings(deposits, rate),
            rtol=RTOL,
            atol=ATOL,
            hint=hint,
        )
    # Deposits alone, so that no balance is near 0, where roundings of the others would count.
    for largest, rate in ((1e9, -0.3), (100.0, 0.5), (1e-9, 0.1)):
        deposits = jnp.asarray(rng.uniform(0.5, 1, 100) * largest, jnp.float32)
        assert_returns(
            student.savings(deposits, rate),
            reference.savings(deposits, rate),
            rtol=RTOL,
            hint="a convolution by FFT, whose error is relative to the largest balance of all, or "
            "balances that are rounded",
        )
    for same in (0.0, 20.0):
        deposits = jnp.full(6, same)
        assert_returns(
            student.savings(deposits, 0.125),
            reference.savings(deposits, 0.125),
            rtol=RTOL,
            hint="equal deposits, or deposits of 0, taken for none",
        )
    overdrawn = jnp.array([10.0, -30.0, 0.0, 25.0])
    assert_returns(
        student.savings(overdrawn, 0.125),
        reference.savings(overdrawn, 0.125),
        rtol=RTOL,
        atol=ATOL,
        hint="a balance below 0 that is cut off at 0; it grows by interest like any other",
    )


@pytest.mark.purity(points=1)
def test_is_pure(student, rng):
    """No call leaves anything behind, under jax.jit neither."""
    calls = [
        (draw_deposits(rng, n, library), rate)
        for n, rate, library in ((4, 0.25, np), (4, -0.125, jnp), (2, 0.5, jnp))
    ]
    assert_pure(student.savings, calls, rtol=RTOL, atol=ATOL)
