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


# %% wrong: one mask for all rows -> rate_decides_how_many_are_dropped, the_key_decides_the_mask
def dropout(key, x, rate):
    return jnp.where(random.bernoulli(key, 1 - rate, x.shape[-1:]), x / (1 - rate), 0)


# %% wrong: drops whole rows -> rate_decides_how_many_are_dropped, the_key_decides_the_mask
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


# %% right: a selection by uniform draws
def dropout(key, x, rate):
    kept = random.uniform(key, x.shape) < 1 - rate
    return lax.select(kept, x / (1 - rate), jnp.zeros_like(x))


# %% right: a key for each entry
def dropout(key, x, rate):
    keys = random.split(key, x.size)
    kept = jax.vmap(lambda k: random.bernoulli(k, 1 - rate))(keys).reshape(x.shape)
    return jnp.where(kept, x / (1 - rate), 0)


# %% wrong: two neighbours share a draw -> rate_decides_how_many_are_dropped, the_key_decides_the_mask
def dropout(key, x, rate):
    kept = random.bernoulli(key, 1 - rate, ((x.size + 1) // 2,))
    kept = jnp.repeat(kept, 2)[: x.size].reshape(x.shape)
    return jnp.where(kept, x / (1 - rate), 0)


# %% wrong: the second half mirrors the first -> rate_decides_how_many_are_dropped, the_key_decides_the_mask
def dropout(key, x, rate):
    u = random.uniform(key, ((x.size + 1) // 2,))
    u = jnp.concatenate([u, 1 - u])[: x.size].reshape(x.shape)
    return jnp.where(u >= rate, x / (1 - rate), 0)


# %% wrong: one mask for all but the shift of each row -> rate_decides_how_many_are_dropped, the_key_decides_the_mask
def dropout(key, x, rate):
    n = x.shape[-1] if x.ndim else 1
    row = random.bernoulli(key, 1 - rate, (n,))
    rows = x.size // n
    kept = jnp.stack([jnp.roll(row, 7 * i) for i in range(rows)]).reshape(x.shape)
    return jnp.where(kept, x / (1 - rate), 0)


# %% wrong: eight bits for the rate -> rate_decides_how_many_are_dropped
def dropout(key, x, rate):
    drawn = random.bits(key, x.shape, "uint8").astype(jnp.float32)
    return jnp.where(drawn < 256 * rate, 0, x / (1 - rate))


# %% wrong: the rate in percent -> rate_decides_how_many_are_dropped
def dropout(key, x, rate):
    dropped = random.randint(key, x.shape, 0, 100) < round(100 * rate)
    return jnp.where(dropped, 0, x / (1 - rate))


# %% wrong: half precision for the draws -> rate_decides_how_many_are_dropped
def dropout(key, x, rate):
    kept = random.uniform(key, x.shape, jnp.float16) >= rate
    return jnp.where(kept, x / (1 - rate), 0)


# %% wrong: never the first entry -> the_key_decides_the_mask
def dropout(key, x, rate):
    kept = random.bernoulli(key, 1 - rate, (x.size,)).at[0].set(True).reshape(x.shape)
    return jnp.where(kept, x / (1 - rate), 0)


# %% wrong: the key made a seed below a thousand -> the_key_decides_the_mask
def dropout(key, x, rate):
    key = random.key(random.randint(key, (), 0, 1000))
    return jnp.where(random.bernoulli(key, 1 - rate, x.shape), x / (1 - rate), 0)


# %% wrong: a fixed mask that the key shifts -> the_key_decides_the_mask
def dropout(key, x, rate):
    mask = random.bernoulli(random.key(0), 1 - rate, (x.size,))
    kept = jnp.roll(mask, random.randint(key, (), 0, x.size)).reshape(x.shape)
    return jnp.where(kept, x / (1 - rate), 0)


# %% wrong: 1 - rate rounded to two places -> kept_entries_are_scaled
def dropout(key, x, rate):
    kept = random.bernoulli(key, 1 - rate, x.shape)
    return jnp.where(kept, x / round(1 - rate, 2), 0)


# %% wrong: a scale of at most ten -> kept_entries_are_scaled
def dropout(key, x, rate):
    kept = random.bernoulli(key, 1 - rate, x.shape)
    return jnp.where(kept, x * min(1 / (1 - rate), 10), 0)


# %% wrong: half precision -> kept_entries_are_scaled
def dropout(key, x, rate):
    kept = random.bernoulli(key, 1 - rate, x.shape)
    return jnp.where(kept, x.astype(jnp.float16) / (1 - rate), 0).astype(jnp.float32)


# %% wrong: an entry of 0 becomes NaN -> kept_entries_are_scaled
def dropout(key, x, rate):
    kept = random.bernoulli(key, 1 - rate, x.shape)
    return jnp.where(kept, x * (x / (1 - rate)) / x, 0)


# %% wrong: no axes gain one -> kept_entries_are_scaled
def dropout(key, x, rate):
    x = jnp.atleast_1d(x)
    return jnp.where(random.bernoulli(key, 1 - rate, x.shape), x / (1 - rate), 0)


# %% wrong: one entry at least is kept -> the_key_decides_the_mask
def dropout(key, x, rate):
    kept = random.bernoulli(key, 1 - rate, x.shape)
    kept = kept | ~jnp.any(kept)
    return jnp.where(kept, x / (1 - rate), 0)


# %% wrong: whole channels of three axes -> rate_decides_how_many_are_dropped
def dropout(key, x, rate):
    a, b = random.split(key)
    kept = random.bernoulli(a, 1 - rate, x.shape)
    if x.ndim == 3:
        kept = kept & random.bernoulli(b, 1 - rate, x.shape[-1:])
    return jnp.where(kept, x / (1 - rate), 0)
