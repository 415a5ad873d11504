# %% right: discounted at the end, ddof 1
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def call_price(key, params, n_steps, n_paths):
    s = simulate_log_prices(key, params, n_steps, n_paths)
    payoff = jnp.where(jnp.exp(s) > params["K"], jnp.exp(s) - params["K"], 0.0)
    discount = params["beta"] ** n_steps
    return discount * payoff.mean(), discount * payoff.std(ddof=1) / n_paths**0.5


# %% right: a simulation of its own, sums in place of means, not jitted
def call_price(key, params, n_steps, n_paths):
    def step(state, key):
        s, h = state
        xi, eta = random.normal(key, (2, n_paths))
        return (s + params["mu"] + jnp.exp(h) * xi, params["rho"] * h + params["nu"] * eta), None

    start = (
        jnp.full(n_paths, jnp.log(params["S0"]), jnp.float32),
        jnp.full(n_paths, params["h0"], jnp.float32),
    )
    (s, _), _ = lax.scan(step, start, random.split(key, n_steps))
    x = jax.nn.relu(jnp.exp(s) - params["K"]) * jnp.power(params["beta"], n_steps)
    mean = jnp.sum(x) / n_paths
    variance = jnp.sum((x - mean) ** 2) / (n_paths - 1)
    return mean, jnp.sqrt(variance / n_paths)


# %% wrong: no discount -> agrees_with_the_closed_form
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def call_price(key, params, n_steps, n_paths):
    prices = jnp.exp(simulate_log_prices(key, params, n_steps, n_paths))
    payoffs = jnp.maximum(prices - params["K"], 0)
    return payoffs.mean(), payoffs.std() / jnp.sqrt(n_paths)


# %% wrong: the mean before the maximum -> agrees_with_the_closed_form
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def call_price(key, params, n_steps, n_paths):
    prices = jnp.exp(simulate_log_prices(key, params, n_steps, n_paths))
    discount = params["beta"] ** n_steps
    payoffs = discount * jnp.maximum(prices - params["K"], 0)
    return discount * jnp.maximum(prices.mean() - params["K"], 0), payoffs.std() / jnp.sqrt(n_paths)


# %% wrong: error not divided by the square root -> agrees_with_the_closed_form
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def call_price(key, params, n_steps, n_paths):
    prices = jnp.exp(simulate_log_prices(key, params, n_steps, n_paths))
    payoffs = params["beta"] ** n_steps * jnp.maximum(prices - params["K"], 0)
    return payoffs.mean(), payoffs.std()


# %% wrong: np.random -> key_decides_the_estimate, is_pure
def call_price(key, params, n_steps, n_paths):
    xi, eta = jnp.asarray(np.random.randn(2, n_steps, n_paths), jnp.float32)

    def body(t, state):
        s, h = state
        return s + params["mu"] + jnp.exp(h) * xi[t], params["rho"] * h + params["nu"] * eta[t]

    start = jnp.full(n_paths, jnp.log(params["S0"])), jnp.full(n_paths, params["h0"])
    prices = jnp.exp(lax.fori_loop(0, n_steps, body, start)[0])
    payoffs = params["beta"] ** n_steps * jnp.maximum(prices - params["K"], 0)
    return payoffs.mean(), payoffs.std() / jnp.sqrt(n_paths)


# %% wrong: price and error from two uses of the key -> key_decides_the_estimate
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def call_price(key, params, n_steps, n_paths):
    noise = 1e-6 * random.normal(key, ())
    xi, eta = random.normal(key, (2, n_steps, n_paths))

    def body(t, state):
        s, h = state
        return s + params["mu"] + jnp.exp(h) * xi[t], params["rho"] * h + params["nu"] * eta[t]

    start = jnp.full(n_paths, jnp.log(params["S0"])), jnp.full(n_paths, params["h0"])
    prices = jnp.exp(lax.fori_loop(0, n_steps, body, start)[0])
    payoffs = params["beta"] ** n_steps * jnp.maximum(prices - params["K"], 0)
    return payoffs.mean() * (1 + noise), payoffs.std() / jnp.sqrt(n_paths)


# %% wrong: a fixed seed -> key_decides_the_estimate
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def call_price(key, params, n_steps, n_paths):
    prices = jnp.exp(simulate_log_prices(random.key(0), params, n_steps, n_paths))
    payoffs = params["beta"] ** n_steps * jnp.maximum(prices - params["K"], 0)
    return payoffs.mean(), payoffs.std() / jnp.sqrt(n_paths)


# %% wrong: prints while it is traced -> is_pure
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def call_price(key, params, n_steps, n_paths):
    prices = jnp.exp(simulate_log_prices(key, params, n_steps, n_paths))
    print("prices", prices.shape)
    payoffs = params["beta"] ** n_steps * jnp.maximum(prices - params["K"], 0)
    return payoffs.mean(), payoffs.std() / jnp.sqrt(n_paths)


# %% wrong: changes the caller's parameters -> is_pure
def call_price(key, params, n_steps, n_paths):
    prices = jnp.exp(simulate_log_prices(key, params, n_steps, n_paths))
    params["beta"] = params["beta"] ** n_steps
    payoffs = params["beta"] * jnp.maximum(prices - params["K"], 0)
    return payoffs.mean(), payoffs.std() / jnp.sqrt(n_paths)


# %% wrong: the discount from the notebook's gentle -> is_pure, agrees_with_the_closed_form, key_decides_the_estimate
def call_price(key, params, n_steps, n_paths):
    prices = jnp.exp(simulate_log_prices(key, params, n_steps, n_paths))
    payoffs = gentle["beta"] ** n_steps * jnp.maximum(prices - params["K"], 0)
    return payoffs.mean(), payoffs.std() / jnp.sqrt(n_paths)


# %% wrong: Python floats out, so it cannot be traced -> is_pure, agrees_with_the_closed_form
def call_price(key, params, n_steps, n_paths):
    prices = np.exp(np.asarray(simulate_log_prices(key, params, n_steps, n_paths)))
    payoffs = float(params["beta"]) ** n_steps * np.maximum(prices - params["K"], 0)
    return payoffs.mean(), payoffs.std() / np.sqrt(n_paths)


# %% wrong: one shock for price and volatility -> random_volatility_counts
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def call_price(key, params, n_steps, n_paths):
    def body(t, state):
        s, h = state
        xi = random.normal(random.fold_in(key, t), (n_paths,))
        return s + params["mu"] + jnp.exp(h) * xi, params["rho"] * h + params["nu"] * xi

    start = jnp.full(n_paths, jnp.log(params["S0"])), jnp.full(n_paths, params["h0"])
    prices = jnp.exp(lax.fori_loop(0, n_steps, body, start)[0])
    payoffs = params["beta"] ** n_steps * jnp.maximum(prices - params["K"], 0)
    return payoffs.mean(), payoffs.std() / jnp.sqrt(n_paths)


# %% wrong: no maximum -> agrees_with_the_closed_form, handles_edge_cases
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def call_price(key, params, n_steps, n_paths):
    prices = jnp.exp(simulate_log_prices(key, params, n_steps, n_paths))
    payoffs = params["beta"] ** n_steps * (prices - params["K"])
    return payoffs.mean(), payoffs.std() / jnp.sqrt(n_paths)


# %% wrong: half of the paths, each twice -> agrees_with_the_closed_form
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def call_price(key, params, n_steps, n_paths):
    half = simulate_log_prices(key, params, n_steps, (n_paths + 1) // 2)
    prices = jnp.exp(jnp.tile(half, 2)[:n_paths])
    payoffs = params["beta"] ** n_steps * jnp.maximum(prices - params["K"], 0)
    return payoffs.mean(), payoffs.std() / jnp.sqrt(n_paths)


# %% wrong: antithetic paths -> agrees_with_the_closed_form
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def call_price(key, params, n_steps, n_paths):
    half = (n_paths + 1) // 2
    s = simulate_log_prices(key, {**params, "mu": 0.0, "S0": 1.0}, n_steps, half)
    s = jnp.concatenate([s, -s])[:n_paths] + jnp.log(params["S0"]) + n_steps * params["mu"]
    x = params["beta"] ** n_steps * jnp.maximum(jnp.exp(s) - params["K"], 0)
    return x.mean(), x.std() / n_paths**0.5


# %% wrong: mean of squares less square of the mean -> handles_edge_cases
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def call_price(key, params, n_steps, n_paths):
    s = simulate_log_prices(key, params, n_steps, n_paths)
    x = params["beta"] ** n_steps * jnp.maximum(jnp.exp(s) - params["K"], 0)
    return x.mean(), jnp.sqrt(jnp.maximum((x**2).mean() - x.mean() ** 2, 0)) / n_paths**0.5


# %% wrong: one degree of freedom lost twice -> handles_edge_cases
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def call_price(key, params, n_steps, n_paths):
    s = simulate_log_prices(key, params, n_steps, n_paths)
    x = params["beta"] ** n_steps * jnp.maximum(jnp.exp(s) - params["K"], 0)
    return x.mean(), x.std(ddof=1) / (n_paths - 1) ** 0.5


# %% wrong: in units of the strike -> handles_edge_cases
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def call_price(key, params, n_steps, n_paths):
    s = simulate_log_prices(key, params, n_steps, n_paths)
    x = params["beta"] ** n_steps * params["K"] * jnp.maximum(jnp.exp(s) / params["K"] - 1, 0)
    return x.mean(), x.std() / n_paths**0.5


# %% wrong: a small error added -> handles_edge_cases
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def call_price(key, params, n_steps, n_paths):
    s = simulate_log_prices(key, params, n_steps, n_paths)
    x = params["beta"] ** n_steps * jnp.maximum(jnp.exp(s) - params["K"], 0)
    return x.mean(), jnp.sqrt(x.var() + 1e-6) / n_paths**0.5


# %% wrong: log prices clipped at 5 -> agrees_with_the_closed_form
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def call_price(key, params, n_steps, n_paths):
    s = jnp.clip(simulate_log_prices(key, params, n_steps, n_paths), -5, 5)
    x = params["beta"] ** n_steps * jnp.maximum(jnp.exp(s) - params["K"], 0)
    return x.mean(), x.std() / n_paths**0.5


# %% wrong: a payoff smoothed at the strike -> handles_edge_cases
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def call_price(key, params, n_steps, n_paths):
    S = jnp.exp(simulate_log_prices(key, params, n_steps, n_paths))
    x = params["beta"] ** n_steps * jax.nn.softplus(20 * (S - params["K"])) / 20
    return x.mean(), x.std() / math.sqrt(n_paths)


# %% wrong: the largest payoffs trimmed -> agrees_with_the_closed_form
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def call_price(key, params, n_steps, n_paths):
    x = params["beta"] ** n_steps * jnp.maximum(jnp.exp(simulate_log_prices(key, params, n_steps, n_paths)) - params["K"], 0)
    x = jnp.minimum(x, jnp.quantile(x, 0.999))
    return x.mean(), x.std() / math.sqrt(n_paths)


# %% wrong: price and error from two simulations -> handles_edge_cases
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def call_price(key, params, n_steps, n_paths):
    def payoffs(key):
        final = jnp.exp(simulate_log_prices(key, params, n_steps, n_paths))
        return params["beta"] ** n_steps * jnp.maximum(final - params["K"], 0)

    first, second = random.split(key)
    return payoffs(first).mean(), payoffs(second).std() / math.sqrt(n_paths)


# %% wrong: at most a thousand paths, then copies -> agrees_with_the_closed_form
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def call_price(key, params, n_steps, n_paths):
    block = min(n_paths, 1000)
    S = jnp.exp(simulate_log_prices(key, params, n_steps, block))
    S = jnp.resize(S, (n_paths,))
    x = params["beta"] ** n_steps * jnp.maximum(S - params["K"], 0)
    return x.mean(), x.std() / n_paths**0.5


# %% wrong: whole thousands of paths, the rest dropped -> agrees_with_the_closed_form
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def call_price(key, params, n_steps, n_paths):
    block = min(n_paths, 1000)
    keys = random.split(key, n_paths // block)
    s = lax.map(lambda k: simulate_log_prices(k, params, n_steps, block), keys).ravel()
    payoffs = params["beta"] ** n_steps * jnp.maximum(jnp.exp(s) - params["K"], 0)
    return jnp.mean(payoffs), jnp.std(payoffs) / jnp.sqrt(n_paths)
