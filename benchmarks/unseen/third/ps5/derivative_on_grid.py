# %% right: vmap of grad
def derivative_on_grid(f_name: str, xs: Float32[Array, "n"]) -> Float32[Array, "n"]:
    return jax.vmap(jax.grad(FUNCTIONS[f_name]))(xs)

# %% right: forward mode, the tangent is 1
def derivative_on_grid(f_name: str, xs: Float32[Array, "n"]) -> Float32[Array, "n"]:
    f = FUNCTIONS[f_name]

    @jax.vmap
    def slope(x):
        _, change = jax.jvp(f, (x,), (jnp.ones_like(x),))
        return change

    return slope(jnp.asarray(xs))

# %% right: slopes of the sum of the mapped function
@partial(jax.jit, static_argnames="f_name")
def derivative_on_grid(f_name: str, xs: Float32[Array, "n"]) -> Float32[Array, "n"]:
    each = jax.vmap(FUNCTIONS[f_name])
    return jax.grad(lambda points: jnp.sum(each(points)))(jnp.asarray(xs))

# %% right: vjp at one point, composed by hand
def _compose(*transformations):
    def all_of_them(f):
        for transformation in reversed(transformations):
            f = transformation(f)
        return f

    return all_of_them


def _pull_back(f):
    def slope(x):
        value, back = jax.vjp(f, x)
        return back(jnp.ones_like(value))[0]

    return slope


def derivative_on_grid(f_name: str, xs: Float32[Array, "n"]) -> Float32[Array, "n"]:
    return _compose(jax.jit, jax.vmap, _pull_back)(FUNCTIONS[f_name])(jnp.asarray(xs))

# %% wrong: formulas of one's own | other functions under these names at grading
_SLOPES = {
    "half_square": lambda x: x,
    "ripple": lambda x: (5 * jnp.cos(5 * x) - x / 2 * jnp.sin(5 * x)) * jnp.exp(-(x**2) / 4),
    "gate": lambda x: jnp.tanh(x) + x * (1 - jnp.tanh(x) ** 2),
}


def derivative_on_grid(f_name: str, xs: Float32[Array, "n"]) -> Float32[Array, "n"]:
    return _SLOPES[f_name](jnp.asarray(xs))

# %% wrong: complex step | wrong for functions with jnp.abs or lax.cond
def derivative_on_grid(f_name: str, xs: Float32[Array, "n"]) -> Float32[Array, "n"]:
    h = 1e-6
    points = jnp.asarray(xs) + 1j * h
    return (jnp.imag(jax.vmap(FUNCTIONS[f_name])(points)) / h).astype(jnp.float32)

# %% wrong: gives the function arrays of length 1 | it takes an array without axes: lax.cond raises
def derivative_on_grid(f_name: str, xs: Float32[Array, "n"]) -> Float32[Array, "n"]:
    f = FUNCTIONS[f_name]
    columns = jnp.asarray(xs)[:, None]
    return jax.vmap(jax.grad(lambda x: f(x).sum()))(columns)[:, 0]

# %% wrong: grad of the sum for all names but gate | other functions under these names may mix points or use lax.cond
def derivative_on_grid(f_name: str, xs: Float32[Array, "n"]) -> Float32[Array, "n"]:
    f, xs = FUNCTIONS[f_name], jnp.asarray(xs)
    if f_name == "gate":  # the only one that mixes the points
        return jax.vmap(jax.grad(f))(xs)
    return jax.grad(lambda xs: f(xs).sum())(xs)

# %% wrong: lax.map of grad | a compiled loop over the points
def derivative_on_grid(f_name: str, xs: Float32[Array, "n"]) -> Float32[Array, "n"]:
    return lax.map(jax.grad(FUNCTIONS[f_name]), jnp.asarray(xs))

# %% wrong: list of slopes | a Python loop over the points
def derivative_on_grid(f_name: str, xs: Float32[Array, "n"]) -> Float32[Array, "n"]:
    slope = jax.jit(jax.grad(FUNCTIONS[f_name]))
    return jnp.array([slope(x) for x in jnp.asarray(xs)])

# %% wrong: remembers the results | a cache of results outside the function, which is to be pure
_known = {}


def derivative_on_grid(f_name: str, xs: Float32[Array, "n"]) -> Float32[Array, "n"]:
    slope = jax.vmap(jax.grad(FUNCTIONS[f_name]))
    if isinstance(xs, jax.core.Tracer):
        return slope(xs)
    key = f_name, np.asarray(xs).tobytes()
    if key not in _known:
        _known[key] = slope(xs)
    return _known[key]

# %% right: compiles the functions in the table, and keeps them there
def derivative_on_grid(f_name: str, xs: Float32[Array, "n"]) -> Float32[Array, "n"]:
    FUNCTIONS[f_name] = jax.jit(FUNCTIONS[f_name])
    return jax.vmap(jax.grad(FUNCTIONS[f_name]))(jnp.asarray(xs))
