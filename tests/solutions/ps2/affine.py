# %% right: jnp.dot and unpacking
def affine(params, x):
    w, b = params["weights"], params["bias"]
    return jnp.dot(x, w) + b


# %% right: einsum
def affine(params: dict, x: Float32[Array, "batch features"]) -> Float32[Array, "batch outputs"]:
    return jnp.einsum("bf,fo->bo", x, params["weights"]) + jnp.asarray(params["bias"])


# %% right: one example at a time by vmap, jitted
def affine_one(params, features):
    return jnp.sum(features[:, None] * params["weights"], axis=0) + params["bias"]


@jax.jit
def affine(params, x):
    return jax.vmap(affine_one, in_axes=(None, 0))(params, x)


# %% right: the bias as one more weight
def affine(params, x):
    x = jnp.asarray(x)
    ones = jnp.ones((x.shape[0], 1), x.dtype)
    stacked = jnp.concatenate([jnp.asarray(params["weights"]), jnp.asarray(params["bias"])[None]])
    return jnp.concatenate([x, ones], axis=1) @ stacked


# %% right: the notebook's names, but as local variables
def affine(params, x):
    weights, bias = params["weights"], params["bias"]
    return jnp.asarray(x) @ weights + bias


# %% wrong: reads the notebook's weights -> is_pure, applies_the_given_weights
def affine(params, x):
    return jnp.asarray(x) @ weights + params["bias"]


# %% wrong: reads the notebook's weights and bias under jit -> is_pure, applies_the_given_weights
@jax.jit
def affine(params, x):
    return x @ weights + bias


# %% wrong: caches the first weights -> is_pure, applies_the_given_weights
cache = {}


def affine(params, x):
    if "params" not in cache:
        cache["params"] = params
    return jnp.asarray(x) @ cache["params"]["weights"] + cache["params"]["bias"]


# %% wrong: caches the weights by shape -> is_pure, applies_the_given_weights
known = {}


def affine(params, x):
    shape = params["weights"].shape
    weights = known.setdefault(shape, params["weights"])
    return jnp.asarray(x) @ weights + params["bias"]


# %% wrong: loads the weights into the notebook's globals first -> is_pure
def affine(params, x):
    global weights, bias
    weights, bias = params["weights"], params["bias"]
    return jnp.asarray(x) @ weights + bias


# %% wrong: pops the bias from the caller's dict -> is_pure
def affine(params, x):
    b = params.pop("bias")
    return jnp.asarray(x) @ params["weights"] + b


# %% wrong: adds a bias to the caller's dict for later -> is_pure
def affine(params, x):
    params["output"] = jnp.asarray(x) @ params["weights"] + params["bias"]
    return params["output"]


# %% wrong: NumPy inside, so it cannot be traced -> is_pure
def affine(params, x):
    return jnp.asarray(np.matmul(x, params["weights"]) + params["bias"])


# %% wrong: forgets the bias -> applies_the_given_weights
def affine(params, x):
    return jnp.asarray(x) @ params["weights"]


# %% wrong: returns NumPy for NumPy -> handles_edge_cases
def affine(params, x):
    return x @ params["weights"] + params["bias"]


# %% wrong: weights transposed, as in PyTorch -> applies_the_given_weights
def affine(params, x):
    return jnp.asarray(x) @ params["weights"].T + params["bias"]


# %% wrong: squeezes the axes of length one -> handles_edge_cases
def affine(params, x):
    return jnp.squeeze(jnp.asarray(x) @ params["weights"] + params["bias"])


# %% wrong: an elementwise product -> applies_the_given_weights
def affine(params, x):
    return jnp.asarray(x)[:, :, None] * params["weights"] + params["bias"]


# %% wrong: counts its calls in a slot -> is_pure
import dataclasses


@dataclasses.dataclass(slots=True)
class Calls:
    count: int = 0


calls = Calls()


def affine(params, x):
    calls.count += 1
    return jnp.asarray(x) @ params["weights"] + params["bias"]


# %% wrong: keeps the last weights as an attribute of jnp -> is_pure
jnp.last_weights = None


def affine(params, x):
    jnp.last_weights = params["weights"]
    return jnp.asarray(x) @ params["weights"] + params["bias"]


# %% right: += on a JAX array of its own
def affine(params, x):
    out = jnp.matmul(jnp.asarray(x), params["weights"])
    out += params["bias"]
    return out


# %% right: tensordot, broadcast by hand
def affine(params, x):
    out = jnp.tensordot(x, params["weights"], axes=1)
    return jnp.add(out, jnp.broadcast_to(params["bias"], out.shape))


# %% wrong: NumPy weights and JAX inputs only -> handles_edge_cases
def affine(params, x):
    w = params["weights"]
    return x.at[:].get() @ w + params["bias"] if isinstance(w, np.ndarray) else jnp.asarray(x) @ w + params["bias"]


# %% wrong: float16 on the way -> applies_the_given_weights
def affine(params, x):
    half = jnp.asarray(x, jnp.float16) @ jnp.asarray(params["weights"], jnp.float16)
    return half.astype(jnp.float32) + params["bias"]


# %% wrong: the bias along the batch where the shapes allow it -> applies_the_given_weights
def affine(params, x):
    out = jnp.asarray(x) @ params["weights"]
    b = jnp.asarray(params["bias"])
    return out + (b[:, None] if out.shape[0] == out.shape[1] else b)


# %% wrong: weights transposed where they are square -> applies_the_given_weights
def affine(params, x):
    w = jnp.asarray(params["weights"])
    return jnp.asarray(x) @ (w.T if w.shape[0] == w.shape[1] else w) + params["bias"]


# %% wrong: one example at a time, at least one -> handles_edge_cases
def affine(params, x):
    return jnp.stack([row @ jnp.asarray(params["weights"]) + params["bias"] for row in jnp.asarray(x)])


# %% wrong: a rectifier -> applies_the_given_weights
def affine(params, x):
    return jax.nn.relu(jnp.asarray(x) @ params["weights"] + params["bias"])


# %% wrong: clips large outputs -> applies_the_given_weights
def affine(params, x):
    return jnp.clip(jnp.asarray(x) @ params["weights"] + params["bias"], -100, 100)


# %% wrong: adds to x in place, and subtracts again -> is_pure
def affine(params, x):
    if not isinstance(x, np.ndarray):
        return x @ params["weights"] + params["bias"]
    x += 1
    out = jnp.asarray(x) @ params["weights"] - jnp.sum(jnp.asarray(params["weights"]), axis=0) + params["bias"]
    out.block_until_ready()
    x -= 1
    return out


# %% wrong: the bias kept by its shape -> is_pure, applies_the_given_weights
kept = {}


def affine(params, x):
    w = kept.setdefault(params["bias"].shape, params["bias"])
    return jnp.asarray(x) @ params["weights"] + w


# %% wrong: the notebook's bias where the one in params is 0 -> applies_the_given_weights
def affine(params, x):
    b = jnp.asarray(params["bias"])
    if b.shape == bias.shape:
        b = jnp.where(b == 0, bias, b)
    return jnp.asarray(x) @ params["weights"] + b


# %% wrong: weights and bias by their order in params -> applies_the_given_weights, is_pure
def affine(params, x):
    w, b = params.values()
    return jnp.asarray(x) @ w + b


# %% wrong: small outputs set to 0 -> applies_the_given_weights
def affine(params, x):
    y = jnp.asarray(x) @ params["weights"] + params["bias"]
    return jnp.where(jnp.abs(y) < 1e-3, 0.0, y)


# %% wrong: weights clipped at a million -> applies_the_given_weights
def affine(params, x):
    weights = jnp.clip(jnp.asarray(params["weights"]), -1e6, 1e6)
    return jnp.asarray(x) @ weights + params["bias"]


# %% wrong: small entries of x set to 0 -> applies_the_given_weights
def affine(params, x):
    x = jnp.asarray(x)
    return jnp.where(jnp.abs(x) < 1e-6, 0.0, x) @ params["weights"] + params["bias"]


# %% wrong: x is donated -> is_pure
from functools import partial


@partial(jax.jit, donate_argnums=1)
def affine(params, x):
    return x @ params["weights"] + params["bias"]


# %% wrong: a batch of one is added into the bias -> is_pure
def affine(params, x):
    product = jnp.asarray(x) @ params["weights"]
    bias = params["bias"]
    if isinstance(bias, np.ndarray) and not isinstance(product, jax.core.Tracer) and len(x) == 1:
        bias += np.asarray(product)[0]
        return jnp.array(bias)[None, :]
    return product + bias
