"""Hidden tests of scale_entries."""

import jax.numpy as jnp
import numpy as np
import pytest

from jaxercise.checks.assertions import assert_pure, assert_returns

# At most six float32 products, 6e-8 each, or a power that is right to a few times that.
RTOL = 1e-5


def draw_case(rng, n, library=np):
    """Entries of either sign and a 0; the factor is negative for NumPy arrays."""
    x = (rng.uniform(1, 10, n) * rng.choice([-1, 1], n)).astype(np.float32)
    x[-1] = 0
    return library.asarray(x), float((-1 if library is np else 1) * rng.uniform(1.5, 2.5))


@pytest.mark.correctness(points=1)
def test_scales_the_named_entries(student, reference, rng):
    """Different indices, each mentioned once; a factor of zero."""
    for library in (np, jnp):
        x, factor = draw_case(rng, 9, library)
        idx = library.asarray(rng.permutation([8, *rng.permutation(8)[:5]]))  # 8: an entry of 0
        assert_returns(
            student.scale_entries(x, idx, factor),
            reference.scale_entries(x, idx, factor),
            rtol=RTOL,
            hint="something other than a product, changes to entries that idx does not mention, "
            "the sign of an entry or of the factor lost, a division by an entry, which may be 0, "
            "or NumPy where a jax array is meant; see .at[idx].multiply",
        )
    huge = np.array([1e29, -3e28, 2e-29], np.float32)
    assert_returns(
        student.scale_entries(huge, np.array([0, 1, 2]), 2.5),
        reference.scale_entries(huge, np.array([0, 1, 2]), 2.5),
        rtol=RTOL,
        hint="entries cut off where they are large, or taken for 0 where they are small",
    )
    x, factor = draw_case(rng, 1000)
    assert_returns(
        student.scale_entries(x, np.arange(1000), factor),
        reference.scale_entries(x, np.arange(1000), factor),
        rtol=RTOL,
        hint="entries or indices left out beyond some number",
    )
    x, factor = draw_case(rng, 300)
    many = rng.permutation(np.concatenate([np.arange(250), np.arange(250)]))
    assert_returns(
        student.scale_entries(x, many, factor),
        reference.scale_entries(x, many, factor),
        rtol=RTOL,
        hint="only some number of different indices scaled; all that idx mentions are",
    )
    large = np.array([1e8, -3e5, 2.5e-3], np.float32)
    assert_returns(
        student.scale_entries(large, np.array([0, 1, 2]), 1e-6),
        reference.scale_entries(large, np.array([0, 1, 2]), 1e-6),
        rtol=RTOL,
        hint="a difference added in place of a product: beside a large entry a small result loses "
        "its digits",
    )
    last = np.array([298])
    assert_returns(
        student.scale_entries(x, last, factor),
        reference.scale_entries(x, last, factor),
        rtol=RTOL,
        hint="indices in a narrow dtype; 298 does not fit into eight bits",
    )
    assert_returns(
        student.scale_entries(x, idx, 0.0),
        reference.scale_entries(x, idx, 0.0),
        rtol=RTOL,
        hint="a factor of 0 taken for a missing one; it makes entries 0",
    )


@pytest.mark.correctness(points=2)
def test_scales_once_for_each_mention(student, reference, rng):
    """An index that is mentioned three times scales its entry three times."""
    for library, mentions in ((np, (3, 0, 1, 2)), (jnp, (6,)), (np, (0, 2, 2, 2))):
        x, factor = draw_case(rng, 9, library)
        idx = library.asarray(rng.permutation(np.repeat(np.arange(len(mentions)), mentions)))
        assert_returns(
            student.scale_entries(x, idx, factor),
            reference.scale_entries(x, idx, factor),
            rtol=RTOL,
            hint="an index that occurs several times scales only once, as when x[idx] is "
            "read, multiplied and set; see .at[idx].multiply",
        )
    x, _ = draw_case(rng, 9)
    idx = np.repeat([4, 1], [300, 2])
    # 300 float32 products: 300 x 6e-8.
    assert_returns(
        student.scale_entries(x, idx, 0.99),
        reference.scale_entries(x, idx, 0.99),
        rtol=1e-4,
        hint="mentions counted in eight bits, which hold 255 at most",
    )
    repeats = jnp.asarray(idx[:2])
    seen = student.scale_entries.jitted()(x, repeats, -2.0)
    expected = reference.scale_entries(x, repeats, -2.0)
    assert_returns(seen, expected, rtol=RTOL, hint="repeats lost under jax.jit")


@pytest.mark.purity(points=1)
def test_is_pure(student, rng):
    """The caller's arrays survive, NumPy or JAX."""
    calls = []
    for library in (np, jnp):
        x, factor = draw_case(rng, 9, library)
        calls.append((x, library.asarray(np.array([3, 0, 4, 8, 1, 6], np.int32)), factor))
    assert_pure(student.scale_entries, calls)
