# %% right: vmap of one resample with randint
def bootstrap_means(key, x, n_resamples):
    n = len(x)

    def one(k):
        return x[random.randint(k, (n,), 0, n)].mean()

    return jax.vmap(one)(random.split(key, n_resamples))

# %% right: random.choice, lax.map
def bootstrap_means(key, x, n_resamples):
    keys = random.split(key, n_resamples)
    return lax.map(lambda k: jnp.mean(random.choice(k, x, x.shape)), keys)

# %% right: scan with the key as state
def bootstrap_means(key, x, n_resamples):
    def step(k, _):
        k, sub = random.split(k)
        sample = jnp.take(x, random.randint(sub, x.shape, 0, x.size))
        return k, jnp.mean(sample)

    return lax.scan(step, key, None, length=n_resamples)[1]

# %% right: counts of each entry, dot product
def bootstrap_means(key, x, n_resamples):
    n = x.shape[0]

    def one(i):
        drawn = random.randint(random.fold_in(key, i), (n,), 0, n)
        counts = jnp.zeros(n).at[drawn].add(1.0)
        return jnp.sum(counts * x) / n

    return lax.map(one, jnp.arange(n_resamples))

# %% right: all draws from one key
def bootstrap_means(key, x, n_resamples):
    picks = random.randint(key, (n_resamples, x.size), minval=0, maxval=x.size)
    return x[picks].mean(axis=1, dtype=jnp.float32)

# %% right: lax.map in batches, partial
def _resample_mean(x, key):
    sample = random.choice(key, x, shape=(x.shape[0],), replace=True)
    return sample.sum() / x.shape[0]


def bootstrap_means(key, x, n_resamples):
    return lax.map(partial(_resample_mean, x), random.split(key, n_resamples), batch_size=100)

# %% right: fori_loop into a buffer
def bootstrap_means(key, x, n_resamples):
    keys = random.split(key, n_resamples)
    n = x.shape[0]

    def body(i, means):
        return means.at[i].set(x[random.randint(keys[i], (n,), 0, n)].mean())

    return lax.fori_loop(0, n_resamples, body, jnp.zeros(n_resamples, jnp.float32))

# %% wrong: resamples of 20 | the number of draws is not len(x): spread wrong for other sizes
def bootstrap_means(key, x, n_resamples):
    def one(k):
        return random.choice(k, x, (20,)).mean()

    return jax.vmap(one)(random.split(key, n_resamples))

# %% wrong: last entry left out | upper bound n - 1 is exclusive
def bootstrap_means(key, x, n_resamples):
    n = len(x)
    one = lambda k: x[random.randint(k, (n,), 0, n - 1)].mean()
    return jax.vmap(one)(random.split(key, n_resamples))

# %% wrong: normal approximation | means from mean and standard error, no resamples at all
def bootstrap_means(key, x, n_resamples):
    error = x.std() / jnp.sqrt(x.size)
    return x.mean() + error * random.normal(key, (n_resamples,))

# %% wrong: 256 keys | 8-bit counter: resample 256 repeats resample 0
def bootstrap_means(key, x, n_resamples):
    n = len(x)
    i = (jnp.arange(n_resamples) % 256).astype(jnp.uint8)
    return jax.vmap(lambda j: x[random.randint(random.fold_in(key, j), (n,), 0, n)].mean())(i)

# %% wrong: half precision | numbers above 65504 overflow, means rounded to 3 digits
def bootstrap_means(key, x, n_resamples):
    def one(k):
        return random.choice(k, x.astype(jnp.float16), x.shape).mean()

    return jax.vmap(one)(random.split(key, n_resamples)).astype(jnp.float32)

# %% wrong: Bayesian bootstrap | random weights instead of draws with replacement
def bootstrap_means(key, x, n_resamples):
    def one(k):
        w = random.exponential(k, x.shape)
        return jnp.sum(w * x) / jnp.sum(w)

    return jax.vmap(one)(random.split(key, n_resamples))

# %% wrong: Poisson counts | resamples do not have n entries
def bootstrap_means(key, x, n_resamples):
    def one(k):
        w = random.poisson(k, 1.0, x.shape)
        total = w.sum()
        return jnp.where(total > 0, jnp.sum(w * x) / jnp.maximum(total, 1), x.mean())

    return jax.vmap(one)(random.split(key, n_resamples))

# %% wrong: sliding windows over one stream | neighbouring resamples share all draws but one
def bootstrap_means(key, x, n_resamples):
    n = len(x)
    stream = x[random.randint(key, (n + n_resamples,), 0, n)]
    return lax.map(lambda i: lax.dynamic_slice(stream, (i,), (n,)).mean(), jnp.arange(n_resamples))

# %% wrong: antithetic resamples | every second resample takes the mirrored positions of the one before
def bootstrap_means(key, x, n_resamples):
    n = len(x)

    def two(k):
        picks = random.randint(k, (n,), 0, n)
        return jnp.stack([x[picks].mean(), x[n - 1 - picks].mean()])

    return jax.vmap(two)(random.split(key, (n_resamples + 1) // 2)).reshape(-1)[:n_resamples]

# %% wrong: rounded uniform positions | first and last entry are half as likely as the others
def bootstrap_means(key, x, n_resamples):
    n = len(x)

    def one(k):
        return x[jnp.round(random.uniform(k, (n,)) * (n - 1)).astype(jnp.int32)].mean()

    return jax.vmap(one)(random.split(key, n_resamples))

# %% wrong: balanced bootstrap | every entry occurs exactly n_resamples times in all: not independent (one resample: always the mean)
def bootstrap_means(key, x, n_resamples):
    pool = random.permutation(key, jnp.tile(x, n_resamples))
    return pool.reshape(n_resamples, -1).mean(axis=1)

# %% wrong: distinct values only | equal entries are merged, and padding makes the smallest too likely
def bootstrap_means(key, x, n_resamples):
    values = jnp.unique(x, size=len(x))
    one = lambda k: random.choice(k, values, x.shape).mean()
    return jax.vmap(one)(random.split(key, n_resamples))

# %% wrong: 8-bit positions | x of more than 256 entries: only the first 256 are drawn
def bootstrap_means(key, x, n_resamples):
    n = len(x)

    def one(k):
        return x[random.randint(k, (n,), 0, n).astype(jnp.uint8)].mean()

    return jax.vmap(one)(random.split(key, n_resamples))

# %% wrong: one resample, rotated | all resamples use the same positions, shifted: only n different means
def bootstrap_means(key, x, n_resamples):
    a, b = random.split(key)
    n = len(x)
    base = random.randint(a, (n,), 0, n)
    shift = random.randint(b, (n_resamples,), 0, n)
    return lax.map(lambda s: x[(base + s) % n].mean(), shift)

# %% wrong: resamples out of a pool of 5 n draws | draws are shared between resamples, so all means lean the same way
def bootstrap_means(key, x, n_resamples):
    n = len(x)
    draw, mix = random.split(key)
    pool = x[random.randint(draw, (5 * n,), 0, n)]
    one = lambda k: random.permutation(k, pool)[:n].mean()
    return jax.vmap(one)(random.split(mix, n_resamples))

# %% wrong: NumPy picks | key ignored, hidden state, baked in under jit
def bootstrap_means(key, x, n_resamples):
    n = len(x)
    return lax.map(lambda row: x[row].mean(), jnp.asarray(np.random.randint(0, n, (n_resamples, n))))

# %% wrong: split and drawn from the same key | the first resample uses key itself, the others its children
def bootstrap_means(key, x, n_resamples):
    n = len(x)
    one = lambda k: x[random.randint(k, (n,), 0, n)].mean()
    first = one(key)
    others = jax.vmap(one)(random.split(key, n_resamples))[1:]
    return jnp.concatenate([first[None], others])

# %% wrong: first twentieth of each resample is not drawn | entries 0 to n/20 - 1 always occur when n > 20: not equally likely, spread too small
def bootstrap_means(key, x, n_resamples):
    n = len(x)
    fixed = n // 20 if n > 20 else 0

    def one(k):
        picks = random.randint(k, (n,), 0, n)
        picks = jnp.where(jnp.arange(n) < fixed, jnp.arange(n), picks)
        return x[picks].mean()

    return jax.vmap(one)(random.split(key, n_resamples))

# %% wrong: m out of n for large samples | at most 1000 draws for each resample: spread too large when n > 1000
def bootstrap_means(key, x, n_resamples):
    m = min(len(x), 1000)
    one = lambda k: random.choice(k, x, (m,)).mean()
    return jax.vmap(one)(random.split(key, n_resamples))
