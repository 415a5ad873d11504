# %% right: bisection alone, long enough
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def implied_h0(key, params, market_price, bracket, n_steps, n_paths):
    def halve(_, ends):
        low, high = ends
        middle = (low + high) / 2
        price, _ = call_price(key, {**params, "h0": middle}, n_steps, n_paths)
        return lax.cond(price < market_price, lambda: (middle, high), lambda: (low, middle))

    low, high = lax.fori_loop(0, 40, halve, tuple(jnp.float32(end) for end in bracket))
    return (low + high) / 2


# %% right: while_loop, forward-mode slope, clipped into the bracket where Newton is finite
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def implied_h0(
    key: PRNGKeyArray, params: dict, market_price: float, bracket: tuple, n_steps: int, n_paths: int
) -> Float32[Array, ""]:
    def miss(h0):
        return call_price(key, {**params, "h0": h0}, n_steps, n_paths)[0] - market_price

    def going(state):
        i, low, high, h0, f = state
        is_right = jnp.abs(f) <= 1e-6 * market_price  # false for NaN
        return (i < 400) & ~is_right & (high - low > 1e-7)

    def step(state):
        i, low, high, h0, _ = state
        f, slope = jax.jvp(miss, (h0,), (jnp.ones_like(h0),))
        low, high = jnp.where(f < 0, h0, low), jnp.where(f < 0, high, h0)
        newton = h0 - f / slope
        good = jnp.isfinite(newton) & (newton >= low) & (newton <= high)
        return i + 1, low, high, jnp.where(good, newton, 0.5 * (low + high)), f

    low, high = jnp.asarray(bracket, jnp.float32)
    start = 0, low, high, 0.5 * (low + high), jnp.float32(jnp.inf)
    return lax.while_loop(going, step, start)[3]


# %% wrong: plain Newton from the middle -> stays_in_the_bracket
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def implied_h0(key, params, market_price, bracket, n_steps, n_paths):
    price = jax.value_and_grad(lambda h: call_price(key, {**params, "h0": h}, n_steps, n_paths)[0])

    def step(_, h0):
        value, slope = price(h0)
        return h0 - (value - market_price) / slope

    return lax.fori_loop(0, 40, step, jnp.float32((bracket[0] + bracket[1]) / 2))


# %% wrong: Newton wherever it stays in the bracket, slow from above -> stays_in_the_bracket
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def implied_h0(key, params, market_price, bracket, n_steps, n_paths):
    price = jax.value_and_grad(lambda h: call_price(key, {**params, "h0": h}, n_steps, n_paths)[0])

    def improve(_, state):
        low, high, h0 = state
        value, slope = price(h0)
        low, high = (
            jnp.where(value < market_price, h0, low),
            jnp.where(value < market_price, high, h0),
        )
        newton = h0 - (value - market_price) / slope
        good = (low <= newton) & (newton <= high)
        return low, high, jnp.where(good, newton, (low + high) / 2)

    low, high = jnp.float32(bracket[0]), jnp.float32(bracket[1])
    return lax.fori_loop(0, 40, improve, (low, high, (low + high) / 2))[2]


# %% wrong: new draws at each iteration -> finds_the_root, stays_in_the_bracket
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def implied_h0(key, params, market_price, bracket, n_steps, n_paths):
    def improve(i, state):
        low, high, h0 = state
        price = lambda h: call_price(random.fold_in(key, i), {**params, "h0": h}, n_steps, n_paths)[
            0
        ]
        value, slope = jax.value_and_grad(price)(h0)
        low, high = (
            jnp.where(value < market_price, h0, low),
            jnp.where(value < market_price, high, h0),
        )
        newton = h0 - (value - market_price) / slope
        good = (low <= newton) & (newton <= high)
        return low, high, jnp.where(good, newton, (low + high) / 2)

    low, high = jnp.float32(bracket[0]), jnp.float32(bracket[1])
    return lax.fori_loop(0, 40, improve, (low, high, (low + high) / 2))[2]


# %% wrong: stops after eight halvings -> finds_the_root, stays_in_the_bracket
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def implied_h0(key, params, market_price, bracket, n_steps, n_paths):
    def halve(_, ends):
        low, high = ends
        middle = (low + high) / 2
        below = call_price(key, {**params, "h0": middle}, n_steps, n_paths)[0] < market_price
        return jnp.where(below, middle, low), jnp.where(below, high, middle)

    return lax.fori_loop(0, 8, halve, tuple(jnp.float32(end) for end in bracket))[0]


# %% wrong: the volatility in place of its logarithm -> finds_the_root, stays_in_the_bracket
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def implied_h0(key, params, market_price, bracket, n_steps, n_paths):
    def halve(_, ends):
        low, high = ends
        middle = (low + high) / 2
        below = call_price(key, {**params, "h0": middle}, n_steps, n_paths)[0] < market_price
        return jnp.where(below, middle, low), jnp.where(below, high, middle)

    return jnp.exp(lax.fori_loop(0, 40, halve, tuple(jnp.float32(end) for end in bracket))[0])


# %% wrong: a fixed seed -> finds_the_root, stays_in_the_bracket, key_decides_the_answer
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def implied_h0(key, params, market_price, bracket, n_steps, n_paths):
    def halve(_, ends):
        low, high = ends
        middle = (low + high) / 2
        below = (
            call_price(random.key(5), {**params, "h0": middle}, n_steps, n_paths)[0] < market_price
        )
        return jnp.where(below, middle, low), jnp.where(below, high, middle)

    return lax.fori_loop(0, 40, halve, tuple(jnp.float32(end) for end in bracket))[0]


# %% wrong: Python branches, so it cannot be traced -> is_pure, stays_in_the_bracket
def implied_h0(key, params, market_price, bracket, n_steps, n_paths):
    low, high = bracket
    for _ in range(40):
        middle = (low + high) / 2
        if call_price(key, {**params, "h0": middle}, n_steps, n_paths)[0] < market_price:
            low = middle
        else:
            high = middle
    return jnp.float32(low)


# %% wrong: leaves the last answer in a global -> is_pure
last_answer = -2.0


def implied_h0(key, params, market_price, bracket, n_steps, n_paths):
    global last_answer

    def halve(_, ends):
        low, high = ends
        middle = (low + high) / 2
        below = call_price(key, {**params, "h0": middle}, n_steps, n_paths)[0] < market_price
        return jnp.where(below, middle, low), jnp.where(below, high, middle)

    last_answer = lax.fori_loop(0, 40, halve, tuple(jnp.float32(end) for end in bracket))[0]
    return last_answer


# %% wrong: Newton clipped to the bracket, from its upper end -> stays_in_the_bracket
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def implied_h0(key, params, market_price, bracket, n_steps, n_paths):
    price = jax.value_and_grad(lambda h: call_price(key, {**params, "h0": h}, n_steps, n_paths)[0])

    def step(_, h0):
        value, slope = price(h0)
        return jnp.clip(h0 - (value - market_price) / slope, bracket[0], bracket[1])

    return lax.fori_loop(0, 40, step, jnp.float32(bracket[1]))


# %% wrong: a bracket of its own -> stays_in_the_bracket
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def implied_h0(key, params, market_price, bracket, n_steps, n_paths):
    price = jax.value_and_grad(lambda h: call_price(key, {**params, 'h0': h}, n_steps, n_paths)[0])
    def body(i, st):
        low, high, h = st
        p, slope = price(h)
        pass
        below = p < market_price
        low, high = jnp.where(below, h, low), jnp.where(below, high, h)
        newton = h - (p - market_price) / slope
        inside = (low <= newton) & (newton <= high)
        return low, high, jnp.where((i >= 20) & inside, newton, (low + high) / 2)
    low, high = jnp.float32(-12), jnp.float32(2)
    low, high, h = lax.fori_loop(0, 40, body, (low, high, (low + high) / 2))
    return h


# %% wrong: a price that is infinite taken for 0 -> stays_in_the_bracket
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def implied_h0(key, params, market_price, bracket, n_steps, n_paths):
    def halve(_, ends):
        low, high = ends
        middle = (low + high) / 2
        price = jnp.nan_to_num(
            call_price(key, {**params, "h0": middle}, n_steps, n_paths)[0], posinf=0.0
        )
        is_below = price < market_price
        return jnp.where(is_below, middle, low), jnp.where(is_below, high, middle)

    low, high = lax.fori_loop(0, 40, halve, tuple(jnp.float32(end) for end in bracket))
    return (low + high) / 2


# %% wrong: a price that is no number taken for too low -> stays_in_the_bracket
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def implied_h0(key, params, market_price, bracket, n_steps, n_paths):
    def halve(_, ends):
        low, high = ends
        middle = (low + high) / 2
        price, _ = call_price(key, {**params, "h0": middle}, n_steps, n_paths)
        is_above = price > market_price
        return jnp.where(is_above, low, middle), jnp.where(is_above, middle, high)

    low, high = lax.fori_loop(0, 40, halve, tuple(jnp.float32(end) for end in bracket))
    return (low + high) / 2


# %% wrong: rounded to four decimals -> stays_in_the_bracket
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def implied_h0(key, params, market_price, bracket, n_steps, n_paths):
    def halve(_, ends):
        low, high = ends
        middle = (low + high) / 2
        price, _ = call_price(key, {**params, "h0": middle}, n_steps, n_paths)
        is_below = price < market_price
        return jnp.where(is_below, middle, low), jnp.where(is_below, high, middle)

    low, high = lax.fori_loop(0, 40, halve, tuple(jnp.float32(end) for end in bracket))
    return jnp.round((low + high) / 2, 4)


# %% wrong: eighteen halvings -> stays_in_the_bracket
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def implied_h0(key, params, market_price, bracket, n_steps, n_paths):
    def halve(_, ends):
        low, high = ends
        middle = (low + high) / 2
        price, _ = call_price(key, {**params, "h0": middle}, n_steps, n_paths)
        is_below = price < market_price
        return jnp.where(is_below, middle, low), jnp.where(is_below, high, middle)

    low, high = lax.fori_loop(0, 18, halve, tuple(jnp.float32(end) for end in bracket))
    return (low + high) / 2


# %% wrong: the first word of a legacy key left out -> finds_the_root, key_decides_the_answer
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def implied_h0(key, params, market_price, bracket, n_steps, n_paths):
    if key.dtype == jnp.uint32:
        key = random.key(key[-1])

    def halve(_, ends):
        low, high = ends
        middle = (low + high) / 2
        price, _ = call_price(key, {**params, "h0": middle}, n_steps, n_paths)
        is_below = price < market_price
        return jnp.where(is_below, middle, low), jnp.where(is_below, high, middle)

    low, high = lax.fori_loop(0, 40, halve, tuple(jnp.float32(end) for end in bracket))
    return (low + high) / 2


# %% wrong: stops at a price that is no number -> stays_in_the_bracket
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def implied_h0(key, params, market_price, bracket, n_steps, n_paths):
    def going(state):
        low, high, miss = state
        return (jnp.abs(miss) > 1e-6 * market_price) & (high - low > 1e-7)

    def halve(state):
        low, high, _ = state
        middle = (low + high) / 2
        miss = call_price(key, {**params, "h0": middle}, n_steps, n_paths)[0] - market_price
        return jnp.where(miss < 0, middle, low), jnp.where(miss < 0, high, middle), miss

    low, high = (jnp.float32(end) for end in bracket)
    low, high, _ = lax.while_loop(going, halve, (low, high, jnp.float32(jnp.inf)))
    return (low + high) / 2
