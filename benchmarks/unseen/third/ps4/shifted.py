# %% right: the one line
@jax.jit
def shifted(a, x):
    return a + x

# %% right: jnp.add in a jitted helper
_add = jax.jit(jnp.add)


def shifted(a, x):
    return _add(a, x)

# %% right: writes out dtype and broadcast
@jax.jit
def shifted(a, x):
    dtype = jnp.result_type(a, x)
    constant = jnp.full(x.shape, a, dtype)
    return lax.add(constant, x.astype(dtype))

# %% right: vmap of a sum of two numbers
import operator


@jax.jit
def shifted(a, x):
    return jax.vmap(operator.add, in_axes=(None, 0))(a, x)

# %% wrong: a static | compiles again for each new value of a (and JAX arrays cannot be static)
@partial(jax.jit, static_argnums=0)
def shifted(a, x):
    return a + x

# %% wrong: a in the dtype of x | an int32 x and an a of 2.5 must give float32
@jax.jit
def shifted(a, x):
    return jnp.asarray(a).astype(x.dtype) + x

# %% wrong: a as float32 | an int a and an int32 x must give int32
@jax.jit
def shifted(a, x):
    return jnp.asarray(a, dtype=jnp.float32) + x

# %% wrong: takes the number out of a with item | fails under jax.jit, where a is traced
@jax.jit
def _shifted(a, x):
    return a + x


def shifted(a, x):
    if hasattr(a, "item"):
        a = a.item()
    return _shifted(a, x)

# %% wrong: a new jitted lambda in each call | compiles again at each new value of a, indeed at each call
def shifted(a, x):
    return jax.jit(lambda x: a + x)(x)

# %% wrong: donates x | the caller's JAX array x is deleted by the call
@partial(jax.jit, donate_argnums=1)
def shifted(a, x):
    return a + x

# %% wrong: stacks single numbers | fails for an empty x (and the program grows with x)
@jax.jit
def shifted(a, x):
    return jnp.stack([a + number for number in x])

# %% wrong: adds in float32 and converts to the dtype asked for | int32 sums beyond 2**24 are rounded
@jax.jit
def shifted(a, x):
    dtype = jnp.result_type(a, x)
    total = jnp.asarray(a, jnp.float32) + x.astype(jnp.float32)
    return total.astype(dtype)
