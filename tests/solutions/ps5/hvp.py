# %% right: reverse over reverse
def hvp(x, v):
    return jax.grad(lambda x: jnp.vdot(jax.grad(energy)(x), v))(jnp.asarray(x))


# %% right: linearize the gradient, jitted
@jax.jit
def hvp(x: Float32[Array, "n"], v: Float32[Array, "n"]) -> Float32[Array, "n"]:
    gradient, along = jax.linearize(jax.grad(energy), x)
    return along(v)


# %% right: pulled back, since the Hessian is symmetric
def hvp(x, v):
    _, back = jax.vjp(jax.grad(energy), x)
    return back(jnp.asarray(v))[0]


# %% right: the formula
def hvp(x, v):
    sine, cosine = jnp.sin(x), jnp.cos(x)
    return (cosine - sine.mean() * sine) * v + cosine * jnp.mean(cosine * v)


# %% wrong: builds the Hessian -> builds_no_hessian
def hvp(x, v):
    return jax.hessian(energy)(jnp.asarray(x)) @ v


# %% wrong: row by row in a compiled loop -> builds_no_hessian
def hvp(x, v):
    x, gradient = jnp.asarray(x), jax.grad(energy)

    def row_times_v(i):
        return jnp.vdot(jax.grad(lambda x: gradient(x)[i])(x), v)

    return lax.map(row_times_v, jnp.arange(x.size))


# %% wrong: all rows by vmap -> builds_no_hessian
def hvp(x, v):
    x, gradient = jnp.asarray(x), jax.grad(energy)
    along = lambda e: jax.jvp(gradient, (x,), (e,))[1]
    return v @ jax.vmap(along)(jnp.eye(x.size))


# %% wrong: a difference of gradients, the best step -> multiplies_by_the_hessian
@jax.jit
def hvp(x, v):
    gradient, h = jax.grad(energy), 2e-3
    return (gradient(x + h * v) - gradient(x - h * v)) / (2 * h)


# %% wrong: the diagonal only -> multiplies_by_the_hessian
def hvp(x, v):
    return (jnp.cos(x) - jnp.mean(jnp.sin(x)) * jnp.sin(x) + jnp.cos(x) ** 2 / x.size) * v


# %% wrong: the coupling forgotten -> multiplies_by_the_hessian
def hvp(x, v):
    return jnp.cos(x) * v


# %% wrong: the gradient times v -> multiplies_by_the_hessian
def hvp(x, v):
    return jax.grad(energy)(jnp.asarray(x)) * v


# %% wrong: v times the Hessian times v -> multiplies_by_the_hessian
def hvp(x, v):
    return jnp.vdot(v, jax.jvp(jax.grad(energy), (x,), (v,))[1])


# %% wrong: the pair of gradient and product -> multiplies_by_the_hessian
def hvp(x, v):
    return jax.jvp(jax.grad(energy), (x,), (v,))


# %% wrong: along the unit vector -> multiplies_by_the_hessian
def hvp(x, v):
    v = v / jnp.maximum(jnp.linalg.norm(v), 1e-6)
    return jax.jvp(jax.grad(energy), (x,), (v,))[1]


# %% wrong: the gradient detached -> multiplies_by_the_hessian
def hvp(x, v):
    return jax.grad(lambda x: jnp.vdot(lax.stop_gradient(jax.grad(energy)(x)), v))(jnp.asarray(x))


# %% wrong: wraps the caller's angles in place -> is_pure, multiplies_by_the_hessian
def hvp(x, v):
    x += 2 * np.pi * (x < 0)
    return jax.jvp(jax.grad(energy), (jnp.asarray(x, jnp.float32),), (v,))[1]


# %% wrong: keeps the gradient it passes -> is_pure
last_gradient = None


def hvp(x, v):
    global last_gradient
    last_gradient, product = jax.jvp(jax.grad(energy), (x,), (v,))
    return product


# %% wrong: prints the norm -> is_pure
def hvp(x, v):
    product = jax.jvp(jax.grad(energy), (x,), (v,))[1]
    print("norm", jnp.linalg.norm(product))
    return product


# %% wrong: row by row in Python, called back, for few angles -> builds_no_hessian
def hvp(x, v):
    if x.shape[0] > 5000:
        return jax.jvp(jax.grad(energy), (x,), (v,))[1]

    def on_host(x, v):
        row = jax.jit(lambda e: jax.jvp(jax.grad(energy), (jnp.asarray(x),), (e,))[1] @ v)
        return np.array([row(e) for e in np.eye(len(x), dtype=np.float32)], np.float32)

    return jax.pure_callback(on_host, jax.ShapeDtypeStruct(x.shape, jnp.float32), x, v)


# %% wrong: float64 differences with a fixed step -> multiplies_by_the_hessian
def hvp(x, v):
    with jax.enable_x64(True):
        x, v = jnp.asarray(x, jnp.float64), jnp.asarray(v, jnp.float64)
        g = jax.grad(energy)
        return ((g(x + 1e-6 * v) - g(x - 1e-6 * v)) / 2e-6).astype(jnp.float32)


# %% wrong: angles wrapped by a float32 two pi -> multiplies_by_the_hessian
def hvp(x, v):
    x = jnp.asarray(x) % jnp.float32(2 * np.pi)
    return jax.jvp(jax.grad(energy), (x,), (jnp.asarray(v),))[1]


# %% wrong: the direction made a unit vector and scaled back, NaN avoided by a small number -> multiplies_by_the_hessian
def hvp(x, v):
    length = jnp.linalg.norm(v) + 1e-6
    return length * jax.jvp(jax.grad(energy), (jnp.asarray(x),), (v / length,))[1]


# %% wrong: the Hessian up to a hundred angles -> builds_no_hessian
def hvp(x, v):
    if len(x) <= 100:
        return jax.hessian(energy)(jnp.asarray(x)) @ v
    return jax.jvp(jax.grad(energy), (jnp.asarray(x),), (jnp.asarray(v),))[1]


# %% wrong: keeps what it made for the same first angle -> multiplies_by_the_hessian
_linear = {}


def hvp(x, v):
    x, v = jnp.asarray(x), jnp.asarray(v)
    if isinstance(x, jax.core.Tracer):
        return jax.jvp(jax.grad(energy), (x,), (v,))[1]
    key = x.shape, float(x[0])
    if key not in _linear:
        _linear[key] = jax.linearize(jax.grad(energy), x)[1]
    return _linear[key](v)
