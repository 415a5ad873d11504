# %% right: mended scan, carries the other child
def epoch_orders(key, n, n_epochs):
    def epoch(key, _):
        later, now = random.split(key)
        return later, random.permutation(now, n)

    _, orders = lax.scan(epoch, key, None, length=n_epochs)
    return orders

# %% right: vmap over a key for each epoch
def epoch_orders(key, n, n_epochs):
    return jax.vmap(lambda k: random.permutation(k, n))(random.split(key, n_epochs))

# %% right: fold_in with the number of the epoch, lax.map
def epoch_orders(key, n, n_epochs):
    def epoch(i):
        return random.permutation(random.fold_in(key, i), jnp.arange(n, dtype=jnp.int32))

    return lax.map(epoch, jnp.arange(n_epochs))

# %% right: independent permutations of the rows of a table
def epoch_orders(key, n, n_epochs):
    table = jnp.broadcast_to(jnp.arange(n, dtype=jnp.int32), (n_epochs, n))
    return random.permutation(key, table, axis=1, independent=True)

# %% right: scan over keys, choice without replacement
def epoch_orders(key, n, n_epochs):
    def epoch(_, k):
        return None, random.choice(k, n, (n,), replace=False)

    return lax.scan(epoch, None, random.split(key, n_epochs))[1].astype(jnp.int32)

# %% right: sort by 64 random bits
def epoch_orders(key, n, n_epochs):
    bits = random.bits(key, (2, n_epochs, n), jnp.uint32)
    return jnp.lexsort((bits[0], bits[1]), axis=-1).astype(jnp.int32)

# %% right: shuffles the order of the epoch before, new key each time
def epoch_orders(key, n, n_epochs):
    def epoch(state, k):
        state = random.permutation(k, state)
        return state, state

    return lax.scan(epoch, jnp.arange(n, dtype=jnp.int32), random.split(key, n_epochs))[1]

# %% wrong: carries the child it has drawn with | now is drawn from and then split
def epoch_orders(key, n, n_epochs):
    def epoch(key, _):
        later, now = random.split(key)
        return now, random.permutation(now, n)

    return lax.scan(epoch, key, None, length=n_epochs)[1]

# %% wrong: one order, rotated | an epoch's order tells that of all others up to a shift
def epoch_orders(key, n, n_epochs):
    a, b = random.split(key)
    order = random.permutation(a, n)
    shifts = random.randint(b, (n_epochs,), 0, n)
    return jax.vmap(lambda s: jnp.roll(order, s))(shifts)

# %% wrong: the same permutation applied again and again | epochs 1 and 2 tell all the others
def epoch_orders(key, n, n_epochs):
    mix = random.permutation(key, n)

    def epoch(order, _):
        order = order[mix]
        return order, order

    return lax.scan(epoch, jnp.arange(n), None, length=n_epochs)[1]

# %% wrong: back and forth | every second epoch is the one before in reverse
def epoch_orders(key, n, n_epochs):
    half = jax.vmap(lambda k: random.permutation(k, n))(random.split(key, (n_epochs + 1) // 2))
    return jnp.stack([half, half[:, ::-1]], axis=1).reshape(-1, n)[:n_epochs]

# %% wrong: 8-bit epoch number | epoch 256 repeats epoch 0
def epoch_orders(key, n, n_epochs):
    i = (jnp.arange(n_epochs) % 256).astype(jnp.uint8)
    return jax.vmap(lambda j: random.permutation(random.fold_in(key, j), n))(i)

# %% wrong: sort by a draw from 0 to 31 | ties keep their order: small numbers come first too often
def epoch_orders(key, n, n_epochs):
    return jnp.argsort(random.randint(key, (n_epochs, n), 0, 32), axis=1).astype(jnp.int32)

# %% wrong: naive swaps | every place swapped with any place: orders are not equally likely
def epoch_orders(key, n, n_epochs):
    def shuffled(partners):
        def swap(i, order):
            j = partners[i]
            return order.at[i].set(order[j]).at[j].set(order[i])

        return lax.fori_loop(0, n, swap, jnp.arange(n))

    return jax.vmap(shuffled)(random.randint(key, (n_epochs, n), 0, n))

# %% wrong: first epoch not shuffled | row 0 is always 0, 1, 2, ...
def epoch_orders(key, n, n_epochs):
    rows = jax.vmap(lambda k: random.permutation(k, n))(random.split(key, n_epochs))
    return rows.at[0].set(jnp.arange(n)) if n_epochs > 1 else rows

# %% wrong: numbers in 8 bits | n above 256: numbers repeat and others are missing
def epoch_orders(key, n, n_epochs):
    numbers = jnp.arange(n).astype(jnp.uint8)
    rows = jax.vmap(lambda k: random.permutation(k, numbers))(random.split(key, n_epochs))
    return rows.astype(jnp.int32)

# %% wrong: shuffles within blocks of 8 | with n above 8 an example never leaves its block
def epoch_orders(key, n, n_epochs):
    def one(k):
        parts = [
            random.permutation(random.fold_in(k, i), jnp.arange(i, min(i + 8, n)))
            for i in range(0, n, 8)
        ]
        return jnp.concatenate(parts)

    return jax.vmap(one)(random.split(key, n_epochs))

# %% wrong: next key from the order before | equal first entries lead to the same next order
def epoch_orders(key, n, n_epochs):
    def epoch(first, _):
        order = random.permutation(random.fold_in(key, first), n)
        return order[0] + 1, order

    return lax.scan(epoch, jnp.int32(0), None, length=n_epochs)[1]

# %% wrong: scores that drift | orders of neighbouring epochs are correlated
def epoch_orders(key, n, n_epochs):
    scores = jnp.cumsum(random.normal(key, (n_epochs, n)), axis=0)
    return jnp.argsort(scores, axis=1).astype(jnp.int32)

# %% wrong: key ignored | the same orders for every key
def epoch_orders(key, n, n_epochs):
    return jax.vmap(lambda s: random.permutation(random.key(s), n))(jnp.arange(n_epochs))

# %% wrong: never the same start twice | the first example of an epoch is never the first of the one before
def epoch_orders(key, n, n_epochs):
    def epoch(last, k):
        order = random.permutation(k, n)
        order = jnp.where(order[0] == last, order[::-1], order)
        return order[0], order

    return lax.scan(epoch, jnp.int32(-1), random.split(key, n_epochs))[1]

# %% wrong: Sattolo's shuffle | upper bound off by one: no number stays in its own place
def epoch_orders(key, n, n_epochs):
    def shuffled(k):
        keys = random.split(k, n)

        def swap(step, order):
            i = n - 1 - step
            j = random.randint(keys[i], (), 0, i)
            return order.at[i].set(order[j]).at[j].set(order[i])

        return lax.fori_loop(0, n - 1, swap, jnp.arange(n))

    return jax.vmap(shuffled)(random.split(key, n_epochs))

# %% wrong: NumPy's permutations | hidden state, baked in under jit
def epoch_orders(key, n, n_epochs):
    return jnp.asarray([np.random.permutation(n) for _ in range(n_epochs)], jnp.int32)

# %% wrong: a pool of 16 orders | rows repeat after 16 epochs
def epoch_orders(key, n, n_epochs):
    pool = jax.vmap(lambda k: random.permutation(k, n))(random.split(key, 16))
    return pool[jnp.arange(n_epochs) % 16]

# %% wrong: key drawn from and split | the first epoch uses key itself, which is split for the others
def epoch_orders(key, n, n_epochs):
    first = random.permutation(key, n)[None]
    later = jax.vmap(lambda k: random.permutation(k, n))(random.split(key, n_epochs))
    return jnp.concatenate([first, later[1:]])
