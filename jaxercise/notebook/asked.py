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


def asked_by(function: Any, check: FrameType | None) -> Asked:
    """What the code that called the function running in the frame `check` asks a check of.

    A function's `__name__` need not be its name in the notebook: that of `ema = jax.jit(_ema)` is
    `_ema`, and what `functools.partial` returns has none. So the name is the first one in the
    calling code that the notebook binds to this very object.
    """
    caller = check.f_back if check else None  # Other Pythons than CPython may have no frames.
    names, namespace = (caller.f_code.co_names, caller.f_globals) if caller else ((), {})
    bound = [name for name in names if namespace.get(name, names) is function]
    name = bound[0] if bound else _own_name(function)
    if namespace.get(name, names) is not function:
        namespace = {**namespace, name: function}
    return Asked(name, namespace)


def _own_name(function: Any) -> str:
    try:
        name = function.__name__
    except Exception:
        return "the function"
    return name if type(name) is str and name != "<lambda>" else "the function"
