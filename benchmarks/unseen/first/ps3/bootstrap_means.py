# %% right: vmap of randint and mean
def bootstrap_means(key, x, n_resamples):
    n = x.shape[0]
    def one(k):
        return x[random.randint(k, (n,), 0, n)].mean()
    return jax.vmap(one)(random.split(key, n_resamples))

# %% right: one matrix of indices from one key
def bootstrap_means(key, x, n_resamples):
    which = random.randint(key, (n_resamples, x.size), 0, x.size)
    return jnp.mean(jnp.take(x, which), axis=1)

# %% right: random.choice with vmap and partial
def bootstrap_means(key, x, n_resamples):
    draw = partial(random.choice, a=x, shape=x.shape, replace=True)
    return jax.vmap(lambda k: draw(k).mean())(random.split(key, n_resamples))

# %% right: random.choice of a matrix
def bootstrap_means(key, x, n_resamples):
    return random.choice(key, x, (n_resamples, len(x))).mean(axis=-1)

# %% right: lax.map to save memory, folded keys
def bootstrap_means(key, x, n_resamples):
    n = len(x)
    def one(i):
        return jnp.mean(x[random.randint(random.fold_in(key, i), (n,), 0, n)])
    return lax.map(one, jnp.arange(n_resamples))

# %% right: scan with a chain of keys
def bootstrap_means(key, x, n_resamples):
    n = len(x)
    def step(k, _):
        k, sub = random.split(k)
        return k, jnp.take(x, random.randint(sub, (n,), minval=0, maxval=n)).mean()
    return lax.scan(step, key, None, length=n_resamples)[1]

# %% right: a Python loop
def bootstrap_means(key, x, n_resamples):
    n = len(x)
    means = []
    for k in random.split(key, n_resamples):
        means.append(x[random.randint(k, x.shape, 0, n)].mean())
    return jnp.array(means)

# %% right: counts by bincount, the product with the deviations from the middle
def bootstrap_means(key, x, n_resamples):
    n = x.shape[0]
    middle = x.mean()
    def counts(k):
        return jnp.bincount(random.randint(k, (n,), 0, n), length=n).astype(jnp.float32)
    c = jax.vmap(counts)(random.split(key, n_resamples))
    return middle + jnp.matmul(c, x - middle, precision="highest") / n

# %% right: categorical with equal logits
def bootstrap_means(key, x, n_resamples):
    n = len(x)
    def one(k):
        return x[random.categorical(k, jnp.zeros(n), shape=(n,))].mean()
    return lax.map(one, random.split(key, n_resamples))

# %% right: scan over the draws, one index for all resamples in each step
def bootstrap_means(key, x, n_resamples):
    n = len(x)
    def step(total, k):
        return total + x[random.randint(k, (n_resamples,), 0, n)] / n, None
    return lax.scan(step, jnp.zeros(n_resamples, jnp.float32), random.split(key, n))[0]

# %% right: a class of resamples, __call__, vmap with in_axes
class _Resample:
    def __init__(self, n):
        self.n = n

    def __call__(self, key, x):
        picked = lax.map(lambda k: x[random.randint(k, (), 0, self.n)], random.split(key, self.n))
        return jnp.average(picked)

def bootstrap_means(key, x, n_resamples):
    return jax.vmap(_Resample(x.shape[0]), in_axes=(0, None))(random.split(key, n_resamples), x)

# %% right: fills the result in a fori_loop
@partial(jax.jit, static_argnames="n_resamples")
def bootstrap_means(key, x, n_resamples):
    keys = random.split(key, n_resamples)
    def body(i, out):
        sample = x.at[random.randint(keys[i], x.shape, 0, x.shape[0])].get()
        return out.at[i].set(lax.reduce(sample, jnp.float32(0), lax.add, (0,)) / len(x))
    return lax.fori_loop(0, n_resamples, body, jnp.empty(n_resamples, jnp.float32))

# %% wrong: normal draws around the mean with the standard error | Each resample consists of entries of x
def bootstrap_means(key, x, n_resamples):
    error = x.std() / jnp.sqrt(len(x))
    return x.mean() + error * random.normal(key, (n_resamples,))

# %% wrong: the last entry has twice the chance, the upper bound is one too large | every entry is equally likely at each draw
def bootstrap_means(key, x, n_resamples):
    n = len(x)
    def one(k):
        i = jnp.minimum(random.randint(k, (n,), 0, n + 1), n - 1)
        return x[i].mean()
    return jax.vmap(one)(random.split(key, n_resamples))

# %% wrong: the last entry is never drawn | every entry is equally likely at each draw
def bootstrap_means(key, x, n_resamples):
    n = len(x)
    which = random.randint(key, (n_resamples, n), 0, max(n - 1, 1))
    return x[which].mean(axis=1)

# %% wrong: rounds instead of floors, the two ends have half the chance | every entry is equally likely at each draw
def bootstrap_means(key, x, n_resamples):
    n = len(x)
    u = random.uniform(key, (n_resamples, n))
    return x[jnp.round(u * (n - 1)).astype(int)].mean(axis=1)

# %% wrong: Bayesian bootstrap, smooth weights | Each resample consists of as many entries of x as x has, drawn with replacement
def bootstrap_means(key, x, n_resamples):
    weights = random.dirichlet(key, jnp.ones(len(x)), (n_resamples,))
    return weights @ x

# %% wrong: Poisson counts, the size of a resample varies | as many entries of x as x has
def bootstrap_means(key, x, n_resamples):
    counts = random.poisson(key, 1.0, (n_resamples, len(x))).astype(jnp.float32)
    total = counts.sum(axis=1)
    return jnp.where(total > 0, counts @ x / jnp.maximum(total, 1), x.mean())

# %% wrong: at most 100 keys, further resamples repeat the first | all draws are independent between resamples
def bootstrap_means(key, x, n_resamples):
    n = len(x)
    keys = random.split(key, 100)
    means = jax.vmap(lambda k: x[random.randint(k, (n,), 0, n)].mean())(keys)
    return jnp.resize(means, n_resamples)

# %% wrong: the means come back in order of size | all draws are independent of each other
def bootstrap_means(key, x, n_resamples):
    n = len(x)
    which = random.randint(key, (n_resamples, n), 0, n)
    return jnp.sort(x[which].mean(axis=1))

# %% wrong: resamples overlap in one long line of draws | independent between resamples
def bootstrap_means(key, x, n_resamples):
    n = len(x)
    long = x[random.randint(key, (n + n_resamples,), 0, n)]
    at = jnp.arange(n_resamples)[:, None] + jnp.arange(n)[None, :]
    return long[at].mean(axis=1)

# %% wrong: trimmed means, the largest and the smallest are left out | the means of resamples
def bootstrap_means(key, x, n_resamples):
    n = len(x)
    sample = jnp.sort(x[random.randint(key, (n_resamples, n), 0, n)], axis=1)
    return sample[:, 1:-1].mean(axis=1) if n > 2 else sample.mean(axis=1)

# %% wrong: resamples always have 20 entries | as many entries of x as x has
def bootstrap_means(key, x, n_resamples):
    def one(k):
        return random.choice(k, x, (20,)).mean()
    return jax.vmap(one)(random.split(key, n_resamples))

# %% wrong: constant key | key
def bootstrap_means(key, x, n_resamples):
    n = len(x)
    return x[random.randint(random.key(1), (n_resamples, n), 0, n)].mean(axis=1)

# %% wrong: pairs of antithetic resamples | all draws are independent, between resamples
def bootstrap_means(key, x, n_resamples):
    n = len(x)
    i = random.randint(key, ((n_resamples + 1) // 2, n), 0, n)
    both = jnp.stack([i, n - 1 - i], axis=1).reshape(-1, n)[:n_resamples]
    return x[both].mean(axis=1)

# %% wrong: equal numbers are counted only once before resampling | every entry is equally likely (duplicates too)
def bootstrap_means(key, x, n_resamples):
    n = len(x)
    s = jnp.sort(x)
    first = jnp.concatenate([jnp.ones(1, bool), s[1:] != s[:-1]])
    logits = jnp.where(first, 0.0, -jnp.inf)
    which = random.categorical(key, logits, shape=(n_resamples, n))
    return s[which].mean(axis=1)

# %% wrong: half precision on the way | float32
def bootstrap_means(key, x, n_resamples):
    n = len(x)
    which = random.randint(key, (n_resamples, n), 0, n)
    return x.astype(jnp.bfloat16)[which].mean(axis=1).astype(jnp.float32)
