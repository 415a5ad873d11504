# %% right: no statistics module, NumPy's median
def time_call(fn, args=(), repeats=5, clock=time.perf_counter):
    def once():
        start = clock()
        jax.block_until_ready(fn(*args))
        return clock() - start

    once()
    return float(np.median([once() for _ in range(repeats)]))


# %% right: sorted by hand, a NumPy scalar
def time_call(fn, args=(), repeats=5, clock=time.perf_counter):
    jax.tree.map(lambda leaf: np.asarray(leaf), fn(*args))
    seconds = np.zeros(repeats)
    for i in range(repeats):
        start = clock()
        result = fn(*args)
        jax.block_until_ready(result)
        stop = clock()
        seconds[i] = stop - start
    seconds.sort()
    return (seconds[(repeats - 1) // 2] + seconds[repeats // 2]) / 2


# %% right: timeit with the given clock
import timeit


def time_call(fn, args=(), repeats=5, clock=time.perf_counter):
    timer = timeit.Timer(lambda: jax.block_until_ready(fn(*args)), timer=clock)
    return median(timer.repeat(repeats + 1, 1)[1:])


# %% right: fetches the results to the host, in a helper
def fetched(result):
    return jax.device_get(result)


def time_call(fn, args=(), repeats=5, clock=time.perf_counter):
    fetched(fn(*args))
    seconds = []
    while len(seconds) < repeats:
        before = clock()
        fetched(fn(*args))
        seconds.append(clock() - before)
    return jnp.median(jnp.array(seconds))


# %% wrong: does not wait -> measures_the_median, waits_for_every_result
def time_call(fn, args=(), repeats=5, clock=time.perf_counter):
    jax.block_until_ready(fn(*args))
    seconds = []
    for _ in range(repeats):
        start = clock()
        fn(*args)
        seconds.append(clock() - start)
    return median(seconds)


# %% wrong: waits after the clock has stopped -> measures_the_median
def time_call(fn, args=(), repeats=5, clock=time.perf_counter):
    jax.block_until_ready(fn(*args))
    seconds = []
    for _ in range(repeats):
        start = clock()
        result = fn(*args)
        stop = clock()
        jax.block_until_ready(result)
        seconds.append(stop - start)
    return median(seconds)


# %% wrong: counts the compilation, which the median hides -> leaves_the_warm_up_out
def time_call(fn, args=(), repeats=5, clock=time.perf_counter):
    seconds = []
    for _ in range(repeats):
        start = clock()
        jax.block_until_ready(fn(*args))
        seconds.append(clock() - start)
    return median(seconds)


# %% wrong: warms up and does not wait for it -> leaves_the_warm_up_out
def time_call(fn, args=(), repeats=5, clock=time.perf_counter):
    fn(*args)
    seconds = []
    for _ in range(repeats):
        start = clock()
        jax.block_until_ready(fn(*args))
        seconds.append(clock() - start)
    return median(seconds)


# %% wrong: the mean -> measures_the_median
def time_call(fn, args=(), repeats=5, clock=time.perf_counter):
    jax.block_until_ready(fn(*args))
    start = clock()
    for _ in range(repeats):
        jax.block_until_ready(fn(*args))
    return (clock() - start) / repeats


# %% wrong: the best of the repeats -> measures_the_median
def time_call(fn, args=(), repeats=5, clock=time.perf_counter):
    jax.block_until_ready(fn(*args))
    seconds = []
    for _ in range(repeats):
        start = clock()
        jax.block_until_ready(fn(*args))
        seconds.append(clock() - start)
    return min(seconds)


# %% wrong: waits once, after all calls -> measures_the_median
def time_call(fn, args=(), repeats=5, clock=time.perf_counter):
    jax.block_until_ready(fn(*args))
    start = clock()
    results = [fn(*args) for _ in range(repeats)]
    jax.block_until_ready(results)
    return (clock() - start) / repeats


# %% wrong: the warm-up among the repeats -> measures_the_median
def time_call(fn, args=(), repeats=5, clock=time.perf_counter):
    seconds = []
    for _ in range(repeats + 1):
        start = clock()
        jax.block_until_ready(fn(*args))
        seconds.append(clock() - start)
    return median(seconds)


# %% wrong: the upper of the two in the middle -> measures_the_median
def time_call(fn, args=(), repeats=5, clock=time.perf_counter):
    jax.block_until_ready(fn(*args))
    seconds = []
    for _ in range(repeats):
        start = clock()
        jax.block_until_ready(fn(*args))
        seconds.append(clock() - start)
    return sorted(seconds)[repeats // 2]


# %% wrong: the method, which only JAX arrays have -> waits_for_every_result
def time_call(fn, args=(), repeats=5, clock=time.perf_counter):
    fn(*args).block_until_ready()
    seconds = []
    for _ in range(repeats):
        start = clock()
        fn(*args).block_until_ready()
        seconds.append(clock() - start)
    return median(seconds)


# %% wrong: waits for the first leaf only -> waits_for_every_result
def time_call(fn, args=(), repeats=5, clock=time.perf_counter):
    jax.block_until_ready(fn(*args))
    seconds = []
    for _ in range(repeats):
        start = clock()
        jax.block_until_ready(jax.tree.leaves(fn(*args))[0])
        seconds.append(clock() - start)
    return median(seconds)


# %% wrong: another clock -> measures_the_median, is_pure
def time_call(fn, args=(), repeats=5, clock=time.perf_counter):
    jax.block_until_ready(fn(*args))
    seconds = []
    for _ in range(repeats):
        start = time.perf_counter()
        jax.block_until_ready(fn(*args))
        seconds.append(time.perf_counter() - start)
    return median(seconds)


# %% wrong: does not spread the arguments -> measures_the_median, waits_for_every_result
def time_call(fn, args=(), repeats=5, clock=time.perf_counter):
    jax.block_until_ready(fn(args))
    seconds = []
    for _ in range(repeats):
        start = clock()
        jax.block_until_ready(fn(args))
        seconds.append(clock() - start)
    return median(seconds)


# %% wrong: collects the seconds in a global -> is_pure, measures_the_median
all_seconds = []


def time_call(fn, args=(), repeats=5, clock=time.perf_counter):
    jax.block_until_ready(fn(*args))
    for _ in range(repeats):
        start = clock()
        jax.block_until_ready(fn(*args))
        all_seconds.append(clock() - start)
    return median(all_seconds)


# %% wrong: leaves a log behind -> is_pure
log_of_times = []


def time_call(fn, args=(), repeats=5, clock=time.perf_counter):
    jax.block_until_ready(fn(*args))
    seconds = []
    for _ in range(repeats):
        start = clock()
        jax.block_until_ready(fn(*args))
        seconds.append(clock() - start)
    log_of_times.append(seconds)
    return median(seconds)


# %% wrong: prints each measurement -> is_pure
def time_call(fn, args=(), repeats=5, clock=time.perf_counter):
    jax.block_until_ready(fn(*args))
    seconds = []
    for _ in range(repeats):
        start = clock()
        jax.block_until_ready(fn(*args))
        seconds.append(clock() - start)
        print(seconds[-1])
    return median(seconds)


# %% wrong: two arguments at most -> waits_for_every_result
def time_call(fn, args=(), repeats=5, clock=time.perf_counter):
    call = {0: lambda: fn(), 1: lambda: fn(args[0]), 2: lambda: fn(args[0], args[1])}[
        min(len(args), 2)
    ]
    jax.block_until_ready(call())
    t = []
    for _ in range(repeats):
        s = clock()
        jax.block_until_ready(call())
        t.append(clock() - s)
    return median(t)


# %% wrong: the median of three batches -> measures_the_median
def time_call(fn, args=(), repeats=5, clock=time.perf_counter):
    jax.block_until_ready(fn(*args))
    t = []
    for _ in range(repeats):
        s = clock()
        jax.block_until_ready(fn(*args))
        t.append(clock() - s)
    t.sort()
    return t[len(t) // 2] if len(t) != 4 else median(t)


# %% wrong: ten repeats at most -> measures_the_median
def time_call(fn, args=(), repeats=5, clock=time.perf_counter):
    jax.block_until_ready(fn(*args))
    t = []
    for _ in range(min(repeats, 10)):
        s = clock()
        jax.block_until_ready(fn(*args))
        t.append(clock() - s)
    return median(t)


# %% wrong: timings in float32 -> measures_the_median, waits_for_every_result, is_pure
def time_call(fn, args=(), repeats=5, clock=time.perf_counter):
    jax.block_until_ready(fn(*args))
    t = []
    for _ in range(repeats):
        s = np.float32(clock())
        jax.block_until_ready(fn(*args))
        t.append(np.float32(clock()) - s)
    return float(np.median(t))


# %% wrong: stops as soon as two calls in a row agree -> measures_the_median
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


# %% wrong: JAX arrays made of the arguments -> waits_for_every_result
def time_call(fn, args=(), repeats=5, clock=time.perf_counter):
    args = tuple(jnp.asarray(a) for a in args)
    jax.block_until_ready(fn(*args))
    times = []
    for _ in range(repeats):
        start = clock()
        jax.block_until_ready(fn(*args))
        times.append(clock() - start)
    return median(times)


# %% wrong: remembers which functions are warm -> is_pure
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


# %% wrong: stops when two agree, after three -> measures_the_median
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
