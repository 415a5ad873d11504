# %% right: two subkeys unpacked
def two_draws(key):
    a, b = random.split(key)
    return random.normal(a), random.normal(b)


# %% right: one array of two draws
def two_draws(key):
    x, y = random.normal(key, (2,))
    return x, y


# %% right: fold_in with two numbers
def _draw(key, i):
    return random.normal(random.fold_in(key, i), ())


def two_draws(key):
    return _draw(key, 0), _draw(key, 1)


# %% right: chain of splits
def two_draws(key):
    draws = []
    for _ in range(2):
        key, subkey = jax.random.split(key)
        draws.append(jax.random.normal(subkey))
    return tuple(draws)


# %% right: vmap over the subkeys
@jax.jit
def two_draws(key):
    return tuple(jax.vmap(random.normal)(random.split(key, num=2)))


# %% wrong: the same key twice -> draws_are_reproducible_and_independent
def two_draws(key):
    return random.normal(key), random.normal(key)


# %% wrong: draws from the key and splits it afterwards -> draws_are_reproducible_and_independent
def two_draws(key):
    first = random.normal(key)
    key, subkey = random.split(key)
    return first, random.normal(subkey)


# %% wrong: draws from the key and folds it afterwards -> draws_are_reproducible_and_independent
draw = partial(random.normal, shape=())


def two_draws(key):
    return draw(key), draw(random.fold_in(key, 1))


# %% wrong: the second draw is the mirrored first -> draws_are_reproducible_and_independent
def two_draws(key):
    first = random.normal(key)
    return first, -first


# %% wrong: np.random -> each_draw_is_standard_normal, is_pure, draws_are_reproducible_and_independent
def two_draws(key):
    a, b = np.random.randn(2)
    return jnp.float32(a), jnp.float32(b)


# %% wrong: reseeds np.random from the key -> each_draw_is_standard_normal, is_pure
def two_draws(key):
    np.random.seed(int(random.bits(key)))
    return jnp.float32(np.random.randn()), jnp.float32(np.random.randn())


# %% wrong: ignores the key -> each_draw_is_standard_normal, draws_are_reproducible_and_independent
def two_draws(key):
    a, b = random.split(random.key(0))
    return random.normal(a), random.normal(b)


# %% wrong: returns an array -> returns_two_scalars, each_draw_is_standard_normal
def two_draws(key):
    return random.normal(key, (2,))


# %% wrong: uniform draws -> each_draw_is_standard_normal
def two_draws(key):
    a, b = random.split(key)
    return random.uniform(a), random.uniform(b)


# %% wrong: Python floats -> returns_two_scalars, each_draw_is_standard_normal, is_pure
def two_draws(key):
    a, b = random.split(key)
    return float(random.normal(a)), float(random.normal(b))


# %% right: Box and Muller
def two_draws(key):
    a, b = random.split(key)
    radius = jnp.sqrt(-2 * jnp.log1p(-random.uniform(a)))
    angle = 2 * jnp.pi * random.uniform(b)
    return radius * jnp.cos(angle), radius * jnp.sin(angle)


# %% right: sum and difference of two draws
def two_draws(key):
    a, b = random.normal(key, (2,)) / jnp.sqrt(2.0)
    return a + b, a - b


# %% wrong: uncorrelated, but of one size -> draws_are_reproducible_and_independent
def two_draws(key):
    a, b = random.split(key)
    first = random.normal(a)
    return first, first * random.rademacher(b, (), jnp.float32)


# %% wrong: the second draw has the sign of the first -> draws_are_reproducible_and_independent
def two_draws(key):
    a, b = random.split(key)
    first = random.normal(a)
    return first, jnp.abs(random.normal(b)) * jnp.sign(first)


# %% wrong: the two are correlated -> draws_are_reproducible_and_independent
def two_draws(key):
    a, b = random.split(key)
    first = random.normal(a)
    return first, 0.1 * first + jnp.sqrt(0.99) * random.normal(b)


# %% wrong: twelve uniform draws, added up -> each_draw_is_standard_normal
def two_draws(key):
    a, b = random.uniform(key, (2, 12)).sum(axis=1) - 6
    return a, b


# %% wrong: cut off at three -> each_draw_is_standard_normal
def two_draws(key):
    a, b = random.truncated_normal(key, -3, 3, (2,))
    return a, b


# %% wrong: rounded to two places -> each_draw_is_standard_normal
def two_draws(key):
    a, b = jnp.round(random.normal(key, (2,)), 2)
    return a, b


# %% wrong: half precision -> each_draw_is_standard_normal
def two_draws(key):
    a, b = random.normal(key, (2,), jnp.float16).astype(jnp.float32)
    return a, b


# %% wrong: the key made a seed below a thousand -> each_draw_is_standard_normal, draws_are_reproducible_and_independent
def two_draws(key):
    a, b = random.split(random.key(random.randint(key, (), 0, 1000)))
    return random.normal(a), random.normal(b)


# %% wrong: one of a hundred quantiles -> each_draw_is_standard_normal
def two_draws(key):
    a, b = jax.scipy.special.ndtri((random.randint(key, (2,), 0, 100) + 0.5) / 100)
    return a, b


# %% wrong: a key that is one larger for the second draw -> draws_are_reproducible_and_independent
def two_draws(key):
    data = key if key.dtype == jnp.uint32 else random.key_data(key)
    return random.normal(random.wrap_key_data(data)), random.normal(random.wrap_key_data(data + jnp.array([0, 1], jnp.uint32)))


# %% wrong: a Laplace draw of variance one -> each_draw_is_standard_normal
def two_draws(key):
    a, b = random.laplace(key, (2,)) / jnp.sqrt(2.0)
    return a, b


# %% wrong: a logistic draw of variance one -> each_draw_is_standard_normal
def two_draws(key):
    a, b = random.logistic(key, (2,)) * jnp.sqrt(3.0) / jnp.pi
    return a, b


# %% wrong: a deviation of 1.02 -> each_draw_is_standard_normal
def two_draws(key):
    a, b = 1.02 * random.normal(key, (2,))
    return a, b


# %% wrong: the first word of a legacy key alone -> draws_are_reproducible_and_independent
def two_draws(key):
    if jnp.issubdtype(key.dtype, jnp.uint32):
        key = random.key(key[0])
    a, b = random.split(key)
    return random.normal(a), random.normal(b)
