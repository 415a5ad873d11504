"""Whether a compiled function is traced again where it need not be."""

from __future__ import annotations

from typing import Any

from jaxercise.checks.outcome import fail
from jaxercise.checks.proxy import StudentFunction


def assert_compiled_once(function: StudentFunction, *args: Any) -> None:
    """A second call with the same arguments compiles nothing; raises CheckFailed if it does.

    A function that compiles nothing at all passes.
    """
    function(*args)
    if function.without_tracing()(*args).needs_tracing:
        fail(
            f"{function.name} is traced and compiled anew at every call. Likely cause: a jax.jit "
            "inside of the function, which makes a new compiled function each time; compile once, "
            "outside of it."
        )
