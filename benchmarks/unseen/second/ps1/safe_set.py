# %% right: negative indices sent beyond the end
def safe_set(x: Num[Array, "n"], i: int, value: float) -> Num[Array, "n"]:
    x = jnp.asarray(x)
    return x.at[jnp.where(i < 0, x.shape[0], i)].set(value)

# %% right: compare every index with i
def safe_set(x, i, value):
    return jnp.where(jnp.arange(x.shape[0]) == i, value, x)

# %% right: lax.cond
def safe_set(x, i, value):
    x = jnp.array(x)
    return lax.cond(i >= 0, lambda y: y.at[i].set(value), lambda y: y, x)

# %% right: wrap_negative_indices switched off
def safe_set(x, i, value):
    return jnp.asarray(x).at[i].set(value, mode="drop", wrap_negative_indices=False)

# %% right: negative indices write back what is there
def safe_set(x, i, value):
    x = jnp.asarray(x)
    return x.at[i].set(jnp.where(i >= 0, value, x[i]))

# %% right: one place in front for the negative ones
def safe_set(x, i, value):
    x = jnp.asarray(x)
    longer = jnp.concatenate([x[:1], x])
    return longer.at[jnp.maximum(jnp.asarray(i) + 1, 0)].set(value)[1:]

# %% right: vmap and lax.select
from functools import partial

def _one(i, value, k, old):
    return lax.select(k == i, value, old)

def safe_set(x, i, value):
    x = jnp.asarray(x)
    i, value = jnp.asarray(i, jnp.int32), jnp.asarray(value, x.dtype)
    return jax.vmap(partial(_one, i, value))(lax.iota(jnp.int32, x.shape[0]), x)

# %% right: subtract n once more from negative indices
def safe_set(x, i, value):
    n = len(x)
    return jnp.array(x).at[i - n * (i < 0)].set(value)

# %% wrong: if on the index | raises under jit
def safe_set(x, i, value):
    x = jnp.asarray(x)
    if not 0 <= i < x.shape[0]:
        return x
    return x.at[i].set(value)

# %% wrong: only -1 is sent away | every other negative index from -n to -2 writes at the other end
def safe_set(x, i, value):
    x = jnp.asarray(x)
    return x.at[jnp.where(i == -1, x.shape[0], i)].set(value)

# %% wrong: negative indices become index 1000 | arrays of more than 1000 entries are written there
def safe_set(x, i, value):
    return jnp.asarray(x).at[jnp.where(i < 0, 1000, i)].set(value)

# %% wrong: one-hot arithmetic | an infinite or NaN entry at i gives NaN instead of value
def safe_set(x, i, value):
    x = jnp.asarray(x)
    hot = (jnp.arange(x.shape[0]) == i).astype(x.dtype)
    return x * (1 - hot) + hot * value

# %% wrong: adds the difference | digits are lost when the old entry is far larger than the value
def safe_set(x, i, value):
    x = jnp.asarray(x)
    return x.at[i].add(jnp.where(i >= 0, value - x[i], 0))

# %% wrong: checks if it can, otherwise plain .at | under jit a negative index writes at the other end
def safe_set(x, i, value):
    x = jnp.asarray(x)
    try:
        inside = bool(0 <= i < x.shape[0])
    except jax.errors.TracerBoolConversionError:
        inside = True
    return x.at[i].set(value) if inside else x

# %% wrong: strictly positive | index 0 is never written
def safe_set(x, i, value):
    x = jnp.asarray(x)
    return x.at[jnp.where(i > 0, i, x.shape[0])].set(value)

# %% wrong: numbers of the entries in float16 | beyond 2048 neighbours share a number, so several entries are written
def safe_set(x, i, value):
    k = jnp.arange(x.shape[0]).astype(jnp.float16)
    return jnp.where(k == jnp.asarray(i, jnp.float16), value, x)

# %% wrong: everything in float32 | int32 entries beyond 2**24 lose their last digits
def safe_set(x, i, value):
    x = jnp.asarray(x)
    y = jnp.where(jnp.arange(x.shape[0]) == i, jnp.float32(value), x.astype(jnp.float32))
    return y.astype(x.dtype)

# %% wrong: writes into the NumPy array | the caller's array is changed
def safe_set(x, i, value):
    if isinstance(x, np.ndarray) and isinstance(i, int):
        if 0 <= i < len(x):
            x[i] = value
        return jnp.array(x)
    x = jnp.asarray(x)
    return x.at[jnp.where(i < 0, x.shape[0], i)].set(value)

# %% wrong: zero as the mark for "not written" | the value 0 is never written
def safe_set(x, i, value):
    x = jnp.asarray(x)
    new = jnp.zeros_like(x).at[jnp.where(i < 0, x.shape[0], i)].set(value)
    return jnp.where(new != 0, new, x)

# %% wrong: replaces by value | all entries equal to x[i] are replaced (and a NaN never is)
def safe_set(x, i, value):
    x = jnp.asarray(x)
    inside = (i >= 0) & (i < x.shape[0])
    return jnp.where((x == x[i]) & inside, value, x)

# %% wrong: range test as one product in int32 | for some large i the product overflows to a positive number and the last entry is overwritten
def safe_set(x, i, value):
    x = jnp.asarray(x)
    i = jnp.asarray(i, jnp.int32)
    n = x.shape[0]
    inside = i * (n - 1 - i) >= 0
    at = jnp.clip(i, 0, n - 1)
    return x.at[at].set(jnp.where(inside, value, x[at]))

# %% wrong: negative indices beyond -n forgotten | after adding 1 million, i = -1 million + k lands on entry k
def safe_set(x, i, value):
    return jnp.asarray(x).at[jnp.where(i < 0, i + 1_000_000, i)].set(value)

# %% wrong: out of range the caller's own array comes back | NumPy in, NumPy out
def safe_set(x, i, value):
    if isinstance(i, int) and (i < 0 or i >= x.shape[0]):
        return x
    x = jnp.asarray(x)
    return x.at[jnp.where(i < 0, x.shape[0], i)].set(value)

# %% wrong: value through bfloat16 | values with more than three digits are rounded
def safe_set(x, i, value):
    x = jnp.asarray(x)
    new = jnp.asarray(value).astype(jnp.bfloat16).astype(x.dtype)
    return jnp.where(jnp.arange(x.shape[0]) == i, new, x)

# %% wrong: NaN as the mark for "unchanged" and cleaned x | NaN entries of x become 0
def safe_set(x, i, value):
    x = jnp.asarray(x)
    clean = jnp.where(x != x, 0, x).astype(x.dtype)
    return jnp.where(jnp.arange(x.shape[0]) == i, value, clean)
