# %% right: a table of bits, indexed
def next_row(rule, row):
    row = jnp.asarray(row)
    table = (rule >> jnp.arange(8)) & 1
    return table[4 * jnp.roll(row, 1) + 2 * row + jnp.roll(row, -1)]


# %% right: unpackbits
def next_row(rule, row):
    row = jnp.asarray(row)
    table = jnp.unpackbits(jnp.uint8(rule), bitorder="little").astype(jnp.int32)
    left, right = jnp.concatenate([row[-1:], row[:-1]]), jnp.concatenate([row[1:], row[:1]])
    return jnp.take(table, left * 4 + row * 2 + right)


# %% right: division and remainder
def next_row(rule, row):
    row = jnp.asarray(row)
    numbers = jnp.roll(row, 1) << 2 | row << 1 | jnp.roll(row, -1)
    return rule // 2**numbers % 2


# %% right: eight comparisons
def next_row(rule, row):
    row = jnp.asarray(row)
    numbers = 4 * jnp.roll(row, 1) + 2 * row + jnp.roll(row, -1)
    new = jnp.zeros_like(row)
    for i in range(8):
        new = jnp.where(numbers == i, (rule >> i) & 1, new)
    return new


# %% right: a convolution of the padded row
@jax.jit
def next_row(rule, row):
    ring = jnp.pad(jnp.asarray(row), 1, mode="wrap")
    numbers = jnp.convolve(ring, jnp.array([1, 2, 4]), mode="valid")
    return jnp.right_shift(rule, jnp.round(numbers).astype(jnp.int32)) & 1


# %% right: indices modulo the length
def next_row(rule, row):
    row = jnp.asarray(row)
    i = jnp.arange(len(row))
    numbers = 4 * row[i - 1] + 2 * row + row[(i + 1) % len(row)]
    return jnp.bitwise_and(jnp.right_shift(rule, numbers), 1)


# %% wrong: left and right exchanged -> follows_every_rule
def next_row(rule, row):
    row = jnp.asarray(row)
    return (rule >> (4 * jnp.roll(row, -1) + 2 * row + jnp.roll(row, 1))) & 1


# %% wrong: the bits from the other end -> follows_every_rule
def next_row(rule, row):
    row = jnp.asarray(row)
    return (rule >> (7 - (4 * jnp.roll(row, 1) + 2 * row + jnp.roll(row, -1)))) & 1


# %% wrong: no last digit -> follows_every_rule
def next_row(rule, row):
    row = jnp.asarray(row)
    return rule >> (4 * jnp.roll(row, 1) + 2 * row + jnp.roll(row, -1))


# %% wrong: zeros outside in place of a ring -> follows_every_rule
def next_row(rule, row):
    ring = jnp.pad(jnp.asarray(row), 1)
    return (rule >> (4 * ring[:-2] + 2 * ring[1:-1] + ring[2:])) & 1


# %% wrong: rule 90 only -> follows_every_rule
def next_row(rule, row):
    row = jnp.asarray(row)
    return jnp.roll(row, 1) ^ jnp.roll(row, -1)


# %% wrong: the sum of the triple -> follows_every_rule
def next_row(rule, row):
    row = jnp.asarray(row)
    return (rule >> (jnp.roll(row, 1) + row + jnp.roll(row, -1))) & 1


# %% wrong: the mask in place of the bit -> follows_every_rule
def next_row(rule, row):
    row = jnp.asarray(row)
    return rule & (1 << (4 * jnp.roll(row, 1) + 2 * row + jnp.roll(row, -1)))


# %% wrong: True and False -> follows_every_rule
def next_row(rule, row):
    row = jnp.asarray(row)
    return (rule >> (4 * jnp.roll(row, 1) + 2 * row + jnp.roll(row, -1))) & 1 == 1


# %% wrong: int8 on the way, too narrow for rules from 128 on -> follows_every_rule
def next_row(rule, row):
    row = jnp.asarray(row)
    numbers = 4 * jnp.roll(row, 1) + 2 * row + jnp.roll(row, -1)
    return (jnp.minimum(rule, 127) >> numbers) & 1


# %% wrong: binary digits by Python, so the rule cannot be traced -> is_pure
def next_row(rule, row):
    row = jnp.asarray(row)
    table = jnp.array([int(digit) for digit in f"{rule:08b}"[::-1]], jnp.int32)
    return table[4 * jnp.roll(row, 1) + 2 * row + jnp.roll(row, -1)]


# %% wrong: NumPy, so the row cannot be traced -> is_pure
def next_row(rule, row):
    row = np.asarray(row)
    return jnp.asarray((rule >> (4 * np.roll(row, 1) + 2 * row + np.roll(row, -1))) & 1, jnp.int32)


# %% wrong: NumPy for NumPy -> follows_every_rule
def next_row(rule, row):
    library = np if isinstance(row, np.ndarray) else jnp
    return (rule >> (4 * library.roll(row, 1) + 2 * row + library.roll(row, -1))) & 1


# %% wrong: a cell at a time, into the caller's row -> is_pure
def next_row(rule, row):
    old = jnp.array(row)
    new = (rule >> (4 * jnp.roll(old, 1) + 2 * old + jnp.roll(old, -1))) & 1
    if isinstance(row, np.ndarray):
        row[:] = new
    return new


# %% wrong: the first rule is kept -> follows_every_rule, is_pure
first = []


def next_row(rule, row):
    first.append(rule)
    row = jnp.asarray(row)
    return (first[0] >> (4 * jnp.roll(row, 1) + 2 * row + jnp.roll(row, -1))) & 1


# %% wrong: a Python loop over the cells -> follows_every_rule
def next_row(rule, row):
    row = jnp.asarray(row)
    n = row.size
    new = [(rule >> (4 * row[k - 1] + 2 * row[k] + row[(k + 1) % n])) & 1 for k in range(n)]
    return jnp.stack(new)


# %% wrong: a row of zeros stays one -> follows_every_rule
def next_row(rule, row):
    row = jnp.asarray(row)
    new = (rule >> (4 * jnp.roll(row, 1) + 2 * row + jnp.roll(row, -1))) & 1
    return jnp.where(row.any(), new, row)


# %% wrong: the row packed into one number -> follows_every_rule
def next_row(rule, row):
    row = jnp.asarray(row)
    k = jnp.arange(row.size)
    word = jnp.sum(row << k)
    left, cell, right = ((word >> (place % row.size)) & 1 for place in (k - 1, k, k + 1))
    return (rule >> (4 * left + 2 * cell + right)) & 1


# %% wrong: positions in eight bits -> follows_every_rule
def next_row(rule, row):
    row = jnp.asarray(row)
    k, n = jnp.arange(row.size).astype(jnp.int8), row.size
    left = jnp.where(k == 0, row[-1], row[(k - 1).astype(jnp.int32)])
    right = jnp.where(k == n - 1, row[0], row[(k + 1).astype(jnp.int32)])
    return (rule >> (4 * left + 2 * row + right)) & 1
