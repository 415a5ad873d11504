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


# %% wrong: range checked by a Python if, which jit forbids -> is_pure, follows_the_rules_for_indices
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


# %% right: both numbers of each place compared
def replace_entry(x, i, value):
    x = jnp.asarray(x)
    n = x.shape[0]
    where = jnp.arange(-n, n).reshape(2, n) == i
    return jnp.where(where.any(axis=0), jnp.asarray(value, x.dtype), x)


# %% wrong: right when called, clamped under jit -> follows_the_rules_for_indices
def replace_entry(x, i, value):
    x = jnp.asarray(x)
    if isinstance(i, int):
        return x.at[i].set(value)
    return lax.dynamic_update_index_in_dim(x, jnp.asarray(value, x.dtype), i, 0)


# %% wrong: right when called, % under jit -> follows_the_rules_for_indices
def replace_entry(x, i, value):
    x = jnp.asarray(x)
    if isinstance(i, int) and not -len(x) <= i < len(x):
        return x
    return x.at[i % len(x)].set(value)


# %% wrong: replaces all entries equal to the old one -> replaces_one_entry
def replace_entry(x, i, value):
    x = jnp.asarray(x)
    inside = (i >= -len(x)) & (i < len(x))
    return jnp.where((x == x[i]) & inside, value, x).astype(x.dtype)


# %% wrong: NaN cleared -> replaces_one_entry
def replace_entry(x, i, value):
    return jnp.nan_to_num(jnp.asarray(x), posinf=jnp.inf, neginf=-jnp.inf).at[i].set(value)


# %% wrong: infinities cleared -> replaces_one_entry
def replace_entry(x, i, value):
    return jnp.nan_to_num(jnp.asarray(x), nan=jnp.nan).at[i].set(value)


# %% wrong: the value through float32 -> replaces_one_entry
def replace_entry(x, i, value):
    x = jnp.asarray(x)
    return x.at[i].set(jnp.float32(value).astype(x.dtype))


# %% wrong: adds the difference to the old entry -> replaces_one_entry
def replace_entry(x, i, value):
    x = jnp.asarray(x)
    return x.at[i].add(value - x[i])


# %% wrong: sets by maximum, so that a smaller value is lost -> replaces_one_entry
def replace_entry(x, i, value):
    return jnp.asarray(x).at[i].max(value)


# %% wrong: the index in eight bits -> follows_the_rules_for_indices
def replace_entry(x, i, value):
    return jnp.asarray(x).at[jnp.asarray(i).astype(jnp.int8)].set(value)


# %% wrong: writes to the caller's array, copies, and puts the old entry back -> is_pure
def replace_entry(x, i, value):
    if not isinstance(x, np.ndarray) or not -len(x) <= i < len(x):
        return jnp.asarray(x).at[i].set(value)
    old = x[i]
    x[i] = value
    new = jnp.array(x.copy())
    x[i] = old
    return new


# %% wrong: product with zero, infinities cleared -> replaces_one_entry
def replace_entry(x, i, value):
    x = jnp.asarray(x)
    return x.at[i].multiply(0).at[i].add(value)


# %% wrong: -1 marks what is not replaced -> replaces_one_entry
def replace_entry(x, i, value):
    x = jnp.asarray(x)
    marked = jnp.full_like(x, -1).at[i].set(value)
    return jnp.where(marked == -1, x, marked)


# %% wrong: positions compared with a tolerance -> replaces_one_entry, follows_the_rules_for_indices
def replace_entry(x, i, value):
    x = jnp.asarray(x)
    places = jnp.arange(len(x))
    return jnp.where(jnp.isclose(places, i) | jnp.isclose(places - len(x), i), value, x)


# %% wrong: of the negative indices only -1 is known -> follows_the_rules_for_indices
def replace_entry(x, i, value):
    x = jnp.asarray(x)
    return jnp.where(jnp.arange(len(x)) == jnp.where(i == -1, len(x) - 1, i), value, x)


# %% wrong: the value made a whole number -> replaces_one_entry
def replace_entry(x, i, value):
    x = jnp.asarray(x)
    return x.at[i].set(jnp.asarray(value).astype(jnp.int32).astype(x.dtype))
