# %% right: mended as the hints say, a key each and a split inside
def augment_one(key, image):
    mirror_key, noise_key = random.split(key)
    mirrored = random.bernoulli(mirror_key)
    image = jnp.where(mirrored, image[:, ::-1], image)
    return image + 0.2 * random.normal(noise_key, image.shape)


def augment(
    key: PRNGKeyArray, images: Float32[Array, "n rows cols"]
) -> Float32[Array, "n rows cols"]:
    """Return each picture mirrored with probability 1/2, with noise of deviation 0.2."""
    return jax.vmap(augment_one)(random.split(key, len(images)), images)

# %% right: NumPy veteran, all pictures at once with two keys
def augment(key, images):
    """Return each picture mirrored with probability 1/2, with noise of deviation 0.2."""
    coin_key, noise_key = random.split(key)
    coins = random.bernoulli(coin_key, 0.5, (images.shape[0], 1, 1))
    turned = jnp.where(coins, jnp.flip(images, axis=2), images)
    return turned + 0.2 * random.normal(noise_key, images.shape, images.dtype)

# %% right: functional, lax.map with lax.cond, a row of two keys for each picture
def augment(key, images):
    """Return each picture mirrored with probability 1/2, with noise of deviation 0.2."""

    def one(args):
        keys, image = args
        image = lax.cond(random.bernoulli(keys[0]), jnp.fliplr, lambda same: same, image)
        return image + 0.2 * random.normal(keys[1], image.shape)

    keys = jax.vmap(random.split)(random.split(key, images.shape[0]))
    return lax.map(one, (keys, images))

# %% right: physicist, column numbers run forwards or backwards
def augment(key, images):
    """Return each picture mirrored with probability 1/2, with noise of deviation 0.2."""
    n, rows, cols = images.shape
    key_side, key_noise = random.split(key)
    backwards = random.randint(key_side, (n, 1, 1), 0, 2) == 1
    forward = jnp.arange(cols)
    column = jnp.where(backwards, cols - 1 - forward, forward)  # (n, 1, cols)
    column = jnp.broadcast_to(column, (n, rows, cols))
    noise = random.normal(key_noise, (n, rows, cols))
    return jnp.take_along_axis(images, column, axis=2) + noise * 0.2

# %% wrong: only the shared key of the pictures mended | mirror and noise of a picture still use one key, so they depend on each other
def augment_one(key, image):
    mirrored = random.bernoulli(key)
    image = jnp.where(mirrored, image[:, ::-1], image)
    return image + 0.2 * random.normal(key, image.shape)


def augment(key, images):
    keys = random.split(key, len(images))
    return jax.vmap(augment_one)(keys, images)

# %% wrong: turns by 180 degrees instead of mirroring | rows are reversed too
def augment_one(key, image):
    mirror_key, noise_key = random.split(key)
    image = jnp.where(random.bernoulli(mirror_key), image[::-1, ::-1], image)
    return image + 0.2 * random.normal(noise_key, image.shape)


def augment(key, images):
    return jax.vmap(augment_one)(random.split(key, len(images)), images)

# %% wrong: 0.2 taken as the variance | noise has deviation 0.447
def augment(key, images):
    mirror_key, noise_key = random.split(key)
    mirrored = random.bernoulli(mirror_key, shape=(len(images),))
    images = jnp.where(mirrored[:, None, None], images[:, :, ::-1], images)
    return images + jnp.sqrt(0.2) * random.normal(noise_key, images.shape)

# %% wrong: noise drawn for one row of each picture | all rows of a picture share their noise, no draw for each pixel
def augment_one(key, image):
    mirror_key, noise_key = random.split(key)
    image = jnp.where(random.bernoulli(mirror_key), image[:, ::-1], image)
    return image + 0.2 * random.normal(noise_key, image.shape[-1:])


def augment(key, images):
    return jax.vmap(augment_one)(random.split(key, len(images)), images)

# %% wrong: exactly half of the pictures mirrored | mirrors depend on each other, a single picture is never mirrored
def augment(key, images):
    mirror_key, noise_key = random.split(key)
    n = len(images)
    mirrored = random.permutation(mirror_key, n) < n // 2
    images = jnp.where(mirrored[:, None, None], images[:, :, ::-1], images)
    return images + 0.2 * random.normal(noise_key, images.shape)

# %% wrong: noise multiplied in | noise grows with the pixel and black pixels get none, instead of 0.2 added everywhere
def augment_one(key, image):
    mirror_key, noise_key = random.split(key)
    image = jnp.where(random.bernoulli(mirror_key), image[:, ::-1], image)
    return image * (1 + 0.2 * random.normal(noise_key, image.shape))


def augment(key, images):
    return jax.vmap(augment_one)(random.split(key, len(images)), images)

# %% wrong: folds the key for the mirrors and splits it for the noise | these are the same keys here, so mirror and noise share their draws
def augment(key, images):
    n = len(images)
    mirror_keys = jax.vmap(lambda i: random.fold_in(key, i))(jnp.arange(n))
    noise_keys = random.split(key, n)
    mirrored = jax.vmap(random.bernoulli)(mirror_keys)
    noise = jax.vmap(lambda k: random.normal(k, images.shape[1:]))(noise_keys)
    return jnp.where(mirrored[:, None, None], images[:, :, ::-1], images) + 0.2 * noise

# %% wrong: coin made of a normal draw above 0.5 | mirrored with probability 0.31 instead of 1/2
def augment_one(key, image):
    mirror_key, noise_key = random.split(key)
    mirrored = random.normal(mirror_key) > 0.5
    image = jnp.where(mirrored, image[:, ::-1], image)
    return image + 0.2 * random.normal(noise_key, image.shape)


def augment(key, images):
    return jax.vmap(augment_one)(random.split(key, len(images)), images)
