# %% right: one line
@partial(jax.jit, static_argnames="shape")
def correct_random(key: PRNGKeyArray, shape: tuple[int, ...]) -> Float32[Array, "*shape"]:
    """Return an array of independent draws from the standard normal distribution."""
    return random.normal(key, shape)

# %% right: inverse of the error function on open uniform draws
@partial(jax.jit, static_argnums=1)
def correct_random(key, shape):
    """Return an array of independent draws from the standard normal distribution."""
    above_minus_one = np.nextafter(np.float32(-1), np.float32(0))
    u = random.uniform(key, shape, jnp.float32, minval=above_minus_one, maxval=1.0)
    return np.float32(np.sqrt(2)) * lax.erf_inv(u)

# %% right: functional, a key for every entry
import math


@partial(jax.jit, static_argnames="shape")
def correct_random(key, shape):
    """Return an array of independent draws from the standard normal distribution."""
    keys = random.split(key, math.prod(shape))
    return jax.vmap(random.normal)(keys).reshape(shape)

# %% right: physicist, Box-Muller with one key for radii and one for angles
@partial(jax.jit, static_argnames=("shape",))
def correct_random(key, shape):
    """Return an array of independent draws from the standard normal distribution."""
    for_energy, for_phase = random.split(key)
    energy = random.exponential(for_energy, shape)
    phase = random.uniform(for_phase, shape, minval=-jnp.pi, maxval=jnp.pi)
    return jnp.sqrt(2.0 * energy) * jnp.cos(phase)

# %% wrong: NumPy's generator baked in | key is ignored, the numbers are constants of the compiled program
@partial(jax.jit, static_argnames="shape")
def correct_random(key, shape):
    return jnp.asarray(np.random.randn(*shape), dtype=jnp.float32)

# %% wrong: uniform with mean 0 and variance 1 | not normal, nothing beyond 1.73
@partial(jax.jit, static_argnames="shape")
def correct_random(key, shape):
    return random.uniform(key, shape, minval=-(3.0**0.5), maxval=3.0**0.5)

# %% wrong: last axis drawn, then broadcast | all rows are copies of each other, entries not independent
@partial(jax.jit, static_argnames="shape")
def correct_random(key, shape):
    row = random.normal(key, shape[-1:])
    return jnp.broadcast_to(row, shape)

# %% wrong: standardised to mean 0 and deviation 1 exactly | entries depend on each other, one entry is always 0
@partial(jax.jit, static_argnames="shape")
def correct_random(key, shape):
    z = random.normal(key, shape)
    return (z - z.mean()) / (z.std() + 1e-8)

# %% wrong: drawn in half precision, then converted | only about a thousand different values and no tails beyond about 3.5
@partial(jax.jit, static_argnames="shape")
def correct_random(key, shape):
    return random.normal(key, shape, dtype=jnp.float16).astype(jnp.float32)

# %% wrong: table of 4,096 draws repeated | arrays of more than 4,096 entries repeat themselves, not independent
@partial(jax.jit, static_argnames="shape")
def correct_random(key, shape):
    table = random.normal(key, (4096,))
    return jnp.resize(table, shape)

# %% wrong: Box-Muller with one key for radius and angle | key used twice, radius and angle dependent, so the draws are not normal
@partial(jax.jit, static_argnames="shape")
def correct_random(key, shape):
    radius = jnp.sqrt(2.0 * random.exponential(key, shape))
    angle = 2.0 * jnp.pi * random.uniform(key, shape)
    return radius * jnp.cos(angle)

# %% wrong: new key from the first word of the key's data | that word is 0 for every random.key(small seed), so all of them give the same draws
@partial(jax.jit, static_argnames="shape")
def correct_random(key, shape):
    words = random.key_data(key)
    fresh = random.key(words[0])
    return random.normal(fresh, shape)
