# %% right: as written, jitted
@jax.jit
def f_fused(x):
    return jnp.cos(2 * x**2) + jnp.sqrt(jnp.abs(x)) + 2 * jnp.sin(x**4) - x**2

# %% right: shares the square
@jax.jit
def f_fused(x):
    square = x * x
    fourth = square * square
    return jnp.cos(square + square) + jnp.sqrt(jnp.abs(x)) + 2 * jnp.sin(fourth) - square

# %% right: vmap of a scalar function inside jit
def _f(t):
    u = jnp.square(t)
    return jnp.cos(2.0 * u) + jnp.sqrt(jnp.maximum(t, -t)) + 2.0 * jnp.sin(jnp.square(u)) - u

f_fused = jax.jit(jax.vmap(_f))

# %% right: lax primitives with constants of the dtype of x
@jax.jit
def f_fused(x):
    x = jnp.asarray(x)
    two = lax.full_like(x, 2)
    x2 = lax.integer_pow(x, 2)
    x4 = lax.integer_pow(x, 4)
    terms = lax.add(lax.cos(lax.mul(two, x2)), lax.sqrt(lax.abs(x)))
    return lax.sub(lax.add(terms, lax.mul(two, lax.sin(x4))), x2)

# %% right: the f of the notebook's text, written again and called inside a jitted function
def _eager(x):
    return sum((jnp.cos(2 * x**2), jnp.sqrt(abs(x)), 2 * jnp.sin(x**4), -(x**2)))

@partial(jax.jit, inline=True)
def f_fused(x):
    return _eager(x)

# %% wrong: no jit | not one compiled function, each operation writes its own array
def f_fused(x):
    x = jnp.asarray(x)
    return jnp.cos(2 * x**2) + jnp.sqrt(jnp.abs(x)) + 2 * jnp.sin(x**4) - x**2

# %% wrong: computes in float32 | float64 input loses half of its digits
@jax.jit
def f_fused(x):
    y = x.astype(jnp.float32)
    y = jnp.cos(2 * y**2) + jnp.sqrt(jnp.abs(y)) + 2 * jnp.sin(y**4) - y**2
    return y.astype(x.dtype)

# %% wrong: each term is jitted for itself | four programs and eager sums, not one compiled function
_cosine = jax.jit(lambda x: jnp.cos(2 * x**2))
_root = jax.jit(lambda x: jnp.sqrt(jnp.abs(x)))
_sine = jax.jit(lambda x: 2 * jnp.sin(x**4))
_square = jax.jit(lambda x: x**2)

def f_fused(x):
    return _cosine(x) + _root(x) + _sine(x) - _square(x)

# %% wrong: the constant 2 as a NumPy float64 | float32 input becomes float64 where 64-bit types are on
@jax.jit
def f_fused(x):
    two = np.float64(2)
    return jnp.cos(two * x**2) + jnp.sqrt(jnp.abs(x)) + two * jnp.sin(x**4) - x**2

# %% wrong: asks for the dtype float | with 64-bit types on, float32 input gives a float64 result
@jax.jit
def f_fused(x):
    x = jnp.asarray(x, dtype=float)
    return jnp.cos(2 * x**2) + jnp.sqrt(jnp.abs(x)) + 2 * jnp.sin(x**4) - x**2

# %% wrong: only the sine in float32 | float64 input is not correct to all its digits
@jax.jit
def f_fused(x):
    fourth = (x**4).astype(jnp.float32)
    return jnp.cos(2 * x**2) + jnp.sqrt(jnp.abs(x)) + 2 * jnp.sin(fourth).astype(x.dtype) - x**2

# %% wrong: reduces the angles by a rounded 2 pi | float64 with |x| above 2 loses digits: error 1e-5 and more near 10
@jax.jit
def f_fused(x):
    turn = 6.2831853
    return jnp.cos(jnp.mod(2 * x**2, turn)) + jnp.sqrt(jnp.abs(x)) + 2 * jnp.sin(jnp.mod(x**4, turn)) - x**2

# %% right: lax.map over the numbers, which XLA makes fast
@jax.jit
def f_fused(x):
    return lax.map(lambda t: jnp.cos(2 * t**2) + jnp.sqrt(jnp.abs(t)) + 2 * jnp.sin(t**4) - t**2, x)

# %% wrong: calls NumPy from the compiled program | nothing is fused, no faster than f_numpy
def _host(x):
    x = np.asarray(x)
    return np.asarray(np.cos(2 * x**2) + np.sqrt(np.abs(x)) + 2 * np.sin(x**4) - x**2, x.dtype)

@jax.jit
def f_fused(x):
    return jax.pure_callback(_host, jax.ShapeDtypeStruct(x.shape, x.dtype), x)

# %% wrong: Taylor series for sine and cosine | good for |x| up to 1, useless from 1.5 on
@jax.jit
def f_fused(x):
    s = x * x
    a = (2 * s) ** 2
    cos = jnp.ones_like(x)
    term = jnp.ones_like(x)
    for k in range(1, 10):
        term = -term * a / ((2 * k - 1) * (2 * k))
        cos = cos + term
    b = s * s
    sin = b
    term = b
    for k in range(1, 10):
        term = -term * b * b / ((2 * k) * (2 * k + 1))
        sin = sin + term
    return cos + jnp.sqrt(jnp.abs(x)) + 2 * sin - s

# %% wrong: keeps the result for an array that it has seen | hidden state: a NumPy x changed in place gets the old result
_compiled = jax.jit(lambda x: jnp.cos(2 * x**2) + jnp.sqrt(jnp.abs(x)) + 2 * jnp.sin(x**4) - x**2)
_SEEN = {}

def f_fused(x):
    if not isinstance(x, np.ndarray):
        return _compiled(x)
    if id(x) not in _SEEN:
        _SEEN[id(x)] = (x, _compiled(x))
    return _SEEN[id(x)][1]

# %% wrong: an extra answer for the empty array | with 64-bit types on an empty float32 x gives float64
@jax.jit
def f_fused(x):
    if x.shape[0] == 0:
        return jnp.zeros(0)
    return jnp.cos(2 * x**2) + jnp.sqrt(jnp.abs(x)) + 2 * jnp.sin(x**4) - x**2

# %% wrong: donates x | the caller's JAX array is deleted
@partial(jax.jit, donate_argnums=0)
def f_fused(x):
    return jnp.cos(2 * x**2) + jnp.sqrt(jnp.abs(x)) + 2 * jnp.sin(x**4) - x**2
