"""Hidden tests of add_to_slice."""

import jax.numpy as jnp
import numpy as np
import pytest

from jaxercise.checks.assertions import assert_pure, assert_returns, is_like

# One float32 sum of numbers up to 10, correctly rounded by whoever computes it: 6e-8 of it,
# and 1e-6 absolute where it cancels.
RTOL, ATOL = 1e-6, 1e-6


def assert_adds(student, reference, x, start, stop, value, hint, rtol=RTOL, atol=ATOL):
    assert_returns(
        student.add_to_slice(x, start, stop, value),
        reference.add_to_slice(x, start, stop, value),
        rtol=rtol,
        atol=atol,
        hint=hint,
    )


@pytest.mark.correctness(points=2)
def test_adds_to_the_slice(student, reference, rng):
    """The entries from start up to stop grow, and no others."""
    for library, n, start, stop in (
        (np, 7, 1, 3),
        (jnp, 7, 0, 7),
        (jnp, 7, 2, 6),
        (np, 1, 0, 1),
    ):
        x = library.asarray(rng.uniform(-5, 5, n).astype(np.float32))
        value = float(rng.uniform(1, 5)) * (1 if start else -1)
        assert_adds(
            student,
            reference,
            x,
            start,
            stop,
            value,
            "set in place of add, the whole array in place of the slice, the sign of the value "
            "lost, or an end that is off by one: start belongs to the slice, stop does not",
        )
    for x, scale in (
        (rng.uniform(-5, 5, 1000), 1.0),
        (np.zeros(7), 1.0),
        (1e-9 * rng.uniform(-5, 5, 7), 1e-9),
    ):
        assert_adds(
            student,
            reference,
            x.astype(np.float32),
            2,
            len(x) - 1,
            3 * scale,
            "entries left out beyond some number, an array of zeros taken for an empty one, or "
            "small numbers rounded or taken for 0",
            atol=ATOL * scale,
        )
    x = np.array([1e8, 1.5, -3.5, 1e8, 2.5], np.float32)
    hint = (
        "small entries that lose their digits beside large ones, as in differences and a running "
        "sum of x; entries outside of the slice stay as they are"
    )
    assert_adds(student, reference, x, 2, 4, 0.25, hint)
    # Odd numbers above 2**24, none of which a float32 can hold.
    counts = (2 * rng.integers(2**23, 2**29, 7) + 1).astype(np.int32)
    hint = "a changed dtype, or float32 on the way: an int32 array stays int32, to the last digit"
    for value in (3, -(2**30) - 1):
        assert_adds(student, reference, counts, 1, 3, value, hint, rtol=0.0, atol=0.0)


@pytest.mark.correctness(points=1)
def test_slices_as_python_does(student, reference, rng):
    """Negative ends, ends beyond the array, and slices without entries."""
    for start, stop, hint in (
        (-3, -1, "negative ends left out; they count from the end, as in any slice"),
        (-3, 0, "a stop of 0 taken for none, or for the end; a slice up to 0 is empty"),
        (0, 0, "a stop of 0 taken for none, or for the end; a slice up to 0 is empty"),
        (-9, 0, "a stop of 0 taken for none, or for the end; a slice up to 0 is empty"),
        (2, 50, "an end beyond the array; a slice is cut at the last entry"),
        (-7, -6, "negative ends left out; -n is the first entry"),
        (-9, 2, "a start before the array; a slice begins at the first entry then"),
        (0, -9, "a stop before the array; the slice is empty then, and nothing is added"),
        (1, -1, "ends compared before negative ones are counted from the end"),
        (0, -2, "ends compared before negative ones are counted from the end"),
        (-3, 6, "ends compared before negative ones are counted from the end"),
        (-1, 2, "ends compared before negative ones are counted from the end"),
        (3, 3, "an empty slice taken for one entry; then nothing is added"),
        (4, 1, "a stop before the start; the slice is empty then, and nothing is added"),
        (20, 30, "a slice beyond the end moved into the array; nothing is added there"),
    ):
        x, value = rng.uniform(-5, 5, 7).astype(np.float32), float(rng.uniform(1, 5))
        assert_adds(student, reference, x, start, stop, value, hint)


@pytest.mark.purity(points=1)
def test_is_pure(student, rng):
    """The caller's array survives, NumPy or JAX."""
    x = rng.uniform(-5, 5, 7).astype(np.float32)
    calls = [(x, 1, 3, 2.5), (jnp.asarray(x), 2, 6, 1.5), (x, -3, 0, 1.5)]
    assert_pure(student.add_to_slice, calls, static_argnums=(1, 2))
    # A slice that was not seen before, compiled first.
    fresh = rng.uniform(-5, 5, 9).astype(np.float32)
    compiled = student.add_to_slice.jitted(static_argnums=(1, 2))(fresh, 3, 8, 1.5)
    if is_like(compiled, jnp.asarray(fresh)):
        assert_returns(
            student.add_to_slice(fresh, 3, 8, 1.5),
            jnp.asarray(compiled.numpy()),
            rtol=RTOL,
            atol=ATOL,
            hint="something kept from one call to the next, such as a mask in a cache: made under "
            "jax.jit, it is a tracer, which is worth nothing in a later call",
        )
