# %% right: all keys at once
def epoch_orders(key, n, n_epochs):
    return jax.vmap(lambda k: random.permutation(k, n))(random.split(key, n_epochs))


# %% right: the number of the epoch folded in
def epoch_orders(key, n, n_epochs):
    def epoch(_, i):
        return None, random.permutation(random.fold_in(key, i), n)

    return lax.scan(epoch, None, jnp.arange(n_epochs))[1]


# %% right: a Python loop, the chain of keys
def epoch_orders(key, n, n_epochs):
    orders = []
    for _ in range(n_epochs):
        key, now = random.split(key)
        orders.append(random.permutation(now, jnp.arange(n)))
    return jnp.stack(orders)


# %% right: one key, and the order of random numbers
def epoch_orders(key, n, n_epochs):
    return jnp.argsort(random.uniform(key, (n_epochs, n)), axis=1).astype(jnp.int32)


# %% right: independent permutations of a table
@partial(jax.jit, static_argnums=(1, 2))
def epoch_orders(key, n, n_epochs):
    return random.permutation(key, jnp.tile(jnp.arange(n), (n_epochs, 1)), axis=1, independent=True)


# %% right: each epoch shuffles the order of the one before
def epoch_orders(key, n, n_epochs):
    def epoch(state, _):
        key, order = state
        key, now = random.split(key)
        order = random.permutation(now, order)
        return (key, order), order

    return lax.scan(epoch, (key, jnp.arange(n)), length=n_epochs)[1]


# %% right: a fori_loop that writes rows
def epoch_orders(key, n, n_epochs):
    def epoch(i, state):
        key, orders = state
        now, key = random.split(key)
        return key, orders.at[i].set(random.permutation(now, n))

    return lax.fori_loop(0, n_epochs, epoch, (key, jnp.zeros((n_epochs, n), jnp.int32)))[1]


# %% wrong: the program as it was -> each_epoch_has_an_order_of_its_own, the_key_decides_the_orders
def epoch_orders(key, n, n_epochs):
    def epoch(key, _):
        later, now = random.split(key)
        return key, random.permutation(now, n)

    _, orders = lax.scan(epoch, key, None, length=n_epochs)
    return orders


# %% wrong: half mended: the key that was drawn from is handed on -> the_key_decides_the_orders
def epoch_orders(key, n, n_epochs):
    def epoch(key, _):
        later, now = random.split(key)
        return now, random.permutation(now, n)

    _, orders = lax.scan(epoch, key, None, length=n_epochs)
    return orders


# %% wrong: half mended: handed on, but the old key is drawn from -> the_key_decides_the_orders
def epoch_orders(key, n, n_epochs):
    def epoch(key, _):
        later, now = random.split(key)
        return later, random.permutation(key, n)

    _, orders = lax.scan(epoch, key, None, length=n_epochs)
    return orders


# %% wrong: half mended: split before the loop, one key for all epochs -> each_epoch_has_an_order_of_its_own, the_key_decides_the_orders
def epoch_orders(key, n, n_epochs):
    key, now = random.split(key)
    return jnp.stack([random.permutation(now, n) for _ in range(n_epochs)])


# %% wrong: half mended: two keys by turns -> each_epoch_has_an_order_of_its_own, the_key_decides_the_orders
def epoch_orders(key, n, n_epochs):
    keys = random.split(key)
    return jax.vmap(lambda i: random.permutation(keys[i % 2], n))(jnp.arange(n_epochs))


# %% wrong: half mended: fold_in of a number that stays the same -> each_epoch_has_an_order_of_its_own, the_key_decides_the_orders
def epoch_orders(key, n, n_epochs):
    def epoch(key, _):
        return key, random.permutation(random.fold_in(key, n_epochs), n)

    return lax.scan(epoch, key, None, length=n_epochs)[1]


# %% wrong: masks the symptom: one order, moved on -> each_epoch_has_an_order_of_its_own
def epoch_orders(key, n, n_epochs):
    order = random.permutation(key, n)
    return jax.vmap(lambda i: jnp.roll(order, i))(jnp.arange(n_epochs))


# %% wrong: masks the symptom: one order plus a random number -> each_epoch_has_an_order_of_its_own
def epoch_orders(key, n, n_epochs):
    a, b = random.split(key)
    shifts = random.randint(b, (n_epochs, 1), 0, n)
    return (random.permutation(a, n) + shifts) % n


# %% wrong: masks the symptom: each second epoch is the one before, turned round -> each_epoch_has_an_order_of_its_own, the_key_decides_the_orders
def epoch_orders(key, n, n_epochs):
    keys = random.split(key, n_epochs)
    orders = jax.vmap(lambda i: random.permutation(keys[i - i % 2], n))(jnp.arange(n_epochs))
    odd = jnp.arange(n_epochs)[:, None] % 2 == 1
    return jnp.where(odd, orders[:, ::-1], orders)


# %% wrong: masks the symptom: two examples change places -> each_epoch_has_an_order_of_its_own
def epoch_orders(key, n, n_epochs):
    first, *keys = random.split(key, n_epochs + 1)
    orders = [random.permutation(first, n)]
    for k in keys[1:]:
        i, j = random.randint(k, (2,), 0, n)
        order = orders[-1]
        orders.append(order.at[i].set(order[j]).at[j].set(order[i]))
    return jnp.stack(orders)


# %% wrong: with replacement -> each_epoch_has_an_order_of_its_own
def epoch_orders(key, n, n_epochs):
    return random.randint(key, (n_epochs, n), 0, n)


# %% wrong: all epochs shuffled together -> each_epoch_has_an_order_of_its_own
def epoch_orders(key, n, n_epochs):
    return random.permutation(key, jnp.tile(jnp.arange(n), n_epochs)).reshape(n_epochs, n)


# %% wrong: a table of float32 -> each_epoch_has_an_order_of_its_own
def epoch_orders(key, n, n_epochs):
    keys = random.split(key, n_epochs)
    return jax.vmap(lambda k: random.permutation(k, jnp.arange(float(n))))(keys)


# %% wrong: epochs along the second axis -> each_epoch_has_an_order_of_its_own
def epoch_orders(key, n, n_epochs):
    return jax.vmap(lambda k: random.permutation(k, n), out_axes=1)(random.split(key, n_epochs))


# %% wrong: the number of the epoch as a seed -> the_key_decides_the_orders
def epoch_orders(key, n, n_epochs):
    return jax.vmap(lambda i: random.permutation(random.key(i), n))(jnp.arange(n_epochs))


# %% wrong: notes its keys in a list outside -> is_pure
SEEN = []


def epoch_orders(key, n, n_epochs):
    SEEN.append(n)
    return jax.vmap(lambda k: random.permutation(k, n))(random.split(key, n_epochs))


# %% wrong: the first epoch goes through the data in order -> each_epoch_has_an_order_of_its_own
def epoch_orders(key, n, n_epochs):
    orders = jax.vmap(lambda key: random.permutation(key, n))(random.split(key, n_epochs))
    return orders.at[0].set(jnp.arange(n)) if n_epochs > 1 else orders


# %% wrong: no epoch begins with the example that ended the last one -> each_epoch_has_an_order_of_its_own
def epoch_orders(key, n, n_epochs):
    def epoch(last, key):
        order = random.permutation(key, n)
        order = jnp.where(order[0] == last, order[::-1], order)
        return order[-1], order

    return lax.scan(epoch, jnp.int32(-1), random.split(key, n_epochs))[1]


# %% wrong: the order of draws from a short range, with ties -> each_epoch_has_an_order_of_its_own
def epoch_orders(key, n, n_epochs):
    return jnp.argsort(random.randint(key, (n_epochs, n), 0, 1000), axis=1).astype(jnp.int32)


# %% wrong: the order of draws of half precision, with ties -> each_epoch_has_an_order_of_its_own
def epoch_orders(key, n, n_epochs):
    return jnp.argsort(random.uniform(key, (n_epochs, n), jnp.float16), axis=1).astype(jnp.int32)
