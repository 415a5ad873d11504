"""Hidden tests of safe_set."""

import jax.numpy as jnp
import numpy as np
import pytest

from grader_tests.ps1.one_entry import N, cases_inside, draw_case, long_case
from jaxercise.checks.assertions import (
    assert_pure,
    assert_returns,
    describe_error,
    fail,
)

# Entries are copied and at most one is replaced, so all come back exactly.
RTOL = 0.0

HINTS = {
    "inside": "an index inside the array left alone, the value added, a changed dtype (float32 "
    "on the way is one, too), or NumPy where a jax array is meant",
    "negative": "a negative index counted from the end, as .at does by itself (mode='drop' too); "
    "here it is out of range, also when a million is added to it",
    "beyond": "an index beyond the end moved to the last entry, as mode='clip' and "
    "dynamic_update_slice do, wrapped around or made narrow; the array must stay as it is",
}

OUTSIDE = (
    *(("negative", i) for i in (-1, -2, -N, -N - 1, -1000, -(2**16), 2 - 10**6, 2 - 10**9)),
    *(("beyond", i) for i in (N, N + 1, 1000, 256, 2**16 + 1)),
)


@pytest.mark.correctness(points=1)
def test_sets_inside_the_array(student, reference, rng):
    """An index inside the array: that entry is replaced."""
    for x, i, value, hint in cases_inside(
        rng,
        plain=HINTS["inside"],
        large="the value made float32, which holds no int32 above 2**24 to the last digit, or "
        "a value of 0 taken for none",
    ):
        assert_returns(
            student.safe_set(x, i, value),
            reference.safe_set(x, i, value),
            rtol=RTOL,
            hint=hint,
        )


@pytest.mark.correctness(points=2)
def test_leaves_the_rest_alone(student, reference, rng):
    """An index outside, negative ones too: the array stays as it is."""
    for kind, i in OUTSIDE:
        x, value = draw_case(rng, N)
        assert_returns(
            student.safe_set(x, i, value),
            reference.safe_set(x, i, value),
            rtol=RTOL,
            hint=HINTS[kind],
        )
    x, _, value = long_case(rng)
    for i in (-1, -(2**16), -len(x) - 1):
        assert_returns(
            student.safe_set(x, i, value),
            reference.safe_set(x, i, value),
            rtol=RTOL,
            hint="a negative index turned into a fixed one, such as 1000, which a long array has; "
            "turn it into len(x), or compare positions with i",
        )


@pytest.mark.correctness(points=1)
def test_works_under_jit(student, reference, rng):
    """The same compiled, where the index is not known in advance."""
    for kind, i in (("inside", 2), *OUTSIDE):
        x, value = draw_case(rng, N)
        seen = student.safe_set.jitted()(x, i, value)
        if seen.error is not None:
            fail(f"Under jax.jit, {describe_error('safe_set', seen.error)}")
        assert_returns(seen, reference.safe_set(x, i, value), rtol=RTOL, hint=HINTS[kind])


@pytest.mark.purity(points=1)
def test_is_pure(student, rng):
    """The caller's array survives, NumPy or JAX."""
    # A size of its own: a side effect of tracing shows at the first call alone.
    n = N + 3
    calls = []
    for library, i in ((np, 2), (jnp, 0), (np, n + 1)):
        x, value = draw_case(rng, n)
        calls.append((library.asarray(x), i, value))
    assert_pure(student.safe_set, calls)
