# %% right: fori_loop with traced bound
@jax.jit
def logistic_map(x0, r, n_steps):
    return lax.fori_loop(0, n_steps, lambda i, x: r * x * (1 - x), x0)

# %% right: scan without inputs, n_steps static
@partial(jax.jit, static_argnums=2)
def logistic_map(x0, r, n_steps):
    def year(x, _):
        return r * x * (1 - x), None

    x, _ = lax.scan(year, x0, None, length=n_steps)
    return x

# %% right: while_loop that counts down
@jax.jit
def logistic_map(x0, r, n_steps):
    rate = jnp.asarray(r, x0.dtype)
    years_left = lambda state: state[0] > 0
    one_year = lambda state: (state[0] - 1, rate * state[1] * (1 - state[1]))
    return lax.while_loop(years_left, one_year, (n_steps, x0))[1]

# %% right: vmap over the starts of a loop on one number
def _one_population(x, r, n_steps):
    grow = lambda _, x: (r * (x - x * x)).astype(x.dtype)
    return lax.fori_loop(0, n_steps, grow, x)


logistic_map = jax.jit(jax.vmap(_one_population, in_axes=(0, None, None)))

# %% wrong: r static too | each new rate traces and compiles again
@partial(jax.jit, static_argnums=(1, 2))
def logistic_map(x0, r, n_steps):
    return lax.fori_loop(0, n_steps, lambda i, x: r * x * (1 - x), x0)

# %% wrong: Python loop with static n_steps | the recorded program grows with n_steps
@partial(jax.jit, static_argnums=2)
def logistic_map(x0, r, n_steps):
    x = x0
    for _ in range(n_steps):
        x = r * x * (1 - x)
    return x

# %% right: scan with unroll, 16 steps at a time
@partial(jax.jit, static_argnums=2)
def logistic_map(x0, r, n_steps):
    def year(x, _):
        return r * x * (1 - x), None

    return lax.scan(year, x0, length=n_steps, unroll=16)[0]

# %% wrong: stops when nothing changes any more | near r = 1 (and 3) the steps are small long before the end
@jax.jit
def logistic_map(x0, r, n_steps):
    def going(state):
        i, x, change = state
        return (i < n_steps) & (change > 1e-5)

    def year(state):
        i, x, _ = state
        new = r * x * (1 - x)
        return i + 1, new, jnp.max(jnp.abs(new - x), initial=0.0)

    return lax.while_loop(going, year, (0, x0, jnp.float32(1)))[1]

# %% wrong: fixed point for long runs | wrong beyond r = 3, near 1 and 3, and for starts at 0 or 1
@jax.jit
def logistic_map(x0, r, n_steps):
    settled = jnp.full_like(x0, jnp.where(r > 1, 1 - 1 / jnp.maximum(r, 1), 0))
    years = jnp.minimum(n_steps, 100)
    x = lax.fori_loop(0, years, lambda i, x: r * x * (1 - x), x0)
    return jnp.where(n_steps > 100, settled, x)

# %% wrong: no jit around the loop | not compiled as a whole: each call traces again, r is baked in
def logistic_map(x0, r, n_steps):
    return lax.fori_loop(0, n_steps, lambda i, x: r * x * (1 - x), jnp.asarray(x0))

# %% wrong: at most 1000 years | scan of a fixed length, later steps are not made
@jax.jit
def logistic_map(x0, r, n_steps):
    def year(x, i):
        return jnp.where(i < n_steps, r * x * (1 - x), x), None

    return lax.scan(year, x0, jnp.arange(1000))[0]

# %% wrong: clips away from 0 | a start at 0 or at 1 must stay at 0, here it grows to 1 - 1/r
@jax.jit
def logistic_map(x0, r, n_steps):
    def year(_, x):
        return jnp.clip(r * x * (1 - x), 1e-6, 1.0)  # a population does not die out altogether

    return lax.fori_loop(0, n_steps, year, x0)
