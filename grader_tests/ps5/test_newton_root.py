"""Hidden tests of newton_root."""

import jax.numpy as jnp
import numpy as np
import pytest

from jaxercise.checks.assertions import assert_pure, assert_returns
from jaxercise.checks.tracing import assert_compiled_once

# Roots lie in [-3, 3] at least 1 apart, so that the slope at a root is at least 2 for four of
# them. Evaluating the polynomial there rounds terms of at most 300: 300 x 6e-8 x 2 / 2.
RTOL, ATOL = 1e-4, 1e-4


def draw_polynomial(rng, degree):
    """Coefficients, highest power first, and the roots: simple, real, at least 1 apart."""
    roots = np.linspace(-2.5, 2.5, 5)[rng.choice(5, degree, replace=False)]
    roots = np.sort(roots + rng.uniform(-0.12, 0.12, degree))
    coeffs = (rng.uniform(0.5, 2) * np.poly(roots)).astype(np.float32)
    return coeffs, roots


def draw_starts(rng, roots, n, spread):
    """Starts so near to a root that Newton's method leads there and nowhere else."""
    return (rng.choice(roots, n) + rng.uniform(-spread, spread, n)).astype(np.float32)


def draw_far_starts(rng, n):
    """Starts so far right that Newton's method converges monotonically to the largest root."""
    return rng.uniform(60, 100, n).astype(np.float32)


def newton_float64(coeffs, x0, n_iter):
    coeffs, x = np.asarray(coeffs, np.float64), np.asarray(x0, np.float64)
    for _ in range(n_iter):
        x = x - np.polyval(coeffs, x) / np.polyval(np.polyder(coeffs), x)
    return jnp.asarray(x, jnp.float32)


@pytest.mark.correctness(points=1)
def test_takes_newton_steps(student, rng):
    """After one, two, three steps each start is where Newton's method leads."""
    for degree, n_iter in ((4, 1), (4, 2), (3, 3)):
        coeffs, roots = draw_polynomial(rng, degree)
        # The second half of the starts lies far to the right, where each step is a long one.
        x0 = np.concatenate([draw_starts(rng, roots, 6, 0.2), draw_far_starts(rng, 6)])
        assert_returns(
            student.newton_root(coeffs, x0, n_iter),
            newton_float64(coeffs, x0, n_iter),
            rtol=RTOL,
            atol=ATOL,
            hint="a slope that is worked out once and kept (it is that of the point where each "
            "start stands now), coefficients read from the lowest power, steps cut short where "
            "they are long, or one step too many",
        )


@pytest.mark.correctness(points=1)
def test_finds_the_roots(student, rng):
    """After 25 steps every start stands on a root."""
    coeffs, roots = draw_polynomial(rng, 4)
    exact = np.sort(np.roots(coeffs.astype(np.float64)).real)
    # 0.1 from a root that is at least 1 from the next: no other root is ever nearer. To the far
    # starts, which are few, it is the largest, to which they come down by a quarter a step: to 3
    # in twelve steps or fewer, and to its last digit in at most eight more.
    x0 = np.concatenate([draw_starts(rng, roots, 12, 0.1), draw_far_starts(rng, 3)])
    nearest = exact[np.abs(x0[:, None] - exact[None]).argmin(axis=1)]
    assert_returns(
        student.newton_root(coeffs, x0, 25),
        jnp.asarray(nearest, jnp.float32),
        rtol=RTOL,
        atol=ATOL,
        hint="steps in the wrong direction, all starts moved by a common step, or a loop that "
        "stops early",
    )


@pytest.mark.correctness(points=1)
def test_has_no_guards(student, rng):
    """Small and large coefficients, many coefficients, steps of any length."""
    guards = (
        "steps left out, cut short or changed by a small number added to the slope: both p and p' "
        "may be small or large, and only their quotient counts"
    )
    coeffs, roots = draw_polynomial(rng, 3)
    x0 = draw_starts(rng, roots, 12, 0.2)
    for factor in (1e-12, 1e12):
        assert_returns(
            student.newton_root(coeffs * np.float32(factor), x0, 2),
            newton_float64(coeffs, x0, 2),
            rtol=RTOL,
            atol=ATOL,
            hint=guards,
        )
    # For x**2 a step halves x, exactly, all the way from 1e15 to 8e-16.
    square, far = np.array([1, 0, 0], np.float32), np.array([1e15, -1e15], np.float32)
    for n_iter in (30, 100):
        assert_returns(
            student.newton_root(square, far, n_iter),
            jnp.asarray(far / 2.0**n_iter, jnp.float32),
            rtol=RTOL,
            hint=f"{guards}; or a loop that stops early, because the steps are small or after a "
            "number of its own",
        )
    # From 0.1 the first step leads to 5.05, where x**2 - 1 is 25 times as large.
    for coeffs, x0 in (
        (np.array([1, 0, -1], np.float32), np.array([0.1, -0.2, 1.5], np.float32)),
        (np.array([1, 0, -1e10], np.float32), np.array([3e5, -2e5], np.float32)),
    ):
        for n_iter in (1, 3):
            assert_returns(
                student.newton_root(coeffs, x0, n_iter),
                newton_float64(coeffs, x0, n_iter),
                rtol=RTOL,
                hint="a step that is refused where the value of the polynomial grows, or "
                "coefficients that are left out because another is larger",
            )
    eighth = np.array([1, 0, 0, 0, 0, 0, 0, 0, -256], np.float32)
    assert_returns(
        student.newton_root(eighth, np.array([2.5], np.float32), 2),
        newton_float64(eighth, [2.5], 2),
        rtol=RTOL,
        hint="a limit to the degree, or a slope from a difference instead of the derivative",
    )


@pytest.mark.correctness(points=1)
def test_handles_edge_cases(student, rng):
    """No step, a straight line, one that begins with 0, a single start, JAX arrays."""
    coeffs, roots = draw_polynomial(rng, 3)
    line = np.array([2.0, -3.0], np.float32)
    for arguments, hint in (
        (
            (coeffs, draw_starts(rng, roots, 12, 0.2), 0),
            "a step too many; with n_iter = 0 the starts come back, as a JAX array",
        ),
        (
            (line, draw_starts(rng, roots, 12, 0.2), 1),
            "a fixed degree; any number of coefficients from two on may come",
        ),
        (
            (np.array([0.0, 2.0, -3.0], np.float32), draw_starts(rng, roots, 12, 0.2), 1),
            "a division by the first coefficient, which may be 0",
        ),
        ((coeffs, draw_starts(rng, roots, 1, 0.2), 3), "an axis of length one squeezed away"),
        (
            (jnp.asarray(coeffs), jnp.asarray(draw_starts(rng, roots, 12, 0.2)), 3),
            "code that only NumPy arrays allow",
        ),
    ):
        assert_returns(
            student.newton_root(*arguments),
            newton_float64(*arguments),
            rtol=RTOL,
            atol=ATOL,
            hint=hint,
        )


@pytest.mark.purity(points=1)
def test_is_pure(student, rng):
    """The caller's starts survive, and nothing but the arguments matters."""
    calls = []
    for library in (np, jnp, np):
        coeffs, roots = draw_polynomial(rng, 3)
        x0 = draw_starts(rng, roots, 12, 0.1)
        calls.append((library.asarray(coeffs), library.asarray(x0), 3))
    assert_pure(student.newton_root, calls, static_argnums=2, rtol=RTOL, atol=ATOL)


@pytest.mark.speed(points=1)
def test_beats_the_numpy_loop(student, rng, race):
    """At least 3 times as fast as NumPy on 400,000 starts, compilation not counted."""

    def make_arguments(rng):
        # Right of the largest root Newton's method comes down to it without a detour. Elsewhere
        # a rounding may decide which root is reached, in right answers too.
        roots = np.array([-2.0, -1.0, 0.5, 1.5, 2.5]) + rng.uniform(-0.1, 0.1, 5)
        x0 = (2.6 + rng.uniform(0.5, 5, 400_000)).astype(np.float32)
        return np.poly(roots).astype(np.float32), x0, 30

    # Quiet: right answers 7 to 10, an eager loop 0.9.
    race("newton_root", make_arguments=make_arguments, minimum=3, rtol=RTOL, atol=ATOL)
    coefficients, x0, n_steps = make_arguments(rng)
    assert_compiled_once(student.newton_root, coefficients, x0[:3], n_steps)
