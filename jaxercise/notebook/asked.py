"""Which function of the notebook a visible check is about, by the name that the student reads."""

from __future__ import annotations

from dataclasses import dataclass
from types import FrameType
from typing import Any


@dataclass(frozen=True)
class Asked:
    """The name of the function that is checked, and a namespace in which it has that name."""

    name: str
    namespace: dict[str, Any]


def asked_by(function: Any, caller: FrameType) -> Asked:
    """What the code in `caller` asks a check of.

    A function's `__name__` need not be its name in the notebook: that of `ema = jax.jit(_ema)` is
    `_ema`, and what `functools.partial` returns has none. So the name is the first one in the
    calling code that the notebook binds to this very object.
    """
    namespace = caller.f_globals
    bound = [name for name in caller.f_code.co_names if namespace.get(name, caller) is function]
    name = bound[0] if bound else _own_name(function)
    if namespace.get(name, caller) is not function:
        namespace = {**namespace, name: function}
    return Asked(name, namespace)


def _own_name(function: Any) -> str:
    try:
        name = function.__name__
    except Exception:
        return "the function"
    return name if type(name) is str and name != "<lambda>" else "the function"
