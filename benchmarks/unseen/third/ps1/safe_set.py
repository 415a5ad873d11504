# %% right: negative indices moved beyond the end
def safe_set(x, i, value):
    x = jnp.asarray(x)
    n = x.shape[0]
    return x.at[jnp.where(i < 0, n, i)].set(value)


# %% right: compare the number of each entry
def safe_set(x, i, value):
    x = jnp.asarray(x)
    new = jnp.asarray(value).astype(x.dtype)
    return jnp.where(jnp.arange(x.size) == i, new, x)


# %% right: negative indices not wrapped, as the documentation of .at allows
def safe_set(x, i, value):
    x = jnp.asarray(x)
    return x.at[i].set(value, mode="drop", wrap_negative_indices=False)


# %% right: a border cell on both sides takes the writes that miss
def safe_set(x, i, value):
    x = jnp.asarray(x)
    n = x.shape[0]
    bordered = jnp.concatenate([x[:1], x, x[-1:]])
    place = jnp.clip(jnp.asarray(i) + 1, 0, n + 1)
    bordered = lax.dynamic_update_index_in_dim(
        bordered, jnp.asarray(value).astype(x.dtype), place, 0
    )
    return bordered[1:-1]


# %% wrong: 0 < i | the index 0 is taken for out of range
def safe_set(x, i, value):
    x = jnp.asarray(x)
    inside = (0 < i) & (i < x.shape[0])
    return jnp.where(inside, x.at[i].set(value), x)


# %% wrong: a fixed index for 'nowhere' | with a negative index, an array of more than 9999 entries is changed at 9999
def safe_set(x, i, value):
    x = jnp.asarray(x)
    nowhere = 9999
    return x.at[jnp.where(i < 0, nowhere, i)].set(value)


# %% wrong: negative indices moved up by 2n | indices from -2n to -n-1 write an entry
def safe_set(x, i, value):
    x = jnp.asarray(x)
    n = x.shape[0]
    return x.at[jnp.where(i < 0, i + 2 * n, i)].set(value)


# %% wrong: unsigned 16 bits, in which -1 is large | an i such as 65536 (or -65536) becomes 0 and writes the first entry
def safe_set(x, i, value):
    x = jnp.asarray(x)
    i = jnp.asarray(i).astype(jnp.uint16)  # no negative indices here
    return x.at[i].set(value)


# %% wrong: mixes with a mask of zeros and ones | replacing an infinite or NaN entry gives NaN
def safe_set(x, i, value):
    x = jnp.asarray(x)
    mask = (jnp.arange(x.shape[0]) == i).astype(x.dtype)
    return (1 - mask) * x + mask * value


# %% wrong: goes through float32 | int32 entries above 2**24 are rounded
def safe_set(x, i, value):
    x = jnp.asarray(x)
    hit = jnp.arange(x.shape[0]) == i
    return jnp.where(hit, value, x.astype(jnp.float32)).astype(x.dtype)


# %% wrong: assigns into a NumPy array if there is one | the caller's array is changed
def safe_set(x, i, value):
    if isinstance(x, np.ndarray) and isinstance(i, int):
        if 0 <= i < len(x):
            x[i] = value
        return jnp.array(x)
    x = jnp.asarray(x)
    return x.at[jnp.where(i < 0, x.shape[0], i)].set(value)


# %% wrong: border cells without a clip | indices from -3 down to -n-2 count from the end of the padded array and write
def safe_set(x, i, value):
    x = jnp.asarray(x)
    padded = jnp.pad(x, (1, 1))
    return padded.at[i + 1].set(value)[1:-1]
