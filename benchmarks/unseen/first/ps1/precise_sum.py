# %% right: sum with dtype inside the with
def precise_sum(x):
    with jax.enable_x64(True):
        return jnp.sum(x, dtype=jnp.float64)

# %% right: asarray with dtype, then the method
def precise_sum(x):
    with jax.enable_x64(True):
        return jnp.asarray(x, jnp.float64).sum()

# %% right: astype and a dot product with ones
def precise_sum(x):
    with jax.enable_x64(True):
        wide = jnp.asarray(x).astype("float64")
        return wide @ jnp.ones_like(wide)

# %% right: global switch with try/finally
def precise_sum(x):
    before = jax.config.jax_enable_x64
    jax.config.update("jax_enable_x64", True)
    try:
        return jnp.sum(jnp.asarray(x), dtype=jnp.float64)
    finally:
        jax.config.update("jax_enable_x64", before)

# %% right: lax primitives
def precise_sum(x):
    with jax.enable_x64(True):
        y = lax.convert_element_type(jnp.asarray(x), jnp.float64)
        return lax.reduce(y, np.float64(0), lax.add, (0,))

# %% right: mean times length
def precise_sum(x):
    with jax.enable_x64(True):
        return jnp.mean(x, dtype=jnp.float64) * len(x)

# %% right: scan with a 64-bit carry
def precise_sum(x):
    with jax.enable_x64(True):
        s, _ = lax.scan(lambda s, v: (s + v.astype(jnp.float64), None), jnp.float64(0), jnp.asarray(x))
    return s

# %% right: ExitStack and einsum
import contextlib
def precise_sum(x):
    with contextlib.ExitStack() as stack:
        stack.enter_context(jax.enable_x64(True))
        return jnp.einsum("k->", jnp.float64(x))

# %% right: a decorator of one's own around a jitted helper
import functools
def _wide(f):
    @functools.wraps(f)
    def g(*args):
        with jax.enable_x64(True):
            return f(*args)
    return g

@_wide
@jax.jit
def precise_sum(x):
    return jnp.cumsum(jnp.asarray(x), dtype=jnp.float64)[-1]

# %% right: blocks of 256, zeros at the end
def precise_sum(x):
    with jax.enable_x64(True):
        y = jnp.asarray(x).astype(jnp.float64)
        y = jnp.pad(y, (0, -y.size % 256)).reshape(-1, 256)
        return y.sum(0).sum(0)

# %% right: halving by recursion
def _halve(v):
    if v.shape[0] == 1:
        return v[0]
    h = (v.shape[0] + 1) // 2
    return _halve(v[:h] + jnp.pad(v[h:], (0, 2 * h - v.shape[0])))
def precise_sum(x):
    with jax.enable_x64(True):
        return _halve(jnp.array(x, dtype=np.float64))

# %% right: segment_sum in 64 bits
def precise_sum(x):
    with jax.enable_x64(True):
        y = jnp.asarray(x, dtype=float)
        return jax.ops.segment_sum(y, jnp.zeros(y.shape, int), num_segments=1).reshape(())

# %% wrong: switches off at the end, whatever it was | "the global switch must be what it was before"
def precise_sum(x):
    jax.config.update("jax_enable_x64", True)
    try:
        return jnp.sum(x, dtype=jnp.float64)
    finally:
        jax.config.update("jax_enable_x64", False)

# %% wrong: flips the switch, fine only if it was off | "The global switch may be off or on"
def precise_sum(x):
    with jax.enable_x64(not jax.config.jax_enable_x64):
        return jnp.sum(x, dtype=jnp.float64)

# %% wrong: leaves the switch on | "must be what it was before"
def precise_sum(x):
    jax.config.update("jax_enable_x64", True)
    return jnp.sum(x, dtype=jnp.float64)

# %% wrong: compensated float32 (two floats) | "**added up in 64 bits**", twelve digits for long arrays
def precise_sum(x):
    def step(carry, v):
        s, c = carry
        t = s + v
        e = jnp.where(jnp.abs(s) >= jnp.abs(v), (s - t) + v, (v - t) + s)
        return (t, c + e), None
    (s, c), _ = lax.scan(step, (jnp.float32(0), jnp.float32(0)), jnp.asarray(x))
    with jax.enable_x64(True):
        return s.astype(jnp.float64) + c.astype(jnp.float64)

# %% wrong: long arrays in float32 blocks of 1024 first | "**added up in 64 bits**"
def precise_sum(x):
    with jax.enable_x64(True):
        x = jnp.asarray(x)
        if x.size <= 1024:
            return jnp.sum(x, dtype=jnp.float64)
        blocks = jnp.pad(x, (0, -x.size % 1024)).reshape(-1, 1024)
        return jnp.sum(jnp.sum(blocks, axis=1), dtype=jnp.float64)

# %% wrong: the remainder of the blocks is lost | "the sum of `x`"
def precise_sum(x):
    with jax.enable_x64(True):
        y = jnp.asarray(x).astype(jnp.float64)
        if y.size < 1024:
            return y.sum()
        return y[: y.size // 1024 * 1024].reshape(-1, 1024).sum()

# %% wrong: sorts the caller's NumPy array to add small ones first | "must not change the arrays it is given"
def precise_sum(x):
    with jax.enable_x64(True):
        s = x.sort()
        return jnp.sum(x if s is None else s, dtype=jnp.float64)

# %% wrong: enters the context by hand and never leaves | "must be what it was before"
def precise_sum(x):
    jax.enable_x64(True).__enter__()
    return jnp.sum(x, dtype=jnp.float64)

# %% wrong: fixed point in int64, numbers below 1e-9 vanish and above 9e9 overflow | "All numbers are finite"
def precise_sum(x):
    with jax.enable_x64(True):
        scaled = jnp.round(jnp.asarray(x).astype(jnp.float64) * 2.0**30).astype(jnp.int64)
        return jnp.sum(scaled) / 2.0**30

# %% wrong: twelve decimals taken for twelve digits | "right to twelve digits"
def precise_sum(x):
    with jax.enable_x64(True):
        return jnp.round(jnp.sum(x, dtype=jnp.float64), 12)

# %% wrong: remembers sums by identity, stale after the caller changed the array | the sum of `x` as it is now
_memo = {}
def precise_sum(x):
    with jax.enable_x64(True):
        if not isinstance(x, np.ndarray):
            return jnp.sum(x, dtype=jnp.float64)
        if id(x) not in _memo:
            _memo[id(x)] = x, jnp.sum(x, dtype=jnp.float64)
        return _memo[id(x)][1]

# %% wrong: restores the switch from a module-level note taken once | "must be what it was before" each call
_at_start = jax.config.jax_enable_x64
def precise_sum(x):
    jax.config.update("jax_enable_x64", True)
    s = jnp.sum(x, dtype=jnp.float64)
    jax.config.update("jax_enable_x64", _at_start)
    return s

# %% wrong: at most 65536 numbers are added | "perhaps hundreds of thousands"
def precise_sum(x):
    with jax.enable_x64(True):
        y = jnp.asarray(x, jnp.float64)
        step = lambda k, s: s + y[k]
        return lax.fori_loop(0, min(y.size, 2**16), step, jnp.float64(0))
