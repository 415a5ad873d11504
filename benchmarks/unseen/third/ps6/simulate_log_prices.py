# %% right: NumPy veteran, all shocks in two blocks, one scan
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def simulate_log_prices(key, params, n_steps, n_paths):
    price_key, volatility_key = random.split(key)
    xi = random.normal(price_key, (n_steps, n_paths), jnp.float32)
    eta = random.normal(volatility_key, (n_steps, n_paths), jnp.float32)

    def step(state, shocks):
        s, h = state
        x, e = shocks
        return (s + params["mu"] + jnp.exp(h) * x, params["rho"] * h + params["nu"] * e), None

    s = jnp.full(n_paths, jnp.log(params["S0"]), jnp.float32)
    h = jnp.full(n_paths, params["h0"], jnp.float32)
    (s, h), _ = lax.scan(step, (s, h), (xi, eta))
    return s


# %% right: functional, one path mapped over keys
def _one_path(key, params, n_steps):
    def step(state, k):
        s, h = state
        xi, eta = random.normal(k, (2,), jnp.float32)
        return (s + params["mu"] + jnp.exp(h) * xi, params["rho"] * h + params["nu"] * eta), None

    start = (
        jnp.asarray(jnp.log(params["S0"]), jnp.float32),
        jnp.asarray(params["h0"], jnp.float32),
    )
    return lax.scan(step, start, random.split(key, n_steps))[0][0]


@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def simulate_log_prices(key, params, n_steps, n_paths):
    return jax.vmap(lambda k: _one_path(k, params, n_steps))(random.split(key, n_paths))


# %% right: physicist, fori_loop and fold_in, everything written out
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def simulate_log_prices(
    key: PRNGKeyArray, params: dict[str, float], n_steps: int, n_paths: int
) -> Float32[Array, "n_paths"]:
    mu = params["mu"]
    rho = params["rho"]
    nu = params["nu"]
    s_start = jnp.full(n_paths, jnp.log(params["S0"]), jnp.float32)
    h_start = jnp.full(n_paths, params["h0"], jnp.float32)

    def advance(t, state):
        s_old, h_old = state
        key_xi, key_eta = random.split(random.fold_in(key, t))
        xi = random.normal(key_xi, (n_paths,))
        eta = random.normal(key_eta, (n_paths,))
        sigma = jnp.exp(h_old)
        s_new = s_old + mu + sigma * xi
        h_new = rho * h_old + nu * eta
        return s_new, h_new

    s_end, _ = lax.fori_loop(0, n_steps, advance, (s_start, h_start))
    return s_end


# %% right: documentation reader, NamedTuple state that carries the key, two loops
from typing import NamedTuple


class _Volatility(NamedTuple):
    h: jax.Array
    key: jax.Array


@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def simulate_log_prices(key, params, n_steps, n_paths):
    k_vol, k_price = random.split(key, 2)

    def wander(state, _):
        carry, use = random.split(state.key)
        eta = random.normal(use, state.h.shape)
        return _Volatility(params["rho"] * state.h + params["nu"] * eta, carry), state.h

    first = _Volatility(jnp.full((n_paths,), params["h0"], dtype=jnp.float32), k_vol)
    _, hs = lax.scan(wander, first, None, length=n_steps)  # the h from before each step
    jumps = jnp.exp(hs) * random.normal(k_price, hs.shape)

    def body(t, s):
        return s + (params["mu"] + lax.dynamic_index_in_dim(jumps, t, keepdims=False))

    return lax.fori_loop(0, n_steps, body, jnp.full_like(first.h, jnp.log(params["S0"])))


# %% wrong: one volatility shock for all paths | eta is a scalar in each step, so paths share their volatility; they must have shocks of their own
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def simulate_log_prices(key, params, n_steps, n_paths):
    def step(t, state):
        s, h = state
        k1, k2 = random.split(random.fold_in(key, t))
        s = s + params["mu"] + jnp.exp(h) * random.normal(k1, (n_paths,))
        h = params["rho"] * h + params["nu"] * random.normal(k2)
        return s, h

    s = jnp.full(n_paths, jnp.log(params["S0"]), jnp.float32)
    h = jnp.full(n_paths, params["h0"], jnp.float32)
    return lax.fori_loop(0, n_steps, step, (s, h))[0]


# %% wrong: eta is the next step's xi | volatility and price shocks are slices of one array that overlap, so they are not independent
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def simulate_log_prices(key, params, n_steps, n_paths):
    shocks = random.normal(key, (n_steps + 1, n_paths))

    def step(state, z):
        s, h = state
        xi, eta = z
        return (s + params["mu"] + jnp.exp(h) * xi, params["rho"] * h + params["nu"] * eta), None

    s = jnp.full(n_paths, jnp.log(params["S0"]), jnp.float32)
    h = jnp.full(n_paths, params["h0"], jnp.float32)
    (s, _), _ = lax.scan(step, (s, h), (shocks[:-1], shocks[1:]))
    return s


# %% wrong: Ito's correction added | each step moves by mu - exp(2h)/2, so the mean is not log S0 + n mu
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def simulate_log_prices(key, params, n_steps, n_paths):
    def step(carry, k):
        s, h = carry
        k1, k2 = random.split(k)
        sigma = jnp.exp(h)
        s = s + (params["mu"] - 0.5 * sigma**2) + sigma * random.normal(k1, (n_paths,))
        h = params["rho"] * h + params["nu"] * random.normal(k2, (n_paths,))
        return (s, h), None

    start = (
        jnp.full(n_paths, jnp.log(params["S0"]), jnp.float32),
        jnp.full(n_paths, params["h0"], jnp.float32),
    )
    return lax.scan(step, start, random.split(key, n_steps))[0][0]


# %% wrong: half the paths are mirror images | antithetic shocks "to save draws", so the paths are not independent
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def simulate_log_prices(key, params, n_steps, n_paths):
    half = (n_paths + 1) // 2

    def step(t, state):
        s, h = state
        k1, k2 = random.split(random.fold_in(key, t))
        z = random.normal(k1, (half,))
        xi = jnp.concatenate([z, -z])[:n_paths]
        eta = random.normal(k2, (n_paths,))
        return s + params["mu"] + jnp.exp(h) * xi, params["rho"] * h + params["nu"] * eta

    s = jnp.full(n_paths, jnp.log(params["S0"]), jnp.float32)
    h = jnp.full(n_paths, params["h0"], jnp.float32)
    return lax.fori_loop(0, n_steps, step, (s, h))[0]


# %% wrong: traced number of steps | fori_loop with a traced bound becomes a while_loop, which cannot be differentiated backwards
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def simulate_log_prices(key, params, n_steps, n_paths):
    def step(t, state):
        s, h = state
        k1, k2 = random.split(random.fold_in(key, t))
        xi, eta = random.normal(k1, s.shape), random.normal(k2, s.shape)
        return s + params["mu"] + jnp.exp(h) * xi, params["rho"] * h + params["nu"] * eta

    s = jnp.full(n_paths, jnp.log(params["S0"]), jnp.float32)
    h = jnp.full(n_paths, params["h0"], jnp.float32)
    steps = jnp.asarray(n_steps, jnp.int32)
    return lax.fori_loop(0, steps, step, (s, h))[0]


# %% wrong: squeeze at the end | with n_paths = 1 the result has shape () instead of (1,)
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def simulate_log_prices(key, params, n_steps, n_paths):
    k_xi, k_eta = random.split(key)
    xi = random.normal(k_xi, (n_steps, n_paths, 1))
    eta = random.normal(k_eta, (n_steps, n_paths, 1))

    def step(state, z):
        s, h = state
        return (s + params["mu"] + jnp.exp(h) * z[0], params["rho"] * h + params["nu"] * z[1]), None

    s = jnp.full((n_paths, 1), jnp.log(params["S0"]), jnp.float32)
    h = jnp.full((n_paths, 1), params["h0"], jnp.float32)
    (s, _), _ = lax.scan(step, (s, h), (xi, eta))
    return s.squeeze()


# %% wrong: volatility forgets its shocks | h is rho^t h0 plus this step's shock only, earlier shocks do not persist
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def simulate_log_prices(key, params, n_steps, n_paths):
    def step(t, state):
        s, level, h = state
        k1, k2 = random.split(random.fold_in(key, t))
        s = s + params["mu"] + jnp.exp(h) * random.normal(k1, (n_paths,))
        level = params["rho"] * level
        h = level + params["nu"] * random.normal(k2, (n_paths,))
        return s, level, h

    s = jnp.full(n_paths, jnp.log(params["S0"]), jnp.float32)
    h = jnp.full(n_paths, params["h0"], jnp.float32)
    return lax.fori_loop(0, n_steps, step, (s, h, h))[0]


# %% wrong: Python loop over the steps | the steps are unrolled into the program, a loop of JAX is asked for
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def simulate_log_prices(key, params, n_steps, n_paths):
    s = jnp.full(n_paths, jnp.log(params["S0"]), jnp.float32)
    h = jnp.full(n_paths, params["h0"], jnp.float32)
    for k in random.split(key, n_steps):
        k1, k2 = random.split(k)
        s = s + params["mu"] + jnp.exp(h) * random.normal(k1, (n_paths,))
        h = params["rho"] * h + params["nu"] * random.normal(k2, (n_paths,))
    return s
