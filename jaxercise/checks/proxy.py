"""The proxy that tests use: `student.add_tax(x, 0.1)` calls a function in another process."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from jaxercise.checks.observation import Observation, to_numpy
from jaxercise.checks.raised import ErrorReport
from jaxercise.wire.calls import Call

__all__ = ["ErrorReport", "Observation", "Student", "StudentFunction", "to_numpy"]


# Makes a call in a run ("main" or "fresh") and returns its report or an Observation.
Transport = Callable[[Call, str], Any]


@dataclass(frozen=True)
class StudentFunction:
    """A function of the notebook; calling it gives an Observation of what the call did.

    The methods return a variant that is transformed, called elsewhere or observed differently.
    They can be chained: `f.grad().vmapped()` is `jax.vmap(jax.grad(f))`.
    """

    name: str
    transport: Transport
    template: Call
    run: str = "main"

    def __call__(self, *args: Any, **kwargs: Any) -> Observation:
        call = dataclasses.replace(self.template, args=args, kwargs=kwargs)
        return Observation.of(self.name, self.transport(call, self.run))

    def _with(self, **changes: Any) -> StudentFunction:
        return dataclasses.replace(self, template=dataclasses.replace(self.template, **changes))

    def _step(self, name: str, **options: Any) -> StudentFunction:
        return self._with(steps=(*self.template.steps, (name, options)))

    def jitted(self, static_argnums: Any = (), static_argnames: Any = ()) -> StudentFunction:
        """Under `jax.jit`, in a new wrapper each time, so that every call compiles."""
        return self._step(
            "jit",
            static_argnums=_as_tuple(static_argnums),
            static_argnames=_as_tuple(static_argnames),
        )

    def traced(self, static_argnums: Any = (), static_argnames: Any = ()) -> StudentFunction:
        """Traced as under `jax.jit`, but the equations run one by one and are not compiled."""
        return self._step(
            "trace",
            static_argnums=_as_tuple(static_argnums),
            static_argnames=_as_tuple(static_argnames),
        )

    def vmapped(self, in_axes: Any = 0, out_axes: Any = 0) -> StudentFunction:
        return self._step("vmap", in_axes=in_axes, out_axes=out_axes)

    def grad(self, argnums: Any = 0) -> StudentFunction:
        return self._step("grad", argnums=argnums)

    def times(self, factor: float) -> StudentFunction:
        """The result times a number, as a derivative of one's own meets it in a chain."""
        return self._step("times", factor=factor)

    def fresh(self) -> StudentFunction:
        """In another process, where the lesson's planted globals have other values."""
        return dataclasses.replace(self, run="fresh")

    def x64(self) -> StudentFunction:
        """With `jax_enable_x64` set around the call."""
        return self._with(x64=True)

    def watching_keys(self) -> StudentFunction:
        """Reports a key that is used twice in `Observation.key_reuse`, and no value."""
        return self._with(mode="keys")

    def guarded(self) -> StudentFunction:
        """The observation tells in `changed_inputs` which arguments the call writes to, even
        where it puts them back; no value.
        """
        return self._with(mode="guarded")

    def without_tracing(self) -> StudentFunction:
        """Tracing raises an exception, to see whether a function was compiled before."""
        return self._with(no_tracing=True)

    def jaxpr(self, *args: Any, static_argnums: Any = ()) -> Observation:
        """The value is the summary of the recorded program (jaxercise/inside/programs.py):
        "equations", "primitives", "top", "largest" and "trips".
        """
        options = {"static_argnums": _as_tuple(static_argnums)}
        return self._with(mode="jaxpr", watch=False)(*args, **options)

    def traces(self, calls: Sequence[tuple[Any, ...]]) -> Observation:
        """The value lists how often a new `jax.jit` of the function traced in each call."""
        return self._with(mode="traces", watch=False)(*calls)


def _as_tuple(value: Any) -> tuple[Any, ...]:
    return (
        value if isinstance(value, tuple) else tuple(value) if isinstance(value, list) else (value,)
    )


class Student:
    """The functions of a notebook as attributes."""

    def __init__(self, transport: Transport):
        self._transport = transport

    def __getattr__(self, name: str) -> StudentFunction:
        if name.startswith("_"):
            raise AttributeError(name)
        return StudentFunction(name, self._transport, Call(name))
