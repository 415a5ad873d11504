# %% right: grad of a function of S0 and h0
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def delta_vega(key, params, n_steps, n_paths):
    def price(S0, h0):
        return call_price(key, {**params, "S0": S0, "h0": h0}, n_steps, n_paths)[0]

    return jax.grad(price, argnums=(0, 1))(params["S0"], params["h0"])


# %% right: grad with respect to the whole dict, the error as auxiliary result
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def delta_vega(key, params, n_steps, n_paths):
    floats = jax.tree.map(lambda x: jnp.asarray(x, jnp.float32), params)
    greeks, _error = jax.grad(
        lambda p: call_price(key, p, n_steps, n_paths), has_aux=True
    )(floats)
    return greeks["S0"], greeks["h0"]


# %% right: physicist, forward mode, one tangent direction at a time
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def delta_vega(
    key: PRNGKeyArray, params: dict[str, float], n_steps: int, n_paths: int
) -> tuple[Float32[Array, ""], Float32[Array, ""]]:
    def price(x):
        here = dict(params, S0=x[0], h0=x[1])
        return call_price(key, here, n_steps, n_paths)[0]

    x = jnp.array([params["S0"], params["h0"]], jnp.float32)
    _, delta = jax.jvp(price, (x,), (jnp.array([1.0, 0.0], jnp.float32),))
    _, vega = jax.jvp(price, (x,), (jnp.array([0.0, 1.0], jnp.float32),))
    return delta, vega


# %% right: documentation reader, vjp of a closure of the price
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def delta_vega(key, params, n_steps, n_paths):
    names = ("S0", "h0")

    def price(moving):
        return call_price(key, params | moving, n_steps, n_paths)[0]

    value, pull_back = jax.vjp(price, {n: jnp.float32(params[n]) for n in names})
    (slopes,) = pull_back(jnp.ones_like(value))
    return tuple(map(slopes.__getitem__, names))


# %% wrong: central differences on the same key | a bump is not exact up to rounding
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def delta_vega(key, params, n_steps, n_paths):
    def price(**bumped):
        return call_price(key, {**params, **bumped}, n_steps, n_paths)[0]

    def slope(name, eps):
        return (price(**{name: params[name] + eps}) - price(**{name: params[name] - eps})) / (2 * eps)

    return slope("S0", 0.05), slope("h0", 0.01)


# %% wrong: a key each for delta and vega | derivatives of other estimates than the one for this key, from different draws
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def delta_vega(key, params, n_steps, n_paths):
    k_delta, k_vega = random.split(key)
    delta = jax.grad(lambda S0: call_price(k_delta, {**params, "S0": S0}, n_steps, n_paths)[0])
    vega = jax.grad(lambda h0: call_price(k_vega, {**params, "h0": h0}, n_steps, n_paths)[0])
    return delta(params["S0"]), vega(params["h0"])


# %% wrong: textbook vega | the drift is tied to the volatility (mu - sigma**2 / 2 moves with h0), but mu is given
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def delta_vega(key, params, n_steps, n_paths):
    growth = params["mu"] + 0.5 * jnp.exp(2 * params["h0"])  # as in Black and Scholes

    def price(S0, h0):
        moved = {**params, "S0": S0, "h0": h0, "mu": growth - 0.5 * jnp.exp(2 * h0)}
        return call_price(key, moved, n_steps, n_paths)[0]

    return jax.grad(price, argnums=(0, 1))(params["S0"], params["h0"])


# %% wrong: at most 10,000 paths | derivatives of an estimate with fewer paths when n_paths is larger
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def delta_vega(key, params, n_steps, n_paths):
    enough = min(n_paths, 10_000)  # backwards mode stores every step

    def price(S0, h0):
        return call_price(key, {**params, "S0": S0, "h0": h0}, n_steps, enough)[0]

    return jax.grad(price, argnums=(0, 1))(params["S0"], params["h0"])


# %% wrong: delta clipped to [0, 1] | with a drift that is given the delta can exceed 1, e.g. deep in the money with beta * exp(mu) > 1
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def delta_vega(key, params, n_steps, n_paths):
    def price(S0, h0):
        return call_price(key, {**params, "S0": S0, "h0": h0}, n_steps, n_paths)[0]

    delta, vega = jax.grad(price, argnums=(0, 1))(params["S0"], params["h0"])
    return jnp.clip(delta, 0.0, 1.0), vega


# %% wrong: vega made positive | on few paths, or with K = 0, the derivative of this estimate can be negative
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def delta_vega(key, params, n_steps, n_paths):
    price = lambda S0, h0: call_price(key, {**params, "S0": S0, "h0": h0}, n_steps, n_paths)[0]
    delta, vega = jax.grad(price, argnums=(0, 1))(params["S0"], params["h0"])
    return delta, jnp.maximum(vega, 0.0)


# %% wrong: takes the rest of the parameters from the notebook's gentle | K, beta, mu, rho and nu of the caller are ignored
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def delta_vega(key, params, n_steps, n_paths):
    def price(S0, h0):
        return call_price(key, {**gentle, "S0": S0, "h0": h0}, n_steps, n_paths)[0]

    return jax.grad(price, argnums=(0, 1))(params["S0"], params["h0"])


# %% wrong: differentiates the log of the price | price * d log(price) is 0 * inf = NaN where K is out of reach of all paths
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def delta_vega(key, params, n_steps, n_paths):
    def log_price(S0, h0):
        price, _ = call_price(key, {**params, "S0": S0, "h0": h0}, n_steps, n_paths)
        return jnp.log(price), price

    elasticities, price = jax.grad(log_price, argnums=(0, 1), has_aux=True)(
        params["S0"], params["h0"]
    )
    return tuple(price * e for e in elasticities)
