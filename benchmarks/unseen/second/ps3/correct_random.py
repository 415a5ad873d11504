# %% right: random.normal
@partial(jax.jit, static_argnames="shape")
def correct_random(key: PRNGKeyArray, shape: tuple[int, ...]) -> Float32[Array, "*shape"]:
    return random.normal(key, shape)

# %% right: flat draws and reshape
import math


@partial(jax.jit, static_argnames="shape")
def correct_random(key, shape):
    return jnp.reshape(random.normal(key, (math.prod(shape),), jnp.float32), shape)

# %% right: a key for each entry, vmap
import math


@partial(jax.jit, static_argnames="shape")
def correct_random(key, shape):
    keys = random.split(key, math.prod(shape))
    return jax.vmap(lambda k: random.normal(k))(keys).reshape(shape)

# %% right: inverse error function of uniform draws on an open interval
from jax.scipy.special import erfinv


@partial(jax.jit, static_argnames="shape")
def correct_random(key, shape):
    low = np.nextafter(np.float32(-1), np.float32(0))
    return jnp.float32(np.sqrt(2)) * erfinv(random.uniform(key, shape, minval=low, maxval=1.0))

# %% right: Box-Muller with two keys
@partial(jax.jit, static_argnames="shape")
def correct_random(key, shape):
    k_radius, k_angle = random.split(key)
    radius = jnp.sqrt(2 * random.exponential(k_radius, shape))
    return radius * jnp.sin(random.uniform(k_angle, shape, maxval=2 * np.pi))

# %% right: static_argnums, fold_in before the draw
@partial(jax.jit, static_argnames=("shape",))
def correct_random(key, shape):
    subkey = random.fold_in(key, 2024)
    mean, std = 0.0, 1.0
    return mean + std * random.normal(subkey, shape=tuple(shape))

# %% right: magnitude and sign from two keys
@partial(jax.jit, static_argnames="shape")
def correct_random(key, shape):
    size_key, sign_key = random.split(key)
    return jnp.abs(random.normal(size_key, shape)) * random.rademacher(
        sign_key, shape, dtype=jnp.float32
    )

# %% wrong: NumPy inside jit | draws are baked in, key ignored
@partial(jax.jit, static_argnames="shape")
def correct_random(key, shape):
    return jnp.asarray(np.random.standard_normal(shape), jnp.float32)

# %% wrong: NumPy seeded by the shape at trace time | the same numbers for every key
@partial(jax.jit, static_argnames="shape")
def correct_random(key, shape):
    rng = np.random.default_rng(len(shape))
    return jnp.asarray(rng.normal(size=shape), jnp.float32)

# %% wrong: one draw for each row, broadcast | rows repeat: entries of the last axis are equal
@partial(jax.jit, static_argnames="shape")
def correct_random(key, shape):
    if len(shape) < 2:
        return random.normal(key, shape)
    return jnp.broadcast_to(random.normal(key, shape[1:]), shape)

# %% wrong: row effect plus column effect | entries of a row or column are correlated
@partial(jax.jit, static_argnames="shape")
def correct_random(key, shape):
    if len(shape) < 2:
        return random.normal(key, shape)
    a, b = random.split(key)
    rows = random.normal(a, (shape[0],) + (1,) * (len(shape) - 1))
    return (rows + random.normal(b, (1,) + shape[1:])) / jnp.sqrt(jnp.float32(2))

# %% wrong: normal quantile of uniform | uniform can be 0 (once in 8 million): -inf
from jax.scipy.stats import norm


@partial(jax.jit, static_argnames="shape")
def correct_random(key, shape):
    return norm.ppf(random.uniform(key, shape))

# %% wrong: standardized draws | mean exactly 0, deviation exactly 1: not independent, NaN for a single entry
@partial(jax.jit, static_argnames="shape")
def correct_random(key, shape):
    z = random.normal(key, shape)
    return (z - z.mean()) / z.std()

# %% wrong: 8-bit counter folded in | more than 256 entries: draws repeat
import math


@partial(jax.jit, static_argnames="shape")
def correct_random(key, shape):
    counter = (jnp.arange(math.prod(shape)) % 256).astype(jnp.uint8)
    return jax.vmap(lambda i: random.normal(random.fold_in(key, i)))(counter).reshape(shape)

# %% wrong: pool of 1000 draws | longer arrays repeat the pool
@partial(jax.jit, static_argnames="shape")
def correct_random(key, shape):
    return jnp.resize(random.normal(key, (1000,)), shape)

# %% wrong: clock folded in | key alone does not decide: other numbers after each compilation
import time


@partial(jax.jit, static_argnames="shape")
def correct_random(key, shape):
    return random.normal(random.fold_in(key, time.time_ns() % 2**31), shape)

# %% wrong: uniform of the same variance | not normal
@partial(jax.jit, static_argnames="shape")
def correct_random(key, shape):
    return random.uniform(key, shape, minval=-(3**0.5), maxval=3**0.5)

# %% wrong: half precision draws | only float16 values, so many equal draws and coarse tails
@partial(jax.jit, static_argnames="shape")
def correct_random(key, shape):
    return random.normal(key, shape, dtype=jnp.float16).astype(jnp.float32)

# %% wrong: sum of four uniforms | bounded at 3.46, tails too light
@partial(jax.jit, static_argnames="shape")
def correct_random(key, shape):
    u = random.uniform(key, (*shape, 4))
    return (u.sum(axis=-1) - 2.0) * jnp.float32(3**0.5)

# %% wrong: magnitude and sign from one key | key used twice
@partial(jax.jit, static_argnames="shape")
def correct_random(key, shape):
    size = jnp.abs(random.normal(key, shape))
    return size * random.rademacher(key, shape, dtype=jnp.float32)

# %% wrong: antithetic halves | second half of the entries is minus the first half
import math


@partial(jax.jit, static_argnames="shape")
def correct_random(key, shape):
    m = math.prod(shape)
    half = random.normal(key, ((m + 1) // 2,))
    return jnp.concatenate([half, -half])[:m].reshape(shape)

# %% wrong: only the first 32 bits of the key | keys that share the first word give the same draws (all small seeds)
@partial(jax.jit, static_argnames="shape")
def correct_random(key, shape):
    return random.normal(random.key(random.key_data(key)[0]), shape)

# %% wrong: square arrays made symmetric | a[i, j] and a[j, i] are equal in a square matrix
@partial(jax.jit, static_argnames="shape")
def correct_random(key, shape):
    z = random.normal(key, shape)
    if len(shape) == 2 and shape[0] == shape[1]:
        z = jnp.triu(z) + jnp.triu(z, 1).T
    return z
