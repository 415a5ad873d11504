"""Hidden tests of random_walks.

Each statistical check rejects a right answer less than once in ten million runs. A step
shared between walkers, or between moments, passes the correctness checks, which look at
one walker and one moment at a time, and fails the check of independence. Sizes are small
enough for an answer that loops over walkers and steps in Python.
"""

import jax.numpy as jnp
import numpy as np
import pytest
from jax import random
from scipy import stats

from jaxercise.checks.assertions import (
    assert_pure,
    assert_reproducible,
    assert_returns,
    fail,
    is_like,
)
from jaxercise.grading.sampling import largest_lag, law_fault

N_KEYS = 2**16
N_WALKERS = 64
N_STEPS = 60


@pytest.mark.correctness(points=1)
def test_has_a_row_for_each_walker(student, reference, new_key):
    """The answer has a row for each walker and a column for each step."""
    for n_walkers, n_steps, typed in (
        (4, 5, True),
        (4, 5, False),
        (1, 1, True),
        (1, 3, False),
        (3, 1, True),
    ):
        key = new_key(typed=typed)
        assert_returns(
            student.random_walks(key, n_walkers, n_steps),
            reference.random_walks(key, n_walkers, n_steps),
            rtol=0,
            atol=np.inf,  # The draws are free: only dtype and shape count.
            hint="one row for each walker, one column for each step, without the start, for a "
            "single walker or step as well",
        )


@pytest.mark.correctness(points=1)
def test_steps_are_standard_normal(student, new_key):
    """From one column to the next, a walker makes a standard normal step."""
    seen = student.random_walks.vmapped(in_axes=(0, None, None))(
        random.split(new_key(), N_KEYS), 4, 5
    )
    assert_returns(seen, jnp.zeros((N_KEYS, 4, 5)), rtol=0, atol=np.inf)
    walks = seen.numpy()
    if not walks[:, :, 0].any():
        fail(
            "random_walks: all walkers stand at 0 in the first column; expected their positions "
            "after the first step. Leave the start out."
        )
    if np.ptp(walks, axis=0).max() == 0:
        fail(
            f"random_walks: for {N_KEYS} keys the walks are the same; expected others for each "
            "key. Do the steps come from `key`?"
        )
    # Step i of walker i: no two share a walker or a moment.
    steps = np.diagonal(_steps(walks), axis1=1, axis2=2)
    # Differences of rounded positions: only first steps are as they were drawn.
    fault = law_fault(steps[:, 0]) or law_fault(steps)
    if fault:
        fail(f"random_walks: the steps, differences between neighbouring columns, {fault}.")


@pytest.mark.purity(points=1)
def test_is_pure(student, new_key):
    """The same key gives the same walks, and nothing else is touched."""
    calls = [(new_key(), 4, 5), (new_key(typed=False), 4, 5)]
    assert_pure(student.random_walks, calls, static_argnums=(1, 2))


@pytest.mark.reproducibility(points=2)
def test_walkers_and_steps_are_independent(student, new_key):
    """The key alone decides the walks; no two walkers and no two steps share a draw."""
    assert_reproducible(student.random_walks, new_key, 4, 5)
    seen = student.random_walks(new_key(), N_WALKERS, N_STEPS)
    if not is_like(seen, jnp.zeros((N_WALKERS, N_STEPS))):
        return  # Left to the correctness checks.
    walks: np.ndarray = seen.numpy()
    steps = _steps(walks)
    if _largest_correlation(steps) > 0.8:
        fail(
            "random_walks: two walkers make the same steps, or mirrored ones; expected "
            "independent walkers. Draw one array of n_walkers x n_steps, or give each walker "
            "a key of its own."
        )
    if _largest_correlation(steps.T) > 0.8:
        fail(
            "random_walks: two steps of a walker come from the same draw; expected a new draw "
            "for each step. Draw one array of n_walkers x n_steps, or split the key at each step."
        )
    # Walker after walker, all steps in a row; their sizes as well, as signs alone may be
    # independent.
    if max(largest_lag(series) for series in (steps, steps.T, np.abs(steps))) > 7.5:
        fail(
            "random_walks: some steps tell about others, of the same walker or of another: they "
            "are copies, share a part, or are of like size; expected a draw of its own for each. "
            "Two pairs of walker and step number must not lead to one key."
        )
    # Of independent normal steps, less than 4% lie within 2e-5 of the next larger one: there
    # are 3,840 of them, with a density of at most 0.4. Copies do, but for roundings. (Where all
    # do, the steps have another law, which is left to the check of it.)
    gaps = np.diff(np.sort(steps.ravel()))
    if 0.25 < np.mean(gaps < 2e-5) < 0.99:
        fail(
            "random_walks: many steps are copies of others; expected a draw of its own for each. "
            "Likely cause: pairs of walker and step number that lead to one key, as by "
            "random.fold_in(key, 10 * walker + step)."
        )
    for n_walkers, n_steps, what in ((300, 2, "walkers"), (4, 1000, "steps of a walker")):
        many = student.random_walks(new_key(), n_walkers, n_steps)
        if not is_like(many, jnp.zeros((n_walkers, n_steps))):
            return
        steps = _steps(many.numpy())
        if n_steps == 1000:
            _check_long_walks(steps)
        # Copies are equal but for roundings; of n right steps about n**2 / 180,000 lie within 2e-5:
        # two of 600, 90 of 4,000. (Where nearly all do, they have another law.)
        n = steps.size
        between = np.diff(np.sort(np.asarray(steps, float).ravel()))
        if n / 10 < np.count_nonzero(between < 2e-5) < 0.98 * n:
            fail(
                f"random_walks: with more than 64 {what}, some make the steps of others. Each of "
                "the n_walkers x n_steps steps has a draw of its own, however many there are."
            )
    # The squares of the last positions, over their variance, add up to a chi-square.
    squares = np.square(walks[:, -1], dtype=float)
    if _is_odd(np.sum(squares) / N_STEPS, N_WALKERS):
        fail(
            f"random_walks: after {N_STEPS} steps the variance of the positions is "
            f"{np.mean(squares):.0f}; expected about {N_STEPS}, since the variances of "
            "independent steps add up."
        )


def _check_long_walks(steps):
    """The steps of long walks are draws of the same law, wherever the walker is by then."""
    # A position of up to 128 is rounded to 4e-6, so a right step comes out as 0 three times in a
    # million: six of 4,000 have a chance of 1e-14.
    still = np.count_nonzero(steps == 0)
    if 5 < still < steps.size / 2:
        fail(
            f"random_walks: in walks of {steps.shape[1]} steps, a walker does not move at all in "
            f"{still} of them. Likely cause: positions that are kept within limits; a walker may "
            "go anywhere."
        )
    # The sum of squares is chi-square.
    if _is_odd(np.sum(np.square(steps)), steps.size):
        fail(
            f"random_walks: the steps of walks of {steps.shape[1]} steps, differences between "
            f"neighbouring columns, have variance {np.mean(np.square(steps)):.2f}; expected about "
            "1. Likely cause: walks put together from pieces, each of which starts again at 0."
        )


def _steps(walks):
    return np.diff(walks.astype(float), axis=-1, prepend=0.0)


def _largest_correlation(rows):
    """The largest |correlation| of two rows; rows without any spread count as uncorrelated.

    For independent normal rows of length 60, |r| > 0.8 has a chance of 2e-14 (Student's t),
    4e-11 over 2,016 pairs. Rows that share their draws have |r| = 1.
    """
    centred = rows - rows.mean(axis=1, keepdims=True)
    unit = centred / np.maximum(np.linalg.norm(centred, axis=1, keepdims=True), 1e-3)
    correlations = unit @ unit.T
    np.fill_diagonal(correlations, 0.0)
    return np.abs(correlations).max()


def _is_odd(chi_square, degrees):
    """Whether a chi-square is outside of where all but 2e-9 of them fall."""
    law = stats.chi2(degrees)
    return min(law.sf(chi_square), law.cdf(chi_square)) < 1e-9
