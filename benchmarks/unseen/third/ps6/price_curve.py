# %% right: vmap of call_price with the same key
def price_curve(key, params, strikes, n_steps, n_paths):
    def one(strike):
        return call_price(key, {**params, "K": strike}, n_steps, n_paths)

    return jax.vmap(one)(jnp.asarray(strikes, jnp.float32))


# %% right: NumPy veteran, one table of payoffs by broadcasting
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def price_curve(key, params, strikes, n_steps, n_paths):
    prices = jnp.exp(simulate_log_prices(key, params, n_steps, n_paths))
    table = jnp.maximum(prices[None, :] - jnp.asarray(strikes)[:, None], 0)
    table = table * params["beta"] ** n_steps
    return table.mean(axis=1), table.std(axis=1) / np.sqrt(n_paths).astype(np.float32)


# %% right: simulate once, lax.map over the strikes
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def price_curve(
    key: PRNGKeyArray,
    params: dict[str, float],
    strikes: Float32[Array, "n_strikes"],
    n_steps: int,
    n_paths: int,
) -> tuple[Float32[Array, "n_strikes"], Float32[Array, "n_strikes"]]:
    final = jnp.exp(simulate_log_prices(key, params, n_steps, n_paths))
    discount = params["beta"] ** n_steps

    def quote(strike):
        x = discount * jnp.maximum(final - strike, 0.0)
        mean = jnp.sum(x) / n_paths
        sigma = jnp.sqrt(jnp.sum((x - mean) ** 2) / n_paths)
        return mean, sigma / math.sqrt(n_paths)

    return lax.map(quote, jnp.asarray(strikes))


# %% right: documentation reader, vmap with in_axes for the entries of the dict
def price_curve(key, params, strikes, n_steps, n_paths):
    price = partial(call_price, n_steps=n_steps, n_paths=n_paths)
    ladder = dict(params)
    ladder["K"] = jnp.asarray(strikes)
    axes = {name: (0 if name == "K" else None) for name in ladder}
    return jax.vmap(price, in_axes=(None, axes), out_axes=0)(key, ladder)


# %% wrong: a key for each strike | new draws for each strike instead of common paths, so the curve wiggles
def price_curve(key, params, strikes, n_steps, n_paths):
    strikes = jnp.asarray(strikes)
    keys = random.split(key, strikes.shape[0])
    return jax.vmap(lambda k, strike: call_price(k, {**params, "K": strike}, n_steps, n_paths))(
        keys, strikes
    )


# %% wrong: sorts and permutes back with argsort instead of its inverse | right for sorted lists and for two strikes, wrong order for e.g. [10, 12, 8]
def price_curve(key, params, strikes, n_steps, n_paths):
    strikes = jnp.asarray(strikes)
    order = jnp.argsort(strikes)
    prices, errors = jax.vmap(
        lambda strike: call_price(key, {**params, "K": strike}, n_steps, n_paths)
    )(strikes[order])
    return prices[order], errors[order]


# %% wrong: error divided by the root of the number of strikes | shape[0] of the table is n_strikes, not n_paths, so errors are far too large
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def price_curve(key, params, strikes, n_steps, n_paths):
    prices = jnp.exp(simulate_log_prices(key, params, n_steps, n_paths))
    x = params["beta"] ** n_steps * jnp.maximum(prices - jnp.asarray(strikes)[:, None], 0)
    return x.mean(axis=1), x.std(axis=1) / jnp.sqrt(x.shape[0])


# %% wrong: writes the strikes into the caller's dict | params["K"] is an array after the call, but params must stay as it was
def price_curve(key, params, strikes, n_steps, n_paths):
    old, params["K"] = params["K"], jnp.asarray(strikes)
    axes = {name: 0 if name == "K" else None for name in params}
    return jax.vmap(lambda p: call_price(key, p, n_steps, n_paths), in_axes=(axes,))(params)


# %% wrong: squeeze at the end | a single strike gives scalars instead of arrays of shape (1,)
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def price_curve(key, params, strikes, n_steps, n_paths):
    final = jnp.exp(simulate_log_prices(key, params, n_steps, n_paths)).reshape(1, -1)
    x = params["beta"] ** n_steps * jnp.maximum(final - jnp.reshape(strikes, (-1, 1)), 0)
    prices = jnp.mean(x, axis=1, keepdims=True)
    errors = jnp.std(x, axis=1, keepdims=True) / jnp.sqrt(n_paths)
    return prices.squeeze(), errors.squeeze()


# %% wrong: Python loop over the strikes | unrolled into a program that grows with the strikes, a map of JAX is asked for
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def price_curve(key, params, strikes, n_steps, n_paths):
    final = jnp.exp(simulate_log_prices(key, params, n_steps, n_paths))
    prices, errors = [], []
    for strike in jnp.asarray(strikes):
        x = params["beta"] ** n_steps * jnp.maximum(final - strike, 0)
        prices.append(x.mean())
        errors.append(x.std() / jnp.sqrt(n_paths))
    return jnp.stack(prices), jnp.stack(errors)


# %% wrong: one error for all strikes | the error of the strike params["K"], which does not matter, is repeated for every strike
def price_curve(key, params, strikes, n_steps, n_paths):
    strikes = jnp.asarray(strikes)
    prices = jax.vmap(lambda k: call_price(key, {**params, "K": k}, n_steps, n_paths)[0])(strikes)
    _, error = call_price(key, params, n_steps, n_paths)
    return prices, jnp.full_like(prices, error)


# %% wrong: finds the axis of the paths by its length | with as many strikes as paths it averages over the strikes
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def price_curve(key, params, strikes, n_steps, n_paths):
    final = jnp.exp(simulate_log_prices(key, params, n_steps, n_paths))
    x = jnp.maximum(final - jnp.asarray(strikes)[:, None], 0)
    x = params["beta"] ** n_steps * x
    paths = x.shape.index(n_paths)
    return x.mean(axis=paths), x.std(axis=paths) / jnp.sqrt(n_paths)
