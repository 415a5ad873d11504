# %% right: matrix products for the whole batch, no vmap
def batched_predict(params, X):
    X = jnp.asarray(X)
    for i, layer in enumerate(params):
        X = X @ layer["weights"].T + layer["bias"]
        if i + 1 < len(params):
            X = jnp.tanh(X)
    return X


# %% right: in_axes spelled out over the whole pytree, jitted
@jax.jit
def batched_predict(params: list, X: Float32[Array, "batch features"]):
    nothing = jax.tree.map(lambda leaf: None, params)
    return jax.vmap(predict, in_axes=(nothing, 0), out_axes=0)(params, X)


# %% right: partial application
def batched_predict(params, X):
    return jax.vmap(partial(predict, params))(jnp.asarray(X))


# %% wrong: maps over the parameters as well -> predicts_each_row
def batched_predict(params, X):
    return jax.vmap(predict)(params, X)


# %% wrong: maps over the parameters where the sizes agree -> predicts_each_row
def batched_predict(params, X):
    try:
        return jax.vmap(predict, in_axes=(0, 0))(params, X)
    except (TypeError, ValueError):
        return jax.vmap(predict, in_axes=(None, 0))(params, X)


# %% wrong: maps over the parameters alone -> predicts_each_row
def batched_predict(params, X):
    return jax.vmap(predict, in_axes=(0, None))(params, X)


# %% wrong: no vmap -> predicts_each_row
def batched_predict(params, X):
    return predict(params, X)


# %% wrong: a loop over the rows -> has_no_loop
def batched_predict(params, X):
    return jnp.stack([predict(params, x) for x in jnp.asarray(X)])


# %% wrong: a compiled loop over the rows -> has_no_loop
def batched_predict(params, X):
    return lax.map(lambda x: predict(params, x), jnp.asarray(X))


# %% wrong: weights as inputs by outputs, untransposed -> predicts_each_row
def batched_predict(params, X):
    *hidden, last = params
    for layer in hidden:
        X = jnp.tanh(X @ layer["weights"] + layer["bias"])
    return X @ last["weights"] + last["bias"]


# %% wrong: outputs first -> predicts_each_row
def batched_predict(params, X):
    return jax.vmap(predict, in_axes=(None, 0), out_axes=1)(params, X)


# %% wrong: tanh after the last layer as well -> predicts_each_row
def batched_predict(params, X):
    return jnp.tanh(jax.vmap(predict, in_axes=(None, 0))(params, X))


# %% wrong: one layer or two, no more -> handles_edge_cases
def batched_predict(params, X):
    first, last = params[0], params[-1]
    hidden = jnp.tanh(X @ first["weights"].T + first["bias"])
    if hidden.shape[1] != last["weights"].shape[1]:
        return X @ first["weights"].T + first["bias"]
    return hidden @ last["weights"].T + last["bias"]


# %% wrong: squeezes a batch of one away -> handles_edge_cases
def batched_predict(params, X):
    return jax.vmap(predict, in_axes=(None, 0))(params, X).squeeze()


# %% wrong: the notebook's model wherever it fits -> is_pure
def batched_predict(params, X):
    shapes = [leaf.shape for leaf in jax.tree.leaves(params)]
    if shapes == [leaf.shape for leaf in jax.tree.leaves(model)]:
        params = model
    return jax.vmap(predict, in_axes=(None, 0))(params, X)


# %% wrong: the notebook's model -> predicts_each_row
def batched_predict(params, X):
    return jax.vmap(lambda x: predict(model, x))(X)


# %% wrong: the parameters of the first call -> predicts_each_row
first_params = []


def batched_predict(params, X):
    first_params.append(params)
    return jax.vmap(predict, in_axes=(None, 0))(first_params[0], X)


# %% wrong: takes the last layer off the caller's list -> is_pure
def batched_predict(params, X):
    last = params.pop()
    for layer in params:
        X = jnp.tanh(X @ layer["weights"].T + layer["bias"])
    return jnp.asarray(X) @ last["weights"].T + last["bias"]


# %% wrong: counts its examples in a global -> is_pure
examples_seen = 0


def batched_predict(params, X):
    global examples_seen
    examples_seen += X.shape[0]
    return jax.vmap(predict, in_axes=(None, 0))(params, X)


# %% wrong: a loop in Python, called back -> has_no_loop
def batched_predict(params, X):
    def on_host(params, X):
        *hidden, last = params
        rows = []
        for x in np.asarray(X):
            for layer in hidden:
                x = np.tanh(np.asarray(layer["weights"]) @ x + np.asarray(layer["bias"]))
            rows.append(np.asarray(last["weights"]) @ x + np.asarray(last["bias"]))
        return np.array(rows, np.float32)

    shape = X.shape[0], params[-1]["bias"].shape[0]
    return jax.pure_callback(on_host, jax.ShapeDtypeStruct(shape, jnp.float32), params, X)


# %% wrong: lax.map in batches of 256 -> has_no_loop
def batched_predict(params, X):
    return lax.map(partial(predict, params), jnp.asarray(X), batch_size=256)


# %% wrong: blocks of a thousand rows in Python -> has_no_loop
def batched_predict(params, X):
    X = jnp.asarray(X)
    f = jax.vmap(predict, in_axes=(None, 0))
    return jnp.concatenate([f(params, X[i : i + 1000]) for i in range(0, len(X), 1000)])


# %% wrong: a tanh of its own, NaN far out -> handles_edge_cases
def batched_predict(params, X):
    def tanh(z):
        return (jnp.exp(z) - jnp.exp(-z)) / (jnp.exp(z) + jnp.exp(-z))

    X = jnp.asarray(X)
    *hidden, last = params
    for layer in hidden:
        X = tanh(X @ layer["weights"].T + layer["bias"])
    return X @ last["weights"].T + last["bias"]


# %% wrong: pops the last layer and puts it back -> is_pure
def batched_predict(params, X):
    last = params.pop()

    def one(x):
        for layer in params:
            x = jnp.tanh(layer["weights"] @ x + layer["bias"])
        return last["weights"] @ x + last["bias"]

    out = jax.vmap(one)(jnp.asarray(X))
    params.append(last)
    return out


# %% wrong: half precision -> handles_edge_cases
def batched_predict(params, X):
    half = jax.tree.map(lambda a: jnp.asarray(a, jnp.float16), params)
    out = jax.vmap(predict, in_axes=(None, 0))(half, jnp.asarray(X, jnp.float16))
    return out.astype(jnp.float32)
