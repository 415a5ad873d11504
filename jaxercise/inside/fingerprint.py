"""Fingerprints of all objects reachable from a namespace, to tell whether a call changed any.

Each object is recorded once with its own contents: plain values as they are, other objects by
identity. A change is therefore seen in the object where it happens. A new object needs no
comparison, since the object that refers to it has changed. No code of the objects' classes runs.

Adding a callable or a module is not a change: a dict of compiled functions is a legitimate
cache, while a dict of results is state. The contents of callables and modules are recorded.
"""

from __future__ import annotations

import collections
import contextlib
import itertools
import re
import sys
import types
from dataclasses import dataclass, field
from typing import Any

import jax
import numpy as np

from jaxercise.inside import contents
from jaxercise.wire.private_jax import Tracer

# Names that IPython puts into every namespace, such as the history and the last results, and
# Python's own, such as the registry of warnings it has shown.
_NOT_THE_NOTEBOOKS = re.compile(
    r"_+|_(i|oh|ih|dh|\d+|i+|i\d+|exit_code)|In|Out|exit|quit|open|get_ipython"
    r"|__(warningregistry|builtins?|loader|spec)__"
)
_MAX_OBJECTS = 20_000
_MAX_ENTRIES = 400_000
_MAX_BYTES = 64 << 20
# Of a sequence over twice this length, only this many entries at either end are recorded.
_LONG = 10_000
_DEEP = 20

# An exception while reading one of these is a fault of the library.
_NEVER_REFUSE = (dict, list, set, frozenset, collections.deque, np.ndarray)

_ABSENT = ("absent",)
_CALLABLE = ("callable",)

_PLAIN = (type(None), bool, int, str, bytes, type(...), range, slice)

# The contents of one object: entries, attributes and other state, each under its own key.
State = dict[Any, Any]


@dataclass(frozen=True)
class Snapshot:
    """The contents of everything that the names of a namespace lead to, at one moment.

    `roots` has what each name is bound to; `states` the contents of each object by its id;
    `names` the name from which each object was reached; `tracers` the names that lead to a
    tracer. `kept_alive` holds the objects themselves, so that their ids are not reused.
    """

    roots: State
    states: dict[int, State]
    names: dict[int, str]
    tracers: frozenset[str]
    kept_alive: list[Any] = field(repr=False)

    @classmethod
    def of(cls, namespace: dict[str, Any], sampled_bytes: int = 1 << 18) -> Snapshot:
        """A snapshot of `namespace`; of an array over `sampled_bytes`, only parts are read."""
        walk = _Walk(sampled_bytes)
        for name, value in list(namespace.items()):
            if type(name) is str and not _NOT_THE_NOTEBOOKS.fullmatch(name):
                walk.start(name, value)
        walk.run()
        return cls(walk.roots, walk.states, walk.names, frozenset(walk.tracers), walk.kept_alive)

    def changes(self, later: Snapshot) -> list[str]:
        """Names that are bound to another value now or lead to an object that has changed."""
        changed = set(_differences(self.roots, later.roots))
        for address in self.states.keys() & later.states.keys():
            if _differences(self.states[address], later.states[address]):
                changed.add(self.names[address])
        return sorted(changed)


def _differences(before: State, after: State) -> list[Any]:
    """Keys whose values differ.

    A callable may appear or disappear: functions are compiled at their first call.
    """
    if before == after:
        return []
    found = []
    for key in before.keys() | after.keys():
        old, new = before.get(key, _ABSENT), after.get(key, _ABSENT)
        if old != new and new != _CALLABLE and (old, new) != (_CALLABLE, _ABSENT):
            found.append(key)
    return found


class _Walk:
    """A breadth-first walk over everything that some names lead to, within limits.

    Objects beyond the limits have no state and are not compared.
    """

    def __init__(self, sampled_bytes: int) -> None:
        self.sampled_bytes = sampled_bytes
        self.roots: State = {}
        self.states: dict[int, State] = {}
        self.names: dict[int, str] = {}
        self.tracers: set[str] = set()
        self.kept_alive: list[Any] = []
        self.queue: collections.deque[tuple[str, Any]] = collections.deque()
        self.name = ""
        self.entries_left = _MAX_ENTRIES
        self.bytes_left = _MAX_BYTES

    def start(self, name: str, value: Any) -> None:
        self.name = name
        self.roots[name] = self.token(value)

    def run(self) -> None:
        while self.queue and len(self.states) < _MAX_OBJECTS and self.entries_left > 0:
            self.name, value = self.queue.popleft()
            try:
                if (state := self.look_into(value)) is not None:
                    self.states[id(value)] = state
            except Exception:
                # An object may refuse to be read; then its contents are unknown.
                if type(value) in _NEVER_REFUSE:
                    raise

    def token(self, value: Any, depth: int = 0) -> Any:
        """What represents a value in the object that holds it; its own contents are read later."""
        kind = type(value)
        self.entries_left -= 1
        if kind in _PLAIN:
            return kind, value
        if kind is float or kind is complex:
            return kind, repr(value)  # Here NaN equals NaN.
        if issubclass(kind, np.generic):
            return kind, value.tobytes()
        if issubclass(kind, Tracer):
            self.tracers.add(self.name)
        elif issubclass(kind, jax.Array):
            self.kept_alive.append(value)
            # An array is deleted when it is donated to a compiled function.
            return "array", id(value), value.is_deleted()
        elif issubclass(kind, tuple) and depth < _DEEP:
            items = tuple(self.token(item, depth + 1) for item in tuple.__iter__(value))
            if kind is not tuple:
                self.enqueue(value)
            return kind, items
        self.enqueue(value)
        if callable(value) or issubclass(kind, types.ModuleType):
            return _CALLABLE
        return "object", id(value)

    def enqueue(self, value: Any) -> None:
        if id(value) not in self.names:
            self.names[id(value)] = self.name
            self.kept_alive.append(value)
            self.queue.append((self.name, value))

    def look_into(self, value: Any) -> State | None:
        kind = type(value)
        if issubclass(kind, np.ndarray):
            return self.array(value)
        if issubclass(kind, types.ModuleType):
            return self.named(contents.of_module(value))
        if issubclass(kind, type):
            return self.named(contents.of_class(value))
        if issubclass(kind, types.FunctionType):
            return self.function(value)
        state = self.named(contents.attributes(value))
        for part in contents.parts(value):
            self.enqueue(part)
        for base, look in _CONTAINERS:
            if issubclass(kind, base):
                return state | look(self, value)
        if (inner := contents.inner(value)) is not None:
            state["inner"] = self.inline(inner)
        return state

    def named(self, items: dict[str, Any]) -> State:
        return {name: self.token(value) for name, value in items.items()}

    def array(self, value: np.ndarray) -> State:
        plain = value.view(np.ndarray)
        state = {"dtype": str(plain.dtype), "shape": plain.shape}
        if plain.dtype.hasobject:
            return state | self.sequence(plain.ravel().tolist())
        return state | self.buffer(plain)

    def buffer(self, value: Any) -> State:
        if self.bytes_left <= 0:
            return {}
        digest, read = contents.digest(value, self.sampled_bytes)
        self.bytes_left -= read
        return {"bytes": digest}

    def sequence(self, items: Any) -> State:
        count = len(items)
        shown = items if count <= 2 * _LONG else [*items[:_LONG], *items[-_LONG:]]
        # A short sequence has no length of its own: callables may be added to it.
        return {i: self.token(item) for i, item in enumerate(shown)} | (
            {"length": count} if count > 2 * _LONG else {}
        )

    def mapping(self, items: Any) -> State:
        state: State = {"length": len(items)} if len(items) > 2 * _LONG else {}
        return state | {
            ("entry", self.token(key)): self.token(item)
            for key, item in itertools.islice(items, 2 * _LONG)
        }

    def function(self, value: types.FunctionType) -> State:
        """Attributes, defaults, closure, and the modules that the function imports.

        Of a library's function, such as jax.vmap returns, only the functions in its closure.
        """
        code, own = value.__code__, contents.own_dict(value)
        state = self.named({k: v for k, v in own.items() if k != "__wrapped__"})
        if "__wrapped__" in own:
            self.enqueue(own["__wrapped__"])
        if contents.is_of_library(value.__globals__.get("__name__")):
            for cell in value.__closure__ or ():
                with contextlib.suppress(ValueError):
                    if callable(cell.cell_contents):
                        self.enqueue(cell.cell_contents)
            return state
        state["code"] = id(code)
        state["defaults"] = self.token(value.__defaults__)
        for name, default in (value.__kwdefaults__ or {}).items():
            state["default", name] = self.token(default)
        for name, cell in zip(code.co_freevars, value.__closure__ or (), strict=True):
            with contextlib.suppress(ValueError):  # The cell is still empty.
                state["closure", name] = self.token(cell.cell_contents)
        for name in code.co_names:
            if isinstance(module := sys.modules.get(name), types.ModuleType):
                self.enqueue(module)
        return state

    def inline(self, value: Any, depth: int = 0) -> Any:
        """Built-in containers by their contents, for containers made just for this walk."""
        kind = type(value)
        if depth < _DEEP and kind in (list, tuple):
            return kind, tuple(self.inline(item, depth + 1) for item in value[:_LONG])
        if depth < _DEEP and kind is dict:
            items = itertools.islice(value.items(), _LONG)
            return tuple((self.token(key), self.inline(item, depth + 1)) for key, item in items)
        if kind is np.ndarray:
            return value.tobytes()
        return self.token(value)


_CONTAINERS: tuple[tuple[Any, Any], ...] = (
    (dict, lambda walk, value: walk.mapping(dict.items(value))),
    (list, lambda walk, value: walk.sequence(list.copy(value))),
    (tuple, lambda walk, value: {}),  # Its items are in its token.
    (collections.deque, lambda walk, value: walk.sequence(list(collections.deque.__iter__(value)))),
    (set, lambda walk, value: {"set": frozenset(map(walk.token, list(set.__iter__(value))))}),
    (frozenset, lambda walk, value: {"set": frozenset(map(walk.token, frozenset.__iter__(value)))}),
    (contents.VIEWS, lambda walk, value: walk.mapping(list(value.items()))),
    (contents.BUFFERS, lambda walk, value: walk.buffer(value)),
)
