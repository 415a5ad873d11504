# %% right: rows written from below
@partial(jax.jit, static_argnums=4)
def put_worth(prices, strike, up, discount, n_days):
    now = jnp.clip(strike - prices, 0)
    table = jnp.tile(now, (n_days + 1, 1))

    def write(i, table):
        day = n_days - 1 - i
        padded = jnp.pad(table[day + 1], 1, mode="edge")
        wait = discount * (up * padded[2:] + (1 - up) * padded[:-2])
        return table.at[day].set(jnp.maximum(now, wait))

    return lax.fori_loop(0, n_days, write, table)


# %% right: a matrix of the moves
def put_worth(prices, strike, up, discount, n_days):
    n = len(prices)
    stay_or_go = jnp.arange(n)
    moves = jnp.zeros((n, n))
    moves = moves.at[stay_or_go, jnp.minimum(stay_or_go + 1, n - 1)].add(up)
    moves = moves.at[stay_or_go, jnp.maximum(stay_or_go - 1, 0)].add(1 - up)
    sell = jax.nn.relu(strike - jnp.asarray(prices))

    def back(worth, _):
        return jnp.maximum(sell, discount * (moves @ worth)), worth

    today, later = lax.scan(back, sell, length=n_days)
    return jnp.vstack([today[None], later[::-1]])


# %% wrong: a Python loop over the days -> days_are_one_loop
def put_worth(prices, strike, up, discount, n_days):
    sell = jnp.where(jnp.asarray(prices) < strike, strike - jnp.asarray(prices), 0.0)
    n = sell.shape[0]
    above, below = np.minimum(np.arange(n) + 1, n - 1), np.maximum(np.arange(n) - 1, 0)
    rows = [sell]
    for _ in range(n_days):
        wait = discount * (up * rows[-1][above] + (1 - up) * rows[-1][below])
        rows.append(jnp.where(wait > sell, wait, sell))
    return jnp.stack(rows[::-1])


# %% wrong: sells on the last day alone -> sells_or_waits_whichever_is_worth_more
def put_worth(prices, strike, up, discount, n_days):
    sold = jnp.maximum(strike - jnp.asarray(prices), 0)

    def day_before(worth, _):
        higher, lower = jnp.append(worth[1:], worth[-1]), jnp.append(worth[0], worth[:-1])
        worth = discount * (up * higher + (1 - up) * lower)
        return worth, worth

    _, days = lax.scan(day_before, sold, length=n_days, reverse=True)
    return jnp.concatenate([days, sold[None]])


# %% wrong: always sells -> sells_or_waits_whichever_is_worth_more
def put_worth(prices, strike, up, discount, n_days):
    sold = jnp.maximum(strike - jnp.asarray(prices), 0)

    def day_before(worth, _):
        higher, lower = jnp.append(worth[1:], worth[-1]), jnp.append(worth[0], worth[:-1])
        worth = sold + 0 * worth
        return worth, worth

    _, days = lax.scan(day_before, sold, length=n_days, reverse=True)
    return jnp.concatenate([days, sold[None]])


# %% wrong: up and down exchanged -> sells_or_waits_whichever_is_worth_more
def put_worth(prices, strike, up, discount, n_days):
    sold = jnp.maximum(strike - jnp.asarray(prices), 0)

    def day_before(worth, _):
        higher, lower = jnp.append(worth[1:], worth[-1]), jnp.append(worth[0], worth[:-1])
        worth = jnp.maximum(sold, discount * (up * lower + (1 - up) * higher))
        return worth, worth

    _, days = lax.scan(day_before, sold, length=n_days, reverse=True)
    return jnp.concatenate([days, sold[None]])


# %% wrong: up and down equally likely -> sells_or_waits_whichever_is_worth_more
def put_worth(prices, strike, up, discount, n_days):
    sold = jnp.maximum(strike - jnp.asarray(prices), 0)

    def day_before(worth, _):
        higher, lower = jnp.append(worth[1:], worth[-1]), jnp.append(worth[0], worth[:-1])
        worth = jnp.maximum(sold, discount * (higher + lower) / 2)
        return worth, worth

    _, days = lax.scan(day_before, sold, length=n_days, reverse=True)
    return jnp.concatenate([days, sold[None]])


# %% wrong: no discount -> sells_or_waits_whichever_is_worth_more
def put_worth(prices, strike, up, discount, n_days):
    sold = jnp.maximum(strike - jnp.asarray(prices), 0)

    def day_before(worth, _):
        higher, lower = jnp.append(worth[1:], worth[-1]), jnp.append(worth[0], worth[:-1])
        worth = jnp.maximum(sold, (up * higher + (1 - up) * lower))
        return worth, worth

    _, days = lax.scan(day_before, sold, length=n_days, reverse=True)
    return jnp.concatenate([days, sold[None]])


# %% wrong: the money is discounted too -> sells_or_waits_whichever_is_worth_more
def put_worth(prices, strike, up, discount, n_days):
    sold = jnp.maximum(strike - jnp.asarray(prices), 0)

    def day_before(worth, _):
        higher, lower = jnp.append(worth[1:], worth[-1]), jnp.append(worth[0], worth[:-1])
        worth = discount * jnp.maximum(sold, up * higher + (1 - up) * lower)
        return worth, worth

    _, days = lax.scan(day_before, sold, length=n_days, reverse=True)
    return jnp.concatenate([days, sold[None]])


# %% wrong: the list is a ring -> sells_or_waits_whichever_is_worth_more
def put_worth(prices, strike, up, discount, n_days):
    sold = jnp.maximum(strike - jnp.asarray(prices), 0)

    def day_before(worth, _):
        higher, lower = jnp.roll(worth, -1), jnp.roll(worth, 1)
        worth = jnp.maximum(sold, discount * (up * higher + (1 - up) * lower))
        return worth, worth

    _, days = lax.scan(day_before, sold, length=n_days, reverse=True)
    return jnp.concatenate([days, sold[None]])


# %% wrong: nothing beyond the ends -> sells_or_waits_whichever_is_worth_more
def put_worth(prices, strike, up, discount, n_days):
    sold = jnp.maximum(strike - jnp.asarray(prices), 0)

    def day_before(worth, _):
        higher, lower = jnp.append(worth[1:], 0), jnp.append(0, worth[:-1])
        worth = jnp.maximum(sold, discount * (up * higher + (1 - up) * lower))
        return worth, worth

    _, days = lax.scan(day_before, sold, length=n_days, reverse=True)
    return jnp.concatenate([days, sold[None]])


# %% wrong: the right to buy -> sells_or_waits_whichever_is_worth_more
def put_worth(prices, strike, up, discount, n_days):
    sold = jnp.maximum(jnp.asarray(prices) - strike, 0)

    def day_before(worth, _):
        higher, lower = jnp.append(worth[1:], worth[-1]), jnp.append(worth[0], worth[:-1])
        worth = jnp.maximum(sold, discount * (up * higher + (1 - up) * lower))
        return worth, worth

    _, days = lax.scan(day_before, sold, length=n_days, reverse=True)
    return jnp.concatenate([days, sold[None]])


# %% wrong: money that may be owed -> sells_or_waits_whichever_is_worth_more
def put_worth(prices, strike, up, discount, n_days):
    sold = strike - jnp.asarray(prices)

    def day_before(worth, _):
        higher, lower = jnp.append(worth[1:], worth[-1]), jnp.append(worth[0], worth[:-1])
        worth = jnp.maximum(sold, discount * (up * higher + (1 - up) * lower))
        return worth, worth

    _, days = lax.scan(day_before, sold, length=n_days, reverse=True)
    return jnp.concatenate([days, sold[None]])


# %% wrong: rows from the last day to the first -> sells_or_waits_whichever_is_worth_more
def put_worth(prices, strike, up, discount, n_days):
    sold = jnp.maximum(strike - jnp.asarray(prices), 0)

    def day_before(worth, _):
        higher, lower = jnp.append(worth[1:], worth[-1]), jnp.append(worth[0], worth[:-1])
        worth = jnp.maximum(sold, discount * (up * higher + (1 - up) * lower))
        return worth, worth

    _, days = lax.scan(day_before, sold, length=n_days, reverse=True)
    return jnp.concatenate([days, sold[None]])[::-1]


# %% wrong: days collected in the order of the scan -> sells_or_waits_whichever_is_worth_more
def put_worth(prices, strike, up, discount, n_days):
    sold = jnp.maximum(strike - jnp.asarray(prices), 0)

    def day_before(worth, _):
        higher, lower = jnp.append(worth[1:], worth[-1]), jnp.append(worth[0], worth[:-1])
        worth = jnp.maximum(sold, discount * (up * higher + (1 - up) * lower))
        return worth, worth

    _, days = lax.scan(day_before, sold, length=n_days)
    return jnp.concatenate([days, sold[None]])


# %% wrong: without the last day -> sells_or_waits_whichever_is_worth_more
def put_worth(prices, strike, up, discount, n_days):
    sold = jnp.maximum(strike - jnp.asarray(prices), 0)

    def day_before(worth, _):
        higher, lower = jnp.append(worth[1:], worth[-1]), jnp.append(worth[0], worth[:-1])
        worth = jnp.maximum(sold, discount * (up * higher + (1 - up) * lower))
        return worth, worth

    _, days = lax.scan(day_before, sold, length=n_days, reverse=True)
    return days


# %% wrong: the last day twice -> sells_or_waits_whichever_is_worth_more
def put_worth(prices, strike, up, discount, n_days):
    sold = jnp.maximum(strike - jnp.asarray(prices), 0)

    def day_before(worth, _):
        higher, lower = jnp.append(worth[1:], worth[-1]), jnp.append(worth[0], worth[:-1])
        worth = jnp.maximum(sold, discount * (up * higher + (1 - up) * lower))
        return worth, worth

    _, days = lax.scan(day_before, sold, length=n_days, reverse=True)
    return jnp.concatenate([days[1:], sold[None], sold[None]])


# %% wrong: the right expires after ten days -> sells_or_waits_whichever_is_worth_more
def put_worth(prices, strike, up, discount, n_days):
    sold = jnp.maximum(strike - jnp.asarray(prices), 0)

    def day_before(worth, _):
        higher, lower = jnp.append(worth[1:], worth[-1]), jnp.append(worth[0], worth[:-1])
        worth = jnp.maximum(sold, discount * (up * higher + (1 - up) * lower))
        return worth, worth

    _, days = lax.scan(day_before, sold, length=min(n_days, 10), reverse=True)
    days = jnp.concatenate([days, jnp.tile(sold, (n_days - len(days), 1))])
    return jnp.concatenate([days, sold[None]])


# %% wrong: cuts the prices at the strike, in place -> is_pure
def put_worth(prices, strike, up, discount, n_days):
    if isinstance(prices, np.ndarray):
        prices[...] = np.clip(prices, 0, strike)
    sold = jnp.maximum(strike - jnp.asarray(prices), 0)

    def day_before(worth, _):
        higher, lower = jnp.append(worth[1:], worth[-1]), jnp.append(worth[0], worth[:-1])
        worth = jnp.maximum(sold, discount * (up * higher + (1 - up) * lower))
        return worth, worth

    _, days = lax.scan(day_before, sold, length=n_days, reverse=True)
    return jnp.concatenate([days, sold[None]])


# %% wrong: prints the worth -> is_pure
def put_worth(prices, strike, up, discount, n_days):
    sold = jnp.maximum(strike - jnp.asarray(prices), 0)

    def day_before(worth, _):
        higher, lower = jnp.append(worth[1:], worth[-1]), jnp.append(worth[0], worth[:-1])
        worth = jnp.maximum(sold, discount * (up * higher + (1 - up) * lower))
        return worth, worth

    _, days = lax.scan(day_before, sold, length=n_days, reverse=True)
    print("worth today:", days)
    return jnp.concatenate([days, sold[None]])


# %% wrong: stops where a day changes little -> sells_or_waits_whichever_is_worth_more
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
