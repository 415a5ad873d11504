# %% right: the payoff mapped, the paths simulated once
def price_curve(key, params, strikes, n_steps, n_paths):
    prices = jnp.exp(simulate_log_prices(key, params, n_steps, n_paths))
    discount = params["beta"] ** n_steps

    def one(strike):
        x = discount * jnp.maximum(prices - strike, 0)
        return x.mean(), x.std() / jnp.sqrt(n_paths)

    return jax.vmap(one)(jnp.asarray(strikes))


# %% right: broadcasting, no vmap
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def price_curve(key, params, strikes, n_steps, n_paths):
    prices = jnp.exp(simulate_log_prices(key, params, n_steps, n_paths))
    x = params["beta"] ** n_steps * jnp.clip(prices[None, :] - strikes[:, None], 0)
    return x.mean(axis=1), x.std(axis=1) / n_paths**0.5


# %% right: lax.map over a copy of the parameters
def price_curve(
    key: PRNGKeyArray, params: dict[str, float], strikes: Array, n_steps: int, n_paths: int
) -> tuple[Array, Array]:
    def at_strike(strike):
        model = dict(params)
        model["K"] = strike
        return call_price(key, model, n_steps, n_paths)

    return lax.map(at_strike, jnp.array(strikes))


# %% wrong: new draws for each strike -> curve_is_smooth
def price_curve(key, params, strikes, n_steps, n_paths):
    at = lambda key, k: call_price(key, {**params, "K": k}, n_steps, n_paths)
    return jax.vmap(at)(random.split(key, len(strikes)), jnp.asarray(strikes))


# %% wrong: a Python loop over the strikes -> strikes_are_mapped
def price_curve(key, params, strikes, n_steps, n_paths):
    results = [call_price(key, {**params, "K": k}, n_steps, n_paths) for k in strikes]
    return jnp.stack([r[0] for r in results]), jnp.stack([r[1] for r in results])


# %% wrong: the strike of params for all -> prices_every_strike, curve_is_smooth
def price_curve(key, params, strikes, n_steps, n_paths):
    at = lambda k: call_price(key, {**params, "k": k}, n_steps, n_paths)
    return jax.vmap(at)(jnp.asarray(strikes))


# %% wrong: writes the strike into the caller's params -> is_pure
def price_curve(key, params, strikes, n_steps, n_paths):
    prices = jnp.exp(simulate_log_prices(key, params, n_steps, n_paths))
    params["K"] = (
        float(np.asarray(strikes)[-1]) if not isinstance(strikes, jax.core.Tracer) else 0.0
    )
    x = params["beta"] ** n_steps * jnp.maximum(prices - jnp.asarray(strikes)[:, None], 0)
    return x.mean(axis=1), x.std(axis=1) / jnp.sqrt(n_paths)


# %% wrong: sorts the strikes -> prices_every_strike
def price_curve(key, params, strikes, n_steps, n_paths):
    at = lambda k: call_price(key, {**params, "K": k}, n_steps, n_paths)
    return jax.vmap(at)(jnp.sort(jnp.asarray(strikes)))


# %% wrong: prices without errors -> prices_every_strike, curve_is_smooth
def price_curve(key, params, strikes, n_steps, n_paths):
    at = lambda k: call_price(key, {**params, "K": k}, n_steps, n_paths)[0]
    return jax.vmap(at)(jnp.asarray(strikes))


# %% wrong: a fixed seed -> key_decides_the_curve
def price_curve(key, params, strikes, n_steps, n_paths):
    at = lambda k: call_price(random.key(1), {**params, "K": k}, n_steps, n_paths)
    return jax.vmap(at)(jnp.asarray(strikes))


# %% wrong: the drift from the notebook's gentle -> is_pure, prices_every_strike, key_decides_the_curve
def price_curve(key, params, strikes, n_steps, n_paths):
    at = lambda k: call_price(key, {**gentle, "K": k}, n_steps, n_paths)
    return jax.vmap(at)(jnp.asarray(strikes))


# %% wrong: a loop in Python, called back -> strikes_are_mapped
def price_curve(key, params, strikes, n_steps, n_paths):
    def on_host(s, strikes, beta):
        payoffs = [beta**n_steps * np.maximum(np.exp(s) - k, 0) for k in np.asarray(strikes)]
        errors = [x.std() / n_paths**0.5 for x in payoffs]
        return np.array([x.mean() for x in payoffs], np.float32), np.array(errors, np.float32)

    out = jax.ShapeDtypeStruct(strikes.shape, jnp.float32)
    s = simulate_log_prices(key, params, n_steps, n_paths)
    return jax.pure_callback(on_host, (out, out), s, strikes, params["beta"])


# %% wrong: sets the strike in the caller's params and puts it back -> is_pure
def price_curve(key, params, strikes, n_steps, n_paths):
    before = params["K"]

    def at(strike):
        params["K"] = strike
        return call_price(key, params, n_steps, n_paths)

    curve = jax.vmap(at)(strikes)
    params["K"] = before
    return curve


# %% wrong: squeezes a single strike away -> handles_edge_cases
def price_curve(key, params, strikes, n_steps, n_paths):
    p, e = jax.vmap(lambda k: call_price(key, {**params, "K": k}, n_steps, n_paths))(strikes)
    return jnp.squeeze(p), jnp.squeeze(e)


# %% wrong: blocks of a hundred strikes in Python -> strikes_are_mapped
def price_curve(key, params, strikes, n_steps, n_paths):
    strikes = jnp.asarray(strikes)
    f = jax.vmap(lambda k: call_price(key, {**params, "K": k}, n_steps, n_paths))
    parts = [f(strikes[i : i + 100]) for i in range(0, len(strikes), 100)]
    return jnp.concatenate([p[0] for p in parts]), jnp.concatenate([p[1] for p in parts])


# %% wrong: in units of the strike -> handles_edge_cases
def price_curve(key, params, strikes, n_steps, n_paths):
    s = jnp.exp(simulate_log_prices(key, params, n_steps, n_paths))
    k = jnp.asarray(strikes)[:, None]
    x = params["beta"] ** n_steps * k * jnp.maximum(s / k - 1, 0)
    return x.mean(axis=1), x.std(axis=1) / n_paths**0.5


# %% wrong: neighbours' prices interpolated between sixteen strikes -> handles_edge_cases
def price_curve(key, params, strikes, n_steps, n_paths):
    strikes = jnp.asarray(strikes)
    grid = jnp.linspace(strikes.min(), strikes.max(), 16)
    p, e = jax.vmap(lambda k: call_price(key, {**params, "K": k}, n_steps, n_paths))(grid)
    return jnp.interp(strikes, grid, p), jnp.interp(strikes, grid, e)


# %% wrong: mean of squares less square of the mean -> handles_edge_cases
def price_curve(key, params, strikes, n_steps, n_paths):
    s = jnp.exp(simulate_log_prices(key, params, n_steps, n_paths))
    x = params["beta"] ** n_steps * jnp.maximum(s - jnp.asarray(strikes)[:, None], 0)
    m = x.mean(axis=1)
    return m, jnp.sqrt(jnp.maximum((x**2).mean(axis=1) - m**2, 0)) / n_paths**0.5


# %% wrong: only paths near the lowest strike -> handles_edge_cases
def price_curve(key, params, strikes, n_steps, n_paths):
    strikes = jnp.asarray(strikes)
    S = jnp.exp(simulate_log_prices(key, params, n_steps, n_paths))
    live = S > strikes.min() - 2.5 * params["S0"] / 10
    def one(K):
        x = params["beta"] ** n_steps * jnp.maximum(S - K, 0)
        return jnp.mean(x, where=live), jnp.std(x, where=live) / jnp.sqrt(live.sum())
    return jax.vmap(one)(strikes)


# %% wrong: in units of params["K"] -> handles_edge_cases
def price_curve(key, params, strikes, n_steps, n_paths):
    S = jnp.exp(simulate_log_prices(key, params, n_steps, n_paths)) / params["K"]
    relative = jnp.asarray(strikes) / params["K"]
    x = params["beta"] ** n_steps * jnp.maximum(S - relative[:, None], 0) * params["K"]
    return x.mean(axis=1), x.std(axis=1) / n_paths**0.5


# %% wrong: draws of its own for the first strike -> curve_is_smooth
def price_curve(key, params, strikes, n_steps, n_paths):
    strikes = jnp.asarray(strikes)
    k1, k2 = random.split(key)
    at = lambda k: lambda K: call_price(k, {**params, "K": K}, n_steps, n_paths)
    first = jax.vmap(at(k1))(strikes[:1])
    rest = jax.vmap(at(k2))(strikes[1:])
    return jax.tree.map(lambda a, b: jnp.concatenate([a, b]), first, rest)


# %% wrong: the axis of the paths is found by its length -> handles_edge_cases
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def price_curve(key, params, strikes, n_steps, n_paths):
    ends = jnp.exp(simulate_log_prices(key, params, n_steps, n_paths))
    payoffs = jnp.maximum(ends - jnp.asarray(strikes)[:, None], 0)
    payoffs = params["beta"] ** n_steps * payoffs
    paths = payoffs.shape.index(n_paths)
    return payoffs.mean(paths), payoffs.std(paths) / jnp.sqrt(n_paths)
