"""Solutions of problem set 3: explicit randomness."""

from functools import partial

import jax
import jax.numpy as jnp
from jax import lax, random
from jaxtyping import Array, Float, Float32, Int32, Key, PRNGKeyArray, Shaped, UInt32

# %% two_draws


def two_draws(key: PRNGKeyArray) -> tuple[Float32[Array, ""], Float32[Array, ""]]:
    """Return two independent draws from the standard normal distribution."""
    first_key, second_key = random.split(key)
    return random.normal(first_key), random.normal(second_key)


# %% gen_random_matrices


def gen_random_matrices(key: PRNGKeyArray, n: int = 2, k: int = 3) -> Float32[Array, "k n n"]:
    """Return k independent n x n matrices, uniform on [0, 1)."""
    matrices = []
    for _ in range(k):
        key, subkey = random.split(key)
        matrices.append(random.uniform(subkey, (n, n)))
    return jnp.stack(matrices)


# %% key_tree


def key_tree(key: PRNGKeyArray, depth: int) -> Key[Array, "2**depth"] | UInt32[Array, "2**depth 2"]:
    """Return the leaves of the splitting tree below `key`, from left to right."""
    level = key[None]
    for _ in range(depth):
        level = jax.vmap(random.split)(level).reshape(-1, *key.shape)
    return level


# %% correct_random


@partial(jax.jit, static_argnames="shape")
def correct_random(key: PRNGKeyArray, shape: tuple[int, ...]) -> Float32[Array, "*shape"]:
    """Return an array of independent draws from the standard normal distribution."""
    return random.normal(key, shape)


# %% shuffle_split


def shuffle_split(
    key: PRNGKeyArray, x: Shaped[Array, "n *rest"], n_train: int
) -> tuple[Shaped[Array, "n_train *rest"], Shaped[Array, "n_test *rest"]]:
    """Return the rows of `x` in random order, cut into `n_train` rows and the others."""
    shuffled = random.permutation(key, x)
    return shuffled[:n_train], shuffled[n_train:]


# %% random_walks


def random_walks(
    key: PRNGKeyArray, n_walkers: int, n_steps: int
) -> Float32[Array, "n_walkers n_steps"]:
    """Return the position of each walker after each of its standard normal steps."""
    steps = random.normal(key, (n_walkers, n_steps))
    return jnp.cumsum(steps, axis=1)


# %% bootstrap_means


def bootstrap_means(
    key: PRNGKeyArray, x: Float[Array, "n"], n_resamples: int
) -> Float32[Array, "n_resamples"]:
    """Return the means of samples of size n drawn from `x` with replacement."""
    n = x.shape[0]

    def resampled_mean(key):
        return x[random.randint(key, (n,), 0, n)].mean()

    return jax.vmap(resampled_mean)(random.split(key, n_resamples))


# %% dropout


def dropout(
    key: PRNGKeyArray, x: Float32[Array, "*shape"], rate: float
) -> Float32[Array, "*shape"]:
    """Return `x` with each entry zeroed with probability `rate`, the others scaled up."""
    kept = random.bernoulli(key, 1 - rate, x.shape)
    return jnp.where(kept, x / (1 - rate), 0)


# %% augment


def augment_one(key, image):
    for_mirror, for_noise = random.split(key)
    image = jnp.where(random.bernoulli(for_mirror), image[:, ::-1], image)
    return image + 0.2 * random.normal(for_noise, image.shape)


def augment(
    key: PRNGKeyArray, images: Float32[Array, "n rows cols"]
) -> Float32[Array, "n rows cols"]:
    """Return each picture mirrored with probability 1/2, with noise of deviation 0.2."""
    return jax.vmap(augment_one)(random.split(key, len(images)), images)


# %% epoch_orders


def epoch_orders(key: PRNGKeyArray, n: int, n_epochs: int) -> Int32[Array, "n_epochs n"]:
    """Return the order in which each epoch goes through the examples 0 to n - 1."""

    def epoch(key, _):
        later, now = random.split(key)
        return later, random.permutation(now, n)

    _, orders = lax.scan(epoch, key, None, length=n_epochs)
    return orders


# %% chaos_game


def chaos_game(key: PRNGKeyArray, corners: Float32[Array, "k 2"], n: int) -> Float32[Array, "n 2"]:
    """Return n dots, each half of the way from the one before to a random corner."""

    def move(dot, corner):
        dot = (dot + corner) / 2
        return dot, dot

    aims = corners[random.randint(key, (n,), 0, len(corners))]
    return lax.scan(move, corners[0], aims)[1]
