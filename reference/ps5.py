"""Solutions of problem set 5: vmap and grad."""

from collections.abc import Callable
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax
from jaxtyping import Array, Float, Float32

# What the lesson gives before the exercises: the solutions below build on it.


def mm_diff(x):
    """Mean less median of one vector."""
    return jnp.mean(x) - jnp.median(x)


def predict(params, x):
    """One vector through the layers of `params`, tanh between them."""
    *hidden, last = params
    for layer in hidden:
        x = jnp.tanh(layer["weights"] @ x + layer["bias"])
    return last["weights"] @ x + last["bias"]


FUNCTIONS: dict[str, Callable] = {
    "half_square": lambda x: x**2 / 2,
    "ripple": lambda x: jnp.sin(5 * x) * jnp.exp(-(x**2) / 4),
    "gate": lambda x: x * jnp.tanh(jnp.sum(x)),
}


def layer_loss(W, x, y):
    """Half the squared error of one tanh layer on one example."""
    return jnp.sum((jnp.tanh(x @ W) - y) ** 2) / 2


def energy(x):
    """Energy of pendulums at angles `x`, each coupled to the mean of all sines."""
    return jnp.sum(1 - jnp.cos(x)) + jnp.sum(jnp.sin(x)) ** 2 / (2 * x.size)


def height(hills, x, y):
    """The height at one place. A row of hills: x and y of the middle, radius, height."""
    middle_x, middle_y, radius, top = hills.T
    distance2 = (x - middle_x) ** 2 + (y - middle_y) ** 2
    return jnp.sum(top * jnp.exp(-distance2 / radius**2))


# %% batch_mm_diff


def batch_mm_diff(X: Float32[Array, "rows cols"]) -> Float32[Array, "rows"]:
    """Return mean minus median of every row."""
    return jax.vmap(mm_diff)(X)


# %% pairwise_distances


def l1_distance(p: Float32[Array, "d"], q: Float32[Array, "d"]) -> Float32[Array, ""]:
    """Return the sum of the absolute differences of two points."""
    return jnp.sum(jnp.abs(p - q))


@jax.jit
def pairwise_distances(P: Float32[Array, "n d"], Q: Float32[Array, "m d"]) -> Float32[Array, "n m"]:
    """Return the L1 distance of every point of `P` to every point of `Q`."""
    one_to_all = jax.vmap(l1_distance, in_axes=(None, 0))
    return jax.vmap(one_to_all, in_axes=(0, None))(P, Q)


# %% pairwise_distances: numpy baseline


def pairwise_distances_numpy(P, Q):
    """The same by broadcasting, which builds all n x m x d differences first."""
    return np.abs(P[:, None, :] - Q[None, :, :]).sum(axis=-1)


# %% batched_predict


def batched_predict(
    params: list[dict[str, Array]], X: Float32[Array, "batch features"]
) -> Float32[Array, "batch outputs"]:
    """Return the predictions for all rows of `X`, with the same parameters for each."""
    return jax.vmap(predict, in_axes=(None, 0))(params, X)


# %% derivative_on_grid


def derivative_on_grid(f_name: str, xs: Float32[Array, "n"]) -> Float32[Array, "n"]:
    """Return the derivative of `FUNCTIONS[f_name]` at every point of the grid."""
    return jax.vmap(jax.grad(FUNCTIONS[f_name]))(xs)


# %% rosenbrock_grad


def rosenbrock(x: Float[Array, "n"]) -> Float[Array, ""]:
    """Return the height of Rosenbrock's valley at `x` (1960, here in n dimensions)."""
    here, following = x[:-1], x[1:]
    return jnp.sum(100 * (following - here**2) ** 2 + (1 - here) ** 2)


@jax.jit
def rosenbrock_grad(x: Float[Array, "n"]) -> Float[Array, "n"]:
    """Return the gradient of Rosenbrock's function at `x`."""
    return jax.grad(rosenbrock)(x)


# %% rosenbrock_grad: numpy baseline


def rosenbrock_grad_numpy(x):
    """Central differences: two evaluations for each of the n variables."""

    def height(x):
        return np.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)

    gradient = np.empty_like(x)
    shifted = x.copy()
    step = 1e-6
    for i in range(x.size):
        shifted[i] = x[i] + step
        above = height(shifted)
        shifted[i] = x[i] - step
        gradient[i] = (above - height(shifted)) / (2 * step)
        shifted[i] = x[i]
    return gradient


# %% newton_root


@partial(jax.jit, static_argnames="n_iter")
def newton_root(
    coeffs: Float32[Array, "k"], x0: Float32[Array, "n"], n_iter: int
) -> Float32[Array, "n"]:
    """Return where `n_iter` steps of Newton's method lead from each of the starts `x0`."""
    slope = jax.vmap(jax.grad(jnp.polyval, argnums=1), in_axes=(None, 0))

    def step(_, x):
        return x - jnp.polyval(coeffs, x) / slope(coeffs, x)

    return lax.fori_loop(0, n_iter, step, x0)


# %% newton_root: numpy baseline


def newton_root_numpy(coeffs, x0, n_iter):
    """The same steps for all starts at once, with the derivative by hand."""
    slope = np.polyder(coeffs)
    x = x0.copy()
    for _ in range(n_iter):
        x -= np.polyval(coeffs, x) / np.polyval(slope, x)
    return x


# %% fit_linear


@partial(jax.jit, static_argnames="n_steps")
def fit_linear(
    A: Float32[Array, "rows features"], y: Float32[Array, "rows"], lr: float, n_steps: int
) -> Float32[Array, "features"]:
    """Return the weights after `n_steps` of gradient descent on the mean squared error."""

    def loss(w):
        return jnp.mean((A @ w - y) ** 2)

    def step(_, w):
        return w - lr * jax.grad(loss)(w)

    return lax.fori_loop(0, n_steps, step, jnp.zeros(A.shape[1], jnp.float32))


# %% per_example_grads


@jax.jit
def per_example_grads(
    W: Float32[Array, "features outputs"],
    X: Float32[Array, "batch features"],
    Y: Float32[Array, "batch outputs"],
) -> Float32[Array, "batch features outputs"]:
    """Return the gradient of `layer_loss` with respect to `W` for each example by itself."""
    return jax.vmap(jax.grad(layer_loss), in_axes=(None, 0, 0))(W, X, Y)


# %% per_example_grads: numpy baseline


def per_example_grads_numpy(W, X, Y):
    """The formula of the gradient, one example after the other."""
    gradients = np.empty((len(X), *W.shape), np.float32)
    for i, (x, y) in enumerate(zip(X, Y, strict=True)):
        out = np.tanh(x @ W)
        gradients[i] = np.outer(x, (out - y) * (1 - out**2))
    return gradients


# %% hvp


def hvp(x: Float32[Array, "n"], v: Float32[Array, "n"]) -> Float32[Array, "n"]:
    """Return the Hessian of `energy` at `x`, times `v`, without building the Hessian."""
    return jax.jvp(jax.grad(energy), (x,), (v,))[1]


# %% drawdowns


def drawdown(prices):
    return prices / lax.cummax(prices) - 1


def drawdowns(prices: Float32[Array, "days shares"]) -> Float32[Array, "days shares"]:
    """Return how far each share is below its highest price so far, on each day."""
    return jax.vmap(drawdown, in_axes=1, out_axes=1)(jnp.asarray(prices))


# %% loss_and_slopes


def squared_loss(params, X, y):
    predictions = X @ params["weights"] + params["bias"]
    return jnp.mean((predictions[:, 0] - y) ** 2)


def loss_and_slopes(
    params: dict[str, Array], X: Float32[Array, "n features"], y: Float32[Array, "n"]
) -> tuple[Float32[Array, ""], dict[str, Array]]:
    """Return the mean squared error of the linear model, and its slopes as a dict like `params`."""
    params = jax.tree.map(jnp.asarray, params)
    return jax.value_and_grad(squared_loss)(params, jnp.asarray(X), y)


# %% relief


def relief(
    hills: Float32[Array, "n 4"],
    xs: Float32[Array, "columns"],
    ys: Float32[Array, "rows"],
    light: Float32[Array, "3"],
) -> Float32[Array, "rows columns"]:
    """Return how bright the landscape is at each place: a cosine, or 0 in the shade."""
    slopes = jax.grad(height, argnums=(1, 2))

    def brightness(x, y):
        p, q = slopes(hills, x, y)
        upright = jnp.stack([-p, -q, jnp.ones_like(p)])
        lengths = jnp.linalg.norm(upright) * jnp.linalg.norm(light)
        return jnp.maximum(jnp.sum(upright * light) / lengths, 0)

    row = jax.vmap(brightness, in_axes=(0, None))
    return jax.vmap(row, in_axes=(None, 0))(jnp.asarray(xs), jnp.asarray(ys))
