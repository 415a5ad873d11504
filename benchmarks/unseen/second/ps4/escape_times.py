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
    def more(state):
        i, z, count, near = state
        return (i < limit) & jnp.any(near)

    def step(state):
        i, z, count, near = state
        z = z * z + c
        near = near & (jnp.abs(z) <= 2)
        return i + 1, z, count + near.astype(jnp.int32), near

    shape = jnp.shape(c)
    start = (0, jnp.zeros(shape, jnp.complex64), jnp.zeros(shape, jnp.int32), jnp.ones(shape, bool))
    return lax.while_loop(more, step, start)[2]

# %% right: scalar while_loop, vectorized
def escape_times(c, limit):
    def one(c):
        def near(state):
            z, count = state
            return (abs(z) <= 2) & (count <= limit)

        def step(state):
            z, count = state
            return z * z + c, count + 1

        # the state starts at z = 0 with count 0; count - 1 steps ended near when it stops far
        z, count = lax.while_loop(near, step, (jnp.zeros_like(c), jnp.int32(0)))
        return jnp.minimum(count - 1, limit).astype(jnp.int32)

    return jnp.vectorize(one)(jnp.asarray(c))

# %% right: escaped points are frozen, the step of leaving is noted
def escape_times(c, limit):
    c = jnp.asarray(c, jnp.complex64)
    left_at = jnp.full(c.shape, -1, jnp.int32)

    def step(i, state):
        z, left_at = state
        inside = left_at < 0
        z = jnp.where(inside, z * z + c, z)
        leaves = inside & jnp.logical_not(jnp.abs(z) <= 2)
        return z, jnp.where(leaves, jnp.asarray(i, jnp.int32), left_at)

    _, left_at = lax.fori_loop(0, limit, step, (jnp.zeros_like(c), left_at))
    return jnp.where(left_at < 0, jnp.asarray(limit, jnp.int32), left_at)

# %% right: flattened and vmapped, an inner jitted function
@jax.jit
def _flat(c, limit):
    def count_one(c):
        def step(i, state):
            z, n = state
            z = jnp.square(z) + c
            return z, lax.select(jnp.abs(z) <= 2.0, n + 1, n)
        return lax.fori_loop(0, limit, step, (jnp.complex64(0), jnp.int32(0)))[1]
    return jax.vmap(count_one)(c)

def escape_times(c, limit):
    c = jnp.asarray(c)
    return _flat(c.reshape(-1), limit).reshape(c.shape)

# %% wrong: limit is static | under jit a traced limit raises; a program for each limit
@partial(jax.jit, static_argnums=1)
def escape_times(c, limit):
    z = jnp.zeros_like(c)
    count = jnp.zeros(c.shape, jnp.int32)
    for _ in range(limit):
        z = z**2 + c
        count = count + (jnp.abs(z) <= 2)
    return count

# %% wrong: a loop of 1000 steps, masked | a limit above 1000 is cut off
def escape_times(c, limit):
    c = jnp.asarray(c)

    def step(i, state):
        z, count = state
        z = z**2 + c
        return z, count + ((jnp.abs(z) <= 2) & (i < limit))

    return lax.fori_loop(0, 1000, step, (jnp.zeros_like(c), jnp.zeros(c.shape, jnp.int32)))[1]

# %% wrong: counts in uint8 | counts above 255 wrap around
def escape_times(c, limit):
    c = jnp.asarray(c)

    def step(_, state):
        z, count = state
        z = z**2 + c
        return z, count + (jnp.abs(z) <= 2).astype(jnp.uint8)

    start = jnp.zeros_like(c), jnp.zeros(c.shape, jnp.uint8)
    return lax.fori_loop(0, limit, step, start)[1].astype(jnp.int32)

# %% wrong: a square instead of a circle | real and imaginary part at most 2 is not a distance of at most 2
def escape_times(c, limit):
    c = jnp.asarray(c)

    def step(_, state):
        z, count = state
        z = z**2 + c
        near = (jnp.abs(z.real) <= 2) & (jnp.abs(z.imag) <= 2)
        return z, count + near

    start = jnp.zeros_like(c), jnp.zeros(c.shape, jnp.int32)
    return lax.fori_loop(0, limit, step, start)[1]

# %% wrong: what hardly moves never leaves | near 0.25 the numbers creep and leave after thousands of small steps
def escape_times(c, limit):
    c = jnp.asarray(c)

    def step(_, state):
        z, count, caught = state
        new = z**2 + c
        caught = caught | (jnp.abs(new - z) < 1e-2)
        return new, count + ((jnp.abs(new) <= 2) | caught), caught

    start = jnp.zeros_like(c), jnp.zeros(c.shape, jnp.int32), jnp.zeros(c.shape, bool)
    return lax.fori_loop(0, limit, step, start)[1]

# %% wrong: the first step before the loop | limit = 0 gives 1 instead of 0
def escape_times(c, limit):
    c = jnp.asarray(c)

    def step(_, state):
        z, count = state
        z = z**2 + c
        return z, count + (jnp.abs(z) <= 2)

    return lax.fori_loop(1, limit, step, (c, (jnp.abs(c) <= 2).astype(jnp.int32)))[1]

# %% wrong: two steps at a time | an odd limit loses its last step
def escape_times(c, limit):
    c = jnp.asarray(c)

    def two(_, state):
        z, count = state
        for _ in range(2):
            z = z**2 + c
            count = count + (jnp.abs(z) <= 2)
        return z, count

    start = jnp.zeros_like(c), jnp.zeros(c.shape, jnp.int32)
    return lax.fori_loop(0, limit // 2, two, start)[1]

# %% wrong: gives up when nothing has left for 20 steps | late leavers are taken for points that never leave
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

# %% wrong: a Python short cut for points far away | under jit a traced value in an if raises
def escape_times(c, limit):
    c = jnp.asarray(c)
    if c.size and jnp.min(jnp.abs(c)) > 2:
        return jnp.zeros(c.shape, jnp.int32)

    def step(_, state):
        z, count = state
        z = z**2 + c
        return z, count + (jnp.abs(z) <= 2)

    start = jnp.zeros_like(c), jnp.zeros(c.shape, jnp.int32)
    return lax.fori_loop(0, limit, step, start)[1]

# %% wrong: real and imaginary part in float16 | digits of c are lost, counts near the border change
def escape_times(c, limit):
    c = jnp.asarray(c)
    a, b = c.real.astype(jnp.float16), c.imag.astype(jnp.float16)

    def step(_, state):
        x, y, count = state
        x, y = x * x - y * y + a, 2 * x * y + b
        return x, y, count + (x * x + y * y <= 4)

    zero = jnp.zeros_like(a)
    return lax.fori_loop(0, limit, step, (zero, zero, jnp.zeros(c.shape, jnp.int32)))[2]

# %% wrong: looks only at the upper half of the plane as a mirror of x | the sign of the imaginary part is dropped inside the step: z = |Re| + i |Im|
def escape_times(c, limit):
    c = jnp.asarray(c)

    def step(i, state):
        z, count = state
        z = jnp.where(i < 3, z**2, (jnp.abs(z.real) + 1j * jnp.abs(z.imag)) ** 2) + c
        return z, count + (jnp.abs(z) <= 2)

    start = jnp.zeros_like(c), jnp.zeros(c.shape, jnp.int32)
    return lax.fori_loop(0, limit, step, start)[1]

# %% wrong: rows one by one with vmap and a shape of two axes put back | arrays of three or more axes raise
def escape_times(c, limit):
    c = jnp.asarray(c)
    rows, columns = (1, 1) if c.ndim == 0 else (1, c.shape[0]) if c.ndim == 1 else c.shape

    def row(c):
        def step(_, state):
            z, count = state
            z = z**2 + c
            return z, count + (jnp.abs(z) <= 2)
        return lax.fori_loop(0, limit, step, (jnp.zeros_like(c), jnp.zeros(c.shape, jnp.int32)))[1]

    return jax.vmap(row)(c.reshape(rows, columns)).reshape(c.shape)
