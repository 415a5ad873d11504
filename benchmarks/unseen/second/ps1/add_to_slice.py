# %% right: .at with the slice
def add_to_slice(x: Num[Array, "n"], start: int, stop: int, value: float) -> Num[Array, "n"]:
    return jnp.asarray(x).at[start:stop].add(value)

# %% right: slice.indices and a mask
def add_to_slice(x, start, stop, value):
    x = jnp.asarray(x)
    lo, hi, _ = slice(start, stop).indices(x.shape[0])
    k = jnp.arange(x.shape[0])
    return jnp.where((lo <= k) & (k < hi), x + value, x)

# %% right: three pieces put together
def add_to_slice(x, start, stop, value):
    x = jnp.array(x)
    lo, hi, _ = slice(start, stop, None).indices(len(x))
    hi = max(lo, hi)
    return jnp.concatenate((x[:lo], x[lo:hi] + jnp.asarray(value, x.dtype), x[hi:]))

# %% right: indices of the slice from a sliced arange
def add_to_slice(x, start, stop, value):
    where = jnp.arange(x.size)[slice(start, stop)]
    return jnp.asarray(x).at[where].add(value, unique_indices=True, indices_are_sorted=True)

# %% right: compiled loop over the slice
def add_to_slice(x, start, stop, value):
    places = range(x.shape[0])[start:stop]
    return lax.fori_loop(
        places.start, max(places.start, places.stop), lambda k, y: y.at[k].add(value), jnp.asarray(x)
    )

# %% right: mask written with .set, vmap of a choice
def add_to_slice(x, start, stop, value):
    x = jnp.asarray(x)
    chosen = jnp.zeros(x.shape, bool).at[start:stop].set(True)
    pick = lambda old, flag: jnp.where(flag, old + value, old)
    return jax.vmap(pick)(x, chosen)

# %% right: NumPy's clip of the two ends, dynamic_update_slice
def _end(k, n):
    return min(max(k + n if k < 0 else k, 0), n)

def add_to_slice(x, start, stop, value):
    x = jnp.array(x)
    n = x.shape[0]
    a, b = _end(start, n), _end(stop, n)
    if b <= a:
        return x
    return lax.dynamic_update_slice_in_dim(x, lax.slice_in_dim(x, a, b) + jnp.asarray(value, x.dtype), a, 0)

# %% wrong: negative start handled, negative stop forgotten | stop = -1 gives an empty slice
def add_to_slice(x, start, stop, value):
    x = jnp.asarray(x)
    n = x.shape[0]
    if start < 0:
        start += n
    k = jnp.arange(n)
    return jnp.where((k >= start) & (k < stop), x + value, x)

# %% wrong: n added to negative ends, and the slice does so again | start between -2n+1 and -n-1 begins near the end
def add_to_slice(x, start, stop, value):
    x = jnp.asarray(x)
    n = x.shape[0]
    start = start + n if start < 0 else start
    stop = stop + n if stop < 0 else stop
    return x.at[start:stop].add(value)

# %% wrong: start modulo n | start at or beyond the end wraps to the front, start below -n lands inside
def add_to_slice(x, start, stop, value):
    x = jnp.asarray(x)
    return x.at[start % len(x) : stop].add(value)

# %% right: all indices from start to stop as an array
def add_to_slice(x, start, stop, value):
    x = jnp.asarray(x)
    n = len(x)
    start = max(start + n, 0) if start < 0 else start
    stop = max(stop + n, 0) if stop < 0 else stop
    return x.at[jnp.arange(start, stop)].add(value)

# %% wrong: dynamic_slice of stop - start entries | a slice that reaches beyond the end is pushed back (or does not fit) instead of cut off
def add_to_slice(x, start, stop, value):
    x = jnp.asarray(x)
    n = len(x)
    start = start + n if start < 0 else start
    stop = stop + n if stop < 0 else stop
    size = min(max(stop - start, 0), n)
    piece = lax.dynamic_slice_in_dim(x, start, size)
    return lax.dynamic_update_slice_in_dim(x, piece + value, start, 0)

# %% wrong: swaps the ends if they are the wrong way round | a slice with stop before start should be empty
def add_to_slice(x, start, stop, value):
    x = jnp.asarray(x)
    lo, hi, _ = slice(start, stop).indices(len(x))
    lo, hi = sorted((lo, hi))
    return x.at[lo:hi].add(value)

# %% wrong: computes in float32 | int32 entries beyond 2**24 lose their last digits
def add_to_slice(x, start, stop, value):
    x = jnp.asarray(x)
    return x.astype(jnp.float32).at[start:stop].add(value).astype(x.dtype)

# %% wrong: steps and a running sum | a slice with stop before start has value subtracted in between
def add_to_slice(x, start, stop, value):
    x = jnp.asarray(x)
    n = len(x)
    lo, hi, _ = slice(start, stop).indices(n)
    steps = jnp.zeros(n + 1, x.dtype).at[lo].add(value).at[hi].add(-value)
    return x + jnp.cumsum(steps)[:n].astype(x.dtype)

# %% wrong: stop or None | stop = 0 means "to the end" instead of an empty slice
def add_to_slice(x, start, stop, value):
    return jnp.asarray(x).at[slice(start or None, stop or None)].add(value)

# %% wrong: empty whenever stop <= start as numbers | (0, -1) or (1, -1) is taken for empty
def add_to_slice(x, start, stop, value):
    x = jnp.asarray(x)
    if stop <= start:
        return x + jnp.zeros((), x.dtype)
    return x.at[start:stop].add(value)

# %% wrong: start cut at 1 - n | start of -n or less leaves the first entry out
def add_to_slice(x, start, stop, value):
    x = jnp.asarray(x)
    if start < 0:
        start = max(start, 1 - len(x))
    return x.at[start:stop].add(value)

# %% wrong: if value is zero | value is traced under jit: raises there
def add_to_slice(x, start, stop, value):
    x = jnp.asarray(x)
    if value == 0:
        return x
    return x.at[start:stop].add(value)

# %% wrong: masks kept in a cache | a mask made under jit is a tracer that leaks into later calls; caches are forbidden
from functools import lru_cache

@lru_cache(maxsize=None)
def _mask(n, start, stop):
    return jnp.zeros(n, bool).at[start:stop].set(True)

def add_to_slice(x, start, stop, value):
    x = jnp.asarray(x)
    return jnp.where(_mask(x.shape[0], start, stop), x + value, x)

# %% wrong: hands x back if the slice is empty | a NumPy array comes back as NumPy
def add_to_slice(x, start, stop, value):
    lo, hi, _ = slice(start, stop).indices(x.shape[0])
    if hi <= lo:
        return x
    return jnp.asarray(x).at[lo:hi].add(value)

# %% wrong: += on the NumPy array | the caller's NumPy array is changed
def add_to_slice(x, start, stop, value):
    if isinstance(x, np.ndarray) and not isinstance(value, jax.core.Tracer):
        x[start:stop] += value
        return jnp.array(x)
    return jnp.asarray(x).at[start:stop].add(value)

# %% wrong: value through float16 | values such as 0.1 or 2049 lose digits, from 65520 on they become infinite
def add_to_slice(x, start, stop, value):
    x = jnp.asarray(x)
    step = jnp.asarray(value).astype(jnp.float16).astype(x.dtype)
    return x.at[start:stop].add(step)
