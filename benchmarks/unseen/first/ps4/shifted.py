# %% right: a + x
@jax.jit
def shifted(a, x):
    return a + x

# %% right: jit of a lambda, other order
shifted = jax.jit(lambda a, x: x + a)

# %% right: jnp.add with type hints and an inline jit
@partial(jax.jit, inline=True)
def shifted(a: Num[Array, ""] | float, x: Num[Array, "n"]) -> Num[Array, "n"]:
    return jnp.add(x, a)

# %% right: vmap over the entries of x
@jax.jit
def shifted(a, x):
    return jax.vmap(lambda number: a + number)(x)

# %% right: lax.add with the promoted dtype given explicitly
@jax.jit
def shifted(a, x):
    dtype = jnp.result_type(a, x)
    return lax.add(lax.broadcast(jnp.asarray(a, dtype), x.shape), x.astype(dtype))

# %% right: jnp.full of the shape of x, then a sum
@jax.jit
def shifted(a, x):
    return jnp.full(x.shape, a) + x

# %% right: sum of a list, starting at x
@jax.jit
def shifted(a, x):
    return sum([a], start=x)

# %% right: operator.add over a tree map
import operator


@jax.jit
def shifted(a, x):
    return jax.tree.map(partial(operator.add, a), x)

# %% right: lax.map, one number at a time
@jax.jit
def shifted(a, x):
    return lax.map(lambda v: v + a, x)

# %% right: the outer sum of a number and an array
@jax.jit
def shifted(a, x):
    return jnp.add.outer(jnp.asarray(a), x)

# %% right: subtracts the negative through a closure made inside the trace, class with static method
class _Shift:
    @staticmethod
    def by(a):
        def move(x):
            return x + a

        return move


@jax.jit
def shifted(a, x):
    return _Shift.by(a)(x)

# %% wrong: a is static, so each new value compiles again | "without compiling again"
@partial(jax.jit, static_argnums=0)
def shifted(a, x):
    return a + x

# %% wrong: at[].add keeps the dtype of x | "an int32 x and an a of 2.5 give float32"
@jax.jit
def shifted(a, x):
    return x.at[:].add(a)

# %% wrong: the result is forced to float32 | "The result has the dtype of a + x": two ints give int32
@jax.jit
def shifted(a, x):
    return jnp.float32(a) + x

# %% wrong: not compiled | "Return a + x, compiled"
def shifted(a, x):
    return jnp.add(a, x)

# %% wrong: jits a new closure at each call, with a baked in | "without compiling again"
def shifted(a, x):
    return jax.jit(lambda x: a + x)(x)

# %% wrong: one compiled function for each a, kept in a cache | "without compiling again"
_ADDERS = {}


def shifted(a, x):
    key = a if isinstance(a, (int, float)) else id(a)
    if key not in _ADDERS:
        _ADDERS[key] = jax.jit(lambda x: a + x)
    return _ADDERS[key](x)

# %% wrong: a Python loop over x, recorded number by number; an empty int x becomes float32 | "int32 array ... possibly empty", dtype of a + x
@jax.jit
def shifted(a, x):
    return jnp.array([a + x[i] for i in range(x.shape[0])])

# %% wrong: donates x | the caller's array is deleted
@partial(jax.jit, donate_argnums=1)
def shifted(a, x):
    return a + x

# %% wrong: adds in float32 and casts back, so large ints are rounded | "Return a + x": ints beyond 2**24
@jax.jit
def shifted(a, x):
    return (x.astype(jnp.float32) + a).astype(jnp.result_type(a, x))

# %% wrong: an empty x is returned as it is | "The result has the dtype of a + x" also for an empty int32 x and a = 2.5
@jax.jit
def shifted(a, x):
    return a + x if x.size else x

# %% wrong: looks whether a is a Python int, which inside jit it never is | "The result has the dtype of a + x"
@jax.jit
def shifted(a, x):
    dtype = x.dtype if isinstance(a, int) else jnp.float32
    return jnp.asarray(a, dtype) + x

# %% wrong: a is rounded to the dtype of x before the sum | "an int32 x and an a of 2.5 give float32"
@jax.jit
def shifted(a, x):
    out = jnp.full_like(x, a) + x
    return out.astype(jnp.result_type(a, x))

# %% wrong: not-a-number and infinity are cleaned away | "Return a + x" (an a of inf is a Python number)
@jax.jit
def shifted(a, x):
    return jnp.nan_to_num(a + x)
