# %% right: plain loop and statistics.median
def time_call(fn, args=(), repeats=5, clock=time.perf_counter):
    jax.block_until_ready(fn(*args))
    times = []
    for _ in range(repeats):
        start = clock()
        jax.block_until_ready(fn(*args))
        times.append(clock() - start)
    return median(times)

# %% right: comprehension over an inner function, np.median
import numpy as np

def time_call(fn, args=(), repeats=5, clock=time.perf_counter):
    def once(_=None):
        before = clock()
        result = fn(*args)
        jax.block_until_ready(result)
        return clock() - before

    def warm_up():
        jax.block_until_ready(fn(*args))

    warm_up()
    return float(np.median([once(i) for i in range(repeats)]))

# %% right: a context manager class and a median by hand
class _Lap:
    def __init__(self, clock):
        self.clock = clock

    def __enter__(self):
        self.begin = self.clock()
        return self

    def __exit__(self, *_):
        self.seconds = self.clock() - self.begin
        return False


def time_call(fn, args=(), repeats=5, clock=time.perf_counter):
    jax.block_until_ready(fn(*args))
    laps = []
    while len(laps) < repeats:
        with _Lap(clock) as lap:
            jax.block_until_ready(fn(*args))
        laps.append(lap.seconds)
    laps.sort()
    half = len(laps) // 2
    if len(laps) % 2:
        return laps[half]
    return (laps[half - 1] + laps[half]) / 2

# %% right: waits leaf by leaf through the tree
def _wait(result):
    for leaf in jax.tree.leaves(result):
        if hasattr(leaf, "block_until_ready"):
            leaf.block_until_ready()


def time_call(fn, args=(), repeats=5, clock=time.perf_counter):
    stamps = []
    _wait(fn(*args))
    for _ in range(repeats):
        t0 = clock()
        _wait(fn(*args))
        t1 = clock()
        stamps.append((t0, t1))
    return median(t1 - t0 for t0, t1 in stamps)

# %% right: a decorator that makes any function wait, and a generator
import functools
import statistics


def _blocking(fn):
    @functools.wraps(fn, assigned=())
    def waits(*args):
        return jax.block_until_ready(fn(*args))
    return waits


def time_call(fn, args=(), repeats=5, clock=time.perf_counter):
    call = _blocking(fn)

    def laps():
        for _ in range(repeats):
            t = -clock()
            call(*args)
            t += clock()
            yield t

    call(*args)
    return statistics.median(laps())

# %% wrong: does not wait for the warm-up | the busy queue of the warm-up delays the first measurement (seen at once with repeats=1)
def time_call(fn, args=(), repeats=5, clock=time.perf_counter):
    fn(*args)
    times = []
    for _ in range(repeats):
        start = clock()
        jax.block_until_ready(fn(*args))
        times.append(clock() - start)
    return median(times)

# %% wrong: waits only if the result has the method | a dict of JAX arrays is not waited for
def _wait(result):
    if hasattr(result, "block_until_ready"):
        result.block_until_ready()

def time_call(fn, args=(), repeats=5, clock=time.perf_counter):
    _wait(fn(*args))
    times = []
    for _ in range(repeats):
        start = clock()
        _wait(fn(*args))
        times.append(clock() - start)
    return median(times)

# %% wrong: the lower of the two middle times | even repeats must give the mean of the middle two
def time_call(fn, args=(), repeats=5, clock=time.perf_counter):
    jax.block_until_ready(fn(*args))
    times = []
    for _ in range(repeats):
        start = clock()
        jax.block_until_ready(fn(*args))
        times.append(clock() - start)
    return sorted(times)[(repeats - 1) // 2]

# %% wrong: trimmed mean, without the fastest and the slowest | with 4 or more repeats this is not the median (5 repeats: mean of the middle three)
def time_call(fn, args=(), repeats=5, clock=time.perf_counter):
    jax.block_until_ready(fn(*args))
    times = []
    for _ in range(repeats):
        start = clock()
        jax.block_until_ready(fn(*args))
        times.append(clock() - start)
    times.sort()
    if len(times) > 2:
        times = times[1:-1]
    return sum(times) / len(times)

# %% wrong: second smallest time | the middle is hard-coded for three repeats, wrong for 5 or more
def time_call(fn, args=(), repeats=5, clock=time.perf_counter):
    jax.block_until_ready(fn(*args))
    times = []
    for _ in range(repeats):
        start = clock()
        jax.block_until_ready(fn(*args))
        times.append(clock() - start)
    return sorted(times)[min(1, repeats - 1)]

# %% wrong: waits only for the first array of the result | the other arrays of a dict are not waited for
def _wait(result):
    leaves = jax.tree.leaves(result)
    if leaves:
        jax.block_until_ready(leaves[0])

def time_call(fn, args=(), repeats=5, clock=time.perf_counter):
    _wait(fn(*args))
    times = []
    for _ in range(repeats):
        start = clock()
        _wait(fn(*args))
        times.append(clock() - start)
    return median(times)

# %% wrong: remembers which functions are warm | hidden state: a second time_call of the same fn makes no warm-up call, also for a new shape
_WARM = []

def time_call(fn, args=(), repeats=5, clock=time.perf_counter):
    if not any(fn is other for other in _WARM):
        jax.block_until_ready(fn(*args))
        _WARM.append(fn)
    times = []
    for _ in range(repeats):
        start = clock()
        jax.block_until_ready(fn(*args))
        times.append(clock() - start)
    return median(times)

# %% wrong: rounds to tenths of a millisecond | calls of microseconds come out as 0
def time_call(fn, args=(), repeats=5, clock=time.perf_counter):
    jax.block_until_ready(fn(*args))
    times = []
    for _ in range(repeats):
        start = clock()
        jax.block_until_ready(fn(*args))
        times.append(clock() - start)
    return round(median(times), 4)

# %% wrong: clock readings stored as float32 JAX numbers | a clock that stands at 100,000 s or more loses everything below some milliseconds
def time_call(fn, args=(), repeats=5, clock=time.perf_counter):
    jax.block_until_ready(fn(*args))
    starts, ends = [], []
    for _ in range(repeats):
        starts.append(clock())
        jax.block_until_ready(fn(*args))
        ends.append(clock())
    return float(jnp.median(jnp.array(ends) - jnp.array(starts)))

# %% wrong: makes JAX arrays of the arguments | fn must get the args given: a NumPy function is timed on JAX arrays, float64 becomes float32
def time_call(fn, args=(), repeats=5, clock=time.perf_counter):
    args = tuple(jnp.asarray(a) for a in args)
    jax.block_until_ready(fn(*args))
    times = []
    for _ in range(repeats):
        start = clock()
        jax.block_until_ready(fn(*args))
        times.append(clock() - start)
    return median(times)

# %% wrong: stops measuring once two times agree | fewer than `repeats` calls, other median
def time_call(fn, args=(), repeats=5, clock=time.perf_counter):
    jax.block_until_ready(fn(*args))
    times = []
    for _ in range(repeats):
        start = clock()
        jax.block_until_ready(fn(*args))
        times.append(clock() - start)
        if len(times) > 3 and abs(times[-1] - times[-2]) <= 0.05 * times[-1]:
            break
    return median(times)

# %% wrong: drops the first measured call when there are enough | one warm-up call is asked for; the median of the rest differs for 4 or more repeats
def time_call(fn, args=(), repeats=5, clock=time.perf_counter):
    jax.block_until_ready(fn(*args))
    times = []
    for _ in range(repeats):
        start = clock()
        jax.block_until_ready(fn(*args))
        times.append(clock() - start)
    if len(times) > 3:
        times = times[1:]
    return median(times)
