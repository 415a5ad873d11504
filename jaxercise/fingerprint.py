"""Digests of live values and of a notebook's namespace, to tell whether a call changed them.

Only exact built-in containers, NumPy arrays and classes of the notebook are looked into,
through the built-in types' own methods, never the object's. Callables as values are
exempt: a dict of compiled functions is a legitimate cache, a dict of results is state.
"""

from __future__ import annotations

import collections
import functools
import hashlib
import itertools
import random
import re
import types
from dataclasses import dataclass
from typing import Any

import jax
import numpy as np
from jax.core import Tracer

from jaxercise import records

# IPython's own names: history, last results, and what it puts in every namespace.
_IPYTHON = re.compile(r"_+|_(i|oh|ih|dh|\d+|i+|i\d+|exit_code)|In|Out|exit|quit|open|get_ipython")
# Where Python notes which warnings it has shown.
_WARNINGS = "__warningregistry__"
# What Python itself adds to a class when somebody, such as a protocol, asks for annotations.
_OF_PYTHON = re.compile(r"__annotate.*__|__annotations.*__")
_MAX_DEPTH = 12
_MAX_ITEMS = 100_000


def digest(value: Any) -> bytes:
    """A digest of a value's contents; two equal digests mean nothing visible changed."""
    return _Walk().digest(value)


@dataclass(frozen=True)
class Snapshot:
    """Digests of a namespace's data and of its functions' own state.

    `kept` holds the objects themselves, so that no address is reused while it lives.
    """

    data: dict[str, bytes]
    functions: dict[str, tuple[int, bytes]]
    tracers: frozenset[str]
    kept: tuple

    @classmethod
    def of(cls, namespace: dict[str, Any]) -> Snapshot:
        data, functions, tracers = {}, {}, set()
        items = [
            (name, value)
            for name, value in namespace.items()
            if type(name) is str and name != _WARNINGS and not _IPYTHON.fullmatch(name)
        ]
        for name, value in items:
            if issubclass(type(value), types.ModuleType):
                continue
            walk = _Walk()
            if callable(value):
                functions[name] = (id(value), walk.digest(value))
            else:
                data[name] = walk.digest(value)
            if walk.tracers:
                tracers.add(name)
        return cls(data, functions, frozenset(tracers), tuple(items))

    def changes(self, later: Snapshot) -> list[str]:
        """Names whose data changed, and functions whose defaults, closures or attributes did.

        A name that holds a function now is exempt, as callables are: it may have been compiled
        at the first call.
        """
        names = (self.data.keys() | later.data.keys()) - later.functions.keys()
        changed = {name for name in names if self.data.get(name) != later.data.get(name)}
        for name in self.functions.keys() & later.functions.keys():
            (identity, state), (identity_later, state_later) = (
                self.functions[name],
                later.functions[name],
            )
            if identity == identity_later and state != state_later:
                changed.add(name)
        return sorted(changed)


class _Walk:
    def __init__(self) -> None:
        self.hash = hashlib.blake2b(digest_size=16)
        # By address, with the objects themselves: those made on the way, such as a function's
        # attributes, would else be gone, and the next at their address taken for them.
        self.seen: dict[int, Any] = {}
        self.items = 0
        self.tracers = False

    def digest(self, value: Any) -> bytes:
        self.visit(value, 0)
        return self.hash.digest()

    def add(self, *parts: Any) -> None:
        for part in parts:
            # hex, since Python writes no int of over 4,300 decimal digits.
            text = hex(part) if type(part) is int else repr(part)
            self.hash.update(part if type(part) is bytes else text.encode())
            self.hash.update(b"\0")

    def visit(self, value: Any, depth: int) -> None:
        """Add what can be seen of a value; of one whose own code raises, its identity."""
        try:
            self.see(value, depth)
        except Exception:
            if not records.has_own_code(value):
                raise
            self.add(id(value))

    def see(self, value: Any, depth: int) -> None:
        kind = type(value)
        self.items += 1
        if value is None or kind in (bool, int, float, complex, str, bytes):
            self.add(kind.__name__, value)
        elif isinstance(value, Tracer):
            self.tracers = True
            self.add("tracer", id(value))
        elif isinstance(value, jax.Array):
            # Deleted, when it was donated to a compiled function.
            self.add("jax", id(value), value.is_deleted())
        elif depth > _MAX_DEPTH or self.items > _MAX_ITEMS:
            self.add("deep")
        elif id(value) in self.seen:
            self.add("again")
        else:
            self.seen[id(value)] = value
            self.look_into(value, kind, depth + 1)

    def look_into(self, value: Any, kind: type, depth: int) -> None:
        match value:
            case np.ndarray() if kind is np.ndarray:
                self.array(value, depth)
            case np.generic():
                self.add(kind.__name__, value.tobytes())
            case dict():
                self.mapping(dict.items(value), depth)
            case list() | tuple() | collections.deque():
                self.add(kind.__name__, len(value))
                base: Any = next(
                    b for b in (list, tuple, collections.deque) if isinstance(value, b)
                )
                for item in base.__iter__(value):
                    self.visit(item, depth)
            case set() | frozenset():
                self.add("set", *sorted(repr(digest(item)) for item in value))
            case np.random.Generator():
                self.visit(value.bit_generator.state, depth)
            case np.random.RandomState():
                self.visit(value.get_state(), depth)
            case random.Random() if kind is random.Random:
                self.visit(value.getstate(), depth)
            case itertools.count():
                self.add(_position(value))
            case functools.partial():
                self.visit((value.func, value.args, value.keywords), depth)
            case types.FunctionType():
                self.function(value, depth)
            case types.MethodType():
                self.visit(value.__self__, depth)
            # A protocol, which isinstance looks through anew each time and issubclass once a class.
            case _ if issubclass(kind, jax.stages.Wrapped) or records.defines(kind, "cache_info"):
                self.add(id(value))
                self.visit(getattr(value, "__wrapped__", None), depth)
            case type() if records.module_of(value) == "__main__":
                of_student = [i for i in vars(value).items() if not _OF_PYTHON.fullmatch(i[0])]
                self.mapping(of_student, depth)
            case _ if records.module_of(kind) == "__main__":
                self.mapping(list(getattr(value, "__dict__", {}).items()), depth)
            case _:
                self.add(id(value))

    def array(self, value: np.ndarray, depth: int) -> None:
        self.add(value.dtype, value.shape)
        if value.dtype.hasobject:
            for item in value.ravel().tolist():
                self.visit(item, depth)
        else:
            self.add(np.ascontiguousarray(value).view(np.uint8).data.tobytes())

    def mapping(self, items: Any, depth: int) -> None:
        for key, value in list(items):
            if callable(value):
                continue
            self.visit(key, depth)
            self.visit(value, depth)

    def function(self, value: types.FunctionType, depth: int) -> None:
        self.add(id(value.__code__))
        self.visit(value.__defaults__, depth)
        self.visit(value.__kwdefaults__, depth)
        self.visit({k: v for k, v in value.__dict__.items() if k != "__wrapped__"}, depth)
        for cell in value.__closure__ or ():
            try:
                self.visit(cell.cell_contents, depth)
            except ValueError:
                self.add("empty cell")


def _position(count: itertools.count) -> str | int:
    """Where a counter stands; of one beyond what Python writes in decimal, its identity."""
    try:
        return repr(count)
    except ValueError:
        return id(count)
