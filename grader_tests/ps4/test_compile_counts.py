"""Hidden tests of compile_counts."""

import jax.numpy as jnp
import numpy as np
import pytest

from jaxercise.checks.assertions import assert_pure, assert_returns
from jaxercise.inside.standins import build
from jaxercise.wire.records import Standin

# A count is exact.
RTOL = 0.0


def program(*steps, compiled_for=()):
    """The same function for the same arguments: cases with `expected` take steps of their own."""
    return Standin("program", (steps, compiled_for))


def assert_counts(student, reference, fn, inputs, hint, expected=None):
    counts = reference.compile_counts(build(fn), inputs)
    # The expectation that the lesson states, where it does: JAX should agree.
    assert expected is None or counts == expected, counts
    assert_returns(student.compile_counts(fn, inputs), counts, rtol=RTOL, kind="any", hint=hint)


@pytest.mark.correctness(points=2)
def test_counts_by_shape(student, reference, rng):
    """A new shape traces, an old one does not, whatever came in between."""
    a, b = (int(n) for n in rng.choice(np.arange(2, 40), 2, replace=False))
    inputs = [rng.standard_normal(n).astype(np.float32) for n in (a, b, a, b, a)]
    assert_counts(
        student,
        reference,
        program("sin", "double"),
        inputs,
        "one trace assumed for each call, or one for each change of size; an old shape is in the "
        "cache. The count of each input is the new traces, not all up to then",
        [1, 1, 0, 0, 0],
    )
    matrix = jnp.ones((2, 3))
    assert_counts(
        student,
        reference,
        program("cos"),
        [matrix, matrix.T, jnp.ones(6), matrix + 1],
        "the number of items looked at instead of the shape",
        [1, 1, 1, 0],
    )
    assert_counts(
        student,
        reference,
        program("sin", "cos"),
        [np.float32(1), np.ones(1, np.float32), jnp.ones((1, 1)), jnp.float32(3)],
        "every input made an array with axes; a number and an array of one entry differ in shape",
        [1, 1, 1, 0],
    )
    assert_counts(student, reference, program("sin"), [], "no inputs give no counts", [])


@pytest.mark.correctness(points=1)
def test_sees_the_dtype(student, reference, rng):
    """Another dtype traces anew, and so does a Python number among arrays."""
    n = int(rng.integers(2, 9))
    single = rng.standard_normal(n).astype(np.float32)
    hint = "only the shape looked at; a dtype is part of what JAX compiles for"
    whole, half = np.arange(n, dtype=np.int32), single.astype(np.float16)
    inputs = [single, whole, single, half, whole]
    assert_counts(student, reference, program("double"), inputs, hint, [1, 1, 0, 1, 0])
    assert_counts(
        student,
        reference,
        program("double", "double"),
        [jnp.float32(2), 2.0, 3.5, 7, 7, np.float32(1)],
        "Python numbers taken for arrays, or each of their values for new; they share one trace a "
        "type, apart from the one of arrays. Or counts kept by object: an object that comes twice "
        "is two inputs",
        [1, 1, 0, 1, 0, 0],
    )
    assert_counts(
        student,
        reference,
        program("double", "sin"),
        [single.astype(np.float64), jnp.asarray(single), np.arange(n), jnp.arange(n)],
        "NumPy's dtype looked at; where 64-bit types are off, JAX sees float64 as float32 and "
        "int64 as int32",
        [1, 0, 1, 0],
    )
    assert_counts(
        student,
        reference,
        program("double", "cos"),
        [1.5, np.float64(1.5), 2, True, np.int32(2), np.zeros(0, np.float32)],
        "guesses by the type of Python: np.float64 is a float to isinstance and an array to JAX, "
        "True has a trace apart from that of 2, and an empty array is an input like others; let "
        "JAX tell when it traces",
    )


@pytest.mark.correctness(points=1)
def test_starts_from_nothing(student, reference, rng):
    """What was compiled before does not count: the compiled function is a fresh one."""
    n = int(rng.integers(2, 9))
    assert_counts(
        student,
        reference,
        program("sin", compiled_for=(n,)),
        [jnp.ones(n), jnp.ones(n + 1), jnp.zeros(n)],
        "jax.jit(fn) looks up fn in a cache of the whole process, also its _cache_size(); jit a "
        "function of your own that calls fn",
        [1, 1, 0],
    )


@pytest.mark.purity(points=1)
def test_is_pure(student, rng):
    """A second count of the same gives the same; nothing is kept or printed."""
    # JAX can give the memory of its own arrays away.
    lists = [
        [library.ones(n, np.float32) for n in rng.integers(1, 4, 4).tolist()]
        for library in (np, jnp, np)
    ]
    calls = [(program("sin"), inputs) for inputs in lists]
    # A function is no argument for jax.jit.
    assert_pure(student.compile_counts, calls, jit=False)
