# %% right: jit as a function, powers as products
def expression(x):
    square = x * x
    fourth = square * square
    return jnp.cos(2 * square) + jnp.sqrt(jnp.abs(x)) + 2 * jnp.sin(fourth) - square


f_fused = jax.jit(expression)


# %% right: a compiled helper inside, after a conversion that keeps the dtype
@jax.jit
def compiled_f(x):
    return lax.cos(2 * jnp.square(x)) + lax.sqrt(lax.abs(x)) + 2 * lax.sin(jnp.power(x, 4)) - x**2


def f_fused(x: Float[Array, "n"]) -> Float[Array, "n"]:
    return compiled_f(jnp.asarray(x))


# %% wrong: eager, op by op -> beats_numpy_in_float64
def f_fused(x):
    x = jnp.asarray(x)
    return jnp.cos(2 * x**2) + jnp.sqrt(jnp.abs(x)) + 2 * jnp.sin(x**4) - x**2


# %% wrong: each operation jitted for itself -> beats_numpy_in_float64
jitted_cos, jitted_sin, jitted_sqrt = jax.jit(jnp.cos), jax.jit(jnp.sin), jax.jit(jnp.sqrt)


def f_fused(x):
    x = jnp.asarray(x)
    return jitted_cos(2 * x**2) + jitted_sqrt(jnp.abs(x)) + 2 * jitted_sin(x**4) - x**2


# %% wrong: sine of the square -> gives_the_expression
@jax.jit
def f_fused(x):
    return jnp.cos(2 * x**2) + jnp.sqrt(jnp.abs(x)) + 2 * jnp.sin(x**2) - x**2


# %% wrong: cosine of (2 x) squared -> gives_the_expression
@jax.jit
def f_fused(x):
    return jnp.cos((2 * x) ** 2) + jnp.sqrt(jnp.abs(x)) + 2 * jnp.sin(x**4) - x**2


# %% wrong: square of the cosine, as mathematicians write it -> gives_the_expression
@jax.jit
def f_fused(x):
    return 2 * jnp.cos(x) ** 2 + jnp.sqrt(jnp.abs(x)) + 2 * jnp.sin(x) ** 4 - x**2


# %% wrong: no absolute value -> gives_the_expression
@jax.jit
def f_fused(x):
    return jnp.cos(2 * x**2) + jnp.sqrt(x) + 2 * jnp.sin(x**4) - x**2


# %% wrong: silently float32 -> keeps_float64
@jax.jit
def f_fused(x):
    x = jnp.asarray(x, jnp.float32)
    return jnp.cos(2 * x**2) + jnp.sqrt(jnp.abs(x)) + 2 * jnp.sin(x**4) - x**2


# %% wrong: float32 inside, float64 outside -> keeps_float64
@jax.jit
def f_fused(x):
    y = x.astype(jnp.float32)
    y = jnp.cos(2 * y**2) + jnp.sqrt(jnp.abs(y)) + 2 * jnp.sin(y**4) - y**2
    return y.astype(x.dtype)


# %% wrong: float64 constants make everything float64 -> keeps_float64
@jax.jit
def f_fused(x):
    two = jnp.array([2.0], float)
    return jnp.cos(two * x**2) + jnp.sqrt(jnp.abs(x)) + two * jnp.sin(x**4) - x**2


# %% wrong: NumPy for NumPy -> gives_the_expression, is_pure
def f_fused(x):
    return np.cos(2 * x**2) + np.sqrt(np.abs(x)) + 2 * np.sin(x**4) - x**2


# %% wrong: switches 64-bit types on for good -> is_pure
def f_fused(x):
    jax.config.update("jax_enable_x64", True)
    x = jnp.asarray(x)
    return jnp.cos(2 * x**2) + jnp.sqrt(jnp.abs(x)) + 2 * jnp.sin(x**4) - x**2


# %% wrong: mirrors the caller's array, as f is even -> is_pure
f_compiled = jax.jit(f)


def f_fused(x):
    if isinstance(x, np.ndarray):
        np.negative(x, out=x)
    return f_compiled(x)


# %% wrong: an epsilon under the root -> keeps_float64
@jax.jit
def f_fused(x):
    return jnp.cos(2 * x**2) + jnp.sqrt(jnp.abs(x) + 1e-12) + 2 * jnp.sin(x**4) - x**2


# %% wrong: two lanes, so that the length must be even -> gives_the_expression
@jax.jit
def f_fused(x):
    lanes = x.reshape(2, x.size // 2)
    s = lanes * lanes
    y = jnp.cos(2 * s) + jnp.sqrt(jnp.abs(lanes)) + 2 * jnp.sin(s * s) - s
    return y.reshape(-1)


# %% wrong: each term is compiled by itself -> beats_numpy_in_float64
cosine = jax.jit(lambda x: jnp.cos(2 * x**2))
root = jax.jit(lambda x: jnp.sqrt(jnp.abs(x)) - x**2)
sine = jax.jit(lambda x: 2 * jnp.sin(x**4))


def f_fused(x):
    return cosine(x) + root(x) + sine(x)


# %% wrong: an empty float32 array made float64 -> keeps_float64
@jax.jit
def f_fused(x):
    if x.shape[0] == 0:
        return jnp.zeros(0)
    return jnp.cos(2 * x**2) + jnp.sqrt(jnp.abs(x)) + 2 * jnp.sin(x**4) - x**2
