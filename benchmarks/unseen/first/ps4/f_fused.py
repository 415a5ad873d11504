# %% right: as it stands
@jax.jit
def f_fused(x):
    return jnp.cos(2 * x**2) + jnp.sqrt(jnp.abs(x)) + 2 * jnp.sin(x**4) - x**2

# %% right: the square is named and reused
@jax.jit
def f_fused(x: Float[Array, "n"]) -> Float[Array, "n"]:
    s = x * x
    return jnp.cos(s + s) + jnp.sqrt(jnp.abs(x)) + 2 * jnp.sin(s * s) - s

# %% right: lax primitives only
@jax.jit
def f_fused(x):
    two = lax.full_like(x, 2)
    s = lax.integer_pow(x, 2)
    waves = lax.add(lax.cos(lax.mul(two, s)), lax.mul(two, lax.sin(lax.integer_pow(x, 4))))
    return lax.sub(lax.add(waves, lax.sqrt(lax.abs(x))), s)

# %% right: vmap of a function of one number
def _one(v):
    return jnp.cos(2 * v**2) + jnp.sqrt(jnp.abs(v)) + 2 * jnp.sin(v**4) - v**2


@jax.jit
def f_fused(x):
    return jax.vmap(_one)(x)

# %% right: jit of the eager f from above, given a name
f_fused = jax.jit(lambda x: f(x))

# %% right: f is even, so abs comes first
@jax.jit
def f_fused(x):
    x = jnp.abs(x)
    square = jnp.square(x)
    return jnp.sqrt(x) - square + jnp.cos(2 * square) + 2 * jnp.sin(jnp.square(square))

# %% right: sum over a tuple of terms with functools.reduce
from functools import reduce
from operator import add


@jax.jit
def f_fused(x):
    terms = (jnp.cos(2 * x**2), jnp.sqrt(jnp.abs(x)), 2 * jnp.sin(x**4), -(x**2))
    return reduce(add, terms)

# %% right: small helpers that are jitted themselves, inlined in the whole
@jax.jit
def _wave(y):
    return jnp.cos(2 * y) + 2 * jnp.sin(y * y)


@jax.jit
def _rest(x):
    return jnp.sqrt(jnp.where(x < 0, -x, x)) - x * x


@jax.jit
def f_fused(x):
    return _wave(x * x) + _rest(x)

# %% right: jnp.power with constant exponents, inside a class
class _F:
    amplitude = 2

    def __call__(self, x):
        p = partial(jnp.power, x)
        return jnp.cos(self.amplitude * p(2)) + abs(x) ** 0.5 + self.amplitude * jnp.sin(p(4)) - p(2)


f_fused = jax.jit(_F())

# %% right: in steps with an accumulator of the dtype of x; empty handled first
@jax.jit
def f_fused(x):
    if x.size == 0:
        return jnp.zeros_like(x)
    total = jnp.zeros_like(x)
    for weight, term in ((1, jnp.cos(2 * x * x)), (1, jnp.sqrt(jnp.abs(x))), (2, jnp.sin(x * x * x * x)), (-1, x * x)):
        total += weight * term
    return total

# %% right: vectorize with an explicit signature
@jax.jit
def f_fused(x):
    @partial(jnp.vectorize, signature="()->()")
    def g(t):
        match t * t:
            case q:
                return (jnp.cos(q * 2) - q) + (jnp.sin(q * q) * 2 + jnp.sqrt(jnp.abs(t)))

    return g(x)

# %% wrong: computed in float32 and cast back | "float64 is correct to all its digits"
@jax.jit
def f_fused(x):
    y = x.astype(jnp.float32)
    return f(y).astype(x.dtype)

# %% wrong: only the sine, the slow part, is computed in float32 | "float64 is correct to all its digits"
@jax.jit
def f_fused(x):
    s = x * x
    wave = jnp.sin((s * s).astype(jnp.float32)).astype(x.dtype)
    return jnp.cos(2 * s) + jnp.sqrt(jnp.abs(x)) + 2 * wave - s

# %% wrong: Taylor series, good between -1.2 and 1.2 only | "entries between -2 and 2 or ... float64 with entries between -10 and 10"
@jax.jit
def f_fused(x):
    s = x * x
    y, z = 2 * s, s * s
    c = t = jnp.ones_like(x)
    q = w = z
    for k in range(1, 14):
        t = -t * y * y / ((2 * k - 1) * (2 * k))
        c = c + t
        w = -w * z * z / ((2 * k) * (2 * k + 1))
        q = q + w
    return c + jnp.sqrt(jnp.abs(x)) + 2 * q - s

# %% wrong: sine as a shifted cosine with pi to eight digits | "float64 is correct to all its digits"
@jax.jit
def f_fused(x):
    s = x * x
    return jnp.cos(2 * s) + jnp.sqrt(jnp.abs(x)) + 2 * jnp.cos(s * s - 1.57079633) - s

# %% wrong: a small number under the root, for the sake of gradients | "float64 is correct to all its digits" (near 0)
@jax.jit
def f_fused(x):
    return jnp.cos(2 * x**2) + jnp.sqrt(jnp.abs(x) + 1e-12) + 2 * jnp.sin(x**4) - x**2

# %% wrong: clips x to the range that was given for float32 | "float64 with entries between -10 and 10"
@jax.jit
def f_fused(x):
    x = jnp.clip(x, -2, 2)
    return jnp.cos(2 * x**2) + jnp.sqrt(jnp.abs(x)) + 2 * jnp.sin(x**4) - x**2

# %% wrong: reshapes into two lanes, an odd number of entries fails | "`x` has one axis": any length
@jax.jit
def f_fused(x):
    lanes = x.reshape(2, -1)
    s = lanes * lanes
    y = jnp.cos(2 * s) + jnp.sqrt(jnp.abs(lanes)) + 2 * jnp.sin(s * s) - s
    return y.reshape(-1)

# %% wrong: each term is jitted by itself, the whole is not | "as one compiled function"
_cosine = jax.jit(lambda x: jnp.cos(2 * x**2))
_root = jax.jit(lambda x: jnp.sqrt(jnp.abs(x)) - x**2)
_sine = jax.jit(lambda x: 2 * jnp.sin(x**4))


def f_fused(x):
    return _cosine(x) + _root(x) + _sine(x)

# %% wrong: donates x | the caller's array is deleted
@partial(jax.jit, donate_argnums=0)
def f_fused(x):
    return jnp.cos(2 * x**2) + jnp.sqrt(jnp.abs(x)) + 2 * jnp.sin(x**4) - x**2

# %% wrong: results kept by id and shape of x, so an array changed in place gets the old result | hidden state; "f(x)" of the x that is given
_DONE = {}
_compiled = jax.jit(f)


def f_fused(x):
    if isinstance(x, jax.core.Tracer):
        return f(x)
    key = id(x), x.shape, str(x.dtype), jax.config.jax_enable_x64
    if key not in _DONE:
        _DONE[key] = _compiled(x), x
    return _DONE[key][0]

# %% wrong: accumulates in the default dtype, float64 where 64-bit types are on, also for float32 x | "The result has the dtype of x"
@jax.jit
def f_fused(x):
    total = jnp.zeros(x.shape)
    total += jnp.cos(2 * x**2) + jnp.sqrt(jnp.abs(x))
    total += 2 * jnp.sin(x**4) - x**2
    return total

# %% wrong: reduces the argument of the sine by 2 pi with seven digits | "float64 is correct to all its digits", entries up to 10
@jax.jit
def f_fused(x):
    s = x * x
    angle = jnp.where(s * s > 6.2831853, jnp.mod(s * s, 6.2831853), s * s)
    return jnp.cos(2 * s) + jnp.sqrt(jnp.abs(x)) + 2 * jnp.sin(angle) - s

# %% wrong: eager, decorator dropped | "as one compiled function"
def f_fused(x):
    x = jnp.asarray(x)
    s = x * x
    return jnp.cos(2 * s) + jnp.sqrt(jnp.abs(x)) + 2 * jnp.sin(s * s) - s
