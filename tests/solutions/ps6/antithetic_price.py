# %% right: all shocks first, mirrored by a sign, volatility shocks mirrored too
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def antithetic_price(key, params, n_steps, n_paths):
    shocks = random.normal(key, (2, n_steps, n_paths // 2))

    def payoffs(sign):
        def body(t, state):
            s, h = state
            xi, eta = sign * shocks[:, t]
            return s + params["mu"] + jnp.exp(h) * xi, params["rho"] * h + params["nu"] * eta

        m = n_paths // 2
        start = (
            jnp.full(m, jnp.log(params["S0"]), jnp.float32),
            jnp.full(m, params["h0"], jnp.float32),
        )
        prices = jnp.exp(lax.fori_loop(0, n_steps, body, start)[0])
        return params["beta"] ** n_steps * jnp.maximum(prices - params["K"], 0)

    pairs = (payoffs(1.0) + payoffs(-1.0)) / 2
    return pairs.mean(), pairs.std(ddof=1) / jnp.sqrt(n_paths // 2)


# %% right: the mirror image from the sum of the moves, not jitted
def antithetic_price(key, params, n_steps, n_paths):
    still = n_steps * params["mu"] + jnp.log(params["S0"])
    up = simulate_log_prices(key, params, n_steps, n_paths // 2)
    both = jnp.exp(jnp.stack([up, 2 * still - up]))
    x = (params["beta"] ** n_steps * jnp.maximum(both - params["K"], 0)).sum(axis=0) / 2
    return x.mean(), x.std() * (2 / n_paths) ** 0.5


# %% wrong: the error over all paths in place of pairs -> states_its_own_error
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def antithetic_price(key, params, n_steps, n_paths):
    still = n_steps * params["mu"] + jnp.log(params["S0"])
    up = simulate_log_prices(key, params, n_steps, n_paths // 2)
    both = jnp.exp(jnp.stack([up, 2 * still - up]))
    x = (params["beta"] ** n_steps * jnp.maximum(both - params["K"], 0)).mean(axis=0)
    return x.mean(), x.std() / jnp.sqrt(n_paths)


# %% wrong: n_paths pairs, twice the work -> states_its_own_error
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def antithetic_price(key, params, n_steps, n_paths):
    still = n_steps * params["mu"] + jnp.log(params["S0"])
    up = simulate_log_prices(key, params, n_steps, n_paths)
    both = jnp.exp(jnp.stack([up, 2 * still - up]))
    x = (params["beta"] ** n_steps * jnp.maximum(both - params["K"], 0)).mean(axis=0)
    return x.mean(), x.std() / jnp.sqrt(n_paths)


# %% wrong: the mirrored half has draws of its own -> has_less_variance, states_its_own_error
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def antithetic_price(key, params, n_steps, n_paths):
    s = simulate_log_prices(key, params, n_steps, n_paths).reshape(2, -1)
    x = (params["beta"] ** n_steps * jnp.maximum(jnp.exp(s) - params["K"], 0)).mean(axis=0)
    return x.mean(), x.std() / jnp.sqrt(n_paths // 2)


# %% wrong: pairs each path with the mirror image of another -> states_its_own_error
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def antithetic_price(key, params, n_steps, n_paths):
    still = n_steps * params["mu"] + jnp.log(params["S0"])
    up = simulate_log_prices(key, params, n_steps, n_paths // 2)
    both = jnp.exp(jnp.stack([up, jnp.roll(2 * still - up, 1)]))
    x = (params["beta"] ** n_steps * jnp.maximum(both - params["K"], 0)).mean(axis=0)
    return x.mean(), x.std() / jnp.sqrt(n_paths // 2)


# %% wrong: the drift is mirrored with the shocks -> expects_the_same_price, has_less_variance
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def antithetic_price(key, params, n_steps, n_paths):
    start = jnp.log(params["S0"])
    up = simulate_log_prices(key, params, n_steps, n_paths // 2)
    both = jnp.exp(jnp.stack([up, 2 * start - up]))
    x = (params["beta"] ** n_steps * jnp.maximum(both - params["K"], 0)).mean(axis=0)
    return x.mean(), x.std() / jnp.sqrt(n_paths // 2)


# %% wrong: the mirror image of the price, not of its logarithm -> expects_the_same_price, key_decides_the_estimate
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def antithetic_price(key, params, n_steps, n_paths):
    prices = jnp.exp(simulate_log_prices(key, params, n_steps, n_paths // 2))
    both = jnp.stack([prices, 2 * params["S0"] - prices])
    x = (params["beta"] ** n_steps * jnp.maximum(both - params["K"], 0)).mean(axis=0)
    return x.mean(), x.std() / jnp.sqrt(n_paths // 2)


# %% wrong: np.random -> key_decides_the_estimate, is_pure
def antithetic_price(key, params, n_steps, n_paths):
    still = n_steps * params["mu"] + jnp.log(params["S0"])
    key = random.fold_in(key, np.random.randint(2**30))
    up = simulate_log_prices(key, params, n_steps, n_paths // 2)
    both = jnp.exp(jnp.stack([up, 2 * still - up]))
    x = (params["beta"] ** n_steps * jnp.maximum(both - params["K"], 0)).mean(axis=0)
    return x.mean(), x.std() / jnp.sqrt(n_paths // 2)


# %% wrong: a fixed seed -> key_decides_the_estimate
def antithetic_price(key, params, n_steps, n_paths):
    still = n_steps * params["mu"] + jnp.log(params["S0"])
    up = simulate_log_prices(random.key(8), params, n_steps, n_paths // 2)
    both = jnp.exp(jnp.stack([up, 2 * still - up]))
    x = (params["beta"] ** n_steps * jnp.maximum(both - params["K"], 0)).mean(axis=0)
    return x.mean(), x.std() / jnp.sqrt(n_paths // 2)


# %% wrong: keeps the last pairs in a global -> is_pure
last_pairs = None


def antithetic_price(key, params, n_steps, n_paths):
    global last_pairs
    still = n_steps * params["mu"] + jnp.log(params["S0"])
    up = simulate_log_prices(key, params, n_steps, n_paths // 2)
    both = jnp.exp(jnp.stack([up, 2 * still - up]))
    last_pairs = (params["beta"] ** n_steps * jnp.maximum(both - params["K"], 0)).mean(axis=0)
    return last_pairs.mean(), last_pairs.std() / jnp.sqrt(n_paths // 2)


# %% wrong: the volatility without its shocks -> random_volatility_counts
def antithetic_price(key, params, n_steps, n_paths):
    still = n_steps * params["mu"] + jnp.log(params["S0"])
    up = simulate_log_prices(key, {**params, "nu": 0.0}, n_steps, n_paths // 2)
    both = jnp.exp(jnp.stack([up, 2 * still - up]))
    x = (params["beta"] ** n_steps * jnp.maximum(both - params["K"], 0)).mean(axis=0)
    return x.mean(), x.std() / jnp.sqrt(n_paths // 2)


# %% wrong: half of the pairs, each twice -> has_less_variance
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def antithetic_price(key, params, n_steps, n_paths):
    still = n_steps * params["mu"] + jnp.log(params["S0"])
    half = simulate_log_prices(key, params, n_steps, (n_paths // 2 + 1) // 2)
    up = jnp.tile(half, 2)[: n_paths // 2]
    both = jnp.exp(jnp.stack([up, 2 * still - up]))
    x = (params["beta"] ** n_steps * jnp.maximum(both - params["K"], 0)).mean(axis=0)
    return x.mean(), x.std() / jnp.sqrt(n_paths // 2)


# %% wrong: rho taken for 1 -> expects_the_same_price
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def antithetic_price(key, params, n_steps, n_paths):
    params = {**params, "rho": 1.0}
    still = n_steps * params["mu"] + jnp.log(params["S0"])
    up = simulate_log_prices(key, params, n_steps, n_paths // 2)
    both = jnp.exp(jnp.stack([up, 2 * still - up]))
    x = (params["beta"] ** n_steps * jnp.maximum(both - params["K"], 0)).mean(axis=0)
    return x.mean(), x.std() / jnp.sqrt(n_paths // 2)


# %% wrong: log prices clipped at 5 -> expects_the_same_price
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def antithetic_price(key, params, n_steps, n_paths):
    still = n_steps * params["mu"] + jnp.log(params["S0"])
    up = simulate_log_prices(key, params, n_steps, n_paths // 2)
    both = jnp.exp(jnp.clip(jnp.stack([up, 2 * still - up]), -5, 5))
    x = (params["beta"] ** n_steps * jnp.maximum(both - params["K"], 0)).mean(axis=0)
    return x.mean(), x.std() / jnp.sqrt(n_paths // 2)


# %% wrong: mean of squares less square of the mean -> states_its_own_error
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def antithetic_price(key, params, n_steps, n_paths):
    still = n_steps * params["mu"] + jnp.log(params["S0"])
    up = simulate_log_prices(key, params, n_steps, n_paths // 2)
    both = jnp.exp(jnp.stack([up, 2 * still - up]))
    x = (params["beta"] ** n_steps * jnp.maximum(both - params["K"], 0)).mean(axis=0)
    return x.mean(), jnp.sqrt(jnp.maximum((x**2).mean() - x.mean() ** 2, 0) / (n_paths // 2))


# %% wrong: in units of the strike -> states_its_own_error
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def antithetic_price(key, params, n_steps, n_paths):
    still = n_steps * params["mu"] + jnp.log(params["S0"])
    up = simulate_log_prices(key, params, n_steps, n_paths // 2)
    both = jnp.exp(jnp.stack([up, 2 * still - up]))
    x = (params["beta"] ** n_steps * params["K"] * jnp.maximum(both / params["K"] - 1, 0)).mean(axis=0)
    return x.mean(), x.std() / jnp.sqrt(n_paths // 2)


# %% wrong: one volatility for all pairs -> random_volatility_counts
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def antithetic_price(key, params, n_steps, n_paths):
    m = n_paths // 2
    k1, k2 = random.split(key)
    xi = random.normal(k1, (n_steps, m))
    eta = random.normal(k2, (n_steps, 1))
    def body(t, state):
        s, h = state
        return s + jnp.exp(h) * xi[t], params["rho"] * h + params["nu"] * eta[t]
    move = lax.fori_loop(0, n_steps, body, (jnp.zeros(m), jnp.full(m, params["h0"], jnp.float32)))[0]
    still = n_steps * params["mu"] + jnp.log(params["S0"])
    both = jnp.exp(still + jnp.stack([move, -move]))
    x = (params["beta"] ** n_steps * jnp.maximum(both - params["K"], 0)).mean(axis=0)
    return x.mean(), x.std() / jnp.sqrt(m)


# %% wrong: one shock for price and volatility -> random_volatility_counts
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def antithetic_price(key, params, n_steps, n_paths):
    m = n_paths // 2
    xi = random.normal(key, (n_steps, m))
    def body(t, state):
        s, h = state
        return s + jnp.exp(h) * xi[t], params["rho"] * h + params["nu"] * xi[t]
    move = lax.fori_loop(0, n_steps, body, (jnp.zeros(m), jnp.full(m, params["h0"], jnp.float32)))[0]
    still = n_steps * params["mu"] + jnp.log(params["S0"])
    both = jnp.exp(still + jnp.stack([move, -move]))
    x = (params["beta"] ** n_steps * jnp.maximum(both - params["K"], 0)).mean(axis=0)
    return x.mean(), x.std() / jnp.sqrt(m)


# %% wrong: uniform shocks of the same spread -> expects_the_same_price
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def antithetic_price(key, params, n_steps, n_paths):
    m = n_paths // 2
    k1, k2 = random.split(key)
    xi = random.uniform(k1, (n_steps, m), minval=-3**.5, maxval=3**.5)
    eta = random.normal(k2, (n_steps, m))
    def body(t, state):
        s, h = state
        return s + jnp.exp(h) * xi[t], params["rho"] * h + params["nu"] * eta[t]
    move = lax.fori_loop(0, n_steps, body, (jnp.zeros(m), jnp.full(m, params["h0"], jnp.float32)))[0]
    still = n_steps * params["mu"] + jnp.log(params["S0"])
    both = jnp.exp(still + jnp.stack([move, -move]))
    x = (params["beta"] ** n_steps * jnp.maximum(both - params["K"], 0)).mean(axis=0)
    return x.mean(), x.std() / jnp.sqrt(m)


# %% wrong: a small number added to the variance -> states_its_own_error
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def antithetic_price(key, params, n_steps, n_paths):
    still = n_steps * params["mu"] + jnp.log(params["S0"])
    up = simulate_log_prices(key, params, n_steps, n_paths // 2)
    both = jnp.exp(jnp.stack([up, 2 * still - up]))
    x = (params["beta"] ** n_steps * jnp.maximum(both - params["K"], 0)).mean(axis=0)
    return x.mean(), jnp.sqrt((x.var() + 1e-6) / (n_paths // 2))


# %% wrong: one degree of freedom lost twice -> states_its_own_error
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def antithetic_price(key, params, n_steps, n_paths):
    still = n_steps * params["mu"] + jnp.log(params["S0"])
    up = simulate_log_prices(key, params, n_steps, n_paths // 2)
    both = jnp.exp(jnp.stack([up, 2 * still - up]))
    x = (params["beta"] ** n_steps * jnp.maximum(both - params["K"], 0)).mean(axis=0)
    return x.mean(), x.std(ddof=1) / jnp.sqrt(n_paths // 2 - 1)


# %% right: new volatility shocks on the mirrored path
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def antithetic_price(key, params, n_steps, n_paths):
    half = n_paths // 2
    def step(t, st):
        s, h = st
        k1, k2 = random.split(random.fold_in(key, t))
        xi = random.normal(k1, (half,))
        xi = jnp.concatenate([xi, -xi])
        return s + params["mu"] + jnp.exp(h) * xi, params["rho"] * h + params["nu"] * random.normal(k2, (n_paths,))
    s, _ = lax.fori_loop(0, n_steps, step, (jnp.full(n_paths, jnp.log(params["S0"]), jnp.float32), jnp.full(n_paths, params["h0"], jnp.float32)))
    x = params["beta"] ** n_steps * jnp.maximum(jnp.exp(s) - params["K"], 0)
    x = (x[:half] + x[half:]) / 2
    return x.mean(), x.std() / math.sqrt(half)


# %% wrong: a Python loop over the steps -> expects_the_same_price
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def antithetic_price(key, params, n_steps, n_paths):
    half = n_paths // 2
    def step(t, st):
        up, down, h = st
        k1, k2 = random.split(random.fold_in(key, t))
        xi = random.normal(k1, (half,))
        eta = random.normal(k2, (half,))
        move = jnp.exp(h) * xi
        return up + params['mu'] + move, down + params['mu'] - move, params['rho'] * h + params['nu'] * eta
    s = jnp.full(half, jnp.log(params['S0']), jnp.float32)
    up, down, h = s, s, jnp.full(half, params['h0'], jnp.float32)
    for t in range(n_steps):
        up, down, h = step(t, (up, down, h))
    pay = lambda s: params['beta'] ** n_steps * jnp.maximum(jnp.exp(s) - params['K'], 0)
    pairs = (pay(up) + pay(down)) / 2
    return pairs.mean(), pairs.std() / math.sqrt(half)


# %% wrong: shocks scaled over the pairs -> has_less_variance
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def antithetic_price(key, params, n_steps, n_paths):
    half = n_paths // 2
    def step(t, st):
        up, down, h = st
        k1, k2 = random.split(random.fold_in(key, t))
        xi = random.normal(k1, (half,))
        eta = random.normal(k2, (half,))
        xi = xi / jnp.where(half > 1, jnp.maximum(jnp.sqrt(jnp.mean(xi**2)), 1e-6), 1.0)
        move = jnp.exp(h) * xi
        return up + params['mu'] + move, down + params['mu'] - move, params['rho'] * h + params['nu'] * eta
    s = jnp.full(half, jnp.log(params['S0']), jnp.float32)
    up, down, _ = lax.fori_loop(0, n_steps, step, (s, s, jnp.full(half, params['h0'], jnp.float32)))
    pay = lambda s: params['beta'] ** n_steps * jnp.maximum(jnp.exp(s) - params['K'], 0)
    pairs = (pay(up) + pay(down)) / 2
    return pairs.mean(), pairs.std() / math.sqrt(half)


# %% wrong: shocks in half precision -> expects_the_same_price
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def antithetic_price(key, params, n_steps, n_paths):
    n_pairs = n_paths // 2

    def step(t, state):
        up, down, log_volatility = state
        price_key, volatility_key = random.split(random.fold_in(key, t))
        shock = jnp.exp(log_volatility) * random.normal(price_key, (n_pairs,), jnp.float16)
        eta = random.normal(volatility_key, (n_pairs,))
        log_volatility = params["rho"] * log_volatility + params["nu"] * eta
        return up + params["mu"] + shock, down + params["mu"] - shock, log_volatility

    start = jnp.log(params["S0"]), jnp.log(params["S0"]), params["h0"]
    start = tuple(jnp.full(n_pairs, value, jnp.float32) for value in start)
    log_prices = jnp.stack(lax.fori_loop(0, n_steps, step, start)[:2])
    payoffs = params["beta"] ** n_steps * jnp.maximum(jnp.exp(log_prices) - params["K"], 0)
    pairs = payoffs.mean(axis=0)
    return pairs.mean(), pairs.std() / jnp.sqrt(n_pairs)


# %% wrong: the same volatility shock at every step -> random_volatility_counts
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def antithetic_price(key, params, n_steps, n_paths):
    n_pairs = n_paths // 2

    def step(t, state):
        up, down, log_volatility = state
        price_key, _ = random.split(random.fold_in(key, t))
        shock = jnp.exp(log_volatility) * random.normal(price_key, (n_pairs,))
        eta = random.normal(key, (n_pairs,))
        log_volatility = params["rho"] * log_volatility + params["nu"] * eta
        return up + params["mu"] + shock, down + params["mu"] - shock, log_volatility

    start = jnp.log(params["S0"]), jnp.log(params["S0"]), params["h0"]
    start = tuple(jnp.full(n_pairs, value, jnp.float32) for value in start)
    log_prices = jnp.stack(lax.fori_loop(0, n_steps, step, start)[:2])
    payoffs = params["beta"] ** n_steps * jnp.maximum(jnp.exp(log_prices) - params["K"], 0)
    pairs = payoffs.mean(axis=0)
    return pairs.mean(), pairs.std() / jnp.sqrt(n_pairs)
