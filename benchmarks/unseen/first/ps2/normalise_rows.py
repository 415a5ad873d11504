# %% right: where before dividing
def normalise_rows(m):
    m = jnp.asarray(m, jnp.float32)
    total = m.sum(axis=1, keepdims=True)
    return m / jnp.where(total == 0, 1, total)

# %% right: a floor below every positive total
def normalise_rows(m):
    m = jnp.asarray(m).astype(jnp.float32)
    return m / jnp.maximum(jnp.sum(m, axis=-1, keepdims=True), 1e-30)

# %% right: vmap of a row function with cond
def _row(r):
    s = r.sum()
    return lax.cond(s > 0, lambda v: v / s, jnp.zeros_like, r)
def normalise_rows(m):
    return jax.vmap(_row)(jnp.float32(m))

# %% right: 0/0 replaced afterwards
def normalise_rows(m):
    w = jnp.asarray(m, dtype="float32")
    return jnp.nan_to_num(w / jnp.sum(w, 1)[:, None])

# %% right: totals by a matrix product with ones
def normalise_rows(m):
    a = jnp.array(m, jnp.float32)
    t = a @ jnp.ones((a.shape[1], 1), jnp.float32)
    return a / (t + (t == 0))

# %% right: einsum with reciprocals
@jax.jit
def normalise_rows(m):
    a = lax.convert_element_type(m, jnp.float32)
    t = jnp.einsum("ij->i", a)
    inv = jnp.where(t > 0, 1 / jnp.where(t > 0, t, 1), 0)
    return jnp.einsum("ij,i->ij", a, inv)

# %% right: lax.map over rows
def normalise_rows(m):
    m = jnp.asarray(m, jnp.float32)
    return lax.map(lambda r: jnp.where(r.sum() > 0, r / jnp.maximum(r.sum(), 1e-6), 0.0), m)

# %% right: 64 bits inside
def normalise_rows(m):
    with jax.enable_x64(True):
        a = jnp.asarray(m).astype(jnp.float64)
        t = a.sum(axis=1, keepdims=True)
        return jnp.where(t == 0, 0.0, a / jnp.where(t == 0, 1.0, t)).astype(jnp.float32)

# %% right: first by the largest entry, then by the sum
def _safe(t):
    return jnp.where(t == 0, jnp.ones_like(t), t)
def normalise_rows(m):
    a = jnp.asarray(m, jnp.float32)
    b = a / _safe(a.max(axis=1, keepdims=True))
    return b / _safe(b.sum(axis=1, keepdims=True))

# %% right: transposed, so that the totals broadcast by themselves
def normalise_rows(m):
    columns = jnp.asarray(m, jnp.float32).T
    totals = sum_or_one(columns)
    return (columns / totals).T
def sum_or_one(columns):
    t = columns.sum(0)
    return lax.select(t == 0, jnp.ones_like(t), t)

# %% right: one-norm of the rows, lax.div
def normalise_rows(m):
    a = jnp.asarray(m, jnp.float32)
    t = jnp.linalg.norm(a, ord=1, axis=1, keepdims=True)
    t = jnp.where(t, t, 1.0)
    return lax.div(a, jnp.broadcast_to(t, a.shape))

# %% right: scan over rows
def normalise_rows(m):
    def step(carry, row):
        row = row.astype(jnp.float32)
        s = jnp.sum(row)
        return carry, row / jnp.where(s != 0, s, 1)
    return lax.scan(step, None, jnp.asarray(m))[1]

# %% wrong: totals in int32 | "may have a sum that does not fit into int32"
def normalise_rows(m):
    m = jnp.asarray(m)
    total = m.sum(axis=1, keepdims=True)
    return (m / jnp.where(total == 0, 1, total)).astype(jnp.float32)

# %% wrong: an epsilon in the denominator | entries of 1e-6: one percent off
def normalise_rows(m):
    m = jnp.asarray(m, jnp.float32)
    return m / (m.sum(axis=1, keepdims=True) + 1e-8)

# %% wrong: totals below 1 replaced by 1 | "each row of the result sums to one"
def normalise_rows(m):
    m = jnp.asarray(m, jnp.float32)
    return m / jnp.maximum(m.sum(axis=1, keepdims=True), 1)

# %% wrong: half precision | entries "between 1e-6 and 1e10"
def normalise_rows(m):
    m = jnp.asarray(m, jnp.float16)
    total = m.sum(axis=1, keepdims=True)
    return (m / jnp.where(total == 0, 1, total)).astype(jnp.float32)

# %% wrong: stack of rows fails without rows | "it may have no rows"
def normalise_rows(m):
    m = jnp.asarray(m, jnp.float32)
    return jnp.stack([r / jnp.where(r.sum() == 0, 1, r.sum()) for r in m])

# %% wrong: a row that begins with 0 taken for a row of zeros | "A row of zeros stays"
def normalise_rows(m):
    m = jnp.asarray(m, jnp.float32)
    total = m.sum(axis=1, keepdims=True)
    return jnp.where(m[:, :1] == 0, 0, m / jnp.where(total == 0, 1, total))

# %% wrong: rows with a small total are set to zero | entries from 1e-6 count
def normalise_rows(m):
    m = jnp.asarray(m, jnp.float32)
    total = m.sum(axis=1, keepdims=True)
    return jnp.where(total < 1e-3, 0, m / jnp.maximum(total, 1e-3))

# %% wrong: last column as 1 minus the others, small or negative junk | "every row ... divided by the sum"
def normalise_rows(m):
    m = jnp.asarray(m, jnp.float32)
    total = m.sum(axis=1, keepdims=True)
    p = m / jnp.where(total == 0, 1, total)
    rest = 1 - p[:, :-1].sum(axis=1)
    return p.at[:, -1].set(jnp.where(total[:, 0] == 0, 0, rest))

# %% wrong: rounded to six decimals | small shares vanish
def normalise_rows(m):
    m = jnp.asarray(m, jnp.float32)
    total = m.sum(axis=1, keepdims=True)
    return jnp.round(m / jnp.where(total == 0, 1, total), 6)

# %% wrong: everything taken for int32 counts | weights below 1 are cut to 0, 1e10 overflows
def normalise_rows(m):
    m = jnp.asarray(m).astype(jnp.int32).astype(jnp.float32)
    total = m.sum(axis=1, keepdims=True)
    return m / jnp.where(total == 0, 1, total)

# %% wrong: squeeze takes away axes of length 1 | a result of shape "rows cols"
def normalise_rows(m):
    m = jnp.asarray(m, jnp.float32)
    total = jnp.sum(m, axis=1)
    return jnp.squeeze(m / jnp.where(total == 0, 1, total)[:, None])

# %% wrong: changes the caller's float32 NumPy matrix | "The caller's matrix must not change."
def normalise_rows(m):
    m = m.astype(np.float32, copy=False)
    total = m.sum(axis=1, keepdims=True)
    m /= jnp.where(total == 0, 1, total) if isinstance(m, jax.Array) else np.where(total == 0, 1, total)
    return jnp.array(m)

# %% wrong: NumPy's int32 mean is fine, but the total is rebuilt in int32 from it | sum does not fit into int32
def normalise_rows(m):
    m = jnp.asarray(m)
    total = jnp.round(m.astype(jnp.float32).mean(axis=1, keepdims=True) * m.shape[1]).astype(jnp.int32)
    return m.astype(jnp.float32) / jnp.where(total == 0, 1, total)
