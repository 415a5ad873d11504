# %% right: the gradient of a dict
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def delta_vega(key, params, n_steps, n_paths):
    greeks = jax.grad(lambda p: call_price(key, p, n_steps, n_paths)[0])(params)
    return greeks["S0"], greeks["h0"]


# %% right: two gradients, not jitted
def delta_vega(key, params, n_steps, n_paths):
    price = lambda name, x: call_price(key, {**params, name: x}, n_steps, n_paths)[0]
    delta = jax.grad(lambda x: price("S0", x))(jnp.float32(params["S0"]))
    vega = jax.grad(lambda x: price("h0", x))(jnp.float32(params["h0"]))
    return delta, vega


# %% right: forward mode
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def delta_vega(
    key: PRNGKeyArray, params: dict[str, float], n_steps: int, n_paths: int
) -> tuple[Float32[Array, ""], Float32[Array, ""]]:
    def price(x):
        return call_price(key, {**params, "S0": x[0], "h0": x[1]}, n_steps, n_paths)[0]

    delta, vega = jax.jacfwd(price)(jnp.array([params["S0"], params["h0"]], jnp.float32))
    return delta, vega


# %% wrong: finite differences with new draws -> agrees_with_the_closed_form, random_volatility_counts
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def delta_vega(key, params, n_steps, n_paths):
    keys = random.split(key, 4)

    def bump(keys, name, e):
        up = call_price(keys[0], {**params, name: params[name] + e}, n_steps, n_paths)[0]
        down = call_price(keys[1], {**params, name: params[name] - e}, n_steps, n_paths)[0]
        return (up - down) / (2 * e)

    return bump(keys[:2], "S0", 1e-3), bump(keys[2:], "h0", 1e-3)


# %% wrong: vega per unit of exp(h0) -> agrees_with_the_closed_form
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def delta_vega(key, params, n_steps, n_paths):
    greeks = jax.grad(lambda p: call_price(key, p, n_steps, n_paths)[0])(params)
    return greeks["S0"], greeks["h0"] / jnp.exp(params["h0"])


# %% wrong: the derivative of the exercise indicator alone, which is zero -> agrees_with_the_closed_form, key_decides_the_derivatives
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def delta_vega(key, params, n_steps, n_paths):
    def price(p):
        prices = jnp.exp(simulate_log_prices(key, p, n_steps, n_paths))
        gain = lax.stop_gradient(prices) - p["K"]
        return p["beta"] ** n_steps * jnp.mean(jnp.where(prices > p["K"], gain, 0))

    greeks = jax.grad(price)(params)
    return greeks["S0"], greeks["h0"]


# %% wrong: the textbook's risk-neutral formula -> agrees_with_the_closed_form, key_decides_the_derivatives
def delta_vega(key, params, n_steps, n_paths):
    cdf = jax.scipy.stats.norm.cdf
    v = jnp.exp(params["h0"]) * jnp.sqrt(n_steps)
    d1 = (jnp.log(params["S0"] / params["K"]) + n_steps * params["mu"]) / v + v
    vega = params["S0"] * jax.scipy.stats.norm.pdf(d1) * v
    discount = params["beta"] ** n_steps
    return discount * cdf(d1), discount * vega


# %% wrong: the formula for constant volatility -> random_volatility_counts, key_decides_the_derivatives
def delta_vega(key, params, n_steps, n_paths):
    def price(S0, h0):
        h = h0 * params["rho"] ** jnp.arange(n_steps)
        v = jnp.sqrt(jnp.sum(jnp.exp(2 * h)))
        d2 = (jnp.log(S0 / params["K"]) + n_steps * params["mu"]) / v
        cdf = jax.scipy.stats.norm.cdf
        forward = S0 * jnp.exp(n_steps * params["mu"] + v**2 / 2)
        return params["beta"] ** n_steps * (forward * cdf(d2 + v) - params["K"] * cdf(d2))

    return jax.grad(price, argnums=(0, 1))(params["S0"], params["h0"])


# %% wrong: a fixed seed -> differentiates_the_price_itself, key_decides_the_derivatives
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def delta_vega(key, params, n_steps, n_paths):
    greeks = jax.grad(lambda p: call_price(random.key(3), p, n_steps, n_paths)[0])(params)
    return greeks["S0"], greeks["h0"]


# %% wrong: leaves a traced value behind -> is_pure
last_price = None


def delta_vega(key, params, n_steps, n_paths):
    def price(p):
        global last_price
        last_price = call_price(key, p, n_steps, n_paths)[0]
        return last_price

    greeks = jax.grad(price)(params)
    return greeks["S0"], greeks["h0"]


# %% wrong: differences on common draws -> differentiates_the_price_itself
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def delta_vega(key, params, n_steps, n_paths):
    def price(**moved):
        return call_price(key, {**params, **moved}, n_steps, n_paths)[0]

    return (
        (price(S0=params["S0"] + 0.01) - price(S0=params["S0"] - 0.01)) / 0.02,
        (price(h0=params["h0"] + 0.01) - price(h0=params["h0"] - 0.01)) / 0.02,
    )


# %% wrong: delta and vega from draws of their own -> differentiates_the_price_itself
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def delta_vega(key, params, n_steps, n_paths):
    a, b = random.split(key)
    delta = jax.grad(lambda S0: call_price(a, {**params, "S0": S0}, n_steps, n_paths)[0])(
        params["S0"]
    )
    vega = jax.grad(lambda h0: call_price(b, {**params, "h0": h0}, n_steps, n_paths)[0])(
        params["h0"]
    )
    return delta, vega


# %% wrong: other draws than those of the price -> differentiates_the_price_itself
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def delta_vega(key, params, n_steps, n_paths):
    a, _ = random.split(key)
    return jax.grad(
        lambda S0, h0: call_price(a, {**params, "S0": S0, "h0": h0}, n_steps, n_paths)[0],
        argnums=(0, 1),
    )(params["S0"], params["h0"])


# %% wrong: cut off at ten -> differentiates_the_price_itself
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def delta_vega(key, params, n_steps, n_paths):
    d, v = jax.grad(
        lambda S0, h0: call_price(key, {**params, "S0": S0, "h0": h0}, n_steps, n_paths)[0],
        argnums=(0, 1),
    )(params["S0"], params["h0"])
    return jnp.clip(d, 0, 1), v


# %% wrong: the kink smoothed -> differentiates_the_price_itself
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def delta_vega(key, params, n_steps, n_paths):
    def price(S0, h0):
        S = jnp.exp(simulate_log_prices(key, {**params, "S0": S0, "h0": h0}, n_steps, n_paths))
        return params["beta"] ** n_steps * jnp.mean(jax.nn.softplus(10 * (S - params["K"])) / 10)
    return jax.grad(price, (0, 1))(params["S0"], params["h0"])


# %% wrong: fewer paths -> differentiates_the_price_itself
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def delta_vega(key, params, n_steps, n_paths):
    n = min(n_paths, 500)
    return jax.grad(lambda S0, h0: call_price(key, {**params, "S0": S0, "h0": h0}, n_steps, n)[0], (0, 1))(params["S0"], params["h0"])
