"""Hidden tests of diffuse."""

import jax.numpy as jnp
import numpy as np
import pytest

from jaxercise.checks.assertions import assert_pure, assert_returns, fail

# A step is a mean of three temperatures between -2 and 2, so it makes no error larger, and adds
# 4 roundings of 6e-8 x 8 at most: 2e-6 a step, for at most 70 steps.
RTOL, ATOL = 0.0, 1.5e-4
N_STEPS = 6


def draw_case(rng, n, steps, library=jnp):
    u = rng.uniform(-2, 2, n).astype(np.float32)
    dts = rng.uniform(0.05, 0.5, steps).astype(np.float32)
    dts[2:3] = 0.0
    return library.asarray(u), library.asarray(dts)


@pytest.mark.correctness(points=1)
def test_temperatures_are_right(student, reference, rng):
    """The temperatures are right, also under jax.jit."""
    for n, steps, library in ((7, 5, jnp), (3, 1, np), (40, 70, np), (5, 5, jnp)):
        case = draw_case(rng, n, steps, library)
        for call in (student.diffuse, student.diffuse.jitted()):
            assert_returns(
                call(*case),
                reference.diffuse(*case),
                rtol=RTOL,
                atol=ATOL,
                hint="one time step for all in place of each entry of dts, a step too few, no "
                "step after one of 0, or ends of the ring that are not neighbours",
            )
    for u, hint in (
        (np.zeros(5), "a division by the temperatures, which may be 0"),
        (rng.uniform(-2, 2, 3000), "places left out beyond some number"),
    ):
        case = jnp.asarray(u, jnp.float32), jnp.array([0.25, 0.5])
        assert_returns(
            student.diffuse(*case), reference.diffuse(*case), rtol=RTOL, atol=ATOL, hint=hint
        )
    small = jnp.asarray(1e-9 * rng.uniform(-2, 2, 5), jnp.float32), jnp.array([0.25, 0.5])
    assert_returns(
        student.diffuse(*small),
        reference.diffuse(*small),
        rtol=RTOL,
        atol=1e-9 * ATOL,
        hint="temperatures that are rounded, or small ones taken for 0",
    )
    balanced = jnp.array([1, -1, 0.5, -0.5, 0, 0], jnp.float32), jnp.array([0.25, 0.5])
    assert_returns(
        student.diffuse(*balanced),
        reference.diffuse(*balanced),
        rtol=RTOL,
        atol=ATOL,
        hint="a division by the sum of all temperatures, which may be 0",
    )


@pytest.mark.correctness(points=2)
def test_new_time_steps_are_not_traced(student, reference, rng):
    """New temperatures and time steps use the program that is already compiled."""
    first, *others = [draw_case(rng, 9, N_STEPS) for _ in range(3)]
    student.diffuse(*first).numpy()
    for case in others:
        seen = student.diffuse.without_tracing()(*case)
        if seen.error is not None and "tracing" in seen.error.message:
            fail(
                "diffuse is traced and compiled again for new time steps. Likely cause: dt or all "
                "of dts is static, or a jax.jit or a lax.scan is made anew at each call; let dt be "
                "an ordinary argument of a function that is compiled outside of diffuse."
            )
        assert_returns(
            seen,
            reference.diffuse(*case),
            rtol=RTOL,
            atol=ATOL,
            hint="time steps of an earlier call, kept in a compiled program or in a cache",
        )
    top = student.diffuse.jaxpr(*first).numpy()["top"]
    eager = sum(int(top.get(name, 0)) for name in ("add", "sub", "mul"))
    # A length of its own: JAX may go on refusing what it has refused to trace.
    new = student.diffuse.without_tracing()(*draw_case(rng, 11, N_STEPS))
    if eager >= 2 * N_STEPS and not new.needs_tracing:
        fail(
            "diffuse is not compiled: its steps run one operation after the other. Keep a "
            "@jax.jit, at the step or at the whole, without static_argnames."
        )


@pytest.mark.purity(points=1)
def test_is_pure(student, rng):
    """Nothing but the arguments matters, and the caller's arrays survive."""
    calls = [draw_case(rng, 6, 4, library) for library in (np, jnp, jnp)]
    assert_pure(student.diffuse, calls, rtol=1e-5, atol=ATOL)
