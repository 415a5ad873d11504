# %% right: jvp of grad
def hvp(x: Float32[Array, "n"], v: Float32[Array, "n"]) -> Float32[Array, "n"]:
    return jax.jvp(jax.grad(energy), (jnp.asarray(x),), (jnp.asarray(v),))[1]

# %% right: grad of the scalar product of grad and v
def hvp(x: Float32[Array, "n"], v: Float32[Array, "n"]) -> Float32[Array, "n"]:
    x, v = jnp.asarray(x), jnp.asarray(v)
    return jax.grad(lambda x: jnp.sum(jax.grad(energy)(x) * v))(x)

# %% right: physicist, the product by hand
def hvp(x: Float32[Array, "n"], v: Float32[Array, "n"]) -> Float32[Array, "n"]:
    x, v = jnp.asarray(x), jnp.asarray(v)
    sine, cosine = jnp.sin(x), jnp.cos(x)
    n = x.shape[0]
    swing = jnp.sum(sine) / n
    common = jnp.sum(cosine * v) / n
    return (cosine - swing * sine) * v + common * cosine

# %% right: has read it all, linearize under jit
@jax.jit
def hvp(x: Float32[Array, "n"], v: Float32[Array, "n"]) -> Float32[Array, "n"]:
    _, along = jax.linearize(jax.grad(energy), x)
    return along(v)

# %% wrong: central difference of two gradients | only a few digits, and wrong for long or short v
def hvp(x: Float32[Array, "n"], v: Float32[Array, "n"]) -> Float32[Array, "n"]:
    x, v = jnp.asarray(x), jnp.asarray(v)
    h, slope = 2.0**-10, jax.grad(energy)
    return (slope(x + h * v) - slope(x - h * v)) / (2 * h)

# %% wrong: jax.hessian times v | builds the whole Hessian
def hvp(x: Float32[Array, "n"], v: Float32[Array, "n"]) -> Float32[Array, "n"]:
    return jax.hessian(energy)(jnp.asarray(x)) @ jnp.asarray(v)

# %% wrong: row by row in a compiled loop | computes all rows of the Hessian one after the other: too slow for many angles
def hvp(x: Float32[Array, "n"], v: Float32[Array, "n"]) -> Float32[Array, "n"]:
    x, v = jnp.asarray(x), jnp.asarray(v)
    slope = jax.grad(energy)

    def entry(i):
        row = jax.grad(lambda x: slope(x)[i])(x)
        return jnp.sum(row * v)

    return lax.map(entry, jnp.arange(x.size))

# %% wrong: product rule half done | the term -sin(x_i) S / n is missing, seen only where sines do not vanish
def hvp(x: Float32[Array, "n"], v: Float32[Array, "n"]) -> Float32[Array, "n"]:
    x, v = jnp.asarray(x), jnp.asarray(v)
    cosine = jnp.cos(x)
    return cosine * v + cosine * jnp.sum(cosine * v) / x.size

# %% wrong: 1/2 where 1/n belongs | right for two angles only
def hvp(x: Float32[Array, "n"], v: Float32[Array, "n"]) -> Float32[Array, "n"]:
    x, v = jnp.asarray(x), jnp.asarray(v)
    s, c = jnp.sin(x), jnp.cos(x)
    return (c - s * jnp.sum(s) / 2) * v + c * jnp.sum(c * v) / 2

# %% wrong: normalises v first | v = 0 gives NaN; squares of 1e30 and 1e-30 leave float32
def hvp(x: Float32[Array, "n"], v: Float32[Array, "n"]) -> Float32[Array, "n"]:
    x, v = jnp.asarray(x), jnp.asarray(v)
    length = jnp.sqrt(jnp.sum(v**2))
    return length * jax.jvp(jax.grad(energy), (x,), (v / length,))[1]

# %% wrong: brings the angles to one turn first | large x (up to 10,000) lose digits, since 2 pi in float32 is inexact
def hvp(x: Float32[Array, "n"], v: Float32[Array, "n"]) -> Float32[Array, "n"]:
    x = jnp.mod(jnp.asarray(x), 2 * jnp.pi)
    return jax.jvp(jax.grad(energy), (x,), (jnp.asarray(v),))[1]

# %% wrong: squeeze of a column | a single angle: the result has no axis
def hvp(x: Float32[Array, "n"], v: Float32[Array, "n"]) -> Float32[Array, "n"]:
    x, v = jnp.asarray(x), jnp.asarray(v)
    _, back = jax.vjp(jax.grad(energy), x)
    return jnp.stack(back(v), axis=1).squeeze()
