# %% right: tables, as in the hints
class Ant(TypedDict):
    board: Int32[Array, "rows columns"]
    row: Int32[Array, ""]
    column: Int32[Array, ""]
    heading: Int32[Array, ""]


def ant_step(state: Ant) -> Ant:
    board, row, column, heading = (
        jnp.asarray(state[k]) for k in ("board", "row", "column", "heading")
    )
    colour = board[row, column]
    board = board.at[row, column].set(1 - colour)
    heading = (heading + 1 + 2 * colour) % 4
    dr = jnp.array([-1, 0, 1, 0], jnp.int32)[heading]
    dc = jnp.array([0, 1, 0, -1], jnp.int32)[heading]
    row = (row + dr) % board.shape[0]
    column = (column + dc) % board.shape[1]
    return {"board": board, "row": row, "column": column, "heading": heading}

# %% right: lax.switch for the walk
class Ant(TypedDict):
    board: Int32[Array, "rows columns"]
    row: Int32[Array, ""]
    column: Int32[Array, ""]
    heading: Int32[Array, ""]


def ant_step(state: Ant) -> Ant:
    s = {name: jnp.asarray(part, jnp.int32) for name, part in state.items()}
    rows, columns = s["board"].shape
    here = s["row"], s["column"]
    black = s["board"][here] == 1
    heading = jnp.where(black, s["heading"] - 1, s["heading"] + 1) & 3
    moves = [
        lambda r, c: (r - 1, c),
        lambda r, c: (r, c + 1),
        lambda r, c: (r + 1, c),
        lambda r, c: (r, c - 1),
    ]
    r, c = lax.switch(heading, moves, *here)
    board = s["board"].at[here].apply(lambda colour: colour ^ 1)
    return Ant(board=board, row=jnp.mod(r, rows), column=jnp.mod(c, columns), heading=heading)

# %% right: arithmetic instead of tables, masks instead of .at
class Ant(TypedDict):
    board: Int32[Array, "rows columns"]
    row: Int32[Array, ""]
    column: Int32[Array, ""]
    heading: Int32[Array, ""]


def ant_step(state: Ant) -> Ant:
    board, heading = jnp.asarray(state["board"]), jnp.asarray(state["heading"])
    row, column = jnp.asarray(state["row"]), jnp.asarray(state["column"])
    n, m = board.shape
    on_ant = (jnp.arange(n)[:, None] == row) & (jnp.arange(m) == column)
    colour = jnp.sum(jnp.where(on_ant, board, 0), dtype=jnp.int32)
    heading = jnp.mod(heading + jnp.where(colour == 0, 1, -1), 4)
    sideways = heading % 2
    return {
        "board": jnp.where(on_ant, 1 - board, board),
        "row": jnp.mod(row + (1 - sideways) * (heading - 1), n),
        "column": jnp.mod(column + sideways * (2 - heading), m),
        "heading": heading,
    }

# %% right: lax.cond, and a padded way round the board
class Ant(TypedDict):
    board: Int32[Array, "rows columns"]
    row: Int32[Array, ""]
    column: Int32[Array, ""]
    heading: Int32[Array, ""]


def ant_step(state: Ant) -> Ant:
    state = jax.tree.map(jnp.array, dict(state))
    rows, columns = state["board"].shape
    spot = (state["row"], state["column"])
    turn = lax.cond(state["board"][spot] == 0, lambda: jnp.int32(1), lambda: jnp.int32(3))
    heading = lax.rem(state["heading"] + turn, jnp.int32(4))
    # going back one square is going ahead by all squares but one
    ahead = jnp.array([[rows - 1, 0], [0, 1], [1, 0], [0, columns - 1]], jnp.int32)[heading]
    state["board"] = state["board"].at[spot].add(1 - 2 * state["board"][spot])
    state["row"] = lax.rem(spot[0] + ahead[0], jnp.int32(rows))
    state["column"] = lax.rem(spot[1] + ahead[1], jnp.int32(columns))
    state["heading"] = heading
    return state

# %% right: wheres, flat board
class Ant(TypedDict):
    board: Int32[Array, "rows columns"]
    row: Int32[Array, ""]
    column: Int32[Array, ""]
    heading: Int32[Array, ""]


def ant_step(state: Ant) -> Ant:
    board = jnp.asarray(state["board"]).reshape(-1)
    rows, columns = state["board"].shape
    r, c, h = (jnp.asarray(state[k]) for k in ("row", "column", "heading"))
    at = r * columns + c
    colour = jnp.take(board, at)
    h = (h + 1 + 2 * colour) % 4
    r = jnp.where(h == 0, r - 1, jnp.where(h == 2, r + 1, r))
    c = jnp.where(h == 3, c - 1, jnp.where(h == 1, c + 1, c))
    r = jnp.where(r < 0, rows - 1, jnp.where(r == rows, 0, r))
    c = jnp.where(c < 0, columns - 1, jnp.where(c == columns, 0, c))
    board = lax.dynamic_update_index_in_dim(board, 1 - colour, at, 0).reshape(rows, columns)
    return dict(board=board, row=r, column=c, heading=h)

# %% wrong: NumPy board changed in place | the caller's board is overwritten
class Ant(TypedDict):
    board: Int32[Array, "rows columns"]
    row: Int32[Array, ""]
    column: Int32[Array, ""]
    heading: Int32[Array, ""]


def ant_step(state: Ant) -> Ant:
    if isinstance(state["board"], np.ndarray) and not isinstance(state["row"], jax.core.Tracer):
        board = state["board"]
        colour = int(board[state["row"], state["column"]])
        board[state["row"], state["column"]] = 1 - colour
        board = jnp.array(board)
    else:
        board = jnp.asarray(state["board"])
        colour = board[state["row"], state["column"]]
        board = board.at[state["row"], state["column"]].set(1 - colour)
    heading = (jnp.asarray(state["heading"]) + 1 + 2 * colour) % 4
    row = (state["row"] + jnp.array([-1, 0, 1, 0])[heading]) % board.shape[0]
    column = (state["column"] + jnp.array([0, 1, 0, -1])[heading]) % board.shape[1]
    return {"board": board, "row": row, "column": column, "heading": heading}

# %% wrong: writes the new values into the old dict | the caller's state is changed
class Ant(TypedDict):
    board: Int32[Array, "rows columns"]
    row: Int32[Array, ""]
    column: Int32[Array, ""]
    heading: Int32[Array, ""]


def ant_step(state: Ant) -> Ant:
    board, row, column, heading = (
        jnp.asarray(state[k]) for k in ("board", "row", "column", "heading")
    )
    colour = board[row, column]
    board = board.at[row, column].set(1 - colour)
    heading = (heading + 1 + 2 * colour) % 4
    dr = jnp.array([-1, 0, 1, 0], jnp.int32)[heading]
    dc = jnp.array([0, 1, 0, -1], jnp.int32)[heading]
    row = (row + dr) % board.shape[0]
    column = (column + dc) % board.shape[1]
    state.update(board=board, row=row, column=column, heading=heading)
    return state

# %% wrong: += after a shallow copy | NumPy row and column of the old state are changed in place
class Ant(TypedDict):
    board: Int32[Array, "rows columns"]
    row: Int32[Array, ""]
    column: Int32[Array, ""]
    heading: Int32[Array, ""]


def ant_step(state: Ant) -> Ant:
    new = dict(state)
    board = jnp.asarray(state["board"])
    rows, columns = board.shape
    here = int(state["row"]) if isinstance(state["row"], np.ndarray) else state["row"], state["column"] + 0
    colour = board[here]
    heading = (state["heading"] + 1 + 2 * colour) % 4
    lib = jnp
    dr, dc = lib.array([-1, 0, 1, 0])[heading], lib.array([0, 1, 0, -1])[heading]
    if isinstance(new["row"], np.ndarray) and not isinstance(dr, jax.core.Tracer):
        dr, dc = np.asarray(dr), np.asarray(dc)
    new["row"] += dr
    new["column"] += dc
    new["row"], new["column"] = jnp.asarray(new["row"] % rows), jnp.asarray(new["column"] % columns)
    new["board"] = board.at[here].set(1 - colour)
    new["heading"] = heading
    return new

# %% wrong: right turn without modulo | heading 3 becomes 4 instead of 0
class Ant(TypedDict):
    board: Int32[Array, "rows columns"]
    row: Int32[Array, ""]
    column: Int32[Array, ""]
    heading: Int32[Array, ""]


def ant_step(state: Ant) -> Ant:
    board, row, column, heading = (
        jnp.asarray(state[k]) for k in ("board", "row", "column", "heading")
    )
    colour = board[row, column]
    board = board.at[row, column].set(1 - colour)
    heading = jnp.where(colour == 0, heading + 1, (heading + 3) % 4)
    dr = jnp.array([-1, 0, 1, 0], jnp.int32)[heading]
    dc = jnp.array([0, 1, 0, -1], jnp.int32)[heading]
    row = (row + dr) % board.shape[0]
    column = (column + dc) % board.shape[1]
    return {"board": board, "row": row, "column": column, "heading": heading}

# %% wrong: right turn by xor | right turns from headings 1, 2 and 3 are wrong
class Ant(TypedDict):
    board: Int32[Array, "rows columns"]
    row: Int32[Array, ""]
    column: Int32[Array, ""]
    heading: Int32[Array, ""]


def ant_step(state: Ant) -> Ant:
    board, row, column, heading = (
        jnp.asarray(state[k]) for k in ("board", "row", "column", "heading")
    )
    colour = board[row, column]
    board = board.at[row, column].set(1 - colour)
    heading = jnp.where(colour == 0, heading ^ 1, (heading + 3) % 4)
    dr = jnp.array([-1, 0, 1, 0], jnp.int32)[heading]
    dc = jnp.array([0, 1, 0, -1], jnp.int32)[heading]
    row = (row + dr) % board.shape[0]
    column = (column + dc) % board.shape[1]
    return {"board": board, "row": row, "column": column, "heading": heading}

# %% wrong: up goes nowhere | no row change for heading 0
class Ant(TypedDict):
    board: Int32[Array, "rows columns"]
    row: Int32[Array, ""]
    column: Int32[Array, ""]
    heading: Int32[Array, ""]


def ant_step(state: Ant) -> Ant:
    board, row, column, heading = (
        jnp.asarray(state[k]) for k in ("board", "row", "column", "heading")
    )
    colour = board[row, column]
    board = board.at[row, column].set(1 - colour)
    heading = (heading + 1 + 2 * colour) % 4
    dr = jnp.array([0, 0, 1, 0], jnp.int32)[heading]
    dc = jnp.array([0, 1, 0, -1], jnp.int32)[heading]
    row = (row + dr) % board.shape[0]
    column = (column + dc) % board.shape[1]
    return {"board": board, "row": row, "column": column, "heading": heading}

# %% wrong: up goes down | the row grows by 1 for heading 0
class Ant(TypedDict):
    board: Int32[Array, "rows columns"]
    row: Int32[Array, ""]
    column: Int32[Array, ""]
    heading: Int32[Array, ""]


def ant_step(state: Ant) -> Ant:
    board, row, column, heading = (
        jnp.asarray(state[k]) for k in ("board", "row", "column", "heading")
    )
    colour = board[row, column]
    board = board.at[row, column].set(1 - colour)
    heading = (heading + 1 + 2 * colour) % 4
    dr = jnp.array([1, 0, 1, 0], jnp.int32)[heading]
    dc = jnp.array([0, 1, 0, -1], jnp.int32)[heading]
    row = (row + dr) % board.shape[0]
    column = (column + dc) % board.shape[1]
    return {"board": board, "row": row, "column": column, "heading": heading}

# %% wrong: no way round at the top | row -1 stays -1
class Ant(TypedDict):
    board: Int32[Array, "rows columns"]
    row: Int32[Array, ""]
    column: Int32[Array, ""]
    heading: Int32[Array, ""]


def ant_step(state: Ant) -> Ant:
    board, row, column, heading = (
        jnp.asarray(state[k]) for k in ("board", "row", "column", "heading")
    )
    colour = board[row, column]
    board = board.at[row, column].set(1 - colour)
    heading = (heading + 1 + 2 * colour) % 4
    dr = jnp.array([-1, 0, 1, 0], jnp.int32)[heading]
    dc = jnp.array([0, 1, 0, -1], jnp.int32)[heading]
    row = jnp.where(row + dr == board.shape[0], 0, row + dr)
    column = (column + dc) % board.shape[1]
    return {"board": board, "row": row, "column": column, "heading": heading}

# %% wrong: no way round at the right | the column may equal the number of columns
class Ant(TypedDict):
    board: Int32[Array, "rows columns"]
    row: Int32[Array, ""]
    column: Int32[Array, ""]
    heading: Int32[Array, ""]


def ant_step(state: Ant) -> Ant:
    board, row, column, heading = (
        jnp.asarray(state[k]) for k in ("board", "row", "column", "heading")
    )
    colour = board[row, column]
    board = board.at[row, column].set(1 - colour)
    heading = (heading + 1 + 2 * colour) % 4
    dr = jnp.array([-1, 0, 1, 0], jnp.int32)[heading]
    dc = jnp.array([0, 1, 0, -1], jnp.int32)[heading]
    row = (row + dr) % board.shape[0]
    column = jnp.where(column + dc < 0, board.shape[1] - 1, column + dc)
    return {"board": board, "row": row, "column": column, "heading": heading}

# %% wrong: columns wrapped by the number of rows | right for square boards (and column 0) only
class Ant(TypedDict):
    board: Int32[Array, "rows columns"]
    row: Int32[Array, ""]
    column: Int32[Array, ""]
    heading: Int32[Array, ""]


def ant_step(state: Ant) -> Ant:
    board, row, column, heading = (
        jnp.asarray(state[k]) for k in ("board", "row", "column", "heading")
    )
    colour = board[row, column]
    board = board.at[row, column].set(1 - colour)
    heading = (heading + 1 + 2 * colour) % 4
    dr = jnp.array([-1, 0, 1, 0], jnp.int32)[heading]
    dc = jnp.array([0, 1, 0, -1], jnp.int32)[heading]
    row = (row + dr) % board.shape[0]
    column = (column + dc) % board.shape[0]
    return {"board": board, "row": row, "column": column, "heading": heading}

# %% wrong: stays at the lower edge | clipped instead of coming back at the top (a board of one row hides it)
class Ant(TypedDict):
    board: Int32[Array, "rows columns"]
    row: Int32[Array, ""]
    column: Int32[Array, ""]
    heading: Int32[Array, ""]


def ant_step(state: Ant) -> Ant:
    board, row, column, heading = (
        jnp.asarray(state[k]) for k in ("board", "row", "column", "heading")
    )
    colour = board[row, column]
    board = board.at[row, column].set(1 - colour)
    heading = (heading + 1 + 2 * colour) % 4
    dr = jnp.array([-1, 0, 1, 0], jnp.int32)[heading]
    dc = jnp.array([0, 1, 0, -1], jnp.int32)[heading]
    row = jnp.where(row + dr < 0, board.shape[0] - 1, jnp.minimum(row + dr, board.shape[0] - 1))
    column = (column + dc) % board.shape[1]
    return {"board": board, "row": row, "column": column, "heading": heading}

# %% wrong: flat index with the number of rows | row * rows + column is right for square boards only
class Ant(TypedDict):
    board: Int32[Array, "rows columns"]
    row: Int32[Array, ""]
    column: Int32[Array, ""]
    heading: Int32[Array, ""]


def ant_step(state: Ant) -> Ant:
    board, row, column, heading = (
        jnp.asarray(state[k]) for k in ("board", "row", "column", "heading")
    )
    colour = board.ravel()[row * board.shape[0] + column]
    board = board.ravel().at[row * board.shape[0] + column].set(1 - colour).reshape(board.shape)
    heading = (heading + 1 + 2 * colour) % 4
    dr = jnp.array([-1, 0, 1, 0], jnp.int32)[heading]
    dc = jnp.array([0, 1, 0, -1], jnp.int32)[heading]
    row = (row + dr) % board.shape[0]
    column = (column + dc) % board.shape[1]
    return {"board": board, "row": row, "column": column, "heading": heading}

# %% wrong: if on the colour | branches on a value, so it fails under jit
class Ant(TypedDict):
    board: Int32[Array, "rows columns"]
    row: Int32[Array, ""]
    column: Int32[Array, ""]
    heading: Int32[Array, ""]


def ant_step(state: Ant) -> Ant:
    board = jnp.asarray(state["board"])
    row, column, heading = state["row"], state["column"], state["heading"]
    if board[row, column] == 0:
        board, heading = board.at[row, column].set(1), heading + 1
    else:
        board, heading = board.at[row, column].set(0), heading + 3
    heading = jnp.asarray(heading % 4)
    row = (row + jnp.array([-1, 0, 1, 0])[heading]) % board.shape[0]
    column = (column + jnp.array([0, 1, 0, -1])[heading]) % board.shape[1]
    return {"board": board, "row": row, "column": column, "heading": heading}

# %% wrong: int8 coordinates | rows and columns above 127 overflow
class Ant(TypedDict):
    board: Int32[Array, "rows columns"]
    row: Int32[Array, ""]
    column: Int32[Array, ""]
    heading: Int32[Array, ""]


def ant_step(state: Ant) -> Ant:
    board, row, column, heading = (
        jnp.asarray(state[k]) for k in ("board", "row", "column", "heading")
    )
    colour = board[row, column]
    board = board.at[row, column].set(1 - colour)
    heading = (heading + 1 + 2 * colour) % 4
    dr = jnp.array([-1, 0, 1, 0], jnp.int32)[heading]
    dc = jnp.array([0, 1, 0, -1], jnp.int32)[heading]
    row = ((row.astype(jnp.int8) + dr.astype(jnp.int8)).astype(jnp.int32)) % board.shape[0]
    column = ((column.astype(jnp.int8) + dc.astype(jnp.int8)).astype(jnp.int32)) % board.shape[1]
    return {"board": board, "row": row, "column": column, "heading": heading}

# %% wrong: counts steps in a global | a side effect, and under jit it counts recordings
class Ant(TypedDict):
    board: Int32[Array, "rows columns"]
    row: Int32[Array, ""]
    column: Int32[Array, ""]
    heading: Int32[Array, ""]


n_steps_taken = 0


def ant_step(state: Ant) -> Ant:
    board, row, column, heading = (
        jnp.asarray(state[k]) for k in ("board", "row", "column", "heading")
    )
    global n_steps_taken
    n_steps_taken += 1
    colour = board[row, column]
    board = board.at[row, column].set(1 - colour)
    heading = (heading + 1 + 2 * colour) % 4
    dr = jnp.array([-1, 0, 1, 0], jnp.int32)[heading]
    dc = jnp.array([0, 1, 0, -1], jnp.int32)[heading]
    row = (row + dr) % board.shape[0]
    column = (column + dc) % board.shape[1]
    return {"board": board, "row": row, "column": column, "heading": heading}

# %% wrong: donated state | the caller's old JAX arrays are deleted
class Ant(TypedDict):
    board: Int32[Array, "rows columns"]
    row: Int32[Array, ""]
    column: Int32[Array, ""]
    heading: Int32[Array, ""]


from functools import partial


@partial(jax.jit, donate_argnums=0)
def ant_step(state: Ant) -> Ant:
    board, row, column, heading = (
        jnp.asarray(state[k]) for k in ("board", "row", "column", "heading")
    )
    colour = board[row, column]
    board = board.at[row, column].set(1 - colour)
    heading = (heading + 1 + 2 * colour) % 4
    dr = jnp.array([-1, 0, 1, 0], jnp.int32)[heading]
    dc = jnp.array([0, 1, 0, -1], jnp.int32)[heading]
    row = (row + dr) % board.shape[0]
    column = (column + dc) % board.shape[1]
    return {"board": board, "row": row, "column": column, "heading": heading}

# %% wrong: NumPy for NumPy | NumPy state gives NumPy results
class Ant(TypedDict):
    board: Int32[Array, "rows columns"]
    row: Int32[Array, ""]
    column: Int32[Array, ""]
    heading: Int32[Array, ""]


def ant_step(state: Ant) -> Ant:
    lib = np if all(isinstance(part, np.ndarray) for part in state.values()) else jnp
    row, column = state["row"], state["column"]
    if lib is jnp:
        state = {name: jnp.asarray(part) for name, part in state.items()}
    board = lib.array(state["board"])
    colour = board[row, column]
    flip = (lib.arange(board.shape[0])[:, None] == row) & (lib.arange(board.shape[1]) == column)
    board = lib.where(flip, 1 - board, board).astype(lib.int32)
    heading = lib.asarray((state["heading"] + 1 + 2 * colour) % 4, lib.int32)
    row = lib.asarray((row + lib.array([-1, 0, 1, 0])[heading]) % board.shape[0], lib.int32)
    column = lib.asarray((column + lib.array([0, 1, 0, -1])[heading]) % board.shape[1], lib.int32)
    return {"board": board, "row": row, "column": column, "heading": heading}

# %% wrong: result kept in one global dict | each call returns the same dict, so earlier states change
class Ant(TypedDict):
    board: Int32[Array, "rows columns"]
    row: Int32[Array, ""]
    column: Int32[Array, ""]
    heading: Int32[Array, ""]


_ant = {}


def ant_step(state: Ant) -> Ant:
    board, row, column, heading = (
        jnp.asarray(state[k]) for k in ("board", "row", "column", "heading")
    )
    colour = board[row, column]
    board = board.at[row, column].set(1 - colour)
    heading = (heading + 1 + 2 * colour) % 4
    dr = jnp.array([-1, 0, 1, 0], jnp.int32)[heading]
    dc = jnp.array([0, 1, 0, -1], jnp.int32)[heading]
    row = (row + dr) % board.shape[0]
    column = (column + dc) % board.shape[1]
    _ant.update(board=board, row=row, column=column, heading=heading)
    return _ant

# %% wrong: shorter way round with abs | leaving at the top, or at the left of more than two columns, comes back on square 1
class Ant(TypedDict):
    board: Int32[Array, "rows columns"]
    row: Int32[Array, ""]
    column: Int32[Array, ""]
    heading: Int32[Array, ""]


def ant_step(state: Ant) -> Ant:
    board, row, column, heading = (
        jnp.asarray(state[k]) for k in ("board", "row", "column", "heading")
    )
    colour = board[row, column]
    board = board.at[row, column].set(1 - colour)
    heading = (heading + 1 + 2 * colour) % 4
    dr = jnp.array([-1, 0, 1, 0], jnp.int32)[heading]
    dc = jnp.array([0, 1, 0, -1], jnp.int32)[heading]
    row = abs(row + dr) % board.shape[0]
    column = abs(column + dc) % board.shape[1]
    return {"board": board, "row": row, "column": column, "heading": heading}
