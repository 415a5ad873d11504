# %% right: NumPy veteran, one array of two, unpacked
def two_draws(key: PRNGKeyArray) -> tuple[Float32[Array, ""], Float32[Array, ""]]:
    """Return two independent draws from the standard normal distribution."""
    pair = random.normal(key, shape=(2,), dtype=jnp.float32)
    return pair[0], pair[1]

# %% right: functional, vmap over the children of a split
def two_draws(key):
    """Return two independent draws from the standard normal distribution."""
    return tuple(jax.vmap(random.normal)(random.split(key, 2)))

# %% right: physicist, polar coordinates (Box-Muller) from two keys
def two_draws(key):
    """Return two independent draws from the standard normal distribution."""
    radius_key, angle_key = random.split(key)
    # r^2 / 2 of a plane Gaussian is exponential, and its angle is uniform.
    radius = jnp.sqrt(2.0 * random.exponential(radius_key))
    angle = random.uniform(angle_key, (), minval=0.0, maxval=2.0 * jnp.pi)
    return radius * jnp.cos(angle), radius * jnp.sin(angle)

# %% right: documentation reader, a key that is only folded
def two_draws(key):
    """Return two independent draws from the standard normal distribution."""
    draw = lambda i: random.normal(random.fold_in(key, i))
    return draw(0), draw(1)

# %% wrong: draws from the key and then splits it | the key is used twice (drawn from, then split)
def two_draws(key):
    first = random.normal(key)
    key, subkey = random.split(key)
    second = random.normal(subkey)
    return first, second

# %% wrong: uniform instead of normal | draws are uniform on [0, 1), not standard normal
def two_draws(key):
    a, b = random.split(key)
    return random.uniform(a), random.uniform(b)

# %% wrong: second draw mirrored | the second is minus the first, so the two are not independent
def two_draws(key):
    z = random.normal(key)
    return z, -z

# %% wrong: seed of its own | the key is ignored, every key gives the same two numbers
def two_draws(key):
    key = random.key(42)
    key, sub1 = random.split(key)
    key, sub2 = random.split(key)
    return random.normal(sub1), random.normal(sub2)

# %% wrong: counts its calls and folds the count in | hidden state, the same key gives other draws at the next call
_calls = 0


def two_draws(key):
    global _calls
    _calls += 1
    a, b = random.split(random.fold_in(key, _calls))
    return random.normal(a), random.normal(b)

# %% wrong: truncated normal to avoid outliers | nothing beyond 2, standard deviation 0.88 instead of 1
def two_draws(key):
    a, b = random.split(key)
    return random.truncated_normal(a, -2.0, 2.0), random.truncated_normal(b, -2.0, 2.0)

# %% wrong: Box-Muller with one uniform for radius and angle | the two numbers lie on one curve, neither normal nor independent
def two_draws(key):
    u = 1.0 - random.uniform(key)
    radius = jnp.sqrt(-2.0 * jnp.log(u))
    angle = 2.0 * jnp.pi * u
    return radius * jnp.cos(angle), radius * jnp.sin(angle)

# %% wrong: Box-Muller without the factor 2 under the root | standard deviation 0.71 instead of 1
def two_draws(key):
    key_u, key_v = random.split(key)
    u = 1.0 - random.uniform(key_u)
    v = random.uniform(key_v)
    radius = jnp.sqrt(-jnp.log(u))
    return radius * jnp.cos(2 * jnp.pi * v), radius * jnp.sin(2 * jnp.pi * v)
