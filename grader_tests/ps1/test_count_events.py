"""Hidden tests of count_events."""

import jax.numpy as jnp
import numpy as np
import pytest

from jaxercise.checks.assertions import assert_pure, assert_returns, describe_error, fail

# Counts are whole numbers.
RTOL = 0.0
N, EVENTS = 10, 40

REPEATS = (
    "repeats counted once, as counts[idx] += 1 does, or a dtype other than int32; see .at[idx].add"
)
LARGEST = "counts that end at the largest event seen; there are n of them, some of them 0"
NARROW = (
    "something kept in the dtype of the events, in which n or the counts do not fit, or in "
    "another narrow one; make the events int32 first, and count in int32"
)
BLOCKS = "events beyond whole blocks, such as of 100 or 1000, left out; every event counts"
DIFFERENT = "only some number of different events counted; any of the n numbers may occur"
ONE = "n = 1, where all events are 0 and there is a single count"


def has_loop(student):
    """Whether the program grows with the events or the numbers, or cannot be recorded."""
    lengths = []
    for events, n in ((10, 8), (100, 8), (10, 100)):
        idx = np.arange(events, dtype=np.int32) % 8
        seen = student.count_events.jaxpr(idx, n, static_argnums=(1,))
        if seen.error is not None:
            return True
        lengths.append(int(seen.numpy()["equations"]))
    return max(lengths) - lengths[0] > 45


def assert_counts(student, reference, library, dtype, n, events, hint):
    idx = library.asarray(np.asarray(events).astype(dtype))
    assert_returns(
        student.count_events(idx, n), reference.count_events(idx, n), rtol=RTOL, hint=hint
    )


@pytest.mark.correctness(points=2)
def test_counts_the_events(student, reference, rng):
    """Every event counts, repeats too; numbers without events count zero."""
    for library, dtype, n, events, hint in (
        (np, "int32", N, rng.integers(0, N, EVENTS), REPEATS),
        (jnp, "int32", N, rng.integers(0, N, EVENTS), REPEATS),
        (np, "int64", N, rng.integers(2, 6, EVENTS), LARGEST),
        (jnp, "uint8", N, rng.integers(0, 3, EVENTS), NARROW),
        (np, "uint64", N, rng.integers(0, N, EVENTS), NARROW),
        (np, "int32", 1, np.zeros(EVENTS), ONE),
        (np, "int32", N, rng.integers(0, N, 1), "code that needs two events; one gives one count"),
        # More events of one kind than eight bits can count.
        (np, "int8", 200, np.full(300, rng.integers(0, 128)), NARROW),
        # The largest event that each dtype holds, and numbers that it does not hold.
        (jnp, "int8", 300, [0, 44, 127, 127], NARROW),
        (np, "uint8", 300, [0, 44, 255, 255, 128], NARROW),
        (jnp, "uint8", 256, [0, 255, 255, 128], NARROW),
        # No whole blocks of a usual length.
        (np, "int32", N, rng.integers(0, N, 127), BLOCKS),
        (np, "int32", N, rng.integers(0, N, 1025), BLOCKS),
    ):
        assert_counts(student, reference, library, dtype, n, events, hint)
    if has_loop(student):
        return  # Left to the check of it; here it would take minutes.
    for library, dtype, n, events, hint in (
        (jnp, "int32", N, np.full(70_003, rng.integers(0, N)), NARROW),
        (np, "int16", 70_000, [0, 4464, 32_767], NARROW),
        (jnp, "uint16", 70_000, [0, 4464, 65_535, 32_768], NARROW),
        (np, "int64", 70_000, [4464, 69_999, 69_999], NARROW),
        (np, "int32", 3000, rng.permutation(2999), DIFFERENT),
    ):
        assert_counts(student, reference, library, dtype, n, events, hint)


@pytest.mark.correctness(points=1)
def test_works_under_jit(student, reference, rng):
    """Compiled, with n known and the events not."""
    for idx, n in (
        (rng.integers(0, N - 2, EVENTS).astype(np.int32), N),
        (np.full(300, 127, np.int8), 200),
    ):
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

    # A loop adds at least one operation for each of about 90 further events, or numbers, or for
    # each of 63 further blocks of a thousand; without one their number grows with a logarithm
    # at most.
    for small, large, what in (
        ((10, 8), (100, 8), "events"),
        ((10, 8), (10, 100), "possible numbers"),
        ((1000, 8), (64_000, 8), "events"),
        ((10, 1000), (10, 64_000), "possible numbers"),
    ):
        if equations(*large) - equations(*small) > 45:
            fail(
                f"count_events does more operations the more {what} there are. Likely cause: "
                "a Python loop, over blocks too, which JAX records step by step; .at[idx].add "
                "takes all at once."
            )


@pytest.mark.purity(points=1)
def test_is_pure(student, rng):
    """Counts start at zero in every call, and the caller's events survive."""
    # Different events, so that repeats are left to the checks of correctness.
    calls = [
        (library.asarray(rng.permutation(EVENTS).astype(np.int32)), EVENTS) for library in (np, jnp)
    ]
    assert_pure(student.count_events, calls, static_argnums=(1,))
