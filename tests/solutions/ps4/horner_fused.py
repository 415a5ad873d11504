# %% right: jnp.polyval
@jax.jit
def horner_fused(x):
    p = jnp.polyval(jnp.array(COEFFICIENTS, jnp.float32), x)
    return (jnp.sqrt(p) / (1 + x**2)).mean()


# %% right: reduce, one expression
from functools import reduce


@jax.jit
def horner_fused(x: Float32[Array, "n"]) -> Float32[Array, ""]:
    p = reduce(lambda p, c: p * x + c, COEFFICIENTS)
    return jnp.average(jnp.sqrt(p) / (1 + jnp.square(x)))


# %% wrong: eager -> beats_numpy
def horner_fused(x):
    x = jnp.asarray(x)
    p = jnp.zeros_like(x)
    for c in COEFFICIENTS:
        p = p * x + c
    return jnp.mean(jnp.sqrt(p) / (1 + x * x))


# %% wrong: NumPy, its result handed to JAX, with jnp under jit -> beats_numpy
def horner_fused(x):
    xp = jnp if isinstance(x, jax.core.Tracer) else np
    p = xp.zeros_like(x)
    for c in COEFFICIENTS:
        p = p * x + c
    return jnp.float32(xp.mean(xp.sqrt(p) / (1 + x * x)))


# %% wrong: coefficients from the wrong end -> gives_the_mean_of_the_chain
@jax.jit
def horner_fused(x):
    p = jnp.zeros_like(x)
    for c in COEFFICIENTS[::-1]:
        p = p * x + c
    return jnp.mean(jnp.sqrt(p) / (1 + x * x))


# %% wrong: the sum -> gives_the_mean_of_the_chain
@jax.jit
def horner_fused(x):
    p = jnp.zeros_like(x)
    for c in COEFFICIENTS:
        p = p * x + c
    return jnp.sum(jnp.sqrt(p) / (1 + x * x))


# %% wrong: adds before it multiplies -> gives_the_mean_of_the_chain
@jax.jit
def horner_fused(x):
    p = jnp.zeros_like(x)
    for c in COEFFICIENTS:
        p = (p + c) * x
    return jnp.mean(jnp.sqrt(p) / (1 + x * x))


# %% wrong: root of the quotient -> gives_the_mean_of_the_chain
@jax.jit
def horner_fused(x):
    p = jnp.zeros_like(x)
    for c in COEFFICIENTS:
        p = p * x + c
    return jnp.mean(jnp.sqrt(p / (1 + x * x)))


# %% wrong: the logarithm, which the endless series is -> gives_the_mean_of_the_chain
@jax.jit
def horner_fused(x):
    p = jnp.where(x == 0, 1, -jnp.log1p(-x) / jnp.where(x == 0, 1, x))
    return jnp.mean(jnp.sqrt(p) / (1 + x * x))


# %% wrong: half precision for speed -> gives_the_mean_of_the_chain
@jax.jit
def horner_fused(x):
    x = x.astype(jnp.bfloat16)
    p = jnp.zeros_like(x)
    for c in COEFFICIENTS:
        p = p * x + c
    return jnp.mean(jnp.sqrt(p) / (1 + x * x)).astype(jnp.float32)


# %% wrong: a Python float -> gives_the_mean_of_the_chain, is_pure
def horner_fused(x):
    return float(np.mean(np.sqrt(np.polyval(COEFFICIENTS, x)) / (1 + x * x)))


# %% wrong: counts its calls -> is_pure
n_calls = 0
compiled = jax.jit(
    lambda x: jnp.mean(jnp.sqrt(jnp.polyval(jnp.array(COEFFICIENTS), x)) / (1 + x * x))
)


def horner_fused(x):
    global n_calls
    n_calls += 1
    return compiled(x)


# %% wrong: every tenth number where there are many -> gives_the_mean_of_the_chain
@jax.jit
def horner_fused(x):
    x = x[::10] if x.size > 1000 else x
    p = jnp.zeros_like(x)
    for c in COEFFICIENTS:
        p = p * x + c
    return jnp.mean(jnp.sqrt(p) / (1 + x * x))


# %% wrong: blocks, the rest dropped -> gives_the_mean_of_the_chain
@jax.jit
def horner_fused(x):
    if x.size > 1000:
        x = x[: x.size // 1000 * 1000].reshape(-1, 1000)
    p = jnp.zeros_like(x)
    for c in COEFFICIENTS:
        p = p * x + c
    return jnp.mean(jnp.sqrt(p) / (1 + x * x))


# %% wrong: NaN at minus one, by a quotient -> gives_the_mean_of_the_chain
@jax.jit
def horner_fused(x):
    p = jnp.zeros_like(x)
    for c in COEFFICIENTS:
        p = p * x + c
    return jnp.mean(jnp.sqrt(p) / (1 + x) * (1 + x) / (1 + x * x))


# %% wrong: nine terms for small numbers -> gives_the_mean_of_the_chain
@jax.jit
def horner_fused(x):
    def evaluate(coefficients, x):
        p = jnp.zeros_like(x)
        for c in coefficients:
            p = p * x + c
        return jnp.mean(jnp.sqrt(p) / (1 + x * x))

    few, all_of_them = (lambda x, n=n: evaluate(COEFFICIENTS[-n:], x) for n in (9, 33))
    return jax.lax.cond(jnp.max(jnp.abs(x)) < 0.9, few, all_of_them, x)


# %% wrong: p from a table of 257 values -> gives_the_mean_of_the_chain
@jax.jit
def horner_fused(x):
    table = jnp.polyval(jnp.array(COEFFICIENTS), jnp.linspace(-1, 1, 257))
    place = (x + 1) * 128
    left = jnp.clip(place.astype(jnp.int32), 0, 255)
    t = place - left
    p = (1 - t) * table[left] + t * table[left + 1]
    return jnp.mean(jnp.sqrt(p) / (1 + x * x))


# %% wrong: only the polynomial is compiled -> beats_numpy
@jax.jit
def polynomial(x):
    p = jnp.zeros_like(x)
    for c in COEFFICIENTS:
        p = p * x + c
    return p


def horner_fused(x):
    return jnp.mean(jnp.sqrt(polynomial(x)) / (1 + x * x))


# %% wrong: compiles again at every call -> beats_numpy
def horner_fused(x):
    @jax.jit
    def mean(x):
        p = jnp.zeros_like(x)
        for c in COEFFICIENTS:
            p = p * x + c
        return jnp.mean(jnp.sqrt(p) / (1 + x * x))

    return mean(x)
