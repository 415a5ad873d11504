# %% right: grad of the helper
def rosenbrock(x):
    left, right = x[:-1], x[1:]
    return jnp.sum(100 * (right - left**2) ** 2 + (1 - left) ** 2)


@jax.jit
def rosenbrock_grad(x: Float[Array, "n"]) -> Float[Array, "n"]:
    return jax.grad(rosenbrock)(x)

# %% right: physicist, derived by hand and added with at
@jax.jit
def rosenbrock_grad(x: Float[Array, "n"]) -> Float[Array, "n"]:
    here, there = x[:-1], x[1:]
    bend = there - here * here
    gradient = jnp.zeros_like(x)
    gradient = gradient.at[:-1].add(-400 * here * bend - 2 * (1 - here))
    gradient = gradient.at[1:].add(200 * bend)
    return gradient

# %% right: least squares, J transposed times the residuals, by vjp
def _residuals(x):
    return 10 * (x[1:] - x[:-1] ** 2), 1 - x[:-1]


@jax.jit
def rosenbrock_grad(x: Float[Array, "n"]) -> Float[Array, "n"]:
    residuals, pull_back = jax.vjp(_residuals, x)
    (gradient,) = pull_back(jax.tree.map(lambda r: 2 * r, residuals))
    return gradient

# %% right: grad of one pair, vmapped, and padded
def _term(a, b):
    return 100 * (b - a**2) ** 2 + (1 - a) ** 2


def _gradient(x):
    da, db = jax.vmap(jax.grad(_term, argnums=(0, 1)))(x[:-1], x[1:])
    return jnp.pad(da, (0, 1)) + jnp.pad(db, (1, 0))


_gradient = jax.jit(_gradient)


@jax.jit
def rosenbrock_grad(x: Float[Array, "n"]) -> Float[Array, "n"]:
    return _gradient(x)

# %% wrong: computes in float32 and casts back | a float64 x keeps seven digits only
def rosenbrock(x):
    return jnp.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)


@jax.jit
def rosenbrock_grad(x: Float[Array, "n"]) -> Float[Array, "n"]:
    return jax.grad(rosenbrock)(x.astype(jnp.float32)).astype(x.dtype)

# %% wrong: jnp.zeros without a dtype | float32 x with 64-bit types on: the result is float64
@jax.jit
def rosenbrock_grad(x: Float[Array, "n"]) -> Float[Array, "n"]:
    bend = x[1:] - x[:-1] ** 2
    gradient = jnp.zeros(x.shape[0])
    gradient = gradient.at[1:].add(200 * bend)
    return gradient.at[:-1].add(-400 * x[:-1] * bend - 2 * (1 - x[:-1]))

# %% wrong: keeps x in the usual domain of the test function | entries beyond 2.048, up to 3, are clipped
def rosenbrock(x):
    return jnp.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)


@jax.jit
def rosenbrock_grad(x: Float[Array, "n"]) -> Float[Array, "n"]:
    return jax.grad(rosenbrock)(jnp.clip(x, -2.048, 2.048))

# %% right: pads to one fixed size, 8192 variables
@jax.jit
def _padded_gradient(x, terms):
    def height(x):
        pieces = 100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2
        return jnp.sum(jnp.where(jnp.arange(pieces.size) < terms, pieces, 0))

    return jax.grad(height)(x)


@jax.jit
def rosenbrock_grad(x: Float[Array, "n"]) -> Float[Array, "n"]:
    n = x.shape[0]
    padded = jnp.concatenate([x, jnp.zeros(8192 - n, x.dtype)])
    return _padded_gradient(padded, n - 1)[:n]

# %% right: without jit, fast enough
def rosenbrock(x):
    return jnp.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)


def rosenbrock_grad(x: Float[Array, "n"]) -> Float[Array, "n"]:
    return jax.grad(rosenbrock)(jnp.asarray(x))

# %% wrong: donates x | the caller's JAX array is deleted
def rosenbrock(x):
    return jnp.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)


@partial(jax.jit, donate_argnums=0)
def rosenbrock_grad(x: Float[Array, "n"]) -> Float[Array, "n"]:
    return jax.grad(rosenbrock)(x)

# %% wrong: keeps the height for a plot | changes a global, and leaks a tracer into it
last_height = None


def rosenbrock(x):
    return jnp.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)


@jax.jit
def rosenbrock_grad(x: Float[Array, "n"]) -> Float[Array, "n"]:
    global last_height
    last_height, gradient = jax.value_and_grad(rosenbrock)(x)
    return gradient

# %% wrong: forward mode | one pass for each variable: too slow
def rosenbrock(x):
    return jnp.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)


@jax.jit
def rosenbrock_grad(x: Float[Array, "n"]) -> Float[Array, "n"]:
    return jax.jacfwd(rosenbrock)(x)
