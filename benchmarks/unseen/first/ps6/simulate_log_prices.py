# %% right: fori_loop, fold_in for each step, split for the two shocks
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def simulate_log_prices(
    key: PRNGKeyArray, params: dict[str, float], n_steps: int, n_paths: int
) -> Float32[Array, "n_paths"]:
    def step(t, state):
        s, h = state
        kx, ke = random.split(random.fold_in(key, t))
        xi = random.normal(kx, (n_paths,))
        eta = random.normal(ke, (n_paths,))
        return s + params["mu"] + jnp.exp(h) * xi, params["rho"] * h + params["nu"] * eta

    s = jnp.full(n_paths, jnp.log(params["S0"]), jnp.float32)
    h = jnp.full(n_paths, params["h0"], jnp.float32)
    return lax.fori_loop(0, n_steps, step, (s, h))[0]

# %% right: scan over n_steps split keys, both shocks in one draw of shape (2, n_paths)
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def simulate_log_prices(key, params, n_steps, n_paths):
    beta, mu, rho, nu, S0, h0, K = (params[k] for k in ("beta", "mu", "rho", "nu", "S0", "h0", "K"))

    def move(state, subkey):
        s, h = state
        xi, eta = random.normal(subkey, (2, n_paths), jnp.float32)
        return (s + mu + jnp.exp(h) * xi, rho * h + nu * eta), None

    start = (jnp.full((n_paths,), jnp.log(S0), jnp.float32), jnp.full((n_paths,), h0, jnp.float32))
    (s, _), _ = lax.scan(move, start, random.split(key, n_steps))
    return s

# %% right: all shocks drawn at once from the key, scanned over the first axis
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def simulate_log_prices(key, params, n_steps, n_paths):
    shocks = random.normal(key, (n_steps, 2, n_paths))

    def f(carry, z):
        s, h = carry
        return (s + params["mu"] + jnp.exp(h) * z[0], params["rho"] * h + params["nu"] * z[1]), None

    zeros = jnp.zeros(n_paths, jnp.float32)
    return lax.scan(f, (zeros + jnp.log(params["S0"]), zeros + params["h0"]), shocks)[0][0]

# %% right: the key travels in the carry of fori_loop and is split in three
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def simulate_log_prices(key, params, n_steps, n_paths):
    def body(_, carry):
        key, s, h = carry
        key, a, b = random.split(key, 3)
        s = s + params["mu"] + jnp.exp(h) * random.normal(a, s.shape)
        h = params["rho"] * h + params["nu"] * random.normal(b, h.shape)
        return key, s, h

    ones = jnp.ones(n_paths, jnp.float32)
    return lax.fori_loop(0, n_steps, body, (key, jnp.log(params["S0"]) * ones, params["h0"] * ones))[1]

# %% right: one path as a scalar scan, a key for each path, vmap over the paths
def _one_path(params, n_steps, key):
    def tick(sh, k):
        s, h = sh
        z = random.normal(k, (2,))
        return (s + params["mu"] + jnp.exp(h) * z[0], params["rho"] * h + params["nu"] * z[1]), ()
    s0 = jnp.asarray(jnp.log(params["S0"]), jnp.float32)
    h0 = jnp.asarray(params["h0"], jnp.float32)
    return lax.scan(tick, (s0, h0), random.split(key, n_steps))[0][0]

@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def simulate_log_prices(key, params, n_steps, n_paths):
    return jax.vmap(partial(_one_path, params, n_steps))(random.split(key, n_paths))

# %% right: NamedTuple as state, keys split once for prices and volatilities, then folded
from typing import NamedTuple

class Market(NamedTuple):
    s: jax.Array
    h: jax.Array

@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def simulate_log_prices(key, params, n_steps, n_paths):
    price_key, vol_key = random.split(key)

    def advance(t, m: Market) -> Market:
        return Market(
            s=m.s + params["mu"] + jnp.exp(m.h) * random.normal(random.fold_in(price_key, t), (n_paths,)),
            h=params["rho"] * m.h + params["nu"] * random.normal(random.fold_in(vol_key, t), (n_paths,)),
        )

    m = Market(jnp.full(n_paths, jnp.log(params["S0"]), "float32"), jnp.full(n_paths, params["h0"], "float32"))
    return lax.fori_loop(0, n_steps, advance, m).s

# %% right: Box-Muller from uniforms, with log1p against log(0)
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def simulate_log_prices(key, params, n_steps, n_paths):
    def two_normals(k):
        u, v = random.uniform(k, (2, n_paths))
        r = jnp.sqrt(-2 * jnp.log1p(-u))
        return r * jnp.cos(2 * jnp.pi * v), r * jnp.sin(2 * jnp.pi * v)

    def f(state, k):
        s, h = state
        xi, eta = two_normals(k)
        return (s + params["mu"] + jnp.exp(h) * xi, params["rho"] * h + params["nu"] * eta), None

    state = (jnp.full(n_paths, jnp.log(params["S0"]), jnp.float32), jnp.full(n_paths, params["h0"], jnp.float32))
    return lax.scan(f, state, random.split(key, n_steps))[0][0]

# %% right: volatilities in a first scan, then the prices as a sum over the steps
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def simulate_log_prices(key, params, n_steps, n_paths):
    k_eta, k_xi = random.split(key)
    etas = random.normal(k_eta, (n_steps, n_paths))
    def wander(h, eta):
        return params["rho"] * h + params["nu"] * eta, h
    _, hs = lax.scan(wander, jnp.full(n_paths, params["h0"], jnp.float32), etas)
    xis = random.normal(k_xi, (n_steps, n_paths))
    return (jnp.log(params["S0"]) + n_steps * params["mu"] + jnp.einsum("tp,tp->p", jnp.exp(hs), xis, precision="highest")).astype(jnp.float32)

# %% right: two-dimensional array of keys, dict as state, partly unrolled scan
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def simulate_log_prices(key, params, n_steps, n_paths):
    keys = random.split(key, (n_steps, 2))
    state = jax.tree.map(lambda x: jnp.full(n_paths, x, jnp.float32), {"s": jnp.log(params["S0"]), "h": params["h0"]})
    def step(st, ks):
        new_s = st["s"] + params["mu"] + jnp.exp(st["h"]) * random.normal(ks[0], (n_paths,))
        new_h = params["rho"] * st["h"] + params["nu"] * random.normal(ks[1], (n_paths,))
        return {"s": new_s, "h": new_h}, None
    return lax.scan(step, state, keys, unroll=2)[0]["s"]

# %% right: centred log price (start at 0), log S0 and the drift added at the end; typed keys made from legacy ones
def _typed(key):
    return key if jnp.issubdtype(key.dtype, jax.dtypes.prng_key) else random.wrap_key_data(key)

@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def simulate_log_prices(key, params, n_steps, n_paths):
    key = _typed(key)
    def body(i, state):
        noise, h = state
        z = random.normal(random.fold_in(key, i), (n_paths, 2))
        return noise + jnp.exp(h) * z[:, 0], params["rho"] * h + params["nu"] * z[:, 1]
    noise, _ = lax.fori_loop(0, n_steps, body, (jnp.zeros(n_paths), jnp.full(n_paths, params["h0"], jnp.float32)))
    return noise + jnp.float32(jnp.log(params["S0"]) + params["mu"] * n_steps)

# %% right: a linear map of the state vector, drawn by multivariate normal-like matmul, jit applied by call
def _sim(key, params, n_steps, n_paths):
    A = jnp.stack([jnp.array([1.0, 0.0]), jnp.array([0.0, 1.0]) * params["rho"]])
    b = jnp.stack([jnp.float32(params["mu"]), jnp.float32(0)])
    def step(x, k):
        z = random.normal(k, (n_paths, 2))
        scale = jnp.stack([jnp.exp(x[:, 1]), jnp.broadcast_to(jnp.float32(params["nu"]), (n_paths,))], axis=1)
        return jnp.matmul(x, A.T, precision=lax.Precision.HIGHEST) + b + scale * z, None
    x0 = jnp.tile(jnp.stack([jnp.float32(jnp.log(params["S0"])), jnp.float32(params["h0"])]), (n_paths, 1))
    return lax.scan(step, x0, random.split(key, n_steps))[0][:, 0]

simulate_log_prices = jax.jit(_sim, static_argnames=("n_steps", "n_paths"))

# %% wrong: one key for both shocks of a step, so price and volatility move together | "use each key once; price and volatility ... have shocks of their own"
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def simulate_log_prices(key, params, n_steps, n_paths):
    def step(t, state):
        s, h = state
        k = random.fold_in(key, t)
        return (s + params["mu"] + jnp.exp(h) * random.normal(k, (n_paths,)),
                params["rho"] * h + params["nu"] * random.normal(k, (n_paths,)))
    return lax.fori_loop(0, n_steps, step, (jnp.full(n_paths, jnp.log(params["S0"]), jnp.float32), jnp.full(n_paths, params["h0"], jnp.float32)))[0]

# %% wrong: one volatility for all paths (eta is a scalar) | "every path ... shocks of their own"
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def simulate_log_prices(key, params, n_steps, n_paths):
    def step(state, k):
        s, h = state
        k1, k2 = random.split(k)
        return (s + params["mu"] + jnp.exp(h) * random.normal(k1, (n_paths,)), params["rho"] * h + params["nu"] * random.normal(k2)), None
    start = (jnp.full(n_paths, jnp.log(params["S0"]), jnp.float32), jnp.asarray(params["h0"], jnp.float32))
    return lax.scan(step, start, random.split(key, n_steps))[0][0]

# %% wrong: eta drawn once outside the loop, the same in every step | "every step ... shocks of their own"
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def simulate_log_prices(key, params, n_steps, n_paths):
    kx, kh = random.split(key)
    eta = random.normal(kh, (n_paths,))
    def step(t, state):
        s, h = state
        xi = random.normal(random.fold_in(kx, t), (n_paths,))
        return s + params["mu"] + jnp.exp(h) * xi, params["rho"] * h + params["nu"] * eta
    return lax.fori_loop(0, n_steps, step, (jnp.full(n_paths, jnp.log(params["S0"]), jnp.float32), jnp.full(n_paths, params["h0"], jnp.float32)))[0]

# %% wrong: a Python loop over the steps | "a Python loop would be unrolled into a program n_steps times as long"
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def simulate_log_prices(key, params, n_steps, n_paths):
    s = jnp.full(n_paths, jnp.log(params["S0"]), jnp.float32)
    h = jnp.full(n_paths, params["h0"], jnp.float32)
    for k in random.split(key, n_steps):
        k1, k2 = random.split(k)
        s = s + params["mu"] + jnp.exp(h) * random.normal(k1, (n_paths,))
        h = params["rho"] * h + params["nu"] * random.normal(k2, (n_paths,))
    return s

# %% wrong: half the paths are mirror images of the other half | "`n_paths` independent paths"
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def simulate_log_prices(key, params, n_steps, n_paths):
    half = (n_paths + 1) // 2
    def step(t, state):
        s, h = state
        k1, k2 = random.split(random.fold_in(key, t))
        z = random.normal(k1, (half,))
        xi = jnp.concatenate([z, -z])[:n_paths]
        return s + params["mu"] + jnp.exp(h) * xi, params["rho"] * h + params["nu"] * random.normal(k2, (n_paths,))
    return lax.fori_loop(0, n_steps, step, (jnp.full(n_paths, jnp.log(params["S0"]), jnp.float32), jnp.full(n_paths, params["h0"], jnp.float32)))[0]

# %% wrong: the Ito correction of the textbook, mu - exp(2h)/2 | the equation s_{t+1} = s_t + mu + exp(h_t) xi
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def simulate_log_prices(key, params, n_steps, n_paths):
    def step(t, state):
        s, h = state
        xi, eta = random.normal(random.fold_in(key, t), (2, n_paths))
        sigma = jnp.exp(h)
        return s + params["mu"] - 0.5 * sigma**2 + sigma * xi, params["rho"] * h + params["nu"] * eta
    return lax.fori_loop(0, n_steps, step, (jnp.full(n_paths, jnp.log(params["S0"]), jnp.float32), jnp.full(n_paths, params["h0"], jnp.float32)))[0]

# %% wrong: rho multiplies the shock too, rho * (h + nu * eta) | the equation h_{t+1} = rho h_t + nu eta
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def simulate_log_prices(key, params, n_steps, n_paths):
    def step(t, state):
        s, h = state
        k1, k2 = random.split(random.fold_in(key, t))
        return (s + params["mu"] + jnp.exp(h) * random.normal(k1, (n_paths,)),
                params["rho"] * (h + params["nu"] * random.normal(k2, (n_paths,))))
    return lax.fori_loop(0, n_steps, step, (jnp.full(n_paths, jnp.log(params["S0"]), jnp.float32), jnp.full(n_paths, params["h0"], jnp.float32)))[0]

# %% wrong: eta from fold_in(key, t + 1), which is xi of the next step | "use each key once"; xi and eta independent
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def simulate_log_prices(key, params, n_steps, n_paths):
    def step(t, state):
        s, h = state
        xi = random.normal(random.fold_in(key, t), (n_paths,))
        eta = random.normal(random.fold_in(key, t + 1), (n_paths,))
        return s + params["mu"] + jnp.exp(h) * xi, params["rho"] * h + params["nu"] * eta
    return lax.fori_loop(0, n_steps, step, (jnp.full(n_paths, jnp.log(params["S0"]), jnp.float32), jnp.full(n_paths, params["h0"], jnp.float32)))[0]

# %% wrong: while_loop, which cannot be differentiated backwards | "Write the steps as lax.fori_loop or lax.scan"; params can be differentiated
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def simulate_log_prices(key, params, n_steps, n_paths):
    def step(state):
        t, s, h = state
        xi, eta = random.normal(random.fold_in(key, t), (2, n_paths))
        return t + 1, s + params["mu"] + jnp.exp(h) * xi, params["rho"] * h + params["nu"] * eta
    start = (0, jnp.full(n_paths, jnp.log(params["S0"]), jnp.float32), jnp.full(n_paths, params["h0"], jnp.float32))
    return lax.while_loop(lambda state: state[0] < n_steps, step, start)[1]

# %% wrong: uniform shocks of variance 1 | "independent standard normal shocks"
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def simulate_log_prices(key, params, n_steps, n_paths):
    def step(t, state):
        s, h = state
        xi, eta = math.sqrt(12) * (random.uniform(random.fold_in(key, t), (2, n_paths)) - 0.5)
        return s + params["mu"] + jnp.exp(h) * xi, params["rho"] * h + params["nu"] * eta
    return lax.fori_loop(0, n_steps, step, (jnp.full(n_paths, jnp.log(params["S0"]), jnp.float32), jnp.full(n_paths, params["h0"], jnp.float32)))[0]

# %% wrong: legacy keys turned into typed ones by their first word, which is 0 for every small seed | "`key` may be of either kind"
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def simulate_log_prices(key, params, n_steps, n_paths):
    if key.dtype == jnp.uint32:
        key = random.key(key[0])
    def step(state, k):
        s, h = state
        xi, eta = random.normal(k, (2, n_paths))
        return (s + params["mu"] + jnp.exp(h) * xi, params["rho"] * h + params["nu"] * eta), None
    start = (jnp.full(n_paths, jnp.log(params["S0"]), jnp.float32), jnp.full(n_paths, params["h0"], jnp.float32))
    return lax.scan(step, start, random.split(key, n_steps))[0][0]

# %% wrong: squeezes the result, a scalar for one path | result of shape (n_paths,), "`n_paths` at least 1"
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def simulate_log_prices(key, params, n_steps, n_paths):
    def step(state, k):
        z = random.normal(k, (2, 1, n_paths))
        s, h = state
        return (s + params["mu"] + jnp.exp(h) * z[0], params["rho"] * h + params["nu"] * z[1]), None
    start = (jnp.full((1, n_paths), jnp.log(params["S0"]), jnp.float32), jnp.full((1, n_paths), params["h0"], jnp.float32))
    return jnp.squeeze(lax.scan(step, start, random.split(key, n_steps))[0][0])

# %% wrong: shocks standardised over the paths (moment matching), so paths depend on each other; NaN for one path avoided | "independent paths"
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

# %% wrong: shocks drawn in bfloat16 to save memory | "Arrays and results are float32"; standard normal shocks
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def simulate_log_prices(key, params, n_steps, n_paths):
    def step(t, state):
        s, h = state
        xi, eta = random.normal(random.fold_in(key, t), (2, n_paths), jnp.bfloat16).astype(jnp.float32)
        return s + params["mu"] + jnp.exp(h) * xi, params["rho"] * h + params["nu"] * eta
    return lax.fori_loop(0, n_steps, step, (jnp.full(n_paths, jnp.log(params["S0"]), jnp.float32), jnp.full(n_paths, params["h0"], jnp.float32)))[0]

# %% wrong: the key carried on is the key the price shocks were drawn from | "use each key once"
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def simulate_log_prices(key, params, n_steps, n_paths):
    def step(_, state):
        k, s, h = state
        k, k2 = random.split(k)
        s_new = s + params["mu"] + jnp.exp(h) * random.normal(k, (n_paths,))
        return k, s_new, params["rho"] * h + params["nu"] * random.normal(k2, (n_paths,))
    start = (key, jnp.full(n_paths, jnp.log(params["S0"]), jnp.float32), jnp.full(n_paths, params["h0"], jnp.float32))
    return lax.fori_loop(0, n_steps, step, start)[1]
