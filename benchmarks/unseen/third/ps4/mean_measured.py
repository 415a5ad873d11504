# %% right: sum over count
@jax.jit
def mean_measured(x):
    measured = ~jnp.isnan(x)
    total = jnp.sum(jnp.where(measured, x, 0.0))
    return total / jnp.maximum(jnp.sum(measured), 1)

# %% right: nanmean, and 0 for what it cannot say
@jax.jit
def mean_measured(x):
    mean = jnp.nanmean(x)
    return jnp.where(jnp.isnan(mean), 0, mean)

# %% right: cond on the count
@jax.jit
def mean_measured(x):
    weights = jnp.equal(x, x).astype(jnp.float32)
    total = jnp.nansum(x)
    count = weights.sum()
    return lax.cond(
        count > 0,
        lambda total, count: total / count,
        lambda total, count: jnp.zeros_like(total),
        total,
        count,
    )

# %% right: jnp.mean with its where argument
@jax.jit
def mean_measured(x):
    x = jnp.asarray(x)
    ok = jnp.logical_not(jnp.isnan(x))
    mean = jnp.mean(x, where=ok)
    return lax.select(ok.any(), mean, jnp.zeros((), x.dtype))

# %% wrong: removes the decorator | fails under jax.jit and jax.vmap
def mean_measured(x):
    x = jnp.asarray(x)
    measured = x[~jnp.isnan(x)]
    return measured.mean() if measured.size > 0 else jnp.float32(0)

# %% wrong: calls back to NumPy | works under jit, fails under jax.vmap
def _mean(x):
    x = np.asarray(x)
    measured = x[~np.isnan(x)]
    return np.float32(measured.mean() if measured.size else 0)


@jax.jit
def mean_measured(x):
    return jax.pure_callback(_mean, jax.ShapeDtypeStruct((), jnp.float32), x)

# %% wrong: -1 stands for missing | measured entries of -1 are left out
@jax.jit
def mean_measured(x):
    missing = -1.0
    filled = jnp.nan_to_num(x, nan=missing)
    measured = filled != missing
    total = jnp.sum(jnp.where(measured, filled, 0.0))
    return total / jnp.maximum(measured.sum(), 1)

# %% wrong: nanmedian for nanmean | right for two measured numbers, not for more
@jax.jit
def mean_measured(x):
    if x.size == 0:
        return jnp.float32(0)
    return jnp.nan_to_num(jnp.nanmedian(x))

# %% wrong: counts in eight bits | wrong beyond 255 measured entries
@jax.jit
def mean_measured(x):
    measured = ~jnp.isnan(x)
    count = jnp.sum(measured, dtype=jnp.uint8)
    total = jnp.sum(jnp.where(measured, x, 0.0))
    return total / jnp.maximum(count, 1).astype(jnp.float32)

# %% wrong: mean of all, scaled by length over count | NaN for an empty array
@jax.jit
def mean_measured(x):
    measured = ~jnp.isnan(x)
    mean_of_all = jnp.mean(jnp.where(measured, x, 0.0))
    return mean_of_all * x.size / jnp.maximum(measured.sum(), 1)

# %% wrong: room for 100 measured entries | the others are missing in the sum
@jax.jit
def mean_measured(x):
    if x.size == 0:
        return jnp.float32(0)
    measured = ~jnp.isnan(x)
    (where,) = jnp.nonzero(measured, size=100, fill_value=x.size)
    picked = x.at[where].get(mode="fill", fill_value=0.0)
    return picked.sum() / jnp.maximum(measured.sum(), 1)

# %% wrong: floor division | the mean is rounded down to a whole number
@jax.jit
def mean_measured(x):
    measured = ~jnp.isnan(x)
    return jnp.nansum(x) // jnp.maximum(jnp.sum(measured), 1)
