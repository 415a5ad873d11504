# %% right: twenty halvings, twenty Newton steps in the bracket
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def implied_h0(key, params, market_price, bracket, n_steps, n_paths):
    price_and_slope = jax.value_and_grad(
        lambda h0: call_price(key, {**params, "h0": h0}, n_steps, n_paths)[0]
    )

    def step(i, state):
        low, high, h = state
        price, slope = price_and_slope(h)
        below = price < market_price
        low, high = jnp.where(below, h, low), jnp.where(below, high, h)
        newton = h - (price - market_price) / slope
        inside = (low <= newton) & (newton <= high)
        return low, high, jnp.where((i >= 20) & inside, newton, (low + high) / 2)

    low, high = (jnp.asarray(end, jnp.float32) for end in bracket)
    return lax.fori_loop(0, 40, step, (low, high, (low + high) / 2))[2]


# %% right: functional, forty-five halvings in a scan
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def implied_h0(key, params, market_price, bracket, n_steps, n_paths):
    def halve(ends, _):
        middle = ends.mean()
        price, _error = call_price(key, {**params, "h0": middle}, n_steps, n_paths)
        too_low = price < market_price  # False for NaN, which counts as too high
        return jnp.where(too_low, ends.at[0].set(middle), ends.at[1].set(middle)), None

    ends = jnp.stack([jnp.asarray(end, jnp.float32) for end in bracket])
    ends, _ = lax.scan(halve, ends, length=45)
    return ends.mean()


# %% right: physicist, while_loop until the bracket has no number in it
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def implied_h0(
    key: PRNGKeyArray,
    params: dict[str, float],
    market_price: float,
    bracket: tuple[float, float],
    n_steps: int,
    n_paths: int,
) -> Float32[Array, ""]:
    def middle(low, high):
        return low + 0.5 * (high - low)

    def unfinished(state):
        i, low, high = state
        m = middle(low, high)
        return (i < 80) & (m > low) & (m < high)

    def narrow(state):
        i, low, high = state
        m = middle(low, high)
        too_low = call_price(key, dict(params, h0=m), n_steps, n_paths)[0] < market_price
        return i + 1, lax.select(too_low, m, low), lax.select(too_low, high, m)

    low = jnp.float32(bracket[0])
    high = jnp.float32(bracket[1])
    _, low, high = lax.while_loop(unfinished, narrow, (0, low, high))
    return middle(low, high)


# %% right: documentation reader, fifteen points of the bracket at once with vmap
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def implied_h0(key, params, market_price, bracket, n_steps, n_paths):
    prices_at = jax.vmap(lambda h0: call_price(key, {**params, "h0": h0}, n_steps, n_paths)[0])

    def zoom(_, ends):
        points = jnp.linspace(ends[0], ends[1], 17)
        too_low = prices_at(points[1:-1]) < market_price
        first_high = jnp.argmin(jnp.append(too_low, False))  # segment with the change
        return points[first_high], points[first_high + 1]

    low, high = lax.fori_loop(0, 9, zoom, tuple(jnp.float32(end) for end in bracket))
    return (low + high) / 2


# %% wrong: sixteen halvings, no Newton | enough for a bracket of 6, but one of 20 is left 3e-4 wide, too much for 1e-4
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def implied_h0(key, params, market_price, bracket, n_steps, n_paths):
    def halve(_, ends):
        low, high = ends
        h = (low + high) / 2
        below = call_price(key, {**params, "h0": h}, n_steps, n_paths)[0] < market_price
        return jnp.where(below, h, low), jnp.where(below, high, h)

    low, high = lax.fori_loop(0, 16, halve, tuple(jnp.float32(end) for end in bracket))
    return (low + high) / 2


# %% wrong: NaN taken for too low | asks whether the price is above the market's, so a NaN moves the lower end up and the root is lost
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def implied_h0(key, params, market_price, bracket, n_steps, n_paths):
    def halve(_, ends):
        low, high = ends
        h = (low + high) / 2
        above = call_price(key, {**params, "h0": h}, n_steps, n_paths)[0] > market_price
        return jnp.where(above, low, h), jnp.where(above, h, high)

    low, high = lax.fori_loop(0, 40, halve, tuple(jnp.float32(end) for end in bracket))
    return (low + high) / 2


# %% wrong: Newton's method clipped to the bracket, nothing halved | stuck at an end where the price is inf or NaN or the slope huge
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def implied_h0(key, params, market_price, bracket, n_steps, n_paths):
    price_and_slope = jax.value_and_grad(
        lambda h0: call_price(key, {**params, "h0": h0}, n_steps, n_paths)[0]
    )
    low, high = (jnp.float32(end) for end in bracket)

    def step(_, h):
        price, slope = price_and_slope(h)
        return jnp.clip(h - (price - market_price) / slope, low, high)

    return lax.fori_loop(0, 40, step, (low + high) / 2)


# %% wrong: stops at an absolute error of 5e-5 | a small market price, 0.01 say, is then missed by more than 1e-4 of itself
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def implied_h0(key, params, market_price, bracket, n_steps, n_paths):
    def price_at(h):
        return call_price(key, {**params, "h0": h}, n_steps, n_paths)[0]

    def go_on(state):
        i, _, _, _, price = state
        return (i < 60) & ~(jnp.abs(price - market_price) < 5e-5)

    def halve(state):
        i, low, high, h, price = state
        below = price < market_price
        low, high = jnp.where(below, h, low), jnp.where(below, high, h)
        h = (low + high) / 2
        return i + 1, low, high, h, price_at(h)

    low, high = (jnp.float32(end) for end in bracket)
    h = (low + high) / 2
    return lax.while_loop(go_on, halve, (0, low, high, h, price_at(h)))[3]


# %% wrong: a table of 512 prices and linear interpolation | too coarse for 1e-4 in a bracket that is 20 wide
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def implied_h0(key, params, market_price, bracket, n_steps, n_paths):
    table_h = jnp.linspace(jnp.float32(bracket[0]), jnp.float32(bracket[1]), 512)
    table_price = lax.map(
        lambda h0: call_price(key, {**params, "h0": h0}, n_steps, n_paths)[0], table_h
    )
    table_price = jnp.nan_to_num(table_price, nan=jnp.inf)
    i = jnp.clip(jnp.searchsorted(table_price, market_price), 1, 511)
    left, right = table_price[i - 1], table_price[i]
    part = (market_price - left) / (right - left)
    return table_h[i - 1] + part * (table_h[i] - table_h[i - 1])


# %% wrong: at most 1000 paths | the root of another estimate than the one with n_paths paths
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def implied_h0(key, params, market_price, bracket, n_steps, n_paths):
    n_search = min(n_paths, 1000)  # forty prices: keep each of them cheap

    def halve(_, ends):
        low, high = ends
        h = (low + high) / 2
        below = call_price(key, {**params, "h0": h}, n_steps, n_search)[0] < market_price
        return jnp.where(below, h, low), jnp.where(below, high, h)

    low, high = lax.fori_loop(0, 40, halve, tuple(jnp.float32(end) for end in bracket))
    return (low + high) / 2


# %% wrong: Newton's method from params["h0"] | that entry does not matter; from a far one (-40, or 1) it does not arrive
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def implied_h0(key, params, market_price, bracket, n_steps, n_paths):
    price_and_slope = jax.value_and_grad(
        lambda h0: call_price(key, {**params, "h0": h0}, n_steps, n_paths)[0]
    )
    low, high = (jnp.float32(end) for end in bracket)

    def step(_, h):
        price, slope = price_and_slope(h)
        newton = h - (price - market_price) / slope
        return jnp.where((newton >= low) & (newton <= high), newton, h)

    return lax.fori_loop(0, 20, step, jnp.asarray(params["h0"], jnp.float32))


# %% wrong: the halvings are a Python loop | forty copies of the pricer in one program, a loop of JAX is asked for
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def implied_h0(key, params, market_price, bracket, n_steps, n_paths):
    low, high = (jnp.float32(end) for end in bracket)
    for _ in range(40):
        h = (low + high) / 2
        below = call_price(key, {**params, "h0": h}, n_steps, n_paths)[0] < market_price
        low, high = jnp.where(below, h, low), jnp.where(below, high, h)
    return (low + high) / 2
