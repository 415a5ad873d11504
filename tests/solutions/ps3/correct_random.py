# %% right: normal of the given shape
@partial(jax.jit, static_argnames="shape")
def correct_random(key, shape):
    return random.normal(key, shape=shape)


# %% right: not decorated, still fit for jit
def correct_random(key, shape):
    return jax.random.normal(key, tuple(shape))


# %% right: by the inverse of the normal distribution
@partial(jax.jit, static_argnums=(1,))
def correct_random(key, shape):
    u = random.uniform(key, shape, minval=1e-7, maxval=1.0)
    return jax.scipy.special.ndtri(u).astype(jnp.float32)


# %% right: a key for each entry
@partial(jax.jit, static_argnames=["shape"])
def correct_random(key, shape):
    size = np.prod(shape, dtype=int)
    return jax.vmap(random.normal)(random.split(key, size)).reshape(shape)


# %% wrong: np.random, baked in while tracing -> is_pure, the_key_decides
@partial(jax.jit, static_argnames="shape")
def correct_random(key, shape):
    return jnp.asarray(np.random.standard_normal(shape), jnp.float32)


# %% wrong: np.random without jit -> is_pure, the_key_decides
def correct_random(key, shape):
    return jnp.asarray(np.random.standard_normal(shape), jnp.float32)


# %% wrong: ignores the key -> the_key_decides
@partial(jax.jit, static_argnames="shape")
def correct_random(key, shape):
    return random.normal(random.key(42), shape)


# %% wrong: a new NumPy generator with a fixed seed -> the_key_decides
@partial(jax.jit, static_argnames="shape")
def correct_random(key, shape):
    rng = np.random.default_rng(0)
    return jnp.asarray(rng.normal(size=shape), jnp.float32)


# %% wrong: a new NumPy generator without a seed -> is_pure, the_key_decides
def correct_random(key, shape):
    rng = np.random.default_rng()
    return jnp.asarray(rng.normal(size=shape), jnp.float32)


# %% wrong: a global key that is split at each call -> is_pure, the_key_decides
_global_key = random.key(1)


def correct_random(key, shape):
    global _global_key
    _global_key, subkey = random.split(_global_key)
    return random.normal(subkey, shape)


# %% wrong: a NumPy seed made from the key -> has_the_asked_shape, draws_are_standard_normal
@partial(jax.jit, static_argnames="shape")
def correct_random(key, shape):
    np.random.seed(int(random.bits(key)))
    return jnp.asarray(np.random.randn(*shape), jnp.float32)


# %% wrong: shape is traced -> has_the_asked_shape, draws_are_standard_normal
@jax.jit
def correct_random(key, shape):
    return random.normal(key, shape)


# %% wrong: uniform draws -> draws_are_standard_normal
@partial(jax.jit, static_argnames="shape")
def correct_random(key, shape):
    return random.uniform(key, shape, minval=-1, maxval=1)


# %% wrong: half of the entries are mirrored -> draws_are_standard_normal, the_key_decides
import math


@partial(jax.jit, static_argnames="shape")
def correct_random(key, shape):
    n = math.prod(shape)
    half = random.normal(key, ((n + 1) // 2,))
    return jnp.concatenate([half, -half])[:n].reshape(shape)


# %% wrong: always five entries -> has_the_asked_shape, draws_are_standard_normal
@partial(jax.jit, static_argnames="shape")
def correct_random(key, shape):
    return random.normal(key, (5,))


# %% wrong: one draw for all entries -> draws_are_standard_normal
@partial(jax.jit, static_argnames="shape")
def correct_random(key, shape):
    return jnp.full(shape, random.normal(key))


# %% right: Box and Muller
@partial(jax.jit, static_argnames="shape")
def correct_random(key, shape):
    a, b = random.split(key)
    radius = jnp.sqrt(-2 * jnp.log1p(-random.uniform(a, shape)))
    return radius * jnp.cos(2 * jnp.pi * random.uniform(b, shape))


# %% wrong: sums of neighbouring draws -> draws_are_standard_normal
@partial(jax.jit, static_argnames="shape")
def correct_random(key, shape):
    draws = random.normal(key, (int(np.prod(shape, dtype=int)) + 1,))
    return ((draws[1:] + draws[:-1]) / jnp.sqrt(2.0)).reshape(shape)


# %% wrong: rows drawn from one another -> draws_are_standard_normal
@partial(jax.jit, static_argnames="shape")
def correct_random(key, shape):
    a, b = random.split(key)
    shared = random.normal(a, shape[-1:])
    return 0.6 * shared + 0.8 * random.normal(b, shape)


# %% wrong: sizes of each row shared, signs drawn -> draws_are_standard_normal
@partial(jax.jit, static_argnames="shape")
def correct_random(key, shape):
    a, b = random.split(key)
    sizes = jnp.abs(random.normal(a, shape[-1:]))
    return sizes * random.rademacher(b, shape, jnp.float32)


# %% wrong: sizes in order, signs drawn -> draws_are_standard_normal
@partial(jax.jit, static_argnames="shape")
def correct_random(key, shape):
    a, b = random.split(key)
    sizes = jnp.sort(jnp.abs(random.normal(a, shape)).ravel()).reshape(shape)
    return sizes * random.rademacher(b, shape, jnp.float32)


# %% wrong: twelve uniform draws, added up -> draws_are_standard_normal
@partial(jax.jit, static_argnames="shape")
def correct_random(key, shape):
    return random.uniform(key, (12, *shape)).sum(axis=0) - 6


# %% wrong: cut off at three -> draws_are_standard_normal
@partial(jax.jit, static_argnames="shape")
def correct_random(key, shape):
    return random.truncated_normal(key, -3, 3, shape)


# %% wrong: rounded to three places -> draws_are_standard_normal
@partial(jax.jit, static_argnames="shape")
def correct_random(key, shape):
    return jnp.round(random.normal(key, shape), 3)


# %% wrong: half precision -> draws_are_standard_normal, the_key_decides
@partial(jax.jit, static_argnames="shape")
def correct_random(key, shape):
    return random.normal(key, shape, jnp.float16).astype(jnp.float32)


# %% wrong: the key made a seed below a thousand -> the_key_decides
@partial(jax.jit, static_argnames="shape")
def correct_random(key, shape):
    return random.normal(random.key(random.randint(key, (), 0, 1000)), shape)


# %% wrong: the key alters the first entry only -> the_key_decides
@partial(jax.jit, static_argnames="shape")
def correct_random(key, shape):
    draws = random.normal(random.key(0), shape)
    return draws.at[(0,) * len(shape)].set(random.normal(key))


# %% wrong: the key shifts fixed draws -> the_key_decides
@partial(jax.jit, static_argnames="shape")
def correct_random(key, shape):
    n = int(np.prod(shape, dtype=int))
    draws = random.normal(random.key(0), (n,))
    return jnp.roll(draws, random.randint(key, (), 0, n)).reshape(shape)


# %% wrong: axes of length one lost -> has_the_asked_shape
@partial(jax.jit, static_argnames="shape")
def correct_random(key, shape):
    return jnp.squeeze(random.normal(key, shape))


# %% right: a helper of another name, compiled
def _filled(key, shape):
    return random.normal(key, shape)


correct_random = jax.jit(_filled, static_argnames="shape")


# %% wrong: a helper of another name, compiled, with a fixed key -> the_key_decides
def _filled(key, shape):
    return random.normal(random.key(0), shape)


correct_random = jax.jit(_filled, static_argnames="shape")


# %% wrong: scaled to a mean of 0 and a deviation of 1 -> the_key_decides
@partial(jax.jit, static_argnames="shape")
def correct_random(key, shape):
    z = random.normal(key, shape)
    return (z - z.mean()) / z.std() if z.size > 1 else z


# %% wrong: the quantile of a uniform draw that may be 0 -> draws_are_standard_normal
@partial(jax.jit, static_argnames="shape")
def correct_random(key, shape):
    return jax.scipy.special.ndtri(random.uniform(key, shape))


# %% wrong: the logarithm of a uniform draw that may be 0 -> draws_are_standard_normal
@partial(jax.jit, static_argnames="shape")
def correct_random(key, shape):
    a, b = random.split(key)
    radius = jnp.sqrt(-2 * jnp.log(random.uniform(a, shape)))
    return radius * jnp.cos(2 * jnp.pi * random.uniform(b, shape))


# %% wrong: square arrays are symmetric -> draws_are_standard_normal
@partial(jax.jit, static_argnames="shape")
def correct_random(key, shape):
    draws = random.normal(key, shape)
    square = len(shape) == 2 and shape[0] == shape[1]
    return jnp.triu(draws) + jnp.triu(draws, 1).T if square else draws
