"""Solutions of problem set 2: pure functions."""

from typing import TypedDict

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax
from jaxtyping import Array, Float32, Int32, Num

# %% add_tax


def add_tax(prices: Float32[Array, "n"], tax_rate: float) -> Float32[Array, "n"]:
    """Return the prices with tax added, as a new array."""
    return jnp.asarray(prices) * (1 + tax_rate)


# %% normalise_rows


def normalise_rows(m: Num[Array, "rows cols"]) -> Float32[Array, "rows cols"]:
    """Return `m` with each row divided by its sum; rows of zeros stay zero."""
    m = jnp.asarray(m, jnp.float32)  # a sum of int32 counts may not fit int32
    totals = m.sum(axis=1, keepdims=True)
    return m / jnp.where(totals == 0, 1, totals)


# %% update_stats


class Stats(TypedDict):
    count: Int32[Array, ""]
    mean: Float32[Array, ""]
    m2: Float32[Array, ""]


def update_stats(state: Stats, x: Float32[Array, ""]) -> Stats:
    """Return the running count, mean and m2 after one more reading (Welford, 1962)."""
    old = {name: jnp.asarray(value) for name, value in state.items()}
    count = old["count"] + 1
    distance = x - old["mean"]
    mean = old["mean"] + distance / count
    m2 = old["m2"] + distance * (x - mean)
    return {"count": count, "mean": mean, "m2": m2}


# %% deposit


def deposit(account: dict, amount: float) -> dict:
    """Return the account after the deposit."""
    balance = account["balance"]
    return {**account, "balance": {**balance, "value": balance["value"] + amount}}


# %% affine


class Params(TypedDict):
    weights: Float32[Array, "features outputs"]
    bias: Float32[Array, "outputs"]


def affine(params: Params, x: Float32[Array, "batch features"]) -> Float32[Array, "batch outputs"]:
    """Return `x @ weights + bias` for the weights and the bias in `params`."""
    return jnp.asarray(x) @ params["weights"] + params["bias"]


# %% append_reading


def append_reading(x: float, history: tuple[float, ...] | list[float] = ()) -> tuple[float, ...]:
    """Return the history with the reading `x` at its end."""
    return (*history, x)


# %% ema


@jax.jit
def ema(x: Num[Array, "n"], alpha: float) -> Float32[Array, "n"]:
    """Return the exponential moving average of `x`, starting at its first reading."""
    x = jnp.asarray(x, jnp.float32)

    def step(level, reading):
        level = alpha * reading + (1 - alpha) * level
        return level, level

    _, levels = lax.scan(step, x[0], x)
    return levels


# %% ema: numpy baseline


def ema_numpy(x, alpha):
    """The same average by a loop over a NumPy array: the recurrence has no NumPy function."""
    levels = np.empty(len(x), np.float32)
    level = x[0]
    for i, reading in enumerate(x):
        level = level + alpha * (reading - level)
        levels[i] = level
    return levels


# %% savings


def savings(deposits: Float32[Array, "years"], rate: float) -> Float32[Array, "years"]:
    """Return the balance at the end of each year, with interest on that of the year before."""
    deposits = jnp.asarray(deposits)

    def next_year(balance, deposit):
        balance = balance * (1 + rate) + deposit
        return balance, balance

    _, balances = lax.scan(next_year, jnp.float32(0), deposits)
    return balances


# %% standardise


@jax.jit
def scale(x, mean, deviation):
    return (x - mean) / deviation


def standardise(
    train: Float32[Array, "rows cols"], x: Float32[Array, "others cols"]
) -> Float32[Array, "others cols"]:
    """Return `x` with each column less its mean in `train`, over its deviation in `train`."""
    train = jnp.asarray(train)
    return scale(x, jnp.mean(train, axis=0), jnp.std(train, axis=0))


# %% ant_step


class Ant(TypedDict):
    board: Int32[Array, "rows columns"]
    row: Int32[Array, ""]
    column: Int32[Array, ""]
    heading: Int32[Array, ""]


def ant_step(state: Ant) -> Ant:
    """Return board and ant after one step."""
    board, row, column = (jnp.asarray(state[name]) for name in ("board", "row", "column"))
    colour = board[row, column]
    heading = (state["heading"] + 1 + 2 * colour) % 4
    down, right = jnp.array([-1, 0, 1, 0])[heading], jnp.array([0, 1, 0, -1])[heading]
    return {
        "board": board.at[row, column].set(1 - colour),
        "row": (row + down) % board.shape[0],
        "column": (column + right) % board.shape[1],
        "heading": heading,
    }
