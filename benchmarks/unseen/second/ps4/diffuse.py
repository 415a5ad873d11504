# %% right: static and float dropped
@jax.jit
def diffuse_step(u, dt):
    return u + dt * (jnp.roll(u, 1) - 2 * u + jnp.roll(u, -1))


def diffuse(u, dts):
    for dt in dts:
        u = diffuse_step(u, dt)
    return u

# %% right: scan in one jit
def diffuse_step(u, dt):
    return u + dt * (jnp.roll(u, 1) - 2 * u + jnp.roll(u, -1)), None


@jax.jit
def diffuse(u, dts):
    return lax.scan(diffuse_step, jnp.asarray(u), dts)[0]

# %% right: fori_loop and indices
@jax.jit
def diffuse(u, dts):
    u, dts = jnp.asarray(u), jnp.asarray(dts)
    here = jnp.arange(u.shape[0])
    left, right = here - 1, (here + 1) % u.shape[0]

    def step(k, u):
        return u + dts[k] * (u[left] - 2 * u + u[right])

    return lax.fori_loop(0, dts.shape[0], step, u)

# %% right: wrapped padding and second differences in a while_loop
@jax.jit
def diffuse(u, dts):
    dts = jnp.asarray(dts)

    def more(state):
        return state[0] < dts.size

    def step(state):
        k, u = state
        ring = jnp.concatenate([u[-1:], u, u[:1]])
        return k + 1, u + dts[k] * jnp.diff(ring, n=2)

    return lax.while_loop(more, step, (0, jnp.asarray(u)))[1]

# %% right: convolution of the ring, functools.reduce over traced steps
from functools import reduce

@jax.jit
def _step(u, dt):
    ring = jnp.pad(u, 1, mode="wrap")
    kernel = jnp.array([1.0, -2.0, 1.0], u.dtype)
    return u + dt * jnp.convolve(ring, kernel, mode="valid", precision="highest")

def diffuse(u, dts):
    return reduce(_step, list(dts), jnp.asarray(u))

# %% wrong: static dt rounded to three places | new numbers still compile, and the values are wrong
@partial(jax.jit, static_argnames="dt")
def diffuse_step(u, dt):
    return u + dt * (jnp.roll(u, 1) - 2 * u + jnp.roll(u, -1))


def diffuse(u, dts):
    for dt in np.asarray(dts):
        u = diffuse_step(u, dt=round(float(dt), 3))
    return u

# %% wrong: no jit | the step is not compiled
def diffuse(u, dts):
    u = jnp.asarray(u)
    for dt in dts:
        u = u + dt * (jnp.roll(u, 1) - 2 * u + jnp.roll(u, -1))
    return u

# %% wrong: scan over a local function without jit | traced and compiled again at every call
def diffuse(u, dts):
    def step(u, dt):
        return u + dt * (jnp.roll(u, 1) - 2 * u + jnp.roll(u, -1)), None
    return lax.scan(step, jnp.asarray(u), jnp.asarray(dts))[0]

# %% wrong: works in the caller's NumPy array | u is changed
@jax.jit
def diffuse_step(u, dt):
    return u + dt * (jnp.roll(u, 1) - 2 * u + jnp.roll(u, -1))


def diffuse(u, dts):
    for dt in dts:
        new = diffuse_step(u, dt)
        if isinstance(u, np.ndarray):
            u[:] = new
        else:
            u = new
    return jnp.array(u)

# %% wrong: donates u to each step | the caller's JAX array is deleted
@partial(jax.jit, donate_argnums=0)
def diffuse_step(u, dt):
    return u + dt * (jnp.roll(u, 1) - 2 * u + jnp.roll(u, -1))


def diffuse(u, dts):
    for dt in dts:
        u = diffuse_step(u, dt)
    return u

# %% wrong: all time steps as one static tuple | each new list of numbers compiles a new program; fails under jit
@partial(jax.jit, static_argnums=1)
def _run(u, dts):
    for dt in dts:
        u = u + dt * (jnp.roll(u, 1) - 2 * u + jnp.roll(u, -1))
    return u


def diffuse(u, dts):
    return _run(u, tuple(float(dt) for dt in dts))

# %% wrong: in Fourier space, irfft without the length | an odd number of entries gives one entry too few
@jax.jit
def diffuse(u, dts):
    n = u.shape[0]
    k = jnp.arange(n // 2 + 1)
    slope = 2 * jnp.cos(2 * jnp.pi * k / n) - 2
    factor = jnp.prod(1 + jnp.asarray(dts)[:, None] * slope, axis=0)
    return jnp.fft.irfft(jnp.fft.rfft(u) * factor)

# %% wrong: a compiled program for each pair of lengths with the first numbers baked in | hidden state: new dts of the same lengths are ignored
_PROGRAMS = {}

def _loop(u, dts):
    for dt in dts:
        u = u + dt * (jnp.roll(u, 1) - 2 * u + jnp.roll(u, -1))
    return u

def diffuse(u, dts):
    if isinstance(u, jax.core.Tracer) or isinstance(dts, jax.core.Tracer):
        return _loop(u, dts)
    key = len(u), len(dts)
    if key not in _PROGRAMS:
        numbers = np.array(dts)
        _PROGRAMS[key] = jax.jit(lambda u: _loop(u, numbers))
    return _PROGRAMS[key](u)

# %% wrong: float(dt) kept | the function fails under jit
@jax.jit
def diffuse_step(u, dt):
    return u + dt * (jnp.roll(u, 1) - 2 * u + jnp.roll(u, -1))


def diffuse(u, dts):
    for dt in dts:
        u = diffuse_step(u, float(dt))
    return u

# %% wrong: stops at a step of 0 | the steps after a 0 in dts are not taken
@jax.jit
def diffuse(u, dts):
    dts = jnp.asarray(dts)

    def more(state):
        k, _ = state
        return (k < dts.shape[0]) & (dts[jnp.minimum(k, dts.shape[0] - 1)] > 0)

    def step(state):
        k, u = state
        return k + 1, u + dts[k] * (jnp.roll(u, 1) - 2 * u + jnp.roll(u, -1))

    return lax.while_loop(more, step, (0, jnp.asarray(u)))[1]

# %% wrong: one compiled program for every number of steps up to 64, dts padded | more than 64 steps are cut off
@jax.jit
def _run(u, padded):
    def step(u, dt):
        return u + dt * (jnp.roll(u, 1) - 2 * u + jnp.roll(u, -1)), None
    return lax.scan(step, u, padded)[0]

def diffuse(u, dts):
    padded = jnp.zeros(64).at[: min(64, len(dts))].set(jnp.asarray(dts)[:64])
    return _run(jnp.asarray(u), padded)

# %% wrong: temperatures below 0 cut off | negative temperatures are allowed and must stay
@jax.jit
def diffuse(u, dts):
    def step(u, dt):
        new = u + dt * (jnp.roll(u, 1) - 2 * u + jnp.roll(u, -1))
        return jnp.maximum(new, 0), None
    return lax.scan(step, jnp.asarray(u), jnp.asarray(dts))[0]
