# %% right: fori_loop with vmap of grad of polyval
@partial(jax.jit, static_argnames="n_iter")
def newton_root(
    coeffs: Float32[Array, "k"], x0: Float32[Array, "n"], n_iter: int
) -> Float32[Array, "n"]:
    slope = jax.vmap(jax.grad(jnp.polyval, argnums=1), in_axes=(None, 0))

    def step(i, x):
        return x - jnp.polyval(coeffs, x) / slope(coeffs, x)

    return lax.fori_loop(0, n_iter, step, x0)

# %% right: Horner written out, value and slope together
@partial(jax.jit, static_argnames="n_iter")
def newton_root(
    coeffs: Float32[Array, "k"], x0: Float32[Array, "n"], n_iter: int
) -> Float32[Array, "n"]:
    def step(_, x):
        value = jnp.zeros_like(x)
        slope = jnp.zeros_like(x)
        for k in range(coeffs.shape[0]):
            slope = slope * x + value
            value = value * x + coeffs[k]
        return x - value / slope

    return lax.fori_loop(0, n_iter, step, x0)

# %% right: NumPy veteran, polyder outside the loop
@partial(jax.jit, static_argnames=("n_iter",))
def newton_root(
    coeffs: Float32[Array, "k"], x0: Float32[Array, "n"], n_iter: int
) -> Float32[Array, "n"]:
    derivative = jnp.polyder(coeffs)
    return lax.fori_loop(
        0, n_iter, lambda _, x: x - jnp.polyval(coeffs, x) / jnp.polyval(derivative, x), x0
    )

# %% right: functional, jvp of one start inside lax.scan, vmapped as a whole
def _horner(coeffs, x):
    value = coeffs[0] * jnp.ones_like(x)
    for c in coeffs[1:]:
        value = value * x + c
    return value


@partial(jax.jit, static_argnums=2)
def newton_root(
    coeffs: Float32[Array, "k"], x0: Float32[Array, "n"], n_iter: int
) -> Float32[Array, "n"]:
    p = partial(_horner, coeffs)

    def one_start(start):
        def step(x, _):
            value, slope = jax.jvp(p, (x,), (jnp.ones_like(x),))
            return x - value / slope, None

        return lax.scan(step, start, None, length=n_iter)[0]

    return jax.vmap(one_start)(x0)

# %% wrong: stops when no start moves by more than 1e-6 | n_iter steps are asked; roots of size 1e-6 and less are not reached
@partial(jax.jit, static_argnames="n_iter")
def newton_root(
    coeffs: Float32[Array, "k"], x0: Float32[Array, "n"], n_iter: int
) -> Float32[Array, "n"]:
    slope = jax.vmap(jax.grad(jnp.polyval, argnums=1), in_axes=(None, 0))

    def moving(state):
        i, _, moved = state
        return (i < n_iter) & (moved > 1e-6)

    def step(state):
        i, x, _ = state
        move = jnp.polyval(coeffs, x) / slope(coeffs, x)
        return i + 1, x - move, jnp.max(jnp.abs(move))

    return lax.while_loop(moving, step, (0, x0, jnp.float32(jnp.inf)))[1]

# %% wrong: a small number added to the slope | steps where slopes are small (1e-8, say), which is allowed
@partial(jax.jit, static_argnames="n_iter")
def newton_root(
    coeffs: Float32[Array, "k"], x0: Float32[Array, "n"], n_iter: int
) -> Float32[Array, "n"]:
    derivative = jnp.polyder(coeffs)

    def step(_, x):
        slope = jnp.polyval(derivative, x)
        slope = slope + jnp.where(slope < 0, -1e-9, 1e-9)
        return x - jnp.polyval(coeffs, x) / slope

    return lax.fori_loop(0, n_iter, step, x0)

# %% wrong: makes the polynomial monic first | NaN where the first coefficient is 0
@partial(jax.jit, static_argnames="n_iter")
def newton_root(
    coeffs: Float32[Array, "k"], x0: Float32[Array, "n"], n_iter: int
) -> Float32[Array, "n"]:
    monic = coeffs / coeffs[0]
    derivative = jnp.polyder(monic)

    def step(_, x):
        return x - jnp.polyval(monic, x) / jnp.polyval(derivative, x)

    return lax.fori_loop(0, n_iter, step, x0)

# %% wrong: leaves a start where the value is nearly 0 | polynomials with small values stand still too early
@partial(jax.jit, static_argnames="n_iter")
def newton_root(
    coeffs: Float32[Array, "k"], x0: Float32[Array, "n"], n_iter: int
) -> Float32[Array, "n"]:
    derivative = jnp.polyder(coeffs)

    def step(_, x):
        value = jnp.polyval(coeffs, x)
        found = jnp.abs(value) < 1e-7
        return jnp.where(found, x, x - value / jnp.polyval(derivative, x))

    return lax.fori_loop(0, n_iter, step, x0)

# %% wrong: limits each step to 10 | long steps, from flat places or far roots, are cut
@partial(jax.jit, static_argnames="n_iter")
def newton_root(
    coeffs: Float32[Array, "k"], x0: Float32[Array, "n"], n_iter: int
) -> Float32[Array, "n"]:
    slope = jax.vmap(jax.grad(jnp.polyval, argnums=1), in_axes=(None, 0))

    def step(_, x):
        move = jnp.polyval(coeffs, x) / slope(coeffs, x)
        return x - jnp.clip(move, -10.0, 10.0)

    return lax.fori_loop(0, n_iter, step, x0)

# %% wrong: slope by a central difference with step 0.01 | inexact single steps; slope 0 for large x, wrong for tiny x
@partial(jax.jit, static_argnames="n_iter")
def newton_root(
    coeffs: Float32[Array, "k"], x0: Float32[Array, "n"], n_iter: int
) -> Float32[Array, "n"]:
    h = 0.01

    def step(_, x):
        slope = (jnp.polyval(coeffs, x + h) - jnp.polyval(coeffs, x - h)) / (2 * h)
        return x - jnp.polyval(coeffs, x) / slope

    return lax.fori_loop(0, n_iter, step, x0)

# %% wrong: at most 50 steps, Newton is quadratic | far starts and double roots need, and n_iter asks for, more
@partial(jax.jit, static_argnames="n_iter")
def newton_root(
    coeffs: Float32[Array, "k"], x0: Float32[Array, "n"], n_iter: int
) -> Float32[Array, "n"]:
    slope = jax.vmap(jax.grad(jnp.polyval, argnums=1), in_axes=(None, 0))

    def step(_, x):
        return x - jnp.polyval(coeffs, x) / slope(coeffs, x)

    return lax.fori_loop(0, min(n_iter, 50), step, x0)

# %% wrong: without jit, a Python loop of eager steps | not compiled as a whole any more, too slow
def newton_root(
    coeffs: Float32[Array, "k"], x0: Float32[Array, "n"], n_iter: int
) -> Float32[Array, "n"]:
    coeffs, x = jnp.asarray(coeffs), jnp.asarray(x0)
    slope = jax.vmap(jax.grad(jnp.polyval, argnums=1), in_axes=(None, 0))
    for _ in range(n_iter):
        x = x - jnp.polyval(coeffs, x) / slope(coeffs, x)
    return x
