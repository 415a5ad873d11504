# %% right: shuffle the rows, cut once
def shuffle_split(
    key: PRNGKeyArray, x: Shaped[Array, "n *rest"], n_train: int
) -> tuple[Shaped[Array, "n_train *rest"], Shaped[Array, "n_test *rest"]]:
    """Return the rows of `x` in random order, cut into `n_train` rows and the others."""
    shuffled = random.permutation(key, x, axis=0)
    return shuffled[:n_train], shuffled[n_train:]

# %% right: choice without replacement and jnp.split
def shuffle_split(key, x, n_train):
    """Return the rows of `x` in random order, cut into `n_train` rows and the others."""
    rows = random.choice(key, x, shape=(x.shape[0],), replace=False, axis=0)
    train, test = jnp.split(rows, [n_train])
    return train, test

# %% right: order by 64 random bits for each row, two gathers
def shuffle_split(key, x, n_train):
    """Return the rows of `x` in random order, cut into `n_train` rows and the others."""
    high, low = random.bits(key, (2, len(x)))
    order = jnp.lexsort((low, high))
    take = partial(jnp.take, x, axis=0)
    return take(order[:n_train]), take(order[n_train:])

# %% right: Fisher-Yates written out in a fori_loop
def shuffle_split(key, x, n_train):
    """Return the rows of `x` in random order, cut into `n_train` rows and the others."""
    n = x.shape[0]
    # partner[i] is uniform on 0, 1, ..., i
    partner = random.randint(key, (n,), 0, jnp.arange(1, n + 1))

    def swap(step, order):
        i = n - 1 - step
        j = partner[i]
        at_i, at_j = order[i], order[j]
        return order.at[i].set(at_j).at[j].set(at_i)

    order = lax.fori_loop(0, n - 1, swap, jnp.arange(n))
    shuffled = x[order]
    return shuffled[:n_train], shuffled[n_train:]

# %% wrong: row numbers sorted within each part | within a part the rows keep their old order, not every order is possible
def shuffle_split(key, x, n_train):
    order = random.permutation(key, len(x))
    train = jnp.sort(order[:n_train])
    test = jnp.sort(order[n_train:])
    return x[train], x[test]

# %% wrong: independent=True | with more than one axis each column is shuffled by itself, rows are torn apart
def shuffle_split(key, x, n_train):
    shuffled = random.permutation(key, x, axis=0, independent=True)
    return shuffled[:n_train], shuffled[n_train:]

# %% wrong: shuffles once for each part, with the same key | the key is used twice
def shuffle_split(key, x, n_train):
    train = random.permutation(key, x)[:n_train]
    test = random.permutation(key, x)[n_train:]
    return train, test

# %% wrong: rows flattened to a float32 table and back | large integers lose digits and complex numbers their imaginary part
def shuffle_split(key, x, n_train):
    table = x.reshape(len(x), -1).astype(jnp.float32)
    table = random.permutation(key, table)
    shuffled = table.astype(x.dtype).reshape(x.shape)
    return shuffled[:n_train], shuffled[n_train:]

# %% wrong: shuffle that swaps with a strictly smaller place (Sattolo) | only cyclic orders come out, no row ever stays in place
def shuffle_split(key, x, n_train):
    n = len(x)
    partner = random.randint(key, (n,), 0, jnp.maximum(jnp.arange(n), 1))

    def swap(step, order):
        i = n - 1 - step
        j = partner[i]
        at_i, at_j = order[i], order[j]
        return order.at[i].set(at_j).at[j].set(at_i)

    order = lax.fori_loop(0, n - 1, swap, jnp.arange(n))
    return x[order[:n_train]], x[order[n_train:]]

# %% wrong: test part cut as the last n_test rows | at n_train = len(x) the slice [-0:] returns all rows again as test
def shuffle_split(key, x, n_train):
    order = random.permutation(key, x.shape[0])
    n_test = x.shape[0] - n_train
    return x[order[:n_train]], x[order[-n_test:]]

# %% wrong: cuts first and shuffles each part | the training rows are always the first n_train rows of x
def shuffle_split(key, x, n_train):
    train_key, test_key = random.split(key)
    train = random.permutation(train_key, x[:n_train])
    test = random.permutation(test_key, x[n_train:])
    return train, test

# %% wrong: argsort of random whole numbers below n | many ties, which keep the old order, so orders are not equally likely
def shuffle_split(key, x, n_train):
    n = len(x)
    order = jnp.argsort(random.randint(key, (n,), 0, n))
    return x[order[:n_train]], x[order[n_train:]]
