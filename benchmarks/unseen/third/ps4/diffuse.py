# %% right: dt traced, the loop as it was
@jax.jit
def diffuse_step(u, dt):
    return u + dt * (jnp.roll(u, 1) - 2 * u + jnp.roll(u, -1))


def diffuse(u, dts):
    for dt in dts:
        u = diffuse_step(u, dt)
    return u

# %% right: one compiled scan
@jax.jit
def diffuse(u, dts):
    def step(u, dt):
        return u + dt * (jnp.roll(u, 1) - 2 * u + jnp.roll(u, -1)), None

    return lax.scan(step, u, dts)[0]

# %% right: fori_loop and index arrays of neighbours
@jax.jit
def diffuse(u, dts):
    u, dts = jnp.asarray(u), jnp.asarray(dts)
    here = jnp.arange(u.size)
    left, right = (here - 1) % u.size, (here + 1) % u.size

    def step(k, u):
        flow = u[left] - u - u + u[right]
        return u + dts[k] * flow

    return lax.fori_loop(0, dts.size, step, u)

# %% right: while_loop, convolution on a ring padded by its own ends
def _laplace(u):
    return jnp.convolve(jnp.pad(u, 1, mode="wrap"), jnp.array([1, -2, 1], u.dtype), "valid", precision="highest")


@jax.jit
def diffuse(u, dts):
    unfinished = lambda state: state[0] < dts.shape[0]
    advance = lambda state: (state[0] + 1, state[1] + dts[state[0]] * _laplace(state[1]))
    return lax.while_loop(unfinished, advance, (0, u))[1]

# %% wrong: static dropped, float kept | fails under jax.jit: a stand-in has no float
@jax.jit
def diffuse_step(u, dt):
    return u + dt * (jnp.roll(u, 1) - 2 * u + jnp.roll(u, -1))


def diffuse(u, dts):
    for dt in dts:
        u = diffuse_step(u, dt=float(dt))
    return u

# %% wrong: decorator removed | the step is not compiled
def diffuse_step(u, dt):
    return u + dt * (jnp.roll(u, 1) - 2 * u + jnp.roll(u, -1))


def diffuse(u, dts):
    u = jnp.asarray(u)
    for dt in dts:
        u = diffuse_step(u, dt)
    return u

# %% wrong: scan of a local function, nothing jitted | traced and compiled again at every call
def diffuse(u, dts):
    def step(u, dt):
        return u + dt * (jnp.roll(u, 1) - 2 * u + jnp.roll(u, -1)), None

    u, _ = lax.scan(step, jnp.asarray(u), jnp.asarray(dts))
    return u

# %% wrong: nothing to the left of the first point | the ring is open at its left end
@jax.jit
def diffuse(u, dts):
    def step(u, dt):
        left = jnp.concatenate([jnp.zeros(1, u.dtype), u[:-1]])
        right = jnp.roll(u, -1)
        return u + dt * (left - 2 * u + right), None

    return lax.scan(step, u, dts)[0]

# %% wrong: donates u | the caller's JAX array u is deleted by the call
@partial(jax.jit, donate_argnums=0)
def diffuse(u, dts):
    def step(u, dt):
        return u + dt * (jnp.roll(u, 1) - 2 * u + jnp.roll(u, -1)), None

    return lax.scan(step, u, dts)[0]

# %% wrong: steps padded to 64 | more than 64 steps: those after the 64th are not made
@jax.jit
def _run(u, dts):
    def step(u, dt):
        return u + dt * (jnp.roll(u, 1) - 2 * u + jnp.roll(u, -1)), None

    return lax.scan(step, u, dts)[0]


def diffuse(u, dts):
    padded = jnp.zeros(64, jnp.float32)  # a step of 0 changes nothing
    first = jnp.asarray(dts)[:64]
    return _run(u, padded.at[: first.size].set(first))

# %% wrong: in Fourier space, with irfft of the default length | rings with an odd number of points lose one
@jax.jit
def diffuse(u, dts):
    k = jnp.arange(u.size // 2 + 1)
    decay = 2 - 2 * jnp.cos(2 * jnp.pi * k / u.size)
    factor = jnp.prod(1 - dts[:, None] * decay, axis=0)
    return jnp.fft.irfft(jnp.fft.rfft(u) * factor).astype(u.dtype)

# %% wrong: rescales so that no heat is lost to rounding | NaN where the temperatures add up to 0
@jax.jit
def diffuse(u, dts):
    def step(u, dt):
        new = u + dt * (jnp.roll(u, 1) - 2 * u + jnp.roll(u, -1))
        return new * (u.sum() / new.sum()), None

    return lax.scan(step, u, dts)[0]
