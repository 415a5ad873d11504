# %% right: where for the sum, count at least 1
@jax.jit
def mean_measured(x):
    measured = ~jnp.isnan(x)
    total = jnp.sum(jnp.where(measured, x, 0.0))
    return total / jnp.maximum(jnp.sum(measured), 1)

# %% right: nansum over the count, where on the denominator and the result
@jax.jit
def mean_measured(x):
    count = jnp.count_nonzero(x == x)
    return jnp.where(count > 0, jnp.nansum(x) / jnp.where(count > 0, count, 1), 0.0)

# %% right: nanmean, then its NaN replaced
def mean_measured(x):
    m = jnp.nanmean(jnp.asarray(x))
    return jnp.where(jnp.isnan(m), jnp.float32(0), m)

# %% right: segment_sum of measured and failed
@jax.jit
def mean_measured(x):
    x = jnp.asarray(x)
    failed = jnp.isnan(x)
    group = failed.astype(jnp.int32)
    sums = jax.ops.segment_sum(jnp.nan_to_num(x, nan=0.0), group, num_segments=2)
    counts = jax.ops.segment_sum(jnp.ones_like(x), group, num_segments=2)
    return sums[0] / (counts[0] + (counts[0] == 0))

# %% right: lax.cond on the count, mean with its argument where
@jax.jit
def mean_measured(x):
    ok = jnp.logical_not(jnp.isnan(x))
    return lax.cond(
        ok.any(),
        lambda: jnp.mean(x, where=ok),
        lambda: jnp.zeros((), jnp.float32),
    )

# %% right: sorted, so that the NaN stand at the end
@jax.jit
def mean_measured(x):
    count = x.shape[0] - jnp.isnan(x).sum()
    front = jnp.arange(x.shape[0]) < count
    total = jnp.where(front, jnp.sort(x), 0.0).sum()
    return (total / jnp.clip(count, 1)).astype(jnp.float32)

# %% wrong: jit taken off | fails under jit and vmap
def mean_measured(x):
    x = jnp.asarray(x)
    measured = x[~jnp.isnan(x)]
    return measured.mean() if measured.size > 0 else jnp.float32(0)

# %% wrong: product with the mask | NaN times 0 is NaN (where the compiler does not turn it into a choice)
def mean_measured(x):
    x = jnp.asarray(x)
    measured = (~jnp.isnan(x)).astype(x.dtype)
    return jnp.sum(x * measured) / jnp.maximum(measured.sum(), 1)

# %% wrong: the median | equals the mean for one or two measured values only
@jax.jit
def mean_measured(x):
    if x.shape[0] == 0:
        return jnp.float32(0)
    m = jnp.nanmedian(x)
    return jnp.where(jnp.isnan(m), 0.0, m)

# %% wrong: half-way between the smallest and the largest | not the mean of three or more values
@jax.jit
def mean_measured(x):
    ok = ~jnp.isnan(x)
    low = jnp.min(x, where=ok, initial=jnp.inf)
    high = jnp.max(x, where=ok, initial=-jnp.inf)
    return jnp.where(ok.any(), (low + high) / 2, 0.0)

# %% wrong: counts in int8 | more than 127 measured values overflow the count
@jax.jit
def mean_measured(x):
    ok = ~jnp.isnan(x)
    count = jnp.sum(ok, dtype=jnp.int8)
    return jnp.sum(jnp.where(ok, x, 0.0)) / jnp.where(count == 0, 1, count)

# %% wrong: differences from the first entry | NaN in the first place spoils all; an empty x is read beyond its end
@jax.jit
def mean_measured(x):
    ok = ~jnp.isnan(x)
    first = x[0]
    rest = jnp.sum(jnp.where(ok, x - first, 0.0)) / jnp.maximum(ok.sum(), 1)
    return jnp.where(ok.any(), first + rest, 0.0)

# %% wrong: NumPy through pure_callback | fails under vmap
def _host(x):
    x = np.asarray(x)
    x = x[~np.isnan(x)]
    return np.float32(x.mean() if x.size else 0.0)

@jax.jit
def mean_measured(x):
    return jax.pure_callback(_host, jax.ShapeDtypeStruct((), jnp.float32), x)

# %% wrong: -999 stands for missing | a measured -999 is dropped
@jax.jit
def mean_measured(x):
    y = jnp.where(jnp.isnan(x), -999.0, x)
    ok = y != -999.0
    return jnp.sum(jnp.where(ok, y, 0.0)) / jnp.maximum(ok.sum(), 1)

# %% wrong: clears the NaN in the caller's NumPy array | x is changed
@jax.jit
def _mean(x, count):
    return jnp.sum(jnp.where(jnp.isnan(x), 0.0, x)) / jnp.maximum(count, 1)

def mean_measured(x):
    if isinstance(x, np.ndarray):
        failed = np.isnan(x)
        x[failed] = 0
        return _mean(x, int((~failed).sum()))
    return _mean(x, jnp.sum(~jnp.isnan(x)))

# %% wrong: an extra 0 for the empty array | an empty x gives int32, not float32
@jax.jit
def mean_measured(x):
    if x.size == 0:
        return jnp.array(0)
    ok = ~jnp.isnan(x)
    return jnp.sum(jnp.where(ok, x, 0.0)) / jnp.maximum(ok.sum(), 1)

# %% wrong: sums in half precision | sums above 65504 become inf, others lose digits
@jax.jit
def mean_measured(x):
    ok = ~jnp.isnan(x)
    half = jnp.where(ok, x, 0.0).astype(jnp.float16)
    total = jnp.sum(half, dtype=jnp.float16).astype(jnp.float32)
    return total / jnp.maximum(ok.sum(), 1)

# %% wrong: the guard lifts the count to 2 | a single measured value is halved
@jax.jit
def mean_measured(x):
    ok = ~jnp.isnan(x)
    total = jnp.sum(jnp.where(ok, x, 0.0))
    return total / jnp.maximum(ok.sum(), 2)

# %% wrong: reads at most 1000 measured values | jnp.nonzero with a fixed size drops the rest
@jax.jit
def mean_measured(x):
    if x.shape[0] == 0:
        return jnp.float32(0)
    ok = ~jnp.isnan(x)
    (where,) = jnp.nonzero(ok, size=1000, fill_value=-1)
    count = jnp.sum(where >= 0)
    return jnp.sum(jnp.where(where >= 0, x[where], 0.0)) / jnp.maximum(count, 1)
