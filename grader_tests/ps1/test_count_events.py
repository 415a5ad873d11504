"""Hidden tests of count_events."""

import jax.numpy as jnp
import numpy as np
import pytest

from jaxercise.properties import assert_pure, assert_returns, describe_error, fail

# Counts are whole numbers.
RTOL = 0.0


@pytest.mark.correctness(points=2)
def test_counts_the_events(student, reference, rng):
    """Every event counts, repeats too; numbers without events count zero."""
    for n, dtype, events, hint in (
        (
            5,
            np.int32,
            rng.integers(0, 5, 60),
            "repeats counted once, as counts[idx] += 1 does, or another dtype than int32; see "
            ".at[idx].add",
        ),
        (
            10,
            np.int64,
            rng.integers(2, 6, 20),
            "counts that end at the largest event seen; there are n of them, some of them 0",
        ),
        (
            3,
            np.uint8,
            rng.integers(0, 3, 40),
            "counts in the dtype of the events, too narrow for them; they are int32",
        ),
        (1, np.int32, np.zeros(3), "n = 1, where all events are 0 and there is a single count"),
    ):
        idx = events.astype(dtype)
        for each in (idx, jnp.asarray(idx)):
            assert_returns(
                student.count_events(each, n),
                reference.count_events(each, n),
                rtol=RTOL,
                hint=hint,
            )


@pytest.mark.correctness(points=1)
def test_works_under_jit(student, reference, rng):
    """Compiled, with n known and the events not."""
    for n, k in ((5, 30), (12, 10)):
        idx = rng.integers(0, n, k).astype(np.int32)
        seen = student.count_events.jitted(static_argnums=(1,))(idx, n)
        if seen.error is not None:
            fail(f"Under jax.jit, with n static, {describe_error('count_events', seen.error)}")
        assert_returns(
            seen,
            reference.count_events(idx, n),
            rtol=RTOL,
            hint="the mistake of the first check, or another answer under jax.jit than without",
        )


@pytest.mark.correctness(points=1)
def test_has_no_python_loop(student, rng):
    """All events at once, not one after another in Python."""

    def equations(events, n):
        idx = rng.integers(0, n, events).astype(np.int32)
        seen = student.count_events.jaxpr(idx, n, static_argnums=(1,))
        if seen.error is not None:
            fail(f"When JAX records it, {describe_error('count_events', seen.error)}")
        return int(seen.numpy()["equations"])

    few = equations(10, 8)
    # A loop adds at least one operation for each of about 390 further events, or numbers;
    # without one their number is the same, or grows with a logarithm.
    for grown, what in ((equations(400, 8), "events"), (equations(10, 400), "possible numbers")):
        if grown - few > 195:
            fail(
                f"count_events does more operations the more {what} there are. Likely cause: "
                "a Python loop, which JAX records step by step; .at[idx].add takes all at once."
            )


@pytest.mark.purity(points=1)
def test_is_pure(student, rng):
    """Counts start at zero in every call, and the caller's events survive."""
    calls = []
    for n, k in ((5, 8), (3, 2), (5, 4)):
        # Different events, so that repeats are left to the checks of correctness.
        idx = rng.permutation(n)[:k].astype(np.int32)
        calls += [(idx, n), (jnp.asarray(idx), n)]
    assert_pure(student.count_events, calls, static_argnums=(1,))
