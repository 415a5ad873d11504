# %% right: one loop, both log prices of a pair and a shared volatility
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def antithetic_price(key, params, n_steps, n_paths):
    n_pairs = n_paths // 2

    def step(t, state):
        up, down, h = state
        k1, k2 = random.split(random.fold_in(key, t))
        jump = jnp.exp(h) * random.normal(k1, (n_pairs,))
        h = params["rho"] * h + params["nu"] * random.normal(k2, (n_pairs,))
        return up + params["mu"] + jump, down + params["mu"] - jump, h

    s = jnp.full(n_pairs, jnp.log(params["S0"]), jnp.float32)
    h = jnp.full(n_pairs, params["h0"], jnp.float32)
    up, down, _ = lax.fori_loop(0, n_steps, step, (s, s, h))
    pay = lambda s: jnp.maximum(jnp.exp(s) - params["K"], 0)
    pairs = params["beta"] ** n_steps * (pay(up) + pay(down)) / 2
    return pairs.mean(), pairs.std() / jnp.sqrt(n_pairs)


# %% right: physicist, reflects the finished log prices about log S0 + n mu
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def antithetic_price(
    key: PRNGKeyArray, params: dict[str, float], n_steps: int, n_paths: int
) -> tuple[Float32[Array, ""], Float32[Array, ""]]:
    half = n_paths // 2
    # With the partner's volatility, all jumps of the mirror image have the other sign, and so has
    # their sum: it ends as far below the drift's line as its partner ends above it.
    up = simulate_log_prices(key, params, n_steps, half)
    line = jnp.log(params["S0"]) + n_steps * params["mu"]
    down = 2 * line - up
    worth = 0.0
    for s in (up, down):
        worth = worth + 0.5 * jnp.maximum(jnp.exp(s) - params["K"], 0.0)
    worth = worth * params["beta"] ** n_steps
    mean = jnp.sum(worth) / half
    return mean, jnp.sqrt(jnp.sum((worth - mean) ** 2) / half) / math.sqrt(half)


# %% right: NumPy veteran, an axis of signs, volatility shocks negated as well
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def antithetic_price(key, params, n_steps, n_paths):
    shocks = random.normal(key, (n_steps, 2, n_paths // 2))
    signs = jnp.array([[1.0], [-1.0]], jnp.float32)

    def step(carry, z):
        s, h = carry
        xi, eta = signs * z[0], signs * z[1]
        return (s + params["mu"] + jnp.exp(h) * xi, params["rho"] * h + params["nu"] * eta), None

    shape = (2, n_paths // 2)
    start = (
        jnp.full(shape, jnp.log(params["S0"]), jnp.float32),
        jnp.full(shape, params["h0"], jnp.float32),
    )
    (s, _), _ = lax.scan(step, start, shocks)
    x = (params["beta"] ** n_steps * jnp.maximum(jnp.exp(s) - params["K"], 0)).mean(axis=0)
    return x.mean(), x.std() / np.float32(np.sqrt(n_paths // 2))


# %% right: functional, vmap over a key for each pair, new volatility shocks for the image
def _pair_worth(key, params, n_steps):
    def step(state, k):
        s, h = state  # two entries each: a path and its mirror image
        k_xi, k_eta = random.split(k)
        xi = random.normal(k_xi) * jnp.array([1.0, -1.0])
        s = s + params["mu"] + jnp.exp(h) * xi
        return (s, params["rho"] * h + params["nu"] * random.normal(k_eta, (2,))), None

    start = (
        jnp.full(2, jnp.log(params["S0"]), jnp.float32),
        jnp.full(2, params["h0"], jnp.float32),
    )
    (s, _), _ = lax.scan(step, start, random.split(key, n_steps))
    return params["beta"] ** n_steps * jnp.mean(jnp.maximum(jnp.exp(s) - params["K"], 0))


@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def antithetic_price(key, params, n_steps, n_paths):
    keys = random.split(key, n_paths // 2)
    sample = jax.vmap(lambda k: _pair_worth(k, params, n_steps))(keys)
    return jnp.mean(sample), jnp.std(sample) * jnp.float32(n_paths // 2) ** -0.5


# %% wrong: error divided by the root of n_paths | the sample has n_paths // 2 pairs, so the error is too small by sqrt(2)
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def antithetic_price(key, params, n_steps, n_paths):
    n_pairs = n_paths // 2

    def step(t, state):
        up, down, h = state
        k1, k2 = random.split(random.fold_in(key, t))
        jump = jnp.exp(h) * random.normal(k1, (n_pairs,))
        h = params["rho"] * h + params["nu"] * random.normal(k2, (n_pairs,))
        return up + params["mu"] + jump, down + params["mu"] - jump, h

    s = jnp.full(n_pairs, jnp.log(params["S0"]), jnp.float32)
    h = jnp.full(n_pairs, params["h0"], jnp.float32)
    up, down, _ = lax.fori_loop(0, n_steps, step, (s, s, h))
    pay = lambda s: jnp.maximum(jnp.exp(s) - params["K"], 0)
    pairs = params["beta"] ** n_steps * (pay(up) + pay(down)) / 2
    return pairs.mean(), pairs.std() / jnp.sqrt(n_paths)


# %% wrong: n_paths pairs | simulates n_paths paths and as many mirror images; n_paths counts the images too
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def antithetic_price(key, params, n_steps, n_paths):
    up = simulate_log_prices(key, params, n_steps, n_paths)
    down = 2 * (jnp.log(params["S0"]) + n_steps * params["mu"]) - up
    pay = lambda s: jnp.maximum(jnp.exp(s) - params["K"], 0)
    pairs = params["beta"] ** n_steps * (pay(up) + pay(down)) / 2
    return pairs.mean(), pairs.std() / jnp.sqrt(n_paths)


# %% wrong: the same volatility shock for all pairs | eta is a scalar, so the pairs are not independent and the error is too small
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def antithetic_price(key, params, n_steps, n_paths):
    n_pairs = n_paths // 2
    k_xi, k_eta = random.split(key)
    xis, etas = random.normal(k_xi, (n_steps, n_pairs)), random.normal(k_eta, (n_steps,))

    def step(state, z):
        up, down, h = state
        xi, eta = z
        jump = jnp.exp(h) * xi
        new = (up + params["mu"] + jump, down + params["mu"] - jump)
        return (*new, params["rho"] * h + params["nu"] * eta), None

    s = jnp.full(n_pairs, jnp.log(params["S0"]), jnp.float32)
    h = jnp.asarray(params["h0"], jnp.float32)
    (up, down, _), _ = lax.scan(step, (s, s, h), (xis, etas))
    pay = lambda s: jnp.maximum(jnp.exp(s) - params["K"], 0)
    pairs = params["beta"] ** n_steps * (pay(up) + pay(down)) / 2
    return pairs.mean(), pairs.std() / jnp.sqrt(n_pairs)


# %% wrong: the image moves by the new volatility | h is updated between the two moves, so the image uses the h from after the step
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def antithetic_price(key, params, n_steps, n_paths):
    n_pairs = n_paths // 2

    def step(t, state):
        up, down, h = state
        k1, k2 = random.split(random.fold_in(key, t))
        xi = random.normal(k1, (n_pairs,))
        up = up + params["mu"] + jnp.exp(h) * xi
        h = params["rho"] * h + params["nu"] * random.normal(k2, (n_pairs,))
        down = down + params["mu"] - jnp.exp(h) * xi
        return up, down, h

    s = jnp.full(n_pairs, jnp.log(params["S0"]), jnp.float32)
    h = jnp.full(n_pairs, params["h0"], jnp.float32)
    up, down, _ = lax.fori_loop(0, n_steps, step, (s, s, h))
    pay = lambda s: jnp.maximum(jnp.exp(s) - params["K"], 0)
    pairs = params["beta"] ** n_steps * (pay(up) + pay(down)) / 2
    return pairs.mean(), pairs.std() / jnp.sqrt(n_pairs)


# %% wrong: price discounted, error not | the standard error lacks beta**n_steps
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def antithetic_price(key, params, n_steps, n_paths):
    n_pairs = n_paths // 2
    up = simulate_log_prices(key, params, n_steps, n_pairs)
    down = 2 * (jnp.log(params["S0"]) + n_steps * params["mu"]) - up
    payoffs = jnp.maximum(jnp.exp(jnp.stack([up, down])) - params["K"], 0)
    pairs = payoffs.mean(axis=0)
    return params["beta"] ** n_steps * pairs.mean(), pairs.std() / jnp.sqrt(n_pairs)


# %% wrong: averages the prices of a pair, then takes the maximum | right only if both are above K; else too low
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def antithetic_price(key, params, n_steps, n_paths):
    n_pairs = n_paths // 2
    up = simulate_log_prices(key, params, n_steps, n_pairs)
    down = 2 * (jnp.log(params["S0"]) + n_steps * params["mu"]) - up
    mean_price = (jnp.exp(up) + jnp.exp(down)) / 2
    pairs = params["beta"] ** n_steps * jnp.maximum(mean_price - params["K"], 0)
    return pairs.mean(), pairs.std() / jnp.sqrt(n_pairs)


# %% wrong: reflects about the sample's mean | not the drift's line: images share the sample's error, the pairs are not independent and a single pair is twice the same path
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def antithetic_price(key, params, n_steps, n_paths):
    n_pairs = n_paths // 2
    up = simulate_log_prices(key, params, n_steps, n_pairs)
    down = 2 * jnp.mean(up) - up
    pay = lambda s: jnp.maximum(jnp.exp(s) - params["K"], 0)
    pairs = params["beta"] ** n_steps * (pay(up) + pay(down)) / 2
    return pairs.mean(), pairs.std() / jnp.sqrt(n_pairs)


# %% wrong: Python loop over the steps | unrolls n_steps copies of the step into the program
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def antithetic_price(key, params, n_steps, n_paths):
    n_pairs = n_paths // 2
    up = down = jnp.full(n_pairs, jnp.log(params["S0"]), jnp.float32)
    h = jnp.full(n_pairs, params["h0"], jnp.float32)
    for t in range(n_steps):
        k1, k2 = random.split(random.fold_in(key, t))
        jump = jnp.exp(h) * random.normal(k1, (n_pairs,))
        up, down = up + params["mu"] + jump, down + params["mu"] - jump
        h = params["rho"] * h + params["nu"] * random.normal(k2, (n_pairs,))
    payoffs = jnp.maximum(jnp.exp(jnp.stack([up, down])) - params["K"], 0)
    pairs = params["beta"] ** n_steps * payoffs.mean(axis=0)
    return pairs.mean(), pairs.std() / jnp.sqrt(n_pairs)
