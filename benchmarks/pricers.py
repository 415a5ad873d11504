"""The option pricer of problem set 6 in several styles; all return the price's estimate.

Log price s and log volatility h of a path, standard normal xi and eta:

    s += mu + exp(h) xi;  h = rho h + nu eta      for n_steps steps
    price = beta^n_steps mean(max(exp(s) - K, 0))
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax, random

# With nu = 0 and rho = 1 the price has a closed form (see problem set 6): a check of each style.
PARAMS = {
    "mu": 1e-4,
    "rho": 1.0,
    "nu": 0.0,
    "S0": 10.0,
    "h0": math.log(0.05),
    "K": 10.0,
    "beta": 0.99,
}
N_STEPS = 20


def numpy_vectorised(seed: int, params: dict, n_steps: int, n_paths: int, dtype: Any) -> float:
    """All paths at once, one array operation after the other."""
    rng = np.random.default_rng(seed)
    s = np.full(n_paths, np.log(params["S0"]), dtype)
    h = np.full(n_paths, params["h0"], dtype)
    mu, rho, nu = (dtype(params[name]) for name in ("mu", "rho", "nu"))
    for _ in range(n_steps):
        s = s + mu + np.exp(h) * rng.standard_normal(n_paths, dtype=dtype)
        h = rho * h + nu * rng.standard_normal(n_paths, dtype=dtype)
    return _discounted(np.maximum(np.exp(s) - dtype(params["K"]), 0).mean(), params, n_steps)


def numpy_loop(seed: int, params: dict, n_steps: int, n_paths: int, dtype: Any) -> float:
    """Path by path, step by step."""
    rng = np.random.default_rng(seed)
    mu, rho, nu, s0, h0, strike = _scalars(params, dtype)
    total = 0.0
    for _ in range(n_paths):
        s, h = np.log(s0), h0
        for _ in range(n_steps):
            s = s + mu + np.exp(h) * rng.standard_normal(dtype=dtype)
            h = rho * h + nu * rng.standard_normal(dtype=dtype)
        total += max(np.exp(s) - strike, 0)
    return _discounted(total / n_paths, params, n_steps)


def numba_parallel(dtype: Any) -> Callable[..., float]:
    """The path loop compiled by Numba, the paths spread over its threads; needs `numba`."""
    import numba  # pyright: ignore[reportMissingImports]

    # Two names for the loops' indices: Numba refuses one for both.
    def mean_payoff(mu, rho, nu, s0, h0, strike, n_steps, n_paths):
        total = 0.0
        for _path in numba.prange(n_paths):
            s, h = math.log(s0), h0
            for _step in range(n_steps):
                # Numba draws in double precision, whatever the dtype.
                s = s + mu + math.exp(h) * dtype(np.random.standard_normal())
                h = rho * h + nu * dtype(np.random.standard_normal())
            total += max(math.exp(s) - strike, 0.0)
        return total / n_paths

    compiled = numba.njit(parallel=True, fastmath=True)(mean_payoff)

    def price(seed: int, params: dict, n_steps: int, n_paths: int, _dtype: Any) -> float:
        values = _scalars(params, dtype)
        mean = compiled(*values, n_steps, n_paths)  # pyright: ignore[reportCallIssue]
        return _discounted(mean, params, n_steps)

    return price


def _scalars(params: dict, dtype: Any) -> list[Any]:
    return [dtype(params[name]) for name in ("mu", "rho", "nu", "S0", "h0", "K")]


@partial(jax.jit, static_argnames=("n_steps", "n_paths", "dtype"))
def jax_clear(key: jax.Array, params: dict, n_steps: int, n_paths: int, dtype: Any) -> jax.Array:
    """As a student writes it: whole arrays, a key for each step and kind of shock."""

    def step(t, state):
        s, h = state
        price_key, volatility_key = random.split(random.fold_in(key, t))
        xi = random.normal(price_key, (n_paths,), dtype)
        eta = random.normal(volatility_key, (n_paths,), dtype)
        return s + params["mu"] + jnp.exp(h) * xi, params["rho"] * h + params["nu"] * eta

    start = jnp.log(params["S0"]), params["h0"]
    s, _ = lax.fori_loop(0, n_steps, step, tuple(jnp.full(n_paths, v, dtype) for v in start))
    return _discounted(jnp.maximum(jnp.exp(s) - params["K"], 0).mean(), params, n_steps)


def jax_blocked(
    key: jax.Array,
    params: dict,
    n_steps: int,
    n_paths: int,
    dtype: Any,
    *,
    block: int,
    normals: str,
) -> jax.Array:
    """Blocks of paths that stay in a core's cache, the blocks spread over the CPU devices.

    `normals` is "inverse" (jax.random.normal: the inverse of the error function) or "polar"
    (Box and Muller: a pair from two uniforms, price and volatility shock of one step), or
    "quadrant" (the same with polynomials for sine and cosine).
    """
    devices = jax.devices()
    blocks = -(-n_paths // (block * len(devices)))
    keys = random.split(key, (len(devices), blocks))
    mesh = jax.make_mesh((len(devices),), ("cpu",), axis_types=(jax.sharding.AxisType.Auto,))
    spec = jax.sharding.PartitionSpec("cpu")
    sums = _blocked(n_steps, block, dtype, normals, mesh, spec)(keys, params)
    return _discounted(sums.mean() / block, params, n_steps)


@partial(jax.jit, static_argnums=(0, 1, 2, 3, 4, 5))
def _run_blocked(n_steps, block, dtype, normals, mesh, spec, keys, params):
    def block_sum(key):
        def step(t, state):
            s, h = state
            xi, eta = _PAIRS[normals](random.fold_in(key, t), block, dtype)
            return s + params["mu"] + jnp.exp(h) * xi, params["rho"] * h + params["nu"] * eta

        start = jnp.log(params["S0"]), params["h0"]
        s, _ = lax.fori_loop(0, n_steps, step, tuple(jnp.full(block, v, dtype) for v in start))
        return jnp.maximum(jnp.exp(s) - params["K"], 0).sum()

    def of_device(keys):
        return lax.map(block_sum, keys[0])[None]

    return jax.shard_map(of_device, mesh=mesh, in_specs=spec, out_specs=spec, check_vma=False)(keys)


def _blocked(*static: Any) -> Callable:
    return partial(_run_blocked, *static)


def _inverse(key: jax.Array, n: int, dtype: Any) -> tuple[jax.Array, jax.Array]:
    both = random.normal(key, (2, n), dtype)
    return both[0], both[1]


def _polar(key: jax.Array, n: int, dtype: Any) -> tuple[jax.Array, jax.Array]:
    u, v = random.uniform(key, (2, n), dtype)
    radius = jnp.sqrt(-2 * jnp.log1p(-u))
    return radius * jnp.cos(2 * math.pi * v), radius * jnp.sin(2 * math.pi * v)


def _quadrant(key: jax.Array, n: int, dtype: Any) -> tuple[jax.Array, jax.Array]:
    """Box and Muller with the angle in one quadrant, by polynomials, and signs by two bits.

    With phi the angle less pi/4: sin, cos = (cos phi +- sin phi) / sqrt 2, and the Taylor
    polynomials are right to 4e-7 for |phi| < pi/4. Float32 only.
    """
    bits = random.bits(key, (2, n), jnp.uint32)
    u, v = (bits >> 8).astype(jnp.float32) * jnp.float32(2**-24)
    radius = jnp.sqrt(-jnp.log1p(-u))  # 2 / sqrt(2)^2 under the root
    phi = jnp.float32(math.pi / 2) * (v - jnp.float32(0.5))
    square = phi * phi
    sine = phi * (1 + square * (-1 / 6 + square * (1 / 120 - square / 5040)))
    cosine = 1 + square * (-1 / 2 + square * (1 / 24 + square * (-1 / 720 + square / 40320)))
    signs = 1 - 2 * jnp.stack([bits[1] & 1, (bits[1] >> 1) & 1]).astype(jnp.float32)
    return signs[0] * radius * (cosine - sine), signs[1] * radius * (cosine + sine)


_PAIRS = {"inverse": _inverse, "polar": _polar, "quadrant": _quadrant}


def _discounted(mean: Any, params: dict, n_steps: int) -> Any:
    return params["beta"] ** n_steps * mean


def closed_form(params: dict, n_steps: int) -> float:
    """The price for nu = 0 and rho = 1: log prices are normal."""
    drift, spread = n_steps * params["mu"], math.exp(params["h0"]) * math.sqrt(n_steps)
    d2 = (math.log(params["S0"] / params["K"]) + drift) / spread
    below = lambda x: 0.5 * math.erfc(-x / math.sqrt(2))  # noqa: E731
    mean = params["S0"] * math.exp(drift + spread**2 / 2) * below(d2 + spread)
    return _discounted(mean - params["K"] * below(d2), params, n_steps)


def fastest(dtype: Any) -> dict[str, Any]:
    """The options of jax_blocked that pricer_study.py found fastest."""
    normals = "quadrant" if np.dtype(dtype) == np.float32 else "inverse"
    return {"block": 8192, "normals": normals}
