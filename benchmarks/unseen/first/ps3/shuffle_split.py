# %% right: permutation of the array, cut once
def shuffle_split(key, x, n_train):
    shuffled = random.permutation(key, x)
    return shuffled[:n_train], shuffled[n_train:]

# %% right: an order of the indices
def shuffle_split(key, x, n_train):
    order = random.permutation(key, len(x))
    return x[order[:n_train]], x[order[n_train:]]

# %% right: choice without replacement, jnp.split
def shuffle_split(key, x, n_train):
    order = random.choice(key, x.shape[0], (x.shape[0],), replace=False)
    return tuple(jnp.split(jnp.take(x, order, axis=0), [n_train]))

# %% right: order by two words of random bits, lexsort
def shuffle_split(key, x, n_train):
    a, b = random.split(key)
    n = len(x)
    order = jnp.lexsort((random.bits(a, (n,)), random.bits(b, (n,))))
    y = x[order]
    return y[:n_train], y[n_train:]

# %% right: Fisher and Yates in a fori_loop, a folded key for each swap
def shuffle_split(key, x, n_train):
    n = x.shape[0]

    def swap(step, order):
        i = n - 1 - step
        j = random.randint(random.fold_in(key, i), (), 0, i + 1)
        a, b = order[i], order[j]
        return order.at[i].set(b).at[j].set(a)

    order = lax.fori_loop(0, n - 1, swap, jnp.arange(n))
    y = jnp.take(x, order, axis=0)
    return lax.slice_in_dim(y, 0, n_train), lax.slice_in_dim(y, n_train, n)

# %% right: inside-out insertion in a scan with a chain of keys
def shuffle_split(key, x, n_train):
    n = len(x)

    def insert(state, i):
        k, order = state
        k, sub = random.split(k)
        j = random.randint(sub, (), 0, i + 1)
        order = order.at[i].set(order[j])
        order = order.at[j].set(i)
        return (k, order), None

    (_, order), _ = lax.scan(insert, (key, jnp.zeros(n, jnp.int32)), jnp.arange(n, dtype=jnp.int32))
    y = x[order]
    return y[:n_train], y[n_train:]

# %% right: shuffles three times, each with a key of its own
def shuffle_split(key, x, n_train):
    order = jnp.arange(len(x))
    for k in random.split(key, 3):
        order = random.permutation(k, order)
    parts = np.split(np.arange(len(x)), [n_train])
    return tuple(x[order[p]] for p in parts)

# %% right: a class with properties
class _Deck:
    def __init__(self, key, cards):
        self.cards = random.permutation(key, cards, axis=0, independent=False)

    def deal(self, n):
        return self.cards[:n], self.cards[n:]

def shuffle_split(key, x, n_train):
    return _Deck(key, x).deal(n_train)

# %% right: parts chosen by permutation, each shuffled again with further keys
def shuffle_split(key, x, n_train):
    a, b, c = random.split(key, 3)
    order = random.permutation(a, x.shape[0])
    train = random.permutation(b, order[:n_train]) if n_train > 1 else order[:n_train]
    test = random.permutation(c, order[n_train:]) if len(x) - n_train > 1 else order[n_train:]
    return x[train], x[test]

# %% right: sort_key_val of distinct places, scattered back
def shuffle_split(key, x, n_train):
    n = len(x)
    place = random.permutation(key, jnp.arange(n, dtype=jnp.int32))
    _, order = lax.sort_key_val(place, lax.iota(jnp.int32, n))
    y = x.at[order].get(mode="promise_in_bounds")
    train, test = y[slice(None, n_train)], y[slice(n_train, None)]
    return train, test

# %% right: test rows first in the permutation, then the training rows
def shuffle_split(key, x, n_train):
    n_test = len(x) - n_train
    y = random.permutation(key, x)
    return y[n_test:], y[:n_test]

# %% right: the inverse permutation, jit by decorator
@partial(jax.jit, static_argnames="n_train")
def shuffle_split(key, x, n_train):
    spots = random.permutation(key, x.shape[0])
    inverse = jnp.zeros_like(spots).at[spots].set(jnp.arange(x.shape[0], dtype=spots.dtype))
    return jnp.take(x, inverse[:n_train], axis=0), jnp.take(x, inverse[n_train:], axis=0)

# %% wrong: the test part by -n_test, which is everything if n_test is 0 | n_train from 0 to len(x), both included
def shuffle_split(key, x, n_train):
    y = random.permutation(key, x)
    n_test = len(x) - n_train
    return y[:n_train], y[-n_test:]

# %% wrong: independent=True tears the rows apart | Every row must come out in one piece
def shuffle_split(key, x, n_train):
    y = random.permutation(key, x, independent=True)
    return y[:n_train], y[n_train:]

# %% wrong: both parts are put back in the order of the data | every order of the rows must be equally likely, within each part too
def shuffle_split(key, x, n_train):
    order = random.permutation(key, len(x))
    return x[jnp.sort(order[:n_train])], x[jnp.sort(order[n_train:])]

# %% wrong: a cyclic shift in place of a shuffle | every order of the rows must be equally likely
def shuffle_split(key, x, n_train):
    y = jnp.roll(x, random.randint(key, (), 0, len(x)), axis=0)
    return y[:n_train], y[n_train:]

# %% wrong: every place is exchanged with any place, the naive shuffle | every order of the rows must be equally likely
def shuffle_split(key, x, n_train):
    n = len(x)
    partners = random.randint(key, (n,), 0, n)

    def swap(i, order):
        j = partners[i]
        a, b = order[i], order[j]
        return order.at[i].set(b).at[j].set(a)

    y = x[lax.fori_loop(0, n, swap, jnp.arange(n))]
    return y[:n_train], y[n_train:]

# %% wrong: Sattolo's algorithm, no row ever keeps its place | every order of the rows must be equally likely
def shuffle_split(key, x, n_train):
    n = len(x)

    def swap(step, order):
        i = n - 1 - step
        j = random.randint(random.fold_in(key, i), (), 0, i)
        a, b = order[i], order[j]
        return order.at[i].set(b).at[j].set(a)

    y = x[lax.fori_loop(0, n - 1, swap, jnp.arange(n))]
    return y[:n_train], y[n_train:]

# %% wrong: order by random whole numbers from 0 to n, ties stay in the old order | every order of the rows must be equally likely
def shuffle_split(key, x, n_train):
    order = jnp.argsort(random.randint(key, (len(x),), 0, len(x)))
    return x[order[:n_train]], x[order[n_train:]]

# %% wrong: rows by a float32 permutation matrix, cast back | x is of any dtype; NaN and large int32 do not survive
def shuffle_split(key, x, n_train):
    n = len(x)
    p = jax.nn.one_hot(random.permutation(key, n), n)
    y = jnp.tensordot(p, x.astype(jnp.float32), axes=1).astype(x.dtype)
    return y[:n_train], y[n_train:]

# %% wrong: the same key shuffles the rows and then the training part | must not use a key twice
def shuffle_split(key, x, n_train):
    y = random.permutation(key, x)
    return random.permutation(key, y[:n_train]) if n_train else y[:0], y[n_train:]

# %% wrong: shuffles along the last axis | The first axis counts the examples
def shuffle_split(key, x, n_train):
    y = random.permutation(key, x, axis=-1)
    return y[:n_train], y[n_train:]

# %% wrong: constant key | key ... every order equally likely
def shuffle_split(key, x, n_train):
    order = random.permutation(random.key(0), len(x))
    return x[order[:n_train]], x[order[n_train:]]

# %% wrong: train is shuffled, the test rows stay in their old order | within each part too
def shuffle_split(key, x, n_train):
    n = len(x)
    order = random.permutation(key, n)
    return x[order[:n_train]], x[jnp.sort(order[n_train:])]

# %% wrong: two fixed blocks are shuffled each by itself | Every order equally likely
def shuffle_split(key, x, n_train):
    a, b = random.split(key)
    train, test = x[:n_train], x[n_train:]
    if n_train > 1:
        train = random.permutation(a, train)
    if len(x) - n_train > 1:
        test = random.permutation(b, test)
    return train, test

# %% wrong: NumPy's generator makes the order | key decides; pure
def shuffle_split(key, x, n_train):
    order = np.random.default_rng().permutation(len(x))
    y = x[order]
    return y[:n_train], y[n_train:]
