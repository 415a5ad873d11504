# %% right: grad of a helper
def _rosenbrock(x):
    return jnp.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)


@jax.jit
def rosenbrock_grad(x):
    return jax.grad(_rosenbrock)(x)

# %% right: formula with .at[].add
@jax.jit
def rosenbrock_grad(x):
    x = jnp.asarray(x)
    left, right = x[:-1], x[1:]
    gap = right - left * left
    slopes = jnp.zeros_like(x)
    slopes = slopes.at[:-1].add(-400 * left * gap - 2 * (1 - left))
    return slopes.at[1:].add(200 * gap)

# %% right: formula with padding, jit by a call
def _slopes(x):
    gap = x[1:] - x[:-1] ** 2
    from_left = jnp.pad(200 * gap, (1, 0))
    from_right = jnp.pad(-400 * x[:-1] * gap - 2 * (1 - x[:-1]), (0, 1))
    return from_left + from_right


rosenbrock_grad = jax.jit(_slopes)

# %% right: vjp through a vector of terms
@jax.jit
def rosenbrock_grad(x):
    def terms(x):
        a, b = x[:-1], x[1:]
        return 100 * jnp.square(b - jnp.square(a)) + jnp.square(1 - a)

    values, back = jax.vjp(terms, x)
    return back(jnp.ones_like(values))[0]

# %% right: vmap of the slopes of one pair, then put together
def _pair(a, b):
    return 100 * (b - a**2) ** 2 + (1 - a) ** 2


@jax.jit
def rosenbrock_grad(x):
    by_left, by_right = jax.vmap(jax.grad(_pair, argnums=(0, 1)))(x[:-1], x[1:])
    nothing = jnp.zeros(1, x.dtype)
    return jnp.concatenate([by_left, nothing]) + jnp.concatenate([nothing, by_right])

# %% right: roll and mask, value_and_grad, lambda
@jax.jit
def rosenbrock_grad(x):
    inner = jnp.arange(x.shape[0]) < x.shape[0] - 1
    f = lambda x: jnp.where(
        inner, 100 * (jnp.roll(x, -1) - x * x) ** 2 + (x - 1) ** 2, 0
    ).sum()
    return jax.value_and_grad(f)(x)[1]

# %% right: residuals, gradient as twice the transposed Jacobian times the residuals
@jax.jit
def rosenbrock_grad(x):
    def residuals(x):
        return 10 * (x[1:] - x[:-1] ** 2), 1 - x[:-1]

    r, back = jax.vjp(residuals, x)
    return 2 * back(r)[0]

# %% wrong: always float32 | the result for float64 has the wrong dtype
@jax.jit
def rosenbrock_grad(x):
    def f(x):
        return jnp.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)

    return jax.grad(f)(x).astype(jnp.float32)

# %% wrong: computes in float32 and casts back | float64 input keeps seven digits only
@jax.jit
def rosenbrock_grad(x):
    def f(x):
        return jnp.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)

    return jax.grad(f)(jnp.asarray(x, jnp.float32)).astype(x.dtype)

# %% wrong: factors of NumPy's float64 | float32 input gives float64 where 64-bit types are on
SCALE, TWO = np.float64(200), np.float64(2)


@jax.jit
def rosenbrock_grad(x):
    gap = x[1:] - x[:-1] ** 2
    left = -TWO * SCALE * x[:-1] * gap - TWO * (1 - x[:-1])
    return jnp.pad(left, (0, 1)) + jnp.pad(SCALE * gap, (1, 0))

# %% right: no jit, fast enough
def rosenbrock_grad(x):
    def f(x):
        return jnp.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)

    return jax.grad(f)(jnp.asarray(x))

# %% wrong: jit of a new function at every call | compiles again each time
def rosenbrock_grad(x):
    def f(x):
        return jnp.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)

    return jax.jit(jax.grad(f))(x)

# %% wrong: forward mode | a pass for each variable, n by n numbers: too slow for 8000
@jax.jit
def rosenbrock_grad(x):
    def f(x):
        return jnp.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)

    return jax.jacfwd(f)(x)

# %% wrong: Python loop over the pairs, not compiled | thousands of single operations, too slow
def rosenbrock_grad(x):
    def f(x):
        total = 0.0
        for i in range(x.shape[0] - 1):
            total = total + 100 * (x[i + 1] - x[i] ** 2) ** 2 + (1 - x[i]) ** 2
        return total

    return jax.grad(f)(jnp.asarray(x))

# %% wrong: clips to the usual search box from -2.048 | wrong for entries below -2.048
@jax.jit
def rosenbrock_grad(x):
    def f(x):
        x = jnp.maximum(x, -2.048)
        return jnp.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)

    return jax.grad(f)(x)

# %% wrong: formula in NumPy | fails under jax.jit, not compiled
def rosenbrock_grad(x):
    x = np.asarray(x)
    gap = x[1:] - x[:-1] ** 2
    slopes = np.zeros_like(x)
    slopes[:-1] += -400 * x[:-1] * gap - 2 * (1 - x[:-1])
    slopes[1:] += 200 * gap
    return jnp.asarray(slopes)

# %% wrong: local differences for float64 | float64 slopes are inexact (grad only for float32)
@jax.jit
def rosenbrock_grad(x):
    def pair(a, b):
        return 100 * (b - a**2) ** 2 + (1 - a) ** 2

    a, b = x[:-1], x[1:]
    if x.dtype == jnp.float32:
        by_a, by_b = jax.vmap(jax.grad(pair, argnums=(0, 1)))(a, b)
    else:
        h = 1e-6
        by_a = (pair(a + h, b) - pair(a - h, b)) / (2 * h)
        by_b = (pair(a, b + h) - pair(a, b - h)) / (2 * h)
    return jnp.pad(by_a, (0, 1)) + jnp.pad(by_b, (1, 0))

# %% wrong: keeps the result by the number of variables | hidden state: a second x of the same length gets the old slopes, tracers leak
_known = {}
_gradient = jax.jit(
    jax.grad(lambda x: jnp.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2))
)


def rosenbrock_grad(x):
    key = x.shape, str(x.dtype)
    if key not in _known:
        _known[key] = _gradient(x)
    return _known[key]
