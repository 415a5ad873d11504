# %% right: recursion as in the hints
def _count(jaxpr):
    total = 0
    for equation in jaxpr.eqns:
        total += 1
        for value in equation.params.values():
            if hasattr(value, "eqns"):
                total += _count(value)
            elif isinstance(value, (tuple, list)):
                total += sum(_count(part) for part in value if hasattr(part, "eqns"))
    return total


def count_ops(fn, x):
    return _count(jax.make_jaxpr(fn)(x))

# %% right: a stack instead of recursion, leaves of the params as a tree
def count_ops(fn, x):
    is_jaxpr = lambda v: hasattr(v, "eqns")
    todo, n = [jax.make_jaxpr(fn)(x)], 0
    while todo:
        equations = todo.pop().eqns
        n += len(equations)
        for equation in equations:
            leaves = jax.tree.leaves(list(equation.params.values()), is_leaf=is_jaxpr)
            todo.extend(filter(is_jaxpr, leaves))
    return n

# %% right: singledispatch on the kinds of value
from functools import singledispatch

from jax.extend import core as jcore


@singledispatch
def _size(value):
    return 0


@_size.register(jcore.ClosedJaxpr)
def _(closed):
    return _size(closed.jaxpr)


@_size.register(jcore.Jaxpr)
def _(jaxpr):
    return sum(1 + _size(tuple(eqn.params.values())) for eqn in jaxpr.eqns)


@_size.register(tuple)
@_size.register(list)
def _(values):
    return sum(map(_size, values))


def count_ops(fn, x):
    return _size(jax.make_jaxpr(fn)(x))

# %% right: generators, one walks over jaxprs, one over equations
def _held(value):
    if hasattr(value, "eqns"):
        yield value
    elif isinstance(value, (tuple, list)):
        for part in value:
            yield from _held(part)
    elif isinstance(value, dict):
        yield from _held(tuple(value.values()))


def _equations(jaxpr):
    for eqn in jaxpr.eqns:
        yield eqn
        for inner in _held(dict(eqn.params)):
            yield from _equations(inner)


def count_ops(fn, x):
    return sum(1 for _ in _equations(jax.make_jaxpr(fn)(x)))

# %% wrong: skips jaxprs already seen | a jaxpr that is used twice must count twice
def count_ops(fn, x):
    seen = set()

    def count(jaxpr):
        jaxpr = getattr(jaxpr, "jaxpr", jaxpr)
        if id(jaxpr) in seen:
            return 0
        seen.add(id(jaxpr))
        total = len(jaxpr.eqns)
        for eqn in jaxpr.eqns:
            for value in eqn.params.values():
                for part in value if isinstance(value, (tuple, list)) else (value,):
                    if hasattr(part, "eqns"):
                        total += count(part)
        return total

    return count(jax.make_jaxpr(fn)(x))

# %% wrong: goes by the names in params | loops (cond_jaxpr, body_jaxpr) and relu (call_jaxpr) are not entered
def _count(jaxpr):
    total = 0
    for eqn in jaxpr.eqns:
        total += 1
        if "jaxpr" in eqn.params:
            total += _count(eqn.params["jaxpr"])
        for branch in eqn.params.get("branches", ()):
            total += _count(branch)
    return total


def count_ops(fn, x):
    return _count(jax.make_jaxpr(fn)(x).jaxpr)

# %% wrong: only closed jaxprs | what jax.checkpoint holds is an open Jaxpr and is not counted
from jax.extend.core import ClosedJaxpr


def _count(closed):
    total = len(closed.eqns)
    for eqn in closed.eqns:
        for value in jax.tree.leaves(
            list(eqn.params.values()), is_leaf=lambda v: isinstance(v, ClosedJaxpr)
        ):
            if isinstance(value, ClosedJaxpr):
                total += _count(value)
    return total


def count_ops(fn, x):
    return _count(jax.make_jaxpr(fn)(x))

# %% wrong: does not look into tuples | the branches of a conditional are not counted
def _count(jaxpr):
    return sum(
        1 + sum(_count(v) for v in eqn.params.values() if hasattr(v, "eqns"))
        for eqn in jaxpr.eqns
    )


def count_ops(fn, x):
    return _count(jax.make_jaxpr(fn)(x))

# %% wrong: only the longest branch of a conditional | all branches count
def _count(jaxpr):
    total = 0
    for eqn in jaxpr.eqns:
        total += 1
        for value in eqn.params.values():
            if hasattr(value, "eqns"):
                total += _count(value)
            elif isinstance(value, (tuple, list)):
                total += max((_count(v) for v in value if hasattr(v, "eqns")), default=0)
    return total


def count_ops(fn, x):
    return _count(jax.make_jaxpr(fn)(x))

# %% wrong: repeated work counted | the body of a scan (a loop with a fixed number of steps) is multiplied by its length
def _count(jaxpr):
    total = 0
    for eqn in jaxpr.eqns:
        total += 1
        times = eqn.params.get("length", 1)
        for value in eqn.params.values():
            for part in value if isinstance(value, (tuple, list)) else (value,):
                if hasattr(part, "eqns"):
                    total += times * _count(part)
    return total


def count_ops(fn, x):
    return _count(jax.make_jaxpr(fn)(x))

# %% wrong: unwraps a jitted fn | when fn itself is jitted, the one equation of that jit is left out
def _count(jaxpr):
    total = 0
    for eqn in jaxpr.eqns:
        total += 1
        for value in eqn.params.values():
            for part in value if isinstance(value, (tuple, list)) else (value,):
                if hasattr(part, "eqns"):
                    total += _count(part)
    return total


def count_ops(fn, x):
    fn = getattr(fn, "__wrapped__", fn)  # look through @jax.jit
    return _count(jax.make_jaxpr(fn)(x))

# %% wrong: always traces with three ones | a function whose program depends on the shape of x gets the wrong count
def _count(jaxpr):
    total = 0
    for eqn in jaxpr.eqns:
        total += 1
        for value in eqn.params.values():
            for part in value if isinstance(value, (tuple, list)) else (value,):
                if hasattr(part, "eqns"):
                    total += _count(part)
    return total


def count_ops(fn, x):
    return _count(jax.make_jaxpr(fn)(jnp.ones(3)))
