# %% right: jnp.sum with its dtype, in the with
def precise_sum(x: Float32[Array, "n"]) -> Float64[Array, ""]:
    with jax.enable_x64(True):
        return jnp.sum(x, dtype=jnp.float64)

# %% right: widened first, then the method
def precise_sum(x):
    with jax.enable_x64(True):
        wide = jnp.asarray(x).astype("float64")
        total = wide.sum()
    return total

# %% right: enable_x64 as a decorator
@jax.enable_x64(True)
def _sum64(x):
    return jnp.mean(jnp.asarray(x, jnp.float64)) * x.shape[0]

def precise_sum(x):
    return _sum64(x)

# %% right: halving: pairwise sums with padding
def precise_sum(x):
    with jax.enable_x64(True):
        v = jnp.array(x, jnp.float64)
        while v.size > 1:
            half = (v.size + 1) // 2
            v = v[:half] + jnp.pad(v[half:], (0, 2 * half - v.size))
        return v.reshape(())

# %% right: sums of rows by vmap, then the sum of these
from contextlib import ExitStack

def precise_sum(x):
    with ExitStack() as stack:
        stack.enter_context(jax.enable_x64(True))
        v = lax.convert_element_type(jnp.asarray(x), jnp.float64)
        width = max(1, math.isqrt(v.size))
        rows = -(-v.size // width)
        table = jnp.zeros(rows * width, jnp.float64).at[: v.size].set(v).reshape(rows, width)
        return jnp.sum(jax.vmap(jnp.sum)(table))

# %% right: lax.reduce of a compiled inner function
def precise_sum(x):
    with jax.enable_x64(True):
        @jax.jit
        def total(v):
            v = v.astype(jnp.float64)
            return lax.reduce(v, np.float64(0), lax.add, dimensions=(0,))

        return total(jnp.asarray(x, jnp.float32))

# %% wrong: switches 64 bits on for good | the global switch stays on after the call
def precise_sum(x):
    jax.config.update("jax_enable_x64", True)
    return jnp.sum(x, dtype=jnp.float64)

# %% wrong: switches 64 bits on and then off | a switch that was on before is off afterwards
def precise_sum(x):
    jax.config.update("jax_enable_x64", True)
    total = jnp.sum(x, dtype=jnp.float64)
    jax.config.update("jax_enable_x64", False)
    return total

# %% wrong: chunks of 100 added up in float32 | only the sums of chunks are added in 64 bits
def precise_sum(x):
    x = jnp.asarray(x)
    if x.size >= 200:
        x = jnp.pad(x, (0, -x.size % 100)).reshape(-1, 100).sum(axis=1)
    with jax.enable_x64(True):
        return jnp.sum(x, dtype=jnp.float64)

# %% wrong: np.sum | NumPy cannot add up a tracer: raises under jit
def precise_sum(x):
    with jax.enable_x64(True):
        return jnp.asarray(np.sum(np.asarray(x), dtype=np.float64))

# %% wrong: Neumaier's compensated sum in float32, widened at the end | not added in 64 bits: overflows to inf or NaN near 3e38, and many numbers miss 1e-12
def precise_sum(x):
    x = jnp.asarray(x, jnp.float32)

    def step(state, v):
        s, c = state
        t = s + v
        c = c + jnp.where(jnp.abs(s) >= jnp.abs(v), (s - t) + v, (v - t) + s)
        return (t, c), None

    (s, c), _ = lax.scan(step, (jnp.float32(0), jnp.float32(0)), x)
    with jax.enable_x64(True):
        return s.astype(jnp.float64) + c.astype(jnp.float64)

# %% wrong: flips the switch | with the switch on before, it is off in the with and the sum is float32
def precise_sum(x):
    with jax.enable_x64(not jax.config.jax_enable_x64):
        return jnp.sum(x, dtype=jnp.float64)

# %% wrong: fixed point in int64 | numbers beyond 8.6e9 overflow, numbers below 1e-9 count as 0
def precise_sum(x):
    with jax.enable_x64(True):
        units = (jnp.asarray(x, jnp.float64) * 2.0**30).astype(jnp.int64)
        return jnp.sum(units).astype(jnp.float64) / 2.0**30

# %% right: one after another in float64
def precise_sum(x):
    with jax.enable_x64(True):
        v = jnp.asarray(x, jnp.float64)
        return lax.fori_loop(0, v.size, lambda k, s: s + v[k], jnp.zeros((), jnp.float64))

# %% wrong: sorts the NumPy array in place | the caller's array is changed
def precise_sum(x):
    if isinstance(x, np.ndarray):
        x.sort()
    with jax.enable_x64(True):
        return jnp.sum(x, dtype=jnp.float64)

# %% wrong: rows of 1000 without the remainder | with more than 1000 numbers the last ones are dropped
def precise_sum(x):
    with jax.enable_x64(True):
        v = jnp.asarray(x, jnp.float64)
        width = min(1000, v.size)
        return v[: v.size // width * width].reshape(-1, width).sum(axis=1).sum()

# %% wrong: scaled by the largest number | all zeros give NaN
def precise_sum(x):
    with jax.enable_x64(True):
        v = jnp.asarray(x, jnp.float64)
        top = jnp.max(jnp.abs(v))
        return top * jnp.sum(v / top)

# %% right: a Python loop, slow
def precise_sum(x):
    with jax.enable_x64(True):
        v = jnp.asarray(x, jnp.float64)
        total = jnp.zeros((), jnp.float64)
        for k in range(v.size):
            total = total + v[k]
        return total

# %% wrong: tiny numbers left out as noise | an array of numbers below 1e-12 gives 0
def precise_sum(x):
    with jax.enable_x64(True):
        v = jnp.asarray(x, jnp.float64)
        return jnp.sum(v, where=jnp.abs(v) > 1e-12)

# %% wrong: rounded to twelve decimals | small sums lose digits or become 0
def precise_sum(x):
    with jax.enable_x64(True):
        return jnp.round(jnp.sum(x, dtype=jnp.float64), 12)

# %% wrong: 64 bits only for NumPy arrays and short ones | long JAX arrays are added up in float32
def precise_sum(x):
    with jax.enable_x64(True):
        if isinstance(x, np.ndarray) or x.size < 1000:
            return jnp.sum(x, dtype=jnp.float64)
        return jnp.sum(x).astype(jnp.float64)

# %% wrong: the with is entered and never left | 64 bits stay on in this thread after the call
def precise_sum(x):
    jax.enable_x64(True).__enter__()
    return jnp.sum(x, dtype=jnp.float64)

# %% wrong: positive and negative numbers added in float32 pairs first | the pair x[2k] + x[2k+1] is rounded to 32 bits when there are more than three numbers
def precise_sum(x):
    x = jnp.asarray(x)
    if x.size > 3:
        x = jnp.pad(x, (0, x.size % 2))
        x = x[0::2] + x[1::2]
    with jax.enable_x64(True):
        return jnp.sum(x, dtype=jnp.float64)
