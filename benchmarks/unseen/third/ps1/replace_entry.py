# %% right: .at after a conversion
def replace_entry(x, i, value):
    x = jnp.asarray(x)
    return x.at[i].set(value)


# %% right: where on the numbers of the entries
def replace_entry(x, i, value):
    x = jnp.asarray(x)
    n = x.shape[0]
    wanted = jnp.where(i < 0, i + n, i)
    return jnp.where(jnp.arange(n) == wanted, jnp.asarray(value, x.dtype), x)


# %% right: dynamic update with the old value where there is no such place
def replace_entry(x, i, value):
    x = jnp.asarray(x)
    n = x.shape[0]
    k = lax.select(jnp.asarray(i) < 0, jnp.asarray(i) + n, jnp.asarray(i))
    inside = jnp.logical_and(k >= 0, k < n)
    k = jnp.clip(k, 0, n - 1)
    old = lax.dynamic_index_in_dim(x, k, keepdims=False)
    new = jnp.where(inside, jnp.asarray(value).astype(x.dtype), old)
    return lax.dynamic_update_index_in_dim(x, new, k, 0)


# %% right: vmap over the entries
def replace_entry(x, i, value):
    x = jnp.asarray(x)
    (n,) = x.shape

    def entry(j, old):
        here = (j == i) | (j - n == i)
        return jnp.where(here, jnp.asarray(value, x.dtype), old)

    return jax.vmap(entry)(jnp.arange(n), x)


# %% wrong: mode clip | an index beyond an end writes the nearest entry
def replace_entry(x, i, value):
    return jnp.asarray(x).at[i].set(value, mode="clip")


# %% wrong: adds n to a negative index itself, then .at does it again | -n-1 to -2n write an entry
def replace_entry(x, i, value):
    x = jnp.asarray(x)
    n = x.shape[0]
    i = jnp.where(i < 0, i + n, i)
    return x.at[i].set(value)


# %% wrong: asks whether abs(i) < n | the index -n, which is the first entry, is taken for out of range
def replace_entry(x, i, value):
    x = jnp.asarray(x)
    inside = jnp.abs(i) < x.shape[0]
    return jnp.where(inside, x.at[i].set(value), x)


# %% wrong: mixes with a mask of zeros and ones | replacing an infinite or NaN entry gives NaN
def replace_entry(x, i, value):
    x = jnp.asarray(x)
    mask = jnp.zeros_like(x).at[i].set(1)
    return x * (1 - mask) + value * mask


# %% wrong: goes through float32 | int32 entries above 2**24 are rounded
def replace_entry(x, i, value):
    x = jnp.asarray(x)
    k = jnp.arange(x.shape[0])
    hit = (k == i) | (k == i + x.shape[0])
    return jnp.where(hit, jnp.float32(value), x.astype(jnp.float32)).astype(x.dtype)


# %% wrong: returns x itself where there is nothing to replace | a NumPy array comes back as a NumPy array
def replace_entry(x, i, value):
    n = len(x)
    if isinstance(i, int) and not -n <= i < n:
        return x  # nothing to do
    return jnp.asarray(x).at[i].set(value)


# %% wrong: a row of the identity matrix as mask | needs n * n numbers: out of memory for a million entries
def replace_entry(x, i, value):
    x = jnp.asarray(x)
    n = x.shape[0]
    k = jnp.where(i < 0, i + n, i)
    inside = (k >= 0) & (k < n)
    row = jnp.eye(n, dtype=bool)[jnp.clip(k, 0, n - 1)]
    return jnp.where(row & inside, jnp.asarray(value, x.dtype), x)


# %% wrong: adds the difference | float32 rounding (1e8 replaced by 0.1 gives 0), and an infinite or NaN entry gives NaN
def replace_entry(x, i, value):
    x = jnp.asarray(x)
    return x.at[i].add(value - x[i])
