# %% right: asarray, matmul, plus
class Params(TypedDict):
    weights: Float32[Array, "features outputs"]
    bias: Float32[Array, "outputs"]


def affine(params: Params, x: Float32[Array, "batch features"]) -> Float32[Array, "batch outputs"]:
    return jnp.asarray(x) @ params["weights"] + params["bias"]

# %% right: einsum
class Params(TypedDict):
    weights: Float32[Array, "features outputs"]
    bias: Float32[Array, "outputs"]


def affine(params: Params, x: Float32[Array, "batch features"]) -> Float32[Array, "batch outputs"]:
    product = jnp.einsum("bf,fo->bo", x, params["weights"], precision="highest")
    return product + params["bias"][None, :]

# %% right: vmap over the rows
class Params(TypedDict):
    weights: Float32[Array, "features outputs"]
    bias: Float32[Array, "outputs"]


def affine(params: Params, x: Float32[Array, "batch features"]) -> Float32[Array, "batch outputs"]:
    weights, bias = jnp.asarray(params["weights"]), jnp.asarray(params["bias"])
    return jax.vmap(lambda row: jnp.dot(row, weights) + bias)(jnp.asarray(x))

# %% right: bias as one more feature
class Params(TypedDict):
    weights: Float32[Array, "features outputs"]
    bias: Float32[Array, "outputs"]


def affine(params: Params, x: Float32[Array, "batch features"]) -> Float32[Array, "batch outputs"]:
    ones = jnp.ones((x.shape[0], 1), jnp.float32)
    matrix = jnp.vstack([params["weights"], params["bias"]])
    return jnp.matmul(jnp.hstack([x, ones]), matrix, precision="highest")

# %% right: tree leaves in order of the keys, dot_general
class Params(TypedDict):
    weights: Float32[Array, "features outputs"]
    bias: Float32[Array, "outputs"]


def affine(params: Params, x: Float32[Array, "batch features"]) -> Float32[Array, "batch outputs"]:
    bias, weights = map(jnp.asarray, jax.tree.leaves({k: params[k] for k in ("bias", "weights")}))
    product = lax.dot_general(
        jnp.asarray(x), weights, (((1,), (0,)), ((), ())), precision=lax.Precision.HIGHEST
    )
    return lax.add(product, lax.broadcast_in_dim(bias, product.shape, (1,)))

# %% right: scan that adds one feature at a time
class Params(TypedDict):
    weights: Float32[Array, "features outputs"]
    bias: Float32[Array, "outputs"]


def affine(params: Params, x: Float32[Array, "batch features"]) -> Float32[Array, "batch outputs"]:
    weights, columns = jnp.asarray(params["weights"]), jnp.asarray(x).T
    start = jnp.tile(params["bias"], (x.shape[0], 1))

    def step(total, feature):
        column, row = feature
        return total + jnp.outer(column, row), None

    return lax.scan(step, start, (columns, weights))[0]

# %% right: broadcast and sum
class Params(TypedDict):
    weights: Float32[Array, "features outputs"]
    bias: Float32[Array, "outputs"]


def affine(params: Params, x: Float32[Array, "batch features"]) -> Float32[Array, "batch outputs"]:
    x = jnp.asarray(x)
    return jnp.sum(x[:, :, None] * params["weights"], axis=1) + params["bias"]

# %% right: a layer object made for one call
class Params(TypedDict):
    weights: Float32[Array, "features outputs"]
    bias: Float32[Array, "outputs"]


class _Layer:
    def __init__(self, weights, bias):
        self.weights, self.bias = weights, bias

    def __call__(self, x):
        return jnp.tensordot(jnp.asarray(x), self.weights, axes=1) + self.bias


def affine(params: Params, x: Float32[Array, "batch features"]) -> Float32[Array, "batch outputs"]:
    return _Layer(**jax.tree.map(jnp.array, dict(params)))(x)

# %% wrong: the notebook's weights | uses the globals weights and bias, not params
class Params(TypedDict):
    weights: Float32[Array, "features outputs"]
    bias: Float32[Array, "outputs"]


def affine(params: Params, x: Float32[Array, "batch features"]) -> Float32[Array, "batch outputs"]:
    return jnp.asarray(x) @ weights + bias

# %% wrong: the notebook's bias | takes the weights from params but the bias from the notebook
class Params(TypedDict):
    weights: Float32[Array, "features outputs"]
    bias: Float32[Array, "outputs"]


def affine(params: Params, x: Float32[Array, "batch features"]) -> Float32[Array, "batch outputs"]:
    return jnp.asarray(x) @ params["weights"] + bias

# %% wrong: no asarray | all NumPy in, NumPy out
class Params(TypedDict):
    weights: Float32[Array, "features outputs"]
    bias: Float32[Array, "outputs"]


def affine(params: Params, x: Float32[Array, "batch features"]) -> Float32[Array, "batch outputs"]:
    return x @ params["weights"] + params["bias"]

# %% wrong: only the first bias | bias[0] is added to every output
class Params(TypedDict):
    weights: Float32[Array, "features outputs"]
    bias: Float32[Array, "outputs"]


def affine(params: Params, x: Float32[Array, "batch features"]) -> Float32[Array, "batch outputs"]:
    return jnp.asarray(x) @ params["weights"] + params["bias"][0]

# %% wrong: bias repeated instead of tiled | with several rows and outputs the biases are in the wrong places
class Params(TypedDict):
    weights: Float32[Array, "features outputs"]
    bias: Float32[Array, "outputs"]


def affine(params: Params, x: Float32[Array, "batch features"]) -> Float32[Array, "batch outputs"]:
    out = jnp.asarray(x) @ params["weights"]
    return out + jnp.repeat(jnp.asarray(params["bias"]), out.shape[0]).reshape(out.shape)

# %% wrong: weights reshaped instead of transposed | right only for one output or for the identity
class Params(TypedDict):
    weights: Float32[Array, "features outputs"]
    bias: Float32[Array, "outputs"]


def affine(params: Params, x: Float32[Array, "batch features"]) -> Float32[Array, "batch outputs"]:
    weights, bias = jnp.asarray(params["weights"]), jnp.asarray(params["bias"])
    per_output = weights.reshape(bias.shape[0], x.shape[1])
    return jax.vmap(lambda row: per_output @ row + bias)(jnp.asarray(x))

# %% wrong: two features | only the first two features are used
class Params(TypedDict):
    weights: Float32[Array, "features outputs"]
    bias: Float32[Array, "outputs"]


def affine(params: Params, x: Float32[Array, "batch features"]) -> Float32[Array, "batch outputs"]:
    x, w = jnp.asarray(x), jnp.asarray(params["weights"])
    return x[:, 0:1] * w[0] + x[:, 1:2] * w[1] + params["bias"]

# %% wrong: bfloat16 product | most digits are lost
class Params(TypedDict):
    weights: Float32[Array, "features outputs"]
    bias: Float32[Array, "outputs"]


def affine(params: Params, x: Float32[Array, "batch features"]) -> Float32[Array, "batch outputs"]:
    product = jnp.asarray(x, jnp.bfloat16) @ jnp.asarray(params["weights"], jnp.bfloat16)
    return product.astype(jnp.float32) + params["bias"]

# %% wrong: float16 product | entries above 65504 overflow, those below 1e-8 become 0
class Params(TypedDict):
    weights: Float32[Array, "features outputs"]
    bias: Float32[Array, "outputs"]


def affine(params: Params, x: Float32[Array, "batch features"]) -> Float32[Array, "batch outputs"]:
    product = jnp.asarray(x, jnp.float16) @ jnp.asarray(params["weights"], jnp.float16)
    return product.astype(jnp.float32) + params["bias"]

# %% wrong: rows in a Python loop | x without rows raises
class Params(TypedDict):
    weights: Float32[Array, "features outputs"]
    bias: Float32[Array, "outputs"]


def affine(params: Params, x: Float32[Array, "batch features"]) -> Float32[Array, "batch outputs"]:
    rows = [jnp.asarray(row) @ params["weights"] + params["bias"] for row in x]
    return jnp.stack(rows)

# %% wrong: values unpacked in the order of the dict | a dict with the bias first, or one that jit has sorted, is mixed up
class Params(TypedDict):
    weights: Float32[Array, "features outputs"]
    bias: Float32[Array, "outputs"]


def affine(params: Params, x: Float32[Array, "batch features"]) -> Float32[Array, "batch outputs"]:
    weights, bias = params.values()
    return jnp.asarray(x) @ weights + bias

# %% wrong: converts the params in the caller's dict | the caller's dict gets JAX arrays (tracers under jit)
class Params(TypedDict):
    weights: Float32[Array, "features outputs"]
    bias: Float32[Array, "outputs"]


def affine(params: Params, x: Float32[Array, "batch features"]) -> Float32[Array, "batch outputs"]:
    for name in params:
        params[name] = jnp.asarray(params[name])
    return jnp.asarray(x) @ params["weights"] + params["bias"]

# %% wrong: params in a global for a compiled function | a second call with x of the same shape uses the params of the first
class Params(TypedDict):
    weights: Float32[Array, "features outputs"]
    bias: Float32[Array, "outputs"]


_current = {}


@jax.jit
def _apply(x):
    return x @ _current["weights"] + _current["bias"]


def affine(params: Params, x: Float32[Array, "batch features"]) -> Float32[Array, "batch outputs"]:
    _current.update(params)
    return _apply(x)

# %% wrong: compiled once per dict | params changed in place, as in training, are not seen
class Params(TypedDict):
    weights: Float32[Array, "features outputs"]
    bias: Float32[Array, "outputs"]


_compiled = {}


def affine(params: Params, x: Float32[Array, "batch features"]) -> Float32[Array, "batch outputs"]:
    if isinstance(x, jax.core.Tracer):
        return x @ params["weights"] + params["bias"]
    if id(params) not in _compiled:
        fixed = {k: jnp.array(v) for k, v in params.items()}
        _compiled[id(params)] = params, jax.jit(lambda x: x @ fixed["weights"] + fixed["bias"])
    return _compiled[id(params)][1](x)

# %% wrong: weights clipped | weights beyond 1e6 in size are cut
class Params(TypedDict):
    weights: Float32[Array, "features outputs"]
    bias: Float32[Array, "outputs"]


def affine(params: Params, x: Float32[Array, "batch features"]) -> Float32[Array, "batch outputs"]:
    weights = jnp.clip(jnp.asarray(params["weights"]), -1e6, 1e6)
    return jnp.asarray(x) @ weights + params["bias"]

# %% wrong: small entries zeroed | entries of x below 1e-6 in size are taken for 0
class Params(TypedDict):
    weights: Float32[Array, "features outputs"]
    bias: Float32[Array, "outputs"]


def affine(params: Params, x: Float32[Array, "batch features"]) -> Float32[Array, "batch outputs"]:
    x = jnp.asarray(x)
    x = jnp.where(jnp.abs(x) < 1e-6, 0.0, x)
    return x @ params["weights"] + params["bias"]

# %% wrong: rounded result | results are rounded to four decimals
class Params(TypedDict):
    weights: Float32[Array, "features outputs"]
    bias: Float32[Array, "outputs"]


def affine(params: Params, x: Float32[Array, "batch features"]) -> Float32[Array, "batch outputs"]:
    return jnp.round(jnp.asarray(x) @ params["weights"] + params["bias"], 4)

# %% wrong: donated x | a caller's JAX x is deleted when the result has its shape (square weights)
class Params(TypedDict):
    weights: Float32[Array, "features outputs"]
    bias: Float32[Array, "outputs"]


from functools import partial


@partial(jax.jit, donate_argnums=1)
def affine(params: Params, x: Float32[Array, "batch features"]) -> Float32[Array, "batch outputs"]:
    return x @ params["weights"] + params["bias"]

# %% wrong: negative outputs cut off | a ReLU that nobody asked for
class Params(TypedDict):
    weights: Float32[Array, "features outputs"]
    bias: Float32[Array, "outputs"]


def affine(params: Params, x: Float32[Array, "batch features"]) -> Float32[Array, "batch outputs"]:
    return jax.nn.relu(jnp.asarray(x) @ params["weights"] + params["bias"])

# %% wrong: branch on a zero bias | 'if bias.any()' fails under jit
class Params(TypedDict):
    weights: Float32[Array, "features outputs"]
    bias: Float32[Array, "outputs"]


def affine(params: Params, x: Float32[Array, "batch features"]) -> Float32[Array, "batch outputs"]:
    out = jnp.asarray(x) @ params["weights"]
    if params["bias"].any():
        out = out + params["bias"]
    return out

# %% wrong: bias added before the product when it fits | square weights: (x + bias) @ weights
class Params(TypedDict):
    weights: Float32[Array, "features outputs"]
    bias: Float32[Array, "outputs"]


def affine(params: Params, x: Float32[Array, "batch features"]) -> Float32[Array, "batch outputs"]:
    x, weights = jnp.asarray(x), jnp.asarray(params["weights"])
    if weights.shape[0] == weights.shape[1]:
        return (x + params["bias"]) @ weights
    return x @ weights + params["bias"]

# %% wrong: bias added in place | for a NumPy batch of one row the caller's bias is overwritten
class Params(TypedDict):
    weights: Float32[Array, "features outputs"]
    bias: Float32[Array, "outputs"]


def affine(params: Params, x: Float32[Array, "batch features"]) -> Float32[Array, "batch outputs"]:
    out = params["bias"]
    product = jnp.asarray(x) @ params["weights"]
    if isinstance(out, np.ndarray) and not isinstance(product, jax.core.Tracer) and len(x) == 1:
        out += np.asarray(product)[0]
        return jnp.array(out)[None, :]
    return product + out
