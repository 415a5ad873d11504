"""Hidden tests of count_ops."""

import jax.numpy as jnp
import numpy as np
import pytest

from jaxercise.checks.assertions import assert_pure, assert_returns
from jaxercise.inside.standins import build
from jaxercise.wire.records import Standin

# A count is exact.
RTOL = 0.0


def draw_steps(rng, least=1):
    names = rng.choice(["sin", "cos", "tanh", "double"], int(rng.integers(least, 6)))
    return tuple(names.tolist())


def assert_counts(student, reference, steps, hint, x=None):
    program = Standin("program", (steps,))
    x = jnp.ones(3) if x is None else x
    expected = reference.count_ops(build(program), x)
    assert_returns(student.count_ops(program, x), expected, rtol=RTOL, kind="any", hint=hint)
    return expected


@pytest.mark.correctness(points=1)
def test_counts_the_equations(student, reference, rng):
    """Without nested functions, every equation counts once, equal ones too."""
    hint = "different operations counted, or lines of text; each equation of the jaxpr counts"
    for steps in (draw_steps(rng), ("sin", "sin", "double"), ("cos",)):
        assert assert_counts(student, reference, steps, hint) == len(steps)
    unused = "equations left out whose result nobody uses; the jaxpr has them, and they count"
    assert assert_counts(student, reference, ("unused sin", "cos"), unused) == 2
    flat = [
        assert_counts(
            student,
            reference,
            ("ravel", "sin"),
            "the function recorded with an array other than x, whose shape may matter, or some "
            "equations, such as reshape, left out",
            x,
        )
        for x in (jnp.ones(6), np.ones((2, 3), np.float32))
    ]
    assert flat[0] < flat[1], flat
    empty = assert_counts(
        student, reference, (), "a function that returns its argument has no equations: 0"
    )
    assert empty == 0


@pytest.mark.correctness(points=2)
def test_looks_into_nested_functions(student, reference, rng):
    """What a jitted function or a loop holds counts, and so does the equation that holds it."""
    for kind in ("jit", "scan", "while"):
        steps = (*draw_steps(rng), (kind, draw_steps(rng, least=2)))
        assert_counts(
            student,
            reference,
            steps,
            "inner jaxprs forgotten: look for them in equation.params; both the equation and "
            "what is inside count",
        )
    # Its jaxpr is found under another name than those of jit and of loops.
    assert_counts(
        student,
        reference,
        (*draw_steps(rng), "relu"),
        "parameters looked up by name; whatever holds a jaxpr counts, under any name",
    )
    # The jaxpr of jax.checkpoint is not closed: it has no attribute `jaxpr`.
    assert_counts(
        student,
        reference,
        (*draw_steps(rng), ("checkpoint", draw_steps(rng, least=2))),
        "only closed jaxprs looked into, by their class or their attribute jaxpr; that of "
        "jax.checkpoint is a plain one, and both kinds have eqns",
    )
    # Recorded through jax.jit, its own equation is missing.
    jitted = draw_steps(rng, least=2)
    function = Standin("jitted_program", (jitted,))
    seen = student.count_ops(function, jnp.ones(3))
    hint = "a jitted fn opened first; in the jaxpr of fn at x it is one equation that holds others"
    assert_returns(seen, 1 + len(jitted), rtol=RTOL, kind="any", hint=hint)
    inner = draw_steps(rng, least=2)
    expected = assert_counts(
        student,
        reference,
        (("twice", inner),),
        "text of the jaxpr counted: a jaxpr that is used twice is printed once, yet counts twice",
    )
    assert expected == 2 + 2 * len(inner)


@pytest.mark.correctness(points=1)
def test_looks_into_every_branch(student, reference, rng):
    """All branches of a conditional, and functions nested several deep."""
    assert_counts(
        student,
        reference,
        (("cond", draw_steps(rng, least=2), draw_steps(rng, least=2)),),
        "branches forgotten: a parameter may be a tuple of jaxprs, one for each branch",
    )
    branches = ("cond", draw_steps(rng), draw_steps(rng))
    deep = ("jit", (*draw_steps(rng), ("scan", (branches, "sin"))))
    assert_counts(
        student,
        reference,
        (*draw_steps(rng), deep),
        "only one level looked into; a jaxpr inside a jaxpr may hold another",
    )
    for kind in ("jit", "scan") * 5:
        deep = (kind, (deep, "sin"))
    assert_counts(
        student, reference, (deep,), "a fixed number of levels; let the function call itself"
    )


@pytest.mark.purity(points=1)
def test_is_pure(student, rng):
    """The count depends on the function and the argument alone; nothing is kept or printed."""
    x = np.ones(3, np.float32)
    nested = (("jit", ("sin", "cos")),)
    calls = [
        *((Standin("program", (draw_steps(rng),)), x) for _ in range(2)),
        (Standin("program", (nested,)), jnp.ones(4)),
    ]
    # A function is no argument for jax.jit.
    assert_pure(student.count_ops, calls, jit=False)
