"""Hidden tests of shuffle_split.

Each statistical check rejects a right answer less than once in ten million runs.
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

N_KEYS = 4800
N_ROWS = 8000


@pytest.mark.correctness(points=1)
def test_parts_have_the_stated_sizes(student, reference, new_key, rng):
    """Train and test have the stated sizes, and the dtype of x, empty parts included."""
    for shape, n_train, dtype in (
        ((12, 3), 8, np.float32),
        ((6,), 0, np.int32),
        ((6,), 6, np.int32),
        ((5, 2, 2), 3, np.float32),
        ((1,), 1, np.int8),
        ((1, 3), 0, np.float16),
        ((4,), 2, np.bool_),
    ):
        # The order is free. Where all entries are the same, every order gives this answer.
        x = jnp.full(shape, rng.integers(1, 100), dtype)
        key = new_key(typed=dtype is np.float32)
        assert_returns(
            student.shuffle_split(key, x, n_train),
            reference.shuffle_split(key, x, n_train),
            rtol=0,
            hint="return (train, test): the first n_train shuffled rows, then all the others",
        )


@pytest.mark.correctness(points=2)
def test_loses_and_repeats_nothing(student, new_key, rng):
    """Every row of x is in exactly one of the parts, once and whole."""
    for n, n_train, row in ((12, 8, (3, 2)), (300, 100, (3,))):
        ids = rng.permutation(10 * n)[:n]
        columns = np.stack([ids, ids + 0.25, -ids, ids - 0.25, ids / 2, -ids / 2], axis=1)
        x = columns[:, : np.prod(row)].reshape(n, *row).astype(np.float32)
        seen = student.shuffle_split(new_key(), jnp.asarray(x), n_train)
        empty = (jnp.zeros((n_train, *row)), jnp.zeros((n - n_train, *row)))
        assert_returns(seen, empty, rtol=0, atol=np.inf)
        rows, x = (a.reshape(n, -1) for a in (np.concatenate(seen.numpy()), x))
        if not np.array_equal(np.sort(rows[:, 0]), np.sort(x[:, 0])):
            fail(
                f"shuffle_split: train and test together hold {len(np.unique(rows[:, 0]))} of the "
                f"{n} different rows; expected each row exactly once. Draw one order without "
                "replacement, and cut it in two."
            )
        if not np.array_equal(rows[np.argsort(rows[:, 0])], x[np.argsort(x[:, 0])]):
            fail(
                "shuffle_split: entries of different rows were mixed; expected whole rows in "
                "another order. Shuffle along the first axis only, all columns alike."
            )

    # Odd numbers above 2**24, none of which a float32 can hold; NaN and infinities.
    whole = (2 * rng.permutation(2**20)[:50] + 2**25 + 1).astype(np.int32)
    special = np.array([np.nan, np.inf, -np.inf, 0, np.nan, 1.5], np.float32)
    for rows in (whole, special):
        n = len(rows)
        seen = student.shuffle_split(new_key(), jnp.asarray(rows), n // 2)
        parts = seen.numpy()
        sizes = [getattr(part, "shape", None) for part in parts] if type(parts) is tuple else []
        if sizes != [(n // 2,), (n - n // 2,)]:
            fail("shuffle_split does not return the first n_train shuffled rows and the others.")
        found = np.concatenate(parts)
        if found.dtype != rows.dtype or not np.array_equal(
            np.sort(found), np.sort(rows), equal_nan=rows is special
        ):
            fail(
                "shuffle_split: the entries are changed. Likely cause: float32 on the way, which "
                "holds no int32 above 2**24 to the last digit, or NaN and infinite entries "
                "replaced; rows only change their places."
            )


@pytest.mark.purity(points=1)
def test_is_pure(student, new_key, rng):
    """The same key gives the same parts, and nothing else is touched."""
    x = jnp.asarray(rng.normal(size=(12, 3)).astype(np.float32))
    calls = [(new_key(), x, 8), (new_key(typed=False), x + 1, 8)]
    assert_pure(student.shuffle_split, calls, static_argnums=(2,))


@pytest.mark.reproducibility(points=2)
def test_the_key_decides_the_order(student, new_key, rng):
    """The key alone decides the order, and every order is equally likely."""
    x = jnp.asarray(rng.normal(size=(12, 3)).astype(np.float32))
    assert_reproducible(student.shuffle_split, new_key, x, 8)
    seen = student.shuffle_split.vmapped(in_axes=(0, None, None))(
        random.split(new_key(), N_KEYS), jnp.arange(4), 2
    )
    pairs = jnp.zeros((N_KEYS, 2), int)
    if not is_like(seen, (pairs, pairs)):
        return  # Left to the correctness checks, or that of purity, which calls it under jit.
    orders = np.concatenate(seen.numpy(), axis=1)
    if not np.array_equal(np.sort(orders, axis=1), np.tile(np.arange(4), (N_KEYS, 1))):
        return
    _, counts = np.unique(orders @ 4 ** np.arange(4), return_counts=True)
    counts = np.append(counts, np.zeros(24 - len(counts), int))
    # The 24 orders of four rows, 200 expected of each: chi-square with 23 degrees of freedom.
    if stats.chisquare(counts).pvalue < 1e-8:
        fail(
            f"shuffle_split: over {N_KEYS} keys, four rows came in {np.count_nonzero(counts)} of "
            "24 orders, and not equally often. Every order must be equally likely, within train "
            "and within test too: random.permutation draws one."
        )
    twelve = student.shuffle_split.vmapped(in_axes=(0, None, None))(
        random.split(new_key(), N_KEYS), jnp.arange(12), 6
    )
    halves = jnp.zeros((N_KEYS, 6), int)
    if not is_like(twelve, (halves, halves)):
        return
    # Of 12! orders, two of 4800 are equal with a chance of 2%, and ten pairs with one of 1e-23.
    if len(np.unique(np.concatenate(twelve.numpy(), axis=1), axis=0)) < N_KEYS - 10:
        fail(
            f"shuffle_split: of {N_KEYS} keys, many give an order of twelve rows that others give "
            "too. Likely cause: a small number made of the key; use the key itself."
        )
    half = jnp.zeros(N_ROWS // 2, int)
    seen = student.shuffle_split(new_key(), jnp.arange(N_ROWS), N_ROWS // 2)
    if not is_like(seen, (half, half)):
        return
    # How often a row is followed by a later one: on average every second time, with variance
    # (n + 1) / 12, and close to normal, where 6 has a chance of 2e-9.
    order = np.concatenate(seen.numpy())
    # Rows that keep their place: a Poisson number around 1; above 30 has a chance of 2e-34.
    if np.count_nonzero(order == np.arange(N_ROWS)) > 30:
        fail(
            f"shuffle_split: many of {N_ROWS} rows stay where they were; expected about one. "
            "Likely cause: a number of swaps that is too small; random.permutation does all."
        )
    ascents = np.count_nonzero(order[1:] > order[:-1])
    if abs(ascents - (N_ROWS - 1) / 2) > 6 * np.sqrt((N_ROWS + 1) / 12):
        fail(
            f"shuffle_split: of {N_ROWS} rows, {ascents} stand before one that came later in x; "
            "expected about half. Likely cause: an order by random numbers that are often equal, "
            "such as small whole numbers; equal ones keep their old order."
        )
