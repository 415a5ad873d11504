# %% right: scan from the first reading, difference form
@jax.jit
def ema(x, alpha):
    x = jnp.asarray(x, jnp.float32)

    def step(level, reading):
        level = level + alpha * (reading - level)
        return level, level

    return lax.scan(step, x[0], x)[1]

# %% right: scan over the others, the first reading put before them
@jax.jit
def ema(x, alpha):
    x = x.astype(jnp.float32)
    step = lambda y, r: (alpha * r + (1 - alpha) * y,) * 2
    _, rest = lax.scan(step, x[0], x[1:])
    return jnp.concatenate([x[:1], rest])

# %% right: associative scan over affine maps
@jax.jit
def ema(x, alpha):
    x = jnp.asarray(x, dtype=jnp.float32)
    slope = jnp.full(x.shape, 1 - alpha, jnp.float32).at[0].set(0.0)
    shift = (alpha * x).at[0].set(x[0])

    def compose(first, then):
        return first[0] * then[0], first[1] * then[0] + then[1]

    return lax.associative_scan(compose, (slope, shift))[1]

# %% right: unrolled scan with unroll=8, a dict as state
from functools import partial

@partial(jax.jit, inline=False)
def ema(x, alpha):
    readings = jnp.float32(x)

    def step(state, r):
        new = {"level": alpha * r + state["level"] * (1.0 - alpha)}
        return new, new["level"]

    return lax.scan(step, {"level": readings[0]}, readings, unroll=8)[1]

# %% right: fori_loop that writes into an array of its own
@jax.jit
def ema(x, alpha):
    x = jnp.asarray(x).astype(jnp.float32)

    def body(i, y):
        return y.at[i].set(y[i - 1] + jnp.float32(alpha) * (x[i] - y[i - 1]))

    return lax.fori_loop(1, x.shape[0], body, x)

# %% right: scan with a flag in the state that marks the first step
@jax.jit
def ema(x, alpha):
    x = jnp.asarray(x, jnp.float32)

    def step(state, r):
        first, y = state
        y = jnp.where(first, r, alpha * r + (1 - alpha) * y)
        return (jnp.bool_(False), y), y

    return lax.scan(step, (jnp.bool_(True), jnp.float32(0)), x)[1]

# %% right: blocks of 32 by a triangular matrix, one scan over the blocks
B = 32

@jax.jit
def ema(x, alpha):
    x = jnp.asarray(x, jnp.float32)
    n = x.shape[0]
    decay = jnp.float32(1) - alpha
    padded = jnp.pad(x, (0, -n % B)).reshape(-1, B)
    i = jnp.arange(B)
    gap = i[:, None] - i[None, :]
    kernel = jnp.where(gap >= 0, alpha * decay ** jnp.maximum(gap, 0), 0.0)
    inside = jnp.matmul(padded, kernel.T, precision="highest")
    fade = decay ** (i + 1)

    def step(level, block):
        y = block + fade * level
        return y[-1], y

    return lax.scan(step, x[0], inside)[1].reshape(-1)[:n]

# %% right: a callable class makes the step, jit applied by hand
class _Smoother:
    def __init__(self, alpha):
        self.alpha = alpha

    def __call__(self, level, reading):
        level = lax.add(lax.mul(self.alpha, reading), lax.mul(1 - self.alpha, level))
        return level, level

def _ema(x, alpha):
    x = lax.convert_element_type(x, jnp.float32)
    alpha = lax.convert_element_type(alpha, jnp.float32)
    return lax.scan(_Smoother(alpha), x[0], x)[1]

ema = jax.jit(_ema)

# %% right: alpha carried in the state, the walrus in the step
@jax.jit
def ema(x, alpha):
    x = jnp.asarray(x, jnp.float32)
    alpha = jnp.asarray(alpha, jnp.float32)

    def step(state, r):
        y, a = state
        return ((z := y + a * (r - y)), a), z

    return lax.scan(step, (x[0], alpha), x)[1]

# %% right: scan in pairs, two readings per step
@jax.jit
def ema(x, alpha):
    x = jnp.asarray(x, jnp.float32)
    n = len(x)
    pairs = jnp.append(x, x[-1:])[: n + n % 2].reshape(-1, 2)

    def step(y, pair):
        a = y + alpha * (pair[0] - y)
        b = a + alpha * (pair[1] - a)
        return b, jnp.stack([a, b])

    _, out = lax.scan(step, x[0], pairs)
    return out.ravel()[:n]

# %% right: deviations from the first reading in float32, added back
@jax.jit
def ema(x, alpha):
    readings = jnp.asarray(x, jnp.float32)
    keep = 1 - alpha

    def step(previous, reading):
        level = alpha * reading + keep * previous
        return level, level

    return jnp.asarray(lax.scan(f=step, init=readings[0], xs=readings, length=readings.size)[1], jnp.float32)

# %% wrong: the state is rounded to whole numbers for int32 readings | float32 JAX array; y_t = alpha x_t + (1 - alpha) y_{t-1}
@jax.jit
def ema(x, alpha):
    x = jnp.asarray(x)

    def step(level, reading):
        new = (alpha * reading + (1 - alpha) * level).astype(x.dtype)
        return new, new

    return lax.scan(step, x[0], x)[1].astype(jnp.float32)

# %% wrong: the state is float16 | Float32: precision lost on the way
@jax.jit
def ema(x, alpha):
    h = jnp.asarray(x, jnp.float16)

    def step(level, reading):
        level = level + jnp.float16(alpha) * (reading - level)
        return level, level

    return lax.scan(step, h[0], h)[1].astype(jnp.float32)

# %% wrong: int32 readings are shifted by the first one before they become float32: overflow | int32 readings, all finite
@jax.jit
def ema(x, alpha):
    x = jnp.asarray(x)
    shifted = (x - x[0]).astype(jnp.float32)

    def step(level, reading):
        level = alpha * reading + (1 - alpha) * level
        return level, level

    return lax.scan(step, jnp.float32(0), shifted)[1] + x[0].astype(jnp.float32)

# %% wrong: blocks of 1000 each start afresh with their own first reading | every level follows from the one before
@jax.jit
def ema(x, alpha):
    x = jnp.asarray(x, jnp.float32)
    n = x.shape[0]
    blocks = jnp.pad(x, (0, -n % 1000), mode="edge").reshape(-1, 1000)

    def step(level, reading):
        level = level + alpha * (reading - level)
        return level, level

    return lax.scan(step, blocks[:, 0], blocks.T)[1].T.reshape(-1)[:n]

# %% wrong: window of 128 readings, the older ones are forgotten | the formula; alpha may be 0.01
@jax.jit
def ema(x, alpha):
    x = jnp.asarray(x, jnp.float32)
    padded = jnp.concatenate([jnp.full(127, x[0]), x])
    weights = alpha * (1 - alpha) ** jnp.arange(128.0)
    weights = weights / weights.sum()
    return jnp.convolve(padded, weights, mode="valid")

# %% right: alpha behind stop_gradient, which changes no value
@jax.jit
def ema(x, alpha):
    x = jnp.asarray(x, jnp.float32)
    a = lax.stop_gradient(jnp.float32(alpha))

    def step(level, reading):
        level = a * reading + (1 - a) * level
        return level, level

    return lax.scan(step, x[0], x)[1]

# %% wrong: alpha is made static | alpha is traced under jit
from functools import partial

@partial(jax.jit, static_argnames="alpha")
def ema(x, alpha):
    x = jnp.asarray(x, jnp.float32)
    a = float(alpha)

    def step(level, reading):
        level = a * reading + (1 - a) * level
        return level, level

    return lax.scan(step, x[0], x)[1]

# %% wrong: closed form with a cumulative sum of x / (1 - alpha)^t, which overflows | long series; alpha up to 1
@jax.jit
def ema(x, alpha):
    x = jnp.asarray(x, jnp.float32)
    t = jnp.arange(x.shape[0])
    d = (1 - alpha) ** t
    inputs = jnp.where(t == 0, x, alpha * x)
    return d * jnp.cumsum(inputs / d)

# %% wrong: alpha held at 0.5 at most | alpha is between 0.01 and 1
@jax.jit
def ema(x, alpha):
    x = jnp.asarray(x, jnp.float32)
    a = jnp.clip(alpha, 0.0, 0.5)

    def step(level, reading):
        level = level + a * (reading - level)
        return level, level

    return lax.scan(step, x[0], x)[1]

# %% wrong: the levels are rounded to three decimals | the formula
@jax.jit
def ema(x, alpha):
    x = jnp.asarray(x, jnp.float32)

    def step(level, reading):
        level = alpha * reading + (1 - alpha) * level
        return level, jnp.round(level, 3)

    return lax.scan(step, x[0], x)[1]

# %% wrong: convolution by FFT, small levels drown after a large reading | the formula; precision lost on the way
@jax.jit
def ema(x, alpha):
    x = jnp.asarray(x, jnp.float32)
    n = x.shape[0]
    keep = (1 - alpha) ** jnp.arange(n)
    size = 2 * n
    both = jnp.fft.irfft(jnp.fft.rfft(x, size) * jnp.fft.rfft(alpha * keep, size), size)[:n]
    return both + (1 - alpha) * keep * x[0]

# %% wrong: the last level of earlier calls lives on in a global during tracing (print too) | writes to no global, prints nothing
level_now = 0

@jax.jit
def ema(x, alpha):
    global level_now
    x = jnp.asarray(x, jnp.float32)

    def step(level, reading):
        level = alpha * reading + (1 - alpha) * level
        return level, level

    level_now, levels = lax.scan(step, x[0], x)
    return levels

# %% wrong: alpha by way of a whole number of per cent | alpha is a Python float between 0.01 and 1
@jax.jit
def ema(x, alpha):
    x = jnp.asarray(x, jnp.float32)
    percent = jnp.round(100 * alpha)

    def step(level, reading):
        level = (percent * reading + (100 - percent) * level) / 100
        return level, level

    return lax.scan(step, x[0], x)[1]

# %% wrong: stops moving when a reading is near the level (dead band) | each new reading moves the level
@jax.jit
def ema(x, alpha):
    x = jnp.asarray(x, jnp.float32)

    def step(level, reading):
        gap = reading - level
        level = jnp.where(jnp.abs(gap) > 1e-3, level + alpha * gap, level)
        return level, level

    return lax.scan(step, x[0], x)[1]

# %% wrong: doubling (Hillis and Steele), twenty passes over the array | "at least 5 times as fast as ema_loop"
@jax.jit
def ema(x, alpha):
    x = jnp.asarray(x, jnp.float32)
    n = x.shape[0]
    y = (alpha * x).at[0].set(x[0])
    decay = 1.0 - jnp.asarray(alpha, jnp.float32)
    gap = 1
    while gap < n:
        y = y + decay * jnp.concatenate([jnp.zeros(gap, jnp.float32), y[:-gap]])
        decay = decay * decay
        gap *= 2
    return y
