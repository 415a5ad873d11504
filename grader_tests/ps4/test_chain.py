"""Hidden tests of chain."""

import jax.numpy as jnp
import numpy as np
import pytest

from grader_tests.ps4.one_program import assert_one_program
from jaxercise.checks.assertions import assert_pure, assert_returns

# A row sum adds k * m <= 400 products of size up to 1, and stays below 500 in what follows.
# Its error is some 1e-7 of the largest partial sum, times a few for the order of the
# additions: below 3e-4 in the exponent, so below 3e-4 of the result, with a margin of 3.
RTOL = 1e-3


def chain_float64(x, y):
    s = (np.asarray(x, np.float64) @ np.asarray(y, np.float64)).sum(axis=1)
    return jnp.asarray(np.exp(s - s.max()), jnp.float32)


def draw_matrix(rng, *shape):
    return rng.uniform(-1, 1, shape).astype(np.float32)


@pytest.mark.correctness(points=2)
def test_gives_the_row_weights(student, rng):
    """Product, sums along the rows, exponential; the largest entry is one."""
    for library, (n, k, m) in ((np, (5, 3, 4)), (jnp, (5, 3, 4)), (np, (3, 3, 3)), (np, (1, 3, 4))):
        x, y = draw_matrix(rng, n, k), draw_matrix(rng, k, m)
        assert_returns(
            student.chain(library.asarray(x), library.asarray(y)),
            chain_float64(x, y),
            rtol=RTOL,
            hint="sums along the wrong axis or of everything, * in place of the matrix "
            "product, NumPy instead of jnp, or the axis lost where there is one row",
        )


@pytest.mark.correctness(points=1)
def test_does_not_overflow(student, rng):
    """Row sums of several hundred, of both signs, give finite results."""
    for sign in (1, -1):
        x, y = sign * (draw_matrix(rng, 6, 20) / 20 + 0.8), draw_matrix(rng, 20, 20) / 20 + 0.8
        assert_returns(
            student.chain(x, y),
            chain_float64(x, y),
            rtol=RTOL,
            hint="exp of a large number, which is inf in float32 from 89 on, or a quotient of "
            "zeros; subtract the largest row sum before exp",
        )
    x, y = (draw_matrix(rng, 100, 100) / 5 for _ in range(2))
    assert_returns(
        student.chain(x, y),
        chain_float64(x, y),
        rtol=RTOL,
        hint="rows or columns left out beyond some number",
    )
    # No row is the largest in both columns.
    crossed = np.array([[200, 0], [0, 200]], np.float32)
    assert_returns(
        student.chain(crossed, np.eye(2, dtype=np.float32)),
        jnp.ones(2),
        rtol=RTOL,
        hint="the largest entry of each column subtracted, so that all results underflow to 0; "
        "subtract the largest row sum",
    )
    nothing = np.zeros((3, 2), np.float32)
    assert_returns(
        student.chain(nothing, draw_matrix(rng, 2, 4)),
        jnp.ones(3),
        rtol=RTOL,
        hint="a division by the largest entry, which may be 0; then all results are 1",
    )
    # Sums that a float32 holds exactly: what is left is the rounding of exp, below 1e-5 at -50.
    sums = np.array([[-498.0], [0.0], [448.0], [498.0], [498.0]], np.float32)
    assert_returns(
        student.chain(sums, np.ones((1, 1), np.float32)),
        chain_float64(sums, np.ones((1, 1))),
        rtol=1e-5,
        hint="a small number added or an exponent cut off; far below the largest sum the result "
        "is tiny, such as 2e-22, or 0, and for the largest sums it is exactly 1",
    )


@pytest.mark.correctness(points=1)
def test_is_one_compiled_function(student, rng):
    """The whole chain is compiled as one function."""
    x, y = draw_matrix(rng, 5, 3), draw_matrix(rng, 3, 4)
    assert_one_program(student.chain, (x, y), (x[:4], y))


@pytest.mark.purity(points=1)
def test_is_pure(student, rng):
    """Same matrices, same answer; the caller's arrays survive."""
    # A size of its own: a side effect of tracing shows at the first call alone.
    x, y = draw_matrix(rng, 6, 3), draw_matrix(rng, 3, 5)
    calls = [(x, y), (jnp.asarray(x), jnp.asarray(y))]
    assert_pure(student.chain, calls, rtol=RTOL)
