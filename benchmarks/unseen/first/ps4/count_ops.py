# %% right: recursive helper over params, attribute eqns, tuples and lists
def _count(jaxpr):
    total = 0
    for eqn in jaxpr.eqns:
        total += 1
        for value in eqn.params.values():
            for item in value if isinstance(value, (tuple, list)) else (value,):
                if hasattr(item, "eqns"):
                    total += _count(item)
    return total


def count_ops(fn, x):
    return _count(jax.make_jaxpr(fn)(x))

# %% right: tree leaves of the params, jaxprs are leaves
def count_ops(fn: Callable[[Array], Array], x: Array) -> int:
    def size(jaxpr):
        held = (v for e in jaxpr.eqns for v in jax.tree.leaves(dict(e.params)) if hasattr(v, "eqns"))
        return len(jaxpr.eqns) + sum(map(size, held))

    return size(jax.make_jaxpr(fn)(x).jaxpr)

# %% right: explicit stack instead of recursion
def count_ops(fn, x):
    todo, seen = [jax.make_jaxpr(fn)(x)], 0
    while todo:
        thing = todo.pop()
        if isinstance(thing, (tuple, list)):
            todo.extend(thing)
        elif hasattr(thing, "eqns"):
            seen += len(thing.eqns)
            for eqn in thing.eqns:
                todo.extend(eqn.params.values())
    return seen

# %% right: isinstance on the public classes of jax.extend.core, both open and closed
from jax.extend.core import ClosedJaxpr, Jaxpr


def _n(v):
    if isinstance(v, ClosedJaxpr):
        return _n(v.jaxpr)
    if isinstance(v, Jaxpr):
        return sum(1 + _n(tuple(e.params.values())) for e in v.eqns)
    if isinstance(v, (tuple, list)):
        return sum(_n(w) for w in v)
    return 0


def count_ops(fn, x):
    return _n(jax.make_jaxpr(fn)(x))

# %% right: generator that yields every equation, then counts them
def _walk(value):
    if hasattr(value, "eqns"):
        for equation in value.eqns:
            yield equation
            yield from _walk(list(equation.params.values()))
    elif isinstance(value, (list, tuple)):
        for part in value:
            yield from _walk(part)


def count_ops(fn, x):
    return sum(1 for _ in _walk(jax.make_jaxpr(fn)(x)))

# %% right: breadth first, level by level
def count_ops(fn, x):
    level, total = [jax.make_jaxpr(fn)(x).jaxpr], 0
    while level:
        equations = [e for j in level for e in j.eqns]
        total += len(equations)
        flat = []
        for e in equations:
            for v in e.params.values():
                flat += list(v) if isinstance(v, (tuple, list)) else [v]
        level = [v for v in flat if hasattr(v, "eqns")]
    return total

# %% right: singledispatch on the kind of the parameter
from functools import singledispatch
from jax.extend import core as jcore


@singledispatch
def _ops(value):
    return 0


@_ops.register(tuple)
@_ops.register(list)
def _(value):
    return sum(map(_ops, value))


@_ops.register(jcore.Jaxpr)
@_ops.register(jcore.ClosedJaxpr)
def _(value):
    return sum(1 + sum(map(_ops, e.params.values())) for e in value.eqns)


def count_ops(fn, x):
    return _ops(jax.make_jaxpr(fn)(x))

# %% right: a visitor class with a counter of its own
class _Counter:
    def __init__(self):
        self.n = 0

    def visit(self, obj):
        match obj:
            case tuple() | list():
                for o in obj:
                    self.visit(o)
            case dict():
                for o in obj.values():
                    self.visit(o)
            case _ if hasattr(obj, "eqns"):
                self.n += len(obj.eqns)
                for e in obj.eqns:
                    self.visit(e.params)
        return self


def count_ops(fn, x):
    return _Counter().visit(jax.make_jaxpr(fn)(x)).n

# %% right: traces with a ShapeDtypeStruct, through a lambda
def count_ops(fn, x):
    spec = jax.ShapeDtypeStruct(jnp.shape(x), jnp.result_type(x))
    closed = jax.make_jaxpr(lambda y: fn(y))(spec)

    def deep(j):
        n = len(j.eqns)
        for e in j.eqns:
            for p in e.params.values():
                try:
                    parts = tuple(p) if isinstance(p, (tuple, list)) else (p,)
                    n += sum(deep(q) for q in parts if hasattr(q, "eqns"))
                except TypeError:
                    raise
        return n

    return deep(closed.jaxpr)

# %% right: memo per jaxpr id, but the remembered number is added each time it is used
def count_ops(fn, x):
    known, keep = {}, []

    def size(j):
        if id(j) not in known:
            keep.append(j)
            leaves = jax.tree.leaves([list(e.params.values()) for e in j.eqns])
            known[id(j)] = len(j.eqns) + sum(size(v) for v in leaves if hasattr(v, "eqns"))
        return known[id(j)]

    return size(jax.make_jaxpr(fn)(x))

# %% right: jit(...).trace gives the jaxpr; a wrapper keeps a jitted fn as an equation of its own
def count_ops(fn, x):
    def fresh(y):
        return fn(y)

    def total(j):
        return sum(
            1
            + sum(
                total(q)
                for p in e.params.values()
                for q in (p if isinstance(p, (tuple, list)) else [p])
                if hasattr(q, "eqns")
            )
            for e in j.eqns
        )

    return total(jax.jit(fresh).trace(x).jaxpr)

# %% wrong: forgets the tuple of branches of a conditional | "all branches of a conditional count"
def count_ops(fn, x):
    def count(jaxpr):
        total = 0
        for eqn in jaxpr.eqns:
            total += 1
            for value in eqn.params.values():
                if hasattr(value, "eqns"):
                    total += count(value)
        return total

    return count(jax.make_jaxpr(fn)(x))

# %% wrong: goes by the names jaxpr and branches | "Do not go by the names in params": while has cond_jaxpr and body_jaxpr, relu call_jaxpr
def count_ops(fn, x):
    def count(jaxpr):
        total = 0
        for eqn in jaxpr.eqns:
            total += 1
            if "jaxpr" in eqn.params:
                total += count(eqn.params["jaxpr"])
            for branch in eqn.params.get("branches", ()):
                total += count(branch)
        return total

    return count(jax.make_jaxpr(fn)(x))

# %% wrong: each jaxpr object is counted once | "a jaxpr that is used twice is printed only once, and counts twice"
def count_ops(fn, x):
    seen = set()

    def count(jaxpr):
        if id(jaxpr) in seen:
            return 0
        seen.add(id(jaxpr))
        total = 0
        for eqn in jaxpr.eqns:
            total += 1
            for value in jax.tree.leaves(dict(eqn.params)):
                if hasattr(value, "eqns"):
                    total += count(value)
        return total

    return count(jax.make_jaxpr(fn)(x))

# %% wrong: counts " = " in the printed text | "Do not count lines of text"
def count_ops(fn, x):
    text = str(jax.make_jaxpr(fn)(x))
    return text.count(" = ")

# %% wrong: only the longest branch of a conditional, since only one of them runs | "all branches of a conditional count"
def count_ops(fn, x):
    def count(jaxpr):
        total = 0
        for eqn in jaxpr.eqns:
            total += 1
            for value in eqn.params.values():
                if hasattr(value, "eqns"):
                    total += count(value)
                elif isinstance(value, tuple) and any(hasattr(v, "eqns") for v in value):
                    total += max(count(v) for v in value)
        return total

    return count(jax.make_jaxpr(fn)(x))

# %% wrong: follows nested jaxprs two levels down and no further | "however deep", "nested to any depth"
def count_ops(fn, x):
    def inside(eqns):
        return [
            e
            for eqn in eqns
            for v in jax.tree.leaves(dict(eqn.params))
            if hasattr(v, "eqns")
            for e in v.eqns
        ]

    top = jax.make_jaxpr(fn)(x).eqns
    middle = inside(top)
    bottom = inside(middle)
    return len(top) + len(middle) + len(bottom)

# %% wrong: multiplies the body of a scan by its length, i.e. counts what runs | "Return the number of equations in the jaxpr"
def count_ops(fn, x):
    def count(jaxpr):
        total = 0
        for eqn in jaxpr.eqns:
            held = [v for v in jax.tree.leaves(dict(eqn.params)) if hasattr(v, "eqns")]
            total += 1 + eqn.params.get("length", 1) * sum(map(count, held))
        return total

    return count(jax.make_jaxpr(fn)(x))

# %% wrong: traces for three numbers, whatever x is | "in the jaxpr of `fn` at `x`": a Python loop over x.shape depends on it
def count_ops(fn, x):
    def count(jaxpr):
        total = 0
        for eqn in jaxpr.eqns:
            held = [v for v in jax.tree.leaves(dict(eqn.params)) if hasattr(v, "eqns")]
            total += 1 + sum(map(count, held))
        return total

    return count(jax.make_jaxpr(fn)(jnp.ones(3)))

# %% wrong: recurses only into a list of known primitives, functions such as relu are forgotten | "functions such as `jax.nn.relu`"
def count_ops(fn, x):
    def count(jaxpr):
        total = 0
        for eqn in jaxpr.eqns:
            total += 1
            if eqn.primitive.name in ("jit", "pjit", "cond", "while", "scan"):
                for v in jax.tree.leaves(dict(eqn.params)):
                    if hasattr(v, "eqns"):
                        total += count(v)
        return total

    return count(jax.make_jaxpr(fn)(x))

# %% wrong: takes only the first jaxpr that an equation holds | "those of every jaxpr that an equation holds" (while has two, cond has branches)
def count_ops(fn, x):
    def count(jaxpr):
        total = 0
        for eqn in jaxpr.eqns:
            held = (v for v in jax.tree.leaves(dict(eqn.params)) if hasattr(v, "eqns"))
            inner = next(held, None)
            total += 1 + (count(inner) if inner is not None else 0)
        return total

    return count(jax.make_jaxpr(fn)(x))

# %% wrong: leaves out bookkeeping such as reshapes and dtype changes | "Return the number of equations"
_FREE = {"broadcast_in_dim", "reshape", "convert_element_type", "squeeze", "copy", "stop_gradient"}


def count_ops(fn, x):
    def count(jaxpr):
        total = 0
        for eqn in jaxpr.eqns:
            held = [v for v in jax.tree.leaves(dict(eqn.params)) if hasattr(v, "eqns")]
            total += (eqn.primitive.name not in _FREE) + sum(map(count, held))
        return total

    return count(jax.make_jaxpr(fn)(x))

# %% wrong: a function that is jitted itself is opened first, so its own equation is missing | "An equation that holds a jaxpr counts as one, plus what it holds"
def count_ops(fn, x):
    def count(jaxpr):
        total = 0
        for eqn in jaxpr.eqns:
            held = [v for v in jax.tree.leaves(dict(eqn.params)) if hasattr(v, "eqns")]
            total += 1 + sum(map(count, held))
        return total

    jitted = fn if hasattr(fn, "trace") else jax.jit(fn)
    return count(jitted.trace(x).jaxpr)

# %% wrong: counts the operations of the lowered program | "the number of equations in the jaxpr" (lowering adds constants, drops dead code and merges equal functions)
def count_ops(fn, x):
    text = jax.jit(lambda y: fn(y)).lower(x).as_text()
    lines = [line.strip() for line in text.splitlines()]
    return sum(line.startswith("%") and "constant" not in line for line in lines)
