# %% right: one function of a key, vmapped over split keys
def bootstrap_means(
    key: PRNGKeyArray, x: Float[Array, "n"], n_resamples: int
) -> Float32[Array, "n_resamples"]:
    """Return the means of samples of size n drawn from `x` with replacement."""
    n = len(x)

    def one(subkey):
        return x[random.randint(subkey, (n,), 0, n)].mean()

    return jax.vmap(one)(random.split(key, n_resamples))

# %% right: NumPy veteran, one choice for the whole table
def bootstrap_means(key, x, n_resamples):
    """Return the means of samples of size n drawn from `x` with replacement."""
    table = random.choice(key, x, shape=(n_resamples, x.size), replace=True)
    return jnp.mean(table, axis=1)

# %% right: scan with a chain of keys, one resample in memory at a time
def bootstrap_means(key, x, n_resamples):
    """Return the means of samples of size n drawn from `x` with replacement."""
    (n,) = x.shape

    def step(key, _):
        key, subkey = random.split(key)
        places = random.randint(subkey, (n,), minval=0, maxval=n)
        return key, jnp.take(x, places).mean()

    return lax.scan(step, key, length=n_resamples)[1]

# %% right: physicist, multiplicities times values, lax.map
def bootstrap_means(key, x, n_resamples):
    """Return the means of samples of size n drawn from `x` with replacement."""
    n = x.shape[0]

    def mean_of(subkey):
        places = random.randint(subkey, (n,), 0, n)
        times = jnp.zeros(n, jnp.float32).at[places].add(1.0)  # how often each entry is drawn
        return jnp.sum(times * x) / n

    return lax.map(mean_of, random.split(key, n_resamples))

# %% wrong: upper bound n - 1 although it is exclusive | the last entry is never drawn
def bootstrap_means(key, x, n_resamples):
    n = len(x)
    keys = random.split(key, n_resamples)
    return jax.vmap(lambda k: x[random.randint(k, (n,), 0, n - 1)].mean())(keys)

# %% wrong: normal draws around the mean with the theoretical error | no resampling at all, means that no resample can have
def bootstrap_means(key, x, n_resamples):
    error = x.std() / jnp.sqrt(len(x))
    return x.mean() + error * random.normal(key, (n_resamples,))

# %% wrong: Bayesian bootstrap | random Dirichlet weights and not n equally likely draws with replacement
def bootstrap_means(key, x, n_resamples):
    weights = random.dirichlet(key, jnp.ones(len(x)), (n_resamples,))
    return (weights * x).sum(axis=1)

# %% wrong: places as uint8 to save memory | with more than 256 numbers, those after the first 256 are never drawn
def bootstrap_means(key, x, n_resamples):
    n = len(x)
    places = random.randint(key, (n_resamples, n), 0, n, dtype=jnp.uint8)
    return x[places].mean(axis=1)

# %% wrong: place by rounding a uniform times n - 1 | the first and last entry are only half as likely as the others
def bootstrap_means(key, x, n_resamples):
    n = len(x)

    def one(subkey):
        places = jnp.round(random.uniform(subkey, (n,)) * (n - 1)).astype(jnp.int32)
        return x[places].mean()

    return jax.vmap(one)(random.split(key, n_resamples))

# %% wrong: batches of 100, all with the same 100 keys | resample 100 repeats resample 0 and so on, not independent
def bootstrap_means(key, x, n_resamples):
    n = len(x)
    batch = 100
    keys = random.split(key, batch)

    def one_batch(_):
        return jax.vmap(lambda k: x[random.randint(k, (n,), 0, n)].mean())(keys)

    n_batches = -(-n_resamples // batch)
    means = lax.map(one_batch, jnp.arange(n_batches))
    return means.reshape(-1)[:n_resamples]

# %% wrong: half precision for the large table | numbers above 65,504 become infinite, others lose digits
def bootstrap_means(key, x, n_resamples):
    n = len(x)
    places = random.randint(key, (n_resamples, n), 0, n)
    samples = x.astype(jnp.float16)[places]
    return jnp.mean(samples, axis=1, dtype=jnp.float32)

# %% wrong: balanced bootstrap | each entry comes exactly n_resamples times in total, draws depend on each other (one resample is x itself)
def bootstrap_means(key, x, n_resamples):
    pool = jnp.tile(x, n_resamples)
    pool = random.permutation(key, pool)
    return pool.reshape(n_resamples, len(x)).mean(axis=1)
