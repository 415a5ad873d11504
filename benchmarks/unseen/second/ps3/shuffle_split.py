# %% right: random.permutation of the rows, cut
def shuffle_split(key, x, n_train):
    shuffled = random.permutation(key, x)
    return shuffled[:n_train], shuffled[n_train:]

# %% right: random order and take
def shuffle_split(key, x, n_train):
    order = random.permutation(key, x.shape[0])
    return jnp.take(x, order[:n_train], axis=0), jnp.take(x, order[n_train:], axis=0)

# %% right: choice without replacement, jnp.split
def shuffle_split(key, x, n_train):
    shuffled = random.choice(key, x, (len(x),), replace=False, axis=0)
    train, test = jnp.split(shuffled, [n_train])
    return train, test

# %% right: Fisher-Yates in a fori_loop
def shuffle_split(key, x, n_train):
    n = len(x)
    keys = random.split(key, n)

    def swap(step, order):
        i = n - 1 - step
        j = random.randint(keys[i], (), 0, i + 1)
        a, b = order[i], order[j]
        return order.at[i].set(b).at[j].set(a)

    order = lax.fori_loop(0, n, swap, jnp.arange(n))
    shuffled = x[order]
    return shuffled[:n_train], shuffled[n_train:]

# %% right: sort by 64 random bits
def shuffle_split(key, x, n_train):
    high, low = random.bits(key, (2, len(x)), jnp.uint32)
    order = jnp.lexsort((low, high))
    return x[order[:n_train]], x[order[n_train:]]

# %% right: shuffle twice, the second time the order, with two keys
def shuffle_split(key, x, n_train):
    first, second = random.split(key)
    order = random.permutation(second, random.permutation(first, jnp.arange(len(x))))
    where = np.arange(len(x)) < n_train
    return x[order[where]], x[order[~where]]

# %% right: lax slices of gathered rows
def shuffle_split(key, x, n_train):
    n = x.shape[0]
    rows = jax.vmap(lambda i: x[i])(random.permutation(key, n))
    cut = lambda lo, hi: lax.slice_in_dim(rows, lo, hi, axis=0)
    return cut(0, n_train), cut(n_train, n)

# %% wrong: independent=True | the rows are torn: each column is shuffled by itself
def shuffle_split(key, x, n_train):
    shuffled = random.permutation(key, x, independent=True)
    return shuffled[:n_train], shuffled[n_train:]

# %% wrong: shuffles along the last axis | rows keep their order, their entries are mixed
def shuffle_split(key, x, n_train):
    shuffled = random.permutation(key, x, axis=-1)
    return shuffled[:n_train], shuffled[n_train:]

# %% wrong: random rotation | only len(x) of the orders occur
def shuffle_split(key, x, n_train):
    shuffled = jnp.roll(x, random.randint(key, (), 0, len(x)), axis=0)
    return shuffled[:n_train], shuffled[n_train:]

# %% wrong: test part in the old order | orders within the test part are not equally likely
def shuffle_split(key, x, n_train):
    order = random.permutation(key, len(x))
    return x[order[:n_train]], x[jnp.sort(order[n_train:])]

# %% wrong: train part in the old order | orders within the train part are not equally likely
def shuffle_split(key, x, n_train):
    order = random.permutation(key, len(x))
    return x[jnp.sort(order[:n_train])], x[order[n_train:]]

# %% wrong: cuts with a negative index | n_train = len(x) returns all rows as test too
def shuffle_split(key, x, n_train):
    n_test = len(x) - n_train
    shuffled = random.permutation(key, x)
    return shuffled[:n_train], shuffled[-n_test:]

# %% wrong: one-hot matrix product | NaN or inf in one row spoils the others, integers above 2**24 are rounded
def shuffle_split(key, x, n_train):
    n = len(x)
    p = jax.nn.one_hot(random.permutation(key, n), n)
    shuffled = jnp.tensordot(p, x.astype(jnp.float32), 1).astype(x.dtype)
    return shuffled[:n_train], shuffled[n_train:]

# %% wrong: via float32 | large int32 numbers are rounded, complex numbers lose their imaginary part
def shuffle_split(key, x, n_train):
    rows = random.permutation(key, x.astype(jnp.float32)).astype(x.dtype)
    return rows[:n_train], rows[n_train:]

# %% wrong: naive swaps | every position is swapped with any position: orders are not equally likely
def shuffle_split(key, x, n_train):
    n = len(x)
    partners = random.randint(key, (n,), 0, n)

    def swap(i, order):
        j = partners[i]
        a, b = order[i], order[j]
        return order.at[i].set(b).at[j].set(a)

    shuffled = x[lax.fori_loop(0, n, swap, jnp.arange(n))]
    return shuffled[:n_train], shuffled[n_train:]

# %% wrong: Sattolo's shuffle | upper bound off by one: no row can stay in its place
def shuffle_split(key, x, n_train):
    n = len(x)
    keys = random.split(key, n)

    def swap(step, order):
        i = n - 1 - step
        j = random.randint(keys[i], (), 0, i)
        a, b = order[i], order[j]
        return order.at[i].set(b).at[j].set(a)

    order = lax.fori_loop(0, n - 1, swap, jnp.arange(n))
    return x[order[:n_train]], x[order[n_train:]]

# %% wrong: sort by 4 random bits | many ties, which keep the old order: biased
def shuffle_split(key, x, n_train):
    order = jnp.argsort(random.randint(key, (len(x),), 0, 16))
    return x[order[:n_train]], x[order[n_train:]]

# %% wrong: one key for all swaps | key reuse: all swaps follow the same random bits, few orders occur
def shuffle_split(key, x, n_train):
    n = len(x)

    def swap(step, order):
        i = n - 1 - step
        j = random.randint(key, (), 0, i + 1)
        a, b = order[i], order[j]
        return order.at[i].set(b).at[j].set(a)

    order = lax.fori_loop(0, n, swap, jnp.arange(n))
    return x[order[:n_train]], x[order[n_train:]]

# %% wrong: fixed seed | key is ignored, always the same order
def shuffle_split(key, x, n_train):
    shuffled = random.permutation(random.PRNGKey(42), x)
    return shuffled[:n_train], shuffled[n_train:]

# %% wrong: np.random.permutation | hidden state, baked in under jit
def shuffle_split(key, x, n_train):
    order = np.random.permutation(len(x))
    return x[order[:n_train]], x[order[n_train:]]

# %% wrong: train and test shuffled apart | cut before shuffling: the first rows are always in train; key used twice
def shuffle_split(key, x, n_train):
    return random.permutation(key, x[:n_train]), random.permutation(key, x[n_train:])

# %% wrong: order from 8-bit numbers | more than 256 rows: rows repeat and others are lost
def shuffle_split(key, x, n_train):
    rows = jnp.arange(len(x)).astype(jnp.uint8)
    order = random.permutation(key, rows)
    return x[order[:n_train]], x[order[n_train:]]

# %% wrong: shuffled in blocks of eight | rows never leave their block of eight rows
def shuffle_split(key, x, n_train):
    n = len(x)
    keys = random.split(key, -(-n // 8))
    blocks = [random.permutation(k, x[8 * i : 8 * i + 8]) for i, k in enumerate(keys)]
    shuffled = jnp.concatenate(blocks)
    return shuffled[:n_train], shuffled[n_train:]

# %% wrong: test rows found by value | a test row equal to some train row is lost (duplicates): wrong rows instead
def shuffle_split(key, x, n_train):
    n = len(x)
    first, second = random.split(key)
    order = random.permutation(first, n)
    train = x[order[:n_train]]
    rows = x.reshape(n, -1)
    in_train = (rows[:, None] == rows[order[:n_train]][None]).all(-1).any(-1)
    rest = jnp.argsort(in_train)[: n - n_train]
    return train, x[random.permutation(second, rest)]
