# %% right: jvp of grad
def hvp(x, v):
    return jax.jvp(jax.grad(energy), (jnp.asarray(x),), (jnp.asarray(v),))[1]

# %% right: gradient of the dot product
def hvp(x, v):
    return jax.grad(lambda x: jnp.vdot(jax.grad(energy)(x), v))(jnp.asarray(x))

# %% right: vjp of grad, the Hessian is symmetric
@jax.jit
def hvp(x, v):
    _, pull = jax.vjp(jax.grad(energy), jnp.asarray(x))
    (out,) = pull(jnp.asarray(v))
    return out

# %% right: linearize
def hvp(x, v):
    slope, along = jax.linearize(jax.grad(energy), jnp.asarray(x))
    return along(jnp.asarray(v))

# %% right: gradient of the directional derivative
def hvp(x, v):
    x, v = jnp.asarray(x), jnp.asarray(v)
    def directional(x):
        return jax.jvp(energy, [x], [v])[1]
    return jax.grad(directional)(x)

# %% right: formula by hand
def hvp(x, v):
    s, c, n = jnp.sin(x), jnp.cos(x), x.size
    return c * v + c * (jnp.sum(c * v) / n) - (jnp.sum(s) / n) * s * v

# %% right: derivative along a line at t = 0, forward mode
def hvp(x, v):
    x, v = jnp.asarray(x), jnp.asarray(v)
    return jax.jacfwd(lambda t: jax.grad(energy)(x + t * v))(0.0)

# %% right: gradient by hand, jvp of it
def _torque(x):
    return jnp.sin(x) + jnp.sin(x).sum() * jnp.cos(x) / x.shape[0]


@partial(jax.jit, inline=True)
def hvp(x, v):
    _, change = jax.jvp(_torque, (x,), (v,))
    return change

# %% right: operator object, jvp with has_aux-free partial
class HessianOf:
    def __init__(self, f, x):
        self.gradient, self.x = jax.grad(f), jnp.asarray(x)

    def __matmul__(self, v):
        return jax.jvp(self.gradient, (self.x,), (jnp.asarray(v, self.x.dtype),))[1]


def hvp(x, v):
    return HessianOf(energy, x) @ v

# %% right: value_and_grad differentiated, pieces unpacked
def hvp(x, v):
    x, v = jnp.asarray(x), jnp.asarray(v)
    (value, gradient), (slope, product) = jax.jvp(jax.value_and_grad(energy), (x,), (v,))
    return product

# %% right: gradient by vjp inside, jacrev outside of a sum of products
def hvp(x, v):
    def gradient(x):
        e, back = jax.vjp(energy, x)
        return back(jnp.ones_like(e))[0]
    return jax.jacrev(lambda x: jnp.sum(gradient(x) * lax.stop_gradient(v)))(jnp.asarray(x))

# %% wrong: the whole Hessian | "Compute neither the whole Hessian"
def hvp(x, v):
    return jax.hessian(energy)(jnp.asarray(x)) @ v

# %% wrong: row after row by lax.map | "nor its rows one after the other"
def hvp(x, v):
    x = jnp.asarray(x)
    def entry(i):
        row = jax.grad(lambda z: jax.grad(energy)(z)[i])(x)
        return jnp.vdot(row, v)
    return lax.map(entry, jnp.arange(x.size))

# %% wrong: direction brought to length 1, NaN for v = 0 | "All entries of v may be 0"
def hvp(x, v):
    x, v = jnp.asarray(x), jnp.asarray(v)
    length = jnp.sqrt(jnp.sum(v * v))
    return length * jax.jvp(jax.grad(energy), (x,), (v / length,))[1]

# %% wrong: the curvature of the common swing forgotten, 0 where the sines add up to 0 | H has the term -(sum sin) sin x_i / n on the diagonal
def hvp(x, v):
    c = jnp.cos(x)
    return c * v + c * jnp.sum(c * v) / x.size

# %% wrong: divides by 2 for n, as in the examples' two pendulums | 1/(2n) with the n of x
def hvp(x, v):
    s, c = jnp.sin(x), jnp.cos(x)
    return c * v + (c * jnp.sum(c * v) - jnp.sum(s) * s * v) / 2

# %% wrong: complex step on the gradient, tiny v vanishes and long v is no longer small | "for a v of any length"
def hvp(x, v):
    h = 1e-20
    z = jnp.asarray(x) + 1j * h * jnp.asarray(v)
    g = jnp.sin(z) + jnp.sum(jnp.sin(z)) * jnp.cos(z) / z.size
    return jnp.imag(g) / h

# %% wrong: central difference of gradients along the unit vector | "a difference of two gradients will not do"
def hvp(x, v):
    x, v = jnp.asarray(x), jnp.asarray(v)
    g = jax.grad(energy)
    length = jnp.linalg.norm(v)
    u = jnp.where(length > 0, v / jnp.where(length > 0, length, 1), 0)
    h = 1e-2
    near = (g(x + h * u) - g(x - h * u)) / (2 * h)
    far = (g(x + 2 * h * u) - g(x - 2 * h * u)) / (4 * h)
    return length * (4 * near - far) / 3

# %% wrong: angles wrapped into one turn in float32 | finite angles of any size: 2 pi rounded, times many turns
def hvp(x, v):
    x = jnp.mod(jnp.asarray(x), 2 * jnp.pi)
    return jax.jvp(jax.grad(energy), (x,), (jnp.asarray(v),))[1]

# %% wrong: blocks of up to 1000 rows of the Hessian | "Compute neither the whole Hessian nor its rows"; 1000 n numbers
def hvp(x, v):
    x = jnp.asarray(x)
    n = x.size
    size = min(n, 1000)
    g = jax.grad(energy)
    def block(start):
        rows = jnp.minimum(start + jnp.arange(size), n - 1)
        H = jax.vmap(lambda i: jax.grad(lambda z: g(z)[i])(x))(rows)
        return H @ v
    return lax.map(block, jnp.arange(0, n, size)).reshape(-1)[:n]

# %% wrong: outer product of the cosines as a matrix | largest array n by n
def hvp(x, v):
    s, c, n = jnp.sin(x), jnp.cos(x), x.size
    H = jnp.diag(c - s.sum() * s / n) + jnp.outer(c, c) / n
    return H @ v

# %% wrong: direction scaled by its largest entry plus an epsilon and not scaled back by the same | tiny v: "of any length"
def hvp(x, v):
    x, v = jnp.asarray(x), jnp.asarray(v)
    big = jnp.max(jnp.abs(v))
    return big * jax.jvp(jax.grad(energy), (x,), (v / (big + 1e-8),))[1]

# %% wrong: n taken as at least 2 | "the same length, at least 1"
def hvp(x, v):
    x, v = jnp.asarray(x), jnp.asarray(v)
    def e(z):
        return jnp.sum(1 - jnp.cos(z)) + jnp.sum(jnp.sin(z)) ** 2 / (2 * max(x.size, 2))
    return jax.jvp(jax.grad(e), (x,), (v,))[1]

# %% wrong: returns early for v = 0 with a Python if | "do not branch on a value with if"
def hvp(x, v):
    if not np.any(v):
        return jnp.zeros_like(x)
    return jax.jvp(jax.grad(energy), (jnp.asarray(x),), (jnp.asarray(v),))[1]
