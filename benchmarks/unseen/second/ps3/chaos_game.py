# %% right: all lots at once, scan over the corners
def chaos_game(key, corners, n):
    lots = random.randint(key, (n,), 0, len(corners))

    def move(pencil, corner):
        pencil = (pencil + corner) / 2
        return pencil, pencil

    return lax.scan(move, corners[0], corners[lots])[1]

# %% right: key in the state, choice at each move
def chaos_game(key, corners, n):
    def move(state, _):
        key, pencil = state
        key, lot = random.split(key)
        pencil = pencil + 0.5 * (random.choice(lot, corners) - pencil)
        return (key, pencil), pencil

    return lax.scan(move, (key, corners[0]), None, length=n)[1]

# %% right: fori_loop into an array
def chaos_game(key, corners, n):
    aims = random.choice(key, corners, (n,))

    def body(i, dots):
        before = jnp.where(i == 0, corners[0], dots[i - 1])
        return dots.at[i].set(0.5 * before + 0.5 * aims[i])

    return lax.fori_loop(0, n, body, jnp.zeros((n, 2), jnp.float32))

# %% right: associative scan of the moves as affine maps
def chaos_game(key, corners, n):
    aims = corners[random.randint(key, (n,), 0, corners.shape[0])]
    scale = jnp.full((n, 1), 0.5)

    def after(f, g):
        return f[0] * g[0], f[1] * g[0] + g[1]

    s, t = lax.associative_scan(after, (scale, 0.5 * aims))
    return s * corners[0] + t

# %% right: a key for each move, scan over keys
def chaos_game(key, corners, n):
    k = corners.shape[0]

    def move(p, one_key):
        i = random.randint(one_key, (), minval=0, maxval=k)
        p = jnp.mean(jnp.stack([p, lax.dynamic_index_in_dim(corners, i, 0, keepdims=False)]), axis=0)
        return p, p

    _, dots = lax.scan(move, corners[0], random.split(key, n))
    return dots

# %% right: fold_in by the number of the move, while_loop
def chaos_game(key, corners, n):
    def more(state):
        return state[0] < n

    def move(state):
        i, pencil, dots = state
        lot = random.randint(random.fold_in(key, i), (), 0, len(corners))
        pencil = 0.5 * (pencil + corners[lot])
        return i + 1, pencil, dots.at[i].set(pencil)

    return lax.while_loop(more, move, (0, corners[0], jnp.empty((n, 2), jnp.float32)))[2]

# %% wrong: the start is the first dot | everything one place late
def chaos_game(key, corners, n):
    lots = random.randint(key, (n,), 0, len(corners))

    def move(pencil, corner):
        return (pencil + corner) / 2, pencil

    return lax.scan(move, corners[0], corners[lots])[1]

# %% wrong: three corners taken for granted | other numbers of corners: some never drawn, or the last too often
def chaos_game(key, corners, n):
    lots = random.randint(key, (n,), 0, 3)

    def move(pencil, lot):
        pencil = (pencil + corners[lot]) / 2
        return pencil, pencil

    return lax.scan(move, corners[0], lots)[1]

# %% wrong: last corner never drawn | upper bound k - 1 is exclusive
def chaos_game(key, corners, n):
    lots = random.randint(key, (n,), 0, len(corners) - 1)

    def move(pencil, corner):
        pencil = (pencil + corner) / 2
        return pencil, pencil

    return lax.scan(move, corners[0], corners[lots])[1]

# %% wrong: closed form with powers of two | 2**t overflows: NaN after 127 dots
def chaos_game(key, corners, n):
    aims = corners[random.randint(key, (n,), 0, len(corners))]
    power = 2.0 ** jnp.arange(1, n + 1, dtype=jnp.float32)[:, None]
    return (corners[0] + jnp.cumsum(aims * power / 2, axis=0)) / power

# %% wrong: never the same corner twice running | lots are not independent
def chaos_game(key, corners, n):
    k = len(corners)
    a, b = random.split(key)
    first = random.randint(a, (1,), 0, k)
    jumps = random.randint(b, (n - 1,), 1, k)
    lots = jnp.cumsum(jnp.concatenate([first, jumps])) % k

    def move(pencil, corner):
        pencil = (pencil + corner) / 2
        return pencil, pencil

    return lax.scan(move, corners[0], corners[lots])[1]

# %% wrong: a lot for x and another for y | aims at points that are no corners
def chaos_game(key, corners, n):
    lots = random.randint(key, (n, 2), 0, len(corners))
    aims = jnp.take_along_axis(corners, lots, axis=0)

    def move(pencil, aim):
        pencil = (pencil + aim) / 2
        return pencil, pencil

    return lax.scan(move, corners[0], aims)[1]

# %% wrong: one lot for all moves | key not advanced: the pencil runs into a single corner
def chaos_game(key, corners, n):
    def move(state, _):
        key, pencil = state
        _, lot = random.split(key)
        pencil = (pencil + random.choice(lot, corners)) / 2
        return (key, pencil), pencil

    return lax.scan(move, (key, corners[0]), None, length=n)[1]

# %% wrong: goes 1/k of the way | half of the way only for two corners
def chaos_game(key, corners, n):
    k = len(corners)
    lots = random.randint(key, (n,), 0, k)

    def move(pencil, corner):
        pencil = pencil + (corner - pencil) / k
        return pencil, pencil

    return lax.scan(move, corners[0], corners[lots])[1]

# %% wrong: half precision | dots rounded to 3 digits
def chaos_game(key, corners, n):
    lots = random.randint(key, (n,), 0, len(corners))

    def move(pencil, corner):
        pencil = (pencil + corner) / 2
        return pencil, pencil

    half = corners.astype(jnp.float16)
    return lax.scan(move, half[0], half[lots])[1].astype(jnp.float32)

# %% wrong: rounded uniform lots | first and last corner half as likely as the others when k > 2
def chaos_game(key, corners, n):
    u = random.uniform(key, (n,)) * (len(corners) - 1)
    lots = jnp.round(u).astype(jnp.int32)

    def move(pencil, corner):
        pencil = (pencil + corner) / 2
        return pencil, pencil

    return lax.scan(move, corners[0], corners[lots])[1]

# %% wrong: lots from 0 to 7 modulo k | corners not equally likely unless k divides 8; corners above 8 never
def chaos_game(key, corners, n):
    lots = random.randint(key, (n,), 0, 8) % len(corners)

    def move(pencil, corner):
        pencil = (pencil + corner) / 2
        return pencil, pencil

    return lax.scan(move, corners[0], corners[lots])[1]

# %% wrong: each corner once in every round | rounds of k lots without replacement: not independent
def chaos_game(key, corners, n):
    k = len(corners)
    rounds = jax.vmap(lambda r: random.permutation(r, k))(random.split(key, -(-n // k)))

    def move(pencil, corner):
        pencil = (pencil + corner) / 2
        return pencil, pencil

    return lax.scan(move, corners[0], corners[rounds.ravel()[:n]])[1]

# %% wrong: 1000 lots in a cycle | longer games repeat their lots
def chaos_game(key, corners, n):
    lots = jnp.resize(random.randint(key, (1000,), 0, len(corners)), (n,))

    def move(pencil, corner):
        pencil = (pencil + corner) / 2
        return pencil, pencil

    return lax.scan(move, corners[0], corners[lots])[1]

# %% wrong: starts at the lower left of the bounding box | first corner only if it is lowest in both coordinates
def chaos_game(key, corners, n):
    lots = random.randint(key, (n,), 0, len(corners))

    def move(pencil, corner):
        pencil = (pencil + corner) / 2
        return pencil, pencil

    return lax.scan(move, corners.min(axis=0), corners[lots])[1]

# %% wrong: only the last 14 lots count | sum cut off: dots after the 14th are off by up to 0.001
def chaos_game(key, corners, n):
    aims = corners[random.randint(key, (n,), 0, len(corners))]
    padded = jnp.concatenate([jnp.zeros((13, 2)), aims])
    dots = sum(0.5 ** (j + 1) * padded[13 - j : 13 - j + n] for j in range(14))
    start = jnp.where(jnp.arange(1, n + 1) <= 14, 0.5 ** jnp.arange(1.0, n + 1), 0.0)
    return dots + start[:, None] * corners[0]

# %% wrong: distinct corners only | equal corners are merged and padding repeats the smallest: not equally likely
def chaos_game(key, corners, n):
    pool = jnp.unique(corners, axis=0, size=len(corners))
    lots = random.randint(key, (n,), 0, len(corners))

    def move(pencil, corner):
        pencil = (pencil + corner) / 2
        return pencil, pencil

    return lax.scan(move, corners[0], pool[lots])[1]

# %% wrong: NumPy's lots | key ignored, hidden state, baked in under jit
def chaos_game(key, corners, n):
    lots = np.random.randint(0, len(corners), n)

    def move(pencil, corner):
        pencil = (pencil + corner) / 2
        return pencil, pencil

    return lax.scan(move, corners[0], corners[lots])[1]

# %% wrong: the lot is drawn with the key that is split for the next | key is drawn from and split
def chaos_game(key, corners, n):
    def move(state, _):
        key, pencil = state
        pencil = (pencil + corners[random.randint(key, (), 0, len(corners))]) / 2
        key, _ = random.split(key)
        return (key, pencil), pencil

    return lax.scan(move, (key, corners[0]), None, length=n)[1]

# %% wrong: dots snapped to a grid | rounded to 4 decimals, small pictures lose their pattern
def chaos_game(key, corners, n):
    lots = random.randint(key, (n,), 0, len(corners))

    def move(pencil, corner):
        pencil = jnp.round((pencil + corner) / 2, 4)
        return pencil, pencil

    return lax.scan(move, corners[0], corners[lots])[1]
