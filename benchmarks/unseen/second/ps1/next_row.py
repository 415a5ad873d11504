# %% right: roll and a table of bits
def next_row(rule: int, row: Int32[Array, "n"]) -> Int32[Array, "n"]:
    bits = (rule >> jnp.arange(8)) & 1
    triple = 4 * jnp.roll(row, 1) + 2 * row + jnp.roll(row, -1)
    return bits[triple]

# %% right: shift the rule by each cell's number
def next_row(rule, row):
    row = jnp.asarray(row)
    left = jnp.concatenate((row[-1:], row[:-1]))
    right = jnp.concatenate((row[1:], row[:1]))
    return jnp.bitwise_and(jnp.right_shift(rule, (left << 2) | (row << 1) | right), 1)

# %% right: vmap over the positions
def next_row(rule, row):
    row = jnp.asarray(row)
    n = row.shape[0]

    def cell(k):
        number = 4 * row[(k - 1) % n] + 2 * row[k] + row[(k + 1) % n]
        return rule // 2**number % 2

    return jax.vmap(cell)(jnp.arange(n)).astype(jnp.int32)

# %% right: windows of the row with one cell more at both ends, matrix product
def next_row(rule, row):
    n = len(row)
    ring = jnp.concatenate([row[-1:], row, row[:1]], dtype=jnp.int32)
    windows = ring[jnp.arange(n)[:, None] + jnp.arange(3)[None, :]]
    number = windows @ jnp.array([4, 2, 1], jnp.int32)
    return lax.shift_right_logical(jnp.full((n,), rule, jnp.int32), number) % 2

# %% right: logic, one term for each of the eight triples
def next_row(rule, row):
    now = jnp.asarray(row).astype(bool)
    before, after = jnp.roll(now, 1), jnp.roll(now, -1)
    same = lambda cells, want: cells if want else ~cells
    new = jnp.zeros_like(now)
    for number in range(8):
        hit = same(before, number & 4) & same(now, number & 2) & same(after, number & 1)
        new = new | (hit & (((rule >> number) & 1) == 1))
    return new.astype(jnp.int32)

# %% right: table of shape 2, 2, 2 from unpackbits
def next_row(rule, row):
    row = jnp.array(row)
    table = jnp.unpackbits(jnp.asarray(rule, jnp.uint8)[None], bitorder="little").reshape(2, 2, 2)
    return table[jnp.roll(row, 1), row, jnp.roll(row, -1)].astype(jnp.int32)

# %% right: one-hot rows times the bits
def next_row(rule, row):
    neighbours = jnp.stack([jnp.roll(row, shift) for shift in (1, 0, -1)])
    number = jnp.einsum("tn,t->n", neighbours, jnp.array([4, 2, 1]))
    hot = jax.nn.one_hot(number, 8, dtype=jnp.int32)
    return hot @ ((rule >> jnp.arange(8, dtype=jnp.int32)) & 1)

# %% wrong: a table of seven bits | the triple 1, 1, 1 reads bit 6 instead of bit 7
def next_row(rule, row):
    bits = (rule >> jnp.arange(7)) & 1
    return bits[4 * jnp.roll(row, 1) + 2 * jnp.asarray(row) + jnp.roll(row, -1)]

# %% wrong: bit 0 left out | odd rules: the triple 0, 0, 0 should give 1
def next_row(rule, row):
    number = 4 * jnp.roll(row, 1) + 2 * jnp.asarray(row) + jnp.roll(row, -1)
    return sum(((rule >> k) & 1) * (number == k) for k in range(1, 8)).astype(jnp.int32)

# %% wrong: an empty row stays empty | all zeros with an odd rule
def next_row(rule, row):
    row = jnp.asarray(row)
    new = (rule >> (4 * jnp.roll(row, 1) + 2 * row + jnp.roll(row, -1))) & 1
    return jnp.where(row.any(), new, row)

# %% wrong: first and last cell apart | a row of one cell gives two cells
def next_row(rule, row):
    row = jnp.asarray(row)
    number = lambda a, b, c: 4 * a + 2 * b + c
    inner = number(row[:-2], row[1:-1], row[2:])
    first = number(row[-1], row[0], row[1])
    last = number(row[-2], row[-1], row[0])
    return (rule >> jnp.concatenate([first[None], inner, last[None]])) & 1

# %% wrong: Python loop over the cells | all cells at once are asked for; a long row takes minutes
def next_row(rule, row):
    row = jnp.asarray(row)
    n = row.size
    new = [(rule >> (4 * row[k - 1] + 2 * row[k] + row[(k + 1) % n])) & 1 for k in range(n)]
    return jnp.stack(new)

# %% right: compiled loop over the cells
def next_row(rule, row):
    row = jnp.asarray(row)
    n = row.size

    def body(k, new):
        number = 4 * row[k - 1] + 2 * row[k] + row[(k + 1) % n]
        return new.at[k].set((rule >> number) & 1)

    return lax.fori_loop(0, n, body, jnp.zeros_like(row))

# %% wrong: doubles in place | a NumPy row of the caller is changed
def next_row(rule, row):
    left, right = jnp.roll(row, 1), jnp.roll(row, -1)
    row *= 2
    return (rule >> (4 * left + row + right)) & 1

# %% wrong: digits by format | rule is traced under jit: raises there
def next_row(rule, row):
    bits = jnp.array([int(digit) for digit in f"{rule:08b}"[::-1]])
    return bits[4 * jnp.roll(row, 1) + 2 * jnp.asarray(row) + jnp.roll(row, -1)]

# %% wrong: only the rules of the notebook | any rule but 30, 54, 90 and 110 is run as 54
def next_row(rule, row):
    row = jnp.asarray(row)
    l, r = jnp.roll(row, 1), jnp.roll(row, -1)
    return jnp.select(
        [jnp.full(row.shape, rule == 30), jnp.full(row.shape, rule == 90), jnp.full(row.shape, rule == 110)],
        [l ^ (row | r), l ^ r, (row | r) ^ (l & row & r)],
        (l | r) ^ row,
    )

# %% wrong: right neighbours by roll(row, 4) | right for five cells only
def next_row(rule, row):
    number = 4 * jnp.roll(row, 1) + 2 * jnp.asarray(row) + jnp.roll(row, 4)
    return (rule >> number) & 1

# %% wrong: the row packed into one int32 | rows of more than 31 cells do not fit
def next_row(rule, row):
    row = jnp.asarray(row)
    n = row.size
    k = jnp.arange(n)
    word = jnp.sum(row << k)
    cell = lambda place: (word >> (place % n)) & 1
    return (rule >> (4 * cell(k - 1) + 2 * cell(k) + cell(k + 1))) & 1

# %% wrong: table kept from one call to the next by number of the rule | under jit the kept table is a tracer that leaks, and caches are forbidden
_tables = {}

def next_row(rule, row):
    key = rule if isinstance(rule, int) else "traced"
    if key not in _tables:
        _tables[key] = (rule >> jnp.arange(8)) & 1
    return _tables[key][4 * jnp.roll(row, 1) + 2 * jnp.asarray(row) + jnp.roll(row, -1)]

# %% wrong: one cell alone has no neighbours | a ring of one cell is its own neighbour on both sides
def next_row(rule, row):
    row = jnp.asarray(row)
    alone = row.shape[0] == 1
    left, right = (jnp.zeros_like(row),) * 2 if alone else (jnp.roll(row, 1), jnp.roll(row, -1))
    return (rule >> (4 * left + 2 * row + right)) & 1

# %% wrong: positions in int8 | rows of more than 127 cells
def next_row(rule, row):
    row = jnp.asarray(row)
    k = jnp.arange(row.shape[0]).astype(jnp.int8)
    left = jnp.where(k == 0, row[-1], row[(k - 1).astype(jnp.int32)])
    right = jnp.where(k == row.shape[0] - 1, row[0], row[(k + 1).astype(jnp.int32)])
    return (rule >> (4 * left + 2 * row + right)) & 1
