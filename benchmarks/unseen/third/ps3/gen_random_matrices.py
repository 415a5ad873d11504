# %% right: plain loop and jnp.stack
def gen_random_matrices(key: PRNGKeyArray, n: int = 2, k: int = 3) -> Float32[Array, "k n n"]:
    """Return k independent n x n matrices, uniform on [0, 1)."""
    matrices = []
    for _ in range(k):
        key, subkey = random.split(key)
        matrices.append(random.uniform(subkey, (n, n)))
    return jnp.stack(matrices)

# %% right: functional, lax.scan with the key as its state
def gen_random_matrices(key, n=2, k=3):
    """Return k independent n x n matrices, uniform on [0, 1)."""

    def step(carried, _):
        carried, subkey = random.split(carried)
        return carried, random.uniform(subkey, (n, n))

    return lax.scan(step, key, xs=None, length=k)[1]

# %% right: generator for the chain of subkeys, then vmap over the stacked subkeys
def _chain(key):
    while True:
        key, subkey = random.split(key)
        yield subkey


def gen_random_matrices(key, n=2, k=3):
    """Return k independent n x n matrices, uniform on [0, 1)."""
    subkeys = jnp.stack([subkey for _, subkey in zip(range(k), _chain(key))])
    return jax.vmap(partial(random.uniform, shape=(n, n)))(subkeys)

# %% right: physicist, preallocated array filled in a fori_loop, jitted
@partial(jax.jit, static_argnames=("n", "k"))
def gen_random_matrices(key, n=2, k=3):
    """Return k independent n x n matrices, uniform on [0, 1)."""

    def body(i, state):
        key, out = state
        children = random.split(key)
        return children[0], out.at[i].set(random.uniform(children[1], (n, n), jnp.float32))

    _, out = lax.fori_loop(0, k, body, (key, jnp.zeros((k, n, n), jnp.float32)))
    return out

# %% wrong: defaults exchanged | left out, n is 3 and k is 2, not the starter's n=2, k=3
def gen_random_matrices(key, n=3, k=2):
    matrices = []
    for _ in range(k):
        key, subkey = random.split(key)
        matrices.append(random.uniform(subkey, (n, n)))
    return jnp.stack(matrices)

# %% wrong: no split when one matrix is enough | at k=1 it draws from key itself and not from the prescribed subkey
def gen_random_matrices(key, n=2, k=3):
    if k == 1:
        return random.uniform(key, (1, n, n))
    matrices = []
    for _ in range(k):
        key, subkey = random.split(key)
        matrices.append(random.uniform(subkey, (n, n)))
    return jnp.stack(matrices)

# %% wrong: many keys by one split, for speed | for k above 8 the draws are not the prescribed chain
def gen_random_matrices(key, n=2, k=3):
    if k > 8:
        # Vectorised path for larger stacks.
        subkeys = random.split(key, k)
        return jax.vmap(lambda s: random.uniform(s, (n, n)))(subkeys)
    matrices = []
    for _ in range(k):
        key, subkey = random.split(key)
        matrices.append(random.uniform(subkey, (n, n)))
    return jnp.stack(matrices)

# %% wrong: rounded to the digits that the docstring prints | does not agree to the last bit
def gen_random_matrices(key, n=2, k=3):
    matrices = []
    for _ in range(k):
        key, subkey = random.split(key)
        matrices.append(jnp.round(random.uniform(subkey, (n, n)), 7))
    return jnp.stack(matrices)

# %% wrong: uniform by hand, bits over 2**32 | last bits differ, and 1.0 itself can come out
def gen_random_matrices(key, n=2, k=3):
    matrices = []
    for _ in range(k):
        key, subkey = random.split(key)
        matrices.append(random.bits(subkey, (n, n)) * 2.0**-32)
    return jnp.stack(matrices).astype(jnp.float32)

# %% wrong: legacy key made typed from its last word | for legacy keys whose first word is not 0 (from a split) the draws are others
def gen_random_matrices(key, n=2, k=3):
    if not jnp.issubdtype(key.dtype, jax.dtypes.prng_key):
        key = random.key(key[1])
    matrices = []
    for _ in range(k):
        key, subkey = random.split(key)
        matrices.append(random.uniform(subkey, (n, n)))
    return jnp.stack(matrices)

# %% wrong: keeps away from 0 and 1 | entries below 1e-4 or above 0.9999 are changed, not ours to the last bit
def gen_random_matrices(key, n=2, k=3):
    eps = 1e-4

    def step(key, _):
        key, subkey = random.split(key)
        return key, jnp.clip(random.uniform(subkey, (n, n)), eps, 1 - eps)

    _, matrices = lax.scan(step, key, None, length=k)
    return matrices

# %% wrong: chain of a fixed length, then cut | k above 16 gives only 16 matrices
MAX_MATRICES = 16


def gen_random_matrices(key, n=2, k=3):
    def step(key, _):
        key, subkey = random.split(key)
        return key, subkey

    _, subkeys = lax.scan(step, key, None, length=MAX_MATRICES)
    return jax.vmap(lambda s: random.uniform(s, (n, n)))(subkeys[:k])
