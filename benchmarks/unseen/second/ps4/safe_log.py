# %% right: where twice
def safe_log(x):
    positive = x > 0
    return jnp.where(positive, jnp.log(jnp.where(positive, x, 1.0)), 0.0)

# %% right: one where inside, since log(1) is 0
@jax.jit
def safe_log(x):
    return jnp.log(jnp.where(x > 0, x, 1))

# %% right: custom_jvp with its own derivative
@jax.custom_jvp
def _log(x):
    return jnp.where(x > 0, jnp.log(x), 0.0)

@_log.defjvp
def _log_jvp(primals, tangents):
    (x,), (dx,) = primals, tangents
    slope = jnp.where(x > 0, 1 / jnp.where(x > 0, x, 1.0), 0.0)
    return _log(x), slope * dx

def safe_log(x):
    return _log(jnp.asarray(x))

# %% right: lax.select with full arrays
def safe_log(x):
    x = jnp.asarray(x)
    keep = lax.gt(x, lax.full_like(x, 0))
    guarded = lax.select(keep, x, lax.full_like(x, 1))
    return lax.select(keep, lax.log(guarded), lax.full_like(x, 0))

# %% right: logarithm of the absolute value, 0 replaced, then masked by a product
def safe_log(x):
    size = jnp.where(x == 0, 1.0, jnp.abs(x))
    return (x > 0) * jnp.log(size)

# %% right: vectorized scalar function, log2 times ln 2
@jnp.vectorize
def safe_log(t):
    inside = jax.lax.select(t > 0, t, jnp.ones_like(t))
    return jnp.log2(inside) * np.float32(np.log(2.0))

# %% wrong: one where after the logarithm | the derivative at 0 is NaN
def safe_log(x):
    return jnp.where(x > 0, jnp.log(x), 0.0)

# %% wrong: nan_to_num of the logarithm | the derivative at 0 is NaN
def safe_log(x):
    return jnp.nan_to_num(jnp.log(x), nan=0.0, neginf=0.0)

# %% wrong: log of the maximum with 1e-10 | positive entries below 1e-10 get the wrong value and derivative 0
def safe_log(x):
    return jnp.where(x > 0, jnp.log(jnp.maximum(x, 1e-10)), 0.0)

# %% wrong: adds a small number before the logarithm | values and derivatives of entries near 1e-30 are wrong
def safe_log(x):
    positive = x > 0
    return jnp.where(positive, jnp.log(jnp.where(positive, x, 1.0) + 1e-12), 0.0)

# %% wrong: log1p of x - 1 | x - 1 rounds to -1 for small x: -inf instead of the logarithm
def safe_log(x):
    positive = x > 0
    return jnp.where(positive, jnp.log1p(jnp.where(positive, x, 1.0) - 1), 0.0)

# %% wrong: half the logarithm of the square | x*x is 0 at 1e-30 and infinite at 1e30
def safe_log(x):
    positive = x > 0
    y = jnp.where(positive, x, 1.0)
    return jnp.where(positive, 0.5 * jnp.log(y * y), 0.0)

# %% wrong: the inner where lets 0 through (>=) | the derivative at 0 is NaN
def safe_log(x):
    return jnp.where(x > 0, jnp.log(jnp.where(x >= 0, x, 1.0)), 0.0)

# %% wrong: custom_jvp with 1/x everywhere | the derivative is 1/x for negative x and inf at 0, not 0
@jax.custom_jvp
def safe_log(x):
    return jnp.where(x > 0, jnp.log(x), 0.0)

@safe_log.defjvp
def _jvp(primals, tangents):
    (x,), (dx,) = primals, tangents
    return safe_log(x), dx / x

# %% wrong: stop_gradient against the NaN | the derivative is 0 everywhere
def safe_log(x):
    positive = x > 0
    return jnp.where(positive, jnp.log(lax.stop_gradient(jnp.where(positive, x, 1.0))), 0.0)

# %% wrong: custom_vjp that clips the slope to a million | derivatives of x below 1e-6 are wrong
@jax.custom_vjp
def _log(x):
    return jnp.where(x > 0, jnp.log(x), 0.0)

def _forward(x):
    return _log(x), x

def _backward(x, ct):
    slope = jnp.where(x > 0, 1 / jnp.where(x > 0, x, 1.0), 0.0)
    return (ct * jnp.clip(slope, -1e6, 1e6),)

_log.defvjp(_forward, _backward)

def safe_log(x):
    return _log(jnp.asarray(x))

# %% right: vmap of a cond
def safe_log(x):
    x = jnp.asarray(x)
    def one(t):
        return lax.cond(t > 0, jnp.log, jnp.zeros_like, t)
    if x.ndim == 0:
        return one(x)
    return jax.vmap(one)(x.ravel()).reshape(x.shape)

# %% wrong: everything close to 0 counts as 0 | positive entries below 1e-8 give 0 with derivative 0
def safe_log(x):
    keep = (x > 0) & ~jnp.isclose(x, 0)
    return jnp.where(keep, jnp.log(jnp.where(keep, x, 1.0)), 0.0)

# %% wrong: boolean indexing | fails under jit
def safe_log(x):
    x = jnp.asarray(x)
    mask = x > 0
    if x.ndim == 0:
        return jnp.log(jnp.where(mask, x, 1.0))
    return jnp.zeros_like(x).at[mask].set(jnp.log(x[mask]))

# %% wrong: the logarithm of |x| behind one where, 0 mended by nan_to_num | derivative at 0 is NaN, though -2 is fine
def safe_log(x):
    return jnp.where(x > 0, jnp.nan_to_num(jnp.log(jnp.abs(x))), 0.0)
