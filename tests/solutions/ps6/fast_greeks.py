# %% right: value_and_grad over positions, with the error as an extra result
@partial(jax.jit, static_argnums=(2, 3))
def fast_greeks(
    key: PRNGKeyArray, params: dict[str, float], n_steps: int, n_paths: int
) -> tuple[Float32[Array, ""], dict[str, Float32[Array, ""]]]:
    names = ["S0", "h0", "mu", "rho", "nu"]

    def price(*values):
        return call_price(key, params | dict(zip(names, values)), n_steps, n_paths)

    gradient = jax.value_and_grad(price, argnums=tuple(range(5)), has_aux=True)
    (value, _), slopes = gradient(*(params[name] for name in names))
    return value, dict(zip(names, slopes))


# %% right: a simulation of its own by scan, all shocks drawn beforehand, jitted as a helper
def plain_price(five, rest, shocks):
    def step(state, shock):
        s, h = state
        xi, eta = shock
        return (s + five["mu"] + jnp.exp(h) * xi, five["rho"] * h + five["nu"] * eta), None

    n_steps, _, n_paths = shocks.shape
    ones = jnp.ones(n_paths)
    start = jnp.log(five["S0"]) * ones, five["h0"] * ones
    (s, _), _ = lax.scan(step, start, shocks)
    return rest["beta"] ** n_steps * jnp.maximum(jnp.exp(s) - rest["K"], 0).mean()


@partial(jax.jit, static_argnums=(2, 3))
def greeks_compiled(key, params, n_steps, n_paths):
    five = {name: params[name] for name in ("S0", "h0", "mu", "rho", "nu")}
    shocks = random.normal(key, (n_steps, 2, n_paths))
    return jax.value_and_grad(plain_price)(five, params, shocks)


def fast_greeks(key, params, n_steps, n_paths):
    return greeks_compiled(key, params, n_steps, n_paths)


# %% wrong: not jitted, and nothing it calls -> beats_bumping
def fast_greeks(key, params, n_steps, n_paths):
    def price(five):
        p = {**params, **five}

        def body(t, state):
            s, h = state
            k1, k2 = random.split(random.fold_in(key, t))
            xi, eta = random.normal(k1, (n_paths,)), random.normal(k2, (n_paths,))
            return s + p["mu"] + jnp.exp(h) * xi, p["rho"] * h + p["nu"] * eta

        start = jnp.full(n_paths, jnp.log(p["S0"])), jnp.full(n_paths, p["h0"])
        s = lax.fori_loop(0, n_steps, body, start)[0]
        return p["beta"] ** n_steps * jnp.maximum(jnp.exp(s) - p["K"], 0).mean()

    return jax.value_and_grad(price)({n: params[n] for n in ("S0", "h0", "mu", "rho", "nu")})


# %% wrong: the price from other draws than the Greeks -> greeks_belong_to_the_price
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def fast_greeks(key, params, n_steps, n_paths):
    k1, k2 = random.split(key)
    five = {n: params[n] for n in ("S0", "h0", "mu", "rho", "nu")}
    price = lambda f: call_price(k1, {**params, **f}, n_steps, n_paths)[0]
    return call_price(k2, params, n_steps, n_paths)[0], jax.grad(price)(five)


# %% wrong: the Greeks without the discount -> has_price_and_greeks, greeks_belong_to_the_price
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def fast_greeks(key, params, n_steps, n_paths):
    five = {n: params[n] for n in ("S0", "h0", "mu", "rho", "nu")}
    price = lambda f: call_price(key, {**params, **f, "beta": 1.0}, n_steps, n_paths)[0]
    value, greeks = jax.value_and_grad(price)(five)
    return params["beta"] ** n_steps * value, greeks


# %% wrong: rho and nu exchanged -> has_price_and_greeks
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def fast_greeks(key, params, n_steps, n_paths):
    names = ("S0", "h0", "mu", "nu", "rho")
    price = lambda *v: call_price(key, {**params, **dict(zip(names, v))}, n_steps, n_paths)[0]
    value, slopes = jax.value_and_grad(price, argnums=(0, 1, 2, 3, 4))(*(params[n] for n in names))
    return value, dict(zip(("S0", "h0", "mu", "rho", "nu"), slopes))


# %% wrong: a fixed seed -> key_decides_the_greeks
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def fast_greeks(key, params, n_steps, n_paths):
    five = {n: params[n] for n in ("S0", "h0", "mu", "rho", "nu")}
    price = lambda f: call_price(random.key(0), {**params, **f}, n_steps, n_paths)[0]
    return jax.value_and_grad(price)(five)


# %% wrong: prints the price -> is_pure
def fast_greeks(key, params, n_steps, n_paths):
    five = {n: params[n] for n in ("S0", "h0", "mu", "rho", "nu")}
    price = lambda f: call_price(key, {**params, **f}, n_steps, n_paths)[0]
    result = jax.value_and_grad(price)(five)
    print("price", result[0])
    return result


# %% wrong: the steps unrolled in a Python loop -> steps_are_one_loop
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def fast_greeks(key, params, n_steps, n_paths):
    def price(five):
        p = {**params, **five}
        s = jnp.full(n_paths, jnp.log(p["S0"]))
        h = jnp.full(n_paths, p["h0"])
        xi, eta = random.normal(key, (2, n_steps, n_paths))
        for t in range(n_steps):
            s = s + p["mu"] + jnp.exp(h) * xi[t]
            h = p["rho"] * h + p["nu"] * eta[t]
        return p["beta"] ** n_steps * jnp.maximum(jnp.exp(s) - p["K"], 0).mean()

    return jax.value_and_grad(price)({n: params[n] for n in ("S0", "h0", "mu", "rho", "nu")})


# %% wrong: derivatives to factors, divided by the parameters -> greeks_belong_to_the_price
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def fast_greeks(key, params, n_steps, n_paths):
    names = ("S0", "h0", "mu", "rho", "nu")

    def price(factors):
        scaled = {name: params[name] * factors[name] for name in names}
        return call_price(key, {**params, **scaled}, n_steps, n_paths)[0]

    value, slopes = jax.value_and_grad(price)(dict.fromkeys(names, 1.0))
    return value, {name: slopes[name] / params[name] for name in names}


# %% wrong: h0, rho and nu on other draws -> greeks_belong_to_the_price
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def fast_greeks(key, params, n_steps, n_paths):
    price = lambda some, key: call_price(key, {**params, **some}, n_steps, n_paths)[0]
    one, other = ({n: params[n] for n in names} for names in (("S0", "mu"), ("h0", "rho", "nu")))
    key, new_key = random.split(key)
    value, greeks = jax.value_and_grad(price)(one, key)
    return value, greeks | jax.grad(price)(other, new_key)


# %% wrong: shocks in half precision -> greeks_belong_to_the_price
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def fast_greeks(key, params, n_steps, n_paths):
    five = {k: params[k] for k in ("S0", "h0", "mu", "rho", "nu")}
    def price(five):
        p = {**params, **five}
        def f(c, k):
            s, h = c
            xi, eta = random.normal(k, (2, n_paths), jnp.bfloat16)
            return (s + p["mu"] + jnp.exp(h) * xi, p["rho"] * h + p["nu"] * eta), None
        c = (jnp.full(n_paths, jnp.log(p["S0"]), jnp.float32), jnp.full(n_paths, p["h0"], jnp.float32))
        (s, _), _ = lax.scan(f, c, random.split(key, n_steps))
        return p["beta"] ** n_steps * jnp.mean(jnp.maximum(jnp.exp(s) - p["K"], 0))
    return jax.value_and_grad(price)(five)


# %% wrong: a smooth payoff for the derivatives -> greeks_belong_to_the_price
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def fast_greeks(key, params, n_steps, n_paths):
    five = {k: params[k] for k in ("S0", "h0", "mu", "rho", "nu")}
    def price(five):
        p = {**params, **five}
        def f(c, k):
            s, h = c
            k1, k2 = random.split(k)
            xi, eta = random.normal(k1, (n_paths,)), random.normal(k2, (n_paths,))
            return (s + p["mu"] + jnp.exp(h) * xi, p["rho"] * h + p["nu"] * eta), None
        c = (jnp.full(n_paths, jnp.log(p["S0"]), jnp.float32), jnp.full(n_paths, p["h0"], jnp.float32))
        (s, _), _ = lax.scan(f, c, random.split(key, n_steps))
        return p["beta"] ** n_steps * jnp.mean(jax.nn.softplus(8 * (jnp.exp(s) - p["K"])) / 8)
    greeks = jax.grad(price)(five)
    return call_price(key, params, n_steps, n_paths)[0], greeks


# %% wrong: derivatives cut off -> greeks_belong_to_the_price
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def fast_greeks(key, params, n_steps, n_paths):
    five = {k: params[k] for k in ("S0", "h0", "mu", "rho", "nu")}
    price, g = jax.value_and_grad(lambda five: call_price(key, {**params, **five}, n_steps, n_paths)[0])(five)
    return price, jax.tree.map(lambda x: jnp.clip(jnp.nan_to_num(x), -1e4, 1e4), g)


# %% wrong: antithetic pairs, which are not independent -> has_price_and_greeks
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


# %% wrong: the volatility's shocks are the neighbour's of the price -> has_price_and_greeks
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


# %% wrong: the derivative to mu for 20 steps, whatever their number -> has_price_and_greeks
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def fast_greeks(key, params, n_steps, n_paths):
    def price(four):
        return call_price(key, {**params, **four}, n_steps, n_paths)[0]

    value, slopes = jax.value_and_grad(price)({n: params[n] for n in ("S0", "h0", "rho", "nu")})
    return value, {**slopes, "mu": 20 * params["S0"] * slopes["S0"]}
