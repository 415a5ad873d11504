# %% right: fori_loop, vmap of grad
@partial(jax.jit, static_argnames="n_iter")
def newton_root(coeffs, x0, n_iter):
    slope = jax.vmap(jax.grad(jnp.polyval, argnums=1), in_axes=(None, 0))
    def step(_, x):
        return x - jnp.polyval(coeffs, x) / slope(coeffs, x)
    return lax.fori_loop(0, n_iter, step, jnp.asarray(x0))

# %% right: one start in a loop of its own, all of it vmapped
@partial(jax.jit, static_argnames="n_iter")
def newton_root(coeffs, x0, n_iter):
    p = partial(jnp.polyval, coeffs)
    def walk(x):
        def step(i, x):
            value, slope = jax.value_and_grad(p)(x)
            return x - value / slope
        return lax.fori_loop(0, n_iter, step, x)
    return jax.vmap(walk)(jnp.asarray(x0))

# %% right: Horner for value and slope in a Python loop over the coefficients
@partial(jax.jit, static_argnames=["n_iter"])
def newton_root(coeffs, x0, n_iter):
    def step(_, x):
        value = jnp.full_like(x, coeffs[0])
        slope = jnp.zeros_like(x)
        for k in range(1, coeffs.shape[0]):
            slope = slope * x + value
            value = value * x + coeffs[k]
        return x - value / slope
    return lax.fori_loop(0, n_iter, step, x0)

# %% right: polyder once, scan without inputs
@partial(jax.jit, static_argnums=2)
def newton_root(coeffs, x0, n_iter):
    derived = jnp.polyder(coeffs)
    def step(x, _):
        return x - jnp.polyval(coeffs, x) / jnp.polyval(derived, x), None
    end, _ = lax.scan(step, jnp.asarray(x0), xs=None, length=n_iter)
    return end

# %% right: jvp of the whole vector along ones
@partial(jax.jit, static_argnames="n_iter")
def newton_root(coeffs, x0, n_iter):
    def step(_, x):
        y, dy = jax.jvp(lambda t: jnp.polyval(coeffs, t), (x,), (jnp.ones_like(x),))
        return x - y / dy
    return lax.fori_loop(0, n_iter, step, jnp.asarray(x0))

# %% right: Python loop of steps under jit, slope from the grad of the sum
@partial(jax.jit, static_argnames="n_iter")
def newton_root(coeffs, x0, n_iter):
    slope = jax.grad(lambda x: jnp.polyval(coeffs, x).sum())
    x = jnp.asarray(x0)
    for _ in range(n_iter):
        x = x - jnp.polyval(coeffs, x) / slope(x)
    return x

# %% right: while_loop with a counter
@partial(jax.jit, static_argnames="n_iter")
def newton_root(coeffs, x0, n_iter):
    n = coeffs.size - 1
    powers = jnp.arange(n, 0, -1).astype(coeffs.dtype)
    lower = coeffs[:-1] * powers
    def going(state):
        return state[0] < n_iter
    def step(state):
        i, x = state
        return i + 1, x - jnp.polyval(coeffs, x) / jnp.polyval(lower, x)
    return lax.while_loop(going, step, (0, jnp.asarray(x0)))[1]

# %% right: vjp, closure factory, fixed number of steps as a composed function
def _newton_step(p):
    def step(_, x):
        y, pull = jax.vjp(p, x)
        return x - y / pull(jnp.ones_like(y))[0]
    return step


@partial(jax.jit, static_argnames="n_iter")
def newton_root(coeffs, x0, n_iter):
    c = jnp.asarray(coeffs)
    def p(x):
        total = 0.0
        for a in c:
            total = total * x + a
        return total
    return lax.fori_loop(0, n_iter, _newton_step(p), jnp.asarray(x0))

# %% right: linearize per start, vmapped step
@partial(jax.jit, static_argnames="n_iter")
def newton_root(coeffs, x0, n_iter):
    @jax.vmap
    def step(x):
        y, line = jax.linearize(lambda t: jnp.polyval(coeffs, t), x)
        return x - y / line(jnp.ones((), x.dtype))
    return lax.fori_loop(0, n_iter, lambda i, x: step(x), jnp.asarray(x0))

# %% right: two steps in one pass of the loop, one left over
@partial(jax.jit, static_argnames="n_iter")
def newton_root(coeffs, x0, n_iter):
    p = lambda x: jnp.polyval(coeffs, x)
    one = jax.vmap(lambda x: x - p(x) / jax.jacfwd(p)(x))
    half, odd = divmod(n_iter, 2)
    x = lax.fori_loop(0, half, lambda _, x: one(one(x)), jnp.asarray(x0))
    return one(x) if odd else x

# %% right: slope of 0 guarded, which never happens on allowed inputs
@partial(jax.jit, static_argnames="n_iter")
def newton_root(coeffs, x0, n_iter):
    both = jax.vmap(jax.value_and_grad(jnp.polyval, argnums=1), in_axes=(None, 0))
    def step(_, x):
        y, dy = both(coeffs, x)
        return jnp.where(dy == 0, x, x - y / jnp.where(dy == 0, 1, dy))
    return lax.fori_loop(0, n_iter, step, jnp.asarray(x0))

# %% right: sums of powers of x for value and slope
@partial(jax.jit, static_argnames="n_iter")
def newton_root(coeffs, x0, n_iter):
    k = coeffs.shape[0]
    def step(_, x):
        value = sum(coeffs[j] * x ** (k - 1 - j) for j in range(k))
        slope = sum((k - 1 - j) * coeffs[j] * x ** (k - 2 - j) for j in range(k - 1))
        return x - value / slope
    return lax.fori_loop(0, n_iter, step, jnp.asarray(x0))

# %% wrong: stops where the value is below 1e-6 | "Take n_iter steps"; "values and slopes may be small"
@partial(jax.jit, static_argnames="n_iter")
def newton_root(coeffs, x0, n_iter):
    slope = jax.vmap(jax.grad(jnp.polyval, argnums=1), in_axes=(None, 0))
    def step(_, x):
        y = jnp.polyval(coeffs, x)
        return jnp.where(jnp.abs(y) < 1e-6, x, x - y / slope(coeffs, x))
    return lax.fori_loop(0, n_iter, step, jnp.asarray(x0))

# %% wrong: epsilon added to the slope | "slopes may be small", no step meets a slope of 0
@partial(jax.jit, static_argnames="n_iter")
def newton_root(coeffs, x0, n_iter):
    slope = jax.vmap(jax.grad(jnp.polyval, argnums=1), in_axes=(None, 0))
    def step(_, x):
        return x - jnp.polyval(coeffs, x) / (slope(coeffs, x) + 1e-8)
    return lax.fori_loop(0, n_iter, step, jnp.asarray(x0))

# %% wrong: step limited to 10 | x - p(x) / p'(x), however long the step
@partial(jax.jit, static_argnames="n_iter")
def newton_root(coeffs, x0, n_iter):
    slope = jax.vmap(jax.grad(jnp.polyval, argnums=1), in_axes=(None, 0))
    def step(_, x):
        return x - jnp.clip(jnp.polyval(coeffs, x) / slope(coeffs, x), -10, 10)
    return lax.fori_loop(0, n_iter, step, jnp.asarray(x0))

# %% wrong: makes the polynomial monic | "the first may be 0"
@partial(jax.jit, static_argnames="n_iter")
def newton_root(coeffs, x0, n_iter):
    monic = coeffs / coeffs[0]
    derived = jnp.polyder(monic)
    def step(_, x):
        return x - jnp.polyval(monic, x) / jnp.polyval(derived, x)
    return lax.fori_loop(0, n_iter, step, jnp.asarray(x0))

# %% wrong: slope renewed only every second step | x - p(x) / p'(x) at each x
@partial(jax.jit, static_argnames="n_iter")
def newton_root(coeffs, x0, n_iter):
    derived = jnp.polyder(coeffs)
    def step(_, x):
        s = jnp.polyval(derived, x)
        x = x - jnp.polyval(coeffs, x) / s
        return x - jnp.polyval(coeffs, x) / s
    x = lax.fori_loop(0, n_iter // 2, step, jnp.asarray(x0))
    if n_iter % 2:
        x = x - jnp.polyval(coeffs, x) / jnp.polyval(derived, x)
    return x

# %% wrong: at most 20 steps, "the digits double" | "Take n_iter steps": slow convergence at double roots
@partial(jax.jit, static_argnames="n_iter")
def newton_root(coeffs, x0, n_iter):
    slope = jax.vmap(jax.grad(jnp.polyval, argnums=1), in_axes=(None, 0))
    def step(_, x):
        return x - jnp.polyval(coeffs, x) / slope(coeffs, x)
    return lax.fori_loop(0, min(n_iter, 20), step, jnp.asarray(x0))

# %% wrong: ends for all once the mean step is small | a few starts far away still need their steps
@partial(jax.jit, static_argnames="n_iter")
def newton_root(coeffs, x0, n_iter):
    slope = jax.vmap(jax.grad(jnp.polyval, argnums=1), in_axes=(None, 0))
    def going(state):
        i, x, moved = state
        return (i < n_iter) & (moved > 1e-5)
    def step(state):
        i, x, _ = state
        new = x - jnp.polyval(coeffs, x) / slope(coeffs, x)
        return i + 1, new, jnp.median(jnp.abs(new - x)[:1001])
    return lax.while_loop(going, step, (0, jnp.asarray(x0), jnp.float32(np.inf)))[1]

# %% wrong: value times slope over slope squared, which under- or overflows | "slopes may be small or large, as long as float32 holds them"
@partial(jax.jit, static_argnames="n_iter")
def newton_root(coeffs, x0, n_iter):
    derived = jnp.polyder(coeffs)
    def step(_, x):
        return x - jnp.polyval(coeffs, x) * jnp.polyval(derived, x) / jnp.polyval(derived, x) ** 2
    return lax.fori_loop(0, n_iter, step, jnp.asarray(x0))

# %% wrong: scan over the coefficients | "A lax.scan over the coefficients ... was no faster than NumPy"
@partial(jax.jit, static_argnames="n_iter")
def newton_root(coeffs, x0, n_iter):
    x0 = jnp.asarray(x0)
    def step(_, x):
        def horner(state, c):
            v, s = state
            return (v * x + c, s * x + v), None
        (v, s), _ = lax.scan(horner, (jnp.zeros_like(x), jnp.zeros_like(x)), coeffs)
        return x - v / s
    return lax.fori_loop(0, n_iter, step, x0)

# %% wrong: rejects steps that enlarge |p| | Newton's step is taken whether or not it helps
@partial(jax.jit, static_argnames="n_iter")
def newton_root(coeffs, x0, n_iter):
    derived = jnp.polyder(coeffs)
    def step(_, x):
        y = jnp.polyval(coeffs, x)
        new = x - y / jnp.polyval(derived, x)
        worse = jnp.abs(jnp.polyval(coeffs, new)) > 2 * jnp.abs(y)
        return jnp.where(worse, (x + new) / 2, new)
    return lax.fori_loop(0, n_iter, step, jnp.asarray(x0))

# %% wrong: scales by the largest coefficient, tiny ones vanish | all coefficients count, "small or large"
@partial(jax.jit, static_argnames="n_iter")
def newton_root(coeffs, x0, n_iter):
    c = coeffs / jnp.max(jnp.abs(coeffs))
    c = jnp.where(jnp.abs(c) < 1e-7, 0, c)
    derived = jnp.polyder(c)
    def step(_, x):
        return x - jnp.polyval(c, x) / jnp.polyval(derived, x)
    return lax.fori_loop(0, n_iter, step, jnp.asarray(x0))
