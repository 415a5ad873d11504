# %% right: .at with the slice
def add_to_slice(x, start, stop, value):
    x = jnp.asarray(x)
    return x.at[start:stop].add(value)


# %% right: slice.indices and a mask
def add_to_slice(x, start, stop, value):
    x = jnp.asarray(x)
    n = x.shape[0]
    low, high, _ = slice(start, stop).indices(n)
    k = jnp.arange(n)
    return jnp.where((low <= k) & (k < high), x + jnp.asarray(value, x.dtype), x)


# %% right: three pieces put together
def add_to_slice(x, start, stop, value):
    x = jnp.asarray(x)

    def place(end):
        return min(max(end + len(x) if end < 0 else end, 0), len(x))

    first = place(start)
    last = max(first, place(stop))
    middle = lax.add(x[first:last], jnp.full(last - first, value, x.dtype))
    return jnp.concatenate((x[:first], middle, x[last:]))


# %% right: lax.pad makes the mask, range resolves the ends
def add_to_slice(x, start, stop, value):
    x = jnp.asarray(x)
    (n,) = x.shape
    inside = range(n)[start:stop]
    low = inside.start if len(inside) else 0
    high = n - low - len(inside)
    mask = lax.pad(jnp.ones(len(inside), jnp.int32), jnp.int32(0), [(low, high, 0)])
    return lax.select(mask == 1, x + jnp.asarray(value, x.dtype), x)


# %% wrong: resolves negative ends itself, without cutting off at 0 | a start below -n is taken for one from the end again
def add_to_slice(x, start, stop, value):
    x = jnp.asarray(x)
    n = x.shape[0]
    if start < 0:
        start += n
    if stop < 0:
        stop += n
    return x.at[start:stop].add(value)


# %% wrong: mask that resolves only start | a negative stop gives an empty slice
def add_to_slice(x, start, stop, value):
    x = jnp.asarray(x)
    n = x.shape[0]
    first = start if start >= 0 else max(start + n, 0)
    k = jnp.arange(n)
    return jnp.where((k >= first) & (k < stop), x + value, x)


# %% wrong: dynamic update, whose start is clamped | a slice that reaches beyond the end is moved to the front or raises
def add_to_slice(x, start, stop, value):
    x = jnp.asarray(x)
    n = x.shape[0]
    start = max(start + n, 0) if start < 0 else start
    stop = max(stop + n, 0) if stop < 0 else stop
    length = max(stop - start, 0)
    piece = lax.dynamic_slice_in_dim(x, start, length)
    return lax.dynamic_update_slice_in_dim(x, piece + value, start, 0)


# %% wrong: goes through float32 | int32 entries above 2**24 are rounded
def add_to_slice(x, start, stop, value):
    x = jnp.asarray(x)
    extra = jnp.zeros(x.shape, jnp.float32).at[start:stop].set(1.0) * value
    return (x.astype(jnp.float32) + extra).astype(x.dtype)


# %% wrong: difference array and cumsum | if stop comes before start, value is subtracted between the two
def add_to_slice(x, start, stop, value):
    x = jnp.asarray(x)
    n = x.shape[0]
    low, high, _ = slice(start, stop).indices(n)
    steps = jnp.zeros(n + 1, x.dtype).at[low].add(value).at[high].add(-value)
    return x + jnp.cumsum(steps)[:n]


# %% wrong: swaps the ends if they come in the wrong order | an empty slice is not empty any more, and (3, -1) becomes (-1, 3)
def add_to_slice(x, start, stop, value):
    if start > stop:
        start, stop = stop, start
    return jnp.asarray(x).at[start:stop].add(value)


# %% wrong: 'stop or None' | a stop of 0 is taken for no limit: everything from start on is changed
def add_to_slice(x, start, stop, value):
    x = jnp.asarray(x)
    window = slice(start or None, stop or None)
    return x.at[window].add(value)


# %% wrong: compares the ends as they are | start >= 0 with a negative stop, such as x[1:-1], changes nothing
def add_to_slice(x, start, stop, value):
    x = jnp.asarray(x)
    if stop <= start:
        return x  # an empty slice
    return x.at[start:stop].add(value)
