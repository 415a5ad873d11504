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
