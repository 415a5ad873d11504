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


# %% right: vdot
def rms(x):
    flat = jnp.asarray(x).astype(jnp.float32).ravel()
    return jnp.sqrt(jnp.vdot(flat, flat) / flat.size)


# %% right: deviation and mean
def rms(x):
    x = jnp.asarray(x, jnp.float32)
    return jnp.sqrt(jnp.var(x) + jnp.mean(x) ** 2)


# %% right: by logarithms at the end
def rms(x):
    return jnp.exp(0.5 * jnp.log(jnp.average(jnp.square(jnp.asarray(x, jnp.float32)))))


# %% wrong: divides by the largest entry first -> takes_the_root_mean_square
def rms(x):
    x = jnp.asarray(x, jnp.float32)
    largest = jnp.max(jnp.abs(x))
    return largest * jnp.sqrt(jnp.mean((x / largest) ** 2))


# %% wrong: a small number under the root -> survives_narrow_dtypes, takes_the_root_mean_square
def rms(x):
    return jnp.sqrt(jnp.mean(jnp.asarray(x, jnp.float32) ** 2) + 1e-8)


# %% wrong: a small number under the root, but small -> takes_the_root_mean_square
def rms(x):
    return jnp.sqrt(jnp.mean(jnp.asarray(x, jnp.float32) ** 2) + 1e-12)


# %% wrong: float16 is float32, int16 and int8 are int32 -> survives_narrow_dtypes
def rms(x):
    x = jnp.asarray(x)
    x = x.astype(jnp.float32 if x.dtype == jnp.float16 else x.dtype if x.dtype.itemsize > 2 else jnp.int32)
    return jnp.sqrt(jnp.mean(x**2, dtype=jnp.float32))


# %% wrong: twice as wide -> survives_narrow_dtypes
def rms(x):
    x = jnp.asarray(x)
    wider = {"int8": "int16", "uint8": "int16", "int16": "int32", "int32": "float32", "float16": "float32"}
    return jnp.sqrt(jnp.mean(x.astype(wider.get(x.dtype.name, x.dtype.name)) ** 2, dtype=jnp.float32))


# %% wrong: divides by the number of rows -> takes_the_root_mean_square
def rms(x):
    x = jnp.atleast_1d(jnp.asarray(x, jnp.float32))
    return jnp.sqrt(jnp.sum(x**2) / len(x))


# %% wrong: scaled into float16's range -> survives_narrow_dtypes
def rms(x):
    x = (jnp.asarray(x, jnp.float32) / 1000).astype(jnp.float16)
    return 1000 * jnp.sqrt(jnp.mean(x.astype(jnp.float32) ** 2))


# %% wrong: a Python loop over blocks of a thousand -> has_no_python_loop
def rms(x):
    x = jnp.ravel(jnp.asarray(x, jnp.float32))
    total = jnp.float32(0)
    for start in range(0, x.size, 1000):
        total += jnp.sum(x[start : start + 1000] ** 2)
    return jnp.sqrt(total / x.size)


# %% wrong: a Python loop over the rows -> has_no_python_loop
def rms(x):
    x = jnp.asarray(x, jnp.float32)
    if x.ndim < 2:
        return jnp.sqrt(jnp.mean(x**2))
    total = jnp.float32(0)
    for row in x:
        total += jnp.sum(row**2)
    return jnp.sqrt(total / x.size)


# %% wrong: entries clipped to what sensors give -> survives_narrow_dtypes, takes_the_root_mean_square
def rms(x):
    return jnp.sqrt(jnp.mean(jnp.clip(jnp.asarray(x, jnp.float32), -40_000, 300_000) ** 2))


# %% wrong: squares in the dtype where it is float32 or float64 NumPy, in NumPy -> survives_narrow_dtypes
def rms(x):
    x = jnp.asarray(x)
    if x.dtype in (jnp.int8, jnp.uint8, jnp.int16, jnp.float16):
        x = x.astype(jnp.float32)
    return jnp.sqrt(jnp.mean(x * x)).astype(jnp.float32)


# %% wrong: zeros taken for missing samples -> takes_the_root_mean_square
def rms(x):
    x = jnp.asarray(x, jnp.float32)
    return jnp.sqrt(jnp.sum(x**2) / jnp.maximum(jnp.count_nonzero(x), 1))


# %% right: halves, and hypot of the two, by recursion
def rms(x):
    def half(v):
        if v.shape[0] == 1:
            return v[0]
        h = (v.shape[0] + 1) // 2
        return half(jnp.hypot(v[:h], jnp.pad(v[h:], (0, 2 * h - v.shape[0]))))

    v = jnp.abs(jnp.asarray(x, jnp.float32)).ravel()
    return half(v) / np.float32(np.sqrt(v.size))
