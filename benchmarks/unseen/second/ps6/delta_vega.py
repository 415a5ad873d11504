# %% right: grad with two argnums
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def delta_vega(key, params, n_steps, n_paths):
    def price(S0, h0):
        return call_price(key, {**params, "S0": S0, "h0": h0}, n_steps, n_paths)[0]

    return jax.grad(price, argnums=(0, 1))(params["S0"], params["h0"])

# %% right: jacrev with respect to the whole dict
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def delta_vega(key, params, n_steps, n_paths):
    values = jax.tree.map(jnp.float32, params)
    slopes = jax.jacrev(lambda p: call_price(key, p, n_steps, n_paths)[0])(values)
    return slopes["S0"], slopes["h0"]

# %% right: forward mode, a jvp for each
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def delta_vega(key, params, n_steps, n_paths):
    def price(S0, h0):
        return call_price(key, dict(params, S0=S0, h0=h0), n_steps, n_paths)[0]

    at = jnp.float32(params["S0"]), jnp.float32(params["h0"])
    one, zero = jnp.float32(1), jnp.float32(0)
    _, delta = jax.jvp(price, at, (one, zero))
    _, vega = jax.jvp(price, at, (zero, one))
    return delta, vega

# %% right: vjp of a function of one array
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def delta_vega(key, params, n_steps, n_paths):
    x = jnp.array([params["S0"], params["h0"]], jnp.float32)
    price, pull_back = jax.vjp(
        lambda x: call_price(key, {**params, "S0": x[0], "h0": x[1]}, n_steps, n_paths)[0], x
    )
    (slopes,) = pull_back(jnp.ones_like(price))
    return tuple(slopes)

# %% right: value_and_grad with the error as auxiliary output
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def delta_vega(key, params, n_steps, n_paths):
    def estimate(two):
        price, error = call_price(key, params | two, n_steps, n_paths)
        return price, error

    two = {name: jnp.asarray(params[name], jnp.float32) for name in ("S0", "h0")}
    _, slopes = jax.value_and_grad(estimate, has_aux=True)(two)
    return slopes["S0"], slopes["h0"]

# %% right: linearize once, two directions
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def delta_vega(key, params, n_steps, n_paths):
    f = lambda pair: call_price(key, {**params, "S0": pair[0], "h0": pair[1]}, n_steps, n_paths)[0]
    _, along = jax.linearize(f, jnp.stack([jnp.float32(params["S0"]), jnp.float32(params["h0"])]))
    return tuple(jax.vmap(along)(jnp.eye(2, dtype=jnp.float32)))

# %% wrong: central differences with the same key | bumps, not exact up to rounding
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def delta_vega(key, params, n_steps, n_paths):
    price = lambda **new: call_price(key, {**params, **new}, n_steps, n_paths)[0]
    e = 1e-3 * params["S0"]
    delta = (price(S0=params["S0"] + e) - price(S0=params["S0"] - e)) / (2 * e)
    vega = (price(h0=params["h0"] + 1e-2) - price(h0=params["h0"] - 1e-2)) / 2e-2
    return delta, vega

# %% wrong: delta by grad, vega by a small bump | vega is a difference quotient with rounding noise
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def delta_vega(key, params, n_steps, n_paths):
    price = lambda S0, h0: call_price(key, {**params, "S0": S0, "h0": h0}, n_steps, n_paths)[0]
    S0, h0 = params["S0"], params["h0"]
    return jax.grad(price)(S0, h0), (price(S0, h0 + 1e-2) - price(S0, h0)) / 1e-2

# %% wrong: a key for delta and one for vega | other draws than call_price(key), and not the same for both
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def delta_vega(key, params, n_steps, n_paths):
    k1, k2 = random.split(key)
    delta = jax.grad(
        lambda S0: call_price(k1, {**params, "S0": S0}, n_steps, n_paths)[0]
    )(params["S0"])
    vega = jax.grad(
        lambda h0: call_price(k2, {**params, "h0": h0}, n_steps, n_paths)[0]
    )(params["h0"])
    return delta, vega

# %% wrong: new key folded in once | derivatives of the estimate of another key
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def delta_vega(key, params, n_steps, n_paths):
    fresh = random.fold_in(key, 1)

    def price(S0, h0):
        return call_price(fresh, {**params, "S0": S0, "h0": h0}, n_steps, n_paths)[0]

    return jax.grad(price, argnums=(0, 1))(params["S0"], params["h0"])

# %% wrong: vega by S (s_n - s_0 - n mu) | holds for rho = 1 only
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def delta_vega(key, params, n_steps, n_paths):
    s = simulate_log_prices(key, params, n_steps, n_paths)
    S = jnp.exp(s)
    won = jnp.where(S > params["K"], params["beta"] ** n_steps * S, 0.0)
    delta = jnp.mean(won) / params["S0"]
    vega = jnp.mean(won * (s - jnp.log(params["S0"]) - n_steps * params["mu"]))
    return delta, vega

# %% wrong: softened maximum for the derivative | not the derivative of the price of call_price, off near the strike
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def delta_vega(key, params, n_steps, n_paths):
    def price(S0, h0):
        s = simulate_log_prices(key, {**params, "S0": S0, "h0": h0}, n_steps, n_paths)
        soft = jax.nn.softplus(20 * (jnp.exp(s) - params["K"])) / 20
        return params["beta"] ** n_steps * soft.mean()

    return jax.grad(price, argnums=(0, 1))(params["S0"], params["h0"])

# %% wrong: h0 clipped to [-45, -0.5] "against overflow" | vega is 0 for h0 above -0.5 and delta that of another volatility
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def delta_vega(key, params, n_steps, n_paths):
    def price(S0, h0):
        h0 = jnp.clip(h0, -45.0, -0.5)
        return call_price(key, {**params, "S0": S0, "h0": h0}, n_steps, n_paths)[0]

    return jax.grad(price, argnums=(0, 1))(params["S0"], params["h0"])

# %% wrong: at most 1000 paths | derivatives of another estimate when n_paths is larger
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def delta_vega(key, params, n_steps, n_paths):
    def price(S0, h0):
        return call_price(key, {**params, "S0": S0, "h0": h0}, n_steps, min(n_paths, 1000))[0]

    return jax.grad(price, argnums=(0, 1))(params["S0"], params["h0"])

# %% wrong: twenty steps always | n_steps is not passed on
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def delta_vega(key, params, n_steps, n_paths):
    price = lambda S0, h0: call_price(key, {**params, "S0": S0, "h0": h0}, N, n_paths)[0]
    return jax.grad(price, (0, 1))(params["S0"], params["h0"])

# %% wrong: model written out again with h0 + nu eta (rho forgotten) | wrong for rho other than 1, and other draws than call_price
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def delta_vega(key, params, n_steps, n_paths):
    z = random.normal(key, (n_steps, 2, n_paths))

    def price(S0, h0):
        h = h0 + params["nu"] * jnp.concatenate(
            [jnp.zeros((1, n_paths)), jnp.cumsum(z[:-1, 1], axis=0)]
        )
        s = jnp.log(S0) + n_steps * params["mu"] + jnp.sum(jnp.exp(h) * z[:, 0], axis=0)
        payoff = jnp.maximum(jnp.exp(s) - params["K"], 0)
        return params["beta"] ** n_steps * payoff.mean()

    return jax.grad(price, argnums=(0, 1))(params["S0"], params["h0"])

# %% wrong: derivative of price plus error | the gradient of the sum of both results, not of the price; NaN without volatility
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def delta_vega(key, params, n_steps, n_paths):
    def total(S0, h0):
        return sum(call_price(key, {**params, "S0": S0, "h0": h0}, n_steps, n_paths))

    return jax.grad(total, argnums=(0, 1))(params["S0"], params["h0"])

# %% wrong: delta by homogeneity with a smoothed probability | C + K P(S > K) over S0 with P taken from a normal fit to the log prices: not exact
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def delta_vega(key, params, n_steps, n_paths):
    vega = jax.grad(lambda h0: call_price(key, {**params, "h0": h0}, n_steps, n_paths)[0])(
        params["h0"]
    )
    s = simulate_log_prices(key, params, n_steps, n_paths)
    d = (s.mean() - jnp.log(params["K"])) / jnp.maximum(s.std(), 1e-6)
    chance = jax.scipy.stats.norm.cdf(d)
    price = call_price(key, params, n_steps, n_paths)[0]
    return (price + params["beta"] ** n_steps * params["K"] * chance) / params["S0"], vega

# %% wrong: vega with respect to the volatility, scaled back by 0.05 | hard-coded gentle volatility: wrong for another h0
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def delta_vega(key, params, n_steps, n_paths):
    def price(S0, sigma):
        return call_price(key, {**params, "S0": S0, "h0": jnp.log(sigma)}, n_steps, n_paths)[0]

    sigma = jnp.maximum(jnp.exp(params["h0"]), 1e-4)
    delta, slope = jax.grad(price, argnums=(0, 1))(params["S0"], sigma)
    return delta, jnp.where(params["h0"] < -9, 0.0, slope * 0.05)
