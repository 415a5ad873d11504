# %% right: where twice
def safe_log(x):
    positive = x > 0
    return jnp.where(positive, jnp.log(jnp.where(positive, x, 1.0)), 0.0)

# %% right: only the inner where, since log(1) is 0
def safe_log(x):
    return jnp.log(jnp.where(x > 0, x, 1))

# %% right: custom_jvp with the derivative written down
@jax.custom_jvp
def _safe_log(x):
    return jnp.where(x > 0, jnp.log(x), 0.0)


@_safe_log.defjvp
def _(primals, tangents):
    (x,), (t,) = primals, tangents
    slope = jnp.where(x > 0, 1 / jnp.where(x > 0, x, 1), 0)
    return _safe_log(x), slope * t


def safe_log(x):
    return _safe_log(jnp.asarray(x))

# %% right: custom_vjp, saves the slope
@jax.custom_vjp
def _log0(x):
    return jnp.log(jnp.where(x > 0, x, 1.0))


def _forward(x):
    return _log0(x), jnp.where(x > 0, jnp.reciprocal(jnp.where(x > 0, x, 1.0)), 0.0)


_log0.defvjp(_forward, lambda slope, g: (g * slope,))


@jax.jit
def safe_log(x):
    return _log0(jnp.asarray(x))

# %% right: lax.select with full arrays
@jax.jit
def safe_log(x: Float32[Array, "*shape"]) -> Float32[Array, "*shape"]:
    x = jnp.asarray(x)
    ok = lax.gt(x, lax.full_like(x, 0))
    safe = lax.select(ok, x, lax.full_like(x, 1))
    return lax.select(ok, lax.log(safe), lax.full_like(x, 0))

# %% right: mask arithmetic before the logarithm
def safe_log(x):
    mask = (x > 0).astype(jnp.float32)
    return mask * jnp.log(x * mask + (1 - mask))

# %% right: clamped from below at a number smaller than any positive input, then where
def safe_log(x):
    return jnp.where(x > 0, jnp.log(jnp.maximum(x, 1e-37)), 0.0)

# %% right: vectorize of a function of one number, double where inside
@jnp.vectorize
def safe_log(v):
    harmless = lax.select(v > 0, v, jnp.ones_like(v))
    return jnp.log(harmless)

# %% right: xlogy with the mask as the factor
from jax.scipy.special import xlogy


def safe_log(x):
    positive = jnp.greater(x, 0)
    weight = positive.astype(jnp.float32)
    return xlogy(weight, jnp.where(positive, x, 1.0))

# %% right: a general decorator that guards any function
def _guarded(safe_value, otherwise):
    def wrap(fn):
        def inner(x):
            good = x > 0
            return jnp.where(good, fn(jnp.where(good, x, safe_value)), otherwise)

        return inner

    return wrap


@jax.jit
@_guarded(safe_value=1.0, otherwise=0.0)
def safe_log(x):
    return jnp.log(x)

# %% right: half the logarithm of the root, root of a safe number
def safe_log(x):
    root = jnp.sqrt(jnp.where(x <= 0, jnp.float32(1), x))
    return jnp.where(x <= 0, jnp.float32(0), 2 * jnp.log(root))

# %% right: cond for each number through vectorize; JAX 0.10 makes it a select that gives a derivative of 0, not NaN (tried)
@jnp.vectorize
def safe_log(v):
    return lax.cond(v > 0, jnp.log, jnp.zeros_like, v)

# %% wrong: where after the logarithm only | "under `grad`": NaN at 0
@jax.jit
def safe_log(x):
    return jnp.where(x > 0, jnp.log(x), 0.0)

# %% wrong: nan_to_num cleans the value but not the slope | "the derivative is ... 0 elsewhere": NaN at 0
def safe_log(x):
    return jnp.where(x > 0, jnp.nan_to_num(jnp.log(x), nan=0.0, neginf=0.0), 0.0)

# %% wrong: clamped at 1e-12 | "positive entries are between 1e-30 and 1e30"
def safe_log(x):
    return jnp.where(x > 0, jnp.log(jnp.maximum(x, 1e-12)), 0.0)

# %% wrong: tiny positive numbers count as zero | "Return log(x) where x is positive"
def safe_log(x):
    positive = x > 1e-6
    return jnp.where(positive, jnp.log(jnp.where(positive, x, 1.0)), 0.0)

# %% wrong: stop_gradient on the safe argument, so the slope is 0 everywhere | "the derivative is 1/x where x is positive"
def safe_log(x):
    safe = lax.stop_gradient(jnp.where(x > 0, x, 1.0))
    return jnp.where(x > 0, jnp.log(safe), 0.0)

# %% wrong: log1p of x - 1 | x = 1e-30: x - 1 rounds to -1, log is -inf
def safe_log(x):
    return jnp.log1p(jnp.where(x > 0, x - 1, 0.0))

# %% wrong: custom derivative 1/x wherever x is not 0 | "and 0 elsewhere": negative x
@jax.custom_jvp
def _slog(x):
    return jnp.where(x > 0, jnp.log(x), 0.0)


@_slog.defjvp
def _(primals, tangents):
    (x,), (t,) = primals, tangents
    return _slog(x), jnp.where(x == 0, 0.0, 1 / jnp.where(x == 0, 1.0, x)) * t


def safe_log(x):
    return _slog(jnp.asarray(x))

# %% wrong: custom backward rule divides the masked cotangent by x | 0/0 is NaN at 0
@jax.custom_vjp
def _vlog(x):
    return jnp.log(jnp.where(x > 0, x, 1.0))


_vlog.defvjp(lambda x: (_vlog(x), x), lambda x, g: (g * (x > 0) / x,))


def safe_log(x):
    return _vlog(jnp.asarray(x))

# %% wrong: half the log of the square | 1e-30 squared is 0, 1e30 squared is inf in float32
def safe_log(x):
    return 0.5 * jnp.log(jnp.where(x > 0, x * x, 1.0))

# %% wrong: the derivative is clipped "against explosions" | "the derivative is 1/x": 1e30 at x = 1e-30
@jax.custom_jvp
def _clog(x):
    return jnp.log(jnp.where(x > 0, x, 1.0))


@_clog.defjvp
def _(primals, tangents):
    (x,), (t,) = primals, tangents
    slope = jnp.where(x > 0, 1 / jnp.where(x > 0, x, 1.0), 0.0)
    return _clog(x), jnp.clip(slope, 0.0, 1e6) * t


def safe_log(x):
    return _clog(jnp.asarray(x))

# %% wrong: half precision for the logarithm's argument | 1e30 is inf and 1e-30 is 0 in float16
def safe_log(x):
    y = jnp.where(x > 0, x, 1.0).astype(jnp.float16)
    return jnp.log(y.astype(jnp.float32))

# %% wrong: a small number added within the logarithm | log(x + 1e-8) is not log(x) for small x
def safe_log(x):
    positive = x > 0
    return jnp.where(positive, jnp.log(jnp.where(positive, x, 1.0) + 1e-8), 0.0)

