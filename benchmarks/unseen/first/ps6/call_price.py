# %% right: plain
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def call_price(key: PRNGKeyArray, params: dict[str, float], n_steps: int, n_paths: int):
    s = simulate_log_prices(key, params, n_steps, n_paths)
    payoffs = params["beta"] ** n_steps * jnp.maximum(jnp.exp(s) - params["K"], 0)
    return payoffs.mean(), payoffs.std() / jnp.sqrt(n_paths)

# %% right: ddof 1
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def call_price(key, params, n_steps, n_paths):
    x = jnp.maximum(jnp.exp(simulate_log_prices(key, params, n_steps, n_paths)) - params["K"], 0.0)
    discount = params["beta"] ** n_steps
    return discount * jnp.mean(x), discount * jnp.std(x, ddof=1) / math.sqrt(n_paths)

# %% right: relu, and a norm for the deviation
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def call_price(key, params, n_steps, n_paths):
    x = jax.nn.relu(jnp.exp(simulate_log_prices(key, params, n_steps, n_paths)) - params["K"]) * jnp.power(params["beta"], n_steps)
    m = jnp.sum(x) / n_paths
    return m, lax.stop_gradient(jnp.linalg.norm(x - m) / n_paths)

# %% right: jnp.where, discount by a loop, two-pass variance
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def call_price(key, params, n_steps, n_paths):
    S = jnp.exp(simulate_log_prices(key, params, n_steps, n_paths))
    x = jnp.where(S > params["K"], S - params["K"], 0)
    d = lax.fori_loop(0, n_steps, lambda _, d: d * params["beta"], jnp.float32(1))
    mean = x.mean()
    var = ((x - mean) ** 2).mean()
    return d * mean, d * jnp.sqrt(var / n_paths)

# %% right: payoff of one path, vmapped; the results in a NamedTuple-free tuple built by a class
class Call:
    def __init__(self, params, n_steps):
        self.K = params["K"]
        self.discount = params["beta"] ** n_steps
    def __call__(self, log_price):
        return self.discount * jnp.maximum(jnp.exp(log_price) - self.K, 0)

@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def call_price(key, params, n_steps, n_paths):
    payoffs = jax.vmap(Call(params, n_steps))(simulate_log_prices(key, params, n_steps, n_paths))
    return tuple([jnp.mean(payoffs), jnp.std(payoffs) * n_paths**-0.5])

# %% right: Welford's running mean and variance in a scan over the payoffs
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def call_price(key, params, n_steps, n_paths):
    x = params["beta"] ** n_steps * jnp.clip(jnp.exp(simulate_log_prices(key, params, n_steps, n_paths)) - params["K"], 0, None)
    def merge(a, b):
        na, ma, va = a
        nb, mb, vb = b
        n = na + nb
        d = mb - ma
        return n, ma + d * nb / n, va + vb + d * d * na * nb / n
    stats = (jnp.ones_like(x), x, jnp.zeros_like(x))
    while stats[0].shape[0] > 1:
        m = stats[0].shape[0]
        pairs = merge(tuple(a[: m // 2] for a in stats), tuple(a[m // 2 : 2 * (m // 2)] for a in stats))
        stats = tuple(jnp.concatenate([p, a[2 * (m // 2):]]) for p, a in zip(pairs, stats))
    _, mean, m2 = (a[0] for a in stats)
    return mean, jnp.sqrt(m2) / n_paths

# %% right: own simulation by scan inside, nothing of exercise 1 used
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def call_price(key, params, n_steps, n_paths):
    def step(c, k):
        s, h = c
        z = random.normal(k, (2, n_paths))
        return (s + params["mu"] + jnp.exp(h) * z[0], params["rho"] * h + params["nu"] * z[1]), None
    c = (jnp.full(n_paths, jnp.log(params["S0"]), jnp.float32), jnp.full(n_paths, params["h0"], jnp.float32))
    (s, _), _ = lax.scan(step, c, random.split(key, n_steps))
    x = params["beta"] ** n_steps * jnp.maximum(jnp.exp(s) - params["K"], 0)
    return x.mean(), x.std() / math.sqrt(n_paths)

# %% right: mean as a dot product with weights 1/n, variance of the shifted payoffs
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def call_price(key, params, n_steps, n_paths):
    w = jnp.full(n_paths, 1 / n_paths, jnp.float32)
    x = params["beta"] ** n_steps * jnp.maximum(jnp.exp(simulate_log_prices(key, params, n_steps, n_paths)) - params["K"], 0)
    price = jnp.dot(w, x, precision="highest")
    return price, jnp.sqrt(jnp.dot(w, jnp.square(x - price), precision="highest")) / jnp.sqrt(jnp.float32(n_paths))

# %% right: max(S, K) - K, exp of a shifted log price for the discount
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def call_price(key, params, n_steps, n_paths):
    b = params["beta"] ** n_steps
    S = jnp.exp(simulate_log_prices(key, params, n_steps, n_paths))
    excess = jnp.maximum(S, params["K"]) - params["K"]
    return (price := b * excess.mean()), b * jnp.sqrt(excess.var() / n_paths) + 0 * lax.stop_gradient(jnp.nan_to_num(price, posinf=0.0))

# %% right: helper decorated by hand, statistics by a generic function over a stacked array
def _mean_and_error(x):
    return jnp.mean(x, dtype=jnp.float32), lax.rsqrt(jnp.float32(x.size)) * jnp.std(x)

def _call(key, params, n_steps, n_paths):
    match params:
        case {"beta": beta, "K": strike}:
            gain = jnp.exp(simulate_log_prices(key, params, n_steps=n_steps, n_paths=n_paths)) - strike
            return _mean_and_error(beta**n_steps * gain * (gain > 0))

call_price = jax.jit(_call, static_argnames=("n_steps", "n_paths"))

# %% wrong: the payoffs' mean of squares minus square of the mean, clamped at 0 | the standard deviation; float32 cancellation for small spreads (h0 = -8, say)
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def call_price(key, params, n_steps, n_paths):
    x = params["beta"] ** n_steps * jnp.maximum(jnp.exp(simulate_log_prices(key, params, n_steps, n_paths)) - params["K"], 0)
    var = jnp.mean(x**2) - jnp.mean(x) ** 2
    return x.mean(), jnp.sqrt(jnp.maximum(var, 0)) / math.sqrt(n_paths)

# %% wrong: the error is of the undiscounted payoffs | "the mean of the discounted payoffs, and their standard deviation"
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def call_price(key, params, n_steps, n_paths):
    x = jnp.maximum(jnp.exp(simulate_log_prices(key, params, n_steps, n_paths)) - params["K"], 0)
    return params["beta"] ** n_steps * x.mean(), x.std() / math.sqrt(n_paths)

# %% wrong: price and error from two different simulations | "the same paths tell how far off the average may be"
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def call_price(key, params, n_steps, n_paths):
    def payoffs(k):
        return params["beta"] ** n_steps * jnp.maximum(jnp.exp(simulate_log_prices(k, params, n_steps, n_paths)) - params["K"], 0)
    k1, k2 = random.split(key)
    return payoffs(k1).mean(), payoffs(k2).std() / math.sqrt(n_paths)

# %% wrong: deviation of the share's price instead of the payoff's | "payoffs x_i with standard deviation"
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def call_price(key, params, n_steps, n_paths):
    b = params["beta"] ** n_steps
    S = jnp.exp(simulate_log_prices(key, params, n_steps, n_paths))
    return b * jnp.maximum(S - params["K"], 0).mean(), b * S.std() / math.sqrt(n_paths)

# %% wrong: deviation over the paths in the money only, NaN if there are none | "K may be out of reach of all paths"; all payoffs count
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def call_price(key, params, n_steps, n_paths):
    x = params["beta"] ** n_steps * jnp.maximum(jnp.exp(simulate_log_prices(key, params, n_steps, n_paths)) - params["K"], 0)
    return x.mean(), jnp.nanstd(jnp.where(x > 0, x, jnp.nan)) / math.sqrt(n_paths)

# %% wrong: the payoff as K * expm1(s - log K) | "any K of at least 0": NaN at K = 0
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def call_price(key, params, n_steps, n_paths):
    s = simulate_log_prices(key, params, n_steps, n_paths)
    x = params["beta"] ** n_steps * params["K"] * jnp.maximum(jnp.expm1(s - jnp.log(params["K"])), 0)
    return x.mean(), x.std() / math.sqrt(n_paths)

# %% wrong: a smooth payoff (softplus) so that the gradient has no kink | max(S - K, 0)
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def call_price(key, params, n_steps, n_paths):
    S = jnp.exp(simulate_log_prices(key, params, n_steps, n_paths))
    x = params["beta"] ** n_steps * jax.nn.softplus(20 * (S - params["K"])) / 20
    return x.mean(), x.std() / math.sqrt(n_paths)

# %% wrong: log prices clipped so that exp does not overflow or blow up the mean | the payoff of each path, lecture's parameters included
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def call_price(key, params, n_steps, n_paths):
    s = jnp.clip(simulate_log_prices(key, params, n_steps, n_paths), -10, 10)
    x = params["beta"] ** n_steps * jnp.maximum(jnp.exp(s) - params["K"], 0)
    return x.mean(), x.std() / math.sqrt(n_paths)

# %% wrong: Bessel's correction twice, ddof 1 and the root of n - 1 | "their standard deviation divided by sqrt(N)"; inf or NaN for one path, too large for few
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def call_price(key, params, n_steps, n_paths):
    x = params["beta"] ** n_steps * jnp.maximum(jnp.exp(simulate_log_prices(key, params, n_steps, n_paths)) - params["K"], 0)
    return x.mean(), jnp.std(x, ddof=1) / jnp.sqrt(n_paths - 1.0)

# %% wrong: ignores the key, draws from random.key(0) | an estimate "for this key"; pure function of the key
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def call_price(key, params, n_steps, n_paths):
    key = random.key(0)
    x = params["beta"] ** n_steps * jnp.maximum(jnp.exp(simulate_log_prices(key, params, n_steps, n_paths)) - params["K"], 0)
    return x.mean(), x.std() / math.sqrt(n_paths)

# %% wrong: payoffs kept in bfloat16-like half precision to save memory | "float32"; payoffs above 65504 are inf, three digits only
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def call_price(key, params, n_steps, n_paths):
    S = jnp.exp(simulate_log_prices(key, params, n_steps, n_paths))
    x = jnp.maximum(S - params["K"], 0).astype(jnp.float16).astype(jnp.float32) * params["beta"] ** n_steps
    return x.mean(), x.std() / math.sqrt(n_paths)

# %% wrong: outliers trimmed (the largest 0.1 percent of payoffs) | the mean of all payoffs
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def call_price(key, params, n_steps, n_paths):
    x = params["beta"] ** n_steps * jnp.maximum(jnp.exp(simulate_log_prices(key, params, n_steps, n_paths)) - params["K"], 0)
    x = jnp.minimum(x, jnp.quantile(x, 0.999))
    return x.mean(), x.std() / math.sqrt(n_paths)

# %% wrong: antithetic paths inside, but the error as if all were independent | the error is the deviation of independent payoffs divided by sqrt(N)
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def call_price(key, params, n_steps, n_paths):
    s = simulate_log_prices(key, params, n_steps, (n_paths + 1) // 2)
    mirror = 2 * (jnp.log(params["S0"]) + n_steps * params["mu"]) - s
    s = jnp.concatenate([s, mirror])[:n_paths]
    x = params["beta"] ** n_steps * jnp.maximum(jnp.exp(s) - params["K"], 0)
    return x.mean(), x.std() / math.sqrt(n_paths)
