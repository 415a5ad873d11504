# %% right: loop of multiplications
@partial(jax.jit, static_argnums=1)
def power(x, n):
    result = jnp.ones_like(x)
    for _ in range(n):
        result = result * x
    return result

# %% right: bits of n, static_argnames
@partial(jax.jit, static_argnames="n")
def power(x: Num[Array, "*shape"], n: int) -> Num[Array, "*shape"]:
    result = jnp.ones_like(x)
    while n:
        if n & 1:
            result = result * x
        x, n = x * x, n >> 1
    return result

# %% right: the operator, on a static exponent
power = jax.jit(lambda x, n: x**n, static_argnums=(1,))

# %% right: lax.integer_pow, new decorator form
@jax.jit(static_argnames=("n",))
def power(x, n):
    return lax.integer_pow(x, n)

# %% right: functools.reduce over repeated x
from functools import reduce
from itertools import repeat
from operator import mul


@partial(jax.jit, static_argnums=(1,))
def power(x, n):
    return reduce(mul, repeat(x, n), jnp.ones(x.shape, x.dtype))

# %% right: math.prod with start
import math


@partial(jax.jit, static_argnums=1)
def power(x, n):
    return math.prod((x,) * n, start=jnp.ones_like(x))

# %% right: recursion by halves in a helper, match statement
def _pow(x, n):
    match n:
        case 0:
            return jnp.ones_like(x)
        case 1:
            return x
        case _:
            half = _pow(x, n // 2)
            return half * half * x if n % 2 else half * half


@partial(jax.jit, static_argnums=1)
def power(x, n):
    return _pow(x, n)

# %% right: fori_loop with the static n
@partial(jax.jit, static_argnums=1)
def power(x, n):
    return lax.fori_loop(0, n, lambda _, p: p * x, jnp.ones_like(x))

# %% right: scan of length n
@partial(jax.jit, static_argnums=1)
def power(x, n):
    p, _ = lax.scan(lambda p, _: (p * x, None), jnp.ones_like(x), None, length=n)
    return p

# %% right: product along a new axis
@partial(jax.jit, static_argnums=1)
def power(x, n):
    return jnp.prod(jnp.broadcast_to(x, (n, *x.shape)), axis=0, dtype=x.dtype)

# %% right: binary digits from the left, as a string
@partial(jax.jit, static_argnums=1)
def power(x, n):
    out = jnp.ones_like(x)
    for digit in f"{n:b}":
        out = out * out
        if digit == "1":
            out = out * x
    return out

# %% right: jnp.power inside a function that is jitted by call, keeps the dtype
def _power(x, n):
    return jnp.power(x, n).astype(x.dtype)


power = jax.jit(_power, static_argnums=1)

# %% wrong: n is traced, one program for all n | "with **`n` static**"
@jax.jit
def power(x, n):
    return lax.fori_loop(0, n, lambda _, p: p * x, jnp.ones_like(x))

# %% wrong: float ones for n = 0, also for an int x | "The result has the shape and dtype of `x`"
@partial(jax.jit, static_argnums=1)
def power(x, n):
    if n == 0:
        return jnp.ones(x.shape)
    result = x
    for _ in range(n - 1):
        result = result * x
    return result

# %% wrong: a new jit at each call | "not again when that `n` comes back"
def power(x, n):
    @jax.jit
    def run(x):
        result = jnp.ones_like(x)
        for _ in range(n):
            result = result * x
        return result

    return run(x)

# %% wrong: a floating-point power for ints, rounded back | int results above 2**24 are inexact: "`x` to the power `n`"
@partial(jax.jit, static_argnums=1)
def power(x, n):
    return jnp.round(jnp.power(x.astype(jnp.float32), float(n))).astype(x.dtype) if x.dtype == jnp.int32 else x**n

# %% wrong: reads only four bits of n | "`n` is a Python int of at least 0": 16 gives 1
@partial(jax.jit, static_argnums=1)
def power(x, n):
    result = jnp.ones_like(x)
    for bit in range(4):
        if (n >> bit) & 1:
            result = result * x
        x = x * x
    return result

# %% wrong: not compiled | "compiled by `jax.jit`"
def power(x, n):
    result = jnp.ones_like(x)
    for _ in range(n):
        result = result * x
    return result

# %% wrong: multiplies the caller's NumPy array in place | the caller's data is changed; not compiled
def power(x, n):
    if n == 0:
        return jnp.ones_like(x)
    result, base = x, x + 0
    for _ in range(n - 1):
        result *= base
    return jnp.asarray(result)

# %% wrong: an array without axes gets one | "array of any shape", "The result has the shape ... of `x`"
@partial(jax.jit, static_argnums=1)
def power(x, n):
    x = jnp.atleast_1d(x)
    result = jnp.ones_like(x)
    for _ in range(n):
        result = result * x
    return result

# %% right: one Python recursion for each factor
@partial(jax.jit, static_argnums=1)
def power(x, n):
    def rec(k):
        return jnp.ones_like(x) if k == 0 else x * rec(k - 1)

    return rec(n)

# %% wrong: programs kept by n and shape, the dtype of the first x is baked in | "dtype of `x`", "each shape and dtype"
_PROGRAMS = {}


def power(x, n):
    key = n, x.shape
    if key not in _PROGRAMS:
        dtype = x.dtype
        _PROGRAMS[key] = jax.jit(lambda x: (x**n).astype(dtype))
    return _PROGRAMS[key](x)

# %% wrong: 0 to the power 0 is made 0 for ints only through a zero mask | "`x` to the power `n`": n = 0 gives 1 everywhere
@partial(jax.jit, static_argnums=1)
def power(x, n):
    result = jnp.ones_like(x)
    for _ in range(n):
        result = result * x
    return jnp.where(x == 0, 0, result) if x.dtype == jnp.int32 else result

# %% wrong: exponential of the logarithm for large n, negative bases lose their sign | "`x` to the power `n`" (-1 to the 21st)
@partial(jax.jit, static_argnums=1)
def power(x, n):
    if n <= 20 or x.dtype == jnp.int32:
        return x**n
    return jnp.exp(n * jnp.log(jnp.abs(x)))

# %% wrong: donates x | the caller's array is deleted
@partial(jax.jit, static_argnums=1, donate_argnums=0)
def power(x, n):
    return x**n
