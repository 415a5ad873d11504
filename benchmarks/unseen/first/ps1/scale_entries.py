# %% right: .multiply
def scale_entries(x, idx, factor):
    return jnp.asarray(x).at[idx].multiply(factor)

# %% right: scan over the indices
def scale_entries(x, idx, factor):
    def step(y, i):
        return y.at[i].multiply(factor), None
    return lax.scan(step, jnp.asarray(x), jnp.asarray(idx))[0]

# %% right: fori_loop with set
def scale_entries(x, idx, factor):
    where = jnp.asarray(idx)
    body = lambda t, y: y.at[where[t]].set(y[where[t]] * factor)
    return lax.fori_loop(0, where.shape[0], body, jnp.asarray(x))

# %% right: counts, then as many rounds as the largest count
def scale_entries(x, idx, factor):
    x = jnp.asarray(x, jnp.float32)
    counts = jnp.bincount(jnp.asarray(idx), length=x.shape[0])
    return lax.fori_loop(0, counts.max(), lambda r, y: jnp.where(r < counts, y * factor, y), x)

# %% right: lax.scatter_mul
def scale_entries(x, idx, factor):
    x = jnp.asarray(x)
    i = jnp.asarray(idx, jnp.int32)[:, None]
    dn = lax.ScatterDimensionNumbers(update_window_dims=(), inserted_window_dims=(0,), scatter_dims_to_operand_dims=(0,))
    return lax.scatter_mul(x, i, jnp.full(i.shape[0], factor, x.dtype), dn)

# %% right: the at-method of the ufunc
def scale_entries(x, idx, factor):
    return jnp.multiply.at(jnp.asarray(x), jnp.asarray(idx), factor, inplace=False)

# %% right: every entry loops over its own number of hits, under vmap
def scale_entries(x, idx, factor):
    idx = jnp.asarray(idx)
    def one(k, e):
        return lax.fori_loop(0, jnp.sum(idx == k), lambda _, t: t * factor, e)
    x = jnp.asarray(x)
    return jax.vmap(one)(jnp.arange(x.shape[0]), x)

# %% right: sorted indices and an explicit array of factors, inner jit
@jax.jit
def _scatter(x, idx, f):
    return x.at[jnp.sort(idx)].multiply(jnp.broadcast_to(f, idx.shape), indices_are_sorted=True)
def scale_entries(x, idx, factor):
    return _scatter(x if isinstance(x, jax.Array) else jnp.array(x), jnp.array(idx), jnp.float32(factor))

# %% right: while_loop that uses up the counts
class _State(tuple):
    pass
def scale_entries(x, idx, factor):
    x = jnp.asarray(x)
    left = jnp.zeros(x.shape, jnp.int32).at[idx].add(1)
    go_on = lambda c: jnp.any(c[1] > 0)
    def once(c):
        y, left = c
        return jnp.where(left > 0, y * factor, y), left - 1
    y, _ = lax.while_loop(go_on, once, (x, left))
    return y

# %% right: chunks of eight indices, padded with an index that is dropped
def scale_entries(x, idx, factor):
    x, idx = jnp.asarray(x), jnp.asarray(idx, jnp.int32)
    rows = jnp.pad(idx, (0, -idx.size % 8), constant_values=x.size).reshape(-1, 8)
    return lax.scan(lambda y, r: (y.at[r].multiply(factor, mode="drop"), 0), x, rows)[0]

# %% right: a scan over masks, one per index
def scale_entries(x, idx, factor):
    x = jnp.asarray(x)
    k = jnp.arange(len(x))
    f = jnp.where(True, factor, 1.0).astype(x.dtype)
    return lax.scan(lambda y, i: (lax.select(k == i, y * f, y), None), x, jnp.asarray(idx))[0]

# %% right: the factor to the power of the counts
def scale_entries(x, idx, factor):
    x = jnp.asarray(x)
    counts = jnp.zeros(x.shape, jnp.int32).at[idx].add(1)
    return x * jnp.power(factor, counts)

# %% wrong: power through the logarithm | "`factor` is ...: positive, negative or 0"
def scale_entries(x, idx, factor):
    x = jnp.asarray(x)
    return x * jnp.exp(jnp.zeros(x.shape).at[idx].add(jnp.log(factor)))

# %% wrong: counts in int8 wrap at 128 | "once for each time its index appears"
def scale_entries(x, idx, factor):
    x = jnp.asarray(x)
    counts = jnp.zeros(x.shape, jnp.int8).at[idx].add(1)
    return lax.fori_loop(0, jnp.max(counts), lambda r, y: jnp.where(r < counts, y * factor, y), x)

# %% wrong: two rounds at most | "If an index appears three times, its entry is multiplied three times"
def scale_entries(x, idx, factor):
    x = jnp.asarray(x)
    counts = jnp.zeros(x.shape, jnp.int32).at[idx].add(1)
    x = jnp.where(counts >= 1, x * factor, x)
    return jnp.where(counts >= 2, x * factor, x)

# %% wrong: divides by the reciprocal | "factor ... or 0"
def scale_entries(x, idx, factor):
    return jnp.asarray(x).at[idx].divide(1 / factor)

# %% wrong: size and sign apart, the sign not raised to the count | "negative"
def scale_entries(x, idx, factor):
    x = jnp.asarray(x)
    y = x.at[idx].multiply(jnp.abs(factor))
    return y * jnp.where(factor < 0, -1.0, 1.0)

# %% wrong: compiled once per shape with the first factor baked in | depends on `factor`
_F = [None]
@jax.jit
def _go(x, idx):
    return x.at[idx].multiply(_F[0])
def scale_entries(x, idx, factor):
    if isinstance(factor, float):
        _F[0] = factor
        return _go(jnp.asarray(x), jnp.asarray(idx))
    return jnp.asarray(x).at[idx].multiply(factor)

# %% wrong: indices in int8 | "0 <= index < n" with n above 127
def scale_entries(x, idx, factor):
    x = jnp.asarray(x)
    def step(y, i):
        k = jnp.arange(y.shape[0])
        return jnp.where(k == i, y * factor, y), None
    return lax.scan(step, x, jnp.asarray(idx).astype(jnp.int8))[0]

# %% wrong: as many indices as there are entries, the others ignored | "once for each time its index appears in `idx`" (k may exceed n)
def scale_entries(x, idx, factor):
    x, idx = jnp.asarray(x), jnp.asarray(idx)
    return lax.fori_loop(0, min(len(x), len(idx)), lambda t, y: y.at[idx[t]].multiply(factor), x)

# %% wrong: binary search in indices that need not be sorted | nothing says that `idx` is sorted
def scale_entries(x, idx, factor):
    x, idx = jnp.asarray(x), jnp.asarray(idx)
    k = jnp.arange(x.shape[0])
    counts = jnp.searchsorted(idx, k, side="right") - jnp.searchsorted(idx, k, side="left")
    return lax.fori_loop(0, idx.size, lambda r, y: jnp.where(r < counts, y * factor, y), x)

# %% wrong: sorts the caller's indices in place | "must not change the arrays it is given"
def scale_entries(x, idx, factor):
    if isinstance(idx, np.ndarray):
        idx.sort()
    else:
        idx = jnp.sort(idx)
    return jnp.asarray(x).at[idx].multiply(factor, indices_are_sorted=True)

# %% wrong: zeros taken for empty places and set to factor | 0 times factor is 0
def scale_entries(x, idx, factor):
    x = jnp.asarray(x)
    y = jnp.where(x == 0, 1.0, x)
    hit = jnp.zeros(x.shape, bool).at[idx].set(True)
    return jnp.where(hit, y.at[idx].multiply(factor), x)

# %% wrong: in logarithms of |x| and |factor| with signs by parity, 0 factor and digits lost | 0 allowed; float32 digits
def scale_entries(x, idx, factor):
    x = jnp.asarray(x)
    c = jnp.zeros(x.shape, jnp.int32).at[idx].add(1)
    sign = jnp.sign(x) * jnp.where((factor < 0) & (c % 2 == 1), -1.0, 1.0)
    y = sign * jnp.exp(jnp.log(jnp.abs(x)) + c * jnp.log(jnp.abs(factor)))
    return y
