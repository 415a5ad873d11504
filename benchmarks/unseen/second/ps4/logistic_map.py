# %% right: fori_loop, all arguments traced
@jax.jit
def logistic_map(x0, r, n_steps):
    return lax.fori_loop(0, n_steps, lambda i, x: r * x * (1 - x), x0)

# %% right: scan with a static length
@partial(jax.jit, static_argnums=2)
def logistic_map(x0, r, n_steps):
    def year(x, _):
        return r * x * (1 - x), None
    x, _ = lax.scan(year, jnp.asarray(x0), None, length=n_steps)
    return x

# %% right: while_loop that counts down
@jax.jit
def logistic_map(x0, r, n_steps):
    def go_on(state):
        left, _ = state
        return left > 0

    def year(state):
        left, x = state
        return left - 1, r * x * (1 - x)

    return lax.while_loop(go_on, year, (jnp.asarray(n_steps, jnp.int32), x0))[1]

# %% right: fori_loop with a static bound, r carried in the state
@partial(jax.jit, static_argnames=("n_steps",))
def logistic_map(x0, r, n_steps):
    rate = jnp.asarray(r, dtype=x0.dtype)

    def step(_, state):
        x, rate = state
        return rate * x * (1 - x), rate

    return jax.lax.fori_loop(0, n_steps, step, (x0, rate))[0]

# %% right: a step function bound with partial, loop counted from 1, jit by call
def _grow(rate, year, x):
    del year
    return rate * x * (1.0 - x)

def _run(x0, r, n_steps):
    return lax.fori_loop(1, n_steps + 1, partial(_grow, r), x0)

logistic_map = jax.jit(_run)

# %% wrong: Python loop with n_steps static | the recorded program grows with n_steps
@partial(jax.jit, static_argnums=2)
def logistic_map(x0, r, n_steps):
    x = jnp.asarray(x0)
    for _ in range(n_steps):
        x = r * x * (1 - x)
    return x

# %% right: scan with unroll, at most 8 steps at a time
@partial(jax.jit, static_argnums=2)
def logistic_map(x0, r, n_steps):
    def year(x, _):
        return r * x * (1 - x), None
    return lax.scan(year, jnp.asarray(x0), None, length=n_steps, unroll=max(1, min(8, n_steps)))[0]

# %% wrong: r is static | each new rate makes JAX trace again
@partial(jax.jit, static_argnums=(1, 2))
def logistic_map(x0, r, n_steps):
    return lax.fori_loop(0, n_steps, lambda i, x: r * x * (1 - x), x0)

# %% wrong: no jit around it | not compiled as a whole, the loop is traced at every call
def logistic_map(x0, r, n_steps):
    return lax.fori_loop(0, n_steps, lambda i, x: r * x * (1 - x), jnp.asarray(x0))

# %% wrong: stops when nothing moves more than 1e-5 | at r = 1 or r = 3 it converges slowly: stops far too early
@jax.jit
def logistic_map(x0, r, n_steps):
    def go_on(state):
        i, x, moved = state
        return (i < n_steps) & (moved > 1e-5)

    def year(state):
        i, x, _ = state
        new = r * x * (1 - x)
        return i + 1, new, jnp.max(jnp.abs(new - x), initial=0.0)

    return lax.while_loop(go_on, year, (0, x0, jnp.float32(1)))[1]

# %% wrong: a fixed loop of 1000 years, masked | more than 1000 steps are cut off
@jax.jit
def logistic_map(x0, r, n_steps):
    def year(i, x):
        return jnp.where(i < n_steps, r * x * (1 - x), x)
    return lax.fori_loop(0, 1000, year, x0)

# %% wrong: blocks of 50 years in a Python loop | the program grows with n_steps, a Python loop is forbidden
@partial(jax.jit, static_argnums=2)
def logistic_map(x0, r, n_steps):
    def year(i, x):
        return r * x * (1 - x)
    x = jnp.asarray(x0)
    for _ in range(n_steps // 50):
        x = lax.fori_loop(0, 50, year, x)
    return lax.fori_loop(0, n_steps % 50, year, x)

# %% wrong: after 100 years only even or odd counts | near r = 1 and r = 3 the populations still change after 100 years
@jax.jit
def logistic_map(x0, r, n_steps):
    n = jnp.where(n_steps > 100, 100 + n_steps % 2, n_steps)
    return lax.fori_loop(0, n, lambda i, x: r * x * (1 - x), x0)

# %% wrong: a new jit at each call | r is baked in, every call traces again
def logistic_map(x0, r, n_steps):
    return jax.jit(lambda x: lax.fori_loop(0, n_steps, lambda i, x: r * x * (1 - x), x))(x0)

# %% wrong: lax.map over the starts | one start after the other, far slower than NumPy
@jax.jit
def logistic_map(x0, r, n_steps):
    def one(x):
        return lax.fori_loop(0, n_steps, lambda i, x: r * x * (1 - x), x)
    return lax.map(one, x0)

# %% wrong: donates x0 | the caller's JAX array is deleted
@partial(jax.jit, donate_argnums=0)
def logistic_map(x0, r, n_steps):
    return lax.fori_loop(0, n_steps, lambda i, x: r * x * (1 - x), x0)

# %% wrong: two years at a time | an odd n_steps above 2 loses its last year
@jax.jit
def logistic_map(x0, r, n_steps):
    def year(x):
        return r * x * (1 - x)
    x = lax.fori_loop(0, n_steps // 2, lambda i, x: year(year(x)), x0)
    return jnp.where(n_steps == 1, year(x), x)

# %% wrong: r as an integer where it arrives as one in the loop's dtype | the rate is rounded to quarters
@jax.jit
def logistic_map(x0, r, n_steps):
    rate = jnp.where(n_steps > 0, jnp.round(r * 4) / 4, r)
    return lax.fori_loop(0, n_steps, lambda i, x: (rate * x * (1 - x)).astype(x.dtype), x0)
