# %% right: where twice
def safe_log(x):
    positive = x > 0
    harmless = jnp.where(positive, x, 1.0)
    return jnp.where(positive, jnp.log(harmless), 0.0)

# %% right: log of 1 is 0, so once is enough
@jax.jit
def safe_log(x):
    return jnp.log(jnp.where(x > 0, x, 1))

# %% right: own derivative with custom_jvp
@jax.custom_jvp
def _safe_log(x):
    return jnp.where(x > 0, jnp.log(x), 0.0)


@_safe_log.defjvp
def _safe_log_jvp(primals, tangents):
    (x,), (t,) = primals, tangents
    slope = jnp.where(x > 0, 1 / jnp.where(x > 0, x, 1.0), 0.0)
    return _safe_log(x), slope * t


def safe_log(x):
    return _safe_log(jnp.asarray(x))

# %% right: lax.select and lax.log
def safe_log(x):
    x = jnp.asarray(x)
    positive = lax.gt(x, lax.full_like(x, 0))
    one, zero = lax.full_like(x, 1), lax.full_like(x, 0)
    return lax.select(positive, lax.log(lax.select(positive, x, one)), zero)

# %% wrong: where once, after the logarithm | the derivative at 0 is NaN
def safe_log(x):
    return jnp.where(x > 0, jnp.log(x), 0.0)

# %% wrong: own derivative written as x / x^2 | x^2 leaves float32 for entries below 1e-20 and above 1e20: the derivative is inf or 0
@jax.custom_jvp
def _safe_log(x):
    return jnp.where(x > 0, jnp.log(jnp.where(x > 0, x, 1.0)), 0.0)


@_safe_log.defjvp
def _safe_log_jvp(primals, tangents):
    (x,), (t,) = primals, tangents
    slope = jnp.maximum(x, 0.0) / jnp.where(x > 0, x * x, 1.0)
    return _safe_log(x), slope * t


def safe_log(x):
    return _safe_log(jnp.asarray(x))

# %% wrong: own derivative with 1 as the harmless number | the derivative where x is not positive is 1, not 0
@jax.custom_vjp
def _safe_log(x):
    return jnp.where(x > 0, jnp.log(jnp.where(x > 0, x, 1.0)), 0.0)


def _forward(x):
    return _safe_log(x), x


def _backward(x, ct):
    return (ct / jnp.where(x > 0, x, 1.0),)


_safe_log.defvjp(_forward, _backward)


def safe_log(x):
    return _safe_log(jnp.asarray(x))

# %% wrong: stop_gradient on the harmless number | the derivative is 0 everywhere
def safe_log(x):
    harmless = lax.stop_gradient(jnp.where(x > 0, x, 1.0))
    return jnp.where(x > 0, jnp.log(harmless), 0.0)

# %% wrong: clamps at 1e-12 | positive entries below 1e-12 get the wrong value and derivative 0
def safe_log(x):
    return jnp.where(x > 0, jnp.log(jnp.maximum(x, 1e-12)), 0.0)

# %% wrong: log1p of x - 1 | small positive entries such as 1e-30 give -inf
def safe_log(x):
    shifted_x = jnp.where(x > 0, x - 1, 0.0)
    return jnp.where(x > 0, jnp.log1p(shifted_x), 0.0)

# %% wrong: own derivative that forgets what comes in | the chain rule fails: grad of 3 * safe_log is 1/x
@jax.custom_vjp
def _safe_log(x):
    return jnp.where(x > 0, jnp.log(jnp.where(x > 0, x, 1.0)), 0.0)


def _forward(x):
    return _safe_log(x), x


def _backward(x, ct):
    return (jnp.where(x > 0, 1 / jnp.where(x > 0, x, 1.0), 0.0),)


_safe_log.defvjp(_forward, _backward)


def safe_log(x):
    return _safe_log(jnp.asarray(x))

# %% wrong: mapped over one axis | fails for a matrix and for more axes
def _one(v):
    return lax.cond(v > 0, lambda u: jnp.log(jnp.where(u > 0, u, 1.0)), jnp.zeros_like, v)


def safe_log(x):
    x = jnp.asarray(x)
    return _one(x) if x.ndim == 0 else jax.vmap(_one)(x)
