# %% right: methods after one conversion
def summary(a):
    a = jnp.asarray(a, dtype=jnp.float32)
    return a.sum(), a @ a


# %% right: einsum and tuple of partials
from functools import partial

_total = partial(jnp.einsum, "i->")
_square = partial(jnp.einsum, "i,i->")


def summary(a):
    a = jnp.asarray(a).astype(jnp.float32)
    return tuple(f(*args) for f, args in ((_total, (a,)), (_square, (a, a))))


# %% right: lax primitives written out
def summary(a):
    v = lax.convert_element_type(jnp.asarray(a), jnp.float32)
    total = lax.reduce(v, jnp.float32(0), lax.add, (0,))
    product = lax.dot_general(
        v, v, dimension_numbers=(((0,), (0,)), ((), ())), precision=lax.Precision.HIGHEST
    )
    return total, product


# %% right: one reduction over a stack of both
def summary(a):
    a = jnp.asarray(a, jnp.float32)
    both = jnp.stack([a, jnp.square(a)])
    s, d = jnp.sum(both, axis=1)
    return s, d


# %% wrong: squares in place | a NumPy array of the caller is changed to its squares
def summary(a):
    total = jnp.sum(a)
    a *= a
    return total, jnp.sum(a)


# %% wrong: converts only float64 | a float32 NumPy array gives NumPy scalars, not JAX arrays
def summary(a):
    if a.dtype == np.float64:
        # JAX works in 32 bits
        a = jnp.asarray(a)
    return a.sum(), a.dot(a)


# %% wrong: sum as mean times length | an empty array gives NaN (0/0) where both sums are 0
def summary(a):
    a = jnp.asarray(a, jnp.float32)
    n = a.shape[0]
    return jnp.mean(a) * n, jnp.mean(a * a) * n


# %% wrong: Python's sum over a JAX array | an empty array gives the Python int 0, not a float32 JAX array
def summary(a):
    a = jnp.asarray(a, jnp.float32)
    return sum(a), sum(a * a)


# %% wrong: scaled by the largest entry | an array of zeros gives NaN (0/0)
def summary(a):
    a = jnp.asarray(a, jnp.float32)
    scale = jnp.max(jnp.abs(a), initial=0.0)
    b = a / scale  # so that the squares cannot overflow
    return jnp.sum(a), scale * scale * jnp.dot(b, b)


# %% wrong: computes in float16 | entries above 65504, or squares of small entries, overflow to inf or vanish
def summary(a):
    h = jnp.asarray(a, jnp.float16)
    total = jnp.sum(h, dtype=jnp.float32)
    product = jnp.sum(h * h, dtype=jnp.float32)
    return total, product


# %% wrong: remembers results by id | keeps a cache; the same NumPy array with new values gives the old result
_summaries = {}


def summary(a):
    key = id(a)
    if key not in _summaries:
        v = jnp.asarray(a, jnp.float32)
        # keep `a` too, so that its id is not used again
        _summaries[key] = (a, jnp.sum(v), jnp.dot(v, v))
    return _summaries[key][1:]


# %% wrong: a debugging print left in | it prints at every call, which the rules forbid
def summary(a):
    a = jnp.asarray(a, jnp.float32)
    total, product = jnp.sum(a), jnp.dot(a, a)
    jax.debug.print("sum={s} dot={d}", s=total, d=product)
    return total, product
