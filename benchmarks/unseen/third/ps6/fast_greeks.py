# %% right: value_and_grad with respect to a dict of five, jitted
_FIVE = ("S0", "h0", "mu", "rho", "nu")


@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def fast_greeks(key, params, n_steps, n_paths):
    five = {name: params[name] for name in _FIVE}

    def price(five):
        return call_price(key, {**params, **five}, n_steps, n_paths)[0]

    return jax.value_and_grad(price)(five)


# %% right: physicist, pathwise derivatives carried along the path by hand
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def fast_greeks(key, params, n_steps, n_paths):
    beta, mu, rho, nu = params["beta"], params["mu"], params["rho"], params["nu"]
    zero = jnp.zeros(n_paths, jnp.float32)

    def step(t, state):
        s, h, h_h0, h_rho, h_nu, s_h0, s_rho, s_nu = state
        z = random.normal(random.fold_in(key, t), (2, n_paths))
        xi, eta = z[0], z[1]
        jump = jnp.exp(h) * xi
        # d/dx of s + mu + e^h xi, for x = h0, rho, nu
        s_h0 = s_h0 + jump * h_h0
        s_rho = s_rho + jump * h_rho
        s_nu = s_nu + jump * h_nu
        # d/dx of rho h + nu eta, from the old h
        h_h0, h_rho, h_nu = rho * h_h0, h + rho * h_rho, rho * h_nu + eta
        return s + mu + jump, rho * h + nu * eta, h_h0, h_rho, h_nu, s_h0, s_rho, s_nu

    start = (
        jnp.full(n_paths, jnp.log(params["S0"]), jnp.float32),
        jnp.full(n_paths, params["h0"], jnp.float32),
        zero + 1, zero, zero, zero, zero, zero,
    )
    s, _, _, _, _, s_h0, s_rho, s_nu = lax.fori_loop(0, n_steps, step, start)
    S = jnp.exp(s)
    pays = S > params["K"]
    discount = beta**n_steps
    price = discount * jnp.mean(jnp.where(pays, S - params["K"], 0.0))
    weight = discount * jnp.where(pays, S, 0.0)
    return price, {
        "S0": jnp.mean(weight) / params["S0"],
        "h0": jnp.mean(weight * s_h0),
        "mu": n_steps * jnp.mean(weight),
        "rho": jnp.mean(weight * s_rho),
        "nu": jnp.mean(weight * s_nu),
    }


# %% right: NumPy veteran, five positional arguments and argnums, all shocks at once
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def fast_greeks(key, params, n_steps, n_paths):
    k1, k2 = random.split(key)
    xi = random.normal(k1, (n_steps, n_paths))
    eta = random.normal(k2, (n_steps, n_paths))

    def price(S0, h0, mu, rho, nu):
        def step(state, z):
            s, h = state
            return (s + mu + jnp.exp(h) * z[0], rho * h + nu * z[1]), None

        start = (
            jnp.full(n_paths, jnp.log(S0), jnp.float32),
            jnp.full(n_paths, h0, jnp.float32),
        )
        (s, _), _ = lax.scan(step, start, (xi, eta))
        return params["beta"] ** n_steps * jnp.mean(jnp.maximum(jnp.exp(s) - params["K"], 0))

    names = ["S0", "h0", "mu", "rho", "nu"]
    value, slopes = jax.value_and_grad(price, argnums=tuple(range(5)))(*[params[n] for n in names])
    return value, dict(zip(names, slopes))


# %% right: documentation reader, forward mode for all five directions at once
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def fast_greeks(key, params, n_steps, n_paths):
    fixed = {name: params[name] for name in ("beta", "K")}
    moving = {n: jnp.asarray(params[n], jnp.float32) for n in ("S0", "h0", "mu", "rho", "nu")}

    def price(moving):
        value, _ = call_price(key, fixed | moving, n_steps, n_paths)
        return value, value

    greeks, value = jax.jacfwd(price, has_aux=True)(moving)
    return value, greeks


# %% wrong: price and greeks from different keys | the derivatives are not those of the estimate that is returned
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def fast_greeks(key, params, n_steps, n_paths):
    k_price, k_greeks = random.split(key)
    five = {name: params[name] for name in ("S0", "h0", "mu", "rho", "nu")}
    greeks = jax.grad(lambda f: call_price(k_greeks, {**params, **f}, n_steps, n_paths)[0])(five)
    return call_price(k_price, params, n_steps, n_paths)[0], greeks


# %% wrong: central differences, vmapped over the bumps | shares the draws and is fast, but bumps are not exact
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def fast_greeks(key, params, n_steps, n_paths):
    names = ("S0", "h0", "mu", "rho", "nu")
    base = jnp.array([params[n] for n in names], jnp.float32)
    eps = jnp.array([0.05, 0.01, 0.0005, 0.001, 0.005], jnp.float32)

    def price(x):
        return call_price(key, {**params, **dict(zip(names, x))}, n_steps, n_paths)[0]

    bumps = jnp.diag(eps)
    prices = jax.vmap(price)(jnp.concatenate([base + bumps, base - bumps]))
    return price(base), dict(zip(names, (prices[:5] - prices[5:]) / (2 * eps)))


# %% wrong: a new jitted function in every call | compiles again each time, far slower than NumPy
def fast_greeks(key, params, n_steps, n_paths):
    names = ("S0", "h0", "mu", "rho", "nu")

    @jax.jit
    def program(key, params):
        def price(five):
            return call_price(key, {**params, **five}, n_steps, n_paths)[0]

        return jax.value_and_grad(price)({n: params[n] for n in names})

    return program(key, params)


# %% wrong: dh/dh0 taken as 1 | by hand, with the derivative of h by h0 not multiplied by rho in each step: right for rho = 1 only
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def fast_greeks(key, params, n_steps, n_paths):
    mu, rho, nu = params["mu"], params["rho"], params["nu"]

    def step(t, state):
        s, h, h_rho, h_nu, s_h0, s_rho, s_nu = state
        xi, eta = random.normal(random.fold_in(key, t), (2, n_paths))
        jump = jnp.exp(h) * xi
        s_h0, s_rho, s_nu = s_h0 + jump, s_rho + jump * h_rho, s_nu + jump * h_nu
        h_rho, h_nu = h + rho * h_rho, rho * h_nu + eta
        return s + mu + jump, rho * h + nu * eta, h_rho, h_nu, s_h0, s_rho, s_nu

    zero = jnp.zeros(n_paths, jnp.float32)
    start = (zero + jnp.log(params["S0"]), zero + params["h0"], zero, zero, zero, zero, zero)
    s, _, _, _, s_h0, s_rho, s_nu = lax.fori_loop(0, n_steps, step, start)
    S = jnp.exp(s)
    discount = params["beta"] ** n_steps
    price = discount * jnp.mean(jnp.maximum(S - params["K"], 0))
    weight = discount * jnp.where(S > params["K"], S, 0.0)
    return price, {
        "S0": jnp.mean(weight) / params["S0"],
        "h0": jnp.mean(weight * s_h0),
        "mu": n_steps * jnp.mean(weight),
        "rho": jnp.mean(weight * s_rho),
        "nu": jnp.mean(weight * s_nu),
    }


# %% wrong: payoff in units of the strike | K * max(S / K - 1, 0) through log K is NaN for K = 0
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def fast_greeks(key, params, n_steps, n_paths):
    five = {name: params[name] for name in ("S0", "h0", "mu", "rho", "nu")}

    def price(five):
        s = simulate_log_prices(key, {**params, **five}, n_steps, n_paths)
        above = jnp.maximum(s - jnp.log(params["K"]), 0)
        return params["beta"] ** n_steps * params["K"] * jnp.mean(jnp.expm1(above))

    return jax.value_and_grad(price)(five)


# %% wrong: the slope in mu from delta with the notebook's N | N * S0 * delta is right for 20 steps only
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def fast_greeks(key, params, n_steps, n_paths):
    four = {name: params[name] for name in ("S0", "h0", "rho", "nu")}
    price, greeks = jax.value_and_grad(
        lambda f: call_price(key, {**params, **f}, n_steps, n_paths)[0]
    )(four)
    greeks["mu"] = N * params["S0"] * greeks["S0"]  # both only shift the log price
    return price, greeks


# %% wrong: differentiates the antithetic price | less noise, but the paths come in mirrored pairs and are not independent
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def fast_greeks(key, params, n_steps, n_paths):
    five = {name: params[name] for name in ("S0", "h0", "mu", "rho", "nu")}
    k_xi, k_eta = random.split(key)
    half = n_paths - n_paths // 2
    z = random.normal(k_xi, (n_steps, half))
    xi = jnp.concatenate([z, -z], axis=1)[:, :n_paths]
    eta = random.normal(k_eta, (n_steps, n_paths))

    def price(five):
        def step(state, shocks):
            s, h = state
            s = s + five["mu"] + jnp.exp(h) * shocks[0]
            return (s, five["rho"] * h + five["nu"] * shocks[1]), None

        s = jnp.full(n_paths, jnp.log(five["S0"]), jnp.float32)
        h = jnp.full(n_paths, five["h0"], jnp.float32)
        (s, _), _ = lax.scan(step, (s, h), (xi, eta))
        return params["beta"] ** n_steps * jnp.mean(jnp.maximum(jnp.exp(s) - params["K"], 0))

    return jax.value_and_grad(price)(five)


# %% wrong: greeks on a quarter of the paths | faster, but not the derivatives of exactly the estimate returned
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def fast_greeks(key, params, n_steps, n_paths):
    five = {name: params[name] for name in ("S0", "h0", "mu", "rho", "nu")}
    fewer = max(1, n_paths // 4)
    greeks = jax.grad(lambda f: call_price(key, {**params, **f}, n_steps, fewer)[0])(five)
    price, _ = call_price(key, params, n_steps, n_paths)
    return price, greeks
