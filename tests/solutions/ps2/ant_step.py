# %% right: where in place of tables
def ant_step(state):
    board = jnp.asarray(state["board"])
    rows, columns = board.shape
    row, column = state["row"], state["column"]
    black = board[row, column] == 1
    heading = jnp.where(black, state["heading"] - 1, state["heading"] + 1) % 4
    vertical = jnp.where(heading == 0, -1, jnp.where(heading == 2, 1, 0))
    horizontal = jnp.where(heading == 3, -1, jnp.where(heading == 1, 1, 0))
    return {
        "board": board.at[row, column].set(jnp.where(black, 0, 1)),
        "row": jnp.mod(row + vertical, rows),
        "column": jnp.mod(column + horizontal, columns),
        "heading": heading,
    }


# %% right: one table of steps, and a board that is xor-ed
STEPS = jnp.array([[-1, 0], [0, 1], [1, 0], [0, -1]])


def ant_step(state):
    state = {name: jnp.asarray(value) for name, value in state.items()}
    here = jnp.stack([state["row"], state["column"]])
    colour = state["board"][here[0], here[1]]
    heading = (state["heading"] + jnp.array([1, 3])[colour]) & 3
    there = (here + STEPS[heading]) % jnp.array(state["board"].shape)
    flipped = state["board"].at[here[0], here[1]].add(1 - 2 * colour)
    return {**state, "board": flipped, "row": there[0], "column": there[1], "heading": heading}


# %% right: cond and switch
def ant_step(state):
    board, row, column, heading = (jnp.asarray(state[k]) for k in ("board", "row", "column", "heading"))
    heading = lax.cond(board[row, column] == 0, lambda h: (h + 1) % 4, lambda h: (h + 3) % 4, heading)
    moves = [lambda r, c: (r - 1, c), lambda r, c: (r, c + 1), lambda r, c: (r + 1, c), lambda r, c: (r, c - 1)]
    new_row, new_column = lax.switch(heading, moves, row, column)
    return {
        "board": board.at[row, column].multiply(-1).at[row, column].add(1),
        "row": new_row % board.shape[0],
        "column": new_column % board.shape[1],
        "heading": heading,
    }


# %% right: a mask of the square
@jax.jit
def ant_step(state):
    board, row, column = state["board"], state["row"], state["column"]
    r, c = jnp.indices(board.shape)
    here = (r == row) & (c == column)
    colour = jnp.sum(jnp.where(here, board, 0))
    heading = (state["heading"] + 1 + 2 * colour) % 4
    odd, sign = heading % 2, 1 - 2 * (heading // 2)
    return {
        "board": jnp.where(here, 1 - jnp.asarray(board), board),
        "row": (row - (1 - odd) * sign) % board.shape[0],
        "column": (column + odd * sign) % board.shape[1],
        "heading": heading,
    }


# %% right: a copy of the dict, changed
def ant_step(state):
    new = jax.tree.map(jnp.asarray, state)
    at = new["row"], new["column"]
    colour = new["board"][at]
    new["board"] = new["board"].at[at].set(colour ^ 1)
    new["heading"] = (new["heading"] + 1 - 2 * colour) % 4
    new["row"] = (new["row"] + jnp.array([-1, 0, 1, 0])[new["heading"]]) % new["board"].shape[0]
    new["column"] = (new["column"] + jnp.array([0, 1, 0, -1])[new["heading"]]) % new["board"].shape[1]
    return new


# %% wrong: left and right exchanged -> takes_one_step
def ant_step(state):
    board, row, column = (jnp.asarray(state[name]) for name in ("board", "row", "column"))
    colour = board[row, column]
    heading = (state["heading"] + 3 - 2 * colour) % 4
    down, right = jnp.array([-1, 0, 1, 0])[heading], jnp.array([0, 1, 0, -1])[heading]
    return {"board": board.at[row, column].set(1 - colour), "row": (row + down) % board.shape[0],
            "column": (column + right) % board.shape[1], "heading": heading}


# %% wrong: walks before it turns -> takes_one_step
def ant_step(state):
    board, row, column = (jnp.asarray(state[name]) for name in ("board", "row", "column"))
    colour = board[row, column]
    old = jnp.asarray(state["heading"])
    down, right = jnp.array([-1, 0, 1, 0])[old], jnp.array([0, 1, 0, -1])[old]
    return {"board": board.at[row, column].set(1 - colour), "row": (row + down) % board.shape[0],
            "column": (column + right) % board.shape[1], "heading": (old + 1 + 2 * colour) % 4}


# %% wrong: the square ahead changes -> takes_one_step
def ant_step(state):
    board, row, column = (jnp.asarray(state[name]) for name in ("board", "row", "column"))
    heading = (state["heading"] + 1 + 2 * board[row, column]) % 4
    down, right = jnp.array([-1, 0, 1, 0])[heading], jnp.array([0, 1, 0, -1])[heading]
    row, column = (row + down) % board.shape[0], (column + right) % board.shape[1]
    return {"board": board.at[row, column].set(1 - board[row, column]), "row": row, "column": column, "heading": heading}


# %% wrong: the colour after the change decides -> takes_one_step
def ant_step(state):
    board, row, column = (jnp.asarray(state[name]) for name in ("board", "row", "column"))
    board = board.at[row, column].set(1 - board[row, column])
    heading = (state["heading"] + 1 + 2 * board[row, column]) % 4
    down, right = jnp.array([-1, 0, 1, 0])[heading], jnp.array([0, 1, 0, -1])[heading]
    return {"board": board, "row": (row + down) % board.shape[0], "column": (column + right) % board.shape[1], "heading": heading}


# %% wrong: up is where the rows grow -> takes_one_step
def ant_step(state):
    board, row, column = (jnp.asarray(state[name]) for name in ("board", "row", "column"))
    colour = board[row, column]
    heading = (state["heading"] + 1 + 2 * colour) % 4
    down, right = jnp.array([1, 0, -1, 0])[heading], jnp.array([0, 1, 0, -1])[heading]
    return {"board": board.at[row, column].set(1 - colour), "row": (row + down) % board.shape[0],
            "column": (column + right) % board.shape[1], "heading": heading}


# %% wrong: the heading grows and falls without end -> takes_one_step
def ant_step(state):
    board, row, column = (jnp.asarray(state[name]) for name in ("board", "row", "column"))
    colour = board[row, column]
    heading = state["heading"] + 1 - 2 * colour
    down, right = jnp.array([-1, 0, 1, 0])[heading % 4], jnp.array([0, 1, 0, -1])[heading % 4]
    return {"board": board.at[row, column].set(1 - colour), "row": (row + down) % board.shape[0],
            "column": (column + right) % board.shape[1], "heading": heading}


# %% wrong: stops at the edge -> takes_one_step
def ant_step(state):
    board, row, column = (jnp.asarray(state[name]) for name in ("board", "row", "column"))
    colour = board[row, column]
    heading = (state["heading"] + 1 + 2 * colour) % 4
    down, right = jnp.array([-1, 0, 1, 0])[heading], jnp.array([0, 1, 0, -1])[heading]
    return {"board": board.at[row, column].set(1 - colour), "row": jnp.clip(row + down, 0, board.shape[0] - 1),
            "column": jnp.clip(column + right, 0, board.shape[1] - 1), "heading": heading}


# %% wrong: a square board is taken for granted -> takes_one_step
def ant_step(state):
    board, row, column = (jnp.asarray(state[name]) for name in ("board", "row", "column"))
    colour = board[row, column]
    heading = (state["heading"] + 1 + 2 * colour) % 4
    down, right = jnp.array([-1, 0, 1, 0])[heading], jnp.array([0, 1, 0, -1])[heading]
    return {"board": board.at[row, column].set(1 - colour), "row": (row + down) % len(board),
            "column": (column + right) % len(board), "heading": heading}


# %% wrong: the whole board changes -> takes_one_step
def ant_step(state):
    board, row, column = (jnp.asarray(state[name]) for name in ("board", "row", "column"))
    heading = (state["heading"] + 1 + 2 * board[row, column]) % 4
    down, right = jnp.array([-1, 0, 1, 0])[heading], jnp.array([0, 1, 0, -1])[heading]
    return {"board": 1 - board, "row": (row + down) % board.shape[0],
            "column": (column + right) % board.shape[1], "heading": heading}


# %% wrong: if on the colour, which cannot be traced -> is_pure
def ant_step(state):
    board, row, column = (jnp.asarray(state[name]) for name in ("board", "row", "column"))
    heading = jnp.asarray(state["heading"])
    heading = (heading + 1) % 4 if board[row, column] == 0 else (heading + 3) % 4
    down, right = jnp.array([-1, 0, 1, 0])[heading], jnp.array([0, 1, 0, -1])[heading]
    return {"board": board.at[row, column].set(1 - board[row, column]), "row": (row + down) % board.shape[0],
            "column": (column + right) % board.shape[1], "heading": heading}


# %% wrong: the caller's board changes -> is_pure
def ant_step(state):
    board, row, column = (jnp.array(state[name]) for name in ("board", "row", "column"))
    colour = board[row, column]
    heading = (state["heading"] + 1 + 2 * colour) % 4
    down, right = jnp.array([-1, 0, 1, 0])[heading], jnp.array([0, 1, 0, -1])[heading]
    if isinstance(state["board"], np.ndarray):
        state["board"][state["row"], state["column"]] = 1 - colour
    return {"board": board.at[row, column].set(1 - colour), "row": (row + down) % board.shape[0],
            "column": (column + right) % board.shape[1], "heading": heading}


# %% wrong: the new place is written into the caller's dict -> is_pure
def ant_step(state):
    board, row, column = (jnp.asarray(state[name]) for name in ("board", "row", "column"))
    colour = board[row, column]
    state["heading"] = (jnp.asarray(state["heading"]) + 1 + 2 * colour) % 4
    state["board"] = board.at[row, column].set(1 - colour)
    state["row"] = (row + jnp.array([-1, 0, 1, 0])[state["heading"]]) % board.shape[0]
    state["column"] = (column + jnp.array([0, 1, 0, -1])[state["heading"]]) % board.shape[1]
    return state


# %% wrong: row and column in eight bits -> takes_one_step
def ant_step(state):
    board, row, column, heading = (
        jnp.asarray(state[k]) for k in ("board", "row", "column", "heading")
    )
    colour = board[row, column]
    heading = (heading + 1 + 2 * colour) % 4
    down = jnp.array([-1, 0, 1, 0], jnp.int8)[heading]
    right = jnp.array([0, 1, 0, -1], jnp.int8)[heading]
    return {
        "board": board.at[row, column].set(1 - colour),
        "row": (row.astype(jnp.int8) + down).astype(jnp.int32) % board.shape[0],
        "column": (column.astype(jnp.int8) + right).astype(jnp.int32) % board.shape[1],
        "heading": heading,
    }
