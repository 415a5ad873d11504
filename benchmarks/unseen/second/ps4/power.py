# %% right: static_argnums and the plain loop
@partial(jax.jit, static_argnums=1)
def power(x, n):
    result = jnp.ones_like(x)
    for _ in range(n):
        result = result * x
    return result

# %% right: the bits of n, static_argnames
@partial(jax.jit, static_argnames="n")
def power(x, n):
    x = jnp.asarray(x)
    result = jnp.ones(x.shape, x.dtype)
    while n:
        if n & 1:
            result = result * x
        x = x * x
        n >>= 1
    return result

# %% right: fori_loop with a static bound
@partial(jax.jit, static_argnums=(1,))
def power(x, n):
    return lax.fori_loop(0, n, lambda _, p: p * x, jnp.ones_like(x))

# %% right: recursion by halves in an inner function
def _power(x, n):
    if n == 0:
        return jnp.ones_like(x)
    half = _power(x, n // 2)
    return half * half * x if n % 2 else half * half

power = jax.jit(_power, static_argnums=1)

# %% right: lax.integer_pow, which needs a Python int
@partial(jax.jit, static_argnums=1)
def power(x, n):
    if n == 0:
        return jnp.full(x.shape, 1, x.dtype)
    return lax.integer_pow(x, n)

# %% right: functools.reduce over n copies
from functools import reduce
import operator

@partial(jax.jit, static_argnums=[1])
def power(x, n):
    return reduce(operator.mul, [x] * n, jnp.ones_like(x))

# %% wrong: n is traced | one program for all n; n must be static
@jax.jit
def power(x, n):
    return lax.fori_loop(0, n, lambda _, p: p * x, jnp.ones_like(x))

# %% wrong: no jit | nothing is compiled as a whole
def power(x, n):
    x = jnp.asarray(x)
    result = jnp.ones_like(x)
    for _ in range(n):
        result = result * x
    return result

# %% wrong: plain ones for n = 0 | int32 x with n = 0 gives float32
@partial(jax.jit, static_argnums=1)
def power(x, n):
    if n == 0:
        return jnp.ones(x.shape)
    result = x
    for _ in range(n - 1):
        result = result * x
    return result

# %% wrong: computes in float32 and converts back | int32 powers above 2**24 lose digits
@partial(jax.jit, static_argnums=1)
def power(x, n):
    y = jnp.asarray(x, jnp.float32)
    result = jnp.ones_like(y)
    for _ in range(n):
        result = result * y
    return result.astype(x.dtype)

# %% wrong: a new jit at each call | traces again although that n was there before
def power(x, n):
    @jax.jit
    def compiled(x):
        result = jnp.ones_like(x)
        for _ in range(n):
            result = result * x
        return result
    return compiled(x)

# %% wrong: jitted recursion n - 1 | n nested programs, each traced; large n exceeds Python's recursion limit
@partial(jax.jit, static_argnums=1)
def power(x, n):
    if n == 0:
        return jnp.ones_like(x)
    return x * power(x, n - 1)

# %% wrong: keeps one compiled program for each n | another shape or dtype of x with the same n raises TypeError
_PROGRAMS = {}

def _loop(x, n):
    result = jnp.ones_like(x)
    for _ in range(n):
        result = result * x
    return result

def power(x, n):
    if isinstance(x, jax.core.Tracer):
        return _loop(x, n)
    if n not in _PROGRAMS:
        _PROGRAMS[n] = jax.jit(_loop, static_argnums=1).lower(x, n).compile()
    return _PROGRAMS[n](x)

# %% wrong: reads eight bits of n | n from 256 to 500 is taken modulo 256
@partial(jax.jit, static_argnums=1)
def power(x, n):
    result = jnp.ones_like(x)
    for bit in range(8):
        if n >> bit & 1:
            result = result * x
        x = x * x
    return result

# %% wrong: vmap over the first axis | an x without axes raises
@partial(jax.jit, static_argnums=1)
def power(x, n):
    def one(entry):
        result = jnp.ones_like(entry)
        for _ in range(n):
            result = result * entry
        return result
    return jax.vmap(one)(x)

# %% wrong: exp(n log|x|) with a sign, rounded for ints | large powers lose digits, int32 above 2**24 are inexact
@partial(jax.jit, static_argnums=1)
def power(x, n):
    if n == 0:
        return jnp.ones_like(x)
    size = jnp.exp(n * jnp.log(jnp.abs(x).astype(jnp.float32)))
    sign = jnp.where((x < 0) & (n % 2 == 1), -1.0, 1.0)
    result = sign * size
    if jnp.issubdtype(x.dtype, jnp.integer):
        result = jnp.round(result)
    return result.astype(x.dtype)

# %% wrong: donates x | the caller's JAX array is deleted
@partial(jax.jit, static_argnums=1, donate_argnums=0)
def power(x, n):
    result = jnp.ones_like(x)
    for _ in range(n):
        result = result * x
    return result

# %% wrong: counts the steps in int8 | range over np.int8 bits: n above 127 is refused or wraps to a negative number
@partial(jax.jit, static_argnums=1)
def power(x, n):
    result = jnp.ones_like(x)
    for _ in range(int(np.array(n).astype(np.int8))):
        result = result * x
    return result
