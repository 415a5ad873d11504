# %% right: jacfwd on a place, and a picture of normals
def relief(hills, xs, ys, light):
    to_light = light / jnp.sqrt(jnp.sum(jnp.asarray(light) ** 2))
    slope = jax.jacfwd(lambda place: height(hills, place[0], place[1]))
    places = jnp.stack(jnp.meshgrid(jnp.asarray(xs), jnp.asarray(ys)), axis=-1)
    slopes = jax.vmap(jax.vmap(slope))(places)
    normals = jnp.concatenate([-slopes, jnp.ones((*places.shape[:2], 1))], axis=-1)
    normals /= jnp.linalg.norm(normals, axis=-1, keepdims=True)
    return jnp.clip(normals @ to_light, 0, None)


# %% right: the derivative by hand
@jax.jit
def relief(hills, xs, ys, light):
    x, y = xs[None, :, None], ys[:, None, None]
    middle_x, middle_y, radius, top = jnp.asarray(hills).T
    u, v = (x - middle_x) / radius, (y - middle_y) / radius
    common = -2 * top / radius * jnp.exp(-(u**2) - v**2)
    p, q = jnp.sum(common * u, axis=-1), jnp.sum(common * v, axis=-1)
    cosine = (light[2] - p * light[0] - q * light[1]) / jnp.sqrt(1 + p**2 + q**2)
    return jax.nn.relu(cosine / jnp.linalg.norm(light))


# %% right: grad of the sum over all places, each of which moves its own height alone
def relief(hills, xs, ys, light):
    x, y = jnp.meshgrid(jnp.asarray(xs), jnp.asarray(ys))
    heights = jax.vmap(jax.vmap(height, (None, 0, 0)), (None, 0, 0))
    p, q = jax.grad(lambda x, y: jnp.sum(heights(hills, x, y)), argnums=(0, 1))(x, y)
    a, b, c = jnp.asarray(light)
    cosine = (c - a * p - b * q) * jax.lax.rsqrt((1 + p * p + q * q) * (a * a + b * b + c * c))
    return jnp.where(cosine > 0, cosine, 0.0)


# %% right: a row at a time
def relief(hills, xs, ys, light):
    to_light = jnp.asarray(light) / jnp.linalg.norm(jnp.asarray(light))

    def place(x, y):
        p, q = jax.grad(lambda xy: height(hills, *xy))((x, y))
        return jnp.maximum((to_light[2] - p * to_light[0] - q * to_light[1]) / jnp.hypot(jnp.hypot(p, q), 1), 0)

    return lax.map(lambda y: jax.vmap(place, in_axes=(0, None))(jnp.asarray(xs), y), jnp.asarray(ys))


# %% wrong: rows and columns exchanged -> is_bright_where_the_ground_faces_the_light
def relief(hills, xs, ys, light):
    def brightness(x, y):
        p, q = jax.grad(height, argnums=(1, 2))(hills, x, y)
        upright = jnp.array([-p, -q, 1.0])
        lengths = jnp.linalg.norm(upright) * jnp.linalg.norm(light)
        return jnp.maximum(upright @ light / lengths, 0)

    return jax.vmap(jax.vmap(brightness, (None, 0)), (0, None))(jnp.asarray(xs), jnp.asarray(ys))


# %% wrong: the ground leans the other way -> is_bright_where_the_ground_faces_the_light
def relief(hills, xs, ys, light):
    def brightness(x, y):
        p, q = jax.grad(height, argnums=(1, 2))(hills, x, y)
        upright = jnp.array([p, q, 1.0])
        lengths = jnp.linalg.norm(upright) * jnp.linalg.norm(light)
        return jnp.maximum(upright @ light / lengths, 0)

    return jax.vmap(jax.vmap(brightness, (0, None)), (None, 0))(jnp.asarray(xs), jnp.asarray(ys))


# %% wrong: one sign -> is_bright_where_the_ground_faces_the_light
def relief(hills, xs, ys, light):
    def brightness(x, y):
        p, q = jax.grad(height, argnums=(1, 2))(hills, x, y)
        upright = jnp.array([-p, q, 1.0])
        lengths = jnp.linalg.norm(upright) * jnp.linalg.norm(light)
        return jnp.maximum(upright @ light / lengths, 0)

    return jax.vmap(jax.vmap(brightness, (0, None)), (None, 0))(jnp.asarray(xs), jnp.asarray(ys))


# %% wrong: p and q exchanged -> is_bright_where_the_ground_faces_the_light
def relief(hills, xs, ys, light):
    def brightness(x, y):
        q, p = jax.grad(height, argnums=(1, 2))(hills, x, y)
        upright = jnp.array([-p, -q, 1.0])
        lengths = jnp.linalg.norm(upright) * jnp.linalg.norm(light)
        return jnp.maximum(upright @ light / lengths, 0)

    return jax.vmap(jax.vmap(brightness, (0, None)), (None, 0))(jnp.asarray(xs), jnp.asarray(ys))


# %% wrong: the light's length counts -> is_bright_where_the_ground_faces_the_light
def relief(hills, xs, ys, light):
    def brightness(x, y):
        p, q = jax.grad(height, argnums=(1, 2))(hills, x, y)
        upright = jnp.array([-p, -q, 1.0])
        lengths = jnp.linalg.norm(upright)
        return jnp.maximum(upright @ light / lengths, 0)

    return jax.vmap(jax.vmap(brightness, (0, None)), (None, 0))(jnp.asarray(xs), jnp.asarray(ys))


# %% wrong: the upright vector's length counts -> is_bright_where_the_ground_faces_the_light
def relief(hills, xs, ys, light):
    def brightness(x, y):
        p, q = jax.grad(height, argnums=(1, 2))(hills, x, y)
        upright = jnp.array([-p, -q, 1.0])
        lengths = jnp.linalg.norm(light)
        return jnp.maximum(upright @ light / lengths, 0)

    return jax.vmap(jax.vmap(brightness, (0, None)), (None, 0))(jnp.asarray(xs), jnp.asarray(ys))


# %% wrong: negative light -> is_bright_where_the_ground_faces_the_light
def relief(hills, xs, ys, light):
    def brightness(x, y):
        p, q = jax.grad(height, argnums=(1, 2))(hills, x, y)
        upright = jnp.array([-p, -q, 1.0])
        lengths = jnp.linalg.norm(upright) * jnp.linalg.norm(light)
        return upright @ light / lengths

    return jax.vmap(jax.vmap(brightness, (0, None)), (None, 0))(jnp.asarray(xs), jnp.asarray(ys))


# %% wrong: lit from both sides -> is_bright_where_the_ground_faces_the_light
def relief(hills, xs, ys, light):
    def brightness(x, y):
        p, q = jax.grad(height, argnums=(1, 2))(hills, x, y)
        upright = jnp.array([-p, -q, 1.0])
        lengths = jnp.linalg.norm(upright) * jnp.linalg.norm(light)
        return jnp.abs(upright @ light / lengths)

    return jax.vmap(jax.vmap(brightness, (0, None)), (None, 0))(jnp.asarray(xs), jnp.asarray(ys))


# %% wrong: never brighter than half, as if 0 were 0.5 -> is_bright_where_the_ground_faces_the_light
def relief(hills, xs, ys, light):
    def brightness(x, y):
        p, q = jax.grad(height, argnums=(1, 2))(hills, x, y)
        upright = jnp.array([-p, -q, 1.0])
        lengths = jnp.linalg.norm(upright) * jnp.linalg.norm(light)
        return (1 + upright @ light / lengths) / 2

    return jax.vmap(jax.vmap(brightness, (0, None)), (None, 0))(jnp.asarray(xs), jnp.asarray(ys))


# %% wrong: rows from the last to the first -> is_bright_where_the_ground_faces_the_light
def relief(hills, xs, ys, light):
    def brightness(x, y):
        p, q = jax.grad(height, argnums=(1, 2))(hills, x, y)
        upright = jnp.array([-p, -q, 1.0])
        lengths = jnp.linalg.norm(upright) * jnp.linalg.norm(light)
        return jnp.maximum(upright @ light / lengths, 0)

    return jax.vmap(jax.vmap(brightness, (0, None)), (None, 0))(jnp.asarray(xs), jnp.asarray(ys)[::-1])


# %% wrong: central differences -> is_bright_where_the_ground_faces_the_light
def relief(hills, xs, ys, light):
    def brightness(x, y):
        p = (height(hills, x + 1e-3, y) - height(hills, x - 1e-3, y)) / 2e-3
        q = (height(hills, x, y + 1e-3) - height(hills, x, y - 1e-3)) / 2e-3
        upright = jnp.array([-p, -q, 1.0])
        lengths = jnp.linalg.norm(upright) * jnp.linalg.norm(light)
        return jnp.maximum(upright @ light / lengths, 0)

    return jax.vmap(jax.vmap(brightness, (0, None)), (None, 0))(jnp.asarray(xs), jnp.asarray(ys))


# %% wrong: coarse differences -> is_bright_where_the_ground_faces_the_light
def relief(hills, xs, ys, light):
    def brightness(x, y):
        p = (height(hills, x + 0.05, y) - height(hills, x - 0.05, y)) / 0.1
        q = (height(hills, x, y + 0.05) - height(hills, x, y - 0.05)) / 0.1
        upright = jnp.array([-p, -q, 1.0])
        lengths = jnp.linalg.norm(upright) * jnp.linalg.norm(light)
        return jnp.maximum(upright @ light / lengths, 0)

    return jax.vmap(jax.vmap(brightness, (0, None)), (None, 0))(jnp.asarray(xs), jnp.asarray(ys))


# %% wrong: only the first hill -> is_bright_where_the_ground_faces_the_light
def relief(hills, xs, ys, light):
    def brightness(x, y):
        p, q = jax.grad(height, argnums=(1, 2))(hills[:1], x, y)
        upright = jnp.array([-p, -q, 1.0])
        lengths = jnp.linalg.norm(upright) * jnp.linalg.norm(light)
        return jnp.maximum(upright @ light / lengths, 0)

    return jax.vmap(jax.vmap(brightness, (0, None)), (None, 0))(jnp.asarray(xs), jnp.asarray(ys))


# %% wrong: x and y in step -> is_bright_where_the_ground_faces_the_light
def relief(hills, xs, ys, light):
    def brightness(x, y):
        p, q = jax.grad(height, argnums=(1, 2))(hills, x, y)
        upright = jnp.array([-p, -q, 1.0])
        return jnp.maximum(upright @ light / jnp.linalg.norm(upright) / jnp.linalg.norm(light), 0)

    n = min(len(xs), len(ys))
    return jnp.diag(jax.vmap(brightness)(jnp.asarray(xs)[:n], jnp.asarray(ys)[:n]))


# %% wrong: differences along the sampled picture -> is_bright_where_the_ground_faces_the_light
def relief(hills, xs, ys, light):
    heights = jax.vmap(jax.vmap(height, (None, 0, None)), (None, None, 0))(hills, jnp.asarray(xs), jnp.asarray(ys))
    p, q = (jnp.gradient(heights, axis=axis) if heights.shape[axis] > 1 else 0 * heights for axis in (1, 0))
    cosine = (light[2] - p * light[0] - q * light[1]) / jnp.sqrt(1 + p**2 + q**2)
    return jnp.maximum(cosine / jnp.linalg.norm(light), 0)


# %% wrong: makes the light a unit vector in place -> is_pure
def relief(hills, xs, ys, light):
    if isinstance(light, np.ndarray):
        light /= np.linalg.norm(light)

    def brightness(x, y):
        p, q = jax.grad(height, argnums=(1, 2))(hills, x, y)
        upright = jnp.array([-p, -q, 1.0])
        lengths = jnp.linalg.norm(upright) * jnp.linalg.norm(light)
        return jnp.maximum(upright @ light / lengths, 0)

    return jax.vmap(jax.vmap(brightness, (0, None)), (None, 0))(jnp.asarray(xs), jnp.asarray(ys))


# %% wrong: counts its pictures -> is_pure
RENDERED = []


def relief(hills, xs, ys, light):
    RENDERED.append(1)

    def brightness(x, y):
        p, q = jax.grad(height, argnums=(1, 2))(hills, x, y)
        upright = jnp.array([-p, -q, 1.0])
        lengths = jnp.linalg.norm(upright) * jnp.linalg.norm(light)
        return jnp.maximum(upright @ light / lengths, 0)

    return jax.vmap(jax.vmap(brightness, (0, None)), (None, 0))(jnp.asarray(xs), jnp.asarray(ys))


# %% wrong: the last of many rows are left dark -> is_bright_where_the_ground_faces_the_light
def relief(hills, xs, ys, light):
    def brightness(x, y):
        p, q = jax.grad(height, argnums=(1, 2))(hills, x, y)
        upright = jnp.array([-p, -q, 1.0])
        lengths = jnp.linalg.norm(upright) * jnp.linalg.norm(light)
        return jnp.maximum(upright @ light / lengths, 0)

    picture = jnp.zeros((len(ys), len(xs)))
    rows = jax.vmap(jax.vmap(brightness, (0, None)), (None, 0))(jnp.asarray(xs), ys[:1000])
    return picture.at[: len(rows)].set(rows)


# %% wrong: the origin counts as no place -> is_bright_where_the_ground_faces_the_light
def relief(hills, xs, ys, light):
    def brightness(x, y):
        p, q = jax.grad(height, argnums=(1, 2))(hills, x, y)
        upright = jnp.array([-p, -q, 1.0])
        lengths = jnp.linalg.norm(upright) * jnp.linalg.norm(light)
        return jnp.where((x == 0) & (y == 0), 0, jnp.maximum(upright @ light / lengths, 0))

    return jax.vmap(jax.vmap(brightness, (0, None)), (None, 0))(jnp.asarray(xs), jnp.asarray(ys))


# %% wrong: slopes above 2 are cut -> is_bright_where_the_ground_faces_the_light
def relief(hills, xs, ys, light):
    def brightness(x, y):
        p, q = jax.grad(height, argnums=(1, 2))(hills, x, y)
        upright = jnp.array([-jnp.clip(p, -2, 2), -jnp.clip(q, -2, 2), 1.0])
        lengths = jnp.linalg.norm(upright) * jnp.linalg.norm(light)
        return jnp.maximum(upright @ light / lengths, 0)

    return jax.vmap(jax.vmap(brightness, (0, None)), (None, 0))(jnp.asarray(xs), jnp.asarray(ys))
