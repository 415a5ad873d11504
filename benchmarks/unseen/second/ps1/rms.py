# %% right: one expression
def rms(x: Num[Array, "..."]) -> Float32[Array, ""]:
    return jnp.sqrt(jnp.mean(jnp.asarray(x, jnp.float32) ** 2))

# %% right: norm divided by the root of the size
def rms(x):
    flat = jnp.ravel(jnp.asarray(x)).astype(jnp.float32)
    return jnp.linalg.norm(flat) / math.sqrt(flat.size)

# %% right: vdot over size
def rms(x):
    x = jnp.asarray(x, dtype="float32")
    return jnp.sqrt(jnp.vdot(x, x, precision=lax.Precision.HIGHEST) / x.size)

# %% right: mean and standard deviation are the legs of a right triangle
def rms(x):
    v = jnp.float32(x)
    return jnp.hypot(v.mean(), v.std())

# %% right: scaled by the largest entry, guarded
def rms(x):
    v = jnp.abs(jnp.asarray(x, jnp.float32))
    top = v.max()
    safe = jnp.where(top > 0, top, 1.0)
    return safe * jnp.sqrt(jnp.mean(jnp.square(v / safe)))

# %% right: promotion by a float32 one, lax for the rest
def rms(x):
    wide = x * jnp.ones((), jnp.float32)
    total = lax.reduce(lax.integer_pow(wide, 2), np.float32(0), lax.add, tuple(range(wide.ndim)))
    return lax.sqrt(total / np.float32(max(wide.size, 1)))

# %% right: composition of functions
from functools import reduce

def rms(x):
    steps = (lambda v: jnp.array(v, jnp.float32).reshape(-1), jnp.square, jnp.mean, jnp.sqrt)
    return reduce(lambda value, step: step(value), steps, x)

# %% wrong: integers squared in int32 | an int32 entry of 1e6 squared does not fit
def rms(x):
    x = jnp.asarray(x)
    x = x.astype(jnp.int32 if jnp.issubdtype(x.dtype, jnp.integer) else jnp.float32)
    return jnp.sqrt(jnp.mean(x * x, dtype=jnp.float32))

# %% wrong: bytes widened to int16 | 255 squared (uint8) does not fit in int16
def rms(x):
    x = jnp.asarray(x)
    x = x.astype(jnp.int16) if x.dtype.itemsize == 1 else x.astype(jnp.float32)
    return jnp.sqrt(jnp.mean((x**2).astype(jnp.float32)))

# %% wrong: only the dtypes of the visible checks are widened | uint8, int16 and int32 wrap around
def rms(x):
    x = jnp.asarray(x)
    if x.dtype in (jnp.int8, jnp.float16):
        x = x.astype(jnp.float32)
    return jnp.sqrt(jnp.mean(x**2)).astype(jnp.float32)

# %% wrong: counts the entries of the first two axes only | three axes and more
def rms(x):
    x = jnp.asarray(x, jnp.float32)
    return jnp.sqrt(jnp.sum(x**2) / math.prod(x.shape[:2]))

# %% wrong: flattens with reshape(shape[0], -1) | raises for an array without axes
def rms(x):
    x = jnp.asarray(x, jnp.float32)
    rows = x.reshape(x.shape[0], -1)
    return jnp.sqrt(jnp.mean(jnp.mean(rows**2, axis=1)))

# %% wrong: scaled by the largest entry without a guard | all zeros give NaN
def rms(x):
    x = jnp.asarray(x, jnp.float32)
    top = jnp.max(jnp.abs(x))
    return top * jnp.sqrt(jnp.mean((x / top) ** 2))

# %% wrong: epsilon under the root | zeros give 1e-4, entries of 1e-5 drown
def rms(x):
    x = jnp.asarray(x, jnp.float32)
    return jnp.sqrt(jnp.mean(x**2) + 1e-8)

# %% wrong: float16 scaled down by 100, then squared in float16 | small float16 entries square to 0
def rms(x):
    x = jnp.asarray(x)
    if x.dtype == jnp.float16:
        return 100 * jnp.sqrt(jnp.mean((x / 100) ** 2, dtype=jnp.float32))
    return jnp.sqrt(jnp.mean(x.astype(jnp.float32) ** 2))

# %% wrong: Python loop over the entries | the text forbids it; slow, and endless compilation for long x
def rms(x):
    flat = jnp.asarray(x, jnp.float32).ravel()
    total = jnp.float32(0)
    for k in range(flat.size):
        total = total + flat[k] * flat[k]
    return jnp.sqrt(total / flat.size)

# %% wrong: squares in place | a float32 NumPy array of the caller is changed
def rms(x):
    if isinstance(x, np.ndarray):
        x = x.astype(np.float32, copy=False)
        x *= x
    else:
        x = x.astype(jnp.float32) ** 2
    return jnp.sqrt(jnp.mean(x))

# %% wrong: floor division by the size | the mean of the squares loses its fraction
def rms(x):
    x = jnp.asarray(x, jnp.float32)
    return jnp.sqrt(jnp.sum(x * x) // x.size)

# %% wrong: rounded to five decimals | entries of about 1e-5
def rms(x):
    x = jnp.asarray(x, jnp.float32)
    return jnp.round(jnp.sqrt(jnp.mean(x * x)), 5)

# %% wrong: silence left out | zeros are not counted, and all zeros give NaN
def rms(x):
    x = jnp.asarray(x, jnp.float32)
    return jnp.sqrt(jnp.mean(x**2, where=x != 0))

# %% wrong: bytes read as signed | uint8 entries from 128 on become negative numbers of another size
def rms(x):
    x = jnp.asarray(x)
    if x.dtype.itemsize == 1:
        x = x.astype(jnp.int8)
    return jnp.sqrt(jnp.mean(jnp.square(x.astype(jnp.float32))))

# %% wrong: mean over the axes one after another as a fixed number of means | three axes give a result with axes
def rms(x):
    s = jnp.atleast_2d(jnp.asarray(x, jnp.float32)) ** 2
    return jnp.sqrt(s.mean(axis=-1).mean(axis=-1))
