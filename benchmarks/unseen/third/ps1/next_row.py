# %% right: roll and shift
def next_row(rule, row):
    row = jnp.asarray(row)
    triple = 4 * jnp.roll(row, 1) + 2 * row + jnp.roll(row, -1)
    return ((rule >> triple) & 1).astype(jnp.int32)


# %% right: table of eight bits, neighbours by index
def next_row(rule, row):
    row = jnp.asarray(row, jnp.int32)
    n = row.shape[0]
    bits = jnp.right_shift(jnp.asarray(rule, jnp.int32), jnp.arange(8, dtype=jnp.int32)) & 1
    ring = (jnp.arange(n)[:, None] + jnp.array([-1, 0, 1])) % n
    triples = jnp.einsum("nk,k->n", row[ring], jnp.array([4, 2, 1]))
    return bits[triples]


# %% right: vmap over the cells
def next_row(rule, row):
    row = jnp.asarray(row)
    left = jnp.concatenate([row[-1:], row[:-1]])
    right = jnp.concatenate([row[1:], row[:1]])

    def new_cell(a, b, c):
        number = (a << 2) | (b << 1) | c
        return (jnp.asarray(rule, jnp.int32) >> number) & 1

    return jax.vmap(new_cell)(left, row, right).astype(jnp.int32)


# %% right: the eight triples written out as logic
def next_row(rule, row):
    b = jnp.asarray(row) == 1
    a, c = jnp.roll(b, 1), jnp.roll(b, -1)
    new = jnp.zeros(b.shape, bool)
    for number in range(8):  # the triples, not the cells
        bit = (jnp.asarray(rule) // 2**number) % 2 == 1
        here = (a == bool(number & 4)) & (b == bool(number & 2)) & (c == bool(number & 1))
        new = new | (bit & here)
    return new.astype(jnp.int32)


# %% wrong: left index cut off at 0 | the first cell is its own left neighbour, not the last cell
def next_row(rule, row):
    row = jnp.asarray(row)
    n = row.shape[0]
    j = jnp.arange(n)
    left = row[jnp.maximum(j - 1, 0)]
    right = row[(j + 1) % n]
    return (rule >> (4 * left + 2 * row + right)) & 1


# %% wrong: first cell, inner cells, last cell | a row of one cell gives two cells
def next_row(rule, row):
    row = jnp.asarray(row)

    def new(a, b, c):
        return (rule >> (4 * a + 2 * b + c)) & 1

    first = new(row[-1:], row[:1], row[1:2] if row.shape[0] > 1 else row[:1])
    last = new(row[-2:-1] if row.shape[0] > 1 else row[:1], row[-1:], row[:1])
    inner = new(row[:-2], row[1:-1], row[2:])
    return jnp.concatenate([first, inner, last])


# %% wrong: seven bits | arange(7): triple 1, 1, 1 reads bit 6 (the read is clipped), wrong if bits 6 and 7 differ
def next_row(rule, row):
    row = jnp.asarray(row)
    bits = (rule >> jnp.arange(7)) & 1
    number = 4 * jnp.roll(row, 1) + 2 * row + jnp.roll(row, -1)
    return bits[number]


# %% wrong: triples from 1 on | bit 0 of the rule is ignored: with an odd rule, 0, 0, 0 must give 1
def next_row(rule, row):
    row = jnp.asarray(row)
    number = 4 * jnp.roll(row, 1) + 2 * row + jnp.roll(row, -1)
    k = jnp.arange(1, 8)
    alive = ((rule >> k) & 1)[:, None] * (number == k[:, None])
    return jnp.sum(alive, axis=0, dtype=jnp.int32)


# %% wrong: the row packed into one int32 | rows of more than 31 cells do not fit
def next_row(rule, row):
    row = jnp.asarray(row)
    n = row.shape[0]
    k = jnp.arange(n)
    word = jnp.sum(row << k)
    full = (1 << n) - 1
    left = ((word << 1) | (word >> (n - 1))) & full
    right = ((word >> 1) | (word << (n - 1))) & full

    def unpack(w):
        return (w >> k) & 1

    return (rule >> (4 * unpack(left) + 2 * unpack(word) + unpack(right))) & 1


# %% wrong: Python loop over the cells | forbidden, and slow to compile for long rows
def next_row(rule, row):
    row = jnp.asarray(row)
    n = row.shape[0]
    cells = []
    for j in range(n):
        number = 4 * row[j - 1] + 2 * row[j] + row[(j + 1) % n]
        cells.append((rule >> number) & 1)
    return jnp.stack(cells)


# %% wrong: doubles the row in place | a NumPy row of the caller is changed
def next_row(rule, row):
    left, right = jnp.roll(row, 1), jnp.roll(row, -1)
    row *= 2
    return (rule >> (4 * left + row + right)) & 1


# %% right: n by n matrices for the neighbours
def next_row(rule, row):
    row = jnp.asarray(row)
    identity = jnp.eye(row.shape[0], dtype=jnp.int32)
    weights = (
        4 * jnp.roll(identity, -1, axis=1) + 2 * identity + jnp.roll(identity, 1, axis=1)
    )
    return (rule >> (weights @ row)) & 1
