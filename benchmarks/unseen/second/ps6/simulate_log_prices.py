# %% right: fori_loop, fold_in and split
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def simulate_log_prices(key, params, n_steps, n_paths):
    def step(t, state):
        s, h = state
        k_price, k_vol = random.split(random.fold_in(key, t))
        xi = random.normal(k_price, (n_paths,), jnp.float32)
        eta = random.normal(k_vol, (n_paths,), jnp.float32)
        return (
            s + params["mu"] + jnp.exp(h) * xi,
            params["rho"] * h + params["nu"] * eta,
        )

    start = (
        jnp.full(n_paths, jnp.log(params["S0"]), jnp.float32),
        jnp.full(n_paths, params["h0"], jnp.float32),
    )
    return lax.fori_loop(0, n_steps, step, start)[0]

# %% right: scan over pre-drawn shocks
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def simulate_log_prices(key, params, n_steps, n_paths):
    shocks = random.normal(key, (n_steps, 2, n_paths), dtype=jnp.float32)

    def move(state, shock):
        s, h = state
        xi, eta = shock
        new_s = s + params["mu"] + jnp.exp(h) * xi
        new_h = params["rho"] * h + params["nu"] * eta
        return (new_s, new_h), None

    ones = jnp.ones(n_paths, jnp.float32)
    (s, _), _ = lax.scan(move, (ones * jnp.log(params["S0"]), ones * params["h0"]), shocks)
    return s

# %% right: one path as a function, vmap over a key for each path
def _one_path(key, params, n_steps):
    def step(carry, k):
        s, h = carry
        z = random.normal(k, (2,), jnp.float32)
        return (s + params["mu"] + jnp.exp(h) * z[0], params["rho"] * h + params["nu"] * z[1]), ()

    init = (
        jnp.log(jnp.asarray(params["S0"], jnp.float32)),
        jnp.asarray(params["h0"], jnp.float32),
    )
    return lax.scan(step, init, random.split(key, n_steps))[0][0]


@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def simulate_log_prices(key, params, n_steps, n_paths):
    keys = random.split(key, n_paths)
    return jax.vmap(_one_path, in_axes=(0, None, None))(keys, params, n_steps)

# %% right: two loops, volatilities first and the price afterwards
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def simulate_log_prices(key, params, n_steps, n_paths):
    vol_key, price_key = random.split(key)

    def vol_step(h, k):
        return params["rho"] * h + params["nu"] * random.normal(k, h.shape, h.dtype), h

    h0 = jnp.full((n_paths,), params["h0"], jnp.float32)
    _, hs = lax.scan(vol_step, h0, random.split(vol_key, n_steps))  # h_0 ... h_{n-1}

    def price_step(t, s):
        xi = random.normal(random.fold_in(price_key, t), s.shape, s.dtype)
        return s + (params["mu"] + jnp.exp(hs[t]) * xi)

    s0 = jnp.full((n_paths,), jnp.log(params["S0"]), jnp.float32)
    return lax.fori_loop(0, n_steps, price_step, s0)

# %% right: the key travels in a NamedTuple state, scan unrolled by 4
from typing import Any, NamedTuple


class _State(NamedTuple):
    key: Any
    s: Any
    h: Any


@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def simulate_log_prices(key, params, n_steps, n_paths):
    mu, rho, nu = (jnp.float32(params[name]) for name in ("mu", "rho", "nu"))

    def advance(state, _):
        key, k1, k2 = random.split(state.key, 3)
        xi = random.normal(k1, (n_paths,))
        eta = random.normal(k2, (n_paths,))
        return _State(key, state.s + mu + jnp.exp(state.h) * xi, rho * state.h + nu * eta), None

    zeros = jnp.zeros(n_paths, jnp.float32)
    first = _State(key, zeros + jnp.log(params["S0"]), zeros + params["h0"])
    last, _ = lax.scan(advance, first, None, length=n_steps, unroll=4)
    return last.s

# %% right: Box and Muller, distance from the start added to log S0 at the end
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def simulate_log_prices(key, params, n_steps, n_paths):
    def gauss_pair(k):
        ka, kb = random.split(k)
        radius = jnp.sqrt(-2 * jnp.log1p(-random.uniform(ka, (n_paths,))))
        angle = 2 * jnp.pi * random.uniform(kb, (n_paths,))
        return radius * jnp.cos(angle), radius * jnp.sin(angle)

    def body(t, state):
        moved, h = state
        xi, eta = gauss_pair(random.fold_in(key, t))
        moved = moved + jnp.exp(h) * xi
        h = h * params["rho"] + eta * params["nu"]
        return moved, h

    h = jnp.broadcast_to(jnp.asarray(params["h0"], jnp.float32), (n_paths,))
    moved, _ = lax.fori_loop(0, n_steps, body, (jnp.zeros(n_paths, jnp.float32), h))
    return jnp.log(params["S0"]) + n_steps * params["mu"] + moved

# %% right: state as one (2, n_paths) array, shocks of one draw
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def simulate_log_prices(key, params, n_steps, n_paths):
    def step(x, k):
        z = random.normal(k, (2, n_paths), jnp.float32)
        scale = jnp.stack([jnp.exp(x[1]), jnp.full(n_paths, params["nu"], jnp.float32)])
        factor = jnp.array([1.0, params["rho"]], jnp.float32)[:, None]
        drift = jnp.array([params["mu"], 0.0], jnp.float32)[:, None]
        return factor * x + drift + scale * z, None

    x0 = jnp.stack([jnp.log(jnp.float32(params["S0"])), jnp.float32(params["h0"])])
    x, _ = lax.scan(step, jnp.tile(x0[:, None], (1, n_paths)), random.split(key, n_steps))
    return x[0]

# %% wrong: Ito correction added | mean is log S0 + n mu - v^2/2 instead of log S0 + n mu
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def simulate_log_prices(key, params, n_steps, n_paths):
    def step(t, state):
        s, h = state
        k1, k2 = random.split(random.fold_in(key, t))
        vol = jnp.exp(h)
        s = s + params["mu"] - 0.5 * vol**2 + vol * random.normal(k1, (n_paths,))
        h = params["rho"] * h + params["nu"] * random.normal(k2, (n_paths,))
        return s, h

    s = jnp.full(n_paths, jnp.log(params["S0"]), jnp.float32)
    h = jnp.full(n_paths, params["h0"], jnp.float32)
    return lax.fori_loop(0, n_steps, step, (s, h))[0]

# %% wrong: one normal draw serves both shocks | xi and eta of a step are equal, must be independent (nu > 0)
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def simulate_log_prices(key, params, n_steps, n_paths):
    def step(state, k):
        s, h = state
        z = random.normal(k, (n_paths,))
        return (s + params["mu"] + jnp.exp(h) * z, params["rho"] * h + params["nu"] * z), None

    s = jnp.full(n_paths, jnp.log(params["S0"]), jnp.float32)
    h = jnp.full(n_paths, params["h0"], jnp.float32)
    return lax.scan(step, (s, h), random.split(key, n_steps))[0][0]

# %% wrong: volatility shock is one number for all paths | paths share their volatility, not independent (nu > 0)
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def simulate_log_prices(key, params, n_steps, n_paths):
    def step(t, state):
        s, h = state
        k1, k2 = random.split(random.fold_in(key, t))
        s = s + params["mu"] + jnp.exp(h) * random.normal(k1, (n_paths,))
        h = params["rho"] * h + params["nu"] * random.normal(k2)
        return s, h

    s = jnp.full(n_paths, jnp.log(params["S0"]), jnp.float32)
    h = jnp.float32(params["h0"])
    return lax.fori_loop(0, n_steps, step, (s, h))[0]

# %% wrong: the volatility shock is drawn once for all steps | eta the same in every step, h a line and no random walk (nu > 0)
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def simulate_log_prices(key, params, n_steps, n_paths):
    k_price, k_vol = random.split(key)
    eta = random.normal(k_vol, (n_paths,))

    def step(state, k):
        s, h = state
        xi = random.normal(k, (n_paths,))
        return (s + params["mu"] + jnp.exp(h) * xi, params["rho"] * h + params["nu"] * eta), None

    s = jnp.full(n_paths, jnp.log(params["S0"]), jnp.float32)
    h = jnp.full(n_paths, params["h0"], jnp.float32)
    return lax.scan(step, (s, h), random.split(k_price, n_steps))[0][0]

# %% wrong: fold_in(key, t) for the price and fold_in(key, t + 1) for the volatility | eta of a step is xi of the next one: keys used twice, shocks dependent
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def simulate_log_prices(key, params, n_steps, n_paths):
    def step(t, state):
        s, h = state
        xi = random.normal(random.fold_in(key, t), (n_paths,))
        eta = random.normal(random.fold_in(key, t + 1), (n_paths,))
        return s + params["mu"] + jnp.exp(h) * xi, params["rho"] * h + params["nu"] * eta

    s = jnp.full(n_paths, jnp.log(params["S0"]), jnp.float32)
    h = jnp.full(n_paths, params["h0"], jnp.float32)
    return lax.fori_loop(0, n_steps, step, (s, h))[0]

# %% wrong: volatility shock added before the price moves | the price of step t sees eta_{t+1} (nu > 0), must use the old h
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

# %% wrong: the new h moves the price | variance is that of h_1 ... h_n, not of h_0 ... h_{n-1}
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def simulate_log_prices(key, params, n_steps, n_paths):
    def step(t, state):
        s, h = state
        k1, k2 = random.split(random.fold_in(key, t))
        h = params["rho"] * h + params["nu"] * random.normal(k2, (n_paths,))
        s = s + params["mu"] + jnp.exp(h) * random.normal(k1, (n_paths,))
        return s, h

    s = jnp.full(n_paths, jnp.log(params["S0"]), jnp.float32)
    h = jnp.full(n_paths, params["h0"], jnp.float32)
    return lax.fori_loop(0, n_steps, step, (s, h))[0]

# %% wrong: shocks of plus or minus one | the shocks are not normal: with one step only two values come out
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def simulate_log_prices(key, params, n_steps, n_paths):
    def step(t, state):
        s, h = state
        k1, k2 = random.split(random.fold_in(key, t))
        xi = random.rademacher(k1, (n_paths,), jnp.float32)
        eta = random.rademacher(k2, (n_paths,), jnp.float32)
        return s + params["mu"] + jnp.exp(h) * xi, params["rho"] * h + params["nu"] * eta

    s = jnp.full(n_paths, jnp.log(params["S0"]), jnp.float32)
    h = jnp.full(n_paths, params["h0"], jnp.float32)
    return lax.fori_loop(0, n_steps, step, (s, h))[0]

# %% wrong: second half of the paths mirrors the first | paths are not independent (pairs sum to a constant when nu = 0)
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

# %% wrong: shocks of each step are centred over the paths | paths not independent: the sample mean is always log S0 + n mu (nu = 0); a single path has no price noise
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def simulate_log_prices(key, params, n_steps, n_paths):
    def step(t, state):
        s, h = state
        k1, k2 = random.split(random.fold_in(key, t))
        xi = random.normal(k1, (n_paths,))
        eta = random.normal(k2, (n_paths,))
        xi = xi - xi.mean()
        return s + params["mu"] + jnp.exp(h) * xi, params["rho"] * h + params["nu"] * eta

    s = jnp.full(n_paths, jnp.log(params["S0"]), jnp.float32)
    h = jnp.full(n_paths, params["h0"], jnp.float32)
    return lax.fori_loop(0, n_steps, step, (s, h))[0]

# %% wrong: while_loop | cannot be differentiated backwards
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def simulate_log_prices(key, params, n_steps, n_paths):
    def body(state):
        t, s, h = state
        k1, k2 = random.split(random.fold_in(key, t))
        new_s = s + params["mu"] + jnp.exp(h) * random.normal(k1, (n_paths,))
        new_h = params["rho"] * h + params["nu"] * random.normal(k2, (n_paths,))
        return t + 1, new_s, new_h

    s = jnp.full(n_paths, jnp.log(params["S0"]), jnp.float32)
    h = jnp.full(n_paths, params["h0"], jnp.float32)
    return lax.while_loop(lambda state: state[0] < n_steps, body, (0, s, h))[1]

# %% wrong: Python loop over the steps | unrolled into a program n_steps times as long
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def simulate_log_prices(key, params, n_steps, n_paths):
    s = jnp.full(n_paths, jnp.log(params["S0"]), jnp.float32)
    h = jnp.full(n_paths, params["h0"], jnp.float32)
    for k in random.split(key, n_steps):
        k1, k2 = random.split(k)
        s, h = (
            s + params["mu"] + jnp.exp(h) * random.normal(k1, (n_paths,)),
            params["rho"] * h + params["nu"] * random.normal(k2, (n_paths,)),
        )
    return s

# %% wrong: scan with unroll=True | unrolled in full, program grows with n_steps
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def simulate_log_prices(key, params, n_steps, n_paths):
    def step(state, k):
        s, h = state
        z = random.normal(k, (2, n_paths))
        return (s + params["mu"] + jnp.exp(h) * z[0], params["rho"] * h + params["nu"] * z[1]), None

    s = jnp.full(n_paths, jnp.log(params["S0"]), jnp.float32)
    h = jnp.full(n_paths, params["h0"], jnp.float32)
    return lax.scan(step, (s, h), random.split(key, n_steps), unroll=True)[0][0]

# %% wrong: multiplies the price itself and takes the logarithm at the end | float32 price overflows or underflows (many steps of volatility 1): inf and -inf
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

# %% wrong: volatility capped at 1 "to be safe" | h above 0 has no effect
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def simulate_log_prices(key, params, n_steps, n_paths):
    def step(t, state):
        s, h = state
        k1, k2 = random.split(random.fold_in(key, t))
        vol = jnp.clip(jnp.exp(h), 0.0, 1.0)
        s = s + params["mu"] + vol * random.normal(k1, (n_paths,))
        h = params["rho"] * h + params["nu"] * random.normal(k2, (n_paths,))
        return s, h

    s = jnp.full(n_paths, jnp.log(params["S0"]), jnp.float32)
    h = jnp.full(n_paths, params["h0"], jnp.float32)
    return lax.fori_loop(0, n_steps, step, (s, h))[0]

# %% wrong: nu taken for a variance | volatility shocks scaled by sqrt(nu)
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def simulate_log_prices(key, params, n_steps, n_paths):
    def step(t, state):
        s, h = state
        k1, k2 = random.split(random.fold_in(key, t))
        new_s = s + params["mu"] + jnp.exp(h) * random.normal(k1, (n_paths,))
        new_h = params["rho"] * h + jnp.sqrt(params["nu"]) * random.normal(k2, (n_paths,))
        return new_s, new_h

    s = jnp.full(n_paths, jnp.log(params["S0"]), jnp.float32)
    h = jnp.full(n_paths, params["h0"], jnp.float32)
    return lax.fori_loop(0, n_steps, step, (s, h))[0]

# %% wrong: seed made of the last word of the key | keys that differ in the first word draw the same; half of the key is dropped
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def simulate_log_prices(key, params, n_steps, n_paths):
    words = random.key_data(key) if jnp.issubdtype(key.dtype, jax.dtypes.prng_key) else key
    base = random.PRNGKey(words[-1])

    def step(t, state):
        s, h = state
        k1, k2 = random.split(random.fold_in(base, t))
        new_s = s + params["mu"] + jnp.exp(h) * random.normal(k1, (n_paths,))
        new_h = params["rho"] * h + params["nu"] * random.normal(k2, (n_paths,))
        return new_s, new_h

    s = jnp.full(n_paths, jnp.log(params["S0"]), jnp.float32)
    h = jnp.full(n_paths, params["h0"], jnp.float32)
    return lax.fori_loop(0, n_steps, step, (s, h))[0]

# %% wrong: shocks from a table of 256 quantiles | shocks looked up by a random index in a table of 256 normal quantiles: never beyond 2.9 deviations, not normal
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def simulate_log_prices(key, params, n_steps, n_paths):
    table = jax.scipy.stats.norm.ppf((jnp.arange(256) + 0.5) / 256)

    def draw(k):
        return table[random.randint(k, (n_paths,), 0, 256)]

    def step(t, state):
        s, h = state
        k1, k2 = random.split(random.fold_in(key, t))
        return s + params["mu"] + jnp.exp(h) * draw(k1), params["rho"] * h + params["nu"] * draw(k2)

    s = jnp.full(n_paths, jnp.log(params["S0"]), jnp.float32)
    h = jnp.full(n_paths, params["h0"], jnp.float32)
    return lax.fori_loop(0, n_steps, step, (s, h))[0]

# %% wrong: uint8 step counter for fold_in | from 256 steps on the draws of the steps repeat
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
