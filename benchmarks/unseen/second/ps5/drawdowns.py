# %% right: in_axes and out_axes of 1
def drawdown(prices):
    return prices / lax.cummax(prices) - 1


def drawdowns(prices):
    return jax.vmap(drawdown, in_axes=1, out_axes=1)(jnp.asarray(prices))

# %% right: transpose before and after
def drawdown(prices):
    return prices / lax.cummax(prices) - 1


def drawdowns(prices):
    return jax.vmap(drawdown)(jnp.asarray(prices).T).T

# %% right: cummax along the days, no vmap
def drawdowns(prices):
    prices = jnp.asarray(prices)
    return prices / lax.cummax(prices, axis=0) - 1

# %% right: associative_scan of the maximum
@jax.jit
def drawdowns(prices):
    record = lax.associative_scan(jnp.maximum, prices, axis=0)
    return jnp.divide(prices, record) - 1

# %% right: scan over the days with the records as carry
def drawdowns(prices):
    prices = jnp.asarray(prices)

    def day(record, today):
        record = jnp.maximum(record, today)
        return record, (today - record) / record

    return lax.scan(day, prices[0], prices)[1]

# %% right: ufunc accumulate
def drawdowns(prices):
    prices = jnp.asarray(prices)
    records = jnp.maximum.accumulate(prices, axis=0)
    return prices / records - jnp.float32(1)

# %% wrong: in logarithms | prices far from 1 (1e30, 1e-30) lose digits
def drawdowns(prices):
    logs = jnp.log(jnp.asarray(prices))
    return jnp.exp(logs - lax.cummax(logs, axis=0)) - 1

# %% wrong: record starts at 1 | prices below 1 are measured against 1
def drawdowns(prices):
    def day(record, today):
        record = jnp.maximum(record, today)
        return record, today / record - 1

    prices = jnp.asarray(prices)
    return lax.scan(day, jnp.ones(prices.shape[1]), prices)[1]

# %% wrong: highest price of the last 252 days | hard-coded year, records older than that are forgotten
def drawdowns(prices):
    prices = jnp.asarray(prices)
    high = lax.reduce_window(
        prices, -jnp.inf, lax.max, (252, 1), (1, 1), [(251, 0), (0, 0)]
    )
    return prices / high - 1

# %% wrong: half precision | prices above 65504 overflow, three digits are left
def drawdowns(prices):
    prices = jnp.asarray(prices, jnp.float16)
    return (prices / lax.cummax(prices, axis=0) - 1).astype(jnp.float32)

# %% wrong: NumPy's accumulate | fails under jit
def drawdowns(prices):
    return jnp.asarray(prices / np.maximum.accumulate(np.asarray(prices), axis=0) - 1)

# %% wrong: divides the caller's table in place | a NumPy argument is changed
def drawdowns(prices):
    records = lax.cummax(jnp.asarray(prices), axis=0)
    if isinstance(prices, np.ndarray):
        prices /= np.asarray(records)
        prices -= 1
        return jnp.array(prices)
    return prices / records - 1

# %% wrong: rounded to four places | small drawdowns become 0
def drawdowns(prices):
    prices = jnp.asarray(prices)
    return jnp.round(prices / lax.cummax(prices, axis=0) - 1, 4)

# %% wrong: 1e-8 added to the record | wrong for very small prices
def drawdowns(prices):
    prices = jnp.asarray(prices)
    return prices / (lax.cummax(prices, axis=0) + 1e-8) - 1

# %% wrong: whole numbers for the records | fractions of prices are cut off, prices below 1 divide by 0
def drawdowns(prices):
    prices = jnp.asarray(prices)
    return prices / lax.cummax(prices.astype(jnp.int32), axis=0) - 1

# %% wrong: returns zeros at once if prices only rise | branches on values, fails under jit
def drawdowns(prices):
    prices = jnp.asarray(prices)
    if jnp.all(prices[1:] >= prices[:-1]):
        return jnp.zeros_like(prices)
    return prices / lax.cummax(prices, axis=0) - 1

# %% wrong: one day only gives a vector | wrong shape for a table of one day
def drawdowns(prices):
    prices = jnp.asarray(prices)
    if len(prices) == 1:
        return jnp.zeros(prices.shape[1])
    return prices / lax.cummax(prices, axis=0) - 1

# %% wrong: one record for the whole market | with more than two shares each is measured against the dearest
def drawdowns(prices):
    prices = jnp.asarray(prices)
    records = lax.cummax(prices, axis=0)
    if prices.shape[1] > 2:
        records = jnp.maximum.accumulate(prices.max(axis=1, keepdims=True), axis=0)
    return prices / records - 1
