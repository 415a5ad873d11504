"""The proxy that tests talk to: `student.add_tax(x, 0.1)` calls a function elsewhere."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from jaxercise import records
from jaxercise.compare import noun
from jaxercise.observe import Call
from jaxercise.outcome import CheckFailed
from jaxercise.wire import WireError


@dataclass(frozen=True)
class ErrorReport:
    """An exception of the student's function; `line` counts in the cell that raised it."""

    type: str
    module: str = "builtins"
    message: str = ""
    line: int | None = None


_LISTS = (
    *("changed_inputs", "changed_globals", "moved_rngs", "changed_config", "changed_settings"),
    "leaked_tracers",
)


@dataclass(frozen=True)
class Observation:
    """What one call did, as the student's process reports it.

    `value` is a tree of records; the other fields are empty where nothing happened.
    """

    name: str
    value: Any = None
    error: ErrorReport | None = None
    printed: str = ""
    changed_inputs: tuple[str, ...] = ()
    changed_globals: tuple[str, ...] = ()
    moved_rngs: tuple[str, ...] = ()
    changed_config: tuple[str, ...] = ()
    changed_settings: tuple[str, ...] = ()
    leaked_tracers: tuple[str, ...] = ()
    key_reuse: str | None = None

    @classmethod
    def of(cls, name: str, report: Any) -> Observation:
        """From a report; WireError where it has not the shape that `observe` gives it."""
        if not isinstance(report, dict):
            raise WireError("a report that is no record")
        error = report.get("error")
        names = {field: _names(report, field) for field in _LISTS}
        return cls(
            name,
            report.get("value"),
            None if error is None else _error(error),
            _text(report, "printed", 2_000),
            key_reuse=_text(report, "key_reuse", 200) or None,
            **names,
        )

    @property
    def needs_tracing(self) -> bool:
        """Whether a call `without_tracing` met a compiled function of the notebook to trace.

        The only sign of one with `inline=True`, which no jaxpr shows.
        """
        message = self.error.message if self.error is not None else ""
        # "re-tracing function f at FILE:LINE"; of JAX's own functions the file is JAX's.
        return "tracing function" in message and " at " in message and "jax/_src" not in message

    def numpy(self) -> Any:
        """The value with NumPy arrays as leaves; CheckFailed where the call raised."""
        if self.error is not None:
            from jaxercise.properties import describe_error

            raise CheckFailed(describe_error(self.name, self.error))
        return to_numpy(self.value, self.name)


def _text(report: dict, field: str, longest: int) -> str:
    text = report.get(field)
    if not isinstance(text, str | None):
        raise WireError(f"a report whose {field} is no text")
    return (text or "")[:longest]


def _names(report: dict, field: str) -> tuple[str, ...]:
    names = report.get(field)
    if not isinstance(names, list | tuple | None):
        raise WireError(f"a report whose {field} is no list")
    if not all(isinstance(name, str) for name in names or ()):
        raise WireError(f"a report whose {field} is no list of names")
    return tuple(name[:80] for name in (names or ())[:100])


def _error(record: Any) -> ErrorReport:
    if not isinstance(record, dict):
        raise WireError("a report whose error is no record")
    line = record.get("line")
    return ErrorReport(
        _text(record, "type", 80),
        _text(record, "module", 80),
        _text(record, "message", 2_000),
        line if isinstance(line, int) else None,
    )


def to_numpy(record: Any, name: str = "the function") -> Any:
    """A record tree with NumPy arrays as leaves; CheckFailed for what did not cross."""
    match record:
        case records.Array(data) | records.Key(_, data):
            return data
        case records.Opaque() | records.Standin():
            raise CheckFailed(f"{name} returns {noun(record)}, which is no array or number.")
        case list():
            return [to_numpy(item, name) for item in record]
        case tuple():
            return tuple(to_numpy(item, name) for item in record)
        case dict():
            return {key: to_numpy(item, name) for key, item in record.items()}
        case int() if not -(2**63) <= record < 2**64:
            raise CheckFailed(f"{name} returns an int that no array can hold.")
        case bool() | int() | float() | complex():
            return np.asarray(record)
    return record


# (call, which run answers: "main" or "fresh") -> report
Transport = Callable[[Call, str], Any]


@dataclass(frozen=True)
class StudentFunction:
    """One function of the notebook, perhaps transformed; calling it gives an Observation."""

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
        """Under `jax.jit`, in a wrapper of its own, so that it compiles at every call."""
        return self._step(
            "jit",
            static_argnums=_as_tuple(static_argnums),
            static_argnames=_as_tuple(static_argnames),
        )

    def traced(self, static_argnums: Any = (), static_argnames: Any = ()) -> StudentFunction:
        """As under `jax.jit`, but the traced program runs step by step and is not compiled."""
        return self._step(
            "trace",
            static_argnums=_as_tuple(static_argnums),
            static_argnames=_as_tuple(static_argnames),
        )

    def vmapped(self, in_axes: Any = 0, out_axes: Any = 0) -> StudentFunction:
        return self._step("vmap", in_axes=in_axes, out_axes=out_axes)

    def grad(self, argnums: Any = 0) -> StudentFunction:
        return self._step("grad", argnums=argnums)

    def fresh(self) -> StudentFunction:
        """In another process, where the lesson's planted globals have other values."""
        return dataclasses.replace(self, run="fresh")

    def x64(self) -> StudentFunction:
        """With `jax_enable_x64` set around the call."""
        return self._with(x64=True)

    def unwatched(self) -> StudentFunction:
        """Without looking for side effects: for timing, and for large inputs."""
        return self._with(watch=False)

    def watching_keys(self) -> StudentFunction:
        """The observation tells in `key_reuse` whether a key is consumed twice; no value."""
        return self._with(mode="keys")

    def without_tracing(self) -> StudentFunction:
        """Tracing anything raises: for a function that must have been compiled before."""
        return self._with(no_tracing=True)

    def jaxpr(self, *args: Any, static_argnums: Any = ()) -> Observation:
        """The value is {"equations": count, "primitives": {name: count}, "largest": elements}.

        Nested equations count too; the largest intermediate array is meant.
        """
        options = {"static_argnums": _as_tuple(static_argnums)}
        return self._with(mode="jaxpr", watch=False)(*args, **options)

    def traces(self, calls: Sequence[tuple]) -> Observation:
        """The value lists how often a fresh `jax.jit` of the function traced at each call."""
        return self._with(mode="traces", watch=False)(*calls)


def _as_tuple(value: Any) -> tuple:
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
