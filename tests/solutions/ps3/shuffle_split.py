# %% right: random.permutation of the rows
def shuffle_split(key, x, n_train):
    rows = random.permutation(key, x, axis=0)
    return rows[:n_train], rows[n_train:]


# %% right: an order of indices
def shuffle_split(key, x, n_train):
    order = random.permutation(key, len(x))
    return x[order[:n_train]], x[order[n_train:]]


# %% right: choice without replacement
def shuffle_split(key, x, n_train):
    _, key = random.split(key)
    shuffled = random.choice(key, x, (x.shape[0],), replace=False)
    return shuffled[:n_train, ...], shuffled[n_train:, ...]


# %% wrong: choice with its default -> loses_and_repeats_nothing
def shuffle_split(key, x, n_train):
    shuffled = random.choice(key, x, (len(x),))
    return shuffled[:n_train], shuffled[n_train:]


# %% wrong: each part from an order of its own -> loses_and_repeats_nothing
def shuffle_split(key, x, n_train):
    a, b = random.split(key)
    return random.permutation(a, x)[:n_train], random.permutation(b, x)[n_train:]


# %% wrong: sorts -> the_key_decides_the_order
def shuffle_split(key, x, n_train):
    order = jnp.argsort(x.reshape(len(x), -1)[:, 0])
    return x[order[:n_train]], x[order[n_train:]]


# %% wrong: does not shuffle at all -> the_key_decides_the_order
def shuffle_split(key, x, n_train):
    return x[:n_train], x[n_train:]


# %% wrong: random members in their old order -> the_key_decides_the_order
def shuffle_split(key, x, n_train):
    order = random.permutation(key, len(x))
    return x[jnp.sort(order[:n_train])], x[jnp.sort(order[n_train:])]


# %% wrong: sorts by random numbers that are often equal -> the_key_decides_the_order
def shuffle_split(key, x, n_train):
    order = jnp.argsort(random.randint(key, (len(x),), 0, 100))
    return x[order[:n_train]], x[order[n_train:]]


# %% wrong: a fixed seed -> the_key_decides_the_order
def shuffle_split(key, x, n_train):
    shuffled = random.permutation(random.key(0), x)
    return shuffled[:n_train], shuffled[n_train:]


# %% wrong: shuffles the columns apart -> loses_and_repeats_nothing
def shuffle_split(key, x, n_train):
    shuffled = random.permutation(key, x, independent=True)
    return shuffled[:n_train], shuffled[n_train:]


# %% wrong: test before train -> parts_have_the_stated_sizes, loses_and_repeats_nothing
def shuffle_split(key, x, n_train):
    shuffled = random.permutation(key, x)
    return shuffled[n_train:], shuffled[:n_train]


# %% wrong: one row lost at the cut -> parts_have_the_stated_sizes, loses_and_repeats_nothing
def shuffle_split(key, x, n_train):
    shuffled = random.permutation(key, x)
    return shuffled[:n_train], shuffled[n_train + 1 :]


# %% wrong: negative slice for the test part -> parts_have_the_stated_sizes
def shuffle_split(key, x, n_train):
    shuffled = random.permutation(key, x)
    return shuffled[:n_train], shuffled[-(len(x) - n_train) :]


# %% wrong: np.random.permutation -> is_pure, the_key_decides_the_order
def shuffle_split(key, x, n_train):
    order = np.random.permutation(len(x))
    return x[order[:n_train]], x[order[n_train:]]


# %% wrong: np.random.shuffle in place -> parts_have_the_stated_sizes, loses_and_repeats_nothing, is_pure, the_key_decides_the_order
def shuffle_split(key, x, n_train):
    x = np.array(x)
    np.random.shuffle(x)
    return x[:n_train], x[n_train:]


# %% right: sorted by uniform draws
def shuffle_split(key, x, n_train):
    order = jnp.argsort(random.uniform(key, (x.shape[0],)))
    return tuple(jnp.split(jnp.take(x, order, axis=0), [n_train]))


# %% right: Fisher and Yates in a compiled loop
def shuffle_split(key, x, n_train):
    n = len(x)
    draws = random.uniform(key, (n,))

    def swap(k, order):
        i = n - 1 - k
        j = jnp.minimum((draws[i] * (i + 1)).astype(int), i)
        a, b = order[i], order[j]
        return order.at[i].set(b).at[j].set(a)

    rows = x[lax.fori_loop(0, n - 1, swap, jnp.arange(n))]
    return rows[:n_train], rows[n_train:]


# %% wrong: each row swapped with any other -> the_key_decides_the_order
def shuffle_split(key, x, n_train):
    n = len(x)
    others = random.randint(key, (n,), 0, n)

    def swap(i, order):
        j = others[i]
        a, b = order[i], order[j]
        return order.at[i].set(b).at[j].set(a)

    rows = x[lax.fori_loop(0, n, swap, jnp.arange(n))]
    return rows[:n_train], rows[n_train:]


# %% wrong: Sattolo's cycle, in which no row keeps its place -> the_key_decides_the_order
def shuffle_split(key, x, n_train):
    n = len(x)
    draws = random.uniform(key, (n,))

    def swap(k, order):
        i = n - 1 - k
        j = jnp.minimum((draws[i] * i).astype(int), i - 1)
        a, b = order[i], order[j]
        return order.at[i].set(b).at[j].set(a)

    rows = x[lax.fori_loop(0, n - 1, swap, jnp.arange(n))]
    return rows[:n_train], rows[n_train:]


# %% wrong: a random rotation -> the_key_decides_the_order
def shuffle_split(key, x, n_train):
    rows = jnp.roll(x, random.randint(key, (), 0, len(x)), axis=0)
    return rows[:n_train], rows[n_train:]


# %% wrong: two hundred random swaps -> the_key_decides_the_order
def shuffle_split(key, x, n_train):
    n = len(x)
    pairs = random.randint(key, (200, 2), 0, n)

    def swap(k, order):
        i, j = pairs[k]
        a, b = order[i], order[j]
        return order.at[i].set(b).at[j].set(a)

    rows = x[lax.fori_loop(0, 200, swap, jnp.arange(n))]
    return rows[:n_train], rows[n_train:]


# %% wrong: sorts by draws of half precision -> the_key_decides_the_order
def shuffle_split(key, x, n_train):
    rows = x[jnp.argsort(random.uniform(key, (len(x),), jnp.float16))]
    return rows[:n_train], rows[n_train:]


# %% wrong: sorts by whole numbers below 10,000 -> the_key_decides_the_order
def shuffle_split(key, x, n_train):
    rows = x[jnp.argsort(random.randint(key, (len(x),), 0, 10_000))]
    return rows[:n_train], rows[n_train:]


# %% wrong: the order of a seed below a thousand -> the_key_decides_the_order
def shuffle_split(key, x, n_train):
    rows = random.permutation(random.key(random.randint(key, (), 0, 1000)), x)
    return rows[:n_train], rows[n_train:]


# %% wrong: float32 on the way -> loses_and_repeats_nothing
def shuffle_split(key, x, n_train):
    rows = random.permutation(key, x.astype(jnp.float32)).astype(x.dtype)
    return rows[:n_train], rows[n_train:]


# %% wrong: float32 results -> parts_have_the_stated_sizes
def shuffle_split(key, x, n_train):
    rows = random.permutation(key, jnp.asarray(x, jnp.float32))
    return rows[:n_train], rows[n_train:]


# %% wrong: at least one row in each part -> parts_have_the_stated_sizes
def shuffle_split(key, x, n_train):
    rows = random.permutation(key, x)
    cut = min(max(n_train, 1), len(x) - 1)
    return rows[:cut], rows[cut:]


# %% wrong: test from the end, so none where none is meant -> parts_have_the_stated_sizes
def shuffle_split(key, x, n_train):
    rows = random.permutation(key, x)
    return rows[:n_train], rows[n_train - len(x) :] if n_train else rows


# %% wrong: a list of two -> parts_have_the_stated_sizes
def shuffle_split(key, x, n_train):
    return jnp.split(random.permutation(key, x), [n_train])


# %% wrong: NaN made 0 -> loses_and_repeats_nothing
def shuffle_split(key, x, n_train):
    rows = random.permutation(key, jnp.nan_to_num(x))
    return rows[:n_train], rows[n_train:]


# %% wrong: shuffles train and test apart, cut before -> the_key_decides_the_order
def shuffle_split(key, x, n_train):
    a, b = random.split(key)
    return random.permutation(a, x[:n_train]), random.permutation(b, x[n_train:])
