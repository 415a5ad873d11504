# %% right: dot, sum, max, exp
@jax.jit
def chain(x, y):
    s = jnp.sum(jnp.dot(x, y), axis=1)
    return jnp.exp(s - jnp.max(s))

# %% right: row sums of y first
@jax.jit
def chain(x: Float32[Array, "n k"], y: Float32[Array, "k m"]) -> Float32[Array, "n"]:
    s = x @ y.sum(axis=1)
    return jnp.exp(s - s.max())

# %% right: einsum of both at once
@jax.jit
def chain(x, y):
    s = jnp.einsum("ik,kj->i", x, y)
    return jnp.exp(s - jnp.max(s, keepdims=True))

# %% right: product with a vector of ones, lax primitives
@jax.jit
def chain(x, y):
    ones = lax.full((y.shape[1],), 1, x.dtype)
    s = lax.dot(lax.dot(x, y), ones)
    return lax.exp(lax.sub(s, lax.broadcast(lax.reduce_max(s, (0,)), s.shape)))

# %% right: vmap over the rows of x
@jax.jit
def chain(x, y):
    s = jax.vmap(lambda row: jnp.sum(row @ y))(x)
    return jnp.exp(s - jnp.max(s))

# %% right: lambda with a walrus
chain = jax.jit(lambda x, y: jnp.exp((s := (x @ y).sum(-1)) - s.max()))

# %% right: the last of the cumulative sums, maximum by argmax
@jax.jit
def chain(x, y):
    s = jnp.cumsum(jnp.matmul(x, y), axis=1)[:, -1]
    return jnp.exp(s - s[jnp.argmax(s)])

# %% right: tensordot and lax.top_k for the largest
@jax.jit
def chain(x, y):
    s = jnp.tensordot(x, y, axes=1).sum(axis=-1)
    largest = lax.top_k(s, 1)[0]
    return jnp.exp(s - largest)

# %% right: scan over the rows, then helper
def _relative(s):
    return jnp.exp(s - s.max())


@jax.jit
def chain(x, y):
    _, s = lax.scan(lambda carry, row: (carry, (row @ y).sum()), None, x)
    return _relative(s)

# %% right: half of the difference, squared
@jax.jit
def chain(x, y):
    s = jnp.inner(x, y.T).sum(axis=1)
    half = jnp.exp((s - jnp.max(s)) * 0.5)
    return half * half

# %% right: mean times the number of columns, ties with the largest set to one
@jax.jit
def chain(x, y):
    s = jnp.mean(x @ y, axis=1) * y.shape[1]
    gap = s - jnp.max(s)
    return jnp.where(gap == 0, jnp.ones_like(gap), jnp.exp(gap))

# %% wrong: subtracts the largest absolute value | "max_k s_k"; all sums negative
@jax.jit
def chain(x, y):
    s = jnp.sum(x @ y, axis=1)
    return jnp.exp(s - jnp.max(jnp.abs(s)))

# %% wrong: the maximum starts at 0 | "The largest entry of the result is then exactly 1", all sums negative
@jax.jit
def chain(x, y):
    s = jnp.sum(x @ y, axis=1)
    return jnp.exp(s - jnp.max(s, initial=0.0))

# %% wrong: not compiled | "Return that as one compiled function"
def chain(x, y):
    s = jnp.sum(jnp.dot(x, y), axis=1)
    return jnp.exp(s - jnp.max(s))

# %% wrong: product in bfloat16 | float32 in, float32 result: precision is lost on the way
@jax.jit
def chain(x, y):
    xy = jnp.dot(x.astype(jnp.bfloat16), y.astype(jnp.bfloat16))
    s = jnp.sum(xy.astype(jnp.float32), axis=1)
    return jnp.exp(s - jnp.max(s))

# %% wrong: squeezes, so that one row gives no axis | result Float32[Array, "n"], "at least one row"
@jax.jit
def chain(x, y):
    s = jnp.sum(x @ y, axis=1)
    return jnp.squeeze(jnp.exp(s - jnp.max(s)))

# %% wrong: row sums of x times the total of y, right for k = 1 only | "s_i = sum_j (XY)_ij"
@jax.jit
def chain(x, y):
    s = x.sum(axis=1) * y.sum() / x.shape[1]
    return jnp.exp(s - jnp.max(s))

# %% wrong: subtracts a rounded maximum, since "any shift will do" | "The largest entry of the result is then exactly 1"
@jax.jit
def chain(x, y):
    s = jnp.sum(x @ y, axis=1)
    return jnp.exp(s - jnp.ceil(jnp.max(s)))

# %% wrong: scales x by its largest entry first; a zero matrix gives NaN | inputs allow x = 0
@jax.jit
def chain(x, y):
    scale = jnp.max(jnp.abs(x))
    s = jnp.sum((x / scale) @ y, axis=1) * scale
    return jnp.exp(s - jnp.max(s))

# %% wrong: takes the last sum for the largest | "max_k s_k"
@jax.jit
def chain(x, y):
    s = jnp.sum(x @ y, axis=1)
    return jnp.exp(s - s[-1])

# %% wrong: maximum over the running prefix (cumulative max) | "max_k" over all k
@jax.jit
def chain(x, y):
    s = jnp.sum(x @ y, axis=1)
    return jnp.exp(s - lax.cummax(s, reverse=True))

# %% wrong: sums kept within -88 and 88 of the first after exp would overflow: clip of s | "between -500 and 500"
@jax.jit
def chain(x, y):
    s = jnp.clip(jnp.sum(x @ y, axis=1), -250.0, 250.0)
    return jnp.exp(s - jnp.max(s))

# %% wrong: the sums come back sorted | result_i belongs to row i
@jax.jit
def chain(x, y):
    s = jnp.sort(jnp.sum(x @ y, axis=1))
    return jnp.exp(s - s[-1])

