# %% right: nonlocal counter
def compile_counts(fn, inputs):
    count = 0

    def counted(x):
        nonlocal count
        count += 1
        return fn(x)

    jitted = jax.jit(counted)
    counts = []
    for x in inputs:
        before = count
        jitted(x)
        counts.append(count - before)
    return counts

# %% right: a list of traces, lengths compared
def compile_counts(fn, inputs):
    traces = []
    jitted = jax.jit(lambda x: (traces.append(x.shape), fn(x))[1])

    def delta(x):
        n = len(traces)
        jax.block_until_ready(jitted(x))
        return len(traces) - n

    return [delta(x) for x in inputs]

# %% right: an object whose method is jitted
class _Spy:
    def __init__(self, fn):
        self.fn = fn
        self.traced = 0
        self.compiled = jax.jit(self.run)

    def run(self, x):
        self.traced += 1
        return self.fn(x)

    def __call__(self, x):
        self.traced = 0
        self.compiled(x)
        return self.traced


def compile_counts(fn, inputs):
    return list(map(_Spy(fn), inputs))

# %% right: writes into the entry of the result that belongs to the input
def compile_counts(fn, inputs):
    result = [0] * len(inputs)
    where = {"i": 0}

    @jax.jit
    def spied(x):
        result[where["i"]] += 1
        return fn(x)

    for i, x in enumerate(inputs):
        where["i"] = i
        spied(x)
    return result

# %% right: Counter and a generator
from collections import Counter

def compile_counts(fn, inputs):
    tally = Counter()

    def watched(x, /):
        tally["trace"] += 1
        return fn(x)

    run = jax.jit(watched)

    def counts():
        for x in inputs:
            tally.clear()
            run(x)
            yield tally["trace"]

    return list(counts())

# %% wrong: guesses from shape and dtype | weakly typed Python numbers need a trace of their own beside jnp.float32(2)
def compile_counts(fn, inputs):
    seen, counts = set(), []
    for x in inputs:
        key = (jnp.shape(x), jnp.asarray(x).dtype)
        counts.append(0 if key in seen else 1)
        seen.add(key)
    return counts

# %% wrong: guesses from type, shape and dtype | NumPy and JAX arrays share a trace, and NumPy's float64 arrives as float32
def compile_counts(fn, inputs):
    seen, counts = [], []
    for x in inputs:
        key = (type(x), np.shape(x), np.asarray(x).dtype)
        counts.append(int(key not in seen))
        seen.append(key)
    return counts

# %% wrong: one compiled version per fn for ever | the second compile_counts of the same fn is not fresh
from functools import lru_cache

@lru_cache(maxsize=None)
def _spy(fn):
    traces = []

    def counted(x):
        traces.append(1)
        return fn(x)

    return jax.jit(counted), traces

def compile_counts(fn, inputs):
    jitted, traces = _spy(fn)
    counts = []
    for x in inputs:
        before = len(traces)
        jitted(x)
        counts.append(len(traces) - before)
    return counts

# %% wrong: turns each input into a NumPy array first | Python numbers lose their weak type, 2.0 after jnp.float32(2) gives 0
def compile_counts(fn, inputs):
    count = 0

    def counted(x):
        nonlocal count
        count += 1
        return fn(x)

    jitted = jax.jit(counted)
    counts = []
    for x in inputs:
        before = count
        jitted(np.asarray(x))
        counts.append(count - before)
    return counts

# %% wrong: a new jit whenever the kind of input changes | an old shape that comes back is counted as traced again
def compile_counts(fn, inputs):
    count = 0

    def fresh():
        def counted(x):
            nonlocal count
            count += 1
            return fn(x)
        return jax.jit(counted)

    jitted, last, counts = None, None, []
    for x in inputs:
        kind = jax.typeof(jnp.asarray(x))
        if kind != last:
            jitted, last = fresh(), kind
        before = count
        jitted(x)
        counts.append(count - before)
    return counts

# %% wrong: counts in a dict by id | an object that stands twice in inputs gets one entry only
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

# %% wrong: differences of running totals with a first entry | an empty list of inputs raises IndexError
def compile_counts(fn, inputs):
    traces = []

    @jax.jit
    def counted(x):
        traces.append(1)
        return fn(x)

    totals = []
    for x in inputs:
        counted(x)
        totals.append(len(traces))
    return [totals[0]] + [b - a for a, b in zip(totals, totals[1:])]

# %% wrong: Python numbers as static arguments | 3.0 after 2.0 is traced again
def compile_counts(fn, inputs):
    traces = []

    def counted(x):
        traces.append(1)
        return fn(x)

    dynamic = jax.jit(counted)
    static = jax.jit(counted, static_argnums=0)
    counts = []
    for x in inputs:
        before = len(traces)
        (static if isinstance(x, (int, float)) else dynamic)(x)
        counts.append(len(traces) - before)
    return counts

# %% wrong: pops the inputs from the list | the caller's list is empty afterwards
def compile_counts(fn, inputs):
    traces = []

    @jax.jit
    def counted(x):
        traces.append(1)
        return fn(x)

    counts = []
    while inputs:
        before = len(traces)
        counted(inputs.pop(0))
        counts.append(len(traces) - before)
    return counts

# %% wrong: donates the inputs | the caller's JAX arrays are deleted, and the same array twice raises an error
def compile_counts(fn, inputs):
    traces = []

    def counted(x):
        traces.append(1)
        return fn(x)

    jitted = jax.jit(counted, donate_argnums=0)
    counts = []
    for x in inputs:
        before = len(traces)
        jitted(x)
        counts.append(len(traces) - before)
    return counts

# %% wrong: ravels the inputs so that fn sees one axis | (3,) and (3, 1) share a trace, fn gets another shape than it was given
def compile_counts(fn, inputs):
    traces = []

    @jax.jit
    def counted(x):
        traces.append(1)
        return fn(x)

    counts = []
    for x in inputs:
        before = len(traces)
        counted(jnp.ravel(x))
        counts.append(len(traces) - before)
    return counts

# %% wrong: an entry only where something was traced, padded with zeros | the ones stand at the front, not at their inputs
def compile_counts(fn, inputs):
    traces = []

    @jax.jit
    def counted(x):
        traces.append(1)
        return fn(x)

    for x in inputs:
        counted(x)
    return traces + [0] * (len(inputs) - len(traces))
