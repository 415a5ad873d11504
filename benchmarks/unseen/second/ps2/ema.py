# %% right: scan from the first reading
@jax.jit
def ema(x: Num[Array, "n"], alpha: float) -> Float32[Array, "n"]:
    x = jnp.asarray(x, jnp.float32)

    def step(level, reading):
        level = alpha * reading + (1 - alpha) * level
        return level, level

    _, levels = lax.scan(step, x[0], x)
    return levels

# %% right: scan over the rest, first reading put in front
@jax.jit
def ema(x: Num[Array, "n"], alpha: float) -> Float32[Array, "n"]:
    first, rest = x[0].astype(jnp.float32), x[1:].astype(jnp.float32)

    def step(level, push):
        level = push + (1.0 - alpha) * level
        return level, level

    return jnp.concatenate([first[None], lax.scan(step, first, alpha * rest)[1]])

# %% right: fori_loop that writes into an array
@jax.jit
def ema(x: Num[Array, "n"], alpha: float) -> Float32[Array, "n"]:
    x = x.astype(jnp.float32)

    def body(t, levels):
        return levels.at[t].set(alpha * x[t] + (1 - alpha) * levels[t - 1])

    return lax.fori_loop(1, x.shape[0], body, x)

# %% right: associative_scan of affine maps
@jax.jit
def ema(x: Num[Array, "n"], alpha: float) -> Float32[Array, "n"]:
    x = x.astype(jnp.float32)
    first = jnp.arange(x.shape[0]) == 0
    factors = jnp.where(first, 0.0, jnp.float32(1) - alpha)
    pushes = jnp.where(first, x, alpha * x)

    def then(f, g):
        return f[0] * g[0], g[0] * f[1] + g[1]

    return lax.associative_scan(then, (factors, pushes))[1]

# %% right: scan with unroll and partial
from functools import partial


def _step(alpha, level, reading):
    new = lax.add(lax.mul(alpha, reading), lax.mul(1 - alpha, level))
    return new, new


@jax.jit
def ema(x: Num[Array, "n"], alpha: float) -> Float32[Array, "n"]:
    x = jnp.float32(x)
    return lax.scan(partial(_step, jnp.float32(alpha)), x[0], x, unroll=8)[1]

# %% right: state with a counter, weight 1 at the first step
@jax.jit
def ema(x: Num[Array, "n"], alpha: float) -> Float32[Array, "n"]:
    def step(state, reading):
        level, t = state
        weight = jnp.where(t == 0, 1.0, alpha)
        level = weight * reading.astype(jnp.float32) + (1 - weight) * level
        return (level, t + 1), level

    return lax.scan(step, (jnp.float32(0), jnp.int32(0)), x)[1]

# %% right: while_loop
@jax.jit
def ema(x: Num[Array, "n"], alpha: float) -> Float32[Array, "n"]:
    x = jnp.asarray(x, dtype=jnp.float32)
    n = x.size

    def more(state):
        return state[0] < n

    def go(state):
        t, level, levels = state
        level = alpha * x[t] + (1 - alpha) * level
        return t + 1, level, levels.at[t].set(level)

    return lax.while_loop(more, go, (0, x[0], jnp.zeros_like(x)))[2]

# %% wrong: level kept in the dtype of x | levels of int32 readings are truncated to whole numbers
@jax.jit
def ema(x: Num[Array, "n"], alpha: float) -> Float32[Array, "n"]:
    def step(level, reading):
        level = (alpha * reading + (1 - alpha) * level).astype(x.dtype)
        return level, level

    return lax.scan(step, x[0], x)[1].astype(jnp.float32)

# %% wrong: static alpha | compiles again for each alpha, and fails where an outer jit traces alpha
from functools import partial


@partial(jax.jit, static_argnames="alpha")
def ema(x: Num[Array, "n"], alpha: float) -> Float32[Array, "n"]:
    x = x.astype(jnp.float32)

    def step(level, reading):
        level = alpha * reading + (1 - alpha) * level
        return level, level

    return lax.scan(step, x[0], x)[1]

# %% wrong: a new jit at every call | compiles at each call, since the inner function is a new one
def ema(x: Num[Array, "n"], alpha: float) -> Float32[Array, "n"]:
    @jax.jit
    def run(x):
        def step(level, reading):
            level = alpha * reading + (1 - alpha) * level
            return level, level

        return lax.scan(step, x[0], x)[1]

    return run(jnp.asarray(x, jnp.float32))

# %% wrong: the starter's jit dropped | the scan is recorded and compiled at each call
def ema(x: Num[Array, "n"], alpha: float) -> Float32[Array, "n"]:
    x = jnp.asarray(x, jnp.float32)

    def step(level, reading):
        level = alpha * reading + (1 - alpha) * level
        return level, level

    return lax.scan(step, x[0], x)[1]

# %% wrong: the NumPy loop | too slow, and fails under jit
def ema(x: Num[Array, "n"], alpha: float) -> Float32[Array, "n"]:
    return jnp.asarray(ema_loop(np.asarray(x, np.float32), alpha))

# %% wrong: closed form with powers | (1 - alpha)**-t overflows for long series, and alpha = 1 divides by 0
@jax.jit
def ema(x: Num[Array, "n"], alpha: float) -> Float32[Array, "n"]:
    x = x.astype(jnp.float32)
    powers = (1 - alpha) ** jnp.arange(x.shape[0], dtype=jnp.float32)
    pushes = (alpha * x).at[0].set(x[0])
    return powers * jnp.cumsum(pushes / powers)

# %% wrong: ratio of the weights | alpha / (1 - alpha) is inf for alpha = 1, so the levels are NaN
@jax.jit
def ema(x: Num[Array, "n"], alpha: float) -> Float32[Array, "n"]:
    x = x.astype(jnp.float32)
    ratio = alpha / (1 - alpha)

    def step(level, reading):
        level = (level + ratio * reading) / (1 + ratio)
        return level, level

    return lax.scan(step, x[0], x)[1]

# %% wrong: bfloat16 level | three digits at most, and a small alpha no longer moves the level
@jax.jit
def ema(x: Num[Array, "n"], alpha: float) -> Float32[Array, "n"]:
    x = x.astype(jnp.bfloat16)

    def step(level, reading):
        level = (alpha * reading + (1 - alpha) * level).astype(jnp.bfloat16)
        return level, level

    return lax.scan(step, x[0], x)[1].astype(jnp.float32)

# %% wrong: float16 readings | readings above 65504 become inf
@jax.jit
def ema(x: Num[Array, "n"], alpha: float) -> Float32[Array, "n"]:
    x = x.astype(jnp.float16).astype(jnp.float32)

    def step(level, reading):
        level = alpha * reading + (1 - alpha) * level
        return level, level

    return lax.scan(step, x[0], x)[1]

# %% wrong: convolution with a short kernel | weights older than 64 readings are cut, wrong for small alpha
@jax.jit
def ema(x: Num[Array, "n"], alpha: float) -> Float32[Array, "n"]:
    x = x.astype(jnp.float32)
    kernel = alpha * (1 - alpha) ** jnp.arange(64, dtype=jnp.float32)
    shifted = x - x[0]
    return x[0] + jnp.convolve(shifted, kernel)[: x.shape[0]]

# %% wrong: convolution by FFT | a large reading drowns the small ones, even those before it, in rounding
@jax.jit
def ema(x: Num[Array, "n"], alpha: float) -> Float32[Array, "n"]:
    x = x.astype(jnp.float32)
    n = x.shape[0]
    kernel = alpha * (1 - alpha) ** jnp.arange(n, dtype=jnp.float32)
    spectrum = jnp.fft.rfft(x - x[0], 2 * n) * jnp.fft.rfft(kernel, 2 * n)
    return x[0] + jnp.fft.irfft(spectrum, 2 * n)[:n]

# %% wrong: blocks in parallel | each block of 1024 readings starts anew from its own first reading
@jax.jit
def ema(x: Num[Array, "n"], alpha: float) -> Float32[Array, "n"]:
    x = x.astype(jnp.float32)
    n = x.shape[0]
    blocks = jnp.pad(x, (0, -n % 1024), mode="edge").reshape(-1, 1024)

    def step(level, reading):
        level = alpha * reading + (1 - alpha) * level
        return level, level

    levels = jax.vmap(lambda block: lax.scan(step, block[0], block)[1])(blocks)
    return levels.ravel()[:n]

# %% wrong: donated readings | the caller's float32 JAX array is deleted
from functools import partial


@partial(jax.jit, donate_argnums=0)
def ema(x: Num[Array, "n"], alpha: float) -> Float32[Array, "n"]:
    x = x.astype(jnp.float32)

    def step(level, reading):
        level = alpha * reading + (1 - alpha) * level
        return level, level

    return lax.scan(step, x[0], x)[1]

# %% wrong: level kept in the notebook's global | a side effect while recording: a tracer leaks into the global "level"
@jax.jit
def ema(x: Num[Array, "n"], alpha: float) -> Float32[Array, "n"]:
    global level
    x = x.astype(jnp.float32)

    def step(level, reading):
        level = alpha * reading + (1 - alpha) * level
        return level, level

    level, levels = lax.scan(step, x[0], x)
    return levels

# %% wrong: differences of integers | consecutive int32 readings of opposite sign overflow in jnp.diff
@jax.jit
def ema(x: Num[Array, "n"], alpha: float) -> Float32[Array, "n"]:
    jumps = jnp.diff(x, prepend=x[:1]).astype(jnp.float32)

    def step(lag, jump):
        lag = (1 - alpha) * (lag + jump)
        return lag, lag

    return x.astype(jnp.float32) - lax.scan(step, jnp.float32(0), jumps)[1]

# %% wrong: stops when settled | once a reading moves the level by less than 1e-6, later readings are ignored
@jax.jit
def ema(x: Num[Array, "n"], alpha: float) -> Float32[Array, "n"]:
    x = x.astype(jnp.float32)

    def step(state, reading):
        level, settled = state
        new = jnp.where(settled, level, alpha * reading + (1 - alpha) * level)
        return (new, settled | (jnp.abs(new - level) < 1e-6)), new

    (_, _), rest = lax.scan(step, (x[0], jnp.bool_(False)), x[1:])
    return jnp.concatenate([x[:1], rest])

# %% wrong: outliers clipped | readings beyond 1e6 in size are cut
@jax.jit
def ema(x: Num[Array, "n"], alpha: float) -> Float32[Array, "n"]:
    x = jnp.clip(x.astype(jnp.float32), -1e6, 1e6)

    def step(level, reading):
        level = alpha * reading + (1 - alpha) * level
        return level, level

    return lax.scan(step, x[0], x)[1]

# %% wrong: second reading needed | a series of one reading gives two levels
@jax.jit
def ema(x: Num[Array, "n"], alpha: float) -> Float32[Array, "n"]:
    x = x.astype(jnp.float32)

    def step(level, reading):
        level = alpha * reading + (1 - alpha) * level
        return level, level

    second = alpha * x.at[1].get(mode="fill") + (1 - alpha) * x[0]
    _, rest = lax.scan(step, second, x[2:])
    return jnp.concatenate([jnp.array([x[0], second]), rest])

# %% wrong: level 0 taken for no level | a level of exactly 0 jumps to the next reading
@jax.jit
def ema(x: Num[Array, "n"], alpha: float) -> Float32[Array, "n"]:
    x = x.astype(jnp.float32)

    def step(level, reading):
        level = jnp.where(level == 0, reading, alpha * reading + (1 - alpha) * level)
        return level, level

    return lax.scan(step, jnp.float32(0), x)[1]

# %% wrong: rounded levels | levels are rounded to three decimals
@jax.jit
def ema(x: Num[Array, "n"], alpha: float) -> Float32[Array, "n"]:
    x = x.astype(jnp.float32)

    def step(level, reading):
        level = alpha * reading + (1 - alpha) * level
        return level, level

    return jnp.round(lax.scan(step, x[0], x)[1], 3)
