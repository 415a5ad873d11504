# %% right: at multiply
def scale_entries(
    x: Float32[Array, "n"], idx: Int[Array, "k"], factor: float
) -> Float32[Array, "n"]:
    return jnp.asarray(x).at[jnp.asarray(idx)].multiply(factor)

# %% right: the method at of the ufunc
def scale_entries(x, idx, factor):
    return jnp.multiply.at(jnp.asarray(x), jnp.asarray(idx), factor, inplace=False)

# %% right: compiled loop over the indices
def scale_entries(x, idx, factor):
    idx = jnp.asarray(idx)

    def body(j, y):
        return y.at[idx[j]].set(y[idx[j]] * factor)

    return lax.fori_loop(0, idx.shape[0], body, jnp.array(x))

# %% right: scan
def scale_entries(x, idx, factor):
    def step(carry, i):
        return carry.at[i].multiply(factor), None

    result, _ = lax.scan(step, jnp.asarray(x, jnp.float32), jnp.asarray(idx, jnp.int32))
    return result

# %% right: product of the factors by segment
def scale_entries(x, idx, factor):
    factors = jnp.full(idx.shape, factor, jnp.float32)
    return x * jax.ops.segment_prod(factors, jnp.asarray(idx), num_segments=x.shape[0])

# %% right: rounds: as long as an entry is still owed a multiplication
def scale_entries(x, idx, factor):
    owed = jnp.zeros(x.shape, jnp.int32).at[jnp.asarray(idx)].add(1)

    def once(state):
        y, c = state
        return jnp.where(c > 0, y * factor, y), c - 1

    return lax.while_loop(lambda state: jnp.any(state[1] > 0), once, (jnp.asarray(x), owed))[0]

# %% right: a vector of ones takes the factors
def scale_entries(x, idx, factor):
    gains = jnp.ones_like(jnp.asarray(x)).at[(jnp.asarray(idx),)].mul(factor)
    return lax.mul(jnp.asarray(x), gains)

# %% wrong: duplicates found once in the sorted indices | an index that comes three times multiplies only twice
def scale_entries(x, idx, factor):
    x = jnp.asarray(x)
    s = jnp.sort(jnp.asarray(idx))
    x = x.at[s].set(x[s] * factor)
    again = jnp.where(s == jnp.roll(s, 1), s, x.size) if s.size > 1 else jnp.full(1, x.size)
    at = jnp.minimum(again, x.size - 1)
    return x.at[again].set(x[at] * factor)

# %% wrong: power by exp and log | a negative factor gives NaN, and so does 0 for entries that do not appear
def scale_entries(x, idx, factor):
    x = jnp.asarray(x)
    counts = jnp.zeros(x.size).at[jnp.asarray(idx)].add(1)
    return x * jnp.exp(counts * jnp.log(factor))

# %% wrong: sign of the factor once only | a negative factor an even number of times gives the wrong sign
def scale_entries(x, idx, factor):
    x = jnp.asarray(x)
    counts = jnp.zeros(x.size, jnp.int32).at[jnp.asarray(idx)].add(1)
    return x * jnp.abs(factor) ** counts * jnp.where(counts > 0, jnp.sign(factor), 1.0)

# %% wrong: divides by 1 / factor | factor 0 raises ZeroDivisionError
def scale_entries(x, idx, factor):
    return jnp.asarray(x).at[jnp.asarray(idx)].divide(1 / factor)

# %% wrong: counts in int8 | an index that comes more than 127 times (with factor -1, 0.99 ...)
def scale_entries(x, idx, factor):
    x = jnp.asarray(x)
    counts = jnp.zeros(x.size, jnp.int8).at[jnp.asarray(idx)].add(1)
    return x * jnp.asarray(factor, jnp.float32) ** counts.astype(jnp.int32)

# %% wrong: jnp.unique without a size | raises under jit
def scale_entries(x, idx, factor):
    places, counts = jnp.unique(jnp.asarray(idx), return_counts=True)
    return jnp.asarray(x).at[places].multiply(jnp.float32(factor) ** counts)

# %% wrong: jnp.unique with size 8 | more than eight different indices: the rest is lost
def scale_entries(x, idx, factor):
    x = jnp.asarray(x)
    places, counts = jnp.unique(jnp.asarray(idx), return_counts=True, size=8, fill_value=x.size)
    return x.at[places].multiply(jnp.float32(factor) ** counts)

# %% wrong: multiply.at on the caller's NumPy array | the caller's x is changed
def scale_entries(x, idx, factor):
    if isinstance(x, np.ndarray):
        np.multiply.at(x, np.asarray(idx), np.float32(factor))
        return jnp.array(x)
    return x.at[jnp.asarray(idx)].multiply(factor)

# %% wrong: ten rounds at most | an index that comes more than ten times
def scale_entries(x, idx, factor):
    x = jnp.asarray(x)
    counts = jnp.zeros(x.size, jnp.int32).at[jnp.asarray(idx)].add(1)
    for c in range(1, 11):
        x = jnp.where(counts >= c, x * factor, x)
    return x

# %% wrong: all the factors, then the superfluous ones divided away | factor 0 gives NaN, and factor ** k overflows for many indices
def scale_entries(x, idx, factor):
    x = jnp.asarray(x)
    counts = jnp.zeros(x.size, jnp.int32).at[jnp.asarray(idx)].add(1)
    f = jnp.asarray(factor, jnp.float32)
    return x * f**idx.size / f ** (idx.size - counts)

# %% wrong: sorts idx in place | the caller's NumPy idx is changed
def scale_entries(x, idx, factor):
    if isinstance(idx, np.ndarray):
        idx.sort()
    else:
        idx = jnp.sort(idx)
    return jnp.asarray(x).at[jnp.asarray(idx)].multiply(factor, indices_are_sorted=True)

# %% wrong: indices as uint8 | indices from 256 on scale another entry
def scale_entries(x, idx, factor):
    small = jnp.asarray(idx).astype(jnp.uint8).astype(jnp.int32)
    return jnp.asarray(x).at[small].multiply(factor)

# %% wrong: factor in bfloat16 | a factor such as 1.01 or 0.1 keeps only three digits
def scale_entries(x, idx, factor):
    f = jnp.asarray(factor, jnp.bfloat16).astype(jnp.float32)
    return jnp.asarray(x).at[jnp.asarray(idx)].multiply(f)

# %% wrong: new value as x + sum of differences | an entry of 1e10 scaled by 1e-10 (or by 0 and more) loses all digits by cancellation
def scale_entries(x, idx, factor):
    x = jnp.asarray(x)
    counts = jnp.zeros(x.size, jnp.int32).at[jnp.asarray(idx)].add(1)
    gain = jnp.asarray(factor, jnp.float32) ** counts
    return x + (gain - 1) * x

# %% wrong: logarithms of the entries | an entry that is zero or negative gives NaN, and many digits are lost
def scale_entries(x, idx, factor):
    sign = jnp.ones(x.shape).at[jnp.asarray(idx)].multiply(jnp.sign(factor))
    logs = jnp.log(x).at[jnp.asarray(idx)].add(jnp.log(jnp.abs(factor)))
    return sign * jnp.exp(logs)

# %% wrong: an index of 0 treated as padding | entry 0 is scaled at most once, however often its index appears
def scale_entries(x, idx, factor):
    x = jnp.asarray(x)
    idx = jnp.asarray(idx)
    first = jnp.any(idx == 0)
    rest = jnp.where(idx == 0, x.size, idx)
    x = x.at[0].set(jnp.where(first, x[0] * factor, x[0]))
    return x.at[rest].multiply(factor)
