# %% right: nonlocal counter, difference per input
def compile_counts(fn, inputs):
    traced = 0

    def counted(x):
        nonlocal traced
        traced += 1
        return fn(x)

    jitted = jax.jit(counted)
    counts = []
    for x in inputs:
        before = traced
        jitted(x)
        counts.append(traced - before)
    return counts

# %% right: a list of marks, cleared before each call
def compile_counts(fn: Callable[[Any], Any], inputs: list) -> list[int]:
    marks, result = [], []

    @jax.jit
    def counted(x):
        marks.append(None)
        return fn(x)

    for x in inputs:
        marks.clear()
        counted(x)
        result.append(len(marks))
    return result

# %% right: callable class that counts its own traces
class _Counting:
    def __init__(self, fn):
        self.fn, self.n = fn, 0

    def __call__(self, x):
        self.n += 1
        return self.fn(x)


def compile_counts(fn, inputs):
    inner = _Counting(fn)
    run = jax.jit(inner)

    def one(x):
        inner.n = 0
        run(x)
        return inner.n

    return [one(x) for x in inputs]

# %% right: running totals, then differences with zip
def compile_counts(fn, inputs):
    log, totals = [], [0]

    def noted(*a):
        log.append("trace")
        return fn(*a)

    go = jax.jit(noted)
    for x in inputs:
        jax.block_until_ready(go(x))
        totals.append(len(log))
    return [b - a for a, b in zip(totals, totals[1:])]

# %% right: each trace writes the index of the current input, Counter tallies them
from collections import Counter


def compile_counts(fn, inputs):
    tally, where = Counter(), {"i": None}

    def counted(x):
        tally[where["i"]] += 1
        return fn(x)

    jitted = jax.jit(counted)
    for i, x in enumerate(inputs):
        where["i"] = i
        jitted(x)
    return [tally[i] for i in range(len(inputs))]

# %% right: itertools.count as the side effect, lambda with a tuple
from itertools import count


def compile_counts(fn, inputs):
    ticket = count()
    box = [0]
    jitted = jax.jit(lambda x: (box.__setitem__(0, next(ticket) + 1), fn(x))[1])
    out = []
    for x in inputs:
        (old := box[0], jitted(x))
        out.append(box[0] - old)
    return out

# %% right: decorator factory with a SimpleNamespace
from types import SimpleNamespace


def _spy(fn):
    state = SimpleNamespace(calls=0)

    def wrapper(argument):
        state.calls = state.calls + 1
        return fn(argument)

    return jax.jit(wrapper), state


def compile_counts(fn, inputs):
    jitted, state = _spy(fn)

    def gen():
        for item in inputs:
            start = state.calls
            jitted(item)
            yield state.calls - start

    return list(gen())

# %% right: a fresh partial of a module-level helper, with a fresh list
def _traced_call(log, fn, x):
    log.append(x)
    log[-1] = None  # keep no tracer
    return fn(x)


def compile_counts(fn, inputs):
    log = []
    jitted = jax.jit(partial(_traced_call, log, fn))
    result = []
    for x in inputs:
        n = len(log)
        jitted(x)
        result += [len(log) - n]
    return result

# %% right: recursion over the inputs with a numpy counter
def compile_counts(fn, inputs):
    n = np.zeros((), int)

    def counted(x):
        n[()] += 1
        return fn(x)

    jitted = jax.jit(counted)
    out = []
    todo = list(reversed(inputs))
    while todo:
        n[()] = 0
        jitted(todo.pop())
        out.append(int(n))
    return out

# %% right: generator coroutine counts traces
def compile_counts(fn, inputs):
    def counter():
        n = 0
        while True:
            reset = yield n
            n = 0 if reset else n + 1

    c = counter()
    next(c)

    @partial(jax.jit, inline=True)
    def counted(x):
        c.send(False)
        return fn(x)

    result = []
    for x in inputs:
        c.send(True)
        counted(x)
        result.append(c.send(False) - 1)
    return result

# %% right: bound method of a fresh object is jitted
def compile_counts(fn, inputs):
    class Probe:
        traces = 0

        def run(self, x):
            Probe.traces += 1
            return fn(x)

    jitted = jax.jit(Probe().run)
    history = [(Probe.traces, jitted(x), Probe.traces)[::2] for x in inputs]
    return [after - before for before, after in history]

# %% wrong: size of the call cache instead of traces; a NumPy array gets an entry of its own there | "A NumPy array counts as the same as a JAX array"
def compile_counts(fn, inputs):
    jitted = jax.jit(lambda x: fn(x))
    counts = []
    for x in inputs:
        before = jitted._cache_size()
        jitted(x)
        counts.append(jitted._cache_size() - before)
    return counts

# %% wrong: simulates the cache with shape and dtype of NumPy | "NumPy's float64 arrives as float32", weak types
def compile_counts(fn, inputs):
    seen, counts = set(), []
    for x in inputs:
        key = (np.shape(x), np.asarray(x).dtype)
        counts.append(int(key not in seen))
        seen.add(key)
    return counts

# %% wrong: simulates the cache with the short text of the type, which hides weak types | "the Python number 2.0 needs a trace of its own"
def compile_counts(fn, inputs):
    seen, counts = [], []
    for x in inputs:
        x = jnp.asarray(x)
        key = (x.shape, str(x.dtype))
        counts.append(0 if key in seen else 1)
        seen.append(key)
    return counts

# %% wrong: every input is made an array of its dtype first, so weak types are lost | "Call a fresh compiled version of `fn` with each of the `inputs`"
def compile_counts(fn, inputs):
    traced = 0

    def counted(x):
        nonlocal traced
        traced += 1
        return fn(x)

    jitted = jax.jit(counted)
    counts = []
    for x in inputs:
        before = traced
        jitted(np.asarray(x))
        counts.append(traced - before)
    return counts

# %% wrong: the wrapper is kept per fn, so a second use of compile_counts finds old recordings | "whatever was compiled before your function was called does not count"
_WRAPPERS = {}


def _wrapper(fn):
    if fn not in _WRAPPERS:
        log = []

        def counted(x):
            log.append(1)
            return fn(x)

        _WRAPPERS[fn] = jax.jit(counted), log
    return _WRAPPERS[fn]


def compile_counts(fn, inputs):
    jitted, log = _wrapper(fn)
    counts = []
    for x in inputs:
        before = len(log)
        jitted(x)
        counts.append(len(log) - before)
    return counts

# %% wrong: compares only with the input just before | "0 where an old one was used" (A B A)
def compile_counts(fn, inputs):
    counts, last = [], None
    for x in inputs:
        now = jax.typeof(x), getattr(jax.typeof(x), "weak_type", False)
        counts.append(int(now != last))
        last = now
    return counts

# %% wrong: Python numbers are declared static, so every value is traced | "Its value does not matter: 3.0 uses the trace of 2.0"
def compile_counts(fn, inputs):
    traced = 0

    def counted(x):
        nonlocal traced
        traced += 1
        return fn(x)

    jitted = jax.jit(counted)
    jitted_static = jax.jit(counted, static_argnums=0)
    counts = []
    for x in inputs:
        before = traced
        (jitted_static if isinstance(x, (int, float)) else jitted)(x)
        counts.append(traced - before)
    return counts

# %% wrong: counts under 64 bits, where float64 is not float32 | "NumPy's float64 arrives as float32"
def compile_counts(fn, inputs):
    traced = 0

    def counted(x):
        nonlocal traced
        traced += 1
        return fn(x)

    jitted = jax.jit(counted)
    counts = []
    with jax.enable_x64(True):
        for x in inputs:
            before = traced
            jitted(x)
            counts.append(traced - before)
    return counts

# %% wrong: an empty list of inputs fails | "`inputs` is a list, possibly empty"
def compile_counts(fn, inputs):
    log = []

    def counted(x):
        log.append(1)
        return fn(x)

    jitted = jax.jit(counted)
    first, *rest = inputs
    jitted(first)
    counts = [len(log)]
    for x in rest:
        before = len(log)
        jitted(x)
        counts.append(len(log) - before)
    return counts

# %% wrong: donates the inputs, so the caller's arrays are deleted | the caller's data is changed; the same array twice in `inputs` fails
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

# %% wrong: skips inputs that are no arrays | "Return a list that says for each input"; "Python numbers and NumPy scalars"
def compile_counts(fn, inputs):
    traced = 0

    def counted(x):
        nonlocal traced
        traced += 1
        return fn(x)

    jitted = jax.jit(counted)
    counts = []
    for x in inputs:
        if not isinstance(x, (np.ndarray, jax.Array)):
            continue
        before = traced
        jitted(x)
        counts.append(traced - before)
    return counts

# %% wrong: clears all caches between the calls of two different shapes to be "fresh" | "0 where an old one was used"; the process's caches are emptied
def compile_counts(fn, inputs):
    traced, shape = 0, None

    def counted(x):
        nonlocal traced
        traced += 1
        return fn(x)

    jitted = jax.jit(counted)
    counts = []
    for x in inputs:
        if np.shape(x) != shape:
            jax.clear_caches()
            shape = np.shape(x)
        before = traced
        jitted(x)
        counts.append(traced - before)
    return counts
