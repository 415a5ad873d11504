# %% right: y as a column
def squared_loss(params, X, y):
    return jnp.mean((X @ params["weights"] + params["bias"] - y[:, None]) ** 2)


def loss_and_slopes(params, X, y):
    params, X = jax.tree.map(jnp.asarray, params), jnp.asarray(X)
    return jax.value_and_grad(squared_loss)(params, X, y)


# %% right: the weights as a vector
@jax.jit
def loss_and_slopes(params, X, y):
    def loss(params):
        predictions = X @ params["weights"].ravel() + params["bias"]
        return jnp.mean(jnp.square(predictions - y))

    return jax.value_and_grad(loss)(params)


# %% right: one example, and vmap
def loss_of_one(params, x, y):
    return jnp.sum((x @ params["weights"] + params["bias"] - y) ** 2)


def loss_and_slopes(params, X, y):
    def loss(params):
        return jax.vmap(loss_of_one, in_axes=(None, 0, 0))(params, X, y).mean()

    return jax.value_and_grad(loss)(jax.tree.map(jnp.asarray, params))


# %% right: the slopes by hand
def loss_and_slopes(params, X, y):
    X = jnp.asarray(X)
    off = jnp.squeeze(X @ params["weights"], axis=1) + params["bias"] - y
    slopes = {"weights": 2 * X.T @ off[:, None] / len(y), "bias": 2 * off.mean(keepdims=True)}
    return jnp.dot(off, off) / len(y), slopes


# %% right: predictions turned into a row, which fits y
def squared_loss(params, X, y):
    predictions = X @ params["weights"] + params["bias"]
    return jnp.mean((predictions.T - y) ** 2)


def loss_and_slopes(params, X, y):
    loss, back = jax.vjp(lambda p: squared_loss(p, jnp.asarray(X), y), jax.tree.map(jnp.asarray, params))
    return loss, back(jnp.ones_like(loss))[0]


# %% right: the diagonal of all pairs
def squared_loss(params, X, y):
    pairs = X @ params["weights"] + params["bias"] - y
    return jnp.mean(jnp.diag(pairs) ** 2)


def loss_and_slopes(params, X, y):
    params, X = jax.tree.map(jnp.asarray, params), jnp.asarray(X)
    return squared_loss(params, X, y), jax.grad(squared_loss)(params, X, y)


# %% wrong: the program as it was -> compares_each_prediction_with_its_own_value
def squared_loss(params, X, y):
    predictions = X @ params["weights"] + params["bias"]
    return jnp.mean((predictions - y) ** 2)


def loss_and_slopes(params, X, y):
    params, X = jax.tree.map(jnp.asarray, params), jnp.asarray(X)
    return jax.value_and_grad(squared_loss)(params, X, y)


# %% wrong: half mended: y as a row, which changes nothing -> compares_each_prediction_with_its_own_value
def squared_loss(params, X, y):
    predictions = X @ params["weights"] + params["bias"]
    return jnp.mean((predictions - y[None, :]) ** 2)


def loss_and_slopes(params, X, y):
    params, X = jax.tree.map(jnp.asarray, params), jnp.asarray(X)
    return jax.value_and_grad(squared_loss)(params, X, y)


# %% wrong: half mended: both turned, so the pairs are back -> compares_each_prediction_with_its_own_value
def squared_loss(params, X, y):
    predictions = (X @ params["weights"] + params["bias"]).T
    return jnp.mean((predictions - y[:, None]) ** 2)


def loss_and_slopes(params, X, y):
    params, X = jax.tree.map(jnp.asarray, params), jnp.asarray(X)
    return jax.value_and_grad(squared_loss)(params, X, y)


# %% wrong: masks the symptom: the loss over n, since it was n times too many -> compares_each_prediction_with_its_own_value
def squared_loss(params, X, y):
    predictions = X @ params["weights"] + params["bias"]
    return jnp.sum((predictions - y) ** 2) / len(y)


def loss_and_slopes(params, X, y):
    params, X = jax.tree.map(jnp.asarray, params), jnp.asarray(X)
    return jax.value_and_grad(squared_loss)(params, X, y)


# %% wrong: half mended: the mean prediction less y -> compares_each_prediction_with_its_own_value
def squared_loss(params, X, y):
    predictions = X @ params["weights"] + params["bias"]
    return jnp.mean((predictions.mean(axis=1) - y.mean()) ** 2)


def loss_and_slopes(params, X, y):
    params, X = jax.tree.map(jnp.asarray, params), jnp.asarray(X)
    return jax.value_and_grad(squared_loss)(params, X, y)


# %% wrong: half mended: only the first prediction -> compares_each_prediction_with_its_own_value
def squared_loss(params, X, y):
    predictions = X @ params["weights"] + params["bias"]
    return jnp.mean((predictions[0] - y) ** 2)


def loss_and_slopes(params, X, y):
    params, X = jax.tree.map(jnp.asarray, params), jnp.asarray(X)
    return jax.value_and_grad(squared_loss)(params, X, y)


# %% wrong: half mended: weights changed to a vector, so the slopes are one too -> compares_each_prediction_with_its_own_value
def squared_loss(params, X, y):
    return jnp.mean((X @ params["weights"] + params["bias"] - y) ** 2)


def loss_and_slopes(params, X, y):
    params = {"weights": jnp.asarray(params["weights"])[:, 0], "bias": jnp.asarray(params["bias"])}
    return jax.value_and_grad(squared_loss)(params, jnp.asarray(X), y)


# %% wrong: half mended: the loss is right, the slopes are the old ones -> compares_each_prediction_with_its_own_value
def squared_loss(params, X, y):
    predictions = X @ params["weights"] + params["bias"]
    return jnp.mean((predictions - y) ** 2)


def loss_and_slopes(params, X, y):
    params, X = jax.tree.map(jnp.asarray, params), jnp.asarray(X)
    loss = jnp.mean(((X @ params["weights"] + params["bias"])[:, 0] - y) ** 2)
    return loss, jax.grad(squared_loss)(params, X, y)


# %% wrong: half mended: the error of sorted values -> compares_each_prediction_with_its_own_value
def squared_loss(params, X, y):
    predictions = X @ params["weights"] + params["bias"]
    return jnp.mean((jnp.sort(predictions.ravel()) - jnp.sort(y)) ** 2)


def loss_and_slopes(params, X, y):
    params, X = jax.tree.map(jnp.asarray, params), jnp.asarray(X)
    return jax.value_and_grad(squared_loss)(params, X, jnp.asarray(y))


# %% wrong: half of the mean -> compares_each_prediction_with_its_own_value
def squared_loss(params, X, y):
    predictions = X @ params["weights"] + params["bias"]
    return jnp.mean((predictions[:, 0] - y) ** 2) / 2


def loss_and_slopes(params, X, y):
    params, X = jax.tree.map(jnp.asarray, params), jnp.asarray(X)
    return jax.value_and_grad(squared_loss)(params, X, y)


# %% wrong: the sum of squares -> compares_each_prediction_with_its_own_value
def squared_loss(params, X, y):
    predictions = X @ params["weights"] + params["bias"]
    return jnp.sum((predictions[:, 0] - y) ** 2)


def loss_and_slopes(params, X, y):
    params, X = jax.tree.map(jnp.asarray, params), jnp.asarray(X)
    return jax.value_and_grad(squared_loss)(params, X, y)


# %% wrong: the root of the mean -> compares_each_prediction_with_its_own_value
def squared_loss(params, X, y):
    predictions = X @ params["weights"] + params["bias"]
    return jnp.sqrt(jnp.mean((predictions[:, 0] - y) ** 2))


def loss_and_slopes(params, X, y):
    params, X = jax.tree.map(jnp.asarray, params), jnp.asarray(X)
    return jax.value_and_grad(squared_loss)(params, X, y)


# %% wrong: slopes of X -> compares_each_prediction_with_its_own_value
def squared_loss(params, X, y):
    predictions = X @ params["weights"] + params["bias"]
    return jnp.mean((predictions[:, 0] - y) ** 2)


def loss_and_slopes(params, X, y):
    return jax.value_and_grad(squared_loss, argnums=1)(params, jnp.asarray(X), y)


# %% wrong: takes the bias out of the caller's dict -> is_pure
def loss_and_slopes(params, X, y):
    bias = jnp.asarray(params.pop("bias"))

    def loss(p):
        return jnp.mean(((jnp.asarray(X) @ p["weights"] + p["bias"])[:, 0] - y) ** 2)

    return jax.value_and_grad(loss)({"weights": jnp.asarray(params["weights"]), "bias": bias})


# %% wrong: takes the step at once -> is_pure
def squared_loss(params, X, y):
    predictions = X @ params["weights"] + params["bias"]
    return jnp.mean((predictions[:, 0] - y) ** 2)


def loss_and_slopes(params, X, y):
    loss, slopes = jax.value_and_grad(squared_loss)(jax.tree.map(jnp.asarray, params), jnp.asarray(X), y)
    for name in params:
        params[name] = params[name] - 0.1 * slopes[name]
    return loss, slopes


# %% wrong: only the first thousand examples -> counts_every_example_as_it_is
def squared_loss(params, X, y):
    return jnp.mean((X @ params["weights"][:, 0] + params["bias"] - y) ** 2)


def loss_and_slopes(params, X, y):
    params = jax.tree.map(jnp.asarray, params)
    return jax.value_and_grad(squared_loss)(params, jnp.asarray(X)[:1000], y[:1000])


# %% wrong: errors cut off at a hundred -> counts_every_example_as_it_is
def squared_loss(params, X, y):
    residuals = X @ params["weights"] + params["bias"] - y[:, None]
    return jnp.mean(jnp.clip(residuals, -100, 100) ** 2)


def loss_and_slopes(params, X, y):
    params, X, y = jax.tree.map(jnp.asarray, (params, X, y))
    return jax.value_and_grad(squared_loss)(params, X, y)


# %% wrong: slopes by differences -> counts_every_example_as_it_is
def squared_loss(weights, bias, X, y):
    return jnp.mean((X @ weights + bias - y) ** 2)


def loss_and_slopes(params, X, y):
    w, b = jnp.asarray(params["weights"])[:, 0], jnp.asarray(params["bias"])
    X, y = jnp.asarray(X), jnp.asarray(y)
    f = partial(squared_loss, X=X, y=y)
    dw = jax.vmap(lambda e: (f(w + e, b) - f(w - e, b)) / 2)(jnp.eye(len(w)))
    return f(w, b), {"weights": dw[:, None], "bias": (f(w, b + 1) - f(w, b - 1)) / 2 * jnp.ones(1)}


# %% wrong: the square multiplied out -> counts_every_example_as_it_is
def squared_loss(params, X, y):
    p = (X @ params["weights"] + params["bias"])[:, 0]
    return jnp.mean(p**2) - 2 * jnp.mean(p * y) + jnp.mean(y**2)


def loss_and_slopes(params, X, y):
    params, X, y = jax.tree.map(jnp.asarray, (params, X, y))
    return jax.value_and_grad(squared_loss)(params, X, y)


# %% wrong: a y of 0 taken for a missing one -> counts_every_example_as_it_is
def squared_loss(params, X, y):
    known = y != 0
    residuals = (X @ params["weights"] + params["bias"])[:, 0] - y
    return jnp.sum(known * residuals**2) / jnp.maximum(known.sum(), 1)


def loss_and_slopes(params, X, y):
    params, X, y = jax.tree.map(jnp.asarray, (params, X, y))
    return jax.value_and_grad(squared_loss)(params, X, y)


# %% wrong: a little weight decay -> counts_every_example_as_it_is
def loss_and_slopes(params, X, y):
    def loss(params):
        errors = (X @ params["weights"] + params["bias"])[:, 0] - y
        return jnp.mean(errors**2) + 1e-8 * jnp.sum(params["weights"] ** 2)

    return jax.value_and_grad(loss)(jax.tree.map(jnp.asarray, params))
