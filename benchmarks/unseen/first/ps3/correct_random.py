# %% right: one line
@partial(jax.jit, static_argnames="shape")
def correct_random(key, shape):
    return random.normal(key, shape)

# %% right: static by number, dtype explicit
@partial(jax.jit, static_argnums=(1,))
def correct_random(key, shape):
    return random.normal(key, shape=shape, dtype=jnp.float32)

# %% right: jit by hand under another name
def _filled(key, shape):
    return random.normal(random.split(key)[1], shape)

correct_random = jax.jit(_filled, static_argnames=("shape",))

# %% right: a key for each entry, vmap, reshape
import math

@partial(jax.jit, static_argnames="shape")
def correct_random(key, shape):
    keys = random.split(key, math.prod(shape))
    return jax.vmap(random.normal)(keys).reshape(shape)

# %% right: Box and Muller
@partial(jax.jit, static_argnames="shape")
def correct_random(key, shape):
    a, b = random.split(key)
    r = jnp.sqrt(-2 * jnp.log1p(-random.uniform(a, shape)))
    return r * jnp.cos(2 * jnp.pi * random.uniform(b, shape))

# %% right: inverse distribution function
from jax.scipy.stats import norm

@partial(jax.jit, static_argnames="shape")
def correct_random(key, shape):
    tiny = jnp.finfo(jnp.float32).tiny
    return norm.ppf(random.uniform(key, shape, minval=tiny, maxval=1.0))

# %% right: nested keys, one split per axis, recursion
def _nested(key, shape):
    if not shape:
        return random.normal(key)
    keys = random.split(key, shape[0])
    return jax.vmap(lambda k: _nested(k, shape[1:]))(keys)

@partial(jax.jit, static_argnames="shape")
def correct_random(key, shape):
    return _nested(key, shape)

# %% right: fold_in of the number of each entry
@partial(jax.jit, static_argnames="shape")
def correct_random(key, shape):
    n = int(np.prod(shape, dtype=np.int64))
    number = jnp.arange(n).reshape(shape)
    f = lambda i: random.normal(random.fold_in(key, i))
    return jax.vmap(f)(number.ravel()).reshape(shape)

# %% right: decorator written by hand that makes all but the key static
def _compiled(f):
    return jax.jit(f, static_argnums=1)

@_compiled
def correct_random(key: PRNGKeyArray, shape: tuple[int, ...]):
    half = random.normal(key, (2, *shape))
    return (half[0] + half[1]) * jnp.float32(0.5**0.5)

# %% right: scan along the first axis with a chain of keys
@partial(jax.jit, static_argnames="shape")
def correct_random(key, shape):
    if shape == ():
        return random.normal(key)

    def step(k, _):
        k, sub = random.split(k)
        return k, random.normal(sub, shape[1:])

    return lax.scan(step, key, length=shape[0])[1]

# %% right: random magnitude and random sign
@partial(jax.jit, static_argnames="shape")
def correct_random(key, shape):
    k_sign, k_size = random.split(key)
    return random.rademacher(k_sign, shape, dtype=jnp.float32) * jnp.abs(random.normal(k_size, shape))

# %% right: flat draw of the next even number, cut and reshaped
from functools import reduce
import operator

@partial(jax.jit, static_argnames="shape")
def correct_random(key, shape):
    n = reduce(operator.mul, shape, 1)
    return lax.reshape(random.normal(key, (n + n % 2,))[:n], shape)

# %% wrong: NumPy draws during tracing | np.random draws once; key alone decides
@partial(jax.jit, static_argnames="shape")
def correct_random(key, shape):
    return jnp.asarray(np.random.randn(*shape), jnp.float32)

# %% wrong: the same row everywhere, by broadcasting | independent draws
@partial(jax.jit, static_argnames="shape")
def correct_random(key, shape):
    return jnp.broadcast_to(random.normal(key, shape[-1:]), shape)

# %% wrong: constant key inside | key alone decides them
@partial(jax.jit, static_argnames="shape")
def correct_random(key, shape):
    return random.normal(random.key(0), shape)

# %% wrong: legacy keys seeded anew from the first word, 0 for all small seeds | key alone decides them
@partial(jax.jit, static_argnames="shape")
def correct_random(key, shape):
    if key.dtype == jnp.uint32:
        key = random.PRNGKey(key[0])
    return random.normal(key, shape)

# %% wrong: truncated at three standard deviations | standard normal distribution
@partial(jax.jit, static_argnames="shape")
def correct_random(key, shape):
    return random.truncated_normal(key, -3.0, 3.0, shape)

# %% wrong: standardised afterwards so that mean and deviation are exactly 0 and 1 | independent draws
@partial(jax.jit, static_argnames="shape")
def correct_random(key, shape):
    z = random.normal(key, shape)
    return (z - z.mean()) / z.std() if z.size > 1 else z

# %% wrong: second half is minus the first half | independent draws
@partial(jax.jit, static_argnames="shape")
def correct_random(key, shape):
    n = int(np.prod(shape))
    half = random.normal(key, ((n + 1) // 2,))
    return jnp.concatenate([half, -half])[:n].reshape(shape)

# %% wrong: 8 random bits for each entry | standard normal distribution (only 256 values)
@partial(jax.jit, static_argnames="shape")
def correct_random(key, shape):
    u = (random.bits(key, shape, jnp.uint8).astype(jnp.float32) + 0.5) / 256
    return jax.scipy.special.ndtri(u)

# %% wrong: sum of a row effect and a column effect | a draw of its own for each entry
@partial(jax.jit, static_argnames="shape")
def correct_random(key, shape):
    if len(shape) < 2:
        return random.normal(key, shape)
    a, b = random.split(key)
    rows = random.normal(a, shape[:-1])[..., None]
    return (rows + random.normal(b, shape[-1:])) / jnp.sqrt(2.0)

# %% wrong: uniform with mean 0 and deviation 1 | standard normal distribution
@partial(jax.jit, static_argnames="shape")
def correct_random(key, shape):
    return jnp.sqrt(12.0) * (random.uniform(key, shape) - 0.5)

# %% wrong: every row draws with the same key in a scan | must not use a key twice
@partial(jax.jit, static_argnames="shape")
def correct_random(key, shape):
    if len(shape) < 2:
        return random.normal(key, shape)
    return lax.map(lambda i: random.normal(key, shape[1:]), jnp.arange(shape[0]))

# %% wrong: logistic distribution scaled to deviation 1 | standard normal distribution
@partial(jax.jit, static_argnames="shape")
def correct_random(key, shape):
    return random.logistic(key, shape) * jnp.float32(np.sqrt(3) / np.pi)

# %% wrong: a count of the traces is folded in | pure; key alone decides them
_traced = []

@partial(jax.jit, static_argnames="shape")
def correct_random(key, shape):
    _traced.append(shape)
    return random.normal(random.fold_in(key, len(_traced)), shape)

# %% wrong: half precision draws turned to float32 | float32 draws of the standard normal distribution
@partial(jax.jit, static_argnames="shape")
def correct_random(key, shape):
    return random.normal(key, shape, jnp.bfloat16).astype(jnp.float32)
