# %% right: vmap of call_price with the same key
def price_curve(key, params, strikes, n_steps, n_paths):
    def at(strike):
        return call_price(key, {**params, "K": strike}, n_steps, n_paths)

    return jax.vmap(at)(jnp.asarray(strikes))

# %% right: paths once, payoffs by broadcasting
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def price_curve(key, params, strikes, n_steps, n_paths):
    S = jnp.exp(simulate_log_prices(key, params, n_steps, n_paths))
    payoffs = params["beta"] ** n_steps * jnp.maximum(S[None, :] - jnp.asarray(strikes)[:, None], 0)
    return payoffs.mean(axis=1), payoffs.std(axis=1) / jnp.sqrt(n_paths)

# %% right: lax.map over the strikes, paths in the closure
def price_curve(key, params, strikes, n_steps, n_paths):
    S = jnp.exp(simulate_log_prices(key, params, n_steps, n_paths))
    discount = params["beta"] ** n_steps

    def one(strike):
        x = discount * jnp.where(S > strike, S - strike, 0.0)
        return jnp.mean(x), jnp.std(x) / math.sqrt(n_paths)

    return lax.map(one, jnp.asarray(strikes, jnp.float32))

# %% right: scan over the strikes, simulating anew with the same key
def price_curve(key, params, strikes, n_steps, n_paths):
    others = {name: value for name, value in params.items() if name != "K"}

    def step(carry, strike):
        return carry, call_price(key, dict(others, K=strike), n_steps, n_paths)

    _, (prices, errors) = lax.scan(step, None, jnp.asarray(strikes))
    return prices, errors

# %% right: vmap with in_axes over a dict
def price_curve(key, params, strikes, n_steps, n_paths):
    axes = {name: None for name in params} | {"K": 0}
    mapped = jax.vmap(
        partial(call_price, n_steps=n_steps, n_paths=n_paths), in_axes=(None, axes)
    )
    return mapped(key, params | {"K": jnp.asarray(strikes)})

# %% right: fori_loop that fills two arrays
@partial(jax.jit, static_argnums=(3, 4))
def price_curve(key, params, strikes, n_steps, n_paths):
    strikes = jnp.asarray(strikes)
    S = jnp.exp(simulate_log_prices(key, params, n_steps, n_paths))

    def fill(i, arrays):
        prices, errors = arrays
        x = jax.nn.relu(S - strikes[i]) * params["beta"] ** n_steps
        return prices.at[i].set(x.mean()), errors.at[i].set(x.std() / n_paths**0.5)

    empty = jnp.zeros(strikes.shape, jnp.float32)
    return lax.fori_loop(0, strikes.size, fill, (empty, empty))

# %% wrong: a key for each strike | not common paths: the curve wiggles
def price_curve(key, params, strikes, n_steps, n_paths):
    strikes = jnp.asarray(strikes)
    keys = random.split(key, strikes.size)
    return jax.vmap(lambda k, K: call_price(k, {**params, "K": K}, n_steps, n_paths))(keys, strikes)

# %% wrong: Python loop over the strikes | program grows with the strikes
def price_curve(key, params, strikes, n_steps, n_paths):
    pairs = [call_price(key, {**params, "K": K}, n_steps, n_paths) for K in jnp.asarray(strikes)]
    prices, errors = zip(*pairs)
    return jnp.stack(prices), jnp.stack(errors)

# %% wrong: params of the caller changed | params["K"] is overwritten by the last strike
def price_curve(key, params, strikes, n_steps, n_paths):
    strikes = jnp.asarray(strikes)
    S = jnp.exp(simulate_log_prices(key, params, n_steps, n_paths))
    params["K"] = strikes[:, None]
    x = params["beta"] ** n_steps * jnp.maximum(S - params["K"], 0)
    params["K"] = strikes[-1]
    return x.mean(axis=1), x.std(axis=1) / n_paths**0.5

# %% wrong: params["K"] popped | the caller's params lose an entry
def price_curve(key, params, strikes, n_steps, n_paths):
    params.pop("K", None)
    return jax.vmap(lambda K: call_price(key, {**params, "K": K}, n_steps, n_paths))(
        jnp.asarray(strikes)
    )

# %% wrong: interpolated from 16 strikes between the lowest and the highest | prices in between too high, exact only at the ends
def price_curve(key, params, strikes, n_steps, n_paths):
    strikes = jnp.asarray(strikes)
    grid = jnp.linspace(strikes.min(), strikes.max(), 16)
    prices, errors = jax.vmap(lambda K: call_price(key, {**params, "K": K}, n_steps, n_paths))(grid)
    return jnp.interp(strikes, grid, prices), jnp.interp(strikes, grid, errors)

# %% wrong: one error for all strikes | errors are those of the first strike
def price_curve(key, params, strikes, n_steps, n_paths):
    strikes = jnp.asarray(strikes)
    prices, errors = jax.vmap(lambda K: call_price(key, {**params, "K": K}, n_steps, n_paths))(
        strikes
    )
    return prices, jnp.full_like(errors, errors[0])

# %% wrong: squeezed at the end | one strike gives scalars instead of arrays of one entry
def price_curve(key, params, strikes, n_steps, n_paths):
    S = jnp.exp(simulate_log_prices(key, params, n_steps, n_paths))
    x = params["beta"] ** n_steps * jnp.maximum(S - jnp.asarray(strikes)[:, None], 0)
    return x.mean(axis=1).squeeze(), x.std(axis=1).squeeze() / n_paths**0.5

# %% wrong: sorted, and turned round if the first strike is above the last | order wrong for strikes that neither rise nor fall throughout
def price_curve(key, params, strikes, n_steps, n_paths):
    strikes = jnp.asarray(strikes)
    ordered = jnp.sort(strikes)
    prices, errors = jax.vmap(lambda K: call_price(key, {**params, "K": K}, n_steps, n_paths))(
        ordered
    )
    falling = strikes[0] > strikes[-1]
    turn = lambda a: jnp.where(falling, a[::-1], a)
    return turn(prices), turn(errors)

# %% wrong: everything in units of params["K"] | params["K"] of 0 gives NaN, though it must not matter
def price_curve(key, params, strikes, n_steps, n_paths):
    S = jnp.exp(simulate_log_prices(key, params, n_steps, n_paths)) / params["K"]
    relative = jnp.asarray(strikes) / params["K"]
    x = params["beta"] ** n_steps * jnp.maximum(S - relative[:, None], 0) * params["K"]
    return x.mean(axis=1), x.std(axis=1) / n_paths**0.5

# %% wrong: new paths for each block of eight strikes | not common paths beyond eight strikes
def price_curve(key, params, strikes, n_steps, n_paths):
    strikes = jnp.asarray(strikes)
    n = strikes.size
    blocks = -(-n // 8)
    padded = jnp.concatenate([strikes, jnp.full(blocks * 8 - n, strikes[-1])]).reshape(blocks, 8)

    def block(k, Ks):
        return jax.vmap(lambda K: call_price(k, {**params, "K": K}, n_steps, n_paths))(Ks)

    prices, errors = jax.vmap(block)(random.split(key, blocks), padded)
    return prices.ravel()[:n], errors.ravel()[:n]

# %% wrong: paths shared out among the strikes | only n_paths // n_strikes paths: errors too large, none left if there are more strikes than paths
def price_curve(key, params, strikes, n_steps, n_paths):
    strikes = jnp.asarray(strikes)
    each = n_paths // strikes.size
    return jax.vmap(lambda K: call_price(key, {**params, "K": K}, n_steps, each))(strikes)

# %% wrong: strikes rounded to whole numbers | wrong for a strike of 9.5
def price_curve(key, params, strikes, n_steps, n_paths):
    whole = jnp.asarray(strikes).astype(jnp.int32)
    return jax.vmap(lambda K: call_price(key, {**params, "K": K}, n_steps, n_paths))(
        whole.astype(jnp.float32)
    )

# %% wrong: payoff by log moneyness for each strike | NaN for a strike of 0
def price_curve(key, params, strikes, n_steps, n_paths):
    s = simulate_log_prices(key, params, n_steps, n_paths)

    def one(K):
        x = params["beta"] ** n_steps * K * jnp.maximum(jnp.expm1(s - jnp.log(K)), 0)
        return x.mean(), x.std() / n_paths**0.5

    return jax.vmap(one)(jnp.asarray(strikes))

# %% wrong: the first strike has its own draws | at the first strike other paths than at the rest, not common
def price_curve(key, params, strikes, n_steps, n_paths):
    strikes = jnp.asarray(strikes)
    k1, k2 = random.split(key)
    at = lambda k: lambda K: call_price(k, {**params, "K": K}, n_steps, n_paths)
    first = jax.vmap(at(k1))(strikes[:1])
    rest = jax.vmap(at(k2))(strikes[1:])
    return jax.tree.map(lambda a, b: jnp.concatenate([a, b]), first, rest)

# %% wrong: sorted cumulative sums of prices and squares | errors cancel in float32 (mean of squares minus square), far off for large prices with low volatility
def price_curve(key, params, strikes, n_steps, n_paths):
    S = jnp.sort(jnp.exp(simulate_log_prices(key, params, n_steps, n_paths)))
    strikes = jnp.asarray(strikes)
    above = jnp.searchsorted(S, strikes)
    tails = lambda a: jnp.append(jnp.cumsum(a[::-1])[::-1], 0.0)
    count = n_paths - above
    first, second = tails(S)[above], tails(S * S)[above]
    discount = params["beta"] ** n_steps
    mean = (first - count * strikes) / n_paths
    square = (second - 2 * strikes * first + count * strikes**2) / n_paths
    return discount * mean, discount * jnp.sqrt(jnp.maximum(square - mean**2, 0) / n_paths)
