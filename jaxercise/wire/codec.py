"""Record trees as bytes.

A message is a record tree (wire/records.py). On the wire it is a 4-byte length, a JSON header
(the tree and the sizes of the buffers), then the raw buffers. Nothing is unpickled or
evaluated. The other side may be hostile, so `unpack` checks every number before using it.
"""

from __future__ import annotations

import json
import math
import struct
from collections.abc import Callable
from typing import Any

import numpy as np

from jaxercise.wire.records import (
    DTYPES,
    MAX_BUFFER_BYTES,
    MAX_DEPTH,
    MAX_ELEMENTS,
    MAX_INT_BITS,
    MAX_KEYS,
    MAX_NODES,
    Array,
    Key,
    Opaque,
    Standin,
)

# Hexadecimal digits after a sign and 0x.
_MAX_INT_TEXT = MAX_INT_BITS // 4 + 3


class WireError(Exception):
    """A message is malformed or too large; the text tells an instructor how."""


def printable(text: str, longest: int) -> str:
    """The last `longest` characters of a text from the other side, safe to show.

    Everything but printable ASCII and newlines becomes a question mark:

    >>> printable("caf\\u00e9\\x1b[31m", 100)
    'caf??[31m'
    """
    return "".join(c if c == "\n" or " " <= c <= "~" else "?" for c in text[-longest:])


def pack(message: Any) -> list[bytes | memoryview]:
    """The message as chunks to send in order: length, header, buffers.

    Raises WireError for a value that is not a record tree.
    """
    buffers: list[memoryview] = []
    tree = _encode(message, buffers)
    header = json.dumps({"tree": tree, "sizes": [b.nbytes for b in buffers]}).encode()
    return [struct.pack(">I", len(header)), header, *buffers]


def _encode(value: Any, buffers: list[memoryview]) -> Any:
    if value is None or value is True or value is False:
        return value
    match value:
        case str():
            return value
        case int():
            return ["i", hex(value)]
        case float():
            return ["f", value.hex()]
        case complex():
            return ["c", value.real.hex(), value.imag.hex()]
        case bytes():
            return ["b", _buffer(np.frombuffer(value, np.uint8), buffers)]
        case tuple() | list():
            tag = "t" if isinstance(value, tuple) else "l"
            return [tag, [_encode(item, buffers) for item in value]]
        case dict():
            return ["d", [[_encode(k, buffers), _encode(v, buffers)] for k, v in value.items()]]
        case Array(data, kind, weak):
            at = _buffer(data, buffers)
            return ["a", kind, data.dtype.name, list(data.shape), weak, at]
        case Key(impl, data):
            return ["k", impl, list(data.shape), _buffer(data.astype(np.uint32), buffers)]
        case Opaque(name):
            return ["o", name[:200]]
        case Standin(name, arguments):
            return ["s", name, _encode(arguments, buffers)]
    raise WireError(f"cannot send a {type(value).__name__}; describe() it first")


def _buffer(data: np.ndarray, buffers: list[memoryview]) -> int:
    native = np.ascontiguousarray(data, dtype=data.dtype.newbyteorder("="))
    buffers.append(native.reshape(-1).view(np.uint8).data)
    return len(buffers) - 1


def unpack(header: bytes, read: Callable[[int], bytearray]) -> Any:
    """The message with this header; `read(nbytes)` returns its buffers in order.

    Raises WireError for anything malformed, before allocating what the header asks for.
    """
    try:
        frame = json.loads(header)
        tree, sizes = frame["tree"], frame["sizes"]
        if type(sizes) is not list or not all(_is_size(size) for size in sizes):
            raise WireError(f"a buffer size is not a count of up to {MAX_BUFFER_BYTES} bytes")
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise WireError(f"the header is malformed ({type(error).__name__})") from None
    if sum(sizes) > MAX_BUFFER_BYTES:
        raise WireError(f"{sum(sizes)} bytes of arrays; at most {MAX_BUFFER_BYTES} are allowed")
    decoder = _Decoder([read(size) for size in sizes])
    try:
        return decoder.decode(tree, 0)
    except WireError:
        raise
    except Exception as error:
        raise WireError(f"the tree is malformed ({type(error).__name__})") from error


def _is_size(size: Any) -> bool:
    return type(size) is int and 0 <= size <= MAX_BUFFER_BYTES


class _Decoder:
    """Decodes one message, counting what the limits apply to."""

    def __init__(self, buffers: list[bytearray]):
        self.buffers = buffers
        self.nodes = 0
        self.keys = 0
        self.elements = 0

    def decode(self, node: Any, depth: int) -> Any:
        self.nodes += 1
        if self.nodes > MAX_NODES or depth > MAX_DEPTH + 2:
            raise WireError(f"a tree of over {MAX_NODES} nodes or {MAX_DEPTH} levels")
        if node is None or type(node) in (bool, str):
            return node
        if type(node) is not list or not node:
            raise WireError(f"a bare {type(node).__name__} in the tree")
        match node:
            case ["i", str(text)] if len(text) <= _MAX_INT_TEXT:
                return int(text, 16)
            case ["f", str(text)]:
                return float.fromhex(text)
            case ["c", str(real), str(imag)]:
                return complex(float.fromhex(real), float.fromhex(imag))
            case ["b", int(at)]:
                return bytes(self.buffers[at])
            case ["t", list(items)]:
                return tuple(self.decode(item, depth + 1) for item in items)
            case ["l", list(items)]:
                return [self.decode(item, depth + 1) for item in items]
            case ["d", list(pairs)]:
                return {self.key(k, depth): self.decode(v, depth + 1) for k, v in pairs}
            case [
                "a",
                ("jax" | "numpy" | "scalar") as kind,
                str(dtype),
                list(shape),
                bool(weak),
                at,
            ]:
                return Array(self.array(DTYPES[dtype], shape, at), kind, weak)
            case ["k", str(impl), list(shape), at]:
                return Key(impl[:40], self.array(DTYPES["uint32"], shape, at))
            case ["o", str(name)]:
                return Opaque(name[:200])
            case ["s", str(name), arguments]:
                return Standin(name, self.decode(arguments, depth + 1))
        raise WireError(f"an unknown node {str(node[0])[:20]!r}")

    def key(self, node: Any, depth: int) -> Any:
        key = self.decode(node, depth + 1)
        self.keys += 1
        if self.keys > MAX_KEYS:
            raise WireError(f"over {MAX_KEYS} keys of dicts")
        try:
            hash(key)
        except TypeError:
            raise WireError("a dict key that cannot be hashed") from None
        return key

    def array(self, dtype: np.dtype, shape: list[Any], at: Any) -> np.ndarray:
        if len(shape) > 32 or not all(type(n) is int and 0 <= n < 2**48 for n in shape):
            raise WireError("a shape that no array has")
        if type(at) is not int or not 0 <= at < len(self.buffers):
            raise WireError("an array without a buffer")
        raw = self.buffers[at]
        self.elements += math.prod(shape)
        if self.elements > MAX_ELEMENTS:
            raise WireError(f"over {MAX_ELEMENTS} numbers in arrays")
        if math.prod(shape) * dtype.itemsize != len(raw):
            raise WireError(f"{len(raw)} bytes for an array of {dtype.name}{shape}")
        return np.frombuffer(raw, dtype).reshape(shape)
