"""The contents of one object: its attributes, and state that is not in attributes.

Nothing here runs code of a notebook's own classes: properties, `__getattr__` and `__class__`
are bypassed.
"""

from __future__ import annotations

import array
import collections
import contextvars
import enum
import functools
import hashlib
import io
import itertools
import queue
import random
import sys
import sysconfig
import threading
import types
import weakref
from typing import Any, cast

import numpy as np

from jaxercise.wire.private_jax import JittedFunction, Ref
from jaxercise.wire.records import module_of

VIEWS = (types.MappingProxyType, weakref.WeakKeyDictionary, weakref.WeakValueDictionary)
BUFFERS = (bytearray, memoryview, array.array)
# Modules of the standard library whose objects change when they are used, or in other threads.
_VOLATILE_MODULES = frozenset(
    [
        *("asyncio", "concurrent", "importlib", "inspect", "logging", "pathlib", "re"),
        *("selectors", "subprocess", "typing", "unittest", "warnings"),
    ]
)
_FUNCTION_LIKE = (JittedFunction, type(functools.cache(lambda: None)))
_BUILTIN_ITERATORS = (enumerate, filter, map, reversed, zip)
# Of a large array, this many blocks of this many bytes are read.
_BLOCKS = 64
_BLOCK_BYTES = 1 << 12
_FOLDERS = (sysconfig.get_path("stdlib"), sysconfig.get_path("platstdlib"))
# The names that libraries define themselves; those added later come from the notebook.
_NAMES_AT_START = {
    name: frozenset(vars(module))
    for name, module in cast(list[tuple[str, Any]], list(sys.modules.items()))
    if isinstance(module, types.ModuleType) and name != "__main__"
}


def is_of_library(module: Any) -> bool:
    """Whether a module of this name is Python's or an installed one, not the notebook's own."""
    top = str(module).partition(".")[0]
    if top == "__main__":
        return False
    if top in sys.stdlib_module_names or top in _NAMES_AT_START:
        return True
    return is_library_file(str(getattr(sys.modules.get(top), "__file__", None) or ""))


def is_library_file(path: str) -> bool:
    """Whether a source file is Python's or an installed one."""
    return "site-packages" in path or "dist-packages" in path or path.startswith(_FOLDERS)


def own_dict(value: Any) -> dict[str, Any]:
    """The object's `__dict__`, even where its class hides it; empty if it has none."""
    try:
        found = object.__getattribute__(value, "__dict__")
    except Exception:
        return {}
    return found if isinstance(found, dict) else {}


def _class_dict(kind: type) -> types.MappingProxyType[str, Any]:
    return type.__dict__["__dict__"].__get__(kind)


def attributes(value: Any) -> dict[str, Any]:
    """Attributes and slots by name, without the values of `cached_property`.

    Empty for objects of installed libraries, whose state is their own business.
    """
    kind = type(value)
    if issubclass(kind, _FUNCTION_LIKE):
        return {k: v for k, v in own_dict(value).items() if not k.startswith("_")}
    module = module_of(kind)
    top = module.partition(".")[0]
    if top in _VOLATILE_MODULES or issubclass(kind, threading.Thread):
        return {}
    if top not in sys.stdlib_module_names and is_of_library(module):
        return {}
    found = dict(vars(value) if issubclass(kind, threading.local) else own_dict(value))
    for base in type.__dict__["__mro__"].__get__(kind):
        for name, member in _class_dict(base).items():
            # CPython changes some of its special members when the object is first called.
            if type(member) is types.MemberDescriptorType and (
                not _is_special(name) or name in ("__self__", "__func__")
            ):
                try:
                    found[name] = member.__get__(value)
                except AttributeError:  # a slot without a value
                    continue
            elif type(member) is functools.cached_property:
                found.pop(name, None)
    return found


def of_class(kind: type) -> dict[str, Any]:
    """The class attributes of a class of the notebook, without special names."""
    if is_of_library(module_of(kind)):
        return {}
    found = {k: v for k, v in _class_dict(kind).items() if not _is_special(k)}
    if issubclass(type(kind), enum.EnumMeta):  # It caches combined flags at their first use.
        found = {k: v for k, v in found.items() if not k.startswith("_")}
    return found


def of_module(module: types.ModuleType) -> dict[str, Any]:
    """The names in a notebook's own module; in a library's, those that were added to it."""
    names = own_dict(module)
    name = str(names.get("__name__"))
    if name == "__main__":
        return {}
    known: Any = ()
    if sys.modules.get(name) is module and is_of_library(name):
        known = _NAMES_AT_START.get(name, names.keys())
    return {name: names[name] for name in names.keys() - known if not _is_special(name)}


def _is_special(name: str) -> bool:
    return name.startswith("__") and name.endswith("__")


def parts(value: Any) -> list[Any]:
    """Other objects that belong to this one but are in none of its attributes."""
    kind = type(value)
    found = [kind] if not is_of_library(module_of(kind)) else []
    if "__wrapped__" in (own := own_dict(value)):
        found.append(own["__wrapped__"])
    if kind is types.BuiltinMethodType:
        found.append(value.__self__)
    if issubclass(kind, collections.defaultdict):
        found.append(value.default_factory)
    return found


def inner(value: Any) -> Any:
    """State that is not in attributes, as built-in containers; None if there is none.

    Iterators and generators are not advanced.
    """
    kind = type(value)
    for kinds, look in _INNER:
        if issubclass(kind, kinds):
            return look(value)
    if module_of(kind) == "builtins" and (
        kind in _BUILTIN_ITERATORS or kind.__name__.endswith("iterator")
    ):
        return value.__reduce__()
    return None


def _frame(generator: Any) -> Any:
    frame = generator.gi_frame
    return "at its end" if frame is None else (frame.f_lasti, dict(frame.f_locals))


def _itertool(value: Any) -> Any:
    if isinstance(value, itertools.count | itertools.repeat):
        return repr(value)
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Python 3.14 removes __reduce__ here.
        return value.__reduce__()


def _position(file: Any) -> Any:
    return "closed" if file.closed else file.tell()


_ITERTOOLS = tuple(kind for kind in vars(itertools).values() if isinstance(kind, type))

_INNER: tuple[tuple[Any, Any], ...] = (
    (np.random.Generator, lambda value: value.bit_generator.state),
    (np.random.BitGenerator, lambda value: value.state),
    (np.random.RandomState, lambda value: value.get_state()),
    (np.random.SeedSequence, lambda value: value.n_children_spawned),
    (random.Random, lambda value: random.Random.getstate(value)),
    (_ITERTOOLS, _itertool),
    (types.GeneratorType, _frame),
    ((io.StringIO, io.BytesIO), lambda value: (value.getvalue(), value.tell())),
    (io.IOBase, _position),
    (contextvars.ContextVar, lambda value: [value.get(None)]),
    (weakref.ReferenceType, lambda value: [value()]),
    (weakref.WeakSet, lambda value: len(value)),
    (queue.SimpleQueue, lambda value: value.qsize()),
    (Ref, lambda value: np.asarray(value[...])),
)


def digest(buffer: Any, sampled_bytes: int) -> tuple[bytes, int]:
    """A digest of a buffer's bytes, and how many were read: only blocks if there are too many."""
    flat = np.ascontiguousarray(buffer).reshape(-1).view(np.uint8)
    if flat.size > sampled_bytes:
        starts = np.linspace(0, flat.size - _BLOCK_BYTES, _BLOCKS).astype(int)
        flat = np.concatenate([flat[start : start + _BLOCK_BYTES] for start in starts])
    return hashlib.blake2b(flat.data, digest_size=16).digest(), flat.size
