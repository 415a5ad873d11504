# %% right: fori_loop with z and count
def escape_times(c, limit):
    c = jnp.asarray(c)

    def step(_, state):
        z, count = state
        z = z**2 + c
        return z, count + (jnp.abs(z) <= 2)

    start = jnp.zeros_like(c), jnp.zeros(c.shape, jnp.int32)
    return lax.fori_loop(0, limit, step, start)[1]

# %% right: while_loop that ends when all have left
@jax.jit
def escape_times(c, limit):
    def anybody_there(state):
        i, z, alive, count = state
        return (i < limit) & jnp.any(alive)

    def step(state):
        i, z, alive, count = state
        z = jnp.where(alive, z * z + c, z)
        alive = alive & (jnp.abs(z) <= 2)
        return i + 1, z, alive, count + alive.astype(jnp.int32)

    start = 0, jnp.zeros_like(c), jnp.ones(c.shape, bool), jnp.zeros(c.shape, jnp.int32)
    return lax.while_loop(anybody_there, step, start)[3]

# %% right: real and imaginary parts written out
def escape_times(c, limit):
    a, b = jnp.real(c), jnp.imag(c)

    def step(i, state):
        x, y, n = state
        x, y = x * x - y * y + a, 2 * x * y + b
        near = x * x + y * y <= 4  # false for nan as well
        return x, y, jnp.where(near, n + 1, n)

    nothing = jnp.zeros_like(a)
    _, _, n = lax.fori_loop(0, limit, step, (nothing, nothing, nothing.astype(jnp.int32)))
    return n

# %% right: vectorize of a program for one number
def escape_times(c, limit):
    @jnp.vectorize
    def one(c):
        def step(_, state):
            z, n = state
            z = z * z + c
            return z, n + jnp.where(jnp.abs(z) <= 2, 1, 0).astype(jnp.int32)

        return lax.fori_loop(0, limit, step, (jnp.zeros_like(c), jnp.int32(0)))[1]

    return one(c)

# %% wrong: limit static | under jax.jit a traced limit fails, and each limit has a program of its own
@partial(jax.jit, static_argnums=1)
def escape_times(c, limit):
    def step(state, _):
        z, count = state
        z = z**2 + c
        return (z, count + (jnp.abs(z) <= 2)), None

    start = jnp.zeros_like(c), jnp.zeros(c.shape, jnp.int32)
    return lax.scan(step, start, length=limit)[0][1]

# %% wrong: scan over at most 256 steps | limits beyond 256 are cut off
@jax.jit
def escape_times(c, limit):
    def step(state, i):
        z, count = state
        z = z**2 + c
        return (z, count + ((jnp.abs(z) <= 2) & (i < limit))), None

    start = jnp.zeros_like(c), jnp.zeros(c.shape, jnp.int32)
    return lax.scan(step, start, jnp.arange(256))[0][1]

# %% wrong: counts in int8 | more than 127 steps overflow
@jax.jit
def escape_times(c, limit):
    def step(_, state):
        z, count = state
        z = z**2 + c
        return z, count + (jnp.abs(z) <= 2).astype(jnp.int8)

    start = jnp.zeros_like(c), jnp.zeros(c.shape, jnp.int8)
    return lax.fori_loop(0, limit, step, start)[1].astype(jnp.int32)

# %% wrong: a square in place of the disc | c = 1.9 + 1.9j is farther than 2 from 0, but counted
@jax.jit
def escape_times(c, limit):
    def step(_, state):
        z, count = state
        z = z**2 + c
        inside = (jnp.abs(z.real) <= 2) & (jnp.abs(z.imag) <= 2)
        return z, count + inside

    start = jnp.zeros_like(c), jnp.zeros(c.shape, jnp.int32)
    return lax.fori_loop(0, limit, step, start)[1]

# %% wrong: shortcut, whatever is nearer than 0.5 never leaves | c = 0.4 leaves
@jax.jit
def escape_times(c, limit):
    def step(_, state):
        z, count = state
        z = z**2 + c
        return z, count + (jnp.abs(z) <= 2)

    start = jnp.zeros_like(c), jnp.zeros(c.shape, jnp.int32)
    count = lax.fori_loop(0, limit, step, start)[1]
    return jnp.where(jnp.abs(c) < 0.5, limit, count).astype(jnp.int32)

# %% wrong: imaginary part without its factor of 2 | wrong for most c that are not real
@jax.jit
def escape_times(c, limit):
    a, b = jnp.real(c), jnp.imag(c)

    def step(_, state):
        x, y, n = state
        x, y = x * x - y * y + a, x * y + b
        return x, y, n + (x * x + y * y <= 4)

    start = jnp.zeros_like(a), jnp.zeros_like(a), jnp.zeros(a.shape, jnp.int32)
    return lax.fori_loop(0, limit, step, start)[2]

# %% wrong: the new real part used for the imaginary part | wrong for most c that are not real
@jax.jit
def escape_times(c, limit):
    a, b = jnp.real(c), jnp.imag(c)

    def step(_, state):
        x, y, n = state
        x = x * x - y * y + a
        y = 2 * x * y + b
        return x, y, n + (x * x + y * y <= 4)

    start = jnp.zeros_like(a), jnp.zeros_like(a), jnp.zeros(a.shape, jnp.int32)
    return lax.fori_loop(0, limit, step, start)[2]

# %% wrong: the first step made before the loop | limit 0 gives 1 instead of 0 where c is near
@jax.jit
def escape_times(c, limit):
    def step(_, state):
        z, count = state
        z = z**2 + c
        return z, count + (jnp.abs(z) <= 2)

    start = c, (jnp.abs(c) <= 2).astype(jnp.int32)
    return lax.fori_loop(1, limit, step, start)[1]
