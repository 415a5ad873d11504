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
    m = jnp.asarray(m)
    totals = m.sum(axis=1, keepdims=True)
    return m / jnp.where(totals == 0, 1, totals)


# %% wrong: remembers the totals in a global -> is_pure
last_totals = None


def normalise_rows(m):
    global last_totals
    m = jnp.asarray(m)
    last_totals = m.sum(axis=1, keepdims=True)
    return m / jnp.where(last_totals == 0, 1, last_totals)


# %% wrong: branches on the values, which jit forbids -> is_pure
def normalise_rows(m):
    m = jnp.asarray(m)
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
