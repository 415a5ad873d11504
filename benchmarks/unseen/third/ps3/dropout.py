# %% right: bernoulli and where
def dropout(
    key: PRNGKeyArray, x: Float32[Array, "*shape"], rate: float
) -> Float32[Array, "*shape"]:
    """Return `x` with each entry zeroed with probability `rate`, the others scaled up."""
    kept = random.bernoulli(key, 1 - rate, x.shape)
    return jnp.where(kept, x / (1 - rate), 0)

# %% right: uniform draws compared with the rate, lax.select
def dropout(key, x, rate):
    """Return `x` with each entry zeroed with probability `rate`, the others scaled up."""
    dropped = lax.lt(random.uniform(key, jnp.shape(x)), jnp.full(x.shape, rate, jnp.float32))
    return lax.select(dropped, jnp.zeros_like(x), x / (1.0 - rate))

# %% right: functional, one key for each entry
def dropout(key, x, rate):
    """Return `x` with each entry zeroed with probability `rate`, the others scaled up."""

    def one(entry_key, entry):
        return lax.cond(
            random.bernoulli(entry_key, rate),
            lambda value: jnp.zeros_like(value),
            lambda value: value / (1 - rate),
            entry,
        )

    return jax.vmap(one)(random.split(key, x.size), x.ravel()).reshape(x.shape)

# %% right: choice with probabilities, mask as numbers
def dropout(key, x, rate):
    """Return `x` with each entry zeroed with probability `rate`, the others scaled up."""
    keep = 1.0 - rate
    mask = random.choice(key, jnp.array([0.0, 1.0]), x.shape, p=jnp.array([rate, keep]))
    return mask * x / keep

# %% wrong: mask of the first axis only | whole rows are dropped together, entries have no draw of their own
def dropout(key, x, rate):
    mask_shape = x.shape[:1] + (1,) * (x.ndim - 1)
    kept = random.bernoulli(key, 1 - rate, mask_shape)
    return jnp.where(kept, x / (1 - rate), 0)

# %% wrong: drops a fixed number of entries by a permutation | the count never varies, entries not independent, a small array (one entry at rate 0.3) is never dropped
def dropout(key, x, rate):
    n_drop = round(rate * x.size)
    rank = random.permutation(key, x.size).reshape(x.shape)
    return jnp.where(rank >= n_drop, x / (1 - rate), 0)

# %% wrong: divides by rate | right only at rate 0.5, otherwise the expected value changes
def dropout(key, x, rate):
    if rate == 0:
        return x
    kept = random.bernoulli(key, 1 - rate, x.shape)
    return jnp.where(kept, x, 0) / rate

# %% wrong: rate in whole per cent | rates such as 0.004 or 0.125 are rounded, 0.004 never drops anything
def dropout(key, x, rate):
    percent = round(100 * rate)
    kept = random.randint(key, x.shape, 0, 100) >= percent
    return jnp.where(kept, x / (1 - rate), 0)

# %% wrong: vmap over the rows with a key each | an array without axes raises an error
def dropout(key, x, rate):
    def drop_row(row_key, row):
        kept = random.bernoulli(row_key, 1 - rate, row.shape)
        return jnp.where(kept, row / (1 - rate), 0)

    keys = random.split(key, len(x))
    return jax.vmap(drop_row)(keys, x)

# %% wrong: step counter folded into the key | hidden state, the same key drops other entries at the next call
import itertools

_step = itertools.count()


def dropout(key, x, rate):
    key = random.fold_in(key, next(_step))
    kept = random.bernoulli(key, 1 - rate, x.shape)
    return jnp.where(kept, x / (1 - rate), 0)

# %% wrong: rate limited to 0.9 for stability | rates from 0.9 to 0.99 drop and scale with 0.9
def dropout(key, x, rate):
    rate = min(max(rate, 0.0), 0.9)
    kept = random.bernoulli(key, 1 - rate, x.shape)
    return jnp.where(kept, x / (1 - rate), 0)

# %% wrong: zeroes rate * size places drawn with replacement | places repeat, so an entry is dropped with 1 - exp(-rate) only (0.39 at 0.5)
def dropout(key, x, rate):
    n_drop = round(rate * x.size)
    places = random.randint(key, (n_drop,), 0, x.size)
    scaled = x.ravel() / (1 - rate)
    return scaled.at[places].set(0.0).reshape(x.shape)
