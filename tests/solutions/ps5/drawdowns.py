# %% right: transposed there and back
def drawdown(prices):
    return prices / lax.cummax(prices) - 1


def drawdowns(prices):
    return jax.vmap(drawdown)(jnp.asarray(prices).T).T


# %% right: no vmap, an axis
def drawdowns(prices):
    prices = jnp.asarray(prices)
    return prices / lax.cummax(prices, axis=0) - 1


# %% right: jnp.maximum.accumulate
@jax.jit
def drawdowns(prices):
    highest = jnp.maximum.accumulate(jnp.asarray(prices), axis=0)
    return (prices - highest) / highest


# %% right: a scan over the days
def drawdowns(prices):
    prices = jnp.asarray(prices)

    def day(highest, today):
        highest = jnp.maximum(highest, today)
        return highest, today / highest - 1

    return lax.scan(day, prices[0], prices)[1]


# %% right: in_axes=1, and the axes swapped afterwards
def drawdown(prices):
    return prices / lax.associative_scan(jnp.maximum, prices) - 1


def drawdowns(prices):
    return jnp.swapaxes(jax.vmap(drawdown, in_axes=1)(jnp.asarray(prices)), 0, 1)


# %% right: column by column
def drawdowns(prices):
    prices = jnp.asarray(prices)
    columns = [column / lax.cummax(column) - 1 for column in prices.T]
    return jnp.stack(columns, axis=1)


# %% wrong: the program as it was -> follows_each_share, follows_shares_in_tables_of_any_shape
def drawdown(prices):
    return prices / lax.cummax(prices) - 1


def drawdowns(prices):
    return jax.vmap(drawdown)(jnp.asarray(prices))


# %% wrong: half mended: in_axes without out_axes -> follows_each_share, follows_shares_in_tables_of_any_shape
def drawdown(prices):
    return prices / lax.cummax(prices) - 1


def drawdowns(prices):
    return jax.vmap(drawdown, in_axes=1)(jnp.asarray(prices))


# %% wrong: half mended: out_axes without in_axes -> follows_each_share, follows_shares_in_tables_of_any_shape
def drawdown(prices):
    return prices / lax.cummax(prices) - 1


def drawdowns(prices):
    return jax.vmap(drawdown, out_axes=1)(jnp.asarray(prices))


# %% wrong: masks the symptom: reshaped until the shape fits -> follows_each_share, follows_shares_in_tables_of_any_shape
def drawdown(prices):
    return prices / lax.cummax(prices) - 1


def drawdowns(prices):
    return jax.vmap(drawdown, in_axes=1)(jnp.asarray(prices)).reshape(prices.shape)


# %% wrong: masks the symptom: transposed only where the shape tells -> follows_shares_in_tables_of_any_shape
def drawdown(prices):
    return prices / lax.cummax(prices) - 1


def drawdowns(prices):
    out = jax.vmap(drawdown, in_axes=1)(jnp.asarray(prices))
    return out if out.shape == prices.shape else out.T


# %% wrong: masks the symptom: days are taken to be more than shares -> follows_each_share, follows_shares_in_tables_of_any_shape
def drawdown(prices):
    return prices / lax.cummax(prices) - 1


def drawdowns(prices):
    axis = 1 if prices.shape[0] > prices.shape[1] else 0
    return jax.vmap(drawdown, axis, axis)(jnp.asarray(prices))


# %% wrong: half mended: two vmaps, so that each price is its own record -> follows_each_share, follows_shares_in_tables_of_any_shape
def drawdown(prices):
    return prices / lax.cummax(prices[None])[0] - 1


def drawdowns(prices):
    return jax.vmap(jax.vmap(drawdown), in_axes=1, out_axes=1)(jnp.asarray(prices))


# %% wrong: half mended: the highest price of the whole table -> follows_each_share, follows_shares_in_tables_of_any_shape
def drawdowns(prices):
    prices = jnp.asarray(prices)
    return prices / prices.max() - 1


# %% wrong: half mended: the highest price of all days, later ones too -> follows_each_share, follows_shares_in_tables_of_any_shape
def drawdowns(prices):
    prices = jnp.asarray(prices)
    return prices / prices.max(axis=0) - 1


# %% wrong: from the last day backwards -> follows_each_share, follows_shares_in_tables_of_any_shape
def drawdowns(prices):
    prices = jnp.asarray(prices)
    return prices / lax.cummax(prices, axis=0, reverse=True) - 1


# %% wrong: the difference, not the share -> follows_each_share, follows_shares_in_tables_of_any_shape
def drawdowns(prices):
    prices = jnp.asarray(prices)
    return prices - lax.cummax(prices, axis=0)


# %% wrong: compared with the day before -> follows_each_share, follows_shares_in_tables_of_any_shape
def drawdowns(prices):
    prices = jnp.asarray(prices)
    return jnp.concatenate([prices[:1], prices[:-1]]) * 0 + prices / jnp.concatenate([prices[:1], prices[:-1]]) - 1


# %% wrong: NumPy, so it cannot be traced -> is_pure
def drawdowns(prices):
    return jnp.asarray(np.asarray(prices) / np.maximum.accumulate(prices, axis=0) - 1)


# %% wrong: writes into the table -> is_pure
def drawdowns(prices):
    if not isinstance(prices, np.ndarray):
        return prices / lax.cummax(prices, axis=0) - 1
    prices /= np.maximum.accumulate(prices, axis=0)
    return jnp.array(prices) - 1


# %% wrong: a record of at least 1 -> follows_shares_in_tables_of_any_shape
def drawdowns(prices):
    def day(record, today):
        record = jnp.maximum(record, today)
        return record, today / record - 1

    prices = jnp.asarray(prices)
    return lax.scan(day, jnp.ones(prices.shape[1]), prices)[1]


# %% wrong: a small number added to the record -> follows_shares_in_tables_of_any_shape
def drawdowns(prices):
    prices = jnp.asarray(prices)
    return prices / (lax.cummax(prices, axis=0) + 1e-8) - 1


# %% wrong: by logarithms -> follows_shares_in_tables_of_any_shape
def drawdowns(prices):
    logs = jnp.log(jnp.asarray(prices))
    return jnp.exp(logs - lax.cummax(logs, axis=0)) - 1


# %% wrong: the records of a year -> follows_shares_in_tables_of_any_shape
def drawdowns(prices):
    prices = jnp.asarray(prices)
    high = lax.reduce_window(
        prices, -jnp.inf, lax.max, (252, 1), (1, 1), [(251, 0), (0, 0)]
    )
    return prices / high - 1
