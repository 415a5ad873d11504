# %% right: a plain loop of products, static by name
@partial(jax.jit, static_argnames="n")
def power(x, n):
    result = jnp.ones_like(x)
    for _ in range(n):
        result = result * x
    return result


# %% right: recursion by halves, jit as a function
def power_of(x, n):
    if n == 0:
        return jnp.ones_like(x)
    half = power_of(x, n // 2)
    return half * half * x if n % 2 else half * half


power = jax.jit(power_of, static_argnums=(1,))


# %% right: the operator, since n is a Python int
@partial(jax.jit, static_argnums=1)
def power(x, n):
    return x**n


# %% right: a loop of lax with a static length
@partial(jax.jit, static_argnums=1)
def power(x: Num[Array, "*shape"], n: int) -> Num[Array, "*shape"]:
    return lax.fori_loop(0, n, lambda _, y: y * x, jnp.ones_like(x))


# %% right: a dict of compiled functions, one for each exponent
compiled_powers = {}


def power(x, n):
    if n not in compiled_powers:
        compiled_powers[n] = jax.jit(lambda x: power_by_bits(x, n))
    return compiled_powers[n](x)


def power_by_bits(x, n):
    result = jnp.ones_like(x)
    for bit in bin(n)[2:]:
        result = result * result
        if bit == "1":
            result = result * x
    return result


# %% wrong: traced n in Python control flow -> raises_to_the_power
@jax.jit
def power(x, n):
    result = jnp.ones_like(x)
    while n > 0:
        if n % 2 == 1:
            result = result * x
        x = x * x
        n //= 2
    return result


# %% wrong: traced n in range -> raises_to_the_power
@jax.jit
def power(x, n):
    result = jnp.ones_like(x)
    for _ in range(n):
        result = result * x
    return result


# %% wrong: recompiles at every call -> compiles_once_for_each_exponent
def power(x, n):
    @jax.jit
    def compute(x):
        result = jnp.ones_like(x)
        for _ in range(n):
            result = result * x
        return result

    return compute(x)


# %% wrong: a fresh partial at every call -> compiles_once_for_each_exponent
def power_by_loop(n, x):
    result = jnp.ones_like(x)
    for _ in range(n):
        result = result * x
    return result


def power(x, n):
    return jax.jit(lambda x: power_by_loop(n, x))(x)


# %% wrong: n traced, in a loop of lax -> compiles_once_for_each_exponent
@jax.jit
def power(x, n):
    return lax.fori_loop(0, n, lambda _, y: y * x, jnp.ones_like(x))


# %% wrong: not compiled -> compiles_once_for_each_exponent
def power(x, n):
    x = jnp.asarray(x)
    result = jnp.ones_like(x)
    for _ in range(n):
        result = result * x
    return result


# %% wrong: the operator, not compiled -> compiles_once_for_each_exponent
def power(x, n):
    return jnp.asarray(x) ** n


# %% wrong: one multiplication too many -> raises_to_the_power
@partial(jax.jit, static_argnums=1)
def power(x, n):
    result = x
    for _ in range(n):
        result = result * x
    return result


# %% wrong: starts at x, so n = 0 is wrong -> raises_to_the_power
@partial(jax.jit, static_argnums=1)
def power(x, n):
    result = x
    for _ in range(n - 1):
        result = result * x
    return result


# %% wrong: floats for whole numbers -> raises_to_the_power
@partial(jax.jit, static_argnums=1)
def power(x, n):
    result = jnp.ones(x.shape)
    for _ in range(n):
        result = result * x
    return result


# %% wrong: a scalar for n = 0 -> raises_to_the_power
@partial(jax.jit, static_argnums=1)
def power(x, n):
    result = 1
    for _ in range(n):
        result = result * x
    return jnp.asarray(result)


# %% wrong: exp and log, NaN for negative bases -> raises_to_the_power
@partial(jax.jit, static_argnums=1)
def power(x, n):
    return jnp.exp(n * jnp.log(x)).astype(x.dtype)


# %% wrong: remembers the first exponent -> is_pure, raises_to_the_power
first_exponent = {}


def power(x, n):
    n = first_exponent.setdefault("n", n)
    return jnp.asarray(x) ** n


# %% wrong: keeps the results by exponent -> is_pure, raises_to_the_power
known_powers = {}


def power(x, n):
    if n not in known_powers:
        known_powers[n] = jnp.asarray(x) ** n
    return known_powers[n]


# %% wrong: counts the exponents it has seen -> is_pure
exponents_seen = []


@partial(jax.jit, static_argnums=1)
def power_compiled(x, n):
    return x**n


def power(x, n):
    exponents_seen.append(n)
    return power_compiled(x, n)


# %% wrong: through float32 -> raises_to_the_power
@partial(jax.jit, static_argnums=1)
def power(x, n):
    return (x.astype(jnp.float32) ** n).astype(x.dtype)


# %% wrong: eight bits of the exponent -> handles_edge_cases
@partial(jax.jit, static_argnums=1)
def power(x, n):
    out = jnp.ones_like(x)
    for bit in range(8):
        if n >> bit & 1:
            out = out * x
        x = x * x
    return out


# %% wrong: fails without axes -> handles_edge_cases
@partial(jax.jit, static_argnums=1)
def power(x, n):
    return jax.vmap(lambda e: e**n)(x)


# %% wrong: an epsilon -> handles_edge_cases
@partial(jax.jit, static_argnums=1)
def power(x, n):
    if jnp.issubdtype(x.dtype, jnp.floating):
        return (x + 1e-8) ** n
    return x**n


# %% wrong: exp and log with signs -> raises_to_the_power
@partial(jax.jit, static_argnums=1)
def power(x, n):
    f = x.astype(jnp.float32)
    mag = jnp.exp(n * jnp.log(jnp.abs(f))) if n else jnp.ones_like(f)
    out = mag * jnp.where((f < 0) & (n % 2 == 1), -1, 1)
    return jnp.round(out).astype(x.dtype) if jnp.issubdtype(x.dtype, jnp.integer) else out


# %% wrong: cumprod of repeats, empty fails -> handles_edge_cases
@partial(jax.jit, static_argnums=1)
def power(x, n):
    if n == 0:
        return jnp.ones_like(x)
    return jnp.cumprod(jnp.repeat(x[None], n, axis=0), axis=0)[-1] + 0 * jnp.max(x)


# %% wrong: recursion that goes too deep -> handles_edge_cases
@partial(jax.jit, static_argnums=1)
def power(x, n):
    return jnp.ones_like(x) if n == 0 else x * power(x, n - 1)


# %% wrong: the logarithm of the size for large n -> handles_edge_cases
@partial(jax.jit, static_argnums=1)
def power(x, n):
    if n <= 20 or x.dtype == jnp.int32:
        return x**n
    return jnp.exp(n * jnp.log(jnp.abs(x)))


# %% right: one recursion for each factor
@partial(jax.jit, static_argnums=1)
def power(x, n):
    def product(k):
        return jnp.ones_like(x) if k == 0 else x * product(k - 1)

    return product(n)
