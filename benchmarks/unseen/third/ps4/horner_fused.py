# %% right: Python loop while tracing
@jax.jit
def horner_fused(x):
    p = jnp.zeros_like(x)
    for c in COEFFICIENTS:
        p = p * x + c
    return jnp.mean(jnp.sqrt(p) / (1 + x * x))

# %% right: functools.reduce
from functools import reduce


@jax.jit
def horner_fused(x):
    p = reduce(lambda p, c: p * x + c, COEFFICIENTS, 0 * x)
    return (jnp.sqrt(p) / (1 + x**2)).mean()

# %% right: vmap of a function of one number, recursion over the degree
def _polynomial(x, k=1):
    """1/k + x/(k + 1) + ... up to x**(33 - k)/33, from the inside out."""
    if k == 33:
        return 1 / 33
    return _polynomial(x, k + 1) * x + 1 / k


@jax.jit
def horner_fused(x):
    quotients = jax.vmap(lambda t: jnp.sqrt(_polynomial(t)) / (1 + t * t))(x)
    return jnp.sum(quotients) / x.size

# %% right: polyval, wholly unrolled
@jax.jit
def horner_fused(x):
    p = jnp.polyval(jnp.asarray(COEFFICIENTS, x.dtype), x, unroll=len(COEFFICIENTS))
    return jnp.mean(jnp.sqrt(p) / (1 + x * x))

# %% wrong: 1 + x for 1 + x^2 | equal at 0 and 1 only, infinite at -1
@jax.jit
def horner_fused(x):
    p = jnp.zeros_like(x)
    for c in COEFFICIENTS:
        p = p * x + c
    return jnp.mean(jnp.sqrt(p) / (1 + x))

# %% wrong: absolute value so that the root is safe | p of every negative x is wrong
@jax.jit
def horner_fused(x):
    t = jnp.abs(x)  # p >= 1: never the root of a negative number
    p = jnp.zeros_like(t)
    for c in COEFFICIENTS:
        p = p * t + c
    return jnp.mean(jnp.sqrt(p) / (1 + t * t))

# %% wrong: blocks of 1024 for the cache | the entries after the last whole block are left out of the mean
@jax.jit
def horner_fused(x):
    block = 1024
    if x.size >= block:
        x = x[: x.size // block * block].reshape(-1, block)
    p = jnp.zeros_like(x)
    for c in COEFFICIENTS:
        p = p * x + c
    return jnp.mean(jnp.sqrt(p) / (1 + x * x))

# %% wrong: no jit | eager, not one compiled function, and too slow
def horner_fused(x):
    x = jnp.asarray(x)
    p = jnp.zeros_like(x)
    for c in COEFFICIENTS:
        p = p * x + c
    return jnp.mean(jnp.sqrt(p) / (1 + x * x))

# %% wrong: only the step compiled | not one compiled function: each step writes its array to memory
@jax.jit
def _step(p, x, c):
    return p * x + c


@jax.jit
def _finish(p, x):
    return jnp.mean(jnp.sqrt(p) / (1 + x * x))


def horner_fused(x):
    x = jnp.asarray(x)
    p = jnp.zeros_like(x)
    for c in COEFFICIENTS:
        p = _step(p, x, c)
    return _finish(p, x)

# %% wrong: np.asarray before the compiled part | fails under jax.jit, where x has no values
@jax.jit
def _horner(x):
    p = jnp.zeros_like(x)
    for c in COEFFICIENTS:
        p = p * x + c
    return jnp.mean(jnp.sqrt(p) / (1 + x * x))


def horner_fused(x):
    return _horner(np.asarray(x, dtype=np.float32))

# %% wrong: a new jitted closure in each call | compiles again at every call
def horner_fused(x):
    @jax.jit
    def run(x):
        p = jnp.zeros_like(x)
        for c in COEFFICIENTS:
            p = p * x + c
        return jnp.mean(jnp.sqrt(p) / (1 + x * x))

    return run(x)

# %% wrong: keeps results by the identity of x | a NumPy array whose entries have changed gives the old mean
@jax.jit
def _horner(x):
    p = jnp.zeros_like(x)
    for c in COEFFICIENTS:
        p = p * x + c
    return jnp.mean(jnp.sqrt(p) / (1 + x * x))


_results = {}


def horner_fused(x):
    if isinstance(x, jax.core.Tracer):
        return _horner(x)
    if id(x) not in _results:
        _results[id(x)] = x, _horner(x)  # keeps x alive, so that its id stays its own
    return _results[id(x)][1]
