# %% right: scan, the loss outside, partial
def loss_of(w, A, y):
    return jnp.mean(jnp.square(jnp.dot(A, w) - y))


@partial(jax.jit, static_argnums=3)
def fit_linear(A, y, lr, n_steps):
    def step(w, _):
        return w - lr * jax.grad(loss_of)(w, A, y), None

    w, _ = lax.scan(step, jnp.zeros(A.shape[1]), length=n_steps)
    return w


# %% right: the gradient's formula, no jit of its own
def fit_linear(A, y, lr, n_steps):
    A, y = jnp.asarray(A), jnp.asarray(y)
    H, b = 2 * A.T @ A / A.shape[0], 2 * A.T @ y / A.shape[0]
    return lax.fori_loop(0, n_steps, lambda i, w: w - lr * (H @ w - b), jnp.zeros_like(b))


# %% right: a vmapped residual, an optimiser's state with a counter
@jax.jit
def fit_linear(A: Array, y: Array, lr: float, n_steps: int) -> Array:
    def residual(w, a, target):
        return jnp.vdot(a, w) - target

    def loss(w):
        return (jax.vmap(residual, in_axes=(None, 0, 0))(w, A, y) ** 2).mean()

    def step(state):
        i, w = state
        value, slope = jax.value_and_grad(loss)(w)
        return i + 1, w - lr * slope

    start = (0, jnp.zeros((A.shape[1],), jnp.float32))
    return lax.while_loop(lambda state: state[0] < n_steps, step, start)[1]


# %% right: einsum, fori_loop, tree_map over a dict
def fit_linear(A, y, lr, n_steps):
    def loss(params):
        return jnp.mean((jnp.einsum("mf,f->m", A, params["w"]) - y) ** 2)

    def step(_, params):
        return jax.tree.map(lambda p, g: p - lr * g, params, jax.grad(loss)(params))

    params = {"w": jnp.zeros(A.shape[1], jnp.float32)}
    return lax.fori_loop(0, n_steps, step, params)["w"]


# %% wrong: uphill -> steps_downhill
@partial(jax.jit, static_argnames="n_steps")
def fit_linear(A, y, lr, n_steps):
    loss = lambda w: jnp.mean((A @ w - y) ** 2)
    return lax.fori_loop(0, n_steps, lambda _, w: w + lr * jax.grad(loss)(w), jnp.zeros(A.shape[1]))


# %% wrong: the gradient is detached -> steps_downhill
@partial(jax.jit, static_argnames="n_steps")
def fit_linear(A, y, lr, n_steps):
    loss = lambda w: jnp.mean((A @ lax.stop_gradient(w) - y) ** 2)
    return lax.fori_loop(0, n_steps, lambda _, w: w - lr * jax.grad(loss)(w), jnp.zeros(A.shape[1]))


# %% wrong: the gradient of the first step, kept -> steps_downhill
@partial(jax.jit, static_argnames="n_steps")
def fit_linear(A, y, lr, n_steps):
    loss = lambda w: jnp.mean((A @ w - y) ** 2)
    slope = jax.grad(loss)(jnp.zeros(A.shape[1]))
    return lax.fori_loop(0, n_steps, lambda _, w: w - lr * slope, jnp.zeros(A.shape[1]))


# %% wrong: the sum in place of the mean -> steps_downhill
@partial(jax.jit, static_argnames="n_steps")
def fit_linear(A, y, lr, n_steps):
    loss = lambda w: jnp.sum((A @ w - y) ** 2)
    return lax.fori_loop(0, n_steps, lambda _, w: w - lr * jax.grad(loss)(w), jnp.zeros(A.shape[1]))


# %% wrong: solves the normal equations at once -> steps_downhill
@partial(jax.jit, static_argnames="n_steps")
def fit_linear(A, y, lr, n_steps):
    return jnp.linalg.lstsq(jnp.asarray(A), jnp.asarray(y))[0]


# %% wrong: at most 15 steps -> reaches_the_least_squares
@partial(jax.jit, static_argnames="n_steps")
def fit_linear(A, y, lr, n_steps):
    loss = lambda w: jnp.mean((A @ w - y) ** 2)
    step = lambda _, w: w - lr * jax.grad(loss)(w)
    return lax.fori_loop(0, min(n_steps, 15), step, jnp.zeros(A.shape[1]))


# %% wrong: one step too few -> steps_downhill
@partial(jax.jit, static_argnames="n_steps")
def fit_linear(A, y, lr, n_steps):
    loss = lambda w: jnp.mean((A @ w - y) ** 2)
    step = lambda _, w: w - lr * jax.grad(loss)(w)
    return lax.fori_loop(1, n_steps, step, jnp.zeros(A.shape[1]))


# %% wrong: the gradient with respect to A -> steps_downhill
@partial(jax.jit, static_argnames="n_steps")
def fit_linear(A, y, lr, n_steps):
    loss = lambda A, w: jnp.mean((A @ w - y) ** 2)
    step = lambda _, w: w - lr * jax.grad(loss)(A, w)
    return lax.fori_loop(0, n_steps, step, jnp.zeros(A.shape[1]))


# %% wrong: a Python loop, recorded step by step -> is_one_loop
@partial(jax.jit, static_argnames="n_steps")
def fit_linear(A, y, lr, n_steps):
    w = jnp.zeros(A.shape[1])
    for _ in range(n_steps):
        w = w - lr * jax.grad(lambda w: jnp.mean((A @ w - y) ** 2))(w)
    return w


# %% wrong: a compiled step in a Python loop -> is_one_loop
@jax.jit
def compiled_step(w, A, y, lr):
    return w - lr * jax.grad(lambda w: jnp.mean((A @ w - y) ** 2))(w)


def fit_linear(A, y, lr, n_steps):
    w = jnp.zeros(A.shape[1])
    for _ in range(n_steps):
        w = compiled_step(w, A, y, lr)
    return w


# %% wrong: scales the caller's data in place -> is_pure
def fit_linear(A, y, lr, n_steps):
    root = np.float32(np.sqrt(A.shape[0]))
    A /= root
    y /= root

    def loss(w):
        return jnp.sum((A @ w - y) ** 2)

    step = lambda _, w: w - lr * jax.grad(loss)(w)
    return lax.fori_loop(0, n_steps, step, jnp.zeros(A.shape[1]))


# %% wrong: keeps the weights in a global -> is_pure
fitted = None


def fit_linear(A, y, lr, n_steps):
    global fitted
    loss = lambda w: jnp.mean((A @ w - y) ** 2)
    step = lambda _, w: w - lr * jax.grad(loss)(w)
    fitted = lax.fori_loop(0, n_steps, step, jnp.zeros(A.shape[1]))
    return fitted


# %% wrong: the notebook's rate -> is_pure, steps_downhill
@partial(jax.jit, static_argnames="n_steps")
def fit_linear(A, y, lr, n_steps):
    loss = lambda w: jnp.mean((A @ w - y) ** 2)
    step = lambda _, w: w - learning_rate * jax.grad(loss)(w)
    return lax.fori_loop(0, n_steps, step, jnp.zeros(A.shape[1]))


# %% wrong: stops by the value of the loss, which jit forbids -> is_one_loop, is_pure
def fit_linear(A, y, lr, n_steps):
    loss = lambda w: jnp.mean((A @ w - y) ** 2)
    w = jnp.zeros(A.shape[1])
    for _ in range(n_steps):
        if loss(w) == 0:
            break
        w = w - lr * jax.grad(loss)(w)
    return w


# %% wrong: the norm squared, whose gradient is NaN where the fit is exact -> steps_downhill
@partial(jax.jit, static_argnames="n_steps")
def fit_linear(A, y, lr, n_steps):
    loss = lambda w: jnp.linalg.norm(A @ w - y) ** 2 / A.shape[0]
    step = lambda _, w: w - lr * jax.grad(loss)(w)
    return lax.fori_loop(0, n_steps, step, jnp.zeros(A.shape[1]))


# %% wrong: a Python loop, called back -> is_one_loop
def fit_linear(A, y, lr, n_steps):
    def on_host(A, y, lr):
        A, y, lr = np.asarray(A), np.asarray(y), np.asarray(lr)
        w = np.zeros(A.shape[1], np.float32)
        for _ in range(n_steps):
            w = w - lr * 2 / len(y) * (A.T @ (A @ w - y))
        return w.astype(np.float32)

    out = jax.ShapeDtypeStruct((A.shape[1],), jnp.float32)
    return jax.pure_callback(on_host, out, A, y, jnp.float32(lr))


# %% wrong: stops at a small gradient -> steps_downhill
@partial(jax.jit, static_argnames="n_steps")
def fit_linear(A, y, lr, n_steps):
    loss = lambda w: jnp.mean((A @ w - y) ** 2)

    def go(s):
        return (s[0] < n_steps) & (jnp.linalg.norm(jax.grad(loss)(s[1])) > 1e-3)

    return lax.while_loop(
        go, lambda s: (s[0] + 1, s[1] - lr * jax.grad(loss)(s[1])), (0, jnp.zeros(A.shape[1]))
    )[1]


# %% wrong: stops at small steps -> steps_downhill
@partial(jax.jit, static_argnames="n_steps")
def fit_linear(A, y, lr, n_steps):
    loss = lambda w: jnp.mean((A @ w - y) ** 2)

    def step(_, w):
        g = jax.grad(loss)(w)
        return jnp.where(jnp.max(jnp.abs(lr * g)) < 1e-6, w, w - lr * g)

    return lax.fori_loop(0, n_steps, step, jnp.zeros(A.shape[1]))


# %% wrong: gradient clipped -> steps_downhill
@partial(jax.jit, static_argnames="n_steps")
def fit_linear(A, y, lr, n_steps):
    loss = lambda w: jnp.mean((A @ w - y) ** 2)

    def step(_, w):
        g = jax.grad(loss)(w)
        return w - lr * g / jnp.maximum(1, jnp.linalg.norm(g) / 100)

    return lax.fori_loop(0, n_steps, step, jnp.zeros(A.shape[1]))


# %% wrong: a loop of lax, unrolled -> is_one_loop
@partial(jax.jit, static_argnames="n_steps")
def fit_linear(A, y, lr, n_steps):
    loss = lambda w: jnp.mean((A @ w - y) ** 2)
    return lax.scan(
        lambda w, _: (w - lr * jax.grad(loss)(w), None),
        jnp.zeros(A.shape[1]),
        length=n_steps,
        unroll=True,
    )[0]


# %% wrong: a loop for every hundred steps -> is_one_loop
@partial(jax.jit, static_argnames="n_steps")
def fit_linear(A, y, lr, n_steps):
    loss = lambda w: jnp.mean((A @ w - y) ** 2)
    w = jnp.zeros(A.shape[1])
    for start in range(0, n_steps, 100):
        w = lax.fori_loop(
            start, min(n_steps, start + 100), lambda _, w: w - lr * jax.grad(loss)(w), w
        )
    return w


# %% wrong: a thousand steps at most -> is_one_loop
@partial(jax.jit, static_argnames="n_steps")
def fit_linear(A, y, lr, n_steps):
    loss = lambda w: jnp.mean((A @ w - y) ** 2)
    return lax.fori_loop(
        0, min(n_steps, 1000), lambda _, w: w - lr * jax.grad(loss)(w), jnp.zeros(A.shape[1])
    )


# %% wrong: divides by at least as many rows as features -> steps_downhill
@partial(jax.jit, static_argnames="n_steps")
def fit_linear(A, y, lr, n_steps):
    rows = max(A.shape)
    return lax.fori_loop(
        0, n_steps, lambda _, w: w - lr * 2 / rows * A.T @ (A @ w - y), jnp.zeros(A.shape[1])
    )


# %% wrong: the best weights in place of the last -> steps_downhill
@partial(jax.jit, static_argnames="n_steps")
def fit_linear(A, y, lr, n_steps):
    loss = lambda w: jnp.mean((A @ w - y) ** 2)
    def step(i, s):
        w, best = s
        w = w - lr * jax.grad(loss)(w)
        return w, jnp.where(loss(w) < loss(best) * 0.9999, w, best)
    z = jnp.zeros(A.shape[1])
    return lax.fori_loop(0, n_steps, step, (z, z))[1]


# %% wrong: by eigenvalues -> is_one_loop, steps_downhill
@partial(jax.jit, static_argnames="n_steps")
def fit_linear(A, y, lr, n_steps):
    m = A.shape[0]
    values, vectors = jnp.linalg.eigh(2 / m * A.T @ A)
    along = vectors.T @ (2 / m * A.T @ y)
    return vectors @ ((1 - (1 - lr * values) ** n_steps) / values * along)


# %% wrong: rounds of a hundred steps, whole ones only -> is_one_loop
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
