"""A request to call a function of the notebook, as plain data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from jaxercise.wire import records


@dataclass(frozen=True)
class Call:
    """A request to call a function of the notebook.

    `steps` are transforms from the inside out, ("jit", options), ("trace", options),
    ("vmap", options) or ("grad", options); `mode` is "call", "nothing" (the arguments arrive,
    no function is called), "guarded" (no value: which arguments are written to), "jaxpr", "traces"
    or "keys".
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
