"""Hidden tests of logistic_map."""

import jax.numpy as jnp
import numpy as np
import pytest

from jaxercise.properties import assert_pure, assert_returns, fail

# For r <= 3.2 the map contracts in the long run, so roundings do not grow: over 200 steps
# right formulas stay within 1e-6 of each other, and over 1000 as well.
RTOL, ATOL = 1e-4, 1e-5


def draw_start(rng, n):
    return rng.uniform(0.05, 0.95, n).astype(np.float32)


def logistic_float64(x0, r, n_steps):
    x = np.asarray(x0, np.float64)
    for _ in range(n_steps):
        x = r * x * (1 - x)
    return jnp.asarray(x, jnp.float32)


@pytest.mark.correctness(points=1)
def test_iterates_the_map(student, rng):
    """As many steps as asked, none included, for every start."""
    for r in (float(rng.uniform(0.5, 2.9)), float(rng.uniform(3.05, 3.2))):
        for n, n_steps in ((1, 1), (5, 0), (4, 2), (3, 7), (20, 200)):
            x0 = draw_start(rng, n)
            for start in (x0, jnp.asarray(x0)):
                assert_returns(
                    student.logistic_map(start, r, n_steps),
                    logistic_float64(x0, r, n_steps),
                    rtol=RTOL,
                    atol=ATOL,
                    hint="one step too many or too few, or NumPy where a jax array is asked",
                )


@pytest.mark.correctness(points=1)
def test_is_not_unrolled(student, rng):
    """What is compiled does not grow with the number of steps."""
    x0 = draw_start(rng, 3)
    short, long = (
        student.logistic_map.jaxpr(x0, 2.5, n, static_argnums=2).numpy() for n in (8, 16)
    )
    # Plain operations, one at a time, compile nothing that could grow: that is for the clock.
    compiled = {"jit", "pjit", "while", "scan"} & long["primitives"].keys()
    if compiled and long["equations"] > short["equations"]:
        fail(
            "logistic_map records every step apart: with more steps, tracing and compiling take "
            "longer and longer. Likely cause: a Python loop; use lax.fori_loop."
        )


@pytest.mark.purity(points=1)
def test_is_pure(student, rng):
    """The caller's array survives, and every call starts afresh."""
    x0 = draw_start(rng, 4)
    calls = [(x0, 2.5, 6), (jnp.asarray(x0), 3.1, 3), (x0, 2.5, 0)]
    assert_pure(student.logistic_map, calls, static_argnums=2, rtol=RTOL, atol=ATOL)


@pytest.mark.speed(points=2)
def test_beats_the_loop(race):
    """At least 3 times as fast as the NumPy loop, compilation not counted."""
    race(
        "logistic_map",
        make_arguments=lambda rng: (draw_start(rng, 200_000), float(rng.uniform(3.05, 3.2)), 1000),
        minimum=3,
        rtol=RTOL,
        atol=ATOL,
    )
