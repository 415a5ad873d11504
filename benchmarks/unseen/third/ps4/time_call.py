# %% right: plain loop and statistics.median
def time_call(fn, args=(), repeats=5, clock=time.perf_counter):
    jax.block_until_ready(fn(*args))
    seconds = []
    for _ in range(repeats):
        start = clock()
        jax.block_until_ready(fn(*args))
        seconds.append(clock() - start)
    return median(seconds)

# %% right: NumPy veteran, array of stamps
def time_call(fn, args=(), repeats=5, clock=time.perf_counter):
    stamps = np.empty((repeats, 2))
    jax.block_until_ready(fn(*args))
    for row in stamps:
        row[0] = clock()
        jax.block_until_ready(fn(*args))
        row[1] = clock()
    return float(np.median(stamps[:, 1] - stamps[:, 0]))

# %% right: functional, closures and a sorted middle
def time_call(fn, args=(), repeats=5, clock=time.perf_counter):
    run = lambda: jax.block_until_ready(fn(*args))

    def one(_):
        before = clock()
        run()
        after = clock()
        return after - before

    run()
    ordered = sorted(map(one, range(repeats)))
    low, high = ordered[(repeats - 1) // 2], ordered[repeats // 2]
    return (low + high) / 2

# %% right: a context manager and an own waiting function
from contextlib import contextmanager


def _wait(result):
    for leaf in jax.tree.leaves(result):
        ready = getattr(leaf, "block_until_ready", None)
        if ready is not None:
            ready()


@contextmanager
def _lap(clock, laps):
    start = clock()
    yield
    laps.append(clock() - start)


def time_call(fn, args=(), repeats=5, clock=time.perf_counter):
    laps = []
    _wait(fn(*args))
    while len(laps) < repeats:
        with _lap(clock, laps):
            _wait(fn(*args))
    return median(laps)

# %% wrong: warm-up not waited for | the queue of the warm-up call delays the first timed call (matters for repeats=1)
def time_call(fn, args=(), repeats=5, clock=time.perf_counter):
    fn(*args)
    seconds = []
    for _ in range(repeats):
        start = clock()
        jax.block_until_ready(fn(*args))
        seconds.append(clock() - start)
    return median(seconds)

# %% wrong: upper middle instead of median | even repeats need the mean of the middle two
def time_call(fn, args=(), repeats=5, clock=time.perf_counter):
    jax.block_until_ready(fn(*args))
    seconds = []
    for _ in range(repeats):
        start = clock()
        jax.block_until_ready(fn(*args))
        seconds.append(clock() - start)
    return sorted(seconds)[repeats // 2]

# %% wrong: waits with the method only | a dict of JAX arrays is not waited for
def time_call(fn, args=(), repeats=5, clock=time.perf_counter):
    def run():
        result = fn(*args)
        if hasattr(result, "block_until_ready"):
            result.block_until_ready()

    run()
    seconds = []
    for _ in range(repeats):
        start = clock()
        run()
        seconds.append(clock() - start)
    return median(seconds)

# %% wrong: trimmed mean | for 5 or more repeats the mean of the inner values is not the median
def time_call(fn, args=(), repeats=5, clock=time.perf_counter):
    jax.block_until_ready(fn(*args))
    seconds = []
    for _ in range(repeats):
        start = clock()
        jax.block_until_ready(fn(*args))
        seconds.append(clock() - start)
    if repeats > 2:
        seconds = sorted(seconds)[1:-1]  # without the best and the worst
    return sum(seconds) / len(seconds)

# %% wrong: rounds to microseconds | times of less than a microsecond or so are lost (8e-07 becomes 1e-06)
def time_call(fn, args=(), repeats=5, clock=time.perf_counter):
    jax.block_until_ready(fn(*args))
    seconds = []
    for _ in range(repeats):
        start = clock()
        jax.block_until_ready(fn(*args))
        seconds.append(clock() - start)
    return round(median(seconds), 6)

# %% wrong: makes the number of repeats odd | for even repeats it makes one call too many and gives the median of other calls
def time_call(fn, args=(), repeats=5, clock=time.perf_counter):
    repeats += 1 - repeats % 2  # so that there is a middle one
    jax.block_until_ready(fn(*args))
    seconds = []
    for _ in range(repeats):
        start = clock()
        jax.block_until_ready(fn(*args))
        seconds.append(clock() - start)
    return sorted(seconds)[repeats // 2]

# %% wrong: remembers which functions are warm | no warm-up for a known function with new shapes: its compilation is timed
_warm = set()


def time_call(fn, args=(), repeats=5, clock=time.perf_counter):
    if fn not in _warm:
        jax.block_until_ready(fn(*args))
        _warm.add(fn)
    seconds = []
    for _ in range(repeats):
        start = clock()
        jax.block_until_ready(fn(*args))
        seconds.append(clock() - start)
    return median(seconds)

# %% wrong: converts the arguments to JAX first | fn is not called with the args given: NumPy functions get JAX arrays, float64 becomes float32
def time_call(fn, args=(), repeats=5, clock=time.perf_counter):
    args = tuple(jax.block_until_ready(jnp.asarray(a)) for a in args)
    jax.block_until_ready(fn(*args))
    seconds = []
    for _ in range(repeats):
        start = clock()
        jax.block_until_ready(fn(*args))
        seconds.append(clock() - start)
    return median(seconds)
