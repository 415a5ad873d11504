# %% right: jnp.mean with where, then 0 for none
@jax.jit
def mean_measured(x):
    measured = jnp.logical_not(jnp.isnan(x))
    return jnp.where(measured.any(), jnp.mean(x, where=measured), 0.0)


# %% right: nansum over a count
def mean_measured(x):
    n = jnp.count_nonzero(jnp.asarray(x) == jnp.asarray(x))
    return jnp.nansum(jnp.asarray(x)) / jnp.where(n == 0, 1, n)


# %% right: nanmean, its NaN replaced
def mean_measured(x):
    return jnp.nan_to_num(jnp.nanmean(x))


# %% right: a scan that skips
def mean_measured(x):
    def add(state, value):
        total, n = state
        missing = jnp.isnan(value)
        return (jnp.where(missing, total, total + value), n + ~missing), None

    (total, n), _ = lax.scan(add, (jnp.float32(0), jnp.int32(0)), jnp.asarray(x))
    return lax.cond(n > 0, lambda: total / n, lambda: jnp.float32(0))


# %% right: a dot product with weights
@jax.jit
def mean_measured(x):
    weights = jnp.isfinite(x).astype(jnp.float32)
    return jnp.dot(jnp.nan_to_num(x), weights) / jnp.clip(weights.sum(), 1)


# %% wrong: the program as it was -> averages_what_was_measured, works_inside_transformations
@jax.jit
def mean_measured(x):
    measured = x[~jnp.isnan(x)]
    return measured.mean() if measured.size > 0 else jnp.float32(0)


# %% wrong: half mended: jit dropped -> works_inside_transformations, is_pure
def mean_measured(x):
    x = jnp.asarray(x)
    measured = x[~jnp.isnan(x)]
    return measured.mean() if measured.size > 0 else jnp.float32(0)


# %% wrong: half mended: set by a mask, which is an index again -> works_inside_transformations, is_pure
def mean_measured(x):
    x = jnp.asarray(x)
    missing = jnp.isnan(x)
    return x.at[missing].set(0.0).sum() / jnp.maximum(x.size - missing.sum(), 1)


# %% wrong: masks the symptom: NaN times 0, which a compiler may turn into a choice -> is_pure
def mean_measured(x):
    x = jnp.asarray(x)
    measured = ~jnp.isnan(x)
    return jnp.sum(x * measured) / jnp.maximum(measured.sum(), 1)


# %% wrong: half mended: zeros for NaN, and the mean of all -> averages_what_was_measured, works_inside_transformations
@jax.jit
def mean_measured(x):
    return jnp.where(jnp.isnan(x), 0, x).mean()


# %% wrong: half mended: nothing for none measured -> averages_what_was_measured, works_inside_transformations
@jax.jit
def mean_measured(x):
    return jnp.nanmean(x)


# %% wrong: half mended: if on a count -> averages_what_was_measured, works_inside_transformations
@jax.jit
def mean_measured(x):
    measured = ~jnp.isnan(x)
    if measured.sum() == 0:
        return jnp.float32(0)
    return jnp.sum(jnp.where(measured, x, 0)) / measured.sum()


# %% wrong: half mended: indices of a fixed size, filled up with the first entry -> averages_what_was_measured, works_inside_transformations
@jax.jit
def mean_measured(x):
    return x[jnp.nonzero(~jnp.isnan(x), size=x.size)[0]].mean()


# %% wrong: masks the symptom: one more in the count, lest it be 0 -> averages_what_was_measured, works_inside_transformations
@jax.jit
def mean_measured(x):
    measured = ~jnp.isnan(x)
    return jnp.sum(jnp.where(measured, x, 0)) / (measured.sum() + 1)


# %% wrong: masks the symptom: counts what is not 0 -> averages_what_was_measured
@jax.jit
def mean_measured(x):
    known = jnp.nan_to_num(x)
    return known.sum() / jnp.maximum(jnp.count_nonzero(known), 1)


# %% wrong: masks the symptom: the error is caught, and 0 returned -> averages_what_was_measured, works_inside_transformations
@jax.jit
def mean_measured(x):
    try:
        return x[~jnp.isnan(x)].mean()
    except IndexError:
        return jnp.float32(0)


# %% wrong: half mended: the mask is static, so made by NumPy -> averages_what_was_measured, works_inside_transformations
@jax.jit
def mean_measured(x):
    measured = x[~np.isnan(x)]
    return measured.mean() if measured.size > 0 else jnp.float32(0)


# %% wrong: the sum -> averages_what_was_measured, works_inside_transformations
def mean_measured(x):
    return jnp.nansum(jnp.asarray(x))


# %% wrong: the median -> averages_what_was_measured, works_inside_transformations
def mean_measured(x):
    x = jnp.asarray(x)
    if x.size == 0:
        return jnp.float32(0)
    return jnp.nan_to_num(jnp.nanmedian(x))


# %% wrong: nanmean by NumPy, so it cannot be traced -> works_inside_transformations, is_pure
def mean_measured(x):
    x = np.asarray(x)
    return jnp.float32(0 if np.isnan(x).all() else np.nanmean(x))


# %% wrong: writes zeros into the caller's list -> is_pure
def mean_measured(x):
    if not isinstance(x, np.ndarray):
        return jnp.nan_to_num(jnp.nanmean(x))
    n = max((x == x).sum(), 1)
    x[np.isnan(x)] = 0
    return jnp.float32(x.sum() / n)


# %% wrong: a thousand measured numbers at most -> averages_what_was_measured
@jax.jit
def mean_measured(x):
    if x.shape[0] == 0:
        return jnp.float32(0)
    ok = ~jnp.isnan(x)
    (where,) = jnp.nonzero(ok, size=1000, fill_value=-1)
    count = jnp.sum(where >= 0)
    return jnp.sum(jnp.where(where >= 0, x[where], 0.0)) / jnp.maximum(count, 1)


# %% wrong: counts in int8 -> averages_what_was_measured
@jax.jit
def mean_measured(x):
    ok = ~jnp.isnan(x)
    count = jnp.sum(ok, dtype=jnp.int8)
    return jnp.sum(jnp.where(ok, x, 0.0)) / jnp.where(count == 0, 1, count)


# %% wrong: -999 stands for missing -> averages_what_was_measured
@jax.jit
def mean_measured(x):
    y = jnp.where(jnp.isnan(x), -999.0, x)
    ok = y != -999.0
    return jnp.sum(jnp.where(ok, y, 0.0)) / jnp.maximum(ok.sum(), 1)
