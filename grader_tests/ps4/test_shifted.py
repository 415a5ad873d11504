"""Hidden tests of shifted."""

import jax.numpy as jnp
import numpy as np
import pytest

from jaxercise.checks.assertions import assert_pure, assert_returns, fail

# One addition in float32: exact up to one rounding.
RTOL = 1e-6


@pytest.mark.correctness(points=1)
def test_adds_the_argument(student, reference, rng):
    """The result is the given number plus the array, of any length and dtype."""
    numbers = float(rng.uniform(2, 9)), jnp.float32(rng.uniform(-9, -2)), np.float32(0.5)
    for a, n in zip(numbers, (5, 5, 0), strict=True):
        x = rng.standard_normal(n).astype(np.float32)
        assert_returns(
            student.shifted(a, x),
            reference.shifted(a, x),
            rtol=RTOL,
            hint="the notebook's global a in place of the argument, or NumPy without jax.jit",
        )
    for a, x, hint in (
        (2.5, np.zeros(3), "numbers of 0 taken for none"),
        (2.5, np.ones(1), "code that needs two numbers"),
        (2.5, rng.standard_normal(3000), "numbers left out beyond some place"),
        (2e-9, 1e-9 * rng.standard_normal(5), "a sum that is rounded, or small ones taken for 0"),
    ):
        x = x.astype(np.float32)
        assert_returns(student.shifted(a, x), reference.shifted(a, x), rtol=RTOL, hint=hint)
    whole = rng.integers(-5, 6, 5).astype(np.int32)
    for a, hint in (
        (3, "a conversion to float; an int32 array plus a whole number stays int32"),
        (2.5, "a conversion to the dtype of x; an int32 array plus 2.5 is float32, as of a + x"),
    ):
        assert_returns(student.shifted(a, whole), reference.shifted(a, whole), rtol=RTOL, hint=hint)
    none = np.zeros(0, np.int32)
    for a, hint in (
        (3, "an empty int32 array made float32, as jnp.array([]) is; plus an int it stays int32"),
        (2.5, "an empty array returned as it is; plus 2.5 it is float32, like any other"),
    ):
        assert_returns(student.shifted(a, none), reference.shifted(a, none), rtol=RTOL, hint=hint)
    assert_returns(
        student.shifted(float("inf"), whole),
        reference.shifted(float("inf"), whole),
        rtol=RTOL,
        hint="infinity replaced by a number; it is a float like any other",
    )
    # float32 holds no odd number above 2**24.
    large, hint = np.array([2**24, -(2**30)], np.int32), "floats on the way from int32 to int32"
    for a in (1, np.int32(2**30 - 1), jnp.int32(1)):
        assert_returns(student.shifted(a, large), reference.shifted(a, large), rtol=0.0, hint=hint)


@pytest.mark.correctness(points=1)
def test_sees_every_change(student, reference, rng):
    """A new value of a gives a new answer, from the program that is already compiled."""
    x = rng.standard_normal(5).astype(np.float32)
    values = [float(v) for v in rng.uniform(1, 9, 3)]
    assert_returns(student.shifted(values[0], x), reference.shifted(values[0], x), rtol=RTOL)
    for a in values[1:]:
        seen = student.shifted.without_tracing()(a, x)
        if seen.error is not None and "tracing" in seen.error.message:
            fail(
                "shifted is traced again for a new value of a. Likely cause: a is static, or a "
                "function is jitted anew at each call; an ordinary argument needs neither."
            )
        assert_returns(
            seen,
            reference.shifted(a, x),
            rtol=RTOL,
            hint="the first value of a, kept in a compiled program or in a cache",
        )
    seen = student.shifted.jaxpr(values[0], x).numpy()
    # A length of its own: JAX may go on refusing what it has refused to trace.
    new = student.shifted.without_tracing()(values[0], np.ones(7, np.float32))
    if not {"jit", "pjit"} & seen["primitives"].keys() and not new.needs_tracing:
        fail("shifted is not compiled: keep the @jax.jit of the starter.")


@pytest.mark.purity(points=2)
def test_is_pure(student, rng):
    """The notebook's own a does not matter, and the caller's array survives."""
    calls = [
        (float(a), rng.standard_normal(n).astype(np.float32))
        for a, n in zip(rng.uniform(2, 9, 3), (5, 5, 2), strict=True)
    ]
    # JAX can give the memory of its own arrays away.
    calls.append((2.5, jnp.asarray(rng.standard_normal(5), jnp.float32)))
    assert_pure(student.shifted, calls)
