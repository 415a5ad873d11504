# %% right: vmap with None for the parameters
def batched_predict(params, X):
    return jax.vmap(predict, in_axes=(None, 0))(params, X)

# %% right: matrix products of the whole batch
def batched_predict(params, X):
    X = jnp.asarray(X)
    for layer in params[:-1]:
        X = jnp.tanh(X @ layer["weights"].T + layer["bias"])
    return X @ params[-1]["weights"].T + params[-1]["bias"]

# %% right: closure, partial, jit
def batched_predict(params, X):
    params = jax.tree.map(jnp.asarray, params)
    return jax.jit(jax.vmap(partial(predict, params)))(jnp.asarray(X))

# %% right: einsum and reduce
from functools import reduce


def _affine(layer, H):
    return jnp.einsum("oi,bi->bo", layer["weights"], H) + layer["bias"][None, :]


def batched_predict(params, X):
    H = reduce(lambda H, layer: jnp.tanh(_affine(layer, H)), params[:-1], jnp.asarray(X))
    return _affine(params[-1], H)

# %% right: examples as columns
def batched_predict(params, X):
    columns = jnp.asarray(X).T
    for number, layer in enumerate(params, start=1):
        columns = jnp.asarray(layer["weights"]) @ columns + layer["bias"][:, None]
        if number < len(params):
            columns = lax.tanh(columns)
    return columns.T

# %% right: vmap layer by layer in a small class
class Dense:
    def __init__(self, layer):
        self.weights = jnp.asarray(layer["weights"])
        self.bias = jnp.asarray(layer["bias"])

    def one(self, x):
        return jnp.dot(self.weights, x) + self.bias

    def __call__(self, X):
        return jax.vmap(self.one)(X)


def batched_predict(params, X):
    *hidden, last = [Dense(layer) for layer in params]
    X = jnp.asarray(X)
    for dense in hidden:
        X = jnp.tanh(dense(X))
    return last(X)

# %% wrong: no tanh | the hidden layers are linear (the example's hidden layer is all 0)
def batched_predict(params, X):
    X = jnp.asarray(X)
    for layer in params:
        X = X @ layer["weights"].T + layer["bias"]
    return X

# %% wrong: no bias in the hidden layers | wrong where a hidden bias is not 0
def batched_predict(params, X):
    *hidden, last = params
    X = jnp.asarray(X)
    for layer in hidden:
        X = jnp.tanh(X @ layer["weights"].T)
    return X @ last["weights"].T + last["bias"]

# %% wrong: weights of hidden layers not transposed | wrong unless they are symmetric, an error unless square
def batched_predict(params, X):
    *hidden, last = params
    X = jnp.asarray(X)
    for layer in hidden:
        X = jnp.tanh(X @ layer["weights"] + layer["bias"])
    return X @ last["weights"].T + last["bias"]

# %% wrong: first and last layer only | skips the middle of three layers or more
def batched_predict(params, X):
    def one(x):
        if len(params) > 1:
            first = params[0]
            x = jnp.tanh(jnp.asarray(first["weights"]) @ x + first["bias"])
        return jnp.asarray(params[-1]["weights"]) @ x + params[-1]["bias"]

    return jax.vmap(one)(jnp.asarray(X))

# %% wrong: pops the last layer | the caller's list gets shorter
def batched_predict(params, X):
    last = params.pop()
    X = jnp.asarray(X)
    for layer in params:
        X = jnp.tanh(X @ layer["weights"].T + layer["bias"])
    return X @ last["weights"].T + last["bias"]

# %% wrong: list comprehension over the rows | a Python loop over the rows
def batched_predict(params, X):
    params = jax.tree.map(jnp.asarray, params)
    return jnp.stack([predict(params, x) for x in jnp.asarray(X)])

# %% wrong: lax.map | a compiled loop over the rows
def batched_predict(params, X):
    params = jax.tree.map(jnp.asarray, params)
    return lax.map(lambda x: predict(params, x), jnp.asarray(X))

# %% wrong: tanh by its formula with exponentials | NaN for large sums, and numbers may be 1000 in size
def batched_predict(params, X):
    def tanh(z):
        e = jnp.exp(2 * z)
        return (e - 1) / (e + 1)

    *hidden, last = params
    X = jnp.asarray(X)
    for layer in hidden:
        X = tanh(X @ layer["weights"].T + layer["bias"])
    return X @ last["weights"].T + last["bias"]

# %% wrong: relu out of habit | other values where hidden sums are not 0
def batched_predict(params, X):
    def one(params, x):
        *hidden, last = params
        for layer in hidden:
            x = jax.nn.relu(layer["weights"] @ x + layer["bias"])
        return last["weights"] @ x + last["bias"]

    return jax.vmap(one, in_axes=(None, 0))(params, X)

# %% wrong: hidden layers stacked for a scan | error where hidden layers differ in width
def batched_predict(params, X):
    *hidden, last = jax.tree.map(jnp.asarray, params)
    X = jnp.asarray(X)
    if hidden:
        stacked = jax.tree.map(lambda *leaves: jnp.stack(leaves), *hidden)

        def step(H, layer):
            return jnp.tanh(H @ layer["weights"].T + layer["bias"]), None

        X, _ = lax.scan(step, X, stacked)
    return X @ last["weights"].T + last["bias"]

# %% wrong: unpacks the dict by order | under jit (or with "bias" written first) weights and bias are exchanged
def batched_predict(params, X):
    X = jnp.asarray(X)
    for i, layer in enumerate(params):
        weights, bias = layer.values()
        X = X @ weights.T + bias
        if i < len(params) - 1:
            X = jnp.tanh(X)
    return X

# %% wrong: half precision for speed | sums above 65504 become inf, digits are lost
def batched_predict(params, X):
    half = jax.tree.map(lambda a: jnp.asarray(a, jnp.float16), params)
    out = jax.vmap(predict, in_axes=(None, 0))(half, jnp.asarray(X, jnp.float16))
    return out.astype(jnp.float32)

# %% wrong: remembers the model by the number of its layers | hidden state, the second model of one length is ignored in its hidden part
_hidden_part = {}


def batched_predict(params, X):
    *hidden, last = params
    hidden = _hidden_part.setdefault((len(params), X.shape[1]), hidden)
    return jax.vmap(predict, in_axes=(None, 0))([*hidden, last], X)
