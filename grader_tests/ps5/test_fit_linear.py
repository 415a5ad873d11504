"""Hidden tests of fit_linear."""

import jax.numpy as jnp
import numpy as np
import pytest

from jaxercise.checks.assertions import assert_pure, assert_returns, fail

# A GPU multiplies matrices in TF32 unless it is told otherwise, which rounds a factor by 5e-4:
# of weights below 2 that is 1e-3, which steps that contract do not add up, and as much again
# of the gradient. A wrong answer is off by 0.03 and more.
RTOL, ATOL = 0.0, 5e-3


def draw_case(rng, rows, features):
    A = rng.standard_normal((rows, features)).astype(np.float32)
    y = A @ rng.uniform(-2, 2, features) + 0.1 * rng.standard_normal(rows)
    return A, y.astype(np.float32)


def descend_float64(A, y, lr, n_steps):
    A, y = np.asarray(A, np.float64), np.asarray(y, np.float64)
    w = np.zeros(A.shape[1])
    for _ in range(n_steps):
        w = w - lr * 2 / len(y) * A.T @ (A @ w - y)
    return jnp.asarray(w, jnp.float32)


@pytest.mark.correctness(points=2)
def test_steps_downhill(student, rng):
    """After no, one, two, ten steps from zero the weights are where the gradient leads."""
    for shape, library, n_steps in (
        ((30, 3), np, 0),
        ((30, 3), np, 1),
        ((30, 3), jnp, 2),
        ((30, 3), np, 10),
        ((12, 1), np, 2),
        ((1, 1), np, 2),
        ((5, 1500), np, 2),
    ):
        A, y = draw_case(rng, *shape)
        # With many features the descent converges for smaller steps alone.
        lr = float(rng.uniform(0.02, 0.1)) * min(1, 30 / shape[1])
        assert_returns(
            student.fit_linear(library.asarray(A), library.asarray(y), lr, n_steps),
            descend_float64(A, y, lr, n_steps),
            rtol=RTOL,
            atol=ATOL,
            hint="a step uphill (subtract the gradient), a sum or a half in place of the mean "
            "of the squares, a gradient that is always zero, or one step too many or too few",
        )
    A, y = draw_case(rng, 30, 3)
    assert_returns(
        student.fit_linear(A, np.zeros_like(y), 0.05, 10),
        jnp.zeros(3),
        rtol=RTOL,
        atol=ATOL,
        hint="a square root in the loss, such as that of a norm: where the weights fit exactly, as "
        "w = 0 does when all y are 0, its gradient is NaN",
    )
    # Steps so small that the loss falls by 4e-6 of itself at each: to 0.1 of a distance of 1000.
    ones = np.ones((2, 1), np.float32)
    assert_returns(
        student.fit_linear(ones, 1000 * ones[:, 0], 1e-6, 50),
        descend_float64(ones, 1000 * ones[:, 0], 1e-6, 50),
        rtol=RTOL,
        atol=ATOL,
        hint="steps that are left out where the loss hardly falls; take each, and return the last "
        "weights",
    )
    A, y = draw_case(rng, 30, 3)
    A[:, 1] = 0
    assert_returns(
        student.fit_linear(A, y, 0.05, 10),
        descend_float64(A, y, 0.05, 10),
        rtol=RTOL,
        atol=ATOL,
        hint="a division by something that is 0 where a feature always is, such as an eigenvalue",
    )
    A, y = draw_case(rng, 3, 5)
    for scale, size, lr in ((1e-4, 1, 1e7), (1, 1e-6, 0.1), (1e3, 1e6, 1e-7)):
        # All weights are `weight` times as large as without the factors.
        weight = size / scale
        seen = student.fit_linear(A * np.float32(scale), y * np.float32(size), lr, 20)
        assert_returns(
            seen,
            descend_float64(A * scale, y * size, lr, 20),
            rtol=RTOL,
            atol=ATOL * weight,
            hint="steps left out or cut short because they or the gradient are small or large; "
            "or features taken for rows",
        )


@pytest.mark.correctness(points=1)
def test_reaches_the_least_squares(student, rng):
    """After enough steps the weights solve the normal equations."""
    A, y = draw_case(rng, 1000, 4)
    exact = np.linalg.lstsq(A.astype(np.float64), y.astype(np.float64), rcond=None)[0]
    # 1000 rows of 4 independent normals: the Hessian's eigenvalues lie within 1.1 and 3 but for
    # one case in a hundred million (Davidson and Szarek), so that a step of 0.1 leaves at most
    # 0.89 of an error of 4, and 60 steps 4e-3, usually 1e-5. After 15 steps 0.1 is left.
    assert_returns(
        student.fit_linear(A, y, 0.1, 60),
        jnp.asarray(exact, jnp.float32),
        rtol=RTOL,
        atol=ATOL,
        hint="a loop that stops early, or the gradient with respect to something else than w",
    )


@pytest.mark.correctness(points=1)
def test_is_one_loop(student, rng):
    """As many steps as asked, by a program that is as long for 60 steps as for 6."""
    A, y = draw_case(rng, 10, 2)
    # A program may be short up to some number of steps, and long beyond.
    for sizes in ((6, 60), (300, 3000)):
        few, many = (
            student.fit_linear.jaxpr(A, y, 0.1, n_steps, static_argnums=3).numpy()
            for n_steps in sizes
        )
        if {"pure_callback", "io_callback"} & many["primitives"].keys():
            fail(
                "fit_linear calls back into Python, so its loop is not compiled. Let "
                "lax.fori_loop or lax.scan repeat one step of jax.numpy."
            )
        # A Python loop adds several operations a step; a right answer adds none.
        if many["equations"] > few["equations"] + 4:
            fail(
                "fit_linear records every step again: the program grows with n_steps, and so does "
                "the time to compile it. Likely cause: a Python loop, or unroll=True; let one "
                "lax.fori_loop or lax.scan repeat the step."
            )
    if not {"scan", "while"} & many["primitives"].keys():
        fail(
            "fit_linear has no loop of JAX that takes the steps. Let one lax.fori_loop or "
            "lax.scan repeat a step of gradient descent; a formula for the result is another way."
        )
    # Last, since an unrolled loop would be compiling for minutes. With one weight each step takes
    # it across 1, nearly as far: after n steps 1 - (1 - 2 * lr) ** n, 1.6 where n is odd and 0.4
    # where it is even. Float32 holds lr to 3e-8 and a weight to 1e-7: 1e-3 in 9,999 steps.
    ones, lr, n_steps = np.ones((2, 1), np.float32), 0.999975, 9_999
    assert_returns(
        student.fit_linear(ones, ones[:, 0], lr, n_steps),
        jnp.float32([1 - (1 - 2 * lr) ** n_steps]),
        rtol=RTOL,
        atol=ATOL,
        hint="a limit to the number of steps, or steps in rounds, of which the last is not full; "
        "n_steps is how many there are",
    )


@pytest.mark.purity(points=1)
def test_is_pure(student, rng):
    """The caller's data survive, and no weights are left over from another call."""
    calls = [
        (*draw_case(rng, 30, 3), 0.1, 10),
        (*draw_case(rng, 30, 3), 0.05, 10),
        (*map(jnp.asarray, draw_case(rng, 30, 3)), 0.1, 2),
    ]
    assert_pure(student.fit_linear, calls, static_argnums=3, rtol=RTOL, atol=ATOL)
