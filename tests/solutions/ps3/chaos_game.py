# %% right: a key for each step
def chaos_game(key, corners, n):
    def move(dot, key):
        dot = (dot + random.choice(key, corners)) / 2
        return dot, dot

    return lax.scan(move, corners[0], random.split(key, n))[1]


# %% right: the key in the state
def chaos_game(key, corners, n):
    def move(state, _):
        key, dot = state
        key, now = random.split(key)
        dot = 0.5 * dot + 0.5 * corners[random.randint(now, (), 0, corners.shape[0])]
        return (key, dot), dot

    return lax.scan(move, (key, corners[0]), length=n)[1]


# %% right: fold_in, and a fori_loop that writes
@partial(jax.jit, static_argnums=2)
def chaos_game(key, corners, n):
    def move(i, state):
        dot, dots = state
        corner = random.choice(random.fold_in(key, i), len(corners))
        dot = dot + (corners[corner] - dot) / 2
        return dot, dots.at[i].set(dot)

    return lax.fori_loop(0, n, move, (corners[0], jnp.zeros((n, 2))))[1]


# %% right: uniform numbers, rounded down
def chaos_game(key, corners, n):
    k = corners.shape[0]
    drawn = jnp.minimum((random.uniform(key, (n,)) * k).astype(int), k - 1)
    step = lambda dot, i: ((dot + corners[i]) / 2,) * 2
    return lax.scan(step, corners[0], drawn)[1]


# %% right: an associative scan of halvings
def chaos_game(key, corners, n):
    aims = random.choice(key, corners, (n,))
    halves, offsets = jnp.full((n, 1), 0.5), aims / 2

    def then(first, second):
        return first[0] * second[0], first[1] * second[0] + second[1]

    halves, offsets = lax.associative_scan(then, (halves, offsets))
    return halves * corners[0] + offsets


# %% wrong: one key for every step -> moves_halfway_to_random_corners, the_key_decides_the_corners
def chaos_game(key, corners, n):
    def move(dot, _):
        dot = (dot + random.choice(key, corners)) / 2
        return dot, dot

    return lax.scan(move, corners[0], length=n)[1]


# %% wrong: the key is split and not handed on -> moves_halfway_to_random_corners, the_key_decides_the_corners
def chaos_game(key, corners, n):
    def move(state, _):
        key, dot = state
        _, now = random.split(key)
        dot = (dot + random.choice(now, corners)) / 2
        return (key, dot), dot

    return lax.scan(move, (key, corners[0]), length=n)[1]


# %% wrong: the start is the first dot -> moves_halfway_to_random_corners
def chaos_game(key, corners, n):
    aims = random.choice(key, corners, (n,))
    return lax.scan(lambda dot, aim: ((dot + aim) / 2, dot), corners[0], aims)[1]


# %% wrong: a third of the way -> moves_halfway_to_random_corners
def chaos_game(key, corners, n):
    aims = random.choice(key, corners, (n,))
    return lax.scan(lambda dot, aim: (dot + (aim - dot) / 3,) * 2, corners[0], aims)[1]


# %% wrong: starts in the middle -> moves_halfway_to_random_corners
def chaos_game(key, corners, n):
    aims = random.choice(key, corners, (n,))
    return lax.scan(lambda dot, aim: ((dot + aim) / 2,) * 2, corners.mean(axis=0), aims)[1]


# %% wrong: the last corner is never drawn -> moves_halfway_to_random_corners
def chaos_game(key, corners, n):
    aims = corners[random.randint(key, (n,), 0, len(corners) - 1)]
    return lax.scan(lambda dot, aim: ((dot + aim) / 2,) * 2, corners[0], aims)[1]


# %% wrong: the last corner twice as often, by an index that is clipped -> moves_halfway_to_random_corners
def chaos_game(key, corners, n):
    aims = corners[random.randint(key, (n,), 0, len(corners) + 1)]
    return lax.scan(lambda dot, aim: ((dot + aim) / 2,) * 2, corners[0], aims)[1]


# %% wrong: corners in a random order, again and again -> moves_halfway_to_random_corners
def chaos_game(key, corners, n):
    aims = random.permutation(key, corners)[jnp.arange(n) % len(corners)]
    return lax.scan(lambda dot, aim: ((dot + aim) / 2,) * 2, corners[0], aims)[1]


# %% wrong: no corner twice in a row -> moves_halfway_to_random_corners
def chaos_game(key, corners, n):
    moves = random.randint(key, (n,), 1, len(corners))
    aims = corners[jnp.cumsum(moves) % len(corners)]
    return lax.scan(lambda dot, aim: ((dot + aim) / 2,) * 2, corners[0], aims)[1]


# %% wrong: a hundred draws, again and again -> moves_halfway_to_random_corners
def chaos_game(key, corners, n):
    drawn = random.randint(key, (100,), 0, len(corners))
    aims = corners[drawn[jnp.arange(n) % 100]]
    return lax.scan(lambda dot, aim: ((dot + aim) / 2,) * 2, corners[0], aims)[1]


# %% wrong: halfway between corners, without the dot before -> moves_halfway_to_random_corners
def chaos_game(key, corners, n):
    aims = random.choice(key, corners, (n,))
    return (jnp.concatenate([corners[:1], aims[:-1]]) + aims) / 2


# %% wrong: each coordinate by a draw of its own -> moves_halfway_to_random_corners
def chaos_game(key, corners, n):
    drawn = random.randint(key, (n, 2), 0, len(corners))
    aims = jnp.stack([corners[drawn[:, 0], 0], corners[drawn[:, 1], 1]], axis=1)
    return lax.scan(lambda dot, aim: ((dot + aim) / 2,) * 2, corners[0], aims)[1]


# %% wrong: a fixed seed -> the_key_decides_the_corners
def chaos_game(key, corners, n):
    aims = random.choice(random.key(0), corners, (n,))
    return lax.scan(lambda dot, aim: ((dot + aim) / 2,) * 2, corners[0], aims)[1]


# %% wrong: keeps the picture in a global -> is_pure
pictures = []


def chaos_game(key, corners, n):
    def move(dot, key):
        dot = (dot + random.choice(key, corners)) / 2
        return dot, dot

    pictures.append(lax.scan(move, corners[0], random.split(key, n))[1])
    return pictures[-1]


# %% wrong: equal corners count once -> moves_halfway_to_random_corners
def chaos_game(key, corners, n):
    pool = jnp.unique(corners, axis=0, size=len(corners))
    aims = random.choice(key, pool, (n,))
    return lax.scan(lambda dot, aim: ((dot + aim) / 2,) * 2, corners[0], aims)[1]


# %% wrong: dots rounded to four places -> moves_halfway_to_random_corners
def chaos_game(key, corners, n):
    aims = random.choice(key, corners, (n,))
    return lax.scan(lambda dot, aim: (jnp.round((dot + aim) / 2, 4),) * 2, corners[0], aims)[1]


# %% wrong: numbers of corners in eight bits -> moves_halfway_to_random_corners
def chaos_game(key, corners, n):
    drawn = random.randint(key, (n,), 0, min(len(corners), 255), jnp.uint8)
    return lax.scan(lambda dot, i: ((dot + corners[i]) / 2,) * 2, corners[0], drawn)[1]
