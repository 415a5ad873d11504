# %% right: mended in place, the other key is carried on
def epoch_orders(key: PRNGKeyArray, n: int, n_epochs: int) -> Int32[Array, "n_epochs n"]:
    """Return the order in which each epoch goes through the examples 0 to n - 1."""

    def epoch(key, _):
        later, now = random.split(key)
        return later, random.permutation(now, n)

    _, orders = lax.scan(epoch, key, None, length=n_epochs)
    return orders

# %% right: functional, vmap over split keys
def epoch_orders(key, n, n_epochs):
    """Return the order in which each epoch goes through the examples 0 to n - 1."""
    return jax.vmap(partial(random.permutation, x=n))(random.split(key, n_epochs))

# %% right: documentation reader, one permutation with independent=True
def epoch_orders(key, n, n_epochs):
    """Return the order in which each epoch goes through the examples 0 to n - 1."""
    table = jnp.broadcast_to(jnp.arange(n, dtype=jnp.int32), (n_epochs, n))
    return random.permutation(key, table, axis=1, independent=True)

# %% right: physicist, Fisher-Yates for all epochs side by side
def epoch_orders(key, n, n_epochs):
    """Return the order in which each epoch goes through the examples 0 to n - 1."""
    # partner[:, i] is uniform on 0 .. i
    partner = random.randint(key, (n_epochs, n), 0, jnp.arange(1, n + 1))
    epochs = jnp.arange(n_epochs)

    def swap(step, orders):
        i = n - 1 - step
        j = partner[:, i]
        at_i, at_j = orders[:, i], orders[epochs, j]
        return orders.at[:, i].set(at_j).at[epochs, j].set(at_i)

    start = jnp.tile(jnp.arange(n, dtype=jnp.int32), (n_epochs, 1))
    return lax.fori_loop(0, n - 1, swap, start)

# %% wrong: carries on the key that was drawn from | each subkey is drawn from and then split, used twice
def epoch_orders(key, n, n_epochs):
    def epoch(key, _):
        later, now = random.split(key)
        return now, random.permutation(now, n)

    _, orders = lax.scan(epoch, key, None, length=n_epochs)
    return orders

# %% wrong: first order shifted by one place each epoch | the order of one epoch gives away all the others
def epoch_orders(key, n, n_epochs):
    first = random.permutation(key, n)
    return jax.vmap(lambda i: jnp.roll(first, i))(jnp.arange(n_epochs))

# %% wrong: every other epoch runs backwards through the one before | epoch 1 is epoch 0 reversed, not independent
def epoch_orders(key, n, n_epochs):
    keys = random.split(key, (n_epochs + 1) // 2)
    forward = jax.vmap(lambda k: random.permutation(k, n))(keys)
    both = jnp.stack([forward, forward[:, ::-1]], axis=1)
    return both.reshape(-1, n)[:n_epochs]

# %% wrong: number of the epoch folded in as uint8 | epoch 256 repeats epoch 0 and so on
def epoch_orders(key, n, n_epochs):
    def epoch(number, _):
        order = random.permutation(random.fold_in(key, number), n)
        return number + jnp.uint8(1), order

    _, orders = lax.scan(epoch, jnp.uint8(0), None, length=n_epochs)
    return orders

# %% wrong: number of the epoch as the seed | key is ignored, every key gives the same orders
def epoch_orders(key, n, n_epochs):
    def epoch(number):
        return random.permutation(random.key(number), n)

    return jax.vmap(epoch)(jnp.arange(n_epochs))

# %% wrong: argsort of random whole numbers | ties keep increasing order, so orders are not equally likely
def epoch_orders(key, n, n_epochs):
    numbers = random.randint(key, (n_epochs, n), 0, n)
    return jnp.argsort(numbers, axis=1).astype(jnp.int32)

# %% wrong: numbers shuffled as int8 | from n = 129 on, numbers come out negative and twice
def epoch_orders(key, n, n_epochs):
    numbers = jnp.asarray(np.arange(n).astype(np.int8))
    keys = random.split(key, n_epochs)
    orders = jax.vmap(lambda k: random.permutation(k, numbers))(keys)
    return orders.astype(jnp.int32)

# %% wrong: Fisher-Yates that begins one place too early | the last example always comes last
def epoch_orders(key, n, n_epochs):
    def one(subkey):
        partner = random.randint(subkey, (n,), 0, jnp.arange(1, n + 1))

        def swap(step, order):
            i = n - 2 - step
            j = partner[i]
            a, b = order[i], order[j]
            return order.at[i].set(b).at[j].set(a)

        return lax.fori_loop(0, n - 2, swap, jnp.arange(n))

    return jax.vmap(one)(random.split(key, n_epochs))
