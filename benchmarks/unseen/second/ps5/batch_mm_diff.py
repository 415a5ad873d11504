# %% right: vmap of mm_diff
def batch_mm_diff(X):
    return jax.vmap(mm_diff)(X)

# %% right: axis arguments of jnp.mean and jnp.median
def batch_mm_diff(X):
    X = jnp.asarray(X)
    return X.mean(axis=1) - jnp.median(X, axis=1)

# %% right: sort along the columns, average the two middle ones
def batch_mm_diff(X):
    ordered = lax.sort(jnp.asarray(X), dimension=1)
    n = ordered.shape[1]
    middle = ordered[:, (n - 1) // 2] / 2 + ordered[:, n // 2] / 2
    return jnp.einsum("rc->r", X) / n - middle

# %% right: quantile 0.5, jit as a decorator
@jax.jit
def batch_mm_diff(X):
    half = jnp.quantile(X, 0.5, axis=-1)
    return jnp.sum(X, axis=-1) / X.shape[-1] - half

# %% right: top_k of half the row inside a vmapped closure over the transpose
def batch_mm_diff(X):
    X = jnp.asarray(X)
    n = X.shape[1]

    def one(column):
        top, _ = lax.top_k(column, n // 2 + 1)
        median = top[-1] if n % 2 else (top[-1] + top[-2]) / 2
        return column.mean() - median

    return jax.vmap(one, in_axes=1)(X.T)

# %% right: mean of the deviations from the median
class Lopsided:
    def __init__(self, X):
        self.X = jnp.asarray(X)

    @property
    def centre(self):
        return jnp.median(self.X, axis=1, keepdims=True)

    def __call__(self):
        return jnp.mean(self.X - self.centre, axis=1)


def batch_mm_diff(X):
    return Lopsided(X)()

# %% right: compiled loop over the columns that ranks each entry in its row
def batch_mm_diff(X):
    X = jnp.asarray(X)
    rows, n = X.shape
    low, high = (n - 1) // 2, n // 2
    place = jnp.arange(n)

    def body(j, total):
        column = X[:, j]
        smaller = jnp.sum(X < column[:, None], axis=1)
        equal_before = jnp.sum((X == column[:, None]) & (place < j), axis=1)
        rank = smaller + equal_before
        share = 0.5 * (rank == low) + 0.5 * (rank == high)
        return total + (share * column).astype(X.dtype)

    medians = lax.fori_loop(0, n, body, jnp.zeros(rows, X.dtype))
    return jnp.mean(X, axis=1) - medians

# %% right: jnp.vectorize with a signature
@partial(jnp.vectorize, signature="(c)->()")
def _lopsided(row):
    return row.mean() - jnp.percentile(row, 50)


def batch_mm_diff(X):
    return _lopsided(jnp.asarray(X))

# %% wrong: takes the one middle entry of the sorted row | wrong for an even number of columns
def batch_mm_diff(X):
    ordered = jnp.sort(X, axis=1)
    return jnp.mean(X, axis=1) - ordered[:, X.shape[1] // 2]

# %% wrong: forgets to sort | wrong wherever a row is not in order (the examples are)
def batch_mm_diff(X):
    n = X.shape[1]
    X = jnp.asarray(X)
    return X.mean(axis=1) - (X[:, (n - 1) // 2] + X[:, n // 2]) / 2

# %% wrong: divides by three | hard-coded number of columns
def batch_mm_diff(X):
    return jax.vmap(lambda row: jnp.sum(row) / 3 - jnp.median(row))(X)

# %% wrong: list of rows, stacked | a Python loop over the rows
def batch_mm_diff(X):
    return jnp.stack([mm_diff(row) for row in jnp.asarray(X)])

# %% wrong: lax.map | a compiled loop over the rows, which the text forbids
def batch_mm_diff(X):
    return lax.map(mm_diff, jnp.asarray(X))

# %% wrong: NumPy does the work | fails under jax.jit
def batch_mm_diff(X):
    X = np.asarray(X)
    return jnp.asarray(X.mean(axis=1) - np.median(X, axis=1))

# %% wrong: squeezed result | one row gives a result without axes
def batch_mm_diff(X):
    return jnp.squeeze(jax.vmap(mm_diff)(X))

# %% wrong: sorts whole numbers | medians of fractions are cut off
def batch_mm_diff(X):
    X = jnp.asarray(X)
    n = X.shape[1]
    ordered = jnp.sort(X.astype(jnp.int32), axis=1)
    return X.mean(axis=1) - (ordered[:, (n - 1) // 2] + ordered[:, n // 2]) / 2

# %% wrong: sorts the caller's NumPy matrix in place | changes its argument
def batch_mm_diff(X):
    n = X.shape[1]
    if isinstance(X, np.ndarray):
        X.sort(axis=1)
    else:
        X = jnp.sort(X, axis=1)
    X = jnp.asarray(X)
    return X.mean(axis=1) - (X[:, (n - 1) // 2] + X[:, n // 2]) / 2

# %% wrong: strikes out the largest entry again and again | strikes all equal entries at once, so wrong for duplicates in a row
def batch_mm_diff(X):
    X = jnp.asarray(X)
    n = X.shape[1]
    left, last = X, None
    for _ in range(n // 2):
        last = left.max(axis=1)
        left = jnp.where(left == last[:, None], -jnp.inf, left)
    median = left.max(axis=1)
    if n % 2 == 0:
        median = (median + last) / 2
    return X.mean(axis=1) - median

# %% wrong: keeps results by shape | hidden state: a second matrix of the same shape gets the first one's result
_results = {}


def batch_mm_diff(X):
    if X.shape not in _results:
        _results[X.shape] = jax.vmap(mm_diff)(X)
    return _results[X.shape]

# %% wrong: skips the sort if the rows are in order | branches on values, fails under jit
def batch_mm_diff(X):
    X = jnp.asarray(X)
    n = X.shape[1]
    if not bool(jnp.all(X[:, 1:] >= X[:, :-1])):
        X = jnp.sort(X, axis=1)
    return X.mean(axis=1) - (X[:, (n - 1) // 2] + X[:, n // 2]) / 2

# %% wrong: strikes out with -1 as the lowest value | wrong for rows with entries below -1
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
