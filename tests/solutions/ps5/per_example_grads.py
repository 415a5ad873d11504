# %% right: the formula for all rows at once
@jax.jit
def per_example_grads(W, X, Y):
    out = jnp.tanh(X @ W)
    return jnp.einsum("bf,bo->bfo", X, (out - Y) * (1 - out**2))


# %% right: vmap of grad, not compiled
def per_example_grads(W, X, Y):
    return jax.vmap(jax.grad(layer_loss), (None, 0, 0))(W, X, Y)


# %% wrong: the gradient of the mean, for each example -> gives_one_gradient_an_example
@jax.jit
def per_example_grads(W, X, Y):
    losses = jax.vmap(layer_loss, in_axes=(None, 0, 0))
    mean = jax.grad(lambda W: jnp.mean(losses(W, X, Y)))(W)
    return jnp.broadcast_to(mean, (X.shape[0], *mean.shape))


# %% wrong: the gradient of the sum -> gives_one_gradient_an_example
@jax.jit
def per_example_grads(W, X, Y):
    losses = jax.vmap(layer_loss, in_axes=(None, 0, 0))
    return jax.grad(lambda W: jnp.sum(losses(W, X, Y)))(W)


# %% wrong: divided by the batch -> gives_one_gradient_an_example
@jax.jit
def per_example_grads(W, X, Y):
    return jax.vmap(jax.grad(layer_loss), in_axes=(None, 0, 0))(W, X, Y) / X.shape[0]


# %% wrong: with respect to the example -> gives_one_gradient_an_example
@jax.jit
def per_example_grads(W, X, Y):
    return jax.vmap(jax.grad(layer_loss, argnums=1), in_axes=(None, 0, 0))(W, X, Y)


# %% wrong: maps over W as well -> gives_one_gradient_an_example
@jax.jit
def per_example_grads(W, X, Y):
    return jax.vmap(jax.grad(layer_loss))(W, X, Y)


# %% wrong: one target for all examples -> gives_one_gradient_an_example
@jax.jit
def per_example_grads(W, X, Y):
    return jax.vmap(jax.grad(layer_loss), in_axes=(None, 0, None))(W, X, Y[0])


# %% wrong: tanh forgotten in the chain rule -> gives_one_gradient_an_example
@jax.jit
def per_example_grads(W, X, Y):
    return jnp.einsum("bf,bo->bfo", X, jnp.tanh(X @ W) - Y)


# %% wrong: the axes of the matrix exchanged -> gives_one_gradient_an_example
@jax.jit
def per_example_grads(W, X, Y):
    return jax.vmap(jax.grad(layer_loss), in_axes=(None, 0, 0))(W, X, Y).swapaxes(1, 2)


# %% wrong: a list of gradients -> gives_one_gradient_an_example
def per_example_grads(W, X, Y):
    return list(jax.vmap(jax.grad(layer_loss), in_axes=(None, 0, 0))(W, X, Y))


# %% wrong: squeezes a batch of one away -> handles_edge_cases
@jax.jit
def per_example_grads(W, X, Y):
    return jax.vmap(jax.grad(layer_loss), in_axes=(None, 0, 0))(W, X, Y).squeeze()


# %% wrong: a compiled gradient in a Python loop -> beats_the_row_loop
gradient_of_one = jax.jit(jax.grad(layer_loss))


def per_example_grads(W, X, Y):
    return jnp.array([gradient_of_one(W, x, y) for x, y in zip(X, Y)])


# %% wrong: NumPy's formula for all rows, so it cannot be traced -> is_pure
def per_example_grads(W, X, Y):
    W, X, Y = np.asarray(W), np.asarray(X), np.asarray(Y)
    out = np.tanh(X @ W)
    return jnp.asarray(X[:, :, None] * ((out - Y) * (1 - out**2))[:, None, :])


# %% wrong: changes the caller's targets -> is_pure
def per_example_grads(W, X, Y):
    gradients = jax.vmap(jax.grad(layer_loss), in_axes=(None, 0, 0))(W, X, Y)
    Y -= np.tanh(X @ W)  # a jax array on the right would make a new Y
    return gradients


# %% wrong: adds up the gradients in a global -> is_pure
gradient_sum = 0.0


def per_example_grads(W, X, Y):
    global gradient_sum
    gradients = jax.vmap(jax.grad(layer_loss), in_axes=(None, 0, 0))(W, X, Y)
    gradient_sum = gradient_sum + gradients.sum()
    return gradients


# %% wrong: looks at the first example only once -> is_pure, gives_one_gradient_an_example
remembered = {}


def per_example_grads(W, X, Y):
    if W.shape not in remembered:
        remembered[W.shape] = jax.vmap(jax.grad(layer_loss), in_axes=(None, 0, 0))(W, X, Y)
    return remembered[W.shape]


# %% wrong: central differences -> is_a_derivative
@jax.jit
def per_example_grads(W, X, Y):
    eye = jnp.eye(W.size).reshape(-1, *W.shape)

    def one(x, y):
        return jax.vmap(
            lambda e: (layer_loss(W + 1e-2 * e, x, y) - layer_loss(W - 1e-2 * e, x, y)) / 2e-2
        )(eye).reshape(W.shape)

    return jax.vmap(one)(X, Y)


# %% wrong: float64 differences -> is_a_derivative
def per_example_grads(W, X, Y):
    with jax.enable_x64(True):
        W, X, Y = (jnp.asarray(a, jnp.float64) for a in (W, X, Y))
        eye = jnp.eye(W.size).reshape(-1, *W.shape)

        def one(x, y):
            return jax.vmap(
                lambda e: (layer_loss(W + 1e-6 * e, x, y) - layer_loss(W - 1e-6 * e, x, y)) / 2e-6
            )(eye).reshape(W.shape)

        return jax.vmap(one)(X, Y).astype(jnp.float32)


# %% wrong: gradients clipped -> is_a_derivative
@jax.jit
def per_example_grads(W, X, Y):
    g = jax.vmap(jax.grad(layer_loss), in_axes=(None, 0, 0))(W, X, Y)
    return jnp.clip(g, -100, 100)


# %% wrong: blocks of 1000 examples and no rest -> handles_edge_cases
@jax.jit
def per_example_grads(W, X, Y):
    batch = X.shape[0]
    size = min(batch, 1000)
    g = jax.vmap(jax.grad(layer_loss), in_axes=(None, 0, 0))
    whole = batch // size * size
    blocks = g(W, X[:whole], Y[:whole])
    return jnp.zeros((batch, *W.shape)).at[:whole].set(blocks)


# %% wrong: a division by the length of an example -> is_a_derivative
@jax.jit
def per_example_grads(W, X, Y):
    length = jnp.linalg.norm(X, axis=1, keepdims=True)
    unit = X / length
    t = jnp.tanh((unit @ W) * length)
    return length[:, :, None] * jnp.einsum("bi,bo->bio", unit, (t - Y) * (1 - t**2))


# %% wrong: large inputs cut off -> is_a_derivative
@jax.jit
def per_example_grads(W, X, Y):
    X = jnp.clip(X, -50, 50)
    return jax.vmap(jax.grad(layer_loss), in_axes=(None, 0, 0))(W, X, Y)


# %% wrong: the slope of tanh by exponentials, which overflow -> is_a_derivative
@jax.jit
def per_example_grads(W, X, Y):
    Z = X @ W
    falling = jnp.exp(-2 * Z)
    delta = (jnp.tanh(Z) - Y) * 4 * falling / (1 + falling) ** 2
    return X[:, :, None] * delta[:, None, :]


# %% wrong: compiles again at every call -> beats_the_row_loop
def per_example_grads(W, X, Y):
    gradient = lambda x, y: jax.grad(layer_loss)(W, x, y)
    return jax.jit(jax.vmap(gradient))(X, Y)
