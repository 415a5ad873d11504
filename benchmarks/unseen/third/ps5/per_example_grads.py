# %% right: vmap of grad
@jax.jit
def per_example_grads(
    W: Float32[Array, "features outputs"],
    X: Float32[Array, "batch features"],
    Y: Float32[Array, "batch outputs"],
) -> Float32[Array, "batch features outputs"]:
    return jax.vmap(jax.grad(layer_loss), in_axes=(None, 0, 0))(W, X, Y)

# %% right: NumPy expert, the formula for all rows by einsum
@jax.jit
def per_example_grads(
    W: Float32[Array, "features outputs"],
    X: Float32[Array, "batch features"],
    Y: Float32[Array, "batch outputs"],
) -> Float32[Array, "batch features outputs"]:
    T = jnp.tanh(X @ W)
    delta = (T - Y) * (1 - T**2)
    return jnp.einsum("bf,bo->bfo", X, delta)

# %% right: functional, jacrev of the closed loss of one example
def _of_example(W, example):
    x, y = example
    return jax.jacrev(partial(layer_loss, x=x, y=y))(W)


@jax.jit
def per_example_grads(
    W: Float32[Array, "features outputs"],
    X: Float32[Array, "batch features"],
    Y: Float32[Array, "batch outputs"],
) -> Float32[Array, "batch features outputs"]:
    return jax.vmap(_of_example, (None, 0))(W, (X, Y))

# %% right: physicist, grad with respect to the sums before tanh, then the chain rule
@jax.jit
def per_example_grads(
    W: Float32[Array, "features outputs"],
    X: Float32[Array, "batch features"],
    Y: Float32[Array, "batch outputs"],
) -> Float32[Array, "batch features outputs"]:
    def total(Z):
        return 0.5 * jnp.sum((jnp.tanh(Z) - Y) ** 2)

    D = jax.grad(total)(jnp.dot(X, W))
    return X[:, :, None] * D[:, None, :]

# %% wrong: derivative of tanh written with exp | NaN where a sum is below -44, which features of up to 10,000 reach
@jax.jit
def per_example_grads(
    W: Float32[Array, "features outputs"],
    X: Float32[Array, "batch features"],
    Y: Float32[Array, "batch outputs"],
) -> Float32[Array, "batch features outputs"]:
    Z = X @ W
    E = jnp.exp(-2 * Z)
    delta = (jnp.tanh(Z) - Y) * 4 * E / (1 + E) ** 2
    return X[:, :, None] * delta[:, None, :]

# %% wrong: loss by the squared norm | NaN where an example is fitted exactly, such as one that is all 0
@jax.jit
def per_example_grads(
    W: Float32[Array, "features outputs"],
    X: Float32[Array, "batch features"],
    Y: Float32[Array, "batch outputs"],
) -> Float32[Array, "batch features outputs"]:
    def loss(W, x, y):
        return jnp.linalg.norm(jnp.tanh(x @ W) - y) ** 2 / 2

    return jax.vmap(jax.grad(loss), in_axes=(None, 0, 0))(W, X, Y)

# %% wrong: swaps the axes only if the shape demands it | transposed where features equal outputs
@jax.jit
def per_example_grads(
    W: Float32[Array, "features outputs"],
    X: Float32[Array, "batch features"],
    Y: Float32[Array, "batch outputs"],
) -> Float32[Array, "batch features outputs"]:
    T = jnp.tanh(X @ W)
    gradients = jax.vmap(jnp.outer)((T - Y) * (1 - T * T), X)
    if gradients.shape[1:] != W.shape:
        gradients = jnp.swapaxes(gradients, 1, 2)
    return gradients

# %% right: 1e-7, no more than a rounding, added to the slope
@jax.jit
def per_example_grads(
    W: Float32[Array, "features outputs"],
    X: Float32[Array, "batch features"],
    Y: Float32[Array, "batch outputs"],
) -> Float32[Array, "batch features outputs"]:
    T = jnp.tanh(X @ W)
    delta = (T - Y) * (1 - T**2 + 1e-7)
    return jnp.einsum("bf,bo->bfo", X, delta)

# %% wrong: scales each example by its largest entry | an example that is all 0 gives NaN
@jax.jit
def per_example_grads(
    W: Float32[Array, "features outputs"],
    X: Float32[Array, "batch features"],
    Y: Float32[Array, "batch outputs"],
) -> Float32[Array, "batch features outputs"]:
    size = jnp.max(jnp.abs(X), axis=1, keepdims=True)
    unit = X / size
    T = jnp.tanh((unit @ W) * size)
    delta = (T - Y) * (1 - T**2) * size
    return unit[:, :, None] * delta[:, None, :]

# %% wrong: jacfwd of all losses | a forward pass for each weight: too slow
@jax.jit
def per_example_grads(
    W: Float32[Array, "features outputs"],
    X: Float32[Array, "batch features"],
    Y: Float32[Array, "batch outputs"],
) -> Float32[Array, "batch features outputs"]:
    return jax.jacfwd(lambda W: jax.vmap(layer_loss, in_axes=(None, 0, 0))(W, X, Y))(W)

# %% wrong: short cut for a single example | with one example the batch axis is missing
@jax.jit
def per_example_grads(
    W: Float32[Array, "features outputs"],
    X: Float32[Array, "batch features"],
    Y: Float32[Array, "batch outputs"],
) -> Float32[Array, "batch features outputs"]:
    slope = jax.grad(layer_loss)
    if X.shape[0] == 1:
        return slope(W, X[0], Y[0])
    return jax.vmap(slope, in_axes=(None, 0, 0))(W, X, Y)

# %% right: without jit, fast enough
def per_example_grads(
    W: Float32[Array, "features outputs"],
    X: Float32[Array, "batch features"],
    Y: Float32[Array, "batch outputs"],
) -> Float32[Array, "batch features outputs"]:
    return jax.vmap(jax.grad(layer_loss), in_axes=(None, 0, 0))(
        jnp.asarray(W), jnp.asarray(X), jnp.asarray(Y)
    )
