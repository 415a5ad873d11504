# %% right: vmapped keys
def bootstrap_means(key, x, n_resamples):
    def one(key):
        return jnp.mean(random.choice(key, x, (x.shape[0],)))

    return jax.vmap(one)(random.split(key, n_resamples))


# %% right: all indices in one draw
def bootstrap_means(key, x, n_resamples):
    n = len(x)
    return jnp.take(x, random.randint(key, (n_resamples, n), 0, n)).mean(axis=1)


# %% right: choice of a whole table
def bootstrap_means(key, x, n_resamples):
    return random.choice(key, x, (n_resamples, x.size), replace=True).mean(-1)


# %% right: a loop over the resamples
def bootstrap_means(key, x, n_resamples):
    means = []
    for _ in range(n_resamples):
        key, subkey = random.split(key)
        means.append(random.choice(subkey, x, x.shape).mean())
    return jnp.array(means)


# %% right: categorical draws with equal logits
def bootstrap_means(key, x, n_resamples):
    def mean(key):
        return x[random.categorical(key, jnp.zeros(len(x)), shape=(len(x),))].mean()

    return lax.map(mean, random.split(key, n_resamples))


# %% right: quotients added up one by one, for all resamples at once
def bootstrap_means(key, x, n_resamples):
    def step(total, key):
        return total + x[random.randint(key, (n_resamples,), 0, len(x))] / len(x), None

    keys = random.split(key, len(x))
    return lax.scan(step, jnp.zeros(n_resamples, jnp.float32), keys)[0]


# %% wrong: the same indices each time -> resamples_are_independent
def bootstrap_means(key, x, n_resamples):
    order = random.randint(key, (len(x),), 0, len(x))
    return jnp.full(n_resamples, x[order].mean())


# %% wrong: vmap that forgets the keys -> resamples_are_independent
def bootstrap_means(key, x, n_resamples):
    one = lambda _: x[random.randint(key, (len(x),), 0, len(x))].mean()
    return jax.vmap(one)(jnp.arange(n_resamples))


# %% wrong: a few resamples again and again -> resamples_are_independent
def bootstrap_means(key, x, n_resamples):
    n = x.shape[0]
    means = x[random.randint(key, (min(n_resamples, 500), n), 0, n)].mean(axis=1)
    return jnp.resize(means, (n_resamples,))


# %% wrong: without replacement -> resamples_with_replacement, resamples_are_independent
def bootstrap_means(key, x, n_resamples):
    keys = random.split(key, n_resamples)
    return jax.vmap(lambda k: random.permutation(k, x).mean())(keys)


# %% wrong: never draws the last entry, as with an inclusive bound -> resamples_with_replacement, resamples_are_independent
def bootstrap_means(key, x, n_resamples):
    n = len(x)
    return x[random.randint(key, (n_resamples, n), 0, max(n - 1, 1))].mean(axis=1)


# %% wrong: a normal distribution in place of resampling -> resamples_with_replacement
def bootstrap_means(key, x, n_resamples):
    return x.mean() + x.std() / jnp.sqrt(len(x)) * random.normal(key, (n_resamples,))


# %% wrong: sums, not means -> resamples_with_replacement, resamples_are_independent
def bootstrap_means(key, x, n_resamples):
    n = len(x)
    return x[random.randint(key, (n_resamples, n), 0, n)].sum(axis=1)


# %% wrong: the means of the columns -> has_a_mean_for_each_resample, resamples_with_replacement
def bootstrap_means(key, x, n_resamples):
    n = len(x)
    return x[random.randint(key, (n_resamples, n), 0, n)].mean(axis=0)


# %% wrong: NumPy's generator -> resamples_with_replacement, is_pure, resamples_are_independent
def bootstrap_means(key, x, n_resamples):
    order = np.random.randint(0, len(x), (n_resamples, len(x)))
    return x[order].mean(axis=1)


# %% right: counts of each entry
def bootstrap_means(key, x, n_resamples):
    n = x.shape[0]
    drawn = random.randint(key, (n_resamples, n), 0, n)
    counts = jax.vmap(lambda row: jnp.bincount(row, length=n))(drawn)
    return counts @ x / n


# %% right: a compiled map over the keys
def bootstrap_means(key, x, n_resamples):
    n = len(x)
    one = lambda key: jnp.mean(x[jnp.floor(random.uniform(key, (n,)) * n).astype(int)])
    return lax.map(one, random.split(key, n_resamples))


# %% wrong: blocks of two neighbours -> resamples_with_replacement
def bootstrap_means(key, x, n_resamples):
    n = len(x)
    starts = random.randint(key, (n_resamples, (n + 1) // 2), 0, n)
    places = jnp.stack([starts, (starts + 1) % n], axis=-1).reshape(n_resamples, -1)[:, :n]
    return x[places].mean(axis=1)


# %% wrong: each draw with its mirror image -> resamples_with_replacement
def bootstrap_means(key, x, n_resamples):
    n = len(x)
    half = random.randint(key, (n_resamples, (n + 1) // 2), 0, n)
    places = jnp.concatenate([half, n - 1 - half], axis=1)[:, :n]
    return x[places].mean(axis=1)


# %% wrong: each draw with the one half the array further -> resamples_with_replacement
def bootstrap_means(key, x, n_resamples):
    n = len(x)
    half = random.randint(key, (n_resamples, (n + 1) // 2), 0, n)
    places = jnp.concatenate([half, (half + n // 2) % n], axis=1)[:, :n]
    return x[places].mean(axis=1)


# %% wrong: stratified, one draw from each block of five -> resamples_with_replacement
def bootstrap_means(key, x, n_resamples):
    n = len(x)
    u = random.uniform(key, (n_resamples, n))
    places = jnp.floor((jnp.arange(n) // 5 * 5) + u * 5).astype(int)
    return x[jnp.minimum(places, n - 1)].mean(axis=1)


# %% wrong: every second resample is the mirror image of the one before -> resamples_are_independent
def bootstrap_means(key, x, n_resamples):
    n = len(x)
    half = random.randint(key, ((n_resamples + 1) // 2, n), 0, n)
    places = jnp.stack([half, n - 1 - half], axis=1).reshape(-1, n)[:n_resamples]
    return x[places].mean(axis=1)


# %% wrong: the second half of the resamples is the first, one place further -> resamples_are_independent
def bootstrap_means(key, x, n_resamples):
    n = len(x)
    half = random.randint(key, ((n_resamples + 1) // 2, n), 0, n)
    places = jnp.concatenate([half, (half + 1) % n])[:n_resamples]
    return x[places].mean(axis=1)


# %% wrong: each resample keeps half of the one before -> resamples_are_independent
def bootstrap_means(key, x, n_resamples):
    n = len(x)
    drawn = random.randint(key, (n_resamples + 1, n), 0, n)
    places = jnp.where(jnp.arange(n) < n // 2, drawn[:-1], jnp.roll(drawn[1:], n // 2, axis=1))
    return x[places].mean(axis=1)


# %% wrong: a window that slides over one long row of draws -> resamples_are_independent
def bootstrap_means(key, x, n_resamples):
    n = len(x)
    drawn = x[random.randint(key, (n + n_resamples - 1,), 0, n)]
    return jnp.convolve(drawn, jnp.ones(n) / n, mode="valid")


# %% wrong: indices in eight bits -> resamples_with_replacement
def bootstrap_means(key, x, n_resamples):
    n = len(x)
    drawn = random.randint(key, (n_resamples, n), 0, n, jnp.uint8)
    return x[drawn].mean(axis=1)


# %% wrong: at most a hundred draws a resample -> resamples_with_replacement
def bootstrap_means(key, x, n_resamples):
    n = min(len(x), 100)
    return x[random.randint(key, (n_resamples, n), 0, len(x))].mean(axis=1)


# %% wrong: the key made a seed below a thousand -> resamples_are_independent
def bootstrap_means(key, x, n_resamples):
    key = random.key(random.randint(key, (), 0, 1000))
    n = len(x)
    return x[random.randint(key, (n_resamples, n), 0, n)].mean(axis=1)


# %% wrong: the median for the mean -> resamples_with_replacement, resamples_are_independent
def bootstrap_means(key, x, n_resamples):
    n = len(x)
    return jnp.median(x[random.randint(key, (n_resamples, n), 0, n)], axis=1)


# %% wrong: weights that sum to one -> resamples_with_replacement
def bootstrap_means(key, x, n_resamples):
    weights = random.dirichlet(key, jnp.ones(len(x)), (n_resamples,))
    return weights @ x


# %% wrong: half precision -> resamples_with_replacement, resamples_are_independent
def bootstrap_means(key, x, n_resamples):
    n = len(x)
    return x[random.randint(key, (n_resamples, n), 0, n)].astype(jnp.float16).mean(axis=1).astype(jnp.float32)


# %% wrong: a single number needs no draw, and no axis -> has_a_mean_for_each_resample
def bootstrap_means(key, x, n_resamples):
    n = len(x)
    return jnp.squeeze(x[random.randint(key, (n_resamples, n), 0, n)].mean(axis=1))


# %% wrong: at most 1000 draws for a resample -> resamples_with_replacement
def bootstrap_means(key, x, n_resamples):
    drawn = random.randint(key, (n_resamples, min(len(x), 1000)), 0, len(x))
    return x[drawn].mean(axis=1)


# %% wrong: half precision in the table only, the mean in float32 -> resamples_with_replacement
def bootstrap_means(key, x, n_resamples):
    places = random.randint(key, (n_resamples, len(x)), 0, len(x))
    return jnp.mean(x.astype(jnp.float16)[places], axis=1, dtype=jnp.float32)


# %% wrong: bfloat16 in the table only, the mean in float32 -> resamples_with_replacement
def bootstrap_means(key, x, n_resamples):
    places = random.randint(key, (n_resamples, len(x)), 0, len(x))
    return jnp.mean(x.astype(jnp.bfloat16)[places], axis=1, dtype=jnp.float32)
