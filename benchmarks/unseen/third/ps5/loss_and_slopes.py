# %% right: the column of predictions as a vector
def squared_loss(params, X, y):
    predictions = X @ params["weights"] + params["bias"]
    return jnp.mean((predictions[:, 0] - y) ** 2)


def loss_and_slopes(
    params: dict[str, Array], X: Float32[Array, "n features"], y: Float32[Array, "n"]
) -> tuple[Float32[Array, ""], dict[str, Array]]:
    params = jax.tree.map(jnp.asarray, params)
    return jax.value_and_grad(squared_loss)(params, jnp.asarray(X), y)

# %% right: the measured values as a column
def squared_loss(params, X, y):
    predictions = jnp.matmul(X, params["weights"]) + params["bias"]
    return jnp.square(predictions - y.reshape(-1, 1)).mean()


def loss_and_slopes(
    params: dict[str, Array], X: Float32[Array, "n features"], y: Float32[Array, "n"]
) -> tuple[Float32[Array, ""], dict[str, Array]]:
    params, X, y = jax.tree.map(jnp.asarray, (params, X, y))
    return jax.jit(jax.value_and_grad(squared_loss))(params, X, y)

# %% right: physicist, slopes by hand
def loss_and_slopes(
    params: dict[str, Array], X: Float32[Array, "n features"], y: Float32[Array, "n"]
) -> tuple[Float32[Array, ""], dict[str, Array]]:
    w, b = jnp.asarray(params["weights"]), jnp.asarray(params["bias"])
    X, y = jnp.asarray(X), jnp.asarray(y)
    residual = X @ w[:, 0] + b[0] - y
    pull = 2 * residual / residual.size
    slopes = {"weights": (X.T @ pull)[:, None], "bias": jnp.sum(pull, keepdims=True)}
    return jnp.mean(residual**2), slopes

# %% right: loss of one example, vmapped
def _one(params, x, target):
    (prediction,) = x @ params["weights"] + params["bias"]
    return (prediction - target) ** 2


def _all(params, X, y):
    return jax.vmap(_one, in_axes=(None, 0, 0))(params, X, y).mean()


def loss_and_slopes(
    params: dict[str, Array], X: Float32[Array, "n features"], y: Float32[Array, "n"]
) -> tuple[Float32[Array, ""], dict[str, Array]]:
    loss, back = jax.vjp(lambda p: _all(p, X, y), jax.tree.map(jnp.asarray, params))
    (slopes,) = back(jnp.ones_like(loss))
    return loss, slopes

# %% wrong: converts the dict in place | the caller's dict holds other (JAX) arrays afterwards
def squared_loss(params, X, y):
    predictions = X @ params["weights"] + params["bias"]
    return jnp.mean((predictions[:, 0] - y) ** 2)


def loss_and_slopes(
    params: dict[str, Array], X: Float32[Array, "n features"], y: Float32[Array, "n"]
) -> tuple[Float32[Array, ""], dict[str, Array]]:
    for name, value in params.items():
        params[name] = jnp.asarray(value)
    return jax.value_and_grad(squared_loss)(params, jnp.asarray(X), jnp.asarray(y))

# %% wrong: squared norm over n | a perfect fit gives slopes of NaN
def squared_loss(params, X, y):
    predictions = X @ params["weights"] + params["bias"]
    return jnp.linalg.norm(predictions[:, 0] - y) ** 2 / y.size


def loss_and_slopes(
    params: dict[str, Array], X: Float32[Array, "n features"], y: Float32[Array, "n"]
) -> tuple[Float32[Array, ""], dict[str, Array]]:
    params = jax.tree.map(jnp.asarray, params)
    return jax.value_and_grad(squared_loss)(params, jnp.asarray(X), jnp.asarray(y))

# %% wrong: multiplies the square out | cancellation: a small loss of large values is lost, or negative
def squared_loss(params, X, y):
    predictions = (X @ params["weights"] + params["bias"])[:, 0]
    return jnp.mean(predictions**2) - 2 * jnp.mean(predictions * y) + jnp.mean(y**2)


def loss_and_slopes(
    params: dict[str, Array], X: Float32[Array, "n features"], y: Float32[Array, "n"]
) -> tuple[Float32[Array, ""], dict[str, Array]]:
    params = jax.tree.map(jnp.asarray, params)
    return jax.value_and_grad(squared_loss)(params, jnp.asarray(X), jnp.asarray(y))

# %% wrong: a little weight decay | not the mean squared error: large weights add to it
def squared_loss(params, X, y):
    predictions = X @ params["weights"] + params["bias"]
    decay = 1e-8 * jnp.sum(params["weights"] ** 2)
    return jnp.mean((predictions - y[:, None]) ** 2) + decay


def loss_and_slopes(
    params: dict[str, Array], X: Float32[Array, "n features"], y: Float32[Array, "n"]
) -> tuple[Float32[Array, ""], dict[str, Array]]:
    params = jax.tree.map(jnp.asarray, params)
    return jax.value_and_grad(squared_loss)(params, jnp.asarray(X), jnp.asarray(y))

# %% wrong: donates the parameters, as training loops do | the caller's JAX arrays are deleted
@partial(jax.jit, donate_argnums=0)
def _loss_and_slopes(params, X, y):
    def squared_loss(params):
        predictions = X @ params["weights"] + params["bias"]
        return jnp.mean((predictions[:, 0] - y) ** 2)

    return jax.value_and_grad(squared_loss)(params)


def loss_and_slopes(
    params: dict[str, Array], X: Float32[Array, "n features"], y: Float32[Array, "n"]
) -> tuple[Float32[Array, ""], dict[str, Array]]:
    return _loss_and_slopes(params, X, y)

# %% wrong: mixed precision | float16 keeps three digits and overflows above 65504
def squared_loss(params, X, y):
    predictions = X.astype(jnp.float16) @ params["weights"].astype(jnp.float16)
    predictions = predictions.astype(jnp.float32) + params["bias"]
    return jnp.mean((predictions - y[:, None]) ** 2)


def loss_and_slopes(
    params: dict[str, Array], X: Float32[Array, "n features"], y: Float32[Array, "n"]
) -> tuple[Float32[Array, ""], dict[str, Array]]:
    params = jax.tree.map(jnp.asarray, params)
    return jax.value_and_grad(squared_loss)(params, jnp.asarray(X), jnp.asarray(y))

# %% wrong: shortens long gradients | slopes of a length above 100 are scaled down
def squared_loss(params, X, y):
    predictions = X @ params["weights"] + params["bias"]
    return jnp.mean((predictions[:, 0] - y) ** 2)


def loss_and_slopes(
    params: dict[str, Array], X: Float32[Array, "n features"], y: Float32[Array, "n"]
) -> tuple[Float32[Array, ""], dict[str, Array]]:
    params = jax.tree.map(jnp.asarray, params)
    loss, slopes = jax.value_and_grad(squared_loss)(params, jnp.asarray(X), jnp.asarray(y))
    length = jnp.sqrt(sum(jnp.sum(s**2) for s in jax.tree.leaves(slopes)))
    shrink = jnp.minimum(1.0, 100.0 / jnp.maximum(length, 1e-9))
    return loss, jax.tree.map(lambda s: s * shrink, slopes)

# %% wrong: central differences with step 1, exact for a parabola | cancellation: small features beside a large loss get slopes of noise
from jax.flatten_util import ravel_pytree


def loss_and_slopes(
    params: dict[str, Array], X: Float32[Array, "n features"], y: Float32[Array, "n"]
) -> tuple[Float32[Array, ""], dict[str, Array]]:
    X, y = jnp.asarray(X), jnp.asarray(y)
    flat, unravel = ravel_pytree(jax.tree.map(jnp.asarray, params))

    def loss(flat):
        p = unravel(flat)
        return jnp.mean(((X @ p["weights"] + p["bias"])[:, 0] - y) ** 2)

    units = jnp.eye(flat.size, dtype=flat.dtype)
    slopes = jax.vmap(lambda e: (loss(flat + e) - loss(flat - e)) / 2)(units)
    return loss(flat), unravel(slopes)
