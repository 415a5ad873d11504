"""Hidden tests of safe_log."""

import jax.numpy as jnp
import numpy as np
import pytest

from jaxercise.checks.assertions import assert_pure, assert_returns

# One float32 logarithm or quotient, and its input rounded once: 2e-7; logarithms near 1 are
# small, so an absolute term comes with it.
RTOL, ATOL = 1e-5, 1e-6


def expected_log(x):
    x = np.asarray(x, np.float64)
    return jnp.asarray(np.log(np.where(x > 0, x, 1)), jnp.float32)


def expected_slope(x):
    x = np.asarray(x, np.float64)
    return jnp.asarray(np.where(x > 0, 1 / np.where(x > 0, x, 1), 0), jnp.float32)


def draw_mixed(rng, *shape):
    """Positive, negative and zero; both ends of the range that the lesson states."""
    x = np.exp(rng.uniform(-10, 10, shape)) * rng.choice([-1, 0, 1, 1], shape)
    x.flat[: min(4, x.size)] = (0.0, 1e-30, 1e30, -1e30)[: min(4, x.size)]
    return x.astype(np.float32)


@pytest.mark.correctness(points=2)
def test_takes_the_log_where_it_can(student, rng):
    """log(x) where x is positive, 0 where it is not, for arrays of any shape."""
    numbers = (2.5, -1.0, 0.0, -0.0, 1 + 2e-7)
    sizes = ((30,), (3, 10), (1,), (3000,))
    for x in (*(draw_mixed(rng, *size) for size in sizes), np.zeros((0, 2)), *numbers):
        for library in (jnp, np):
            assert_returns(
                student.safe_log(library.asarray(x, np.float32)),
                expected_log(x),
                rtol=RTOL,
                atol=ATOL,
                hint="log of something near x, such as x + 1e-8, the log of the absolute value, "
                "-inf where x is 0, or NumPy's functions for NumPy's arrays",
            )


@pytest.mark.correctness(points=1)
def test_works_under_jit(student, rng):
    """The same values under jax.jit."""
    for x in (jnp.asarray(draw_mixed(rng, 30)), jnp.float32(3)):
        assert_returns(
            student.safe_log.jitted()(x),
            expected_log(x),
            rtol=RTOL,
            atol=ATOL,
            hint="a Python if, or a mask whose size depends on values",
        )


@pytest.mark.correctness(points=1)
def test_has_a_finite_gradient(student, rng):
    """The derivative is 1/x where x is positive and 0 where it is not, never NaN."""
    x = jnp.asarray(draw_mixed(rng, 30))
    for slope in (student.safe_log.grad().vmapped(), student.safe_log.grad().vmapped().jitted()):
        assert_returns(
            slope(x),
            expected_slope(x),
            rtol=RTOL,
            atol=ATOL,
            hint="jnp.where around the log alone: the derivative of the branch that is not taken "
            "is inf, and 0 times inf is NaN; give log a harmless number where x is not positive",
        )
    assert_returns(
        student.safe_log.times(3.0).grad().vmapped()(x),
        3 * expected_slope(x),
        rtol=RTOL,
        atol=ATOL,
        hint="a derivative of your own that forgets what it is multiplied by; by the chain rule "
        "the derivative of 3 * safe_log is 3 / x",
    )


@pytest.mark.purity(points=1)
def test_is_pure(student, rng):
    """The caller's array survives, and nothing is remembered."""
    # A size of its own: a side effect of tracing shows at the first call alone.
    x = draw_mixed(rng, 33)
    assert_pure(student.safe_log, [(x,), (jnp.asarray(x),)], rtol=RTOL, atol=ATOL)
