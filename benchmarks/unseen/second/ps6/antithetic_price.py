# %% right: two log prices and a shared h in the state
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def antithetic_price(key, params, n_steps, n_paths):
    pairs = n_paths // 2

    def step(t, state):
        up, down, h = state
        k1, k2 = random.split(random.fold_in(key, t))
        move = jnp.exp(h) * random.normal(k1, (pairs,))
        h = params["rho"] * h + params["nu"] * random.normal(k2, (pairs,))
        return up + params["mu"] + move, down + params["mu"] - move, h

    s = jnp.full(pairs, jnp.log(params["S0"]), jnp.float32)
    h = jnp.full(pairs, params["h0"], jnp.float32)
    up, down, _ = lax.fori_loop(0, n_steps, step, (s, s, h))
    payoff = lambda s: jnp.maximum(jnp.exp(s) - params["K"], 0)
    x = params["beta"] ** n_steps * (payoff(up) + payoff(down)) / 2
    return x.mean(), x.std() / jnp.sqrt(pairs)

# %% right: state of shape (2, pairs), signs by broadcasting, new volatility shocks for the mirror
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def antithetic_price(key, params, n_steps, n_paths):
    pairs = n_paths // 2
    sign = jnp.array([[1.0], [-1.0]], jnp.float32)

    def step(state, k):
        s, h = state
        k1, k2 = random.split(k)
        xi = sign * random.normal(k1, (pairs,))
        eta = random.normal(k2, (2, pairs))
        return (s + params["mu"] + jnp.exp(h) * xi, params["rho"] * h + params["nu"] * eta), None

    s = jnp.full((2, pairs), jnp.log(params["S0"]), jnp.float32)
    h = jnp.full((2, pairs), params["h0"], jnp.float32)
    (s, _), _ = lax.scan(step, (s, h), random.split(key, n_steps))
    x = jnp.mean(jnp.maximum(jnp.exp(s) - params["K"], 0), axis=0) * params["beta"] ** n_steps
    return jnp.mean(x), jnp.std(x) / math.sqrt(pairs)

# %% right: a function of the shocks, vmapped over sign and pair, all shocks negated
def _end_payoff(xi, eta, params):
    def step(state, z):
        s, h = state
        return (s + params["mu"] + jnp.exp(h) * z[0], params["rho"] * h + params["nu"] * z[1]), None

    start = (jnp.log(jnp.float32(params["S0"])), jnp.float32(params["h0"]))
    (s, _), _ = lax.scan(step, start, (xi, eta))
    return jax.nn.relu(jnp.exp(s) - params["K"])


@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def antithetic_price(key, params, n_steps, n_paths):
    def pair(k):
        xi, eta = random.normal(k, (2, n_steps))
        return 0.5 * (_end_payoff(xi, eta, params) + _end_payoff(-xi, -eta, params))

    averages = params["beta"] ** n_steps * jax.vmap(pair)(random.split(key, n_paths // 2))
    price = averages.mean()
    error = jnp.sqrt(jnp.sum((averages - price) ** 2)) / averages.size
    return price, error

# %% right: the noise is accumulated once, both prices made of it at the end
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def antithetic_price(key, params, n_steps, n_paths):
    half = n_paths // 2

    def step(state, k):
        noise, h = state
        k1, k2 = random.split(k)
        noise = noise + jnp.exp(h) * random.normal(k1, noise.shape)
        return (noise, params["rho"] * h + params["nu"] * random.normal(k2, h.shape)), None

    start = jnp.zeros(half, jnp.float32), jnp.full(half, params["h0"], jnp.float32)
    (noise, _), _ = lax.scan(step, start, random.split(key, n_steps))
    middle = jnp.log(params["S0"]) + n_steps * params["mu"]
    both = jnp.exp(middle + jnp.outer(jnp.array([1.0, -1.0]), noise))
    x = params["beta"] ** n_steps * jnp.einsum("ij->j", jnp.maximum(both - params["K"], 0)) / 2
    return x.mean(), jnp.sqrt(x.var() / half)

# %% right: full length arrays, second half mirrored by concatenate
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def antithetic_price(key, params, n_steps, n_paths):
    def step(t, state):
        s, h = state
        k1, k2 = random.split(random.fold_in(key, t))
        z = random.normal(k1, (n_paths // 2,))
        xi = jnp.concatenate([z, -z])
        eta = random.normal(k2, (n_paths,))
        return s + params["mu"] + jnp.exp(h) * xi, params["rho"] * h + params["nu"] * eta

    s = jnp.full(n_paths, jnp.log(params["S0"]), jnp.float32)
    h = jnp.full(n_paths, params["h0"], jnp.float32)
    s, _ = lax.fori_loop(0, n_steps, step, (s, h))
    payoffs = params["beta"] ** n_steps * jnp.maximum(jnp.exp(s) - params["K"], 0)
    first, second = jnp.split(payoffs, 2)
    pairs = (first + second) / 2
    return pairs.mean(), pairs.std() / len(pairs) ** 0.5

# %% wrong: error divided by the root of the paths, not of the pairs | standard error too small by sqrt(2)
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def antithetic_price(key, params, n_steps, n_paths):
    pairs = n_paths // 2

    def step(t, state):
        up, down, h = state
        k1, k2 = random.split(random.fold_in(key, t))
        move = jnp.exp(h) * random.normal(k1, (pairs,))
        h = params["rho"] * h + params["nu"] * random.normal(k2, (pairs,))
        return up + params["mu"] + move, down + params["mu"] - move, h

    s = jnp.full(pairs, jnp.log(params["S0"]), jnp.float32)
    h = jnp.full(pairs, params["h0"], jnp.float32)
    up, down, _ = lax.fori_loop(0, n_steps, step, (s, s, h))
    payoff = lambda s: jnp.maximum(jnp.exp(s) - params["K"], 0)
    x = params["beta"] ** n_steps * (payoff(up) + payoff(down)) / 2
    return x.mean(), x.std() / jnp.sqrt(n_paths)

# %% wrong: n_paths pairs | twice the paths asked for, the mirror images are not counted: error too small
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def antithetic_price(key, params, n_steps, n_paths):
    def step(t, state):
        up, down, h = state
        k1, k2 = random.split(random.fold_in(key, t))
        move = jnp.exp(h) * random.normal(k1, (n_paths,))
        h = params["rho"] * h + params["nu"] * random.normal(k2, (n_paths,))
        return up + params["mu"] + move, down + params["mu"] - move, h

    s = jnp.full(n_paths, jnp.log(params["S0"]), jnp.float32)
    h = jnp.full(n_paths, params["h0"], jnp.float32)
    up, down, _ = lax.fori_loop(0, n_steps, step, (s, s, h))
    payoff = lambda s: jnp.maximum(jnp.exp(s) - params["K"], 0)
    x = params["beta"] ** n_steps * (payoff(up) + payoff(down)) / 2
    return x.mean(), x.std() / jnp.sqrt(n_paths)

# %% wrong: prices averaged within the pair before the maximum | payoff of the mean price: too low near the strike
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def antithetic_price(key, params, n_steps, n_paths):
    pairs = n_paths // 2

    def step(t, state):
        up, down, h = state
        k1, k2 = random.split(random.fold_in(key, t))
        move = jnp.exp(h) * random.normal(k1, (pairs,))
        h = params["rho"] * h + params["nu"] * random.normal(k2, (pairs,))
        return up + params["mu"] + move, down + params["mu"] - move, h

    s = jnp.full(pairs, jnp.log(params["S0"]), jnp.float32)
    h = jnp.full(pairs, params["h0"], jnp.float32)
    up, down, _ = lax.fori_loop(0, n_steps, step, (s, s, h))
    average = (jnp.exp(up) + jnp.exp(down)) / 2
    x = params["beta"] ** n_steps * jnp.maximum(average - params["K"], 0)
    return x.mean(), x.std() / jnp.sqrt(pairs)

# %% wrong: rho left out of the loop | wrong for rho other than 1
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def antithetic_price(key, params, n_steps, n_paths):
    pairs = n_paths // 2

    def step(t, state):
        up, down, h = state
        k1, k2 = random.split(random.fold_in(key, t))
        move = jnp.exp(h) * random.normal(k1, (pairs,))
        h = h + params["nu"] * random.normal(k2, (pairs,))
        return up + params["mu"] + move, down + params["mu"] - move, h

    s = jnp.full(pairs, jnp.log(params["S0"]), jnp.float32)
    h = jnp.full(pairs, params["h0"], jnp.float32)
    up, down, _ = lax.fori_loop(0, n_steps, step, (s, s, h))
    payoff = lambda s: jnp.maximum(jnp.exp(s) - params["K"], 0)
    x = params["beta"] ** n_steps * (payoff(up) + payoff(down)) / 2
    return x.mean(), x.std() / jnp.sqrt(pairs)

# %% wrong: volatility without its shocks | nu is ignored
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def antithetic_price(key, params, n_steps, n_paths):
    pairs = n_paths // 2

    def step(state, k):
        up, down, h = state
        move = jnp.exp(h) * random.normal(k, (pairs,))
        return (up + params["mu"] + move, down + params["mu"] - move, params["rho"] * h), None

    s = jnp.full(pairs, jnp.log(params["S0"]), jnp.float32)
    (up, down, _), _ = lax.scan(
        step, (s, s, jnp.float32(params["h0"])), random.split(key, n_steps)
    )
    payoff = lambda s: jnp.maximum(jnp.exp(s) - params["K"], 0)
    x = params["beta"] ** n_steps * (payoff(up) + payoff(down)) / 2
    return x.mean(), x.std() / jnp.sqrt(pairs)

# %% wrong: same key for both shocks of a step | eta equals xi: the first of a pair gets wilder as it rises (nu > 0)
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def antithetic_price(key, params, n_steps, n_paths):
    pairs = n_paths // 2

    def step(t, state):
        up, down, h = state
        k = random.fold_in(key, t)
        move = jnp.exp(h) * random.normal(k, (pairs,))
        h = params["rho"] * h + params["nu"] * random.normal(k, (pairs,))
        return up + params["mu"] + move, down + params["mu"] - move, h

    s = jnp.full(pairs, jnp.log(params["S0"]), jnp.float32)
    h = jnp.full(pairs, params["h0"], jnp.float32)
    up, down, _ = lax.fori_loop(0, n_steps, step, (s, s, h))
    payoff = lambda s: jnp.maximum(jnp.exp(s) - params["K"], 0)
    x = params["beta"] ** n_steps * (payoff(up) + payoff(down)) / 2
    return x.mean(), x.std() / jnp.sqrt(pairs)

# %% wrong: h is updated before the price moves | price of a step sees the new volatility (rho other than 1, nu > 0)
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def antithetic_price(key, params, n_steps, n_paths):
    pairs = n_paths // 2

    def step(t, state):
        up, down, h = state
        k1, k2 = random.split(random.fold_in(key, t))
        h = params["rho"] * h + params["nu"] * random.normal(k2, (pairs,))
        move = jnp.exp(h) * random.normal(k1, (pairs,))
        return up + params["mu"] + move, down + params["mu"] - move, h

    s = jnp.full(pairs, jnp.log(params["S0"]), jnp.float32)
    h = jnp.full(pairs, params["h0"], jnp.float32)
    up, down, _ = lax.fori_loop(0, n_steps, step, (s, s, h))
    payoff = lambda s: jnp.maximum(jnp.exp(s) - params["K"], 0)
    x = params["beta"] ** n_steps * (payoff(up) + payoff(down)) / 2
    return x.mean(), x.std() / jnp.sqrt(pairs)

# %% wrong: first shock not negated | the mirror starts with its partner's shock: not all price shocks are negated, less gained
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def antithetic_price(key, params, n_steps, n_paths):
    pairs = n_paths // 2

    def step(t, state):
        up, down, h = state
        k1, k2 = random.split(random.fold_in(key, t))
        move = jnp.exp(h) * random.normal(k1, (pairs,))
        h = params["rho"] * h + params["nu"] * random.normal(k2, (pairs,))
        sign = jnp.where(t > 0, -1.0, 1.0)
        return up + params["mu"] + move, down + params["mu"] + sign * move, h

    s = jnp.full(pairs, jnp.log(params["S0"]), jnp.float32)
    h = jnp.full(pairs, params["h0"], jnp.float32)
    up, down, _ = lax.fori_loop(0, n_steps, step, (s, s, h))
    payoff = lambda s: jnp.maximum(jnp.exp(s) - params["K"], 0)
    x = params["beta"] ** n_steps * (payoff(up) + payoff(down)) / 2
    return x.mean(), x.std() / jnp.sqrt(pairs)

# %% wrong: one volatility path for all pairs | pairs share h, they are not independent (nu > 0): error too small
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def antithetic_price(key, params, n_steps, n_paths):
    pairs = n_paths // 2

    def step(t, state):
        up, down, h = state
        k1, k2 = random.split(random.fold_in(key, t))
        move = jnp.exp(h) * random.normal(k1, (pairs,))
        h = params["rho"] * h + params["nu"] * random.normal(k2)
        return up + params["mu"] + move, down + params["mu"] - move, h

    s = jnp.full(pairs, jnp.log(params["S0"]), jnp.float32)
    up, down, _ = lax.fori_loop(0, n_steps, step, (s, s, jnp.float32(params["h0"])))
    payoff = lambda s: jnp.maximum(jnp.exp(s) - params["K"], 0)
    x = params["beta"] ** n_steps * (payoff(up) + payoff(down)) / 2
    return x.mean(), x.std() / jnp.sqrt(pairs)

# %% wrong: 500 pairs written out | wrong number of paths for any n_paths other than 1000
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def antithetic_price(key, params, n_steps, n_paths):
    pairs = 500

    def step(t, state):
        up, down, h = state
        k1, k2 = random.split(random.fold_in(key, t))
        move = jnp.exp(h) * random.normal(k1, (pairs,))
        h = params["rho"] * h + params["nu"] * random.normal(k2, (pairs,))
        return up + params["mu"] + move, down + params["mu"] - move, h

    s = jnp.full(pairs, jnp.log(params["S0"]), jnp.float32)
    h = jnp.full(pairs, params["h0"], jnp.float32)
    up, down, _ = lax.fori_loop(0, n_steps, step, (s, s, h))
    payoff = lambda s: jnp.maximum(jnp.exp(s) - params["K"], 0)
    x = params["beta"] ** n_steps * (payoff(up) + payoff(down)) / 2
    return x.mean(), x.std() / jnp.sqrt(pairs)

# %% wrong: shocks standardised over the pairs in each step | pairs are not independent (stated error misses what was removed); a single pair has 0 / 0
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def antithetic_price(key, params, n_steps, n_paths):
    pairs = n_paths // 2

    def step(t, state):
        up, down, h = state
        k1, k2 = random.split(random.fold_in(key, t))
        xi = random.normal(k1, (pairs,))
        move = jnp.exp(h) * (xi - xi.mean()) / xi.std()
        h = params["rho"] * h + params["nu"] * random.normal(k2, (pairs,))
        return up + params["mu"] + move, down + params["mu"] - move, h

    s = jnp.full(pairs, jnp.log(params["S0"]), jnp.float32)
    h = jnp.full(pairs, params["h0"], jnp.float32)
    up, down, _ = lax.fori_loop(0, n_steps, step, (s, s, h))
    payoff = lambda s: jnp.maximum(jnp.exp(s) - params["K"], 0)
    x = params["beta"] ** n_steps * (payoff(up) + payoff(down)) / 2
    return x.mean(), x.std() / jnp.sqrt(pairs)

# %% wrong: Python loop over the steps | unrolled n_steps times
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def antithetic_price(key, params, n_steps, n_paths):
    pairs = n_paths // 2
    up = down = jnp.full(pairs, jnp.log(params["S0"]), jnp.float32)
    h = jnp.full(pairs, params["h0"], jnp.float32)
    for k in random.split(key, n_steps):
        k1, k2 = random.split(k)
        move = jnp.exp(h) * random.normal(k1, (pairs,))
        up, down = up + params["mu"] + move, down + params["mu"] - move
        h = params["rho"] * h + params["nu"] * random.normal(k2, (pairs,))
    payoff = lambda s: jnp.maximum(jnp.exp(s) - params["K"], 0)
    x = params["beta"] ** n_steps * (payoff(up) + payoff(down)) / 2
    return x.mean(), x.std() / jnp.sqrt(pairs)

# %% wrong: mirror takes 2 h0 - h for its log volatility | right for rho = 1 only, otherwise its volatility follows another law
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def antithetic_price(key, params, n_steps, n_paths):
    pairs = n_paths // 2

    def step(t, state):
        up, down, h = state
        k1, k2 = random.split(random.fold_in(key, t))
        xi = random.normal(k1, (pairs,))
        mirrored_h = 2 * params["h0"] - h
        up = up + params["mu"] + jnp.exp(h) * xi
        down = down + params["mu"] - jnp.exp(mirrored_h) * xi
        return up, down, params["rho"] * h + params["nu"] * random.normal(k2, (pairs,))

    s = jnp.full(pairs, jnp.log(params["S0"]), jnp.float32)
    h = jnp.full(pairs, params["h0"], jnp.float32)
    up, down, _ = lax.fori_loop(0, n_steps, step, (s, s, h))
    payoff = lambda s: jnp.maximum(jnp.exp(s) - params["K"], 0)
    x = params["beta"] ** n_steps * (payoff(up) + payoff(down)) / 2
    return x.mean(), x.std() / jnp.sqrt(pairs)

# %% wrong: each path averaged with the mirror image of its neighbour | pairs mismatched: the averages are not independent and the stated error is that of plain paths
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def antithetic_price(key, params, n_steps, n_paths):
    pairs = n_paths // 2
    s = simulate_log_prices(key, params, n_steps, pairs)
    mirrored = 2 * (jnp.log(params["S0"]) + n_steps * params["mu"]) - jnp.roll(s, 1)
    payoff = lambda s: jnp.maximum(jnp.exp(s) - params["K"], 0)
    x = params["beta"] ** n_steps * (payoff(s) + payoff(mirrored)) / 2
    return x.mean(), x.std() / jnp.sqrt(pairs)
