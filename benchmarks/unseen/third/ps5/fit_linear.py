# %% right: fori_loop and grad
@partial(jax.jit, static_argnames="n_steps")
def fit_linear(
    A: Float32[Array, "rows features"], y: Float32[Array, "rows"], lr: float, n_steps: int
) -> Float32[Array, "features"]:
    def loss(w):
        return jnp.mean((A @ w - y) ** 2)

    def step(_, w):
        return w - lr * jax.grad(loss)(w)

    return lax.fori_loop(0, n_steps, step, jnp.zeros(A.shape[1], A.dtype))

# %% right: physicist, formula of the gradient, scan
@partial(jax.jit, static_argnames="n_steps")
def fit_linear(
    A: Float32[Array, "rows features"], y: Float32[Array, "rows"], lr: float, n_steps: int
) -> Float32[Array, "features"]:
    rows, features = A.shape

    def step(w, _):
        residual = A @ w - y
        gradient = 2 * (A.T @ residual) / rows
        return w - lr * gradient, None

    w, _ = lax.scan(step, jnp.zeros((features,), jnp.float32), xs=None, length=n_steps)
    return w

# %% right: while_loop with a counter, the gradient by vjp of the residuals
@partial(jax.jit, static_argnums=(3,))
def fit_linear(
    A: Float32[Array, "rows features"], y: Float32[Array, "rows"], lr: float, n_steps: int
) -> Float32[Array, "features"]:
    def residuals(w):
        return jnp.dot(A, w) - y

    def cond(state):
        return state[0] < n_steps

    def body(state):
        i, w = state
        r, back = jax.vjp(residuals, w)
        (g,) = back(2 * r / r.size)
        return i + 1, w - lr * g

    return lax.while_loop(cond, body, (0, jnp.zeros_like(A[0])))[1]

# %% right: the mean of the gradients of the single rows
def _row_loss(w, a, target):
    return jnp.square(jnp.vdot(a, w) - target)


_row_slopes = jax.vmap(jax.grad(_row_loss), in_axes=(None, 0, 0))


@partial(jax.jit, static_argnames=["n_steps"])
def fit_linear(
    A: Float32[Array, "rows features"], y: Float32[Array, "rows"], lr: float, n_steps: int
) -> Float32[Array, "features"]:
    start = jnp.zeros_like(A, shape=A.shape[1:])
    return lax.fori_loop(
        0, n_steps, lambda _, w: w - lr * _row_slopes(w, A, y).mean(axis=0), start
    )

# %% wrong: Python loop under jit | unrolled: the recorded program grows with n_steps
@partial(jax.jit, static_argnames="n_steps")
def fit_linear(
    A: Float32[Array, "rows features"], y: Float32[Array, "rows"], lr: float, n_steps: int
) -> Float32[Array, "features"]:
    slope = jax.grad(lambda w: jnp.mean((A @ w - y) ** 2))
    w = jnp.zeros(A.shape[1])
    for _ in range(n_steps):
        w = w - lr * slope(w)
    return w

# %% wrong: first step before the loop | n_steps = 0 takes one step
@partial(jax.jit, static_argnames="n_steps")
def fit_linear(
    A: Float32[Array, "rows features"], y: Float32[Array, "rows"], lr: float, n_steps: int
) -> Float32[Array, "features"]:
    slope = jax.grad(lambda w: jnp.mean((A @ w - y) ** 2))

    def step(_, w):
        return w - lr * slope(w)

    first = step(0, jnp.zeros(A.shape[1]))
    return lax.fori_loop(1, n_steps, step, first)

# %% wrong: divides by A.size | steps too short with more than one feature, seen only before convergence
@partial(jax.jit, static_argnames="n_steps")
def fit_linear(
    A: Float32[Array, "rows features"], y: Float32[Array, "rows"], lr: float, n_steps: int
) -> Float32[Array, "features"]:
    def step(w, _):
        residual = A @ w - y
        return w - lr * 2 * (residual @ A) / A.size, None

    return lax.scan(step, jnp.zeros(A.shape[1]), length=n_steps)[0]

# %% wrong: least squares from 1000 steps on | a small rate is far from converged by then; more features than rows too
@partial(jax.jit, static_argnames="n_steps")
def fit_linear(
    A: Float32[Array, "rows features"], y: Float32[Array, "rows"], lr: float, n_steps: int
) -> Float32[Array, "features"]:
    if n_steps >= 1000:  # converged by then
        return jnp.linalg.lstsq(A, y)[0]
    slope = jax.grad(lambda w: jnp.mean((A @ w - y) ** 2))
    return lax.fori_loop(0, n_steps, lambda _, w: w - lr * slope(w), jnp.zeros(A.shape[1]))

# %% wrong: stops when w moves by less than 1e-7 | with a small rate it stops long before n_steps
@partial(jax.jit, static_argnames="n_steps")
def fit_linear(
    A: Float32[Array, "rows features"], y: Float32[Array, "rows"], lr: float, n_steps: int
) -> Float32[Array, "features"]:
    slope = jax.grad(lambda w: jnp.mean((A @ w - y) ** 2))

    def go_on(state):
        i, _, moved = state
        return (i < n_steps) & (moved > 1e-7)

    def step(state):
        i, w, _ = state
        move = lr * slope(w)
        return i + 1, w - move, jnp.max(jnp.abs(move))

    return lax.while_loop(go_on, step, (0, jnp.zeros(A.shape[1]), jnp.float32(1)))[1]

# %% wrong: clips the gradient against explosions | data above a few tens, up to 1e10, descend too slowly
@partial(jax.jit, static_argnames="n_steps")
def fit_linear(
    A: Float32[Array, "rows features"], y: Float32[Array, "rows"], lr: float, n_steps: int
) -> Float32[Array, "features"]:
    slope = jax.grad(lambda w: jnp.mean((A @ w - y) ** 2))

    def step(_, w):
        return w - lr * jnp.clip(slope(w), -1e3, 1e3)

    return lax.fori_loop(0, n_steps, step, jnp.zeros(A.shape[1]))

# %% wrong: sums the geometric series with a solve | singular (NaN or nonsense) with more features than rows or dependent columns
@partial(jax.jit, static_argnames="n_steps")
def fit_linear(
    A: Float32[Array, "rows features"], y: Float32[Array, "rows"], lr: float, n_steps: int
) -> Float32[Array, "features"]:
    rows, features = A.shape
    H, b = 2 * A.T @ A / rows, 2 * A.T @ y / rows
    I = jnp.eye(features)
    M = lax.fori_loop(0, n_steps, lambda _, power: power @ (I - lr * H), I)
    return jnp.linalg.solve(H, b - M @ b)

# %% wrong: loss by the squared norm | NaN where the residual is 0, such as y = 0
@partial(jax.jit, static_argnames="n_steps")
def fit_linear(
    A: Float32[Array, "rows features"], y: Float32[Array, "rows"], lr: float, n_steps: int
) -> Float32[Array, "features"]:
    def loss(w):
        return jnp.linalg.norm(A @ w - y) ** 2 / A.shape[0]

    def step(_, w):
        return w - lr * jax.grad(loss)(w)

    return lax.fori_loop(0, n_steps, step, jnp.zeros(A.shape[1]))
