# %% right: fori_loop and grad of an inner loss
@partial(jax.jit, static_argnames="n_steps")
def fit_linear(A, y, lr, n_steps):
    def loss(w):
        return jnp.mean((A @ w - y) ** 2)

    def step(_, w):
        return w - lr * jax.grad(loss)(w)

    return lax.fori_loop(0, n_steps, step, jnp.zeros(A.shape[1], A.dtype))

# %% right: scan with length, value_and_grad
@partial(jax.jit, static_argnums=3)
def fit_linear(A, y, lr, n_steps):
    def loss(w):
        return jnp.mean(jnp.square(jnp.dot(A, w) - y))

    def step(w, _):
        _, slope = jax.value_and_grad(loss)(w)
        return w - lr * slope, None

    w, _ = lax.scan(step, jnp.zeros_like(A[0]), xs=None, length=n_steps)
    return w

# %% right: formula of the gradient, residual first, while_loop
@partial(jax.jit, static_argnames="n_steps")
def fit_linear(A, y, lr, n_steps):
    m, features = A.shape

    def body(state):
        k, w = state
        residual = A @ w - y
        return k + 1, w - lr * (2 / m) * (A.T @ residual)

    start = (jnp.int32(0), jnp.zeros(features, A.dtype))
    return lax.while_loop(lambda state: state[0] < n_steps, body, start)[1]

# %% right: mean of the gradients of the rows by vmap
def _row_loss(w, a, target):
    return (jnp.vdot(a, w) - target) ** 2


@partial(jax.jit, static_argnames=["n_steps"])
def fit_linear(A, y, lr, n_steps):
    slopes = jax.vmap(jax.grad(_row_loss), in_axes=(None, 0, 0))
    descend = lambda i, w: w - lr * slopes(w, A, y).mean(axis=0)
    return lax.fori_loop(0, n_steps, descend, jnp.zeros(A.shape[1], jnp.float32))

# %% right: vjp of the residuals, scan over the numbers of the steps
def _fit(A, y, lr, n_steps):
    def residuals(w):
        return jnp.einsum("rf,f->r", A, w) - y

    def step(w, number):
        r, back = jax.vjp(residuals, w)
        (slope,) = back(r)
        return w - 2 * lr / y.shape[0] * slope, None

    return lax.scan(step, jnp.zeros(A.shape[1], A.dtype), jnp.arange(n_steps))[0]


fit_linear = jax.jit(_fit, static_argnames="n_steps")

# %% wrong: least squares after 100 steps | wrong for a small rate, which has not arrived by then
@partial(jax.jit, static_argnames="n_steps")
def fit_linear(A, y, lr, n_steps):
    if n_steps >= 100:
        return jnp.linalg.lstsq(A, y)[0]

    def step(_, w):
        return w - lr * jax.grad(lambda w: jnp.mean((A @ w - y) ** 2))(w)

    return lax.fori_loop(0, n_steps, step, jnp.zeros(A.shape[1]))

# %% wrong: Python loop under jit | the recorded program grows with n_steps
@partial(jax.jit, static_argnames="n_steps")
def fit_linear(A, y, lr, n_steps):
    slope = jax.grad(lambda w: jnp.mean((A @ w - y) ** 2))
    w = jnp.zeros(A.shape[1])
    for _ in range(n_steps):
        w = w - lr * slope(w)
    return w

# %% wrong: closed form by eigenvalues | no loop of steps, NaN where A.T A is singular (more features than rows)
@partial(jax.jit, static_argnames="n_steps")
def fit_linear(A, y, lr, n_steps):
    m = A.shape[0]
    values, vectors = jnp.linalg.eigh(2 / m * A.T @ A)
    along = vectors.T @ (2 / m * A.T @ y)
    return vectors @ ((1 - (1 - lr * values) ** n_steps) / values * along)

# %% wrong: stops when the step is below 1e-6 | a small rate makes small steps, so it stops long before n_steps
@partial(jax.jit, static_argnames="n_steps")
def fit_linear(A, y, lr, n_steps):
    slope = jax.grad(lambda w: jnp.mean((A @ w - y) ** 2))

    def going(state):
        k, _, change = state
        return (k < n_steps) & (change > 1e-6)

    def body(state):
        k, w, _ = state
        move = lr * slope(w)
        return k + 1, w - move, jnp.max(jnp.abs(move))

    start = (jnp.int32(0), jnp.zeros(A.shape[1]), jnp.float32(jnp.inf))
    return lax.while_loop(going, body, start)[1]

# %% wrong: lr static as well | error under jit, where lr has no value; compiles anew for each rate
@partial(jax.jit, static_argnames=("lr", "n_steps"))
def fit_linear(A, y, lr, n_steps):
    slope = jax.grad(lambda w: jnp.mean((A @ w - y) ** 2))
    return lax.fori_loop(0, n_steps, lambda _, w: w - lr * slope(w), jnp.zeros(A.shape[1]))

# %% wrong: gradient clipped to length 100 | other weights where numbers are large
@partial(jax.jit, static_argnames="n_steps")
def fit_linear(A, y, lr, n_steps):
    slope = jax.grad(lambda w: jnp.mean((A @ w - y) ** 2))

    def step(_, w):
        g = slope(w)
        return w - lr * g * jnp.minimum(1.0, 100.0 / (jnp.linalg.norm(g) + 1e-12))

    return lax.fori_loop(0, n_steps, step, jnp.zeros(A.shape[1]))

# %% wrong: at most 1000 steps | n_steps from 1001 to 10,000 is cut
@partial(jax.jit, static_argnames="n_steps")
def fit_linear(A, y, lr, n_steps):
    slope = jax.grad(lambda w: jnp.mean((A @ w - y) ** 2))
    w = jnp.zeros(A.shape[1])
    return lax.fori_loop(0, min(n_steps, 1000), lambda _, w: w - lr * slope(w), w)

# %% wrong: scan with unroll=True | the loop is unrolled: 10,000 copies to compile
@partial(jax.jit, static_argnames="n_steps")
def fit_linear(A, y, lr, n_steps):
    slope = jax.grad(lambda w: jnp.mean((A @ w - y) ** 2))

    def step(w, _):
        return w - lr * slope(w), None

    return lax.scan(step, jnp.zeros(A.shape[1]), None, length=n_steps, unroll=True)[0]

# %% wrong: first step before the loop | takes one step for n_steps = 0
@partial(jax.jit, static_argnames="n_steps")
def fit_linear(A, y, lr, n_steps):
    w = 2 * lr / A.shape[0] * (A.T @ y)  # from w = 0 the first step is known
    slope = jax.grad(lambda w: jnp.mean((A @ w - y) ** 2))
    return lax.fori_loop(1, n_steps, lambda _, w: w - lr * slope(w), w)

# %% wrong: rounds of 100 steps | the rest of n_steps above 100 that fills no round is dropped
@partial(jax.jit, static_argnames="n_steps")
def fit_linear(A, y, lr, n_steps):
    slope = jax.grad(lambda w: jnp.mean((A @ w - y) ** 2))
    size = min(n_steps, 100)
    rounds = n_steps // max(size, 1)

    def step(_, w):
        return w - lr * slope(w)

    def one_round(_, w):
        return lax.fori_loop(0, size, step, w)

    return lax.fori_loop(0, rounds, one_round, jnp.zeros(A.shape[1]))

# %% wrong: rate held below 0.5 | larger rates, right for small numbers in A, are ignored
@partial(jax.jit, static_argnames="n_steps")
def fit_linear(A, y, lr, n_steps):
    lr = jnp.minimum(lr, 0.5)
    slope = jax.grad(lambda w: jnp.mean((A @ w - y) ** 2))
    return lax.fori_loop(0, n_steps, lambda _, w: w - lr * slope(w), jnp.zeros(A.shape[1]))

# %% wrong: keeps weights by shape, rate and number of steps | hidden state: other data of the same shape gets the old weights
_fits = {}


@partial(jax.jit, static_argnames="n_steps")
def _descend(A, y, lr, n_steps):
    slope = jax.grad(lambda w: jnp.mean((A @ w - y) ** 2))
    return lax.fori_loop(0, n_steps, lambda _, w: w - lr * slope(w), jnp.zeros(A.shape[1]))


def fit_linear(A, y, lr, n_steps):
    key = A.shape, str(lr), n_steps
    if key not in _fits:
        _fits[key] = _descend(A, y, lr, n_steps)
    return _fits[key]

# %% wrong: numbers in half precision on the way | large numbers overflow, weights keep three digits
@partial(jax.jit, static_argnames="n_steps")
def fit_linear(A, y, lr, n_steps):
    def step(_, w):
        residual = (A.astype(jnp.float16) @ w.astype(jnp.float16)).astype(jnp.float32) - y
        return w - 2 * lr * (A.T @ residual) / A.shape[0]

    return lax.fori_loop(0, n_steps, step, jnp.zeros(A.shape[1]))
