"""A request to call a function of the notebook, as plain data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from jaxercise.wire import records


@dataclass(frozen=True)
class Call:
    """A request to call a function of the notebook.

    `steps` are transformations, the innermost first: ("jit", options), ("trace", options),
    ("vmap", options), ("grad", options) or ("times", options). `mode` says what is reported:

    - "call": the value and the side effects, the latter unless `watch` is false
    - "jaxpr": a summary of the function's jaxpr
    - "traces": how often `jax.jit` traces for a list of calls
    - "keys": PRNG keys that are used twice
    - "guarded": which arguments are written to, also if the write is undone
    - "nothing": only that the arguments arrived; no function is called

    `x64` enables 64-bit types around the call; with `no_tracing`, tracing anything raises.
    """

    name: str
    args: tuple[Any, ...] = ()
    kwargs: dict[str, Any] | None = None
    steps: tuple[tuple[str, dict[str, Any]], ...] = ()
    mode: str = "call"
    x64: bool = False
    watch: bool = True
    no_tracing: bool = False

    def to_message(self) -> dict[str, Any]:
        return {
            "op": "call",
            "name": self.name,
            "args": records.describe(self.args),
            "kwargs": records.describe(self.kwargs or {}),
            "steps": self.steps,
            "mode": self.mode,
            "x64": self.x64,
            "watch": self.watch,
            "no_tracing": self.no_tracing,
        }

    @classmethod
    def from_message(cls, message: dict[str, Any]) -> Call:
        fields = {k: v for k, v in message.items() if k not in ("op", "id")}
        return cls(**fields)
