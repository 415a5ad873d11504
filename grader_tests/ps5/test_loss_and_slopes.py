"""Hidden tests of loss_and_slopes."""

import jax.numpy as jnp
import numpy as np
import pytest

from jaxercise.checks.assertions import assert_pure, assert_returns

# Predictions of at most 5 products of 2 x 2, less y below 10: below 32, with an error of
# 8 x 6e-8 x 32. Slopes are means of 2 x 32 x 2 at most: errors below 1e-4 of that size.
RTOL, ATOL = 1e-4, 1e-3
HINT = (
    "a column less a vector, which is a matrix of every pair; a sum or half of the mean in place "
    "of the mean; or the slopes of something else than params"
)


def draw_case(rng, n, features, library=jnp):
    def draw(*shape):
        return library.asarray(rng.uniform(-2, 2, shape).astype(np.float32))

    return {"weights": draw(features, 1), "bias": draw(1)}, draw(n, features), 4 * draw(n)


@pytest.mark.correctness(points=1)
def test_compares_each_prediction_with_its_own_value(student, reference, rng):
    """Loss and slopes are those of each prediction less its own measured value."""
    for n, features, library in ((6, 2, jnp), (30, 5, np), (4, 4, jnp), (1, 1, np), (1, 3, jnp)):
        case = draw_case(rng, n, features, library)
        assert_returns(
            student.loss_and_slopes(*case),
            reference.loss_and_slopes(*case),
            rtol=RTOL,
            atol=ATOL,
            hint=HINT,
        )
    params, X, _ = draw_case(rng, 5, 2)
    exact = (X @ params["weights"] + params["bias"])[:, 0]
    assert_returns(
        student.loss_and_slopes(params, X, exact),
        reference.loss_and_slopes(params, X, exact),
        rtol=RTOL,
        atol=ATOL,
        hint="a loss or slopes that are not 0 where every prediction is right, such as NaN from a "
        "root of 0, or from a column less a vector",
    )


@pytest.mark.correctness(points=1)
def test_counts_every_example_as_it_is(student, reference, rng):
    """Zeros, an outlier at the end of many examples, large numbers, small errors of large ones."""
    with_zeros = params, X, y = draw_case(rng, 30, 3, np)
    X[::5], y[::3] = 0, 0
    assert_returns(
        student.loss_and_slopes(*with_zeros),
        reference.loss_and_slopes(*with_zeros),
        rtol=RTOL,
        atol=ATOL,
        hint="examples that are left out because their y, or their features, are 0",
    )
    many = draw_case(rng, 2500, 3, np)
    many[2][-1] = 1000  # Adds 400 to the loss, and 0.8 to the slope of the bias.
    large = {name: 1e6 * entry for name, entry in params.items()}, X, 1e6 * y
    for case, scale, hint in (
        (many, 1, "examples that are left out beyond some number, or outliers that are cut off"),
        (large, 1e6, "errors that are cut off, or slopes by differences, which lose their digits"),
    ):
        assert_returns(
            student.loss_and_slopes(*case),
            reference.loss_and_slopes(*case),
            rtol=RTOL,
            atol=ATOL * scale,
            hint=hint,
        )
    nothing = {"weights": np.zeros((2, 1), np.float32), "bias": np.zeros(1, np.float32)}
    zeros = np.zeros((3, 2), np.float32), np.zeros(3, np.float32)
    assert_returns(
        student.loss_and_slopes(nothing, *zeros),
        reference.loss_and_slopes(nothing, *zeros),
        rtol=RTOL,
        hint="a division by numbers that may all be 0",
    )
    # A feature that is 0 in every example, with a large weight: neither counts.
    params, X, y = draw_case(rng, 6, 2, np)
    X[:, 0], params["weights"][0] = 0, 1e6
    assert_returns(
        student.loss_and_slopes(params, X, y),
        reference.loss_and_slopes(params, X, y),
        rtol=RTOL,
        atol=ATOL,
        hint="something added to the mean squared error, such as a weight decay",
    )
    # Predictions near 4096 that are off by an eighth: numbers that float32 holds exactly, and so
    # are their sums. Their squares are 2e7, which it holds to 1.
    weights, X = rng.integers(-4, 5, (3, 1)), rng.integers(-4, 5, (30, 3))
    off = rng.choice([-1, 1], (30, 1)) / 8
    y = (X @ weights + 4096 - off)[:, 0]
    slopes = {"weights": 2 * X.T @ off / 30, "bias": 2 * off.mean(axis=0)}
    assert_returns(
        student.loss_and_slopes(
            {"weights": weights.astype(np.float32), "bias": np.full(1, 4096, np.float32)},
            X.astype(np.float32),
            y.astype(np.float32),
        ),
        (jnp.float32(1 / 64), {name: jnp.float32(slope) for name, slope in slopes.items()}),
        rtol=RTOL,
        atol=1e-6,
        hint="the square multiplied out, which takes the difference of large, nearly equal "
        "numbers; subtract first, then square",
    )


@pytest.mark.purity(points=1)
def test_is_pure(student, rng):
    """Nothing but the arguments matters, and the parameters survive."""
    calls = [draw_case(rng, 4, 2, library) for library in (np, jnp)]
    assert_pure(student.loss_and_slopes, calls, rtol=RTOL, atol=ATOL)
