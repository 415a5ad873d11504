"""Hidden tests of power."""

import jax.numpy as jnp
import numpy as np
import pytest

from jaxercise.checks.assertions import assert_pure, assert_returns, fail

# n <= 13 roundings of 6e-8 each, wherever they fall: 8e-7, doubled for those of the powers
# that are squared. The bases are below 1.5, so nothing overflows.
RTOL = 1e-5


def draw_bases(rng, *shape):
    return (rng.uniform(0.5, 1.5, shape) * rng.choice([-1, 1], shape)).astype(np.float32)


@pytest.mark.correctness(points=2)
def test_raises_to_the_power(student, rng):
    """The right values for n = 0, 1, 2 and larger ones, for float32 and int32."""
    for n, shape in ((0, (5,)), (1, (1,)), (2, (2, 3)), (6, (5,)), (13, (3000,))):
        x = draw_bases(rng, *shape)
        assert_returns(
            student.power(x, n),
            jnp.asarray(np.power(x.astype(np.float64), n), jnp.float32),
            rtol=RTOL,
            hint="one multiplication too many or too few; x to the power 0 is 1, in the shape of x",
        )
    whole = rng.integers(-4, 5, 5).astype(np.int32)
    for x, n in ((whole, 0), (whole, 6), (np.array([7, -8, 0, 10], np.int32), 9)):
        assert_returns(
            student.power(jnp.asarray(x), n),
            jnp.asarray(x**n),
            rtol=0.0,
            hint="floats on the way: a product that starts at a float (jnp.ones_like(x) has the "
            "dtype of x), or a power of floats, which keeps seven digits where int32 has ten",
        )


@pytest.mark.correctness(points=1)
def test_handles_edge_cases(student):
    """No axes, no entries, zeros, small numbers, an exponent of several hundred."""
    ones = np.array([1, -1, 0, 1.001], np.float32)
    for x, n, hint in (
        (np.array(-1.5, np.float32), 3, "code that needs an axis; x may have none"),
        (np.zeros((0, 3), np.float32), 2, "code that needs an entry; x may be empty"),
        (np.zeros(2, np.int32), 0, "0 to the power 0; it is 1, as all numbers are"),
        (np.array([1e-9, -3e-7, 2e5], np.float32), 3, "a small number added to x"),
        (ones, 301, "a limit to n, such as a fixed number of its bits"),
    ):
        assert_returns(
            student.power(x, n),
            jnp.asarray(np.power(x.astype(np.float64), n), x.dtype),
            rtol=1e-4,  # 301 roundings of 6e-8, twice
            hint=hint,
        )


@pytest.mark.correctness(points=1)
def test_compiles_once_for_each_exponent(student, rng):
    """A new exponent is traced once; an old one never again."""
    x, other = draw_bases(rng, 5), draw_bases(rng, 5)
    for n in (6, 13):
        student.power(x, n).numpy()
    for n in (6, 13, 6):
        seen = student.power.without_tracing()(other, n)
        if seen.error is not None and "tracing" in seen.error.message:
            fail(
                "power is traced again for an exponent that it was called with before. Likely "
                "cause: jax.jit inside the function, so that each call makes a new compiled one."
            )
        seen.numpy()
    new = student.power.without_tracing()(x, 9)
    if new.error is None:
        fail(
            "power traces nothing for an exponent that is new. Likely cause: n is traced too, or "
            "nothing is compiled; declare n with static_argnums or static_argnames."
        )
    seen = student.power.jaxpr(x, 6, static_argnums=1).numpy()
    if not {"jit", "pjit"} & seen["primitives"].keys() and not new.needs_tracing:
        fail("power is not compiled: use jax.jit with n static.")


@pytest.mark.purity(points=1)
def test_is_pure(student, rng):
    """Each exponent gives its own answer, in any order; the caller's array survives."""
    x = draw_bases(rng, 5)
    calls = [(x, 6), (jnp.asarray(x), 13), (x, 0)]
    assert_pure(student.power, calls, static_argnums=1)
