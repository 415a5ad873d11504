# %% right: maximum, mean and std
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def call_price(key, params, n_steps, n_paths):
    prices = jnp.exp(simulate_log_prices(key, params, n_steps, n_paths))
    payoffs = params["beta"] ** n_steps * jnp.maximum(prices - params["K"], 0)
    return jnp.mean(payoffs), jnp.std(payoffs) / jnp.sqrt(n_paths)

# %% right: where, sums by hand, ddof 1 guarded
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def call_price(key, params, n_steps, n_paths):
    S = jnp.exp(simulate_log_prices(key, params, n_steps, n_paths))
    x = jnp.where(S > params["K"], S - params["K"], 0.0)
    x = x * params["beta"] ** n_steps
    mean = x.sum() / n_paths
    var = jnp.sum(jnp.square(x - mean)) / max(n_paths - 1, 1)
    return mean, jnp.sqrt(var / n_paths)

# %% right: vmap of the payoff of one path, discount by repeated multiplication
def _payoff(log_price, strike):
    return jax.nn.relu(jnp.exp(log_price) - strike)


@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def call_price(key, params, n_steps, n_paths):
    ends = simulate_log_prices(key, params, n_steps, n_paths)
    payoffs = jax.vmap(_payoff, in_axes=(0, None))(ends, params["K"])
    beta = jnp.asarray(params["beta"], jnp.float32)
    discount = lax.fori_loop(0, n_steps, lambda _, d: d * beta, jnp.float32(1.0))
    price = discount * payoffs.mean()
    error = discount * payoffs.std(ddof=0) * n_paths**-0.5
    return price, error

# %% right: a small class with methods
class _Sample:
    def __init__(self, values):
        self.values = values

    def mean(self):
        return jnp.average(self.values)

    def standard_error(self):
        deviations = self.values - self.mean()
        return jnp.linalg.norm(deviations) / self.values.size


@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def call_price(key, params, n_steps, n_paths):
    S = jnp.exp(simulate_log_prices(key, params, n_steps, n_paths))
    sample = _Sample(params["beta"] ** n_steps * jnp.clip(S - params["K"], 0))
    return sample.mean(), sample.standard_error()

# %% right: simulation of its own, scan, payoff as max(S, K) - K
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def call_price(key, params, n_steps, n_paths):
    z = random.normal(key, (n_steps, 2, n_paths), jnp.float32)

    def step(state, shock):
        s, h = state
        return (
            s + params["mu"] + jnp.exp(h) * shock[0],
            params["rho"] * h + params["nu"] * shock[1],
        ), None

    start = (
        jnp.full(n_paths, jnp.log(params["S0"]), jnp.float32),
        jnp.full(n_paths, params["h0"], jnp.float32),
    )
    (s, _), _ = lax.scan(step, start, z)
    payoff = jnp.maximum(jnp.exp(s), params["K"]) - params["K"]
    discounted = params["beta"] ** n_steps * payoff
    return discounted.mean(), jnp.sqrt(jnp.var(discounted) / n_paths)

# %% wrong: standard error of the payoffs before discounting | error too large by 1 / beta^n
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def call_price(key, params, n_steps, n_paths):
    S = jnp.exp(simulate_log_prices(key, params, n_steps, n_paths))
    payoffs = jnp.maximum(S - params["K"], 0)
    return params["beta"] ** n_steps * payoffs.mean(), payoffs.std() / jnp.sqrt(n_paths)

# %% wrong: variance as mean of squares minus square of the mean | cancels in float32 when the spread is small against the mean (error off by far, S0 = 1e6, low volatility)
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def call_price(key, params, n_steps, n_paths):
    S = jnp.exp(simulate_log_prices(key, params, n_steps, n_paths))
    x = params["beta"] ** n_steps * jnp.maximum(S - params["K"], 0)
    price = x.mean()
    var = jnp.maximum(jnp.mean(x * x) - price * price, 0)
    return price, jnp.sqrt(var / n_paths)

# %% wrong: sqrt(1000) written out | standard error wrong for any other number of paths
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def call_price(key, params, n_steps, n_paths):
    S = jnp.exp(simulate_log_prices(key, params, n_steps, n_paths))
    x = params["beta"] ** n_steps * jnp.maximum(S - params["K"], 0)
    return x.mean(), x.std() / 31.622777

# %% wrong: discount for 20 steps always | wrong for other n_steps
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def call_price(key, params, n_steps, n_paths):
    S = jnp.exp(simulate_log_prices(key, params, n_steps, n_paths))
    x = params["beta"] ** N * jnp.maximum(S - params["K"], 0)
    return x.mean(), x.std() / n_paths**0.5

# %% wrong: payoff relative to the strike | K = 0 gives NaN
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def call_price(key, params, n_steps, n_paths):
    s = simulate_log_prices(key, params, n_steps, n_paths)
    moneyness = s - jnp.log(params["K"])
    x = params["beta"] ** n_steps * params["K"] * jnp.maximum(jnp.expm1(moneyness), 0)
    return x.mean(), x.std() / n_paths**0.5

# %% wrong: mean over the paths in the money times their share | NaN when K is out of reach of all paths
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def call_price(key, params, n_steps, n_paths):
    S = jnp.exp(simulate_log_prices(key, params, n_steps, n_paths))
    gain = S - params["K"]
    wins = gain > 0
    discount = params["beta"] ** n_steps
    price = discount * jnp.mean(gain, where=wins) * jnp.mean(wins)
    x = discount * jnp.where(wins, gain, 0)
    return price, x.std() / n_paths**0.5

# %% wrong: standard error from the paths in the money only | error is not the deviation of all payoffs over sqrt(N)
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def call_price(key, params, n_steps, n_paths):
    S = jnp.exp(simulate_log_prices(key, params, n_steps, n_paths))
    x = params["beta"] ** n_steps * jnp.maximum(S - params["K"], 0)
    wins = x > 0
    count = jnp.maximum(wins.sum(), 1)
    mean_won = x.sum() / count
    var_won = jnp.sum(jnp.where(wins, (x - mean_won) ** 2, 0)) / count
    return x.mean(), jnp.sqrt(var_won / count)

# %% wrong: softened maximum | payoff is biased upwards near the strike, grossly for prices of 0.1
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def call_price(key, params, n_steps, n_paths):
    S = jnp.exp(simulate_log_prices(key, params, n_steps, n_paths))
    x = params["beta"] ** n_steps * jax.nn.softplus(10 * (S - params["K"])) / 10
    return x.mean(), x.std() / n_paths**0.5

# %% wrong: payoffs clipped to 100 | wrong for prices of thousands or a million
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def call_price(key, params, n_steps, n_paths):
    S = jnp.exp(simulate_log_prices(key, params, n_steps, n_paths))
    x = params["beta"] ** n_steps * jnp.clip(S - params["K"], 0, 100)
    return x.mean(), x.std() / n_paths**0.5

# %% wrong: payoffs rounded to four decimals | small prices (S0 of 0.001) lose all digits, derivative zero
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def call_price(key, params, n_steps, n_paths):
    S = jnp.exp(simulate_log_prices(key, params, n_steps, n_paths))
    x = params["beta"] ** n_steps * jnp.maximum(S - params["K"], 0)
    x = jnp.round(x, 4)
    return x.mean(), x.std() / n_paths**0.5

# %% wrong: at most 1000 paths simulated and repeated | with more paths they are copies: not independent, error too small
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def call_price(key, params, n_steps, n_paths):
    block = min(n_paths, 1000)
    S = jnp.exp(simulate_log_prices(key, params, n_steps, block))
    S = jnp.resize(S, (n_paths,))
    x = params["beta"] ** n_steps * jnp.maximum(S - params["K"], 0)
    return x.mean(), x.std() / n_paths**0.5

# %% wrong: whole blocks of 100 paths | n_paths of 150 or 10 gives another number of paths (100), error of the wrong size
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def call_price(key, params, n_steps, n_paths):
    blocks = max(n_paths // 100, 1)
    sim = lambda k: simulate_log_prices(k, params, n_steps, 100)
    S = jnp.exp(jax.vmap(sim)(random.split(key, blocks))).ravel()
    x = params["beta"] ** n_steps * jnp.maximum(S - params["K"], 0)
    return x.mean(), x.std() / jnp.sqrt(x.size)

# %% wrong: error from ten batch means | not the deviation of the payoffs over sqrt(N); off by a quarter by chance, and nonsense below 10 paths
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def call_price(key, params, n_steps, n_paths):
    S = jnp.exp(simulate_log_prices(key, params, n_steps, n_paths))
    x = params["beta"] ** n_steps * jnp.maximum(S - params["K"], 0)
    size = max(n_paths // 10, 1)
    batches = x[: n_paths // size * size].reshape(-1, size).mean(axis=1)
    return x.mean(), batches.std() / jnp.sqrt(batches.size)

# %% wrong: control variate with the forward of nu = 0 | price biased when nu > 0 (expected S_n is larger)
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def call_price(key, params, n_steps, n_paths):
    S = jnp.exp(simulate_log_prices(key, params, n_steps, n_paths))
    x = params["beta"] ** n_steps * jnp.maximum(S - params["K"], 0)
    h = params["h0"] * params["rho"] ** jnp.arange(n_steps)
    forward = params["S0"] * jnp.exp(n_steps * params["mu"] + jnp.sum(jnp.exp(2 * h)) / 2)
    price = x.mean() - params["beta"] ** n_steps * (S.mean() - forward)
    return price, x.std() / n_paths**0.5

# %% wrong: key thrown away | every key gives the same price
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def call_price(key, params, n_steps, n_paths):
    S = jnp.exp(simulate_log_prices(random.key(1), params, n_steps, n_paths))
    x = params["beta"] ** n_steps * jnp.maximum(S - params["K"], 0)
    return x.mean(), x.std() / n_paths**0.5

# %% wrong: payoffs for the error kept in bfloat16 | a spread below 1/256 of the payoff is lost: error 0 or far off with low volatility
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def call_price(key, params, n_steps, n_paths):
    S = jnp.exp(simulate_log_prices(key, params, n_steps, n_paths))
    x = params["beta"] ** n_steps * jnp.maximum(S - params["K"], 0)
    coarse = x.astype(jnp.bfloat16).astype(jnp.float32)  # saves memory
    return x.mean(), coarse.std() / n_paths**0.5
