"""Hidden tests of logistic_map."""

import jax.numpy as jnp
import numpy as np
import pytest

from grader_tests.ps4.one_program import assert_one_program
from jaxercise.checks.assertions import assert_pure, assert_returns, fail

# Up to r = 3 every start ends in the same fixed point, and roundings shrink on the way. Beyond
# 3 that point repels, and a start that comes near it is thrown to either side by the last bit,
# one in some 100,000: so there, only few steps are asked. At the point, 2/3, RTOL and ATOL
# allow 7.7e-5. Of 250,000 starts, in five orders of the operations:
#
#   r, steps            float32 against float64, and each other    float64 against the point
#   2.5, 1000           within 1e-7                                has arrived
#   2.995, 150          within 6e-6                                up to 1e-2
#   2.997-2.998, 1000   within 2e-5                                9e-4 to 2e-3, 98% of starts
RTOL, ATOL = 1e-4, 1e-5
# Too near to 3 to have arrived after 1000 steps, so that every step counts.
SLOW_RATES = 2.997, 2.998


def draw_start(rng, n):
    return rng.uniform(0.05, 0.95, n).astype(np.float32)


def logistic_float64(x0, r, n_steps):
    x = np.asarray(x0, np.float64)
    for _ in range(n_steps):
        x = r * x * (1 - x)
    return jnp.asarray(x, jnp.float32)


def grows(student, rng):
    """Whether the compiled program is longer for more steps."""
    # A length of its own: what a function keeps while it is traced must not meet the others.
    x0 = draw_start(rng, 3)
    # A program may be short up to some number of steps, and long beyond.
    for n_steps in (8, 16), (300, 600):
        short, long = (
            student.logistic_map.jaxpr(x0, 2.5, n, static_argnums=2).numpy() for n in n_steps
        )
        # Plain operations, one at a time, compile nothing that could grow: that is for the clock.
        compiled = {"jit", "pjit", "while", "scan"} & long["primitives"].keys()
        if compiled and long["equations"] > short["equations"]:
            return True
    return False


@pytest.mark.correctness(points=1)
def test_iterates_the_map(student, rng):
    """As many steps as asked, none included, for every start."""
    small, large = float(rng.uniform(0.5, 2.9)), float(rng.uniform(3.05, 3.2))
    for library, r, n_steps in (
        (np, small, 1),
        (jnp, large, 0),
        (np, large, 3),
        (jnp, small, 3),
        (np, small, 100),
        (np, 2.995, 150),
    ):
        x0 = draw_start(rng, 5)
        assert_returns(
            student.logistic_map(library.asarray(x0), r, n_steps),
            logistic_float64(x0, r, n_steps),
            rtol=RTOL,
            atol=ATOL,
            hint="one step too many or too few, a limit to the steps, or a NumPy array "
            "where a jax array is expected",
        )
    for x0 in ([0.0], [1.0], [0.25]):
        x0 = np.array(x0, np.float32)
        assert_returns(
            student.logistic_map(x0, 2.5, 3),
            logistic_float64(x0, 2.5, 3),
            rtol=RTOL,
            atol=ATOL,
            hint="code that needs two starts",
        )
    ends = np.array([0, 1, 0.5, 1e-3, 1e-7, 1e-12], np.float32)
    for r in (0, 0.0, 2, np.float32(3.2), jnp.float32(0.5), np.float64(1)):
        assert_returns(
            student.logistic_map(ends, r, 3),
            logistic_float64(ends, float(r), 3),
            rtol=RTOL,
            hint="a division by r or x, which may be 0, starts moved away from 0 and 1, or "
            "small ones set to 0; r is any number from 0 to 3.2, such as an int or NumPy scalar",
        )
    if grows(student, rng):
        return  # It would be compiling for minutes; left to the check below.
    # At r = 1 x falls like 1 / steps: what stops when it hardly moves is far above. A rounding of
    # 6e-8 at each step adds up to 6e-6 of x, twice in 20,000.
    assert_returns(
        student.logistic_map(ends, 1.0, 20_000),
        logistic_float64(ends, 1.0, 20_000),
        rtol=1e-3,
        hint="a loop that stops early, because x hardly moves or after a number of steps of its "
        "own; n_steps is how many there are",
    )


@pytest.mark.correctness(points=1)
def test_is_not_unrolled(student, rng):
    """What is compiled does not grow with the number of steps."""
    x0 = draw_start(rng, 4)
    assert_one_program(student.logistic_map, (x0, 2.5, 7), (x0[:2], 2.5, 7), static_argnums=2)
    if grows(student, rng):
        fail(
            "logistic_map records every step apart: with more steps, tracing and compiling take "
            "longer and longer. Likely cause: a Python loop, or a loop of lax with unroll=True; "
            "let one lax.fori_loop repeat the step."
        )


@pytest.mark.purity(points=1)
def test_is_pure(student, rng):
    """The caller's array survives, and every call starts afresh."""
    x0 = draw_start(rng, 5)
    calls = [(x0, 2.5, 3), (jnp.asarray(x0), 3.1, 3), (x0, 2.5, 0)]
    assert_pure(student.logistic_map, calls, static_argnums=2, rtol=RTOL, atol=ATOL)


@pytest.mark.speed(points=2)
def test_beats_the_loop(race):
    """At least twice as fast as the NumPy loop, compilation not counted."""
    race(
        "logistic_map",
        make_arguments=lambda rng: (
            draw_start(rng, 250_000),
            float(rng.uniform(*SLOW_RATES)),
            1000,
        ),
        minimum=2,
        rtol=RTOL,
        atol=ATOL,
    )
