# %% right: plain operators, x made a JAX array
def affine(params, x):
    return jnp.asarray(x) @ params["weights"] + params["bias"]

# %% right: einsum
def affine(params, x):
    return jnp.einsum("bf,fo->bo", x, params["weights"]) + jnp.asarray(params["bias"])

# %% right: lax.dot_general and broadcast_in_dim
def affine(params, x):
    w, b = map(jnp.asarray, (params["weights"], params["bias"]))
    y = lax.dot_general(jnp.asarray(x), w, (((1,), (0,)), ((), ())))
    return lax.add(y, lax.broadcast_in_dim(b, y.shape, (1,)))

# %% right: homogeneous coordinates, a column of ones
def affine(params, x):
    x = jnp.asarray(x)
    ones = jnp.ones((x.shape[0], 1), jnp.float32)
    big = jnp.concatenate([jnp.asarray(params["weights"]), jnp.asarray(params["bias"])[None]], axis=0)
    return jnp.hstack([x, ones]) @ big

# %% right: vmap over rows of a function of one example
def affine(params, x):
    params = jax.tree.map(jnp.asarray, params)

    def one(row):
        return row @ params["weights"] + params["bias"]

    return jax.vmap(one)(jnp.asarray(x))

# %% right: matmul by broadcasting and a sum, without any dot
def affine(params, x):
    x, w = jnp.asarray(x), jnp.asarray(params["weights"])
    return (x[:, :, None] * w[None, :, :]).sum(axis=1) + params["bias"]

# %% right: jit inside, partial, match on the dict
from functools import partial

@partial(jax.jit, static_argnames=("add_bias",))
def _dense(w, b, x, *, add_bias=True):
    y = jnp.dot(x, w)
    return y + b if add_bias else y

def affine(params, x):
    match params:
        case {"weights": w, "bias": b}:
            return _dense(w, b, x)

# %% right: a NamedTuple layer built from the dict
from typing import NamedTuple

class _Layer(NamedTuple):
    weights: jax.Array
    bias: jax.Array

    def __call__(self, x):
        return jnp.add(jnp.matmul(x, self.weights), self.bias)

def affine(params, x):
    return _Layer(**{k: jnp.asarray(params[k]) for k in ("weights", "bias")})(jnp.asarray(x))

# %% right: loop over the features, adding rank-one terms to the bias
def affine(params, x):
    x, w = jnp.asarray(x), jnp.asarray(params["weights"])
    y = jnp.broadcast_to(jnp.asarray(params["bias"]), (x.shape[0], w.shape[1]))
    for j in range(w.shape[0]):
        y = y + jnp.outer(x[:, j], w[j])
    return y

# %% right: scan over the features with the result as state
def affine(params, x):
    x = jnp.asarray(x, dtype=jnp.float32)
    w, b = jnp.asarray(params["weights"]), jnp.asarray(params["bias"])

    def step(acc, column_and_row):
        column, row = column_and_row
        return acc + column[:, None] * row, None

    start = jnp.zeros((len(x), len(b)), jnp.float32) + b
    return lax.scan(step, start, (x.T, w))[0]

# %% right: tensordot, transposed throughout
def affine(params, x):
    yt = jnp.tensordot(jnp.asarray(params["weights"]).T, jnp.asarray(x).T, axes=1)
    return (yt + jnp.asarray(params["bias"])[:, None]).T

# %% right: curried function of the parameters, highest precision, items unpacked
def _model(params):
    w, b = (jnp.array(params[name], jnp.float32) for name in ("weights", "bias"))
    return lambda x: jnp.matmul(x, w, precision="highest") + b[jnp.newaxis, :]

def affine(params, x):
    return _model(params)(jnp.array(x))

# %% wrong: adds only the first bias to all outputs | x @ weights + bias
def affine(params, x):
    return jnp.asarray(x) @ params["weights"] + params["bias"][0]

# %% wrong: converts the arrays inside the caller's dict | no side effects: leaves its caller's data unchanged
def affine(params, x):
    params["weights"] = jnp.asarray(params["weights"])
    params["bias"] = jnp.asarray(params["bias"])
    return jnp.asarray(x) @ params["weights"] + params["bias"]

# %% wrong: a relu behind it, as in a network | Return x @ weights + bias
def affine(params, x):
    return jax.nn.relu(jnp.asarray(x) @ params["weights"] + params["bias"])

# %% wrong: no rows: returns x itself, with features columns | x may have no rows; result is batch x outputs
def affine(params, x):
    x = jnp.asarray(x)
    if x.shape[0] == 0:
        return x
    return x @ params["weights"] + params["bias"]

# %% wrong: stacks a Python list of rows, which fails without rows | x may have no rows
def affine(params, x):
    w, b = jnp.asarray(params["weights"]), jnp.asarray(params["bias"])
    return jnp.stack([row @ w + b for row in jnp.asarray(x)])

# %% wrong: bfloat16 on the way | Float32: precision lost on the way
def affine(params, x):
    low = [jnp.asarray(a).astype(jnp.bfloat16) for a in (x, params["weights"], params["bias"])]
    return (low[0] @ low[1] + low[2]).astype(jnp.float32)

# %% right: the parameters behind stop_gradient, which changes no value
def affine(params, x):
    w, b = lax.stop_gradient((jnp.asarray(params["weights"]), jnp.asarray(params["bias"])))
    return jnp.asarray(x) @ w + b

# %% wrong: bias added as a column when the batch is as large as the outputs | x @ weights + bias
def affine(params, x):
    y = jnp.asarray(x) @ params["weights"]
    b = jnp.asarray(params["bias"])
    if y.shape[0] == b.shape[0] and y.shape[0] > 1:
        b = b.reshape(-1, 1)
    return y + b

# %% wrong: small results are tidied to zero | Return x @ weights + bias
def affine(params, x):
    y = jnp.asarray(x) @ params["weights"] + params["bias"]
    return jnp.where(jnp.abs(y) < 1e-3, 0.0, y)  # tidy up rounding noise

# %% wrong: the notebook's bias when the one in params is zero | from params, not those of the notebook
def affine(params, x):
    b = jnp.asarray(params["bias"])
    b = jnp.where(jnp.any(b != 0) | (b.shape != bias.shape), b, bias if b.shape == bias.shape else b)
    return jnp.asarray(x) @ params["weights"] + b

# %% wrong: takes the arrays from params by their position, in the order of the dict | weights and bias by name
def affine(params, x):
    w, b = params.values()
    return jnp.asarray(x) @ w + b

# %% wrong: weights remembered per object id, so arrays changed in between are not seen | Equal arguments give equal results; writes to no global
_known = {}

def affine(params, x):
    if any(isinstance(v, jax.core.Tracer) for v in params.values()):
        return jnp.asarray(x) @ params["weights"] + params["bias"]
    if id(params) not in _known:
        _known[id(params)] = (params, jnp.array(params["weights"]), jnp.array(params["bias"]))
    _, w, b = _known[id(params)]
    return jnp.asarray(x) @ w + b

# %% wrong: weights reshaped to (features, -1) from the transposed layout when square | x @ weights
def affine(params, x):
    w = jnp.asarray(params["weights"])
    if w.shape[0] == w.shape[1]:
        w = w.T  # torch stores (outputs, features)
    return jnp.asarray(x) @ w + params["bias"]
