"""Hidden tests of per_example_grads."""

import jax.numpy as jnp
import numpy as np
import pytest

from jaxercise.checks.assertions import assert_pure, assert_returns
from jaxercise.checks.tracing import assert_compiled_once

# An entry is x (t - y) (1 - t**2) with factors below 6, 7 and 1; t is the tanh of a float32
# sum of 16 products and right to 2e-6: an error of 6 x 7 x 4e-6 at the very worst. A GPU
# multiplies matrices in TF32 unless it is told otherwise, which rounds a factor by 5e-4: that
# of the outer product, but neither X nor W, which are multiples of 1/128.
RTOL, ATOL = 1e-3, 2e-4


def draw_case(rng, batch, features, outputs):
    W = np.round(rng.uniform(-0.5, 0.5, (features, outputs)) * 128) / 128
    X = np.round(rng.standard_normal((batch, features)) * 128) / 128
    Y = rng.uniform(-1, 1, (batch, outputs))
    return tuple(a.astype(np.float32) for a in (W, X, Y))


def closed_form(W, X, Y):
    W, X, Y = (np.asarray(a, np.float64) for a in (W, X, Y))
    out = np.tanh(X @ W)
    return jnp.asarray(X[:, :, None] * ((out - Y) * (1 - out**2))[:, None, :], jnp.float32)


@pytest.mark.correctness(points=1)
def test_gives_one_gradient_an_example(student, rng):
    """Example i's gradient with respect to W stands in place i."""
    for shape in ((5, 3, 2), (5, 3, 2), (3, 3, 3)):
        case = draw_case(rng, *shape)
        assert_returns(
            student.per_example_grads(*case),
            closed_form(*case),
            rtol=RTOL,
            atol=ATOL,
            hint="the gradient of the batch's mean or sum in place of one for each example, the "
            "gradient with respect to an argument other than W, or axes exchanged",
        )


@pytest.mark.correctness(points=1)
def test_handles_edge_cases(student, rng):
    """A batch of one, a single feature, a single output, JAX arrays."""
    for shape, library, hint in (
        (
            (1, 3, 2),
            np,
            "a batch of one squeezed away; the result has shape (1, features, outputs)",
        ),
        ((4, 1, 1), np, "an axis of length one squeezed away"),
        ((5, 3, 2), jnp, "code that only NumPy arrays allow"),
        ((1537, 2, 1), np, "a batch taken in blocks, the rest of it left out"),
    ):
        case = tuple(library.asarray(a) for a in draw_case(rng, *shape))
        assert_returns(
            student.per_example_grads(*case), closed_form(*case), rtol=RTOL, atol=ATOL, hint=hint
        )


@pytest.mark.correctness(points=1)
def test_is_a_derivative(student, rng):
    """Right for large targets, where differences of losses lose their digits."""
    case = draw_case(rng, 5, 3, 2)
    case[1][2] = 0
    assert_returns(
        student.per_example_grads(*case),
        closed_form(*case),
        rtol=RTOL,
        atol=ATOL,
        hint="a division by the length of an example, which may be 0",
    )
    W, X, Y = draw_case(rng, 5, 3, 2)
    small = W, X * np.float32(2**-20), Y
    assert_returns(
        student.per_example_grads(*small),
        closed_form(*small),
        rtol=RTOL,
        atol=2**-20 * ATOL,
        hint="gradients that are rounded, or small ones taken for 0",
    )
    # X is 256 times as large, and X @ W as it was; then X @ W is so large that tanh is 1 or -1.
    W, X, Y = draw_case(rng, 5, 3, 2)
    X = X + np.sign(X)
    far = np.abs(X) * np.array([[1], [-1], [1], [-1], [1]], np.float32)
    for small, expected in ((W / 256, closed_form(W / 256, X * 256, Y)), (0 * W + 1, None)):
        large = (far if expected is None else X) * np.float32(256)
        assert_returns(
            student.per_example_grads(small, large, Y),
            jnp.zeros((5, 3, 2)) if expected is None else expected,
            rtol=RTOL,
            atol=256 * ATOL,
            hint="large entries cut off, or a tanh made of exponentials, which overflow",
        )
    # A loss near 1e24 moves by 1e7 and more from one float64 to the next.
    W, X, Y = draw_case(rng, 5, 3, 2)
    X[0, 0] = 0
    Y = (np.sign(Y) * rng.uniform(1e12, 2e12, Y.shape)).astype(np.float32)
    for arrays in ((W, X, Y), (0 * W, X, 0 * Y)):
        assert_returns(
            student.per_example_grads(*arrays),
            closed_form(*arrays),
            rtol=RTOL,
            atol=ATOL,
            hint="differences of losses, which are not exact; gradients cut off; or a division by "
            "something that may be 0",
        )


@pytest.mark.purity(points=1)
def test_is_pure(student, rng):
    """The arguments survive, and nothing else matters."""
    # Sizes of their own: a side effect of tracing shows at the first call alone.
    calls = [
        draw_case(rng, 7, 3, 2),
        draw_case(rng, 2, 2, 2),
        tuple(jnp.asarray(a) for a in draw_case(rng, 7, 3, 2)),
    ]
    # The lesson plants no bait for this exercise, so a fresh run would show nothing new.
    assert_pure(student.per_example_grads, calls, rtol=RTOL, atol=ATOL, fresh=False)


@pytest.mark.speed(points=1)
def test_beats_the_row_loop(student, rng, race):
    """At least 3 times as fast as a NumPy loop over 20,000 examples, compilation not counted."""
    # Quiet: right answers 7 to 18, a Python loop 0.1.
    race(
        "per_example_grads",
        make_arguments=lambda rng: draw_case(rng, 20_000, 16, 8),
        minimum=3,
        rtol=RTOL,
        atol=ATOL,
    )
    assert_compiled_once(student.per_example_grads, *draw_case(rng, 3, 2, 1))
