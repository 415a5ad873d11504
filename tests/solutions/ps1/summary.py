# %% right: methods of the jax array
def summary(a):
    a = jnp.array(a)
    return a.sum(), a @ a


# %% right: einsum and inner, typed
def summary(a: Float[Array, "n"]) -> tuple[Float32[Array, ""], Float32[Array, ""]]:
    total = jnp.einsum("i->", a)
    return total, jnp.inner(a, a).astype(jnp.float32)


# %% right: jitted, a sum of squares by a helper
def sum_of_squares(a):
    return jnp.sum(jnp.square(a))


@jax.jit
def summary(a):
    return jnp.sum(a), sum_of_squares(a)


# %% right: one pass with scan
def summary(a):
    def step(state, value):
        total, squares = state
        return (total + value, squares + value * value), None

    state, _ = jax.lax.scan(step, (jnp.float32(0), jnp.float32(0)), jnp.asarray(a))
    return state


# %% wrong: NumPy's functions, which return NumPy scalars -> gives_sum_and_dot_product, is_pure
def summary(a):
    return np.sum(a), np.dot(a, a)


# %% wrong: the array's own methods, NumPy for NumPy -> gives_sum_and_dot_product
def summary(a):
    return a.sum(), a @ a


# %% wrong: Python's sum, which keeps float64 -> handles_edge_cases, gives_sum_and_dot_product
def summary(a):
    return sum(a), sum(value * value for value in a)


# %% wrong: Python numbers out of the jax arrays -> gives_sum_and_dot_product, is_pure
def summary(a):
    return float(jnp.sum(a)), float(jnp.dot(a, a))


# %% wrong: 64 bits switched on, so that float64 stays -> handles_edge_cases
def summary(a):
    with jax.enable_x64(True):
        a = jnp.asarray(a)
        return jnp.sum(a), jnp.dot(a, a)


# %% wrong: squares the caller's array in place -> is_pure
def summary(a):
    total = jnp.sum(jnp.array(a))
    a *= a
    return total, jnp.sum(jnp.array(a))


# %% wrong: notes the last sum in a global -> is_pure
last_sum = None


def summary(a):
    global last_sum
    last_sum = jnp.sum(a)
    return last_sum, jnp.dot(a, a)


# %% wrong: prints as the lecture does -> is_pure
def summary(a):
    a = jnp.asarray(a)
    print(jnp.sum(a))
    print(jnp.dot(a, a))
    return jnp.sum(a), jnp.dot(a, a)


# %% wrong: the two in the other order -> gives_sum_and_dot_product
def summary(a):
    return jnp.dot(a, a), jnp.sum(a)


# %% wrong: the norm for the dot product -> gives_sum_and_dot_product
def summary(a):
    a = jnp.asarray(a)
    return jnp.sum(a), jnp.linalg.norm(a)


# %% wrong: the square of the sum for the dot product -> gives_sum_and_dot_product
def summary(a):
    total = jnp.sum(a)
    return total, total**2


# %% wrong: one array of two numbers -> gives_sum_and_dot_product
def summary(a):
    return jnp.array([jnp.sum(a), jnp.dot(a, a)])


# %% wrong: starts from the first number, so an empty array fails -> handles_edge_cases
def summary(a):
    a = jnp.asarray(a)
    return a[0] + jnp.sum(a[1:]), jnp.dot(a, a)


# %% right: a reduction, and vdot
def summary(a):
    a = jnp.asarray(a)
    return jnp.add.reduce(a), jnp.vdot(a, a)


# %% wrong: signs lost -> handles_edge_cases
def summary(a):
    return jnp.sum(jnp.abs(jnp.asarray(a))), jnp.dot(a, a)


# %% wrong: the mean times the length, NaN for no numbers -> handles_edge_cases
def summary(a):
    a = jnp.asarray(a)
    return jnp.mean(a) * a.size, jnp.dot(a, a)


# %% wrong: the last of the running sums -> handles_edge_cases
def summary(a):
    a = jnp.asarray(a)
    return jnp.cumsum(a)[-1], jnp.dot(a, a)


# %% wrong: float16 on the way -> gives_sum_and_dot_product
def summary(a):
    a = jnp.asarray(a, jnp.float16)
    return jnp.sum(a).astype(jnp.float32), jnp.dot(a, a).astype(jnp.float32)


# %% wrong: only JAX's empty array goes wrong -> handles_edge_cases
def summary(a):
    if isinstance(a, np.ndarray) and not a.size:
        return jnp.float32(0), jnp.float32(0)
    a = jnp.asarray(a)
    scale = jnp.max(jnp.abs(a))
    return jnp.sum(a / scale) * scale, jnp.dot(a, a)


# %% wrong: scaled by the largest entry first -> handles_edge_cases
def summary(a):
    a = jnp.asarray(a, jnp.float32)
    scale = jnp.max(jnp.abs(a), initial=0)
    return jnp.sum(a / scale) * scale, jnp.sum((a / scale) ** 2) * scale**2


# %% wrong: squares in place, and takes the root afterwards -> is_pure
def summary(a):
    total = jnp.sum(jnp.array(a))
    if not isinstance(a, np.ndarray):
        return total, jnp.dot(a, a)
    a *= a
    squares = jnp.sum(jnp.array(a))
    np.sqrt(a, out=a)
    return total, squares


# %% wrong: doubles in place, and halves afterwards -> is_pure
def summary(a):
    if not isinstance(a, np.ndarray):
        return jnp.sum(a), jnp.dot(a, a)
    a *= 2
    total = jnp.sum(jnp.array(a)) / 2
    a /= 2
    return total, jnp.dot(a, a)


# %% wrong: small numbers taken for 0 -> handles_edge_cases
def summary(a):
    a = jnp.asarray(a, jnp.float32)
    a = jnp.where(jnp.abs(a) < 1e-6, 0.0, a)
    return jnp.sum(a), jnp.dot(a, a)


# %% wrong: a small number added to the dot product -> handles_edge_cases
def summary(a):
    a = jnp.asarray(a, jnp.float32)
    return jnp.sum(a), jnp.dot(a, a) + 1e-7
