# %% right: .at[...].multiply
def scale_entries(x, idx, factor):
    x, idx = jnp.asarray(x), jnp.asarray(idx)
    return x.at[idx].multiply(factor)


# %% right: segment_prod
def scale_entries(x, idx, factor):
    x = jnp.asarray(x, jnp.float32)
    where_to = jnp.asarray(idx, jnp.int32)
    factors = jnp.full(where_to.shape, factor, jnp.float32)
    products = jax.ops.segment_prod(factors, where_to, num_segments=x.shape[0])
    return x * products


# %% right: scan, one multiplication after another
def scale_entries(x, idx, factor):
    def step(array, i):
        return lax.dynamic_update_index_in_dim(array, array[i] * factor, i, 0), None

    result, _ = lax.scan(step, jnp.asarray(x, jnp.float32), jnp.asarray(idx, jnp.int32))
    return result


# %% right: table of powers, looked up by the number of times
def scale_entries(x, idx, factor):
    x, idx = jnp.asarray(x), jnp.asarray(idx).astype(jnp.int32)
    times = jnp.zeros(x.shape, jnp.int32).at[idx].add(1)

    def next_power(power, _):
        return power * factor, power

    _, powers = lax.scan(next_power, jnp.float32(1), None, length=idx.shape[0] + 1)
    return x * powers[times]


# %% wrong: exponential of a logarithm | a negative factor gives NaN, and so does 0 (0 times minus infinity)
def scale_entries(x, idx, factor):
    x, idx = jnp.asarray(x), jnp.asarray(idx)
    times = jnp.zeros(x.shape, jnp.float32).at[idx].add(1.0)
    return x * jnp.exp(times * jnp.log(factor))


# %% wrong: counts in int8 | an index that appears 128 times or more has a wrapped, negative count
def scale_entries(x, idx, factor):
    x, idx = jnp.asarray(x), jnp.asarray(idx)
    times = jnp.zeros(x.shape, jnp.int8).at[idx].add(1)
    return x * jnp.power(jnp.float32(factor), times.astype(jnp.int32))


# %% wrong: as many rounds as x has entries | an index that appears more than n times is multiplied only n times
def scale_entries(x, idx, factor):
    x, idx = jnp.asarray(x), jnp.asarray(idx)
    n = x.shape[0]
    times = jnp.zeros(n, jnp.int32).at[idx].add(1)
    return lax.fori_loop(0, n, lambda r, y: jnp.where(r < times, y * factor, y), x)


# %% wrong: np.multiply.at for NumPy arrays | the caller's array is changed
def scale_entries(x, idx, factor):
    if isinstance(x, np.ndarray) and isinstance(idx, np.ndarray):
        np.multiply.at(x, idx, np.float32(factor))
        return jnp.asarray(x)
    return jnp.asarray(x).at[jnp.asarray(idx)].multiply(factor)


# %% wrong: table of 17 powers | an index that appears more than 16 times: the read is clipped to the last power
def scale_entries(x, idx, factor):
    x, idx = jnp.asarray(x), jnp.asarray(idx)
    times = jnp.zeros(x.shape, jnp.int32).at[idx].add(1)
    powers = jnp.cumprod(jnp.full(17, factor, jnp.float32).at[0].set(1.0))
    return x * powers[times]


# %% wrong: the sign is applied once | a negative factor and an even number of times gives the wrong sign
def scale_entries(x, idx, factor):
    x, idx = jnp.asarray(x), jnp.asarray(idx)
    times = jnp.zeros(x.shape, jnp.int32).at[idx].add(1)
    size = jnp.power(jnp.abs(jnp.float32(factor)), times)
    return x * jnp.where(times > 0, jnp.sign(factor) * size, 1.0)


# %% wrong: divides by 1 / factor | a factor of 0 raises ZeroDivisionError when the function is called directly
def scale_entries(x, idx, factor):
    inverse = 1.0 / factor
    return jnp.asarray(x).at[jnp.asarray(idx)].divide(inverse)


# %% wrong: products over all of idx, divided | the product over all k overflows, or is 0, though those of each index fit: NaN
def scale_entries(x, idx, factor):
    x, idx = jnp.asarray(x), jnp.sort(jnp.asarray(idx))
    running = jnp.cumprod(jnp.full(idx.shape[0] + 1, factor, jnp.float32).at[0].set(1.0))
    entries = jnp.arange(x.shape[0])
    before = jnp.searchsorted(idx, entries, side="left")
    after = jnp.searchsorted(idx, entries, side="right")
    return x * (running[after] / running[before])
