# %% right: scan backwards, neighbours by append
def put_worth(prices, strike, up, discount, n_days):
    prices = jnp.asarray(prices, jnp.float32)
    now = jnp.maximum(strike - prices, 0)

    def day(worth, _):
        higher = jnp.append(worth[1:], worth[-1])
        lower = jnp.append(worth[:1], worth[:-1])
        worth = jnp.maximum(now, discount * (up * higher + (1 - up) * lower))
        return worth, worth

    _, rows = lax.scan(day, now, length=n_days, reverse=True)
    return jnp.append(rows, now[None], axis=0)


# %% right: NumPy veteran, a table filled from below in a fori_loop
def put_worth(prices, strike, up, discount, n_days):
    x = jnp.asarray(prices)
    i = np.arange(x.shape[0])
    above, beneath = np.minimum(i + 1, i[-1]), np.maximum(i - 1, 0)
    sell = jnp.where(x < strike, strike - x, 0).astype(jnp.float32)
    table = jnp.zeros((n_days + 1, x.shape[0]), jnp.float32).at[n_days].set(sell)

    def fill(k, table):
        tomorrow = table[n_days - k]
        wait = discount * (up * tomorrow[above] + (1 - up) * tomorrow[beneath])
        return table.at[n_days - k - 1].set(jnp.maximum(sell, wait))

    return lax.fori_loop(0, n_days, fill, table)


# %% right: physicist, transition matrix
def put_worth(
    prices: Float32[Array, "n_prices"], strike: float, up: float, discount: float, n_days: int
) -> Float32[Array, "n_days+1 n_prices"]:
    n = len(prices)
    raise_, lower = np.zeros((n, n), np.float32), np.zeros((n, n), np.float32)
    for i in range(n):
        raise_[i, min(i + 1, n - 1)] = 1
        lower[i, max(i - 1, 0)] = 1
    P = discount * (up * jnp.array(raise_) + (1 - up) * jnp.array(lower))
    sell = jnp.clip(strike - jnp.asarray(prices, jnp.float32), min=0)

    def back(worth, _):
        wait = jnp.einsum("ij,j->i", P, worth, precision=lax.Precision.HIGHEST)
        return jnp.maximum(sell, wait), worth

    first, later = lax.scan(back, sell, None, n_days)
    return jnp.concatenate([later, first[None]])[::-1]


# %% right: documentation reader, padded edges and a convolution, jitted
@partial(jax.jit, static_argnames="n_days")
def put_worth(prices, strike, up, discount, n_days):
    up = jnp.asarray(up, jnp.float32)
    kernel = jnp.stack([up, jnp.zeros_like(up), 1 - up])
    payoff = jax.nn.relu(jnp.float32(strike) - jnp.asarray(prices, jnp.float32))

    def earlier(tomorrow, _):
        padded = jnp.pad(tomorrow, 1, mode="edge")
        expected = jnp.convolve(padded, kernel, mode="valid", precision=lax.Precision.HIGHEST)
        today = jnp.maximum(payoff, discount * expected)
        return today, today

    rows = lax.scan(earlier, payoff, xs=None, length=n_days)[1]
    return jnp.vstack([jnp.flip(rows, axis=0), payoff])


# %% wrong: zero above the highest price | the top's way up leads to 0 instead of staying: too low from the third day before the end on
def put_worth(prices, strike, up, discount, n_days):
    prices = jnp.asarray(prices)
    now = jnp.maximum(strike - prices, 0)

    def day(worth, _):
        higher = jnp.append(worth[1:], 0.0)
        lower = jnp.append(worth[:1], worth[:-1])
        worth = jnp.maximum(now, discount * (up * higher + (1 - up) * lower))
        return worth, worth

    _, rows = lax.scan(day, now, length=n_days)
    return jnp.append(rows[::-1], now[None], axis=0)


# %% wrong: discounts by the days left | tomorrow's worth is discounted already; with discount < 1 and two days or more it is too low
def put_worth(prices, strike, up, discount, n_days):
    prices = jnp.asarray(prices)
    now = jnp.maximum(strike - prices, 0)

    def day(worth, days_left):
        higher = jnp.append(worth[1:], worth[-1])
        lower = jnp.append(worth[:1], worth[:-1])
        wait = discount**days_left * (up * higher + (1 - up) * lower)
        worth = jnp.maximum(now, wait)
        return worth, worth

    _, rows = lax.scan(day, now, jnp.arange(1, n_days + 1))
    return jnp.append(rows[::-1], now[None], axis=0)


# %% wrong: n_days = 0 returns one row without its axis | shape (n_prices,) instead of (1, n_prices)
def put_worth(prices, strike, up, discount, n_days):
    now = jnp.maximum(strike - jnp.asarray(prices), 0)
    if n_days == 0:
        return now

    def day(worth, _):
        higher = jnp.append(worth[1:], worth[-1])
        lower = jnp.append(worth[:1], worth[:-1])
        worth = jnp.maximum(now, discount * (up * higher + (1 - up) * lower))
        return worth, worth

    _, rows = lax.scan(day, now, length=n_days)
    return jnp.append(rows[::-1], now[None], axis=0)


# %% wrong: Python loop over the days | unrolled; the days are steps in time and so a loop of JAX
def put_worth(prices, strike, up, discount, n_days):
    now = jnp.maximum(strike - jnp.asarray(prices), 0)
    rows = [now]
    for _ in range(n_days):
        worth = rows[0]
        higher = jnp.append(worth[1:], worth[-1])
        lower = jnp.append(worth[:1], worth[:-1])
        rows.insert(0, jnp.maximum(now, discount * (up * higher + (1 - up) * lower)))
    return jnp.stack(rows)


# %% wrong: rounds to cents every day | worth in steps of 0.01, and the rounding adds up over the days
def put_worth(prices, strike, up, discount, n_days):
    now = jnp.maximum(strike - jnp.asarray(prices), 0)

    def day(worth, _):
        higher = jnp.append(worth[1:], worth[-1])
        lower = jnp.append(worth[:1], worth[:-1])
        wait = jnp.round(discount * (up * higher + (1 - up) * lower), 2)
        worth = jnp.maximum(now, wait)
        return worth, worth

    _, rows = lax.scan(day, now, length=n_days)
    return jnp.append(rows[::-1], now[None], axis=0)


# %% wrong: convolution of mode "same" with the ends mended | for two prices the result has the kernel's length, three, and it fails
def put_worth(prices, strike, up, discount, n_days):
    now = jnp.maximum(strike - jnp.asarray(prices), 0)
    kernel = jnp.stack([jnp.asarray(p, jnp.float32) for p in (up, 0.0, 1 - up)])

    def day(worth, _):
        wait = jnp.convolve(worth, kernel, mode="same")
        wait = wait.at[0].add((1 - up) * worth[0]).at[-1].add(up * worth[-1])
        worth = jnp.maximum(now, discount * wait)
        return worth, worth

    _, rows = lax.scan(day, now, length=n_days)
    return jnp.append(rows[::-1], now[None], axis=0)


# %% wrong: looks for the neighbours at a distance of the first step | searches price +- (prices[1] - prices[0]), which skips entries where the list is unevenly spaced, e.g. [1, 3, 4, 5]
def put_worth(prices, strike, up, discount, n_days):
    prices = jnp.asarray(prices)
    step = prices[1] - prices[0]
    last = prices.shape[0] - 1
    above = jnp.clip(jnp.searchsorted(prices, prices + step), 0, last)
    beneath = jnp.clip(jnp.searchsorted(prices, prices - step, side="right") - 1, 0, last)
    now = jnp.maximum(strike - prices, 0)

    def day(worth, _):
        wait = discount * (up * worth[above] + (1 - up) * worth[beneath])
        worth = jnp.maximum(now, wait)
        return worth, worth

    _, rows = lax.scan(day, now, length=n_days)
    return jnp.append(rows[::-1], now[None], axis=0)


# %% wrong: keeps one compiled solver for each n_days | the kept function has the first call's up and discount in it, later ones are ignored
_solvers = {}


def put_worth(prices, strike, up, discount, n_days):
    if n_days not in _solvers:

        @jax.jit
        def solve(now):
            def day(worth, _):
                higher = jnp.append(worth[1:], worth[-1])
                lower = jnp.append(worth[:1], worth[:-1])
                worth = jnp.maximum(now, discount * (up * higher + (1 - up) * lower))
                return worth, worth

            _, rows = lax.scan(day, now, length=n_days)
            return jnp.append(rows[::-1], now[None], axis=0)

        _solvers[n_days] = solve
    return _solvers[n_days](jnp.maximum(strike - jnp.asarray(prices), 0))
