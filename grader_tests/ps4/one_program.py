"""What hidden tests share of functions that are to be compiled as a whole."""

from jaxercise.checks.assertions import fail
from jaxercise.checks.tracing import assert_compiled_once


def assert_one_program(function, args, other_args, **static):
    """The function is one program, compiled once; `other_args` have a shape that is new to it."""
    assert_compiled_once(function, *args)
    top = function.jaxpr(*args, **static).numpy()["top"]
    # A shape of its own: JAX may go on refusing what it has refused to trace.
    new = function.without_tracing()(*other_args)
    compiled = int(top.pop("jit", 0)) + int(top.pop("pjit", 0))
    if not compiled and not new.needs_tracing:
        fail(f"{function.name} is not compiled: keep the @jax.jit of the starter.")
    # Converting and reshaping compute nothing.
    if compiled and (compiled > 1 or top.keys() - {"convert_element_type", "copy", "reshape"}):
        fail(
            f"{function.name} is compiled in pieces: what stands outside of the compiled function "
            "runs one operation at a time. Put @jax.jit on the whole of it, as the starter has it."
        )
