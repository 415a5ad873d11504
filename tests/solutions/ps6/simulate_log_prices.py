# %% right: scan over one key for each step
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def simulate_log_prices(key, params, n_steps, n_paths):
    def step(state, key):
        s, h = state
        price_key, volatility_key = random.split(key)
        s_new = s + params["mu"] + jnp.exp(h) * random.normal(price_key, (n_paths,))
        h_new = params["rho"] * h + params["nu"] * random.normal(volatility_key, (n_paths,))
        return (s_new, h_new), None

    s = jnp.full(n_paths, jnp.log(params["S0"]), dtype=jnp.float32)
    h = jnp.full(n_paths, params["h0"], dtype=jnp.float32)
    (s, _), _ = lax.scan(step, (s, h), random.split(key, n_steps))
    return s


# %% right: the key in the state, increments added up at the end
@partial(jax.jit, static_argnums=(2, 3))
def simulate_log_prices(
    key: PRNGKeyArray, params: dict[str, float], n_steps: int, n_paths: int
) -> Float32[Array, "n_paths"]:
    xi_key, eta_key = jax.random.split(key)
    xi = jax.random.normal(xi_key, (n_steps, n_paths))

    def step(state, xi_t):
        key, h = state
        key, subkey = jax.random.split(key)
        move = jnp.exp(h) * xi_t
        return (key, params["rho"] * h + params["nu"] * jax.random.normal(subkey, h.shape)), move

    h0 = jnp.broadcast_to(jnp.asarray(params["h0"], jnp.float32), (n_paths,))
    _, moves = jax.lax.scan(step, (eta_key, h0), xi)
    return jnp.log(params["S0"]) + n_steps * params["mu"] + moves.sum(axis=0)


# %% wrong: the same shock for price and volatility -> volatility_is_random, shocks_are_independent
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def simulate_log_prices(key, params, n_steps, n_paths):
    def body(t, state):
        s, h = state
        shock = random.normal(random.fold_in(key, t), (n_paths,))
        return s + params["mu"] + jnp.exp(h) * shock, params["rho"] * h + params["nu"] * shock

    start = jnp.full(n_paths, jnp.log(params["S0"])), jnp.full(n_paths, params["h0"])
    return lax.fori_loop(0, n_steps, body, start)[0]


# %% wrong: half of the paths are mirror images -> shocks_are_independent
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def simulate_log_prices(key, params, n_steps, n_paths):
    half = (n_paths + 1) // 2

    def body(t, state):
        s, h = state
        k1, k2 = random.split(random.fold_in(key, t))
        xi, eta = random.normal(k1, (half,)), random.normal(k2, (n_paths,))
        xi = jnp.concatenate([xi, -xi])[:n_paths]
        return s + params["mu"] + jnp.exp(h) * xi, params["rho"] * h + params["nu"] * eta

    start = jnp.full(n_paths, jnp.log(params["S0"])), jnp.full(n_paths, params["h0"])
    return lax.fori_loop(0, n_steps, body, start)[0]


# %% wrong: a fixed seed -> shocks_are_independent
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def simulate_log_prices(key, params, n_steps, n_paths):
    def body(t, state):
        s, h = state
        k1, k2 = random.split(random.fold_in(random.key(42), t))
        xi, eta = random.normal(k1, (n_paths,)), random.normal(k2, (n_paths,))
        return s + params["mu"] + jnp.exp(h) * xi, params["rho"] * h + params["nu"] * eta

    start = jnp.full(n_paths, jnp.log(params["S0"])), jnp.full(n_paths, params["h0"])
    return lax.fori_loop(0, n_steps, body, start)[0]


# %% wrong: np.random -> shocks_are_independent, is_pure
def simulate_log_prices(key, params, n_steps, n_paths):
    xi, eta = jnp.asarray(np.random.randn(2, n_steps, n_paths), jnp.float32)

    def body(t, state):
        s, h = state
        return s + params["mu"] + jnp.exp(h) * xi[t], params["rho"] * h + params["nu"] * eta[t]

    start = jnp.full(n_paths, jnp.log(params["S0"])), jnp.full(n_paths, params["h0"])
    return lax.fori_loop(0, n_steps, body, start)[0]


# %% wrong: one key for all steps -> shocks_are_independent, is_normal_when_volatility_is_not_random
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def simulate_log_prices(key, params, n_steps, n_paths):
    k1, k2 = random.split(key)

    def body(t, state):
        s, h = state
        xi, eta = random.normal(k1, (n_paths,)), random.normal(k2, (n_paths,))
        return s + params["mu"] + jnp.exp(h) * xi, params["rho"] * h + params["nu"] * eta

    start = jnp.full(n_paths, jnp.log(params["S0"])), jnp.full(n_paths, params["h0"])
    return lax.fori_loop(0, n_steps, body, start)[0]


# %% wrong: volatility updated before use -> is_normal_when_volatility_is_not_random, volatility_is_random
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def simulate_log_prices(key, params, n_steps, n_paths):
    def body(t, state):
        s, h = state
        k1, k2 = random.split(random.fold_in(key, t))
        h = params["rho"] * h + params["nu"] * random.normal(k2, (n_paths,))
        s = s + params["mu"] + jnp.exp(h) * random.normal(k1, (n_paths,))
        return s, h

    start = jnp.full(n_paths, jnp.log(params["S0"])), jnp.full(n_paths, params["h0"])
    return lax.fori_loop(0, n_steps, body, start)[0]


# %% wrong: starts from S0 in place of its logarithm -> is_normal_when_volatility_is_not_random
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def simulate_log_prices(key, params, n_steps, n_paths):
    def body(t, state):
        s, h = state
        k1, k2 = random.split(random.fold_in(key, t))
        xi, eta = random.normal(k1, (n_paths,)), random.normal(k2, (n_paths,))
        return s + params["mu"] + jnp.exp(h) * xi, params["rho"] * h + params["nu"] * eta

    start = jnp.full(n_paths, params["S0"]), jnp.full(n_paths, params["h0"])
    return lax.fori_loop(0, n_steps, body, start)[0] * 1.0


# %% wrong: volatility is h itself -> is_normal_when_volatility_is_not_random, volatility_is_random
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def simulate_log_prices(key, params, n_steps, n_paths):
    def body(t, state):
        s, h = state
        k1, k2 = random.split(random.fold_in(key, t))
        xi, eta = random.normal(k1, (n_paths,)), random.normal(k2, (n_paths,))
        return s + params["mu"] + h * xi, params["rho"] * h + params["nu"] * eta

    start = jnp.full(n_paths, jnp.log(params["S0"])), jnp.full(n_paths, params["h0"])
    return lax.fori_loop(0, n_steps, body, start)[0]


# %% wrong: the same volatility shock for all paths -> volatility_is_random
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def simulate_log_prices(key, params, n_steps, n_paths):
    def body(t, state):
        s, h = state
        k1, k2 = random.split(random.fold_in(key, t))
        xi, eta = random.normal(k1, (n_paths,)), random.normal(k2)
        return s + params["mu"] + jnp.exp(h) * xi, params["rho"] * h + params["nu"] * eta

    start = jnp.full(n_paths, jnp.log(params["S0"])), jnp.full(n_paths, params["h0"])
    return lax.fori_loop(0, n_steps, body, start)[0]


# %% wrong: no volatility shocks -> volatility_is_random
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def simulate_log_prices(key, params, n_steps, n_paths):
    def body(t, state):
        s, h = state
        xi = random.normal(random.fold_in(key, t), (n_paths,))
        return s + params["mu"] + jnp.exp(h) * xi, params["rho"] * h

    start = jnp.full(n_paths, jnp.log(params["S0"])), jnp.full(n_paths, params["h0"])
    return lax.fori_loop(0, n_steps, body, start)[0]


# %% wrong: uniform shocks of the right size -> is_normal_when_volatility_is_not_random, volatility_is_random
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def simulate_log_prices(key, params, n_steps, n_paths):
    width = 3**0.5

    def body(t, state):
        s, h = state
        k1, k2 = random.split(random.fold_in(key, t))
        xi = random.uniform(k1, (n_paths,), minval=-width, maxval=width)
        eta = random.uniform(k2, (n_paths,), minval=-width, maxval=width)
        return s + params["mu"] + jnp.exp(h) * xi, params["rho"] * h + params["nu"] * eta

    start = jnp.full(n_paths, jnp.log(params["S0"])), jnp.full(n_paths, params["h0"])
    return lax.fori_loop(0, n_steps, body, start)[0]


# %% wrong: a Python loop over the steps -> steps_are_one_loop
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def simulate_log_prices(key, params, n_steps, n_paths):
    s = jnp.full(n_paths, jnp.log(params["S0"]))
    h = jnp.full(n_paths, params["h0"])
    for step_key in random.split(key, n_steps):
        k1, k2 = random.split(step_key)
        s = s + params["mu"] + jnp.exp(h) * random.normal(k1, (n_paths,))
        h = params["rho"] * h + params["nu"] * random.normal(k2, (n_paths,))
    return s


# %% wrong: NumPy on the parameters, so it cannot be traced -> is_pure, steps_are_one_loop
def simulate_log_prices(key, params, n_steps, n_paths):
    xi, eta = random.normal(key, (2, n_steps, n_paths))

    def body(t, state):
        s, h = state
        return s + params["mu"] + jnp.exp(h) * xi[t], params["rho"] * h + params["nu"] * eta[t]

    start = jnp.full(n_paths, math.log(params["S0"])), jnp.full(n_paths, params["h0"])
    return lax.fori_loop(0, n_steps, body, start)[0]


# %% wrong: remembers the number of its calls -> is_pure
n_simulations = 0


def simulate_log_prices(key, params, n_steps, n_paths):
    global n_simulations
    n_simulations += 1
    xi, eta = random.normal(key, (2, n_steps, n_paths))

    def body(t, state):
        s, h = state
        return s + params["mu"] + jnp.exp(h) * xi[t], params["rho"] * h + params["nu"] * eta[t]

    start = jnp.full(n_paths, jnp.log(params["S0"])), jnp.full(n_paths, params["h0"])
    return lax.fori_loop(0, n_steps, body, start)[0]


# %% wrong: returns the whole path -> returns_a_log_price_for_each_path
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def simulate_log_prices(key, params, n_steps, n_paths):
    def step(state, key):
        s, h = state
        k1, k2 = random.split(key)
        s = s + params["mu"] + jnp.exp(h) * random.normal(k1, (n_paths,))
        return (s, params["rho"] * h + params["nu"] * random.normal(k2, (n_paths,))), s

    start = jnp.full(n_paths, jnp.log(params["S0"])), jnp.full(n_paths, params["h0"])
    return lax.scan(step, start, random.split(key, n_steps))[1]


# %% wrong: the volatility forgets earlier shocks -> volatility_is_random
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def simulate_log_prices(key, params, n_steps, n_paths):
    def body(t, state):
        s, h = state
        xi, eta = random.normal(random.fold_in(key, t), (2, n_paths))
        s = s + params["mu"] + jnp.exp(h) * xi
        return s, params["h0"] * params["rho"] ** (t + 1) + params["nu"] * eta

    start = jnp.full(n_paths, jnp.log(params["S0"])), jnp.full(n_paths, params["h0"])
    return lax.fori_loop(0, n_steps, body, start)[0]


# %% wrong: shocks cut off at three -> is_normal_when_volatility_is_not_random
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def simulate_log_prices(key, params, n_steps, n_paths):
    def step(t, state):
        s, h = state
        a, b = random.split(random.fold_in(key, t))
        xi = random.truncated_normal(a, -3, 3, (n_paths,))
        return s + params["mu"] + jnp.exp(h) * xi, params["rho"] * h + params["nu"] * random.normal(
            b, (n_paths,)
        )

    start = (
        jnp.full(n_paths, jnp.log(params["S0"]), jnp.float32),
        jnp.full(n_paths, params["h0"], jnp.float32),
    )
    return lax.fori_loop(0, n_steps, step, start)[0]


# %% wrong: mirror images in the reverse order -> shocks_are_independent
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def simulate_log_prices(key, params, n_steps, n_paths):
    def step(t, state):
        s, h = state
        a, b = random.split(random.fold_in(key, t))
        half = random.normal(a, ((n_paths + 1) // 2,))
        xi = jnp.concatenate([half, -half[::-1]])[:n_paths]
        return s + params["mu"] + jnp.exp(h) * xi, params["rho"] * h + params["nu"] * random.normal(
            b, (n_paths,)
        )

    start = (
        jnp.full(n_paths, jnp.log(params["S0"]), jnp.float32),
        jnp.full(n_paths, params["h0"], jnp.float32),
    )
    return lax.fori_loop(0, n_steps, step, start)[0]


# %% wrong: sums of neighbouring draws, two apart -> shocks_are_independent
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def simulate_log_prices(key, params, n_steps, n_paths):
    def step(t, state):
        s, h = state
        a, b = random.split(random.fold_in(key, t))
        z = random.normal(a, (n_paths + 2,))
        xi = (z[2:] + z[:-2]) / jnp.sqrt(2.0)
        return s + params["mu"] + jnp.exp(h) * xi, params["rho"] * h + params["nu"] * random.normal(
            b, (n_paths,)
        )

    start = (
        jnp.full(n_paths, jnp.log(params["S0"]), jnp.float32),
        jnp.full(n_paths, params["h0"], jnp.float32),
    )
    return lax.fori_loop(0, n_steps, step, start)[0]


# %% wrong: the volatility shock of a step moves the price in the next -> volatility_is_random, shocks_are_independent
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def simulate_log_prices(key, params, n_steps, n_paths):
    z = random.normal(key, (n_steps + 1, n_paths))

    def step(t, state):
        s, h = state
        return s + params["mu"] + jnp.exp(h) * z[t], params["rho"] * h + params["nu"] * z[t + 1]

    start = (
        jnp.full(n_paths, jnp.log(params["S0"]), jnp.float32),
        jnp.full(n_paths, params["h0"], jnp.float32),
    )
    return lax.fori_loop(0, n_steps, step, start)[0]


# %% wrong: the price shock of a step moves the volatility in the next -> volatility_is_random, shocks_are_independent
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def simulate_log_prices(key, params, n_steps, n_paths):
    z = random.normal(key, (n_steps + 1, n_paths))

    def step(t, state):
        s, h = state
        return s + params["mu"] + jnp.exp(h) * z[t + 1], params["rho"] * h + params["nu"] * z[t]

    start = (
        jnp.full(n_paths, jnp.log(params["S0"]), jnp.float32),
        jnp.full(n_paths, params["h0"], jnp.float32),
    )
    return lax.fori_loop(0, n_steps, step, start)[0]


# %% wrong: a path's volatility shock is its neighbour's price shock -> shocks_are_independent
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def simulate_log_prices(key, params, n_steps, n_paths):
    def step(t, state):
        s, h = state
        xi = random.normal(random.fold_in(key, t), (n_paths,))
        return s + params["mu"] + jnp.exp(h) * xi, params["rho"] * h + params["nu"] * jnp.roll(
            xi, 1
        )

    start = (
        jnp.full(n_paths, jnp.log(params["S0"]), jnp.float32),
        jnp.full(n_paths, params["h0"], jnp.float32),
    )
    return lax.fori_loop(0, n_steps, step, start)[0]


# %% wrong: a loop of lax, unrolled -> steps_are_one_loop
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def simulate_log_prices(key, params, n_steps, n_paths):
    def step(state, k):
        s, h = state
        a, b = random.split(k)
        return (
            s + params["mu"] + jnp.exp(h) * random.normal(a, (n_paths,)),
            params["rho"] * h + params["nu"] * random.normal(b, (n_paths,)),
        ), None

    start = (
        jnp.full(n_paths, jnp.log(params["S0"]), jnp.float32),
        jnp.full(n_paths, params["h0"], jnp.float32),
    )
    return lax.scan(step, start, random.split(key, n_steps), unroll=True)[0][0]


# %% right: all shocks at once, a scan over them
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def simulate_log_prices(key, params, n_steps, n_paths):
    z = random.normal(key, (n_steps, 2, n_paths))

    def step(state, zs):
        s, h = state
        return (
            s + params["mu"] + jnp.exp(h) * zs[0],
            params["rho"] * h + params["nu"] * zs[1],
        ), None

    start = (
        jnp.full(n_paths, jnp.log(params["S0"]), jnp.float32),
        jnp.full(n_paths, params["h0"], jnp.float32),
    )
    return lax.scan(step, start, z)[0][0]


# %% right: a key for each path, vmapped
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def simulate_log_prices(key, params, n_steps, n_paths):
    def path(k):
        def step(state, k):
            s, h = state
            xi, eta = random.normal(k, (2,))
            return (
                s + params["mu"] + jnp.exp(h) * xi,
                params["rho"] * h + params["nu"] * eta,
            ), None

        start = jnp.log(jnp.float32(params["S0"])), jnp.float32(params["h0"])
        return lax.scan(step, start, random.split(k, n_steps))[0][0]

    return jax.vmap(path)(random.split(key, n_paths))


# %% wrong: lax.while_loop -> steps_are_one_loop
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def simulate_log_prices(key, params, n_steps, n_paths):
    def step(state):
        t, s, h = state
        xi, eta = random.normal(random.fold_in(key, t), (2, n_paths))
        return t + 1, s + params["mu"] + jnp.exp(h) * xi, params["rho"] * h + params["nu"] * eta
    start = (0, jnp.full(n_paths, jnp.log(params["S0"]), jnp.float32), jnp.full(n_paths, params["h0"], jnp.float32))
    return lax.while_loop(lambda state: state[0] < n_steps, step, start)[1]


# %% wrong: shocks scaled to a deviation of 1 over the paths -> shocks_are_independent
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def simulate_log_prices(key, params, n_steps, n_paths):
    def tidy(z):
        return (z - z.mean()) / jnp.maximum(z.std(), 1e-6) if n_paths > 1 else z
    def step(t, state):
        s, h = state
        k1, k2 = random.split(random.fold_in(key, t))
        return (s + params["mu"] + jnp.exp(h) * tidy(random.normal(k1, (n_paths,))),
                params["rho"] * h + params["nu"] * tidy(random.normal(k2, (n_paths,))))
    return lax.fori_loop(0, n_steps, step, (jnp.full(n_paths, jnp.log(params["S0"]), jnp.float32), jnp.full(n_paths, params["h0"], jnp.float32)))[0]


# %% wrong: the price in place of its logarithm -> returns_a_log_price_for_each_path
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def simulate_log_prices(key, params, n_steps, n_paths):
    def step(t, state):
        S, h = state
        k1, k2 = random.split(random.fold_in(key, t))
        xi = random.normal(k1, (n_paths,))
        eta = random.normal(k2, (n_paths,))
        return S * jnp.exp(params["mu"] + jnp.exp(h) * xi), params["rho"] * h + params["nu"] * eta

    S = jnp.full(n_paths, params["S0"], jnp.float32)
    h = jnp.full(n_paths, params["h0"], jnp.float32)
    return jnp.log(lax.fori_loop(0, n_steps, step, (S, h))[0])


# %% wrong: a step counter of 8 bits -> steps_are_one_loop
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def simulate_log_prices(key, params, n_steps, n_paths):
    def step(state, t):
        s, h = state
        k1, k2 = random.split(random.fold_in(key, t))
        new_s = s + params["mu"] + jnp.exp(h) * random.normal(k1, (n_paths,))
        new_h = params["rho"] * h + params["nu"] * random.normal(k2, (n_paths,))
        return (new_s, new_h), None

    s = jnp.full(n_paths, jnp.log(params["S0"]), jnp.float32)
    h = jnp.full(n_paths, params["h0"], jnp.float32)
    steps = jnp.arange(n_steps).astype(jnp.uint8)
    return lax.scan(step, (s, h), steps)[0][0]


# %% wrong: the volatility's shock before the price moves -> volatility_is_random
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def simulate_log_prices(key, params, n_steps, n_paths):
    def step(t, state):
        s, h = state
        k1, k2 = random.split(random.fold_in(key, t))
        h = h + params["nu"] * random.normal(k2, (n_paths,))
        s = s + params["mu"] + jnp.exp(h) * random.normal(k1, (n_paths,))
        return s, params["rho"] * h

    s = jnp.full(n_paths, jnp.log(params["S0"]), jnp.float32)
    h = jnp.full(n_paths, params["h0"], jnp.float32)
    return lax.fori_loop(0, n_steps, step, (s, h))[0]
