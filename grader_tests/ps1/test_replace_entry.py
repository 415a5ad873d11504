"""Hidden tests of replace_entry."""

import jax.numpy as jnp
import numpy as np
import pytest

from grader_tests.ps1.one_entry import LONG, N, cases_inside, draw_case, long_case
from jaxercise.checks.assertions import assert_pure, assert_returns

# Entries are copied and one is replaced, so all come back exactly.
RTOL = 0.0


@pytest.mark.correctness(points=2)
def test_replaces_one_entry(student, reference, rng):
    """One entry is new, the others stay, and so does the dtype."""
    for x, i, value, hint in cases_inside(
        rng,
        plain="NumPy where a jax array is meant, a changed dtype (float32 on the way is one, too), "
        "or the value added to the entry; jnp.asarray(x).at[i].set(value) is what to return",
        large="the value made float32, which holds no int32 above 2**24 to the last digit, or "
        "kept only if it is larger or not 0",
    ):
        assert_returns(
            student.replace_entry(x, i, value),
            reference.replace_entry(x, i, value),
            rtol=RTOL,
            hint=hint,
        )


@pytest.mark.correctness(points=1)
def test_follows_the_rules_for_indices(student, reference, rng):
    """Negative indices count from the end; beyond the ends nothing is replaced; so under jit."""
    for indices, hint in (
        ((-1, -3, -N), "negative indices left out; -1 is the last entry, as in NumPy"),
        (
            (N, N + 3, -N - 1, 10 * N, 256, -(2**16)),
            "an index beyond the ends clipped to the last entry, wrapped around by %, or made "
            "narrow; with such an index the result equals x",
        ),
    ):
        for i in indices:
            x, value = draw_case(rng, N)
            for how, function in (
                ("", student.replace_entry),
                ("under jax.jit, where i is traced, ", student.replace_entry.jitted()),
            ):
                assert_returns(
                    function(x, i, value),
                    reference.replace_entry(x, i, value),
                    rtol=RTOL,
                    hint=how + hint,
                )
    x, _, value = long_case(rng)
    assert_returns(
        student.replace_entry(x, -200_000, value),
        reference.replace_entry(x, -200_000, value),
        rtol=RTOL,
        hint=LONG,
    )


@pytest.mark.purity(points=2)
def test_is_pure(student, rng):
    """The caller's array survives, NumPy or JAX."""
    # A size of its own: a side effect of tracing shows at the first call alone.
    n = N + 3
    calls = []
    for library, i in ((np, 2), (jnp, -1), (np, -n)):
        x, value = draw_case(rng, n)
        calls.append((library.asarray(x), i, value))
    assert_pure(student.replace_entry, calls)
