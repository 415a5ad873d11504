# %% right: written out, without time_call
def measured(fn, args, clock):
    jax.block_until_ready(fn(*args))
    seconds = []
    for _ in range(3):
        start = clock()
        jax.block_until_ready(fn(*args))
        seconds.append(clock() - start)
    return sorted(seconds)[1]


def speedup_by_size(slow, fast, make_args, sizes, clock=time.perf_counter):
    rows = []
    for n in sizes:
        args = make_args(n)
        s, t = measured(slow, args, clock), measured(fast, args, clock)
        rows.append((n, s, t, s / t))
    return rows


# %% right: a comprehension over inputs that are made first
def speedup_by_size(slow, fast, make_args, sizes, clock=time.perf_counter):
    inputs = {n: make_args(n) for n in sizes}
    times = [
        (time_call(slow, inputs[n], 3, clock), time_call(fast, inputs[n], 3, clock)) for n in sizes
    ]
    return [(n, s, t, s / t) for n, (s, t) in zip(sizes, times)]


# %% right: all of slow before all of fast, five repeats
def speedup_by_size(slow, fast, make_args, sizes, clock=time.perf_counter):
    args = [make_args(n) for n in sizes]
    slow_s = [time_call(slow, a, clock=clock) for a in args]
    fast_s = [time_call(fast, a, clock=clock) for a in args]
    ratios = [s / t for s, t in zip(slow_s, fast_s)]
    return list(zip(sizes, slow_s, fast_s, ratios))


# %% wrong: compile counted -> leaves_compilation_out
def timed_once(fn, args, clock):
    start = clock()
    jax.block_until_ready(fn(*args))
    return clock() - start


def speedup_by_size(slow, fast, make_args, sizes, clock=time.perf_counter):
    rows = []
    for n in sizes:
        args = make_args(n)
        s, t = timed_once(slow, args, clock), timed_once(fast, args, clock)
        rows.append((n, s, t, s / t))
    return rows


# %% wrong: warms up at the first size only -> leaves_compilation_out
def timed_once(fn, args, clock):
    start = clock()
    jax.block_until_ready(fn(*args))
    return clock() - start


def speedup_by_size(slow, fast, make_args, sizes, clock=time.perf_counter):
    for n in sizes[:1]:
        jax.block_until_ready([slow(*make_args(n)), fast(*make_args(n))])
    rows = []
    for n in sizes:
        args = make_args(n)
        s, t = timed_once(slow, args, clock), timed_once(fast, args, clock)
        rows.append((n, s, t, s / t))
    return rows


# %% wrong: warms only the fast one up -> leaves_compilation_out
def timed_once(fn, args, clock):
    start = clock()
    jax.block_until_ready(fn(*args))
    return clock() - start


def speedup_by_size(slow, fast, make_args, sizes, clock=time.perf_counter):
    rows = []
    for n in sizes:
        args = make_args(n)
        s, t = timed_once(slow, args, clock), time_call(fast, args, 3, clock)
        rows.append((n, s, t, s / t))
    return rows


# %% wrong: no wait -> waits_for_the_results, tabulates_each_size
def started(fn, args, clock):
    jax.block_until_ready(fn(*args))
    start = clock()
    fn(*args)
    return clock() - start


def speedup_by_size(slow, fast, make_args, sizes, clock=time.perf_counter):
    rows = []
    for n in sizes:
        args = make_args(n)
        s, t = started(slow, args, clock), started(fast, args, clock)
        rows.append((n, s, t, s / t))
    return rows


# %% wrong: waits for the fast one only -> waits_for_the_results
def started(fn, args, clock):
    jax.block_until_ready(fn(*args))
    start = clock()
    fn(*args)
    return clock() - start


def speedup_by_size(slow, fast, make_args, sizes, clock=time.perf_counter):
    rows = []
    for n in sizes:
        args = make_args(n)
        s, t = started(slow, args, clock), time_call(fast, args, 3, clock)
        rows.append((n, s, t, s / t))
    return rows


# %% wrong: makes the inputs while the clock runs -> leaves_compilation_out
def speedup_by_size(slow, fast, make_args, sizes, clock=time.perf_counter):
    rows = []
    for n in sizes:
        s = time_call(lambda: slow(*make_args(n)), (), 3, clock)
        t = time_call(lambda: fast(*make_args(n)), (), 3, clock)
        rows.append((n, s, t, s / t))
    return rows


# %% wrong: one call for the median of three -> tabulates_each_size
def speedup_by_size(slow, fast, make_args, sizes, clock=time.perf_counter):
    rows = []
    for n in sizes:
        args = make_args(n)
        s, t = time_call(slow, args, 1, clock), time_call(fast, args, 1, clock)
        rows.append((n, s, t, s / t))
    return rows


# %% wrong: best of three -> tabulates_each_size
def best_of_three(fn, args, clock):
    jax.block_until_ready(fn(*args))
    seconds = []
    for _ in range(3):
        start = clock()
        jax.block_until_ready(fn(*args))
        seconds.append(clock() - start)
    return min(seconds)


def speedup_by_size(slow, fast, make_args, sizes, clock=time.perf_counter):
    rows = []
    for n in sizes:
        args = make_args(n)
        s, t = best_of_three(slow, args, clock), best_of_three(fast, args, clock)
        rows.append((n, s, t, s / t))
    return rows


# %% wrong: rows in a dict, so a size that comes twice is one row -> tabulates_each_size
def speedup_by_size(slow, fast, make_args, sizes, clock=time.perf_counter):
    inputs = {n: make_args(n) for n in sizes}
    times = {
        n: (time_call(slow, inputs[n], 3, clock), time_call(fast, inputs[n], 3, clock))
        for n in sizes
    }
    return [(n, s, t, s / t) for n, (s, t) in times.items()]


# %% wrong: the ratio upside down -> tabulates_each_size
def speedup_by_size(slow, fast, make_args, sizes, clock=time.perf_counter):
    rows = []
    for n in sizes:
        args = make_args(n)
        s, t = time_call(slow, args, 3, clock), time_call(fast, args, 3, clock)
        rows.append((n, s, t, t / s))
    return rows


# %% wrong: sorted by size -> tabulates_each_size
def speedup_by_size(slow, fast, make_args, sizes, clock=time.perf_counter):
    rows = []
    for n in sorted(sizes):
        args = make_args(n)
        s, t = time_call(slow, args, 3, clock), time_call(fast, args, 3, clock)
        rows.append((n, s, t, s / t))
    return rows


# %% wrong: its own clock -> tabulates_each_size, is_pure
def speedup_by_size(slow, fast, make_args, sizes, clock=time.perf_counter):
    rows = []
    for n in sizes:
        args = make_args(n)
        s, t = time_call(slow, args, 3), time_call(fast, args, 3)
        rows.append((n, s, t, s / t))
    return rows


# %% wrong: rows as lists -> tabulates_each_size
def speedup_by_size(slow, fast, make_args, sizes, clock=time.perf_counter):
    rows = []
    for n in sizes:
        args = make_args(n)
        s, t = time_call(slow, args, 3, clock), time_call(fast, args, 3, clock)
        rows.append([n, s, t, s / t])
    return rows


# %% wrong: one pair of arguments for all sizes -> tabulates_each_size
def speedup_by_size(slow, fast, make_args, sizes, clock=time.perf_counter):
    rows = []
    args = make_args(max(sizes, default=1))
    for n in sizes:
        s, t = time_call(slow, args, 3, clock), time_call(fast, args, 3, clock)
        rows.append((n, s, t, s / t))
    return rows


# %% wrong: a table that grows from call to call -> is_pure, tabulates_each_size
def speedup_by_size(slow, fast, make_args, sizes, clock=time.perf_counter, rows=[]):
    for n in sizes:
        args = make_args(n)
        s, t = time_call(slow, args, 3, clock), time_call(fast, args, 3, clock)
        rows.append((n, s, t, s / t))
    return rows


# %% wrong: prints the table as well -> is_pure
def speedup_by_size(slow, fast, make_args, sizes, clock=time.perf_counter):
    rows = []
    for n in sizes:
        args = make_args(n)
        s, t = time_call(slow, args, 3, clock), time_call(fast, args, 3, clock)
        rows.append((n, s, t, s / t))
        print(rows[-1])
    return rows


# %% wrong: uses up the caller's list of sizes -> is_pure
def speedup_by_size(slow, fast, make_args, sizes, clock=time.perf_counter):
    rows = []
    while sizes:
        n = sizes.pop(0)
        args = make_args(n)
        s, t = time_call(slow, args, 3, clock), time_call(fast, args, 3, clock)
        rows.append((n, s, t, s / t))
    return rows


# %% wrong: the first array alone -> tabulates_each_size
def speedup_by_size(slow, fast, make_args, sizes, clock=time.perf_counter):
    rows = []
    for n in sizes:
        (x, *_) = make_args(n)
        a, b = (time_call(f, (x,), 3, clock) for f in (slow, fast))
        rows.append((n, a, b, a / b))
    return rows


# %% wrong: makes the arguments for each function -> tabulates_each_size
def speedup_by_size(slow, fast, make_args, sizes, clock=time.perf_counter):
    rows = []
    for n in sizes:
        a, b = (time_call(f, make_args(n), 3, clock) for f in (slow, fast))
        rows.append((n, a, b, a / b))
    return rows


# %% wrong: leaves size zero out -> tabulates_each_size, waits_for_the_results, leaves_compilation_out
def speedup_by_size(slow, fast, make_args, sizes, clock=time.perf_counter):
    rows = []
    for n in sizes:
        if not n:
            continue
        args = make_args(n)
        a, b = (time_call(f, args, 3, clock) for f in (slow, fast))
        rows.append((n, a, b, a / b))
    return rows


# %% wrong: sorts the caller's list and puts it back -> is_pure
def speedup_by_size(slow, fast, make_args, sizes, clock=time.perf_counter):
    before = list(sizes)
    rows = []
    while sizes:
        n = sizes.pop(0)
        args = make_args(n)
        a, b = (time_call(f, args, 3, clock) for f in (slow, fast))
        rows.append((n, a, b, a / b))
    sizes.extend(before)
    return rows


# %% wrong: the median of the quotients of single calls -> tabulates_each_size
def speedup_by_size(slow, fast, make_args, sizes, clock=time.perf_counter):
    def once(fn, args):
        start = clock()
        jax.block_until_ready(fn(*args))
        return clock() - start

    rows = []
    for n in sizes:
        args = make_args(n)
        s, f = ([once(fn, args) for _ in range(4)][1:] for fn in (slow, fast))
        rows.append((n, median(s), median(f), median(a / b for a, b in zip(s, f))))
    return rows


# %% wrong: JAX arrays made of the arguments -> tabulates_each_size
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
