# %% right: .at with a slice
def add_to_slice(x, start, stop, value):
    return jnp.asarray(x).at[start:stop].add(value)

# %% right: slice.indices and a mask
def add_to_slice(x, start, stop, value):
    x = jnp.asarray(x)
    lo, hi, _ = slice(start, stop).indices(x.shape[0])
    k = jnp.arange(x.shape[0])
    return jnp.where((lo <= k) & (k < hi), x + value, x)

# %% right: mask made on the host, where start and stop are Python ints
def add_to_slice(x, start, stop, value):
    inside = np.zeros(len(x), bool)
    inside[start:stop] = True
    return jnp.where(inside, jnp.asarray(x) + value, x)

# %% right: index array from the host
def add_to_slice(x, start, stop, value):
    idx = np.arange(len(x))[start:stop]
    return jnp.asarray(x).at[idx].add(value)

# %% right: three pieces put together
def add_to_slice(x, start, stop, value):
    x = jnp.asarray(x)
    r = range(len(x))[start:stop]
    a, b = (r.start, r.stop) if len(r) else (0, 0)
    return jnp.concatenate([x[:a], x[a:b] + value, x[b:]])

# %% right: lax.pad a constant block to full length and add
def add_to_slice(x, start, stop, value):
    x = jnp.asarray(x)
    n = x.shape[0]
    lo, hi, _ = slice(start, stop).indices(n)
    hi = max(lo, hi)
    block = jnp.full(hi - lo, value, x.dtype)
    return lax.add(x, lax.pad(block, jnp.zeros((), x.dtype), [(lo, n - hi, 0)]))

# %% right: fori_loop over the slice, jit with static arguments
from functools import partial
@partial(jax.jit, static_argnames=("start", "stop"))
def add_to_slice(x, start, stop, value):
    lo, hi, _ = slice(start, stop).indices(x.shape[0])
    return lax.fori_loop(lo, max(lo, hi), lambda k, y: y.at[k].add(value), jnp.asarray(x))

# %% right: steps up at lo and down at hi, running sum
def add_to_slice(x, start, stop, value):
    x = jnp.asarray(x)
    lo, hi, _ = slice(start, stop).indices(len(x))
    if hi <= lo:
        return x
    v = jnp.asarray(value, x.dtype)
    bump = jnp.zeros(len(x) + 1, x.dtype).at[lo].set(v).at[hi].set(-v)
    return x + jnp.cumsum(bump)[:-1].astype(x.dtype)

# %% right: dynamic_update_slice of the changed piece
def add_to_slice(x, start, stop, value):
    x = jnp.asarray(x)
    piece = x[start:stop] + value
    first = slice(start, stop).indices(x.shape[0])[0]
    return lax.dynamic_update_slice_in_dim(x, piece, first, 0) if piece.size else jnp.copy(x)

# %% right: vmap with a 0/1 weight per entry
def add_to_slice(x, start, stop, value):
    chosen = set(range(len(x))[start:stop])
    weight = np.array([k in chosen for k in range(len(x))])
    x = jnp.asarray(x)
    return jax.vmap(lambda e, w: e + w.astype(x.dtype) * jnp.asarray(value, x.dtype))(x, jnp.asarray(weight))

# %% right: get, then set through a slice object
def add_to_slice(x, start, stop, value):
    s, y = slice(start, stop), jnp.array(x, copy=True)
    return y.at[s].set(y[s] + value).astype(y.dtype)

# %% right: bounds by hand with match
def _bound(k, n):
    match k:
        case int() if k < 0:
            return max(k + n, 0)
        case _:
            return min(k, n)
def add_to_slice(x, start, stop, value):
    x = jnp.asarray(x)
    n = x.shape[0]
    a, b = _bound(start, n), _bound(stop, n)
    k = lax.iota(jnp.int32, n)
    return lax.select((k >= a) & (k < b), x + jnp.asarray(value, x.dtype), x)

# %% wrong: adds n once, start still negative wraps around | "a slice that reaches beyond the array is cut off there"
def add_to_slice(x, start, stop, value):
    x = jnp.asarray(x)
    n = len(x)
    if start < 0:
        start += n
    if stop < 0:
        stop += n
    return x.at[jnp.arange(start, stop)].add(value)

# %% wrong: indices beyond the end are clipped and hit the last entry again and again | "cut off there"
def add_to_slice(x, start, stop, value):
    x = jnp.asarray(x)
    n = len(x)
    start = max(start + n, 0) if start < 0 else start
    stop = max(stop + n, 0) if stop < 0 else stop
    idx = jnp.arange(start, stop)
    return x.at[idx].add(value, mode="clip")

# %% wrong: dynamic_slice of length stop - start shifts the window back | "a slice that reaches beyond the array is cut off there"
def add_to_slice(x, start, stop, value):
    x = jnp.asarray(x)
    n = len(x)
    start = max(start + n, 0) if start < 0 else start
    stop = max(stop + n, 0) if stop < 0 else stop
    size = min(max(stop - start, 0), n)
    piece = lax.dynamic_slice(x, (start,), (size,))
    return lax.dynamic_update_slice(x, piece + value, (start,))

# %% wrong: stop 0 taken for "to the end" | 0 is an ordinary stop
def add_to_slice(x, start, stop, value):
    return jnp.asarray(x).at[start : stop or None].add(value)

# %% wrong: bounds in the wrong order are swapped | "a slice is empty if `stop` does not come after `start`"
def add_to_slice(x, start, stop, value):
    x = jnp.asarray(x)
    a, b, _ = slice(start, stop).indices(len(x))
    return x.at[min(a, b) : max(a, b)].add(value)

# %% wrong: int32 sums through float32 | large ints lose their last digits
def add_to_slice(x, start, stop, value):
    x = jnp.asarray(x)
    return x.astype(jnp.float32).at[start:stop].add(value).astype(x.dtype)

# %% wrong: a start before the array makes nothing happen | "cut off there", not dropped
def add_to_slice(x, start, stop, value):
    x = jnp.asarray(x)
    n = len(x)
    if start < -n or start >= n:
        return x
    return x.at[start:stop].add(value)

# %% wrong: differences and running sum of x itself lose small entries next to large ones | "a copy of `x`"
def add_to_slice(x, start, stop, value):
    x = jnp.asarray(x)
    lo, hi, _ = slice(start, stop).indices(len(x))
    if hi <= lo:
        return x
    d = jnp.concatenate([x[:1], jnp.diff(x)])
    d = d.at[lo].add(value).at[hi].add(-value)
    return jnp.cumsum(d).astype(x.dtype)

# %% wrong: cache of the bounds by start and stop only, not by length | what a negative index means depends on n
_bounds = {}
def add_to_slice(x, start, stop, value):
    x = jnp.asarray(x)
    if (start, stop) not in _bounds:
        _bounds[start, stop] = slice(start, stop).indices(len(x))[:2]
    lo, hi = _bounds[start, stop]
    return x.at[lo:max(lo, hi)].add(value)

# %% wrong: at least one entry is changed | "a slice is empty if `stop` does not come after `start`"
def add_to_slice(x, start, stop, value):
    x = jnp.asarray(x)
    lo, hi, _ = slice(start, stop).indices(len(x))
    return x.at[lo : max(hi, lo + 1)].add(value)

# %% wrong: negative start understood, negative stop not | "negative ones count from the end" holds for both
def add_to_slice(x, start, stop, value):
    x = jnp.asarray(x)
    n = len(x)
    if start < 0:
        start = max(start + n, 0)
    k = jnp.arange(n)
    return jnp.where((k >= start) & (k < stop), x + value, x)

# %% wrong: a negative stop is taken to include its entry, so that -1 means "to the end" | "up to, but not including, index `stop`"
def add_to_slice(x, start, stop, value):
    x = jnp.asarray(x)
    if stop < 0:
        stop = len(x) + stop + 1
    return x.at[start:max(stop, 0)].add(value)

# %% wrong: changes the caller's float32 NumPy array | "must not change the arrays it is given"
def add_to_slice(x, start, stop, value):
    if isinstance(x, np.ndarray) and x.dtype == np.float32:
        x[start:stop] += value
        return jnp.array(x)
    return jnp.asarray(x).at[start:stop].add(value)
