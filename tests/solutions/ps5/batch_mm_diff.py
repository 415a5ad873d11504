# %% right: jnp along an axis
def batch_mm_diff(X):
    X = jnp.asarray(X)
    return X.mean(axis=1) - jnp.median(X, axis=1)


# %% right: vmapped lambda, jitted, over the columns of the transpose
@jax.jit
def batch_mm_diff(X: Float32[Array, "rows cols"]) -> Float32[Array, "rows"]:
    return jax.vmap(lambda x: jnp.mean(x) - jnp.median(x), in_axes=1)(X.T)


# %% right: a median of its own by sorting
def middle(x):
    x, n = jnp.sort(x), x.shape[0]
    return (x[(n - 1) // 2] + x[n // 2]) / 2


def batch_mm_diff(X):
    X = jnp.array(X)
    return jax.vmap(jnp.mean)(X) - jax.vmap(middle)(X)


# %% right: quantile and vectorize
def batch_mm_diff(X):
    spread = jnp.vectorize(lambda x: x.mean() - jnp.quantile(x, 0.5), signature="(n)->()")
    return spread(X)


# %% wrong: the columns in place of the rows -> takes_each_row
def batch_mm_diff(X):
    return jax.vmap(mm_diff, in_axes=1)(jnp.asarray(X))


# %% wrong: NumPy's default axis -> takes_each_row
def batch_mm_diff(X):
    return jnp.mean(X, axis=0) - jnp.median(X, axis=0)


# %% wrong: a loop over the rows, stacked -> has_no_loop
def batch_mm_diff(X):
    return jnp.stack([mm_diff(row) for row in jnp.asarray(X)])


# %% wrong: a loop that fills an array, jitted -> has_no_loop
@jax.jit
def batch_mm_diff(X):
    result = jnp.zeros(X.shape[0])
    for i in range(X.shape[0]):
        result = result.at[i].set(mm_diff(X[i]))
    return result


# %% wrong: a compiled loop, row after row -> has_no_loop
def batch_mm_diff(X):
    return lax.map(mm_diff, jnp.asarray(X))


# %% wrong: a list of numbers -> takes_each_row
def batch_mm_diff(X):
    return [mm_diff(row) for row in jnp.asarray(X)]


# %% wrong: no vmap at all -> takes_each_row
def batch_mm_diff(X):
    return mm_diff(jnp.asarray(X))


# %% wrong: median minus mean -> takes_each_row
def batch_mm_diff(X):
    return -jax.vmap(mm_diff)(X)


# %% wrong: the upper of two middle entries -> takes_each_row
def batch_mm_diff(X):
    X = jnp.asarray(X)
    return X.mean(axis=1) - jnp.sort(X, axis=1)[:, X.shape[1] // 2]


# %% wrong: the median of the whole matrix -> takes_each_row
def batch_mm_diff(X):
    return jnp.mean(X, axis=1) - jnp.median(X)


# %% wrong: a column as result -> takes_each_row
def batch_mm_diff(X):
    X = jnp.asarray(X)
    return X.mean(axis=1, keepdims=True) - jnp.median(X, axis=1, keepdims=True)


# %% wrong: squeezes a batch of one away -> handles_edge_cases
def batch_mm_diff(X):
    return jax.vmap(mm_diff)(X).squeeze()


# %% wrong: sorts the caller's rows in place -> is_pure
def batch_mm_diff(X):
    if isinstance(X, np.ndarray):
        X.sort(axis=1)
    return jax.vmap(mm_diff)(X)


# %% wrong: keeps the last result in a global -> is_pure
last_differences = None


def batch_mm_diff(X):
    global last_differences
    last_differences = jax.vmap(mm_diff)(X)
    return last_differences


# %% wrong: NumPy inside, so it cannot be traced -> has_no_loop, is_pure
def batch_mm_diff(X):
    X = np.asarray(X)
    return jnp.asarray(X.mean(axis=1) - np.median(X, axis=1))


# %% right: a compiled loop over the columns for the mean
def batch_mm_diff(X):
    X = jnp.asarray(X)
    total, _ = lax.scan(lambda t, col: (t + col, None), jnp.zeros(X.shape[0]), X.T)
    return total / X.shape[1] - jnp.median(X, axis=1)


# %% wrong: a loop in Python, called back -> has_no_loop
def batch_mm_diff(X):
    def on_host(X):
        return np.array([np.mean(row) - np.median(row) for row in np.asarray(X)], np.float32)

    return jax.pure_callback(on_host, jax.ShapeDtypeStruct((X.shape[0],), jnp.float32), X)


# %% wrong: lax.map in batches of 256 -> has_no_loop
def batch_mm_diff(X):
    return lax.map(mm_diff, jnp.asarray(X), batch_size=256)


# %% wrong: blocks of a thousand rows in Python -> has_no_loop
def batch_mm_diff(X):
    X = jnp.asarray(X)
    return jnp.concatenate([jax.vmap(mm_diff)(X[i : i + 1000]) for i in range(0, len(X), 1000)])


# %% wrong: the largest and smallest peeled off, equal ones together -> handles_edge_cases
def batch_mm_diff(X):
    X = jnp.asarray(X)
    left = jnp.ones(X.shape, bool)
    for _ in range((X.shape[1] - 1) // 2):
        top = jnp.max(jnp.where(left, X, -jnp.inf), axis=1, keepdims=True)
        bottom = jnp.min(jnp.where(left, X, jnp.inf), axis=1, keepdims=True)
        inner = left & (X != top) & (X != bottom)
        left = jnp.where(inner.any(axis=1, keepdims=True), inner, left)
    return X.mean(axis=1) - jnp.sum(jnp.where(left, X, 0), axis=1) / jnp.sum(left, axis=1)


# %% wrong: rounded to six decimals -> handles_edge_cases
def batch_mm_diff(X):
    X = jnp.asarray(X)
    return jnp.round(X.mean(axis=1) - jnp.median(X, axis=1), 6)


# %% wrong: -1 marks what is struck out -> handles_edge_cases
def batch_mm_diff(X):
    X = jnp.asarray(X)
    n = X.shape[1]
    rows = jnp.arange(X.shape[0])
    left, last = X, None
    for _ in range(n // 2):
        where = left.argmax(axis=1)
        last = left[rows, where]
        left = left.at[rows, where].set(-1.0)
    median = left.max(axis=1)
    if n % 2 == 0:
        median = (median + last) / 2
    return X.mean(axis=1) - median
