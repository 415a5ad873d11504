# %% right: a slice object
def add_to_slice(x, start, stop, value):
    part = slice(start, stop)
    return jnp.array(x).at[part].add(value)


# %% right: set what was read and added to
def add_to_slice(x: Num[Array, "n"], start: int, stop: int, value: float) -> Num[Array, "n"]:
    x = jnp.asarray(x)
    return x.at[start:stop].set(x[start:stop] + value)


# %% right: a mask from the slice's indices, jitted
from functools import partial


@partial(jax.jit, static_argnums=(1, 2))
def add_to_slice(x, start, stop, value):
    places = jnp.arange(len(x))
    first, last, _ = slice(start, stop).indices(len(x))
    return jnp.where((places >= first) & (places < last), x + jnp.asarray(value, x.dtype), x)


# %% right: an array of indices
def positions(n, start, stop):
    return jnp.arange(n)[start:stop]


def add_to_slice(x, start, stop, value):
    return jnp.asarray(x).at[positions(len(x), start, stop)].add(value)


# %% right: three pieces
def add_to_slice(x, start, stop, value):
    x = jnp.asarray(x)
    first, last, _ = slice(start, stop).indices(len(x))
    last = max(first, last)
    return jnp.concatenate([x[:first], x[first:last] + value, x[last:]])


# %% wrong: += on the caller's NumPy array -> is_pure
def add_to_slice(x, start, stop, value):
    if isinstance(x, np.ndarray):
        x[start:stop] += value
        return jnp.array(x)
    return x.at[start:stop].add(value)


# %% wrong: += on a slice of the caller's array, taken for a copy -> is_pure
def add_to_slice(x, start, stop, value):
    if isinstance(x, jax.Array):
        return x.at[start:stop].add(value)
    part = x[start:stop]
    part += value
    return jnp.array(x)


# %% wrong: prints the part it changes -> is_pure
def add_to_slice(x, start, stop, value):
    x = jnp.asarray(x)
    print(x[start:stop])
    return x.at[start:stop].add(value)


# %% wrong: a NumPy copy changed in place, which jit forbids -> is_pure
def add_to_slice(x, start, stop, value):
    new = np.array(x)
    new[start:stop] += value
    return jnp.asarray(new)


# %% wrong: stop belongs to the slice -> adds_to_the_slice
def add_to_slice(x, start, stop, value):
    return jnp.asarray(x).at[start : stop + 1].add(value)


# %% wrong: starts one too late -> adds_to_the_slice
def add_to_slice(x, start, stop, value):
    return jnp.asarray(x).at[start + 1 : stop].add(value)


# %% wrong: set in place of add -> adds_to_the_slice
def add_to_slice(x, start, stop, value):
    return jnp.asarray(x).at[start:stop].set(value)


# %% wrong: adds everywhere -> adds_to_the_slice
def add_to_slice(x, start, stop, value):
    return jnp.asarray(x) + value


# %% wrong: only the two ends of the slice -> adds_to_the_slice
def add_to_slice(x, start, stop, value):
    return jnp.asarray(x).at[jnp.array([start, stop - 1])].add(value)


# %% wrong: returns the slice alone -> adds_to_the_slice
def add_to_slice(x, start, stop, value):
    return jnp.asarray(x)[start:stop] + value


# %% wrong: at without a result -> adds_to_the_slice
def add_to_slice(x, start, stop, value):
    x = jnp.asarray(x)
    x.at[start:stop].add(value)
    return x


# %% wrong: += on a slice of a jax array -> adds_to_the_slice
def add_to_slice(x, start, stop, value):
    x = jnp.asarray(x)
    x[start:stop] += value
    return x


# %% wrong: NumPy for NumPy -> adds_to_the_slice
def add_to_slice(x, start, stop, value):
    new = x.copy()
    new[start:stop] += value
    return new


# %% wrong: a mask that knows no negative ends -> slices_as_python_does
def add_to_slice(x, start, stop, value):
    x = jnp.asarray(x)
    places = jnp.arange(len(x))
    return x + ((places >= start) & (places < stop)).astype(x.dtype) * value


# %% wrong: a window that is moved into the array -> slices_as_python_does
def add_to_slice(x, start, stop, value):
    x = jnp.asarray(x)
    part = jax.lax.dynamic_slice(x, (start,), (stop - start,))
    return jax.lax.dynamic_update_slice(x, part + value, (start,))


# %% wrong: pieces that overlap when stop is before start -> slices_as_python_does
def add_to_slice(x, start, stop, value):
    x = jnp.asarray(x)
    return jnp.concatenate([x[:start], x[start:stop] + value, x[stop:]])


# %% wrong: range, whose negative numbers run through zero -> slices_as_python_does
def add_to_slice(x, start, stop, value):
    idx = jnp.array(list(range(start, stop)), jnp.int32)
    return jnp.asarray(x).at[idx].add(value)


# %% wrong: negative ends made positive, once -> slices_as_python_does
def add_to_slice(x, start, stop, value):
    x = jnp.asarray(x)
    if start < 0:
        start += len(x)
    if stop < 0:
        stop += len(x)
    return x.at[start:stop].add(value)


# %% wrong: a detour through float32 -> adds_to_the_slice
def add_to_slice(x, start, stop, value):
    x = jnp.asarray(x)
    return x.astype(jnp.float32).at[start:stop].add(value).astype(x.dtype)


# %% wrong: float32 whatever the dtype -> adds_to_the_slice
def add_to_slice(x, start, stop, value):
    return jnp.asarray(x, jnp.float32).at[start:stop].add(value)


# %% right: ranges of indices, as Python slices them
def add_to_slice(x, start, stop, value):
    x = jnp.asarray(x)
    places = np.arange(x.size)[start:stop]
    return x.at[places].add(value)


# %% right: a column of zeros with the value in it
def add_to_slice(x, start, stop, value):
    x = jnp.asarray(x)
    return x + jnp.zeros_like(x).at[slice(start, stop)].set(value)


# %% wrong: a stop of 0 taken for none -> slices_as_python_does
def add_to_slice(x, start, stop, value):
    return jnp.asarray(x).at[start : stop or None].add(value)


# %% wrong: a stop of 0 counts from the end -> slices_as_python_does
def add_to_slice(x, start, stop, value):
    n = len(x)
    if stop <= 0:
        stop += n
    return jnp.asarray(x).at[start:stop].add(value)


# %% wrong: both ends modulo the length -> adds_to_the_slice
def add_to_slice(x, start, stop, value):
    n = len(x)
    return jnp.asarray(x).at[start % n : stop % n].add(value)


# %% wrong: start modulo the length -> slices_as_python_does
def add_to_slice(x, start, stop, value):
    return jnp.asarray(x).at[start % len(x) : stop].add(value)


# %% wrong: start made at least 0 by abs -> slices_as_python_does
def add_to_slice(x, start, stop, value):
    n = len(x)
    first = start if start >= 0 else max(n + start, 0)
    last = stop if stop > 0 else n + stop
    places = jnp.arange(n)
    return jnp.where((places >= first) & (places < last), jnp.asarray(x) + value, jnp.asarray(x))


# %% wrong: a mask whose ends are negative under % -> slices_as_python_does
def add_to_slice(x, start, stop, value):
    x = jnp.asarray(x)
    places = jnp.arange(len(x))
    first = start + len(x) if start < 0 else start
    last = stop + len(x) if stop <= 0 else stop
    return jnp.where((places >= first) & (places < last), x + value, x)


# %% wrong: the value through float32 -> adds_to_the_slice
def add_to_slice(x, start, stop, value):
    x = jnp.asarray(x)
    return x.at[start:stop].add(jnp.float32(value).astype(x.dtype))


# %% wrong: only positive values -> adds_to_the_slice
def add_to_slice(x, start, stop, value):
    return jnp.asarray(x).at[start:stop].add(jnp.abs(value))


# %% wrong: adds in place, copies, and subtracts again -> is_pure
def add_to_slice(x, start, stop, value):
    if not isinstance(x, np.ndarray):
        return x.at[start:stop].add(value)
    x[start:stop] += value
    new = jnp.array(x)
    x[start:stop] -= value
    return new


# %% wrong: writes in place, and puts the old entries back -> is_pure
def add_to_slice(x, start, stop, value):
    if not isinstance(x, np.ndarray):
        return x.at[start:stop].add(value)
    old = x[start:stop].copy()
    x[start:stop] += value
    new = jnp.array(x)
    x[start:stop] = old
    return new


# %% wrong: differences and a running sum of x itself -> adds_to_the_slice
def add_to_slice(x, start, stop, value):
    x = jnp.asarray(x)
    lo, hi, _ = slice(start, stop).indices(len(x))
    if hi <= lo:
        return x
    steps = jnp.concatenate([x[:1], jnp.diff(x)]).at[lo].add(value).at[hi].add(-value)
    return jnp.cumsum(steps).astype(x.dtype)


# %% wrong: empty whenever the stop is the smaller number -> slices_as_python_does
def add_to_slice(x, start, stop, value):
    x = jnp.asarray(x)
    if stop <= start:
        return x + jnp.zeros((), x.dtype)
    return x.at[start:stop].add(value)


# %% wrong: masks kept in a cache -> is_pure
from functools import lru_cache


@lru_cache(maxsize=None)
def mask(n, start, stop):
    return jnp.zeros(n, bool).at[start:stop].set(True)


def add_to_slice(x, start, stop, value):
    x = jnp.asarray(x)
    return jnp.where(mask(x.shape[0], start, stop), x + value, x)
