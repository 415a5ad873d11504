# %% right: Python loop over the coefficients
@jax.jit
def horner_fused(x):
    p = jnp.zeros_like(x)
    for c in COEFFICIENTS:
        p = p * x + c
    return jnp.mean(jnp.sqrt(p) / (1 + x * x))

# %% right: jnp.polyval, unrolled in full
@jax.jit
def horner_fused(x):
    p = jnp.polyval(jnp.array(COEFFICIENTS, jnp.float32), x, unroll=33)
    return (jnp.sqrt(p) / (1 + x**2)).mean()

# %% right: functools.reduce, starts at the first coefficient
from functools import reduce


@jax.jit
def horner_fused(x: Float32[Array, "n"]) -> Float32[Array, ""]:
    first, *rest = COEFFICIENTS
    p = reduce(lambda p, c: c + x * p, rest, jnp.full_like(x, first))
    return jnp.sum(jnp.sqrt(p) / (1 + jnp.square(x))) / x.size

# %% right: vmap of a function of one number, then the mean
def _value(t):
    p = 0.0
    for k in range(33, 0, -1):
        p = p * t + 1 / k
    return jnp.sqrt(p) / (1 + t * t)


@jax.jit
def horner_fused(x):
    return jnp.mean(jax.vmap(_value)(x))

# %% right: scan over the coefficients, unrolled while tracing
@jax.jit
def horner_fused(x):
    cs = jnp.asarray(COEFFICIENTS, x.dtype)
    p, _ = lax.scan(lambda p, c: (p * x + c, None), jnp.zeros_like(x), cs, unroll=True)
    return jnp.mean(jnp.sqrt(p) / (1 + x * x))

# %% right: recursion, lowest coefficient outside
def _horner(x, low_first):
    head, *tail = low_first
    return head + x * _horner(x, tail) if tail else head


@jax.jit
def horner_fused(x):
    p = _horner(x, [1 / (k + 1) for k in range(33)])
    return jnp.average(jnp.sqrt(p) / (x * x + 1.0))

# %% right: lax primitives and lax.reduce_sum-like reduction
@jax.jit
def horner_fused(x):
    p = lax.full_like(x, 0)
    for c in COEFFICIENTS:
        p = lax.add(lax.mul(p, x), lax.full_like(x, c))
    quotient = lax.div(lax.sqrt(p), lax.add(lax.full_like(x, 1), lax.mul(x, x)))
    total = lax.reduce(quotient, np.float32(0), lax.add, (0,))
    return total / np.float32(x.shape[0])

# %% right: polynomial class with __call__, float32 coefficients from numpy
class _Polynomial:
    def __init__(self, coefficients):
        self.c = np.array(coefficients, dtype=np.float32)

    def __call__(self, x):
        value = self.c[0]
        for c in self.c[1:]:
            value = value * x + c
        return value


_p = _Polynomial(COEFFICIENTS)
horner_fused = jax.jit(lambda x: jnp.mean(jnp.sqrt(_p(x)) / (1 + x * x)))

# %% right: even and odd part by Horner's rule in x squared, two running values
@jax.jit
def horner_fused(x):
    s = x * x
    even = odd = jnp.zeros_like(x)
    for c in COEFFICIENTS[0::2]:
        even = even * s + c
    for c in COEFFICIENTS[1::2]:
        odd = odd * s + c
    return jnp.mean(jnp.sqrt(even + x * odd) / (1 + s))

# %% right: jnp.polyval with defaults, root as a power
@jax.jit
def horner_fused(x):
    return jnp.mean(jnp.polyval(jnp.array(COEFFICIENTS), x, unroll=64) ** 0.5 / (1 + x * x), axis=0)

# %% right: nested functions jitted inside the one outer jit are traced into it; division by a named weight
@partial(jax.jit, inline=True)
def _step(p, x, c):
    return p * x + c


@jax.jit
def horner_fused(x):
    p = jnp.zeros_like(x)
    for c in COEFFICIENTS:
        p = _step(p, x, c)
    weight = 1 / (1 + x * x)
    return jnp.mean(weight * jnp.sqrt(p))

# %% wrong: odd lengths are padded with a zero, which enters the mean | "the mean ... over all entries of `x`"
@jax.jit
def horner_fused(x):
    x = jnp.pad(x, (0, x.size % 2))
    p = jnp.zeros_like(x)
    for c in COEFFICIENTS:
        p = p * x + c
    return jnp.mean(jnp.sqrt(p) / (1 + x * x))

# %% wrong: entries beyond a multiple of eight are dropped | "over all entries of `x`"
@jax.jit
def horner_fused(x):
    if x.size > 8:
        x = x[: x.size // 8 * 8]
    p = jnp.zeros_like(x)
    for c in COEFFICIENTS:
        p = p * x + c
    return jnp.mean(jnp.sqrt(p) / (1 + x * x))

# %% wrong: mean of the means of unequal parts | "the mean ... over all entries"
@jax.jit
def horner_fused(x):
    means = []
    for part in jnp.array_split(x, min(4, x.size)):
        p = jnp.zeros_like(part)
        for c in COEFFICIENTS:
            p = p * part + c
        means.append(jnp.mean(jnp.sqrt(p) / (1 + part * part)))
    return jnp.mean(jnp.stack(means))

# %% wrong: every second entry of a large array | "over all entries of `x`"
@jax.jit
def horner_fused(x):
    if x.size > 1000:
        x = x[::2]
    p = jnp.zeros_like(x)
    for c in COEFFICIENTS:
        p = p * x + c
    return jnp.mean(jnp.sqrt(p) / (1 + x * x))

# %% wrong: nine terms where all entries are small, too few near 0.9 | "a polynomial of 33 terms"
@jax.jit
def horner_fused(x):
    def evaluate(cs, x):
        p = jnp.zeros_like(x)
        for c in cs:
            p = p * x + c
        return jnp.mean(jnp.sqrt(p) / (1 + x * x))

    return lax.cond(
        jnp.max(jnp.abs(x)) < 0.9,
        partial(evaluate, COEFFICIENTS[-9:]),
        partial(evaluate, COEFFICIENTS),
        x,
    )

# %% wrong: the polynomial is compiled, root, quotient and mean are eager | "in one compiled function"
@jax.jit
def _poly(x):
    p = jnp.zeros_like(x)
    for c in COEFFICIENTS:
        p = p * x + c
    return p


def horner_fused(x):
    p = _poly(x)
    return jnp.mean(jnp.sqrt(p) / (1 + x * x))

# %% wrong: p is kept at 1 or more, true for x >= 0 only | "entries are between -1 and 1"
@jax.jit
def horner_fused(x):
    p = jnp.zeros_like(x)
    for c in COEFFICIENTS:
        p = p * x + c
    return jnp.mean(jnp.sqrt(jnp.maximum(p, 1.0)) / (1 + x * x))

# %% wrong: an iterator of coefficients is used up by the first trace | later shapes give p = 0
_cs = map(float, COEFFICIENTS)


@jax.jit
def horner_fused(x):
    p = jnp.zeros_like(x)
    for c in _cs:
        p = p * x + c
    return jnp.mean(jnp.sqrt(p) / (1 + x * x))

# %% wrong: the result for an array is kept by its id | hidden state: an array changed in place, or a new one at the old address, gets the old mean
_MEANS = {}


@jax.jit
def _mean(x):
    p = jnp.zeros_like(x)
    for c in COEFFICIENTS:
        p = p * x + c
    return jnp.mean(jnp.sqrt(p) / (1 + x * x))


def horner_fused(x):
    if isinstance(x, jax.core.Tracer):
        return _mean(x)
    if (id(x), x.shape) not in _MEANS:
        _MEANS[id(x), x.shape] = _mean(x)
    return _MEANS[id(x), x.shape]

# %% wrong: the denominator in bfloat16, exact for 0 and 1 only | float32 result: precision is lost on the way
@jax.jit
def horner_fused(x):
    p = jnp.zeros_like(x)
    for c in COEFFICIENTS:
        p = p * x + c
    low = x.astype(jnp.bfloat16)
    return jnp.mean(jnp.sqrt(p) / (1 + low * low).astype(jnp.float32))

# %% wrong: p from a table of 257 values with straight lines between | "for the polynomial p": off by some 1e-4 to 1e-3 near 1
@jax.jit
def horner_fused(x):
    nodes = jnp.linspace(-1, 1, 257)
    table = jnp.polyval(jnp.array(COEFFICIENTS), nodes)
    place = (x + 1) * 128
    left = jnp.clip(place.astype(jnp.int32), 0, 255)
    t = place - left
    p = (1 - t) * table[left] + t * table[left + 1]
    return jnp.mean(jnp.sqrt(p) / (1 + x * x))

