# %% right: the formula
@jax.jit
def f_fused(x):
    return jnp.cos(2 * x**2) + jnp.sqrt(jnp.abs(x)) + 2 * jnp.sin(x**4) - x**2

# %% right: squares shared
@jax.jit
def f_fused(x):
    square = x * x
    fourth = square * square
    return jnp.cos(square + square) + jnp.sqrt(jnp.abs(x)) + 2 * jnp.sin(fourth) - square

# %% right: vmap of a function of one number, compiled
def _f_of_one_number(x):
    return jnp.cos(2 * x**2) + jnp.sqrt(jnp.abs(x)) + 2 * jnp.sin(x**4) - x**2


f_fused = jax.jit(jax.vmap(_f_of_one_number))

# %% right: lax primitives
@jax.jit
def f_fused(x):
    two = lax.full_like(x, 2)
    square = lax.integer_pow(x, 2)
    waves = lax.add(
        lax.cos(lax.mul(two, square)),
        lax.mul(two, lax.sin(lax.integer_pow(x, 4))),
    )
    return lax.sub(lax.add(waves, lax.sqrt(lax.abs(x))), square)

# %% wrong: converts to float32 | float64 loses its digits and its dtype
@jax.jit
def f_fused(x):
    x = jnp.asarray(x, dtype=jnp.float32)
    return jnp.cos(2 * x**2) + jnp.sqrt(jnp.abs(x)) + 2 * jnp.sin(x**4) - x**2

# %% wrong: converts to float | with 64-bit types on, a float32 x gives float64
@jax.jit
def f_fused(x):
    x = jnp.asarray(x, dtype=float)
    return jnp.cos(2 * x**2) + jnp.sqrt(jnp.abs(x)) + 2 * jnp.sin(x**4) - x**2

# %% wrong: no jit | is not one compiled function
def f_fused(x):
    x = jnp.asarray(x)
    square = x * x
    return jnp.cos(2 * square) + jnp.sqrt(jnp.abs(x)) + 2 * jnp.sin(square * square) - square

# %% wrong: each term compiled by itself | four programs instead of one, the sum runs eagerly
_wave = jax.jit(lambda x: jnp.cos(2 * x**2))
_root = jax.jit(lambda x: jnp.sqrt(jnp.abs(x)))
_fast_wave = jax.jit(lambda x: 2 * jnp.sin(x**4))
_square = jax.jit(lambda x: x**2)


def f_fused(x):
    return _wave(x) + _root(x) + _fast_wave(x) - _square(x)

# %% wrong: slow sine and cosine in float32 | float64 result is correct to 7 digits only
@jax.jit
def f_fused(x):
    square = x * x
    cos = jnp.cos((2 * square).astype(jnp.float32)).astype(x.dtype)
    sin = jnp.sin((square * square).astype(jnp.float32)).astype(x.dtype)
    return cos + jnp.sqrt(jnp.abs(x)) + 2 * sin - square

# %% wrong: clips to the range of float32 inputs | float64 entries between 2 and 10 in size are allowed too
@jax.jit
def f_fused(x):
    x = jnp.clip(x, -2, 2)
    return jnp.cos(2 * x**2) + jnp.sqrt(jnp.abs(x)) + 2 * jnp.sin(x**4) - x**2

# %% wrong: gives x's memory away | the caller's JAX array x is deleted by the call
@partial(jax.jit, donate_argnums=0)
def f_fused(x):
    return jnp.cos(2 * x**2) + jnp.sqrt(jnp.abs(x)) + 2 * jnp.sin(x**4) - x**2

# %% wrong: small number under the root for safety | off by 1e-6 at 0, float64 not correct to all digits
@jax.jit
def f_fused(x):
    eps = 1e-12
    return jnp.cos(2 * x**2) + jnp.sqrt(jnp.abs(x) + eps) + 2 * jnp.sin(x**4) - x**2
