# %% right: scan from the first reading
@jax.jit
def ema(x: Num[Array, "n"], alpha: float) -> Float32[Array, "n"]:
    """Return the exponential moving average of `x`, starting at its first reading."""
    x = jnp.asarray(x, jnp.float32)

    def step(level, reading):
        level = alpha * reading + (1 - alpha) * level
        return level, level

    return lax.scan(step, x[0], x)[1]


# %% right: functional, scan over the rest with unroll, first reading put in front
def _smooth(level, pair):
    scaled, keep = pair
    level = scaled + keep * level
    return level, level


@jax.jit
def ema(x, alpha):
    x = x.astype(jnp.float32)
    scaled = alpha * x[1:]
    keep = jnp.full_like(scaled, 1 - alpha)
    _, rest = lax.scan(_smooth, x[0], (scaled, keep), unroll=8)
    return jnp.concatenate((x[:1], rest))


# %% right: physicist, fori_loop that fills a table
@jax.jit
def ema(x: Num[Array, "n"], alpha: float) -> Float32[Array, "n"]:
    readings = jnp.asarray(x).astype(jnp.float32)
    n = readings.shape[0]

    def fill(t, y):
        y_t = alpha * readings[t] + (1 - alpha) * y[t - 1]
        return y.at[t].set(y_t)

    table = jnp.zeros(n, jnp.float32).at[0].set(readings[0])
    return lax.fori_loop(1, n, fill, table)


# %% right: blocks of 64, a triangular matrix within and a scan across
_SIZE = 64
_LAG = np.arange(_SIZE)[:, None] - np.arange(_SIZE)[None, :]


@jax.jit
def ema(x: Num[Array, "n"], alpha: float) -> Float32[Array, "n"]:
    x = jnp.asarray(x, jnp.float32)
    n = x.shape[0]
    keep = jnp.float32(1) - alpha
    blocks = jnp.pad(x, (0, -n % _SIZE)).reshape(-1, _SIZE)
    weights = jnp.where(_LAG >= 0, alpha * keep ** np.maximum(_LAG, 0), 0)
    own = jnp.einsum("ts,bs->bt", weights, blocks, precision=lax.Precision.HIGHEST)
    fade = keep ** np.arange(1, _SIZE + 1)  # what is left of the level before the block

    def step(level, block):
        levels = block + level * fade
        return levels[-1], levels

    return lax.scan(step, x[0], own)[1].reshape(-1)[:n]


# %% wrong: closed form with powers in blocks of 64 | division by (1 - alpha)**64, which underflows: NaN for alpha of 0.8 and more, 1 included
@jax.jit
def ema(x: Num[Array, "n"], alpha: float) -> Float32[Array, "n"]:
    x = jnp.asarray(x, jnp.float32)
    n, size = x.shape[0], 64
    blocks = jnp.pad(x, (0, -n % size)).reshape(-1, size)
    powers = (1 - alpha) ** jnp.arange(1, size + 1)
    within = jnp.cumsum(alpha * blocks / powers, axis=1) * powers

    def step(level, block):
        levels = block + level * powers
        return levels[-1], levels

    return lax.scan(step, x[0], within)[1].ravel()[:n]


# %% wrong: the state keeps the dtype of the readings | levels of int32 readings are cut to whole numbers
@jax.jit
def ema(x: Num[Array, "n"], alpha: float) -> Float32[Array, "n"]:
    x = jnp.asarray(x)

    def step(level, reading):
        level = (alpha * reading + (1 - alpha) * level).astype(x.dtype)
        return level, level

    return lax.scan(step, x[0], x)[1].astype(jnp.float32)


# %% wrong: convolution with 128 weights | readings further back than 128 are forgotten: for alpha 0.01 they still have weight 0.28
@jax.jit
def ema(x: Num[Array, "n"], alpha: float) -> Float32[Array, "n"]:
    x = jnp.asarray(x, jnp.float32)
    taps = 128
    weights = (1 - alpha) ** jnp.arange(taps)
    weights = weights / weights.sum()
    padded = jnp.concatenate([jnp.full(taps - 1, x[0]), x])
    return jnp.convolve(padded, weights, mode="valid")


# %% wrong: convolution by FFT | rounding noise of one large reading (say 1e20) drowns all levels before it
@jax.jit
def ema(x: Num[Array, "n"], alpha: float) -> Float32[Array, "n"]:
    x = jnp.asarray(x, jnp.float32)
    n = x.shape[0]
    size = 2 ** (2 * n).bit_length()
    decay = (1 - alpha) ** jnp.arange(n)
    product = jnp.fft.rfft(x, size) * jnp.fft.rfft(alpha * decay, size)
    return jnp.fft.irfft(product, size)[:n] + (1 - alpha) * decay * x[0]


# %% wrong: the starter's jit is dropped | not compiled as a whole, the scan with its new closure is recorded and compiled at every call
def ema(x: Num[Array, "n"], alpha: float) -> Float32[Array, "n"]:
    x = jnp.asarray(x, jnp.float32)

    def step(level, reading):
        level = alpha * reading + (1 - alpha) * level
        return level, level

    return lax.scan(step, x[0], x)[1]


# %% wrong: associative_scan with a step that is not associative | wrong from the fourth level on
@jax.jit
def ema(x: Num[Array, "n"], alpha: float) -> Float32[Array, "n"]:
    x = jnp.asarray(x, jnp.float32)
    return lax.associative_scan(lambda level, reading: alpha * reading + (1 - alpha) * level, x)


# %% wrong: differences of the readings before the conversion to float32 | differences of large int32 readings overflow
@jax.jit
def ema(x: Num[Array, "n"], alpha: float) -> Float32[Array, "n"]:
    change = jnp.diff(x, prepend=x[:1]).astype(jnp.float32)

    def step(gap, change):
        gap = (1 - alpha) * (gap + change)  # how far the level is behind the reading
        return gap, gap

    _, gaps = lax.scan(step, jnp.float32(0), change)
    return jnp.asarray(x, jnp.float32) - gaps


# %% wrong: the notebook's global level is set in the step | side effect, `level` holds a leaked tracer afterwards: the level should live in the state and nowhere else
@jax.jit
def ema(x: Num[Array, "n"], alpha: float) -> Float32[Array, "n"]:
    x = jnp.asarray(x, jnp.float32)

    def step(before, reading):
        global level
        level = alpha * reading + (1 - alpha) * before
        return level, level

    return lax.scan(step, x[0], x)[1]
