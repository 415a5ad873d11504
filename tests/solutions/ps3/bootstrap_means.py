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


# %% wrong: never draws the last entry, as with an inclusive bound -> resamples_with_replacement
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
