# %% right: a copy of its own, then at
def replace_entry(x, i, value):
    copied = jnp.array(x)
    return copied.at[i].set(value)


# %% right: where on positions
def replace_entry(x: Num[Array, "n"], i: int, value: float) -> Num[Array, "n"]:
    n = len(x)
    position = jnp.where(i < 0, i + n, i)
    return jnp.where(jnp.arange(n) == position, value, jnp.asarray(x))


# %% right: add the difference, exactly representable or not, by a mask; jitted
@jax.jit
def replace_entry(x, i, value):
    x = jnp.asarray(x)
    places = jnp.arange(x.size)
    hit = (places == i) | (places - x.size == i)
    return jax.lax.select(hit, jnp.full_like(x, value), x)


# %% right: mode drop spelled out, rebinding x
def replace_entry(x, i, value):
    x = jnp.asarray(x)
    x = x.at[i].set(jnp.asarray(value, x.dtype), mode="drop")
    return x


# %% wrong: assigns to the caller's NumPy array -> is_pure
def replace_entry(x, i, value):
    if isinstance(x, np.ndarray):
        if -len(x) <= i < len(x):
            x[i] = value
        return jnp.array(x)
    return x.at[i].set(value)


# %% wrong: np.asarray taken for a copy -> is_pure
def replace_entry(x, i, value):
    if isinstance(x, jax.Array):
        return x.at[i].set(value)
    own = np.asarray(x)
    if -len(own) <= i < len(own):
        own[i] = value
    return jnp.array(own)


# %% wrong: keeps the last result in a global -> is_pure
last_result = None


def replace_entry(x, i, value):
    global last_result
    last_result = jnp.asarray(x).at[i].set(value)
    return last_result


# %% wrong: range checked by a Python if, which jit forbids -> is_pure
def replace_entry(x, i, value):
    x = jnp.asarray(x)
    if i >= len(x) or i < -len(x):
        return x
    return x.at[i].set(value)


# %% wrong: returns the NumPy copy -> replaces_one_entry, is_pure
def replace_entry(x, i, value):
    new = np.array(x)
    if -len(new) <= i < len(new):
        new[i] = value
    return new


# %% wrong: at without a result -> replaces_one_entry
def replace_entry(x, i, value):
    x = jnp.asarray(x)
    x.at[i].set(value)
    return x


# %% wrong: assigns in place to the jax array -> replaces_one_entry
def replace_entry(x, i, value):
    x = jnp.asarray(x)
    x[i] = value
    return x


# %% wrong: no return -> replaces_one_entry
def replace_entry(x, i, value):
    x = jnp.asarray(x).at[i].set(value)


# %% wrong: adds to the entry -> replaces_one_entry
def replace_entry(x, i, value):
    return jnp.asarray(x).at[i].add(value)


# %% wrong: an index that wraps around -> follows_the_rules_for_indices
def replace_entry(x, i, value):
    return jnp.asarray(x).at[i % len(x)].set(value)


# %% wrong: mode clip -> follows_the_rules_for_indices
def replace_entry(x, i, value):
    return jnp.asarray(x).at[i].set(value, mode="clip")


# %% wrong: negative indices left out -> follows_the_rules_for_indices
def replace_entry(x, i, value):
    return jnp.where(jnp.arange(len(x)) == i, value, jnp.asarray(x))


# %% wrong: pieces put together, so the last index makes the array longer -> follows_the_rules_for_indices, is_pure
def replace_entry(x, i, value):
    x = jnp.asarray(x)
    return jnp.concatenate([x[:i], jnp.array([value], x.dtype), x[i + 1 :]])


# %% wrong: the old entry times zero -> replaces_one_entry
def replace_entry(x, i, value):
    x = jnp.asarray(x)
    place = jnp.where(i < 0, i + len(x), i)
    mask = (jnp.arange(len(x)) == place).astype(x.dtype)
    return x * (1 - mask) + mask * jnp.asarray(value, x.dtype)


# %% wrong: a detour through float32 -> replaces_one_entry
def replace_entry(x, i, value):
    x = jnp.asarray(x)
    return x.astype(jnp.float32).at[i].set(value).astype(x.dtype)


# %% wrong: float32 whatever the dtype of x -> replaces_one_entry
def replace_entry(x, i, value):
    return jnp.asarray(x, jnp.float32).at[i].set(value)
