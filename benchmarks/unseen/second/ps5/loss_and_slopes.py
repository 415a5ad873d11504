# %% right: predictions as a vector
def squared_loss(params, X, y):
    predictions = X @ params["weights"] + params["bias"]
    return jnp.mean((predictions[:, 0] - y) ** 2)


def loss_and_slopes(params, X, y):
    params = jax.tree.map(jnp.asarray, params)
    return jax.value_and_grad(squared_loss)(params, jnp.asarray(X), y)

# %% right: y as a column
def squared_loss(params, X, y):
    return jnp.mean((X @ params["weights"] + params["bias"] - y[:, None]) ** 2)


def loss_and_slopes(params, X, y):
    params, X, y = jax.tree.map(jnp.asarray, (params, X, y))
    return jax.value_and_grad(squared_loss)(params, X, y)

# %% right: loss of one example, vmap, mean
def one_loss(params, x, target):
    (prediction,) = x @ params["weights"] + params["bias"]
    return (prediction - target) ** 2


def loss_and_slopes(params, X, y):
    params, X, y = jax.tree.map(jnp.asarray, (params, X, y))

    def mean_loss(params):
        return jax.vmap(one_loss, in_axes=(None, 0, 0))(params, X, y).mean()

    return mean_loss(params), jax.grad(mean_loss)(params)

# %% right: formula by hand
@jax.jit
def loss_and_slopes(params, X, y):
    X, y = jnp.asarray(X), jnp.asarray(y)
    residuals = X @ params["weights"] + params["bias"] - y.reshape(-1, 1)
    n = y.shape[0]
    slopes = {
        "weights": 2 / n * X.T @ residuals,
        "bias": 2 / n * residuals.sum(axis=0),
    }
    return jnp.mean(residuals**2), slopes

# %% right: ravel, vjp
def loss_and_slopes(params, X, y):
    X, y = jnp.asarray(X), jnp.asarray(y)

    def loss(params):
        predictions = jnp.ravel(jnp.dot(X, params["weights"])) + params["bias"]
        return jnp.square(predictions - y).sum() / y.size

    value, back = jax.vjp(loss, jax.tree.map(jnp.asarray, params))
    (slopes,) = back(jnp.ones_like(value))
    return value, slopes

# %% right: einsum, has_aux-free closure, argnums on arrays
def _mse(weights, bias, X, y):
    return jnp.mean((jnp.einsum("nf,fk->n", X, weights) + bias - y) ** 2)


def loss_and_slopes(params, X, y):
    weights, bias = jnp.asarray(params["weights"]), jnp.asarray(params["bias"])
    loss, (dw, db) = jax.value_and_grad(_mse, argnums=(0, 1))(weights, bias, X, y)
    return loss, dict(weights=dw, bias=db)

# %% wrong: residuals clipped to 100 | outliers count too little
def squared_loss(params, X, y):
    residuals = X @ params["weights"] + params["bias"] - y[:, None]
    return jnp.mean(jnp.clip(residuals, -100, 100) ** 2)


def loss_and_slopes(params, X, y):
    params, X, y = jax.tree.map(jnp.asarray, (params, X, y))
    return jax.value_and_grad(squared_loss)(params, X, y)

# %% wrong: square of the norm | slopes are NaN for a perfect fit
def squared_loss(params, X, y):
    residuals = (X @ params["weights"] + params["bias"])[:, 0] - y
    return jnp.linalg.norm(residuals) ** 2 / len(y)


def loss_and_slopes(params, X, y):
    params, X, y = jax.tree.map(jnp.asarray, (params, X, y))
    return jax.value_and_grad(squared_loss)(params, X, y)

# %% wrong: pops the bias out of the dict | the caller's dict loses its bias
def loss_and_slopes(params, X, y):
    bias = jnp.asarray(params.pop("bias"))
    X, y = jnp.asarray(X), jnp.asarray(y)

    def loss(bias, rest):
        return jnp.mean((X @ rest["weights"][:, 0] + bias - y) ** 2)

    rest = jax.tree.map(jnp.asarray, params)
    value, (slope, slopes) = jax.value_and_grad(loss, argnums=(0, 1))(bias, rest)
    return value, {**slopes, "bias": slope}

# %% wrong: descends in place a little to look ahead and forgets to go back | a NumPy bias of the caller is changed
def squared_loss(params, X, y):
    return jnp.mean((X @ params["weights"][:, 0] + params["bias"] - y) ** 2)


def loss_and_slopes(params, X, y):
    copies = jax.tree.map(jnp.array, params)
    loss, slopes = jax.value_and_grad(squared_loss)(copies, jnp.asarray(X), y)
    if isinstance(params["bias"], np.ndarray):
        params["bias"] -= 0.2 * np.asarray(slopes["bias"])
    return loss, slopes

# %% wrong: loss made a NumPy number | fails under jit, the loss is no JAX array
def squared_loss(params, X, y):
    return jnp.mean((X @ params["weights"][:, 0] + params["bias"] - y) ** 2)


def loss_and_slopes(params, X, y):
    params = jax.tree.map(jnp.asarray, params)
    loss, slopes = jax.value_and_grad(squared_loss)(params, jnp.asarray(X), y)
    return np.float32(loss), slopes

# %% wrong: first 1000 examples | the others are left out
def squared_loss(params, X, y):
    return jnp.mean((X @ params["weights"][:, 0] + params["bias"] - y) ** 2)


def loss_and_slopes(params, X, y):
    params = jax.tree.map(jnp.asarray, params)
    return jax.value_and_grad(squared_loss)(params, jnp.asarray(X)[:1000], y[:1000])

# %% wrong: square multiplied out | cancels, loses the loss where residuals are small beside y
def squared_loss(params, X, y):
    p = (X @ params["weights"] + params["bias"])[:, 0]
    return jnp.mean(p**2) - 2 * jnp.mean(p * y) + jnp.mean(y**2)


def loss_and_slopes(params, X, y):
    params, X, y = jax.tree.map(jnp.asarray, (params, X, y))
    return jax.value_and_grad(squared_loss)(params, X, y)

# %% wrong: half-precision predictions | above 65504 they are inf, else three digits
def squared_loss(params, X, y):
    half = params["weights"].astype(jnp.float16)
    predictions = (X.astype(jnp.float16) @ half).astype(jnp.float32) + params["bias"]
    return jnp.mean((predictions[:, 0] - y) ** 2)


def loss_and_slopes(params, X, y):
    params, X, y = jax.tree.map(jnp.asarray, (params, X, y))
    return jax.value_and_grad(squared_loss)(params, X, y)

# %% wrong: y of 0 counts as missing | examples with y = 0 are left out of the mean
def squared_loss(params, X, y):
    known = y != 0
    residuals = (X @ params["weights"] + params["bias"])[:, 0] - y
    return jnp.sum(known * residuals**2) / jnp.maximum(known.sum(), 1)


def loss_and_slopes(params, X, y):
    params, X, y = jax.tree.map(jnp.asarray, (params, X, y))
    return jax.value_and_grad(squared_loss)(params, X, y)

# %% wrong: unpacks the dict by order | exchanged under jit, or where "bias" is written first
def loss_and_slopes(params, X, y):
    weights, bias = params.values()
    X, y = jnp.asarray(X), jnp.asarray(y)

    def loss(weights, bias):
        return jnp.mean((X @ weights[:, 0] + bias - y) ** 2)

    value, (dw, db) = jax.value_and_grad(loss, argnums=(0, 1))(
        jnp.asarray(weights), jnp.asarray(bias)
    )
    return value, {"weights": dw, "bias": db}

# %% wrong: slopes by differences with step 1 | exact for small whole numbers only, digits are lost where the loss is large
def squared_loss(weights, bias, X, y):
    return jnp.mean((X @ weights + bias - y) ** 2)


def loss_and_slopes(params, X, y):
    w, b = jnp.asarray(params["weights"])[:, 0], jnp.asarray(params["bias"])
    X, y = jnp.asarray(X), jnp.asarray(y)
    f = partial(squared_loss, X=X, y=y)
    dw = jax.vmap(lambda e: (f(w + e, b) - f(w - e, b)) / 2)(jnp.eye(len(w)))
    return f(w, b), {"weights": dw[:, None], "bias": (f(w, b + 1) - f(w, b - 1)) / 2 * jnp.ones(1)}

# %% wrong: diagonal of the n by n matrix, cut at 512 | examples after the 512th are left out; n by n memory
def loss_and_slopes(params, X, y):
    params, X, y = jax.tree.map(jnp.asarray, (params, X, y))

    def loss(params):
        spread = X @ params["weights"] + params["bias"] - y
        return jnp.mean(jnp.diagonal(spread[: y.size, : min(y.size, 512)]) ** 2)

    return jax.value_and_grad(loss)(params)
