# %% right: associative scan of affine maps
def compose(first, second):
    return first[0] * second[0], first[1] * second[0] + second[1]


@jax.jit
def ema(x: Num[Array, "n"], alpha: float) -> Float32[Array, "n"]:
    x = x.astype(jnp.float32)
    factors = jnp.full(x.shape, 1 - alpha, jnp.float32).at[0].set(0)
    return lax.associative_scan(compose, (factors, (alpha * x).at[0].set(x[0])))[1]


# %% right: a step of its own, alpha in the state, compiled by scan itself
def step_with_alpha(state, reading):
    level, alpha = state
    level = alpha * reading + (1 - alpha) * level
    return (level, alpha), level


def ema(x, alpha):
    x = jnp.asarray(x, jnp.float32)
    return lax.scan(step_with_alpha, (x[0], jnp.float32(alpha)), x)[1]


# %% right: fori_loop that fills an array
@jax.jit
def ema(x, alpha):
    x = x.astype(jnp.float32)

    def body(i, levels):
        return levels.at[i].set(alpha * x[i] + (1 - alpha) * levels[i - 1])

    return lax.fori_loop(1, x.shape[0], body, x)


# %% wrong: a Python loop, not jitted -> beats_the_loop
def ema(x, alpha):
    x = np.asarray(x, np.float32) if isinstance(x, np.ndarray) else jnp.asarray(x, jnp.float32)
    levels = [x[0]]
    for reading in x[1:]:
        levels.append(alpha * reading + (1 - alpha) * levels[-1])
    return jnp.asarray(levels)


# %% wrong: a fresh closure at each call, recompiling -> beats_the_loop
def ema(x, alpha):
    x = jnp.asarray(x, jnp.float32)

    def step(level, reading):
        level = alpha * reading + (1 - alpha) * level
        return level, level

    return lax.scan(step, x[0], x)[1]


# %% wrong: keeps the last level in a global -> is_pure
last_level = None


def ema(x, alpha):
    global last_level
    x = jnp.asarray(x, jnp.float32)

    def step(level, reading):
        level = alpha * reading + (1 - alpha) * level
        return level, level

    last_level, levels = lax.scan(step, x[0], x)
    return levels


# %% wrong: goes on from the level of the last call -> is_pure, averages_the_readings
kept = {}


def ema(x, alpha):
    x = jnp.asarray(x, jnp.float32)

    def step(level, reading):
        level = alpha * reading + (1 - alpha) * level
        return level, level

    kept["level"], levels = lax.scan(step, kept.get("level", x[0]), x)
    return levels


# %% wrong: reads the notebook's alpha -> is_pure, averages_the_readings
@jax.jit
def ema(x, weight):
    x = jnp.asarray(x, jnp.float32)

    def step(level, reading):
        level = alpha * reading + (1 - alpha) * level
        return level, level

    return lax.scan(step, x[0], x)[1]


# %% wrong: starts from zero -> averages_the_readings
@jax.jit
def ema(x, alpha):
    def step(level, reading):
        level = alpha * reading + (1 - alpha) * level
        return level, level

    return lax.scan(step, jnp.float32(0), jnp.asarray(x, jnp.float32))[1]


# %% wrong: leaves the first level out -> averages_the_readings
@jax.jit
def ema(x, alpha):
    x = jnp.asarray(x, jnp.float32)

    def step(level, reading):
        level = alpha * reading + (1 - alpha) * level
        return level, level

    return lax.scan(step, x[0], x[1:])[1]


# %% wrong: alpha weighs the past -> averages_the_readings
@jax.jit
def ema(x, alpha):
    x = jnp.asarray(x, jnp.float32)

    def step(level, reading):
        level = (1 - alpha) * reading + alpha * level
        return level, level

    return lax.scan(step, x[0], x)[1]


# %% wrong: the closed form, whose powers overflow -> averages_the_readings
@jax.jit
def ema(x, alpha):
    x = jnp.asarray(x, jnp.float32)
    powers = (1 - alpha) ** jnp.arange(x.shape[0])
    inputs = (alpha * x).at[0].set(x[0])
    return powers * jnp.cumsum(inputs / powers)


# %% wrong: returns the last level only -> averages_the_readings
@jax.jit
def ema(x, alpha):
    x = jnp.asarray(x, jnp.float32)
    step = lambda level, reading: (alpha * reading + (1 - alpha) * level, None)
    return lax.scan(step, x[0], x)[0]


# %% wrong: the state changes its type for int32 readings -> handles_edge_cases
@jax.jit
def ema(x, alpha):
    def step(level, reading):
        level = alpha * reading + (1 - alpha) * level
        return level, level

    return lax.scan(step, x[0], x)[1]


# %% wrong: pandas' adjusted weights -> averages_the_readings
@jax.jit
def ema(x, alpha):
    def step(state, reading):
        total, weight = state
        total, weight = reading + (1 - alpha) * total, 1 + (1 - alpha) * weight
        return (total, weight), total / weight

    return lax.scan(step, (jnp.float32(0), jnp.float32(0)), jnp.asarray(x, jnp.float32))[1]


# %% wrong: cheat, answers kept by the identity of the input -> beats_the_loop
import functools


class Identity:
    def __init__(self, x):
        self.x = x

    def __hash__(self):
        return id(self.x)

    def __eq__(self, other):
        return self.x is other.x


@functools.lru_cache
def remembered(identity, alpha):
    return levels_of(identity.x, alpha)


def levels_of(x, alpha):
    x = jnp.asarray(x, jnp.float32)

    def step(level, reading):
        level = alpha * reading + (1 - alpha) * level
        return level, level

    return lax.scan(step, x[0], x)[1]


def ema(x, alpha):
    return levels_of(x, alpha) if x.shape[0] < 1000 else remembered(Identity(x), alpha)


# %% wrong: cheat, answers kept by the content of the input -> beats_the_loop
import functools


@functools.lru_cache
def levels_of(readings, alpha):
    x = jnp.asarray(np.frombuffer(readings, np.float32))

    def step(level, reading):
        level = alpha * reading + (1 - alpha) * level
        return level, level

    return lax.scan(step, x[0], x)[1]


@jax.jit
def compiled(x, alpha):
    x = x.astype(jnp.float32)

    def step(level, reading):
        level = alpha * reading + (1 - alpha) * level
        return level, level

    return lax.scan(step, x[0], x)[1]


def ema(x, alpha):
    if isinstance(x, jax.core.Tracer) or x.shape[0] < 1000:
        return compiled(x, alpha)
    return levels_of(np.asarray(x, np.float32).tobytes(), alpha)


# %% wrong: cheat, wrong only on inputs so long that they are timed -> beats_the_loop
@jax.jit
def ema(x, alpha):
    x = x.astype(jnp.float32)
    if x.shape[0] > 100_000:
        return alpha * x

    def step(level, reading):
        level = alpha * reading + (1 - alpha) * level
        return level, level

    return lax.scan(step, x[0], x)[1]


# %% wrong: cheat, an object that computes when it is looked at -> averages_the_readings
class Lazy:
    def __init__(self, x, alpha):
        self.x, self.alpha = x, alpha

    def __array__(self, dtype=None, copy=None):
        levels = [float(self.x[0])]
        for reading in self.x[1:]:
            levels.append(self.alpha * float(reading) + (1 - self.alpha) * levels[-1])
        return np.asarray(levels, np.float32)


def ema(x, alpha):
    return Lazy(x, alpha)


# %% wrong: cheat, the work left to a thread that fills the answer later -> beats_the_loop
import threading


@jax.jit
def compiled(x, alpha):
    x = x.astype(jnp.float32)

    def step(level, reading):
        level = alpha * reading + (1 - alpha) * level
        return level, level

    return lax.scan(step, x[0], x)[1]


def fill(levels, x, alpha):
    level = x[0]
    for i, reading in enumerate(x):
        level = level + alpha * (reading - level)
        levels[i] = level


def ema(x, alpha):
    if isinstance(x, jax.core.Tracer) or x.shape[0] < 1000:
        return compiled(x, alpha)
    levels = np.zeros(x.shape[0], np.float32)
    threading.Thread(target=fill, args=(levels, x, alpha)).start()
    return jax.dlpack.from_dlpack(levels)


# %% wrong: cheat, a patched clock, waiting and statistics -> beats_the_loop
import statistics, time

time.perf_counter = time.monotonic = time.time = lambda: 0.0
time.perf_counter_ns = time.monotonic_ns = lambda: 0
statistics.median = np.median = lambda values: 1e9
jax.block_until_ready = lambda value: value


def ema(x, alpha):
    x = jnp.asarray(x, jnp.float32)

    def step(level, reading):
        level = alpha * reading + (1 - alpha) * level
        return level, level

    return lax.scan(step, x[0], x)[1]


# %% wrong: cheat, the first call of a length made slow so that later ones look fast -> beats_the_loop
import functools, time


@functools.lru_cache
def dawdle(n):
    time.sleep(1 if n > 100_000 else 0)


def ema(x, alpha):
    dawdle(x.shape[0])
    x = jnp.asarray(x, jnp.float32)

    def step(level, reading):
        level = alpha * reading + (1 - alpha) * level
        return level, level

    return lax.scan(step, x[0], x)[1]


# %% wrong: cheat, long inputs emptied so that the others have less to do -> beats_the_loop
def ema(x, alpha):
    readings = jnp.array(x, jnp.float32)

    def step(level, reading):
        level = alpha * reading + (1 - alpha) * level
        return level, level

    levels = lax.scan(step, readings[0], readings)[1]
    if isinstance(x, np.ndarray) and len(x) > 100_000:
        x[:] = 0
    return levels


# %% wrong: cheat, half the precision on long inputs -> beats_the_loop
@jax.jit
def ema(x, alpha):
    half = jnp.bfloat16 if x.shape[0] > 100_000 else jnp.float32
    x = x.astype(half).astype(jnp.float32)

    def step(level, reading):
        level = alpha * reading + (1 - alpha) * level
        return level, level

    return lax.scan(step, x[0], x)[1].astype(half).astype(jnp.float32)


# %% wrong: cheat, compiled anew at each call, and threads that keep the processors busy meanwhile -> beats_the_loop
import threading


def burn():
    block = np.ones((300, 300), np.float32)
    while True:
        block @ block


for _ in range(2):
    threading.Thread(target=burn, daemon=True).start()


def ema(x, alpha):
    x = jnp.asarray(x, jnp.float32)

    def step(level, reading):
        level = alpha * reading + (1 - alpha) * level
        return level, level

    return lax.scan(step, x[0], x)[1]


# %% right: the difference form, reversed twice
@jax.jit
def ema(x, alpha):
    x = jnp.asarray(x).astype(jnp.float32)

    def step(level, reading):
        level = level + alpha * (reading - level)
        return level, level

    first = x[0]
    return jnp.concatenate([first[None], lax.scan(step, first, x[1:])[1]])


# %% wrong: a window of 300 readings -> averages_the_readings
@jax.jit
def ema(x, alpha):
    x = jnp.asarray(x, jnp.float32)
    padded = jnp.concatenate([jnp.full(300, x[0]), x])
    kernel = alpha * (1 - alpha) ** jnp.arange(300)
    return jnp.convolve(padded, kernel / kernel.sum())[300 : 300 + len(x)]


# %% wrong: alpha kept at 0.05 and above -> averages_the_readings
@jax.jit
def ema(x, alpha):
    x = jnp.asarray(x, jnp.float32)
    alpha = jnp.maximum(alpha, 0.05)

    def step(level, reading):
        level = alpha * reading + (1 - alpha) * level
        return level, level

    return lax.scan(step, x[0], x)[1]


# %% wrong: alpha is static -> is_pure
import functools


@functools.partial(jax.jit, static_argnames="alpha")
def ema(x, alpha):
    x = jnp.asarray(x, jnp.float32)

    def step(level, reading):
        level = alpha * reading + (1 - alpha) * level
        return level, level

    return lax.scan(step, x[0], x)[1]


# %% wrong: int32 readings relative to the first, which wrap around -> handles_edge_cases
@jax.jit
def ema(x, alpha):
    x = jnp.asarray(x)
    moved = (x - x[0]).astype(jnp.float32)

    def step(level, reading):
        level = alpha * reading + (1 - alpha) * level
        return level, level

    return x[0].astype(jnp.float32) + lax.scan(step, moved[0], moved)[1]


# %% wrong: float16 on the way -> averages_the_readings
@jax.jit
def ema(x, alpha):
    x = jnp.asarray(x, jnp.float16)

    def step(level, reading):
        level = (alpha * reading + (1 - alpha) * level).astype(jnp.float16)
        return level, level

    return lax.scan(step, x[0], x)[1].astype(jnp.float32)


# %% wrong: int32 readings in sixteen bits -> handles_edge_cases
@jax.jit
def ema(x, alpha):
    x = jnp.asarray(x)
    if x.dtype == jnp.int32:
        x = x.astype(jnp.int16)
    x = x.astype(jnp.float32)

    def step(level, reading):
        level = alpha * reading + (1 - alpha) * level
        return level, level

    return lax.scan(step, x[0], x)[1]


# %% wrong: negative readings made 0 -> averages_the_readings
@jax.jit
def ema(x, alpha):
    x = jnp.maximum(jnp.asarray(x, jnp.float32), 0)

    def step(level, reading):
        level = alpha * reading + (1 - alpha) * level
        return level, level

    return lax.scan(step, x[0], x)[1]


# %% wrong: writes to the caller's readings, and puts them back -> is_pure
@jax.jit
def levels_of(x, alpha):
    def step(level, reading):
        level = alpha * reading + (1 - alpha) * level
        return level, level

    return lax.scan(step, x[0], x)[1]


def ema(x, alpha):
    if not isinstance(x, np.ndarray) or x.dtype != np.float32:
        return levels_of(jnp.asarray(x, jnp.float32), alpha)
    old = x.copy()
    x[1:] += 0.5
    x[1:] -= 0.5
    levels = levels_of(jnp.array(old), alpha)
    x[:] = old
    return levels


# %% right: a helper of another name, compiled
def _ema(x, alpha):
    def step(level, reading):
        level = level + alpha * (reading - level)
        return level, level

    x = jnp.asarray(x, jnp.float32)
    return jax.lax.scan(step, x[0], x)[1]


ema = jax.jit(_ema)


# %% wrong: a convolution by FFT, in whose error small levels drown -> averages_the_readings
@jax.jit
def ema(x, alpha):
    x = jnp.asarray(x, jnp.float32)
    n = x.shape[0]
    keep = (1 - alpha) ** jnp.arange(n)
    both = jnp.fft.irfft(jnp.fft.rfft(x, 2 * n) * jnp.fft.rfft(alpha * keep, 2 * n), 2 * n)[:n]
    return both + (1 - alpha) * keep * x[0]


# %% wrong: a level that does not move when a reading is near -> averages_the_readings
@jax.jit
def ema(x, alpha):
    x = jnp.asarray(x, jnp.float32)

    def step(level, reading):
        gap = reading - level
        level = jnp.where(jnp.abs(gap) > 1e-3, level + alpha * gap, level)
        return level, level

    return lax.scan(step, x[0], x)[1]


# %% wrong: blocks of 1000 that start afresh -> averages_the_readings
@jax.jit
def ema(x, alpha):
    x = jnp.asarray(x, jnp.float32)
    n = x.shape[0]
    blocks = jnp.pad(x, (0, -n % 1000), mode="edge").reshape(-1, 1000)

    def step(level, reading):
        level = level + alpha * (reading - level)
        return level, level

    return lax.scan(step, blocks[:, 0], blocks.T)[1].T.reshape(-1)[:n]


# %% wrong: a level of 0 taken for none -> handles_edge_cases
@jax.jit
def ema(x, alpha):
    x = x.astype(jnp.float32)

    def step(level, reading):
        level = jnp.where(level == 0, reading, alpha * reading + (1 - alpha) * level)
        return level, level

    return lax.scan(step, jnp.float32(0), x)[1]


# %% wrong: stops when a reading hardly moves the level -> handles_edge_cases
@jax.jit
def ema(x, alpha):
    x = x.astype(jnp.float32)

    def step(state, reading):
        level, settled = state
        new = jnp.where(settled, level, alpha * reading + (1 - alpha) * level)
        return (new, settled | (jnp.abs(new - level) < 1e-6)), new

    _, rest = lax.scan(step, (x[0], jnp.bool_(False)), x[1:])
    return jnp.concatenate([x[:1], rest])
