# %% right: widened first
def precise_sum(x):
    with jax.enable_x64(True):
        return jnp.asarray(x, jnp.float64).sum()


# %% right: a decorator
@jax.enable_x64(True)
def precise_sum(x: Float32[Array, "n"]) -> Float64[Array, ""]:
    return jnp.asarray(x).astype("float64").sum()


# %% right: a compiled helper, called in the context
@jax.jit
def total(x):
    return jnp.sum(x, dtype=jnp.float64)


def precise_sum(x):
    with jax.enable_x64():
        return total(x)


# %% right: a scan with a float64 state
def precise_sum(x):
    with jax.enable_x64(True):
        zero = jnp.zeros((), jnp.float64)
        add = lambda state, value: (state + value, None)
        return jax.lax.scan(add, zero, jnp.asarray(x))[0]


# %% right: a compiled loop over the entries
def precise_sum(x):
    with jax.enable_x64(True):
        x = jnp.asarray(x)
        zero = jnp.zeros((), jnp.float64)
        return lax.fori_loop(0, len(x), lambda k, total: total + x[k], zero)


# %% right: the switch thrown and put back, come what may
def precise_sum(x):
    before = jax.config.jax_enable_x64
    jax.config.update("jax_enable_x64", True)
    try:
        return jnp.sum(jnp.asarray(x), dtype=jnp.float64)
    finally:
        jax.config.update("jax_enable_x64", before)


# %% right: a dot product with ones
def precise_sum(x):
    with jax.enable_x64(True):
        return jnp.dot(jnp.asarray(x, float), jnp.ones(len(x)))


# %% wrong: throws the switch for good -> is_pure
def precise_sum(x):
    jax.config.update("jax_enable_x64", True)
    return jnp.sum(jnp.asarray(x), dtype=jnp.float64)


# %% wrong: switches off in the end, whatever it was before -> is_pure
def precise_sum(x):
    jax.config.update("jax_enable_x64", True)
    total = jnp.sum(jnp.asarray(x), dtype=jnp.float64)
    jax.config.update("jax_enable_x64", False)
    return total


# %% wrong: keeps the last sum -> is_pure
last_total = None


def precise_sum(x):
    global last_total
    with jax.enable_x64(True):
        last_total = jnp.sum(jnp.asarray(x), dtype=jnp.float64)
    return last_total


# %% wrong: NumPy adds, which jit forbids -> is_pure
def precise_sum(x):
    with jax.enable_x64(True):
        return jnp.asarray(np.sum(np.asarray(x), dtype=np.float64))


# %% wrong: clears what it has read -> is_pure
def precise_sum(x):
    with jax.enable_x64(True):
        total = jnp.sum(jnp.array(x), dtype=jnp.float64).block_until_ready()
    if isinstance(x, np.ndarray):
        x[:] = 0
    return total


# %% wrong: in float32 -> adds_in_64_bits
def precise_sum(x):
    return jnp.sum(x)


# %% wrong: asks for float64 outside of the context -> adds_in_64_bits
def precise_sum(x):
    return jnp.sum(jnp.asarray(x), dtype=jnp.float64)


# %% wrong: throws the switch in the cell, outside of the function -> adds_in_64_bits
jax.config.update("jax_enable_x64", True)


def precise_sum(x):
    return jnp.sum(jnp.asarray(x), dtype=jnp.float64)


# %% wrong: adds in float32 and widens the result -> adds_in_64_bits
def precise_sum(x):
    with jax.enable_x64(True):
        return jnp.sum(jnp.asarray(x)).astype(jnp.float64)


# %% wrong: widens before the context, which does nothing -> adds_in_64_bits
def precise_sum(x):
    wide = jnp.asarray(x).astype(jnp.float64)
    with jax.enable_x64(True):
        return jnp.sum(wide).astype(jnp.float64)


# %% wrong: leaves the context with a NumPy number -> adds_in_64_bits, is_pure
def precise_sum(x):
    return np.sum(np.asarray(x), dtype=np.float64)


# %% wrong: a jax array made of it outside of the context -> adds_in_64_bits, is_pure
def precise_sum(x):
    return jnp.asarray(np.sum(np.asarray(x), dtype=np.float64))


# %% wrong: a Python float -> adds_in_64_bits, is_pure
def precise_sum(x):
    with jax.enable_x64(True):
        return float(jnp.sum(jnp.asarray(x), dtype=jnp.float64))


# %% wrong: compensated in float32, only the result is wide -> adds_in_64_bits
def precise_sum(x):
    def add(state, value):
        total, lost = state
        corrected = value - lost
        new = total + corrected
        return (new, (new - total) - corrected), None

    zero = jnp.float32(0)
    (total, _), _ = jax.lax.scan(add, (zero, zero), jnp.asarray(x))
    with jax.enable_x64(True):
        return total.astype(jnp.float64)


# %% wrong: turns the switch over in place of turning it on -> handles_edge_cases
def precise_sum(x):
    with jax.enable_x64(not jax.config.jax_enable_x64):
        return jnp.sum(jnp.asarray(x), dtype=jnp.float64)


# %% right: einsum in 64 bits
def precise_sum(x):
    with jax.enable_x64(True):
        return jnp.einsum("n->", jnp.asarray(x).astype(jnp.float64))


# %% wrong: whole numbers of 2**-20 -> adds_in_64_bits
def precise_sum(x):
    with jax.enable_x64(True):
        wide = jnp.asarray(x).astype(jnp.float64)
        return jnp.sum((wide * 2**20).astype(jnp.int64)).astype(jnp.float64) / 2**20


# %% wrong: whole numbers of 2**-40 -> handles_edge_cases
def precise_sum(x):
    with jax.enable_x64(True):
        wide = jnp.asarray(x).astype(jnp.float64)
        return jnp.sum((wide * 2**40).astype(jnp.int64)).astype(jnp.float64) / 2**40


# %% wrong: pairs in float32 first -> adds_in_64_bits
def precise_sum(x):
    x = jnp.asarray(x)
    pairs = jnp.append(x, jnp.zeros(len(x) % 2, x.dtype)).reshape(-1, 2).sum(axis=1)
    with jax.enable_x64(True):
        return jnp.sum(pairs, dtype=jnp.float64)


# %% wrong: twice the numbers in float32, which overflow -> handles_edge_cases
def precise_sum(x):
    doubled = jnp.asarray(x) * 2
    with jax.enable_x64(True):
        return jnp.sum(doubled, dtype=jnp.float64) / 2


# %% wrong: tiny numbers lost -> handles_edge_cases
def precise_sum(x):
    x = jnp.asarray(x)
    x = jnp.where(jnp.abs(x) < 1e-20, 0, x)
    with jax.enable_x64(True):
        return jnp.sum(x, dtype=jnp.float64)


# %% wrong: rounds its result to twelve places -> handles_edge_cases
def precise_sum(x):
    with jax.enable_x64(True):
        return jnp.round(jnp.sum(jnp.asarray(x), dtype=jnp.float64), 12)


# %% wrong: right when called, float32 under jit -> is_pure
def precise_sum(x):
    if isinstance(x, jax.core.Tracer):
        return jnp.sum(x)
    with jax.enable_x64(True):
        return jnp.sum(jnp.asarray(x), dtype=jnp.float64)


# %% wrong: sorts the caller's array -> is_pure
def precise_sum(x):
    if isinstance(x, np.ndarray):
        x.sort()
    with jax.enable_x64(True):
        return jnp.sum(jnp.asarray(x), dtype=jnp.float64)


# %% wrong: scaled by the largest number, which may be 0 -> handles_edge_cases
def precise_sum(x):
    with jax.enable_x64(True):
        x = jnp.asarray(x, jnp.float64)
        largest = jnp.max(jnp.abs(x))
        return largest * jnp.sum(x / largest)
