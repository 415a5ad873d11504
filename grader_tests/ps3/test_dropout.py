"""Hidden tests of dropout.

Each statistical check rejects a right answer less than once in ten million runs.
"""

import jax.numpy as jnp
import numpy as np
import pytest
from jax import random
from scipy import stats

from jaxercise.checks.assertions import (
    assert_like,
    assert_pure,
    assert_reproducible,
    assert_returns,
    fail,
    is_like,
)
from jaxercise.grading.sampling import largest_lag

SHAPE = (12, 13)
SIDE = 512
N_KEYS = 256


@pytest.mark.correctness(points=2)
def test_kept_entries_are_scaled(student, new_key, rng):
    """Each entry is either zero or the input's divided by 1 - rate."""
    for shape, rate, typed in (
        (SHAPE, 0.3, True),
        (SHAPE, 0.8, False),
        (SHAPE, 0.99, True),
        ((), 0.3, True),
        ((), 0.0, False),
        ((1, 1), 0.125, False),
        ((5,), 0.0, True),
    ):
        x = _nonzero(rng, shape)
        seen = student.dropout(new_key(typed=typed), jnp.asarray(x), rate)
        assert_returns(
            seen,
            jnp.asarray(x),
            rtol=0,
            atol=np.inf,
            hint="a shape that differs from that of x, or NaN",
        )
        kept = np.asarray(seen.numpy()) != 0
        assert_returns(
            seen,
            jnp.asarray(np.where(kept, x / (1 - rate), 0).astype(np.float32)),
            rtol=1e-5,
            hint="divide what is kept by 1 - rate, so that the expectation stays x",
        )
    for scale in (1e6, 1e-9):
        x = (scale * np.tanh(_nonzero(rng, (40,)))).astype(np.float32)
        seen = assert_like(student.dropout(new_key(), jnp.asarray(x), 0.5), jnp.asarray(x))
        if not np.allclose(seen, np.where(seen != 0, 2 * x, 0), rtol=1e-5, atol=0):
            fail(
                "dropout: where entries are large or small, what is kept is not the entry divided "
                "by 1 - rate. Likely cause: entries that are clipped or rounded."
            )
    zeros = student.dropout(new_key(), jnp.zeros(50), 0.3)
    hint = "a division by x itself; an entry of 0 stays 0"
    assert_returns(zeros, jnp.zeros(50), rtol=0, hint=hint)


@pytest.mark.correctness(points=1)
def test_rate_decides_how_many_are_dropped(student, new_key, rng):
    """Each entry is dropped with probability rate, by a draw of its own."""
    x = _nonzero(rng, (SIDE, SIDE))
    seen = student.dropout(new_key(), jnp.asarray(x), 0.0)
    assert_returns(seen, jnp.asarray(x), rtol=1e-6, hint="rate 0 drops nothing")
    for rate, shape in (
        (0.002, (SIDE, SIDE)),
        (0.375, (SIDE, SIDE)),
        (0.9, (SIDE * SIDE,)),
        (0.25, (SIDE, SIDE // 32, 32)),
    ):
        given = jnp.asarray(x.reshape(shape))
        seen = student.dropout(new_key(), given, rate)
        assert_returns(seen, given, rtol=0, atol=np.inf)
        dropped = seen.numpy().reshape(SIDE, SIDE) == 0
        # A binomial count: |z| > 6 has a chance of 2e-9.
        if abs(_z(dropped.sum(), dropped.size, rate)) > 6:
            fail(
                f"dropout: at rate {rate}, {dropped.mean():.2%} of {dropped.size} entries are "
                f"zero; expected {rate:.1%}, give or take {6 * _spread(dropped.size, rate):.2%}. "
                "Likely cause: kept and dropped exchanged (random.bernoulli(key, p) is True with "
                "probability p), or a rate that is rounded."
            )
        if rate < 0.1:
            continue  # The counts of single rows are far from normal.
        # Squared z of the rows' counts, and of the columns', add up to about a chi-square.
        for axis, what in ((1, "rows"), (0, "columns")):
            squares = np.sum(_z(dropped.sum(axis=axis), SIDE, rate) ** 2)
            if min(stats.chi2.sf(squares, SIDE), stats.chi2.cdf(squares, SIDE)) < 1e-9:
                fail(
                    f"dropout: some {what} lose far more entries than others. Each entry needs a "
                    "draw of its own: draw a mask of the shape of x."
                )
        if largest_lag(dropped) > 7.5:
            fail(
                "dropout: whether an entry is dropped tells about another one. Each entry needs a "
                "draw of its own: draw a mask of the shape of x."
            )


@pytest.mark.purity(points=1)
def test_is_pure(student, new_key, rng):
    """The same key gives the same answer, and nothing else is touched."""
    x = jnp.asarray(_nonzero(rng, SHAPE))
    calls = [(new_key(), x, 0.3), (new_key(typed=False), -x, 0.8)]
    assert_pure(student.dropout, calls, static_argnums=(2,))


@pytest.mark.reproducibility(points=2)
def test_the_key_decides_the_mask(student, new_key, rng):
    """The key alone decides what is dropped, and another key drops other entries."""
    rate = 0.3
    x = jnp.asarray(_nonzero(rng, SHAPE))
    assert_reproducible(student.dropout, new_key, x, rate)
    keys = random.split(new_key(), N_KEYS)
    seen = student.dropout.vmapped(in_axes=(0, None, None))(keys, x, rate)
    if not is_like(seen, jnp.zeros((N_KEYS, *x.shape))):
        return  # Left to the correctness checks, or that of purity, which calls it under jit.
    dropped = seen.numpy() == 0
    # Two of 256 masks of 156 entries are equal with a chance below 1e-30.
    if len(np.unique(dropped.reshape(N_KEYS, -1), axis=0)) < N_KEYS:
        fail(
            f"dropout: of {N_KEYS} keys, some give the mask that others give too. Likely cause: "
            "a small number made of the key; use the key itself."
        )
    # How often each entry is dropped is binomial: |z| > 7 has a chance below 1e-7 for all 156.
    # The rate of all together is left to the check of it.
    share = np.clip(dropped.mean(), 0.01, 0.99)
    if np.abs(_z(dropped.sum(axis=0), N_KEYS, share)).max() > 7:
        fail(
            "dropout: over many keys, some entries are dropped far more or less often than "
            "others, or never; expected the same rate for each."
        )
    if largest_lag(dropped) > 7.5:
        fail(
            "dropout: the mask of one key tells about that of another, or an entry about another. "
            "Likely cause: a fixed mask that the key only moves; draw it from the key."
        )
    # Counts of one key after another vary as binomial ones do; too little is as odd as too much.
    counts = np.sum(seen.numpy() == 0, axis=(1, 2))
    if stats.chi2.cdf(np.sum(_z(counts, x.size, rate) ** 2), N_KEYS) < 1e-8:
        fail(
            "dropout: every key drops the same number of entries; expected a number that varies "
            "from key to key, since each entry is dropped or kept by a draw of its own."
        )
    for shape in ((), (2,)):
        _assert_may_drop_all(student, random.split(new_key(), 4096), shape)


def _assert_may_drop_all(student, keys, shape):
    """Of few entries, all are dropped as often as their number says: |z| > 6 is one in 10^9."""
    rate = 0.5
    seen = student.dropout.vmapped(in_axes=(0, None, None))(keys, jnp.ones(shape), rate)
    if not is_like(seen, jnp.zeros((len(keys), *shape))):
        return  # Left to the correctness checks.
    none_left = np.all(seen.numpy().reshape(len(keys), -1) == 0, axis=1)
    if abs(_z(none_left.sum(), len(keys), rate ** max(1, 2 * len(shape)))) > 6:
        fail(
            f"dropout: at rate {rate}, all entries of an array of shape {shape} are dropped for "
            f"{none_left.mean():.0%} of the keys; expected {rate ** max(1, 2 * len(shape)):.0%}. "
            "Each entry has a draw of its own: it may happen that none is kept."
        )


def _nonzero(rng, shape):
    """Entries in [1, 2] of either sign, so that a zero in the answer is a dropped one."""
    return (rng.uniform(1, 2, shape) * rng.choice([-1, 1], shape)).astype(np.float32)


def _spread(n, rate):
    """The standard deviation of the share that is dropped."""
    return np.sqrt(rate * (1 - rate) / n)


def _z(counts, n, rate):
    return (counts - n * rate) / np.sqrt(n * rate * (1 - rate))
