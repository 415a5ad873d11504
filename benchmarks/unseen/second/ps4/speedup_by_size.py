# %% right: a timing helper of its own and a loop
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
    for n in sizes:
        args = make_args(n)
        s = _seconds(slow, args, clock)
        f_ = _seconds(fast, args, clock)
        rows.append((n, s, f_, s / f_))
    return rows

# %% right: all arguments first, fast before slow, comprehension
def speedup_by_size(slow, fast, make_args, sizes, clock=time.perf_counter):
    def lap(fn, args):
        t = clock()
        jax.block_until_ready(fn(*args))
        return clock() - t

    def middle(fn, args):
        jax.block_until_ready(fn(*args))
        return sorted(lap(fn, args) for _ in range(3))[1]

    prepared = [(n, make_args(n)) for n in sizes]
    fast_times = [middle(fast, args) for _, args in prepared]
    slow_times = [middle(slow, args) for _, args in prepared]
    return [(n, s, q, s / q) for (n, _), s, q in zip(prepared, slow_times, fast_times)]

# %% right: a generator of rows and numpy's median
def speedup_by_size(slow, fast, make_args, sizes, clock=time.perf_counter):
    def timed(fn, args):
        laps = np.empty(3)
        for i in range(-1, 3):  # -1 is the warm-up
            start = clock()
            jax.block_until_ready(fn(*args))
            stop = clock()
            if i >= 0:
                laps[i] = stop - start
        return float(np.median(laps))

    def rows():
        for n in sizes:
            args = make_args(n)
            pair = tuple(timed(fn, args) for fn in (slow, fast))
            yield (n, *pair, pair[0] / pair[1])

    return list(rows())

# %% right: map over a local function with a bench class
class _Bench:
    def __init__(self, clock, repeats=3):
        self.clock, self.repeats = clock, repeats

    def once(self, call):
        start = self.clock()
        for leaf in jax.tree.leaves(call()):
            if isinstance(leaf, np.ndarray):
                continue
            jax.block_until_ready(leaf)
        return self.clock() - start

    def __call__(self, fn, args):
        call = partial(fn, *args)
        self.once(call)
        return median([self.once(call) for _ in range(self.repeats)])


def speedup_by_size(slow, fast, make_args, sizes, clock=time.perf_counter):
    bench = _Bench(clock)

    def row(n):
        args = make_args(n)
        t_slow, t_fast = bench(slow, args), bench(fast, args)
        return n, t_slow, t_fast, t_slow / t_fast

    return list(map(row, sizes))

# %% right: hands the clock to the notebook's time_call (needs a right time_call in its own cell)
def speedup_by_size(slow, fast, make_args, sizes, clock=time.perf_counter):
    rows = []
    for n in sizes:
        args = make_args(n)
        s, q = (time_call(fn, args, repeats=3, clock=clock) for fn in (slow, fast))
        rows.append((n, s, q, s / q))
    return rows

# %% wrong: makes the arguments for each function | make_args must be called once for each size
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
    for n in sizes:
        s = _seconds(slow, make_args(n), clock)
        q = _seconds(fast, make_args(n), clock)
        rows.append((n, s, q, s / q))
    return rows

# %% wrong: waits only for what has the method | a dict of JAX arrays is not waited for
def _wait(result):
    if hasattr(result, "block_until_ready"):
        result.block_until_ready()

def _seconds(fn, args, clock):
    _wait(fn(*args))
    times = []
    for _ in range(3):
        start = clock()
        _wait(fn(*args))
        times.append(clock() - start)
    return median(times)

def speedup_by_size(slow, fast, make_args, sizes, clock=time.perf_counter):
    rows = []
    for n in sizes:
        args = make_args(n)
        s, q = _seconds(slow, args, clock), _seconds(fast, args, clock)
        rows.append((n, s, q, s / q))
    return rows

# %% wrong: collects the rows in a dict by size | a size that comes twice gets one row only
def _seconds(fn, args, clock):
    jax.block_until_ready(fn(*args))
    times = []
    for _ in range(3):
        start = clock()
        jax.block_until_ready(fn(*args))
        times.append(clock() - start)
    return median(times)

def speedup_by_size(slow, fast, make_args, sizes, clock=time.perf_counter):
    rows = {}
    for n in sizes:
        args = make_args(n)
        s, q = _seconds(slow, args, clock), _seconds(fast, args, clock)
        rows[n] = (n, s, q, s / q)
    return list(rows.values())

# %% wrong: goes through the sizes from small to large | the rows must be in the order given
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
        s, q = _seconds(slow, args, clock), _seconds(fast, args, clock)
        rows.append((n, s, q, s / q))
    return rows

# %% right: five calls instead of three
def _seconds(fn, args, clock, repeats=5):
    jax.block_until_ready(fn(*args))
    times = []
    for _ in range(repeats):
        start = clock()
        jax.block_until_ready(fn(*args))
        times.append(clock() - start)
    return median(times)

def speedup_by_size(slow, fast, make_args, sizes, clock=time.perf_counter):
    rows = []
    for n in sizes:
        args = make_args(n)
        s, q = _seconds(slow, args, clock), _seconds(fast, args, clock)
        rows.append((n, s, q, s / q))
    return rows

# %% wrong: no warm-up for slow | slow may compile too, and its timed calls are shifted by one
def _seconds(fn, args, clock, warm_up):
    if warm_up:
        jax.block_until_ready(fn(*args))
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
        s, q = _seconds(slow, args, clock, False), _seconds(fast, args, clock, True)
        rows.append((n, s, q, s / q))
    return rows

# %% wrong: the mean of the three | one slow call in three spoils it
def _seconds(fn, args, clock):
    jax.block_until_ready(fn(*args))
    total = 0.0
    for _ in range(3):
        start = clock()
        jax.block_until_ready(fn(*args))
        total += clock() - start
    return total / 3

def speedup_by_size(slow, fast, make_args, sizes, clock=time.perf_counter):
    rows = []
    for n in sizes:
        args = make_args(n)
        s, q = _seconds(slow, args, clock), _seconds(fast, args, clock)
        rows.append((n, s, q, s / q))
    return rows

# %% wrong: the fastest of the three | the median is asked for
def _seconds(fn, args, clock):
    jax.block_until_ready(fn(*args))
    best = float("inf")
    for _ in range(3):
        start = clock()
        jax.block_until_ready(fn(*args))
        best = min(best, clock() - start)
    return best

def speedup_by_size(slow, fast, make_args, sizes, clock=time.perf_counter):
    rows = []
    for n in sizes:
        args = make_args(n)
        s, q = _seconds(slow, args, clock), _seconds(fast, args, clock)
        rows.append((n, s, q, s / q))
    return rows

# %% wrong: warms up for the first size only | each size needs a warm-up call, since a new shape compiles
def _seconds(fn, args, clock):
    times = []
    for _ in range(3):
        start = clock()
        jax.block_until_ready(fn(*args))
        times.append(clock() - start)
    return median(times)

def speedup_by_size(slow, fast, make_args, sizes, clock=time.perf_counter):
    rows = []
    for i, n in enumerate(sizes):
        args = make_args(n)
        if i == 0:
            jax.block_until_ready(slow(*args))
            jax.block_until_ready(fast(*args))
        s, q = _seconds(slow, args, clock), _seconds(fast, args, clock)
        rows.append((n, s, q, s / q))
    return rows

# %% wrong: does not wait for the warm-up call | the first of the three calls stands in the queue behind it
def _seconds(fn, args, clock):
    fn(*args)
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
        s, q = _seconds(slow, args, clock), _seconds(fast, args, clock)
        rows.append((n, s, q, s / q))
    return rows

# %% wrong: takes the sizes off the list | the caller's list is empty afterwards
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
    while sizes:
        n = sizes.pop(0)
        args = make_args(n)
        s, q = _seconds(slow, args, clock), _seconds(fast, args, clock)
        rows.append((n, s, q, s / q))
    return rows

# %% wrong: gives up once slow takes over ten seconds | the rows of the later sizes are missing
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
    for n in sizes:
        args = make_args(n)
        s, q = _seconds(slow, args, clock), _seconds(fast, args, clock)
        rows.append((n, s, q, s / q))
        if s > 10:
            break
    return rows

# %% wrong: unzips the times | an empty list of sizes raises ValueError
def _seconds(fn, args, clock):
    jax.block_until_ready(fn(*args))
    times = []
    for _ in range(3):
        start = clock()
        jax.block_until_ready(fn(*args))
        times.append(clock() - start)
    return median(times)

def speedup_by_size(slow, fast, make_args, sizes, clock=time.perf_counter):
    pairs = []
    for n in sizes:
        args = make_args(n)
        pairs.append((_seconds(slow, args, clock), _seconds(fast, args, clock)))
    slows, fasts = zip(*pairs)
    return [(n, s, q, s / q) for n, s, q in zip(sizes, slows, fasts)]

# %% wrong: rounds the numbers of the row to two places | microseconds become 0, small ratios 0
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
    for n in sizes:
        args = make_args(n)
        s, q = _seconds(slow, args, clock), _seconds(fast, args, clock)
        rows.append((n, round(s, 2), round(q, 2), round(s / q, 2)))
    return rows

# %% wrong: makes JAX arrays of the arguments | slow and fast must get what make_args made: a NumPy function is timed on JAX arrays
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
    for n in sizes:
        args = jax.tree.map(jnp.asarray, make_args(n))
        s, q = _seconds(slow, args, clock), _seconds(fast, args, clock)
        rows.append((n, s, q, s / q))
    return rows
