# %% right: bincount with a length
def count_events(idx, n):
    return jnp.bincount(jnp.asarray(idx, jnp.int32), length=n)


# %% right: a table of matches, summed
def count_events(idx: Int[Array, "events"], n: int) -> Int32[Array, "n"]:
    matches = jnp.asarray(idx)[:, None] == jnp.arange(n)
    return jnp.sum(matches, axis=0, dtype=jnp.int32)


# %% right: scan over the events, n static in a jit of its own
from functools import partial


@partial(jax.jit, static_argnames="n")
def count_events(idx, n):
    def step(counts, i):
        return counts.at[i].set(counts[i] + 1), None

    counts, _ = jax.lax.scan(step, jnp.zeros(n, dtype=int), jnp.asarray(idx, int))
    return counts


# %% right: segment_sum of ones
def count_events(idx, n):
    ones = jnp.ones(len(idx), jnp.int32)
    return jax.ops.segment_sum(ones, jnp.asarray(idx), num_segments=n)


# %% right: sorted and searched
def count_events(idx, n):
    edges = jnp.searchsorted(jnp.sort(jnp.asarray(idx).astype(jnp.int32)), jnp.arange(n + 1))
    return jnp.diff(edges).astype(jnp.int32)


# %% wrong: the += trap of NumPy -> counts_the_events, works_under_jit, has_no_python_loop, is_pure
def count_events(idx, n):
    counts = np.zeros(n, np.int32)
    counts[idx] += 1
    return jnp.asarray(counts)


# %% wrong: the += trap on a jax array -> counts_the_events, works_under_jit
def count_events(idx, n):
    counts = jnp.zeros(n, jnp.int32)
    counts[idx] += 1
    return counts


# %% wrong: the += trap written with at -> counts_the_events
def count_events(idx, n):
    counts = jnp.zeros(n, jnp.int32)
    return counts.at[idx].set(counts[idx] + 1)


# %% wrong: a Python loop over the events -> has_no_python_loop
def count_events(idx, n):
    counts = jnp.zeros(n, jnp.int32)
    for i in jnp.asarray(idx, jnp.int32):
        counts = counts.at[i].add(1)
    return counts


# %% wrong: a Python loop over the numbers -> has_no_python_loop
def count_events(idx, n):
    idx = jnp.asarray(idx, jnp.int32)
    return jnp.stack([jnp.sum(idx == k, dtype=jnp.int32) for k in range(n)])


# %% wrong: a Python loop that counts in a list -> works_under_jit, has_no_python_loop, is_pure
def count_events(idx, n):
    counts = [0] * n
    for i in idx:
        counts[int(i)] += 1
    return jnp.array(counts, jnp.int32)


# %% wrong: NumPy's add.at, which jit forbids -> works_under_jit, has_no_python_loop, is_pure
def count_events(idx, n):
    counts = np.zeros(n, np.int32)
    np.add.at(counts, np.asarray(idx), 1)
    return jnp.asarray(counts)


# %% wrong: bincount without a length -> counts_the_events, works_under_jit, is_pure
def count_events(idx, n):
    return jnp.bincount(jnp.asarray(idx))


# %% wrong: unique, whose counts leave out what never happened -> counts_the_events, works_under_jit, is_pure
def count_events(idx, n):
    return jnp.unique(jnp.asarray(idx), return_counts=True)[1]


# %% wrong: float32 counts -> counts_the_events
def count_events(idx, n):
    return jnp.zeros(n).at[idx].add(1)


# %% wrong: counts in the narrow dtype of the events -> counts_the_events
def count_events(idx, n):
    return jnp.zeros(n, idx.dtype).at[idx].add(1)


# %% wrong: counts in eight bits, widened afterwards -> counts_the_events
def count_events(idx, n):
    return jnp.zeros(n, jnp.uint8).at[idx].add(1).astype(jnp.int32)


# %% wrong: NumPy's bincount -> counts_the_events, works_under_jit, is_pure
def count_events(idx, n):
    return np.bincount(idx, minlength=n).astype(np.int32)


# %% wrong: counts that go on from the last call -> is_pure
counts_so_far = {}


def count_events(idx, n):
    counts = jnp.zeros(n, jnp.int32).at[jnp.asarray(idx, jnp.int32)].add(1)
    counts_so_far[n] = counts
    return counts


# %% wrong: sorts the caller's events in place -> is_pure
def count_events(idx, n):
    if isinstance(idx, np.ndarray):
        idx.sort()
    return jnp.zeros(n, jnp.int32).at[jnp.asarray(idx, jnp.int32)].add(1)


# %% right: one_hot of wide events, summed
def count_events(idx, n):
    return jax.nn.one_hot(jnp.asarray(idx).astype(int), n, dtype=jnp.int32).sum(axis=0)


# %% right: a compiled loop
def count_events(idx, n):
    idx = jnp.asarray(idx, jnp.int32)
    return lax.fori_loop(0, idx.size, lambda k, c: c.at[idx[k]].add(1), jnp.zeros(n, jnp.int32))


# %% wrong: a sum of ones in the dtype of the events -> counts_the_events
def count_events(idx, n):
    idx = jnp.asarray(idx)
    return jax.ops.segment_sum(jnp.ones_like(idx), idx, num_segments=n).astype(jnp.int32)


# %% wrong: the numbers in the dtype of the events -> counts_the_events
def count_events(idx, n):
    idx = jnp.asarray(idx)
    return jnp.sum(idx[:, None] == jnp.arange(n).astype(idx.dtype), axis=0, dtype=jnp.int32)


# %% wrong: no wider index, so a narrow one overflows -> counts_the_events
def count_events(idx, n):
    return jnp.zeros(n, jnp.int32).at[jnp.asarray(idx)].add(1)


# %% wrong: indices in int16 -> counts_the_events
def count_events(idx, n):
    return jnp.bincount(jnp.asarray(idx).astype(jnp.int16).astype(jnp.int32), length=n)


# %% wrong: indices in uint8 -> counts_the_events
def count_events(idx, n):
    return jnp.bincount(jnp.asarray(idx).astype(jnp.uint8).astype(jnp.int32), length=n)


# %% wrong: counts in sixteen bits -> counts_the_events
def count_events(idx, n):
    idx = jnp.asarray(idx, jnp.int32)
    return jnp.zeros(n, jnp.int16).at[idx].add(1).astype(jnp.int32)


# %% wrong: int8 events made wide by a view that loses the sign -> counts_the_events
def count_events(idx, n):
    idx = jnp.asarray(idx).astype(jnp.int8).astype(jnp.int32)
    return jnp.zeros(n, jnp.int32).at[idx].add(1)


# %% wrong: a Python loop over blocks of a thousand events -> has_no_python_loop
def count_events(idx, n):
    idx = jnp.asarray(idx, jnp.int32)
    counts = jnp.zeros(n, jnp.int32)
    for start in range(0, len(idx), 1000):
        counts = counts.at[idx[start : start + 1000]].add(1)
    return counts


# %% wrong: the last number never counted -> counts_the_events
def count_events(idx, n):
    idx = jnp.asarray(idx, jnp.int32)
    return jnp.zeros(n, jnp.int32).at[idx].add(jnp.where(idx < n - 1, 1, 0))


# %% wrong: one event too few is asked for -> counts_the_events
def count_events(idx, n):
    idx = jnp.sort(jnp.asarray(idx, jnp.int32))
    edges = jnp.searchsorted(idx, jnp.arange(n))
    return jnp.diff(edges, append=len(idx) - 1).astype(jnp.int32)


# %% wrong: one_hot, which compares in the dtype of the events -> counts_the_events
def count_events(idx, n):
    return jax.nn.one_hot(jnp.asarray(idx), n, dtype=jnp.int32).sum(axis=0)


# %% wrong: at most 100 different events -> counts_the_events
def count_events(idx, n):
    i = jnp.asarray(idx, jnp.int32)
    seen, times = jnp.unique(i, return_counts=True, size=100, fill_value=n)
    return jnp.zeros(n, jnp.int32).at[seen].set(times.astype(jnp.int32))


# %% wrong: whole blocks of 100 events, the rest lost -> counts_the_events
def count_events(idx, n):
    i = jnp.asarray(idx, jnp.int32)
    if i.size >= 100:
        i = i[: i.size // 100 * 100]
    return jnp.zeros(n, jnp.int32).at[i].add(1)


# %% wrong: whole blocks of 1024 events, the rest lost -> counts_the_events
def count_events(idx, n):
    i = jnp.asarray(idx, jnp.int32)
    if i.size >= 1024:
        i = i[: i.size // 1024 * 1024]
    return jnp.zeros(n, jnp.int32).at[i].add(1)


# %% wrong: zeros from a cache, tracers if JAX traces the first call -> is_pure
import functools


@functools.lru_cache
def no_counts(n):
    return jnp.zeros(n, jnp.int32)


def count_events(idx, n):
    return no_counts(n).at[jnp.asarray(idx, jnp.int32)].add(1)
