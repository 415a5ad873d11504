# %% right: twenty halvings, twenty guarded Newton steps
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def implied_h0(key, params, market_price, bracket, n_steps, n_paths):
    price = jax.value_and_grad(lambda h: call_price(key, {**params, "h0": h}, n_steps, n_paths)[0])
    def body(i, st):
        low, high, h = st
        p, slope = price(h)
        below = p < market_price
        low, high = jnp.where(below, h, low), jnp.where(below, high, h)
        newton = h - (p - market_price) / slope
        inside = (low <= newton) & (newton <= high)
        return low, high, jnp.where((i >= 20) & inside, newton, (low + high) / 2)
    low, high = (jnp.float32(b) for b in bracket)
    return lax.fori_loop(0, 40, body, (low, high, (low + high) / 2))[2]

# %% right: forty halvings
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def implied_h0(key, params, market_price, bracket, n_steps, n_paths):
    def halve(_, b):
        low, high = b
        mid = (low + high) / 2
        below = call_price(key, {**params, "h0": mid}, n_steps, n_paths)[0] < market_price
        return jnp.where(below, mid, low), jnp.where(below, high, mid)
    low, high = lax.fori_loop(0, 40, halve, (jnp.float32(bracket[0]), jnp.float32(bracket[1])))
    return (low + high) / 2

# %% right: scan, lax.cond for the side
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def implied_h0(key, params, market_price, bracket, n_steps, n_paths):
    def f(b, _):
        mid = b.mean()
        p = call_price(key, {**params, "h0": mid}, n_steps, n_paths)[0]
        return lax.cond(p < market_price, lambda: b.at[0].set(mid), lambda: b.at[1].set(mid)), None
    b, _ = lax.scan(f, jnp.stack([jnp.float32(x) for x in bracket]), length=45)
    return b.mean()

# %% right: bits of the answer, a step that is halved each time (binary search from below)
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def implied_h0(key, params, market_price, bracket, n_steps, n_paths):
    low, high = map(jnp.float32, bracket)
    def climb(i, h):
        trial = h + (high - low) * jnp.float32(0.5) ** (i + 1)
        return jnp.where(call_price(key, {**params, "h0": trial}, n_steps, n_paths)[0] < market_price, trial, h)
    return lax.fori_loop(0, 40, climb, low)

# %% right: multisection, fifteen prices at once by vmap, twelve rounds
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def implied_h0(key, params, market_price, bracket, n_steps, n_paths):
    price = jax.vmap(lambda h: call_price(key, {**params, "h0": h}, n_steps, n_paths)[0])
    def round_(_, b):
        low, high = b
        grid = jnp.linspace(low, high, 17)
        k = jnp.sum(jnp.cumprod(price(grid[1:-1]) < market_price))
        return grid[k], grid[k + 1]
    low, high = lax.fori_loop(0, 12, round_, (jnp.float32(bracket[0]), jnp.float32(bracket[1])))
    return (low + high) / 2

# %% right: halving and guarded Newton steps in turn, sixty iterations
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def implied_h0(key, params, market_price, bracket, n_steps, n_paths):
    price = lambda h: call_price(key, {**params, "h0": h}, n_steps, n_paths)[0]
    def body(i, st):
        low, high, h = st
        p, slope = jax.value_and_grad(price)(h)
        low, high = lax.select(p < market_price, jnp.stack([h, high]), jnp.stack([low, h]))
        t = h - (p - market_price) / slope
        ok = jnp.logical_and(t > low, t < high) & (i % 2 == 1)
        return low, high, jnp.where(ok, t, 0.5 * (low + high))
    low, high = jnp.float32(bracket[0]), jnp.float32(bracket[1])
    low, high, _ = lax.fori_loop(0, 60, body, (low, high, 0.5 * (low + high)))
    return 0.5 * (low + high)

# %% right: while_loop until the bracket cannot be halved any more in float32
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def implied_h0(key, params, market_price, bracket, n_steps, n_paths):
    def mid(b):
        return b[0] + (b[1] - b[0]) / 2
    def go(b):
        return (b[0] < mid(b)) & (mid(b) < b[1])
    def halve(b):
        m = mid(b)
        low = call_price(key, {**params, "h0": m}, n_steps, n_paths)[0] < market_price
        return jnp.where(low, m, b[0]), jnp.where(low, b[1], m)
    return mid(lax.while_loop(go, halve, (jnp.float32(bracket[0]), jnp.float32(bracket[1]))))

# %% right: class for the bracket as a pytree, recursion-free, slope by jvp
from typing import Any, NamedTuple
class Bracket(NamedTuple):
    low: Any
    high: Any
    @property
    def middle(self):
        return (self.low + self.high) / 2
    def cut(self, h, too_low):
        return Bracket(jnp.where(too_low, h, self.low), jnp.where(too_low, self.high, h))
    def __contains__(self, h):
        raise TypeError

@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def implied_h0(key, params, market_price, bracket, n_steps, n_paths):
    f = lambda h: call_price(key, {**params, "h0": h}, n_steps, n_paths)[0] - market_price
    def halve(_, b):
        return b.cut(b.middle, f(b.middle) < 0)
    b = lax.fori_loop(0, 22, halve, Bracket(*(jnp.asarray(x, jnp.float32) for x in bracket)))
    def newton(_, st):
        b, h = st
        value, slope = jax.jvp(f, (h,), (jnp.float32(1),))
        b = b.cut(h, value < 0)
        t = h - value / slope
        return b, jnp.where((b.low <= t) & (t <= b.high), t, b.middle)
    return lax.fori_loop(0, 18, newton, (b, b.middle))[1]

# %% right: relative miss, forty-two halvings, the best h seen is returned
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def implied_h0(key, params, market_price, bracket, n_steps, n_paths):
    f = lambda h: call_price(key, {**params, "h0": h}, n_steps, n_paths)[0] / market_price - 1
    def body(i, st):
        low, high, h, best, miss = st
        e = f(h)
        better = jnp.abs(e) < miss
        best, miss = jnp.where(better, h, best), jnp.where(better, jnp.abs(e), miss)
        low, high = jnp.where(e < 0, h, low), jnp.where(e < 0, high, h)
        return low, high, (low + high) / 2, best, miss
    low, high = jnp.float32(bracket[0]), jnp.float32(bracket[1])
    m = (low + high) / 2
    return lax.fori_loop(0, 42, body, (low, high, m, m, jnp.float32(jnp.inf)))[3]

# %% right: halving on the paths simulated inside by one function, comparison turned round with NaN in mind
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def implied_h0(key, params, market_price, bracket, n_steps, n_paths):
    def too_high(h):
        p = call_price(key, dict(params, h0=h), n_steps, n_paths)[0]
        return jnp.isnan(p) | (p > market_price)
    def step(_, ends):
        m = sum(ends) / 2
        up = too_high(m)
        return [jnp.where(up, ends[0], m), jnp.where(up, m, ends[1])]
    ends = lax.fori_loop(0, 40, step, [jnp.float32(b) for b in bracket])
    return ends[1]

# %% wrong: NaN taken for too low, by asking whether the price is above | "take a NaN for too high"
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def implied_h0(key, params, market_price, bracket, n_steps, n_paths):
    price = jax.value_and_grad(lambda h: call_price(key, {**params, 'h0': h}, n_steps, n_paths)[0])
    def body(i, st):
        low, high, h = st
        p, slope = price(h)
        pass
        below = ~(p > market_price)
        low, high = jnp.where(below, h, low), jnp.where(below, high, h)
        newton = h - (p - market_price) / slope
        inside = (low <= newton) & (newton <= high)
        return low, high, jnp.where((i >= 20) & inside, newton, (low + high) / 2)
    low, high = jnp.float32(bracket[0]), jnp.float32(bracket[1])
    low, high, h = lax.fori_loop(0, 40, body, (low, high, (low + high) / 2))
    return h

# %% wrong: asks whether the step is outside, which a NaN is not | "ask whether a step is *inside* the bracket"; Newton without halving first
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
        inside = ~((newton < low) | (newton > high))
        return low, high, jnp.where((i >= 0) & inside, newton, (low + high) / 2)
    low, high = jnp.float32(bracket[0]), jnp.float32(bracket[1])
    low, high, h = lax.fori_loop(0, 40, body, (low, high, (low + high) / 2))
    return h

# %% wrong: eighteen halvings and nothing more | "a relative error below 1e-4", bracket up to 20 apart
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def implied_h0(key, params, market_price, bracket, n_steps, n_paths):
    def halve(b):
        m = (b[0] + b[1]) / 2
        p = call_price(key, {**params, "h0": m}, n_steps, n_paths)[0]
        return jnp.where(p < market_price, m, b[0]), jnp.where(p < market_price, b[1], m), p
    start = (jnp.float32(bracket[0]), jnp.float32(bracket[1]), jnp.float32(jnp.inf))
    b = lax.fori_loop(0, 18, lambda _, b: halve(b), start)
    return (b[0] + b[1]) / 2

# %% wrong: stops when the price is right to 1e-4, absolutely | "a *relative* error below 1e-4", market_price may be small
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def implied_h0(key, params, market_price, bracket, n_steps, n_paths):
    def halve(b):
        m = (b[0] + b[1]) / 2
        p = call_price(key, {**params, "h0": m}, n_steps, n_paths)[0]
        return jnp.where(p < market_price, m, b[0]), jnp.where(p < market_price, b[1], m), p
    start = (jnp.float32(bracket[0]), jnp.float32(bracket[1]), jnp.float32(jnp.inf))
    b = lax.while_loop(lambda b: (jnp.abs(b[2] - market_price) > 0.9e-4) & (b[1] - b[0] > 1e-6), halve, start)
    return (b[0] + b[1]) / 2

# %% wrong: stops when the bracket is narrower than 5e-5 | relative error of the price below 1e-4
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def implied_h0(key, params, market_price, bracket, n_steps, n_paths):
    def halve(b):
        m = (b[0] + b[1]) / 2
        p = call_price(key, {**params, "h0": m}, n_steps, n_paths)[0]
        return jnp.where(p < market_price, m, b[0]), jnp.where(p < market_price, b[1], m), p
    start = (jnp.float32(bracket[0]), jnp.float32(bracket[1]), jnp.float32(jnp.inf))
    b = lax.while_loop(lambda b: b[1] - b[0] > 5e-5, halve, start)
    return (b[0] + b[1]) / 2

# %% wrong: own bracket (-12, 2) instead of the one given | "the h_0 in `bracket`", root may lie outside -12 to 2
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

# %% wrong: Newton only, kept in the bracket by clipping | "From a bad one it gets nowhere"
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def implied_h0(key, params, market_price, bracket, n_steps, n_paths):
    f = jax.value_and_grad(lambda h: call_price(key, {**params, "h0": h}, n_steps, n_paths)[0])
    def body(_, h):
        p, slope = f(h)
        step = jnp.nan_to_num((p - market_price) / slope)
        return jnp.clip(h - step, bracket[0], bracket[1])
    return lax.fori_loop(0, 40, body, jnp.float32((bracket[0] + bracket[1]) / 2))

# %% wrong: answer rounded to four decimals | relative error below 1e-4 where the price is steep (out of the money)
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
    low, high = jnp.float32(bracket[0]), jnp.float32(bracket[1])
    low, high, h = lax.fori_loop(0, 40, body, (low, high, (low + high) / 2))
    return jnp.round(h, 4)

# %% wrong: forty copies of the pricer, by a Python loop | "in a `lax.fori_loop`"; unrolled program
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
    low, high = jnp.float32(bracket[0]), jnp.float32(bracket[1])
    h = (low + high) / 2
    for i in range(40):
        low, high, h = body(i, (low, high, h))
    return h

# %% wrong: price on a grid of 2000 points by vmap, interpolated | relative error 1e-4 for wide brackets; memory 2000 times that of a price
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def implied_h0(key, params, market_price, bracket, n_steps, n_paths):
    grid = jnp.linspace(bracket[0], bracket[1], 2000)
    prices = jax.vmap(lambda h: call_price(key, {**params, "h0": h}, n_steps, n_paths)[0])(grid)
    return jnp.interp(market_price, prices, grid)

# %% wrong: five halvings, then Newton with eight steps, no fallback | "Where a step would leave the bracket, or is NaN, take the middle"; wide brackets
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
        inside = ~jnp.isnan(newton)
        return low, high, jnp.where((i >= 5) & inside, newton, (low + high) / 2)
    low, high = jnp.float32(bracket[0]), jnp.float32(bracket[1])
    low, high, h = lax.fori_loop(0, 13, body, (low, high, (low + high) / 2))
    return h

# %% wrong: starts at params['h0'] and searches one unit around it before the bracket | "params['h0'] is there and does not matter"
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
    low, high = jnp.maximum(jnp.float32(bracket[0]), params['h0'] - 3), jnp.minimum(jnp.float32(bracket[1]), params['h0'] + 3)
    low, high, h = lax.fori_loop(0, 40, body, (low, high, (low + high) / 2))
    return h

# %% wrong: NaN and infinity replaced by 0 (nan_to_num) before comparing | infinite or NaN prices are too high
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def implied_h0(key, params, market_price, bracket, n_steps, n_paths):
    price = jax.value_and_grad(lambda h: call_price(key, {**params, 'h0': h}, n_steps, n_paths)[0])
    def body(i, st):
        low, high, h = st
        p, slope = price(h)
        p = jnp.nan_to_num(p, nan=0.0, posinf=0.0)
        below = p < market_price
        low, high = jnp.where(below, h, low), jnp.where(below, high, h)
        newton = h - (p - market_price) / slope
        inside = (low <= newton) & (newton <= high)
        return low, high, jnp.where((i >= 20) & inside, newton, (low + high) / 2)
    low, high = jnp.float32(bracket[0]), jnp.float32(bracket[1])
    low, high, h = lax.fori_loop(0, 40, body, (low, high, (low + high) / 2))
    return h

# %% wrong: legacy keys read by their last word | key of either kind; not the same draws as call_price(key)
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def implied_h0(key, params, market_price, bracket, n_steps, n_paths):
    if key.dtype == jnp.uint32:
        key = random.key(key[-1])
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
    low, high = jnp.float32(bracket[0]), jnp.float32(bracket[1])
    low, high, h = lax.fori_loop(0, 40, body, (low, high, (low + high) / 2))
    return h

# %% wrong: fewer paths while searching (at most 1000) | "with the same key and `n_paths`"
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def implied_h0(key, params, market_price, bracket, n_steps, n_paths):
    price = jax.value_and_grad(lambda h: call_price(key, {**params, 'h0': h}, n_steps, min(n_paths, 1000))[0])
    def body(i, st):
        low, high, h = st
        p, slope = price(h)
        pass
        below = p < market_price
        low, high = jnp.where(below, h, low), jnp.where(below, high, h)
        newton = h - (p - market_price) / slope
        inside = (low <= newton) & (newton <= high)
        return low, high, jnp.where((i >= 20) & inside, newton, (low + high) / 2)
    low, high = jnp.float32(bracket[0]), jnp.float32(bracket[1])
    low, high, h = lax.fori_loop(0, 40, body, (low, high, (low + high) / 2))
    return h

