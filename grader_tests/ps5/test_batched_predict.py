"""Hidden tests of batched_predict."""

from itertools import pairwise

import jax.numpy as jnp
import numpy as np
import pytest

from jaxercise.checks.assertions import assert_pure, assert_returns, fail

# A GPU multiplies matrices in TF32 unless it is told otherwise, which rounds each factor by
# 5e-4: of 5 products below 0.5 in a sum 2.5e-3, of the first layer's 3e-3, and layers to come
# enlarge an error hardly. A wrong answer is off by 0.1 and more.
RTOL, ATOL = 0.0, 1e-2


def draw_case(rng, batch, *widths, library=np):
    def draw(*shape):
        return library.asarray(rng.uniform(-0.5, 0.5, shape).astype(np.float32))

    params = [
        {"weights": draw(outputs, inputs), "bias": draw(outputs)}
        for inputs, outputs in pairwise(widths)
    ]
    return params, draw(batch, widths[0]) * 4


def by_numpy(params, X):
    X = np.asarray(X, np.float64)
    for i, layer in enumerate(params):
        X = X @ np.asarray(layer["weights"], np.float64).T + np.asarray(layer["bias"], np.float64)
        X = np.tanh(X) if i < len(params) - 1 else X
    return jnp.asarray(X, jnp.float32)


def far_case():
    """So far out that each tanh is 1 or -1."""
    params = [{"weights": np.ones((2, 2), np.float32), "bias": np.zeros(2, np.float32)}] * 2
    return params, np.array([[300, 400], [-500, -100]], np.float32)


def bias_first(params):
    return [{name: layer[name] for name in ("bias", "weights")} for layer in params]


@pytest.mark.correctness(points=2)
def test_predicts_each_row(student, rng):
    """One prediction for each row, all by the same parameters."""
    # In the second case batch and widths agree, so that mapping over the parameters goes unnoticed.
    for batch, *widths in ((6, 3, 4, 2), (4, 4, 4), (6, 3, 4, 2), (3000, 2, 2)):
        params, X = draw_case(rng, batch, *widths)
        assert_returns(
            student.batched_predict(params, X),
            by_numpy(params, X),
            rtol=RTOL,
            atol=ATOL,
            hint="parameters that are mapped over as well (in_axes says None for what is the same "
            "in every example), parameters of the notebook, or batch and outputs exchanged",
        )


@pytest.mark.correctness(points=1)
def test_handles_edge_cases(student, rng):
    """A batch of one, a single layer, a single output, four layers, JAX arrays."""
    for case, hint in (
        (
            draw_case(rng, 1, 3, 4, 2),
            "a batch of one squeezed away; the result has shape (1, outputs)",
        ),
        (
            draw_case(rng, 5, 3, 1),
            "an axis of length one squeezed away; the result has shape (batch, 1)",
        ),
        (draw_case(rng, 3, 2, 4, 5, 3, 2), "a fixed number of layers; params has any number"),
        (draw_case(rng, 6, 3, 4, 2, library=jnp), "code that only NumPy arrays allow"),
        (far_case(), "a tanh made of exponentials, which overflow; jnp.tanh does not"),
        (
            (bias_first(draw_case(rng, 6, 3, 3, 3)[0]), draw_case(rng, 6, 3)[1]),
            "the entries of a layer taken in their order; take them by name",
        ),
    ):
        assert_returns(
            student.batched_predict(*case), by_numpy(*case), rtol=RTOL, atol=ATOL, hint=hint
        )
    # Nothing to multiply: the biases come out to their last digit, on a GPU as well.
    params, X = draw_case(rng, 3, 2, 4)
    assert_returns(
        student.batched_predict(params, 0 * X),
        by_numpy(params, 0 * X),
        rtol=1e-6,
        hint="half precision (float16 or bfloat16) on the way; compute in float32",
    )


@pytest.mark.correctness(points=1)
def test_has_no_loop(student, rng):
    """All rows at once: the recorded program is as long for 40 rows as for 4."""
    params, X = draw_case(rng, 20_000, 3, 4, 2)
    # A loop over each row shows for few rows; one over blocks of 1000, say, for many.
    for n_few, n_many in ((4, 40), (2_000, 20_000)):
        few, many = (student.batched_predict.jaxpr(params, X[:n]).numpy() for n in (n_few, n_many))
        # A right answer adds none.
        if many["equations"] > few["equations"] + 4:
            fail(
                "batched_predict records more operations the more rows there are: it loops over "
                "the rows, or over blocks of them, in Python. Let jax.vmap apply predict to all of "
                "them at once."
            )
    if {"scan", "while", "pure_callback", "io_callback"} & many["primitives"].keys():
        fail(
            "batched_predict takes one row after the other in a compiled loop, or calls back into "
            "Python. The rows do not depend on each other: let jax.vmap treat all of them at once."
        )


@pytest.mark.purity(points=1)
def test_is_pure(student, rng):
    """The parameters come from the argument alone, and the arguments survive."""
    # The widths (2, 3, 1) are those of the notebook's own model.
    calls = [draw_case(rng, 3, 2, 3, 1), draw_case(rng, 3, 2, 3, 1), draw_case(rng, 6, 3, 4, 2)]
    assert_pure(student.batched_predict, calls, rtol=RTOL, atol=ATOL)
