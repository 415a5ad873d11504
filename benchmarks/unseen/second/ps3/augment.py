# %% right: mended, a key for each picture, split in augment_one
def augment_one(key, image):
    mirror_key, noise_key = random.split(key)
    mirrored = random.bernoulli(mirror_key)
    image = jnp.where(mirrored, image[:, ::-1], image)
    return image + 0.2 * random.normal(noise_key, image.shape)


def augment(key, images):
    return jax.vmap(augment_one)(random.split(key, len(images)), images)

# %% right: all pictures at once with two keys
def augment(key, images):
    k_mirror, k_noise = random.split(key)
    mirrored = random.bernoulli(k_mirror, shape=(images.shape[0], 1, 1))
    turned = jnp.where(mirrored, jnp.flip(images, axis=2), images)
    return turned + 0.2 * random.normal(k_noise, images.shape)

# %% right: scan over the pictures, key chain and lax.cond
def augment(key, images):
    def step(key, image):
        key, coin, noise = random.split(key, 3)
        image = lax.cond(random.bernoulli(coin), jnp.fliplr, lambda im: im, image)
        return key, image + random.normal(noise, image.shape) * jnp.float32(0.2)

    return lax.scan(step, key, images)[1]

# %% right: lax.map with fold_in by even and odd numbers
def augment(key, images):
    def one(args):
        i, image = args
        flip = random.randint(random.fold_in(key, 2 * i), (), 0, 2)
        noise = random.normal(random.fold_in(key, 2 * i + 1), image.shape)
        return lax.select(flip == 1, lax.rev(image, (1,)), image) + 0.2 * noise

    return lax.map(one, (jnp.arange(len(images)), images))

# %% right: gather columns by index, two rows of keys
def augment(key, images):
    n, _, cols = images.shape
    keys = random.split(key, (2, n))
    coins = jax.vmap(random.bernoulli)(keys[0])
    c = jnp.arange(cols)

    def one(coin, k, image):
        columns = jnp.where(coin, cols - 1 - c, c)
        return jnp.take(image, columns, axis=1) + 0.2 * random.normal(k, image.shape)

    return jax.vmap(one)(coins, keys[1], images)

# %% right: sign of a uniform draw, separate helper functions
def mirror(key, images):
    tails = random.uniform(key, (len(images),)) < 0.5
    return jnp.where(tails[:, None, None], images[..., ::-1], images)


def add_noise(key, images, deviation=0.2):
    return images + deviation * random.normal(key, images.shape, images.dtype)


def augment(key, images):
    key, sub = random.split(key)
    return add_noise(key, mirror(sub, images))

# %% wrong: only the first mistake mended | mirror and noise of a picture still share a key
def augment_one(key, image):
    mirrored = random.bernoulli(key)
    image = jnp.where(mirrored, image[:, ::-1], image)
    return image + 0.2 * random.normal(key, image.shape)


def augment(key, images):
    return jax.vmap(augment_one)(random.split(key, len(images)), images)

# %% wrong: flipped along both axes | mirrored pictures are also upside down
def augment(key, images):
    a, b = random.split(key)
    mirrored = random.bernoulli(a, 0.5, (len(images), 1, 1))
    return jnp.where(mirrored, images[:, ::-1, ::-1], images) + 0.2 * random.normal(b, images.shape)

# %% wrong: every row of a picture has its own coin | a picture is not mirrored as a whole
def augment(key, images):
    a, b = random.split(key)
    mirrored = random.bernoulli(a, 0.5, (*images.shape[:2], 1))
    return jnp.where(mirrored, images[:, :, ::-1], images) + 0.2 * random.normal(b, images.shape)

# %% wrong: 0.2 as the variance | noise of deviation 0.45
def augment_one(key, image):
    a, b = random.split(key)
    image = jnp.where(random.bernoulli(a), image[:, ::-1], image)
    return image + jnp.sqrt(0.2) * random.normal(b, image.shape)


def augment(key, images):
    return jax.vmap(augment_one)(random.split(key, len(images)), images)

# %% wrong: noise for the columns only | all rows of a picture get the same noise
def augment_one(key, image):
    a, b = random.split(key)
    image = jnp.where(random.bernoulli(a), image[:, ::-1], image)
    return image + 0.2 * random.normal(b, image.shape[1:])


def augment(key, images):
    return jax.vmap(augment_one)(random.split(key, len(images)), images)

# %% wrong: exactly half are mirrored | coins are not independent; a single picture is never mirrored
def augment(key, images):
    a, b = random.split(key)
    n = len(images)
    mirrored = random.permutation(a, jnp.arange(n) < n // 2)
    turned = jnp.where(mirrored[:, None, None], images[:, :, ::-1], images)
    return turned + 0.2 * random.normal(b, images.shape)

# %% wrong: uniform noise | deviation 0.2 but not normal
def augment_one(key, image):
    a, b = random.split(key)
    image = jnp.where(random.bernoulli(a), image[:, ::-1], image)
    return image + 0.2 * random.uniform(b, image.shape, minval=-(3**0.5), maxval=3**0.5)


def augment(key, images):
    return jax.vmap(augment_one)(random.split(key, len(images)), images)

# %% wrong: noise in proportion to the pixel | pixels of 0 get no noise, large ones too much
def augment_one(key, image):
    a, b = random.split(key)
    image = jnp.where(random.bernoulli(a), image[:, ::-1], image)
    return image * (1 + 0.2 * random.normal(b, image.shape))


def augment(key, images):
    return jax.vmap(augment_one)(random.split(key, len(images)), images)

# %% wrong: coins from key, noise from its children | key is drawn from and split
def augment(key, images):
    mirrored = random.bernoulli(key, shape=(len(images),))
    keys = random.split(key, len(images))

    def one(k, m, image):
        return jnp.where(m, image[:, ::-1], image) + 0.2 * random.normal(k, image.shape)

    return jax.vmap(one)(keys, mirrored, images)

# %% wrong: keys i and i + 1 | the noise key of one picture is the mirror key of the next
def augment(key, images):
    def one(i, image):
        mirrored = random.bernoulli(random.fold_in(key, i))
        image = jnp.where(mirrored, image[:, ::-1], image)
        return image + 0.2 * random.normal(random.fold_in(key, i + 1), image.shape)

    return jax.vmap(one)(jnp.arange(len(images)), images)

# %% wrong: mirrors too rarely | probability 0.4 instead of 1/2
def augment_one(key, image):
    a, b = random.split(key)
    image = jnp.where(random.uniform(a) > 0.6, image[:, ::-1], image)
    return image + 0.2 * random.normal(b, image.shape)


def augment(key, images):
    return jax.vmap(augment_one)(random.split(key, len(images)), images)

# %% wrong: sum in half precision | large pixels lose their noise or become inf
def augment_one(key, image):
    a, b = random.split(key)
    image = jnp.where(random.bernoulli(a), image[:, ::-1], image).astype(jnp.float16)
    return (image + 0.2 * random.normal(b, image.shape, jnp.float16)).astype(jnp.float32)


def augment(key, images):
    return jax.vmap(augment_one)(random.split(key, len(images)), images)

# %% wrong: mirrored noise for neighbours | noise of every second picture is minus that of the one before
def augment(key, images):
    a, b = random.split(key)
    n = len(images)
    mirrored = random.bernoulli(a, 0.5, (n, 1, 1))
    half = random.normal(b, ((n + 1) // 2, *images.shape[1:]))
    noise = jnp.stack([half, -half], axis=1).reshape(-1, *images.shape[1:])[:n]
    return jnp.where(mirrored, images[:, :, ::-1], images) + 0.2 * noise

# %% wrong: noise from NumPy | hidden state: same key, other noise; baked in under jit
def augment(key, images):
    mirrored = random.bernoulli(key, 0.5, (len(images), 1, 1))
    noise = np.random.randn(*images.shape).astype(np.float32)
    return jnp.where(mirrored, images[:, :, ::-1], images) + 0.2 * noise

# %% wrong: same coin for picture pairs | coins repeat: pictures 2i and 2i + 1 are mirrored together
def augment(key, images):
    a, b = random.split(key)
    n = len(images)
    coins = jnp.repeat(random.bernoulli(a, 0.5, ((n + 1) // 2,)), 2)[:n]
    turned = jnp.where(coins[:, None, None], images[:, :, ::-1], images)
    return turned + 0.2 * random.normal(b, images.shape)

# %% wrong: noise limited to two deviations | truncated normal, deviation 0.176
def augment_one(key, image):
    a, b = random.split(key)
    image = jnp.where(random.bernoulli(a), image[:, ::-1], image)
    return image + 0.2 * random.truncated_normal(b, -2.0, 2.0, image.shape)


def augment(key, images):
    return jax.vmap(augment_one)(random.split(key, len(images)), images)

# %% wrong: 64 keys in a cycle | pictures 64 apart share coin and noise
def augment_one(key, image):
    a, b = random.split(key)
    image = jnp.where(random.bernoulli(a), image[:, ::-1], image)
    return image + 0.2 * random.normal(b, image.shape)


def augment(key, images):
    keys = random.split(key, 64)[jnp.arange(len(images)) % 64]
    return jax.vmap(augment_one)(keys, images)

# %% wrong: rolled instead of mirrored | right for two columns only
def augment_one(key, image):
    a, b = random.split(key)
    image = jnp.where(random.bernoulli(a), jnp.roll(image, 1, axis=1), image)
    return image + 0.2 * random.normal(b, image.shape)


def augment(key, images):
    return jax.vmap(augment_one)(random.split(key, len(images)), images)
