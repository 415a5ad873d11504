# %% right: vmap of grad
def derivative_on_grid(f_name, xs):
    return jax.vmap(jax.grad(FUNCTIONS[f_name]))(xs)

# %% right: compiled with a static name
@partial(jax.jit, static_argnames=("f_name",))
def derivative_on_grid(f_name, xs):
    one = FUNCTIONS[f_name]
    return jax.vmap(lambda x: jax.grad(one)(x))(xs)

# %% right: forward mode at each point
def derivative_on_grid(f_name, xs):
    return jax.vmap(jax.jacfwd(FUNCTIONS[f_name]))(jnp.asarray(xs))

# %% right: jvp with direction 1 at each point
def derivative_on_grid(f_name, xs):
    def slope(x):
        _, tangent = jax.jvp(FUNCTIONS[f_name], (x,), (jnp.ones_like(x),))
        return tangent
    return jax.vmap(slope)(jnp.asarray(xs))

# %% right: grad of the sum, but of the vmapped function
def derivative_on_grid(f_name, xs):
    many = jax.vmap(FUNCTIONS[f_name])
    return jax.grad(lambda grid: jnp.sum(many(grid)))(jnp.asarray(xs))

# %% right: one jvp of the vmapped function along ones
def derivative_on_grid(f_name, xs):
    xs = jnp.asarray(xs)
    return jax.jvp(jax.vmap(FUNCTIONS[f_name]), [xs], [jnp.ones(xs.shape, xs.dtype)])[1]

# %% right: vjp of the vmapped function
def derivative_on_grid(f_name, xs):
    ys, pull = jax.vjp(jax.vmap(FUNCTIONS[f_name]), jnp.asarray(xs))
    (slopes,) = pull(jnp.ones_like(ys))
    return slopes

# %% right: value_and_grad, second part
def derivative_on_grid(f_name, xs):
    values, slopes = jax.vmap(jax.value_and_grad(FUNCTIONS[f_name]))(xs)
    return slopes

# %% right: jnp.vectorize of grad, jit inside
def derivative_on_grid(f_name, xs):
    return jnp.vectorize(jax.jit(jax.grad(FUNCTIONS[f_name])))(xs)

# %% right: linearize
def derivative_on_grid(f_name, xs):
    def slope(x):
        _, linear = jax.linearize(FUNCTIONS[f_name], x)
        return linear(1.0)
    return jax.vmap(slope)(jnp.asarray(xs))

# %% right: the grid as a column, vmap of vmap, jacrev
def derivative_on_grid(f_name, xs):
    column = jnp.reshape(xs, (-1, 1))
    def fix(f):
        return jax.vmap(jax.vmap(jax.jacrev(f)), in_axes=1, out_axes=1)
    return fix(FUNCTIONS[f_name])(column)[:, 0]

# %% right: class with a cached attribute for the function, checkpointed
class Slope:
    def __init__(self, name):
        self.f = FUNCTIONS[name]

    def __call__(self, x, /):
        return jax.grad(jax.checkpoint(self.f))(x)


def derivative_on_grid(f_name, xs):
    return jax.vmap(Slope(f_name), axis_name="grid")(xs)

# %% wrong: complex step, right for analytic functions only | "let JAX differentiate it": differences are wrong for other functions such as jnp.abs or jnp.maximum
def derivative_on_grid(f_name, xs):
    h = 1e-20
    z = jnp.asarray(xs) + 1j * h
    return (jnp.imag(jax.vmap(FUNCTIONS[f_name])(z)) / h).astype(jnp.float32)

# %% wrong: formulas by hand | "the table may hold other functions under these names, for which ... formulas of your own are wrong"
def derivative_on_grid(f_name, xs):
    xs = jnp.asarray(xs)
    return {
        "half_square": lambda x: x,
        "ripple": lambda x: (5 * jnp.cos(5 * x) - x / 2 * jnp.sin(5 * x)) * jnp.exp(-(x**2) / 4),
        "gate": lambda x: jnp.tanh(x) + x * (1 - jnp.tanh(x) ** 2),
    }[f_name](xs)

# %% wrong: vmap for gate only, grad of the sum for the rest | other functions under these names may have a sum as well
def derivative_on_grid(f_name, xs):
    f = FUNCTIONS[f_name]
    if f_name == "gate":
        return jax.vmap(jax.grad(f))(xs)
    return jax.grad(lambda grid: f(grid).sum())(jnp.asarray(xs))

# %% wrong: Python loop over the points | "without a loop over the points"
def derivative_on_grid(f_name, xs):
    slope = jax.grad(FUNCTIONS[f_name])
    return jnp.array([slope(x) for x in jnp.asarray(xs)])

# %% wrong: lax.map over the points | "without a loop over the points"
def derivative_on_grid(f_name, xs):
    return lax.map(jax.grad(FUNCTIONS[f_name]), jnp.asarray(xs))

# %% wrong: copy of the table inside the answer | "Take the function from the table": it may hold others
def derivative_on_grid(f_name, xs):
    functions = {
        "half_square": lambda x: x**2 / 2,
        "ripple": lambda x: jnp.sin(5 * x) * jnp.exp(-(x**2) / 4),
        "gate": lambda x: x * jnp.tanh(x),
    }
    return jax.vmap(jax.grad(functions[f_name]))(xs)

# %% wrong: hands each function an array of one entry, not a number | "Each function there takes one number"
def derivative_on_grid(f_name, xs):
    f = FUNCTIONS[f_name]
    return jax.vmap(jax.grad(lambda x: f(x)[0]))(jnp.asarray(xs)[:, None])[:, 0]

# %% wrong: slopes remembered by name and shape | another grid of the same length gets the old slopes
_slopes = {}


def derivative_on_grid(f_name, xs):
    key = f_name, tuple(xs.shape)
    if key not in _slopes:
        _slopes[key] = jax.vmap(jax.grad(FUNCTIONS[f_name]))(xs)
    return _slopes[key]

# %% wrong: keeps the grid within -10 and 10, "where the functions matter" | xs holds any finite numbers
def derivative_on_grid(f_name, xs):
    return jax.vmap(jax.grad(FUNCTIONS[f_name]))(jnp.clip(jnp.asarray(xs), -10, 10))

# %% wrong: central difference with the optimal step | "let JAX differentiate it"; "differences ... are wrong"
def derivative_on_grid(f_name, xs):
    f = jax.vmap(FUNCTIONS[f_name])
    xs, h = jnp.asarray(xs), 2.0**-7
    rough = (f(xs + h) - f(xs - h)) / (2 * h)
    rougher = (f(xs + 2 * h) - f(xs - 2 * h)) / (4 * h)
    return (4 * rough - rougher) / 3

# %% wrong: the fori_loop that fills the result point by point | "without a loop over the points"
def derivative_on_grid(f_name, xs):
    xs = jnp.asarray(xs)
    slope = jax.grad(FUNCTIONS[f_name])
    return lax.fori_loop(0, xs.shape[0], lambda i, out: out.at[i].set(slope(xs[i])), jnp.zeros_like(xs))

# %% wrong: NaN and infinite slopes and very large ones smoothed away | the derivative, whatever its size
def derivative_on_grid(f_name, xs):
    slopes = jax.vmap(jax.grad(FUNCTIONS[f_name]))(xs)
    return jnp.clip(slopes, -100.0, 100.0)

# %% wrong: slopes below 1e-6 are set to 0 | small slopes are slopes too
def derivative_on_grid(f_name, xs):
    slopes = jax.vmap(jax.grad(FUNCTIONS[f_name]))(xs)
    return jnp.where(jnp.abs(slopes) < 1e-6, 0.0, slopes)
