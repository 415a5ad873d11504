# %% right: all shocks first, mirrored by a sign, volatility shocks mirrored too
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def antithetic_price(key, params, n_steps, n_paths):
    shocks = random.normal(key, (2, n_steps, n_paths // 2))

    def payoffs(sign):
        def body(t, state):
            s, h = state
            xi, eta = sign * shocks[:, t]
            return s + params["mu"] + jnp.exp(h) * xi, params["rho"] * h + params["nu"] * eta

        m = n_paths // 2
        start = jnp.full(m, jnp.log(params["S0"]), jnp.float32), jnp.full(m, params["h0"], jnp.float32)
        prices = jnp.exp(lax.fori_loop(0, n_steps, body, start)[0])
        return params["beta"] ** n_steps * jnp.maximum(prices - params["K"], 0)

    pairs = (payoffs(1.0) + payoffs(-1.0)) / 2
    return pairs.mean(), pairs.std(ddof=1) / jnp.sqrt(n_paths // 2)


# %% right: the mirror image from the sum of the moves, not jitted
def antithetic_price(key, params, n_steps, n_paths):
    still = n_steps * params["mu"] + jnp.log(params["S0"])
    up = simulate_log_prices(key, params, n_steps, n_paths // 2)
    both = jnp.exp(jnp.stack([up, 2 * still - up]))
    x = (params["beta"] ** n_steps * jnp.maximum(both - params["K"], 0)).sum(axis=0) / 2
    return x.mean(), x.std() * (2 / n_paths) ** 0.5


# %% right: each pair simulated under vmap, scan over keys
def one_pair(key, params, n_steps):
    def step(state, key):
        s, h = state
        xi, eta = random.normal(key, (2,))
        move = jnp.exp(h) * xi * jnp.array([1.0, -1.0])
        return (s + params["mu"] + move, params["rho"] * h + params["nu"] * eta), None

    start = jnp.log(params["S0"]) * jnp.ones(2), jnp.float32(params["h0"])
    (s, _), _ = lax.scan(step, start, random.split(key, n_steps))
    return params["beta"] ** n_steps * jnp.maximum(jnp.exp(s) - params["K"], 0).mean()


@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def antithetic_price(
    key: PRNGKeyArray, params: dict[str, float], n_steps: int, n_paths: int
) -> tuple[Float32[Array, ""], Float32[Array, ""]]:
    keys = random.split(key, n_paths // 2)
    pairs = jax.vmap(one_pair, in_axes=(0, None, None))(keys, params, n_steps)
    return jnp.mean(pairs), jnp.std(pairs) / jnp.sqrt(n_paths / 2)


# %% wrong: the deviation of all payoffs, pairs averaged after squaring -> states_its_own_error
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def antithetic_price(key, params, n_steps, n_paths):
    still = n_steps * params["mu"] + jnp.log(params["S0"])
    up = simulate_log_prices(key, params, n_steps, n_paths // 2)
    both = jnp.exp(jnp.concatenate([up, 2 * still - up]))
    x = params["beta"] ** n_steps * jnp.maximum(both - params["K"], 0)
    return x.mean(), x.std() / jnp.sqrt(n_paths)


# %% wrong: the error over all paths in place of pairs -> states_its_own_error
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def antithetic_price(key, params, n_steps, n_paths):
    still = n_steps * params["mu"] + jnp.log(params["S0"])
    up = simulate_log_prices(key, params, n_steps, n_paths // 2)
    both = jnp.exp(jnp.stack([up, 2 * still - up]))
    x = (params["beta"] ** n_steps * jnp.maximum(both - params["K"], 0)).mean(axis=0)
    return x.mean(), x.std() / jnp.sqrt(n_paths)


# %% wrong: n_paths pairs, twice the work -> states_its_own_error
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def antithetic_price(key, params, n_steps, n_paths):
    still = n_steps * params["mu"] + jnp.log(params["S0"])
    up = simulate_log_prices(key, params, n_steps, n_paths)
    both = jnp.exp(jnp.stack([up, 2 * still - up]))
    x = (params["beta"] ** n_steps * jnp.maximum(both - params["K"], 0)).mean(axis=0)
    return x.mean(), x.std() / jnp.sqrt(n_paths)


# %% wrong: the mirrored half dropped -> has_less_variance, states_its_own_error
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def antithetic_price(key, params, n_steps, n_paths):
    return call_price(key, params, n_steps, n_paths // 2)


# %% wrong: the mirrored half has draws of its own -> has_less_variance, states_its_own_error
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def antithetic_price(key, params, n_steps, n_paths):
    s = simulate_log_prices(key, params, n_steps, n_paths).reshape(2, -1)
    x = (params["beta"] ** n_steps * jnp.maximum(jnp.exp(s) - params["K"], 0)).mean(axis=0)
    return x.mean(), x.std() / jnp.sqrt(n_paths // 2)


# %% wrong: pairs each path with the mirror image of another -> states_its_own_error
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def antithetic_price(key, params, n_steps, n_paths):
    still = n_steps * params["mu"] + jnp.log(params["S0"])
    up = simulate_log_prices(key, params, n_steps, n_paths // 2)
    both = jnp.exp(jnp.stack([up, jnp.roll(2 * still - up, 1)]))
    x = (params["beta"] ** n_steps * jnp.maximum(both - params["K"], 0)).mean(axis=0)
    return x.mean(), x.std() / jnp.sqrt(n_paths // 2)


# %% wrong: the drift is mirrored with the shocks -> expects_the_same_price, has_less_variance
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def antithetic_price(key, params, n_steps, n_paths):
    start = jnp.log(params["S0"])
    up = simulate_log_prices(key, params, n_steps, n_paths // 2)
    both = jnp.exp(jnp.stack([up, 2 * start - up]))
    x = (params["beta"] ** n_steps * jnp.maximum(both - params["K"], 0)).mean(axis=0)
    return x.mean(), x.std() / jnp.sqrt(n_paths // 2)


# %% wrong: the mirror image of the price, not of its logarithm -> expects_the_same_price, key_decides_the_estimate
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def antithetic_price(key, params, n_steps, n_paths):
    prices = jnp.exp(simulate_log_prices(key, params, n_steps, n_paths // 2))
    both = jnp.stack([prices, 2 * params["S0"] - prices])
    x = (params["beta"] ** n_steps * jnp.maximum(both - params["K"], 0)).mean(axis=0)
    return x.mean(), x.std() / jnp.sqrt(n_paths // 2)


# %% wrong: np.random -> key_decides_the_estimate, is_pure
def antithetic_price(key, params, n_steps, n_paths):
    still = n_steps * params["mu"] + jnp.log(params["S0"])
    key = random.fold_in(key, np.random.randint(2**30))
    up = simulate_log_prices(key, params, n_steps, n_paths // 2)
    both = jnp.exp(jnp.stack([up, 2 * still - up]))
    x = (params["beta"] ** n_steps * jnp.maximum(both - params["K"], 0)).mean(axis=0)
    return x.mean(), x.std() / jnp.sqrt(n_paths // 2)


# %% wrong: a fixed seed -> key_decides_the_estimate
def antithetic_price(key, params, n_steps, n_paths):
    still = n_steps * params["mu"] + jnp.log(params["S0"])
    up = simulate_log_prices(random.key(8), params, n_steps, n_paths // 2)
    both = jnp.exp(jnp.stack([up, 2 * still - up]))
    x = (params["beta"] ** n_steps * jnp.maximum(both - params["K"], 0)).mean(axis=0)
    return x.mean(), x.std() / jnp.sqrt(n_paths // 2)


# %% wrong: keeps the last pairs in a global -> is_pure
last_pairs = None


def antithetic_price(key, params, n_steps, n_paths):
    global last_pairs
    still = n_steps * params["mu"] + jnp.log(params["S0"])
    up = simulate_log_prices(key, params, n_steps, n_paths // 2)
    both = jnp.exp(jnp.stack([up, 2 * still - up]))
    last_pairs = (params["beta"] ** n_steps * jnp.maximum(both - params["K"], 0)).mean(axis=0)
    return last_pairs.mean(), last_pairs.std() / jnp.sqrt(n_paths // 2)
