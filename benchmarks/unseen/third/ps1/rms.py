# %% right: widen, square, mean, root
def rms(x):
    x = jnp.asarray(x).astype(jnp.float32)
    return jnp.sqrt((x**2).mean())


# %% right: a norm divided by the root of the size
def rms(x):
    v = jnp.ravel(jnp.asarray(x, jnp.float32))
    return jnp.linalg.norm(v) / math.sqrt(v.size)


# %% right: mean and variance, as a physicist would
def rms(x):
    signal = jnp.asarray(x, jnp.float32)
    direct_current = jnp.mean(signal)
    ripple = jnp.mean(jnp.square(signal - direct_current))
    return jnp.sqrt(ripple + direct_current**2)


# %% right: composed functions, vdot
from functools import reduce


def _pipe(*functions):
    return lambda x: reduce(lambda value, f: f(value), functions, x)


_rms = _pipe(
    lambda x: jnp.asarray(x, dtype=jnp.float32).reshape(-1),
    lambda v: jnp.vdot(v, v, precision=lax.Precision.HIGHEST) / v.shape[0],
    lax.sqrt,
)


def rms(x):
    return _rms(x)


# %% wrong: integers widened to int32 | squares of int32 entries above 46340 wrap around
def rms(x):
    x = jnp.asarray(x)
    wide = jnp.int32 if jnp.issubdtype(x.dtype, jnp.integer) else jnp.float32
    x = x.astype(wide)
    return jnp.sqrt(jnp.mean(x * x, dtype=jnp.float32))


# %% wrong: mean over the rows of the roots | rows of different strength: the mean of the roots isn't the root of the mean
def rms(x):
    x = jnp.asarray(x, jnp.float32)
    if x.ndim == 0:
        return jnp.abs(x)
    rows = jnp.sqrt(jnp.mean(jnp.square(x), axis=-1))
    return jnp.mean(rows)


# %% wrong: an epsilon under the root | all zeros give 1e-5, and entries near 1e-5 are off by 40 percent
def rms(x, eps=1e-10):
    x = jnp.asarray(x, jnp.float32)
    return jnp.sqrt(jnp.mean(jnp.square(x)) + eps)


# %% wrong: scaled by the peak | all zeros give NaN
def rms(x):
    x = jnp.asarray(x, jnp.float32)
    peak = jnp.max(jnp.abs(x))
    return peak * jnp.sqrt(jnp.mean(jnp.square(x / peak)))


# %% wrong: floats of 32 bits or more are left alone | a float32 or float64 NumPy array gives a NumPy scalar
def rms(x):
    if x.dtype not in (np.float32, np.float64):
        x = jnp.asarray(x, jnp.float32)
    return (x * x).mean() ** 0.5


# %% wrong: squares in place after astype without a copy | a float32 NumPy array of the caller is changed to its squares
def rms(x):
    x = x.astype(np.float32, copy=False)
    if x.ndim:
        x *= x
    else:
        x = x * x
    return jnp.sqrt(jnp.mean(x))


# %% wrong: Python loop over the entries | loops, which is forbidden; compiling takes minutes for long arrays
def rms(x):
    flat = jnp.ravel(jnp.asarray(x, jnp.float32))
    total = jnp.float32(0.0)
    for v in flat:
        total = total + v * v
    return jnp.sqrt(total / flat.size)


# %% wrong: rows by the last axis | an array without axes raises IndexError
def rms(x):
    x = jnp.asarray(x, jnp.float32)
    rows = x.reshape(-1, x.shape[-1])
    return jnp.sqrt(jnp.einsum("ij,ij->", rows, rows) / rows.size)
