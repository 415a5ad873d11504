"""Hidden tests of next_row."""

import jax.numpy as jnp
import numpy as np
import pytest

from jaxercise.checks.assertions import assert_pure, assert_returns, fail

# Whole numbers are exact.
RTOL = 0.0


def next_row_by_loop(rule, row):
    """The definition, cell by cell."""
    digits = f"{rule:08b}"[::-1]
    cells = [int(cell) for cell in row]
    triples = zip(cells[-1:] + cells[:-1], cells, cells[1:] + cells[:1], strict=True)
    return jnp.array([int(digits[4 * a + 2 * b + c]) for a, b, c in triples], jnp.int32)


@pytest.mark.correctness(points=2)
def test_follows_every_rule(student, rng):
    """Each triple of cells is looked up in the bits of the rule, for rules of all kinds."""
    rules = [0, 255, 1, 128, 2, 8, 90, *(int(rule) for rule in rng.integers(0, 256, 8))]
    for i, rule in enumerate(rules):
        # Every triple of three cells: a ring of eight that has them all, and a random one.
        for row in (np.array([0, 0, 0, 1, 0, 1, 1, 1]), rng.integers(0, 2, 31)):
            row = (np if i % 2 else jnp).asarray(row.astype(np.int32))
            assert_returns(
                student.next_row(rule, row),
                next_row_by_loop(rule, row),
                rtol=RTOL,
                hint="left and right exchanged, the bits read from the other end, digits left "
                "beside the last one, or cells at the ends that are not neighbours",
            )
    for row in ([1], [0], [1, 0], [0, 1, 1], [0, 0, 0, 0], [1, 1, 1, 1]):
        for rule in (30, 105):
            assert_returns(
                student.next_row(rule, jnp.array(row, jnp.int32)),
                next_row_by_loop(rule, row),
                rtol=RTOL,
                hint="code that needs more cells, or cells that are not all equal; in a ring of "
                "one, a cell is its own neighbour",
            )
    assert_all_at_once(student)
    row = rng.integers(0, 2, 600)
    assert_returns(
        student.next_row(30, jnp.asarray(row, jnp.int32)),
        next_row_by_loop(30, row),
        rtol=RTOL,
        hint="positions in eight bits, or a row packed into one number; a row may be long",
    )


def assert_all_at_once(student):
    """A Python loop over the cells records more operations, the more cells there are."""
    short, middle, long = (student.next_row.jaxpr(30, np.ones(n, np.int32)) for n in (10, 40, 160))
    if any(seen.error is not None for seen in (short, middle, long)):
        return  # Left to the check of purity.
    first, second, third = (int(seen.numpy()["equations"]) for seen in (short, middle, long))
    # With four times as many cells, a loop grows as many times; halving by recursion adds the
    # same number of operations each time.
    if third - second > max(45, 2 * (second - first)):
        fail(
            "next_row does more operations the longer the row is. Likely cause: a Python loop "
            "over the cells; jnp.roll moves all of them at once."
        )


@pytest.mark.purity(points=1)
def test_is_pure(student, rng):
    """The row survives, and the rule may be traced."""
    calls = [
        (rule, library.asarray(rng.integers(0, 2, 9).astype(np.int32)))
        for rule, library in ((30, np), (110, jnp), (225, jnp))
    ]
    assert_pure(student.next_row, calls)
