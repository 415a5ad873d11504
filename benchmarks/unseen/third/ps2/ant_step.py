# %% right: two tables and %
class Ant(TypedDict):
    board: Int32[Array, "rows columns"]
    row: Int32[Array, ""]
    column: Int32[Array, ""]
    heading: Int32[Array, ""]


def ant_step(state: Ant) -> Ant:
    """Return board and ant after one step."""
    board, row, column, heading = (
        jnp.asarray(state[name]) for name in ("board", "row", "column", "heading")
    )
    rows, columns = board.shape
    colour = board[row, column]
    heading = (heading + 1 + 2 * colour) % 4
    return {
        "board": board.at[row, column].set(1 - colour),
        "row": (row + jnp.array([-1, 0, 1, 0])[heading]) % rows,
        "column": (column + jnp.array([0, 1, 0, -1])[heading]) % columns,
        "heading": heading,
    }


# %% right: functional, cond for the turn and switch for the walk
def _right(heading):
    return (heading + 1) % 4


def _left(heading):
    return (heading + 3) % 4


_WALKS = (
    lambda row, column: (row - 1, column),
    lambda row, column: (row, column + 1),
    lambda row, column: (row + 1, column),
    lambda row, column: (row, column - 1),
)


def ant_step(state):
    state = jax.tree.map(jnp.asarray, dict(state))
    board, here = state["board"], (state["row"], state["column"])
    is_black = board[here] == 1
    heading = lax.cond(is_black, _left, _right, state["heading"])
    row, column = lax.switch(heading, _WALKS, *here)
    return dict(
        board=board.at[here].set(lax.select(is_black, jnp.int32(0), jnp.int32(1))),
        row=jnp.mod(row, board.shape[0]),
        column=jnp.mod(column, board.shape[1]),
        heading=heading,
    )


# %% right: physicist, a mask for the square and where for everything
def ant_step(state):
    board = jnp.array(state["board"], jnp.int32)
    i = jnp.array(state["row"], jnp.int32)
    j = jnp.array(state["column"], jnp.int32)
    h = jnp.array(state["heading"], jnp.int32)
    n_rows, n_columns = board.shape

    ii = jnp.arange(n_rows, dtype=jnp.int32)[:, None]
    jj = jnp.arange(n_columns, dtype=jnp.int32)[None, :]
    under_ant = (ii == i) & (jj == j)
    colour = jnp.sum(jnp.where(under_ant, board, 0)).astype(jnp.int32)

    h = jnp.where(colour == 0, h + 1, h - 1)
    h = jnp.where(h == 4, 0, h)
    h = jnp.where(h == -1, 3, h)

    board = jnp.where(under_ant, 1 - board, board)

    i = i + (h == 2).astype(jnp.int32) - (h == 0).astype(jnp.int32)
    j = j + (h == 1).astype(jnp.int32) - (h == 3).astype(jnp.int32)
    i = jnp.where(i < 0, n_rows - 1, jnp.where(i >= n_rows, 0, i))
    j = jnp.where(j < 0, n_columns - 1, jnp.where(j >= n_columns, 0, j))
    return {"board": board, "row": i, "column": j, "heading": h}


# %% right: documentation reader, flat board, bits and lax primitives
def ant_step(state):
    one = jnp.int32(1)
    board = jnp.asarray(state["board"], jnp.int32)
    row, column, heading = (
        jnp.asarray(state[name], jnp.int32) for name in ("row", "column", "heading")
    )
    rows, columns = (jnp.int32(size) for size in board.shape)
    square = row * columns + column
    flat = board.reshape(-1)
    colour = lax.dynamic_index_in_dim(flat, square, keepdims=False)
    heading = lax.bitwise_and(heading + one + (colour << 1), jnp.int32(3))
    flat = lax.dynamic_update_index_in_dim(flat, lax.bitwise_xor(colour, one), square, 0)
    # walk: one row back is `rows - 1` rows ahead
    down = lax.select_n(heading, rows - one, jnp.int32(0), one, jnp.int32(0))
    along = lax.select_n(heading, jnp.int32(0), one, jnp.int32(0), columns - one)
    return {
        "board": flat.reshape(board.shape),
        "row": lax.rem(row + down, rows),
        "column": lax.rem(column + along, columns),
        "heading": heading,
    }


# %% wrong: one size for both axes | on a board that is not square the column wraps at the number of rows
def ant_step(state):
    board, row, column, heading = (
        jnp.asarray(state[name]) for name in ("board", "row", "column", "heading")
    )
    size = board.shape[0]
    colour = board[row, column]
    heading = (heading + 1 + 2 * colour) % 4
    row = (row + jnp.array([-1, 0, 1, 0])[heading]) % size
    column_after = (column + jnp.array([0, 1, 0, -1])[heading]) % size
    return {
        "board": board.at[jnp.asarray(state["row"]), column].set(1 - colour),
        "row": row,
        "column": column_after,
        "heading": heading,
    }


# %% wrong: comes back only over the bottom and the left side | leaving at the top gives row -1, at the right column `columns`
def ant_step(state):
    board, row, column, heading = (
        jnp.asarray(state[name]) for name in ("board", "row", "column", "heading")
    )
    rows, columns = board.shape
    colour = board[row, column]
    board = board.at[row, column].set(1 - colour)
    heading = (heading + 1 + 2 * colour) % 4
    row = row + jnp.array([-1, 0, 1, 0])[heading]
    column = column + jnp.array([0, 1, 0, -1])[heading]
    row = jnp.where(row == rows, 0, row)
    column = jnp.where(column < 0, columns - 1, column)
    return {"board": board, "row": row, "column": column, "heading": heading}


# %% wrong: only a negative heading is brought back | a turn to the right from 3 gives heading 4, and the ant walks left
def ant_step(state):
    board, row, column, heading = (
        jnp.asarray(state[name]) for name in ("board", "row", "column", "heading")
    )
    rows, columns = board.shape
    colour = board[row, column]
    board = board.at[row, column].set(1 - colour)
    heading = jnp.where(colour == 0, heading + 1, heading - 1)
    heading = jnp.where(heading < 0, 3, heading)
    row = (row + jnp.array([-1, 0, 1, 0])[heading]) % rows
    column = (column + jnp.array([0, 1, 0, -1])[heading]) % columns
    return {"board": board, "row": row, "column": column, "heading": heading}


# %% wrong: a NumPy board is changed in place | the old state does not stay as it was
def ant_step(state):
    board = state["board"]
    row, column, heading = (jnp.asarray(state[name]) for name in ("row", "column", "heading"))
    rows, columns = board.shape
    if isinstance(board, np.ndarray):
        here = int(row), int(column)
        colour = int(board[here])
        board[here] = 1 - colour
        board = jnp.asarray(board)
    else:
        colour = board[row, column]
        board = board.at[row, column].set(1 - colour)
    heading = (heading + 1 + 2 * colour) % 4
    row = (row + jnp.array([-1, 0, 1, 0])[heading]) % rows
    column = (column + jnp.array([0, 1, 0, -1])[heading]) % columns
    return {"board": board, "row": row, "column": column, "heading": heading}


# %% wrong: up and down exchanged, as if y pointed up | heading 0 walks to the row below, though the first row is at the top
def ant_step(state):
    board, row, column, heading = (
        jnp.asarray(state[name]) for name in ("board", "row", "column", "heading")
    )
    rows, columns = board.shape
    colour = board[row, column]
    board = board.at[row, column].set(1 - colour)
    heading = (heading + 1 + 2 * colour) % 4
    row = (row + jnp.array([1, 0, -1, 0])[heading]) % rows
    column = (column + jnp.array([0, 1, 0, -1])[heading]) % columns
    return {"board": board, "row": row, "column": column, "heading": heading}


# %% wrong: keeps the trail in a global list | side effect at every call, with tracers in the list under jit
trail = []


def ant_step(state):
    board, row, column, heading = (
        jnp.asarray(state[name]) for name in ("board", "row", "column", "heading")
    )
    rows, columns = board.shape
    colour = board[row, column]
    board = board.at[row, column].set(1 - colour)
    trail.append((row, column))
    heading = (heading + 1 + 2 * colour) % 4
    row = (row + jnp.array([-1, 0, 1, 0])[heading]) % rows
    column = (column + jnp.array([0, 1, 0, -1])[heading]) % columns
    return {"board": board, "row": row, "column": column, "heading": heading}


# %% wrong: updates the dict it was given | the caller's old state is overwritten by the new one
def ant_step(state):
    board, row, column, heading = (
        jnp.asarray(state[name]) for name in ("board", "row", "column", "heading")
    )
    rows, columns = board.shape
    colour = board[row, column]
    heading = (heading + 1 + 2 * colour) % 4
    state.update(
        board=board.at[row, column].set(1 - colour),
        row=(row + jnp.array([-1, 0, 1, 0])[heading]) % rows,
        column=(column + jnp.array([0, 1, 0, -1])[heading]) % columns,
        heading=heading,
    )
    return state


# %% wrong: rows clipped, only columns come round | at the top or bottom the ant stays where it is and does not come back opposite
def ant_step(state):
    board, row, column, heading = (
        jnp.asarray(state[name]) for name in ("board", "row", "column", "heading")
    )
    rows, columns = board.shape
    colour = board[row, column]
    board = board.at[row, column].set(1 - colour)
    heading = (heading + 1 + 2 * colour) % 4
    row = jnp.clip(row + jnp.array([-1, 0, 1, 0])[heading], 0, rows - 1)
    column = (column + jnp.array([0, 1, 0, -1])[heading]) % columns
    return {"board": board, "row": row, "column": column, "heading": heading}
