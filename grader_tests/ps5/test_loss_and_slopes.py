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


@pytest.mark.correctness(points=2)
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


@pytest.mark.purity(points=1)
def test_is_pure(student, rng):
    """Nothing but the arguments matters, and the parameters survive."""
    calls = [draw_case(rng, 4, 2, library) for library in (np, jnp)]
    assert_pure(student.loss_and_slopes, calls, rtol=RTOL, atol=ATOL)
