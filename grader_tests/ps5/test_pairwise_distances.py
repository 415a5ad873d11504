"""Hidden tests of pairwise_distances."""

import jax.numpy as jnp
import numpy as np
import pytest

from jaxercise.checks.assertions import assert_pure, assert_returns
from jaxercise.checks.tracing import assert_compiled_once

# A float32 sum of at most 32 absolute differences, in any order, is right to 32 x 6e-8 of
# itself; each difference of coordinates below 6 adds a rounding of at most 5e-7.
RTOL, ATOL = 1e-5, 5e-5


def draw_points(rng, n, d):
    return rng.standard_normal((n, d)).astype(np.float32)


def by_numpy(P, Q):
    P, Q = np.asarray(P, np.float64), np.asarray(Q, np.float64)
    return jnp.asarray(np.abs(P[:, None] - Q[None]).sum(axis=-1), jnp.float32)


@pytest.mark.correctness(points=2)
def test_gives_every_distance(student, rng):
    """Row i, column j holds the L1 distance of point i of P to point j of Q."""
    mapped = (
        "P and Q mapped over together in place of one inside the other, the two axes exchanged, or "
        "another distance: asked is the sum of the absolute differences"
    )
    left_out = "points or coordinates left out where there are many, as by blocks of a fixed size"
    for n, m, d, hint in ((4, 7, 3, mapped), (7, 4, 2, mapped), (331, 457, 35, left_out)):
        P, Q = draw_points(rng, n, d), draw_points(rng, m, d)
        assert_returns(
            student.pairwise_distances(P, Q),
            by_numpy(P, Q),
            rtol=RTOL,
            atol=ATOL,
            hint=hint,
        )


@pytest.mark.correctness(points=1)
def test_handles_edge_cases(student, rng):
    """Single points, a single coordinate, a point's distance to itself, JAX arrays."""
    P = draw_points(rng, 4, 3)
    for first, second, hint in (
        (draw_points(rng, 1, 1), draw_points(rng, 1, 1), "an axis of length one squeezed away"),
        (draw_points(rng, 1, 3), draw_points(rng, 1, 3), "an axis of length one squeezed away"),
        (draw_points(rng, 3, 1), draw_points(rng, 2, 1), "an axis of length one squeezed away"),
        (P, P, "something added to every distance; from a point to itself it is 0"),
        (jnp.asarray(P), jnp.asarray(P[::-1]), "code that only a NumPy array allows"),
    ):
        assert_returns(
            student.pairwise_distances(first, second),
            by_numpy(first, second),
            rtol=RTOL,
            atol=ATOL,
            hint=hint,
        )
    # Neighbours far out, whose differences are exact; and all points near 0, but for one.
    near, other = (draw_points(rng, 4, 3) * np.float32(1e-2) for _ in range(2))
    outlier = near.copy()
    outlier[0] = 1e6
    zeros = np.zeros((2, 3), np.float32)
    for first, second in (
        (1000 + near, 1000 + other),
        (outlier, other),
        (other, outlier),
        (zeros, zeros),
    ):
        assert_returns(
            student.pairwise_distances(first, second),
            by_numpy(first, second),
            rtol=RTOL,
            hint="sums or shifted points that are subtracted in place of the coordinates, so that "
            "small differences lose their digits; or a division by 0 where all points are 0",
        )
    P, Q = draw_points(rng, 4, 3), draw_points(rng, 4, 3)
    for scale in (np.float32(1e-25), np.float32(1), np.float32(1e25)):
        assert_returns(
            student.pairwise_distances(scale * P, scale * Q),
            by_numpy(scale * P, scale * Q),
            rtol=RTOL,
            atol=1e-6 * float(scale),
            hint="squares, which a float32 cannot hold where coordinates are tiny or huge, a small "
            "number added to them, or Q taken for P where both have one shape",
        )


@pytest.mark.purity(points=1)
def test_is_pure(student, rng):
    """The caller's points survive, and nothing but the arguments matters."""
    # Sizes of their own: a side effect of tracing shows at the first call alone.
    calls = [
        (draw_points(rng, 5, 3), draw_points(rng, 6, 3)),
        (draw_points(rng, 6, 2), draw_points(rng, 5, 2)),
        (jnp.asarray(draw_points(rng, 5, 3)), jnp.asarray(draw_points(rng, 6, 3))),
        # The result is as large as either argument, whose memory it must not take over.
        (jnp.asarray(draw_points(rng, 5, 5)), jnp.asarray(draw_points(rng, 5, 5))),
    ]
    # The lesson plants no bait before this exercise, so a fresh run would show nothing new.
    assert_pure(student.pairwise_distances, calls, rtol=RTOL, atol=ATOL, fresh=False)


@pytest.mark.speed(points=1)
def test_beats_broadcasting(student, rng, race):
    """At least 3.5 times as fast as NumPy's broadcasting, compilation not counted."""
    # Quiet: right answers 8 to 9, a NumPy loop over the points 1.5. The result is a 32nd of
    # the work's size, so carrying it over does not swamp the time.
    race(
        "pairwise_distances",
        make_arguments=lambda rng: (draw_points(rng, 1400, 32), draw_points(rng, 1400, 32)),
        minimum=3.5,
        rtol=RTOL,
        atol=ATOL,
    )
    assert_compiled_once(student.pairwise_distances, draw_points(rng, 3, 2), draw_points(rng, 3, 2))
