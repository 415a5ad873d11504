# %% right: split in two, unpack
def two_draws(key):
    a, b = random.split(key)
    return random.normal(a), random.normal(b)

# %% right: one array of two entries from one key
def two_draws(key: PRNGKeyArray) -> tuple[Float32[Array, ""], Float32[Array, ""]]:
    both = random.normal(key, shape=(2,), dtype=jnp.float32)
    return both[0], both[1]

# %% right: vmap over the two children
def two_draws(key):
    return tuple(jax.vmap(random.normal)(random.split(key, 2)))

# %% right: fold_in with two different numbers, key only folded
def two_draws(key):
    return tuple(random.normal(random.fold_in(key, i)) for i in (10, 20))

# %% right: Box-Muller from uniform draws
def two_draws(key):
    radius_key, angle_key = random.split(key)
    # 1 - uniform lies in (0, 1], so that the logarithm is finite
    radius = jnp.sqrt(-2.0 * jnp.log(1.0 - random.uniform(radius_key)))
    angle = 2.0 * jnp.pi * random.uniform(angle_key)
    return radius * jnp.cos(angle), radius * jnp.sin(angle)

# %% right: key chain in a small class
class KeyStream:
    def __init__(self, key):
        self._key = key

    def next(self):
        self._key, out = random.split(self._key)
        return out


def two_draws(key):
    stream = KeyStream(key)
    first = random.normal(stream.next())
    second = random.normal(stream.next())
    return first, second

# %% right: lax.scan over a chain of keys
def two_draws(key):
    def step(carry, _):
        carry, sub = random.split(carry)
        return carry, random.normal(sub, ())

    _, draws = lax.scan(step, key, None, length=2)
    first, second = draws
    return first, second

# %% wrong: normal and inverse-erf of uniform from one key | the two draws are (almost) equal, key used twice
from jax.scipy.special import erfinv


def two_draws(key):
    first = random.normal(key)
    second = jnp.sqrt(2.0) * erfinv(random.uniform(key, minval=-0.999999, maxval=1.0))
    return first, second

# %% wrong: longer array from the same key | key is used twice (two calls of normal with it)
def two_draws(key):
    a = random.normal(key)
    b = random.normal(key, (2,))[1]
    return a, b

# %% wrong: antithetic pair | second is minus the first, not independent
def two_draws(key):
    z = random.normal(key)
    return z, -z

# %% wrong: draws from the parent and from a child | key is drawn from and also split
def two_draws(key):
    first = random.normal(key)
    _, subkey = random.split(key)
    return first, random.normal(subkey)

# %% wrong: second key is a constant | the second draw does not depend on key, it is always the same number
OTHER_KEY = 12345


def two_draws(key):
    return random.normal(key), random.normal(random.key(OTHER_KEY))

# %% wrong: call counter folded in | hidden state: the same key gives other numbers at each call
_calls = 0


def two_draws(key):
    global _calls
    _calls += 1
    a, b = random.split(random.fold_in(key, _calls))
    return random.normal(a), random.normal(b)

# %% wrong: uniform with standard deviation 1 | not a normal distribution (never beyond 1.74)
def two_draws(key):
    a, b = random.split(key)
    width = 3.0**0.5
    return random.uniform(a, (), minval=-width, maxval=width), random.uniform(
        b, (), minval=-width, maxval=width
    )

# %% wrong: a shared part in both | correlation 1/2 between the draws
def two_draws(key):
    shared_key, a, b = random.split(key, 3)
    shared = random.normal(shared_key)
    root = jnp.sqrt(jnp.float32(2))
    return (shared + random.normal(a)) / root, (shared + random.normal(b)) / root

# %% wrong: smaller one first | sorted pair: means -0.56 and +0.56, dependent
def two_draws(key):
    low, high = jnp.sort(random.normal(key, (2,)))
    return low, high

# %% wrong: seed cut to 8 bits | keys whose last word agrees modulo 256 give the same draws (only 256 results)
def two_draws(key):
    seed = random.key_data(key)[-1] % 256
    a, b = random.split(random.key(seed))
    return random.normal(a), random.normal(b)

# %% wrong: sum of three uniforms | bounded at 3, tails too light, not normal
def two_draws(key):
    a, b = random.split(key)

    def draw(k):
        return 2.0 * random.uniform(k, (3,)).sum() - 3.0

    return draw(a), draw(b)

# %% wrong: truncated normal | never beyond 2, standard deviation 0.88
def two_draws(key):
    a, b = random.split(key)
    return random.truncated_normal(a, -2.0, 2.0), random.truncated_normal(b, -2.0, 2.0)

# %% wrong: NumPy's global generator | not pure, key ignored, constants once compiled
def two_draws(key):
    a, b = np.random.randn(2)
    return jnp.float32(a), jnp.float32(b)

# %% wrong: fold and split the same key | a folded key is also split
def two_draws(key):
    first = random.normal(random.fold_in(key, 0))
    second = random.normal(random.split(key)[1])
    return first, second

# %% wrong: second draw re-uses the child after splitting it | left is drawn from and split
def two_draws(key):
    left, _ = random.split(key)
    x = random.normal(left)
    left, sub = random.split(left)
    return x, random.normal(sub)

# %% wrong: exponential for the radius forgets the 2 | Box-Muller with variance 1/2
def two_draws(key):
    k1, k2 = random.split(key)
    r = jnp.sqrt(random.exponential(k1))
    angle = random.uniform(k2, maxval=2 * jnp.pi)
    return r * jnp.cos(angle), r * jnp.sin(angle)
