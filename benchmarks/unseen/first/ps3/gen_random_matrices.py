# %% right: loop and stack
def gen_random_matrices(key, n=2, k=3):
    out = []
    for _ in range(k):
        key, subkey = random.split(key)
        out.append(random.uniform(subkey, (n, n)))
    return jnp.stack(out)

# %% right: scan with the key as state
def gen_random_matrices(key, n=2, k=3):
    def step(key, _):
        key, subkey = random.split(key)
        return key, random.uniform(subkey, (n, n))
    return lax.scan(step, key, length=k)[1]

# %% right: chain of keys first, then vmap over the subkeys
def gen_random_matrices(key, n=2, k=3):
    subkeys = []
    while len(subkeys) < k:
        key, subkey = random.split(key)
        subkeys.append(subkey)
    return jax.vmap(lambda s: random.uniform(s, (n, n)))(jnp.stack(subkeys))

# %% right: fori_loop into an array of zeros
def gen_random_matrices(key, n=2, k=3):
    def body(i, state):
        key, out = state
        key, subkey = random.split(key)
        return key, out.at[i].set(random.uniform(subkey, (n, n)))
    return lax.fori_loop(0, k, body, (key, jnp.zeros((k, n, n), jnp.float32)))[1]

# %% right: generator of subkeys, islice, jnp.array of a list
from itertools import islice

def _subkeys(key):
    while True:
        key, subkey = random.split(key)
        yield subkey

def gen_random_matrices(key, n: int = 2, k: int = 3):
    return jnp.array([random.uniform(s, shape=(n, n)) for s in islice(_subkeys(key), k)])

# %% right: itertools.accumulate over pairs of keys, concatenated
from itertools import accumulate, repeat

def gen_random_matrices(key, n=2, k=3):
    pairs = accumulate(repeat(None, k), lambda pair, _: random.split(pair[0]), initial=(key, None))
    next(pairs)
    return jnp.concatenate([random.uniform(p[1], (1, n, n), jnp.float32, 0.0, 1.0) for p in pairs])

# %% right: flat draw of n * n numbers, reshaped
def gen_random_matrices(key, n=2, k=3):
    rows = []
    for _ in range(k):
        key, subkey = random.split(key)
        rows.append(random.uniform(subkey, (n * n,)))
    return jnp.vstack(rows).reshape(k, n, n)

# %% right: a class with a private chain, __iter__
class _Chain:
    def __init__(self, key, length):
        self.key, self.length = key, length

    def __iter__(self):
        key = self.key
        for _ in range(self.length):
            key, sub = random.split(key)
            yield sub

def gen_random_matrices(key, n=2, k=3):
    draw = partial(random.uniform, shape=(n, n), dtype=jnp.float32)
    return jnp.stack(list(map(draw, _Chain(key, k))), axis=0)

# %% right: reduce with a tuple as state, outer jit with static sizes
from functools import reduce

@partial(jax.jit, static_argnames=("n", "k"))
def gen_random_matrices(key, n=2, k=3):
    def extend(state, _):
        key, done = state
        children = random.split(key, 2)
        return children[0], done + (random.uniform(children[1], (n, n)),)
    return jnp.stack(reduce(extend, range(k), (key, ()))[1])

# %% right: scan for the subkeys of which the data are kept, then lax.map
def gen_random_matrices(key, n=2, k=3):
    def step(c, _):
        pair = random.split(c)
        return pair[0], pair[1]
    _, subs = lax.scan(step, key, jnp.arange(k))
    return lax.map(lambda s: random.uniform(s, (n, n)), subs)

# %% right: converts a typed key to its data at first, works with legacy keys throughout
def gen_random_matrices(key, n=2, k=3):
    if jnp.issubdtype(key.dtype, jax.dtypes.prng_key):
        key = random.key_data(key)
    ms = [None] * k
    for i in range(k):
        key, sub = random.split(random.wrap_key_data(key))
        ms[i] = random.uniform(sub, (n, n))
        key = random.key_data(key)
    return jnp.stack(ms)

# %% wrong: no defaults | Either may be left out, so keep the defaults
def gen_random_matrices(key, n, k):
    out = []
    for _ in range(k):
        key, subkey = random.split(key)
        out.append(random.uniform(subkey, (n, n)))
    return jnp.stack(out)

# %% wrong: defaults the wrong way round | keep the defaults of the starter code
def gen_random_matrices(key, n=3, k=2):
    out = []
    for _ in range(k):
        key, subkey = random.split(key)
        out.append(random.uniform(subkey, (n, n)))
    return jnp.stack(out)

# %% wrong: one matrix is drawn from the key itself, without a split | 1. key, subkey = random.split(key)
def gen_random_matrices(key, n=2, k=3):
    if k == 1:
        return random.uniform(key, (1, n, n))
    out = []
    for _ in range(k):
        key, subkey = random.split(key)
        out.append(random.uniform(subkey, (n, n)))
    return jnp.stack(out)

# %% wrong: remembers the result for each n and k | pure; key decides
_made = {}

def gen_random_matrices(key, n=2, k=3):
    if isinstance(key, jax.core.Tracer) or (n, k) not in _made:
        out = []
        for _ in range(k):
            key, subkey = random.split(key)
            out.append(random.uniform(subkey, (n, n)))
        if isinstance(out[0], jax.core.Tracer):
            return jnp.stack(out)
        _made[n, k] = jnp.stack(out)
    return _made[n, k]

# %% wrong: legacy keys are seeded anew from their second word only, so deep keys lose half | key is a typed or a legacy key; agree to the last bit
def gen_random_matrices(key, n=2, k=3):
    if key.dtype == jnp.uint32:
        key = random.key(key[1])
    out = []
    for _ in range(k):
        key, subkey = random.split(key)
        out.append(random.uniform(subkey, (n, n)))
    return jnp.stack(out)

# %% wrong: rounded to six decimals | agree with ours to the last bit
def gen_random_matrices(key, n=2, k=3):
    out = []
    for _ in range(k):
        key, subkey = random.split(key)
        out.append(jnp.round(random.uniform(subkey, (n, n)), 6))
    return jnp.stack(out)

# %% wrong: avoids an exact 0 with minval 1e-7 | random.uniform(subkey, (n, n)), to the last bit
def gen_random_matrices(key, n=2, k=3):
    out = []
    for _ in range(k):
        key, subkey = random.split(key)
        out.append(random.uniform(subkey, (n, n), minval=1e-7))
    return jnp.stack(out)

# %% wrong: more than ten matrices in one draw | Repeat k times
def gen_random_matrices(key, n=2, k=3):
    if k > 10:
        return random.uniform(key, (k, n, n))
    out = []
    for _ in range(k):
        key, subkey = random.split(key)
        out.append(random.uniform(subkey, (n, n)))
    return jnp.stack(out)

# %% wrong: 1 by 1 matrices are squeezed to a vector | shape (k, n, n)
def gen_random_matrices(key, n=2, k=3):
    out = []
    for _ in range(k):
        key, subkey = random.split(key)
        m = random.uniform(subkey, (n, n))
        out.append(m.squeeze() if n == 1 else m)
    return jnp.stack(out)

# %% wrong: the chain starts again from the first key after three matrices | Repeat k times; no key twice
def gen_random_matrices(key, n=2, k=3):
    out = []
    for i in range(k):
        if i % 3 == 0:
            chain = key
        chain, subkey = random.split(chain)
        out.append(random.uniform(subkey, (n, n)))
    return jnp.stack(out)

# %% wrong: odd sizes are cut out of a draw that is one larger | random.uniform(subkey, (n, n))
def gen_random_matrices(key, n=2, k=3):
    even = n + n % 2
    out = []
    for _ in range(k):
        key, subkey = random.split(key)
        out.append(random.uniform(subkey, (even, even))[:n, :n])
    return jnp.stack(out)

# %% wrong: a half precision draw when the result is large, to save memory | float32, to the last bit
def gen_random_matrices(key, n=2, k=3):
    out = []
    dtype = jnp.float16 if n > 8 else jnp.float32
    for _ in range(k):
        key, subkey = random.split(key)
        out.append(random.uniform(subkey, (n, n), dtype).astype(jnp.float32))
    return jnp.stack(out)

# %% wrong: the chain takes the second child onward and the first for the last matrix when k is even | key, subkey = random.split(key), in this order
def gen_random_matrices(key, n=2, k=3):
    out = []
    for i in range(k - 1):
        key, subkey = random.split(key)
        out.append(random.uniform(subkey, (n, n)))
    if k % 2:
        key = random.split(key)[1]
    out.append(random.uniform(key, (n, n)))  # the last one needs no further split
    return jnp.stack(out)
