# %% right: as the hint says
@jax.jit
def chain(x, y):
    s = jnp.sum(jnp.dot(x, y), axis=1)
    return jnp.exp(s - jnp.max(s))

# %% right: einsum with full precision
@jax.jit
def chain(x, y):
    s = jnp.einsum("nk,km->n", x, y, precision="highest")
    return jnp.exp(s - s.max())

# %% right: row sums of y first, matrix times vector
@jax.jit
def chain(x, y):
    sums = jnp.matmul(x, y.sum(axis=1), precision=lax.Precision.HIGHEST)
    return jnp.exp(sums - jnp.max(sums))

# %% right: vmap over the rows of x
@jax.jit
def chain(x, y):
    s = jax.vmap(lambda row: jnp.sum(row @ y))(x)
    biggest = lax.reduce_max(s, axes=(0,))
    return jnp.exp(jnp.subtract(s, biggest))

# %% right: product with a vector of ones, lax primitives, jit by call
def _chain(x, y):
    xy = lax.dot_general(x, y, (((1,), (0,)), ((), ())), precision=lax.Precision.HIGHEST)
    s = xy @ jnp.ones(y.shape[1], xy.dtype)
    return lax.exp(s - lax.cummax(s)[-1])

chain = jax.jit(_chain)

# %% wrong: subtracts the mean and divides by the largest | exp overflows when the sums lie more than 88 above their mean: inf / inf
@jax.jit
def chain(x, y):
    s = jnp.dot(x, y).sum(axis=1)
    e = jnp.exp(s - s.mean())
    return e / e.max()

# %% wrong: the largest in absolute value | when the sum of largest magnitude is negative the largest result is not 1, up to overflow
@jax.jit
def chain(x, y):
    s = jnp.dot(x, y).sum(axis=1)
    return jnp.exp(s - jnp.max(jnp.abs(s)))

# %% wrong: the maximum starts at 0 | if all sums are negative the largest result is below 1
@jax.jit
def chain(x, y):
    s = jnp.dot(x, y).sum(axis=1)
    return jnp.exp(s - jnp.max(s, initial=0.0))

# %% wrong: product in bfloat16 | three digits are not enough in an exponent: errors far above a thousandth
@jax.jit
def chain(x, y):
    s = jnp.dot(x.astype(jnp.bfloat16), y.astype(jnp.bfloat16)).astype(jnp.float32).sum(axis=1)
    return jnp.exp(s - s.max())

# %% wrong: no jit | not one compiled function
def chain(x, y):
    s = jnp.dot(jnp.asarray(x), jnp.asarray(y)).sum(axis=1)
    return jnp.exp(s - s.max())

# %% wrong: the product in NumPy | works only outside jit, not compiled as a whole
_end = jax.jit(lambda s: jnp.exp(s - s.max()))

def chain(x, y):
    return _end(np.dot(np.asarray(x), np.asarray(y)).sum(axis=1))

# %% wrong: squeezes the result | one row gives shape () instead of (1,)
@jax.jit
def chain(x, y):
    s = jnp.dot(x, y).sum(axis=1, keepdims=True)
    return jnp.squeeze(jnp.exp(s - s.max()))

# %% wrong: relative to the last row | right only where the last sum is the largest
@jax.jit
def chain(x, y):
    s = jnp.dot(x, y).sum(axis=1)
    return jnp.exp(s - s[-1])

# %% wrong: row sums of x times the sum of y | right only for an inner length of 1
@jax.jit
def chain(x, y):
    s = x.sum(axis=1) * y.sum()
    return jnp.exp(s - s.max())

# %% wrong: cuts small results off to 0 | results below exp(-30) are allowed an error of a thousandth of themselves
@jax.jit
def chain(x, y):
    s = jnp.dot(x, y).sum(axis=1)
    d = s - s.max()
    return jnp.where(d < -30, 0.0, jnp.exp(d))

# %% wrong: subtracts the largest of each column, then a product of exponentials | underflows to 0/0 when no row is largest in all columns
@jax.jit
def chain(x, y):
    xy = jnp.dot(x, y)
    e = jnp.exp(xy - xy.max(axis=0)).prod(axis=1)
    return e / e.max()

# %% wrong: softmax divided by its largest, stored in half precision | float16 underflows below 6e-8 and has three digits
@jax.jit
def chain(x, y):
    s = jnp.dot(x, y).sum(axis=1)
    weights = jax.nn.softmax(s).astype(jnp.float16)
    return (weights / weights.max()).astype(jnp.float32)
