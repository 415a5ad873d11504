# %% right: by the mean of squares
def standardise(x):
    centred = jnp.asarray(x) - jnp.mean(jnp.asarray(x))
    return centred / jnp.sqrt(jnp.mean(centred**2))


# %% right: a helper, jitted
@jax.jit
def centred(x):
    return x - x.mean()


def standardise(x):
    return centred(jnp.asarray(x)) / jnp.std(jnp.asarray(x))


# %% wrong: the deviation of a sample -> has_mean_0_and_deviation_1
def standardise(x):
    x = jnp.asarray(x)
    return (x - jnp.mean(x)) / jnp.std(x, ddof=1)


# %% wrong: prints -> is_pure
def standardise(x):
    x = jnp.asarray(x)
    print("mean", jnp.mean(x))
    return (x - jnp.mean(x)) / jnp.std(x)
