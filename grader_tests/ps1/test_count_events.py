"""Hidden tests of count_events."""

import jax.numpy as jnp
import numpy as np
import pytest

from jaxercise.checks.assertions import assert_pure, assert_returns, describe_error, fail

# Counts are whole numbers.
RTOL = 0.0
N, EVENTS = 10, 40

REPEATS_HINT = (
    "repeats counted once, as counts[idx] += 1 does, or another dtype than int32; see .at[idx].add"
)


@pytest.mark.correctness(points=2)
def test_counts_the_events(student, reference, rng):
    """Every event counts, repeats too; numbers without events count zero."""
    for library, n, dtype, events, hint in (
        (np, N, np.int32, rng.integers(0, N, EVENTS), REPEATS_HINT),
        (jnp, N, np.int32, rng.integers(0, N, EVENTS), REPEATS_HINT),
        (
            np,
            N,
            np.int64,
            rng.integers(2, 6, EVENTS),
            "counts that end at the largest event seen; there are n of them, some of them 0",
        ),
        (
            jnp,
            N,
            np.uint8,
            rng.integers(0, 3, EVENTS),
            "counts in the dtype of the events, too narrow for them; they are int32",
        ),
        (
            np,
            N,
            np.int32,
            np.full(300, rng.integers(0, N)),
            "counts in eight bits, which hold 255 at most; they are int32",
        ),
        (
            np,
            1,
            np.int32,
            np.zeros(EVENTS),
            "n = 1, where all events are 0 and there is a single count",
        ),
    ):
        idx = library.asarray(events.astype(dtype))
        assert_returns(
            student.count_events(idx, n), reference.count_events(idx, n), rtol=RTOL, hint=hint
        )


@pytest.mark.correctness(points=1)
def test_works_under_jit(student, reference, rng):
    """Compiled, with n known and the events not."""
    idx = rng.integers(0, N - 2, EVENTS).astype(np.int32)
    seen = student.count_events.jitted(static_argnums=(1,))(idx, N)
    if seen.error is not None:
        fail(f"Under jax.jit, with n static, {describe_error('count_events', seen.error)}")
    assert_returns(
        seen,
        reference.count_events(idx, N),
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
    # A loop adds at least one operation for each of about 90 further events, or numbers;
    # without one their number is the same, or grows with a logarithm.
    for grown, what in ((equations(100, 8), "events"), (equations(10, 100), "possible numbers")):
        if grown - few > 45:
            fail(
                f"count_events does more operations the more {what} there are. Likely cause: "
                "a Python loop, which JAX records step by step; .at[idx].add takes all at once."
            )


@pytest.mark.purity(points=1)
def test_is_pure(student, rng):
    """Counts start at zero in every call, and the caller's events survive."""
    # Different events, so that repeats are left to the checks of correctness.
    calls = [
        (library.asarray(rng.permutation(EVENTS).astype(np.int32)), EVENTS) for library in (np, jnp)
    ]
    assert_pure(student.count_events, calls, static_argnums=(1,))
