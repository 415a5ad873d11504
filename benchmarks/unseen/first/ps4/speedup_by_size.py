# %% right: loop and time_call
def speedup_by_size(slow, fast, make_args, sizes, clock=time.perf_counter):
    rows = []
    for n in sizes:
        args = make_args(n)
        s = time_call(slow, args, 3, clock)
        f = time_call(fast, args, 3, clock)
        rows.append((n, s, f, s / f))
    return rows

# %% right: partial of time_call with keywords, helper for a row
def speedup_by_size(slow, fast, make_args, sizes, clock=time.perf_counter):
    timed = partial(time_call, repeats=3, clock=clock)

    def row(n):
        inputs = make_args(n)
        a, b = timed(slow, args=inputs), timed(fast, args=inputs)
        return n, a, b, a / b

    return [row(n) for n in sizes]

# %% right: one comprehension with walruses
def speedup_by_size(slow, fast, make_args, sizes, clock=time.perf_counter):
    return [
        (n, s := time_call(slow, (args := make_args(n)), 3, clock), f := time_call(fast, args, 3, clock), s / f)
        for n in sizes
    ]

# %% right: own timing, not time_call
def _seconds(fn, args, clock):
    jax.block_until_ready(fn(*args))
    t = []
    for _ in range(3):
        start = clock()
        jax.block_until_ready(fn(*args))
        t.append(clock() - start)
    return sorted(t)[1]


def speedup_by_size(slow, fast, make_args, sizes, clock=time.perf_counter):
    table = []
    for n in list(sizes):
        args = make_args(n)
        table += [(n, a := _seconds(slow, args, clock), b := _seconds(fast, args, clock), a / b)]
    return table

# %% right: a generator of rows
def _rows(slow, fast, make_args, sizes, clock):
    for n in sizes:
        args = make_args(n)
        seconds = [time_call(fn, args, 3, clock) for fn in (slow, fast)]
        yield (n, *seconds, seconds[0] / seconds[1])


def speedup_by_size(slow, fast, make_args, sizes, clock=time.perf_counter):
    return list(_rows(slow, fast, make_args, sizes, clock))

# %% right: all arguments first, then column by column, zipped
def speedup_by_size(slow, fast, make_args, sizes, clock=time.perf_counter):
    inputs = [make_args(n) for n in sizes]
    s = [time_call(slow, a, 3, clock) for a in inputs]
    f = [time_call(fast, a, 3, clock) for a in inputs]
    return list(zip(sizes, s, f, map(lambda p, q: p / q, s, f)))

# %% right: recursion on the list of sizes
def speedup_by_size(slow, fast, make_args, sizes, clock=time.perf_counter):
    match sizes:
        case []:
            return []
        case [n, *others]:
            args = make_args(n)
            s = time_call(slow, args, 3, clock)
            f = time_call(fast, args, 3, clock)
            return [(n, s, f, s / f)] + speedup_by_size(slow, fast, make_args, others, clock)

# %% right: the fast one is timed first, operator.truediv
from operator import truediv


def speedup_by_size(slow, fast, make_args, sizes, clock=time.perf_counter):
    result = [None] * len(sizes)
    for i, n in enumerate(sizes):
        args = make_args(n)
        quick = time_call(fast, args, 3, clock)
        long = time_call(slow, args, 3, clock)
        result[i] = (n, long, quick, truediv(long, quick))
    return result

# %% right: a class with a method per row, mapped
class _Race:
    def __init__(self, slow, fast, make_args, clock):
        self.runners, self.make, self.clock = {"slow": slow, "fast": fast}, make_args, clock

    def __call__(self, n):
        args = self.make(n)
        t = {k: time_call(fn, args, 3, self.clock) for k, fn in self.runners.items()}
        return tuple([n, t["slow"], t["fast"], t["slow"] / t["fast"]])


def speedup_by_size(slow, fast, make_args, sizes, clock=time.perf_counter):
    return list(map(_Race(slow, fast, make_args, clock), sizes))

# %% right: rows from a named tuple, turned into plain tuples
from typing import NamedTuple


class _Row(NamedTuple):
    size: int
    slow: float
    fast: float

    @property
    def ratio(self):
        return self.slow / self.fast


def speedup_by_size(slow, fast, make_args, sizes, clock=time.perf_counter):
    rows = []
    for n in sizes:
        args = make_args(n)
        rows.append(_Row(n, *(time_call(g, args, clock=clock, repeats=3) for g in (slow, fast))))
    return [(*row, row.ratio) for row in rows]

# %% right: zero-argument closures over the arguments
def speedup_by_size(slow, fast, make_args, sizes, clock=time.perf_counter):
    out = []
    for n in sizes:
        args = make_args(n)
        s, f = (time_call(lambda: fn(*args), (), 3, clock) for fn in (slow, fast))
        out.append((n, s, f, s / f))
    return out

# %% right: five calls, the default of time_call
def speedup_by_size(slow, fast, make_args, sizes, clock=time.perf_counter):
    rows = []
    for n in sizes:
        args = make_args(n)
        s, f = time_call(slow, args, clock=clock), time_call(fast, args, clock=clock)
        rows.append((n, s, f, s / f))
    return rows

# %% wrong: makes the arguments anew for each function | "make the arguments once"
def speedup_by_size(slow, fast, make_args, sizes, clock=time.perf_counter):
    rows = []
    for n in sizes:
        s = time_call(slow, make_args(n), 3, clock)
        f = time_call(fast, make_args(n), 3, clock)
        rows.append((n, s, f, s / f))
    return rows

# %% wrong: a dict by size loses repeated sizes | "a size that comes twice gets two rows"
def speedup_by_size(slow, fast, make_args, sizes, clock=time.perf_counter):
    table = {}
    for n in sizes:
        args = make_args(n)
        table[n] = time_call(slow, args, 3, clock), time_call(fast, args, 3, clock)
    return [(n, s, f, s / f) for n, (s, f) in table.items()]

# %% wrong: sorts the sizes | "in the order given"
def speedup_by_size(slow, fast, make_args, sizes, clock=time.perf_counter):
    rows = []
    for n in sorted(sizes):
        args = make_args(n)
        s, f = time_call(slow, args, 3, clock), time_call(fast, args, 3, clock)
        rows.append((n, s, f, s / f))
    return rows

# %% wrong: empties the caller's list of sizes | the caller's data is changed
def speedup_by_size(slow, fast, make_args, sizes, clock=time.perf_counter):
    rows = []
    while sizes:
        n = sizes.pop(0)
        args = make_args(n)
        s, f = time_call(slow, args, 3, clock), time_call(fast, args, 3, clock)
        rows.append((n, s, f, s / f))
    return rows

# %% wrong: hands on only the first argument | "`slow(*args)`", "take arrays"
def speedup_by_size(slow, fast, make_args, sizes, clock=time.perf_counter):
    rows = []
    for n in sizes:
        x, *_ = make_args(n)
        s, f = time_call(slow, (x,), 3, clock), time_call(fast, (x,), 3, clock)
        rows.append((n, s, f, s / f))
    return rows

# %% wrong: an empty list of sizes fails in the unpacking of columns | "`sizes` ... may be empty"
def speedup_by_size(slow, fast, make_args, sizes, clock=time.perf_counter):
    pairs = []
    for n in sizes:
        args = make_args(n)
        pairs.append((time_call(slow, args, 3, clock), time_call(fast, args, 3, clock)))
    s, f = zip(*pairs)
    return [(n, a, b, a / b) for n, a, b in zip(sizes, s, f)]

# %% wrong: rounds the ratio to one digit | "The ratio is the time of slow divided by the time of fast"
def speedup_by_size(slow, fast, make_args, sizes, clock=time.perf_counter):
    rows = []
    for n in sizes:
        args = make_args(n)
        s, f = time_call(slow, args, 3, clock), time_call(fast, args, 3, clock)
        rows.append((n, s, f, round(s / f, 1)))
    return rows

# %% wrong: the size is read off the first argument | "one tuple (n, ...) for each entry of `sizes`" (make_args(n) may make n x n or 2n numbers)
def speedup_by_size(slow, fast, make_args, sizes, clock=time.perf_counter):
    rows = []
    for args in map(make_args, sizes):
        s, f = time_call(slow, args, 3, clock), time_call(fast, args, 3, clock)
        rows.append((args[0].size, s, f, s / f))
    return rows

# %% wrong: mean of the three calls | "the median of 3 calls"
def speedup_by_size(slow, fast, make_args, sizes, clock=time.perf_counter):
    def mean_time(fn, args):
        jax.block_until_ready(fn(*args))
        start = clock()
        for _ in range(3):
            jax.block_until_ready(fn(*args))
        return (clock() - start) / 3

    rows = []
    for n in sizes:
        args = make_args(n)
        s, f = mean_time(slow, args), mean_time(fast, args)
        rows.append((n, s, f, s / f))
    return rows

# %% wrong: the ratio is the median of the ratios of single calls | "the time of `slow` divided by the time of `fast`"
def speedup_by_size(slow, fast, make_args, sizes, clock=time.perf_counter):
    def three(fn, args):
        jax.block_until_ready(fn(*args))
        return [time_once(fn, args) for _ in range(3)]

    def time_once(fn, args):
        start = clock()
        jax.block_until_ready(fn(*args))
        return clock() - start

    rows = []
    for n in sizes:
        args = make_args(n)
        s, f = three(slow, args), three(fast, args)
        rows.append((n, median(s), median(f), median(a / b for a, b in zip(s, f))))
    return rows

# %% wrong: warms up for the first size only | "a warm-up call, then the median of 3 calls" for each n: a new shape compiles again
def speedup_by_size(slow, fast, make_args, sizes, clock=time.perf_counter):
    def once(fn, args):
        start = clock()
        jax.block_until_ready(fn(*args))
        return clock() - start

    rows = []
    for i, n in enumerate(sizes):
        args = make_args(n)
        if i == 0:
            once(slow, args), once(fast, args)
        s = median(once(slow, args) for _ in range(3))
        f = median(once(fast, args) for _ in range(3))
        rows.append((n, s, f, s / f))
    return rows

# %% wrong: results that are dicts are not waited for | "each waited for", "what `fn` of `time_call` may return"
def speedup_by_size(slow, fast, make_args, sizes, clock=time.perf_counter):
    def once(fn, args):
        start = clock()
        result = fn(*args)
        if hasattr(result, "block_until_ready"):
            result.block_until_ready()
        return clock() - start

    rows = []
    for n in sizes:
        args = make_args(n)
        s = median([once(slow, args) for _ in range(4)][1:])
        f = median([once(fast, args) for _ in range(4)][1:])
        rows.append((n, s, f, s / f))
    return rows
