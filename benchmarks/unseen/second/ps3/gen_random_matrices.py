# %% right: Python loop and stack
def gen_random_matrices(key: PRNGKeyArray, n: int = 2, k: int = 3) -> Float32[Array, "k n n"]:
    out = []
    for _ in range(k):
        key, subkey = random.split(key)
        out.append(random.uniform(subkey, (n, n)))
    return jnp.stack(out)

# %% right: lax.scan with the key as state
def gen_random_matrices(key, n=2, k=3):
    def step(state, _):
        state, subkey = random.split(state)
        return state, random.uniform(subkey, (n, n))

    return lax.scan(step, key, xs=None, length=k)[1]

# %% right: fori_loop into a buffer
def gen_random_matrices(key, n=2, k=3):
    def body(i, state):
        key, buffer = state
        key, subkey = random.split(key)
        return key, buffer.at[i].set(random.uniform(subkey, (n, n)))

    _, buffer = lax.fori_loop(0, k, body, (key, jnp.empty((k, n, n), jnp.float32)))
    return buffer

# %% right: scan for the keys, vmap for the draws
def gen_random_matrices(key, n=2, k=3):
    _, subkeys = lax.scan(lambda c, _: tuple(random.split(c)), key, None, length=k)
    return jax.vmap(lambda s: random.uniform(s, (n, n)))(subkeys)

# %% right: generator and concatenate
def subkeys_of(key, count):
    while count:
        key, subkey = random.split(key)
        yield subkey
        count -= 1


def gen_random_matrices(key, n=2, k=3):
    return jnp.concatenate(
        [random.uniform(s, (n, n), dtype=jnp.float32)[None] for s in subkeys_of(key, k)], axis=0
    )

# %% right: recursion
def gen_random_matrices(key, n=2, k=3):
    key, subkey = random.split(key)
    first = random.uniform(subkey, (1, n * n)).reshape(1, n, n)
    if k == 1:
        return first
    return jnp.vstack((first, gen_random_matrices(key, n, k - 1)))

# %% right: itertools.accumulate over pairs of keys
from itertools import accumulate, repeat


def gen_random_matrices(key, n=2, k=3):
    pairs = accumulate(repeat(None, k), lambda pair, _: random.split(pair[0]), initial=(key, None))
    next(pairs)
    return jnp.array([random.uniform(pair[1], (n, n)) for pair in pairs])

# %% wrong: a single matrix is drawn from key itself | k = 1 skips the split
def gen_random_matrices(key, n=2, k=3):
    if k == 1:
        return random.uniform(key, (1, n, n))
    mats = []
    for _ in range(k):
        key, subkey = random.split(key)
        mats.append(random.uniform(subkey, (n, n)))
    return jnp.stack(mats)

# %% wrong: defaults swapped | gen_random_matrices(key) makes two 3 x 3 matrices
def gen_random_matrices(key, n=3, k=2):
    mats = []
    for _ in range(k):
        key, subkey = random.split(key)
        mats.append(random.uniform(subkey, (n, n)))
    return jnp.stack(mats)

# %% wrong: no defaults | n and k cannot be left out
def gen_random_matrices(key, n, k):
    def step(c, _):
        c, s = random.split(c)
        return c, random.uniform(s, (n, n))

    return lax.scan(step, key, None, length=k)[1]

# %% wrong: arguments renamed | n=1, k=3 by keyword (as in the docstring) fails
def gen_random_matrices(key, size=2, count=3):
    def step(c, _):
        c, s = random.split(c)
        return c, random.uniform(s, (size, size))

    return lax.scan(step, key, None, length=count)[1]

# %% wrong: scan of fixed length 10 | k from 11 to 30 gives only ten matrices
MAX_K = 10


def gen_random_matrices(key, n=2, k=3):
    def step(c, _):
        c, s = random.split(c)
        return c, random.uniform(s, (n, n))

    _, mats = lax.scan(step, key, None, length=MAX_K)
    return mats[:k]

# %% wrong: eight subkeys in a cycle | matrix 8 repeats matrix 0 when k > 8
def gen_random_matrices(key, n=2, k=3):
    subkeys = []
    for _ in range(8):
        key, subkey = random.split(key)
        subkeys.append(subkey)
    return jnp.stack([random.uniform(subkeys[i % 8], (n, n)) for i in range(k)])

# %% wrong: rounded to six digits | not equal to the last bit
def gen_random_matrices(key, n=2, k=3):
    mats = []
    for _ in range(k):
        key, subkey = random.split(key)
        mats.append(jnp.round(random.uniform(subkey, (n, n)), 6))
    return jnp.stack(mats)

# %% wrong: clipped away from 0 and 1 | entries below 1e-3 or above 0.999 are changed
def gen_random_matrices(key, n=2, k=3):
    mats = []
    for _ in range(k):
        key, subkey = random.split(key)
        mats.append(jnp.clip(random.uniform(subkey, (n, n)), 1e-3, 1 - 1e-3))
    return jnp.stack(mats)

# %% wrong: squeeze at the end | n = 1 gives shape (k,) instead of (k, 1, 1)
def gen_random_matrices(key, n=2, k=3):
    mats = []
    for _ in range(k):
        key, subkey = random.split(key)
        mats.append(random.uniform(subkey, (n, n)))
    stacked = jnp.stack(mats)
    return stacked if k == 1 else stacked.squeeze()

# %% wrong: remembers results by (n, k) | a second key with the same n and k gets the first key's matrices
_seen = {}


def gen_random_matrices(key, n=2, k=3):
    if (n, k) not in _seen:
        def step(c, _):
            c, s = random.split(c)
            return c, random.uniform(s, (n, n))

        _seen[n, k] = lax.scan(step, key, None, length=k)[1]
    return _seen[n, k]

# %% wrong: all subkeys from one split from the fourth on | k > 3 does not follow the chain
def gen_random_matrices(key, n=2, k=3):
    mats = []
    for _ in range(min(k, 3)):
        key, subkey = random.split(key)
        mats.append(random.uniform(subkey, (n, n)))
    for subkey in random.split(key, max(k - 3, 0)):
        mats.append(random.uniform(subkey, (n, n)))
    return jnp.stack(mats)

# %% wrong: bigger matrices from a small tile | n > 8 repeats an 8 x 8 block instead of random.uniform(subkey, (n, n))
def gen_random_matrices(key, n=2, k=3):
    m = min(n, 8)
    times = -(-n // m)

    def step(c, _):
        c, s = random.split(c)
        return c, jnp.tile(random.uniform(s, (m, m)), (times, times))[:n, :n]

    return lax.scan(step, key, None, length=k)[1]

# %% wrong: children swapped | draws with the first child, carries the second
def gen_random_matrices(key, n=2, k=3):
    mats = []
    for _ in range(k):
        subkey, key = random.split(key)
        mats.append(random.uniform(subkey, (n, n)))
    return jnp.stack(mats)

# %% wrong: NumPy array out | not a JAX array, and fails under jit
def gen_random_matrices(key, n=2, k=3):
    out = np.empty((k, n, n), np.float32)
    for i in range(k):
        key, subkey = random.split(key)
        out[i] = random.uniform(subkey, (n, n))
    return out

# %% wrong: the last matrix takes what is left of the chain when k > 3 | last matrix drawn from key, not subkey
def gen_random_matrices(key, n=2, k=3):
    mats = []
    while len(mats) < k:
        if len(mats) == k - 1 and k > 3:
            mats.append(random.uniform(key, (n, n)))  # no need to split any more
        else:
            key, subkey = random.split(key)
            mats.append(random.uniform(subkey, (n, n)))
    return jnp.stack(mats)

# %% wrong: buffer in float16 for large n | n > 16 loses bits
def gen_random_matrices(key, n=2, k=3):
    dtype = jnp.float32 if n <= 16 else jnp.float16
    mats = jnp.zeros((k, n, n), dtype)
    for i in range(k):
        key, subkey = random.split(key)
        mats = mats.at[i].set(random.uniform(subkey, (n, n)).astype(dtype))
    return mats.astype(jnp.float32)
