# %% right: one expression
def rms(x):
    return jnp.sqrt(jnp.mean(jnp.asarray(x, jnp.float32) ** 2))

# %% right: norm over root of size
def rms(x):
    v = jnp.ravel(x).astype(jnp.float32)
    return jnp.linalg.norm(v) / jnp.sqrt(jnp.float32(v.size))

# %% right: vdot, which flattens
def rms(x):
    w = jnp.float32(x)
    return jnp.sqrt(jnp.vdot(w, w) / w.size)

# %% right: scaled by the largest entry, guarded
def rms(x):
    x = jnp.abs(jnp.asarray(x, jnp.float32))
    top = x.max()
    safe = jnp.where(top > 0, top, 1.0)
    return safe * jnp.sqrt(jnp.mean(jnp.square(x / safe)))

# %% right: einsum with an ellipsis-free flat vector, decorated with jit
@jax.jit
def rms(x):
    flat = jnp.asarray(x, "float32").reshape(-1)
    return jnp.einsum("i,i->", flat, flat / flat.shape[0]) ** 0.5

# %% right: variance plus squared mean (both not negative)
def rms(x):
    x = jnp.asarray(x, jnp.float32)
    return jnp.sqrt(jnp.var(x) + jnp.mean(x) ** 2)

# %% right: 64 bits inside, 32 outside
def rms(x):
    with jax.enable_x64(True):
        y = jnp.asarray(x).astype(jnp.float64)
        return jnp.sqrt((y * y).mean()).astype(jnp.float32)

# %% right: lax primitives
def rms(x):
    y = lax.convert_element_type(jnp.asarray(x), jnp.float32)
    total = lax.reduce(lax.square(y), np.float32(0), lax.add, tuple(range(y.ndim)))
    return lax.sqrt(lax.div(total, jnp.float32(y.size)))

# %% right: match on the kind of dtype
def _widen(x):
    x = jnp.asarray(x)
    match x.dtype.name:
        case "float32":
            return x
        case "float16" | "int8" | "uint8" | "int16" | "int32":
            return x.astype(jnp.float32)
        case other:
            raise TypeError(other)

def rms(x):
    return jnp.linalg.norm(jnp.atleast_1d(_widen(x)).ravel() * (1 / math.sqrt(np.size(x))))

# %% right: compensated scan over all entries
def rms(x):
    flat = jnp.asarray(x, jnp.float32).ravel()
    def step(c, t):
        s, e = c
        y = t * t - e
        new = s + y
        return (new, (new - s) - y), ()
    (s, _), _ = lax.scan(step, (jnp.float32(0.0), jnp.float32(0.0)), flat)
    return jnp.power(s / len(flat), 0.5)

# %% right: average of vmapped squares
from functools import partial
_sq = jax.vmap(partial(jnp.power, x2=2)) if False else jax.vmap(lambda t: t * t)
def rms(x):
    return jnp.sqrt(jnp.average(_sq(jnp.array(x, dtype=jnp.float32, ndmin=1).ravel())))

# %% right: tree halving by recursion on hypot
def rms(x):
    def half(v):
        if v.shape[0] == 1:
            return v[0]
        h = (v.shape[0] + 1) // 2
        return half(jnp.hypot(v[:h], jnp.pad(v[h:], (0, 2 * h - v.shape[0]))))
    v = jnp.abs(jnp.asarray(x, jnp.float32)).ravel()
    return half(v) / np.float32(np.sqrt(v.size))

# %% wrong: everything to int32 | fractions are cut and squares above 46340 wrap; "float16 or float32"
def rms(x):
    return jnp.sqrt(jnp.mean(jnp.asarray(x).astype(jnp.int32) ** 2))

# %% wrong: integers widened to int32 only, float16 to float32 | squares of entries up to 1e6 wrap in int32
def rms(x):
    x = jnp.asarray(x)
    wide = jnp.int32 if jnp.issubdtype(x.dtype, jnp.integer) else jnp.float32
    return jnp.sqrt(jnp.mean(x.astype(wide) ** 2))

# %% wrong: only int8 and float16 are widened | "int8, uint8, int16, int32"
def rms(x):
    x = jnp.asarray(x)
    if x.dtype in (jnp.int8, jnp.float16):
        x = x.astype(jnp.float32)
    return jnp.sqrt(jnp.mean(x**2))

# %% wrong: mean of the row-wise rms values | "taken over all n entries of x"
def rms(x):
    x = jnp.atleast_1d(jnp.asarray(x, jnp.float32))
    return jnp.mean(jnp.sqrt(jnp.mean(x**2, axis=-1)))

# %% wrong: n computed for one or two axes only | "of any shape, with or without axes"
def rms(x):
    x = jnp.asarray(x, jnp.float32)
    n = len(x) if x.ndim == 1 else x.shape[0] * x.shape[1]
    return jnp.sqrt(jnp.sum(x**2) / n)

# %% wrong: an epsilon under the root | small entries (1e-5) and all zeros come out as 1e-3
def rms(x):
    return jnp.sqrt(jnp.mean(jnp.asarray(x, jnp.float32) ** 2) + 1e-6)

# %% wrong: scaled by the largest entry without a guard, NaN | "All of them may be 0."
def rms(x):
    x = jnp.asarray(x, jnp.float32)
    top = jnp.max(jnp.abs(x))
    return top * jnp.sqrt(jnp.mean((x / top) ** 2))

# %% wrong: squares a float32 NumPy array in place because astype(copy=False) gives the same array | "must not change the arrays it is given"
def rms(x):
    x = x.astype(np.float32, copy=False)
    x *= x
    return jnp.sqrt(jnp.mean(x))

# %% wrong: squares fit into int32, but their int32 sum wraps | mean of many int16 squares
def rms(x):
    x = jnp.asarray(x)
    if x.dtype in (jnp.int8, jnp.uint8, jnp.int16):
        x = x.astype(jnp.int32)
    else:
        x = x.astype(jnp.float32)
    return jnp.sqrt(jnp.sum(x * x) / x.size)

# %% wrong: a Python loop | "Do not use a Python loop"
def rms(x):
    x = jnp.asarray(x, jnp.float32)
    total = jnp.float32(0)
    for v in x.ravel():
        total = total + v * v
    return jnp.sqrt(total / x.size)

# %% wrong: zeros taken for missing samples | "over all n entries"
def rms(x):
    x = jnp.asarray(x, jnp.float32)
    return jnp.sqrt(jnp.sum(x**2) / jnp.maximum(jnp.count_nonzero(x), 1))

# %% wrong: iterates over the first axis, no 0-d arrays | "with or without axes"
def rms(x):
    x = jnp.asarray(x, jnp.float32)
    per_row = jax.vmap(lambda row: jnp.mean(row**2))(x)
    return jnp.sqrt(jnp.mean(per_row))

# %% wrong: int16 taken for audio and scaled to [-1, 1] | rms of the entries as they are
def rms(x):
    x = jnp.asarray(x)
    scale = 32768.0 if x.dtype == jnp.int16 else 1.0
    return jnp.sqrt(jnp.mean((x.astype(jnp.float32) / scale) ** 2))
