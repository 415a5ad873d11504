# %% right: vmap with None for the parameters
def batched_predict(
    params: list[dict[str, Array]], X: Float32[Array, "batch features"]
) -> Float32[Array, "batch outputs"]:
    return jax.vmap(predict, in_axes=(None, 0))(params, X)

# %% right: NumPy veteran, whole matrices through the layers
def batched_predict(
    params: list[dict[str, Array]], X: Float32[Array, "batch features"]
) -> Float32[Array, "batch outputs"]:
    H = jnp.asarray(X)
    last = len(params) - 1
    for number, layer in enumerate(params):
        H = jnp.matmul(H, jnp.asarray(layer["weights"]).T) + layer["bias"]
        if number < last:
            H = jnp.tanh(H)
    return H

# %% right: functional, reduce with einsum
from functools import reduce


def _affine(layer, H):
    return jnp.einsum("bi,oi->bo", H, jnp.asarray(layer["weights"])) + jnp.asarray(layer["bias"])


def batched_predict(
    params: list[dict[str, Array]], X: Float32[Array, "batch features"]
) -> Float32[Array, "batch outputs"]:
    inner = reduce(lambda H, layer: jnp.tanh(_affine(layer, H)), params[:-1], jnp.asarray(X))
    return _affine(params[-1], inner)

# %% right: recursion, columns for examples, dot_general
def _forward(layers, columns):
    first, rest = layers[0], layers[1:]
    out = lax.dot_general(jnp.asarray(first["weights"]), columns, (((1,), (0,)), ((), ())))
    out = out + jnp.asarray(first["bias"])[:, None]
    return _forward(rest, lax.tanh(out)) if rest else out


def batched_predict(
    params: list[dict[str, Array]], X: Float32[Array, "batch features"]
) -> Float32[Array, "batch outputs"]:
    return _forward(tuple(params), jnp.asarray(X).T).T

# %% wrong: first and last layer only | three or more layers: those in the middle are left out
def batched_predict(
    params: list[dict[str, Array]], X: Float32[Array, "batch features"]
) -> Float32[Array, "batch outputs"]:
    H = jnp.asarray(X)
    if len(params) > 1:
        H = jnp.tanh(H @ jnp.asarray(params[0]["weights"]).T + params[0]["bias"])
    return H @ jnp.asarray(params[-1]["weights"]).T + params[-1]["bias"]

# %% wrong: lax.map over the rows | a compiled loop over the rows
def batched_predict(
    params: list[dict[str, Array]], X: Float32[Array, "batch features"]
) -> Float32[Array, "batch outputs"]:
    params = jax.tree.map(jnp.asarray, params)
    return lax.map(lambda x: predict(params, x), jnp.asarray(X))

# %% wrong: tanh written with exp | NaN where the hidden sums are large (above 44)
def _tanh(z):
    e = jnp.exp(2 * z)
    return (e - 1) / (e + 1)


def batched_predict(
    params: list[dict[str, Array]], X: Float32[Array, "batch features"]
) -> Float32[Array, "batch outputs"]:
    *hidden, last = jax.tree.map(jnp.asarray, params)
    H = jnp.asarray(X)
    for layer in hidden:
        H = _tanh(H @ layer["weights"].T + layer["bias"])
    return H @ last["weights"].T + last["bias"]

# %% wrong: transposes only if the shapes demand it | square weight matrices are used untransposed
def batched_predict(
    params: list[dict[str, Array]], X: Float32[Array, "batch features"]
) -> Float32[Array, "batch outputs"]:
    H = jnp.asarray(X)
    for i, layer in enumerate(params):
        W = jnp.asarray(layer["weights"])
        if W.shape[0] != H.shape[1]:
            W = W.T
        H = H @ W + layer["bias"]
        if i + 1 < len(params):
            H = jnp.tanh(H)
    return H

# %% wrong: mixed precision | bfloat16 keeps two or three digits
def batched_predict(
    params: list[dict[str, Array]], X: Float32[Array, "batch features"]
) -> Float32[Array, "batch outputs"]:
    half = jax.tree.map(lambda a: jnp.asarray(a, jnp.bfloat16), params)
    out = jax.vmap(predict, in_axes=(None, 0))(half, jnp.asarray(X, jnp.bfloat16))
    return out.astype(jnp.float32)

# %% wrong: lax.scan over the stacked hidden layers | raises where layers differ in width
def batched_predict(
    params: list[dict[str, Array]], X: Float32[Array, "batch features"]
) -> Float32[Array, "batch outputs"]:
    params = jax.tree.map(jnp.asarray, params)
    hidden, last = params[:-1], params[-1]
    H = jnp.asarray(X)
    if hidden:
        stacked = jax.tree.map(lambda *layers: jnp.stack(layers), *hidden)

        def through(H, layer):
            return jnp.tanh(H @ layer["weights"].T + layer["bias"]), None

        H, _ = lax.scan(through, H, stacked)
    return H @ last["weights"].T + last["bias"]

# %% wrong: converts the layers in place | the caller's dicts hold other (JAX) arrays afterwards
def batched_predict(
    params: list[dict[str, Array]], X: Float32[Array, "batch features"]
) -> Float32[Array, "batch outputs"]:
    for layer in params:
        for name in layer:
            layer[name] = jnp.asarray(layer[name])
    return jax.vmap(predict, in_axes=(None, 0))(params, jnp.asarray(X))

# %% wrong: keeps a compiled function for each params object | old values where a list was changed in place or its id reused; state outside
_compiled = {}


def batched_predict(
    params: list[dict[str, Array]], X: Float32[Array, "batch features"]
) -> Float32[Array, "batch outputs"]:
    key = id(params)
    if key not in _compiled:
        frozen = jax.tree.map(jnp.asarray, params)
        _compiled[key] = jax.jit(jax.vmap(lambda x: predict(frozen, x)))
    return _compiled[key](X)
