"""Hidden tests of rosenbrock_grad."""

import jax.numpy as jnp
import numpy as np
import pytest

from jaxercise.checks.assertions import assert_pure, assert_returns
from jaxercise.checks.tracing import assert_compiled_once

# For |x| <= 3 the largest term is 400 x 3 x (3 + 9) = 14,400; a handful of roundings of 6e-8
# (float64: 1.1e-16) of it is 4e-3 (1e-11). Central differences are off by 0.5 at n = 20 in
# float32, by 1e-6 in float64.
RTOL, ATOL = 1e-5, 1e-2
RTOL_64, ATOL_64 = 1e-12, 1e-10


def draw_point(rng, n, dtype: type = np.float32):
    return rng.uniform(-3, 3, n).astype(dtype)


def closed_form(x):
    x = np.asarray(x)
    wide = x.astype(np.float64)
    gradient = np.zeros_like(wide)
    rise = wide[1:] - wide[:-1] ** 2
    gradient[:-1] = -400 * wide[:-1] * rise - 2 * (1 - wide[:-1])
    gradient[1:] += 200 * rise
    return gradient.astype(x.dtype)


@pytest.mark.correctness(points=2)
def test_matches_the_formula(student, rng):
    """The gradient in float32, against its formula, in 2 variables and in up to 2000."""
    for n in (2, 20, 2000):
        for x in (draw_point(rng, n), jnp.asarray(draw_point(rng, n)), np.zeros(n, np.float32)):
            assert_returns(
                student.rosenbrock_grad(x),
                closed_form(x),
                rtol=RTOL,
                atol=ATOL,
                hint="a first or last term left out or counted twice (each pair of neighbours "
                "gives one), a wrong power, large slopes clipped, or finite differences, too "
                "inexact in float32",
            )


@pytest.mark.correctness(points=1)
def test_keeps_float64(student, rng):
    """In float64 to all digits, and zero at the lowest point."""
    near_ones = 1 + 1e-6 * rng.standard_normal(20)
    for x in (draw_point(rng, 20, np.float64), np.ones(20), near_ones):
        assert_returns(
            student.rosenbrock_grad.x64()(x),
            closed_form(x),
            rtol=RTOL_64,
            atol=ATOL_64,
            hint="a conversion to float32 on the way, finite differences, or small slopes set to "
            "0: a float64 point gives a float64 gradient, to all digits",
        )
    x = draw_point(rng, 20)
    assert_returns(
        student.rosenbrock_grad.x64()(x),
        closed_form(x),
        rtol=RTOL,
        atol=ATOL,
        kind="any",  # A float32 is what the judge, where 64-bit types are off, calls so, too.
        hint="a constant of NumPy, such as np.float64(100), which makes float64 of float32 where "
        "64-bit types are on; a Python number keeps the dtype of x",
    )


@pytest.mark.purity(points=1)
def test_is_pure(student, rng):
    """The caller's point survives, and nothing but the argument matters."""
    # Sizes of their own: a side effect of tracing shows at the first call alone.
    calls = [(draw_point(rng, 13),), (jnp.asarray(draw_point(rng, 13)),), (draw_point(rng, 5),)]
    # The lesson plants no bait for this exercise, so a fresh run would show nothing new.
    assert_pure(student.rosenbrock_grad, calls, rtol=RTOL, atol=ATOL, fresh=False)


@pytest.mark.speed(points=1)
def test_beats_central_differences(student, rng, race):
    """At least 12 times as fast as NumPy's central differences in 8000 variables, in float64."""
    # Quiet: compiled answers 300, an eager one 40; whatever takes one variable after the other,
    # compiled as it may be, 3 or less.
    race(
        "rosenbrock_grad",
        make_arguments=lambda rng: (draw_point(rng, 8000, np.float64),),
        minimum=12,
        rtol=RTOL_64,
        atol=ATOL_64,
        x64=True,
    )
    assert_compiled_once(student.rosenbrock_grad, draw_point(rng, 7))
