"""Hidden tests of affine."""

import jax.numpy as jnp
import numpy as np
import pytest

from jaxercise.checks.assertions import assert_pure, assert_returns

# Sums of at most 16 products of size 1 (and a bias) in any order: 17 x 6e-8 of their
# absolute sum, which stays below 17 x 3.
RTOL, ATOL = 1e-5, 5e-5


def draw_case(rng, batch, features, outputs, library=jnp):
    def draw(*shape):
        entries = rng.uniform(0.5, 1.5, shape) * rng.choice([-1, 1], shape)
        return library.asarray(entries.astype(np.float32))

    return {"weights": draw(features, outputs), "bias": draw(outputs)}, draw(batch, features)


@pytest.mark.correctness(points=2)
def test_applies_the_given_weights(student, reference, rng):
    """The weights and the bias come from the argument, in every call."""
    for shape in ((3, 2, 1), (8, 16, 4), (4, 4, 4), (3, 2, 1)):
        params, x = draw_case(rng, *shape)
        assert_returns(
            student.affine(params, x),
            reference.affine(params, x),
            rtol=RTOL,
            atol=ATOL,
            hint="the weights of the notebook, or of an earlier call, in place of those in params, "
            "or a square matrix transposed",
        )
    # The notebook's own bias has this shape, and is not 0.
    params, x = draw_case(rng, 3, 2, 1)
    for name in ("bias", "weights"):
        changed = params | {name: 0 * params[name]}
        assert_returns(
            student.affine(changed, x),
            reference.affine(changed, x),
            rtol=RTOL,
            atol=ATOL,
            hint=f"{name} of 0 taken for missing ones; they are in params like any other",
        )
    params, x = draw_case(rng, 4, 3, 2)
    turned = dict(reversed(params.items()))
    assert_returns(
        student.affine(turned, x),
        reference.affine(turned, x),
        rtol=RTOL,
        atol=ATOL,
        hint="weights and bias told apart by their order in params; go by their names",
    )
    for scale, hint in (
        (1e-9, "small entries or outputs rounded or set to 0"),
        (1e9, "large entries or outputs clipped, or a narrower dtype on the way"),
    ):
        for factor in ("weights", "x"):
            scaled = {"bias": scale * params["bias"], "weights": params["weights"]}
            if factor == "weights":
                scaled["weights"] = scale * params["weights"]
            at = scale * x if factor == "x" else x
            assert_returns(
                student.affine(scaled, at),
                reference.affine(scaled, at),
                rtol=RTOL,
                atol=scale * ATOL,
                hint=hint,
            )


@pytest.mark.correctness(points=1)
def test_handles_edge_cases(student, reference, rng):
    """NumPy arrays beside JAX arrays, a batch of one, an empty batch."""
    for shape, library, hint in (
        (
            (5, 3, 2),
            np,
            "no jnp.asarray where NumPy comes in; the result is a JAX array",
        ),
        ((3000, 2, 2), np, "examples left out beyond some number"),
        ((1, 3, 2), jnp, "a batch of one squeezed away; the result keeps both axes"),
        ((0, 3, 2), jnp, "code that needs at least one example; the result has shape (0, outputs)"),
        ((6, 1, 1), jnp, "an axis of length one squeezed away; the result has shape (batch, 1)"),
    ):
        params, x = draw_case(rng, *shape, library=library)
        assert_returns(
            student.affine(params, x),
            reference.affine(params, x),
            rtol=RTOL,
            atol=ATOL,
            hint=hint,
        )

    for in_params, library in ((np, jnp), (jnp, np)):
        params, x = draw_case(rng, 5, 3, 2, library=in_params)
        assert_returns(
            student.affine(params, library.asarray(x)),
            reference.affine(params, x),
            rtol=RTOL,
            atol=ATOL,
            hint="the same kind of array expected everywhere; NumPy and JAX may come mixed",
        )


@pytest.mark.purity(points=2)
def test_is_pure(student, rng):
    """Nothing but the arguments matters, and the arguments survive."""
    # Shaped as the notebook's own weights, so that reading those gives an answer, not an error.
    calls = [draw_case(rng, 3, 2, 1, library=library) for library in (np, jnp, jnp)]
    # Results of the shape of the bias, and of that of x, into whose memory they would fit.
    calls += [draw_case(rng, 1, 2, 1, library=np), draw_case(rng, 3, 2, 2)]
    assert_pure(student.affine, calls, rtol=RTOL, atol=ATOL)
