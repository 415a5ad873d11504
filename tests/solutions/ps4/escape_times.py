# %% right: a while_loop that stops when all have left
@jax.jit
def escape_times(c, limit):
    c = jnp.asarray(c)

    def goes_on(state):
        n, z, count = state
        return (n < limit) & jnp.any(jnp.abs(z) <= 2)

    def step(state):
        n, z, count = state
        z = z**2 + c
        return n + 1, z, jnp.where(jnp.abs(z) <= 2, count + 1, count)

    z = jnp.zeros_like(c)
    return lax.while_loop(goes_on, step, (0, z, jnp.zeros(c.shape, jnp.int32)))[2]


# %% right: written for one number, by vmap
def escape_times(c, limit):
    def one(c):
        def step(state):
            z, n = state
            return z * z + c, n + 1

        def near(state):
            z, n = state
            w = z * z + c
            return (n < limit) & (w.real**2 + w.imag**2 <= 4)

        return lax.while_loop(near, step, (jnp.complex64(0), jnp.int32(0)))[1]

    c = jnp.asarray(c)
    return jax.vmap(one)(c.ravel()).reshape(c.shape)


# %% right: real and imaginary parts, and z kept once it has left
def escape_times(c, limit):
    a, b = jnp.real(c), jnp.imag(c)

    def step(_, state):
        x, y, near, count = state
        u, v = x * x - y * y + a, 2 * x * y + b
        near = near & (u * u + v * v <= 4)
        return jnp.where(near, u, x), jnp.where(near, v, y), near, count + near.astype(jnp.int32)

    zero = jnp.zeros(a.shape, jnp.float32)
    start = zero, zero, jnp.ones(a.shape, bool), jnp.zeros(a.shape, jnp.int32)
    return lax.fori_loop(0, limit, step, start)[3]


# %% right: counts down from the limit
def escape_times(c, limit):
    c = jnp.array(c)

    def step(i, state):
        z, left = state
        z = jnp.square(z) + c
        return z, left + jnp.where(jnp.abs(z) <= 2.0, 0, 1)

    return limit - lax.fori_loop(0, limit, step, (0 * c, jnp.zeros(c.shape, jnp.int32)))[1]


# %% wrong: z starts at c -> counts_the_steps_until_z_leaves
def escape_times(c, limit):
    def step(_, state):
        z, count = state
        z = z * z + c
        return z, count + (jnp.abs(z) <= 2)

    return lax.fori_loop(0, limit, step, (jnp.asarray(c), jnp.zeros(jnp.shape(c), jnp.int32)))[1]


# %% wrong: looks before the step -> counts_the_steps_until_z_leaves
def escape_times(c, limit):
    def step(_, state):
        z, count = state
        return z * z + c, count + (jnp.abs(z) <= 2)

    start = jnp.zeros(jnp.shape(c), jnp.complex64), jnp.zeros(jnp.shape(c), jnp.int32)
    return lax.fori_loop(0, limit, step, start)[1]


# %% wrong: nan counts as near -> counts_the_steps_until_z_leaves
def escape_times(c, limit):
    def step(_, state):
        z, count = state
        z = z * z + c
        return z, count + ~(jnp.abs(z) > 2)

    start = jnp.zeros(jnp.shape(c), jnp.complex64), jnp.zeros(jnp.shape(c), jnp.int32)
    return lax.fori_loop(0, limit, step, start)[1]


# %% wrong: a distance of 2 has left -> counts_the_steps_until_z_leaves
def escape_times(c, limit):
    def step(_, state):
        z, count = state
        z = z * z + c
        return z, count + (jnp.abs(z) < 2)

    start = jnp.zeros(jnp.shape(c), jnp.complex64), jnp.zeros(jnp.shape(c), jnp.int32)
    return lax.fori_loop(0, limit, step, start)[1]


# %% wrong: the square of the distance against 2 -> counts_the_steps_until_z_leaves
def escape_times(c, limit):
    def step(_, state):
        z, count = state
        z = z * z + c
        return z, count + (z.real**2 + z.imag**2 <= 2)

    start = jnp.zeros(jnp.shape(c), jnp.complex64), jnp.zeros(jnp.shape(c), jnp.int32)
    return lax.fori_loop(0, limit, step, start)[1]


# %% wrong: each coordinate against 2 -> counts_the_steps_until_z_leaves
def escape_times(c, limit):
    def step(_, state):
        z, count = state
        z = z * z + c
        return z, count + ((jnp.abs(z.real) <= 2) & (jnp.abs(z.imag) <= 2))

    start = jnp.zeros(jnp.shape(c), jnp.complex64), jnp.zeros(jnp.shape(c), jnp.int32)
    return lax.fori_loop(0, limit, step, start)[1]


# %% wrong: all wait until one has left -> counts_the_steps_until_z_leaves
def escape_times(c, limit):
    c = jnp.asarray(c)

    def goes_on(state):
        n, z, count = state
        return (n < limit) & jnp.all(jnp.abs(z) <= 2)

    def step(state):
        n, z, count = state
        z = z**2 + c
        return n + 1, z, count + (jnp.abs(z) <= 2)

    return lax.while_loop(goes_on, step, (0, jnp.zeros_like(c), jnp.zeros(c.shape, jnp.int32)))[2]


# %% wrong: counts as float32 -> counts_the_steps_until_z_leaves
def escape_times(c, limit):
    def step(_, state):
        z, count = state
        z = z * z + c
        return z, count + jnp.where(jnp.abs(z) <= 2, 1.0, 0.0)

    start = jnp.zeros(jnp.shape(c), jnp.complex64), jnp.zeros(jnp.shape(c))
    return lax.fori_loop(0, limit, step, start)[1]


# %% wrong: never more than 100 steps -> counts_the_steps_until_z_leaves, one_program_serves_every_limit
def escape_times(c, limit):
    def step(_, state):
        z, count = state
        z = z * z + c
        return z, count + (jnp.abs(z) <= 2)

    start = jnp.zeros(jnp.shape(c), jnp.complex64), jnp.zeros(jnp.shape(c), jnp.int32)
    return lax.fori_loop(0, jnp.minimum(limit, 100), step, start)[1]


# %% wrong: a Python loop -> one_program_serves_every_limit, is_pure
def escape_times(c, limit):
    z, count = jnp.zeros(jnp.shape(c), jnp.complex64), jnp.zeros(jnp.shape(c), jnp.int32)
    for _ in range(limit):
        z = z * z + c
        count = count + (jnp.abs(z) <= 2)
    return count


# %% wrong: scan, whose length is static -> one_program_serves_every_limit, is_pure
def escape_times(c, limit):
    def step(state, _):
        z, count = state
        z = z * z + c
        return (z, count + (jnp.abs(z) <= 2)), None

    start = jnp.zeros(jnp.shape(c), jnp.complex64), jnp.zeros(jnp.shape(c), jnp.int32)
    return lax.scan(step, start, length=limit)[0][1]


# %% wrong: a static limit -> one_program_serves_every_limit, is_pure
@partial(jax.jit, static_argnums=1)
def escape_times(c, limit):
    def step(_, state):
        z, count = state
        z = z * z + c
        return z, count + (jnp.abs(z) <= 2)

    start = jnp.zeros(jnp.shape(c), jnp.complex64), jnp.zeros(jnp.shape(c), jnp.int32)
    return lax.fori_loop(0, limit, step, start)[1]


# %% wrong: writes the steps into the caller's array -> is_pure
def escape_times(c, limit):
    def step(_, state):
        z, count = state
        z = z * z + c
        return z, count + (jnp.abs(z) <= 2)

    start = jnp.zeros(jnp.shape(c), jnp.complex64), jnp.zeros(jnp.shape(c), jnp.int32)
    count = lax.fori_loop(0, limit, step, start)[1]
    if isinstance(c, np.ndarray) and c.ndim and not isinstance(count, jax.core.Tracer):
        c[count < limit] = np.nan
    return count


# %% wrong: the sign of the imaginary part dropped after three steps -> counts_the_steps_until_z_leaves
def escape_times(c, limit):
    c = jnp.asarray(c)

    def step(i, state):
        z, count = state
        z = jnp.where(i < 3, z**2, (jnp.abs(z.real) + 1j * jnp.abs(z.imag)) ** 2) + c
        return z, count + (jnp.abs(z) <= 2)

    start = jnp.zeros_like(c), jnp.zeros(c.shape, jnp.int32)
    return lax.fori_loop(0, limit, step, start)[1]


# %% wrong: gives up when nothing has left for twenty steps -> counts_the_steps_until_z_leaves
def escape_times(c, limit):
    c = jnp.asarray(c)

    def more(state):
        i, z, count, quiet = state
        return (i < limit) & (quiet < 20)

    def step(state):
        i, z, count, quiet = state
        z = z**2 + c
        near = jnp.abs(z) <= 2
        leaves = jnp.any(~near & (count == i))
        return i + 1, z, count + near, jnp.where(leaves, 0, quiet + 1)

    i, z, count, _ = lax.while_loop(
        more, step, (0, jnp.zeros_like(c), jnp.zeros(c.shape, jnp.int32), 0)
    )
    return jnp.where(count == i, limit, count).astype(jnp.int32)


# %% wrong: what hardly moves never leaves -> counts_the_steps_until_z_leaves
def escape_times(c, limit):
    c = jnp.asarray(c)

    def step(_, state):
        z, count, caught = state
        new = z**2 + c
        caught = caught | (jnp.abs(new - z) < 1e-2)
        return new, count + ((jnp.abs(new) <= 2) | caught), caught

    start = jnp.zeros_like(c), jnp.zeros(c.shape, jnp.int32), jnp.zeros(c.shape, bool)
    return lax.fori_loop(0, limit, step, start)[1]


# %% wrong: float16 on the way -> counts_the_steps_until_z_leaves
def escape_times(c, limit):
    c = jnp.asarray(c)
    a, b = c.real.astype(jnp.float16), c.imag.astype(jnp.float16)

    def step(_, state):
        x, y, count = state
        x, y = x * x - y * y + a, 2 * x * y + b
        return x, y, count + (x * x + y * y <= 4)

    zero = jnp.zeros_like(a)
    return lax.fori_loop(0, limit, step, (zero, zero, jnp.zeros(c.shape, jnp.int32)))[2]


# %% wrong: a loop of a thousand steps -> counts_the_steps_until_z_leaves
def escape_times(c, limit):
    c = jnp.asarray(c)

    def step(i, state):
        z, count = state
        z = z**2 + c
        return z, count + ((jnp.abs(z) <= 2) & (i < limit))

    return lax.fori_loop(0, 1000, step, (jnp.zeros_like(c), jnp.zeros(c.shape, jnp.int32)))[1]
