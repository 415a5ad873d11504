# %% right: cumsum of one array of draws
def random_walks(
    key: PRNGKeyArray, n_walkers: int, n_steps: int
) -> Float32[Array, "n_walkers n_steps"]:
    """Return the position of each walker after each of its standard normal steps."""
    return random.normal(key, (n_walkers, n_steps)).cumsum(axis=1)

# %% right: functional, a key and a scan for each walker
def random_walks(key, n_walkers, n_steps):
    """Return the position of each walker after each of its standard normal steps."""

    def walk(walker_key):
        def move(place, step):
            place = place + step
            return place, place

        return lax.scan(move, jnp.float32(0), random.normal(walker_key, (n_steps,)))[1]

    return jax.vmap(walk)(random.split(key, n_walkers))

# %% right: documentation reader, associative_scan over steps drawn time first
def random_walks(key, n_walkers, n_steps):
    """Return the position of each walker after each of its standard normal steps."""
    steps = random.normal(key, (n_steps, n_walkers), dtype=jnp.float32)
    return lax.associative_scan(jnp.add, steps, axis=0).T

# %% right: physicist, time loop that moves all walkers, chain of keys
def random_walks(key, n_walkers, n_steps):
    """Return the position of each walker after each of its standard normal steps."""

    def tick(t, state):
        key, position, record = state
        key, subkey = random.split(key)
        position = position + random.normal(subkey, (n_walkers,))
        return key, position, record.at[:, t].set(position)

    start = (key, jnp.zeros(n_walkers), jnp.zeros((n_walkers, n_steps)))
    return lax.fori_loop(0, n_steps, tick, start)[2]

# %% wrong: second half of the walkers mirrors the first | walkers are not independent of each other
def random_walks(key, n_walkers, n_steps):
    half = (n_walkers + 1) // 2
    steps = random.normal(key, (half, n_steps))
    steps = jnp.concatenate([steps, -steps])[:n_walkers]
    return jnp.cumsum(steps, axis=1)

# %% wrong: time-first walks reshaped instead of transposed | a row holds pieces of many walkers and not the positions of one
def random_walks(key, n_walkers, n_steps):
    steps = random.normal(key, (n_steps, n_walkers))
    return jnp.cumsum(steps, axis=0).reshape(n_walkers, n_steps)

# %% wrong: coin-flip steps | steps are plus or minus 1, not standard normal
def random_walks(key, n_walkers, n_steps):
    steps = random.rademacher(key, (n_walkers, n_steps), dtype=jnp.float32)
    return jnp.cumsum(steps, axis=1)

# %% wrong: start included, last position lost | column 0 is the start at 0, every position comes one step late
def random_walks(key, n_walkers, n_steps):
    steps = random.normal(key, (n_walkers, n_steps))
    walks = jnp.concatenate([jnp.zeros((n_walkers, 1)), jnp.cumsum(steps, axis=1)], axis=1)
    return walks[:, :n_steps]

# %% wrong: number of the walker folded in as uint8 | from 257 walkers on, walkers repeat each other
def random_walks(key, n_walkers, n_steps):
    numbers = jnp.asarray(np.arange(n_walkers).astype(np.uint8))
    keys = jax.vmap(lambda i: random.fold_in(key, i))(numbers)
    steps = jax.vmap(lambda k: random.normal(k, (n_steps,)))(keys)
    return jnp.cumsum(steps, axis=1)

# %% wrong: draws with the key that is then split | each key of the chain is drawn from and split, used twice
def random_walks(key, n_walkers, n_steps):
    def step(state, _):
        key, position = state
        position = position + random.normal(key, (n_walkers,))
        key, _ = random.split(key)
        return (key, position), position

    _, walks = lax.scan(step, (key, jnp.zeros(n_walkers)), None, length=n_steps)
    return walks.T

# %% wrong: positions drawn directly with deviation sqrt(t) | right spread at each time, but the differences are no standard normal steps
def random_walks(key, n_walkers, n_steps):
    t = jnp.arange(1, n_steps + 1)
    return random.normal(key, (n_walkers, n_steps)) * jnp.sqrt(t)

# %% wrong: steps centred so that the walkers do not drift | steps of the walkers sum to 0, not independent, and a single walker never moves
def random_walks(key, n_walkers, n_steps):
    steps = random.normal(key, (n_walkers, n_steps))
    steps = steps - steps.mean(axis=0, keepdims=True)
    return jnp.cumsum(steps, axis=1)
