# %% right: vmap of grad
def derivative_on_grid(f_name, xs):
    return jax.vmap(jax.grad(FUNCTIONS[f_name]))(xs)

# %% right: forward mode at each point
def derivative_on_grid(f_name, xs):
    f = FUNCTIONS[f_name]

    def slope(x):
        _, change = jax.jvp(f, (x,), (jnp.ones_like(x),))
        return change

    return jax.vmap(slope)(jnp.asarray(xs))

# %% right: compiled, name static
@partial(jax.jit, static_argnames="f_name")
def derivative_on_grid(f_name, xs):
    value_and_slope = jax.vmap(jax.value_and_grad(FUNCTIONS[f_name]))
    return value_and_slope(xs)[1]

# %% right: vjp of one point
def derivative_on_grid(f_name, xs):
    def pull(x):
        value, back = jax.vjp(FUNCTIONS[f_name], x)
        (slope,) = back(jnp.ones_like(value))
        return slope

    return jax.vmap(pull)(jnp.asarray(xs))

# %% right: one forward pass along all ones through the vmapped function
def derivative_on_grid(f_name, xs):
    xs = jnp.asarray(xs)
    on_grid = jax.vmap(FUNCTIONS[f_name])
    return jax.jvp(on_grid, (xs,), (jnp.ones_like(xs),))[1]

# %% right: jnp.vectorize of jacfwd
def derivative_on_grid(f_name, xs):
    return jnp.vectorize(jax.jacfwd(FUNCTIONS[f_name]))(jnp.asarray(xs))

# %% wrong: formulas by hand | does not read the table, wrong when it holds other functions
def derivative_on_grid(f_name, xs):
    xs = jnp.asarray(xs)
    if f_name == "half_square":
        return xs
    if f_name == "ripple":
        return (5 * jnp.cos(5 * xs) - xs / 2 * jnp.sin(5 * xs)) * jnp.exp(-(xs**2) / 4)
    return jnp.tanh(xs) + xs * (1 - jnp.tanh(xs) ** 2)

# %% right: derivatives made when the cell runs
SLOPES = {name: jax.vmap(jax.grad(function)) for name, function in FUNCTIONS.items()}


def derivative_on_grid(f_name, xs):
    return SLOPES[f_name](xs)

# %% wrong: complex step | wrong for functions with jnp.abs or lax.cond
def derivative_on_grid(f_name, xs):
    f, h = FUNCTIONS[f_name], 1e-20
    return jax.vmap(lambda x: jnp.imag(f(x + 1j * h)) / h)(jnp.asarray(xs))

# %% wrong: central difference | keeps four of seven digits
def derivative_on_grid(f_name, xs):
    f, h = jax.vmap(FUNCTIONS[f_name]), 2.0**-7
    xs = jnp.asarray(xs)
    return (f(xs + h) - f(xs - h)) / (2 * h)

# %% wrong: stack of single slopes | a Python loop over the points
def derivative_on_grid(f_name, xs):
    slope = jax.grad(FUNCTIONS[f_name])
    return jnp.stack([slope(x) for x in jnp.asarray(xs)])

# %% wrong: lax.map of grad | a compiled loop over the points
def derivative_on_grid(f_name, xs):
    return lax.map(jax.grad(FUNCTIONS[f_name]), jnp.asarray(xs))

# %% wrong: grid clipped against overflow | points beyond 50 get the slope at 50
def derivative_on_grid(f_name, xs):
    return jax.vmap(jax.grad(FUNCTIONS[f_name]))(jnp.clip(xs, -50.0, 50.0))

# %% wrong: keeps results by name and length | hidden state: a second grid of the same length gets the old slopes
_slopes = {}


def derivative_on_grid(f_name, xs):
    key = f_name, len(xs)
    if key not in _slopes:
        _slopes[key] = jax.vmap(jax.grad(FUNCTIONS[f_name]))(jnp.asarray(xs))
    return _slopes[key]

# %% wrong: grid made a NumPy array first | fails under jit, where xs has no values
def derivative_on_grid(f_name, xs):
    points = np.array(xs, np.float32)
    return jax.vmap(jax.grad(FUNCTIONS[f_name]))(jnp.array(points))

# %% right: grad of the sum of the vmapped function
def derivative_on_grid(f_name, xs):
    f = FUNCTIONS[f_name]
    return jax.grad(lambda points: jax.vmap(f)(points).sum())(jnp.asarray(xs))

# %% wrong: grad of the sum over the whole grid | the sum inside gate mixes the points
def derivative_on_grid(f_name, xs):
    f = FUNCTIONS[f_name]
    return jax.grad(lambda points: jnp.sum(f(points)))(jnp.asarray(xs))

# %% wrong: cosine trick for "even" and "odd" | takes the slope at |x| and puts the sign back, right for even functions only
def derivative_on_grid(f_name, xs):
    xs = jnp.asarray(xs)
    slopes = jax.vmap(jax.grad(FUNCTIONS[f_name]))(jnp.abs(xs))
    return slopes if f_name == "ripple" else jnp.sign(xs) * slopes
