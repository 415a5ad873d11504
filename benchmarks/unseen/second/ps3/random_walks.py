# %% right: one array of steps, cumsum
def random_walks(key, n_walkers, n_steps):
    return jnp.cumsum(random.normal(key, (n_walkers, n_steps)), axis=1)

# %% right: a key for each walker, vmap
def random_walks(key, n_walkers, n_steps):
    def walk(k):
        return random.normal(k, (n_steps,)).cumsum()

    return jax.vmap(walk)(random.split(key, n_walkers))

# %% right: scan over the steps, all walkers at once
def random_walks(key, n_walkers, n_steps):
    def step(position, k):
        position = position + random.normal(k, (n_walkers,))
        return position, position

    _, positions = lax.scan(step, jnp.zeros(n_walkers), random.split(key, n_steps))
    return positions.T

# %% right: product with a triangle of ones
def random_walks(key, n_walkers, n_steps):
    steps = random.normal(key, (n_walkers, n_steps))
    return jnp.einsum("ws,st->wt", steps, jnp.triu(jnp.ones((n_steps, n_steps))),
                      precision=lax.Precision.HIGHEST)

# %% right: fori_loop with the key in the state
def random_walks(key, n_walkers, n_steps):
    def body(t, state):
        key, position, out = state
        key, sub = random.split(key)
        position = position + random.normal(sub, position.shape)
        return key, position, out.at[:, t].set(position)

    start = (key, jnp.zeros(n_walkers), jnp.zeros((n_walkers, n_steps)))
    return lax.fori_loop(0, n_steps, body, start)[2]

# %% right: associative_scan and fold_in
def random_walks(key, n_walkers, n_steps):
    steps = jax.vmap(lambda i: random.normal(random.fold_in(key, i), (n_steps,)))(
        jnp.arange(n_walkers)
    )
    return lax.associative_scan(jnp.add, steps, axis=1)

# %% right: steps drawn with the axes the other way round
def random_walks(key, n_walkers, n_steps):
    steps = random.normal(key, (n_steps, n_walkers), jnp.float32)
    return lax.cumsum(steps, axis=0).swapaxes(0, 1)

# %% wrong: start at 0 kept, last step dropped | column 0 is all zeros, everything one step late
def random_walks(key, n_walkers, n_steps):
    steps = random.normal(key, (n_walkers, n_steps)).at[:, 0].set(0.0)
    return jnp.cumsum(steps, axis=1)

# %% wrong: mirrored pairs | every second walker is minus the one before
def random_walks(key, n_walkers, n_steps):
    half = random.normal(key, ((n_walkers + 1) // 2, n_steps))
    steps = jnp.stack([half, -half], axis=1).reshape(-1, n_steps)[:n_walkers]
    return jnp.cumsum(steps, axis=1)

# %% wrong: steps of plus or minus 1 | not normal
def random_walks(key, n_walkers, n_steps):
    return jnp.cumsum(random.rademacher(key, (n_walkers, n_steps), jnp.float32), axis=1)

# %% wrong: uniform steps of variance 1 | not normal
def random_walks(key, n_walkers, n_steps):
    steps = random.uniform(key, (n_walkers, n_steps), minval=-(3**0.5), maxval=3**0.5)
    return steps.cumsum(axis=1)

# %% wrong: 32 step sequences in a cycle | walker 32 repeats walker 0
def random_walks(key, n_walkers, n_steps):
    steps = random.normal(key, (32, n_steps))
    return jnp.cumsum(steps[jnp.arange(n_walkers) % 32], axis=1)

# %% wrong: key number walker + step | walkers share steps: walker 1 is walker 0 one step later
def random_walks(key, n_walkers, n_steps):
    i = jnp.arange(n_walkers)[:, None] + jnp.arange(n_steps)
    keys = jax.vmap(lambda j: random.fold_in(key, j))(i.ravel())
    return jnp.cumsum(jax.vmap(random.normal)(keys).reshape(n_walkers, n_steps), axis=1)

# %% wrong: independent positions of the right size | variance t, but steps between neighbours are not standard normal
def random_walks(key, n_walkers, n_steps):
    t = jnp.arange(1, n_steps + 1)
    return random.normal(key, (n_walkers, n_steps)) * jnp.sqrt(t).astype(jnp.float32)

# %% wrong: one draw for each walker, times the square root of t | variance t, but all steps of a walker follow from one draw
def random_walks(key, n_walkers, n_steps):
    z = random.normal(key, (n_walkers, 1))
    return z * jnp.sqrt(jnp.arange(1.0, n_steps + 1))

# %% wrong: sums in half precision | positions of long walks are off by more than 0.01
def random_walks(key, n_walkers, n_steps):
    steps = random.normal(key, (n_walkers, n_steps)).astype(jnp.float16)
    return jnp.cumsum(steps, axis=1).astype(jnp.float32)

# %% wrong: steps standardized over the walkers | each step sums to 0 over the walkers: not independent (n_walkers = 1: NaN)
def random_walks(key, n_walkers, n_steps):
    steps = random.normal(key, (n_walkers, n_steps))
    steps = (steps - steps.mean(axis=0)) / steps.std(axis=0)
    return jnp.cumsum(steps, axis=1)

# %% wrong: blocks of 100 steps | walkers start again from 0 at steps 101, 201, ...
def random_walks(key, n_walkers, n_steps):
    steps = random.normal(key, (n_walkers, n_steps))
    return jnp.concatenate(
        [steps[:, i : i + 100].cumsum(axis=1) for i in range(0, n_steps, 100)], axis=1
    )

# %% wrong: positions clipped at 30 | walks of many steps stop at a wall
def random_walks(key, n_walkers, n_steps):
    def step(p, k):
        p = jnp.clip(p + random.normal(k, p.shape), -30.0, 30.0)
        return p, p

    return lax.scan(step, jnp.zeros(n_walkers), random.split(key, n_steps))[1].T

# %% wrong: first step from the key that is split afterwards | key is drawn from and split
def random_walks(key, n_walkers, n_steps):
    first = random.normal(key, (n_walkers, 1))
    rest = jax.vmap(lambda k: random.normal(k, (n_walkers,)))(random.split(key, n_steps))[1:]
    return jnp.cumsum(jnp.concatenate([first, rest.T], axis=1), axis=1)

# %% wrong: sums over the walkers | cumsum along axis 0
def random_walks(key, n_walkers, n_steps):
    return jnp.cumsum(random.normal(key, (n_walkers, n_steps)), axis=0)

# %% wrong: step keys repeat after 256 steps | 8-bit step number folded in
def random_walks(key, n_walkers, n_steps):
    def step(p, t):
        p = p + random.normal(random.fold_in(key, t), p.shape)
        return p, p

    t = (jnp.arange(n_steps) % 256).astype(jnp.uint8)
    return lax.scan(step, jnp.zeros(n_walkers), t)[1].T

# %% wrong: common drift | a small shared step for all walkers: correlation between walkers
def random_walks(key, n_walkers, n_steps):
    own, shared = random.split(key)
    a, b = 0.8**0.5, 0.2**0.5
    steps = a * random.normal(own, (n_walkers, n_steps)) + b * random.normal(shared, (n_steps,))
    return jnp.cumsum(steps, axis=1)

# %% wrong: NumPy's generator | key ignored, hidden state, baked in under jit
def random_walks(key, n_walkers, n_steps):
    return jnp.asarray(np.random.randn(n_walkers, n_steps).cumsum(axis=1), jnp.float32)

# %% wrong: carries the key it has drawn with | the key is drawn from and then split for the next step
def random_walks(key, n_walkers, n_steps):
    def step(state, _):
        key, p = state
        p = p + random.normal(key, (n_walkers,))
        key, _ = random.split(key)
        return (key, p), p

    return lax.scan(step, (key, jnp.zeros(n_walkers)), None, length=n_steps)[1].T
