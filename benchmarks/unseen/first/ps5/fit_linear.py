# %% right: fori_loop and grad
@partial(jax.jit, static_argnames="n_steps")
def fit_linear(A, y, lr, n_steps):
    def loss(w):
        return jnp.mean((A @ w - y) ** 2)
    return lax.fori_loop(0, n_steps, lambda i, w: w - lr * jax.grad(loss)(w), jnp.zeros(A.shape[1]))

# %% right: scan over nothing
@partial(jax.jit, static_argnums=3)
def fit_linear(A, y, lr, n_steps):
    slope = jax.grad(lambda w: jnp.mean(jnp.square(jnp.dot(A, w) - y)))
    def step(w, _):
        return w - lr * slope(w), None
    return lax.scan(step, jnp.zeros((A.shape[1],), A.dtype), None, length=n_steps)[0]

# %% right: gradient by formula
@partial(jax.jit, static_argnames=("n_steps",))
def fit_linear(A, y, lr, n_steps):
    m, k = A.shape
    def step(_, w):
        return w - lr * (2 / m) * (A.T @ (A @ w - y))
    return lax.fori_loop(0, n_steps, step, jnp.zeros(k, jnp.float32))

# %% right: while_loop with a counter
@partial(jax.jit, static_argnames="n_steps")
def fit_linear(A, y, lr, n_steps):
    loss = lambda w: ((jnp.asarray(A) @ w - y) ** 2).mean()
    def body(state):
        i, w = state
        value, g = jax.value_and_grad(loss)(w)
        return i + 1, w - lr * g
    return lax.while_loop(lambda s: s[0] < n_steps, body, (0, jnp.zeros(A.shape[1])))[1]

# %% right: loss of one row, vmapped; scan over step numbers
@partial(jax.jit, static_argnames="n_steps")
def fit_linear(A, y, lr, n_steps):
    def one(w, a, b):
        return (jnp.vdot(a, w) - b) ** 2
    def loss(w):
        return jax.vmap(one, (None, 0, 0))(w, A, y).mean()
    def step(w, _):
        return w - lr * jax.grad(loss)(w), ()
    w, _ = lax.scan(step, jnp.zeros_like(A[0]), jnp.arange(n_steps))
    return w

# %% right: mean of the per-row gradients
@partial(jax.jit, static_argnames="n_steps")
def fit_linear(A, y, lr, n_steps):
    g = jax.vmap(jax.grad(lambda w, a, b: (a @ w - b) ** 2), in_axes=(None, 0, 0))
    return lax.fori_loop(
        0, n_steps, lambda _, w: w - lr * g(w, A, y).mean(axis=0), jnp.zeros(A.shape[1])
    )

# %% right: vjp of the residual
@partial(jax.jit, static_argnames="n_steps")
def fit_linear(A, y, lr, n_steps):
    A, y = jnp.asarray(A), jnp.asarray(y)
    def step(w, _):
        r, back = jax.vjp(lambda w: A @ w - y, w)
        (g,) = back(2.0 * r / y.size)
        return w - lr * g, None
    w, _ = lax.scan(step, jnp.zeros(A.shape[1]), length=n_steps)
    return w

# %% right: a small descent class whose step is a method
class Descent:
    def __init__(self, A, y, lr):
        self.A, self.y, self.lr = A, y, lr

    def loss(self, w):
        r = jnp.einsum("ij,j->i", self.A, w) - self.y
        return jnp.vdot(r, r) / r.size

    def step(self, i, w):
        return jnp.subtract(w, self.lr * jax.grad(self.loss)(w))


@partial(jax.jit, static_argnames="n_steps")
def fit_linear(A, y, lr, n_steps):
    return lax.fori_loop(0, n_steps, Descent(A, y, lr).step, jnp.zeros(A.shape[1]))

# %% right: weights in a dict, tree_map for the step
@partial(jax.jit, static_argnames="n_steps")
def fit_linear(A, y, lr, n_steps):
    def loss(params):
        return jnp.average((jnp.matmul(A, params["w"]) - y) ** 2)
    def step(_, params):
        return jax.tree.map(lambda p, g: p - lr * g, params, jax.grad(loss)(params))
    return lax.fori_loop(0, n_steps, step, {"w": jnp.zeros(A.shape[1])})["w"]

# %% right: residual carried along with the weights from the last evaluation
@partial(jax.jit, static_argnames="n_steps")
def fit_linear(A, y, lr, n_steps):
    m = jnp.float32(A.shape[0])
    def step(_, state):
        w, r = state
        w = w - lr * 2 * jnp.sum(A * r[:, None], axis=0) / m
        return w, A @ w - y
    w, _ = lax.fori_loop(0, n_steps, step, (jnp.zeros(A.shape[1]), -jnp.asarray(y)))
    return w

# %% right: nested jit without options inside, number of steps closed over
def fit_linear(A, y, lr, n_steps):
    @jax.jit
    def run(A, y, lr):
        def loss(w):
            return jnp.sum((A @ w - y) ** 2) / A.shape[0]
        return lax.fori_loop(0, n_steps, lambda i, w: w - lr * jax.jacrev(loss)(w), jnp.zeros(A.shape[1]))
    return run(A, y, lr)

# %% wrong: stops once the gradient is small | "take n_steps steps"
@partial(jax.jit, static_argnames="n_steps")
def fit_linear(A, y, lr, n_steps):
    slope = jax.grad(lambda w: jnp.mean((A @ w - y) ** 2))
    def going(s):
        i, w = s
        return (i < n_steps) & (jnp.linalg.norm(slope(w)) > 1e-4)
    return lax.while_loop(
        going, lambda s: (s[0] + 1, s[1] - lr * slope(s[1])), (0, jnp.zeros(A.shape[1]))
    )[1]

# %% wrong: Python loop under jit | "Put the step in one compiled loop"
@partial(jax.jit, static_argnames="n_steps")
def fit_linear(A, y, lr, n_steps):
    w = jnp.zeros(A.shape[1])
    for _ in range(n_steps):
        w = w - lr * 2 / A.shape[0] * (A.T @ (A @ w - y))
    return w

# %% wrong: Python loop over blocks of 100 compiled steps | "as long for 10 steps as for 10,000"
@partial(jax.jit, static_argnames="n_steps")
def fit_linear(A, y, lr, n_steps):
    slope = jax.grad(lambda w: jnp.mean((A @ w - y) ** 2))
    w = jnp.zeros(A.shape[1])
    for start in range(0, n_steps, 100):
        w = lax.fori_loop(start, min(start + 100, n_steps), lambda i, w: w - lr * slope(w), w)
    return w

# %% wrong: at least one step | "n_steps is a Python int of at least 0": no step leaves w = 0
@partial(jax.jit, static_argnames="n_steps")
def fit_linear(A, y, lr, n_steps):
    slope = jax.grad(lambda w: jnp.mean((A @ w - y) ** 2))
    w = -lr * slope(jnp.zeros(A.shape[1]))
    return lax.fori_loop(1, n_steps, lambda i, w: w - lr * slope(w), w)

# %% wrong: loss by the norm, whose gradient is NaN at residual 0 | y may be all 0, or hit exactly
@partial(jax.jit, static_argnames="n_steps")
def fit_linear(A, y, lr, n_steps):
    slope = jax.grad(lambda w: jnp.linalg.norm(A @ w - y) ** 2 / A.shape[0])
    return lax.fori_loop(0, n_steps, lambda i, w: w - lr * slope(w), jnp.zeros(A.shape[1]))

# %% wrong: lr declared static | "lr: float" is not int or str, so under jax.jit it has no value yet
@partial(jax.jit, static_argnames=("lr", "n_steps"))
def fit_linear(A, y, lr, n_steps):
    slope = jax.grad(lambda w: jnp.mean((A @ w - y) ** 2))
    return lax.fori_loop(0, n_steps, lambda i, w: w - lr * slope(w), jnp.zeros(A.shape[1]))

# %% wrong: gradient clipped to length 100 | w - lr * gradient
@partial(jax.jit, static_argnames="n_steps")
def fit_linear(A, y, lr, n_steps):
    slope = jax.grad(lambda w: jnp.mean((A @ w - y) ** 2))
    def step(i, w):
        g = slope(w)
        return w - lr * g * jnp.minimum(1.0, 100.0 / (jnp.sqrt(jnp.sum(g**2)) + 1e-12))
    return lax.fori_loop(0, n_steps, step, jnp.zeros(A.shape[1]))

# %% wrong: a little weight decay "for stability" | gradient descent on L alone
@partial(jax.jit, static_argnames="n_steps")
def fit_linear(A, y, lr, n_steps):
    slope = jax.grad(lambda w: jnp.mean((A @ w - y) ** 2) + 1e-7 * jnp.sum(w**2))
    return lax.fori_loop(0, n_steps, lambda i, w: w - lr * slope(w), jnp.zeros(A.shape[1]))

# %% wrong: never more than 1000 steps | "n_steps steps": 10,000 are asked for as well
@partial(jax.jit, static_argnames="n_steps")
def fit_linear(A, y, lr, n_steps):
    slope = jax.grad(lambda w: jnp.mean((A @ w - y) ** 2))
    return lax.fori_loop(0, min(n_steps, 1000), lambda i, w: w - lr * slope(w), jnp.zeros(A.shape[1]))

# %% wrong: least squares for many steps, "it converges anyway" | the weights after n_steps steps, also where they are not there yet
@partial(jax.jit, static_argnames="n_steps")
def fit_linear(A, y, lr, n_steps):
    if n_steps >= 100:
        return jnp.linalg.lstsq(A, y)[0]
    slope = jax.grad(lambda w: jnp.mean((A @ w - y) ** 2))
    return lax.fori_loop(0, n_steps, lambda i, w: w - lr * slope(w), jnp.zeros(A.shape[1]))

# %% wrong: closed form with a matrix inverse | singular for more features than rows or equal columns; L's descent is defined there too
@partial(jax.jit, static_argnames="n_steps")
def fit_linear(A, y, lr, n_steps):
    m, k = A.shape
    G = A.T @ A
    best = jnp.linalg.solve(G, A.T @ y)
    M = jnp.eye(k) - 2 * lr / m * G
    return best - lax.fori_loop(0, n_steps, lambda i, e: M @ e, best)

# %% wrong: keeps the best weights by loss, not the last | "return the weights" after n_steps steps, also where L rises by rounding or overshoot
@partial(jax.jit, static_argnames="n_steps")
def fit_linear(A, y, lr, n_steps):
    loss = lambda w: jnp.mean((A @ w - y) ** 2)
    def step(i, s):
        w, best = s
        w = w - lr * jax.grad(loss)(w)
        return w, jnp.where(loss(w) < loss(best) * 0.9999, w, best)
    z = jnp.zeros(A.shape[1])
    return lax.fori_loop(0, n_steps, step, (z, z))[1]

# %% wrong: refuses a rate that is not positive with a Python if | "do not branch on a value with if": fails under jit
@partial(jax.jit, static_argnames="n_steps")
def fit_linear(A, y, lr, n_steps):
    if not lr > 0:
        raise ValueError("lr must be positive")
    slope = jax.grad(lambda w: jnp.mean((A @ w - y) ** 2))
    return lax.fori_loop(0, n_steps, lambda i, w: w - lr * slope(w), jnp.zeros(A.shape[1]))
