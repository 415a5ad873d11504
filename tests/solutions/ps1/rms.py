# %% right: astype, sum and size
def rms(x):
    x = jnp.asarray(x).astype("float32")
    return jnp.sqrt(jnp.sum(x * x) / x.size)


# %% right: the norm of a float32 vector
def rms(x):
    flat = jnp.ravel(x).astype(jnp.float32)
    return jnp.linalg.norm(flat) / jnp.sqrt(flat.size)


# %% right: jitted, a power of one half, float32 by a product
@jax.jit
def rms(x: Num[Array, "..."]) -> Float32[Array, ""]:
    return jnp.mean((jnp.float32(1) * x) ** 2) ** 0.5


# %% right: scaled by the largest entry first
def largest(x):
    return jnp.max(jnp.abs(x))


def rms(x):
    x = jnp.array(x, dtype=jnp.float32)
    size = jnp.where(largest(x) > 0, largest(x), 1)
    return size * jnp.sqrt(jnp.mean(jnp.square(x / size)))


# %% right: a compiled loop
def rms(x):
    flat = jnp.asarray(x, jnp.float32).reshape(-1)
    add = lambda k, total: total + flat[k] ** 2
    return jnp.sqrt(jax.lax.fori_loop(0, flat.size, add, jnp.float32(0)) / flat.size)


# %% right: asks for float64, gets float32 and a warning
def rms(x):
    wide = jnp.asarray(x, jnp.float64)
    return jnp.sqrt(jnp.mean(wide**2)).astype(jnp.float32)


# %% wrong: squares in the dtype of x -> survives_narrow_dtypes
def rms(x):
    x = jnp.asarray(x)
    return jnp.sqrt(jnp.mean(x**2))


# %% wrong: the mean in float32, but the squares before it not -> survives_narrow_dtypes
def rms(x):
    return jnp.sqrt(jnp.mean(jnp.square(x), dtype=jnp.float32))


# %% wrong: float32 only at the end -> survives_narrow_dtypes
def rms(x):
    x = jnp.asarray(x)
    return jnp.sqrt(jnp.mean(x * x)).astype(jnp.float32)


# %% wrong: float32 for whole numbers, float16 left as it is -> survives_narrow_dtypes
def rms(x):
    x = jnp.asarray(x)
    if jnp.issubdtype(x.dtype, jnp.integer):
        x = x.astype(jnp.float32)
    return jnp.sqrt(jnp.mean(x**2)).astype(jnp.float32)


# %% wrong: int32 for int8, which is still too narrow for int32 -> survives_narrow_dtypes
def rms(x):
    x = jnp.asarray(x)
    if x.dtype == jnp.float16:
        x = x.astype(jnp.float32)
    elif x.dtype != jnp.float32:
        x = x.astype(jnp.int32)
    return jnp.sqrt(jnp.mean(x**2, dtype=jnp.float32))


# %% wrong: everything in float16 -> survives_narrow_dtypes, takes_the_root_mean_square
def rms(x):
    return jnp.sqrt(jnp.mean(jnp.asarray(x, jnp.float16) ** 2)).astype(jnp.float32)


# %% wrong: NumPy, which keeps float64 and returns its own scalars -> takes_the_root_mean_square, is_pure
def rms(x):
    return np.sqrt(np.mean(np.square(x, dtype=np.float32)))


# %% wrong: a Python loop over the entries -> has_no_python_loop
def rms(x):
    total = jnp.float32(0)
    for value in jnp.ravel(x):
        total = total + jnp.float32(value) ** 2
    return jnp.sqrt(total / jnp.size(x))


# %% wrong: Python's own numbers -> has_no_python_loop, is_pure
def rms(x):
    values = np.ravel(x).tolist()
    return jnp.float32((sum(value * value for value in values) / len(values)) ** 0.5)


# %% wrong: the mean of the root of the squares -> takes_the_root_mean_square
def rms(x):
    return jnp.mean(jnp.sqrt(jnp.asarray(x, jnp.float32) ** 2))


# %% wrong: no root -> takes_the_root_mean_square
def rms(x):
    return jnp.mean(jnp.asarray(x, jnp.float32) ** 2)


# %% wrong: a standard deviation -> takes_the_root_mean_square
def rms(x):
    return jnp.std(jnp.asarray(x, jnp.float32))


# %% wrong: the norm -> takes_the_root_mean_square
def rms(x):
    return jnp.linalg.norm(jnp.ravel(jnp.asarray(x, jnp.float32)))


# %% wrong: the mean over the last axis only -> takes_the_root_mean_square
def rms(x):
    return jnp.sqrt(jnp.mean(jnp.atleast_1d(jnp.asarray(x, jnp.float32)) ** 2, axis=-1))


# %% wrong: squares the caller's array in place -> is_pure
def rms(x):
    if isinstance(x, np.ndarray) and x.dtype == np.float32:
        x *= x
        return jnp.sqrt(jnp.mean(jnp.array(x)))
    return jnp.sqrt(jnp.mean(jnp.asarray(x, jnp.float32) ** 2))
