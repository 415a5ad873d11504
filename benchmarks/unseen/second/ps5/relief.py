# %% right: brightness of one place, two vmaps
def relief(hills, xs, ys, light):
    def brightness(x, y):
        p, q = jax.grad(height, argnums=(1, 2))(hills, x, y)
        upright = jnp.stack([-p, -q, jnp.ones_like(p)])
        cosine = upright @ light / jnp.linalg.norm(upright) / jnp.linalg.norm(light)
        return jnp.maximum(cosine, 0)

    rows = jax.vmap(jax.vmap(brightness, in_axes=(0, None)), in_axes=(None, 0))
    return rows(jnp.asarray(xs), jnp.asarray(ys))

# %% right: formula and broadcasting
def relief(hills, xs, ys, light):
    hills, xs, ys, light = map(jnp.asarray, (hills, xs, ys, light))
    mx, my, r, top = (hills[:, k] for k in range(4))
    dx = xs[None, :, None] - mx
    dy = ys[:, None, None] - my
    bump = top * jnp.exp(-(dx**2 + dy**2) / r**2) * (-2 / r**2)
    p, q = jnp.sum(bump * dx, axis=-1), jnp.sum(bump * dy, axis=-1)
    unit = light / jnp.sqrt(jnp.sum(light**2))
    return jnp.clip((unit[2] - p * unit[0] - q * unit[1]) / jnp.sqrt(1 + p**2 + q**2), 0, None)

# %% right: meshgrid, one vmap over all places, reshape
def relief(hills, xs, ys, light):
    x, y = jnp.meshgrid(jnp.asarray(xs), jnp.asarray(ys))
    slopes = jax.vmap(jax.grad(height, argnums=(1, 2)), in_axes=(None, 0, 0))
    p, q = slopes(jnp.asarray(hills), x.ravel(), y.ravel())
    normals = jnp.column_stack([-p, -q, jnp.ones(p.shape, p.dtype)])
    normals = normals / jnp.linalg.norm(normals, axis=1, keepdims=True)
    lit = normals @ (jnp.asarray(light) / jnp.linalg.norm(light))
    return jax.nn.relu(lit).reshape(x.shape)

# %% right: jvp in two directions, jnp.vectorize
def relief(hills, xs, ys, light):
    hills = jnp.asarray(hills)
    one, zero = jnp.float32(1), jnp.float32(0)
    a, b, c = jnp.asarray(light) / jnp.sqrt(jnp.vdot(light, light))

    @jnp.vectorize
    def place(x, y):
        here = partial(height, hills)
        p = jax.jvp(here, (x, y), (one, zero))[1]
        q = jax.jvp(here, (x, y), (zero, one))[1]
        return (c - a * p - b * q) * lax.rsqrt(p * p + q * q + 1)

    return jnp.maximum(place(jnp.asarray(xs)[None, :], jnp.asarray(ys)[:, None]), 0.0)

# %% right: a class of landscapes, gradient with respect to a place vector, compiled
class Landscape:
    def __init__(self, hills):
        self.hills = hills

    def upright(self, place):
        slope = jax.grad(lambda place: height(self.hills, place[0], place[1]))(place)
        normal = jnp.append(-slope, 1.0)
        return normal / jnp.sqrt(normal @ normal)


@jax.jit
def relief(hills, xs, ys, light):
    land, sun = Landscape(hills), light / jnp.linalg.norm(light)

    def row(y):
        return jax.vmap(lambda x: land.upright(jnp.stack([x, y])) @ sun)(xs)

    cosines = jax.vmap(row)(ys)
    return jnp.where(cosines > 0, cosines, 0)

# %% wrong: first hill only | all other hills are missing
def relief(hills, xs, ys, light):
    def brightness(x, y):
        p, q = jax.grad(height, argnums=(1, 2))(jnp.asarray(hills)[:1], x, y)
        n = jnp.stack([-p, -q, jnp.ones_like(p)])
        return jnp.maximum(n @ light / jnp.linalg.norm(n) / jnp.linalg.norm(light), 0)

    return jax.vmap(lambda y: jax.vmap(lambda x: brightness(x, y))(jnp.asarray(xs)))(
        jnp.asarray(ys)
    )

# %% wrong: highest hill wins | heights of several hills are not added up
def relief(hills, xs, ys, light):
    def top_height(x, y):
        one = jax.vmap(lambda hill: height(hill[None], x, y))
        return jnp.max(one(jnp.asarray(hills)))

    def brightness(x, y):
        p, q = jax.grad(top_height, argnums=(0, 1))(x, y)
        n = jnp.stack([-p, -q, jnp.ones_like(p)])
        return jnp.maximum(n @ light / jnp.linalg.norm(n) / jnp.linalg.norm(light), 0)

    return jax.vmap(jax.vmap(brightness, (0, None)), (None, 0))(jnp.asarray(xs), jnp.asarray(ys))

# %% wrong: slope by hand with 2 / radius | wrong for radii other than 1
def relief(hills, xs, ys, light):
    mx, my, r, top = jnp.asarray(hills).T
    dx, dy = jnp.asarray(xs)[None, :, None] - mx, jnp.asarray(ys)[:, None, None] - my
    bump = -2 / r * top * jnp.exp(-(dx**2 + dy**2) / r**2)
    p, q = (bump * dx).sum(-1), (bump * dy).sum(-1)
    a, b, c = jnp.asarray(light) / jnp.linalg.norm(light)
    return jnp.maximum((c - a * p - b * q) / jnp.sqrt(1 + p**2 + q**2), 0)

# %% wrong: light scaled to height 1 first | wrong sign for light from below, NaN for light from the side
def relief(hills, xs, ys, light):
    light = jnp.asarray(light) / light[2]
    light = light / jnp.linalg.norm(light)

    def brightness(x, y):
        p, q = jax.grad(height, argnums=(1, 2))(hills, x, y)
        n = jnp.stack([-p, -q, jnp.ones_like(p)])
        return jnp.maximum(n @ light / jnp.linalg.norm(n), 0)

    return jax.vmap(jax.vmap(brightness, (0, None)), (None, 0))(jnp.asarray(xs), jnp.asarray(ys))

# %% wrong: xs made anew by linspace | wrong where the columns are not evenly spaced
def relief(hills, xs, ys, light):
    def brightness(x, y):
        p, q = jax.grad(height, argnums=(1, 2))(hills, x, y)
        n = jnp.stack([-p, -q, jnp.ones_like(p)])
        return jnp.maximum(n @ light / jnp.linalg.norm(n) / jnp.linalg.norm(light), 0)

    columns = jnp.linspace(xs[0], xs[-1], len(xs))
    return jax.vmap(jax.vmap(brightness, (0, None)), (None, 0))(columns, jnp.asarray(ys))

# %% wrong: slope by hand without the middles | hills elsewhere than at 0 slope the wrong way
def relief(hills, xs, ys, light):
    mx, my, r, top = jnp.asarray(hills).T
    x, y = jnp.asarray(xs)[None, :, None], jnp.asarray(ys)[:, None, None]
    bump = -2 / r**2 * top * jnp.exp(-((x - mx) ** 2 + (y - my) ** 2) / r**2)
    p, q = (bump * x).sum(-1), (bump * y).sum(-1)
    a, b, c = jnp.asarray(light) / jnp.linalg.norm(light)
    return jnp.maximum((c - a * p - b * q) / jnp.sqrt(1 + p**2 + q**2), 0)

# %% wrong: heights by their size | pits come out as hills
def relief(hills, xs, ys, light):
    hills = jnp.asarray(hills).at[:, 3].set(jnp.abs(hills[:, 3]))

    def brightness(x, y):
        p, q = jax.grad(height, argnums=(1, 2))(hills, x, y)
        n = jnp.stack([-p, -q, jnp.ones_like(p)])
        return jnp.maximum(n @ light / jnp.linalg.norm(n) / jnp.linalg.norm(light), 0)

    return jax.vmap(jax.vmap(brightness, (0, None)), (None, 0))(jnp.asarray(xs), jnp.asarray(ys))

# %% wrong: light divided in place | the caller's NumPy light is changed
def relief(hills, xs, ys, light):
    if isinstance(light, np.ndarray):
        light /= np.linalg.norm(light)
    else:
        light = light / jnp.linalg.norm(light)

    def brightness(x, y):
        p, q = jax.grad(height, argnums=(1, 2))(hills, x, y)
        n = jnp.stack([-p, -q, jnp.ones_like(p)])
        return jnp.maximum(n @ light / jnp.linalg.norm(n), 0)

    return jax.vmap(jax.vmap(brightness, (0, None)), (None, 0))(jnp.asarray(xs), jnp.asarray(ys))

# %% wrong: all in NumPy | fails under jit
def relief(hills, xs, ys, light):
    hills, xs, ys, light = map(np.asarray, (hills, xs, ys, light))
    mx, my, r, top = hills.T
    dx, dy = xs[None, :, None] - mx, ys[:, None, None] - my
    bump = -2 / r**2 * top * np.exp(-(dx**2 + dy**2) / r**2)
    p, q = (bump * dx).sum(-1), (bump * dy).sum(-1)
    a, b, c = light / np.linalg.norm(light)
    return jnp.asarray(np.maximum((c - a * p - b * q) / np.sqrt(1 + p**2 + q**2), 0), jnp.float32)

# %% wrong: hills end at a distance of 3 | wide hills are cut off
def relief(hills, xs, ys, light):
    def near_height(x, y):
        mx, my, r, top = jnp.asarray(hills).T
        d2 = (x - mx) ** 2 + (y - my) ** 2
        return jnp.sum(jnp.where(d2 < 9, top * jnp.exp(-d2 / r**2), 0))

    def brightness(x, y):
        p, q = jax.grad(near_height, argnums=(0, 1))(x, y)
        n = jnp.stack([-p, -q, jnp.ones_like(p)])
        return jnp.maximum(n @ light / jnp.linalg.norm(n) / jnp.linalg.norm(light), 0)

    return jax.vmap(jax.vmap(brightness, (0, None)), (None, 0))(jnp.asarray(xs), jnp.asarray(ys))

# %% wrong: light shortened to length 1 but not lengthened | too dark for light shorter than 1
def relief(hills, xs, ys, light):
    light = light / jnp.maximum(jnp.linalg.norm(light), 1)

    def brightness(x, y):
        p, q = jax.grad(height, argnums=(1, 2))(hills, x, y)
        n = jnp.stack([-p, -q, jnp.ones_like(p)])
        return jnp.maximum(n @ light / jnp.linalg.norm(n), 0)

    return jax.vmap(jax.vmap(brightness, (0, None)), (None, 0))(jnp.asarray(xs), jnp.asarray(ys))

# %% wrong: steep ground flattened | slopes above 2 are cut
def relief(hills, xs, ys, light):
    def brightness(x, y):
        p, q = jax.grad(height, argnums=(1, 2))(hills, x, y)
        p, q = jnp.clip(p, -2, 2), jnp.clip(q, -2, 2)
        n = jnp.stack([-p, -q, jnp.ones_like(p)])
        return jnp.maximum(n @ light / jnp.linalg.norm(n) / jnp.linalg.norm(light), 0)

    return jax.vmap(jax.vmap(brightness, (0, None)), (None, 0))(jnp.asarray(xs), jnp.asarray(ys))
