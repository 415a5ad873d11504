# %% right: the smallest change: an ordinary argument
@jax.jit
def diffuse_step(u, dt):
    return u + dt * (jnp.roll(u, 1) - 2 * u + jnp.roll(u, -1))


def diffuse(u, dts):
    for dt in dts:
        u = diffuse_step(u, dt)
    return u


# %% right: the whole jitted, with a Python loop
@jax.jit
def diffuse(u, dts):
    for i in range(len(dts)):
        u = u + dts[i] * (jnp.roll(u, 1) - 2 * u + jnp.roll(u, -1))
    return jnp.asarray(u)


# %% right: a fori_loop, and a convolution
@jax.jit
def diffuse(u, dts):
    dts = jnp.asarray(dts)

    def step(i, u):
        ring = jnp.concatenate([u[-1:], u, u[:1]])
        return u + dts[i] * jnp.convolve(ring, jnp.array([1.0, -2.0, 1.0]), "valid")

    return lax.fori_loop(0, dts.size, step, jnp.asarray(u))


# %% right: a scan at the top of the notebook, jitted
def one_step(u, dt):
    left, right = jnp.roll(u, 1), jnp.roll(u, -1)
    return (1 - 2 * dt) * u + dt * (left + right), None


run = jax.jit(lambda u, dts: lax.scan(one_step, u, dts))


def diffuse(u, dts):
    u, _ = run(jnp.asarray(u), jnp.asarray(dts))
    return u


# %% right: neighbours by index
@jax.jit
def diffuse(u, dts):
    u = jnp.asarray(u)
    i = jnp.arange(u.size)
    after, before = (i + 1) % u.size, (i - 1) % u.size
    return lax.scan(lambda u, dt: (u + dt * (u[before] - 2 * u + u[after]), ()), u, dts)[0]


# %% right: in frequencies, all steps at once
@jax.jit
def diffuse(u, dts):
    n = len(u)
    waves = 2 * jnp.cos(2 * jnp.pi * jnp.arange(n // 2 + 1) / n) - 2
    factors = jnp.prod(1 + jnp.asarray(dts)[:, None] * waves, axis=0)
    return jnp.fft.irfft(jnp.fft.rfft(u) * factors, n)


# %% wrong: the program as it was -> temperatures_are_right, new_time_steps_are_not_traced, is_pure
@partial(jax.jit, static_argnames="dt")
def diffuse_step(u, dt):
    return u + dt * (jnp.roll(u, 1) - 2 * u + jnp.roll(u, -1))


def diffuse(u, dts):
    for dt in dts:
        u = diffuse_step(u, dt=float(dt))
    return u


# %% wrong: half mended: no longer static, but float() of a stand-in -> temperatures_are_right, is_pure
@jax.jit
def diffuse_step(u, dt):
    return u + dt * (jnp.roll(u, 1) - 2 * u + jnp.roll(u, -1))


def diffuse(u, dts):
    for dt in dts:
        u = diffuse_step(u, float(dt))
    return u


# %% wrong: half mended: jit dropped -> new_time_steps_are_not_traced
def diffuse(u, dts):
    u = jnp.asarray(u)
    for dt in dts:
        u = u + dt * (jnp.roll(u, 1) - 2 * u + jnp.roll(u, -1))
    return u


# %% wrong: half mended: jit of a new function in each step -> new_time_steps_are_not_traced
def diffuse(u, dts):
    for dt in dts:
        u = jax.jit(lambda u, dt: u + dt * (jnp.roll(u, 1) - 2 * u + jnp.roll(u, -1)))(u, dt)
    return u


# %% wrong: half mended: jit of the whole, made at each call -> new_time_steps_are_not_traced
def diffuse(u, dts):
    @jax.jit
    def run(u, dts):
        for dt in dts:
            u = u + dt * (jnp.roll(u, 1) - 2 * u + jnp.roll(u, -1))
        return u

    return run(u, dts)


# %% wrong: half mended: a scan whose step is made at each call, eager -> new_time_steps_are_not_traced
def diffuse(u, dts):
    def step(u, dt):
        return u + dt * (jnp.roll(u, 1) - 2 * u + jnp.roll(u, -1)), None

    return lax.scan(step, jnp.asarray(u), jnp.asarray(dts))[0]


# %% wrong: half mended: all of dts is static -> temperatures_are_right, new_time_steps_are_not_traced, is_pure
@partial(jax.jit, static_argnames="dts")
def run(u, dts):
    for dt in dts:
        u = u + dt * (jnp.roll(u, 1) - 2 * u + jnp.roll(u, -1))
    return u


def diffuse(u, dts):
    return run(u, tuple(map(float, dts)))


# %% wrong: masks the symptom: a program kept for each time step -> temperatures_are_right, new_time_steps_are_not_traced, is_pure
programs = {}


def diffuse(u, dts):
    for dt in map(float, dts):
        if dt not in programs:
            programs[dt] = jax.jit(lambda u, dt=dt: u + dt * (jnp.roll(u, 1) - 2 * u + jnp.roll(u, -1)))
        u = programs[dt](u)
    return u


# %% wrong: masks the symptom: time steps rounded, so that few differ -> temperatures_are_right, new_time_steps_are_not_traced, is_pure
@partial(jax.jit, static_argnames="dt")
def diffuse_step(u, dt):
    return u + dt * (jnp.roll(u, 1) - 2 * u + jnp.roll(u, -1))


def diffuse(u, dts):
    for dt in np.asarray(dts):
        u = diffuse_step(u, dt=round(float(dt), 1))
    return u


# %% wrong: masks the symptom: the mean time step for all -> temperatures_are_right, new_time_steps_are_not_traced
@jax.jit
def diffuse(u, dts):
    dt = jnp.mean(dts)
    return lax.fori_loop(
        0, len(dts), lambda i, u: u + dt * (jnp.roll(u, 1) - 2 * u + jnp.roll(u, -1)), jnp.asarray(u)
    )


# %% wrong: masks the symptom: dts read from where the first call left them -> temperatures_are_right, new_time_steps_are_not_traced, is_pure
kept = {}


@jax.jit
def run(u):
    for dt in kept["dts"]:
        u = u + dt * (jnp.roll(u, 1) - 2 * u + jnp.roll(u, -1))
    return u


def diffuse(u, dts):
    kept["dts"] = np.asarray(dts)
    return run(u)


# %% wrong: NumPy in the step -> temperatures_are_right, is_pure
def diffuse(u, dts):
    u = np.asarray(u)
    for dt in np.asarray(dts):
        u = u + dt * (np.roll(u, 1) - 2 * u + np.roll(u, -1))
    return jnp.asarray(u)


# %% wrong: the ends are not neighbours -> temperatures_are_right, new_time_steps_are_not_traced
@jax.jit
def diffuse(u, dts):
    def step(u, dt):
        ring = jnp.pad(u, 1, mode="edge")
        return u + dt * (ring[:-2] - 2 * u + ring[2:]), None

    return lax.scan(step, jnp.asarray(u), jnp.asarray(dts))[0]


# %% wrong: writes into u -> is_pure
@jax.jit
def run(u, dts):
    for dt in dts:
        u = u + dt * (jnp.roll(u, 1) - 2 * u + jnp.roll(u, -1))
    return u


def diffuse(u, dts):
    new = run(u, dts)
    if isinstance(u, np.ndarray):
        u[:] = new
        return jnp.array(u)
    return new


# %% wrong: all temperatures on the way -> temperatures_are_right, new_time_steps_are_not_traced
@jax.jit
def diffuse(u, dts):
    def step(u, dt):
        u = u + dt * (jnp.roll(u, 1) - 2 * u + jnp.roll(u, -1))
        return u, u

    return lax.scan(step, jnp.asarray(u), jnp.asarray(dts))[1]


# %% wrong: up to 64 steps, padded -> temperatures_are_right
@jax.jit
def _run(u, padded):
    def step(u, dt):
        return u + dt * (jnp.roll(u, 1) - 2 * u + jnp.roll(u, -1)), None
    return lax.scan(step, u, padded)[0]

def diffuse(u, dts):
    padded = jnp.zeros(64).at[: min(64, len(dts))].set(jnp.asarray(dts)[:64])
    return _run(jnp.asarray(u), padded)


# %% wrong: stops at a step of 0 -> temperatures_are_right, new_time_steps_are_not_traced
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


# %% wrong: keeps the sum as it was, by a division by it -> temperatures_are_right
@jax.jit
def diffuse(u, dts):
    def step(u, dt):
        new = u + dt * (jnp.roll(u, 1) - 2 * u + jnp.roll(u, -1))
        return new * (u.sum() / new.sum()), None

    return lax.scan(step, jnp.asarray(u), dts)[0]
