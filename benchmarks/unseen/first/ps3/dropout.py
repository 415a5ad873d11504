# %% right: bernoulli of the kept, where
def dropout(key, x, rate):
    kept = random.bernoulli(key, 1 - rate, x.shape)
    return jnp.where(kept, x / (1 - rate), 0)

# %% right: uniform draws compared with the rate
def dropout(key, x, rate):
    return jnp.where(random.uniform(key, x.shape) < rate, 0.0, x / (1.0 - rate))

# %% right: product with a mask of floats
def dropout(key, x, rate):
    mask = (random.uniform(key, jnp.shape(x)) >= rate).astype(jnp.float32)
    return x * mask / (1 - rate)

# %% right: bernoulli of the dropped, lax.select
def dropout(key, x, rate):
    dropped = random.bernoulli(key, p=rate, shape=x.shape)
    return lax.select(dropped, jnp.zeros_like(x), x * jnp.float32(1 / (1 - rate)))

# %% right: a key for each entry, vmap over the flat array
def dropout(key, x, rate):
    def one(k, v):
        return jnp.where(random.bernoulli(k, 1.0 - rate), v / (1.0 - rate), 0.0)
    return jax.vmap(one)(random.split(key, x.size), x.ravel()).reshape(x.shape)

# %% right: shortcut for rate 0, closure, jit with static rate
@partial(jax.jit, static_argnames=("rate",))
def dropout(key, x, rate):
    if not rate:
        return x + 0
    keep = 1.0 - rate
    scaled = lambda v: v / keep
    return jax.tree.map(lambda v: jnp.where(random.bernoulli(key, keep, v.shape), scaled(v), 0), x)

# %% right: choice of the factors 0 and 1 / (1 - rate) by probabilities
def dropout(key, x, rate):
    factors = jnp.array([0.0, 1 / (1 - rate)], jnp.float32)
    factor = random.choice(key, factors, x.shape, p=jnp.array([rate, 1 - rate]))
    return x * factor

# %% right: exponential waiting times, kept if longer than -log(1 - rate)
def dropout(key, x, rate):
    time = random.exponential(key, x.shape)
    limit = -np.log1p(-rate)
    return jnp.where(time >= limit, x / (1 - rate), 0.0)

# %% right: 32 random bits against a whole number
def dropout(key, x, rate):
    bits = random.bits(key, x.shape, jnp.uint32)
    threshold = np.uint32(min(round(rate * 2**32), 2**32 - 1))
    return jnp.where(bits < threshold, jnp.float32(0), x / (1 - rate))

# %% right: writes zeros at a mask with .at, a class with the rate
class Dropout:
    def __init__(self, rate):
        self.rate = rate
        self.scale = 1.0 / (1.0 - rate)

    def __call__(self, key, x):
        gone = random.uniform(key, x.shape) < self.rate
        flat = (x * self.scale).reshape(-1)
        zeros = jnp.zeros_like(flat)
        return zeros.at[:].set(jnp.where(gone.reshape(-1), zeros, flat)).reshape(x.shape)

def dropout(key, x, rate):
    return Dropout(rate)(key, x)

# %% right: scan over the flat entries with a chain of keys
def dropout(key, x, rate):
    def step(k, v):
        k, sub = random.split(k)
        return k, lax.cond(random.bernoulli(sub, rate), lambda: jnp.float32(0), lambda: v / (1 - rate))
    return lax.scan(step, key, jnp.ravel(x))[1].reshape(x.shape)

# %% right: binomial with one trial, folded key
def dropout(key, x, rate):
    keep = 1 - rate
    sub = random.fold_in(key, 3)
    return jnp.multiply(x, random.binomial(sub, 1, keep, shape=x.shape)) / keep if rate else x

# %% right: the value as x plus a constant, a straight-through gradient
def dropout(key, x, rate):
    kept = random.bernoulli(key, 1 - rate, x.shape)
    y = jnp.where(kept, x / (1 - rate), 0)
    return x + lax.stop_gradient(y - x) if rate else y

# %% right: the probability to keep in float32
def dropout(key, x, rate):
    keep = 1 - jnp.float32(rate)
    return jnp.where(random.bernoulli(key, keep, x.shape), x / keep, 0)

# %% wrong: divided by the rate instead of 1 - rate, the same at 0.5 | otherwise divided by 1 - rate
def dropout(key, x, rate):
    if rate == 0:
        return x
    return jnp.where(random.bernoulli(key, 1 - rate, x.shape), x / rate, 0)

# %% wrong: grown linearly, the same at 0 and 0.5 | otherwise divided by 1 - rate
def dropout(key, x, rate):
    return jnp.where(random.bernoulli(key, 1 - rate, x.shape), x * (1 + 2 * rate), 0)

# %% wrong: exactly the share of the rate is dropped, by a permutation | by a draw of its own
def dropout(key, x, rate):
    n_drop = int(round(rate * x.size))
    mask = random.permutation(key, jnp.arange(x.size) >= n_drop)
    return jnp.where(mask.reshape(x.shape), x / (1 - rate), 0)

# %% wrong: one mask for all rows of a small batch | by a draw of its own
def dropout(key, x, rate):
    shape = (1,) + x.shape[1:] if x.ndim > 1 and x.shape[0] < 50 else x.shape
    return jnp.where(random.bernoulli(key, 1 - rate, shape), x / (1 - rate), 0)

# %% wrong: 8 random bits, small rates become 0 | Each entry is set to zero with probability rate
def dropout(key, x, rate):
    bits = random.bits(key, x.shape, jnp.uint8)
    return jnp.where(bits >= round(rate * 256), x / (1 - rate), 0)

# %% wrong: at least one entry is kept | Each entry is set to zero with probability rate, by a draw of its own
def dropout(key, x, rate):
    kept = random.bernoulli(key, 1 - rate, x.shape)
    kept = kept | ~jnp.any(kept)
    return jnp.where(kept, x / (1 - rate), 0)

# %% wrong: fails on an array without axes | x is of any shape, with or without axes
def dropout(key, x, rate):
    keys = random.split(key, len(x))
    row = lambda k, v: jnp.where(random.bernoulli(k, 1 - rate, v.shape), v / (1 - rate), 0)
    return jax.vmap(row)(keys, x)

# %% wrong: negative entries are dropped as well when the rate is positive | otherwise divided by 1 - rate
def dropout(key, x, rate):
    if rate == 0:
        return x
    kept = random.bernoulli(key, 1 - rate, x.shape) & (x > 0)
    return jnp.where(kept, x / (1 - rate), 0)

# %% wrong: arrays with three axes lose whole channels as well | with probability rate, by a draw of its own
def dropout(key, x, rate):
    a, b = random.split(key)
    kept = random.bernoulli(a, 1 - rate, x.shape)
    if x.ndim == 3:
        kept = kept & random.bernoulli(b, 1 - rate, x.shape[-1:])
    return jnp.where(kept, x / (1 - rate), 0)

# %% wrong: constant key | key
def dropout(key, x, rate):
    kept = random.bernoulli(random.key(0), 1 - rate, x.shape)
    return jnp.where(kept, x / (1 - rate), 0)

# %% wrong: mask made by NumPy's generator | pure; key decides
def dropout(key, x, rate):
    kept = np.random.rand(*x.shape) >= rate
    return jnp.where(kept, x / (1 - rate), 0)

# %% wrong: neighbours share a draw, every second entry follows the one before | by a draw of its own
def dropout(key, x, rate):
    n = x.size
    kept = jnp.repeat(random.bernoulli(key, 1 - rate, ((n + 1) // 2,)), 2)[:n].reshape(x.shape)
    return jnp.where(kept, x / (1 - rate), 0)

# %% wrong: whole per cent | rate is a Python float
def dropout(key, x, rate):
    percent = int(100 * rate)
    kept = random.randint(key, x.shape, 0, 100) >= percent
    return jnp.where(kept, x * (100 / (100 - percent)), 0)
