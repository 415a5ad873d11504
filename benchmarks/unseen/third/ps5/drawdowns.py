# %% right: in_axes and out_axes
def drawdown(prices):
    return prices / lax.cummax(prices) - 1


def drawdowns(prices: Float32[Array, "days shares"]) -> Float32[Array, "days shares"]:
    return jax.vmap(drawdown, in_axes=1, out_axes=1)(jnp.asarray(prices))

# %% right: no vmap, cummax along the days
def drawdowns(prices: Float32[Array, "days shares"]) -> Float32[Array, "days shares"]:
    prices = jnp.asarray(prices)
    return prices / lax.cummax(prices, axis=0) - 1

# %% right: functional, scan over the days with the record as state
def drawdowns(prices: Float32[Array, "days shares"]) -> Float32[Array, "days shares"]:
    def day(record, price):
        record = jnp.maximum(record, price)
        return record, price / record - 1

    prices = jnp.asarray(prices)
    _, falls = lax.scan(day, prices[0], prices)
    return falls

# %% right: associative_scan on the transposed table
def _fall(share):
    record = lax.associative_scan(jnp.maximum, share)
    return (share - record) / record


def drawdowns(prices: Float32[Array, "days shares"]) -> Float32[Array, "days shares"]:
    return jax.vmap(_fall)(jnp.transpose(jnp.asarray(prices))).T

# %% wrong: the record starts at 1 | shares that have never cost 1 are measured against 1
def drawdowns(prices: Float32[Array, "days shares"]) -> Float32[Array, "days shares"]:
    def day(record, price):
        record = jnp.maximum(record, price)
        return record, price / record - 1

    prices = jnp.asarray(prices)
    return lax.scan(day, jnp.ones(prices.shape[1], prices.dtype), prices)[1]

# %% wrong: highest price of the last 252 days | a record older than a year is forgotten
def drawdowns(prices: Float32[Array, "days shares"]) -> Float32[Array, "days shares"]:
    prices = jnp.asarray(prices)
    record = lax.reduce_window(
        prices, -jnp.inf, lax.max, (252, 1), (1, 1), ((251, 0), (0, 0))
    )
    return prices / record - 1

# %% wrong: np.maximum.accumulate | works only outside jit
def drawdowns(prices: Float32[Array, "days shares"]) -> Float32[Array, "days shares"]:
    record = np.maximum.accumulate(np.asarray(prices), axis=0)
    return jnp.asarray(prices) / record - 1

# %% wrong: a small number against division by 0 | prices near or below it (down to 1e-30) come out as nearly 0
def drawdowns(prices: Float32[Array, "days shares"]) -> Float32[Array, "days shares"]:
    prices = jnp.asarray(prices)
    record = lax.cummax(prices, axis=0)
    return (prices - record) / (record + 1e-9)

# %% wrong: divides in place | the caller's NumPy table is overwritten
def drawdowns(prices: Float32[Array, "days shares"]) -> Float32[Array, "days shares"]:
    if isinstance(prices, np.ndarray):
        prices /= np.maximum.accumulate(prices, axis=0)
        prices -= 1
        return jnp.array(prices)
    return prices / lax.cummax(prices, axis=0) - 1

# %% wrong: counts in whole cents | prices below a cent and above 21 million do not fit into int32
def drawdowns(prices: Float32[Array, "days shares"]) -> Float32[Array, "days shares"]:
    cents = jnp.round(100 * jnp.asarray(prices)).astype(jnp.int32)
    return (cents / lax.cummax(cents, axis=0) - 1).astype(jnp.float32)

# %% wrong: takes the longer axis for the days | transposed sense where there are more shares than days
def drawdown(prices):
    return prices / lax.cummax(prices) - 1


def drawdowns(prices: Float32[Array, "days shares"]) -> Float32[Array, "days shares"]:
    prices = jnp.asarray(prices)
    axis = 1 if prices.shape[0] >= prices.shape[1] else 0
    return jax.vmap(drawdown, in_axes=axis, out_axes=axis)(prices)

# %% wrong: from the returns, multiplied up | a rise from 1e-30 to 1e30 overflows: NaN
def drawdowns(prices: Float32[Array, "days shares"]) -> Float32[Array, "days shares"]:
    prices = jnp.asarray(prices)
    returns = prices[1:] / prices[:-1]
    first = jnp.ones((1, prices.shape[1]), prices.dtype)
    wealth = jnp.cumprod(jnp.concatenate([first, returns]), axis=0)
    return wealth / lax.cummax(wealth, axis=0) - 1
