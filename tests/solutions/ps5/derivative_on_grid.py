# %% right: forward mode with a tangent of one
def derivative_on_grid(f_name, xs):
    f = FUNCTIONS[f_name]
    return jax.vmap(lambda x: jax.jvp(f, (x,), (jnp.ones_like(x),))[1])(jnp.asarray(xs))


# %% right: grad of a sum of the vmapped function
@partial(jax.jit, static_argnums=0)
def derivative_on_grid(f_name, xs):
    return jax.grad(lambda xs: jnp.sum(jax.vmap(FUNCTIONS[f_name])(xs)))(xs)


# %% right: value_and_grad, the value dropped
def derivative_on_grid(f_name, xs):
    values, slopes = jax.vmap(jax.value_and_grad(FUNCTIONS[f_name]))(xs)
    return slopes


# %% wrong: grad of the sum, where gate mixes the points -> gives_the_derivative
def derivative_on_grid(f_name, xs):
    f = FUNCTIONS[f_name]
    return jax.grad(lambda xs: jnp.sum(f(xs)))(jnp.asarray(xs))


# %% wrong: central differences -> gives_the_derivative
def derivative_on_grid(f_name, xs):
    f, h = jax.vmap(FUNCTIONS[f_name]), 2e-3
    return (f(xs + h) - f(xs - h)) / (2 * h)


# %% wrong: forward differences -> gives_the_derivative
def derivative_on_grid(f_name, xs):
    f, h = jax.vmap(FUNCTIONS[f_name]), 1e-3
    xs = jnp.asarray(xs)
    return (f(xs + h) - f(xs)) / h


# %% wrong: jnp.gradient along the grid -> gives_the_derivative
def derivative_on_grid(f_name, xs):
    xs = jnp.asarray(xs)
    if xs.size < 2:
        return jax.vmap(jax.grad(FUNCTIONS[f_name]))(xs)
    return jnp.gradient(jax.vmap(FUNCTIONS[f_name])(xs), xs)


# %% wrong: formulas worked out by hand -> differentiates_what_the_table_holds
def derivative_on_grid(f_name, xs):
    xs = jnp.asarray(xs)
    if f_name == "half_square":
        return xs
    if f_name == "ripple":
        return (5 * jnp.cos(5 * xs) - xs / 2 * jnp.sin(5 * xs)) * jnp.exp(-(xs**2) / 4)
    return jnp.tanh(xs) + xs / jnp.cosh(xs) ** 2


# %% wrong: copies of the functions -> differentiates_what_the_table_holds
def derivative_on_grid(f_name, xs):
    f = {
        "half_square": lambda x: x**2 / 2,
        "ripple": lambda x: jnp.sin(5 * x) * jnp.exp(-(x**2) / 4),
        "gate": lambda x: x * jnp.tanh(x),
    }[f_name]
    return jax.vmap(jax.grad(f))(xs)


# %% wrong: a loop over the points -> has_no_loop
def derivative_on_grid(f_name, xs):
    slope = jax.grad(FUNCTIONS[f_name])
    return jnp.stack([slope(x) for x in jnp.asarray(xs)])


# %% wrong: a compiled loop over the points -> has_no_loop
def derivative_on_grid(f_name, xs):
    return lax.map(jax.grad(FUNCTIONS[f_name]), jnp.asarray(xs))


# %% wrong: the function's values -> gives_the_derivative
def derivative_on_grid(f_name, xs):
    return jax.vmap(FUNCTIONS[f_name])(xs)


# %% wrong: the second derivative -> gives_the_derivative
def derivative_on_grid(f_name, xs):
    return jax.vmap(jax.grad(jax.grad(FUNCTIONS[f_name])))(xs)


# %% wrong: grad of a function of the whole grid, an error -> gives_the_derivative
def derivative_on_grid(f_name, xs):
    return jax.grad(jax.vmap(FUNCTIONS[f_name]))(xs)


# %% wrong: the Jacobian of the grid -> gives_the_derivative
def derivative_on_grid(f_name, xs):
    return jax.jacrev(jax.vmap(FUNCTIONS[f_name]))(xs)


# %% wrong: keeps grids and slopes in a global dict -> is_pure
table_of_slopes = {}


def derivative_on_grid(f_name, xs):
    slopes = jax.vmap(jax.grad(FUNCTIONS[f_name]))(xs)
    table_of_slopes[f_name] = slopes
    return slopes


# %% wrong: prints the function's name -> is_pure
def derivative_on_grid(f_name, xs):
    print("differentiating", f_name)
    return jax.vmap(jax.grad(FUNCTIONS[f_name]))(xs)


# %% wrong: a loop in Python, called back -> has_no_loop
def derivative_on_grid(f_name, xs):
    slope = jax.grad(FUNCTIONS[f_name])
    on_host = lambda xs: np.array([slope(x) for x in np.asarray(xs)], np.float32)
    return jax.pure_callback(on_host, jax.ShapeDtypeStruct(xs.shape, jnp.float32), xs)


# %% wrong: grad of the sum except for gate -> differentiates_what_the_table_holds
def derivative_on_grid(f_name, xs):
    f = FUNCTIONS[f_name]
    if f_name == "gate":
        return jax.vmap(jax.grad(f))(xs)
    return jax.grad(lambda xs: f(xs).sum())(jnp.asarray(xs))


# %% wrong: a complex step -> differentiates_what_the_table_holds
def derivative_on_grid(f_name, xs):
    f = FUNCTIONS[f_name]
    return jax.vmap(lambda x: jnp.imag(f(x + 1e-20j)) / 1e-20)(jnp.asarray(xs)).astype(jnp.float32)


# %% wrong: central differences in float64 -> differentiates_what_the_table_holds
def derivative_on_grid(f_name, xs):
    f = FUNCTIONS[f_name]
    with jax.enable_x64(True):
        x = jnp.asarray(xs, jnp.float64)
        h = 1e-5
        out = jax.vmap(lambda x: (f(x + h) - f(x - h)) / (2 * h))(x)
        return out.astype(jnp.float32)


# %% wrong: lax.map in batches of 256 -> has_no_loop
def derivative_on_grid(f_name, xs):
    return lax.map(jax.grad(FUNCTIONS[f_name]), jnp.asarray(xs), batch_size=256)


# %% wrong: blocks of a thousand points in Python -> has_no_loop
def derivative_on_grid(f_name, xs):
    d = jax.vmap(jax.grad(FUNCTIONS[f_name]))
    xs = jnp.asarray(xs)
    return jnp.concatenate([d(xs[i : i + 1000]) for i in range(0, len(xs), 1000)])


# %% right: derivatives of the table made when the cell runs
DERIVATIVES = {name: jax.vmap(jax.grad(f)) for name, f in FUNCTIONS.items()}


def derivative_on_grid(f_name, xs):
    return DERIVATIVES[f_name](jnp.asarray(xs))


# %% right: compiled, the name static
@partial(jax.jit, static_argnums=0)
def derivative_on_grid(f_name, xs):
    return jax.vmap(jax.jacrev(FUNCTIONS[f_name]))(xs)


# %% wrong: an array of one entry in place of a number -> differentiates_what_the_table_holds
def derivative_on_grid(f_name, xs):
    f = FUNCTIONS[f_name]
    return jax.vmap(jax.grad(lambda x: f(x)[0]))(jnp.asarray(xs)[:, None])[:, 0]


# %% wrong: the grid cut off -> gives_the_derivative
def derivative_on_grid(f_name, xs):
    return jax.vmap(jax.grad(FUNCTIONS[f_name]))(jnp.clip(jnp.asarray(xs), -10, 10))


# %% wrong: small slopes set to 0 -> gives_the_derivative
def derivative_on_grid(f_name, xs):
    slopes = jax.vmap(jax.grad(FUNCTIONS[f_name]))(xs)
    return jnp.where(jnp.abs(slopes) < 1e-6, 0.0, slopes)
