# %% right: mul, arrays made first
def scale_entries(x, idx, factor):
    x, idx = jnp.array(x), jnp.array(idx)
    return x.at[idx].mul(factor)


# %% right: a power of the count
def scale_entries(x, idx, factor):
    mentions = jnp.zeros(len(x), jnp.int32).at[idx].add(1)
    return x * jnp.asarray(factor, jnp.float32) ** mentions


# %% right: a compiled loop over the mentions, typed
@jax.jit
def scale_entries(x: Float32[Array, "n"], idx: Int[Array, "k"], factor: float) -> Float32[Array, "n"]:
    idx = jnp.asarray(idx)
    one = lambda k, y: y.at[idx[k]].set(y[idx[k]] * factor)
    return jax.lax.fori_loop(0, idx.size, one, jnp.asarray(x))


# %% right: scan, one mention a step
def scale_entries(x, idx, factor):
    def step(y, i):
        return y.at[i].multiply(factor), None

    return jax.lax.scan(step, jnp.asarray(x), jnp.asarray(idx))[0]


# %% right: a Python loop of at
def scale_entries(x, idx, factor):
    x = jnp.asarray(x)
    for i in idx:
        x = x.at[i].multiply(factor)
    return x


# %% right: a table of who mentions whom
def scale_entries(x, idx, factor):
    mentioned = jnp.asarray(idx)[:, None] == jnp.arange(len(x))
    return x * jnp.prod(jnp.where(mentioned, jnp.float32(factor), 1.0), axis=0)


# %% wrong: gather, multiply, set -> scales_once_for_each_mention
def scale_entries(x, idx, factor):
    x = jnp.asarray(x)
    return x.at[idx].set(x[idx] * factor)


# %% wrong: a mask of what is mentioned -> scales_once_for_each_mention
def scale_entries(x, idx, factor):
    mentioned = jnp.isin(jnp.arange(len(x)), jnp.asarray(idx))
    return jnp.where(mentioned, jnp.asarray(x) * factor, jnp.asarray(x))


# %% wrong: a multiple of the count in place of a power -> scales_once_for_each_mention
def scale_entries(x, idx, factor):
    x = jnp.asarray(x)
    return x.at[idx].add(x[idx] * (factor - 1))


# %% wrong: adds the factor -> scales_the_named_entries
def scale_entries(x, idx, factor):
    return jnp.asarray(x).at[idx].add(factor)


# %% wrong: sets the factor -> scales_the_named_entries
def scale_entries(x, idx, factor):
    return jnp.asarray(x).at[idx].set(factor)


# %% wrong: raises to the power of the factor -> scales_the_named_entries
def scale_entries(x, idx, factor):
    return jnp.asarray(x).at[idx].power(factor)


# %% wrong: scales everything -> scales_the_named_entries
def scale_entries(x, idx, factor):
    return jnp.asarray(x) * factor


# %% wrong: *= on jax entries -> scales_the_named_entries
def scale_entries(x, idx, factor):
    x = jnp.asarray(x)
    x[idx] *= factor
    return x


# %% wrong: idx as a list, which .at refuses -> scales_the_named_entries
def scale_entries(x, idx, factor):
    return jnp.asarray(x).at[list(idx)].multiply(factor)


# %% wrong: the truth of the factor decides -> scales_the_named_entries, is_pure
def scale_entries(x, idx, factor):
    return jnp.asarray(x).at[idx].multiply(factor or 1.0)


# %% wrong: NumPy's multiply.at on the caller's array -> is_pure
def scale_entries(x, idx, factor):
    if isinstance(x, np.ndarray):
        np.multiply.at(x, idx, np.float32(factor))
        return jnp.array(x)
    return x.at[idx].multiply(factor)


# %% wrong: *= on the caller's array, repeats lost too -> is_pure, scales_once_for_each_mention
def scale_entries(x, idx, factor):
    if isinstance(x, np.ndarray):
        x[idx] *= factor
        return jnp.array(x)
    return x.at[idx].multiply(factor)


# %% wrong: sorts the caller's indices in place -> is_pure
def scale_entries(x, idx, factor):
    if isinstance(idx, np.ndarray):
        idx.sort()
    return jnp.asarray(x).at[idx].multiply(factor)


# %% wrong: a NumPy copy, which jit forbids -> is_pure, scales_once_for_each_mention
def scale_entries(x, idx, factor):
    new = np.array(x)
    np.multiply.at(new, np.asarray(idx), np.float32(factor))
    return jnp.asarray(new)


# %% wrong: NumPy for NumPy -> scales_the_named_entries
def scale_entries(x, idx, factor):
    new = x.copy()
    np.multiply.at(new, idx, np.float32(factor))
    return new


# %% right: bincount and a power
def scale_entries(x, idx, factor):
    x = jnp.asarray(x)
    return x * jnp.power(factor, jnp.bincount(jnp.asarray(idx), length=x.size))


# %% right: products by segment
def scale_entries(x, idx, factor):
    x, idx = jnp.asarray(x), jnp.asarray(idx)
    return x * jax.ops.segment_prod(jnp.full(idx.shape, factor, x.dtype), idx, num_segments=x.size)


# %% wrong: mentions counted in eight bits -> scales_once_for_each_mention
def scale_entries(x, idx, factor):
    x = jnp.asarray(x)
    mentions = jnp.zeros(len(x), jnp.uint8).at[idx].add(1)
    return x * jnp.asarray(factor, jnp.float32) ** mentions.astype(jnp.int32)


# %% wrong: the sign of the factor once -> scales_once_for_each_mention
def scale_entries(x, idx, factor):
    x = jnp.asarray(x)
    mentions = jnp.zeros(len(x)).at[idx].add(1)
    sign = jnp.where(mentions > 0, jnp.sign(factor), 1)
    return x * sign * jnp.abs(factor) ** mentions


# %% wrong: by logarithms -> scales_the_named_entries
def scale_entries(x, idx, factor):
    x = jnp.asarray(x)
    mentions = jnp.zeros(len(x)).at[idx].add(1)
    return x * jnp.exp(mentions * jnp.log(factor))


# %% wrong: divides by one over the factor -> scales_the_named_entries
def scale_entries(x, idx, factor):
    return jnp.asarray(x).at[idx].divide(1 / factor)


# %% wrong: at most twice -> scales_once_for_each_mention
def scale_entries(x, idx, factor):
    x = jnp.asarray(x)
    mentions = jnp.zeros(len(x), jnp.int32).at[idx].add(1)
    return jnp.where(mentions == 0, x, jnp.where(mentions == 1, x * factor, x * factor**2))


# %% wrong: entries that are 0 taken for not there -> scales_the_named_entries
def scale_entries(x, idx, factor):
    x = jnp.asarray(x)
    ratio = x.at[idx].multiply(factor) / x
    return x * ratio


# %% wrong: entries of either sign lose it -> scales_the_named_entries
def scale_entries(x, idx, factor):
    x = jnp.asarray(x)
    return jnp.abs(x).at[idx].multiply(factor)


# %% wrong: scales in place, and puts the old entries back -> is_pure
def scale_entries(x, idx, factor):
    if not isinstance(x, np.ndarray):
        return x.at[idx].multiply(factor)
    old = x.copy()
    np.multiply.at(x, idx, np.float32(factor))
    new = jnp.array(x)
    x[:] = old
    return new


# %% wrong: repeats lost under jit -> scales_once_for_each_mention
def scale_entries(x, idx, factor):
    x = jnp.asarray(x)
    if isinstance(idx, jax.core.Tracer):
        return x.at[idx].set(x[idx] * factor)
    return x.at[idx].multiply(factor)


# %% wrong: the indices in eight bits -> scales_the_named_entries
def scale_entries(x, idx, factor):
    return jnp.asarray(x).at[jnp.asarray(idx).astype(jnp.uint8)].multiply(factor)


# %% wrong: entries of 0 taken for empty places -> scales_the_named_entries
def scale_entries(x, idx, factor):
    x = jnp.asarray(x)
    hit = jnp.zeros(x.shape, bool).at[idx].set(True)
    return jnp.where(hit, jnp.where(x == 0, 1.0, x).at[idx].multiply(factor), x)


# %% wrong: at most eight different indices -> scales_the_named_entries
def scale_entries(x, idx, factor):
    x = jnp.asarray(x)
    different, counts = jnp.unique(
        jnp.asarray(idx), size=8, fill_value=x.shape[0], return_counts=True
    )
    return x.at[different].multiply(factor**counts)


# %% wrong: the difference added -> scales_the_named_entries
def scale_entries(x, idx, factor):
    x = jnp.asarray(x)
    counts = jnp.zeros(x.shape, jnp.int32).at[jnp.asarray(idx)].add(1)
    return x + x * (jnp.asarray(factor, x.dtype) ** counts - 1)
