# %% right: level by level in lists
def key_tree(key, depth):
    level = [key]
    for _ in range(depth):
        level = [child for parent in level for child in random.split(parent)]
    return jnp.stack(level)


# %% right: recursion, left half and right half
def key_tree(key, depth):
    if depth == 0:
        return jnp.expand_dims(key, 0)
    left, right = random.split(key)
    return jnp.concatenate([key_tree(left, depth - 1), key_tree(right, depth - 1)])


# %% right: vmapped splits
def key_tree(key, depth):
    keys = key[None]
    for level in range(depth):
        children = jax.vmap(lambda k: random.split(k, 2))(keys)
        keys = jnp.reshape(children, (2 ** (level + 1),) + key.shape)
    return keys


# %% wrong: the left child is the parent itself -> deeper_leaves_from_left_to_right, depth_zero_and_one, no_key_is_used_twice
def key_tree(key, depth):
    level = [key]
    for _ in range(depth):
        level = [k for parent in level for k in (parent, random.split(parent)[1])]
    return jnp.stack(level)


# %% wrong: splits the root again at each level -> deeper_leaves_from_left_to_right, no_key_is_used_twice
def key_tree(key, depth):
    keys = key[None]
    for _ in range(depth):
        left, right = random.split(key)
        keys = jnp.stack([left, right] * keys.shape[0])
    return keys


# %% wrong: fills up with copies -> depth_zero_and_one, deeper_leaves_from_left_to_right, no_key_is_used_twice
def key_tree(key, depth):
    return jnp.stack([key] * 2**depth)


# %% wrong: all left children first -> deeper_leaves_from_left_to_right
def key_tree(key, depth):
    level = [key]
    for _ in range(depth):
        pairs = [random.split(parent) for parent in level]
        level = [pair[0] for pair in pairs] + [pair[1] for pair in pairs]
    return jnp.stack(level)


# %% wrong: right to left -> depth_zero_and_one, deeper_leaves_from_left_to_right
def key_tree(key, depth):
    level = [key]
    for _ in range(depth):
        level = [child for parent in level for child in random.split(parent)]
    return jnp.stack(level[::-1])


# %% wrong: one flat split -> deeper_leaves_from_left_to_right
def key_tree(key, depth):
    return random.split(key, 2**depth) if depth else key[None]


# %% wrong: one level too many -> depth_zero_and_one, deeper_leaves_from_left_to_right
def key_tree(key, depth):
    level = [key]
    for _ in range(depth + 1):
        level = [child for parent in level for child in random.split(parent)]
    return jnp.stack(level)


# %% wrong: a list of keys -> depth_zero_and_one, deeper_leaves_from_left_to_right
def key_tree(key, depth):
    level = [key]
    for _ in range(depth):
        level = [child for parent in level for child in random.split(parent)]
    return level


# %% wrong: fold_in instead of split -> deeper_leaves_from_left_to_right
def key_tree(key, depth):
    if depth == 0:
        return key[None]
    return jnp.stack([random.fold_in(key, i) for i in range(2**depth)])


# %% wrong: draws instead of keys -> depth_zero_and_one, deeper_leaves_from_left_to_right
def key_tree(key, depth):
    return jax.vmap(random.normal)(random.split(key, 2**depth))


# %% wrong: keeps the leaves of each depth in a global dict -> is_pure
leaves = {}


def key_tree(key, depth):
    keys = jnp.expand_dims(key, 0)
    for _ in range(depth):
        keys = jnp.concatenate([random.split(k) for k in keys])
    leaves[depth] = keys
    return keys


# %% right: a dict of places
def key_tree(key, depth):
    leaves = []
    for number in range(2**depth):
        leaves.append(number)
    level = {0: key}
    for _ in range(depth):
        below = {}
        for place, parent in level.items():
            below[2 * place], below[2 * place + 1] = random.split(parent)
        level = below
    return jnp.stack([level[number] for number in leaves])


# %% wrong: legacy keys for typed ones -> depth_zero_and_one
def key_tree(key, depth):
    level = [key]
    for _ in range(depth):
        level = [child for parent in level for child in random.split(parent)]
    keys = jnp.stack(level)
    return keys if keys.dtype == jnp.uint32 else random.key_data(keys)


# %% wrong: typed keys for legacy ones -> depth_zero_and_one
def key_tree(key, depth):
    level = [key]
    for _ in range(depth):
        level = [child for parent in level for child in random.split(parent)]
    keys = jnp.stack(level)
    return random.wrap_key_data(keys) if keys.dtype == jnp.uint32 else keys


# %% wrong: splits each key twice -> no_key_is_used_twice
def key_tree(key, depth):
    level = [key]
    for _ in range(depth):
        level = [random.split(parent)[side] for parent in level for side in (0, 1)]
    return jnp.stack(level)


# %% wrong: left to right down to depth 3, all left children first below -> deeper_leaves_from_left_to_right
def key_tree(key, depth):
    keys = key[None]
    for level in range(depth):
        children = jax.vmap(random.split)(keys)
        if level >= 4:
            children = jnp.swapaxes(children, 0, 1)
        keys = children.reshape(-1, *key.shape)
    return keys


# %% wrong: no deeper than five levels -> deeper_leaves_from_left_to_right
def key_tree(key, depth):
    keys = key[None]
    for _ in range(min(depth, 5)):
        keys = jax.vmap(random.split)(keys).reshape(-1, *key.shape)
    return keys


# %% wrong: legacy keys taken for two typed ones -> deeper_leaves_from_left_to_right
def key_tree(key, depth):
    keys = key[None]
    for _ in range(depth):
        keys = jnp.concatenate([random.split(k) for k in keys])
        if keys.dtype == jnp.uint32 and len(keys) == 16:
            keys = keys.T.reshape(-1, 2)
    return keys


# %% wrong: depth 0 without an axis -> depth_zero_and_one
def key_tree(key, depth):
    if depth == 0:
        return key
    left, right = random.split(key)
    if depth == 1:
        return jnp.stack([left, right])
    return jnp.concatenate([key_tree(left, depth - 1), key_tree(right, depth - 1)])


# %% wrong: stops at depth 8 -> deeper_leaves_from_left_to_right
def key_tree(key, depth):
    keys = [key]
    for _ in range(min(depth, 8)):
        keys = [c for k in keys for c in random.split(k)]
    return jnp.stack(keys)
