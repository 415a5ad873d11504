# %% right: one recursive function over leaves
def count_ops(fn, x):
    def count(jaxpr):
        total = len(jaxpr.eqns)
        for equation in jaxpr.eqns:
            found = jax.tree.leaves(
                list(equation.params.values()), is_leaf=lambda p: hasattr(p, "eqns")
            )
            total += sum(count(p) for p in found if hasattr(p, "eqns"))
        return total

    return count(jax.make_jaxpr(fn)(x).jaxpr)


# %% right: a stack in place of recursion
def count_ops(fn, x):
    todo, total = [jax.make_jaxpr(fn)(x)], 0
    while todo:
        item = todo.pop()
        if isinstance(item, (list, tuple)):
            todo.extend(item)
        elif hasattr(item, "eqns"):
            total += len(item.eqns)
            for equation in item.eqns:
                todo.extend(equation.params.values())
    return total


# %% right: the classes of jax.extend.core
from jax.extend.core import ClosedJaxpr, Jaxpr


def inner_jaxprs(value):
    if isinstance(value, ClosedJaxpr):
        yield value.jaxpr
    elif isinstance(value, Jaxpr):
        yield value
    elif isinstance(value, (tuple, list)):
        for item in value:
            yield from inner_jaxprs(item)


def count_equations(jaxpr) -> int:
    return sum(
        1 + sum(count_equations(j) for p in e.params.values() for j in inner_jaxprs(p))
        for e in jaxpr.eqns
    )


def count_ops(fn: Callable[[Array], Array], x: Array) -> int:
    return count_equations(jax.make_jaxpr(fn)(x).jaxpr)


# %% right: traced by jax.jit
def count_ops(fn, x):
    def walk(jaxpr):
        n = 0
        for e in jaxpr.eqns:
            n += 1
            for p in e.params.values():
                for q in p if isinstance(p, tuple) else [p]:
                    if hasattr(q, "eqns"):
                        n += walk(q)
        return n

    return walk(jax.jit(lambda y: fn(y)).trace(x).jaxpr)


# %% wrong: text matching -> looks_into_nested_functions
def count_ops(fn, x):
    return str(jax.make_jaxpr(fn)(x)).count(" = ")


# %% wrong: lines of text -> counts_the_equations
def count_ops(fn, x):
    return len(str(jax.make_jaxpr(fn)(x)).splitlines())


# %% wrong: forgets inner jaxprs -> looks_into_nested_functions, looks_into_every_branch
def count_ops(fn, x):
    return len(jax.make_jaxpr(fn)(x).eqns)


# %% wrong: forgets the branches, which are a tuple -> looks_into_every_branch
def count_ops(fn, x):
    def count(jaxpr):
        total = 0
        for equation in jaxpr.eqns:
            total += 1
            for p in equation.params.values():
                if hasattr(p, "eqns"):
                    total += count(p)
        return total

    return count(jax.make_jaxpr(fn)(x))


# %% wrong: one level only -> looks_into_every_branch
def count_ops(fn, x):
    total = 0
    for equation in jax.make_jaxpr(fn)(x).eqns:
        total += 1
        for p in equation.params.values():
            for q in p if isinstance(p, tuple) else [p]:
                total += len(getattr(q, "eqns", ()))
    return total


# %% wrong: only the params named jaxpr, as of jit and scan -> looks_into_nested_functions
def count_ops(fn, x):
    def count(jaxpr):
        total = 0
        for equation in jaxpr.eqns:
            total += 1
            if "jaxpr" in equation.params:
                total += count(equation.params["jaxpr"])
            for branch in equation.params.get("branches", ()):
                total += count(branch)
        return total

    return count(jax.make_jaxpr(fn)(x))


# %% wrong: a list of names, without that of custom derivatives -> looks_into_nested_functions
def count_ops(fn, x):
    def count(jaxpr):
        total = 0
        for equation in jaxpr.eqns:
            total += 1
            for name in ("jaxpr", "cond_jaxpr", "body_jaxpr"):
                if name in equation.params:
                    total += count(equation.params[name])
            for branch in equation.params.get("branches", ()):
                total += count(branch)
        return total

    return count(jax.make_jaxpr(fn)(x))


# %% wrong: leaves out the equations that hold a jaxpr -> looks_into_nested_functions
def count_ops(fn, x):
    def count(jaxpr):
        total = 0
        for e in jaxpr.eqns:
            held = [q for p in e.params.values() for q in (p if isinstance(p, tuple) else (p,))]
            inner = [q for q in held if hasattr(q, "eqns")]
            total += sum(count(q) for q in inner) if inner else 1
        return total

    return count(jax.make_jaxpr(fn)(x))


# %% wrong: counts different primitives -> counts_the_equations
def count_ops(fn, x):
    return len({e.primitive.name for e in jax.make_jaxpr(fn)(x).eqns})


# %% wrong: counts calls of jnp at run time, no jaxpr -> counts_the_equations
def count_ops(fn, x):
    return len(jax.jit(fn).lower(x).as_text().splitlines())


# %% wrong: the size of the compiled program, after dead code and fusion -> counts_the_equations
def count_ops(fn, x):
    return jax.jit(fn).lower(x).compile().as_text().count(" = ")


# %% wrong: a running total in a global -> is_pure, counts_the_equations
total = 0


def count_ops(fn, x):
    global total

    def count(jaxpr):
        global total
        for e in jaxpr.eqns:
            total += 1
            for p in e.params.values():
                for q in p if isinstance(p, tuple) else [p]:
                    if hasattr(q, "eqns"):
                        count(q)

    count(jax.make_jaxpr(fn)(x))
    return total


# %% wrong: prints the jaxpr -> is_pure
def count_ops(fn, x):
    def count(jaxpr):
        total = len(jaxpr.eqns)
        for e in jaxpr.eqns:
            for p in e.params.values():
                for q in p if isinstance(p, tuple) else [p]:
                    if hasattr(q, "eqns"):
                        total += count(q)
        return total

    jaxpr = jax.make_jaxpr(fn)(x)
    print(jaxpr)
    return count(jaxpr)


# %% wrong: keeps the last jaxpr in a global list -> is_pure
seen_totals = []


def count_ops(fn, x):
    def count(jaxpr):
        total = len(jaxpr.eqns)
        for e in jaxpr.eqns:
            for p in e.params.values():
                for q in p if isinstance(p, tuple) else [p]:
                    if hasattr(q, "eqns"):
                        total += count(q)
        return total

    seen_totals.append(count(jax.make_jaxpr(fn)(x)))
    return seen_totals[-1]


# %% wrong: three levels deep at most -> looks_into_every_branch
def count_ops(fn, x):
    def count(jaxpr, depth):
        total = 0
        for e in jaxpr.eqns:
            total += 1
            if depth < 3:
                for p in e.params.values():
                    for inner in p if isinstance(p, (tuple, list)) else (p,):
                        if hasattr(inner, "eqns"):
                            total += count(inner, depth + 1)
        return total

    return count(jax.make_jaxpr(fn)(x), 0)


# %% wrong: at a vector of three ones, whatever x is -> counts_the_equations
def count_ops(fn, x):
    def count(jaxpr):
        return sum(
            1
            + sum(
                count(i)
                for p in e.params.values()
                for i in (p if isinstance(p, (tuple, list)) else (p,))
                if hasattr(i, "eqns")
            )
            for e in jaxpr.eqns
        )

    return count(jax.make_jaxpr(fn)(jnp.ones(3)))


# %% wrong: recorded through jax.jit, so that a jitted function loses its own equation -> looks_into_nested_functions
def count_ops(fn, x):
    def count(jaxpr):
        total = 0
        for eqn in jaxpr.eqns:
            held = [v for v in jax.tree.leaves(dict(eqn.params)) if hasattr(v, "eqns")]
            total += 1 + sum(map(count, held))
        return total

    jitted = fn if hasattr(fn, "trace") else jax.jit(fn)
    return count(jitted.trace(x).jaxpr)


# %% wrong: only closed jaxprs -> looks_into_nested_functions
def count_ops(fn, x):
    def count(jaxpr):
        inner = [v for e in jaxpr.eqns for v in jax.tree.leaves(list(e.params.values()))]
        return len(jaxpr.eqns) + sum(count(v.jaxpr) for v in inner if hasattr(v, "jaxpr"))

    return count(jax.make_jaxpr(fn)(x).jaxpr)


# %% wrong: leaves out what nobody uses -> counts_the_equations
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
