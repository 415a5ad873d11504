# %% right: a list of trace events
def compile_counts(fn, inputs):
    events = []

    @jax.jit
    def watched(x):
        events.append(None)
        return fn(x)

    counts = []
    for x in inputs:
        events.clear()
        jax.block_until_ready(watched(x))
        counts.append(len(events))
    return counts


# %% right: an object that counts its calls
class Counted:
    def __init__(self, fn):
        self.fn, self.traces = fn, 0

    def __call__(self, x):
        self.traces += 1
        return self.fn(x)


def compile_counts(fn, inputs):
    counted = Counted(fn)
    compiled = jax.jit(counted)
    totals = [0]
    for x in inputs:
        compiled(x)
        totals.append(counted.traces)
    return [int(n) for n in np.diff(totals)]


# %% right: predicted from what tracing sees, weak types included
def compile_counts(fn, inputs):
    seen, counts = set(), []
    for x in inputs:
        kind = jax.typeof(x)
        signature = (kind.shape, str(kind.dtype), kind.weak_type)
        counts.append(0 if signature in seen else 1)
        seen.add(signature)
    return counts


# %% wrong: one trace per call assumed -> counts_by_shape
def compile_counts(fn, inputs):
    return [1 for _ in inputs]


# %% wrong: a fresh jit for each input -> counts_by_shape
def compile_counts(fn, inputs):
    counts = []
    for x in inputs:
        traces = []
        jax.jit(lambda x: traces.append(1) or fn(x))(x)
        counts.append(len(traces))
    return counts


# %% wrong: not jitted, so Python runs every time -> counts_by_shape
def compile_counts(fn, inputs):
    calls = 0

    def counted(x):
        nonlocal calls
        calls += 1
        return fn(x)

    counts = []
    for x in inputs:
        before = calls
        counted(x)
        counts.append(calls - before)
    return counts


# %% wrong: misses the dtype -> sees_the_dtype
def compile_counts(fn, inputs):
    seen, counts = set(), []
    for x in inputs:
        counts.append(0 if np.shape(x) in seen else 1)
        seen.add(np.shape(x))
    return counts


# %% wrong: converts to arrays, so weak types are lost -> sees_the_dtype
def compile_counts(fn, inputs):
    traces = 0

    @jax.jit
    def counted(x):
        nonlocal traces
        traces += 1
        return fn(x)

    counts = []
    for x in inputs:
        before = traces
        counted(np.asarray(x))
        counts.append(traces - before)
    return counts


# %% wrong: NumPy's shape and dtype -> sees_the_dtype
def compile_counts(fn, inputs):
    seen, counts = set(), []
    for x in inputs:
        signature = (np.shape(x), np.asarray(x).dtype)
        counts.append(0 if signature in seen else 1)
        seen.add(signature)
    return counts


# %% wrong: compares with the input before only -> counts_by_shape
def compile_counts(fn, inputs):
    counts, last = [], None
    for x in inputs:
        kind = jax.typeof(x)
        signature = (kind.shape, str(kind.dtype), kind.weak_type)
        counts.append(0 if signature == last else 1)
        last = signature
    return counts


# %% wrong: totals up to each input -> counts_by_shape
def compile_counts(fn, inputs):
    traces = 0

    @jax.jit
    def counted(x):
        nonlocal traces
        traces += 1
        return fn(x)

    counts = []
    for x in inputs:
        counted(x)
        counts.append(traces)
    return counts


# %% wrong: the cache size of a fresh function, which also grows without a trace -> sees_the_dtype
def compile_counts(fn, inputs):
    compiled = jax.jit(lambda x: fn(x))
    counts = []
    for x in inputs:
        before = compiled._cache_size()
        compiled(x)
        counts.append(compiled._cache_size() - before)
    return counts


# %% wrong: the cache of the function itself, which others fill too -> starts_from_nothing, is_pure
def compile_counts(fn, inputs):
    compiled = jax.jit(fn)
    counts = []
    for x in inputs:
        before = compiled._cache_size()
        compiled(x)
        counts.append(compiled._cache_size() - before)
    return counts


# %% wrong: times the calls and takes slow for traced -> counts_by_shape
def compile_counts(fn, inputs):
    compiled = jax.jit(lambda x: fn(x))
    seconds = [stopwatch(compiled, x) for x in inputs]
    return [int(s > 10.0) for s in seconds]


# %% wrong: one compiled function kept for each function -> is_pure
import functools


@functools.cache
def watched(fn):
    events = []

    def counted(x):
        events.append(None)
        return fn(x)

    return jax.jit(counted), events


def compile_counts(fn, inputs):
    compiled, events = watched(fn)
    counts = []
    for x in inputs:
        before = len(events)
        compiled(x)
        counts.append(len(events) - before)
    return counts


# %% wrong: a global count -> is_pure
n_traces = 0


def compile_counts(fn, inputs):
    @jax.jit
    def counted(x):
        global n_traces
        n_traces += 1
        return fn(x)

    counts = []
    for x in inputs:
        before = n_traces
        counted(x)
        counts.append(n_traces - before)
    return counts


# %% wrong: prints when it traces -> is_pure
def compile_counts(fn, inputs):
    traces = 0

    @jax.jit
    def counted(x):
        nonlocal traces
        print("tracing", x)
        traces += 1
        return fn(x)

    counts = []
    for x in inputs:
        before = traces
        counted(x)
        counts.append(traces - before)
    return counts


# %% wrong: empties the caller's list -> is_pure
def compile_counts(fn, inputs):
    traces = 0

    @jax.jit
    def counted(x):
        nonlocal traces
        traces += 1
        return fn(x)

    counts = []
    while inputs:
        before = traces
        counted(inputs.pop(0))
        counts.append(traces - before)
    return counts


# %% wrong: predicted, np.float64 taken for a Python float -> sees_the_dtype
def compile_counts(fn, inputs):
    seen, counts = set(), []
    for x in inputs:
        if isinstance(x, (bool, int, float, complex)):
            key = type(x) if type(x) in (bool, int, float, complex) else float
        else:
            a = jnp.asarray(x)
            key = (a.shape, str(a.dtype))
        counts.append(int(key not in seen))
        seen.add(key)
    return counts


# %% wrong: predicted, bool and int share -> sees_the_dtype
def compile_counts(fn, inputs):
    seen, counts = set(), []
    for x in inputs:
        if type(x) in (bool, int):
            key = int
        elif type(x) in (float, complex):
            key = type(x)
        else:
            a = jnp.asarray(x)
            key = (a.shape, str(a.dtype))
        counts.append(int(key not in seen))
        seen.add(key)
    return counts


# %% wrong: predicted, only float64 is narrowed -> sees_the_dtype
def compile_counts(fn, inputs):
    seen, counts = set(), []
    for x in inputs:
        if type(x) in (bool, int, float, complex):
            key = type(x)
        else:
            dtype = "float32" if str(x.dtype) == "float64" else str(x.dtype)
            key = (x.shape, dtype)
        counts.append(int(key not in seen))
        seen.add(key)
    return counts


# %% wrong: empty arrays left out -> sees_the_dtype
def compile_counts(fn, inputs):
    traces = 0

    def counted(x):
        nonlocal traces
        traces += 1
        return fn(x)

    c = jax.jit(counted)
    out = []
    for x in inputs:
        before = traces
        if np.size(x):
            c(x)
        out.append(traces - before)
    return out


# %% wrong: gives the memory of the inputs away -> is_pure
def compile_counts(fn, inputs):
    traced = 0

    def counted(x):
        nonlocal traced
        traced += 1
        return fn(x)

    jitted = jax.jit(counted, donate_argnums=0)
    counts = []
    for x in inputs:
        before = traced
        jitted(x)
        counts.append(traced - before)
    return counts


# %% wrong: counts in a dict by id -> sees_the_dtype
def compile_counts(fn, inputs):
    count = 0

    def counted(x):
        nonlocal count
        count += 1
        return fn(x)

    jitted = jax.jit(counted)
    counts = {}
    for x in inputs:
        before = count
        jitted(x)
        counts[id(x)] = counts.get(id(x), 0) + count - before
    return list(counts.values())


# %% wrong: every input made an array with an axis -> counts_by_shape
def compile_counts(fn, inputs):
    traces = []

    @jax.jit
    def counted(x):
        traces.append(None)
        return fn(x)

    counts = []
    for x in inputs:
        before = len(traces)
        counted(jnp.atleast_1d(x))
        counts.append(len(traces) - before)
    return counts
