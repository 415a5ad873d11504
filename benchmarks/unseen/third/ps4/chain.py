# %% right: as the formula says
@jax.jit
def chain(x, y):
    s = jnp.dot(x, y).sum(axis=1)
    return jnp.exp(s - jnp.max(s))

# %% right: row sums of y first
@jax.jit
def chain(x, y):
    s = x @ (y @ jnp.ones(y.shape[1], y.dtype))
    return jnp.exp(s - s.max())

# %% right: einsum with the sum inside
@jax.jit
def chain(x, y):
    s = jnp.einsum("ij,jk->i", x, y, precision="highest")
    return jnp.exp(jnp.subtract(s, jnp.amax(s, axis=0, keepdims=True)))

# %% right: one row at a time with vmap, composed
def _relative(s):
    return lax.exp(s - lax.reduce_max(s, axes=(0,)))


def _row_sums(x, y):
    return jax.vmap(lambda row: jnp.vecdot(y.T, row).sum())(x)


chain = jax.jit(lambda x, y: _relative(_row_sums(jnp.asarray(x), jnp.asarray(y))))

# %% wrong: maximum counted from 0 | where all sums are negative, the largest result is not 1 (all may be 0)
@jax.jit
def chain(x, y):
    s = jnp.dot(x, y).sum(axis=1)
    return jnp.exp(s - jnp.max(s, initial=0.0))

# %% wrong: relative to the last row | wrong, or inf, where the last sum is not the largest
@jax.jit
def chain(x, y):
    s = jnp.cumsum(jnp.dot(x, y), axis=1)[:, -1]
    return jnp.exp(s - s[-1])

# %% wrong: product in bfloat16 for speed | errors far above a thousandth
@jax.jit
def chain(x, y):
    product = jnp.dot(
        x.astype(jnp.bfloat16), y.astype(jnp.bfloat16), preferred_element_type=jnp.float32
    )
    s = product.sum(axis=1)
    return jnp.exp(s - s.max())

# %% wrong: squeezes | with one row the result has no axes
@jax.jit
def chain(x, y):
    s = jnp.squeeze(x @ y.sum(axis=1, keepdims=True))
    return jnp.exp(s - s.max())

# %% wrong: row sum of x times the total of y | right only where the inner length is 1
@jax.jit
def chain(x, y):
    s = x.sum(axis=1) * y.sum()
    return jnp.exp(s - s.max())

# %% wrong: expm1 plus 1 | results below 1e-4 or so lose their digits, those below 1e-8 become 0
@jax.jit
def chain(x, y):
    s = jnp.dot(x, y).sum(axis=1)
    return 1 + jnp.expm1(s - s.max())

# %% wrong: the product in NumPy | not compiled as one function, fails under jax.jit
_exp_relative = jax.jit(lambda s: jnp.exp(s - s.max()))


def chain(x, y):
    s = np.dot(np.asarray(x), np.asarray(y)).sum(axis=1)
    return _exp_relative(s)

# %% wrong: largest row of x taken for the largest sum | wrong where entries of y are negative or rows cross
@jax.jit
def chain(x, y):
    s = jnp.dot(x, y).sum(axis=1)
    largest = jnp.argmax(x.sum(axis=1))
    return jnp.exp(s - s[largest])
