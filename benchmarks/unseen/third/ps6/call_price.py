# %% right: NumPy veteran, mean and std
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def call_price(key, params, n_steps, n_paths):
    prices = jnp.exp(simulate_log_prices(key, params, n_steps, n_paths))
    payoffs = params["beta"] ** n_steps * jnp.maximum(prices - params["K"], 0)
    return jnp.mean(payoffs), jnp.std(payoffs) / jnp.sqrt(n_paths)


# %% right: functional, payoff of one path mapped over the log prices
def _payoff(s, params):
    gain = jnp.exp(s) - params["K"]
    return jnp.where(gain > 0, gain, jnp.zeros_like(gain))


@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def call_price(key, params, n_steps, n_paths):
    x = jax.vmap(_payoff, in_axes=(0, None))(simulate_log_prices(key, params, n_steps, n_paths), params)
    discount = params["beta"] ** n_steps
    mean = x.mean()
    error = jnp.sqrt(jnp.mean((x - mean) ** 2) / n_paths)
    return discount * mean, discount * error


# %% right: physicist, a simulation of its own, everything written out
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def call_price(
    key: PRNGKeyArray, params: dict[str, float], n_steps: int, n_paths: int
) -> tuple[Float32[Array, ""], Float32[Array, ""]]:
    beta, mu, rho, nu = params["beta"], params["mu"], params["rho"], params["nu"]

    def step(t, state):
        s, h = state
        z = random.normal(random.fold_in(key, t), (2, n_paths), jnp.float32)
        return s + mu + jnp.exp(h) * z[0], rho * h + nu * z[1]

    s = jnp.full((n_paths,), jnp.log(params["S0"]), jnp.float32)
    h = jnp.full((n_paths,), params["h0"], jnp.float32)
    s, h = lax.fori_loop(0, n_steps, step, (s, h))
    x = beta**n_steps * jax.nn.relu(jnp.exp(s) - params["K"])
    mean = jnp.sum(x) / n_paths
    variance = jnp.sum(jnp.square(x - mean)) / n_paths
    return mean, jnp.sqrt(variance) / math.sqrt(n_paths)


# %% right: documentation reader, jnp.clip, var with ddof, discount carried into the loop
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def call_price(key, params, n_steps, n_paths):
    discount = lax.fori_loop(0, n_steps, lambda _, d: d * params["beta"], jnp.float32(1))
    log_prices = simulate_log_prices(key, params, n_steps, n_paths)
    x = discount * jnp.clip(jnp.exp(log_prices) - params["K"], min=0)
    ddof = 1 if n_paths > 1 else 0
    return x.mean(), x.std(ddof=ddof) * n_paths**-0.5


# %% wrong: error not discounted | the standard error is that of the payoffs at the end, without beta**n_steps
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def call_price(key, params, n_steps, n_paths):
    payoffs = jnp.maximum(jnp.exp(simulate_log_prices(key, params, n_steps, n_paths)) - params["K"], 0)
    price = params["beta"] ** n_steps * payoffs.mean()
    return price, payoffs.std() / jnp.sqrt(n_paths)


# %% wrong: discounts by the notebook's N | beta ** N with the global N = 20, wrong for any other n_steps
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def call_price(key, params, n_steps, n_paths):
    log_prices = simulate_log_prices(key, params, n_steps, n_paths)
    payoffs = params["beta"] ** N * jnp.maximum(jnp.exp(log_prices) - params["K"], 0)
    return jnp.mean(payoffs), jnp.std(payoffs) / jnp.sqrt(n_paths)


# %% wrong: works with log(S / K) | K = 0 gives 0 * inf = NaN
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def call_price(key, params, n_steps, n_paths):
    moneyness = simulate_log_prices(key, params, n_steps, n_paths) - jnp.log(params["K"])
    payoffs = params["beta"] ** n_steps * params["K"] * jnp.maximum(jnp.expm1(moneyness), 0)
    return jnp.mean(payoffs), jnp.std(payoffs) / jnp.sqrt(n_paths)


# %% wrong: variance as mean of squares minus square of the mean | cancels in float32, the error of prices near a million with a small spread is lost
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def call_price(key, params, n_steps, n_paths):
    payoffs = jnp.maximum(jnp.exp(simulate_log_prices(key, params, n_steps, n_paths)) - params["K"], 0)
    discount = params["beta"] ** n_steps
    mean = jnp.mean(payoffs)
    variance = jnp.mean(payoffs**2) - mean**2
    variance = jnp.where(variance > 1e-6 * mean**2, variance, 0.0)
    return discount * mean, discount * jnp.sqrt(variance / n_paths)


# %% wrong: softplus instead of the maximum | smooth at the kink, so payoffs near K are too large (0.0139 instead of 0 at S = K)
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def call_price(key, params, n_steps, n_paths):
    sharp = 50.0  # smooth, so that it can be differentiated
    gain = jnp.exp(simulate_log_prices(key, params, n_steps, n_paths)) - params["K"]
    payoffs = params["beta"] ** n_steps * jax.nn.softplus(sharp * gain) / sharp
    return jnp.mean(payoffs), jnp.std(payoffs) / jnp.sqrt(n_paths)


# %% wrong: payoffs clipped at 10,000 against outliers | prices up to a million, and the lecture's tails, are cut off
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def call_price(key, params, n_steps, n_paths):
    prices = jnp.exp(simulate_log_prices(key, params, n_steps, n_paths))
    payoffs = params["beta"] ** n_steps * jnp.clip(prices - params["K"], 0.0, 1e4)
    return jnp.mean(payoffs), jnp.std(payoffs) / jnp.sqrt(n_paths)


# %% wrong: error from the paths that pay only | deviation and count of the positive payoffs, not of all n_paths
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def call_price(key, params, n_steps, n_paths):
    payoffs = jnp.maximum(jnp.exp(simulate_log_prices(key, params, n_steps, n_paths)) - params["K"], 0)
    payoffs = params["beta"] ** n_steps * payoffs
    pays = payoffs > 0
    count = jnp.maximum(pays.sum(), 1)
    centre = jnp.sum(payoffs) / count
    variance = jnp.sum(jnp.where(pays, (payoffs - centre) ** 2, 0.0)) / count
    return jnp.mean(payoffs), jnp.sqrt(variance / count)


# %% wrong: batches of a thousand, the rest dropped | n_paths = 1999 simulates 1000 paths and states the error of 1999
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def call_price(key, params, n_steps, n_paths):
    batch = min(n_paths, 1000)  # to save memory
    keys = random.split(key, n_paths // batch)
    log_prices = lax.map(lambda k: simulate_log_prices(k, params, n_steps, batch), keys).ravel()
    payoffs = params["beta"] ** n_steps * jnp.maximum(jnp.exp(log_prices) - params["K"], 0)
    return jnp.mean(payoffs), jnp.std(payoffs) / jnp.sqrt(n_paths)
