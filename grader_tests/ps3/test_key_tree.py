"""Hidden tests of key_tree."""

import numpy as np
import pytest

from jaxercise.checks.assertions import assert_pure, assert_reproducible, assert_returns, fail
from jaxercise.wire import records

DEPTH = 5


@pytest.mark.correctness(points=1)
def test_depth_zero_and_one(student, reference, new_key):
    """Depth 0 gives the key itself, depth 1 its two children."""
    for typed in (True, False):
        for depth in (0, 1):
            key = new_key(typed=typed)
            seen = student.key_tree(key, depth)
            assert_returns(
                seen,
                reference.key_tree(key, depth),
                rtol=0,
                hint="return one array of 2**depth keys: key[None] for depth 0, "
                "random.split(key) for depth 1",
            )
            if typed != isinstance(seen.value, records.Key):
                fail(
                    "key_tree returns legacy keys for a typed key. Likely cause: random.key_data; "
                    "the keys that come out are of the form of the key that came in."
                )


@pytest.mark.correctness(points=2)
def test_deeper_leaves_from_left_to_right(student, reference, new_key):
    """Deeper trees have all their leaves, from left to right."""
    for depth, typed in ((3, True), (4, False), (10, True), (7, False)):
        key = new_key(typed=typed)
        assert_returns(
            student.key_tree(key, depth),
            reference.key_tree(key, depth),
            rtol=0,
            hint="split every key of one level into two, keep each pair of children side by "
            "side, and do so once for each level",
        )


@pytest.mark.purity(points=1)
def test_is_pure(student, new_key):
    """The same key gives the same leaves, and nothing else is touched."""
    calls = [(new_key(), 3), (new_key(typed=False), 3)]
    assert_pure(student.key_tree, calls, static_argnums=(1,))


@pytest.mark.reproducibility(points=1)
def test_no_key_is_used_twice(student, new_key):
    """The key alone decides the leaves, and no key appears or is split twice."""
    assert_reproducible(student.key_tree, new_key, 3)
    leaves = getattr(student.key_tree(new_key(), DEPTH).value, "data", None)
    if not isinstance(leaves, np.ndarray) or leaves.shape != (2**DEPTH, 2):
        return  # Left to the correctness checks.
    # Two right leaves are equal with a chance of 120 / 2**64.
    if len(np.unique(leaves, axis=0)) < 2**DEPTH:
        fail(
            "key_tree: some leaves are the same key, so that their draws would be the same. "
            "After random.split(key) go on with its two children, and never with `key` itself."
        )
