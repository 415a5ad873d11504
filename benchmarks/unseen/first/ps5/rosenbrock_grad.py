# %% right: grad of the vectorised function
def rosen(x):
    return jnp.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)


@jax.jit
def rosenbrock_grad(x):
    return jax.grad(rosen)(x)

# %% right: formula with .at[].add
@jax.jit
def rosenbrock_grad(x):
    a, b = x[:-1], x[1:]
    r = b - a * a
    g = jnp.zeros_like(x)
    g = g.at[:-1].add(-400 * a * r - 2 * (1 - a))
    return g.at[1:].add(200 * r)

# %% right: formula, two padded pieces
@jax.jit
def rosenbrock_grad(x):
    left, right = x[:-1], x[1:]
    r = right - jnp.square(left)
    return jnp.pad(-400 * left * r + 2 * (left - 1), (0, 1)) + jnp.pad(200 * r, (1, 0))

# %% right: vjp of the vector of residuals
@jax.jit
def rosenbrock_grad(x):
    def residuals(x):
        return jnp.concatenate([10 * (x[1:] - x[:-1] ** 2), 1 - x[:-1]])
    r, pull = jax.vjp(residuals, jnp.asarray(x))
    return 2 * pull(r)[0]

# %% right: vmap of the pair's gradient, shifted sums
def _pair(left, right):
    return 100 * (right - left**2) ** 2 + (1 - left) ** 2


@jax.jit
def rosenbrock_grad(x):
    to_left, to_right = jax.vmap(jax.grad(_pair, argnums=(0, 1)))(x[:-1], x[1:])
    zero = jnp.zeros((1,), x.dtype)
    return jnp.concatenate([to_left, zero]) + jnp.concatenate([zero, to_right])

# %% right: roll and a mask that leaves out the wrap-around
@jax.jit
def rosenbrock_grad(x):
    n = x.shape[0]
    def height(x):
        terms = 100 * (jnp.roll(x, -1) - x**2) ** 2 + (1 - x) ** 2
        return jnp.where(jnp.arange(n) < n - 1, terms, 0).sum()
    return jax.jacrev(height)(x)

# %% right: no jit on the outside, value_and_grad
def rosenbrock_grad(x):
    def height(z):
        left, right = z[:-1], z[1:]
        return 100 * jnp.vdot(right - left**2, right - left**2) + jnp.vdot(1 - left, 1 - left)
    _, gradient = jax.value_and_grad(height)(jnp.asarray(x))
    return gradient

# %% right: lax slices and scale by integer powers, constants in the dtype of x
@partial(jax.jit)
def rosenbrock_grad(x):
    x = jnp.asarray(x)
    n = x.shape[0]
    hundred, one = jnp.asarray(100, x.dtype), jnp.asarray(1, x.dtype)
    def r(x):
        lo, hi = lax.slice(x, (0,), (n - 1,)), lax.slice(x, (1,), (n,))
        bend = lax.integer_pow(lax.sub(hi, lax.integer_pow(lo, 2)), 2)
        return jnp.sum(hundred * bend) + jnp.sum(lax.integer_pow(one - lo, 2))
    return jax.grad(r)(x)

# %% right: vmapped indices under the sum
@jax.jit
def rosenbrock_grad(x):
    def term(x, i):
        here, there = x[i], x[i + 1]
        return 100.0 * (there - here**2) ** 2 + (1.0 - here) ** 2
    def whole(x):
        return jax.vmap(term, (None, 0))(x, jnp.arange(x.size - 1)).sum()
    return jax.grad(whole)(jnp.asarray(x))

# %% right: formula by ends and middle, joined with hstack
@jax.jit
def rosenbrock_grad(x):
    first = -400 * x[0] * (x[1] - x[0] ** 2) - 2 * (1 - x[0])
    m, before, after = x[1:-1], x[:-2], x[2:]
    middle = 200 * (m - before**2) - 400 * m * (after - m**2) - 2 * (1 - m)
    last = 200 * (x[-1] - x[-2] ** 2)
    return jnp.hstack([first, middle, last])

# %% right: linear_transpose of the shift, functional style
@jax.jit
def rosenbrock_grad(x):
    tail, init = (lambda z: z[1:]), (lambda z: z[:-1])
    up = lambda f, c: jax.linear_transpose(f, x)(c)[0]
    r = tail(x) - init(x) ** 2
    return up(tail, 200 * r) + up(init, -400 * init(x) * r - 2 * (1 - init(x)))

# %% wrong: float32 all the way | "The result has the dtype of x ... float64"
@jax.jit
def rosenbrock_grad(x):
    x = jnp.asarray(x, jnp.float32)
    return jax.grad(lambda x: jnp.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2))(x)

# %% wrong: computed in float32, dtype restored at the end | float64's digits are lost on the way
@jax.jit
def rosenbrock_grad(x):
    z = jnp.asarray(x, jnp.float32)
    g = jax.grad(lambda x: jnp.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2))(z)
    return g.astype(x.dtype)

# %% wrong: result array of default dtype | "The result has the dtype of x": float32 becomes float64 where 64-bit types are on
@jax.jit
def rosenbrock_grad(x):
    r = x[1:] - x[:-1] ** 2
    g = jnp.zeros(x.size)
    g = g.at[:-1].add(-400 * x[:-1] * r - 2 * (1 - x[:-1]))
    return g.at[1:].add(200 * r)

# %% wrong: gradient clipping at 1000 | the gradient, which reaches thousands between -2 and 2
@jax.jit
def rosenbrock_grad(x):
    g = jax.grad(lambda x: jnp.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2))(x)
    return jnp.clip(g, -1005.0, 1005.0)

# %% wrong: two variables by a formula of its own with 200 for 400 | the general sum holds for n = 2 too
@jax.jit
def rosenbrock_grad(x):
    if x.size == 2:
        r = x[1] - x[0] ** 2
        return jnp.stack([-200 * x[0] * r - 2 * (1 - x[0]), 200 * r])
    return jax.grad(lambda x: jnp.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2))(x)

# %% wrong: dense shift matrix, n by n | "12 times the speed": 64 million entries for 8000 variables
@jax.jit
def rosenbrock_grad(x):
    n = x.shape[0]
    def height(x):
        i = jnp.arange(n)
        D = jnp.where(i[:, None] + 1 == i[None], x[None, :] - x[:, None] ** 2, 0)
        return 100 * jnp.sum(D**2) + jnp.sum((1 - x[:-1]) ** 2)
    return jax.grad(height)(x)

# %% wrong: forward mode, one pass for each variable | "12 times the speed"; cost must not grow with n
@jax.jit
def rosenbrock_grad(x):
    return jax.jacfwd(lambda x: jnp.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2))(x)

# %% wrong: float64 constants of NumPy promote | "The result has the dtype of x": float32 becomes float64 where 64-bit types are on
HUNDRED = np.float64(100)


@jax.jit
def rosenbrock_grad(x):
    r = x[1:] - x[:-1] ** 2
    left = -4 * HUNDRED * x[:-1] * r - 2 * (1 - x[:-1])
    return jnp.append(left, 0) + jnp.insert(2 * HUNDRED * r, 0, 0)

# %% wrong: expects a JAX array, .at on a NumPy argument is avoided by writing into a NumPy buffer | under jit np.asarray of x fails
def rosenbrock_grad(x):
    x = np.asarray(x)
    g = np.zeros_like(x)
    r = x[1:] - x[:-1] ** 2
    g[:-1] += -400 * x[:-1] * r - 2 * (1 - x[:-1])
    g[1:] += 200 * r
    return jnp.asarray(g)

# %% wrong: small slopes set to exactly 0 to "clean" rounding | near the floor of the valley they are the gradient
@jax.jit
def rosenbrock_grad(x):
    g = jax.grad(lambda x: jnp.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2))(x)
    return jnp.where(jnp.abs(g) < 1e-2, 0, g)
