"""Hidden tests of derivative_on_grid."""

import jax.numpy as jnp
import numpy as np
import pytest

from jaxercise.checks.assertions import assert_pure, assert_returns, fail

# A derivative up to 5 from a float32 sine whose argument, up to 15, is rounded by 5e-7: 3e-6,
# and a few roundings more. The best finite difference in float32 (step near 2e-3) is off
# by 5e-5 or more somewhere on the ripple.
RTOL, ATOL = 1e-5, 1e-5

DERIVATIVES = {
    "half_square": lambda x: x,
    "ripple": lambda x: (5 * np.cos(5 * x) - x / 2 * np.sin(5 * x)) * np.exp(-(x**2) / 4),
    "gate": lambda x: np.tanh(x) + x / np.cosh(x) ** 2,
}
# Of the functions that the fresh run finds under the same names: 1e9 + |x|**3, which leaves
# nothing of a difference, even in float64; x**3, which mixes the points of a grid; and
# arctan2(x, 1) in a lax.cond, which as the first takes no complex number, nor any array with axes.
OTHER_DERIVATIVES = {
    "half_square": lambda x: 3 * x * np.abs(x),
    "ripple": lambda x: 3 * x**2,
    "gate": lambda x: 1 / (1 + x**2),
}


def draw_grid(rng, n):
    return np.sort(rng.uniform(-3, 3, n)).astype(np.float32)


def closed_form(derivative, xs):
    return jnp.asarray(derivative(np.asarray(xs, np.float64)), jnp.float32)


@pytest.mark.correctness(points=2)
def test_gives_the_derivative(student, rng):
    """Every function at every point of the grid, against the formula of its derivative."""
    grids = (
        np.linspace(-3, 3, 40, dtype=np.float32),
        draw_grid(rng, 40)[::-1].copy(),
        jnp.asarray(draw_grid(rng, 40)),
        np.zeros(1, np.float32),
        np.resize(draw_grid(rng, 40), 3000),
    )
    for f_name, derivative in DERIVATIVES.items():
        for xs in grids:
            assert_returns(
                student.derivative_on_grid(f_name, xs),
                closed_form(derivative, xs),
                rtol=RTOL,
                atol=ATOL,
                hint="finite differences, which are not exact; or the gradient of a sum over the "
                "grid, where 'gate' lets the points mix: it is a function of one number, so "
                "differentiate first, then vmap",
            )
    wide = np.array([-1e4, 1e-8, 300, -2e-8, 0], np.float32)
    assert_returns(
        student.derivative_on_grid("half_square", wide),
        jnp.asarray(wide),
        rtol=RTOL,
        hint="points or slopes that are cut off where they are large, or set to 0 where they are "
        "small",
    )


@pytest.mark.correctness(points=1)
def test_differentiates_what_the_table_holds(student, rng):
    """Other functions under the same names: their derivatives."""
    xs = draw_grid(rng, 40)
    for f_name, derivative in OTHER_DERIVATIVES.items():
        assert_returns(
            student.derivative_on_grid.fresh()(f_name, xs),
            closed_form(derivative, xs),
            rtol=RTOL,
            # 3 x**2 is up to 27.
            atol=5e-5,
            hint="derivatives worked out by hand, functions copied by hand out of FUNCTIONS, or a "
            "way that is right for some of them only, such as differences of large numbers or a "
            "complex step; take FUNCTIONS[f_name] as a function of one number: vmap of grad",
        )


@pytest.mark.correctness(points=1)
def test_has_no_loop(student, rng):
    """All points at once: the recorded program is as long for 40 points as for 4."""
    # A loop over each point shows for few points; one over blocks of 1000, say, for many.
    for sizes in ((4, 40), (2_000, 20_000)):
        few, many = (
            student.derivative_on_grid.jaxpr("ripple", draw_grid(rng, n), static_argnums=0).numpy()
            for n in sizes
        )
        # A right answer adds none.
        if many["equations"] > few["equations"] + 4:
            fail(
                "derivative_on_grid records more operations the more points there are: it loops "
                "over the grid, or over blocks of it, in Python. jax.vmap of the derivative treats "
                "all points at once."
            )
    if {"scan", "while", "pure_callback", "io_callback"} & many["primitives"].keys():
        fail(
            "derivative_on_grid takes one point after the other in a compiled loop, or calls back "
            "into Python. The points do not depend on each other: let jax.vmap treat all of them "
            "at once."
        )


@pytest.mark.purity(points=1)
def test_is_pure(student, rng):
    """The caller's grid survives, and nothing is remembered."""
    # A size of its own: a side effect of tracing shows at the first call alone.
    calls = [(name, draw_grid(rng, 33)) for name in DERIVATIVES]
    # In the fresh run FUNCTIONS is another table, and so are the right answers. The tolerance
    # is wide, because a difference quotient, which blows up the roundings in which compiled
    # code may differ, is inexact but pure; what is remembered shows bit for bit.
    assert_pure(
        student.derivative_on_grid, calls, static_argnums=0, rtol=1e-2, atol=1e-2, fresh=False
    )
