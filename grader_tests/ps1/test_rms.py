"""Hidden tests of rms."""

import jax.numpy as jnp
import numpy as np
import pytest

from jaxercise.checks.assertions import assert_pure, assert_returns, describe_error, fail

# A float32 sum of n = 1000 squares is right to n x 6e-8 = 6e-5, whatever the order, and
# the root halves that. Of 20,000, added one after the other, the root was off by 3e-6 in the
# worst of 200 draws.
RTOL = 1e-4
SHAPE = (2, 3, 4)


@pytest.mark.correctness(points=2)
def test_takes_the_root_mean_square(student, reference, rng):
    """The root of the mean of the squares, of arrays of any shape."""
    for library, shape in ((np, SHAPE), (jnp, SHAPE), (np, (3, 4)), (np, (1000,)), (jnp, ())):
        x = library.asarray(rng.uniform(-5, 2, shape).astype(np.float32))
        assert_returns(
            student.rms(x),
            reference.rms(x),
            rtol=RTOL,
            hint="root, mean and square in another order, a mean over one axis only, or NumPy "
            "where jnp is meant; the result is one float32 jax array without axes",
        )
    for x, hint in (
        (rng.uniform(-5, 2, (1, 1)).astype(np.float32), "code that needs two entries"),
        (
            rng.uniform(-5, 2, 20_000).astype(np.float32),
            "entries left out beyond some number; all of them count",
        ),
        (np.zeros((3, 4), np.float32), "a division by the largest entry, which may be 0"),
        (
            np.array([0, 0, 3, 4, 0], np.float32),
            "entries of 0 left out of the mean; n counts them as well",
        ),
        (
            rng.uniform(1e-5, 2e-5, 50).astype(np.float32),
            "a small number added to the mean, or small entries taken for 0",
        ),
        (
            rng.uniform(-1e6, -5e5, 50).astype(np.float32),
            "large entries clipped, or a narrower dtype on the way",
        ),
    ):
        assert_returns(student.rms(x), reference.rms(x), rtol=RTOL, hint=hint)


@pytest.mark.correctness(points=2)
def test_survives_narrow_dtypes(student, reference, rng):
    """Whole numbers and float16, whose squares do not fit their own dtype."""
    wraps = (
        "squares of whole numbers that wrap around, since {} stays {} when it is squared; make "
        "it float32 before you square"
    )
    for library, dtype, low, high in (
        (np, "int8", -128, 127),
        (jnp, "uint8", 0, 255),
        (np, "int16", -30_000, 30_000),
        (jnp, "int32", -1_000_000, 1_000_000),
    ):
        x = library.asarray(rng.integers(low, high, SHAPE, endpoint=True).astype(dtype))
        hint = wraps.format(dtype, dtype)
        assert_returns(student.rms(x), reference.rms(x), rtol=RTOL, hint=hint)
    # Squares above 65,504 overflow in float16, squares below 3e-8 are zero.
    for library, scale in ((np, 2000.0), (jnp, 1e-4)):
        x = library.asarray((scale * rng.uniform(0.5, 1, SHAPE)).astype(np.float16))
        assert_returns(
            student.rms(x),
            reference.rms(x),
            rtol=RTOL,
            hint="float16 squares that overflow or vanish, or a float16 result; make it "
            "float32 before you square",
        )
    doubles = rng.uniform(-5, 2, SHAPE)
    hint = "float64 kept, as NumPy does; the result is float32"
    assert_returns(student.rms(doubles), reference.rms(doubles), rtol=RTOL, hint=hint)


@pytest.mark.correctness(points=1)
def test_has_no_python_loop(student, rng):
    """All entries at once, not one after another in Python."""

    def equations(*shape):
        seen = student.rms.jaxpr(rng.uniform(-5, 2, shape).astype(np.float32))
        if seen.error is not None:
            fail(f"When JAX records it, {describe_error('rms', seen.error)}")
        return int(seen.numpy()["equations"])

    # With four times as many entries or rows, or eight times as many blocks of a thousand, a loop
    # grows as many times; halving by recursion adds the same number of operations each time.
    for small, middle, large in (
        ((10,), (40,), (160,)),
        ((10, 2), (40, 2), (160, 2)),
        ((1000,), (8000,), (64_000,)),
    ):
        first, second, third = (equations(*shape) for shape in (small, middle, large))
        if third - second > max(45, 2 * (second - first)):
            fail(
                "rms does more operations the longer the array is. Likely cause: a Python loop "
                "over the entries, the rows or blocks of them; jnp squares and averages all of "
                "them at once."
            )


@pytest.mark.purity(points=1)
def test_is_pure(student, rng):
    """The caller's array survives."""
    calls = [
        (rng.uniform(-2, 2, SHAPE).astype(np.float32),),
        (rng.integers(-9, 9, SHAPE).astype(np.int32),),
        (jnp.asarray(rng.uniform(-2, 2, SHAPE).astype(np.float32)),),
    ]
    assert_pure(student.rms, calls)
