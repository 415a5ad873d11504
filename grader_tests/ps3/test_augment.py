"""Hidden tests of augment.

Each statistical check rejects a right answer less than once in a million runs.
"""

import jax.numpy as jnp
import numpy as np
import pytest
from jax import random
from scipy import stats

from jaxercise.checks.assertions import (
    assert_like,
    assert_pure,
    assert_reproducible,
    assert_returns,
    fail,
)
from jaxercise.grading.sampling import largest_lag, law_fault

N_IMAGES, SHAPE = 1001, (4, 6)
NOISE = 0.2
N_KEYS = 4096


def augmented(student, new_key, typed=True):
    """Which of many pictures were mirrored, and the noise of each, over its deviation.

    The left half of each picture is -2 and the right half 2: with 12 pixels to a half, noise of
    deviation 0.2 mistakes no picture for its mirror image.
    """
    image = np.repeat(np.array([[-2, -2, -2, 2, 2, 2]], np.float32), SHAPE[0], axis=0)
    images = jnp.asarray(np.tile(image, (N_IMAGES, 1, 1)))
    seen = assert_like(student.augment(new_key(typed=typed), images), images)
    mirrored = seen[:, :, :3].mean(axis=(1, 2)) > 0
    noise = seen - np.where(mirrored[:, None, None], image[:, ::-1], image)
    return mirrored, noise / NOISE


@pytest.mark.correctness(points=1)
def test_each_picture_has_draws_of_its_own(student, new_key, rng):
    """Half of the pictures are mirrored, and each has noise of its own, of deviation 0.2."""
    assert_returns(
        student.augment(new_key(), jnp.full((2, 2, 3), 1e8)),
        jnp.full((2, 2, 3), 1e8),
        rtol=1e-6,
        hint="entries that are clipped; they may have any size",
    )
    # What is not symmetric, and pictures that are small: only mirrored and noisy.
    for shape, typed in (((12, 3, 5), True), ((3, 1, 1), False), ((1, 5, 3), True)):
        images = 100 * rng.standard_normal(shape).astype(np.float32)
        key = new_key(typed=typed)
        seen = assert_like(student.augment(key, jnp.asarray(images)), jnp.asarray(images))
        back = images[:, :, ::-1]
        off = np.minimum(
            np.abs(seen - images).max(axis=(1, 2)), np.abs(seen - back).max(axis=(1, 2))
        )
        # 7 deviations of the noise: 3e-12 a pixel.
        if off.max() > 7 * NOISE:
            fail(
                "augment: a picture comes out neither as it was nor mirrored left to right. Mirror "
                "the columns of each picture by itself, and leave rows and pictures where they are."
            )
    mirrored, noise = augmented(student, new_key)
    share = mirrored.mean()
    if share in (0, 1):
        fail(
            f"augment mirrors {'all' if share else 'none'} of {N_IMAGES} pictures; expected about "
            "half of them. Likely cause: one key for all pictures, as with in_axes=(None, 0); "
            "split it into one for each."
        )
    # A binomial count: |z| > 6 has a chance of 2e-9.
    if abs(share - 0.5) > 6 * 0.5 / np.sqrt(N_IMAGES):
        fail(
            f"augment mirrors {share:.1%} of {N_IMAGES} pictures; expected about half of them, "
            "each by a draw of its own."
        )
    # Noise of all alike has few values, and its law would say so less clearly.
    alike = np.ptp(noise, axis=0).max() < 0.01 or np.ptp(noise, axis=(1, 2)).max() < 0.01
    if alike:
        fail(
            "augment adds the same noise to all pictures, or to all pixels of a picture. Each "
            "pixel of each picture needs a draw of its own."
        )
    if fault := law_fault(noise):
        fail(
            "augment: the noise of the pixels, over 0.2, should be standard normal. Its draws "
            f"{fault}."
        )


@pytest.mark.correctness(points=1)
def test_draws_tell_nothing_of_each_other(student, new_key):
    """Whether a picture is mirrored tells nothing of its noise, nor of its neighbour."""
    mirrored, noise = augmented(student, new_key, typed=False)
    n = mirrored.sum()
    if n in (0, N_IMAGES) or np.ptp(noise, axis=0).max() < 0.01:
        fail(
            "augment mirrors all pictures or none, or adds the same noise to all. Likely cause: "
            "one key for all of them, as with in_axes=(None, 0)."
        )
    # Of each pixel, in deviations: for all 24, 7 has a chance of 6e-11.
    difference = noise[mirrored].mean(axis=0) - noise[~mirrored].mean(axis=0)
    if np.abs(difference).max() > 7 * np.sqrt(1 / n + 1 / (N_IMAGES - n)):
        fail(
            "augment: the noise tells whether the picture was mirrored. Likely cause: both are "
            "drawn from one key; split it, and use each part once."
        )
    if largest_lag(mirrored) > 7.5 or largest_lag(noise) > 7.5:
        fail(
            "augment: the draws of one picture, or of one pixel, tell about those of another. "
            "Likely cause: a key that several of them share."
        )
    _check_coins(student, random.split(new_key(), N_KEYS))


def _check_coins(student, keys):
    """Three pictures for each of many keys: all eight ways to mirror some are equally likely."""
    images = jnp.tile(jnp.array([[-2.0, 2.0]]), (3, 1, 1))
    seen = student.augment.vmapped(in_axes=(0, None))(keys, images)
    mirrored = assert_like(seen, jnp.zeros((N_KEYS, *images.shape)))[:, :, 0, 0] > 0
    if (mirrored == mirrored[0]).all():
        return  # The key is not used, which is left to the check of reproducibility.
    counts = np.bincount(mirrored @ np.array([4, 2, 1]), minlength=8)
    if stats.chisquare(counts).pvalue < 1e-9:
        fail(
            f"augment: of three pictures, for {N_KEYS} keys, {mirrored.sum(axis=0).tolist()} are "
            f"mirrored, and {np.bincount(mirrored.sum(axis=1), minlength=4).tolist()} times none, "
            "one, two and all of them. Each must be mirrored with probability 1/2 by a coin of its "
            "own, whatever becomes of the others; not a fixed number of them."
        )


@pytest.mark.purity(points=1)
def test_is_pure(student, new_key, rng):
    """The same key gives the same pictures, and nothing else is touched."""
    images = jnp.asarray(rng.standard_normal((3, 4, 5)).astype(np.float32))
    assert_pure(student.augment, [(new_key(), images), (new_key(typed=False), -images)])


@pytest.mark.reproducibility(points=1)
def test_the_key_decides_the_draws(student, new_key, rng):
    """The key alone decides, and no key is used twice."""
    images = jnp.asarray(rng.standard_normal((3, 4, 5)).astype(np.float32))
    assert_reproducible(student.augment, new_key, images)
