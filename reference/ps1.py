"""Solutions of problem set 1: the NumPy you know, immutable."""

# inplace_error breaks the rule on purpose.
# pyright: reportIndexIssue=false

from collections.abc import Sequence

import jax
import jax.numpy as jnp
from jaxtyping import Array, Float, Float32, Float64, Int, Int32, Num

# %% summary


def summary(a: Float[Array, "n"]) -> tuple[Float32[Array, ""], Float32[Array, ""]]:
    """Return the sum of `a` and the dot product of `a` with itself."""
    a = jnp.asarray(a)
    return jnp.sum(a), jnp.dot(a, a)


# %% rms


def rms(x: Num[Array, "..."]) -> Float32[Array, ""]:
    """Return the square root of the mean of the squares of all entries of `x`."""
    return jnp.sqrt(jnp.mean(jnp.asarray(x, jnp.float32) ** 2))


# %% inplace_error


def inplace_error(x: Sequence[float] | Array) -> tuple[str, str]:
    """Return the name of the exception that `x[0] = 1` raises, and the advice in its message."""
    try:
        x[0] = 1
    except Exception as error:
        _, instead, advice = str(error).partition("Instead")
        return type(error).__name__, instead + advice
    return "", ""


# %% replace_entry


def replace_entry(x: Num[Array, "n"], i: int, value: float) -> Num[Array, "n"]:
    """Return a copy of `x` with `value` at index `i`."""
    return jnp.asarray(x).at[i].set(value)


# %% add_to_slice


def add_to_slice(x: Num[Array, "n"], start: int, stop: int, value: float) -> Num[Array, "n"]:
    """Return a copy of `x` with `value` added to the entries from `start` up to `stop`."""
    return jnp.asarray(x).at[start:stop].add(value)


# %% scale_entries


def scale_entries(
    x: Float32[Array, "n"], idx: Int[Array, "k"], factor: float
) -> Float32[Array, "n"]:
    """Return a copy of `x`, multiplied by `factor` once for each index in `idx`."""
    return jnp.asarray(x).at[idx].multiply(factor)


# %% count_events


def count_events(idx: Int[Array, "events"], n: int) -> Int32[Array, "n"]:
    """Return how often each of the numbers 0, 1, ..., n - 1 occurs in `idx`."""
    # `.at` compares indices with the length in their own dtype, which may not hold the length.
    return jnp.zeros(n, jnp.int32).at[jnp.asarray(idx, jnp.int32)].add(1)


# %% safe_set


def safe_set(x: Num[Array, "n"], i: int, value: float) -> Num[Array, "n"]:
    """Return a copy of `x` with `value` at index `i`, or an unchanged one unless 0 <= i < n."""
    x = jnp.asarray(x)
    # An index beyond the end is dropped; a negative one is sent there.
    return x.at[jnp.where(i < 0, len(x), i)].set(value)


# %% precise_sum


def precise_sum(x: Float32[Array, "n"]) -> Float64[Array, ""]:
    """Return the sum of `x`, added up in 64 bits."""
    with jax.enable_x64(True):
        return jnp.sum(jnp.asarray(x), dtype=jnp.float64)


# %% next_row


def next_row(rule: int, row: Int32[Array, "n"]) -> Int32[Array, "n"]:
    """Return the row that follows `row` by the rule with this number."""
    row = jnp.asarray(row)
    numbers = 4 * jnp.roll(row, 1) + 2 * row + jnp.roll(row, -1)
    return (rule >> numbers) & 1
