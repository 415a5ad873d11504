# %% right: vmap of the function for one row
def batch_mm_diff(X: Float32[Array, "rows cols"]) -> Float32[Array, "rows"]:
    return jax.vmap(mm_diff)(X)

# %% right: NumPy veteran, reductions along the axis
def batch_mm_diff(X: Float32[Array, "rows cols"]) -> Float32[Array, "rows"]:
    X = jnp.asarray(X)
    return X.mean(axis=1) - jnp.median(X, axis=1)

# %% right: sorts along the columns and takes the two middle ones
def batch_mm_diff(X: Float32[Array, "rows cols"]) -> Float32[Array, "rows"]:
    cols = X.shape[1]
    ordered = lax.sort(jnp.asarray(X), dimension=1)
    left, right = ordered[:, (cols - 1) // 2], ordered[:, cols // 2]
    return jnp.sum(jnp.asarray(X), axis=1) / cols - (left / 2 + right / 2)

# %% right: partial top_k, jnp.vectorize with a signature
@partial(jnp.vectorize, signature="(c)->()")
def _lopsided(row):
    n = row.size
    upper, _ = lax.top_k(row, n // 2 + 1)
    middle = 0.5 * (upper[(n - 1) // 2] + upper[n // 2])
    return row.mean() - middle


def batch_mm_diff(X: Float32[Array, "rows cols"]) -> Float32[Array, "rows"]:
    return _lopsided(jnp.asarray(X))

# %% wrong: lax.map in batches | it is a compiled loop over the rows, once there are more than 32
def batch_mm_diff(X: Float32[Array, "rows cols"]) -> Float32[Array, "rows"]:
    return lax.map(mm_diff, jnp.asarray(X), batch_size=32)

# %% wrong: list comprehension and stack | a Python loop over the rows; the recorded program grows with them
def batch_mm_diff(X: Float32[Array, "rows cols"]) -> Float32[Array, "rows"]:
    return jnp.stack([mm_diff(row) for row in jnp.asarray(X)])

# %% wrong: the entry in the middle of the sorted row | the median of an even number of columns is the mean of two
def batch_mm_diff(X: Float32[Array, "rows cols"]) -> Float32[Array, "rows"]:
    X = jnp.asarray(X)
    return X.mean(axis=1) - jnp.sort(X, axis=1)[:, X.shape[1] // 2]

# %% wrong: sorts in bfloat16 for speed | the median keeps only two or three digits
def batch_mm_diff(X: Float32[Array, "rows cols"]) -> Float32[Array, "rows"]:
    X = jnp.asarray(X)
    median = jnp.median(X.astype(jnp.bfloat16), axis=1).astype(jnp.float32)
    return X.mean(axis=1) - median

# %% wrong: squeeze at the end | for one row the result has no axis
def batch_mm_diff(X: Float32[Array, "rows cols"]) -> Float32[Array, "rows"]:
    X = jnp.asarray(X)
    mean = jnp.mean(X, axis=1, keepdims=True)
    median = jnp.median(X, axis=1, keepdims=True)
    return (mean - median).squeeze()

# %% wrong: sorts a NumPy matrix in place | the caller's rows are reordered
def batch_mm_diff(X: Float32[Array, "rows cols"]) -> Float32[Array, "rows"]:
    if isinstance(X, np.ndarray):
        X.sort(axis=1)
    else:
        X = jnp.sort(X, axis=1)
    X = jnp.asarray(X)
    n = X.shape[1]
    return X.mean(axis=1) - (X[:, (n - 1) // 2] + X[:, n // 2]) / 2

# %% wrong: peels off the largest and smallest, ties together | the median of rows with equal entries
def batch_mm_diff(X: Float32[Array, "rows cols"]) -> Float32[Array, "rows"]:
    X = jnp.asarray(X)
    left, inside = X, jnp.ones(X.shape, bool)
    for _ in range((X.shape[1] - 1) // 2):
        top = jnp.max(jnp.where(inside, left, -jnp.inf), axis=1, keepdims=True)
        bottom = jnp.min(jnp.where(inside, left, jnp.inf), axis=1, keepdims=True)
        smaller = inside & (left != top) & (left != bottom)
        inside = jnp.where(smaller.any(axis=1, keepdims=True), smaller, inside)
    median = jnp.sum(jnp.where(inside, left, 0), axis=1) / jnp.sum(inside, axis=1)
    return X.mean(axis=1) - median

# %% wrong: rounds the noise away to six decimals | rows of small numbers (1e-8, say) give 0
def batch_mm_diff(X: Float32[Array, "rows cols"]) -> Float32[Array, "rows"]:
    noise_free = jnp.round(jax.vmap(mm_diff)(jnp.asarray(X)), 6)
    return noise_free
