# %% right: list of one level after the other
def key_tree(key, depth):
    level = [key]
    for _ in range(depth):
        level = [child for parent in level for child in random.split(parent)]
    return jnp.stack(level)

# %% right: vmap of split and a reshape
def key_tree(key, depth):
    keys = key[None]
    for _ in range(depth):
        keys = jax.vmap(random.split)(keys).reshape(-1, *key.shape)
    return keys

# %% right: recursion, left half and right half
def key_tree(key, depth):
    if depth == 0:
        return jnp.expand_dims(key, 0)
    left, right = random.split(key)
    return jnp.concatenate([key_tree(left, depth - 1), key_tree(right, depth - 1)])

# %% right: recursive generator in depth-first order
def _leaves(key, depth):
    if not depth:
        yield key
    else:
        for child in random.split(key):
            yield from _leaves(child, depth - 1)

def key_tree(key, depth):
    return jnp.stack(list(_leaves(key, depth)))

# %% right: a queue
from collections import deque

def key_tree(key, depth):
    queue = deque([key])
    for _ in range(2**depth - 1):
        queue.extend(random.split(queue.popleft()))
    return jnp.stack(list(queue))

# %% right: vmaps nested by recursion, flattened at the end
def key_tree(key, depth):
    f = lambda k: k
    for _ in range(depth):
        f = (lambda g: lambda k: jax.vmap(g)(random.split(k)))(f)
    return f(key).reshape((2**depth,) + key.shape)

# %% right: explicit stack, right child pushed first
def key_tree(key, depth):
    stack, leaves = [(key, 0)], []
    while stack:
        k, d = stack.pop()
        if d == depth:
            leaves.append(k)
            continue
        left, right = random.split(k)
        stack += [(right, d + 1), (left, d + 1)]
    return jnp.stack(leaves)

# %% right: on typed keys inside, converted back to the form that came in
def key_tree(key, depth):
    legacy = not jnp.issubdtype(key.dtype, jax.dtypes.prng_key)
    keys = (random.wrap_key_data(key) if legacy else key).reshape(1)
    for _ in range(depth):
        keys = jax.vmap(random.split)(keys).ravel()
    return random.key_data(keys) if legacy else keys

# %% right: reduce over the levels, lax.map
from functools import reduce

def key_tree(key, depth):
    def grow(keys, _):
        return lax.map(random.split, keys).reshape((2 * keys.shape[0],) + key.shape)
    return reduce(grow, range(depth), jnp.stack([key]))

# %% right: nested tuple tree, then jax.tree.leaves
def _grown(key, depth):
    return tuple(_grown(c, depth - 1) for c in random.split(key)) if depth else key

def key_tree(key, depth):
    return jnp.stack(jax.tree.leaves(_grown(key, depth)))

# %% right: left and right children interleaved by stack on axis 1
def key_tree(key, depth):
    match depth:
        case 0:
            return key[jnp.newaxis]
        case d:
            parents = key_tree(key, d - 1)
            pairs = jax.vmap(lambda k: tuple(random.split(k)))(parents)
            return jnp.stack(pairs, axis=1).reshape(2**d, *key.shape)

# %% right: fold_in of 0 and 1, which gives the two children that a split gives
def key_tree(key, depth):
    keys = [key]
    for _ in range(depth):
        keys = [random.fold_in(k, i) for k in keys for i in (0, 1)]
    return jnp.stack(keys)

# %% wrong: walks from the root to every leaf, splitting the inner keys again and again | Split each key only once and use both children
def key_tree(key, depth):
    leaves = []
    for i in range(2**depth):
        k = key
        for bit in reversed(range(depth)):
            k = random.split(k)[(i >> bit) & 1]
        leaves.append(k)
    return jnp.stack(leaves)

# %% wrong: two levels, then one split into many | Each further level replaces every key by the two children
def key_tree(key, depth):
    top = min(depth, 2)
    keys = [key]
    for _ in range(top):
        keys = [c for k in keys for c in random.split(k)]
    if depth > 2:
        keys = [c for k in keys for c in random.split(k, 2 ** (depth - 2))]
    return jnp.stack(keys)

# %% wrong: remembers the tree for each depth and form | pure; the key decides
_trees = {}

def key_tree(key, depth):
    name = depth, str(key.dtype), bool(depth % 2)
    if isinstance(key, jax.core.Tracer) or name not in _trees:
        keys = [key]
        for _ in range(depth):
            keys = [c for k in keys for c in random.split(k)]
        if isinstance(key, jax.core.Tracer):
            return jnp.stack(keys)
        _trees[name] = jnp.stack(keys)
    return _trees[name]

# %% wrong: stops at depth 8 | depth is 0 or more
def key_tree(key, depth):
    keys = [key]
    for _ in range(min(depth, 8)):
        keys = [c for k in keys for c in random.split(k)]
    return jnp.stack(keys)

# %% wrong: at depth 0 a legacy key comes back without the axis of leaves | m legacy keys are of shape (m, 2)
def key_tree(key, depth):
    keys = jnp.atleast_1d(key)
    for _ in range(depth):
        keys = jnp.concatenate([random.split(k) for k in (keys if keys.shape != (2,) or keys.dtype != jnp.uint32 else [keys])])
    return keys

# %% wrong: only the rightmost half is split further below level 2 (levels counted from the leaf) | every key by its two children
def key_tree(key, depth):
    keys = [key]
    for level in range(depth):
        children = [c for k in keys for c in random.split(k)]
        if level >= 2:
            children = children[::2] + children[1::2]
        keys = children
    return jnp.stack(keys)

# %% wrong: legacy keys lose their first word | key is a legacy key (any two words)
def key_tree(key, depth):
    legacy = key.dtype == jnp.uint32
    keys = [random.key(key[1]) if legacy else key]
    for _ in range(depth):
        keys = [c for k in keys for c in random.split(k)]
    out = jnp.stack(keys)
    return random.key_data(out) if legacy else out

# %% wrong: two levels at a time by split into four, if the depth is even and more than two | the two children that random.split gives
def key_tree(key, depth):
    keys = [key]
    while depth > 0:
        width = 4 if depth > 2 and depth % 2 == 0 else 2
        keys = [c for k in keys for c in random.split(k, width)]
        depth -= width // 2
    return jnp.stack(keys)

# %% wrong: the right subtree of depth 3 and more starts from the left child again | Split each key only once and use both children
def key_tree(key, depth):
    if depth == 0:
        return key[None]
    left, right = random.split(key)
    if depth >= 3:
        right, left = left, random.split(left)[0]
    return jnp.concatenate([key_tree(left, depth - 1), key_tree(right, depth - 1)])

# %% wrong: at the last level below depth 2 each key is kept as its own left child | every key is replaced by its two children
def key_tree(key, depth):
    keys = [key]
    for level in range(depth):
        if level < 2:
            keys = [c for k in keys for c in random.split(k)]
        else:
            keys = [c for k in keys for c in (k, random.split(k)[1])]
    return jnp.stack(keys)
