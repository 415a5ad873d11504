# %% right: NumPy veteran, asarray and @
class Params(TypedDict):
    weights: Float32[Array, "features outputs"]
    bias: Float32[Array, "outputs"]


def affine(params: Params, x: Float32[Array, "batch features"]) -> Float32[Array, "batch outputs"]:
    """Return `x @ weights + bias` for the weights and the bias in `params`."""
    return jnp.asarray(x) @ params["weights"] + params["bias"]


# %% right: functional, vmap of a function of one row
from functools import partial


def _one(weights, bias, row):
    return jnp.dot(row, weights) + bias


def affine(params, x):
    weights, bias, x = map(jnp.asarray, (params["weights"], params["bias"], x))
    return jax.vmap(partial(_one, weights, bias))(x)


# %% right: physicist, homogeneous coordinates
def affine(params, x):
    x = jnp.asarray(x, jnp.float32)
    ones = jnp.ones((x.shape[0], 1), jnp.float32)
    extended_x = jnp.concatenate([x, ones], axis=1)
    matrix = jnp.asarray(params["weights"])
    last_row = jnp.asarray(params["bias"])[None, :]
    extended_matrix = jnp.concatenate([matrix, last_row], axis=0)
    return jnp.einsum("bf,fo->bo", extended_x, extended_matrix)


# %% right: documentation reader, dot_general with the highest precision
class Params(TypedDict):
    weights: Float32[Array, "features outputs"]
    bias: Float32[Array, "outputs"]


def affine(params: Params, x: Float32[Array, "batch features"]) -> Float32[Array, "batch outputs"]:
    params = jax.tree.map(jnp.asarray, dict(params))
    product = lax.dot_general(
        jnp.asarray(x),
        params["weights"],
        dimension_numbers=(((1,), (0,)), ((), ())),
        precision=lax.Precision.HIGHEST,
    )
    return product + lax.broadcast_in_dim(params["bias"], product.shape, (1,))


# %% wrong: stacks the rows of a comprehension | x without rows raises, as there is nothing to stack
def affine(params, x):
    weights, bias = jnp.asarray(params["weights"]), jnp.asarray(params["bias"])
    return jnp.stack([row @ weights + bias for row in jnp.asarray(x)])


# %% wrong: product in bfloat16 for speed | only two or three digits are right for entries that bfloat16 cannot hold
def affine(params, x):
    x = jnp.asarray(x).astype(jnp.bfloat16)
    weights = jnp.asarray(params["weights"]).astype(jnp.bfloat16)
    product = jnp.matmul(x, weights, preferred_element_type=jnp.float32)
    return product + params["bias"]


# %% wrong: guesses the layout of the weights from their shape | a square weight matrix is transposed
def affine(params, x):
    x = jnp.asarray(x)
    weights = jnp.asarray(params["weights"])
    if weights.shape[1] == x.shape[1]:
        weights = weights.T  # stored as (outputs, features)
    return x @ weights + jnp.asarray(params["bias"])


# %% wrong: converts the entries of params in place | the caller's dict is changed, its NumPy arrays replaced
def affine(params, x):
    for name in ("weights", "bias"):
        params[name] = jnp.asarray(params[name])
    return jnp.asarray(x) @ params["weights"] + params["bias"]


# %% wrong: only the first entry of the bias | with several outputs all get the bias of the first
def affine(params, x):
    return jnp.asarray(x) @ jnp.asarray(params["weights"]) + params["bias"][0]


# %% wrong: compiled once for each shape, weights captured | later params of the same shape are ignored, the first ones stay baked in
_compiled = {}


def affine(params, x):
    shape = params["weights"].shape
    if shape not in _compiled:
        weights, bias = jnp.asarray(params["weights"]), jnp.asarray(params["bias"])
        _compiled[shape] = jax.jit(lambda x: x @ weights + bias)
    return _compiled[shape](jnp.asarray(x))


# %% wrong: written out for two features | wrong for any other number of features
def affine(params, x):
    x = jnp.asarray(x)
    weights, bias = jnp.asarray(params["weights"]), jnp.asarray(params["bias"])
    return x[:, 0:1] * weights[0] + x[:, 1:2] * weights[1] + bias


# %% wrong: sets the notebook's globals and calls predict_impure | side effect, the notebook's weights and bias are overwritten (by tracers under jit)
def affine(params, x):
    global weights, bias
    weights, bias = jnp.asarray(params["weights"]), jnp.asarray(params["bias"])
    return predict_impure(jnp.asarray(x))
