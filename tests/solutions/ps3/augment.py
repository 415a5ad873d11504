# %% right: two keys for the whole batch, no vmap
def augment(key, images):
    for_mirror, for_noise = random.split(key)
    mirrored = random.bernoulli(for_mirror, 0.5, (images.shape[0], 1, 1))
    noise = 0.2 * random.normal(for_noise, images.shape)
    return jnp.where(mirrored, images[:, :, ::-1], images) + noise


# %% right: a table of keys, two for each picture
def augment_one(keys, image):
    image = lax.cond(random.bernoulli(keys[0]), lambda i: jnp.flip(i, axis=1), lambda i: i, image)
    return image + 0.2 * random.normal(keys[1], image.shape)


def augment(key, images):
    return jax.vmap(augment_one)(random.split(key, (images.shape[0], 2)), images)


# %% right: fold_in of the number of the picture, and of the number of the draw
def augment_one(key, i, image):
    key = random.fold_in(key, i)
    mirrored = random.uniform(random.fold_in(key, 0)) < 0.5
    noise = random.normal(random.fold_in(key, 1), image.shape)
    return jnp.where(mirrored, jnp.fliplr(image), image) + 0.2 * noise


def augment(key, images):
    return jax.vmap(augment_one, (None, 0, 0))(key, jnp.arange(len(images)), images)


# %% right: a scan that hands on its key
def augment(key, images):
    def one(key, image):
        key, for_mirror, for_noise = random.split(key, 3)
        image = jnp.where(random.bernoulli(for_mirror), image[:, ::-1], image)
        return key, image + 0.2 * random.normal(for_noise, image.shape)

    return lax.scan(one, key, images)[1]


# %% right: the noise first, then the mirror
def augment_one(key, image):
    a, b = random.split(key)
    noisy = image + random.normal(a, image.shape) * 0.2
    return jnp.where(random.randint(b, (), 0, 2) == 1, noisy[:, ::-1], noisy)


@jax.jit
def augment(key, images):
    return jax.vmap(augment_one)(random.split(key, images.shape[0]), images)


# %% right: a Python loop over the pictures
def augment(key, images):
    out = []
    for image in images:
        key, a, b = random.split(key, 3)
        side = random.choice(a, jnp.array([1, -1]))
        image = jnp.where(side == 1, image, image[:, ::-1])
        out.append(image + 0.2 * random.normal(b, image.shape))
    return jnp.stack(out)


# %% wrong: the program as it was -> each_picture_has_draws_of_its_own, draws_tell_nothing_of_each_other, the_key_decides_the_draws
def augment_one(key, image):
    mirrored = random.bernoulli(key)
    image = jnp.where(mirrored, image[:, ::-1], image)
    return image + 0.2 * random.normal(key, image.shape)


def augment(key, images):
    return jax.vmap(augment_one, in_axes=(None, 0))(key, images)


# %% wrong: half mended: a key for each picture, but one for both draws -> draws_tell_nothing_of_each_other, the_key_decides_the_draws
def augment_one(key, image):
    mirrored = random.bernoulli(key)
    image = jnp.where(mirrored, image[:, ::-1], image)
    return image + 0.2 * random.normal(key, image.shape)


def augment(key, images):
    return jax.vmap(augment_one)(random.split(key, len(images)), images)


# %% wrong: half mended: two keys, but the same two for all pictures -> each_picture_has_draws_of_its_own, draws_tell_nothing_of_each_other
def augment_one(key, image):
    a, b = random.split(key)
    image = jnp.where(random.bernoulli(a), image[:, ::-1], image)
    return image + 0.2 * random.normal(b, image.shape)


def augment(key, images):
    return jax.vmap(augment_one, in_axes=(None, 0))(key, images)


# %% wrong: half mended: a mirror for each picture, one noise for all -> each_picture_has_draws_of_its_own, draws_tell_nothing_of_each_other
def augment(key, images):
    a, b = random.split(key)
    mirrored = random.bernoulli(a, 0.5, (len(images), 1, 1))
    return jnp.where(mirrored, images[:, :, ::-1], images) + 0.2 * random.normal(b, images.shape[1:])


# %% wrong: half mended: noise for each picture, one mirror for all -> each_picture_has_draws_of_its_own, draws_tell_nothing_of_each_other
def augment(key, images):
    a, b = random.split(key)
    return jnp.where(random.bernoulli(a), images[:, :, ::-1], images) + 0.2 * random.normal(b, images.shape)


# %% wrong: half mended: split, and the old key used beside its part -> the_key_decides_the_draws
def augment_one(key, image):
    other, _ = random.split(key)
    image = jnp.where(random.bernoulli(key), image[:, ::-1], image)
    return image + 0.2 * random.normal(other, image.shape)


def augment(key, images):
    return jax.vmap(augment_one)(random.split(key, len(images)), images)


# %% wrong: masks the symptom: the corner's noise is drawn anew -> the_key_decides_the_draws
def augment_one(key, image):
    a, b = random.split(key)
    image = jnp.where(random.bernoulli(a), image[:, ::-1], image)
    noise = random.normal(a, image.shape).at[0, 0].set(random.normal(b))
    return image + 0.2 * jnp.flip(noise.at[0, -1].set(noise[0, 0]))


def augment(key, images):
    return jax.vmap(augment_one)(random.split(key, len(images)), images)


# %% wrong: a split for each draw, but the batch's key split twice -> the_key_decides_the_draws
def augment(key, images):
    n = len(images)
    mirrored = jax.vmap(random.bernoulli)(random.split(key, n))[:, None, None]
    noise = jax.vmap(lambda k: random.normal(k, images.shape[1:]))(random.split(key, 2 * n)[n:])
    return jnp.where(mirrored, images[:, :, ::-1], images) + 0.2 * noise


# %% wrong: one noise for each picture, not for each pixel -> each_picture_has_draws_of_its_own
def augment_one(key, image):
    a, b = random.split(key)
    image = jnp.where(random.bernoulli(a), image[:, ::-1], image)
    return image + 0.2 * random.normal(b)


def augment(key, images):
    return jax.vmap(augment_one)(random.split(key, len(images)), images)


# %% wrong: every second picture is mirrored -> draws_tell_nothing_of_each_other
def augment(key, images):
    mirrored = (jnp.arange(len(images)) % 2 == 1)[:, None, None]
    return jnp.where(mirrored, images[:, :, ::-1], images) + 0.2 * random.normal(key, images.shape)


# %% wrong: upside down -> each_picture_has_draws_of_its_own
def augment_one(key, image):
    a, b = random.split(key)
    image = jnp.where(random.bernoulli(a), image[::-1], image)
    return image + 0.2 * random.normal(b, image.shape)


def augment(key, images):
    return jax.vmap(augment_one)(random.split(key, len(images)), images)


# %% wrong: each row mirrored by a draw of its own -> each_picture_has_draws_of_its_own
def augment(key, images):
    a, b = random.split(key)
    mirrored = random.bernoulli(a, 0.5, (*images.shape[:2], 1))
    return jnp.where(mirrored, images[:, :, ::-1], images) + 0.2 * random.normal(b, images.shape)


# %% wrong: uniform noise -> each_picture_has_draws_of_its_own
def augment(key, images):
    a, b = random.split(key)
    mirrored = random.bernoulli(a, 0.5, (len(images), 1, 1))
    return jnp.where(mirrored, images[:, :, ::-1], images) + 0.2 * random.uniform(b, images.shape, minval=-1)


# %% wrong: noise of another deviation -> each_picture_has_draws_of_its_own
def augment(key, images):
    a, b = random.split(key)
    mirrored = random.bernoulli(a, 0.5, (len(images), 1, 1))
    return jnp.where(mirrored, images[:, :, ::-1], images) + 0.2**2 * random.normal(b, images.shape)


# %% wrong: the result kept between 0 and 1 -> each_picture_has_draws_of_its_own
def augment(key, images):
    a, b = random.split(key)
    mirrored = random.bernoulli(a, 0.5, (len(images), 1, 1))
    out = jnp.where(mirrored, images[:, :, ::-1], images) + 0.2 * random.normal(b, images.shape)
    return jnp.clip(out, 0, 1)


# %% wrong: a fixed seed -> the_key_decides_the_draws
def augment(key, images):
    a, b = random.split(random.key(0))
    mirrored = random.bernoulli(a, 0.5, (len(images), 1, 1))
    return jnp.where(mirrored, images[:, :, ::-1], images) + 0.2 * random.normal(b, images.shape)


# %% wrong: counts the pictures in a global -> is_pure
PICTURES = []


def augment(key, images):
    PICTURES.append(len(images))
    for_mirror, for_noise = random.split(key)
    mirrored = random.bernoulli(for_mirror, 0.5, (images.shape[0], 1, 1))
    noise = 0.2 * random.normal(for_noise, images.shape)
    return jnp.where(mirrored, images[:, :, ::-1], images) + noise


# %% wrong: exactly half of the pictures are mirrored -> draws_tell_nothing_of_each_other
def augment(key, images):
    a, b = random.split(key)
    mirrored = random.permutation(a, jnp.arange(len(images)) < len(images) // 2)
    turned = jnp.where(mirrored[:, None, None], images[:, :, ::-1], images)
    return turned + 0.2 * random.normal(b, images.shape)


# %% wrong: mirrored with probability 0.45 -> draws_tell_nothing_of_each_other
def augment(key, images):
    a, b = random.split(key)
    mirrored = random.bernoulli(a, 0.45, (len(images), 1, 1))
    return jnp.where(mirrored, images[:, :, ::-1], images) + 0.2 * random.normal(b, images.shape)
