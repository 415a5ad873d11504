"""Hidden tests of relief."""

import jax.numpy as jnp
import numpy as np
import pytest

from jaxercise.checks.assertions import assert_pure, assert_returns

# A distance is off by a rounding of 6e-8 of 5, a slope by 2 * 3 / 0.7**2 times that for each hill:
# 4e-6, and 1.5e-5 where four meet. Seen: 2.4e-7, and 3e-5 to 1e-4 for differences of heights, the
# best step taken, where there are hundreds of places.
RTOL, ATOL = 0.0, 1.5e-5


def draw_hills(rng, n):
    middles = rng.uniform(-4, 4, (n, 2))
    radii, heights = rng.uniform(1, 3, n), rng.uniform(0.5, 2, n) * rng.choice([-1, 1], n)
    return np.column_stack([middles, radii, heights]).astype(np.float32)


def draw_light(rng):
    """A vector that is not level, of length 0.2 to 8."""
    light = np.array([*rng.uniform(-1, 1, 2), rng.uniform(0.2, 1)])
    return (light / np.linalg.norm(light) * rng.uniform(0.2, 8)).astype(np.float32)


def draw(rng, n_hills, columns, rows):
    xs, ys = rng.uniform(-5, 5, columns), rng.uniform(-5, 5, rows)
    return draw_hills(rng, n_hills), xs.astype(np.float32), ys.astype(np.float32), draw_light(rng)


def relief_float64(hills, xs, ys, light):
    """By the derivative of the formula."""
    hills, light = np.asarray(hills, np.float64), np.asarray(light, np.float64)
    x, y = np.meshgrid(xs.astype(np.float64), ys.astype(np.float64))
    p, q = np.zeros_like(x), np.zeros_like(x)
    for middle_x, middle_y, radius, top in hills:
        u, v = x - middle_x, y - middle_y
        slope = -2 * top / radius**2 * np.exp(-(u**2 + v**2) / radius**2)
        p, q = p + slope * u, q + slope * v
    cosine = (light[2] - p * light[0] - q * light[1]) / np.sqrt(p**2 + q**2 + 1)
    return jnp.asarray(np.maximum(cosine / np.linalg.norm(light), 0), jnp.float32)


@pytest.mark.correctness(points=3)
def test_is_bright_where_the_ground_faces_the_light(student, rng):
    """Each place by its own slopes; rows are y, columns are x."""
    sizes = (1, 1, 1), (3, 4, 2), (2, 1, 5), (4, 25, 20), (1, 2, 1100), (1, 1100, 2)
    for library, size in zip((jnp, np, jnp, np, jnp, np), sizes, strict=True):
        arguments = draw(rng, *size)
        assert_returns(
            student.relief(*map(library.asarray, arguments)),
            relief_float64(*arguments),
            rtol=RTOL,
            atol=ATOL,
            hint="rows and columns exchanged, a sign of a slope, a length that is not divided by, "
            "or differences in place of derivatives",
        )
    hills, _, _, light = draw(rng, 1, 1, 1)
    origin = np.zeros(1, np.float32)
    assert_returns(
        student.relief(hills, origin, origin, light),
        relief_float64(hills, origin, origin, light),
        rtol=RTOL,
        atol=ATOL,
        hint="0 is a place as any other",
    )
    # A cone of shade: the light is low, the hill steep; and light from below the horizon.
    hills, xs, ys, _ = draw(rng, 4, 5, 6)
    hills[:, 2:] = 0.7, 3
    xs[:2], ys[0] = hills[0, 0] + np.array([-0.5, 0.5]), hills[0, 1]  # Where it is steepest.
    for light in ([1, 0, 0.1], [0, -4, 0.2], [0.1, 0.1, -0.1], [0, 0, 9]):
        light = np.asarray(light, np.float32)
        assert_returns(
            student.relief(hills, xs, ys, light),
            relief_float64(hills, xs, ys, light),
            rtol=RTOL,
            atol=ATOL,
            hint="brightness is 0 where the cosine is negative, and depends on the direction of "
            "the light alone",
        )


@pytest.mark.purity(points=1)
def test_is_pure(student, rng):
    """The hills stay, and everything may be traced."""
    calls = [draw(rng, 2, 3, 2), tuple(map(jnp.asarray, draw(rng, 1, 2, 3)))]
    assert_pure(student.relief, calls, rtol=RTOL, atol=ATOL)
