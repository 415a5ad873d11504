# %% right: nonlocal counter
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
        counted(x)
        counts.append(traces - before)
    return counts

# %% right: a list as logbook, totals with accumulate style
def compile_counts(fn, inputs):
    log = []
    jitted = jax.jit(lambda x: (log.append(None), fn(x))[1])

    def total_after(x):
        jitted(x)
        return len(log)

    totals = [0] + [total_after(x) for x in inputs]
    return [late - early for early, late in zip(totals, totals[1:])]

# %% right: a callable class
class _Recorder:
    def __init__(self, fn):
        self.fn, self.traced = fn, 0

    def __call__(self, x):
        self.traced += 1
        return self.fn(x)

    def take(self):
        traced, self.traced = self.traced, 0
        return traced


def compile_counts(fn, inputs):
    recorder = _Recorder(fn)
    compiled = jax.jit(recorder.__call__)
    result = []
    for x in inputs:
        compiled(x)
        result.append(recorder.take())
    return result

# %% right: the trace writes down which input it was for
def compile_counts(fn, inputs):
    counts = [0] * len(inputs)
    current = None

    def counted(x):
        counts[current] += 1
        return fn(x)

    compiled = jax.jit(counted)
    for current, x in enumerate(inputs):
        jax.block_until_ready(compiled(x))
    return counts

# %% wrong: own bookkeeping by shape and dtype | weak types: 2.0 after jnp.float32(2) needs a trace of its own
def compile_counts(fn, inputs):
    seen, counts = set(), []
    for x in inputs:
        key = (jnp.shape(x), jnp.asarray(x).dtype)
        counts.append(0 if key in seen else 1)
        seen.add(key)
    return counts

# %% wrong: own bookkeeping with NumPy's dtype | float64 from NumPy arrives as float32 and must not count again
def compile_counts(fn, inputs):
    seen, counts = set(), []
    for x in inputs:
        kind = type(x) if isinstance(x, (bool, int, float, complex)) else np.asarray(x).dtype
        key = (np.shape(x), kind)
        counts.append(int(key not in seen))
        seen.add(key)
    return counts

# %% wrong: wrapper kept in a cache | not fresh when the same fn is asked about a second time
from functools import lru_cache

_log = []


@lru_cache(maxsize=None)
def _compiled(fn):
    def counted(x):
        _log.append(fn)
        return fn(x)

    return jax.jit(counted)


def compile_counts(fn, inputs):
    counts = []
    for x in inputs:
        before = len(_log)
        _compiled(fn)(x)
        counts.append(len(_log) - before)
    return counts

# %% wrong: np.diff with a first entry apart | an empty list of inputs fails
def compile_counts(fn, inputs):
    traces = 0

    @jax.jit
    def counted(x):
        nonlocal traces
        traces += 1
        return fn(x)

    totals = []
    for x in inputs:
        counted(x)
        totals.append(traces)
    return [totals[0]] + np.diff(totals).tolist()

# %% wrong: makes every input an array of at least one axis | a number and an array of one entry share a trace
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
        counted(jnp.atleast_1d(x))
        counts.append(traces - before)
    return counts

# %% wrong: Python numbers are static | 3.0 after 2.0 counts as a new trace
def compile_counts(fn, inputs):
    traces = 0

    def counted(x):
        nonlocal traces
        traces += 1
        return fn(x)

    for_arrays = jax.jit(counted)
    for_numbers = jax.jit(lambda x: counted(x), static_argnums=0)
    counts = []
    for x in inputs:
        before = traces
        (for_numbers if isinstance(x, (int, float)) else for_arrays)(x)
        counts.append(traces - before)
    return counts

# %% wrong: compares with the input before only | a shape that comes back after another one is counted again
def compile_counts(fn, inputs):
    def kind(x):
        return jax.eval_shape(lambda y: y, x)

    def same(p, q):
        return (p.shape, p.dtype, p.weak_type) == (q.shape, q.dtype, q.weak_type)

    counts, last = [], None
    for x in inputs:
        now = kind(x)
        counts.append(0 if last is not None and same(last, now) else 1)
        last = now
    return counts

# %% wrong: numbers go in as NumPy arrays | weak type lost: 2.0 after np.float32(2) counts 0
def compile_counts(fn, inputs):
    traces = 0

    @jax.jit
    def counted(x):
        nonlocal traces
        traces += 1
        return fn(x)

    counts = []
    for x in map(np.asarray, inputs):
        before = traces
        counted(x)
        counts.append(traces - before)
    return counts
