# %% right: value_and_grad of five numbers in a dict
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def fast_greeks(key, params, n_steps, n_paths):
    five = {name: params[name] for name in ("S0", "h0", "mu", "rho", "nu")}

    def price(five):
        return call_price(key, {**params, **five}, n_steps, n_paths)[0]

    return jax.value_and_grad(price)(five)

# %% right: gradient to all of params, five picked out
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def fast_greeks(key, params, n_steps, n_paths):
    def price(p):
        s = simulate_log_prices(key, p, n_steps, n_paths)
        return p["beta"] ** n_steps * jnp.mean(jnp.maximum(jnp.exp(s) - p["K"], 0))

    params = {name: jnp.asarray(value, jnp.float32) for name, value in params.items()}
    value, slopes = jax.value_and_grad(price)(params)
    return value, {name: slopes[name] for name in ["S0", "h0", "mu", "rho", "nu"]}

# %% right: vjp of a function of a vector, own simulation
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def fast_greeks(key, params, n_steps, n_paths):
    names = ("S0", "h0", "mu", "rho", "nu")

    def price(vector):
        S0, h0, mu, rho, nu = vector

        def step(t, state):
            s, h = state
            z = random.normal(random.fold_in(key, t), (2, n_paths))
            return s + mu + jnp.exp(h) * z[0], rho * h + nu * z[1]

        start = (jnp.full(n_paths, jnp.log(S0)), jnp.full(n_paths, h0))
        s, _ = lax.fori_loop(0, n_steps, step, start)
        return jnp.mean(jax.nn.relu(jnp.exp(s) - params["K"])) * params["beta"] ** n_steps

    value, back = jax.vjp(price, jnp.array([params[n] for n in names], jnp.float32))
    (slopes,) = back(jnp.float32(1))
    return value, dict(zip(names, slopes))

# %% right: derivatives carried along by hand in a scan
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def fast_greeks(key, params, n_steps, n_paths):
    mu, rho, nu = params["mu"], params["rho"], params["nu"]

    def step(state, k):
        s, h, s_h0, h_h0, s_rho, h_rho, s_nu, h_nu = state
        xi, eta = random.normal(k, (2, n_paths))
        shock = jnp.exp(h) * xi
        return (
            s + mu + shock,
            rho * h + nu * eta,
            s_h0 + shock * h_h0,
            rho * h_h0,
            s_rho + shock * h_rho,
            rho * h_rho + h,
            s_nu + shock * h_nu,
            rho * h_nu + eta,
        ), None

    zero, one = jnp.zeros(n_paths, jnp.float32), jnp.ones(n_paths, jnp.float32)
    start = (one * jnp.log(params["S0"]), one * params["h0"], zero, one, zero, zero, zero, zero)
    (s, _, s_h0, _, s_rho, _, s_nu, _), _ = lax.scan(step, start, random.split(key, n_steps))
    S = jnp.exp(s)
    discount = params["beta"] ** n_steps
    won = jnp.where(S > params["K"], discount * S, 0.0)
    price = jnp.mean(discount * jnp.maximum(S - params["K"], 0))
    greeks = {
        "S0": jnp.mean(won) / params["S0"],
        "mu": n_steps * jnp.mean(won),
        "h0": jnp.mean(won * s_h0),
        "rho": jnp.mean(won * s_rho),
        "nu": jnp.mean(won * s_nu),
    }
    return price, greeks

# %% right: value_and_grad over five positional arguments, compiled once at module level
def _price_of_five(S0, h0, mu, rho, nu, key, beta, K, n_steps, n_paths):
    five = dict(S0=S0, h0=h0, mu=mu, rho=rho, nu=nu)
    return call_price(key, dict(beta=beta, K=K, **five), n_steps, n_paths)[0]


_compiled = jax.jit(jax.value_and_grad(_price_of_five, argnums=range(5)), static_argnums=(8, 9))


def fast_greeks(key, params, n_steps, n_paths):
    names = ["S0", "h0", "mu", "rho", "nu"]
    price, slopes = _compiled(
        *(jnp.asarray(params[name], jnp.float32) for name in names),
        key, params["beta"], params["K"], n_steps, n_paths,
    )
    return price, dict(zip(names, slopes))

# %% wrong: not compiled as a whole | too slow: runs piece by piece, no jit around value_and_grad
def fast_greeks(key, params, n_steps, n_paths):
    def price(five):
        p = {**params, **five}

        def step(t, state):
            s, h = state
            k1, k2 = random.split(random.fold_in(key, t))
            xi, eta = random.normal(k1, (n_paths,)), random.normal(k2, (n_paths,))
            return s + p["mu"] + jnp.exp(h) * xi, p["rho"] * h + p["nu"] * eta

        s = jnp.full(n_paths, jnp.log(p["S0"]), jnp.float32)
        h = jnp.full(n_paths, p["h0"], jnp.float32)
        s, h = lax.fori_loop(0, n_steps, step, (s, h))
        return p["beta"] ** n_steps * jnp.maximum(jnp.exp(s) - p["K"], 0).mean()

    five = {name: jnp.float32(params[name]) for name in ("S0", "h0", "mu", "rho", "nu")}
    return jax.value_and_grad(price)(five)

# %% wrong: a jit made anew in each call | compiles again with every call, far too slow
def fast_greeks(key, params, n_steps, n_paths):
    @jax.jit
    def run(five):
        price = lambda five: call_price(key, {**params, **five}, n_steps, n_paths)[0]
        return jax.value_and_grad(price)(five)

    return run({name: params[name] for name in ("S0", "h0", "mu", "rho", "nu")})

# %% wrong: compiled function cached by sizes with the first params inside | K and beta of the first call are used for ever after
_greeks_cache = {}


def fast_greeks(key, params, n_steps, n_paths):
    names = ("S0", "h0", "mu", "rho", "nu")
    five = {name: params[name] for name in names}
    rest = {name: value for name, value in params.items() if name not in names}
    traced = any(isinstance(v, jax.core.Tracer) for v in jax.tree.leaves((key, params)))
    slot = (n_steps, n_paths)
    if traced or slot not in _greeks_cache:

        def price(five, key):
            return call_price(key, {**rest, **five}, n_steps, n_paths)[0]

        run = jax.jit(jax.value_and_grad(price))
        if traced:
            return run(five, key)
        _greeks_cache[slot] = run
    return _greeks_cache[slot](five, key)

# %% wrong: forward differences in one compiled function | six prices, not exact
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def fast_greeks(key, params, n_steps, n_paths):
    names = ("S0", "h0", "mu", "rho", "nu")
    at = lambda **new: call_price(key, {**params, **new}, n_steps, n_paths)[0]
    price = at()
    return price, {n: (at(**{n: params[n] + 1e-3}) - price) / 1e-3 for n in names}

# %% wrong: bumps vmapped | central differences of ten bumped prices on one set of draws: quick but not exact
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def fast_greeks(key, params, n_steps, n_paths):
    names = ("S0", "h0", "mu", "rho", "nu")
    z = random.normal(key, (n_steps, 2, n_paths))
    base = jnp.array([params[n] for n in names], jnp.float32)

    def price(v):
        def step(state, shock):
            s, h = state
            return (s + v[2] + jnp.exp(h) * shock[0], v[3] * h + v[4] * shock[1]), None

        start = (jnp.full(n_paths, jnp.log(v[0])), jnp.full(n_paths, v[1]))
        (s, _), _ = lax.scan(step, start, z)
        return params["beta"] ** n_steps * jnp.maximum(jnp.exp(s) - params["K"], 0).mean()

    e = jnp.array([1e-2, 5e-3, 2e-4, 1e-3, 1e-3])
    up = jax.vmap(price)(base + jnp.diag(e))
    down = jax.vmap(price)(base - jnp.diag(e))
    return price(base), dict(zip(names, (up - down) / (2 * e)))

# %% wrong: absolute value of nu | the derivative with respect to nu is 0 at nu = 0
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def fast_greeks(key, params, n_steps, n_paths):
    def price(five):
        p = {**params, **five, "nu": jnp.abs(five["nu"])}
        return call_price(key, p, n_steps, n_paths)[0]

    return jax.value_and_grad(price)({n: params[n] for n in ("S0", "h0", "mu", "rho", "nu")})

# %% wrong: mu differentiated through its logarithm | NaN at mu = 0 and for a negative mu
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def fast_greeks(key, params, n_steps, n_paths):
    def price(five):
        five = {**five, "mu": jnp.exp(five["mu"])}
        return call_price(key, {**params, **five}, n_steps, n_paths)[0]

    five = {n: params[n] for n in ("S0", "h0", "rho", "nu")}
    five["mu"] = jnp.log(params["mu"])
    value, slopes = jax.value_and_grad(price)(five)
    return value, {**slopes, "mu": slopes["mu"] / params["mu"]}

# %% wrong: derivative to mu as 20 S0 delta | right for 20 steps only
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def fast_greeks(key, params, n_steps, n_paths):
    def price(four):
        return call_price(key, {**params, **four}, n_steps, n_paths)[0]

    value, slopes = jax.value_and_grad(price)({n: params[n] for n in ("S0", "h0", "rho", "nu")})
    return value, {**slopes, "mu": 20 * params["S0"] * slopes["S0"]}

# %% wrong: price and derivatives from different keys | derivatives are not those of the estimate returned
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def fast_greeks(key, params, n_steps, n_paths):
    k1, k2 = random.split(key)
    price = lambda five, k: call_price(k, {**params, **five}, n_steps, n_paths)[0]
    five = {n: params[n] for n in ("S0", "h0", "mu", "rho", "nu")}
    return price(five, k1), jax.grad(price)(five, k2)

# %% wrong: derivatives on a quarter of the paths | other paths than the price's, noisier
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def fast_greeks(key, params, n_steps, n_paths):
    price = lambda five, n: call_price(key, {**params, **five}, n_steps, n)[0]
    five = {n: params[n] for n in ("S0", "h0", "mu", "rho", "nu")}
    return price(five, n_paths), jax.grad(lambda f: price(f, max(n_paths // 4, 1)))(five)

# %% wrong: antithetic pairs to save draws | paths are not independent, as they must be
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def fast_greeks(key, params, n_steps, n_paths):
    half = (n_paths + 1) // 2

    def price(five):
        p = {**params, **five}

        def step(state, k):
            s, h = state
            z = random.normal(k, (2, half))
            xi, eta = jnp.concatenate([z, -z], axis=1)[:, :n_paths]
            return (s + p["mu"] + jnp.exp(h) * xi, p["rho"] * h + p["nu"] * eta), None

        start = (
            jnp.full(n_paths, jnp.log(p["S0"]), jnp.float32),
            jnp.full(n_paths, p["h0"], jnp.float32),
        )
        (s, _), _ = lax.scan(step, start, random.split(key, n_steps))
        return p["beta"] ** n_steps * jnp.maximum(jnp.exp(s) - p["K"], 0).mean()

    return jax.value_and_grad(price)({n: params[n] for n in ("S0", "h0", "mu", "rho", "nu")})

# %% wrong: volatility shocks are the price shocks of the neighbour | paths are not independent of each other; a single path has eta = xi
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def fast_greeks(key, params, n_steps, n_paths):
    def price(five):
        p = {**params, **five}

        def step(state, k):
            s, h = state
            xi = random.normal(k, (n_paths,))
            eta = jnp.roll(xi, 1)
            return (s + p["mu"] + jnp.exp(h) * xi, p["rho"] * h + p["nu"] * eta), None

        start = (
            jnp.full(n_paths, jnp.log(p["S0"]), jnp.float32),
            jnp.full(n_paths, p["h0"], jnp.float32),
        )
        (s, _), _ = lax.scan(step, start, random.split(key, n_steps))
        return p["beta"] ** n_steps * jnp.maximum(jnp.exp(s) - p["K"], 0).mean()

    return jax.value_and_grad(price)({n: params[n] for n in ("S0", "h0", "mu", "rho", "nu")})

# %% wrong: Python loop over the steps | unrolled n_steps times
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def fast_greeks(key, params, n_steps, n_paths):
    z = random.normal(key, (n_steps, 2, n_paths))

    def price(five):
        p = {**params, **five}
        s = jnp.full(n_paths, jnp.log(p["S0"]), jnp.float32)
        h = jnp.full(n_paths, p["h0"], jnp.float32)
        for t in range(n_steps):
            s, h = s + p["mu"] + jnp.exp(h) * z[t, 0], p["rho"] * h + p["nu"] * z[t, 1]
        return p["beta"] ** n_steps * jnp.maximum(jnp.exp(s) - p["K"], 0).mean()

    return jax.value_and_grad(price)({n: params[n] for n in ("S0", "h0", "mu", "rho", "nu")})

# %% wrong: payoff relative to the strike | K = 0 gives NaN
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def fast_greeks(key, params, n_steps, n_paths):
    def price(five):
        s = simulate_log_prices(key, {**params, **five}, n_steps, n_paths)
        gain = jnp.maximum(jnp.exp(s) / params["K"] - 1, 0)
        return params["beta"] ** n_steps * params["K"] * gain.mean()

    return jax.value_and_grad(price)({n: params[n] for n in ("S0", "h0", "mu", "rho", "nu")})

# %% wrong: half-precision shocks for speed | normal draws in bfloat16: 8 bits, price and derivatives of coarse shocks in place of float32
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def fast_greeks(key, params, n_steps, n_paths):
    def price(five):
        p = {**params, **five}

        def step(state, k):
            s, h = state
            xi, eta = random.normal(k, (2, n_paths), jnp.bfloat16).astype(jnp.float32)
            return (s + p["mu"] + jnp.exp(h) * xi, p["rho"] * h + p["nu"] * eta), None

        start = (
            jnp.full(n_paths, jnp.log(p["S0"]), jnp.float32),
            jnp.full(n_paths, p["h0"], jnp.float32),
        )
        (s, _), _ = lax.scan(step, start, random.split(key, n_steps))
        return p["beta"] ** n_steps * jnp.maximum(jnp.exp(s) - p["K"], 0).mean()

    return jax.value_and_grad(price)({n: params[n] for n in ("S0", "h0", "mu", "rho", "nu")})

# %% wrong: derivatives NaN replaced and cut to [-1000, 1000] | prices of a million have derivatives to mu of millions
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def fast_greeks(key, params, n_steps, n_paths):
    def price(five):
        return call_price(key, {**params, **five}, n_steps, n_paths)[0]

    value, slopes = jax.value_and_grad(price)({n: params[n] for n in ("S0", "h0", "mu", "rho", "nu")})
    return value, jax.tree.map(lambda g: jnp.clip(jnp.nan_to_num(g), -1000, 1000), slopes)
