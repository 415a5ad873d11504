"""Hidden tests of bootstrap_means.

Each statistical check rejects a right answer less than once in ten million runs. The
correctness checks look at one resample for each of many keys, so that resamples which
share their indices pass there and fail the check of independence. Sizes are small enough
for an answer that loops over the resamples in Python.
"""

import jax.numpy as jnp
import numpy as np
import pytest
from jax import random

from jaxercise.checks.assertions import (
    assert_pure,
    assert_reproducible,
    assert_returns,
    fail,
    is_like,
)
from jaxercise.grading.sampling import largest_lag

N = 50
N_KEYS = 4096
N_RESAMPLES = 2000


@pytest.mark.correctness(points=1)
def test_has_a_mean_for_each_resample(student, reference, new_key, rng):
    """The answer is a float32 array with one mean for each resample."""
    for n, n_resamples, typed in (
        (N, 20, True),
        (N, 20, False),
        (1, 3, True),
        (2, 1, False),
    ):
        key = new_key(typed=typed)
        x = jnp.asarray(rng.normal(size=n).astype(np.float32))
        assert_returns(
            student.bootstrap_means(key, x, n_resamples),
            reference.bootstrap_means(key, x, n_resamples),
            rtol=0,
            atol=np.inf,  # The draws are free: only dtype and shape count.
            hint="one mean for each of n_resamples resamples, as one array, of a single one too",
        )


@pytest.mark.correctness(points=2)
def test_resamples_with_replacement(student, new_key, rng):
    """A resample is n entries of x, drawn with replacement."""
    # In order, so that entries drawn together with their neighbours, or with those at the other
    # end, show in the variance. The last one lies far out, so that never drawing it moves the
    # mean by 37 standard errors.
    x = np.append(np.sort(rng.permutation(2 * N)[: N - 1]), 4 * N).astype(np.float32)
    seen = student.bootstrap_means.vmapped(in_axes=(0, None, None))(
        random.split(new_key(), N_KEYS), jnp.asarray(x), 1
    )
    assert_returns(seen, jnp.zeros((N_KEYS, 1)), rtol=0, atol=np.inf)
    # Of 300 entries, all beyond those that eight bits count: 15,000 draws do not all miss them.
    last = jnp.asarray(np.arange(300) >= 256, jnp.float32)
    shares = student.bootstrap_means(new_key(), last, 50)
    assert_returns(shares, jnp.zeros(50), rtol=0, atol=np.inf)
    if shares.numpy().max() == 0:
        fail(
            "bootstrap_means: of 300 entries some are never drawn. Indices must reach n - 1: "
            "do not narrow their dtype."
        )
    # A share of 44 in 300, over 15,000 draws: z of 6.
    if abs(shares.numpy().mean() - 44 / 300) > 6 * np.sqrt(44 * 256 / 15_000) / 300:
        fail(
            "bootstrap_means: where many entries are equal, some are drawn too often. Each of "
            "the n entries is equally likely, also one that equals another."
        )
    # About 300 of a prime number of draws are ones: n times a mean of fewer or more draws is no
    # integer. Few ones, so that float32 is off by less than 0.01 even where quotients are added.
    n = 2003
    rare = student.bootstrap_means(new_key(), jnp.asarray(rng.permutation(n) < 300, jnp.float32), 4)
    assert_returns(rare, jnp.zeros(4), rtol=0, atol=np.inf)
    totals = n * rare.numpy().astype(float)
    if np.abs(totals - np.round(totals)).max() > 0.05:
        fail(
            f"bootstrap_means: with {n} numbers the means are not those of {n} draws. A resample "
            "consists of as many draws as x has entries, of many as well."
        )
    # Whatever is drawn of equal numbers: a sum of 30 float32 numbers is right to 30 x 6e-8.
    assert_returns(
        student.bootstrap_means(new_key(), jnp.full(30, 412_345.0), 20),
        jnp.full(20, 412_345.0),
        rtol=5e-6,
        hint="a narrower dtype on the way, in which large numbers lose digits or are infinite; the "
        "mean of equal numbers is that number",
    )
    means = seen.numpy().astype(float).ravel()
    if np.ptp(means) == 0:
        fail(
            f"bootstrap_means: the first resample has the same mean for each of {N_KEYS} keys. "
            "Draw its indices from `key`, and with replacement: all n entries in another order "
            "always have the mean of x."
        )
    # n times a mean of n integers is an integer; float32 is off by less than 1e-3.
    totals = N * means
    if np.abs(totals - np.round(totals)).max() > 0.02:
        fail(
            "bootstrap_means: some means are not the mean of n entries of x. Draw n indices "
            "below n and average the entries found there."
        )
    if abs(_mean_z(means, x)) > 6:
        fail(
            "bootstrap_means: the resampled means do not lie around the mean of x. Every entry "
            "of x must be equally likely: "
            "random.randint(key, (n,), 0, n) never draws n itself."
        )
    if abs(_variance_z(means, x)) > 6:
        fail(
            f"bootstrap_means: the variance of the means is {_ratio(means, x):.2f} times that of "
            "means of n independent draws from x. Draw as many entries as x has, with replacement, "
            "and each by itself: not together with its neighbour."
        )
    # One resample for each key; the last of 300 numbers lies far out. Numbers are small: quotients
    # added up one by one, whose rounding errors all add up too, are off by 0.03 in the total.
    wide = np.append(rng.permutation(299) % 8, 64).astype(np.float32)
    seen = student.bootstrap_means.vmapped(in_axes=(0, None, None))(
        random.split(new_key(), 300), jnp.asarray(wide), 1
    )
    assert_returns(seen, jnp.zeros((300, 1)), rtol=0, atol=np.inf)
    totals = 300 * seen.numpy().astype(float).ravel()
    if np.abs(totals - np.round(totals)).max() > 0.1 or abs(_variance_z(totals / 300, wide)) > 8:
        fail(
            "bootstrap_means: with 300 numbers the means are not those of 300 draws from all of "
            "them. Likely cause: indices in eight bits, or a fixed number of draws."
        )


@pytest.mark.purity(points=1)
def test_is_pure(student, new_key, rng):
    """The same key gives the same means, and nothing else is touched."""
    x = jnp.asarray(rng.normal(size=N).astype(np.float32))
    calls = [(new_key(), x, 20), (new_key(typed=False), x + 1, 20)]
    assert_pure(student.bootstrap_means, calls, static_argnums=(2,))


@pytest.mark.reproducibility(points=2)
def test_resamples_are_independent(student, new_key, rng):
    """The key alone decides the means, and each resample has draws of its own."""
    # In order, so that indices that are shifted or mirrored for another resample show.
    x = np.sort(rng.normal(size=N)).astype(np.float32)
    assert_reproducible(student.bootstrap_means, new_key, jnp.asarray(x), 20)
    seen = student.bootstrap_means(new_key(), jnp.asarray(x), N_RESAMPLES)
    if not is_like(seen, jnp.zeros(N_RESAMPLES)):
        return  # Left to the correctness checks.
    means = seen.numpy().astype(float)
    if np.ptp(means) == 0:
        fail(
            "bootstrap_means: all resamples have the same mean; expected other indices for each. "
            "Give every resample a key of its own: random.split(key, n_resamples)."
        )
    # Of 2000 right means, rounding to float32 makes hardly one equal to another.
    distinct = len(np.unique(means))
    if distinct < 0.95 * N_RESAMPLES:
        fail(
            f"bootstrap_means: only {distinct} of {N_RESAMPLES} means are different. Give every "
            "resample a key of its own: random.split(key, n_resamples)."
        )
    if largest_lag(means) > 7.5 or abs(_mean_z(means, x)) > 6:
        fail(
            "bootstrap_means: the means of one call depend on each other; expected independent "
            "resamples. Draw new indices for each resample, from a key of its own."
        )
    keys = random.split(new_key(), N_KEYS)
    seen = student.bootstrap_means.vmapped(in_axes=(0, None, None))(keys, jnp.asarray(x), 1)
    if not is_like(seen, jnp.zeros((N_KEYS, 1))):
        return  # Left to the check of purity, which calls it under jit.
    if len(np.unique(seen.numpy())) < 0.95 * N_KEYS:
        fail(
            f"bootstrap_means: of {N_KEYS} keys, many give a mean that others give too. Likely "
            "cause: a small number made of the key; use the key itself."
        )


# The mean of n draws from x has the mean of x and the variance of x over n, exactly. Its
# excess kurtosis is that of x over n, at most 0.2 here, so these z are close to standard
# normal, and |z| > 6 has a chance of 2e-9.


def _ratio(means, x):
    return np.mean(np.square(means - x.mean(dtype=float))) / (x.var(dtype=float) / len(x))


def _mean_z(means, x):
    return (means.mean() - x.mean(dtype=float)) / np.sqrt(x.var(dtype=float) / N / len(means))


def _variance_z(means, x):
    return (_ratio(means, x) - 1) * np.sqrt(len(means) / 2)
