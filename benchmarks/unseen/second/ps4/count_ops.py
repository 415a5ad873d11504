# %% right: recursion over params, tuples and lists
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

# %% right: a stack instead of recursion, tree leaves of params
def count_ops(fn, x):
    stack = [jax.make_jaxpr(fn)(x)]
    n = 0
    while stack:
        current = stack.pop()
        for equation in current.eqns:
            n += 1
            stack += [v for v in jax.tree.leaves(dict(equation.params)) if hasattr(v, "eqns")]
    return n

# %% right: generator of all equations, nested ones too
def _walk(thing):
    if isinstance(thing, (tuple, list)):
        for part in thing:
            yield from _walk(part)
    elif isinstance(thing, dict):
        yield from _walk(list(thing.values()))
    elif hasattr(thing, "eqns"):
        for eqn in thing.eqns:
            yield eqn
            yield from _walk(list(eqn.params.values()))

def count_ops(fn, x):
    return sum(1 for _ in _walk(jax.make_jaxpr(fn)(x)))

# %% right: singledispatch on the type of the thing
from functools import singledispatch
from jax.extend import core as jex_core


@singledispatch
def _size(thing):
    return 0


@_size.register(tuple)
@_size.register(list)
def _(things):
    return sum(map(_size, things))


@_size.register(jex_core.ClosedJaxpr)
def _(closed):
    return _size(closed.jaxpr)


@_size.register(jex_core.Jaxpr)
def _(jaxpr):
    return sum(1 + _size(tuple(eqn.params.values())) for eqn in jaxpr.eqns)


def count_ops(fn, x):
    return _size(jax.make_jaxpr(lambda x: fn(x))(x))

# %% right: a visitor class
class _Counter:
    def __init__(self):
        self.n = 0

    def visit(self, thing):
        eqns = getattr(thing, "eqns", None)
        if eqns is not None:
            for eqn in eqns:
                self.n += 1
                self.visit(tuple(eqn.params.values()))
        elif isinstance(thing, (tuple, list)):
            for part in thing:
                self.visit(part)
        return self

def count_ops(fn, x):
    return _Counter().visit(jax.make_jaxpr(fn)(x)).n

# %% wrong: counts the equations in the printed text | a jaxpr that is used twice is printed once and counted once
import re

def count_ops(fn, x):
    return len(re.findall(r":\S+ = ", str(jax.make_jaxpr(fn)(x))))

# %% wrong: visits each jaxpr only once | a jitted function that is used twice counts once
def count_ops(fn, x):
    seen = set()

    def count(jaxpr):
        jaxpr = getattr(jaxpr, "jaxpr", jaxpr)
        if id(jaxpr) in seen:
            return 0
        seen.add(id(jaxpr))
        n = 0
        for eqn in jaxpr.eqns:
            n += 1
            for v in eqn.params.values():
                for item in v if isinstance(v, (tuple, list)) else [v]:
                    if hasattr(item, "eqns"):
                        n += count(item)
        return n

    return count(jax.make_jaxpr(fn)(x))

# %% wrong: no look into tuples | the branches of a conditional are not counted
def _count(jaxpr):
    n = len(jaxpr.eqns)
    for eqn in jaxpr.eqns:
        for value in eqn.params.values():
            if hasattr(value, "eqns"):
                n += _count(value)
    return n

def count_ops(fn, x):
    return _count(jax.make_jaxpr(fn)(x))

# %% wrong: goes by the names in params | the bodies of while loops (body_jaxpr, cond_jaxpr) are missed
def _count(jaxpr):
    n = len(jaxpr.eqns)
    for eqn in jaxpr.eqns:
        for name in ("jaxpr", "call_jaxpr"):
            if name in eqn.params:
                n += _count(eqn.params[name])
        for branch in eqn.params.get("branches", ()):
            n += _count(branch)
    return n

def count_ops(fn, x):
    return _count(jax.make_jaxpr(fn)(x))

# %% wrong: only closed jaxprs | jax.checkpoint holds an open Jaxpr, which is not counted
from jax.extend.core import ClosedJaxpr

def _count(closed):
    n = 0
    for eqn in closed.jaxpr.eqns:
        n += 1
        for value in eqn.params.values():
            for item in value if isinstance(value, (tuple, list)) else (value,):
                if isinstance(item, ClosedJaxpr):
                    n += _count(item)
    return n

def count_ops(fn, x):
    return _count(jax.make_jaxpr(fn)(x))

# %% wrong: only the longest branch of a conditional | all branches count
def _count(jaxpr):
    n = 0
    for eqn in jaxpr.eqns:
        n += 1
        for value in eqn.params.values():
            if hasattr(value, "eqns"):
                n += _count(value)
            elif isinstance(value, (tuple, list)):
                n += max([_count(v) for v in value if hasattr(v, "eqns")], default=0)
    return n

def count_ops(fn, x):
    return _count(jax.make_jaxpr(fn)(x))

# %% wrong: three levels by hand | what is nested deeper than that is missed
def _held(jaxpr):
    out = []
    for eqn in jaxpr.eqns:
        for value in eqn.params.values():
            for item in value if isinstance(value, (tuple, list)) else (value,):
                if hasattr(item, "eqns"):
                    out.append(item)
    return out

def count_ops(fn, x):
    top = jax.make_jaxpr(fn)(x)
    n = len(top.eqns)
    for a in _held(top):
        n += len(a.eqns)
        for b in _held(a):
            n += len(b.eqns)
    return n

# %% wrong: takes the jit off fn first | for a jitted fn its own jit equation is not counted
def _count(jaxpr):
    n = 0
    for eqn in jaxpr.eqns:
        n += 1
        for value in eqn.params.values():
            for item in value if isinstance(value, (tuple, list)) else (value,):
                if hasattr(item, "eqns"):
                    n += _count(item)
    return n

def count_ops(fn, x):
    while hasattr(fn, "__wrapped__") and hasattr(fn, "lower"):
        fn = fn.__wrapped__
    return _count(jax.make_jaxpr(fn)(x))

# %% wrong: the body of a scan times its length | counts what runs, not the equations that are recorded
def _count(jaxpr):
    n = 0
    for eqn in jaxpr.eqns:
        n += 1
        times = eqn.params.get("length", 1) if eqn.primitive.name == "scan" else 1
        for value in eqn.params.values():
            for item in value if isinstance(value, (tuple, list)) else (value,):
                if hasattr(item, "eqns"):
                    n += times * _count(item)
    return n

def count_ops(fn, x):
    return _count(jax.make_jaxpr(fn)(x))

# %% wrong: traces at three ones, not at x | a fn whose program depends on the shape of x is counted for another shape
def _count(jaxpr):
    n = 0
    for eqn in jaxpr.eqns:
        n += 1
        for value in eqn.params.values():
            for item in value if isinstance(value, (tuple, list)) else (value,):
                if hasattr(item, "eqns"):
                    n += _count(item)
    return n

def count_ops(fn, x):
    return _count(jax.make_jaxpr(fn)(jnp.ones(3)))

# %% wrong: remembers the count by fn | hidden state: the same fn at another shape of x gets the old count
_KNOWN = {}

def _count(jaxpr):
    n = 0
    for eqn in jaxpr.eqns:
        n += 1
        for value in eqn.params.values():
            for item in value if isinstance(value, (tuple, list)) else (value,):
                if hasattr(item, "eqns"):
                    n += _count(item)
    return n

def count_ops(fn, x):
    if fn not in _KNOWN:
        _KNOWN[fn] = _count(jax.make_jaxpr(fn)(x))
    return _KNOWN[fn]

# %% wrong: the first branch stands for all | branches of different lengths are counted wrongly
def _count(jaxpr):
    n = len(jaxpr.eqns)
    for eqn in jaxpr.eqns:
        for value in eqn.params.values():
            if hasattr(value, "eqns"):
                n += _count(value)
            elif isinstance(value, (tuple, list)) and value and hasattr(value[0], "eqns"):
                n += len(value) * _count(value[0])
    return n

def count_ops(fn, x):
    return _count(jax.make_jaxpr(fn)(x))

# %% wrong: removes dead code before counting | equations whose result nobody uses are in the jaxpr and must count
from jax.interpreters import partial_eval as pe

def _count(jaxpr):
    n = 0
    for eqn in jaxpr.eqns:
        n += 1
        for value in eqn.params.values():
            for item in value if isinstance(value, (tuple, list)) else (value,):
                if hasattr(item, "eqns"):
                    n += _count(item)
    return n

def count_ops(fn, x):
    jaxpr = jax.make_jaxpr(fn)(x).jaxpr
    live, _ = pe.dce_jaxpr(jaxpr, [True] * len(jaxpr.outvars))
    return _count(live)
