# %% right: decorated helper, value dropped, no jit of its own
@jax.value_and_grad
def rosenbrock(x):
    x = jnp.asarray(x)
    return (100.0 * jnp.square(x[1:] - jnp.square(x[:-1])) + jnp.square(1 - x[:-1])).sum()


def rosenbrock_grad(x):
    value, gradient = rosenbrock(x)
    return gradient


# %% right: the formula of the gradient, jitted
@jax.jit
def rosenbrock_grad(x: Float[Array, "n"]) -> Float[Array, "n"]:
    rise = x[1:] - x[:-1] ** 2
    gradient = jnp.zeros_like(x).at[:-1].set(-400 * x[:-1] * rise - 2 * (1 - x[:-1]))
    return gradient.at[1:].add(200 * rise)


# %% wrong: the last variable in the second sum too -> matches_the_formula
@jax.jit
def rosenbrock_grad(x):
    def height(x):
        return jnp.sum(100 * (x[1:] - x[:-1] ** 2) ** 2) + jnp.sum((1 - x) ** 2)

    return jax.grad(height)(x)


# %% wrong: the last pair left out -> matches_the_formula
@jax.jit
def rosenbrock_grad(x):
    def height(x):
        n = x.shape[0]
        return sum(100 * (x[i + 1] - x[i] ** 2) ** 2 + (1 - x[i]) ** 2 for i in range(n - 2))

    return jax.grad(lambda x: height(x) + 0.0 * x.sum())(x)


# %% wrong: roll, so that the last meets the first -> matches_the_formula
@jax.jit
def rosenbrock_grad(x):
    return jax.grad(lambda x: jnp.sum(100 * (jnp.roll(x, -1) - x**2) ** 2 + (1 - x) ** 2))(x)


# %% wrong: the square in the wrong place -> matches_the_formula
@jax.jit
def rosenbrock_grad(x):
    return jax.grad(lambda x: jnp.sum(100 * (x[1:] ** 2 - x[:-1]) ** 2 + (1 - x[:-1]) ** 2))(x)


# %% wrong: the mean in place of the sum -> matches_the_formula
@jax.jit
def rosenbrock_grad(x):
    return jax.grad(lambda x: jnp.mean(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2))(x)


# %% wrong: central differences in jnp -> matches_the_formula, keeps_float64
def height_of(x):
    return jnp.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)


@jax.jit
def rosenbrock_grad(x):
    x, h = jnp.asarray(x), 1e-3
    steps = h * jnp.eye(x.shape[0], dtype=x.dtype)
    return jax.vmap(lambda step: (height_of(x + step) - height_of(x - step)) / (2 * h))(steps)


# %% wrong: by way of float32 -> keeps_float64
@jax.jit
def rosenbrock_grad(x):
    def height(x):
        return jnp.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)

    return jax.grad(height)(x.astype(jnp.float32)).astype(x.dtype)


# %% wrong: float32 at the end -> keeps_float64
@jax.jit
def rosenbrock_grad(x):
    def height(x):
        return jnp.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)

    return jax.grad(height)(x).astype(jnp.float32)


# %% wrong: forward mode, one run for each variable -> beats_central_differences
@jax.jit
def rosenbrock_grad(x):
    def height(x):
        return jnp.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)

    return jax.jacfwd(height)(x)


# %% wrong: one variable after the other in a compiled loop -> beats_central_differences
@jax.jit
def rosenbrock_grad(x):
    def height(x):
        return jnp.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)

    def slope(i):
        return jax.jvp(height, (x,), (jnp.zeros_like(x).at[i].set(1),))[1]

    return lax.map(slope, jnp.arange(x.shape[0]))


# %% wrong: the Hessian's diagonal by mistake for the gradient -> matches_the_formula, keeps_float64
@jax.jit
def rosenbrock_grad(x):
    def height(x):
        return jnp.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)

    return jnp.diagonal(jax.hessian(height)(x))


# %% wrong: NumPy's gradient of the terms -> matches_the_formula
@jax.jit
def rosenbrock_grad(x):
    return jnp.gradient(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)


# %% wrong: value and gradient -> matches_the_formula
@jax.jit
def rosenbrock_grad(x):
    return jax.value_and_grad(
        lambda x: jnp.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)
    )(x)


# %% wrong: moves the caller's point -> is_pure
@jax.jit
def gradient_of(x):
    return jax.grad(lambda x: jnp.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2))(x)


def rosenbrock_grad(x):
    gradient = gradient_of(x)
    if isinstance(x, np.ndarray):
        x -= 1e-3 * np.asarray(gradient)  # a step of descent, as the caller surely wants
    return gradient


# %% wrong: keeps the path of the descent in a global list -> is_pure
path = []


def rosenbrock_grad(x):
    path.append(x)
    return jax.grad(lambda x: jnp.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2))(x)


# %% wrong: switches 64-bit types on for good -> matches_the_formula, is_pure
def rosenbrock_grad(x):
    jax.config.update("jax_enable_x64", True)
    x = jnp.asarray(x, jnp.float64)
    return jax.grad(lambda x: jnp.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2))(x)


# %% wrong: constants of NumPy that widen float32 -> keeps_float64
@jax.jit
def rosenbrock_grad(x):
    def height(x):
        return jnp.sum(np.float64(100) * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)

    return jax.grad(lambda x: height(x))(x) * np.float64(1)


# %% wrong: float64 differences -> keeps_float64
def rosenbrock_grad(x):
    dtype = x.dtype
    with jax.enable_x64(True):
        x = jnp.asarray(x, jnp.float64)
        height = lambda x: jnp.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)
        return jax.vmap(lambda e: (height(x + 1e-5 * e) - height(x - 1e-5 * e)) / 2e-5)(
            jnp.eye(x.size)
        ).astype(dtype)


# %% wrong: at most a hundred variables -> matches_the_formula
@jax.jit
def rosenbrock_grad(x):
    def height(x):
        n = min(x.size, 100)
        a = x[:n]
        return jnp.sum(100 * (a[1:] - a[:-1] ** 2) ** 2 + (1 - a[:-1]) ** 2)

    return jax.grad(height)(x)


# %% wrong: small slopes set to 0 -> keeps_float64
@jax.jit
def rosenbrock_grad(x):
    g = jax.grad(lambda x: jnp.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2))(x)
    return jnp.where(jnp.abs(g) < 1e-2, 0, g)


# %% wrong: slopes clipped at a thousand -> matches_the_formula
@jax.jit
def rosenbrock_grad(x):
    def valley(x):
        return jnp.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)

    return jnp.clip(jax.grad(valley)(x), -1000, 1000)


# %% wrong: keeps the height, a tracer, in a global -> is_pure
height = None


@jax.jit
def rosenbrock_grad(x):
    global height

    def rosenbrock(x):
        return jnp.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)

    height, gradient = jax.value_and_grad(rosenbrock)(x)
    return gradient


# %% wrong: compiles again at every call -> beats_central_differences
def rosenbrock_grad(x):
    rosenbrock = lambda x: jnp.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)
    return jax.jit(jax.grad(rosenbrock))(x)
