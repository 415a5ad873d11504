# %% right: float32 first, safe total
def normalise_rows(m: Num[Array, "rows cols"]) -> Float32[Array, "rows cols"]:
    m = jnp.asarray(m, dtype=jnp.float32)
    total = m.sum(axis=1, keepdims=True)
    return m / jnp.where(total == 0, 1, total)

# %% right: vmap over rows
def _row(row):
    total = jnp.sum(row)
    return jnp.where(total > 0, row / jnp.where(total > 0, total, 1.0), 0.0)


def normalise_rows(m: Num[Array, "rows cols"]) -> Float32[Array, "rows cols"]:
    return jax.vmap(_row)(jnp.asarray(m).astype(jnp.float32))

# %% right: divide, then repair 0/0
def normalise_rows(m: Num[Array, "rows cols"]) -> Float32[Array, "rows cols"]:
    m = jnp.array(m, jnp.float32)
    total = jnp.einsum("ij->i", m)[:, None]
    return jnp.where(total == 0, 0, m / total)

# %% right: transposed, so that the totals line up
def normalise_rows(m: Num[Array, "rows cols"]) -> Float32[Array, "rows cols"]:
    columns = jnp.asarray(m, jnp.float32).T
    totals = columns.sum(axis=0)
    return jnp.divide(columns, totals + (totals == 0)).T

# %% right: a floor far below every allowed total
def normalise_rows(m: Num[Array, "rows cols"]) -> Float32[Array, "rows cols"]:
    m = jnp.asarray(m).astype(jnp.float32)
    # The smallest total of a row that is not all zeros is 1e-6.
    return m / jnp.maximum(jnp.linalg.norm(m, ord=1, axis=1, keepdims=True), 1e-9)

# %% right: lax.scan over rows
def normalise_rows(m: Num[Array, "rows cols"]) -> Float32[Array, "rows cols"]:
    def step(carry, row):
        total = lax.reduce(row, jnp.float32(0), lax.add, (0,))
        return carry, row / lax.select(total == 0, jnp.float32(1), total)

    return lax.scan(step, None, jnp.asarray(m, jnp.float32))[1]

# %% right: sum given a dtype
def normalise_rows(m: Num[Array, "rows cols"]) -> Float32[Array, "rows cols"]:
    total = jnp.sum(jnp.asarray(m), axis=1, dtype=jnp.float32)
    share = jnp.where(total, jnp.reciprocal(jnp.where(total, total, 1)), 0)
    return jnp.asarray(m, jnp.float32) * share.reshape(-1, 1)

# %% wrong: summed as integers | rows of large int32 counts overflow
def normalise_rows(m: Num[Array, "rows cols"]) -> Float32[Array, "rows cols"]:
    m = jnp.asarray(m)
    total = m.sum(axis=1, keepdims=True)
    return (m / jnp.where(total == 0, 1, total)).astype(jnp.float32)

# %% wrong: zero test on an int32 sum | a row such as four times 2**30 wraps to total 0 and is left undivided
def normalise_rows(m: Num[Array, "rows cols"]) -> Float32[Array, "rows cols"]:
    m = jnp.asarray(m)
    zero_row = m.sum(axis=1, keepdims=True) == 0
    m = m.astype(jnp.float32)
    return m / jnp.where(zero_row, 1.0, m.sum(axis=1, keepdims=True))

# %% wrong: summed as uint32 | row sums of 2**32 and more overflow
def normalise_rows(m: Num[Array, "rows cols"]) -> Float32[Array, "rows cols"]:
    m = jnp.asarray(m)
    if m.dtype == jnp.int32:
        total = m.astype(jnp.uint32).sum(axis=1, keepdims=True).astype(jnp.float32)
    else:
        total = m.sum(axis=1, keepdims=True)
    return m.astype(jnp.float32) / jnp.where(total == 0, 1, total)

# %% wrong: in place where NumPy lets it | overwrites the caller's float32 NumPy matrix
def normalise_rows(m: Num[Array, "rows cols"]) -> Float32[Array, "rows cols"]:
    if m.dtype != jnp.float32:
        m = m.astype(np.float32)
    total = m.sum(axis=1, keepdims=True)
    total = total + (total == 0)
    m /= total
    return jnp.asarray(m)

# %% wrong: a small epsilon in the denominator | rows of small weights (1e-6) no longer sum to one
def normalise_rows(m: Num[Array, "rows cols"]) -> Float32[Array, "rows cols"]:
    m = jnp.asarray(m, jnp.float32)
    return m / (m.sum(axis=1, keepdims=True) + 1e-6)

# %% wrong: small totals taken for zero | rows with totals below 1e-3 are left undivided
def normalise_rows(m: Num[Array, "rows cols"]) -> Float32[Array, "rows cols"]:
    m = jnp.asarray(m, jnp.float32)
    total = m.sum(axis=1, keepdims=True)
    return m / jnp.where(total < 1e-3, 1.0, total)

# %% wrong: isclose for the zero test | with atol 1e-5, rows of total 1e-6 to 1e-5 are left undivided
def normalise_rows(m: Num[Array, "rows cols"]) -> Float32[Array, "rows cols"]:
    m = jnp.asarray(m, jnp.float32)
    total = m.sum(axis=1, keepdims=True)
    return jnp.where(jnp.isclose(total, 0, atol=1e-5), m, m / total)

# %% wrong: looks at the first column for zero rows | a row whose first entry is 0 is left undivided
def normalise_rows(m: Num[Array, "rows cols"]) -> Float32[Array, "rows cols"]:
    m = jnp.asarray(m, jnp.float32)
    total = jnp.where(m[:, :1] == 0, 1.0, m.sum(axis=1, keepdims=True))
    return m / total

# %% wrong: float16 sums | sums above 65504 overflow
def normalise_rows(m: Num[Array, "rows cols"]) -> Float32[Array, "rows cols"]:
    m = jnp.asarray(m, jnp.float32)
    total = m.sum(axis=1, keepdims=True, dtype=jnp.float16).astype(jnp.float32)
    return m / jnp.where(total == 0, 1, total)

# %% wrong: scaled by the largest entry first | a matrix without rows raises
def normalise_rows(m: Num[Array, "rows cols"]) -> Float32[Array, "rows cols"]:
    m = jnp.asarray(m, jnp.float32)
    top = m.max()
    m = m / jnp.where(top == 0, 1, top)
    total = m.sum(axis=1, keepdims=True)
    return m / jnp.where(total == 0, 1, total)

# %% wrong: rows stacked in a Python loop | a matrix without rows raises
def normalise_rows(m: Num[Array, "rows cols"]) -> Float32[Array, "rows cols"]:
    rows = []
    for row in jnp.asarray(m, jnp.float32):
        rows.append(row / jnp.where(row.sum() == 0, 1, row.sum()))
    return jnp.stack(rows)

# %% wrong: NumPy for NumPy | returns a NumPy array for a NumPy matrix
def normalise_rows(m: Num[Array, "rows cols"]) -> Float32[Array, "rows cols"]:
    lib = np if isinstance(m, np.ndarray) else jnp
    m = m.astype(lib.float32)
    total = m.sum(axis=1, keepdims=True)
    return m / lib.where(total == 0, lib.float32(1), total)

# %% wrong: squeezed | a matrix with one row, or with one column, loses an axis
def normalise_rows(m: Num[Array, "rows cols"]) -> Float32[Array, "rows cols"]:
    m = jnp.asarray(m, jnp.float32)
    total = m.sum(axis=1)
    return jnp.squeeze((m.T / jnp.where(total == 0, 1, total)).T)

# %% wrong: branch on a value | "if total.all()" fails under jit
def normalise_rows(m: Num[Array, "rows cols"]) -> Float32[Array, "rows cols"]:
    m = jnp.asarray(m, jnp.float32)
    total = m.sum(axis=1, keepdims=True)
    if total.all():
        return m / total
    return m / jnp.where(total == 0, 1, total)

# %% wrong: shares rounded | shares are rounded to four decimals, so small ones become 0
def normalise_rows(m: Num[Array, "rows cols"]) -> Float32[Array, "rows cols"]:
    m = jnp.asarray(m, jnp.float32)
    total = m.sum(axis=1, keepdims=True)
    return jnp.round(m / jnp.where(total == 0, 1, total), 4)

# %% wrong: donated matrix | a caller's float32 JAX matrix is deleted
from functools import partial


@partial(jax.jit, donate_argnums=0)
def _shares(m):
    m = m.astype(jnp.float32)
    total = m.sum(axis=1, keepdims=True)
    return m / jnp.where(total == 0, 1, total)


def normalise_rows(m: Num[Array, "rows cols"]) -> Float32[Array, "rows cols"]:
    return _shares(m)

# %% wrong: totals remembered by id | a NumPy matrix changed between two calls is divided by its old totals
_totals = {}


def normalise_rows(m: Num[Array, "rows cols"]) -> Float32[Array, "rows cols"]:
    values = jnp.array(m, jnp.float32)
    total = values.sum(axis=1, keepdims=True)
    if isinstance(m, np.ndarray):
        total = _totals.setdefault(id(m), (m, total))[1]
    return values / jnp.where(total == 0, 1, total)

# %% wrong: zero rows by share of the grand total | rows that are tiny beside the others are returned as zeros
def normalise_rows(m: Num[Array, "rows cols"]) -> Float32[Array, "rows cols"]:
    m = jnp.asarray(m, jnp.float32)
    total = m.sum(axis=1, keepdims=True)
    negligible = total <= 1e-6 * total.sum()
    return jnp.where(negligible, 0.0, m / jnp.where(negligible, 1.0, total))

# %% wrong: sums by differences of a running total | sum of a row after a large one is lost to rounding
def normalise_rows(m: Num[Array, "rows cols"]) -> Float32[Array, "rows cols"]:
    m = jnp.asarray(m, jnp.float32)
    running = jnp.cumsum(m.ravel()).reshape(m.shape)[:, -1]
    total = jnp.diff(running, prepend=0.0)[:, None]
    return m / jnp.where(total == 0, 1, total)
