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
