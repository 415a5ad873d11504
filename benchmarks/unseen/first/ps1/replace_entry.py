# %% right: one row of the table
def replace_entry(x, i, value):
    return jnp.asarray(x).at[i].set(value)

# %% right: compare positions, counted from both ends
def replace_entry(x, i, value):
    n = len(x)
    k = jnp.arange(n)
    return jnp.where((k == i) | (k - n == i), value, jnp.asarray(x))

# %% right: explicit mode and dtype
def replace_entry(x, i, value):
    x = jnp.array(x)
    return x.at[i].set(jnp.asarray(value, x.dtype), mode="drop")

# %% right: lax.select with a full array
def replace_entry(x, i, value):
    x = jnp.asarray(x)
    n = x.shape[0]
    place = lax.iota(jnp.int32, n)
    wanted = jnp.where(i < 0, i + n, i)
    return lax.select(place == wanted, jnp.full_like(x, value), x)

# %% right: lax.cond and dynamic_update_index_in_dim
def replace_entry(x, i, value):
    x = jnp.asarray(x)
    n = x.size
    inside = jnp.logical_and(i >= -n, i < n)
    def write(y):
        return lax.dynamic_update_index_in_dim(y, jnp.asarray(value, y.dtype), jnp.where(i < 0, i + n, i), 0)
    return lax.cond(inside, write, lambda y: y, x)

# %% right: one spare cell at the end takes what does not fit
def replace_entry(x, i, value):
    x = jnp.asarray(x)
    n = x.shape[0]
    spare = jnp.concatenate([x, x[-1:]])
    k = jnp.where((i >= n) | (i < -n), n, jnp.where(i < 0, i + n, i))
    return spare.at[k].set(value)[:n]

# %% right: vmap over positions
def replace_entry(x, i, value):
    x = jnp.asarray(x)
    n = len(x)
    one = lambda k, old: jnp.where((i == k) | (i + n == k), jnp.asarray(value, x.dtype), old)
    return jax.vmap(one)(jnp.arange(n), x)

# %% right: one-hot mask as a condition
def replace_entry(x, i, value):
    x = jnp.asarray(x)
    n = x.shape[0]
    j = jnp.where(jnp.asarray(i) < 0, i + n, i)
    return jnp.where(jax.nn.one_hot(j, n, dtype=bool), value, x).astype(x.dtype)

# %% right: scan that rebuilds the array
def replace_entry(x, i, value):
    x = jnp.asarray(x)
    n = x.shape[0]
    new = jnp.asarray(value).astype(x.dtype)
    def step(k, old):
        return k + 1, jnp.where((k == i) | (k == i + n), new, old)
    return lax.scan(step, jnp.int32(0), x)[1]

# %% right: jit and a class with the array inside
class _Vector:
    def __init__(self, x):
        self.x = jnp.asarray(x)
    def __setitem__(self, i, value):
        self.x = self.x.at[i].set(value)

@jax.jit
def replace_entry(x, i, value):
    v = _Vector(x)
    v[i] = value
    return v.x

# %% right: writes what it reads unless the index is valid
def replace_entry(x, i, value):
    x = jnp.asarray(x)
    n = x.shape[0]
    k = jnp.clip(jnp.where(i < 0, i + n, i), 0, n - 1)
    ok = (-n <= i) & (i < n)
    return lax.dynamic_update_slice(x, jnp.where(ok, value, x[k])[None].astype(x.dtype), (k,))

# %% right: index as an array of one, through functools.partial
from functools import partial
def _put(y, where, what):
    return y.at[where].set(what)
def replace_entry(x, i, value):
    return partial(_put, where=jnp.array([i]), what=value)(jnp.asarray(x))

# %% wrong: mask arithmetic turns an infinite neighbour into NaN | "float32 entries may be infinite or NaN"
def replace_entry(x, i, value):
    x = jnp.asarray(x)
    n = len(x)
    k = jnp.arange(n)
    m = ((k == i) | (k - n == i)).astype(x.dtype)
    return x * (1 - m) + m * value

# %% wrong: adds the difference; NaN/inf stays, digits are lost | `value` at index `i`
def replace_entry(x, i, value):
    x = jnp.asarray(x)
    return x.at[i].add(value - x[i])

# %% wrong: clip writes the last entry | "If `i` is beyond either end ... the result equals `x`"
def replace_entry(x, i, value):
    return jnp.asarray(x).at[i].set(value, mode="clip")

# %% wrong: index modulo n | "If `i` is beyond either end, there is nothing to replace"
def replace_entry(x, i, value):
    x = jnp.asarray(x)
    return x.at[i % x.shape[0]].set(value)

# %% wrong: dynamic_update_slice clamps | "If `i` is beyond either end ... equals `x`"
def replace_entry(x, i, value):
    x = jnp.asarray(x)
    return lax.dynamic_update_slice(x, jnp.full((1,), value, x.dtype), (i,))

# %% wrong: int32 goes through float32 | "an int that fits into int32": 16777217 is lost
def replace_entry(x, i, value):
    x = jnp.asarray(x)
    return x.astype(jnp.float32).at[i].set(value).astype(x.dtype)

# %% wrong: adds n to a negative index, and .at adds it once more | "i < -n ... nothing to replace"
def replace_entry(x, i, value):
    x = jnp.asarray(x)
    i = jnp.where(i < 0, i + len(x), i)
    return x.at[i].set(value)

# %% wrong: cleans NaN and infinities on the way | "a copy of `x`", "entries may be infinite or NaN"
def replace_entry(x, i, value):
    x = jnp.nan_to_num(jnp.asarray(x))
    return x.at[i].set(value)

# %% wrong: -1 marks "not replaced", so -1 cannot be written | `value` is any finite number
def replace_entry(x, i, value):
    x = jnp.asarray(x)
    marked = jnp.full_like(x, -1).at[i].set(value)
    return jnp.where(marked == -1, x, marked)

# %% wrong: jnp.put clips by default | "beyond either end ... equals x"
def replace_entry(x, i, value):
    return jnp.put(jnp.asarray(x), i, value, inplace=False)

# %% wrong: of the negative indices only -1 is known | "negative indices count from the end"
def replace_entry(x, i, value):
    x = jnp.asarray(x)
    n = len(x)
    return jnp.where(jnp.arange(n) == jnp.where(i == -1, n - 1, i), value, x)

# %% wrong: value from the first call with this shape stays baked in | `value` at index `i`
_V = [None]
@jax.jit
def _go(x, i):
    return x.at[i].set(_V[0])
def replace_entry(x, i, value):
    if isinstance(value, (int, float)):
        _V[0] = value
        return _go(jnp.asarray(x), i)
    return jnp.asarray(x).at[i].set(value)

# %% wrong: compares positions with a tolerance | neighbours of a large index match as well
def replace_entry(x, i, value):
    x = jnp.asarray(x)
    n = x.size
    k = jnp.arange(n, dtype=jnp.float32)
    return jnp.where(jnp.isclose(k, i) | jnp.isclose(k - n, i), value, x)
