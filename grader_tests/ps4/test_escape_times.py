"""Hidden tests of escape_times.

Roundings decide only where some z comes near to distance 2, or where it takes long to leave: so
hidden inputs are numbers whose orbit in float64 keeps off 2 by MARGIN and leaves within SOON
steps, numbers well inside the set, whose orbit is drawn to a cycle, and two that leave late,
after 96 and 157 steps, also where they are moved by 1e-6 in either direction.
"""

import jax.numpy as jnp
import numpy as np
import pytest

from jaxercise.checks.assertions import assert_pure, assert_returns, fail

# Up to SOON steps, float32 is off by less than 1e-3 near distance 2: roundings of 6e-8 grow by a
# factor of 2|z|, at most 4, in each.
MARGIN, SOON = 1e-2, 6
# Whole numbers are exact.
RTOL = 0.0
LATE = (0.251, -0.75 + 0.02j)
HINT = (
    "one step too many or too few, another bound than 2, or counting again what has left; z is 0 "
    "before the first step"
)


def orbit_float64(c, n_steps):
    """The distances from 0 after each step; a row for each number."""
    z, distances = np.zeros_like(c, np.complex128), []
    with np.errstate(all="ignore"):
        for _ in range(n_steps):
            z = z * z + c
            distances.append(np.where(np.isfinite(z), np.abs(z), np.inf))
    return np.stack(distances, axis=-1)


def draw_leaving(rng, n):
    """Numbers that leave within SOON steps, and keep off distance 2."""
    c = (rng.uniform(-2.5, 2.5, 40 * n) + 1j * rng.uniform(-2.5, 2.5, 40 * n)).astype(np.complex64)
    distances = orbit_float64(c, SOON)
    clear = np.abs(distances - 2).min(axis=-1) > MARGIN
    return c[clear & (distances[:, -1] > 2)][:n]


def draw_staying(rng, n):
    """Numbers whose orbit is drawn to a point (near 0) or to a cycle of two (near -1)."""
    inside = 0.15 * np.exp(2j * np.pi * rng.uniform(size=n)) * rng.uniform(size=n)
    return (inside - rng.integers(0, 2, n)).astype(np.complex64)


def expected(c, limit):
    stays = orbit_float64(c, max(limit, 1))[..., :limit] <= 2
    return jnp.asarray(np.sum(stays, axis=-1), jnp.int32)


@pytest.mark.correctness(points=2)
def test_counts_the_steps_until_z_leaves(student, rng):
    """Every number by itself, up to the limit, also long after it has left."""
    for library, shape, limit in (
        (jnp, (12,), 9),
        (np, (3, 4), 2),
        (jnp, (2, 6, 1), 1),
        (np, (12,), 0),
        (jnp, (12,), 150),
    ):
        c = rng.permutation(np.concatenate([draw_leaving(rng, 8), draw_staying(rng, 4)]))
        c = c.reshape(shape)
        assert_returns(
            student.escape_times(library.asarray(c), limit),
            expected(c, limit),
            rtol=RTOL,
            hint=HINT,
        )
    # Exact in float32: at distance 2 for ever, and on the way out through it.
    for c in (-2, 1, 2, 2j, 6 - 8j):
        c = np.complex64(c)
        assert_returns(
            student.escape_times(jnp.asarray(c), 30),
            expected(c, 30),
            rtol=RTOL,
            hint="a distance of exactly 2 counts as not yet left; another likely cause: what has "
            "become inf or nan counted as near, or a number without axes",
        )
    for c, why in (
        (np.zeros(3), "numbers that are all 0"),
        (np.zeros(1), "a single number"),
        (np.resize(draw_leaving(rng, 8), 3000), "many numbers; none may be left out"),
    ):
        c = c.astype(np.complex64)
        assert_returns(student.escape_times(c, 9), expected(c, 9), rtol=RTOL, hint=why)
    for c in LATE:
        c = np.array([c, 0, np.conj(c)], np.complex64)
        assert_returns(
            student.escape_times(jnp.asarray(c), 2500),
            expected(c, 2500),
            rtol=RTOL,
            hint="a number that leaves late taken for one that never leaves, digits of c lost, or "
            "a loop that ends before the limit",
        )
    assert_returns(
        student.escape_times(np.zeros((0, 3), np.complex64), 5),
        jnp.zeros((0, 3), jnp.int32),
        rtol=RTOL,
        hint="an array without entries; any shape is allowed",
    )


@pytest.mark.correctness(points=1)
def test_one_program_serves_every_limit(student, rng):
    """`limit` is traced: another limit compiles nothing new."""
    c = jnp.asarray(draw_staying(rng, 5))
    counts = student.escape_times.traces([(c, 7), (c, 9), (c, 200)]).numpy()
    if list(counts) != [1, 0, 0]:
        fail("escape_times was traced again for another limit, which has the same dtype.")
    assert_returns(
        student.escape_times.jitted()(c, 300),
        jnp.full(5, 300, jnp.int32),
        rtol=RTOL,
        hint="a limit of its own inside the function, or a loop that has a fixed length",
    )


@pytest.mark.purity(points=1)
def test_is_pure(student, rng):
    """The caller's array survives, and the limit may be traced."""
    calls = [(draw_leaving(rng, 4), 5), (jnp.asarray(draw_staying(rng, 4)), 3)]
    assert_pure(student.escape_times, calls)
