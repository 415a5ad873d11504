"""Hidden tests of ant_step."""

import jax.numpy as jnp
import numpy as np
import pytest

from jaxercise.checks.assertions import assert_pure, assert_returns

# Whole numbers are exact.
RTOL = 0.0
AHEAD = ((-1, 0), (0, 1), (1, 0), (0, -1))  # up, right, down, left


def ant(library, board, *place):
    names = ("row", "column", "heading")
    parts = {"board": board, **dict(zip(names, place, strict=True))}
    return {name: library.asarray(np.asarray(part, np.int32)) for name, part in parts.items()}


def step_by_if(state):
    """The two rules as the lesson words them."""
    board = np.array(state["board"])
    row, column, heading = (int(state[name]) for name in ("row", "column", "heading"))
    heading = (heading + 1 if board[row, column] == 0 else heading - 1) % 4
    board[row, column] = 1 - board[row, column]
    down, right = AHEAD[heading]
    rows, columns = board.shape
    return ant(jnp, board, (row + down) % rows, (column + right) % columns, heading)


@pytest.mark.correctness(points=2)
def test_takes_one_step(student, rng):
    """The ant turns by the colour of its square, changes it, and walks, from any side of it."""
    for heading in range(4):
        for colour in (0, 1):
            board = rng.integers(0, 2, (4, 5))
            board[2, 1] = colour
            state = ant((jnp, np)[heading % 2], board, 2, 1, heading)
            assert_returns(
                student.ant_step(state),
                step_by_if(state),
                rtol=RTOL,
                hint="left and right exchanged, rows and columns exchanged, a heading outside 0 "
                "to 3, or the square ahead changed in place of the one the ant stands on",
            )
    for place in ((255, 128), (127, 255), (280, 290)):
        state = ant(jnp, rng.integers(0, 2, (300, 300)), *place, int(rng.integers(0, 4)))
        assert_returns(
            student.ant_step(state),
            step_by_if(state),
            rtol=RTOL,
            hint="row or column in eight bits, which end at 127 or 255",
        )
    for shape, place in (((4, 6), (0, 2)), ((4, 6), (3, 5)), ((6, 4), (5, 0)), ((1, 1), (0, 0))):
        for heading in range(4):
            state = ant(jnp, rng.integers(0, 2, shape), *place, heading)
            assert_returns(
                student.ant_step(state),
                step_by_if(state),
                rtol=RTOL,
                hint="an ant that leaves the board, or comes back at the wrong place, such as one "
                "of rows taken modulo the number of columns",
            )


@pytest.mark.purity(points=1)
def test_is_pure(student, rng):
    """The old state survives, and the step can be compiled."""
    calls = [
        (ant(library, rng.integers(0, 2, (3, 4)), 1, 2, heading),)
        for library, heading in ((np, 0), (jnp, 3), (jnp, 2))
    ]
    assert_pure(student.ant_step, calls)
