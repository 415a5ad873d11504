# %% right: state of three arrays, as in the stronger hint
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def antithetic_price(key, params, n_steps, n_paths):
    half = n_paths // 2
    def step(t, st):
        up, down, h = st
        k1, k2 = random.split(random.fold_in(key, t))
        move = jnp.exp(h) * random.normal(k1, (half,))
        return up + params["mu"] + move, down + params["mu"] - move, params["rho"] * h + params["nu"] * random.normal(k2, (half,))
    s = jnp.full(half, jnp.log(params["S0"]), jnp.float32)
    up, down, _ = lax.fori_loop(0, n_steps, step, (s, s, jnp.full(half, params["h0"], jnp.float32)))
    pay = lambda s: params["beta"] ** n_steps * jnp.maximum(jnp.exp(s) - params["K"], 0)
    pairs = (pay(up) + pay(down)) / 2
    return pairs.mean(), pairs.std() / math.sqrt(half)

# %% right: mirror image by reflection of simulate_log_prices about its mean
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def antithetic_price(key, params, n_steps, n_paths):
    s = simulate_log_prices(key, params, n_steps, n_paths // 2)
    mirrored = 2 * (jnp.log(params["S0"]) + n_steps * params["mu"]) - s
    x = params["beta"] ** n_steps * jnp.maximum(jnp.exp(jnp.stack([s, mirrored])) - params["K"], 0)
    x = x.mean(axis=0)
    return x.mean(), x.std() / jnp.sqrt(x.size)

# %% right: a sign axis of two in the state, volatility shocks negated as well, scan
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def antithetic_price(key, params, n_steps, n_paths):
    pairs = n_paths // 2
    sign = jnp.array([[1.0], [-1.0]])
    def f(c, k):
        s, h = c
        xi, eta = random.normal(k, (2, pairs))
        return (s + params["mu"] + jnp.exp(h) * sign * xi, params["rho"] * h + params["nu"] * sign * eta), None
    c = (jnp.full((2, pairs), jnp.log(params["S0"]), jnp.float32), jnp.full((2, pairs), params["h0"], jnp.float32))
    s = lax.scan(f, c, random.split(key, n_steps))[0][0]
    x = params["beta"] ** n_steps * jax.nn.relu(jnp.exp(s) - params["K"]).mean(0)
    return x.mean(), x.std() / math.sqrt(pairs)

# %% right: one pair as a scalar program, vmapped over keys
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def antithetic_price(key, params, n_steps, n_paths):
    def pair(k):
        z = random.normal(k, (n_steps, 2))
        def one(sign):
            def f(c, e):
                return (c[0] + params["mu"] + sign * jnp.exp(c[1]) * e[0], params["rho"] * c[1] + params["nu"] * e[1]), None
            (s, _), _ = lax.scan(f, (jnp.float32(jnp.log(params["S0"])), jnp.float32(params["h0"])), z)
            return jnp.maximum(jnp.exp(s) - params["K"], 0)
        return params["beta"] ** n_steps * (one(1.0) + one(-1.0)) / 2
    x = jax.vmap(pair)(random.split(key, n_paths // 2))
    return jnp.mean(x), jnp.std(x) / jnp.sqrt(n_paths // 2)

# %% right: mirrored paths interleaved, reshape to pairs, ddof 1 where there are two pairs
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def antithetic_price(key, params, n_steps, n_paths):
    half = n_paths // 2
    def f(c, ks):
        s, h = c
        z = random.normal(ks[0], (half, 1)) * jnp.array([1.0, -1.0])
        e = jnp.repeat(random.normal(ks[1], (half,)), 2)
        return (s + params["mu"] + jnp.exp(h) * z.ravel(), params["rho"] * h + params["nu"] * e), None
    c = jax.tree.map(lambda v: jnp.full(n_paths, v, jnp.float32), (jnp.log(params["S0"]), params["h0"]))
    s = lax.scan(f, c, random.split(key, (n_steps, 2)))[0][0]
    x = (params["beta"] ** n_steps * jnp.maximum(jnp.exp(s) - params["K"], 0)).reshape(half, 2).mean(axis=1)
    return x.mean(), jnp.std(x, ddof=min(1, half - 1)) / math.sqrt(half)

# %% right: helper called twice with the same key and opposite signs
def _leg(key, params, n_steps, n, sign):
    def body(t, c):
        kx, ke = random.split(random.fold_in(key, t))
        return c[0] + params["mu"] + sign * jnp.exp(c[1]) * random.normal(kx, (n,)), params["rho"] * c[1] + params["nu"] * random.normal(ke, (n,))
    return lax.fori_loop(0, n_steps, body, (jnp.full(n, jnp.log(params["S0"]), jnp.float32), jnp.full(n, params["h0"], jnp.float32)))[0]

@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def antithetic_price(key, params, n_steps, n_paths):
    n = n_paths // 2
    a, b = (jnp.maximum(jnp.exp(_leg(key, params, n_steps, n, sg)) - params["K"], 0) for sg in (1.0, -1.0))
    x = params["beta"] ** n_steps * 0.5 * (a + b)
    return x.mean(), x.std() / math.sqrt(n)

# %% right: error from variances and covariance of the two legs (centred)
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def antithetic_price(key, params, n_steps, n_paths):
    s = simulate_log_prices(key, params, n_steps, n_paths // 2)
    centre = jnp.log(params["S0"]) + n_steps * params["mu"]
    a, b = (jnp.maximum(jnp.exp(centre + sg * (s - centre)) - params["K"], 0) for sg in (1, -1))
    d = params["beta"] ** n_steps
    da, db = a - a.mean(), b - b.mean()
    var = jnp.mean((da + db) ** 2) / 4
    return d * (a.mean() + b.mean()) / 2, d * jnp.sqrt(var / (n_paths // 2))

# %% right: vmap over the sign with common shocks, everything in a dict
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def antithetic_price(key, params, n_steps, n_paths):
    n = n_paths // 2
    shocks = dict(zip(("xi", "eta"), random.normal(key, (2, n_steps, n))))
    def payoff(sign):
        def f(st, z):
            return {"s": st["s"] + params["mu"] + jnp.exp(st["h"]) * sign * z["xi"], "h": params["rho"] * st["h"] + params["nu"] * z["eta"]}, None
        st = {"s": jnp.full(n, jnp.log(params["S0"]), jnp.float32), "h": jnp.full(n, params["h0"], jnp.float32)}
        return jnp.maximum(jnp.exp(lax.scan(f, st, shocks)[0]["s"]) - params["K"], 0)
    x = params["beta"] ** n_steps * jax.vmap(payoff)(jnp.array([-1.0, 1.0])).mean(0)
    return x.mean(), jnp.linalg.norm(x - x.mean()) / n

# %% right: only the noise is carried, both log prices are made of it at the end
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def antithetic_price(key, params, n_steps, n_paths):
    def f(t, c):
        noise, h = c
        z = random.normal(random.fold_in(key, t), (n_paths // 2, 2))
        return noise + jnp.exp(h) * z[..., 0], params["rho"] * h + params["nu"] * z[..., 1]
    noise = lax.fori_loop(0, n_steps, f, (jnp.zeros(n_paths // 2), jnp.full(n_paths // 2, params["h0"], jnp.float32)))[0]
    forward = params["S0"] * jnp.exp(n_steps * params["mu"])
    x = jnp.maximum(forward * jnp.exp(noise) - params["K"], 0) / 2 + jnp.maximum(forward * jnp.exp(-noise) - params["K"], 0) / 2
    x = x * params["beta"] ** n_steps
    return x.mean(), x.std() / math.sqrt(n_paths // 2)

# %% right: nested scan of carried key
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def antithetic_price(key, params, n_steps, n_paths):
    half = n_paths >> 1
    def f(c, _):
        k, legs, h = c
        k, k1, k2 = random.split(k, 3)
        jump = jnp.exp(h) * random.normal(k1, (half,))
        return (k, legs + params["mu"] + jnp.stack([jump, lax.neg(jump)]), params["rho"] * h + params["nu"] * random.normal(k2, (half,))), None
    c = (key, jnp.full((2, half), jnp.log(params["S0"]), jnp.float32), jnp.full((half,), params["h0"], jnp.float32))
    (_, legs, _), _ = lax.scan(f, c, length=n_steps)
    x = params["beta"] ** n_steps * jnp.einsum("lp->p", jnp.maximum(jnp.exp(legs) - params["K"], 0)) / 2
    return x.mean(), x.std() * half**-0.5

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

# %% wrong: error divided by the root of the number of paths, not of pairs | "divided by the square root of the number of *pairs*"
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
    up, down, _ = lax.fori_loop(0, n_steps, step, (s, s, jnp.full(half, params['h0'], jnp.float32)))
    pay = lambda s: params['beta'] ** n_steps * jnp.maximum(jnp.exp(s) - params['K'], 0)
    pairs = (pay(up) + pay(down)) / 2
    return pairs.mean(), pairs.std() / math.sqrt(n_paths)

# %% wrong: n_paths pairs instead of n_paths // 2 | "`n_paths` counts the mirror images too"
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def antithetic_price(key, params, n_steps, n_paths):
    half = n_paths
    def step(t, st):
        up, down, h = st
        k1, k2 = random.split(random.fold_in(key, t))
        xi = random.normal(k1, (half,))
        eta = random.normal(k2, (half,))
        move = jnp.exp(h) * xi
        return up + params['mu'] + move, down + params['mu'] - move, params['rho'] * h + params['nu'] * eta
    s = jnp.full(half, jnp.log(params['S0']), jnp.float32)
    up, down, _ = lax.fori_loop(0, n_steps, step, (s, s, jnp.full(half, params['h0'], jnp.float32)))
    pay = lambda s: params['beta'] ** n_steps * jnp.maximum(jnp.exp(s) - params['K'], 0)
    pairs = (pay(up) + pay(down)) / 2
    return pairs.mean(), pairs.std() / math.sqrt(half)

# %% wrong: log prices averaged within the pair before the payoff | average of the payoffs within each pair
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
    up, down, _ = lax.fori_loop(0, n_steps, step, (s, s, jnp.full(half, params['h0'], jnp.float32)))
    pay = lambda s: params['beta'] ** n_steps * jnp.maximum(jnp.exp(s) - params['K'], 0)
    x = pay((up + down) / 2)
    return x.mean(), x.std() / math.sqrt(half)

# %% wrong: share prices averaged within the pair before the maximum | "First the maximum, then the mean"
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
    up, down, _ = lax.fori_loop(0, n_steps, step, (s, s, jnp.full(half, params['h0'], jnp.float32)))
    pay = lambda s: params['beta'] ** n_steps * jnp.maximum(jnp.exp(s) - params['K'], 0)
    x = params['beta'] ** n_steps * jnp.maximum((jnp.exp(up) + jnp.exp(down)) / 2 - params['K'], 0)
    return x.mean(), x.std() / math.sqrt(half)

# %% wrong: volatility after the step moves the price | the one from *before* the step (quiet for rho = 1, nu = 0)
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def antithetic_price(key, params, n_steps, n_paths):
    half = n_paths // 2
    def step(t, st):
        up, down, h = st
        k1, k2 = random.split(random.fold_in(key, t))
        xi = random.normal(k1, (half,))
        eta = random.normal(k2, (half,))
        h = params['rho'] * h + params['nu'] * eta
        move = jnp.exp(h) * xi
        return up + params['mu'] + move, down + params['mu'] - move, h
    s = jnp.full(half, jnp.log(params['S0']), jnp.float32)
    up, down, _ = lax.fori_loop(0, n_steps, step, (s, s, jnp.full(half, params['h0'], jnp.float32)))
    pay = lambda s: params['beta'] ** n_steps * jnp.maximum(jnp.exp(s) - params['K'], 0)
    pairs = (pay(up) + pay(down)) / 2
    return pairs.mean(), pairs.std() / math.sqrt(half)

# %% wrong: one draw serves as price and volatility shock | independent shocks xi and eta
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def antithetic_price(key, params, n_steps, n_paths):
    half = n_paths // 2
    def step(t, st):
        up, down, h = st
        k1, k2 = random.split(random.fold_in(key, t))
        xi = random.normal(k1, (half,))
        eta = xi
        move = jnp.exp(h) * xi
        return up + params['mu'] + move, down + params['mu'] - move, params['rho'] * h + params['nu'] * eta
    s = jnp.full(half, jnp.log(params['S0']), jnp.float32)
    up, down, _ = lax.fori_loop(0, n_steps, step, (s, s, jnp.full(half, params['h0'], jnp.float32)))
    pay = lambda s: params['beta'] ** n_steps * jnp.maximum(jnp.exp(s) - params['K'], 0)
    pairs = (pay(up) + pay(down)) / 2
    return pairs.mean(), pairs.std() / math.sqrt(half)

# %% wrong: volatility shocks shared by all pairs | "independent pairs"
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def antithetic_price(key, params, n_steps, n_paths):
    half = n_paths // 2
    def step(t, st):
        up, down, h = st
        k1, k2 = random.split(random.fold_in(key, t))
        xi = random.normal(k1, (half,))
        eta = random.normal(k2)
        move = jnp.exp(h) * xi
        return up + params['mu'] + move, down + params['mu'] - move, params['rho'] * h + params['nu'] * eta
    s = jnp.full(half, jnp.log(params['S0']), jnp.float32)
    up, down, _ = lax.fori_loop(0, n_steps, step, (s, s, jnp.full(half, params['h0'], jnp.float32)))
    pay = lambda s: params['beta'] ** n_steps * jnp.maximum(jnp.exp(s) - params['K'], 0)
    pairs = (pay(up) + pay(down)) / 2
    return pairs.mean(), pairs.std() / math.sqrt(half)

# %% wrong: Python loop over the steps, unrolled | write the steps as fori_loop or scan (exercise 1: "a loop much like the one of exercise 1")
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

# %% wrong: error of the undiscounted averages | exercise 2: deviation of the discounted payoffs
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
    up, down, _ = lax.fori_loop(0, n_steps, step, (s, s, jnp.full(half, params['h0'], jnp.float32)))
    pay = lambda s: jnp.maximum(jnp.exp(s) - params['K'], 0)
    pairs = (pay(up) + pay(down)) / 2
    return params['beta'] ** n_steps * pairs.mean(), pairs.std() / math.sqrt(half)

# %% wrong: shocks standardised over the pairs, NaN for one pair avoided | "independent pairs"; the stated error is wrong
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

# %% wrong: variance as mean of squares minus square of the mean | standard deviation; pairs' averages hardly vary, so it cancels
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
    up, down, _ = lax.fori_loop(0, n_steps, step, (s, s, jnp.full(half, params['h0'], jnp.float32)))
    pay = lambda s: params['beta'] ** n_steps * jnp.maximum(jnp.exp(s) - params['K'], 0)
    x = (pay(up) + pay(down)) / 2
    return x.mean(), jnp.sqrt(jnp.maximum((x * x).mean() - x.mean() ** 2, 0) / half)

# %% wrong: volatility shocks ignored, mirrored paths cannot agree on them | h_{t+1} = rho h + nu eta, nu of at least 0
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def antithetic_price(key, params, n_steps, n_paths):
    half = n_paths // 2
    def step(t, st):
        up, down, h = st
        k1, k2 = random.split(random.fold_in(key, t))
        xi = random.normal(k1, (half,))
        eta = random.normal(k2, (half,))
        move = jnp.exp(h) * xi
        return up + params['mu'] + move, down + params['mu'] - move, params['rho'] * h
    s = jnp.full(half, jnp.log(params['S0']), jnp.float32)
    up, down, _ = lax.fori_loop(0, n_steps, step, (s, s, jnp.full(half, params['h0'], jnp.float32)))
    pay = lambda s: params['beta'] ** n_steps * jnp.maximum(jnp.exp(s) - params['K'], 0)
    pairs = (pay(up) + pay(down)) / 2
    return pairs.mean(), pairs.std() / math.sqrt(half)

# %% wrong: error of one leg scaled by the correlation measured (NaN if a leg has no spread) | K may be out of reach of all paths
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
    up, down, _ = lax.fori_loop(0, n_steps, step, (s, s, jnp.full(half, params['h0'], jnp.float32)))
    pay = lambda s: params['beta'] ** n_steps * jnp.maximum(jnp.exp(s) - params['K'], 0)
    a, b = pay(up), pay(down)
    r = jnp.corrcoef(a, b)[0, 1]
    r = jnp.where(jnp.isnan(r), -1.0, r)
    return (a.mean() + b.mean()) / 2, a.std() * jnp.sqrt((1 + r) / 2) / math.sqrt(half)
