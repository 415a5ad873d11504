"""Solutions of problem set 6: the JAX option pricer."""

from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax, random
from jax.sharding import AxisType, NamedSharding, PartitionSpec
from jaxtyping import Array, Float32, PRNGKeyArray

# %% simulate_log_prices


@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def simulate_log_prices(
    key: PRNGKeyArray, params: dict[str, float], n_steps: int, n_paths: int
) -> Float32[Array, "n_paths"]:
    """Return the log price of each of `n_paths` independent paths after `n_steps` steps."""

    def step(t, state):
        log_price, log_volatility = state
        price_key, volatility_key = random.split(random.fold_in(key, t))
        xi = random.normal(price_key, (n_paths,), jnp.float32)
        eta = random.normal(volatility_key, (n_paths,), jnp.float32)
        return (
            log_price + params["mu"] + jnp.exp(log_volatility) * xi,
            params["rho"] * log_volatility + params["nu"] * eta,
        )

    start = jnp.log(params["S0"]), params["h0"]
    start = tuple(jnp.full(n_paths, value, jnp.float32) for value in start)
    return lax.fori_loop(0, n_steps, step, start)[0]


# %% call_price


@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def call_price(
    key: PRNGKeyArray, params: dict[str, float], n_steps: int, n_paths: int
) -> tuple[Float32[Array, ""], Float32[Array, ""]]:
    """Return the estimated price of the call and its standard error."""
    prices = jnp.exp(simulate_log_prices(key, params, n_steps, n_paths))
    payoffs = params["beta"] ** n_steps * jnp.maximum(prices - params["K"], 0)
    return payoffs.mean(), payoffs.std() / jnp.sqrt(n_paths)


# %% price_curve


def price_curve(
    key: PRNGKeyArray,
    params: dict[str, float],
    strikes: Float32[Array, "n_strikes"],
    n_steps: int,
    n_paths: int,
) -> tuple[Float32[Array, "n_strikes"], Float32[Array, "n_strikes"]]:
    """Return prices and standard errors for all strikes, estimated on the same paths."""

    def at_strike(strike):
        return call_price(key, {**params, "K": strike}, n_steps, n_paths)

    return jax.vmap(at_strike)(jnp.asarray(strikes))


# %% delta_vega


def delta_vega(
    key: PRNGKeyArray, params: dict[str, float], n_steps: int, n_paths: int
) -> tuple[Float32[Array, ""], Float32[Array, ""]]:
    """Return the derivatives of the price with respect to S0 and to h0."""

    def price(S0, h0):
        return call_price(key, {**params, "S0": S0, "h0": h0}, n_steps, n_paths)[0]

    S0, h0 = (jnp.asarray(params[name], jnp.float32) for name in ("S0", "h0"))
    return jax.grad(price, argnums=(0, 1))(S0, h0)


# %% antithetic_price


@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def antithetic_price(
    key: PRNGKeyArray, params: dict[str, float], n_steps: int, n_paths: int
) -> tuple[Float32[Array, ""], Float32[Array, ""]]:
    """Return price and standard error from `n_paths // 2` paths and their mirror images."""
    n_pairs = n_paths // 2

    def step(t, state):
        up, down, log_volatility = state
        price_key, volatility_key = random.split(random.fold_in(key, t))
        shock = jnp.exp(log_volatility) * random.normal(price_key, (n_pairs,), jnp.float32)
        eta = random.normal(volatility_key, (n_pairs,), jnp.float32)
        log_volatility = params["rho"] * log_volatility + params["nu"] * eta
        return up + params["mu"] + shock, down + params["mu"] - shock, log_volatility

    start = jnp.log(params["S0"]), jnp.log(params["S0"]), params["h0"]
    start = tuple(jnp.full(n_pairs, value, jnp.float32) for value in start)
    log_prices = jnp.stack(lax.fori_loop(0, n_steps, step, start)[:2])
    payoffs = params["beta"] ** n_steps * jnp.maximum(jnp.exp(log_prices) - params["K"], 0)
    pairs = payoffs.mean(axis=0)
    return pairs.mean(), pairs.std() / jnp.sqrt(n_pairs)


# %% fast_greeks


@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def fast_greeks(
    key: PRNGKeyArray, params: dict[str, float], n_steps: int, n_paths: int
) -> tuple[Float32[Array, ""], dict[str, Float32[Array, ""]]]:
    """Return the price and its derivatives with respect to S0, h0, mu, rho and nu."""

    def price(inputs):
        return call_price(key, {**params, **inputs}, n_steps, n_paths)[0]

    names = ("S0", "h0", "mu", "rho", "nu")
    inputs = {name: jnp.asarray(params[name], jnp.float32) for name in names}
    return jax.value_and_grad(price)(inputs)


# %% fast_greeks: numpy baseline


def call_price_numpy(seed, params, n_steps, n_paths):
    """The price by whole-array NumPy in float32."""
    rng = np.random.default_rng(seed)
    mu, rho, nu, strike = (np.float32(params[name]) for name in ("mu", "rho", "nu", "K"))
    log_prices = np.full(n_paths, np.log(params["S0"]), np.float32)
    log_volatilities = np.full(n_paths, params["h0"], np.float32)
    for _ in range(n_steps):
        xi = rng.standard_normal(n_paths, dtype=np.float32)
        eta = rng.standard_normal(n_paths, dtype=np.float32)
        log_prices = log_prices + mu + np.exp(log_volatilities) * xi
        log_volatilities = rho * log_volatilities + nu * eta
    return params["beta"] ** n_steps * np.maximum(np.exp(log_prices) - strike, 0).mean()


def fast_greeks_numpy(key, params, n_steps, n_paths):
    """The same six numbers by bumping: each input a little up and down, on the same paths."""
    seed = np.asarray(jax.random.key_data(key))
    greeks = {}
    for name in ("S0", "h0", "mu", "rho", "nu"):
        bump = 1e-2 * max(abs(params[name]), 0.1)
        up = call_price_numpy(seed, {**params, name: params[name] + bump}, n_steps, n_paths)
        down = call_price_numpy(seed, {**params, name: params[name] - bump}, n_steps, n_paths)
        greeks[name] = (up - down) / (2 * bump)
    return call_price_numpy(seed, params, n_steps, n_paths), greeks


# %% sharded_call_price


@partial(jax.jit, static_argnames="n_steps")
def payoffs_of_paths(keys, params, n_steps):
    """The discounted payoff of one path for each key, computed where the key lies."""

    def payoff(key):
        log_price = simulate_log_prices(key, params, n_steps, 1)[0]
        return params["beta"] ** n_steps * jnp.maximum(jnp.exp(log_price) - params["K"], 0)

    return jax.vmap(payoff)(keys)


def sharded_call_price(
    key: PRNGKeyArray, params: dict[str, float], n_steps: int, n_paths: int, n_devices: int
) -> tuple[Float32[Array, ""], Float32[Array, ""], int]:
    """Return price, standard error, and on how many devices the paths were simulated."""
    devices = jax.devices("cpu")[:n_devices]
    mesh = jax.make_mesh((n_devices,), ("paths",), (AxisType.Auto,), devices=devices)
    spread = NamedSharding(mesh, PartitionSpec("paths"))
    keys = jax.device_put(random.split(key, n_paths), spread)
    payoffs = payoffs_of_paths(keys, params, n_steps)
    gathered = jax.device_put(payoffs, devices[0])
    error = gathered.std() / jnp.sqrt(n_paths)
    return gathered.mean(), error, len(payoffs.sharding.device_set)


# %% implied_h0


@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def implied_h0(
    key: PRNGKeyArray,
    params: dict[str, float],
    market_price: float,
    bracket: tuple[float, float],
    n_steps: int,
    n_paths: int,
) -> Float32[Array, ""]:
    """Return the h0 in the bracket at which call_price, with this key, is the market price."""

    def price(h0):
        return call_price(key, {**params, "h0": h0}, n_steps, n_paths)[0]

    def improve(i, state):
        low, high, h0 = state
        value, slope = jax.value_and_grad(price)(h0)
        is_below = value < market_price  # false for NaN, where the price is out of range
        low, high = jnp.where(is_below, h0, low), jnp.where(is_below, high, h0)
        newton = h0 - (value - market_price) / slope
        is_inside = (low <= newton) & (newton <= high)  # false for NaN, where the slope is 0
        # From far above the root Newton's steps are tiny: halve first, whatever it says.
        return low, high, jnp.where((i >= 20) & is_inside, newton, (low + high) / 2)

    low, high = (jnp.asarray(end, jnp.float32) for end in bracket)
    return lax.fori_loop(0, 40, improve, (low, high, (low + high) / 2))[2]


# %% put_worth


def put_worth(
    prices: Float32[Array, "n_prices"], strike: float, up: float, discount: float, n_days: int
) -> Float32[Array, "n_days+1 n_prices"]:
    """Return what the right to sell at any time is worth, on each day at each price."""
    sold = jnp.maximum(strike - jnp.asarray(prices), 0)

    def day_before(worth, _):
        higher, lower = jnp.append(worth[1:], worth[-1:]), jnp.append(worth[:1], worth[:-1])
        worth = jnp.maximum(sold, discount * (up * higher + (1 - up) * lower))
        return worth, worth

    _, days = lax.scan(day_before, sold, length=n_days, reverse=True)
    return jnp.concatenate([days, sold[None]])
