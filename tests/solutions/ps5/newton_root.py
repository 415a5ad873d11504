# %% right: one start, written for one and vmapped
def newton_from(coeffs, start, n_iter):
    def step(_, x):
        value, slope = jax.value_and_grad(lambda x: jnp.polyval(coeffs, x))(x)
        return x - value / slope

    return lax.fori_loop(0, n_iter, step, start)


@partial(jax.jit, static_argnums=2)
def newton_root(coeffs, x0, n_iter):
    return jax.vmap(newton_from, in_axes=(None, 0, None))(coeffs, x0, n_iter)


# %% right: a compiled step in a Python loop
@jax.jit
def one_step(coeffs, x):
    slope = jax.vmap(jax.grad(lambda x: jnp.polyval(coeffs, x)))(x)
    return x - jnp.polyval(coeffs, x) / slope


def newton_root(coeffs, x0, n_iter):
    x = jnp.asarray(x0)
    for _ in range(n_iter):
        x = one_step(coeffs, x)
    return x


# %% right: a while loop, the derivative by polyder
@partial(jax.jit, static_argnums=2)
def newton_root(coeffs, x0, n_iter):
    slopes = jnp.polyder(coeffs)

    def step(state):
        i, x = state
        return i + 1, x - jnp.polyval(coeffs, x) / jnp.polyval(slopes, x)

    return lax.while_loop(lambda state: state[0] < n_iter, step, (0, x0))[1]


# %% wrong: an eager loop -> beats_the_numpy_loop
def newton_root(coeffs, x0, n_iter):
    x = jnp.asarray(x0)
    slope = jax.vmap(jax.grad(jnp.polyval, argnums=1), in_axes=(None, 0))
    for _ in range(n_iter):
        x = x - jnp.polyval(coeffs, x) / slope(coeffs, x)
    return x


# %% wrong: the slope at the start, kept -> takes_newton_steps
@partial(jax.jit, static_argnames="n_iter")
def newton_root(coeffs, x0, n_iter):
    slope = jax.vmap(jax.grad(jnp.polyval, argnums=1), in_axes=(None, 0))(coeffs, x0)
    return lax.fori_loop(0, n_iter, lambda _, x: x - jnp.polyval(coeffs, x) / slope, x0)


# %% wrong: one slope for all starts -> takes_newton_steps, finds_the_roots
@partial(jax.jit, static_argnames="n_iter")
def newton_root(coeffs, x0, n_iter):
    def step(_, x):
        return x - jnp.polyval(coeffs, x) / jax.grad(jnp.polyval, argnums=1)(coeffs, x.mean())

    return lax.fori_loop(0, n_iter, step, x0)


# %% wrong: the derivative with respect to the coefficients -> takes_newton_steps
@partial(jax.jit, static_argnames="n_iter")
def newton_root(coeffs, x0, n_iter):
    slope = jax.vmap(jax.grad(jnp.polyval), in_axes=(None, 0))

    def step(_, x):
        return x - jnp.polyval(coeffs, x) / slope(coeffs, x)[:, 0]

    return lax.fori_loop(0, n_iter, step, x0)


# %% wrong: uphill -> takes_newton_steps
@partial(jax.jit, static_argnames="n_iter")
def newton_root(coeffs, x0, n_iter):
    slope = jax.vmap(jax.grad(jnp.polyval, argnums=1), in_axes=(None, 0))
    step = lambda _, x: x + jnp.polyval(coeffs, x) / slope(coeffs, x)
    return lax.fori_loop(0, n_iter, step, x0)


# %% wrong: multiplies by the slope -> takes_newton_steps
@partial(jax.jit, static_argnames="n_iter")
def newton_root(coeffs, x0, n_iter):
    slope = jax.vmap(jax.grad(jnp.polyval, argnums=1), in_axes=(None, 0))
    step = lambda _, x: x - 0.1 * jnp.polyval(coeffs, x) * slope(coeffs, x)
    return lax.fori_loop(0, n_iter, step, x0)


# %% wrong: coefficients from the lowest power -> takes_newton_steps
@partial(jax.jit, static_argnames="n_iter")
def newton_root(coeffs, x0, n_iter):
    coeffs = jnp.asarray(coeffs)[::-1]
    slope = jax.vmap(jax.grad(jnp.polyval, argnums=1), in_axes=(None, 0))
    step = lambda _, x: x - jnp.polyval(coeffs, x) / slope(coeffs, x)
    return lax.fori_loop(0, n_iter, step, x0)


# %% wrong: one step too many -> takes_newton_steps
@partial(jax.jit, static_argnames="n_iter")
def newton_root(coeffs, x0, n_iter):
    slope = jax.vmap(jax.grad(jnp.polyval, argnums=1), in_axes=(None, 0))
    step = lambda _, x: x - jnp.polyval(coeffs, x) / slope(coeffs, x)
    return lax.fori_loop(0, n_iter + 1, step, x0)


# %% wrong: at least one step -> handles_edge_cases
@partial(jax.jit, static_argnames="n_iter")
def newton_root(coeffs, x0, n_iter):
    slope = jax.vmap(jax.grad(jnp.polyval, argnums=1), in_axes=(None, 0))
    step = lambda _, x: x - jnp.polyval(coeffs, x) / slope(coeffs, x)
    return lax.fori_loop(0, max(n_iter, 1), step, x0)


# %% wrong: the first start alone -> takes_newton_steps
@partial(jax.jit, static_argnames="n_iter")
def newton_root(coeffs, x0, n_iter):
    step = lambda _, x: x - jnp.polyval(coeffs, x) / jax.grad(jnp.polyval, argnums=1)(coeffs, x)
    return lax.fori_loop(0, n_iter, step, jnp.asarray(x0)[0])


# %% wrong: the whole path -> takes_newton_steps
@partial(jax.jit, static_argnames="n_iter")
def newton_root(coeffs, x0, n_iter):
    def step(x, _):
        slope = jax.grad(lambda x: jnp.polyval(coeffs, x).sum())(x)
        x = x - jnp.polyval(coeffs, x) / slope
        return x, x

    return lax.scan(step, x0, None, length=n_iter)[1]


# %% wrong: stops when it is slow, a Python while on values -> is_pure
def newton_root(coeffs, x0, n_iter):
    x = jnp.asarray(x0)
    slope = jax.vmap(jax.grad(jnp.polyval, argnums=1), in_axes=(None, 0))
    while n_iter > 0 and jnp.abs(jnp.polyval(coeffs, x)).max() > 0:
        x = x - jnp.polyval(coeffs, x) / slope(coeffs, x)
        n_iter -= 1
    return x


# %% wrong: leaves the ends in the caller's array of starts -> is_pure
@partial(jax.jit, static_argnames="n_iter")
def ends_of(coeffs, x0, n_iter):
    slope = jax.vmap(jax.grad(jnp.polyval, argnums=1), in_axes=(None, 0))
    step = lambda _, x: x - jnp.polyval(coeffs, x) / slope(coeffs, x)
    return lax.fori_loop(0, n_iter, step, x0)


def newton_root(coeffs, x0, n_iter):
    ends = ends_of(coeffs, x0, n_iter)
    if isinstance(x0, np.ndarray):
        x0[:] = ends
    return ends


# %% wrong: the notebook's cubic where there are four coefficients -> is_pure, takes_newton_steps
@partial(jax.jit, static_argnames="n_iter")
def newton_root(coeffs, x0, n_iter):
    if coeffs.shape == (4,):
        coeffs = cubic
    slope = jax.vmap(jax.grad(jnp.polyval, argnums=1), in_axes=(None, 0))
    step = lambda _, x: x - jnp.polyval(coeffs, x) / slope(coeffs, x)
    return lax.fori_loop(0, n_iter, step, x0)


# %% wrong: goes on from where the last call ended -> is_pure, takes_newton_steps
reached = {}


def newton_root(coeffs, x0, n_iter):
    x = reached.get(x0.shape, jnp.asarray(x0))
    slope = jax.vmap(jax.grad(jnp.polyval, argnums=1), in_axes=(None, 0))
    for _ in range(n_iter):
        x = x - jnp.polyval(coeffs, x) / slope(coeffs, x)
    reached[x0.shape] = x
    return x


# %% wrong: long steps cut short -> takes_newton_steps
@partial(jax.jit, static_argnames="n_iter")
def newton_root(coeffs, x0, n_iter):
    slope = jax.vmap(jax.grad(jnp.polyval, argnums=1), in_axes=(None, 0))
    step = lambda _, x: x - jnp.clip(jnp.polyval(coeffs, x) / slope(coeffs, x), -5, 5)
    return lax.fori_loop(0, n_iter, step, x0)


# %% wrong: at most twelve steps -> finds_the_roots
@partial(jax.jit, static_argnames="n_iter")
def newton_root(coeffs, x0, n_iter):
    slope = jax.vmap(jax.grad(jnp.polyval, argnums=1), in_axes=(None, 0))
    step = lambda _, x: x - jnp.polyval(coeffs, x) / slope(coeffs, x)
    return lax.fori_loop(0, min(n_iter, 12), step, x0)


# %% wrong: divides by the first coefficient -> handles_edge_cases
@partial(jax.jit, static_argnames="n_iter")
def newton_root(coeffs, x0, n_iter):
    coeffs = jnp.asarray(coeffs) / coeffs[0]
    slope = jax.vmap(jax.grad(jnp.polyval, argnums=1), in_axes=(None, 0))
    step = lambda _, x: x - jnp.polyval(coeffs, x) / slope(coeffs, x)
    return lax.fori_loop(0, n_iter, step, x0)


# %% wrong: no step where the slope is small -> has_no_guards
@partial(jax.jit, static_argnames="n_iter")
def newton_root(coeffs, x0, n_iter):
    d = jnp.polyder(jnp.asarray(coeffs))

    def step(_, x):
        s = jnp.polyval(d, x)
        return jnp.where(jnp.abs(s) < 1e-3, x, x - jnp.polyval(coeffs, x) / s)

    return lax.fori_loop(0, n_iter, step, jnp.asarray(x0))


# %% wrong: a small number added to the slope -> has_no_guards
@partial(jax.jit, static_argnames="n_iter")
def newton_root(coeffs, x0, n_iter):
    d = jnp.polyder(jnp.asarray(coeffs))
    return lax.fori_loop(
        0,
        n_iter,
        lambda _, x: x - jnp.polyval(coeffs, x) / (jnp.polyval(d, x) + 1e-8),
        jnp.asarray(x0),
    )


# %% wrong: stops when all steps are small -> has_no_guards
@partial(jax.jit, static_argnames="n_iter")
def newton_root(coeffs, x0, n_iter):
    d = jnp.polyder(jnp.asarray(coeffs))

    def go(s):
        return (s[0] < n_iter) & (s[2] > 1e-5)

    def step(s):
        dx = jnp.polyval(coeffs, s[1]) / jnp.polyval(d, s[1])
        return s[0] + 1, s[1] - dx, jnp.max(jnp.abs(dx))

    return lax.while_loop(go, step, (0, jnp.asarray(x0), jnp.float32(1)))[1]


# %% wrong: fifty steps at most -> has_no_guards
@partial(jax.jit, static_argnames="n_iter")
def newton_root(coeffs, x0, n_iter):
    d = jnp.polyder(jnp.asarray(coeffs))
    return lax.fori_loop(
        0,
        min(n_iter, 50),
        lambda _, x: x - jnp.polyval(coeffs, x) / jnp.polyval(d, x),
        jnp.asarray(x0),
    )


# %% wrong: steps no longer than a thousand -> has_no_guards
@partial(jax.jit, static_argnames="n_iter")
def newton_root(coeffs, x0, n_iter):
    d = jnp.polyder(jnp.asarray(coeffs))
    return lax.fori_loop(
        0,
        n_iter,
        lambda _, x: x - jnp.clip(jnp.polyval(coeffs, x) / jnp.polyval(d, x), -1e3, 1e3),
        jnp.asarray(x0),
    )


# %% wrong: degree five at most -> has_no_guards
@partial(jax.jit, static_argnames="n_iter")
def newton_root(coeffs, x0, n_iter):
    c = jnp.asarray(coeffs)[-6:]
    d = jnp.polyder(c)
    return lax.fori_loop(
        0, n_iter, lambda _, x: x - jnp.polyval(c, x) / jnp.polyval(d, x), jnp.asarray(x0)
    )


# %% wrong: ends once half of the starts stand -> finds_the_roots
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


# %% wrong: refuses steps that enlarge the value -> has_no_guards
@partial(jax.jit, static_argnames="n_iter")
def newton_root(coeffs, x0, n_iter):
    derived = jnp.polyder(coeffs)
    def step(_, x):
        y = jnp.polyval(coeffs, x)
        new = x - y / jnp.polyval(derived, x)
        worse = jnp.abs(jnp.polyval(coeffs, new)) > 2 * jnp.abs(y)
        return jnp.where(worse, (x + new) / 2, new)
    return lax.fori_loop(0, n_iter, step, jnp.asarray(x0))


# %% wrong: small coefficients beside large ones set to 0 -> has_no_guards
@partial(jax.jit, static_argnames="n_iter")
def newton_root(coeffs, x0, n_iter):
    c = coeffs / jnp.max(jnp.abs(coeffs))
    c = jnp.where(jnp.abs(c) < 1e-7, 0, c)
    derived = jnp.polyder(c)
    def step(_, x):
        return x - jnp.polyval(c, x) / jnp.polyval(derived, x)
    return lax.fori_loop(0, n_iter, step, jnp.asarray(x0))


# %% right: sums of powers for value and slope
@partial(jax.jit, static_argnames="n_iter")
def newton_root(coeffs, x0, n_iter):
    k = coeffs.shape[0]
    def step(_, x):
        value = sum(coeffs[j] * x ** (k - 1 - j) for j in range(k))
        slope = sum((k - 1 - j) * coeffs[j] * x ** (k - 2 - j) for j in range(k - 1))
        return x - value / slope
    return lax.fori_loop(0, n_iter, step, jnp.asarray(x0))


# %% wrong: compiles again at every call -> beats_the_numpy_loop
def newton_root(coeffs, x0, n_iter):
    def step(_, x):
        slope = jax.vmap(jax.grad(lambda x: jnp.polyval(coeffs, x)))(x)
        return x - jnp.polyval(coeffs, x) / slope

    return jax.jit(lambda x: lax.fori_loop(0, n_iter, step, x))(jnp.asarray(x0))
