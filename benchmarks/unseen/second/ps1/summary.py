# %% right: jnp functions
def summary(a: Float[Array, "n"]) -> tuple[Float32[Array, ""], Float32[Array, ""]]:
    return jnp.sum(a), jnp.dot(a, a)

# %% right: asarray first, then method and operator
def summary(a):
    a = jnp.asarray(a, dtype=jnp.float32)
    return a.sum(), a @ a

# %% right: methods of whatever array it is, wrapped at the end
def summary(a):
    as_jax = lambda value: jnp.asarray(value, jnp.float32)
    return as_jax(a.sum()), as_jax(a.dot(a))

# %% right: two einsums through partial
from functools import partial

def summary(a):
    v = jnp.asarray(a).astype(jnp.float32)
    es = partial(jnp.einsum, precision=lax.Precision.HIGHEST)
    return es("i->", v), es("i,i->", v, v)

# %% right: lax.reduce of v and of its square
def _add_up(v):
    return lax.reduce(v, np.float32(0), lax.add, (0,))

def summary(a):
    v = jnp.array(a, jnp.float32)
    return _add_up(v), _add_up(lax.square(v))

# %% right: vmap over the rows of a 2 by n array
def summary(a):
    v = jnp.float32(a)
    rows = jnp.vstack([v, v * v])
    first, second = jax.vmap(jnp.sum)(rows)
    return first, second

# %% right: tuple(map(...)), vdot and inner with ones
def summary(a):
    v = jnp.asarray(a, jnp.float32)
    return tuple(map(lambda w: jnp.inner(w, v), (jnp.ones_like(v), v)))

# %% wrong: Python's sum, then asarray | an empty array gives an int32 zero (sum starts from the int 0)
def summary(a):
    return jnp.asarray(sum(a)), jnp.dot(a, a)

# %% wrong: sum as mean times length | an empty array gives NaN
def summary(a):
    a = jnp.asarray(a, jnp.float32)
    return jnp.mean(a) * a.size, jnp.dot(a, a)

# %% wrong: last partial sum | an empty array has no last entry: raises
def summary(a):
    a = jnp.asarray(a, jnp.float32)
    return lax.slice_in_dim(jnp.cumsum(a), a.size - 1, a.size).reshape(()), jnp.vdot(a, a)

# %% wrong: computes in float16 | entries beyond 65504 become inf and tiny ones 0, digits are lost
def summary(a):
    h = jnp.asarray(a, jnp.float16)
    return jnp.sum(h).astype(jnp.float32), jnp.dot(h, h).astype(jnp.float32)

# %% wrong: sorts the NumPy array in place "for accuracy" | the caller's array is changed
def summary(a):
    if isinstance(a, np.ndarray):
        a.sort()
    return jnp.sum(a), jnp.dot(a, a)

# %% wrong: results remembered by id of the array | hidden state: a changed NumPy array (or a reused id) gives the old sums
_seen = {}

def summary(a):
    if isinstance(a, jax.core.Tracer):
        return jnp.sum(a), jnp.dot(a, a)
    if id(a) not in _seen:
        _seen[id(a)] = (jnp.sum(a), jnp.dot(a, a))
    return _seen[id(a)]

# %% wrong: small entries treated as noise | entries below 1e-6 are ignored, though sizes go down to 1e-10
def summary(a):
    a = jnp.asarray(a, jnp.float32)
    a = jnp.where(jnp.abs(a) < 1e-6, 0.0, a)
    return jnp.sum(a), jnp.dot(a, a)

# %% wrong: rounded to four decimals | small sums and dot products become 0
def summary(a):
    return jnp.round(jnp.sum(a), 4), jnp.round(jnp.dot(a, a), 4)

# %% wrong: switches 64 bits on for a better sum | the global switch stays on after the call
def summary(a):
    jax.config.update("jax_enable_x64", True)
    b = jnp.asarray(a, jnp.float64)
    return jnp.sum(b).astype(jnp.float32), jnp.dot(b, b).astype(jnp.float32)

# %% wrong: forgotten debugging print | prints at each call
def summary(a):
    total, dot = jnp.sum(a), jnp.dot(a, a)
    jax.debug.print("sum {s}, dot {d}", s=total, d=dot)
    return total, dot

# %% wrong: scaled by the largest entry | all zeros give NaN (0/0), and an empty array raises
def summary(a):
    a = jnp.asarray(a, jnp.float32)
    m = jnp.max(jnp.abs(a))
    b = a / m
    return m * jnp.sum(b), m * m * jnp.dot(b, b)

# %% wrong: through Python floats | float() of a tracer raises under jit
def summary(a):
    return jnp.float32(float(jnp.sum(a))), jnp.float32(float(jnp.dot(a, a)))

# %% wrong: a list of two | the text asks for a tuple
def summary(a):
    a = jnp.asarray(a)
    return [a.sum(), (a * a).sum()]

# %% wrong: dot product as the square of the norm plus an epsilon | all zeros (or tiny entries) do not give their dot product
def summary(a):
    a = jnp.asarray(a, jnp.float32)
    return a.sum(), jnp.dot(a, a) + 1e-7
