# %% right: where around a safe division
def normalise_rows(m):
    m = jnp.asarray(m, jnp.float32)
    totals = jnp.sum(m, axis=1, keepdims=True)
    return jnp.where(totals > 0, m / jnp.maximum(totals, 1e-12), 0.0)


# %% right: one row at a time by vmap
def normalise_row(row):
    total = row.sum()
    return lax.cond(total > 0, lambda: row / total, lambda: jnp.zeros_like(row))


def normalise_rows(m):
    return jax.vmap(normalise_row)(jnp.asarray(m, jnp.float32))


# %% right: einsum and a column of factors
def normalise_rows(m: Num[Array, "rows cols"]) -> Float32[Array, "rows cols"]:
    m = jnp.asarray(m).astype(jnp.float32)
    totals = jnp.einsum("rc->r", m)
    factors = jnp.where(totals > 0, 1 / jnp.where(totals > 0, totals, 1), 0)
    return m * factors[:, None]


# %% right: NaN repaired afterwards
@jax.jit
def normalise_rows(m):
    m = m.astype(jnp.float32)
    return jnp.nan_to_num(m / m.sum(axis=-1, keepdims=True), nan=0.0)


# %% wrong: divides the caller's NumPy array in place -> is_pure, handles_edge_cases
def normalise_rows(m):
    if isinstance(m, np.ndarray):
        totals = m.sum(axis=1, keepdims=True)
        totals[totals == 0] = 1
        m /= totals
        return jnp.asarray(m)
    totals = m.sum(axis=1, keepdims=True)
    return m / jnp.where(totals == 0, 1, totals)


# %% wrong: np.asarray taken for a copy, writable inputs divided in place -> is_pure
def normalise_rows(m):
    if isinstance(m, np.ndarray) and m.dtype == np.float32:
        own = np.asarray(m)
        totals = own.sum(axis=1, keepdims=True)
        np.divide(own, np.where(totals == 0, 1, totals), out=own)
        return jnp.asarray(own)
    m = jnp.asarray(m, jnp.float32)
    totals = m.sum(axis=1, keepdims=True)
    return m / jnp.where(totals == 0, 1, totals)


# %% wrong: remembers the totals in a global -> is_pure
last_totals = None


def normalise_rows(m):
    global last_totals
    m = jnp.asarray(m, jnp.float32)
    last_totals = m.sum(axis=1, keepdims=True)
    return m / jnp.where(last_totals == 0, 1, last_totals)


# %% wrong: branches on the values, which jit forbids -> is_pure
def normalise_rows(m):
    m = jnp.asarray(m, jnp.float32)
    totals = m.sum(axis=1, keepdims=True)
    if (totals == 0).any():
        totals = jnp.where(totals == 0, 1, totals)
    return m / totals


# %% wrong: NaN in the rows of zeros -> keeps_rows_of_zeros
def normalise_rows(m):
    m = jnp.asarray(m)
    return m / m.sum(axis=1, keepdims=True)


# %% wrong: sums over the columns' axis -> divides_by_the_row_sums
def normalise_rows(m):
    m = jnp.asarray(m)
    totals = m.sum(axis=0, keepdims=True)
    return m / jnp.where(totals == 0, 1, totals)


# %% wrong: forgets keepdims -> divides_by_the_row_sums
def normalise_rows(m):
    m = jnp.asarray(m)
    totals = m.sum(axis=1)
    return m / jnp.where(totals == 0, 1, totals)


# %% wrong: adds an epsilon to every total -> keeps_rows_of_zeros
def normalise_rows(m):
    m = jnp.asarray(m)
    return m / (m.sum(axis=1, keepdims=True) + 1e-6)


# %% wrong: divides by the euclidean norm -> divides_by_the_row_sums
def normalise_rows(m):
    m = jnp.asarray(m, jnp.float32)
    norms = jnp.linalg.norm(m, axis=1, keepdims=True)
    return m / jnp.maximum(norms, 1e-12)


# %% wrong: softmax instead of a division -> divides_by_the_row_sums
def normalise_rows(m):
    return jax.nn.softmax(jnp.asarray(m, jnp.float32), axis=1)


# %% wrong: keeps the integer dtype of counts -> handles_edge_cases
def normalise_rows(m):
    m = jnp.asarray(m)
    totals = m.sum(axis=1, keepdims=True)
    return (m / jnp.where(totals == 0, 1, totals)).astype(m.dtype)


# %% wrong: drops the rows of zeros, by NumPy -> keeps_rows_of_zeros, is_pure
def normalise_rows(m):
    m = np.asarray(m, np.float32)
    m = m[m.sum(axis=1) > 0]
    return jnp.asarray(m / m.sum(axis=1, keepdims=True))


# %% right: a quotient that may be NaN, in a notebook that stops at NaN and where NumPy raises
import jax
import numpy as np

jax.config.update("jax_debug_nans", True)
np.seterr(all="raise")


def normalise_rows(m):
    m = jnp.asarray(m, jnp.float32)
    totals = m.sum(axis=1, keepdims=True)
    return jnp.where(totals == 0, 0.0, m / totals)


# %% wrong: leaves NumPy's error state changed -> is_pure
import numpy as np


def normalise_rows(m):
    np.seterr(divide="ignore", invalid="ignore")
    m = jnp.asarray(m, jnp.float32)
    totals = m.sum(axis=1, keepdims=True)
    return jnp.where(totals == 0, 0.0, m / totals)


# %% right: a matrix product with ones
def normalise_rows(m):
    m = jnp.asarray(m, jnp.float32)
    totals = m @ jnp.ones((m.shape[1], 1), jnp.float32)
    return jnp.divide(m, totals + (totals == 0))


# %% right: sums asked for in float32
def normalise_rows(m):
    totals = jnp.sum(jnp.asarray(m), axis=1, dtype=jnp.float32)
    return (jnp.asarray(m).T / jnp.where(totals > 0, totals, 1)).T


# %% right: scaled by the largest entry of each row first
def normalise_rows(m):
    m = jnp.asarray(m, jnp.float32)
    m = m / jnp.maximum(m.max(axis=1, keepdims=True), 1e-20)
    return m / jnp.maximum(m.sum(axis=1, keepdims=True), 1e-20)


# %% wrong: small totals taken for zero -> keeps_rows_of_zeros
def normalise_rows(m):
    m = jnp.asarray(m, jnp.float32)
    totals = m.sum(axis=1, keepdims=True)
    return m / jnp.where(totals < 5e-6, 1, totals)


# %% wrong: totals up to 1e-6 taken for zero -> keeps_rows_of_zeros
def normalise_rows(m):
    m = jnp.asarray(m, jnp.float32)
    totals = m.sum(axis=1, keepdims=True)
    return jnp.where(totals > 1.5e-6, m / jnp.where(totals == 0, 1, totals), 0)


# %% wrong: isclose, whose tolerance takes small totals for zero -> keeps_rows_of_zeros
def normalise_rows(m):
    m = jnp.asarray(m, jnp.float32)
    totals = m.sum(axis=1, keepdims=True)
    return m / jnp.where(jnp.isclose(totals, 0, atol=2e-6), 1, totals)


# %% wrong: sums of int32 counts that wrap around -> handles_edge_cases
def normalise_rows(m):
    m = jnp.asarray(m)
    totals = m.sum(axis=1, keepdims=True)
    return m / jnp.where(totals == 0, 1, totals)


# %% wrong: sums in uint32, which wrap around later -> handles_edge_cases
def normalise_rows(m):
    m = jnp.asarray(m)
    if m.dtype == jnp.int32:
        m = m.astype(jnp.uint32)
    totals = m.sum(axis=1, keepdims=True)
    return (m / jnp.where(totals == 0, 1, totals)).astype(jnp.float32)


# %% wrong: float16 on the way -> divides_by_the_row_sums
def normalise_rows(m):
    m = jnp.asarray(m, jnp.float16).astype(jnp.float32)
    totals = m.sum(axis=1, keepdims=True)
    return m / jnp.where(totals == 0, 1, totals)


# %% wrong: an epsilon of 1e-9 -> keeps_rows_of_zeros
def normalise_rows(m):
    m = jnp.asarray(m, jnp.float32)
    return m / (m.sum(axis=1, keepdims=True) + 1e-9)


# %% wrong: a row is left out where its first entry is zero -> keeps_rows_of_zeros
def normalise_rows(m):
    m = jnp.asarray(m, jnp.float32)
    totals = m.sum(axis=1, keepdims=True)
    return m / jnp.where(m[:, :1] == 0, 1, totals)


# %% wrong: the product of squares overflows -> handles_edge_cases
def normalise_rows(m):
    m = jnp.asarray(m, jnp.float32)
    totals = m.sum(axis=1, keepdims=True)
    return m * totals**3 / jnp.where(totals == 0, 1, totals**4)


# %% wrong: a Python loop that wants a row -> handles_edge_cases
def normalise_rows(m):
    rows = []
    for row in jnp.asarray(m, jnp.float32):
        total = row.sum()
        rows.append(row / jnp.where(total == 0, 1, total))
    return jnp.stack(rows)


# %% wrong: divides in place, and puts the old entries back -> is_pure
def normalise_rows(m):
    if not isinstance(m, np.ndarray) or m.dtype != np.float32:
        m = jnp.asarray(m, jnp.float32)
        totals = m.sum(axis=1, keepdims=True)
        return m / jnp.where(totals == 0, 1, totals)
    old = m.copy()
    totals = m.sum(axis=1, keepdims=True)
    m /= np.where(totals == 0, 1, totals)
    new = jnp.array(m)
    m[:] = old
    return new


# %% wrong: counts in place, multiplies back -> is_pure
def normalise_rows(m):
    if not isinstance(m, np.ndarray) or m.dtype != np.float32:
        m = jnp.asarray(m, jnp.float32)
        totals = m.sum(axis=1, keepdims=True)
        return m / jnp.where(totals == 0, 1, totals)
    totals = m.sum(axis=1, keepdims=True)
    totals[totals == 0] = 1
    m /= totals
    new = jnp.array(m)
    m *= totals
    return new


# %% wrong: the last share is what the others leave -> keeps_rows_of_zeros
def normalise_rows(m):
    m = jnp.asarray(m, jnp.float32)
    total = m.sum(axis=1, keepdims=True)
    shares = m / jnp.where(total == 0, 1, total)
    rest = 1 - shares[:, :-1].sum(axis=1)
    return shares.at[:, -1].set(jnp.where(total[:, 0] == 0, 0, rest))


# %% wrong: a row of zeros told by its int32 sum -> handles_edge_cases
def normalise_rows(m):
    m = jnp.asarray(m)
    empty = m.sum(axis=1, keepdims=True) == 0
    m = m.astype(jnp.float32)
    return m / jnp.where(empty, 1.0, m.sum(axis=1, keepdims=True))


# %% wrong: sums by differences of a running total -> keeps_rows_of_zeros
def normalise_rows(m):
    m = jnp.asarray(m, jnp.float32)
    running = jnp.cumsum(m.ravel()).reshape(m.shape)[:, -1]
    total = jnp.diff(running, prepend=0.0)[:, None]
    return m / jnp.where(total == 0, 1, total)
