# %% right: loop of multiplications
@partial(jax.jit, static_argnums=1)
def power(x, n):
    result = jnp.ones_like(x)
    for _ in range(n):
        result = result * x
    return result

# %% right: bits of n
@partial(jax.jit, static_argnames="n")
def power(x, n):
    result = jnp.ones_like(x)
    while n:
        if n & 1:
            result *= x
        n >>= 1
        if n:
            x = x * x
    return result

# %% right: integer_pow, jit called by hand
def _power(x, n):
    return lax.integer_pow(jnp.asarray(x), n)


power = jax.jit(_power, static_argnums=(1,))

# %% right: product over a new axis
@partial(jax.jit, static_argnums=1)
def power(x, n):
    copies = jnp.broadcast_to(x, (n, *x.shape))
    return jnp.prod(copies, axis=0, dtype=x.dtype)

# %% wrong: no decorator | not compiled by jax.jit with n static
def power(x, n):
    result = jnp.ones_like(x)
    for _ in range(n):
        result = result * x
    return result

# %% wrong: n traced | n is not static: one recording serves all n, it is not traced once for each n
@jax.jit
def power(x, n):
    return lax.fori_loop(0, n, lambda i, p: p * x, jnp.ones_like(x))

# %% wrong: n = 0 apart, with ones of the default dtype | an int32 x to the power 0 is float32
@partial(jax.jit, static_argnums=1)
def power(x, n):
    if n == 0:
        return jnp.ones(x.shape)
    result = x
    for _ in range(n - 1):
        result = result * x
    return result

# %% wrong: integers through float32 | int32 powers beyond 2**24, such as 3**19, are rounded
@partial(jax.jit, static_argnums=1)
def power(x, n):
    result = jnp.ones(x.shape, jnp.float32)
    for _ in range(n):
        result = result * x.astype(jnp.float32)
    if jnp.issubdtype(x.dtype, jnp.integer):
        result = jnp.round(result)
    return result.astype(x.dtype)

# %% wrong: eight bits | n from 256 on is taken modulo 256
@partial(jax.jit, static_argnums=1)
def power(x, n):
    result, square = jnp.ones_like(x), x
    for bit in range(8):
        if n >> bit & 1:
            result = result * square
        square = square * square
    return result

# %% wrong: recursion through the compiled function | traces for all smaller n too, and n = 500 is too deep
@partial(jax.jit, static_argnums=1)
def power(x, n):
    if n == 0:
        return jnp.ones_like(x)
    return x * power(x, n - 1)

# %% wrong: keeps one compiled function | an n that comes back after another n is traced again
from functools import lru_cache


@lru_cache(maxsize=1)
def _compiled(n):
    def run(x):
        result = jnp.ones_like(x)
        for _ in range(n):
            result = result * x
        return result

    return jax.jit(run)


def power(x, n):
    return _compiled(n)(x)

# %% wrong: tile along the first axis | right for one axis only: matrices and arrays without axes get a wrong shape
@partial(jax.jit, static_argnums=1)
def power(x, n):
    return jnp.prod(jnp.tile(x, (n, 1)), axis=0, dtype=x.dtype)
