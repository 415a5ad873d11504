# %% right: with, and the dtype of the sum
def precise_sum(x):
    with jax.enable_x64(True):
        return jnp.sum(jnp.asarray(x), dtype=jnp.float64)


# %% right: wide array first, then a dot product with ones
def precise_sum(x):
    with jax.enable_x64(True):
        wide = jnp.asarray(x).astype(jnp.float64)
        return jnp.vdot(jnp.ones_like(wide), wide)


# %% right: scan, with a total of 64 bits
def precise_sum(x):
    with jax.enable_x64(True):

        def add(total, number):
            return total + lax.convert_element_type(number, jnp.float64), None

        total, _ = lax.scan(add, jnp.zeros((), jnp.float64), jnp.asarray(x))
        return total


# %% right: a decorator that lends 64 bits, lax.reduce
from functools import wraps


def _in_64_bits(function):
    @wraps(function)
    def wrapper(*args):
        with jax.enable_x64(True):
            return function(*args)

    return wrapper


@_in_64_bits
def precise_sum(x):
    wide = jnp.asarray(x, dtype=jnp.float64)
    return lax.reduce(wide, np.float64(0), lax.add, dimensions=(0,))


# %% wrong: switches 64 bits on and leaves them on | the global switch is on after the call
def precise_sum(x):
    jax.config.update("jax_enable_x64", True)
    return jnp.sum(jnp.asarray(x), dtype=jnp.float64)


# %% wrong: switches on, then off | a switch that was on before the call is off after it
def precise_sum(x):
    jax.config.update("jax_enable_x64", True)
    try:
        return jnp.sum(jnp.asarray(x), dtype=jnp.float64)
    finally:
        jax.config.update("jax_enable_x64", False)


# %% wrong: relies on the switch if it is on | with the switch on, a float32 array is added up in float32, and the result is float32
def precise_sum(x):
    x = jnp.asarray(x)
    if jax.config.jax_enable_x64:
        return jnp.sum(x)
    with jax.enable_x64(True):
        return jnp.sum(x, dtype=jnp.float64)


# %% wrong: compensated sum in float32 | not in 64 bits: partial sums above 3.4e38 overflow, NaN although the sum is finite in float64
def precise_sum(x):
    def step(carry, v):
        s, c = carry
        t = s + v
        c = c + jnp.where(jnp.abs(s) >= jnp.abs(v), (s - t) + v, (v - t) + s)
        return (t, c), None

    zero = jnp.float32(0)
    (s, c), _ = lax.scan(step, (zero, zero), jnp.asarray(x))
    with jax.enable_x64(True):
        return s.astype(jnp.float64) + c.astype(jnp.float64)


# %% wrong: fixed point in int64 | numbers below 1e-10 are lost, and sums above 2e9 overflow
def precise_sum(x):
    with jax.enable_x64(True):
        scale = 2.0**32
        wide = jnp.asarray(x).astype(jnp.float64) * scale
        total = jnp.sum(jnp.round(wide).astype(jnp.int64))  # exact
        return total.astype(jnp.float64) / scale


# %% wrong: full blocks only | with more than 4096 numbers, those after the last full block are left out
def precise_sum(x):
    with jax.enable_x64(True):
        wide = jnp.asarray(x).astype(jnp.float64)
        block = min(wide.shape[0], 4096)
        n_blocks = wide.shape[0] // block
        parts = wide[: n_blocks * block].reshape(n_blocks, block).sum(axis=1)
        return parts.sum()


# %% wrong: blocks added up without a dtype | from 256 numbers on, each block of 256 is added up in float32
def precise_sum(x):
    with jax.enable_x64(True):
        x = jnp.asarray(x)
        full = x.shape[0] // 256 * 256
        blocks = jnp.sum(x[:full].reshape(-1, 256), axis=1)
        rest = jnp.sum(x[full:], dtype=jnp.float64)
        return jnp.sum(blocks, dtype=jnp.float64) + rest


# %% wrong: 'not' in place of True | with the switch on, it is off inside the with: added up in float32, and the result is float32
def precise_sum(x):
    with jax.enable_x64(not jax.config.jax_enable_x64):
        return jnp.asarray(x).astype(jnp.float64).sum()
