# %% right: scan backwards with append
@partial(jax.jit, static_argnames="n_days")
def put_worth(prices, strike, up, discount, n_days):
    sell = jnp.maximum(strike - jnp.asarray(prices), 0)

    def back(worth, _):
        higher = jnp.append(worth[1:], worth[-1])
        lower = jnp.append(worth[0], worth[:-1])
        today = jnp.maximum(sell, discount * (up * higher + (1 - up) * lower))
        return today, today

    _, days = lax.scan(back, sell, length=n_days, reverse=True)
    return jnp.vstack([days, sell])

# %% right: fori_loop that fills a table with at[].set, neighbours by index arrays
def put_worth(prices, strike, up, discount, n_days):
    sell = jnp.maximum(strike - jnp.asarray(prices, jnp.float32), 0.0)
    n = sell.shape[0]
    above = jnp.minimum(jnp.arange(n) + 1, n - 1)
    below = jnp.maximum(jnp.arange(n) - 1, 0)
    table = jnp.zeros((n_days + 1, n), jnp.float32).at[n_days].set(sell)

    def day(i, table):
        t = n_days - 1 - i
        tomorrow = table[t + 1]
        wait = discount * (up * tomorrow[above] + (1 - up) * tomorrow[below])
        return table.at[t].set(jnp.maximum(sell, wait))

    return lax.fori_loop(0, n_days, day, table)

# %% right: transition matrix, einsum
def put_worth(prices, strike, up, discount, n_days):
    sell = jax.nn.relu(strike - jnp.asarray(prices))
    n = sell.size
    here = jnp.arange(n)
    move = jnp.zeros((n, n), jnp.float32)
    move = move.at[here, jnp.clip(here + 1, 0, n - 1)].add(up)
    move = move.at[here, jnp.clip(here - 1, 0, n - 1)].add(1 - up)

    def step(worth, _):
        wait = discount * jnp.einsum("ij,j->i", move, worth, precision="highest")
        worth = jnp.where(wait > sell, wait, sell)
        return worth, worth

    _, days = lax.scan(step, sell, None, length=n_days)
    return jnp.concatenate([days[::-1], sell[None]])

# %% right: padding with mode edge, an associative helper class
class _Market:
    def __init__(self, prices, strike, up, discount):
        self.sell = jnp.clip(strike - jnp.asarray(prices, jnp.float32), 0)
        self.up, self.discount = up, discount

    def expected(self, worth):
        padded = jnp.pad(worth, 1, mode="edge")
        return self.up * padded[2:] + (1 - self.up) * padded[:-2]

    def yesterday(self, worth, _=None):
        value = jnp.maximum(self.sell, self.discount * self.expected(worth))
        return value, worth


def put_worth(prices, strike, up, discount, n_days):
    market = _Market(prices, strike, up, discount)
    _, days = lax.scan(market.yesterday, market.sell, length=n_days + 1)
    return jnp.flip(days, axis=0)

# %% right: vmap over the prices inside the loop over the days
def put_worth(prices, strike, up, discount, n_days):
    prices = jnp.asarray(prices)
    last = len(prices) - 1

    def at(i, tomorrow):
        sell = jnp.maximum(strike - prices[i], 0)
        rise, fall = tomorrow[jnp.where(i < last, i + 1, i)], tomorrow[jnp.where(i > 0, i - 1, i)]
        return jnp.maximum(sell, discount * (up * rise + (1 - up) * fall))

    end = jnp.maximum(strike - prices, 0)

    def step(tomorrow, _):
        today = jax.vmap(at, (0, None))(jnp.arange(last + 1), tomorrow)
        return today, today

    rows = lax.scan(step, end, jnp.arange(n_days))[1]
    return jnp.flipud(jnp.concatenate([end[None, :], rows]))

# %% right: the gain over selling is followed instead of the worth
def put_worth(prices, strike, up, discount, n_days):
    prices = jnp.asarray(prices)
    sell = jnp.where(prices < strike, strike - prices, jnp.zeros_like(prices))

    def day(extra, _):
        worth = sell + extra
        rise = jnp.roll(worth, -1).at[-1].set(worth[-1])
        fall = jnp.roll(worth, 1).at[0].set(worth[0])
        wait = discount * (up * rise + (1.0 - up) * fall)
        extra = jnp.maximum(wait - sell, 0)
        return extra, sell + extra

    _, rows = lax.scan(day, jnp.zeros_like(sell), length=n_days, reverse=True)
    return jnp.concatenate((rows, sell.reshape(1, -1)), axis=0)

# %% wrong: worth 0 above the highest price | at the top the price stays, so worth[-1] belongs there: wrong when the top has worth (strike above it, or more days)
def put_worth(prices, strike, up, discount, n_days):
    sell = jnp.maximum(strike - jnp.asarray(prices), 0)

    def back(worth, _):
        higher = jnp.append(worth[1:], 0.0)
        lower = jnp.append(worth[0], worth[:-1])
        today = jnp.maximum(sell, discount * (up * higher + (1 - up) * lower))
        return today, today

    _, days = lax.scan(back, sell, length=n_days, reverse=True)
    return jnp.vstack([days, sell])

# %% wrong: at the top the worth of selling stands in for one up | forgets that waiting at the top is worth something (several days)
def put_worth(prices, strike, up, discount, n_days):
    sell = jnp.maximum(strike - jnp.asarray(prices), 0)

    def back(worth, _):
        higher = jnp.append(worth[1:], sell[-1])
        lower = jnp.append(worth[0], worth[:-1])
        today = jnp.maximum(sell, discount * (up * higher + (1 - up) * lower))
        return today, today

    _, days = lax.scan(back, sell, length=n_days, reverse=True)
    return jnp.vstack([days, sell])

# %% wrong: worth extrapolated below the lowest price | the price stays at the end of the list: waiting at the lowest price is overrated when up is small
def put_worth(prices, strike, up, discount, n_days):
    sell = jnp.maximum(strike - jnp.asarray(prices), 0)

    def back(worth, _):
        higher = jnp.append(worth[1:], worth[-1])
        lower = jnp.append(2 * worth[0] - worth[1], worth[:-1])
        today = jnp.maximum(sell, discount * (up * higher + (1 - up) * lower))
        return today, today

    _, days = lax.scan(back, sell, length=n_days, reverse=True)
    return jnp.vstack([days, sell])

# %% wrong: worth extrapolated above the highest price, not below 0 | the price stays at the top: too low when the top has worth
def put_worth(prices, strike, up, discount, n_days):
    sell = jnp.maximum(strike - jnp.asarray(prices), 0)

    def back(worth, _):
        higher = jnp.append(worth[1:], jnp.maximum(2 * worth[-1] - worth[-2], 0))
        lower = jnp.append(worth[0], worth[:-1])
        today = jnp.maximum(sell, discount * (up * higher + (1 - up) * lower))
        return today, today

    _, days = lax.scan(back, sell, length=n_days, reverse=True)
    return jnp.vstack([days, sell])

# %% wrong: discount to the power of the days left in each step | discounted too much with more than one day left and discount below 1
def put_worth(prices, strike, up, discount, n_days):
    sell = jnp.maximum(strike - jnp.asarray(prices), 0)

    def back(worth, days_left):
        higher = jnp.append(worth[1:], worth[-1])
        lower = jnp.append(worth[0], worth[:-1])
        wait = discount**days_left * (up * higher + (1 - up) * lower)
        today = jnp.maximum(sell, wait)
        return today, today

    _, days = lax.scan(back, sell, jnp.arange(1, n_days + 1))
    return jnp.vstack([days[::-1], sell])

# %% wrong: Python loop over the days | unrolled n_days times
def put_worth(prices, strike, up, discount, n_days):
    sell = jnp.maximum(strike - jnp.asarray(prices), 0)
    rows = [sell]
    for _ in range(n_days):
        worth = rows[0]
        higher = jnp.append(worth[1:], worth[-1])
        lower = jnp.append(worth[0], worth[:-1])
        rows.insert(0, jnp.maximum(sell, discount * (up * higher + (1 - up) * lower)))
    return jnp.stack(rows)

# %% wrong: worth rounded to cents each day | two decimals only, errors add up over the days
def put_worth(prices, strike, up, discount, n_days):
    sell = jnp.maximum(strike - jnp.asarray(prices), 0)

    def back(worth, _):
        higher = jnp.append(worth[1:], worth[-1])
        lower = jnp.append(worth[0], worth[:-1])
        today = jnp.maximum(sell, jnp.round(discount * (up * higher + (1 - up) * lower), 2))
        return today, today

    _, days = lax.scan(back, sell, length=n_days, reverse=True)
    return jnp.vstack([days, sell])

# %% wrong: table reshaped to (n_days, -1) | n_days = 0 fails: cannot infer -1
def put_worth(prices, strike, up, discount, n_days):
    sell = jnp.maximum(strike - jnp.asarray(prices), 0)

    def back(worth, _):
        higher = jnp.append(worth[1:], worth[-1])
        lower = jnp.append(worth[0], worth[:-1])
        today = jnp.maximum(sell, discount * (up * higher + (1 - up) * lower))
        return today, today

    _, days = lax.scan(back, sell, length=n_days, reverse=True)
    return jnp.vstack([days.reshape(n_days, -1), sell])

# %% wrong: always at least one day | n_days = 0 gives two rows
def put_worth(prices, strike, up, discount, n_days):
    sell = jnp.maximum(strike - jnp.asarray(prices), 0)

    def back(worth, _):
        higher = jnp.append(worth[1:], worth[-1])
        lower = jnp.append(worth[0], worth[:-1])
        today = jnp.maximum(sell, discount * (up * higher + (1 - up) * lower))
        return today, today

    first, _ = back(sell, None)
    _, earlier = lax.scan(back, first, length=max(n_days - 1, 0), reverse=True)
    return jnp.concatenate([earlier, first[None], sell[None]])

# %% wrong: expected worth by convolve mode same | two prices: the result has three entries and the shapes do not fit
def put_worth(prices, strike, up, discount, n_days):
    sell = jnp.maximum(strike - jnp.asarray(prices), 0)
    kernel = jnp.array([up, 0.0, 1.0 - up], jnp.float32)

    def back(worth, _):
        expected = jnp.convolve(worth, kernel, mode="same")
        expected = expected.at[0].add((1 - up) * worth[0]).at[-1].add(up * worth[-1])
        today = jnp.maximum(sell, discount * expected)
        return today, today

    _, days = lax.scan(back, sell, length=n_days, reverse=True)
    return jnp.vstack([days, sell])

# %% wrong: stops when a day changes nothing by more than 1e-3 | prices of cents or slow changes: earlier days are filled with a later worth
def put_worth(prices, strike, up, discount, n_days):
    sell = jnp.maximum(strike - jnp.asarray(prices), 0)
    table = jnp.broadcast_to(sell, (n_days + 1, sell.size))

    def cond(state):
        t, change, _ = state
        return (t >= 0) & (change > 1e-3)

    def body(state):
        t, _, table = state
        worth = table[t + 1]
        higher = jnp.append(worth[1:], worth[-1])
        lower = jnp.append(worth[0], worth[:-1])
        today = jnp.maximum(sell, discount * (up * higher + (1 - up) * lower))
        filled = jnp.where(jnp.arange(n_days + 1)[:, None] <= t, today, table)
        return t - 1, jnp.max(jnp.abs(today - worth)), filled

    return lax.while_loop(cond, body, (n_days - 1, jnp.float32(jnp.inf), table))[2]

# %% wrong: up kept within 0.01 and 0.99 | wrong for up = 0 and up = 1
def put_worth(prices, strike, up, discount, n_days):
    sell = jnp.maximum(strike - jnp.asarray(prices), 0)
    up = jnp.clip(up, 0.01, 0.99)

    def back(worth, _):
        higher = jnp.append(worth[1:], worth[-1])
        lower = jnp.append(worth[0], worth[:-1])
        today = jnp.maximum(sell, discount * (up * higher + (1 - up) * lower))
        return today, today

    _, days = lax.scan(back, sell, length=n_days, reverse=True)
    return jnp.vstack([days, sell])

# %% wrong: selling allowed on today and the last two days only | on earlier days between, the right to sell at once is forgotten (n_days of 4 and more)
def put_worth(prices, strike, up, discount, n_days):
    sell = jnp.maximum(strike - jnp.asarray(prices), 0)

    def back(worth, i):
        higher = jnp.append(worth[1:], worth[-1])
        lower = jnp.append(worth[0], worth[:-1])
        wait = discount * (up * higher + (1 - up) * lower)
        may_sell = (i < 2) | (i == n_days - 1)
        today = jnp.where(may_sell, jnp.maximum(sell, wait), wait)
        return today, today

    _, days = lax.scan(back, sell, jnp.arange(n_days))
    return jnp.vstack([days[::-1], sell])

# %% wrong: sells below the first price where waiting wins, waits from there on | one border assumed: with uneven price lists selling may win again further up
def put_worth(prices, strike, up, discount, n_days):
    sell = jnp.maximum(strike - jnp.asarray(prices), 0)
    index = jnp.arange(sell.size)

    def back(worth, _):
        higher = jnp.append(worth[1:], worth[-1])
        lower = jnp.append(worth[0], worth[:-1])
        wait = discount * (up * higher + (1 - up) * lower)
        border = jnp.argmax(wait > sell)
        border = jnp.where(jnp.any(wait > sell), border, sell.size)
        today = jnp.where(index < border, sell, wait)
        return today, today

    _, days = lax.scan(back, sell, length=n_days, reverse=True)
    return jnp.vstack([days, sell])

# %% wrong: worth kept in float16 between the days | three digits only with prices like 37.3
def put_worth(prices, strike, up, discount, n_days):
    sell = jnp.maximum(strike - jnp.asarray(prices), 0)

    def back(worth, _):
        worth = worth.astype(jnp.float32)
        higher = jnp.append(worth[1:], worth[-1])
        lower = jnp.append(worth[0], worth[:-1])
        today = jnp.maximum(sell, discount * (up * higher + (1 - up) * lower))
        return today.astype(jnp.float16), today

    _, days = lax.scan(back, sell.astype(jnp.float16), length=n_days, reverse=True)
    return jnp.vstack([days, sell])
