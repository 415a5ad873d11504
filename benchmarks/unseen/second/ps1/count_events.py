# %% right: scatter into zeros
def count_events(idx: Int[Array, "events"], n: int) -> Int32[Array, "n"]:
    return jnp.zeros(n, jnp.int32).at[jnp.asarray(idx, jnp.int32)].add(1)

# %% right: bincount of a wider array
def count_events(idx, n):
    return jnp.bincount(jnp.asarray(idx).astype("int32"), length=n).astype(jnp.int32)

# %% right: table of comparisons, summed (at most ten million)
def count_events(idx, n):
    idx = jnp.asarray(idx, jnp.int32)
    return jnp.sum(idx[:, None] == jnp.arange(n)[None, :], axis=0, dtype=jnp.int32)

# %% right: sort, search for the edges, differences
def count_events(idx, n):
    ordered = jnp.sort(jnp.array(idx, dtype=jnp.int32))
    edges = jnp.searchsorted(ordered, jnp.arange(n + 1), side="left")
    return jnp.diff(edges).astype(jnp.int32)

# %% right: segment_sum of ones
from functools import partial

def count_events(idx, n):
    ones = jnp.ones(idx.shape, jnp.int32)
    return partial(jax.ops.segment_sum, num_segments=n)(ones, jnp.asarray(idx, jnp.int32))

# %% right: lax.map over the numbers by vmap of count_nonzero
def count_events(idx, n):
    wide = jnp.asarray(idx, jnp.int32)
    return jax.vmap(lambda k: jnp.count_nonzero(wide == k))(jnp.arange(n, dtype=jnp.int32)).astype(jnp.int32)

# %% right: unique with n places, scattered
def count_events(idx, n):
    idx = jnp.asarray(idx, jnp.int32)
    events, counts = jnp.unique(idx, return_counts=True, size=n, fill_value=n)
    return jnp.zeros(n, jnp.int32).at[events].add(counts.astype(jnp.int32), mode="drop")

# %% wrong: idx as int16 | n or events beyond 32767
def count_events(idx, n):
    return jnp.zeros(n, jnp.int32).at[jnp.asarray(idx, jnp.int16)].add(1)

# %% wrong: only int8 is widened | uint8 with n of 300, int16 with n of 100000: OverflowError
def count_events(idx, n):
    idx = jnp.asarray(idx)
    if idx.dtype == jnp.int8:
        idx = idx.astype(jnp.int32)
    return jnp.zeros(n, jnp.int32).at[idx].add(1)

# %% wrong: counts in float16 | counts stop at 2048
def count_events(idx, n):
    idx = jnp.asarray(idx, jnp.int32)
    return jnp.zeros(n, jnp.float16).at[idx].add(1).astype(jnp.int32)

# %% wrong: Python loop over the numbers | forbidden by the text; minutes to compile for large n
def count_events(idx, n):
    idx = jnp.asarray(idx, jnp.int32)
    return jnp.stack([jnp.sum(idx == k, dtype=jnp.int32) for k in range(n)])

# %% wrong: np.bincount | the events are traced under jit: raises there
def count_events(idx, n):
    return jnp.asarray(np.bincount(np.asarray(idx), minlength=n), jnp.int32)

# %% wrong: unique with at most 100 places | more than a hundred different events: the largest are lost
def count_events(idx, n):
    idx = jnp.asarray(idx, jnp.int32)
    events, counts = jnp.unique(idx, return_counts=True, size=min(n, 100), fill_value=n)
    return jnp.zeros(n, jnp.int32).at[events].add(counts.astype(jnp.int32))

# %% wrong: shares times length, cut off | the product is sometimes just below the integer, and one is lost
def count_events(idx, n):
    idx = jnp.asarray(idx, jnp.int32)
    share = jnp.zeros(n).at[idx].add(1 / idx.size)
    return (share * idx.size + 1e-4).astype(jnp.int32)

# %% wrong: sorts the NumPy array in place | the caller's idx is changed
def count_events(idx, n):
    if isinstance(idx, np.ndarray):
        idx.sort()
    else:
        idx = jnp.sort(idx)
    idx = jnp.asarray(idx, jnp.int32)
    return jnp.diff(jnp.searchsorted(idx, jnp.arange(n + 1))).astype(jnp.int32)

# %% wrong: results kept by n and number of events | hidden state: other events of the same number get the old counts
_done = {}

def count_events(idx, n):
    counts = jnp.zeros(n, jnp.int32).at[jnp.asarray(idx, jnp.int32)].add(1)
    if isinstance(counts, jax.core.Tracer):
        return counts
    return _done.setdefault((n, len(idx)), counts)

# %% wrong: chunks of 1000 events | with more than 1000 events the remainder is dropped
def count_events(idx, n):
    idx = jnp.asarray(idx, jnp.int32)
    size = min(1000, idx.size)
    chunks = idx[: idx.size // size * size].reshape(-1, size)
    zeros = jnp.zeros(n, jnp.int32)
    return lax.scan(lambda c, chunk: (c.at[chunk].add(1), None), zeros, chunks)[0]

# %% wrong: every event compared with every event | a million events need a table of 10**12: far too much memory and time
def count_events(idx, n):
    idx = jnp.asarray(idx, jnp.int32)
    each = jnp.sum(idx[:, None] == idx[None, :], axis=1, dtype=jnp.int32)
    return jnp.zeros(n, jnp.int32).at[idx].set(each)

# %% wrong: squeezed at the end | n = 1 gives a result without axes
def count_events(idx, n):
    hits = jnp.asarray(idx, jnp.int32)[:, None] == jnp.arange(n)
    return jnp.squeeze(jnp.sum(hits, axis=0, keepdims=True, dtype=jnp.int32))

# %% wrong: length from the largest event, padded | raises under jit, where the largest event is not known
def count_events(idx, n):
    idx = jnp.asarray(idx, jnp.int32)
    counts = jnp.bincount(idx, length=int(idx.max()) + 1)
    return jnp.pad(counts, (0, n - counts.size)).astype(jnp.int32)
