# %% right: fori_loop, vmap of grad of polyval
@partial(jax.jit, static_argnames="n_iter")
def newton_root(coeffs, x0, n_iter):
    slope = jax.vmap(jax.grad(jnp.polyval, argnums=1), in_axes=(None, 0))

    def step(_, x):
        return x - jnp.polyval(coeffs, x) / slope(coeffs, x)

    return lax.fori_loop(0, n_iter, step, x0)

# %% right: Horner's rule for value and slope in a Python loop over the coefficients
@partial(jax.jit, static_argnames="n_iter")
def newton_root(coeffs, x0, n_iter):
    def step(_, x):
        value, slope = jnp.zeros_like(x), jnp.zeros_like(x)
        for k in range(coeffs.shape[0]):
            slope = slope * x + value
            value = value * x + coeffs[k]
        return x - value / slope

    return lax.fori_loop(0, n_iter, step, x0)

# %% right: one start first, vmap around the whole loop
def _one_start(coeffs, x, n_iter):
    both = jax.value_and_grad(partial(jnp.polyval, coeffs))

    def step(_, x):
        value, slope = both(x)
        return x - value / slope

    return lax.fori_loop(0, n_iter, step, x)


@partial(jax.jit, static_argnums=2)
def newton_root(coeffs, x0, n_iter):
    return jax.vmap(lambda x: _one_start(coeffs, x, n_iter))(x0)

# %% right: scan over nothing, jvp along ones
@partial(jax.jit, static_argnames=("n_iter",))
def newton_root(coeffs, x0, n_iter):
    def step(x, _):
        value, slope = jax.jvp(lambda t: jnp.polyval(coeffs, t), (x,), (jnp.ones_like(x),))
        return x - value / slope, None

    end, _ = lax.scan(step, x0, None, length=n_iter)
    return end

# %% right: polyder once outside the loop
@partial(jax.jit, static_argnames="n_iter")
def newton_root(coeffs, x0, n_iter):
    powers = jnp.arange(coeffs.shape[0] - 1, 0, -1, dtype=coeffs.dtype)
    derived = coeffs[:-1] * powers
    return lax.fori_loop(
        0,
        n_iter,
        lambda i, x: x - jnp.polyval(coeffs, x) / jnp.polyval(derived, x),
        x0,
    )

# %% right: while_loop, slopes as grad of the sum
@partial(jax.jit, static_argnames="n_iter")
def newton_root(coeffs, x0, n_iter):
    def value(x):
        total = coeffs[0]
        for c in coeffs[1:]:
            total = total * x + c
        return total

    slope = jax.grad(lambda x: jnp.sum(value(x)))

    def body(state):
        i, x = state
        return i + 1, x - value(x) / slope(x)

    return lax.while_loop(lambda state: state[0] < n_iter, body, (0, x0))[1]

# %% wrong: stops when the step is below 1e-6 | stops early where roots and steps are tiny
@partial(jax.jit, static_argnames="n_iter")
def newton_root(coeffs, x0, n_iter):
    slope = jax.vmap(jax.grad(jnp.polyval, argnums=1), in_axes=(None, 0))

    def going(state):
        i, _, change = state
        return (i < n_iter) & (change > 1e-6)

    def body(state):
        i, x, _ = state
        move = jnp.polyval(coeffs, x) / slope(coeffs, x)
        return i + 1, x - move, jnp.max(jnp.abs(move))

    return lax.while_loop(going, body, (0, x0, jnp.float32(jnp.inf)))[1]

# %% wrong: 1e-8 added to the slope against division by 0 | wrong where slopes are small
@partial(jax.jit, static_argnames="n_iter")
def newton_root(coeffs, x0, n_iter):
    slope = jax.vmap(jax.grad(jnp.polyval, argnums=1), in_axes=(None, 0))

    def step(_, x):
        return x - jnp.polyval(coeffs, x) / (slope(coeffs, x) + 1e-8)

    return lax.fori_loop(0, n_iter, step, x0)

# %% wrong: steps clipped to 10 | large steps are cut short
@partial(jax.jit, static_argnames="n_iter")
def newton_root(coeffs, x0, n_iter):
    slope = jax.vmap(jax.grad(jnp.polyval, argnums=1), in_axes=(None, 0))

    def step(_, x):
        return x - jnp.clip(jnp.polyval(coeffs, x) / slope(coeffs, x), -10, 10)

    return lax.fori_loop(0, n_iter, step, x0)

# %% wrong: at most 50 steps | n_iter above 50 is ignored (slow at multiple roots and far starts)
@partial(jax.jit, static_argnames="n_iter")
def newton_root(coeffs, x0, n_iter):
    slope = jax.vmap(jax.grad(jnp.polyval, argnums=1), in_axes=(None, 0))

    def step(_, x):
        return x - jnp.polyval(coeffs, x) / slope(coeffs, x)

    return lax.fori_loop(0, min(n_iter, 50), step, x0)

# %% wrong: divides by the first coefficient | NaN where the first coefficient is 0
@partial(jax.jit, static_argnames="n_iter")
def newton_root(coeffs, x0, n_iter):
    monic = coeffs / coeffs[0]
    slope = jax.vmap(jax.grad(jnp.polyval, argnums=1), in_axes=(None, 0))

    def step(_, x):
        return x - jnp.polyval(monic, x) / slope(monic, x)

    return lax.fori_loop(0, n_iter, step, x0)

# %% wrong: slope by a central difference of step 0.5 | exact up to degree 2 only, other values after few steps
@partial(jax.jit, static_argnames="n_iter")
def newton_root(coeffs, x0, n_iter):
    p = partial(jnp.polyval, coeffs)

    def step(_, x):
        return x - p(x) / (p(x + 0.5) - p(x - 0.5))

    return lax.fori_loop(0, n_iter, step, x0)

# %% wrong: scan over the coefficients for value and slope | stores both after each coefficient, no faster than NumPy
@partial(jax.jit, static_argnames="n_iter")
def newton_root(coeffs, x0, n_iter):
    def step(_, x):
        def body(carry, c):
            value, slope = carry
            return (value * x + c, slope * x + value), None

        zero = jnp.zeros_like(x)
        (value, slope), _ = lax.scan(body, (zero, zero), coeffs)
        return x - value / slope

    return lax.fori_loop(0, n_iter, step, x0)

# %% wrong: lax.map over the starts | one start after the other, far too slow for 400,000
@partial(jax.jit, static_argnames="n_iter")
def newton_root(coeffs, x0, n_iter):
    def one(x):
        def step(_, x):
            slope = jax.grad(jnp.polyval, argnums=1)(coeffs, x)
            return x - jnp.polyval(coeffs, x) / slope

        return lax.fori_loop(0, n_iter, step, x)

    return lax.map(one, x0)

# %% wrong: slope as sum of k c x**k, divided by x | NaN at x = 0
@partial(jax.jit, static_argnames="n_iter")
def newton_root(coeffs, x0, n_iter):
    k = jnp.arange(coeffs.shape[0] - 1, -1, -1, dtype=coeffs.dtype)
    weighted = coeffs * k

    def step(_, x):
        return x - jnp.polyval(coeffs, x) / (jnp.polyval(weighted, x) / x)

    return lax.fori_loop(0, n_iter, step, x0)

# %% wrong: step kept by the number of coefficients | hidden state: a second polynomial of the same degree gets the roots of the first
_steps = {}


def newton_root(coeffs, x0, n_iter):
    k = coeffs.shape[0]
    if k not in _steps:
        p = partial(jnp.polyval, jnp.asarray(coeffs))
        slope = jax.vmap(jax.grad(p))

        @partial(jax.jit, static_argnums=1)
        def run_steps(x, n):
            return lax.fori_loop(0, n, lambda i, x: x - p(x) / slope(x), x)

        _steps[k] = run_steps
    return _steps[k](jnp.asarray(x0), n_iter)

# %% wrong: Horner for six coefficients at most | degrees above 5 lose their lowest terms
@partial(jax.jit, static_argnames="n_iter")
def newton_root(coeffs, x0, n_iter):
    def step(_, x):
        value, slope = jnp.zeros_like(x), jnp.zeros_like(x)
        for c in coeffs[:6]:
            slope = slope * x + value
            value = value * x + c
        return x - value / slope

    return lax.fori_loop(0, n_iter, step, x0)

# %% wrong: NumPy in place | changes the caller's starts, fails under jit
def newton_root(coeffs, x0, n_iter):
    coeffs = np.asarray(coeffs)
    slope = np.polyder(coeffs)
    x = x0 if isinstance(x0, np.ndarray) else np.array(x0)
    for _ in range(n_iter):
        x -= np.polyval(coeffs, x) / np.polyval(slope, x)
    return jnp.asarray(x)
