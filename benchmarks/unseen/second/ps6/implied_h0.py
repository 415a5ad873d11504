# %% right: twenty halvings, then Newton in a fori_loop
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def implied_h0(key, params, market_price, bracket, n_steps, n_paths):
    price_and_slope = jax.value_and_grad(
        lambda h: call_price(key, {**params, "h0": h}, n_steps, n_paths)[0]
    )

    def step(i, state):
        low, high, h = state
        price, slope = price_and_slope(h)
        below = price < market_price
        low, high = jnp.where(below, h, low), jnp.where(below, high, h)
        newton = h - (price - market_price) / slope
        inside = (low <= newton) & (newton <= high)
        return low, high, jnp.where((i >= 20) & inside, newton, (low + high) / 2)

    low, high = jnp.float32(bracket[0]), jnp.float32(bracket[1])
    return lax.fori_loop(0, 40, step, (low, high, (low + high) / 2))[2]

# %% right: bisection by scan, fifty halvings
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def implied_h0(key, params, market_price, bracket, n_steps, n_paths):
    def halve(ends, _):
        low, high = ends
        middle = low + 0.5 * (high - low)
        price, _ = call_price(key, {**params, "h0": middle}, n_steps, n_paths)
        return lax.cond(
            price < market_price, lambda: (middle, high), lambda: (low, middle)
        ), None

    ends = tuple(jnp.asarray(end, jnp.float32) for end in bracket)
    (low, high), _ = lax.scan(halve, ends, None, length=50)
    return (low + high) / 2

# %% right: bisection by while_loop until the middle is an end
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def implied_h0(key, params, market_price, bracket, n_steps, n_paths):
    def middle(ends):
        return (ends[0] + ends[1]) / 2

    def open_(state):
        i, ends = state
        return (i < 60) & (ends[0] < middle(ends)) & (middle(ends) < ends[1])

    def halve(state):
        i, ends = state
        h = middle(ends)
        low_enough = call_price(key, dict(params, h0=h), n_steps, n_paths)[0] < market_price
        return i + 1, ends.at[jnp.where(low_enough, 0, 1)].set(h)

    ends = jnp.stack([jnp.float32(bracket[0]), jnp.float32(bracket[1])])
    return middle(lax.while_loop(open_, halve, (0, ends))[1])

# %% right: two loops, a halving one and a guarded Newton with jvp slopes
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def implied_h0(key, params, market_price, bracket, n_steps, n_paths):
    def excess(h):
        return call_price(key, {**params, "h0": h}, n_steps, n_paths)[0] - market_price

    def halve(_, ends):
        h = (ends[0] + ends[1]) / 2
        low = excess(h) < 0
        return jnp.where(low, h, ends[0]), jnp.where(low, ends[1], h)

    def polish(_, state):
        low, high, h = state
        off, slope = jax.jvp(excess, (h,), (jnp.ones_like(h),))
        low, high = jnp.where(off < 0, h, low), jnp.where(off < 0, high, h)
        new = h - off / slope
        return low, high, jnp.where((new >= low) & (new <= high), new, (low + high) / 2)

    low, high = lax.fori_loop(
        0, 24, halve, (jnp.float32(bracket[0]), jnp.float32(bracket[1]))
    )
    return lax.fori_loop(0, 16, polish, (low, high, (low + high) / 2))[2]

# %% right: seven interior points at a time by lax.map
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def implied_h0(key, params, market_price, bracket, n_steps, n_paths):
    price = lambda h: call_price(key, {**params, "h0": h}, n_steps, n_paths)[0]

    def narrow(_, ends):
        points = ends[0] + (ends[1] - ends[0]) * jnp.arange(1, 8, dtype=jnp.float32) / 8
        below = lax.map(price, points) < market_price
        count = jnp.sum(jnp.cumprod(below.astype(jnp.int32)))
        all_points = jnp.concatenate([ends[:1], points, ends[1:]])
        return lax.dynamic_slice(all_points, (count,), (2,))

    ends = jnp.array([bracket[0], bracket[1]], jnp.float32)
    return lax.fori_loop(0, 14, narrow, ends).mean()

# %% wrong: NaN taken for too low | price > market is false for NaN: the bracket moves up into the NaNs
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def implied_h0(key, params, market_price, bracket, n_steps, n_paths):
    def halve(_, ends):
        low, high = ends
        h = (low + high) / 2
        above = call_price(key, {**params, "h0": h}, n_steps, n_paths)[0] > market_price
        return jnp.where(above, low, h), jnp.where(above, h, high)

    low, high = lax.fori_loop(0, 40, halve, (jnp.float32(bracket[0]), jnp.float32(bracket[1])))
    return (low + high) / 2

# %% wrong: sixteen halvings | enough for a bracket of 6, not for one of 20: relative error above 1e-4
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def implied_h0(key, params, market_price, bracket, n_steps, n_paths):
    def halve(_, ends):
        low, high = ends
        h = (low + high) / 2
        below = call_price(key, {**params, "h0": h}, n_steps, n_paths)[0] < market_price
        return jnp.where(below, h, low), jnp.where(below, high, h)

    low, high = lax.fori_loop(0, 16, halve, (jnp.float32(bracket[0]), jnp.float32(bracket[1])))
    return (low + high) / 2

# %% wrong: Newton from the middle, clipped to the bracket | slope 0 or a huge price at the middle: never gets to the root of a wide bracket
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def implied_h0(key, params, market_price, bracket, n_steps, n_paths):
    low, high = jnp.float32(bracket[0]), jnp.float32(bracket[1])
    f = jax.value_and_grad(lambda h: call_price(key, {**params, "h0": h}, n_steps, n_paths)[0])

    def step(_, h):
        price, slope = f(h)
        return jnp.clip(h - (price - market_price) / slope, low, high)

    return lax.fori_loop(0, 40, step, (low + high) / 2)

# %% wrong: Newton from the first iteration whenever it stays in the bracket | from a high h the steps are tiny but inside: 40 are not enough with a wide bracket
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def implied_h0(key, params, market_price, bracket, n_steps, n_paths):
    f = jax.value_and_grad(lambda h: call_price(key, {**params, "h0": h}, n_steps, n_paths)[0])

    def step(i, state):
        low, high, h = state
        price, slope = f(h)
        below = price < market_price
        low, high = jnp.where(below, h, low), jnp.where(below, high, h)
        newton = h - (price - market_price) / slope
        inside = (low <= newton) & (newton <= high)
        return low, high, jnp.where(inside, newton, (low + high) / 2)

    low, high = jnp.float32(bracket[0]), jnp.float32(bracket[1])
    return lax.fori_loop(0, 40, step, (low, high, (low + high) / 2))[2]

# %% wrong: asks whether a step is outside | a NaN step counts as inside and h stays NaN (infinite price over infinite slope)
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def implied_h0(key, params, market_price, bracket, n_steps, n_paths):
    f = jax.value_and_grad(lambda h: call_price(key, {**params, "h0": h}, n_steps, n_paths)[0])

    def step(i, state):
        low, high, h = state
        price, slope = f(h)
        below = price < market_price
        low, high = jnp.where(below, h, low), jnp.where(below, high, h)
        newton = h - (price - market_price) / slope
        outside = (newton < low) | (newton > high)
        return low, high, jnp.where(outside | (i % 2 == 0), (low + high) / 2, newton)

    low, high = jnp.float32(bracket[0]), jnp.float32(bracket[1])
    return lax.fori_loop(0, 60, step, (low, high, (low + high) / 2))[2]

# %% wrong: three halvings and then bare Newton | in a bracket of 20 that is 2.5 wide: slope 0 gives NaN or the steps run away
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def implied_h0(key, params, market_price, bracket, n_steps, n_paths):
    f = jax.value_and_grad(lambda h: call_price(key, {**params, "h0": h}, n_steps, n_paths)[0])

    def halve(_, ends):
        h = (ends[0] + ends[1]) / 2
        below = f(h)[0] < market_price
        return jnp.where(below, h, ends[0]), jnp.where(below, ends[1], h)

    def newton(_, h):
        price, slope = f(h)
        return h - (price - market_price) / slope

    low, high = lax.fori_loop(0, 3, halve, (jnp.float32(bracket[0]), jnp.float32(bracket[1])))
    return lax.fori_loop(0, 20, newton, (low + high) / 2)

# %% wrong: searches within 3 of params["h0"] | params["h0"] must not matter: root missed when it is further away
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def implied_h0(key, params, market_price, bracket, n_steps, n_paths):
    def halve(_, ends):
        low, high = ends
        h = (low + high) / 2
        below = call_price(key, {**params, "h0": h}, n_steps, n_paths)[0] < market_price
        return jnp.where(below, h, low), jnp.where(below, high, h)

    low = jnp.maximum(jnp.float32(bracket[0]), params["h0"] - 3)
    high = jnp.minimum(jnp.float32(bracket[1]), params["h0"] + 3)
    low, high = lax.fori_loop(0, 40, halve, (low, high))
    return (low + high) / 2

# %% wrong: bracket ignored, (-6, 0.5) in its place | roots above 0.5 or below -6 are missed
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def implied_h0(key, params, market_price, bracket, n_steps, n_paths):
    def halve(_, ends):
        low, high = ends
        h = (low + high) / 2
        below = call_price(key, {**params, "h0": h}, n_steps, n_paths)[0] < market_price
        return jnp.where(below, h, low), jnp.where(below, high, h)

    low, high = lax.fori_loop(0, 40, halve, (jnp.float32(-6), jnp.float32(0.5)))
    return (low + high) / 2

# %% wrong: stops at an absolute error of 5e-5 | market price of 0.001 is missed by per cents
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def implied_h0(key, params, market_price, bracket, n_steps, n_paths):
    price = lambda h: call_price(key, {**params, "h0": h}, n_steps, n_paths)[0]

    def go_on(state):
        i, low, high, off = state
        return (i < 60) & ~(jnp.abs(off) < 5e-5)

    def halve(state):
        i, low, high, off = state
        h = (low + high) / 2
        below = off < 0
        low, high = jnp.where(below, h, low), jnp.where(below, high, h)
        return i + 1, low, high, price((low + high) / 2) - market_price

    low, high = jnp.float32(bracket[0]), jnp.float32(bracket[1])
    start = (0, low, high, price((low + high) / 2) - market_price)
    _, low, high, _ = lax.while_loop(go_on, halve, start)
    return (low + high) / 2

# %% wrong: simple iteration h - (C - market) / 2 | converges for slopes near 1 only: not for S0 of 100 or 0.1
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def implied_h0(key, params, market_price, bracket, n_steps, n_paths):
    low, high = jnp.float32(bracket[0]), jnp.float32(bracket[1])

    def step(_, h):
        off = call_price(key, {**params, "h0": h}, n_steps, n_paths)[0] - market_price
        return jnp.clip(h - 0.5 * off, low, high)

    return lax.fori_loop(0, 60, step, (low + high) / 2)

# %% wrong: grid of 600 values and linear interpolation | bracket of 20: grid too coarse for 1e-4
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def implied_h0(key, params, market_price, bracket, n_steps, n_paths):
    grid = jnp.linspace(jnp.float32(bracket[0]), jnp.float32(bracket[1]), 600)
    price = lambda h: call_price(key, {**params, "h0": h}, n_steps, n_paths)[0]
    prices = lax.map(price, grid)
    i = jnp.clip(jnp.argmax(~(prices < market_price)), 1, 599)
    share = (market_price - prices[i - 1]) / (prices[i] - prices[i - 1])
    return grid[i - 1] + share * (grid[i] - grid[i - 1])

# %% wrong: iterations unrolled in Python | forty copies of the simulation in the program
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def implied_h0(key, params, market_price, bracket, n_steps, n_paths):
    low, high = jnp.float32(bracket[0]), jnp.float32(bracket[1])
    for _ in range(40):
        h = (low + high) / 2
        below = call_price(key, {**params, "h0": h}, n_steps, n_paths)[0] < market_price
        low, high = jnp.where(below, h, low), jnp.where(below, high, h)
    return (low + high) / 2

# %% wrong: at most 1000 paths in the search | call_price with n_paths above 1000 is another estimate: does not give the market price
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def implied_h0(key, params, market_price, bracket, n_steps, n_paths):
    def halve(_, ends):
        low, high = ends
        h = (low + high) / 2
        price = call_price(key, {**params, "h0": h}, n_steps, min(n_paths, 1000))[0]
        below = price < market_price
        return jnp.where(below, h, low), jnp.where(below, high, h)

    low, high = lax.fori_loop(0, 40, halve, (jnp.float32(bracket[0]), jnp.float32(bracket[1])))
    return (low + high) / 2

# %% wrong: draws of random.key(0) | the key given is not used: right for key 0 only
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def implied_h0(key, params, market_price, bracket, n_steps, n_paths):
    def halve(_, ends):
        low, high = ends
        h = (low + high) / 2
        below = (
            call_price(random.key(0), {**params, "h0": h}, n_steps, n_paths)[0] < market_price
        )
        return jnp.where(below, h, low), jnp.where(below, high, h)

    low, high = lax.fori_loop(0, 40, halve, (jnp.float32(bracket[0]), jnp.float32(bracket[1])))
    return (low + high) / 2

# %% wrong: regula falsi on the prices after three halvings | an end whose price is infinite pins h to the other end; slow when one end never moves
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def implied_h0(key, params, market_price, bracket, n_steps, n_paths):
    off = lambda h: call_price(key, {**params, "h0": h}, n_steps, n_paths)[0] - market_price

    def step(i, state):
        low, high, f_low, f_high = state
        share = jnp.where(i < 3, 0.5, -f_low / (f_high - f_low))
        h = low + share * (high - low)
        f = off(h)
        return (
            jnp.where(f < 0, h, low), jnp.where(f < 0, high, h),
            jnp.where(f < 0, f, f_low), jnp.where(f < 0, f_high, f),
        )

    low, high = jnp.float32(bracket[0]), jnp.float32(bracket[1])
    low, high, f_low, f_high = lax.fori_loop(0, 40, step, (low, high, off(low), off(high)))
    return jnp.where(-f_low < f_high, low, high)
