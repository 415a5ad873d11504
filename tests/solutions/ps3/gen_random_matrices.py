# %% right: list and stack
def gen_random_matrices(key, n=2, k=3):
    matrices = []
    for _ in range(k):
        key, subkey = random.split(key)
        matrices.append(random.uniform(subkey, (n, n)))
    return jnp.array(matrices)


# %% right: scan that carries the key
def gen_random_matrices(key, n=2, k=3):
    def step(key, _):
        key, subkey = random.split(key)
        return key, random.uniform(subkey, (n, n))

    return lax.scan(step, key, length=k)[1]


# %% right: recursion
def gen_random_matrices(key, n=2, k=3):
    rest, subkey = random.split(key)
    matrix = random.uniform(subkey, shape=(n, n))[None]
    if k == 1:
        return matrix
    return jnp.concatenate([matrix, gen_random_matrices(rest, n, k - 1)])


# %% wrong: the key reused for every matrix -> follows_the_stated_splits, has_the_stated_defaults, uses_each_key_once
def gen_random_matrices(key, n=2, k=3):
    return jnp.stack([random.uniform(key, (n, n)) for _ in range(k)])


# %% wrong: one subkey for every matrix -> follows_the_stated_splits, has_the_stated_defaults, uses_each_key_once
def gen_random_matrices(key, n=2, k=3):
    key, subkey = random.split(key)
    return jnp.stack([random.uniform(subkey, (n, n))] * k)


# %% wrong: draws from the key and then splits it -> follows_the_stated_splits, has_the_stated_defaults, uses_each_key_once
def gen_random_matrices(key, n=2, k=3):
    matrices = []
    for _ in range(k):
        matrices.append(random.uniform(key, (n, n)))
        key, _ = random.split(key)
    return jnp.stack(matrices)


# %% wrong: key and subkey swapped -> follows_the_stated_splits, has_the_stated_defaults
def gen_random_matrices(key, n=2, k=3):
    matrices = []
    for _ in range(k):
        subkey, key = random.split(key)
        matrices.append(random.uniform(subkey, (n, n)))
    return jnp.stack(matrices)


# %% wrong: all keys from one split -> follows_the_stated_splits, has_the_stated_defaults
def gen_random_matrices(key, n=2, k=3):
    return jax.vmap(lambda subkey: random.uniform(subkey, (n, n)))(random.split(key, k))


# %% wrong: one draw of all matrices -> follows_the_stated_splits, has_the_stated_defaults
def gen_random_matrices(key, n=2, k=3):
    return random.uniform(key, (k, n, n))


# %% wrong: normal draws -> follows_the_stated_splits, has_the_stated_defaults
def gen_random_matrices(key, n=2, k=3):
    matrices = []
    for _ in range(k):
        key, subkey = random.split(key)
        matrices.append(random.normal(subkey, (n, n)))
    return jnp.stack(matrices)


# %% wrong: returns a list -> follows_the_stated_splits, has_the_stated_defaults
def gen_random_matrices(key, n=2, k=3):
    matrices = []
    for _ in range(k):
        key, subkey = random.split(key)
        matrices.append(random.uniform(subkey, (n, n)))
    return matrices


# %% wrong: the defaults mixed up -> has_the_stated_defaults
def gen_random_matrices(key, n=3, k=2):
    matrices = []
    for _ in range(k):
        key, subkey = random.split(key)
        matrices.append(random.uniform(subkey, (n, n)))
    return jnp.stack(matrices)


# %% wrong: np.random -> follows_the_stated_splits, has_the_stated_defaults, is_pure, uses_each_key_once
def gen_random_matrices(key, n=2, k=3):
    return jnp.asarray(np.random.rand(k, n, n), jnp.float32)


# %% wrong: keeps the last key in a global -> follows_the_stated_splits, is_pure, uses_each_key_once
_state = {}


def gen_random_matrices(key, n=2, k=3):
    key = _state.get("key", key)
    matrices = []
    for _ in range(k):
        key, subkey = random.split(key)
        matrices.append(random.uniform(subkey, (n, n)))
    _state["key"] = key
    return jnp.stack(matrices)


# %% right: keys first, matrices by vmap
def gen_random_matrices(key, n=2, k=3):
    subkeys = []
    while len(subkeys) < k:
        key, subkey = random.split(key)
        subkeys.append(subkey)
    return jax.vmap(lambda subkey: random.uniform(subkey, (n, n)))(jnp.stack(subkeys))


# %% wrong: the default of k follows n -> has_the_stated_defaults
def gen_random_matrices(key, n=2, k=None):
    matrices = []
    for _ in range(k or n + 1):
        key, subkey = random.split(key)
        matrices.append(random.uniform(subkey, (n, n)))
    return jnp.stack(matrices)


# %% wrong: n has no default -> has_the_stated_defaults
def gen_random_matrices(key, n, k=3):
    matrices = []
    for _ in range(k):
        key, subkey = random.split(key)
        matrices.append(random.uniform(subkey, (n, n)))
    return jnp.stack(matrices)


# %% wrong: n and k in the other order -> follows_the_stated_splits
def gen_random_matrices(key, k=2, n=3):
    matrices = []
    for _ in range(k):
        key, subkey = random.split(key)
        matrices.append(random.uniform(subkey, (n, n)))
    return jnp.stack(matrices)


# %% wrong: a single matrix loses its axis -> follows_the_stated_splits
def gen_random_matrices(key, n=2, k=3):
    matrices = []
    for _ in range(k):
        key, subkey = random.split(key)
        matrices.append(random.uniform(subkey, (n, n)))
    return jnp.squeeze(jnp.stack(matrices))


# %% wrong: three splits at most -> follows_the_stated_splits
def gen_random_matrices(key, n=2, k=3):
    key, a = random.split(key)
    key, b = random.split(key)
    key, c = random.split(key)
    rest = random.split(key, max(k - 3, 1))
    keys = [a, b, c, *rest][:k]
    return jnp.stack([random.uniform(subkey, (n, n)) for subkey in keys])


# %% wrong: half precision -> follows_the_stated_splits
def gen_random_matrices(key, n=2, k=3):
    matrices = []
    for _ in range(k):
        key, subkey = random.split(key)
        matrices.append(random.uniform(subkey, (n, n), jnp.float16).astype(jnp.float32))
    return jnp.stack(matrices)


# %% wrong: one matrix of two columns at a time -> follows_the_stated_splits
def gen_random_matrices(key, n=2, k=3):
    matrices = []
    for _ in range(k):
        key, subkey = random.split(key)
        matrices.append(random.uniform(subkey, (n * n,)).reshape(n, n).T)
    return jnp.stack(matrices)


# %% wrong: half precision for large matrices -> follows_the_stated_splits
def gen_random_matrices(key, n=2, k=3):
    out = []
    dtype = jnp.float16 if n > 8 else jnp.float32
    for _ in range(k):
        key, subkey = random.split(key)
        out.append(random.uniform(subkey, (n, n), dtype).astype(jnp.float32))
    return jnp.stack(out)


# %% wrong: only the second word of a legacy key -> follows_the_stated_splits, uses_each_key_once
def gen_random_matrices(key, n=2, k=3):
    if key.dtype == jnp.uint32:
        key = random.key(key[1])
    out = []
    for _ in range(k):
        key, subkey = random.split(key)
        out.append(random.uniform(subkey, (n, n)))
    return jnp.stack(out)


# %% wrong: half of a legacy key -> follows_the_stated_splits, uses_each_key_once
def gen_random_matrices(key, n=2, k=3):
    if not jnp.issubdtype(key.dtype, jax.dtypes.prng_key):
        key = random.PRNGKey(key[1])
    matrices = []
    for _ in range(k):
        key, subkey = random.split(key)
        matrices.append(random.uniform(subkey, (n, n)))
    return jnp.stack(matrices)
