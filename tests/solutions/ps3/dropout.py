# %% right: bernoulli mask and where
def dropout(key, x, rate):
    keep = random.bernoulli(key, p=1 - rate, shape=x.shape)
    return jnp.where(keep, x / (1 - rate), 0.0)


# %% right: uniform numbers above the rate
def dropout(key, x, rate):
    return x * (random.uniform(key, x.shape) >= rate) / (1.0 - rate)


# %% right: rate 0 handled by Python
@partial(jax.jit, static_argnames="rate")
def dropout(key, x, rate):
    if rate == 0:
        return x
    keep_prob = 1 - rate
    return random.bernoulli(key, keep_prob, x.shape).astype(x.dtype) * x / keep_prob


# %% wrong: kept entries are not scaled -> kept_entries_are_scaled
def dropout(key, x, rate):
    return jnp.where(random.bernoulli(key, 1 - rate, x.shape), x, 0)


# %% wrong: scaled by 1 - rate, not by its inverse -> kept_entries_are_scaled
def dropout(key, x, rate):
    return jnp.where(random.bernoulli(key, 1 - rate, x.shape), x * (1 - rate), 0)


# %% wrong: keeps with probability rate -> rate_decides_how_many_are_dropped
def dropout(key, x, rate):
    return jnp.where(random.bernoulli(key, rate, x.shape), x / (1 - rate), 0)


# %% wrong: divides by the share that happened to be kept -> kept_entries_are_scaled
def dropout(key, x, rate):
    keep = random.bernoulli(key, 1 - rate, x.shape)
    return jnp.where(keep, x / jnp.maximum(keep.mean(), 1e-3), 0)


# %% wrong: the rate in tenths -> rate_decides_how_many_are_dropped
def dropout(key, x, rate):
    dropped = random.randint(key, x.shape, 0, 10) < round(10 * rate)
    return jnp.where(dropped, 0, x / (1 - rate))


# %% wrong: one mask for all rows -> rate_decides_how_many_are_dropped
def dropout(key, x, rate):
    return jnp.where(random.bernoulli(key, 1 - rate, x.shape[-1:]), x / (1 - rate), 0)


# %% wrong: drops whole rows -> rate_decides_how_many_are_dropped
def dropout(key, x, rate):
    keep = random.bernoulli(key, 1 - rate, x.shape[:1])
    return jnp.where(keep.reshape(keep.shape + (1,) * (x.ndim - 1))[: x.size], x / (1 - rate), 0).reshape(x.shape)


# %% wrong: dropped entries become NaN -> kept_entries_are_scaled, rate_decides_how_many_are_dropped
def dropout(key, x, rate):
    return jnp.where(random.bernoulli(key, 1 - rate, x.shape), x / (1 - rate), jnp.nan)


# %% wrong: the mask from a fixed seed -> the_key_decides_the_mask
def dropout(key, x, rate):
    return jnp.where(random.bernoulli(random.key(0), 1 - rate, x.shape), x / (1 - rate), 0)


# %% wrong: drops exactly the rate's share -> the_key_decides_the_mask
def dropout(key, x, rate):
    n_kept = round(x.size * (1 - rate))
    kept = random.permutation(key, jnp.arange(x.size) < n_kept).reshape(x.shape)
    return jnp.where(kept, x / (1 - rate), 0)


# %% wrong: np.random -> is_pure, the_key_decides_the_mask
def dropout(key, x, rate):
    return jnp.where(np.random.random(x.shape) >= rate, x / (1 - rate), 0)


# %% wrong: a key kept in a global -> is_pure, the_key_decides_the_mask
_dropout_key = random.key(0)


def dropout(key, x, rate):
    global _dropout_key
    _dropout_key, subkey = random.split(_dropout_key)
    return jnp.where(random.bernoulli(subkey, 1 - rate, x.shape), x / (1 - rate), 0)
