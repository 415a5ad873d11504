# %% right: plain loop, block_until_ready around each call, statistics.median
def time_call(fn, args=(), repeats=5, clock=time.perf_counter):
    jax.block_until_ready(fn(*args))
    times = []
    for _ in range(repeats):
        start = clock()
        jax.block_until_ready(fn(*args))
        times.append(clock() - start)
    return median(times)

# %% right: median by hand from the sorted list
def time_call(fn, args=(), repeats=5, clock=time.perf_counter):
    jax.block_until_ready(fn(*args))
    ts = [0.0] * repeats
    for i in range(repeats):
        before = clock()
        out = fn(*args)
        jax.block_until_ready(out)
        after = clock()
        ts[i] = after - before
    ts.sort()
    half = repeats // 2
    if repeats % 2:
        return ts[half]
    return (ts[half - 1] + ts[half]) / 2

# %% right: inner closure and np.median turned into a float
def time_call(
    fn: Callable[..., Any],
    args: tuple = (),
    repeats: int = 5,
    clock: Callable[[], float] = time.perf_counter,
) -> float:
    def once():
        t0 = clock()
        jax.block_until_ready(fn(*args))
        return clock() - t0

    once()
    return float(np.median([once() for _ in range(repeats)]))

# %% right: measures the warm-up as well and drops it
def time_call(fn, args=(), repeats=5, clock=time.perf_counter):
    stamps = []
    for _ in range(1 + repeats):
        start = clock()
        jax.block_until_ready(fn(*args))
        stamps.append((start, clock()))
    return median(stop - start for start, stop in stamps[1:])

# %% right: one-line comprehension with a walrus and a negative sum
def time_call(fn, args=(), repeats=5, clock=time.perf_counter):
    jax.block_until_ready(fn(*args))
    return median(
        [-(t := clock()) + (jax.block_until_ready(fn(*args)), clock())[1] for _ in range(repeats)]
    )

# %% right: waits leaf by leaf through a tree map, leaving NumPy leaves alone
def _wait(tree):
    def leaf(a):
        if isinstance(a, np.ndarray) or not hasattr(a, "block_until_ready"):
            return a
        return a.block_until_ready()

    return jax.tree.map(leaf, tree)


def time_call(fn, args=(), repeats=5, clock=time.perf_counter):
    _wait(fn(*args))
    durations = np.empty(repeats, np.float64)
    for k in range(repeats):
        tick = clock()
        _wait(fn(*args))
        durations[k] = clock() - tick
    return float(np.median(durations))

# %% right: a context manager class holds the stopwatch
class _Watch:
    def __init__(self, clock):
        self.clock, self.laps = clock, []

    def __enter__(self):
        self.start = self.clock()

    def __exit__(self, *exc):
        self.laps.append(self.clock() - self.start)


def time_call(fn, args=(), repeats=5, clock=time.perf_counter):
    jax.block_until_ready(fn(*args))
    watch = _Watch(clock)
    for _ in range(repeats):
        with watch:
            jax.block_until_ready(fn(*args))
    return median(watch.laps)

# %% right: generator of durations, kept sorted with bisect.insort
from bisect import insort


def time_call(fn, args=(), repeats=5, clock=time.perf_counter):
    call = partial(fn, *args)

    def durations():
        while True:
            start = clock()
            jax.block_until_ready(call())
            yield clock() - start

    jax.block_until_ready(call())
    source, ordered = durations(), []
    while len(ordered) < repeats:
        insort(ordered, next(source))
    return 0.5 * (ordered[(repeats - 1) // 2] + ordered[repeats // 2])

# %% right: recursion collects the times in a tuple; median_low and median_high averaged
from statistics import median_high, median_low


def time_call(fn, args=(), repeats=5, clock=time.perf_counter):
    jax.block_until_ready(fn(*args))

    def collect(left, sofar):
        if left == 0:
            return sofar
        start = clock()
        jax.block_until_ready(fn(*args))
        return collect(left - 1, sofar + (clock() - start,))

    if repeats > 500:  # stay below the recursion limit
        times = sum((collect(1, ()) for _ in range(repeats)), ())
    else:
        times = collect(repeats, ())
    return (median_low(times) + median_high(times)) / 2

# %% right: match on the type of the result decides how to wait
def _finish(result):
    match result:
        case np.ndarray():
            pass
        case dict():
            for value in result.values():
                _finish(value)
        case _:
            jax.block_until_ready(result)


def time_call(fn, args=(), repeats=5, clock=time.perf_counter):
    _finish(fn(*args))
    starts, stops = [], []
    for _ in range(repeats):
        starts.append(clock())
        _finish(fn(*args))
        stops.append(clock())
    return median(b - a for a, b in zip(starts, stops))

# %% right: quantile function of numpy, decorator around fn that waits
def _waiting(fn):
    def inner(*args):
        return jax.block_until_ready(fn(*args))

    return inner


def time_call(fn, args=(), repeats=5, clock=time.perf_counter):
    fn = _waiting(fn)
    fn(*args)
    rows = np.array([(clock(), fn(*args) is None, clock()) for _ in range(repeats)], np.float64)
    return float(np.quantile(rows[:, 2] - rows[:, 0], 0.5))

# %% wrong: for an even number of calls takes the upper of the middle two | "for an even number of calls, as usual, the mean of the middle two"
def time_call(fn, args=(), repeats=5, clock=time.perf_counter):
    jax.block_until_ready(fn(*args))
    times = []
    for _ in range(repeats):
        start = clock()
        jax.block_until_ready(fn(*args))
        times.append(clock() - start)
    return sorted(times)[repeats // 2]

# %% wrong: a dict of arrays is never waited for | "returns a JAX array, a dict of JAX arrays, or a NumPy array"; rule 2
def time_call(fn, args=(), repeats=5, clock=time.perf_counter):
    def run():
        result = fn(*args)
        if hasattr(result, "block_until_ready"):
            result.block_until_ready()

    run()
    times = []
    for _ in range(repeats):
        start = clock()
        run()
        times.append(clock() - start)
    return median(times)

# %% wrong: waits for the first array of a dict only | rule 2 "Wait for the result inside each measurement"
def time_call(fn, args=(), repeats=5, clock=time.perf_counter):
    def run():
        result = fn(*args)
        if isinstance(result, dict):
            result = next(iter(result.values()))
        jax.block_until_ready(result)

    run()
    times = []
    for _ in range(repeats):
        start = clock()
        run()
        times.append(clock() - start)
    return median(times)

# %% wrong: the warm-up of a function that returns a dict is not waited for | rule 1 "and wait for that call to finish"
def time_call(fn, args=(), repeats=5, clock=time.perf_counter):
    warm = fn(*args)
    if not isinstance(warm, (dict, np.ndarray)):
        warm.block_until_ready()
    times = []
    for _ in range(repeats):
        start = clock()
        jax.block_until_ready(fn(*args))
        times.append(clock() - start)
    return median(times)

# %% wrong: the warm-up is not waited for at all | rule 1 "and wait for that call to finish"
def time_call(fn, args=(), repeats=5, clock=time.perf_counter):
    fn(*args)
    times = []
    for _ in range(repeats):
        start = clock()
        jax.block_until_ready(fn(*args))
        times.append(clock() - start)
    return median(times)

# %% wrong: only the first argument is passed on | "takes any number of arrays"
def time_call(fn, args=(), repeats=5, clock=time.perf_counter):
    call = (lambda: fn(args[0])) if args else fn
    jax.block_until_ready(call())
    times = []
    for _ in range(repeats):
        start = clock()
        jax.block_until_ready(call())
        times.append(clock() - start)
    return median(times)

# %% wrong: remembers which functions are warm in a global set, so later calls are not warmed up | "Call fn(*args) once to warm up"
_WARM = set()


def time_call(fn, args=(), repeats=5, clock=time.perf_counter):
    if fn not in _WARM:
        jax.block_until_ready(fn(*args))
        _WARM.add(fn)
    times = []
    for _ in range(repeats):
        start = clock()
        jax.block_until_ready(fn(*args))
        times.append(clock() - start)
    return median(times)

# %% wrong: rounds to milliseconds | "return the median of the times in seconds", docstring 1.1e-05
def time_call(fn, args=(), repeats=5, clock=time.perf_counter):
    jax.block_until_ready(fn(*args))
    times = []
    for _ in range(repeats):
        start = clock()
        jax.block_until_ready(fn(*args))
        times.append(clock() - start)
    return round(median(times), 3)

# %% wrong: clock readings kept as float32, differences of large readings are lost | "the median of the times in seconds" (a clock may read 1e6)
def time_call(fn, args=(), repeats=5, clock=time.perf_counter):
    jax.block_until_ready(fn(*args))
    stamps = np.zeros((repeats, 2), np.float32)
    for i in range(repeats):
        stamps[i, 0] = clock()
        jax.block_until_ready(fn(*args))
        stamps[i, 1] = clock()
    return float(np.median(stamps[:, 1] - stamps[:, 0]))

# %% wrong: throws out "hiccups" before taking the median | "return the median of the times"
def time_call(fn, args=(), repeats=5, clock=time.perf_counter):
    jax.block_until_ready(fn(*args))
    times = []
    for _ in range(repeats):
        start = clock()
        jax.block_until_ready(fn(*args))
        times.append(clock() - start)
    times = [t for t in times if t <= 5 * min(times)]
    return median(times)

# %% wrong: an even number of calls is made odd, so one call too many | "time `repeats` calls"
def time_call(fn, args=(), repeats=5, clock=time.perf_counter):
    jax.block_until_ready(fn(*args))
    times = []
    for _ in range(repeats + (repeats % 2 == 0)):
        start = clock()
        jax.block_until_ready(fn(*args))
        times.append(clock() - start)
    return median(times)

# %% wrong: trimmed mean, which equals the median for three calls only | "return the median"
def time_call(fn, args=(), repeats=5, clock=time.perf_counter):
    jax.block_until_ready(fn(*args))
    times = []
    for _ in range(repeats):
        start = clock()
        jax.block_until_ready(fn(*args))
        times.append(clock() - start)
    times.sort()
    inner = times[1:-1] if repeats > 2 else times
    return sum(inner) / len(inner)

# %% wrong: stops as soon as two calls in a row agree | "time `repeats` calls"
def time_call(fn, args=(), repeats=5, clock=time.perf_counter):
    jax.block_until_ready(fn(*args))
    times = []
    for _ in range(repeats):
        start = clock()
        jax.block_until_ready(fn(*args))
        times.append(clock() - start)
        if len(times) > 1 and abs(times[-1] - times[-2]) <= 0.05 * times[-1]:
            break
    return median(times)
