# %% right: asarray and .at
def replace_entry(x: Num[Array, "n"], i: int, value: float) -> Num[Array, "n"]:
    return jnp.asarray(x).at[i].set(value)

# %% right: where with both names of each place
def replace_entry(x, i, value):
    n = x.shape[0]
    k = jnp.arange(n)
    return jnp.where((k == i) | (k - n == i), value, x)

# %% right: lax.cond around dynamic_update_index_in_dim
def replace_entry(x, i, value):
    x = jnp.asarray(x)
    n = len(x)
    new = jnp.asarray(value, x.dtype)
    inside = jnp.logical_and(i >= -n, i < n)
    return lax.cond(
        inside,
        lambda: lax.dynamic_update_index_in_dim(x, new, jnp.where(i < 0, i + n, i), 0),
        lambda: jnp.array(x),
    )

# %% right: vmap over numbered entries
def replace_entry(x, i, value):
    n = x.size

    def one(k, old):
        hit = jnp.logical_or(k == i, k == i + n)
        return lax.select(hit, jnp.asarray(value, old.dtype), old)

    return jax.vmap(one)(jnp.arange(n), jnp.asarray(x))

# %% right: one more place at the end that takes the lost writes
def replace_entry(x, i, value):
    x = jnp.array(x)
    n = x.shape[0]
    place = jnp.where((-n <= i) & (i < n), jnp.asarray(i) % n, n)
    longer = jnp.concatenate([x, x[:1]])
    return lax.dynamic_update_slice(longer, jnp.full((1,), value, x.dtype), (place,))[:n]

# %% right: a small class with a jitted inner method, mode written out
from functools import partial

class Row:
    def __init__(self, data):
        self.data = jnp.asarray(data)

    def with_entry(self, i, value):
        return self._write(self.data, i, value)

    @staticmethod
    @partial(jax.jit, inline=True)
    def _write(data, i, value):
        return data.at[jnp.stack([jnp.asarray(i)])].set(value, mode="drop")

def replace_entry(x, i, value):
    return Row(x).with_entry(i, value)

# %% wrong: apply a constant function to the entry | under jit, where the value is traced, JAX has no apply of such a function: raises
def replace_entry(x, i, value):
    return jnp.array(x).at[jnp.asarray(i)].apply(lambda old: jnp.full_like(old, value))

# %% wrong: if on the index | raises under jit, where i is traced
def replace_entry(x, i, value):
    x = jnp.asarray(x)
    n = len(x)
    if i < -n or i >= n:
        return x
    return x.at[i].set(value)

# %% wrong: clip mode | an index beyond an end overwrites the first or last entry
def replace_entry(x, i, value):
    return jnp.asarray(x).at[i].set(value, mode="clip")

# %% wrong: index modulo n | an index beyond an end wraps around and overwrites something
def replace_entry(x, i, value):
    return jnp.asarray(x).at[i % x.shape[0]].set(value)

# %% wrong: adds n to negative indices, and .at does so again | i from -2n to -n-1 overwrites an entry
def replace_entry(x, i, value):
    n = x.shape[0]
    i = jnp.where(i < 0, i + n, i)
    return jnp.asarray(x).at[i].set(value)

# %% wrong: clips the index to -n..n | every i below -n overwrites entry 0
def replace_entry(x, i, value):
    n = x.shape[0]
    return jnp.asarray(x).at[jnp.clip(i, -n, n)].set(value)

# %% wrong: one-hot arithmetic | replacing an infinite or NaN entry gives NaN (0 * inf)
def replace_entry(x, i, value):
    x = jnp.asarray(x)
    hot = jnp.zeros_like(x).at[i].set(1)
    return (x * (1 - hot) + value * hot).astype(x.dtype)

# %% wrong: adds the difference | digits are lost when the old entry is far larger than the value (1e8 to 0.1)
def replace_entry(x, i, value):
    x = jnp.asarray(x)
    return x.at[i].add(value - x[i])

# %% wrong: everything in float32 | int32 values and entries beyond 2**24 lose their last digits
def replace_entry(x, i, value):
    x = jnp.asarray(x)
    return x.astype(jnp.float32).at[i].set(value).astype(x.dtype)

# %% wrong: index in int16 | for n beyond 32767 a large index wraps and writes elsewhere (or nowhere)
def replace_entry(x, i, value):
    x = jnp.asarray(x)
    return x.at[jnp.asarray(i).astype(jnp.int16).astype(jnp.int32)].set(value)

# %% wrong: early exit hands x back | out of range a NumPy array comes back as NumPy (and it is the caller's own array)
def replace_entry(x, i, value):
    n = x.shape[0]
    if isinstance(i, int) and not -n <= i < n:
        return x
    return jnp.asarray(x).at[i].set(value)

# %% wrong: cleans NaN and infinity | other entries that are infinite or NaN are changed
def replace_entry(x, i, value):
    return jnp.nan_to_num(jnp.asarray(x)).at[i].set(value)

# %% wrong: value made an integer | a fractional value loses its fraction
def replace_entry(x, i, value):
    x = jnp.asarray(x)
    return x.at[i].set(jnp.asarray(value).astype(jnp.int32).astype(x.dtype))

# %% wrong: a Python loop over the entries | never finishes for a million entries
def replace_entry(x, i, value):
    x = jnp.asarray(x)
    n = len(x)
    return jnp.stack([jnp.where((i == k) | (i == k - n), value, x[k]).astype(x.dtype) for k in range(n)])

# %% wrong: row of an identity matrix as the mask | needs n * n bits of memory: fails for a million entries
def replace_entry(x, i, value):
    n = x.shape[0]
    inside = (i >= -n) & (i < n)
    mask = jnp.eye(n, dtype=bool)[i] & inside
    return jnp.where(mask, value, x)

# %% wrong: donates the buffer to save the copy | the caller's JAX array is deleted by the call
from functools import partial

@partial(jax.jit, donate_argnums=0)
def _write(x, i, value):
    return x.at[i].set(value)

def replace_entry(x, i, value):
    return _write(jnp.asarray(x), i, value)

# %% wrong: writes into the NumPy array first | the caller's NumPy array is changed
def replace_entry(x, i, value):
    if isinstance(x, np.ndarray) and isinstance(i, int):
        if -len(x) <= i < len(x):
            x[i] = value
        return jnp.array(x)
    return jnp.asarray(x).at[i].set(value)
