# %% right: vmap of the given function
def batch_mm_diff(X):
    return jax.vmap(mm_diff)(X)

# %% right: axis arguments
def batch_mm_diff(X):
    X = jnp.asarray(X)
    return X.mean(axis=1) - jnp.median(X, axis=1)

# %% right: sort once, the two middle columns
def batch_mm_diff(X):
    cols = X.shape[1]
    ordered = jnp.sort(X, axis=-1)
    lo, hi = ordered[:, (cols - 1) // 2], ordered[:, cols // 2]
    return jnp.mean(X, axis=-1) - (lo / 2 + hi / 2)

# %% right: transposed and mapped over axis 1, compiled
@partial(jax.jit)
def batch_mm_diff(X):
    def both(column):
        return jnp.mean(column), jnp.median(column)
    mean, median = jax.vmap(both, in_axes=1)(jnp.transpose(X))
    return lax.sub(mean, median)

# %% right: jnp.vectorize with a signature
batch_mm_diff = jnp.vectorize(mm_diff, signature="(n)->()")

# %% right: quantile and a matrix product for the mean
def batch_mm_diff(X):
    ones = jnp.ones((X.shape[1],), dtype=jnp.float32)
    mean = jnp.matmul(X, ones, precision=lax.Precision.HIGHEST) / X.shape[1]
    return mean - jnp.quantile(jnp.asarray(X), 0.5, axis=1)

# %% right: top_k of half of the columns
def batch_mm_diff(X):
    X = jnp.asarray(X)
    k = (cols := X.shape[-1]) // 2 + 1
    largest, _ = lax.top_k(X, k)
    if cols % 2:
        median = largest[:, -1]
    else:
        median = 0.5 * largest[:, -1] + 0.5 * largest[:, -2]
    return X.mean(-1) - median

# %% right: apply_along_axis
def batch_mm_diff(X):
    return jnp.apply_along_axis(mm_diff, 1, jnp.asarray(X))

# %% right: ranks by counting, ties by position, no sort
def batch_mm_diff(X):
    X = jnp.asarray(X)
    n = X.shape[1]
    a, b = X[:, :, None], X[:, None, :]
    earlier = jnp.tril(jnp.ones((n, n), bool), -1)
    rank = jnp.sum((b < a) | ((b == a) & earlier), axis=-1)
    lo = jnp.sum(jnp.where(rank == (n - 1) // 2, X, 0), axis=1)
    hi = jnp.sum(jnp.where(rank == n // 2, X, 0), axis=1)
    return jnp.mean(X, axis=1) - (lo + hi) / 2

# %% right: mean by a loop over the COLUMNS, all rows at once
def batch_mm_diff(X):
    X = jnp.asarray(X)
    rows, cols = X.shape
    total = lax.fori_loop(0, cols, lambda k, s: s + X[:, k], jnp.zeros(rows, X.dtype))
    return total / cols - jnp.median(X, axis=1)

# %% right: vmap of a callable object, given by keyword
class Lopsided:
    def __call__(self, x):
        return jnp.average(x) - jnp.percentile(x, 50.0)


def batch_mm_diff(X):
    return jax.vmap(Lopsided(), in_axes=(0,), out_axes=0)(jnp.array(X, copy=True))

# %% right: lax.sort and take_along_axis, einsum for the sum
def batch_mm_diff(X):
    r, c = X.shape
    middle = jnp.array([[(c - 1) // 2, c // 2]]).repeat(r, axis=0)
    two = jnp.take_along_axis(lax.sort(jnp.asarray(X), dimension=1), middle, axis=1)
    return jnp.einsum("ij->i", jnp.asarray(X)) / c - two.mean(axis=1)

# %% wrong: lax.map over the rows | "no loop over the rows, neither in Python nor a compiled one"
def batch_mm_diff(X):
    return lax.map(mm_diff, jnp.asarray(X))

# %% wrong: Python loop over the rows | "no loop over the rows"
def batch_mm_diff(X):
    return jnp.stack([mm_diff(row) for row in jnp.asarray(X)])

# %% wrong: scan in blocks of rows, still a loop over rows | "all rows treated at once"
def batch_mm_diff(X):
    X = jnp.asarray(X)
    _, out = lax.scan(lambda c, row: (c, mm_diff(row)), None, X)
    return out

# %% wrong: fori_loop over rows that fills the result | "no loop over the rows ... nor a compiled one"
def batch_mm_diff(X):
    X = jnp.asarray(X)
    return lax.fori_loop(
        0, X.shape[0], lambda i, out: out.at[i].set(mm_diff(X[i])), jnp.zeros(X.shape[0])
    )

# %% wrong: upper middle for an even number of columns | the median of an even number is the mean of the middle two
def batch_mm_diff(X):
    X = jnp.asarray(X)
    return X.mean(axis=1) - jnp.sort(X, axis=1)[:, X.shape[1] // 2]

# %% wrong: squeeze drops the axis of a single row | result is "rows"; X has at least one row
def batch_mm_diff(X):
    X = jnp.asarray(X)
    return jnp.squeeze(X.mean(axis=1, keepdims=True) - jnp.median(X, axis=1, keepdims=True))

# %% wrong: median as sum minus both extremes, true for three columns only | "at least one column"
def batch_mm_diff(X):
    X = jnp.asarray(X)
    return X.mean(axis=1) - (X.sum(axis=1) - X.max(axis=1) - X.min(axis=1))

# %% wrong: sorts the caller's NumPy array in place | a function must not change what it is given
def batch_mm_diff(X):
    if isinstance(X, np.ndarray):
        X.sort(axis=1)
    else:
        X = jnp.sort(X, axis=1)
    n = X.shape[1]
    return jnp.mean(X, axis=1) - (X[:, (n - 1) // 2] + X[:, n // 2]) / 2

# %% wrong: median in bfloat16 for speed, 8 bits left | float32 result of the median
def batch_mm_diff(X):
    X = jnp.asarray(X)
    return X.mean(axis=1) - jnp.median(X.astype(jnp.bfloat16), axis=1).astype(jnp.float32)

# %% wrong: sorts as integers, fractions lost | X holds float32 numbers
def batch_mm_diff(X):
    X = jnp.asarray(X)
    return X.mean(axis=1) - jnp.median(X.astype(jnp.int32), axis=1)

# %% wrong: NumPy on the host | "must also work under jax.jit: compute with jnp"
def batch_mm_diff(X):
    X = np.asarray(X)
    return jnp.asarray(X.mean(axis=1) - np.median(X, axis=1))

# %% wrong: drops the largest and smallest as outliers when there are more than three columns | "mean minus median of every row"
def batch_mm_diff(X):
    X = jnp.sort(jnp.asarray(X), axis=1)
    core = X[:, 1:-1] if X.shape[1] > 3 else X
    return jnp.mean(core, axis=1) - jnp.median(X, axis=1)

# %% wrong: median by bisection between the global extremes, fixed 24 halvings | the median is one of the numbers, also beside large ones
def batch_mm_diff(X):
    X = jnp.asarray(X)
    lo = jnp.full(X.shape[0], X.min()); hi = jnp.full(X.shape[0], X.max())
    for _ in range(24):
        mid = (lo + hi) / 2
        few = jnp.sum(X <= mid[:, None], axis=1) < (X.shape[1] + 1) // 2
        lo, hi = jnp.where(few, mid, lo), jnp.where(few, hi, mid)
    return X.mean(axis=1) - hi

