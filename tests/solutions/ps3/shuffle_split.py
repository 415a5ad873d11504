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
