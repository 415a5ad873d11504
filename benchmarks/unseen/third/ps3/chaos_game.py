# %% right: all draws at once, then a scan
def chaos_game(key: PRNGKeyArray, corners: Float32[Array, "k 2"], n: int) -> Float32[Array, "n 2"]:
    """Return n dots, each half of the way from the one before to a random corner."""
    draws = random.randint(key, (n,), 0, len(corners))

    def move(pencil, corner):
        pencil = (pencil + corner) / 2
        return pencil, pencil

    return lax.scan(move, corners[0], corners[draws])[1]

# %% right: documentation reader, associative_scan of the maps p -> a p + b
def chaos_game(key, corners, n):
    """Return n dots, each half of the way from the one before to a random corner."""
    aims = random.choice(key, corners, (n,))

    def then(first, second):
        (a, b), (c, d) = first, second
        return c * a, c * b + d

    a, b = lax.associative_scan(then, (jnp.full((n, 1), 0.5), 0.5 * aims))
    return a * corners[0] + b

# %% right: physicist, fori_loop that fills a table whose row 0 is the start
def chaos_game(key, corners, n):
    """Return n dots, each half of the way from the one before to a random corner."""
    k = corners.shape[0]
    lots = random.randint(key, shape=(n,), minval=0, maxval=k)

    def move(t, place):
        halfway = place[t] + 0.5 * (corners[lots[t]] - place[t])
        return place.at[t + 1].set(halfway)

    place = jnp.zeros((n + 1, 2), jnp.float32).at[0].set(corners[0])
    return lax.fori_loop(0, n, move, place)[1:]

# %% right: functional, a key for each move, drawn inside the scan
def chaos_game(key, corners, n):
    """Return n dots, each half of the way from the one before to a random corner."""
    pairwise = lambda pencil, subkey: 2 * (0.5 * (pencil + random.choice(subkey, corners)),)
    _, dots = lax.scan(pairwise, corners[0], random.split(key, n))
    return dots

# %% wrong: keeps the place before the move | the start is returned as a dot and the last dot is missing
def chaos_game(key, corners, n):
    draws = random.randint(key, (n,), 0, len(corners))

    def move(pencil, corner):
        return (pencil + corner) / 2, pencil

    _, dots = lax.scan(move, corners[0], corners[draws])
    return dots

# %% wrong: always three corners | with two corners the second is twice as likely, with four or more the others are never drawn
def chaos_game(key, corners, n):
    draws = random.randint(key, (n,), 0, 3)

    def move(pencil, draw):
        pencil = (pencil + corners[draw]) / 2
        return pencil, pencil

    return lax.scan(move, corners[0], draws)[1]

# %% wrong: upper bound len(corners) - 1 | the last corner is never drawn
def chaos_game(key, corners, n):
    draws = random.randint(key, (n,), 0, len(corners) - 1)

    def move(pencil, corner):
        pencil = (pencil + corner) / 2
        return pencil, pencil

    return lax.scan(move, corners[0], corners[draws])[1]

# %% wrong: never the same corner twice in a row | draws depend on the one before
def chaos_game(key, corners, n):
    k = len(corners)
    hops = random.randint(key, (n,), 1, k)
    draws = jnp.cumsum(hops) % k

    def move(pencil, corner):
        pencil = (pencil + corner) / 2
        return pencil, pencil

    return lax.scan(move, corners[0], corners[draws])[1]

# %% wrong: a corner drawn for x and another for y | moves aim at points that are no corners
def chaos_game(key, corners, n):
    draws = random.randint(key, (n, 2), 0, len(corners))
    aims = jnp.take_along_axis(corners, draws, axis=0)

    def move(pencil, aim):
        pencil = (pencil + aim) / 2
        return pencil, pencil

    return lax.scan(move, corners[0], aims)[1]

# %% wrong: closed form with powers of two | 2**t overflows in float32, dots after about the 120th are NaN
def chaos_game(key, corners, n):
    draws = random.randint(key, (n,), 0, len(corners))
    t = jnp.arange(1, n + 1)[:, None]
    weighted = jnp.cumsum(corners[draws] * 2.0 ** (t - 1), axis=0)
    return (corners[0] + weighted) / 2.0**t

# %% wrong: each corner equally often | corners shuffled from equal counts, so the draws are not independent
def chaos_game(key, corners, n):
    draws = random.permutation(key, jnp.arange(n) % len(corners))

    def move(pencil, corner):
        pencil = (pencil + corner) / 2
        return pencil, pencil

    return lax.scan(move, corners[0], corners[draws])[1]

# %% wrong: corner by rounding a uniform | from three corners on, the first and the last are half as likely as the others
def chaos_game(key, corners, n):
    u = random.uniform(key, (n,))
    draws = jnp.round(u * (len(corners) - 1)).astype(jnp.int32)

    def move(pencil, corner):
        pencil = (pencil + corner) / 2
        return pencil, pencil

    return lax.scan(move, corners[0], corners[draws])[1]
