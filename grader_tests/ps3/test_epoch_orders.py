"""Hidden tests of epoch_orders.

Each statistical check rejects a right answer less than once in a million runs.
"""

import jax.numpy as jnp
import numpy as np
import pytest
from scipy import stats

from jaxercise.checks.assertions import (
    assert_like,
    assert_pure,
    assert_reproducible,
    fail,
)
from jaxercise.grading.sampling import largest_lag

N, N_EPOCHS = 10, 2001


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
    for n, n_epochs, typed in ((1, 3, True), (5, 1, False), (2, 40, False), (300, 2, True)):
        orders_of(student, new_key(typed=typed), n, n_epochs)


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
