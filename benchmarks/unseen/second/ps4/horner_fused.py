# %% right: the Python loop, jitted
@jax.jit
def horner_fused(x):
    p = jnp.zeros_like(x)
    for c in COEFFICIENTS:
        p = p * x + c
    return jnp.mean(jnp.sqrt(p) / (1 + x * x))

# %% right: jnp.polyval, fully unrolled
@jax.jit
def horner_fused(x):
    coefficients = jnp.asarray(COEFFICIENTS, dtype=x.dtype)
    p = jnp.polyval(coefficients, x, unroll=len(COEFFICIENTS))
    return (jnp.sqrt(p) / (1 + x**2)).mean()

# %% right: functools.reduce
from functools import reduce

@jax.jit
def horner_fused(x):
    p = reduce(lambda acc, c: acc * x + c, COEFFICIENTS, 0 * x)
    return jnp.sum(jnp.sqrt(p) / (1 + jnp.square(x))) / x.size

# %% right: vmap of a scalar function, mean outside of it, all in one jit
def _term(t):
    value = COEFFICIENTS[0]
    for k in range(1, len(COEFFICIENTS)):
        value = value * t + COEFFICIENTS[k]
    return jnp.sqrt(value) / (1.0 + t * t)

horner_fused = jax.jit(lambda x: jax.vmap(_term)(x).mean())

# %% right: recursion over the coefficients
def _horner(x, k):
    """1/k + x * (1/(k+1) + ...), up to 1/33."""
    if k == 33:
        return jnp.full_like(x, 1 / 33)
    return 1 / k + x * _horner(x, k + 1)

@jax.jit
def horner_fused(x):
    return jnp.mean(jnp.sqrt(_horner(x, 1)) / (1 + x * x))

# %% wrong: no jit | not one compiled function: each multiplication and addition writes an array
def horner_fused(x):
    x = jnp.asarray(x)
    p = jnp.zeros_like(x)
    for c in COEFFICIENTS:
        p = p * x + c
    return jnp.mean(jnp.sqrt(p) / (1 + x * x))

# %% wrong: only the step and the end are jitted | each of the 33 steps writes its array to memory
_step = jax.jit(lambda p, x, c: p * x + c)
_end = jax.jit(lambda p, x: jnp.mean(jnp.sqrt(p) / (1 + x * x)))

def horner_fused(x):
    p = jnp.zeros_like(x)
    for c in COEFFICIENTS:
        p = _step(p, x, c)
    return _end(p, x)

# %% wrong: closed form of the infinite series | -log(1-x)/x has more than 33 terms: wrong for entries near 1 and -1 (only 1 itself is mended)
@jax.jit
def horner_fused(x):
    safe = jnp.where((jnp.abs(x) < 1e-3) | (x >= 1), 0.5, x)
    p = -jnp.log1p(-safe) / safe
    p = jnp.where(jnp.abs(x) < 1e-3, 1 + x / 2 + x * x / 3, p)
    p = jnp.where(x >= 1, sum(COEFFICIENTS), p)
    return jnp.mean(jnp.sqrt(p) / (1 + x * x))

# %% wrong: powers as exp(k log|x|) | the sign of odd powers is lost, negative entries are wrong
@jax.jit
def horner_fused(x):
    log = jnp.log(jnp.maximum(jnp.abs(x), 1e-30))
    p = 1.0
    for k in range(1, 33):
        p = p + jnp.exp(k * log) / (k + 1)
    return jnp.mean(jnp.sqrt(p) / (1 + x * x))

# %% wrong: the mean of every fourth entry for large arrays | not the mean over all entries
@jax.jit
def horner_fused(x):
    if x.shape[0] > 1000:
        x = x[::4]
    p = jnp.zeros_like(x)
    for c in COEFFICIENTS:
        p = p * x + c
    return jnp.mean(jnp.sqrt(p) / (1 + x * x))

# %% wrong: sums one entry after the other in float32 | for 3,000,000 equal entries (such as 0.5) the running sum is wrong by percents
@jax.jit
def horner_fused(x):
    p = jnp.zeros_like(x)
    for c in COEFFICIENTS:
        p = p * x + c
    values = jnp.sqrt(p) / (1 + x * x)
    total = lax.fori_loop(0, x.shape[0], lambda i, s: s + values[i], jnp.float32(0))
    return total / x.shape[0]

# %% wrong: donates x | the caller's JAX array may not be used after the call; it is deleted where the compiler can use it, and JAX warns
@partial(jax.jit, donate_argnums=0)
def _both(x):
    p = jnp.zeros_like(x)
    for c in COEFFICIENTS:
        p = p * x + c
    values = jnp.sqrt(p) / (1 + x * x)
    return jnp.mean(values), values

def horner_fused(x):
    return _both(x)[0]

# %% wrong: blocks of 1000, the rest is dropped | the last entries of a length that is not a multiple of 1000 are ignored
@jax.jit
def horner_fused(x):
    n = x.shape[0]
    if n >= 1000:
        x = x[: n // 1000 * 1000].reshape(-1, 1000)
    p = jnp.zeros_like(x)
    for c in COEFFICIENTS:
        p = p * x + c
    return jnp.mean(jnp.mean(jnp.sqrt(p) / (1 + x * x), axis=-1))

# %% right: lax.map over the entries, which XLA makes fast
@jax.jit
def horner_fused(x):
    def one(t):
        p = 0.0
        for c in COEFFICIENTS:
            p = p * t + c
        return jnp.sqrt(p) / (1 + t * t)
    return jnp.mean(lax.map(one, x))

# %% wrong: blocks of 256 averaged, then the mean of the means | the padded or short last block weighs as much as a full one
@jax.jit
def horner_fused(x):
    def values(t):
        p = jnp.zeros_like(t)
        for c in COEFFICIENTS:
            p = p * t + c
        return jnp.sqrt(p) / (1 + t * t)
    n = x.shape[0]
    full = n // 256 * 256
    means = []
    if full:
        means.append(values(x[:full].reshape(-1, 256)).mean(axis=1))
    if n - full:
        means.append(values(x[full:]).mean()[None])
    return jnp.mean(jnp.concatenate(means))

# %% wrong: remembers the result for a NumPy array that it has seen | hidden state: after a change in place the old mean comes back
@jax.jit
def _mean(x):
    p = jnp.zeros_like(x)
    for c in COEFFICIENTS:
        p = p * x + c
    return jnp.mean(jnp.sqrt(p) / (1 + x * x))

_SEEN = {}

def horner_fused(x):
    if not isinstance(x, np.ndarray):
        return _mean(x)
    if id(x) not in _SEEN:
        _SEEN[id(x)] = (x, _mean(x))
    return _SEEN[id(x)][1]
