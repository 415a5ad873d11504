# %% right: lists, level by level
def key_tree(key: PRNGKeyArray, depth: int) -> Key[Array, "2**depth"] | UInt32[Array, "2**depth 2"]:
    """Return the leaves of the splitting tree below `key`, from left to right."""
    level = [key]
    for _ in range(depth):
        level = [child for parent in level for child in random.split(parent)]
    return jnp.stack(level)

# %% right: functional, reduce over levels with vmap
from functools import reduce


def key_tree(key, depth):
    """Return the leaves of the splitting tree below `key`, from left to right."""
    grow = lambda keys, _: jax.vmap(random.split)(keys).reshape(-1, *key.shape)
    return reduce(grow, range(depth), key[None])

# %% right: recursion under vmap, each subtree a row
def key_tree(key, depth):
    """Return the leaves of the splitting tree below `key`, from left to right."""
    if depth == 0:
        return jnp.expand_dims(key, 0)
    halves = jax.vmap(partial(key_tree, depth=depth - 1))(random.split(key))
    return jnp.concatenate([halves[0], halves[1]])

# %% right: raw key data in a heap, wrapped again only for typed keys
def key_tree(key, depth):
    """Return the leaves of the splitting tree below `key`, from left to right."""
    typed = jnp.issubdtype(key.dtype, jax.dtypes.prng_key)
    data = random.key_data(key) if typed else key
    # heap[i] has the children heap[2 i] and heap[2 i + 1]; heap[1] is the root.
    heap = jnp.zeros((2 ** (depth + 1), 2), jnp.uint32).at[1].set(data)
    for level in range(depth):
        first = 2**level
        parents = random.wrap_key_data(heap[first : 2 * first])
        children = random.key_data(lax.map(random.split, parents)).reshape(-1, 2)
        heap = heap.at[2 * first : 4 * first].set(children)
    leaves = heap[2**depth :]
    return random.wrap_key_data(leaves) if typed else leaves

# %% wrong: grows until there are 2 * depth keys | from depth 4 on too few leaves (8 instead of 16)
def key_tree(key, depth):
    keys = key[None]
    while len(keys) < 2 * depth:
        keys = jax.vmap(random.split)(keys).reshape(-1, *key.shape)
    return keys

# %% wrong: one split for the left child and one for the right | each key is split twice, only one child of each split used
def key_tree(key, depth):
    keys = [key]
    for _ in range(depth):
        new = []
        for k in keys:
            new.append(random.split(k)[0])
            new.append(random.split(k)[1])
        keys = new
    return jnp.stack(keys)

# %% wrong: walks from the root to every leaf | the root is split 2**depth times, and depth 10 needs 10,240 splits
def key_tree(key, depth):
    leaves = []
    for leaf in range(2**depth):
        k = key
        for level in reversed(range(depth)):
            k = random.split(k)[(leaf >> level) & 1]
        leaves.append(k)
    return jnp.stack(leaves)

# %% wrong: depth 0 handled for a typed key only | a legacy key at depth 0 raises (two words do not fit into shape (1,))
def key_tree(key, depth):
    if depth == 0:
        return key.reshape(1)
    left, right = random.split(key)
    if depth == 1:
        return jnp.stack([left, right])
    return jnp.concatenate([key_tree(left, depth - 1), key_tree(right, depth - 1)])

# %% wrong: upper half and lower half of depth // 2 levels each | odd depths from 3 on get 2**(depth - 1) keys only
def key_tree(key, depth):
    if depth == 0:
        return key[None]
    if depth == 1:
        return random.split(key)
    top = key_tree(key, depth // 2)
    leaves = jax.vmap(lambda k: key_tree(k, depth // 2))(top)
    return leaves.reshape(-1, *key.shape)

# %% wrong: two levels by hand, the rest with one split(key, m) | from depth 3 on other keys than those of the binary tree
def key_tree(key, depth):
    if depth == 0:
        return key[None]
    if depth == 1:
        return random.split(key)
    grandchildren = jax.vmap(random.split)(random.split(key)).reshape(-1, *key.shape)
    if depth == 2:
        return grandchildren
    leaves = jax.vmap(lambda k: random.split(k, 2 ** (depth - 2)))(grandchildren)
    return leaves.reshape(-1, *key.shape)

# %% wrong: depth limited to 8 | depths 9 and 10 return 256 keys instead of 512 and 1024
def key_tree(key, depth):
    depth = min(depth, 8)  # 256 leaves are plenty, and it compiles fast
    keys = [key]
    for _ in range(depth):
        keys = [child for k in keys for child in random.split(k)]
    return jnp.stack(keys)

# %% wrong: remembers finished trees by depth and form of the key | hidden state, another key of the same depth gets the first one's leaves
_trees = {}


def key_tree(key, depth):
    name = (depth, str(key.dtype))
    if name not in _trees:
        keys = key[None]
        for _ in range(depth):
            keys = jax.vmap(random.split)(keys).reshape(-1, *key.shape)
        _trees[name] = keys
    return _trees[name]
