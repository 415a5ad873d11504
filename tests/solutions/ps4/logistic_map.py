# %% right: scan with a static length
@partial(jax.jit, static_argnums=2)
def logistic_map(x0, r, n_steps):
    def year(x, _):
        return r * x * (1 - x), None

    return lax.scan(year, jnp.asarray(x0), length=n_steps)[0]


# %% right: each start for itself, loop inside vmap
@jax.jit
def logistic_map(x0: Float32[Array, "n"], r: float, n_steps: int) -> Float32[Array, "n"]:
    def one(x):
        return lax.fori_loop(0, n_steps, lambda _, y: y * r * (1 - y), x)

    return jax.vmap(one)(x0)


# %% wrong: Python loop, not jitted -> is_not_unrolled
def logistic_map(x0, r, n_steps):
    x = jnp.asarray(x0)
    for _ in range(n_steps):
        x = r * x * (1 - x)
    return x


# %% wrong: NumPy for arrays that have values -> is_not_unrolled
def logistic_map(x0, r, n_steps):
    x = x0 if isinstance(x0, jax.core.Tracer) else np.asarray(x0)
    for _ in range(n_steps):
        x = r * x * (1 - x)
    return jnp.asarray(x)


# %% wrong: unrolled, so that tracing explodes -> is_not_unrolled
@partial(jax.jit, static_argnums=2)
def logistic_map(x0, r, n_steps):
    x = x0
    for _ in range(n_steps):
        x = r * x * (1 - x)
    return x


# %% wrong: a jitted step in a Python loop -> is_not_unrolled
@jax.jit
def year(x, r):
    return r * x * (1 - x)


def logistic_map(x0, r, n_steps):
    x = jnp.asarray(x0)
    for _ in range(n_steps):
        x = year(x, r)
    return x


# %% wrong: traced n_steps in range -> iterates_the_map
@jax.jit
def logistic_map(x0, r, n_steps):
    x = x0
    for _ in range(n_steps):
        x = r * x * (1 - x)
    return x


# %% wrong: a hundred steps at most, as if all had arrived by then -> iterates_the_map
@jax.jit
def logistic_map(x0, r, n_steps):
    return lax.fori_loop(0, jnp.minimum(n_steps, 100), lambda _, x: r * x * (1 - x), x0)


# %% wrong: one step too few -> iterates_the_map
@jax.jit
def logistic_map(x0, r, n_steps):
    return lax.fori_loop(1, n_steps, lambda _, x: r * x * (1 - x), x0)


# %% wrong: one step too many -> iterates_the_map
@jax.jit
def logistic_map(x0, r, n_steps):
    return lax.fori_loop(0, n_steps + 1, lambda _, x: r * x * (1 - x), x0)


# %% wrong: body's arguments exchanged -> iterates_the_map
@jax.jit
def logistic_map(x0, r, n_steps):
    return lax.fori_loop(0, n_steps, lambda x, _: r * x * (1 - x), x0)


# %% wrong: forgets the factor -> iterates_the_map
@jax.jit
def logistic_map(x0, r, n_steps):
    return lax.fori_loop(0, n_steps, lambda _, x: x + r * x * (1 - x), x0)


# %% wrong: returns the whole history -> iterates_the_map
@partial(jax.jit, static_argnums=2)
def logistic_map(x0, r, n_steps):
    return lax.scan(lambda x, _: (r * x * (1 - x),) * 2, x0, length=n_steps)[1]


# %% wrong: at least one step -> iterates_the_map
@jax.jit
def logistic_map(x0, r, n_steps):
    def body(state):
        i, x = state
        return i + 1, r * x * (1 - x)

    return lax.while_loop(lambda state: state[0] < n_steps, body, body((0, x0)))[1]


# %% wrong: goes on from where it stopped -> is_pure, iterates_the_map
population = {}
compiled = jax.jit(lambda x, r, n: lax.fori_loop(0, n, lambda _, x: r * x * (1 - x), x))


def logistic_map(x0, r, n_steps):
    start = population.get(x0.shape, x0)
    population[x0.shape] = compiled(start, r, n_steps)
    return population[x0.shape]


# %% wrong: steps on the caller's array -> is_pure
compiled = jax.jit(lambda x, r, n: lax.fori_loop(0, n, lambda _, x: r * x * (1 - x), x))


def logistic_map(x0, r, n_steps):
    result = compiled(x0, r, n_steps)
    if isinstance(x0, np.ndarray):
        x0[:] = result
    return result


# %% wrong: scan, unrolled -> is_not_unrolled
@partial(jax.jit, static_argnums=2)
def logistic_map(x0, r, n_steps):
    return lax.scan(
        lambda x, _: (r * x * (1 - x), None), jnp.asarray(x0), length=n_steps, unroll=True
    )[0]


# %% wrong: fori_loop, unrolled -> is_not_unrolled
@partial(jax.jit, static_argnums=2)
def logistic_map(x0, r, n_steps):
    return lax.fori_loop(0, n_steps, lambda _, x: r * x * (1 - x), x0, unroll=True)


# %% wrong: unrolled from fifty steps on -> is_not_unrolled
@partial(jax.jit, static_argnums=2)
def logistic_map(x0, r, n_steps):
    if n_steps < 50:
        return lax.fori_loop(0, n_steps, lambda _, x: r * x * (1 - x), x0)
    for _ in range(n_steps):
        x0 = r * x0 * (1 - x0)
    return x0


# %% wrong: one loop for every hundred steps -> is_not_unrolled
@partial(jax.jit, static_argnums=2)
def logistic_map(x0, r, n_steps):
    x = jnp.asarray(x0)
    for start in range(0, n_steps, 100):
        x = lax.fori_loop(start, min(start + 100, n_steps), lambda _, x: r * x * (1 - x), x)
    return x


# %% wrong: divides by r -> iterates_the_map
@jax.jit
def logistic_map(x0, r, n_steps):
    y = lax.fori_loop(0, n_steps, lambda _, y: y * (r - y), r * x0)
    return y / r


# %% wrong: stops when it hardly moves -> iterates_the_map
@jax.jit
def logistic_map(x0, r, n_steps):
    def go(s):
        return (s[0] < n_steps) & (s[2] > 1e-5)

    def step(s):
        i, x, _ = s
        new = r * x * (1 - x)
        return i + 1, new, jnp.max(jnp.abs(new - x))

    return lax.while_loop(go, step, (0, jnp.asarray(x0), jnp.float32(1)))[1]


# %% wrong: keeps away from 0 and 1 -> iterates_the_map
@jax.jit
def logistic_map(x0, r, n_steps):
    x = jnp.clip(x0, 1e-6, 1 - 1e-6)
    return lax.fori_loop(0, n_steps, lambda _, x: r * x * (1 - x), x)


# %% wrong: a thousand steps at most -> iterates_the_map
@jax.jit
def logistic_map(x0, r, n_steps):
    return lax.fori_loop(0, jnp.minimum(n_steps, 1000), lambda _, x: r * x * (1 - x), x0)


# %% wrong: rate below one dies out at once -> iterates_the_map
@jax.jit
def logistic_map(x0, r, n_steps):
    x = lax.fori_loop(0, n_steps, lambda _, x: r * x * (1 - x), x0)
    return jnp.where((r <= 1) & (n_steps > 0), 0.0, x)


# %% right: partial unrolling
@partial(jax.jit, static_argnums=2)
def logistic_map(x0, r, n_steps):
    return (
        lax.fori_loop(0, n_steps, lambda _, x: r * x * (1 - x), x0, unroll=4)
        if n_steps
        else jnp.asarray(x0)
    )


# %% right: while_loop
@jax.jit
def logistic_map(x0, r, n_steps):
    return lax.while_loop(
        lambda s: s[0] < n_steps, lambda s: (s[0] + 1, r * s[1] * (1 - s[1])), (0, x0)
    )[1]


# %% right: reshaped in two nested loops
@jax.jit
def logistic_map(x0, r, n_steps):
    step = lambda _, x: r * x - r * x * x
    many = lambda _, x: lax.fori_loop(0, 10, step, x)
    x = lax.fori_loop(0, n_steps // 10, many, x0)
    return lax.fori_loop(0, n_steps % 10, step, x)


# %% wrong: small populations set to 0 -> iterates_the_map
@jax.jit
def logistic_map(x0, r, n_steps):
    def step(i, x):
        return r * jnp.where(x < 1e-6, 0.0, x) * (1 - x)

    return lax.fori_loop(0, n_steps, step, x0)


# %% wrong: no jit around the loop -> is_not_unrolled
def logistic_map(x0, r, n_steps):
    return lax.fori_loop(0, n_steps, lambda i, x: r * x * (1 - x), jnp.asarray(x0))


# %% wrong: compiled, but NumPy does the steps -> beats_the_loop
@partial(jax.jit, static_argnums=2)
def logistic_map(x0, r, n_steps):
    def loop(x, r):
        for _ in range(n_steps):
            x = r * x * (1 - x)
        return np.asarray(x, np.float32)

    like = jax.ShapeDtypeStruct(x0.shape, jnp.float32)
    return jax.pure_callback(loop, like, jnp.asarray(x0), jnp.float32(r))
