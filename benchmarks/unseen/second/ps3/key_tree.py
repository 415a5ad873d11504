# %% right: lists, level by level
def key_tree(key, depth):
    level = [key]
    for _ in range(depth):
        level = [child for parent in level for child in random.split(parent)]
    return jnp.stack(level)

# %% right: vmap of split and reshape
def key_tree(key, depth):
    keys = key[None]
    for _ in range(depth):
        keys = jax.vmap(random.split)(keys).reshape(-1, *key.shape)
    return keys

# %% right: recursion, left and right halves joined
def key_tree(key, depth):
    if depth == 0:
        return jnp.expand_dims(key, 0)
    left, right = random.split(key)
    return jnp.concatenate([key_tree(left, depth - 1), key_tree(right, depth - 1)])

# %% right: on the raw key data, wrapped again at the end
def key_tree(key, depth):
    typed = jnp.issubdtype(key.dtype, jax.dtypes.prng_key)
    keys = key if typed else random.wrap_key_data(key)
    keys = keys.reshape(1)
    for _ in range(depth):
        keys = jnp.ravel(jax.vmap(lambda k: random.split(k, 2))(keys))
    return keys if typed else random.key_data(keys)

# %% right: functools.reduce and lax.map
from functools import reduce


def key_tree(key, depth):
    def next_level(keys, _):
        return jnp.concatenate(lax.map(random.split, keys))

    return reduce(next_level, range(depth), key[None])

# %% right: queue in breadth-first order
from collections import deque


def key_tree(key, depth):
    queue = deque([key])
    for _ in range(2**depth - 1):
        queue.extend(random.split(queue.popleft()))
    return jnp.stack(list(queue))

# %% right: nested vmap, one axis per level
def key_tree(key, depth):
    grow = lambda k: k
    for _ in range(depth):
        grow = (lambda below: lambda k: jax.vmap(below)(random.split(k)))(grow)
    return grow(key).reshape(2**depth, *key.shape)

# %% wrong: first level by hand, the rest in one split | depth 3 and more: children of one wide split, not of the tree
def key_tree(key, depth):
    if depth == 0:
        return key[None]
    if depth == 1:
        return random.split(key)
    left, right = random.split(key)
    m = 2 ** (depth - 1)
    return jnp.concatenate([random.split(left, m), random.split(right, m)])

# %% wrong: two levels at a time | odd depths from 3 on lose a level
def key_tree(key, depth):
    if depth == 1:
        return random.split(key)
    keys = [key]
    for _ in range(depth // 2):
        keys = [c for k in keys for c in random.split(k)]
        keys = [c for k in keys for c in random.split(k)]
    return jnp.stack(keys)

# %% wrong: each key is split twice | one split for the left child and another for the right: key used twice
def key_tree(key, depth):
    level = [key]
    for _ in range(depth):
        level = [random.split(k)[side] for k in level for side in (0, 1)]
    return jnp.stack(level)

# %% wrong: every leaf walks down from the root | each inner key is split once for every leaf below it
def key_tree(key, depth):
    def walk(leaf):
        k = key
        for level in reversed(range(depth)):
            k = random.split(k)[(leaf >> level) & 1]
        return k

    return jax.vmap(walk)(jnp.arange(2**depth))

# %% wrong: walk with 8-bit leaf numbers | depth 9 and 10 repeat the first 256 leaves (and split keys more than once)
def key_tree(key, depth):
    leaves = jnp.arange(2**depth).astype(jnp.uint8)

    def walk(leaf):
        k = key
        for level in reversed(range(depth)):
            bit = (leaf >> level) & 1 if level < 8 else jnp.uint8(0)
            k = random.split(k)[bit]
        return k

    return jax.vmap(walk)(leaves)

# %% wrong: remembers trees by depth and kind of key | a second key with the same depth gets the first key's leaves
_trees = {}


def key_tree(key, depth):
    name = (depth, str(key.dtype))
    if name not in _trees:
        keys = key[None]
        for _ in range(depth):
            keys = jax.vmap(random.split)(keys).reshape(-1, *key.shape)
        _trees[name] = keys
    return _trees[name]

# %% wrong: one wide split | split(key, 2**depth) makes other keys
def key_tree(key, depth):
    return random.split(key, 2**depth) if depth else key[None]

# %% wrong: depth capped at 8 | depth 9 and 10 give 256 leaves
MAX_DEPTH = 8


def key_tree(key, depth):
    keys = key[None]
    for _ in range(min(depth, MAX_DEPTH)):
        keys = jax.vmap(random.split)(keys).reshape(-1, *key.shape)
    return keys

# %% wrong: lefts first, then rights | leaves in bit-reversed order from depth 2 on
def key_tree(key, depth):
    keys = key[None]
    for _ in range(depth):
        children = jax.vmap(random.split)(keys)
        keys = jnp.concatenate([children[:, 0], children[:, 1]])
    return keys

# %% wrong: left and right mended only for depth 2 | reorders [0, 2, 1, 3]; depth 3 and more stay out of order
def key_tree(key, depth):
    keys = key[None]
    for _ in range(depth):
        children = jax.vmap(random.split)(keys)
        keys = jnp.concatenate([children[:, 0], children[:, 1]])
    if depth >= 2:
        m = len(keys) // 4
        keys = keys.reshape(2, 2, m, *key.shape).swapaxes(0, 1).reshape(-1, *key.shape)
    return keys

# %% wrong: depth first with a stack, children swapped deeper | from depth 3 on some subtrees come right before left
def key_tree(key, depth):
    leaves, stack = [], [(key, 0)]
    while stack:
        k, level = stack.pop()
        if level == depth:
            leaves.append(k)
            continue
        left, right = random.split(k)
        if level < 2:
            stack += [(right, level + 1), (left, level + 1)]
        else:
            stack += [(left, level + 1), (right, level + 1)]
    return jnp.stack(leaves)

# %% wrong: always typed keys | legacy keys come back in the other form
def key_tree(key, depth):
    keys = random.wrap_key_data(random.key_data(key))[None]
    for _ in range(depth):
        keys = jax.vmap(random.split)(keys).ravel()
    return keys

# %% wrong: leaves kept in a list outside | not pure: module-level list grows at each call and keeps tracers
_leaves = []


def _grow(key, depth):
    if depth == 0:
        _leaves.append(key)
    else:
        left, right = random.split(key)
        _grow(left, depth - 1)
        _grow(right, depth - 1)


def key_tree(key, depth):
    _grow(key, depth)
    return jnp.stack(_leaves[-(2**depth) :])

# %% wrong: key words kept in NumPy arrays | fails under jit
def key_tree(key, depth):
    typed = jnp.issubdtype(key.dtype, jax.dtypes.prng_key)
    level = [np.asarray(random.key_data(key) if typed else key)]
    for _ in range(depth):
        level = [np.asarray(c) for words in level for c in random.split(jnp.asarray(words))]
    leaves = jnp.asarray(np.stack(level))
    return random.wrap_key_data(leaves) if typed else leaves

# %% wrong: split into three below level 4 | depth 5 and more: second and third of three children, not the two of random.split(key)
def key_tree(key, depth):
    keys = key[None]
    for level in range(depth):
        parts = 2 if level < 4 else 3
        children = jax.vmap(lambda k: random.split(k, parts))(keys)
        keys = children[:, parts - 2 :].reshape(-1, *key.shape)
    return keys
