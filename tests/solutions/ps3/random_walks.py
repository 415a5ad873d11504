# %% right: one array of steps
def random_walks(key, n_walkers, n_steps):
    return random.normal(key, (n_walkers, n_steps)).cumsum(axis=1)


# %% right: a key for each walker
def random_walks(key, n_walkers, n_steps):
    def walk(key):
        return jnp.cumsum(random.normal(key, (n_steps,)))

    return jax.vmap(walk)(random.split(key, n_walkers))


# %% right: loops over walkers and steps
def random_walks(key, n_walkers, n_steps):
    walks = []
    for walker_key in random.split(key, n_walkers):
        position, walk = 0.0, []
        for step_key in random.split(walker_key, n_steps):
            position = position + random.normal(step_key)
            walk.append(position)
        walks.append(jnp.array(walk))
    return jnp.array(walks)


# %% right: all walkers by vmap, one moment after another, numbers folded in
def random_walks(key, n_walkers, n_steps):
    positions, seen = jnp.zeros(n_walkers), []
    for step in range(n_steps):
        numbers = step * n_walkers + jnp.arange(n_walkers)
        positions += jax.vmap(lambda i: random.normal(random.fold_in(key, i)))(numbers)
        seen.append(positions)
    return jnp.stack(seen, axis=1)


# %% wrong: one key for all walkers -> walkers_and_steps_are_independent
def random_walks(key, n_walkers, n_steps):
    return jnp.stack(
        [jnp.cumsum(random.normal(key, (n_steps,))) for _ in range(n_walkers)]
    )


# %% wrong: one key for all steps -> walkers_and_steps_are_independent
def random_walks(key, n_walkers, n_steps):
    def step(positions, _):
        positions = positions + random.normal(key, (n_walkers,))
        return positions, positions

    return lax.scan(step, jnp.zeros(n_walkers), length=n_steps)[1].T


# %% wrong: the key is split outside of the loop -> walkers_and_steps_are_independent
def random_walks(key, n_walkers, n_steps):
    key, subkey = random.split(key)
    walks = [random.normal(subkey, (n_walkers,))]
    for _ in range(n_steps - 1):
        walks.append(walks[-1] + random.normal(subkey, (n_walkers,)))
    return jnp.stack(walks, axis=1)


# %% wrong: walker plus step number folded in -> walkers_and_steps_are_independent
def random_walks(key, n_walkers, n_steps):
    def step(walker, t):
        return random.normal(random.fold_in(key, walker + t))

    steps = jax.vmap(jax.vmap(step, (None, 0)), (0, None))(
        jnp.arange(n_walkers), jnp.arange(n_steps)
    )
    return jnp.cumsum(steps, axis=1)


# %% wrong: numbers of walker and step that meet -> walkers_and_steps_are_independent
def random_walks(key, n_walkers, n_steps):
    walkers, steps = jnp.mgrid[:n_walkers, :n_steps]
    keys = jax.vmap(lambda number: random.fold_in(key, number))((10 * walkers + steps).ravel())
    return jnp.cumsum(jax.vmap(random.normal)(keys).reshape(n_walkers, n_steps), axis=1)


# %% wrong: half of the walkers are mirrored -> walkers_and_steps_are_independent
def random_walks(key, n_walkers, n_steps):
    half = random.normal(key, ((n_walkers + 1) // 2, n_steps))
    return jnp.cumsum(jnp.concatenate([half, -half])[:n_walkers], axis=1)


# %% wrong: the start is included -> has_a_row_for_each_walker, steps_are_standard_normal
def random_walks(key, n_walkers, n_steps):
    steps = random.normal(key, (n_walkers, n_steps))
    return jnp.concatenate([jnp.zeros((n_walkers, 1)), jnp.cumsum(steps, axis=1)], axis=1)


# %% wrong: steps of plus and minus one -> steps_are_standard_normal
def random_walks(key, n_walkers, n_steps):
    steps = random.rademacher(key, (n_walkers, n_steps), jnp.float32)
    return jnp.cumsum(steps, axis=1)


# %% wrong: the steps themselves -> steps_are_standard_normal, walkers_and_steps_are_independent
def random_walks(key, n_walkers, n_steps):
    return random.normal(key, (n_walkers, n_steps))


# %% wrong: adds up over the walkers -> steps_are_standard_normal, walkers_and_steps_are_independent
def random_walks(key, n_walkers, n_steps):
    return jnp.cumsum(random.normal(key, (n_walkers, n_steps)), axis=0)


# %% wrong: a column for each walker -> has_a_row_for_each_walker
def random_walks(key, n_walkers, n_steps):
    return jnp.cumsum(random.normal(key, (n_steps, n_walkers)), axis=0)


# %% wrong: np.random -> steps_are_standard_normal, is_pure, walkers_and_steps_are_independent
def random_walks(key, n_walkers, n_steps):
    steps = np.random.randn(n_walkers, n_steps)
    return jnp.cumsum(jnp.asarray(steps, jnp.float32), axis=1)


# %% right: a scan over the steps
def random_walks(key, n_walkers, n_steps):
    def step(positions, key):
        positions = positions + random.normal(key, positions.shape)
        return positions, positions

    return lax.scan(step, jnp.zeros(n_walkers), random.split(key, n_steps))[1].T


# %% right: a product with a triangle of ones
def random_walks(key, n_walkers, n_steps):
    return random.normal(key, (n_walkers, n_steps)) @ jnp.triu(jnp.ones((n_steps, n_steps)))


# %% wrong: sizes shared by the walkers, signs drawn -> walkers_and_steps_are_independent
def random_walks(key, n_walkers, n_steps):
    a, b = random.split(key)
    sizes = random.normal(a, (n_steps,))
    return jnp.cumsum(sizes * random.rademacher(b, (n_walkers, n_steps), jnp.float32), axis=1)


# %% wrong: sizes shared by the steps of a walker, signs drawn -> walkers_and_steps_are_independent
def random_walks(key, n_walkers, n_steps):
    a, b = random.split(key)
    sizes = random.normal(a, (n_walkers, 1))
    return jnp.cumsum(sizes * random.rademacher(b, (n_walkers, n_steps), jnp.float32), axis=1)


# %% wrong: sums of neighbouring draws -> walkers_and_steps_are_independent
def random_walks(key, n_walkers, n_steps):
    draws = random.normal(key, (n_walkers, n_steps + 1))
    return jnp.cumsum((draws[:, 1:] + draws[:, :-1]) / jnp.sqrt(2.0), axis=1)


# %% wrong: a part of each step is common to all walkers -> walkers_and_steps_are_independent
def random_walks(key, n_walkers, n_steps):
    a, b = random.split(key)
    steps = 0.8 * random.normal(a, (n_walkers, n_steps)) + 0.6 * random.normal(b, (n_steps,))
    return jnp.cumsum(steps, axis=1)


# %% wrong: neighbouring walkers share a part -> walkers_and_steps_are_independent
def random_walks(key, n_walkers, n_steps):
    draws = random.normal(key, (n_walkers + 1, n_steps))
    return jnp.cumsum((draws[1:] + draws[:-1]) / jnp.sqrt(2.0), axis=1)


# %% wrong: walkers go backwards in time -> walkers_and_steps_are_independent
def random_walks(key, n_walkers, n_steps):
    steps = random.normal(key, (n_walkers, n_steps))
    return jnp.cumsum(steps.at[1::2].set(steps[: n_walkers - n_walkers % 2 : 2][: n_walkers // 2, ::-1]), axis=1)


# %% wrong: twelve uniform draws, added up -> steps_are_standard_normal
def random_walks(key, n_walkers, n_steps):
    steps = random.uniform(key, (12, n_walkers, n_steps)).sum(axis=0) - 6
    return jnp.cumsum(steps, axis=1)


# %% wrong: cut off at three -> steps_are_standard_normal
def random_walks(key, n_walkers, n_steps):
    return jnp.cumsum(random.truncated_normal(key, -3, 3, (n_walkers, n_steps)), axis=1)


# %% wrong: steps rounded to two places -> steps_are_standard_normal, walkers_and_steps_are_independent
def random_walks(key, n_walkers, n_steps):
    return jnp.cumsum(jnp.round(random.normal(key, (n_walkers, n_steps)), 2), axis=1)


# %% wrong: half precision -> steps_are_standard_normal, walkers_and_steps_are_independent
def random_walks(key, n_walkers, n_steps):
    steps = random.normal(key, (n_walkers, n_steps), jnp.float16)
    return jnp.cumsum(steps.astype(jnp.float32), axis=1)


# %% wrong: the key made a seed below a thousand -> steps_are_standard_normal
def random_walks(key, n_walkers, n_steps):
    key = random.key(random.randint(key, (), 0, 1000))
    return jnp.cumsum(random.normal(key, (n_walkers, n_steps)), axis=1)


# %% wrong: a single walker loses its axis -> has_a_row_for_each_walker
def random_walks(key, n_walkers, n_steps):
    return jnp.squeeze(jnp.cumsum(random.normal(key, (n_walkers, n_steps)), axis=1))


# %% wrong: the last walker repeats the first -> walkers_and_steps_are_independent
def random_walks(key, n_walkers, n_steps):
    walks = jnp.cumsum(random.normal(key, (n_walkers, n_steps)), axis=1)
    return walks.at[-1].set(walks[0])


# %% wrong: the walks come back to the start -> walkers_and_steps_are_independent
def random_walks(key, n_walkers, n_steps):
    steps = random.normal(key, (n_walkers, n_steps))
    steps = (steps - steps.mean(axis=1, keepdims=True)) if n_steps > 5 else steps
    return jnp.cumsum(steps, axis=1)


# %% wrong: more than 64 walkers repeat the first -> walkers_and_steps_are_independent
def random_walks(key, n_walkers, n_steps):
    keys = random.split(key, 64)
    walk = jax.vmap(lambda k: random.normal(k, (n_steps,)).cumsum())(keys)
    return walk[jnp.arange(n_walkers) % 64]


# %% wrong: after 500 steps the walkers start again -> walkers_and_steps_are_independent
def random_walks(key, n_walkers, n_steps):
    steps = random.normal(key, (n_walkers, n_steps))
    parts = [steps[:, i : i + 500].cumsum(axis=1) for i in range(0, n_steps, 500)]
    return jnp.concatenate(parts, axis=1)


# %% wrong: the walkers stop at a wall -> walkers_and_steps_are_independent
def random_walks(key, n_walkers, n_steps):
    def step(positions, key):
        positions = jnp.clip(positions + random.normal(key, (n_walkers,)), -20, 20)
        return positions, positions

    return lax.scan(step, jnp.zeros(n_walkers), random.split(key, n_steps))[1].T
