# %% right: vmap with None for the parameters
def batched_predict(params, X):
    return jax.vmap(predict, in_axes=(None, 0))(params, X)

# %% right: closure over the parameters, compiled
@jax.jit
def batched_predict(params, X):
    return jax.vmap(lambda row: predict(params, row))(X)

# %% right: matrix products for the whole batch
def batched_predict(params, X):
    h = jnp.asarray(X)
    for layer in params[:-1]:
        h = jnp.tanh(h @ layer["weights"].T + layer["bias"])
    return h @ jnp.asarray(params[-1]["weights"]).T + params[-1]["bias"]

# %% right: einsum, enumerate and a flag for the last layer
def batched_predict(params, X):
    n_last = len(params) - 1
    h = X
    for k, layer in enumerate(params):
        h = jnp.einsum("oi,bi->bo", layer["weights"], h) + layer["bias"]
        h = jnp.tanh(h) if k != n_last else h
    return h

# %% right: in_axes as a whole pytree of None, made by tree_map
def batched_predict(params, X):
    nothing = jax.tree_util.tree_map(lambda _: None, params)
    return jax.vmap(predict, in_axes=(nothing, 0), out_axes=0)(params, X)

# %% right: recursion with a match statement
def batched_predict(params, X):
    def affine(layer, h):
        return lax.dot_general(
            jnp.asarray(h), jnp.asarray(layer["weights"]), (((1,), (1,)), ((), ()))
        ) + layer["bias"]

    def go(layers, h):
        match layers:
            case [last]:
                return affine(last, h)
            case [first, *rest]:
                return go(rest, jnp.tanh(affine(first, h)))

    return go(params, X)

# %% right: functools.partial and vmap over the rest
def batched_predict(params, X):
    params = jax.tree.map(jnp.asarray, params)
    return jax.vmap(partial(predict, params))(jnp.asarray(X))

# %% right: columns as examples, then transposed
def batched_predict(params, X):
    *hidden, last = params
    h = jnp.asarray(X).T
    for layer in hidden:
        h = jnp.tanh(layer["weights"] @ h + layer["bias"][:, None])
    return (last["weights"] @ h + last["bias"].reshape(-1, 1)).T

# %% right: bias as one more column of the weights
def batched_predict(params, X):
    def with_one(h):
        return jnp.concatenate([h, jnp.ones((h.shape[0], 1), h.dtype)], axis=1)
    h = jnp.asarray(X)
    for k, layer in enumerate(params, start=1):
        full = jnp.column_stack([layer["weights"], layer["bias"]])
        h = with_one(h) @ full.T
        if k < len(params):
            h = lax.tanh(h)
    return h

# %% right: jnp.vectorize over the rows
def batched_predict(params, X):
    out = params[-1]["bias"].shape[0]
    return jnp.vectorize(lambda x: predict(params, x), signature=f"(i)->({out})")(X)

# %% right: parameters repeated for each row, then a plain vmap
def batched_predict(params, X):
    n = X.shape[0]
    copies = jax.tree.map(lambda a: jnp.broadcast_to(a, (n, *a.shape)), params)
    return jax.vmap(predict)(copies, X)

# %% right: functools.reduce, sum of products written out
from functools import reduce


def _affine(h, layer):
    return jnp.sum(h[:, None, :] * jnp.asarray(layer["weights"])[None], axis=-1) + layer["bias"]


def batched_predict(params, X):
    body = reduce(lambda h, layer: jnp.tanh(_affine(h, layer)), params[:-1], jnp.asarray(X))
    return _affine(body, params[-1])

# %% wrong: relu instead of tanh | predict applies jnp.tanh to the hidden layers
def batched_predict(params, X):
    *hidden, last = params
    h = jnp.asarray(X)
    for layer in hidden:
        h = jax.nn.relu(h @ layer["weights"].T + layer["bias"])
    return h @ last["weights"].T + last["bias"]

# %% wrong: Python loop over the rows | "without a loop over the rows"
def batched_predict(params, X):
    return jnp.stack([predict(params, x) for x in jnp.asarray(X)])

# %% wrong: lax.map over the rows | "without a loop over the rows"
def batched_predict(params, X):
    return lax.map(partial(predict, params), jnp.asarray(X))

# %% wrong: pops the last layer off the caller's list | a function must not change what it is given
def batched_predict(params, X):
    last = params.pop()
    h = jnp.asarray(X)
    while params:
        layer = params.pop(0)
        h = jnp.tanh(h @ layer["weights"].T + layer["bias"])
    return h @ last["weights"].T + last["bias"]

# %% wrong: turns the weights only where the shapes force it | weights are "outputs by inputs", square ones too
def batched_predict(params, X):
    *hidden, last = params
    def mul(h, W):
        return h @ W if W.shape[0] == h.shape[1] else h @ W.T
    h = jnp.asarray(X)
    for layer in hidden:
        h = jnp.tanh(mul(h, layer["weights"]) + layer["bias"])
    return mul(h, last["weights"]) + last["bias"]

# %% wrong: forgets the bias of hidden layers | predict adds layer["bias"] in each
def batched_predict(params, X):
    *hidden, last = params
    h = jnp.asarray(X)
    for layer in hidden:
        h = jnp.tanh(h @ layer["weights"].T)
    return h @ last["weights"].T + last["bias"]

# %% wrong: tanh before the hidden product, not after it | predict: tanh(weights @ x + bias)
def batched_predict(params, X):
    h = jnp.asarray(X)
    for layer in params[:-1]:
        h = jnp.tanh(h) @ layer["weights"].T + layer["bias"]
    return h @ params[-1]["weights"].T + params[-1]["bias"]

# %% wrong: at most one hidden layer | "a list of one layer or more"
def batched_predict(params, X):
    h = jnp.asarray(X)
    if len(params) > 1:
        h = jnp.tanh(h @ params[0]["weights"].T + params[0]["bias"])
    return h @ params[-1]["weights"].T + params[-1]["bias"]

# %% wrong: squeeze for a batch of one | result is "batch outputs", number of rows at least 1
def batched_predict(params, X):
    out = jax.vmap(predict, in_axes=(None, 0))(params, X)
    return out if out.size == 1 else jnp.squeeze(out, axis=0) if out.shape[0] == 1 else out

# %% wrong: writes JAX arrays into the caller's dicts | a function must not change what it is given
def batched_predict(params, X):
    for layer in params:
        layer["weights"] = jnp.asarray(layer["weights"])
        layer["bias"] = jnp.asarray(layer["bias"])
    return jax.vmap(predict, in_axes=(None, 0))(params, jnp.asarray(X))

# %% wrong: float16 arithmetic | float32 in, float32 result with float32's digits
def batched_predict(params, X):
    half = jax.tree.map(lambda a: jnp.asarray(a, jnp.float16), params)
    out = jax.vmap(predict, in_axes=(None, 0))(half, jnp.asarray(X, jnp.float16))
    return out.astype(jnp.float32)

# %% wrong: scan over stacked hidden layers needs equal widths | "All widths ... are at least 1", they may differ
def batched_predict(params, X):
    *hidden, last = params
    h = jnp.asarray(X)
    if hidden:
        stacked = jax.tree.map(lambda *a: jnp.stack(a), *hidden)
        def one(h, layer):
            return jnp.tanh(h @ layer["weights"].T + layer["bias"]), None
        h, _ = lax.scan(one, h, stacked)
    return h @ last["weights"].T + last["bias"]

# %% wrong: compiled predictor kept per shape, with the first parameters baked in | the same shapes with other parameters get old predictions
_predictors = {}


def batched_predict(params, X):
    key = X.shape, tuple(layer["weights"].shape for layer in params)
    if key not in _predictors:
        _predictors[key] = jax.vmap(partial(predict, [dict(layer) for layer in params]))
    return _predictors[key](jnp.asarray(X))
