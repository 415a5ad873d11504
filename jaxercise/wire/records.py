"""Converts live values (arrays, pytrees, PRNG keys) to records of plain data and back.

A record tree consists of plain Python values, `Array`, `Key`, `Opaque` and `Standin`.
wire/codec.py turns it into bytes.

>>> import numpy as np
>>> describe({"x": np.arange(3), "f": len})["f"]
Opaque(type_name='builtin_function_or_method')
>>> revive(describe((1.0, np.float32(2.0))))
(1.0, np.float32(2.0))
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import jax
import ml_dtypes
import numpy as np

from jaxercise.wire.private_jax import Tracer, is_weakly_typed

MAX_TEXT = 1 << 20
MAX_BUFFER_BYTES = 256 << 20
MAX_DEPTH = 64
MAX_NODES = 200_000
# In all dicts of a message: keys chosen to collide make dicts slow to build.
MAX_KEYS = 10_000
# Python refuses to print ints of over 4,300 decimal digits.
MAX_INT_BITS = 14_000
# In all arrays of a message, each counted as often as it occurs: comparing them takes several
# times their memory.
MAX_ELEMENTS = 1 << 25

DTYPES: dict[str, np.dtype] = {
    np.dtype(name).name: np.dtype(name)
    for name in [
        "bool",
        "i1",
        "i2",
        "i4",
        "i8",
        "u1",
        "u2",
        "u4",
        "u8",
        "f2",
        "f4",
        "f8",
        "c8",
        "c16",
    ]
} | {
    name: np.dtype(getattr(ml_dtypes, name))
    for name in dir(ml_dtypes)
    if name.startswith(("bfloat16", "float8", "int4", "uint4"))
}


class TooLarge(Exception):
    """A value is too large to send; the text says which limit it exceeds."""


@dataclass(frozen=True, eq=False)
class Array:
    """An array and where it came from.

    `kind` is "jax", "numpy" or "scalar" (a NumPy scalar, whose `data` has no axes).
    """

    data: np.ndarray
    kind: str = "jax"
    weak_type: bool = False

    @property
    def dtype(self) -> np.dtype:
        return self.data.dtype

    @property
    def shape(self) -> tuple[int, ...]:
        return self.data.shape


@dataclass(frozen=True, eq=False)
class Key:
    """A typed PRNG key or an array of them: `impl` names the algorithm, `data` is uint32.

    The last axis of `data` holds the words of one key.
    """

    impl: str
    data: np.ndarray


@dataclass(frozen=True)
class Opaque:
    """A value that cannot be sent; only the name of its type is."""

    type_name: str


@dataclass(frozen=True)
class Standin:
    """Names a function that cannot be sent, so that the other side can build it."""

    name: str
    arguments: tuple[Any, ...] = ()


# Packages whose classes can be trusted not to raise when they are inspected.
_KNOWN_PACKAGES = frozenset(
    [
        *("builtins", "collections", "functools", "itertools", "jax", "jaxercise", "jaxlib"),
        *("ml_dtypes", "numpy", "random", "types"),
    ]
)


def name_of(kind: type) -> str:
    """The name of a class, even where its metaclass hides it."""
    return str(type.__dict__["__name__"].__get__(kind))


def module_of(kind: type) -> str:
    """The module of a class, even where its metaclass hides it; "" where it is not a str."""
    module = type.__getattribute__(kind, "__module__")
    return module if type(module) is str else ""


def has_own_code(value: Any) -> bool:
    """Whether the value's class is not from a known package, so that its code may raise."""
    return module_of(type(value)).partition(".")[0] not in _KNOWN_PACKAGES


def is_key(value: Any) -> bool:
    """Whether a live value is a typed PRNG key or an array of them; legacy keys are not.

    >>> is_key(jax.random.key(0)), is_key(jax.random.PRNGKey(0))
    (True, False)
    """
    return isinstance(value, jax.Array) and jax.numpy.issubdtype(value.dtype, jax.dtypes.prng_key)


def describe(value: Any, depth: int = 0) -> Any:
    """The record tree of a live value.

    What cannot be sent becomes `Opaque`, and so does an object whose code raises when it is
    inspected. Raises what a class of a known package raises, which is a fault of the library.
    """
    try:
        return _describe(value, depth)
    except Exception:
        if not has_own_code(value):
            raise
        return Opaque(name_of(type(value)))


def _describe(value: Any, depth: int) -> Any:
    kind = type(value)
    if value is None or kind in (bool, int, float, complex, str, bytes):
        return value
    if isinstance(value, Array | Key | Opaque | Standin):
        return value
    if isinstance(value, Tracer):
        return Opaque("Tracer")  # JAX's names for its classes of tracers may change.
    if depth >= MAX_DEPTH:
        return Opaque(name_of(kind))
    if isinstance(value, tuple):
        return tuple(describe(item, depth + 1) for item in value)
    if isinstance(value, list):
        return [describe(item, depth + 1) for item in value]
    if isinstance(value, dict):
        described = {_key(k): describe(v, depth + 1) for k, v in value.items()}
        return described if len(described) == len(value) else Opaque(name_of(kind))
    if isinstance(value, jax.Array):
        return _describe_jax(value)
    if isinstance(value, np.ndarray) and value.dtype.name in DTYPES:
        return Array(np.asarray(value), "numpy")
    if isinstance(value, np.generic) and value.dtype.name in DTYPES:
        return Array(np.asarray(value), "scalar")
    record = getattr(value, "standin", None)
    return record if isinstance(record, Standin) else Opaque(name_of(kind))


def _key(key: Any, depth: int = 0) -> Any:
    """The record of a dict's key; a tuple keeps its items, so that no two keys become equal."""
    if type(key) is tuple and depth < MAX_DEPTH:
        return tuple(_key(item, depth + 1) for item in key)
    return describe(key, MAX_DEPTH)


def _describe_jax(value: jax.Array) -> Array | Key:
    if is_key(value):
        return Key(str(jax.random.key_impl(value)), np.asarray(jax.random.key_data(value)))
    return Array(np.asarray(value), "jax", is_weakly_typed(value))


def assert_can_cross(record: Any) -> None:
    """Raise TooLarge if the other side would refuse this record for its size."""
    nodes = elements = nbytes = text = keys = 0
    pending = [record]
    while pending:
        node = pending.pop()
        nodes += 1
        match node:
            case list() | tuple():
                pending.extend(node)
            case dict():
                keys += len(node)
                pending.extend(node.keys())
                pending.extend(node.values())
            case Array() | Key():
                elements += node.data.size
                nbytes += node.data.nbytes
            case bytes():
                nbytes += len(node)
            case str():
                text += len(node)
            case int() if node.bit_length() > MAX_INT_BITS:
                raise TooLarge(f"an int of over {MAX_INT_BITS} bits")
            case int():
                text += node.bit_length() // 4
        if nodes > MAX_NODES // 2 or keys > MAX_KEYS // 2 or text > MAX_TEXT:
            raise TooLarge(f"over {MAX_NODES // 2} leaves or {MAX_TEXT} characters")
        if elements > MAX_ELEMENTS or nbytes > MAX_BUFFER_BYTES:
            raise TooLarge(f"over {MAX_ELEMENTS} numbers or {MAX_BUFFER_BYTES} bytes")


def revive(record: Any, build: Callable[[Standin], Any] | None = None) -> Any:
    """The live value of a record tree.

    `build` makes the function that a `Standin` names; without it, a stand-in raises TypeError.
    64-bit jax arrays keep their dtype only where `jax_enable_x64` is set. `Opaque` stays as it is.
    """
    if isinstance(record, Array):
        if record.kind == "jax":
            return _on_device(record.data)
        return record.data.copy() if record.kind == "numpy" else record.data[()]
    if isinstance(record, Key):
        return jax.random.wrap_key_data(_on_device(record.data), impl=record.impl)
    if isinstance(record, Standin):
        if build is None:
            raise TypeError(f"nothing here builds the stand-in {record.name!r}")
        return build(record)
    if isinstance(record, tuple):
        return tuple(revive(item, build) for item in record)
    if isinstance(record, list):
        return [revive(item, build) for item in record]
    if isinstance(record, dict):
        return {k: revive(v, build) for k, v in record.items()}
    return record


def _on_device(data: np.ndarray) -> jax.Array:
    """A new jax array; unlike jnp.array, device_put compiles no program for each shape."""
    # Copied, since a transfer may read its source later or alias it.
    return jax.device_put(data.copy())
