"""Hidden tests of hvp."""

import jax.numpy as jnp
import numpy as np
import pytest

from jaxercise.checks.assertions import assert_pure, assert_returns, fail

# An entry is a sum of products below 2 x 4, five roundings of 6e-8 each. The best difference of
# gradients along v (step near 2e-3) is off by 2e-5 or more somewhere: a gradient rounded by 6e-8
# over 4e-3, and h**2 v**3 / 6 of truncation.
RTOL, ATOL = 1e-5, 5e-6


def draw_case(rng, n):
    x, v = rng.uniform(-3, 3, n), rng.standard_normal(n)
    return x.astype(np.float32), v.astype(np.float32)


def closed_form(x, v):
    x, v = np.asarray(x, np.float64), np.asarray(v, np.float64)
    mean_sine = np.mean(np.sin(x))
    own = (np.cos(x) - mean_sine * np.sin(x)) * v
    return jnp.asarray(own + np.cos(x) * np.mean(np.cos(x) * v), jnp.float32)


@pytest.mark.correctness(points=2)
def test_multiplies_by_the_hessian(student, rng):
    """The product, against its formula, for one angle and for forty, and for v = 0."""
    cases = [draw_case(rng, n) for n in (1, 40)]
    cases += [
        tuple(map(jnp.asarray, draw_case(rng, 40))),
        (draw_case(rng, 40)[0], np.zeros(40, np.float32)),
    ]
    for x, v in cases:
        assert_returns(
            student.hvp(x, v),
            closed_form(x, v),
            rtol=RTOL,
            atol=ATOL,
            hint="only the Hessian's diagonal, the gradient in place of its derivative, or a "
            "difference of two gradients, which is not exact; differentiate the gradient along v",
        )
    x, v = draw_case(rng, 40)
    # Other angles and another direction, with the same first and last entries and the same sums.
    for other in (
        (np.concatenate([x[:1], x[-2:0:-1], x[-1:]]), v),
        (x, np.concatenate([v[:1], v[-2:0:-1], v[-1:]])),
    ):
        assert_returns(
            student.hvp(*other),
            closed_form(*other),
            rtol=RTOL,
            atol=ATOL,
            hint="something that is remembered between calls, and taken up where arguments agree "
            "in part",
        )
    for scale in (1e-20, 1e20):
        assert_returns(
            student.hvp(x, v * np.float32(scale)),
            closed_form(x, v * np.float32(scale)),
            rtol=RTOL,
            atol=ATOL * scale,
            hint="a difference of two gradients with a step of its own, or a small number added to "
            "the length of v; the product is linear in v, however short or long",
        )
    assert_returns(
        student.hvp(1000 * x, v),
        closed_form(1000 * x, v),
        rtol=RTOL,
        atol=ATOL,
        hint="angles wrapped around by a float32 of 2 pi, which is off by 1e-7 at each turn",
    )


@pytest.mark.correctness(points=2)
def test_builds_no_hessian(student, rng):
    """Memory and work grow as n does, not as n squared."""
    few, many = (student.hvp.jaxpr(*draw_case(rng, n)).numpy() for n in (60, 120))
    # The largest array of a right answer has n elements; room for sixteen vectors in one.
    if few["largest"] > 16 * 60 or many["largest"] > 16 * 120:
        fail(
            "hvp makes an array of n x n numbers on the way: the whole Hessian. At n = 300,000 it "
            "would fill 360 GB. Differentiate the gradient in the direction v (jax.jvp), or "
            "differentiate the dot product of the gradient with v."
        )
    # A Python loop adds at least one operation a coordinate: 60. A right answer adds none.
    loops = {"scan", "while", "pure_callback", "io_callback"} & many["primitives"].keys()
    if many["equations"] > few["equations"] + 50 or loops:
        fail(
            "hvp makes the Hessian row by row, in a loop over the coordinates or called back in "
            "Python: n times the work. One derivative of the gradient, in the direction v, gives "
            "the product at once."
        )
    x, v = draw_case(rng, 300_000)
    assert_returns(
        student.hvp(x, v),
        closed_form(x, v),
        rtol=RTOL,
        # Float32 sums over 300,000 terms, divided by 300,000, in whatever order.
        atol=1e-3,
        hint="a sum that loses its digits when there are many angles",
    )


@pytest.mark.purity(points=1)
def test_is_pure(student, rng):
    """The arguments survive, and nothing else matters."""
    # Sizes of their own: a side effect of tracing shows at the first call alone.
    calls = [draw_case(rng, 33), tuple(map(jnp.asarray, draw_case(rng, 33))), draw_case(rng, 3)]
    # Wide, because a difference of gradients, which blows up the roundings in which compiled
    # code may differ, is inexact but pure. The lesson plants no bait for this exercise, so a
    # fresh run would show nothing new.
    assert_pure(student.hvp, calls, rtol=1e-2, atol=1e-2, fresh=False)
