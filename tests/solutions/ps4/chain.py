# %% right: the row sums of y first
@jax.jit
def chain(x, y):
    s = x @ y.sum(axis=1)
    return jnp.exp(s - s.max())


# %% right: einsum, jit as a function
def weights(x, y):
    s = jnp.einsum("nk,km->n", x, y)
    return jnp.exp(s - jnp.max(s, keepdims=True))


chain = jax.jit(weights)


# %% right: softmax, scaled to a largest entry of one
@jax.jit
def chain(x: Float32[Array, "n k"], y: Float32[Array, "k m"]) -> Float32[Array, "n"]:
    shares = jax.nn.softmax(jnp.sum(jnp.matmul(x, y), axis=-1))
    return shares / jnp.max(shares)


# %% right: a row at a time by vmap, compiled inside
@jax.jit
def compiled_chain(x, y):
    s = jax.vmap(lambda row: jnp.sum(row @ y))(x)
    return lax.exp(s - lax.reduce_max(s, (0,)))


def chain(x, y):
    return compiled_chain(jnp.asarray(x), jnp.asarray(y))


# %% wrong: three transfers through NumPy -> gives_the_row_weights, is_pure
def chain(x, y):
    s = np.sum(np.dot(x, y), axis=1)
    return np.exp(s - np.max(s))


# %% wrong: NumPy in the middle -> is_one_compiled_function, is_pure
def chain(x, y):
    s = np.sum(np.asarray(jnp.dot(x, y)), axis=1)
    return jnp.exp(jnp.asarray(s - s.max()))


# %% wrong: not compiled -> is_one_compiled_function
def chain(x, y):
    s = jnp.sum(jnp.dot(x, y), axis=1)
    return jnp.exp(s - jnp.max(s))


# %% wrong: overflows -> does_not_overflow
@jax.jit
def chain(x, y):
    weights = jnp.exp(jnp.sum(jnp.dot(x, y), axis=1))
    return weights / jnp.max(weights)


# %% wrong: exp before the shift is taken out again -> does_not_overflow
@jax.jit
def chain(x, y):
    s = jnp.clip(jnp.sum(jnp.dot(x, y), axis=1), -85, 85)
    return jnp.exp(s) / jnp.exp(jnp.max(s))


# %% wrong: shifted by the mean -> gives_the_row_weights
@jax.jit
def chain(x, y):
    s = jnp.sum(jnp.dot(x, y), axis=1)
    return jnp.exp(s - jnp.mean(s))


# %% wrong: sums along columns -> gives_the_row_weights
@jax.jit
def chain(x, y):
    s = jnp.sum(jnp.dot(x, y), axis=0)
    return jnp.exp(s - jnp.max(s))


# %% wrong: squeezed, which takes a single row's axis too -> gives_the_row_weights
@jax.jit
def chain(x, y):
    s = jnp.sum(jnp.dot(x, y), axis=1, keepdims=True)
    return jnp.squeeze(jnp.exp(s - jnp.max(s)))


# %% wrong: the sum of everything -> gives_the_row_weights
@jax.jit
def chain(x, y):
    s = jnp.sum(jnp.dot(x, y))
    return jnp.exp(s - jnp.max(s))


# %% wrong: softmax, so that they add up to one -> gives_the_row_weights
@jax.jit
def chain(x, y):
    return jax.nn.softmax(jnp.sum(jnp.dot(x, y), axis=1))


# %% wrong: product entry by entry -> gives_the_row_weights, does_not_overflow
@jax.jit
def chain(x, y):
    s = jnp.sum(x * y, axis=1)
    return jnp.exp(s - jnp.max(s))


# %% wrong: exponential before the sum -> gives_the_row_weights
@jax.jit
def chain(x, y):
    p = jnp.dot(x, y)
    weights = jnp.sum(jnp.exp(p - jnp.max(p)), axis=1)
    return weights / jnp.max(weights)


# %% wrong: keeps the last largest sum -> is_pure, is_one_compiled_function
largest = None
row_sums = jax.jit(lambda x, y: jnp.sum(jnp.dot(x, y), axis=1))


def chain(x, y):
    global largest
    s = row_sums(x, y)
    largest = jnp.max(s)
    return jnp.exp(s - largest)


# %% wrong: shifts by the largest sum seen so far -> gives_the_row_weights
largest_ever = [-float("inf")]
row_sums = jax.jit(lambda x, y: jnp.sum(jnp.dot(x, y), axis=1))


def chain(x, y):
    s = row_sums(x, y)
    largest_ever[0] = jnp.maximum(largest_ever[0], jnp.max(s))
    return jnp.exp(s - largest_ever[0])


# %% wrong: scales the caller's matrix -> is_pure, does_not_overflow
compiled = jax.jit(lambda x, y: (lambda s: jnp.exp(s - s.max()))(jnp.sum(jnp.dot(x, y), axis=1)))


def chain(x, y):
    if isinstance(x, np.ndarray):
        x *= np.float32(1 + 3e-7)
    return compiled(x, y)


# %% wrong: exponent cut off at -80 -> does_not_overflow
@jax.jit
def chain(x, y):
    s = jnp.dot(x, y).sum(axis=1)
    return jnp.exp(jnp.maximum(s - s.max(), -80))


# %% wrong: pieces jitted, the rest eager -> is_one_compiled_function
_dot = jax.jit(jnp.dot)


def chain(x, y):
    s = _dot(x, y).sum(axis=1)
    return jnp.exp(s - s.max())


# %% wrong: an epsilon added -> does_not_overflow
@jax.jit
def chain(x, y):
    s = jnp.dot(x, y).sum(axis=1)
    return jnp.exp(s - s.max()) + 1e-8


# %% wrong: softmax over its largest, with an epsilon -> does_not_overflow
@jax.jit
def chain(x, y):
    s = jnp.dot(x, y).sum(axis=1)
    e = jnp.exp(s - s.max())
    return e / (e.max() + 1e-4)


# %% right: helper compiled, arrays converted first
@jax.jit
def _chain(x, y):
    s = x @ y.sum(axis=1)
    return jnp.exp(s - jnp.max(s, keepdims=True))


def chain(x, y):
    x = jnp.asarray(x)
    y = jnp.asarray(y)
    return _chain(x, y)


# %% wrong: scaled by the largest entry, which may be 0 -> does_not_overflow
@jax.jit
def chain(x, y):
    scale = jnp.max(jnp.abs(x))
    s = jnp.sum((x / scale) @ y, axis=1) * scale
    return jnp.exp(s - jnp.max(s))


# %% wrong: shifted by the largest of each column -> does_not_overflow
@jax.jit
def chain(x, y):
    xy = jnp.dot(x, y)
    e = jnp.exp(xy - xy.max(axis=0)).prod(axis=1)
    return e / e.max()
