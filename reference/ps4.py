"""Solutions of problem set 4: jit and honest timing."""

import time
from collections.abc import Callable
from functools import partial
from statistics import median
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax
from jaxtyping import Array, Complex64, Float, Float32, Int32, Num

# %% time_call


def time_call(
    fn: Callable[..., Any],
    args: tuple = (),
    repeats: int = 5,
    clock: Callable[[], float] = time.perf_counter,
) -> float:
    """Return the median of the seconds that `repeats` calls of `fn(*args)` take."""
    jax.block_until_ready(fn(*args))
    seconds = []
    for _ in range(repeats):
        start = clock()
        jax.block_until_ready(fn(*args))
        seconds.append(clock() - start)
    return median(seconds)


# %% count_ops


def count_ops(fn: Callable[[Array], Array], x: Array) -> int:
    """Return the number of equations in the jaxpr of `fn` at `x`, nested ones included."""
    return equations_in(jax.make_jaxpr(fn)(x))


def equations_in(jaxpr: Any) -> int:
    """The equations of a jaxpr and of all that its equations hold."""
    total = 0
    for equation in jaxpr.eqns:
        total += 1
        for parameter in equation.params.values():
            held = parameter if isinstance(parameter, tuple | list) else (parameter,)
            total += sum(equations_in(inner) for inner in held if hasattr(inner, "eqns"))
    return total


# %% compile_counts


def compile_counts(fn: Callable[[Any], Any], inputs: list) -> list[int]:
    """Return for each input how often a fresh `jax.jit` of `fn` traced when called with it."""
    traces = 0

    def counted(x):
        nonlocal traces
        traces += 1
        return fn(x)

    compiled = jax.jit(counted)
    counts = []
    for x in inputs:
        before = traces
        compiled(x)
        counts.append(traces - before)
    return counts


# %% shifted


@jax.jit
def shifted(a: Num[Array, ""] | float, x: Num[Array, "n"]) -> Num[Array, "n"]:
    """Return `a + x`, for the `a` that is given."""
    return a + x


# %% f_fused


@jax.jit
def f_fused(x: Float[Array, "n"]) -> Float[Array, "n"]:
    """Return cos(2 x^2) + sqrt|x| + 2 sin(x^4) - x^2, in the dtype of `x`."""
    return jnp.cos(2 * x**2) + jnp.sqrt(jnp.abs(x)) + 2 * jnp.sin(x**4) - x**2


# %% f_fused: numpy baseline


def f_fused_numpy(x):
    """The same expression, one operation and one array after the other."""
    return np.cos(2 * x**2) + np.sqrt(np.abs(x)) + 2 * np.sin(x**4) - x**2


# %% horner_fused


@jax.jit
def horner_fused(x: Float32[Array, "n"]) -> Float32[Array, ""]:
    """Return the mean of sqrt(p(x)) / (1 + x^2) for the polynomial p of `COEFFICIENTS`."""
    p = jnp.zeros_like(x)
    for c in COEFFICIENTS:
        p = p * x + c
    return jnp.mean(jnp.sqrt(p) / (1 + x * x))


# %% horner_fused: numpy baseline

COEFFICIENTS = tuple(1 / k for k in range(33, 0, -1))


def horner_fused_numpy(x):
    """The same chain, one operation and one array after the other."""
    p = np.zeros_like(x)
    for c in COEFFICIENTS:
        p = p * x + c
    return np.mean(np.sqrt(p) / (1 + x * x))


# %% speedup_by_size


def speedup_by_size(
    slow: Callable[..., Any],
    fast: Callable[..., Any],
    make_args: Callable[[int], tuple],
    sizes: list[int],
    clock: Callable[[], float] = time.perf_counter,
) -> list[tuple[int, float, float, float]]:
    """Return a row (size, seconds of slow, seconds of fast, their ratio) for each size."""
    rows = []
    for n in sizes:
        args = make_args(n)
        slow_s, fast_s = (time_call(fn, args, 3, clock) for fn in (slow, fast))
        rows.append((n, slow_s, fast_s, slow_s / fast_s))
    return rows


# %% chain


@jax.jit
def chain(x: Float32[Array, "n k"], y: Float32[Array, "k m"]) -> Float32[Array, "n"]:
    """Return exp(s - max(s)) for the row sums s of the product of `x` and `y`."""
    s = jnp.sum(jnp.dot(x, y), axis=1)
    return jnp.exp(s - jnp.max(s))


# %% power


@partial(jax.jit, static_argnums=1)
def power(x: Num[Array, "*shape"], n: int) -> Num[Array, "*shape"]:
    """Return `x` to the power `n`, by a Python loop over the bits of `n`."""
    result = jnp.ones_like(x)
    while n > 0:
        if n % 2 == 1:
            result = result * x
        x = x * x
        n //= 2
    return result


# %% safe_log


def safe_log(x: Float32[Array, "*shape"]) -> Float32[Array, "*shape"]:
    """Return log(x) where x is positive, else 0; the derivative is 1/x, else 0."""
    positive = x > 0
    return jnp.where(positive, jnp.log(jnp.where(positive, x, 1)), 0)


# %% logistic_map


@jax.jit
def logistic_map(x0: Float32[Array, "n"], r: float, n_steps: int) -> Float32[Array, "n"]:
    """Return what `n_steps` steps x -> r x (1 - x) make of `x0`."""
    return lax.fori_loop(0, n_steps, lambda _, x: r * x * (1 - x), jnp.asarray(x0))


# %% logistic_map: numpy baseline


def logistic_map_numpy(x0, r, n_steps):
    """The same steps by a Python loop over whole arrays."""
    x = x0
    for _ in range(n_steps):
        x = r * x * (1 - x)
    return x


# %% diffuse


@jax.jit
def diffuse(u: Float32[Array, "n"], dts: Float32[Array, "steps"]) -> Float32[Array, "n"]:
    """Return the temperatures after one step for each of the `dts`."""

    def step(u, dt):
        return u + dt * (jnp.roll(u, 1) - 2 * u + jnp.roll(u, -1)), None

    return lax.scan(step, jnp.asarray(u), jnp.asarray(dts))[0]


# %% mean_measured


@jax.jit
def mean_measured(x: Float32[Array, "n"]) -> Float32[Array, ""]:
    """Return the mean of the entries that are not NaN, and 0 if there are none."""
    measured = ~jnp.isnan(x)
    total = jnp.sum(jnp.where(measured, x, 0))
    return total / jnp.maximum(jnp.sum(measured), 1)


# %% escape_times


def escape_times(c: Complex64[Array, "*shape"], limit: int) -> Int32[Array, "*shape"]:
    """Return how many of `limit` steps of z -> z**2 + c, from 0, end at most 2 from 0."""

    def step(_, state):
        z, count = state
        z = z * z + c
        return z, count + (jnp.abs(z) <= 2)

    start = jnp.zeros(jnp.shape(c), jnp.complex64), jnp.zeros(jnp.shape(c), jnp.int32)
    return lax.fori_loop(0, limit, step, start)[1]
