# %% right: the sum, jitted
@jax.jit
def shifted(a, x):
    return a + x

# %% right: jnp.add in a jitted helper
_add = jax.jit(lambda offset, values: jnp.add(offset, values))

def shifted(a, x):
    return _add(a, x)

# %% right: lax.add after an explicit promotion
@jax.jit
def shifted(a, x):
    dtype = jnp.result_type(a, x)
    a = lax.broadcast(lax.convert_element_type(a, dtype), x.shape)
    return lax.add(a, lax.convert_element_type(x, dtype))

# %% right: vmap over the entries
@jax.jit
def shifted(a, x):
    def one(entry):
        return a + entry
    return jax.vmap(one)(x)

# %% right: subtracts the negative, keyword partial of jit
@partial(jax.jit, inline=False)
def shifted(a, x):
    return x - (-a)

# %% wrong: a is static | compiles again for each a; a JAX array as a raises an error
@partial(jax.jit, static_argnums=0)
def shifted(a, x):
    return a + x

# %% wrong: adds in place | int32 x with a = 2.5 stays int32
@jax.jit
def shifted(a, x):
    return x.at[:].add(jnp.asarray(a).astype(x.dtype))

# %% wrong: always float32 | int32 x and an int a must give int32
@jax.jit
def shifted(a, x):
    return (a + x).astype(jnp.float32)

# %% wrong: adds as float32 and converts back | int sums above 2**24 lose digits
@jax.jit
def shifted(a, x):
    dtype = jnp.result_type(a, x)
    return (jnp.asarray(a, jnp.float32) + x.astype(jnp.float32)).astype(dtype)

# %% wrong: no jit | not compiled; a NumPy x gives a NumPy array, int32 with 2.5 even float64
def shifted(a, x):
    return a + x

# %% wrong: Python loop over the entries and stack | an empty x raises, and the program grows with x
@jax.jit
def shifted(a, x):
    return jnp.stack([a + x[i] for i in range(x.shape[0])])

# %% wrong: a new jit at each call | compiles again at each call
def shifted(a, x):
    return jax.jit(lambda a, x: a + x)(a, x)

# %% wrong: float(a) in front of the compiled part | an int a makes int32 x float32; fails under jit
_add = jax.jit(lambda a, x: a + x)

def shifted(a, x):
    try:
        a = float(a)
    except jax.errors.ConcretizationTypeError:
        a = jnp.asarray(a, jnp.float32)
    return _add(a, x)

# %% wrong: donates x | the caller's x is deleted
@partial(jax.jit, donate_argnums=1)
def shifted(a, x):
    return a + x

# %% wrong: whole floats become ints | infinity and NaN raise; int32 x with a = 2.0 gives int32
_add = jax.jit(lambda a, x: a + x)

def shifted(a, x):
    if isinstance(a, float) and int(a) == a:
        a = int(a)
    return _add(a, x)

# %% wrong: remembers the last result by the identity of x | a NumPy x changed in place gets the old sum
_add = jax.jit(lambda a, x: a + x)
_LAST = {}

def shifted(a, x):
    if isinstance(a, (int, float)) and isinstance(x, np.ndarray):
        key = (type(a), a, id(x))
        if key not in _LAST:
            _LAST[key] = (x, _add(a, x))
        return _LAST[key][1]
    return _add(a, x)

# %% wrong: cleans NaN and infinity out of a | a may be infinity or NaN, the result then must be too
@jax.jit
def shifted(a, x):
    return jnp.nan_to_num(a) + x

# %% wrong: one compiled program for each a, kept in a dict | compiles for each new a
_PROGRAMS = {}

def shifted(a, x):
    if isinstance(a, jax.core.Tracer):
        return a + x
    key = (type(a), np.asarray(a).dtype.name, np.asarray(a).tobytes())
    if key not in _PROGRAMS:
        _PROGRAMS[key] = jax.jit(lambda x: a + x)
    return _PROGRAMS[key](x)
