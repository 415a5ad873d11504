# %% right: loop over sizes with time_call
def time_call(fn, args=(), repeats=5, clock=time.perf_counter):
    jax.block_until_ready(fn(*args))
    seconds = []
    for _ in range(repeats):
        start = clock()
        jax.block_until_ready(fn(*args))
        seconds.append(clock() - start)
    return median(seconds)


def speedup_by_size(slow, fast, make_args, sizes, clock=time.perf_counter):
    rows = []
    for n in sizes:
        args = make_args(n)
        slow_s = time_call(slow, args, 3, clock)
        fast_s = time_call(fast, args, 3, clock)
        rows.append((n, slow_s, fast_s, slow_s / fast_s))
    return rows

# %% right: all arguments first, comprehensions, fast timed before slow, 5 calls
def _seconds(fn, args, clock):
    jax.block_until_ready(fn(*args))

    def once():
        start = clock()
        jax.block_until_ready(fn(*args))
        return clock() - start

    return median(once() for _ in range(5))


def speedup_by_size(slow, fast, make_args, sizes, clock=time.perf_counter):
    arguments = [make_args(n) for n in sizes]
    fasts = [_seconds(fast, args, clock) for args in arguments]
    slows = [_seconds(slow, args, clock) for args in arguments]
    return [(n, s, f, s / f) for n, s, f in zip(sizes, slows, fasts)]

# %% right: a generator of rows, NumPy's median of 7
def _median_of_seven(fn, args, clock):
    jax.block_until_ready(fn(*args))
    times = np.zeros(7)
    for i in range(7):
        start = clock()
        jax.block_until_ready(fn(*args))
        times[i] = clock() - start
    return float(np.median(times))


def speedup_by_size(slow, fast, make_args, sizes, clock=time.perf_counter):
    def rows():
        for n in sizes:
            args = make_args(n)
            a, b = (_median_of_seven(fn, args, clock) for fn in (slow, fast))
            yield n, a, b, a / b

    return list(rows())

# %% right: map and partial, the timer is a function made of the clock
def _timer(clock, repeats=3):
    def timer(fn, args):
        jax.block_until_ready(fn(*args))
        laps = []
        while len(laps) < repeats:
            before = clock()
            jax.block_until_ready(fn(*args))
            laps.append(clock() - before)
        return sorted(laps)[repeats // 2]

    return timer


def _row(timer, slow, fast, make_args, n):
    args = tuple(make_args(n))
    seconds = timer(slow, args), timer(fast, args)
    return (n, *seconds, seconds[0] / seconds[1])


def speedup_by_size(slow, fast, make_args, sizes, clock=time.perf_counter):
    return list(map(partial(_row, _timer(clock), slow, fast, make_args), sizes))

# %% wrong: one timed call | a median of 3 calls is asked for, one hiccup decides
def _seconds(fn, args, clock):
    jax.block_until_ready(fn(*args))
    start = clock()
    jax.block_until_ready(fn(*args))
    return clock() - start


def speedup_by_size(slow, fast, make_args, sizes, clock=time.perf_counter):
    rows = []
    for n in sizes:
        args = make_args(n)
        a, b = _seconds(slow, args, clock), _seconds(fast, args, clock)
        rows.append((n, a, b, a / b))
    return rows

# %% wrong: rows in a dict by size | a size that comes twice gets one row only
def _seconds(fn, args, clock):
    jax.block_until_ready(fn(*args))
    times = []
    for _ in range(3):
        start = clock()
        jax.block_until_ready(fn(*args))
        times.append(clock() - start)
    return median(times)


def speedup_by_size(slow, fast, make_args, sizes, clock=time.perf_counter):
    table = {}
    for n in sizes:
        args = make_args(n)
        a, b = _seconds(slow, args, clock), _seconds(fast, args, clock)
        table[n] = (n, a, b, a / b)
    return list(table.values())

# %% wrong: sorts the sizes | the rows must come in the order given
def _seconds(fn, args, clock):
    jax.block_until_ready(fn(*args))
    times = []
    for _ in range(3):
        start = clock()
        jax.block_until_ready(fn(*args))
        times.append(clock() - start)
    return median(times)


def speedup_by_size(slow, fast, make_args, sizes, clock=time.perf_counter):
    rows = []
    for n in sorted(sizes):
        args = make_args(n)
        a, b = _seconds(slow, args, clock), _seconds(fast, args, clock)
        rows.append((n, a, b, a / b))
    return rows

# %% wrong: makes the arguments for each function anew | they are to be made once for a size; slow and fast get different ones
def _seconds(fn, args, clock):
    jax.block_until_ready(fn(*args))
    times = []
    for _ in range(3):
        start = clock()
        jax.block_until_ready(fn(*args))
        times.append(clock() - start)
    return median(times)


def speedup_by_size(slow, fast, make_args, sizes, clock=time.perf_counter):
    def row(n):
        a = _seconds(slow, make_args(n), clock)
        b = _seconds(fast, make_args(n), clock)
        return n, a, b, a / b

    return [row(n) for n in sizes]

# %% wrong: no warm-up call, since the median of 3 drops the compilation | the median is of the wrong calls where run times vary
def _seconds(fn, args, clock):
    times = []
    for _ in range(3):
        start = clock()
        jax.block_until_ready(fn(*args))
        times.append(clock() - start)
    return median(times)


def speedup_by_size(slow, fast, make_args, sizes, clock=time.perf_counter):
    rows = []
    for n in sizes:
        args = make_args(n)
        a, b = _seconds(slow, args, clock), _seconds(fast, args, clock)
        rows.append((n, a, b, a / b))
    return rows

# %% wrong: median of the ratios | the ratio must be that of the two medians
def _times(fn, args, clock):
    jax.block_until_ready(fn(*args))
    times = []
    for _ in range(3):
        start = clock()
        jax.block_until_ready(fn(*args))
        times.append(clock() - start)
    return times


def speedup_by_size(slow, fast, make_args, sizes, clock=time.perf_counter):
    rows = []
    for n in sizes:
        args = make_args(n)
        a, b = _times(slow, args, clock), _times(fast, args, clock)
        ratio = median(s / f for s, f in zip(a, b))
        rows.append((n, median(a), median(b), ratio))
    return rows

# %% wrong: slow is NumPy, no need to wait | slow may return JAX arrays, which are then not waited for
def _seconds(fn, args, clock, wait):
    wait(fn(*args))
    times = []
    for _ in range(3):
        start = clock()
        wait(fn(*args))
        times.append(clock() - start)
    return median(times)


def speedup_by_size(slow, fast, make_args, sizes, clock=time.perf_counter):
    rows = []
    for n in sizes:
        args = make_args(n)
        a = _seconds(slow, args, clock, lambda result: result)
        b = _seconds(fast, args, clock, jax.block_until_ready)
        rows.append((n, a, b, a / b))
    return rows

# %% wrong: expects one array | make_args may return a tuple of two matrices, or an empty one
def _seconds(fn, x, clock):
    jax.block_until_ready(fn(x))
    times = []
    for _ in range(3):
        start = clock()
        jax.block_until_ready(fn(x))
        times.append(clock() - start)
    return median(times)


def speedup_by_size(slow, fast, make_args, sizes, clock=time.perf_counter):
    rows = []
    for n in sizes:
        (x,) = make_args(n)
        a, b = _seconds(slow, x, clock), _seconds(fast, x, clock)
        rows.append((n, a, b, a / b))
    return rows
