"""Hidden tests of epoch_orders.

Each statistical check rejects a right answer less than once in a million runs.
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
    fail,
)
from jaxercise.grading.sampling import largest_lag

N, N_EPOCHS = 10, 2001
N_KEYS = 6000


def orders_of(student, key, n, n_epochs):
    """The orders that the student's function returns, each a permutation of 0 to n - 1."""
    seen = student.epoch_orders(key, n, n_epochs)
    orders = assert_like(
        seen,
        jnp.zeros((n_epochs, n), jnp.int32),
        hint="a row for each epoch and a column for each place in it is expected, as int32",
    )
    if not np.array_equal(np.sort(orders, axis=1), np.tile(np.arange(n), (n_epochs, 1))):
        fail(
            "epoch_orders: an epoch visits some examples twice and others not at all. Likely "
            "cause: draws with replacement, or a shuffle of all epochs together; "
            "random.permutation draws an order."
        )
    return orders


@pytest.mark.correctness(points=2)
def test_each_epoch_has_an_order_of_its_own(student, new_key):
    """Each epoch visits every example once, in an order that no other epoch tells of."""
    orders = orders_of(student, new_key(), N, N_EPOCHS)
    # Of 10! orders, two of 2001 are equal with an expected 0.55 pairs; 20 of them: below 1e-23.
    distinct = len(np.unique(orders, axis=0))
    if distinct < N_EPOCHS - 20:
        fail(
            f"epoch_orders: {N_EPOCHS} epochs have only {distinct} different orders. Likely "
            "cause: the key of one epoch is that of another; an epoch must hand on a key that it "
            "has not used."
        )
    counts = np.stack([(orders == i).sum(axis=0) for i in range(N)])
    expected = N_EPOCHS / N
    statistic = np.sum((counts - expected) ** 2) / expected * (N - 1) / N
    if stats.chi2.sf(statistic, (N - 1) ** 2) < 1e-8:
        fail(
            "epoch_orders: some examples come at some places far more often than others. Every "
            "order must be equally likely in every epoch."
        )
    # Examples that keep their place or their neighbour: about one for each pair of epochs, with
    # variance one, so that 7 standard deviations have a chance of 3e-12.
    later, earlier = orders[1:], orders[:-1]
    followed = _followers(earlier)
    ahead, behind = _kept(followed, later), _kept(followed, later[:, ::-1])
    moved = np.sum((later - earlier) % N == ((later - earlier) % N)[:, :1]) - len(later)
    for count, mean in (
        (np.sum(later == earlier), len(later)),
        (ahead, len(later) * (N - 1) / N),
        (behind, len(later) * (N - 1) / N),
        (np.sum(orders[1:] == orders[0]), len(later)),
    ):
        if abs(count - mean) > 7 * np.sqrt(mean):
            fail(
                "epoch_orders: the order of an epoch tells about that of the next. Likely cause: "
                "one order that is only moved on, turned round or partly kept; draw a new one."
            )
    # Of nine differences each equals the first with a chance of about 1/10.
    if moved > 2 * len(later) or largest_lag(orders[:, 0]) > 7.5:
        fail(
            "epoch_orders: the order of an epoch tells about that of another. Likely cause: one "
            "order that is only moved on, or keys that come again."
        )
    for n, n_epochs, typed in ((1, 3, True), (5, 1, False), (2, 40, False)):
        orders_of(student, new_key(typed=typed), n, n_epochs)
    _check_many_examples(orders_of(student, new_key(), 3000, 2))
    seen = student.epoch_orders.vmapped(in_axes=(0, None, None))(
        random.split(new_key(), N_KEYS), 3, 3
    )
    _check_few_examples(assert_like(seen, jnp.zeros((N_KEYS, 3, 3), jnp.int32)))


def _check_many_examples(orders):
    """Numbers rise and fall equally often from one place to the next."""
    # Falls in a random order of n: mean (n - 1) / 2, variance (n + 1) / 12. |z| > 7: 3e-12. Where
    # the orders come from draws of up to 10,000 values, ties add more than 20 deviations.
    falls = np.sum(np.diff(orders, axis=1) < 0)
    epochs, n = orders.shape
    if abs(falls - epochs * (n - 1) / 2) > 7 * np.sqrt(epochs * (n + 1) / 12):
        fail(
            f"epoch_orders: of {n} examples too many come right after one that stands before them "
            "in the data, or too few do. Likely cause: sorted by draws that are often equal, as of "
            "a short range or of few bits; equal ones keep their order. Use random.permutation."
        )


def _check_few_examples(orders):
    """For each of many keys, three orders of three examples: all equally likely, each by itself."""
    if not np.array_equal(np.sort(orders, axis=2), np.broadcast_to(np.arange(3), orders.shape)):
        fail("epoch_orders: under vmap, an epoch of three examples has not each of them once.")
    if (orders == orders[0]).all():
        return  # The key is not used, which is left to the check of reproducibility.
    kinds = 2 * orders[:, :, 0] + (orders[:, :, 1] > orders[:, :, 2])
    for epoch in range(3):
        counts = np.bincount(kinds[:, epoch], minlength=6)
        if stats.chisquare(counts).pvalue < 1e-9:
            fail(
                f"epoch_orders: for {N_KEYS} keys, epoch {epoch} of three goes through three "
                f"examples in the six possible orders {counts.tolist()} times. Every order must "
                "be equally likely in every epoch, the first and the last as well."
            )
    for one, other in ((0, 1), (0, 2), (1, 2)):
        pairs = np.bincount(6 * kinds[:, one] + kinds[:, other], minlength=36)
        if stats.chisquare(pairs).pvalue < 1e-9:
            fail(
                f"epoch_orders: with three examples, the order of epoch {one} tells about that of "
                f"epoch {other}. Likely cause: an order, or its first example, that must not come "
                "twice in a row, or one made of that before; draw each by itself."
            )


def _followers(orders):
    """For each epoch and example, the example that comes next, or -1 after the last one."""
    after = np.full(orders.shape, -1)
    np.put_along_axis(after, orders[:, :-1], orders[:, 1:], axis=1)
    return after


def _kept(followed, orders):
    """How many examples are followed by the one that followed them in the other epoch."""
    return np.sum(np.take_along_axis(followed, orders[:, :-1], axis=1) == orders[:, 1:])


@pytest.mark.purity(points=1)
def test_is_pure(student, new_key):
    """The same key gives the same orders, and nothing else is touched."""
    calls = [(new_key(), 5, 4), (new_key(typed=False), 5, 4)]
    assert_pure(student.epoch_orders, calls, static_argnums=(1, 2))


@pytest.mark.reproducibility(points=1)
def test_the_key_decides_the_orders(student, new_key):
    """The key alone decides the orders, and no key is used twice."""
    assert_reproducible(student.epoch_orders, new_key, 12, 5)
