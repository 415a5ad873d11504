# %% right: vmap of grad
@jax.jit
def per_example_grads(W, X, Y):
    return jax.vmap(jax.grad(layer_loss), in_axes=(None, 0, 0))(W, X, Y)

# %% right: formula for all rows, einsum
@jax.jit
def per_example_grads(W, X, Y):
    T = jnp.tanh(X @ W)
    return jnp.einsum("bf,bo->bfo", X, (T - Y) * (1 - T) * (1 + T))

# %% right: closure over W, partial, jit by a call
def _grads(W, X, Y):
    one = partial(jax.grad(layer_loss), W)
    return jax.vmap(lambda x, y: one(x, y))(X, Y)


per_example_grads = jax.jit(_grads)

# %% right: jacrev of the loss of one example
@jax.jit
def per_example_grads(W, X, Y):
    def single(example):
        x, y = example
        return jax.jacrev(lambda weights: layer_loss(weights, x, y))(W)

    return jax.vmap(single)((X, Y))

# %% right: grad by the sums before tanh, then outer products by broadcasting
@jax.jit
def per_example_grads(W, X, Y):
    def from_sum(z, y):
        return jnp.sum((jnp.tanh(z) - y) ** 2) / 2

    D = jax.vmap(jax.grad(from_sum))(jnp.dot(X, W), Y)
    return X[:, :, None] * D[:, None, :]

# %% right: vjp, keyword in_axes, value not used
@jax.jit
def per_example_grads(W, X, Y):
    def pull(W, x, y):
        loss, back = jax.vjp(lambda w: layer_loss(w, x, y), W)
        return back(jnp.ones_like(loss))[0]

    return jax.vmap(pull, in_axes=(None, 0, 0), out_axes=0)(W, X, Y)

# %% wrong: forgets the slope of tanh | right only where X @ W is 0, as in the examples
@jax.jit
def per_example_grads(W, X, Y):
    error = jnp.tanh(X @ W) - Y
    return X[:, :, None] * error[:, None, :]

# %% wrong: tanh by its formula with exponentials | NaN where X @ W is above 44
@jax.jit
def per_example_grads(W, X, Y):
    def loss(W, x, y):
        e = jnp.exp(2 * (x @ W))
        return jnp.sum(((e - 1) / (e + 1) - y) ** 2) / 2

    return jax.vmap(jax.grad(loss), in_axes=(None, 0, 0))(W, X, Y)

# %% wrong: labels clipped to [-10, 10] | labels may be as large as 1e13
@jax.jit
def per_example_grads(W, X, Y):
    return jax.vmap(jax.grad(layer_loss), (None, 0, 0))(W, X, jnp.clip(Y, -10, 10))

# %% wrong: works with unit vectors and puts the length back | NaN for an example that is all 0
@jax.jit
def per_example_grads(W, X, Y):
    length = jnp.sqrt((X**2).sum(axis=1, keepdims=True))
    unit = X / length
    T = jnp.tanh(length * (unit @ W))
    D = (T - Y) * (1 - T**2) * length
    return unit[:, :, None] * D[:, None, :]

# %% wrong: forward mode | a pass for each weight, slower than asked
@jax.jit
def per_example_grads(W, X, Y):
    return jax.vmap(jax.jacfwd(layer_loss), in_axes=(None, 0, 0))(W, X, Y)

# %% wrong: Python loop over the examples, not compiled | one call of grad after the other, far too slow for 20,000
def per_example_grads(W, X, Y):
    slope = jax.grad(layer_loss)
    W = jnp.asarray(W)
    return jnp.stack([slope(W, x, y) for x, y in zip(X, Y)])

# %% wrong: axes of the outer product exchanged, then reshaped | right only for one feature or one output
@jax.jit
def per_example_grads(W, X, Y):
    T = jnp.tanh(X @ W)
    D = (T - Y) * (1 - T**2)
    return jnp.einsum("bf,bo->bof", X, D).reshape(len(X), *W.shape)

# %% wrong: a single example gives a matrix | a batch of one loses its axis
@jax.jit
def per_example_grads(W, X, Y):
    gradients = jax.vmap(jax.grad(layer_loss), in_axes=(None, 0, 0))(W, X, Y)
    return gradients[0] if X.shape[0] == 1 else gradients

# %% wrong: NumPy formula | fails under jit
def per_example_grads(W, X, Y):
    W, X, Y = map(np.asarray, (W, X, Y))
    T = np.tanh(X @ W)
    return jnp.asarray(X[:, :, None] * ((T - Y) * (1 - T**2))[:, None, :])

# %% wrong: W put into the compiled function at the first call | hidden state: later weights of the same shape are ignored
_compiled = {}


def per_example_grads(W, X, Y):
    if W.shape not in _compiled:
        slope = partial(jax.grad(layer_loss), jnp.asarray(W))
        _compiled[W.shape] = jax.jit(jax.vmap(slope))
    return _compiled[W.shape](X, Y)

# %% wrong: blocks of 1000 examples | error for 1001 and more examples that fill no blocks
@jax.jit
def per_example_grads(W, X, Y):
    gradients = jax.vmap(jax.grad(layer_loss), in_axes=(None, 0, 0))
    n = X.shape[0]
    if n <= 1000:
        return gradients(W, X, Y)
    blocks = X.reshape(n // 1000, 1000, -1), Y.reshape(n // 1000, 1000, -1)
    by_block = jax.vmap(gradients, in_axes=(None, 0, 0))(W, *blocks)
    return by_block.reshape(n, *W.shape)

# %% wrong: jit anew at every call | compiles each time, too slow
def per_example_grads(W, X, Y):
    def loss(W, x, y):
        return jnp.sum((jnp.tanh(x @ W) - y) ** 2) / 2

    return jax.jit(jax.vmap(jax.grad(loss), in_axes=(None, 0, 0)))(W, X, Y)

# %% wrong: clips each gradient to length 1000 | large gradients are cut (the habit of private training)
@jax.jit
def per_example_grads(W, X, Y):
    G = jax.vmap(jax.grad(layer_loss), in_axes=(None, 0, 0))(W, X, Y)
    length = jnp.sqrt(jnp.sum(G**2, axis=(1, 2), keepdims=True))
    return G * jnp.minimum(1, 1000 / jnp.maximum(length, 1000))
