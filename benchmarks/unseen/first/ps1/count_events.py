# %% right: widened scatter
def count_events(idx, n):
    return jnp.zeros(n, jnp.int32).at[jnp.asarray(idx, jnp.int32)].add(1)

# %% right: bincount of int32
def count_events(idx, n):
    return jnp.bincount(jnp.asarray(idx).astype(jnp.int32), length=n).astype(jnp.int32)

# %% right: segment_sum of ones
def count_events(idx, n):
    events = jnp.int32(idx)
    return jax.ops.segment_sum(jnp.ones(events.shape, jnp.int32), events, num_segments=n)

# %% right: sort, then find the borders
def count_events(idx, n):
    s = jnp.sort(jnp.asarray(idx, dtype="int32"))
    return jnp.diff(jnp.searchsorted(s, jnp.arange(n + 1, dtype=jnp.int32))).astype(jnp.int32)

# %% right: gradient of a gather
def count_events(idx, n):
    i = jnp.asarray(idx, jnp.int32)
    return jax.grad(lambda w: w[i].sum())(jnp.zeros(n)).astype(jnp.int32)

# %% right: unique with a static size
def count_events(idx, n):
    i = jnp.asarray(idx).astype(jnp.int32)
    seen, times = jnp.unique(i, return_counts=True, size=n, fill_value=n)
    return jnp.zeros(n, jnp.int32).at[seen].set(times.astype(jnp.int32), mode="drop")

# %% right: lax.scatter_add
def count_events(idx, n):
    i = lax.convert_element_type(jnp.asarray(idx), jnp.int32).reshape(-1, 1)
    dn = lax.ScatterDimensionNumbers((), (0,), (0,))
    return lax.scatter_add(jnp.zeros((n,), jnp.int32), i, jnp.ones(i.shape[0], jnp.int32), dn)

# %% right: the at-method of the ufunc, in a jitted helper with a static length
from functools import partial
@partial(jax.jit, static_argnames="length")
def _tally(events, *, length):
    return jnp.add.at(jnp.zeros(length, jnp.int32), events, 1, inplace=False)
def count_events(idx, n):
    return _tally(jnp.asarray(idx, jnp.int32), length=n)

# %% right: a compiled loop
def count_events(idx, n):
    i = jnp.asarray(idx, jnp.int32)
    return lax.fori_loop(0, i.size, lambda k, c: c.at[i[k]].add(1), jnp.zeros(n, "int32"))

# %% right: two halves counted under vmap, padded with n
def count_events(idx, n):
    i = jnp.asarray(idx, jnp.int32)
    halves = jnp.pad(i, (0, i.size % 2), constant_values=n).reshape(2, -1)
    one = lambda h: jnp.zeros(n + 1, jnp.int32).at[h].add(1)
    return jax.vmap(one)(halves).sum(axis=0, dtype=jnp.int32)[:n]

# %% right: the transpose of a linear gather
def count_events(idx, n):
    i = jnp.array(idx, jnp.int32)
    back = jax.linear_transpose(lambda w: w[i], jax.ShapeDtypeStruct((n,), jnp.float32))
    (counts,) = back(jnp.ones(i.shape, jnp.float32))
    return jnp.rint(counts).astype(jnp.int32)

# %% right: scan in chunks
def count_events(idx, n):
    i = jnp.asarray(idx, jnp.int32)
    rows = jnp.pad(i, (0, -i.size % 64), constant_values=n).reshape(-1, 64)
    return lax.scan(lambda c, r: (c.at[r].add(1), None), jnp.zeros(n + 1, jnp.int32), rows)[0][:-1]

# %% wrong: counts in int16 | "the counts may be more than ..."; a million events
def count_events(idx, n):
    return jnp.zeros(n, jnp.int16).at[jnp.asarray(idx, jnp.int32)].add(1).astype(jnp.int32)

# %% wrong: only int8 is widened | "any integer dtype": uint8 and n = 300, int16 and n = 40000
def count_events(idx, n):
    idx = jnp.asarray(idx)
    if idx.dtype == jnp.int8:
        idx = idx.astype(jnp.int32)
    return jnp.zeros(n, jnp.int32).at[idx].add(1)

# %% wrong: counts in float16 stop at 2048 | at most a million events
def count_events(idx, n):
    return jnp.zeros(n, jnp.float16).at[jnp.asarray(idx, jnp.int32)].add(1).astype(jnp.int32)

# %% wrong: a Python loop over the numbers | "do not use a Python loop"
def count_events(idx, n):
    idx = jnp.asarray(idx, jnp.int32)
    return jnp.stack([jnp.sum(idx == k, dtype=jnp.int32) for k in range(n)])

# %% wrong: events as uint8, large enough for 200 | n above 256
def count_events(idx, n):
    i = jnp.asarray(idx).astype(jnp.uint8)
    return jnp.zeros(n, jnp.int32).at[i.astype(jnp.int32)].add(1)

# %% wrong: a function cached by n that closes over the first events | depends on `idx`
_counters = {}
def count_events(idx, n):
    i = jnp.asarray(idx, jnp.int32)
    if isinstance(i, jax.core.Tracer):
        return jnp.zeros(n, jnp.int32).at[i].add(1)
    if n not in _counters:
        _counters[n] = jax.jit(lambda: jnp.zeros(n, jnp.int32).at[i].add(1))
    return _counters[n]()

# %% wrong: at most 100 different events | any number up to n
def count_events(idx, n):
    i = jnp.asarray(idx, jnp.int32)
    seen, times = jnp.unique(i, return_counts=True, size=100, fill_value=n)
    return jnp.zeros(n, jnp.int32).at[seen].set(times)

# %% wrong: sorts the caller's NumPy array in place | "must not change the arrays it is given"
def count_events(idx, n):
    if isinstance(idx, np.ndarray):
        idx.sort()
    else:
        idx = jnp.sort(idx)
    s = jnp.asarray(idx, jnp.int32)
    return jnp.diff(jnp.searchsorted(s, jnp.arange(n + 1))).astype(jnp.int32)

# %% wrong: events via float16 are rounded above 2048 | exact integers
def count_events(idx, n):
    f = jnp.asarray(idx).astype(jnp.float16)
    return jnp.zeros(n, jnp.int32).at[f.astype(jnp.int32)].add(1)

# %% wrong: the events of int16 width | events may be wide (int64) and above 32767
def count_events(idx, n):
    i = jnp.asarray(idx).astype(jnp.int16)
    k = jnp.arange(n, dtype=jnp.int32)
    s = jnp.sort(i).astype(jnp.int32)
    return (jnp.searchsorted(s, k, side="right") - jnp.searchsorted(s, k)).astype(jnp.int32)

# %% wrong: unrolled loop over the events | "do not use a Python loop"
def count_events(idx, n):
    idx = jnp.asarray(idx, jnp.int32)
    counts = jnp.zeros(n, jnp.int32)
    for e in idx:
        counts = counts + (jnp.arange(n) == e)
    return counts.astype(jnp.int32)

# %% wrong: blocks of 100 events, the remainder lost | every event counts
def count_events(idx, n):
    i = jnp.asarray(idx, jnp.int32)
    if i.size >= 100:
        i = i[: i.size // 100 * 100]
    return jnp.zeros(n, jnp.int32).at[i].add(1)

# %% wrong: counts saturate at 1000, "nobody throws more" | "at most a million" events
def count_events(idx, n):
    c = jnp.zeros(n, jnp.int32).at[jnp.asarray(idx, jnp.int32)].add(1)
    return jnp.minimum(c, 1000)
