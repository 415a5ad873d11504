# %% right: NumPy veteran, keepdims and where
def normalise_rows(m: Num[Array, "rows cols"]) -> Float32[Array, "rows cols"]:
    """Return `m` with each row divided by its sum; rows of zeros stay zero."""
    m = jnp.asarray(m, dtype=jnp.float32)
    total = m.sum(axis=1, keepdims=True)
    return m / jnp.where(total == 0, 1, total)


# %% right: functional, vmap of a function of one row
def _share(row):
    total = jnp.sum(row)
    return row / lax.select(total > 0, total, jnp.ones_like(total))


def normalise_rows(m: Num[Array, "rows cols"]) -> Float32[Array, "rows cols"]:
    return jax.vmap(_share)(jnp.asarray(m).astype(jnp.float32))


# %% right: physicist, einsum and the zero rows masked twice
def normalise_rows(m):
    weights = jnp.array(m, jnp.float32)
    totals = jnp.einsum("rc->r", weights)
    nonzero = totals > 0
    safe_totals = jnp.where(nonzero, totals, 1.0)
    shares = weights / safe_totals[:, None]
    return jnp.where(nonzero[:, None], shares, 0.0)


# %% right: documentation reader, lax.reduce and broadcast_in_dim
def normalise_rows(m: Num[Array, "rows cols"]) -> Float32[Array, "rows cols"]:
    m = lax.convert_element_type(jnp.asarray(m), jnp.float32)
    totals = lax.reduce(m, jnp.float32(0), lax.add, dimensions=(1,))
    totals = totals + (totals == 0).astype(jnp.float32)
    return lax.div(m, lax.broadcast_in_dim(totals, m.shape, (0,)))


# %% wrong: sum before the conversion to float32 | int32 row sums overflow, as in [2e9, 2e9]
def normalise_rows(m: Num[Array, "rows cols"]) -> Float32[Array, "rows cols"]:
    m = jnp.asarray(m)
    total = m.sum(axis=1, keepdims=True)
    return (m / jnp.where(total == 0, 1, total)).astype(jnp.float32)


# %% wrong: unsigned totals for counts | three or more large int32 counts still overflow uint32
def normalise_rows(m: Num[Array, "rows cols"]) -> Float32[Array, "rows cols"]:
    m = jnp.asarray(m)
    wide = jnp.uint32 if jnp.issubdtype(m.dtype, jnp.integer) else m.dtype
    total = m.sum(axis=1, keepdims=True, dtype=wide)
    total = jnp.where(total == 0, 1, total)
    return m.astype(jnp.float32) / total.astype(jnp.float32)


# %% wrong: small epsilon in the denominator | a row of weights of 1e-6 sums to 0.99, not to one
def normalise_rows(m: Num[Array, "rows cols"]) -> Float32[Array, "rows cols"]:
    m = jnp.asarray(m, jnp.float32)
    return m / (m.sum(axis=1, keepdims=True) + 1e-8)


# %% wrong: in-place division after astype without a copy | the caller's float32 NumPy matrix is overwritten
def normalise_rows(m: Num[Array, "rows cols"]) -> Float32[Array, "rows cols"]:
    m = m.astype(np.float32, copy=False)
    total = m.sum(axis=1, keepdims=True)
    m /= total + (total == 0)
    return jnp.asarray(m)


# %% wrong: stacks the rows of a comprehension | a matrix without rows raises, as there is nothing to stack
def normalise_rows(m: Num[Array, "rows cols"]) -> Float32[Array, "rows cols"]:
    m = jnp.asarray(m, jnp.float32)
    rows = []
    for row in m:
        total = row.sum()
        rows.append(row / jnp.where(total > 0, total, 1.0))
    return jnp.stack(rows)


# %% wrong: row sums as differences of one running sum | a row of small weights after one of large weights loses its sum
def normalise_rows(m: Num[Array, "rows cols"]) -> Float32[Array, "rows cols"]:
    m = jnp.asarray(m, jnp.float32)
    running = jnp.cumsum(m.ravel())[m.shape[1] - 1 :: m.shape[1]]
    total = jnp.diff(running, prepend=0.0)[:, None]
    return m / jnp.where(total == 0, 1, total)


# %% wrong: last column made the remainder to one | a small last share becomes rounding noise, such as 6e-8 or 0 in place of 1e-9
def normalise_rows(m: Num[Array, "rows cols"]) -> Float32[Array, "rows cols"]:
    m = jnp.asarray(m, jnp.float32)
    total = m.sum(axis=1, keepdims=True)
    shares = m / jnp.where(total == 0, 1, total)
    # so that each row sums to exactly one
    rest = 1 - shares[:, :-1].sum(axis=1)
    return shares.at[:, -1].set(jnp.where(total[:, 0] == 0, 0, rest))


# %% wrong: squeezes the result | a matrix with one row or one column loses an axis
def normalise_rows(m: Num[Array, "rows cols"]) -> Float32[Array, "rows cols"]:
    m = jnp.asarray(m, jnp.float32)
    total = m.sum(axis=1)
    total = jnp.where(total == 0, 1, total)
    return jnp.squeeze(m / total[:, None])
