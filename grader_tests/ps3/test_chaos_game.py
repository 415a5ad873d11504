"""Hidden tests of chaos_game.

Each statistical check rejects a right answer less than once in a million runs.
"""

import jax.numpy as jnp
import numpy as np
import pytest
from scipy import stats

from jaxercise.checks.assertions import assert_like, assert_pure, assert_reproducible, fail
from jaxercise.grading.sampling import largest_lag

N = 3001


def corners_drawn(student, key, corners, n):
    """The number of the corner that each move of the student's pencil goes to."""
    seen = student.chaos_game(key, jnp.asarray(corners), n)
    dots = assert_like(
        seen, jnp.zeros((n, 2)), hint="a row for each dot is expected, without the start"
    )
    aims = 2 * dots.astype(float) - np.concatenate([corners[:1], dots[:-1]])
    distances = np.abs(aims[:, None] - corners).max(axis=2)
    # A dot is rounded to 6e-8 of the largest entry, and so are its terms: up to 12 of them in an
    # associative scan. An aim is off by three times as much, 2e-6.
    tolerance = 1e-5 * np.abs(corners).max()
    if distances.min(axis=1).max() > tolerance:
        first = int(np.argmax(distances.min(axis=1) > tolerance))
        fail(
            "chaos_game: "
            + ("the first dot is" if first == 0 else "some dots are")
            + " not half of the way from the dot before (at first, from the first corner) to a "
            "corner. Likely cause: the start returned as a dot, another share of the way, moves "
            "that begin at a corner and not at the dot before, or rounded dots."
        )
    return distances.argmin(axis=1)


def some_corners(rng, k):
    """Corners far from each other, on no grid."""
    angle = 2 * np.pi * (np.arange(k) + rng.uniform(0, 0.3, k)) / k
    return (9 * np.stack([np.cos(angle), np.sin(angle)], axis=1)).astype(np.float32)


@pytest.mark.correctness(points=2)
def test_moves_halfway_to_random_corners(student, new_key, rng):
    """Each dot is half of the way to a corner, all equally likely and independent."""
    # The second picture is small: dots that are rounded to a fixed number of places show.
    for k, n, scale, typed in ((3, 1, 1, True), (2, 7, 1e-4, False), (7, 40, 1, True)):
        corners = some_corners(rng, k) * np.float32(scale)
        corners_drawn(student, new_key(typed=typed), corners, n)
    # In each quarter of 300 corners, about 300 moves: with numbers up to 255 the last gets 140.
    quarters = corners_drawn(student, new_key(), some_corners(rng, 300), 1200) // 75
    if stats.chisquare(np.bincount(quarters, minlength=4)).pvalue < 1e-9:
        fail(
            "chaos_game does not draw all of 300 corners equally often. Likely cause: a fixed "
            "number of corners, or numbers of corners in eight bits."
        )
    _check_equal_corners(student, new_key(), some_corners(rng, 3)[[0, 0, 1, 2, 2]])
    # Of seven corners the first comes nine times in a row once in 4e7 runs.
    firsts = [corners_drawn(student, new_key(), some_corners(rng, 7), 1)[0] for _ in range(9)]
    if not any(firsts):
        fail(
            "chaos_game: the first move always goes to the first corner. Likely cause: the start "
            "is returned as a dot."
        )
    for k in (3, 5):
        drawn = corners_drawn(student, new_key(), some_corners(rng, k), N)
        counts = np.bincount(drawn, minlength=k)
        if stats.chisquare(counts).pvalue < 1e-8:
            never = np.count_nonzero(counts == 0)
            fail(
                "chaos_game does not draw all corners equally often"
                + (f"; {never} of {k} never come" if never else "")
                + ". Likely cause: bounds of randint, whose upper one is exclusive, one draw for "
                "all moves, or a key that is the same in every step."
            )
        # From one corner to the next, and to the one after it: chi-square on the pairs.
        for lag in (1, 2):
            pairs = np.bincount(k * drawn[:-lag] + drawn[lag:], minlength=k * k).reshape(k, k)
            expected = pairs.sum() / k**2
            statistic = np.sum((pairs - expected) ** 2) / expected
            if stats.chi2(k * k - 1).sf(statistic) < 1e-9:
                fail(
                    "chaos_game: the corner of one move tells about that of another. Likely "
                    "cause: corners in turn, no corner twice in a row, or keys that come again."
                )
        if max(largest_lag(drawn == corner) for corner in range(k)) > 8:
            fail("chaos_game: the corners come again in the same order; draw one for each move.")


def _check_equal_corners(student, key, corners):
    """Of five corners the first two are equal, and so are the last two: they count twice."""
    drawn = corners_drawn(student, key, corners, N)
    counts = np.bincount(drawn, minlength=5)[[0, 2, 3]]
    if stats.chisquare(counts, N * np.array([0.4, 0.2, 0.4])).pvalue < 1e-9:
        fail(
            "chaos_game: where some corners are equal, others are drawn too often or too rarely. "
            "Each row of `corners` is a corner, and all rows are equally likely."
        )


@pytest.mark.purity(points=1)
def test_is_pure(student, new_key, rng):
    """The same key gives the same dots, and nothing else is touched."""
    corners = jnp.asarray(some_corners(rng, 3))
    calls = [(new_key(), corners, 5), (new_key(typed=False), -corners, 5)]
    assert_pure(student.chaos_game, calls, static_argnums=(2,))


@pytest.mark.reproducibility(points=1)
def test_the_key_decides_the_corners(student, new_key, rng):
    """The key alone decides the corners, and no key is used twice."""
    assert_reproducible(student.chaos_game, new_key, jnp.asarray(some_corners(rng, 7)), 30)
