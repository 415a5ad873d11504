# %% right: jvp of grad
def hvp(x, v):
    x, v = jnp.asarray(x), jnp.asarray(v)
    return jax.jvp(jax.grad(energy), (x,), (v,))[1]

# %% right: gradient of the dot product of the gradient with v
def hvp(x, v):
    return jax.grad(lambda x: jnp.vdot(jax.grad(energy)(x), v))(jnp.asarray(x))

# %% right: gradient of the slope along v (reverse over forward)
def hvp(x, v):
    v = jnp.asarray(v)

    def along(x):
        _, slope = jax.jvp(energy, (x,), (v,))
        return slope

    return jax.grad(along)(jnp.asarray(x))

# %% right: vjp of grad, since the Hessian is symmetric
@jax.jit
def hvp(x, v):
    _, back = jax.vjp(jax.grad(energy), x)
    (product,) = back(v)
    return product

# %% right: linearize
def hvp(x, v):
    _, times_hessian = jax.linearize(jax.grad(energy), jnp.asarray(x))
    return times_hessian(jnp.asarray(v))

# %% right: formula
def hvp(x, v):
    s, c = jnp.sin(x), jnp.cos(x)
    v = jnp.asarray(v)
    return (c - s.mean() * s) * v + c * jnp.mean(c * v)

# %% right: derivative by one number t of the gradient at x + t v
def hvp(x, v):
    x, v = jnp.asarray(x), jnp.asarray(v)

    def moved(t):
        return jax.grad(energy)(x + t * v)

    return jax.jacfwd(moved)(jnp.float32(0))

# %% wrong: the whole Hessian times v | n by n array
def hvp(x, v):
    return jax.hessian(energy)(jnp.asarray(x)) @ v

# %% wrong: central difference of two gradients | inexact
def hvp(x, v):
    x, v = jnp.asarray(x), jnp.asarray(v)
    slope, h = jax.grad(energy), 1e-3
    return (slope(x + h * v) - slope(x - h * v)) / (2 * h)

# %% wrong: rows one after the other | n passes, never ends for 300,000 angles
def hvp(x, v):
    x, v = jnp.asarray(x), jnp.asarray(v)
    _, back = jax.vjp(jax.grad(energy), x)

    def entry(i):
        (row,) = back(jnp.zeros_like(x).at[i].set(1.0))
        return row @ v

    return lax.map(entry, jnp.arange(x.shape[0]))

# %% wrong: formula without the term of the sines | right only where the sum or all of the sines are 0, as in the examples
def hvp(x, v):
    c = jnp.cos(jnp.asarray(x))
    return c * v + c * jnp.mean(c * v)

# %% wrong: unit direction, length put back | the squares overflow near 1e30 and vanish near 1e-30
def hvp(x, v):
    x, v = jnp.asarray(x), jnp.asarray(v)
    length = jnp.sqrt(jnp.sum(v**2))
    unit = jnp.where(length > 0, v / length, 0.0)
    return length * jax.jvp(jax.grad(energy), (x,), (unit,))[1]

# %% wrong: v divided by its largest entry | NaN where v is all 0
def hvp(x, v):
    x, v = jnp.asarray(x), jnp.asarray(v)
    scale = jnp.max(jnp.abs(v))
    return scale * jax.jvp(jax.grad(energy), (x,), (v / scale,))[1]

# %% wrong: energy of two pendulums | divides by 4 instead of 2 n, wrong for any n but 2
def hvp(x, v):
    def two(x):
        return jnp.sum(1 - jnp.cos(x)) + jnp.sum(jnp.sin(x)) ** 2 / 4

    return jax.jvp(jax.grad(two), (jnp.asarray(x),), (jnp.asarray(v),))[1]

# %% wrong: angles brought into one turn first | the remainder by a rounded 2 pi is inexact for large angles
def hvp(x, v):
    x, v = jnp.mod(jnp.asarray(x), 2 * jnp.pi), jnp.asarray(v)
    return jax.jvp(jax.grad(energy), (x,), (v,))[1]

# %% wrong: v clipped to a million | wrong for longer v
def hvp(x, v):
    v = jnp.clip(jnp.asarray(v), -1e6, 1e6)
    return jax.jvp(jax.grad(energy), (jnp.asarray(x),), (v,))[1]

# %% wrong: formula in NumPy | fails under jit
def hvp(x, v):
    s, c = np.sin(np.asarray(x)), np.cos(np.asarray(x))
    v = np.asarray(v)
    return jnp.asarray((c - s.mean() * s) * v + c * np.mean(c * v))

# %% wrong: complex step of 1e-20 | overflows for v near 1e30, gives 0 for v near 1e-30
def hvp(x, v):
    h = 1e-20

    def slope(z):
        return jnp.sin(z) + jnp.cos(z) * jnp.mean(jnp.sin(z))

    return jnp.imag(slope(jnp.asarray(x) + 1j * (h * jnp.asarray(v)))) / h

# %% wrong: remembers the linearised gradient by n and the first angle | hidden state: other angles with the same first entry reuse it
_linear = {}


def hvp(x, v):
    x, v = jnp.asarray(x), jnp.asarray(v)
    if isinstance(x, jax.core.Tracer):
        return jax.jvp(jax.grad(energy), (x,), (v,))[1]
    key = x.shape, float(x[0])
    if key not in _linear:
        _linear[key] = jax.linearize(jax.grad(energy), x)[1]
    return _linear[key](v)
