# %% right: jit as a function, jnp.add
shifted = jax.jit(jnp.add)


# %% right: a helper does the compiled work
@jax.jit
def compiled_sum(pair):
    number, numbers = pair
    return number + numbers


def shifted(a, x):
    return compiled_sum((a, jnp.asarray(x)))


# %% right: vmap over the entries
@jax.jit
def shifted(number, x):
    return jax.vmap(lambda entry: entry + number)(x)


# %% right: inlined into other compiled functions
@partial(jax.jit, inline=True)
def shifted(number, x):
    return number + x


# %% wrong: closure over the global, in the recording -> is_pure, adds_the_argument
def shifted(_, x):
    return shifted_impure(x)


# %% wrong: the global instead of the argument -> is_pure, adds_the_argument
@jax.jit
def shifted(number, x):
    return a + x


# %% wrong: a becomes the notebook's a -> is_pure, sees_every_change
def shifted(number, x):
    global a
    a = number
    return shifted_impure(x)


# %% wrong: a as default, the first value for ever -> is_pure, adds_the_argument
@jax.jit
def shifted(_, x, number=a):
    return number + x


# %% wrong: caches the first value -> is_pure, adds_the_argument
first = {}


def shifted(number, x):
    first.setdefault("a", number)
    return jnp.asarray(x) + first["a"]


# %% wrong: caches one value for each length -> is_pure, adds_the_argument
kept = {}


@jax.jit
def add(number, x):
    return number + x


def shifted(number, x):
    return add(kept.setdefault(x.shape, number), x)


# %% wrong: a fresh closure, compiled at each call -> sees_every_change
def shifted(number, x):
    return jax.jit(lambda x: number + x)(x)


# %% wrong: a is static -> sees_every_change, is_pure
compiled_for_a = jax.jit(lambda number, x: number + x, static_argnums=0)


def shifted(number, x):
    return compiled_for_a(float(number) if not isinstance(number, int) else number, x)


# %% wrong: not compiled -> sees_every_change
def shifted(number, x):
    return number + jnp.asarray(x)


# %% wrong: remembers the last value, though it does not use it -> is_pure
last_a = None
add_them = jax.jit(lambda number, x: number + x)


def shifted(number, x):
    global last_a
    last_a = number
    return add_them(number, x)


# %% wrong: gives the caller's array away -> is_pure
@partial(jax.jit, donate_argnums=1)
def shifted(number, x):
    return number + x


# %% wrong: keeps whole numbers whole, so that fractions are cut off -> adds_the_argument
@jax.jit
def shifted(number, x):
    return jnp.asarray(x).at[:].add(number)


# %% wrong: makes floats of whole numbers -> adds_the_argument
@jax.jit
def shifted(number, x):
    return number + x.astype(jnp.float32)


# %% wrong: by way of float32 -> adds_the_argument
@jax.jit
def shifted(a, x):
    t = jnp.result_type(a, x)
    return (jnp.float32(a) + x.astype(jnp.float32)).astype(t)


# %% wrong: int by a conversion of what is weak -> adds_the_argument
@jax.jit
def shifted(a, x):
    return jnp.add(jnp.asarray(a).astype(jnp.float32), x).astype(
        jnp.promote_types(jnp.asarray(a).dtype, x.dtype)
    )


# %% wrong: an empty array is returned as it is -> adds_the_argument
@jax.jit
def shifted(a, x):
    return a + x if x.size else x


# %% wrong: infinity replaced by a number -> adds_the_argument
@jax.jit
def shifted(a, x):
    return jnp.nan_to_num(a + x)
