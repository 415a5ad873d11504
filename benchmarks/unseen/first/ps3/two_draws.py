# %% right: split and unpack
def two_draws(key):
    a, b = random.split(key)
    return random.normal(a), random.normal(b)

# %% right: one key for an array of two, unpacked
def two_draws(key):
    x, y = random.normal(key, (2,))
    return x, y

# %% right: fold_in with two numbers
def two_draws(key):
    return tuple(random.normal(random.fold_in(key, i), dtype=jnp.float32) for i in (11, 7))

# %% right: vmap over the keys of a split
def two_draws(key):
    draws = jax.vmap(random.normal)(random.split(key, num=2))
    return draws[0], draws[1]

# %% right: chain by a small class
class _Stream:
    def __init__(self, key):
        self._key = key

    def draw(self):
        self._key, sub = random.split(self._key)
        return random.normal(sub, shape=())

def two_draws(key):
    stream = _Stream(key)
    return stream.draw(), stream.draw()

# %% right: Box and Muller from two uniform numbers
def two_draws(key):
    u, v = random.split(key)
    radius = jnp.sqrt(-2.0 * jnp.log1p(-random.uniform(u)))
    angle = random.uniform(v, minval=-jnp.pi, maxval=jnp.pi)
    return radius * jnp.cos(angle), radius * jnp.sin(angle)

# %% right: inverse distribution function of uniform draws
from jax.scipy.special import ndtri

def two_draws(key):
    u = random.uniform(key, (2,), minval=jnp.finfo(jnp.float32).tiny)
    z = ndtri(u)
    return z[0], z[1]

# %% right: rotation of two independent normals
def two_draws(key):
    x = random.normal(key, (2,), jnp.float32)
    c, s = jnp.float32(0.6), jnp.float32(0.8)
    return c * x[0] - s * x[1], s * x[0] + c * x[1]

# %% right: scan with the key as state
def two_draws(key):
    def step(k, _):
        k, sub = random.split(k)
        return k, random.normal(sub)

    _, z = lax.scan(step, key, None, length=2)
    return tuple(z)

# %% right: multivariate normal with the identity
def two_draws(key):
    z = random.multivariate_normal(key, jnp.zeros(2), jnp.eye(2))
    return (z[0], z[1])

# %% right: more keys than are needed, deep in the tree, lax.map
def two_draws(key):
    _, spare = random.split(key)
    keys = random.split(spare, 5)
    out = lax.map(lambda k: random.normal(k), keys[1:4])
    return out[2], out[0]

# %% right: polar method in a while_loop with a chain of keys
def two_draws(key):
    def outside(state):
        _, p = state
        s = jnp.sum(p * p)
        return (s >= 1) | (s == 0)

    def again(state):
        k, sub = random.split(state[0])
        return k, random.uniform(sub, (2,), minval=-1.0, maxval=1.0)

    _, p = lax.while_loop(outside, again, (key, jnp.ones(2)))
    s = jnp.sum(p * p)
    f = jnp.sqrt(-2 * jnp.log(s) / s)
    return p[0] * f, p[1] * f

# %% wrong: the pair is in order of size | two independent draws
def two_draws(key):
    a, b = random.split(key)
    x, y = random.normal(a), random.normal(b)
    return jnp.minimum(x, y), jnp.maximum(x, y)

# %% wrong: the second is minus the first | two independent draws
def two_draws(key):
    x = random.normal(key)
    return x, -x

# %% wrong: the same key twice, once for one and once for two numbers | no key is used twice
def two_draws(key):
    return random.normal(key), random.normal(key, (2,))[1]

# %% wrong: draws from the key and splits it as well | Either draw from it or split it, once
def two_draws(key):
    first = random.normal(key)
    key, subkey = random.split(key)
    return first, random.normal(subkey)

# %% wrong: folds and draws from the same key | a key that you fold is spent for everything else
def two_draws(key):
    return random.normal(key), random.normal(random.fold_in(key, 1))

# %% wrong: sum of twelve uniform numbers | standard normal distribution
def two_draws(key):
    a, b = random.split(key)
    return tuple(random.uniform(k, (12,)).sum() - 6.0 for k in (a, b))

# %% wrong: truncated normal, no outliers | standard normal distribution
def two_draws(key):
    a, b = random.split(key)
    return random.truncated_normal(a, -2.0, 2.0), random.truncated_normal(b, -2.0, 2.0)

# %% wrong: a constant key, the argument is ignored | key alone decides them
def two_draws(key):
    a, b = random.split(random.key(42))
    return random.normal(a), random.normal(b)

# %% wrong: NumPy's hidden generator | every function here must be pure; key alone decides
def two_draws(key):
    return jnp.float32(np.random.randn()), jnp.float32(np.random.randn())

# %% wrong: one uniform number for the radius and the angle | two independent draws from the standard normal
def two_draws(key):
    u = random.uniform(key, minval=1e-7)
    r = jnp.sqrt(-2 * jnp.log(u))
    return r * jnp.cos(2 * jnp.pi * u), r * jnp.sin(2 * jnp.pi * u)

# %% wrong: uniform and normal mixed up for the second | two draws from the standard normal distribution
def two_draws(key):
    a, b = random.split(key)
    return random.normal(a), random.uniform(b, minval=-3.0**0.5, maxval=3.0**0.5)

# %% wrong: a counter of the module is folded in | key alone decides them; pure
from itertools import count
_calls = count()

def two_draws(key):
    a, b = random.split(random.fold_in(key, next(_calls)))
    return random.normal(a), random.normal(b)

# %% wrong: legacy keys are seeded anew from their first word, which is 0 for all small seeds | key decides; legacy keys give the same draws
def two_draws(key):
    if jnp.issubdtype(key.dtype, jnp.uint32):
        key = random.key(key[0])
    a, b = random.split(key)
    return random.normal(a), random.normal(b)

# %% wrong: second number shares half of its variance with the first | independent
def two_draws(key):
    x, y = random.normal(key, (2,))
    return x, (x + y) / jnp.sqrt(jnp.float32(2))
