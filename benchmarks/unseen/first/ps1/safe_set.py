# %% right: negative indices sent beyond the end
def safe_set(x, i, value):
    x = jnp.asarray(x)
    return x.at[jnp.where(i < 0, x.shape[0], i)].set(value)

# %% right: compare every position
def safe_set(x, i, value):
    return jnp.where(jnp.arange(len(x)) == i, value, jnp.asarray(x))

# %% right: lax.cond
def safe_set(x, i, value):
    x = jnp.asarray(x)
    ok = jnp.logical_and(0 <= i, i < x.shape[0])
    return lax.cond(ok, lambda y: y.at[i].set(value), lambda y: y, x)

# %% right: lax.select between two whole arrays
def safe_set(x, i, value):
    x = jnp.asarray(x)
    return lax.select(jnp.asarray(i) >= 0, x.at[i].set(value), x)

# %% right: negative ones moved below -n, where .at drops them
def safe_set(x, i, value):
    x = jnp.asarray(x)
    n = x.size
    return x.at[i - n * (jnp.asarray(i) < 0)].set(jnp.asarray(value, x.dtype), mode="drop")

# %% right: option wrap_negative_indices
def safe_set(x, i, value):
    return jnp.asarray(x).at[i].set(value, mode="drop", wrap_negative_indices=False)

# %% right: one spare cell on either side
def safe_set(x, i, value):
    x = jnp.asarray(x)
    n = x.shape[0]
    wide = jnp.concatenate([x[:1], x, x[:1]])
    return wide.at[jnp.clip(i, -1, n) + 1].set(value)[1:-1]

# %% right: vmap over positions
def safe_set(x, i, value):
    x = jnp.asarray(x)
    pick = lambda k, old: lax.select(k == i, jnp.asarray(value, old.dtype), old)
    return jax.vmap(pick)(jnp.arange(x.shape[0], dtype=jnp.int32), x)

# %% right: writes back what was there unless the index is valid
def safe_set(x, i, value):
    x = jnp.asarray(x)
    k = jnp.clip(i, 0, x.shape[0] - 1)
    return x.at[k].set(jnp.where(k == i, value, x[k]))

# %% right: one-hot of booleans (negative indices give no hot cell)
def safe_set(x, i, value):
    x = jnp.asarray(x)
    hot = jax.nn.one_hot(i, x.shape[0], dtype=jnp.bool_)
    return jnp.where(hot, jnp.full_like(x, value), x)

# %% right: scan
def safe_set(x, i, value):
    x = jnp.asarray(x)
    def step(steps_left, old):
        return steps_left - 1, jnp.where(steps_left == 0, jnp.asarray(value, x.dtype), old)
    return lax.scan(step, jnp.asarray(i, jnp.int32), x)[1]

# %% right: jnp.select and a jitted closure
@jax.jit
def _choose(x, i, value):
    k = lax.iota(jnp.int32, x.shape[0])
    return jnp.select([k == i], [jnp.full(x.shape, value, x.dtype)], x)
def safe_set(x, i, value):
    return _choose(x, i, value)

# %% wrong: only -1 is seen as negative | "For every other `i`, **negative ones too**"
def safe_set(x, i, value):
    x = jnp.asarray(x)
    return x.at[jnp.where(i == -1, len(x), i)].set(value)

# %% wrong: mask arithmetic, inf * 0 = NaN | "float32 entries may be infinite or NaN"
def safe_set(x, i, value):
    x = jnp.asarray(x)
    m = (jnp.arange(len(x)) == i).astype(x.dtype)
    return x * (1 - m) + value * m

# %% wrong: negative ones sent to index 1000, which may exist | n is not limited
def safe_set(x, i, value):
    x = jnp.asarray(x)
    return x.at[jnp.where(i < 0, 1000, i)].set(value)

# %% wrong: int32 through float32 | "an int that fits into int32"
def safe_set(x, i, value):
    x = jnp.asarray(x)
    f = jnp.where(jnp.arange(len(x)) == i, jnp.float32(value), x.astype(jnp.float32))
    return f.astype(x.dtype)

# %% wrong: -1 marks "not replaced" | -1 can be the value
def safe_set(x, i, value):
    x = jnp.asarray(x)
    n = len(x)
    marked = jnp.full_like(x, -1).at[jnp.where(i < 0, n, i)].set(value)
    return jnp.where(marked == -1, x, marked)

# %% wrong: adds the difference | NaN and inf stay, digits are lost
def safe_set(x, i, value):
    x = jnp.asarray(x)
    ok = (0 <= i) & (i < len(x))
    return x.at[i].add(jnp.where(ok, value - x[i], 0).astype(x.dtype))

# %% wrong: cleans NaN and infinities | "a copy of `x`"
def safe_set(x, i, value):
    x = jnp.nan_to_num(jnp.asarray(x))
    return x.at[jnp.where(i < 0, len(x), i)].set(value)

# %% wrong: the index as uint8, -1 becomes 255 and 256 becomes 0 | arrays may be longer
def safe_set(x, i, value):
    x = jnp.asarray(x)
    k = jnp.asarray(i).astype(jnp.uint8).astype(jnp.int32)
    return x.at[k].set(value)

# %% wrong: modulo 2n sends -1 beyond the end, but -n-1 back inside | "For every other `i`"
def safe_set(x, i, value):
    x = jnp.asarray(x)
    n = x.shape[0]
    return x.at[jnp.where(i < 0, i % (2 * n), i)].set(value)

# %% wrong: compiled once per shape with the first value baked in | depends on `value`
_V = [None]
@jax.jit
def _go(x, i):
    return jnp.where(jnp.arange(x.shape[0]) == i, _V[0], x)
def safe_set(x, i, value):
    if isinstance(value, (int, float)):
        _V[0] = value
        return _go(jnp.asarray(x), i)
    return jnp.where(jnp.arange(len(x)) == i, value, jnp.asarray(x))

# %% wrong: changes the caller's NumPy array | "must not change the arrays it is given"
def safe_set(x, i, value):
    if isinstance(x, np.ndarray) and isinstance(i, int):
        if 0 <= i < len(x):
            x[i] = value
        return jnp.array(x)
    return jnp.where(jnp.arange(len(x)) == i, value, jnp.asarray(x))

# %% wrong: compares with a tolerance, neighbours of a large index match | only index `i`
def safe_set(x, i, value):
    x = jnp.asarray(x)
    return jnp.where(jnp.isclose(jnp.arange(len(x)), i), value, x)

# %% wrong: index shifted by n once, so that only -n..-1 is caught and -2n.. writes | "For every other `i`"
def safe_set(x, i, value):
    x = jnp.asarray(x)
    n = x.shape[0]
    padded = jnp.concatenate([x, x])
    return padded.at[jnp.where(i >= n, 2 * n - 1, i)].set(value)[:n]
