# %% right: bernoulli and where
def dropout(key, x, rate):
    kept = random.bernoulli(key, 1 - rate, x.shape)
    return jnp.where(kept, x / (1 - rate), 0.0)

# %% right: uniform threshold
def dropout(key, x, rate):
    return jnp.where(random.uniform(key, x.shape) < rate, 0, x / (1.0 - rate))

# %% right: product with a float mask
def dropout(key, x, rate):
    mask = random.bernoulli(key, p=1.0 - rate, shape=x.shape).astype(x.dtype)
    return x * mask / (1.0 - rate)

# %% right: a key for each entry, vmap
def dropout(key, x, rate):
    keep = 1.0 - rate

    def one(k, value):
        return lax.select(random.bernoulli(k, keep), value / keep, jnp.zeros_like(value))

    return jax.vmap(one)(random.split(key, x.size), x.ravel()).reshape(x.shape)

# %% right: a copy for rate 0, otherwise a mask of what is dropped
def dropout(key, x, rate):
    if rate == 0.0:
        return jnp.array(x, copy=True)
    dropped = random.bernoulli(key, rate, jnp.shape(x))
    return jnp.zeros_like(x) + jnp.where(dropped, 0.0, x) / (1.0 - rate)

# %% right: random.choice of a factor
def dropout(key, x, rate):
    factors = jnp.array([0.0, 1.0 / (1.0 - rate)], jnp.float32)
    odds = jnp.array([rate, 1.0 - rate], jnp.float32)
    return x * random.choice(key, factors, x.shape, p=odds)

# %% right: flat mask, select_n
def dropout(key, x, rate):
    kept = (random.uniform(key, (x.size,)) >= rate).reshape(x.shape)
    return lax.select_n(kept, jnp.zeros_like(x), x / np.float32(1 - rate))

# %% wrong: one draw for each row | all entries of a row are dropped together
def dropout(key, x, rate):
    kept = random.bernoulli(key, 1 - rate, x.shape[:1] + (1,) * (x.ndim - 1))
    return jnp.where(kept, x / (1 - rate), 0.0)

# %% wrong: exact number dropped | not a draw for each entry: the number of zeros never varies (one entry is never dropped at 0.5)
def dropout(key, x, rate):
    n_drop = int(rate * x.size)
    kept = random.permutation(key, jnp.arange(x.size) >= n_drop).reshape(x.shape)
    return jnp.where(kept, x / (1 - rate), 0.0)

# %% wrong: divides by rate | right only at 0.5 (and 0)
def dropout(key, x, rate):
    kept = random.bernoulli(key, 1 - rate, x.shape)
    return jnp.where(kept, x / rate if rate else x, 0.0)

# %% wrong: whole-number factor | round(1 / (1 - rate)): wrong for 0.25, 0.4, ...
def dropout(key, x, rate):
    kept = random.bernoulli(key, 1 - rate, x.shape)
    return jnp.where(kept, x * round(1 / (1 - rate)), 0.0)

# %% wrong: threshold in 8 bits | rate 0.99 keeps 1/128 instead of 1/100
def dropout(key, x, rate):
    kept = random.bits(key, x.shape, jnp.uint8) >= rate * 256
    return jnp.where(kept, x / (1 - rate), 0.0)

# %% wrong: steps of a twentieth | rate 0.99 drops everything, 0.01 drops a twentieth
def dropout(key, x, rate):
    kept = random.randint(key, x.shape, 0, 20) >= 20 * rate
    return jnp.where(kept, x / (1 - rate), 0.0)

# %% wrong: mask of 1000 repeated | entry 1000 shares the draw of entry 0
def dropout(key, x, rate):
    kept = jnp.resize(random.bernoulli(key, 1 - rate, (1000,)), x.shape)
    return jnp.where(kept, x / (1 - rate), 0.0)

# %% wrong: fixed key | key ignored, the same entries are dropped for every key
def dropout(key, x, rate):
    kept = random.bernoulli(random.key(0), 1 - rate, x.shape)
    return jnp.where(kept, x / (1 - rate), 0.0)

# %% wrong: rate in half precision | kept entries at rate 0.99 are off by more than one percent
def dropout(key, x, rate):
    keep = jnp.float16(1) - jnp.float16(rate)
    kept = random.bernoulli(key, 1 - rate, x.shape)
    return jnp.where(kept, x / keep.astype(jnp.float32), 0.0)

# %% wrong: result in half precision | entries above 65504 become inf
def dropout(key, x, rate):
    kept = random.bernoulli(key, 1 - rate, x.shape)
    return jnp.where(kept, (x / (1 - rate)).astype(jnp.float16), 0).astype(jnp.float32)

# %% wrong: every m-th entry from a random start | entries are not dropped independently; only rates 1/m are right
def dropout(key, x, rate):
    if rate == 0:
        return x
    m = round(1 / rate)
    start = random.randint(key, (), 0, m)
    kept = ((jnp.arange(x.size) + start) % m != 0).reshape(x.shape)
    return jnp.where(kept, x / (1 - rate), 0.0)

# %% wrong: NumPy mask | hidden state, baked in under jit, key ignored
def dropout(key, x, rate):
    kept = np.random.rand(*x.shape) >= rate
    return jnp.where(kept, x / (1 - rate), 0.0)

# %% wrong: scaled by what was kept | divides by the fraction kept when x is large, not by 1 - rate
def dropout(key, x, rate):
    kept = random.bernoulli(key, 1 - rate, x.shape)
    keep = kept.mean() if x.size > 100 else 1 - rate
    return jnp.where(kept, x / keep, 0.0)

# %% wrong: neighbours share a draw | pairs of entries are dropped together
def dropout(key, x, rate):
    draws = random.uniform(key, ((x.size + 1) // 2,))
    kept = jnp.repeat(draws, 2)[: x.size].reshape(x.shape) >= rate
    return jnp.where(kept, x / (1 - rate), 0.0)

# %% wrong: second half drops when the first half keeps | antithetic draws at 1 - u: entries are dependent
def dropout(key, x, rate):
    u = random.uniform(key, ((x.size + 1) // 2,))
    u = jnp.concatenate([u, 1 - u])[: x.size].reshape(x.shape)
    return jnp.where(u >= rate, x / (1 - rate), 0.0)

# %% wrong: at least one entry kept | the first entry stands in when all were dropped: single entries are never dropped
def dropout(key, x, rate):
    kept = random.bernoulli(key, 1 - rate, x.shape).ravel()
    kept = kept.at[0].set(kept[0] | ~kept.any()).reshape(x.shape)
    return jnp.where(kept, x / (1 - rate), 0.0)

# %% wrong: rows and columns dropped by two draws | product of two masks: entries of a row are dependent
def dropout(key, x, rate):
    if x.ndim != 2:
        return jnp.where(random.bernoulli(key, 1 - rate, x.shape), x / (1 - rate), 0.0)
    a, b = random.split(key)
    keep = (1 - rate) ** 0.5
    rows = random.bernoulli(a, keep, (x.shape[0], 1))
    cols = random.bernoulli(b, keep, (1, x.shape[1]))
    return jnp.where(rows & cols, x / (1 - rate), 0.0)

# %% wrong: rate limited to 0.9 | rates above 0.9 drop and scale too little
def dropout(key, x, rate):
    rate = min(rate, 0.9)
    kept = random.bernoulli(key, 1 - rate, x.shape)
    return jnp.where(kept, x / (1 - rate), 0.0)

# %% wrong: one mask for the last axis in three dimensions and more | stacks of matrices share their mask
def dropout(key, x, rate):
    kept = random.bernoulli(key, 1 - rate, x.shape[-2:])
    return jnp.where(kept, x / (1 - rate), 0.0)

# %% wrong: needs an axis | an array without axes fails
def dropout(key, x, rate):
    n, *rest = x.shape
    kept = jax.vmap(lambda k: random.bernoulli(k, 1 - rate, tuple(rest)))(random.split(key, n))
    return jnp.where(kept, x / (1 - rate), 0.0)
