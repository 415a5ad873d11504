# %% right: where on positions
def safe_set(x, i, value):
    return jnp.where(jnp.arange(len(x)) == i, value, jnp.asarray(x))


# %% right: the option of at, typed
def safe_set(x: Num[Array, "n"], i: int, value: float) -> Num[Array, "n"]:
    x = jnp.asarray(x)
    return x.at[i].set(value, mode="drop", wrap_negative_indices=False)


# %% right: both results, one chosen
def inside(i, n):
    return jnp.logical_and(0 <= i, i < n)


def safe_set(x, i, value):
    x = jnp.asarray(x)
    return jnp.where(inside(i, x.size), x.at[i].set(value), x)


# %% right: lax.cond, jitted
@jax.jit
def safe_set(x, i, value):
    x = jnp.asarray(x)
    ok = (i >= 0) & (i < x.shape[0])
    return jax.lax.cond(ok, lambda y: y.at[i].set(value), lambda y: y, x)


# %% right: the old entry set where the index is outside
def safe_set(x, i, value):
    x = jnp.array(x)
    ok = (i >= 0) & (i < len(x))
    place = jnp.clip(i, 0, len(x) - 1)
    return x.at[place].set(jnp.where(ok, jnp.asarray(value, x.dtype), x[place]))


# %% right: dynamic_update_slice guarded by where
def safe_set(x, i, value):
    x = jnp.asarray(x)
    updated = jax.lax.dynamic_update_slice(x, jnp.array([value], x.dtype), (i,))
    return jax.lax.select((jnp.asarray(i) >= 0) & (i < len(x)), updated, x)


# %% wrong: plain set, which counts negatives from the end -> leaves_the_rest_alone, works_under_jit
def safe_set(x, i, value):
    return jnp.asarray(x).at[i].set(value)


# %% wrong: mode drop, which does so too -> leaves_the_rest_alone, works_under_jit
def safe_set(x, i, value):
    return jnp.asarray(x).at[i].set(value, mode="drop")


# %% wrong: mode clip -> leaves_the_rest_alone, works_under_jit
def safe_set(x, i, value):
    return jnp.asarray(x).at[i].set(value, mode="clip")


# %% wrong: dynamic_update_slice, which moves the window inside -> leaves_the_rest_alone, works_under_jit
def safe_set(x, i, value):
    x = jnp.asarray(x)
    return jax.lax.dynamic_update_slice(x, jnp.array([value], x.dtype), (i,))


# %% wrong: an index that wraps around -> leaves_the_rest_alone, works_under_jit
def safe_set(x, i, value):
    return jnp.asarray(x).at[i % len(x)].set(value)


# %% wrong: negatives clipped to the first entry -> leaves_the_rest_alone, works_under_jit
def safe_set(x, i, value):
    return jnp.asarray(x).at[jnp.maximum(i, 0)].set(value)


# %% wrong: -1 sent out of the way, as if nothing were left of it -> leaves_the_rest_alone, works_under_jit
def safe_set(x, i, value):
    x = jnp.asarray(x)
    return x.at[jnp.where(i == -1, len(x), i)].set(value)


# %% wrong: a negative index sent to -1, which is the last entry -> leaves_the_rest_alone, works_under_jit
def safe_set(x, i, value):
    x = jnp.asarray(x)
    return x.at[jnp.where((i < 0) | (i >= len(x)), -1, i)].set(value)


# %% wrong: if on the index, which is traced under jit -> works_under_jit, is_pure
def safe_set(x, i, value):
    x = jnp.asarray(x)
    if 0 <= i < len(x):
        return x.at[i].set(value)
    return x


# %% wrong: try and except, though nothing is raised under jit -> works_under_jit, leaves_the_rest_alone, is_pure
def safe_set(x, i, value):
    new = np.array(x)
    try:
        new[i] = value
    except IndexError:
        pass
    return jnp.asarray(new)


# %% wrong: if outside jit, plain set inside -> works_under_jit
def safe_set(x, i, value):
    x = jnp.asarray(x)
    if isinstance(i, int) and not 0 <= i < len(x):
        return x
    return x.at[i].set(value)


# %% wrong: adds the value -> sets_inside_the_array
def safe_set(x, i, value):
    x = jnp.asarray(x)
    return x.at[jnp.where(i < 0, len(x), i)].add(value)


# %% wrong: a mask for a product, which makes float32 of int32 -> sets_inside_the_array
def safe_set(x, i, value):
    mask = (jnp.arange(len(x)) == i).astype(jnp.float32)
    return x * (1 - mask) + value * mask


# %% wrong: assigns to the caller's NumPy array -> is_pure
def safe_set(x, i, value):
    if isinstance(x, np.ndarray):
        if 0 <= i < len(x):
            x[i] = value
        return jnp.array(x)
    return jnp.where(jnp.arange(len(x)) == i, value, x)


# %% wrong: counts what was refused -> is_pure
refused = 0


def safe_set(x, i, value):
    global refused
    x = jnp.asarray(x)
    refused = refused + jnp.where((i < 0) | (i >= len(x)), 1, 0)
    return x.at[jnp.where(i < 0, len(x), i)].set(value)


# %% right: an unsigned index, whose negatives are far beyond
def safe_set(x, i, value):
    return jnp.asarray(x).at[jnp.asarray(i).astype(jnp.uint32)].set(value)


# %% right: one more place that takes what is outside
def safe_set(x, i, value):
    x = jnp.asarray(x)
    n = x.shape[0]
    longer = jnp.concatenate([x, x[:1]])
    return longer.at[jnp.where((i >= 0) & (i < n), i, n)].set(value)[:n]


# %% wrong: NaN cleared -> sets_inside_the_array
def safe_set(x, i, value):
    x = jnp.nan_to_num(jnp.asarray(x), posinf=jnp.inf, neginf=-jnp.inf)
    return jnp.where(jnp.arange(len(x)) == i, value, x)


# %% wrong: the value through float32 -> sets_inside_the_array
def safe_set(x, i, value):
    x = jnp.asarray(x)
    return jnp.where(jnp.arange(len(x)) == i, jnp.float32(value).astype(x.dtype), x)


# %% wrong: all entries equal to the old one -> sets_inside_the_array
def safe_set(x, i, value):
    x = jnp.asarray(x)
    inside = (i >= 0) & (i < len(x))
    return jnp.where((x == x[jnp.clip(i, 0, len(x) - 1)]) & inside, value, x)


# %% wrong: positions in eight bits -> leaves_the_rest_alone
def safe_set(x, i, value):
    x = jnp.asarray(x)
    return jnp.where(jnp.arange(len(x)) == jnp.asarray(i).astype(jnp.uint8), value, x)


# %% wrong: positions in sixteen bits -> leaves_the_rest_alone
def safe_set(x, i, value):
    x = jnp.asarray(x)
    return jnp.where(jnp.arange(len(x)) == jnp.asarray(i).astype(jnp.int16), value, x)


# %% wrong: only the nearest negatives sent away -> leaves_the_rest_alone
def safe_set(x, i, value):
    x = jnp.asarray(x)
    return x.at[jnp.where(i < 0, i + 2 * len(x), i)].set(value)


# %% wrong: beyond the end written to the last entry under jit only -> works_under_jit, is_pure
def safe_set(x, i, value):
    x = jnp.asarray(x)
    if isinstance(i, int):
        return x.at[i].set(value) if 0 <= i < len(x) else x
    return jnp.where(i < 0, x, x.at[jnp.minimum(i, len(x) - 1)].set(value))


# %% wrong: far beyond wraps under jit only -> works_under_jit, is_pure
def safe_set(x, i, value):
    x = jnp.asarray(x)
    if isinstance(i, int):
        return x.at[i].set(value) if 0 <= i < len(x) else x
    return jnp.where((i < 0) | (i == len(x)), x, x.at[i % len(x)].set(value))


# %% wrong: writes to the caller's array, and puts the old entry back -> is_pure
def safe_set(x, i, value):
    if not isinstance(x, np.ndarray):
        return jnp.where(jnp.arange(len(x)) == i, value, x)
    if not 0 <= i < len(x):
        return jnp.array(x)
    old = x[i]
    x[i] = value
    new = jnp.array(x.copy())
    x[i] = old
    return new


# %% wrong: a value of 0 taken for none -> sets_inside_the_array
def safe_set(x, i, value):
    x = jnp.asarray(x)
    return jnp.where((jnp.arange(len(x)) == i) & (value != 0), value, x)


# %% wrong: -1 marks what is not replaced -> sets_inside_the_array
def safe_set(x, i, value):
    x = jnp.asarray(x)
    marked = jnp.full_like(x, -1).at[jnp.where(i < 0, len(x), i)].set(value)
    return jnp.where(marked == -1, x, marked)


# %% wrong: positions compared with a tolerance -> sets_inside_the_array
def safe_set(x, i, value):
    x = jnp.asarray(x)
    return jnp.where(jnp.isclose(jnp.arange(len(x)), i), value, x)


# %% wrong: positions in float16 -> sets_inside_the_array
def safe_set(x, i, value):
    x = jnp.asarray(x)
    places = jnp.arange(len(x)).astype(jnp.float16)
    return jnp.where(places == jnp.asarray(i).astype(jnp.float16), value, x)


# %% wrong: negative indices made 1000, which a long array has -> leaves_the_rest_alone
def safe_set(x, i, value):
    x = jnp.asarray(x)
    return x.at[jnp.where(i < 0, 1000, i)].set(value)


# %% wrong: a million added to negative indices -> leaves_the_rest_alone, works_under_jit
def safe_set(x, i, value):
    return jnp.asarray(x).at[jnp.where(i < 0, i + 1_000_000, i)].set(value)


# %% wrong: the value made a whole number -> sets_inside_the_array
def safe_set(x, i, value):
    x = jnp.asarray(x)
    return x.at[jnp.where(i < 0, len(x), i)].set(jnp.asarray(value).astype(jnp.int32).astype(x.dtype))
