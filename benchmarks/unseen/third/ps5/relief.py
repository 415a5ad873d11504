# %% right: brightness of one place, two vmaps
def _brightness(hills, light, x, y):
    p, q = jax.grad(height, argnums=(1, 2))(hills, x, y)
    normal = jnp.stack([-p, -q, jnp.ones_like(p)])
    cosine = normal @ light / (jnp.linalg.norm(normal) * jnp.linalg.norm(light))
    return jnp.maximum(cosine, 0)


def relief(
    hills: Float32[Array, "n 4"],
    xs: Float32[Array, "columns"],
    ys: Float32[Array, "rows"],
    light: Float32[Array, "3"],
) -> Float32[Array, "rows columns"]:
    hills, xs, ys, light = map(jnp.asarray, (hills, xs, ys, light))
    along_row = jax.vmap(_brightness, in_axes=(None, None, 0, None))
    return jax.vmap(along_row, in_axes=(None, None, None, 0))(hills, light, xs, ys)

# %% right: physicist, slopes by hand, broadcast
def relief(
    hills: Float32[Array, "n 4"],
    xs: Float32[Array, "columns"],
    ys: Float32[Array, "rows"],
    light: Float32[Array, "3"],
) -> Float32[Array, "rows columns"]:
    mx, my, radius, top = jnp.asarray(hills).T
    dx = jnp.asarray(xs)[None, :, None] - mx
    dy = jnp.asarray(ys)[:, None, None] - my
    bell = -2 * top / radius**2 * jnp.exp(-(dx**2 + dy**2) / radius**2)
    p = jnp.sum(bell * dx, axis=-1)
    q = jnp.sum(bell * dy, axis=-1)
    lx, ly, lz = jnp.asarray(light)
    along = lz - p * lx - q * ly
    lengths = jnp.sqrt(1 + p**2 + q**2) * jnp.sqrt(lx**2 + ly**2 + lz**2)
    return jnp.where(along > 0, along / lengths, 0)

# %% right: the normal is the gradient of z - height, by jnp.vectorize
def relief(
    hills: Float32[Array, "n 4"],
    xs: Float32[Array, "columns"],
    ys: Float32[Array, "rows"],
    light: Float32[Array, "3"],
) -> Float32[Array, "rows columns"]:
    hills, light = jnp.asarray(hills), jnp.asarray(light)

    def above_ground(place):
        return place[2] - height(hills, place[0], place[1])

    @partial(jnp.vectorize, signature="(),()->()")
    def shade(x, y):
        normal = jax.grad(above_ground)(jnp.array([x, y, 0.0]))
        cosine = jnp.vdot(normal, light) * lax.rsqrt(jnp.vdot(normal, normal))
        return jax.nn.relu(cosine / jnp.sqrt(jnp.vdot(light, light)))

    return shade(jnp.asarray(xs)[None, :], jnp.asarray(ys)[:, None])

# %% right: forward mode on the whole grid, in step
def relief(
    hills: Float32[Array, "n 4"],
    xs: Float32[Array, "columns"],
    ys: Float32[Array, "rows"],
    light: Float32[Array, "3"],
) -> Float32[Array, "rows columns"]:
    x, y = jnp.meshgrid(jnp.asarray(xs), jnp.asarray(ys))
    ground = jax.vmap(jax.vmap(partial(height, jnp.asarray(hills))))
    one, nil = jnp.ones_like(x), jnp.zeros_like(x)
    p = jax.jvp(ground, (x, y), (one, nil))[1]
    q = jax.jvp(ground, (x, y), (nil, one))[1]
    normals = jnp.stack([-p, -q, one], axis=-1)
    normals = normals / jnp.linalg.norm(normals, axis=-1, keepdims=True)
    light = jnp.asarray(light)
    sun = light / jnp.linalg.norm(light)
    return jnp.clip(jnp.sum(normals * sun, axis=-1), 0, None)

# %% wrong: adds up the normals of the single hills | with n hills the third component is n and not 1
def relief(
    hills: Float32[Array, "n 4"],
    xs: Float32[Array, "columns"],
    ys: Float32[Array, "rows"],
    light: Float32[Array, "3"],
) -> Float32[Array, "rows columns"]:
    def brightness(y, x):
        def normal_of(hill):
            p, q = jax.grad(height, argnums=(1, 2))(hill[None], x, y)
            return jnp.stack([-p, -q, jnp.ones_like(p)])

        normal = jnp.sum(jax.vmap(normal_of)(jnp.asarray(hills)), axis=0)
        cosine = normal @ light / (jnp.linalg.norm(normal) * jnp.linalg.norm(light))
        return jnp.maximum(cosine, 0)

    return jax.vmap(jax.vmap(brightness, (None, 0)), (0, None))(jnp.asarray(ys), jnp.asarray(xs))

# %% wrong: derivative by hand with the radius not squared | hills of another radius than 1
def relief(
    hills: Float32[Array, "n 4"],
    xs: Float32[Array, "columns"],
    ys: Float32[Array, "rows"],
    light: Float32[Array, "3"],
) -> Float32[Array, "rows columns"]:
    mx, my, radius, top = jnp.asarray(hills).T
    dx = jnp.asarray(xs)[None, :, None] - mx
    dy = jnp.asarray(ys)[:, None, None] - my
    bell = top * jnp.exp(-(dx**2 + dy**2) / radius**2)
    p = jnp.sum(-2 * dx / radius * bell, axis=-1)
    q = jnp.sum(-2 * dy / radius * bell, axis=-1)
    lx, ly, lz = jnp.asarray(light)
    cosine = (lz - p * lx - q * ly) / jnp.sqrt(1 + p**2 + q**2) / jnp.linalg.norm(light)
    return jnp.maximum(cosine, 0)

# %% wrong: derivative by hand with x for x - middle_x | hills whose middle is not at 0
def relief(
    hills: Float32[Array, "n 4"],
    xs: Float32[Array, "columns"],
    ys: Float32[Array, "rows"],
    light: Float32[Array, "3"],
) -> Float32[Array, "rows columns"]:
    mx, my, radius, top = jnp.asarray(hills).T
    x = jnp.asarray(xs)[None, :, None]
    y = jnp.asarray(ys)[:, None, None]
    bell = top * jnp.exp(-((x - mx) ** 2 + (y - my) ** 2) / radius**2)
    p = jnp.sum(bell * (-2 * x) / radius**2, axis=-1)
    q = jnp.sum(bell * (-2 * y) / radius**2, axis=-1)
    lx, ly, lz = jnp.asarray(light)
    cosine = (lz - p * lx - q * ly) / jnp.sqrt(1 + p**2 + q**2) / jnp.linalg.norm(light)
    return jnp.maximum(cosine, 0)

# %% wrong: scales the light so that its third component is 1 | light from the horizon (0: NaN) or from below (sign turned)
def relief(
    hills: Float32[Array, "n 4"],
    xs: Float32[Array, "columns"],
    ys: Float32[Array, "rows"],
    light: Float32[Array, "3"],
) -> Float32[Array, "rows columns"]:
    hills, light = jnp.asarray(hills), jnp.asarray(light)
    a, b = light[0] / light[2], light[1] / light[2]

    def brightness(x, y):
        p, q = jax.grad(height, argnums=(1, 2))(hills, x, y)
        return jnp.maximum(0, (1 - a * p - b * q) / jnp.sqrt((1 + p * p + q * q) * (1 + a * a + b * b)))

    rows = jax.vmap(brightness, in_axes=(0, None))
    return jax.vmap(rows, in_axes=(None, 0))(jnp.asarray(xs), jnp.asarray(ys))

# %% wrong: divides by a length of at least 1, for safety | light shorter than 1 is darker, though its length should not matter
def relief(
    hills: Float32[Array, "n 4"],
    xs: Float32[Array, "columns"],
    ys: Float32[Array, "rows"],
    light: Float32[Array, "3"],
) -> Float32[Array, "rows columns"]:
    hills, light = jnp.asarray(hills), jnp.asarray(light)
    light = light / jnp.maximum(jnp.linalg.norm(light), 1.0)

    def brightness(x, y):
        p, q = jax.grad(height, argnums=(1, 2))(hills, x, y)
        normal = jnp.stack([-p, -q, jnp.float32(1)])
        normal = normal / jnp.maximum(jnp.linalg.norm(normal), 1.0)
        return jnp.maximum(0, normal @ light)

    return jax.vmap(lambda y: jax.vmap(lambda x: brightness(x, y))(jnp.asarray(xs)))(jnp.asarray(ys))

# %% right: light /= its length, which makes a new array of a JAX number
def relief(
    hills: Float32[Array, "n 4"],
    xs: Float32[Array, "columns"],
    ys: Float32[Array, "rows"],
    light: Float32[Array, "3"],
) -> Float32[Array, "rows columns"]:
    light /= jnp.sqrt(jnp.sum(jnp.square(light)))

    def brightness(x, y):
        p, q = jax.grad(height, argnums=(1, 2))(jnp.asarray(hills), x, y)
        return jnp.maximum(0, (light[2] - p * light[0] - q * light[1]) / jnp.sqrt(1 + p**2 + q**2))

    return jax.vmap(lambda y: jax.vmap(lambda x: brightness(x, y))(jnp.asarray(xs)))(jnp.asarray(ys))

# %% wrong: leaves out hills farther than three radii | the derivatives are not exact there (errors of 1e-3)
def relief(
    hills: Float32[Array, "n 4"],
    xs: Float32[Array, "columns"],
    ys: Float32[Array, "rows"],
    light: Float32[Array, "3"],
) -> Float32[Array, "rows columns"]:
    hills, light = jnp.asarray(hills), jnp.asarray(light)

    def near_height(x, y):
        mx, my, radius, top = hills.T
        scaled2 = ((x - mx) ** 2 + (y - my) ** 2) / radius**2
        return jnp.sum(jnp.where(scaled2 < 9, top * jnp.exp(-scaled2), 0))

    def brightness(x, y):
        p, q = jax.grad(near_height, argnums=(0, 1))(x, y)
        normal = jnp.stack([-p, -q, jnp.ones_like(p)])
        return jnp.maximum(0, normal @ light / jnp.linalg.norm(normal) / jnp.linalg.norm(light))

    return jax.vmap(lambda y: jax.vmap(lambda x: brightness(x, y))(jnp.asarray(xs)))(jnp.asarray(ys))

# %% wrong: logsumexp for stability | NaN where a hill has a negative height, a pit
def relief(
    hills: Float32[Array, "n 4"],
    xs: Float32[Array, "columns"],
    ys: Float32[Array, "rows"],
    light: Float32[Array, "3"],
) -> Float32[Array, "rows columns"]:
    hills, light = jnp.asarray(hills), jnp.asarray(light)

    def stable_height(x, y):
        mx, my, radius, top = hills.T
        return jnp.exp(jax.nn.logsumexp(jnp.log(top) - ((x - mx) ** 2 + (y - my) ** 2) / radius**2))

    def brightness(x, y):
        p, q = jax.grad(stable_height, argnums=(0, 1))(x, y)
        normal = jnp.stack([-p, -q, jnp.ones_like(p)])
        return jnp.maximum(0, normal @ light / jnp.linalg.norm(normal) / jnp.linalg.norm(light))

    return jax.vmap(lambda y: jax.vmap(lambda x: brightness(x, y))(jnp.asarray(xs)))(jnp.asarray(ys))
