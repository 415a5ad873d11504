# %% right: where twice, other names, jitted
@jax.jit
def safe_log(x):
    ok = jnp.greater(x, 0)
    harmless = jnp.where(ok, x, 1.0)
    return jnp.where(ok, jnp.log(harmless), jnp.zeros_like(x))


# %% right: log of one is zero, so one where is enough
def safe_log(x):
    return jnp.log(jnp.where(x > 0, x, 1.0))


# %% right: a derivative of its own
@jax.custom_jvp
def safe_log(x):
    return jnp.where(x > 0, jnp.log(x), 0)


@safe_log.defjvp
def safe_log_jvp(primals, tangents):
    (x,), (dx,) = primals, tangents
    return safe_log(x), jnp.where(x > 0, dx / jnp.where(x > 0, x, 1), 0)


# %% right: cond for one entry, under vmap, where JAX keeps the gradient of the other side away
def safe_log_of_one(x):
    return lax.cond(x > 0, jnp.log, lambda x: jnp.zeros_like(x), x)


def safe_log(x: Float32[Array, "*shape"]) -> Float32[Array, "*shape"]:
    x = jnp.asarray(x)
    return jax.vmap(safe_log_of_one)(x.ravel()).reshape(x.shape)


# %% right: lax.select
def safe_log(x):
    x = jnp.asarray(x)
    positive = x > 0
    return lax.select(
        positive, lax.log(lax.select(positive, x, jnp.ones_like(x))), jnp.zeros_like(x)
    )


# %% wrong: Python if -> takes_the_log_where_it_can, works_under_jit
def safe_log(x):
    if x > 0:
        return jnp.log(x)
    return jnp.zeros_like(x)


# %% wrong: Python if, over all entries -> works_under_jit
def safe_log(x):
    if x.ndim == 0:
        return jnp.log(x) if x > 0 else jnp.zeros_like(x)
    return jax.vmap(lambda x: jnp.log(jnp.where(x > 0, x, 1)))(x.ravel()).reshape(x.shape)


# %% wrong: a mask that picks the positive ones -> works_under_jit, is_pure
def safe_log(x):
    x = jnp.asarray(x)
    positive = x > 0
    return jnp.zeros_like(x).at[positive].set(jnp.log(x[positive]))


# %% wrong: single where, NaN gradient -> has_a_finite_gradient
def safe_log(x):
    return jnp.where(x > 0, jnp.log(x), 0)


# %% wrong: where outside, nan_to_num inside -> has_a_finite_gradient
def safe_log(x):
    return jnp.where(x > 0, jnp.nan_to_num(jnp.log(x)), 0)


# %% wrong: np.where with NumPy -> takes_the_log_where_it_can, is_pure
def safe_log(x):
    with np.errstate(all="ignore"):
        return np.where(x > 0, np.log(x), 0)


# %% wrong: a small number added -> takes_the_log_where_it_can
def safe_log(x):
    return jnp.where(x > 0, jnp.log(jnp.abs(x) + 1e-8), 0)


# %% wrong: cut off at a small number -> takes_the_log_where_it_can
def safe_log(x):
    return jnp.log(jnp.maximum(x, 1e-12))


# %% wrong: log of the absolute value -> takes_the_log_where_it_can
def safe_log(x):
    return jnp.where(x == 0, 0.0, jnp.log(jnp.abs(jnp.where(x == 0, 1.0, x))))


# %% wrong: nan_to_num of the log -> takes_the_log_where_it_can, has_a_finite_gradient
def safe_log(x):
    return jnp.nan_to_num(jnp.log(x))


# %% wrong: small positive numbers count as zero -> takes_the_log_where_it_can
def safe_log(x):
    ok = x > 1e-7
    return jnp.where(ok, jnp.log(jnp.where(ok, x, 1)), 0)


# %% wrong: no gradient at all -> has_a_finite_gradient
def safe_log(x):
    x = lax.stop_gradient(x)
    return jnp.log(jnp.where(x > 0, x, 1))


# %% wrong: slope one below zero -> has_a_finite_gradient
@jax.custom_jvp
def safe_log(x):
    return jnp.where(x > 0, jnp.log(x), 0)


@safe_log.defjvp
def safe_log_jvp(primals, tangents):
    (x,), (dx,) = primals, tangents
    return safe_log(x), dx / jnp.where(x > 0, x, 1)


# %% wrong: repairs the caller's array -> is_pure
def safe_log(x):
    if isinstance(x, np.ndarray):
        x[x <= 0] = 1
    return jnp.log(jnp.where(x > 0, x, 1))


# %% wrong: counts what it repaired -> is_pure
repaired = []


def safe_log(x):
    repaired.append(jnp.sum(x <= 0))
    return jnp.log(jnp.where(x > 0, x, 1))


# %% wrong: NumPy in, NumPy out -> takes_the_log_where_it_can
def safe_log(x):
    xp = np if isinstance(x, (np.ndarray, np.generic)) else jnp
    ok = x > 0
    return xp.where(ok, xp.log(xp.where(ok, x, xp.float32(1))), xp.float32(0))


# %% wrong: masked assignment, NumPy out of NumPy -> takes_the_log_where_it_can
def safe_log(x):
    if isinstance(x, np.ndarray):
        out = np.zeros_like(x)
        out[x > 0] = np.log(x[x > 0])
        return out
    ok = x > 0
    return jnp.where(ok, jnp.log(jnp.where(ok, x, 1.0)), 0.0)


# %% wrong: shifted by the smallest -> takes_the_log_where_it_can
def safe_log(x):
    x = jnp.asarray(x)
    ok = x > 0
    small = jnp.min(jnp.where(ok, x, 1.0))
    return jnp.where(ok, jnp.log(jnp.where(ok, x, small)), 0.0)


# %% wrong: a derivative of its own that forgets the chain rule -> has_a_finite_gradient
@jax.custom_vjp
def safe_log(x):
    return jnp.log(jnp.where(x > 0, x, 1))


def remembered(x):
    return safe_log(x), x


def slope(x, after):
    return (jnp.where(x > 0, 1 / jnp.where(x > 0, x, 1), 0),)


safe_log.defvjp(remembered, slope)
