# %% right: one draw for all, cumsum
def random_walks(key, n_walkers, n_steps):
    return jnp.cumsum(random.normal(key, (n_walkers, n_steps)), axis=1)

# %% right: a key for each walker, vmap
def random_walks(key, n_walkers, n_steps):
    def one(k):
        return random.normal(k, (n_steps,)).cumsum()
    return jax.vmap(one)(random.split(key, n_walkers))

# %% right: scan over the steps with positions and key as state
def random_walks(key, n_walkers, n_steps):
    def step(state, _):
        k, at = state
        k, sub = random.split(k)
        at = at + random.normal(sub, at.shape)
        return (k, at), at
    _, walks = lax.scan(step, (key, jnp.zeros(n_walkers)), None, length=n_steps)
    return walks.T

# %% right: product with a triangle of ones
def random_walks(key, n_walkers, n_steps):
    steps = random.normal(key, (n_walkers, n_steps), dtype=jnp.float32)
    return jnp.matmul(steps, jnp.triu(jnp.ones((n_steps, n_steps), jnp.float32)), precision="highest")

# %% right: associative scan
def random_walks(key, n_walkers, n_steps):
    return lax.associative_scan(jnp.add, random.normal(key, (n_walkers, n_steps)), axis=-1)

# %% right: a Python loop over the walkers
def random_walks(key, n_walkers, n_steps):
    return jnp.stack([jnp.cumsum(random.normal(k, (n_steps,))) for k in random.split(key, n_walkers)])

# %% right: fori_loop with fold_in of the number of the step
def random_walks(key, n_walkers, n_steps):
    def body(t, walks):
        step = random.normal(random.fold_in(key, t), (n_walkers,))
        before = jnp.where(t > 0, walks[:, t - 1], 0.0)
        return walks.at[:, t].set(before + step)
    return lax.fori_loop(0, n_steps, body, jnp.zeros((n_walkers, n_steps), jnp.float32))

# %% right: folded key for each walker, lax.map, lax.cumsum
def random_walks(key, n_walkers, n_steps):
    def walk(i):
        return lax.cumsum(random.normal(random.fold_in(key, i), (n_steps,)))
    return lax.map(walk, jnp.arange(n_walkers))

# %% right: steps by Box and Muller, time as the first axis, einsum swap
def random_walks(key, n_walkers, n_steps):
    a, b = random.split(key)
    shape = n_steps, n_walkers
    steps = jnp.sqrt(-2 * jnp.log1p(-random.uniform(a, shape))) * jnp.sin(2 * jnp.pi * random.uniform(b, shape))
    return jnp.einsum("tw->wt", jnp.cumsum(steps, axis=0))

# %% right: grid of keys, nested vmap
def random_walks(key, n_walkers, n_steps):
    keys = random.split(key, (n_walkers, n_steps))
    steps = jax.vmap(jax.vmap(random.normal))(keys)
    return jnp.add.accumulate(steps, axis=1)

# %% right: doubling with shifts
def random_walks(key, n_walkers, n_steps):
    y = random.normal(key, (n_walkers, n_steps))
    gap = 1
    while gap < n_steps:
        y = y + jnp.pad(y[:, :-gap], ((0, 0), (gap, 0)))
        gap *= 2
    return y

# %% right: a walker class with a recursive halving of the walkers' keys
class _Crowd:
    def __init__(self, n, n_steps):
        self.n, self.n_steps = n, n_steps

    def walk(self, key):
        if self.n <= 2:
            return random.normal(key, (self.n, self.n_steps)).cumsum(axis=1)
        a, b = random.split(key)
        left = _Crowd(self.n // 2, self.n_steps)
        right = _Crowd(self.n - self.n // 2, self.n_steps)
        return jnp.concatenate([left.walk(a), right.walk(b)])

def random_walks(key, n_walkers, n_steps):
    return _Crowd(n_walkers, n_steps).walk(key)

# %% wrong: steps of +1 or -1 | Each step is a draw from the standard normal distribution
def random_walks(key, n_walkers, n_steps):
    return jnp.cumsum(random.rademacher(key, (n_walkers, n_steps), jnp.float32), axis=1)

# %% wrong: independent positions with the right variance, no walk | Row i holds the positions after its first step, its second, ...
def random_walks(key, n_walkers, n_steps):
    t = jnp.arange(1, n_steps + 1, dtype=jnp.float32)
    return random.normal(key, (n_walkers, n_steps)) * jnp.sqrt(t)

# %% wrong: the start is included and the last step left out | the start at 0 is left out
def random_walks(key, n_walkers, n_steps):
    walks = jnp.cumsum(random.normal(key, (n_walkers, n_steps)), axis=1)
    return jnp.concatenate([jnp.zeros((n_walkers, 1)), walks[:, :-1]], axis=1)

# %% wrong: half of the walkers mirror the others | independent of all the others
def random_walks(key, n_walkers, n_steps):
    half = random.normal(key, ((n_walkers + 1) // 2, n_steps))
    return jnp.cumsum(jnp.concatenate([half, -half])[:n_walkers], axis=1)

# %% wrong: walkers read overlapping parts of one long draw | independent of all other steps
def random_walks(key, n_walkers, n_steps):
    long = random.normal(key, (n_walkers + n_steps,))
    i = jnp.arange(n_walkers)[:, None] + jnp.arange(n_steps)[None, :]
    return jnp.cumsum(long[i], axis=1)

# %% wrong: a folded key for walker plus step, so walkers share their steps with a delay | independent; must not use a key twice
def random_walks(key, n_walkers, n_steps):
    def step(i, t):
        return random.normal(random.fold_in(key, i + t))
    steps = jax.vmap(lambda i: jax.vmap(lambda t: step(i, t))(jnp.arange(n_steps)))(jnp.arange(n_walkers))
    return steps.cumsum(axis=1)

# %% wrong: one draw per walker, grown with the root of time | each step a draw of its own
def random_walks(key, n_walkers, n_steps):
    z = random.normal(key, (n_walkers, 1))
    return z * jnp.sqrt(jnp.arange(1.0, n_steps + 1))

# %% wrong: steps truncated at two standard deviations | standard normal distribution
def random_walks(key, n_walkers, n_steps):
    return jnp.cumsum(random.truncated_normal(key, -2.0, 2.0, (n_walkers, n_steps)), axis=1)

# %% wrong: the mean over the walkers is taken out of every step | independent draws
def random_walks(key, n_walkers, n_steps):
    steps = random.normal(key, (n_walkers, n_steps))
    return jnp.cumsum(steps - steps.mean(axis=0) if n_walkers > 1 else steps, axis=1)

# %% wrong: sums in bfloat16 | float32; precision lost in long walks
def random_walks(key, n_walkers, n_steps):
    steps = random.normal(key, (n_walkers, n_steps), jnp.bfloat16)
    return lax.scan(lambda p, s: (p + s, p + s), jnp.zeros(n_walkers, jnp.bfloat16), steps.T)[1].T.astype(jnp.float32)

# %% wrong: a new key for blocks of 16 steps only, from the same parent: blocks repeat | each step a draw of its own
def random_walks(key, n_walkers, n_steps):
    block = random.normal(key, (n_walkers, 16))
    steps = jnp.tile(block, (1, -(-n_steps // 16)))[:, :n_steps]
    return jnp.cumsum(steps, axis=1)

# %% wrong: at most 64 walkers differ, further ones repeat the first | independent of all the others
def random_walks(key, n_walkers, n_steps):
    keys = random.split(key, 64)
    walk = jax.vmap(lambda k: random.normal(k, (n_steps,)).cumsum())(keys)
    return walk[jnp.arange(n_walkers) % 64]

# %% wrong: sizes drawn from the key, signs from a child of the same key | Either draw from it or split it, once
def random_walks(key, n_walkers, n_steps):
    shape = n_walkers, n_steps
    size = jnp.abs(random.normal(key, shape))
    sign = jnp.where(random.bernoulli(random.split(key)[0], 0.5, shape), 1.0, -1.0)
    return jnp.cumsum(size * sign, axis=1)

# %% wrong: a shared gust in every step | independent of the steps of all the others
def random_walks(key, n_walkers, n_steps):
    a, b = random.split(key)
    own = random.normal(a, (n_walkers, n_steps))
    gust = random.normal(b, (1, n_steps))
    return jnp.cumsum(0.8 * own + 0.6 * gust, axis=1)
