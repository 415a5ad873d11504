"""Arrays, pytrees and PRNG keys as bytes, and a channel that carries them.

A message is a tree of plain Python values, `Array`, `Key`, `Opaque` and `Standin`
records. On the wire it is a 4-byte length, a JSON header (the tree and the sizes of the
buffers), then the raw buffers. Nothing is ever unpickled or evaluated: `unpack` believes
no number that it has not checked, since the other side may be hostile.
"""

from __future__ import annotations

import json
import math
import socket
import struct
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import jax
import ml_dtypes
import numpy as np
from jax.core import Tracer

Purpose = Literal["show", "check", "time"]
# What a run is for, as the byte that orders it: figures are drawn only where they are
# shown, and a timed function must compile for itself, not find another run's program.
PURPOSES: dict[Purpose, bytes] = {"show": b"s", "check": b"c", "time": b"t"}
# Orders no run, but the end of everything that earlier ones left behind.
CLEAR = b"x"

MAX_HEADER_BYTES = 16 << 20
MAX_TEXT = 1 << 20
MAX_BUFFER_BYTES = 256 << 20
MAX_DEPTH = 64
MAX_NODES = 200_000
# Of all arrays of a message together, each counted as often as it is named: comparing takes
# a multiple of their bytes.
MAX_ELEMENTS = 1 << 25

_DTYPES: dict[str, np.dtype] = {
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


class WireError(Exception):
    """A message is malformed or too large; the text says in what."""


class TooLarge(Exception):
    """A value holds more than may cross; the text says of what."""


class Closed(Exception):
    """The other side is gone."""


class Overdue(Exception):
    """The other side did not answer in time."""


@dataclass(frozen=True, eq=False)
class Array:
    """An array and what carried it: `kind` is jax, numpy or scalar (a NumPy scalar)."""

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
    """A typed PRNG key, or an array of them, as implementation and uint32 data."""

    impl: str
    data: np.ndarray


@dataclass(frozen=True)
class Opaque:
    """A value that cannot cross; only the name of its type does."""

    type_name: str


@dataclass(frozen=True)
class Standin:
    """A function that cannot cross, named so that the other side can build it."""

    name: str
    arguments: tuple = ()


def describe(value: Any, depth: int = 0) -> Any:
    """The record tree of a live value; what cannot cross becomes `Opaque`."""
    kind = type(value)
    if value is None or kind in (bool, int, float, complex, str, bytes):
        return value
    if isinstance(value, Array | Key | Opaque | Standin):
        return value
    if depth >= MAX_DEPTH or isinstance(value, Tracer):
        return Opaque(kind.__name__)
    if isinstance(value, tuple):
        return tuple(describe(item, depth + 1) for item in value)
    if isinstance(value, list):
        return [describe(item, depth + 1) for item in value]
    if isinstance(value, dict):
        return {describe(k, MAX_DEPTH): describe(v, depth + 1) for k, v in value.items()}
    if isinstance(value, jax.Array):
        return _describe_jax(value)
    if isinstance(value, np.ndarray) and value.dtype.name in _DTYPES:
        return Array(np.asarray(value), "numpy")
    if isinstance(value, np.generic) and value.dtype.name in _DTYPES:
        return Array(np.asarray(value), "scalar")
    record = getattr(value, "standin", None)
    return record if isinstance(record, Standin) else Opaque(kind.__name__)


def _describe_jax(value: jax.Array) -> Array | Key:
    if jax.numpy.issubdtype(value.dtype, jax.dtypes.prng_key):
        return Key(str(jax.random.key_impl(value)), np.asarray(jax.random.key_data(value)))
    return Array(np.asarray(value), "jax", bool(getattr(value, "weak_type", False)))


def assert_can_cross(record: Any) -> None:
    """Raise TooLarge where the other side would refuse `describe`'s record for its size."""
    nodes = elements = nbytes = text = 0
    pending = [record]
    while pending:
        node = pending.pop()
        nodes += 1
        match node:
            case list() | tuple():
                pending.extend(node)
            case dict():
                pending.extend(node.keys())
                pending.extend(node.values())
            case Array() | Key():
                elements += node.data.size
                nbytes += node.data.nbytes
            case bytes():
                nbytes += len(node)
            case str():
                text += len(node)
            case int():
                text += node.bit_length() // 4
        if nodes > MAX_NODES // 2 or text > MAX_TEXT:
            raise TooLarge(f"over {MAX_NODES // 2} leaves or {MAX_TEXT} characters")
        if elements > MAX_ELEMENTS or nbytes > MAX_BUFFER_BYTES:
            raise TooLarge(f"over {MAX_ELEMENTS} numbers or {MAX_BUFFER_BYTES} bytes")


def revive(record: Any, build: Callable[[Standin], Any] | None = None) -> Any:
    """The live value of a record tree; `build` makes the functions that stand-ins name.

    64-bit jax arrays need `jax_enable_x64` where they are revived.
    """
    if isinstance(record, Array):
        if record.kind == "jax":
            # An array of its own: jnp.asarray may alias the buffer it is given.
            return jax.numpy.array(record.data)
        return record.data.copy() if record.kind == "numpy" else record.data[()]
    if isinstance(record, Key):
        return jax.random.wrap_key_data(jax.numpy.array(record.data), impl=record.impl)
    if isinstance(record, Standin):
        if build is None:
            raise WireError(f"nothing here builds the stand-in {record.name!r}")
        return build(record)
    if isinstance(record, tuple):
        return tuple(revive(item, build) for item in record)
    if isinstance(record, list):
        return [revive(item, build) for item in record]
    if isinstance(record, dict):
        return {k: revive(v, build) for k, v in record.items()}
    return record


def pack(message: Any) -> list[bytes | memoryview]:
    """The chunks of a message: length, header, buffers."""
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
    """The message of a header whose buffers `read(nbytes)` delivers in order.

    Raises WireError on anything malformed, before allocating what the header asks for.
    """
    try:
        frame = json.loads(header)
        tree, sizes = frame["tree"], frame["sizes"]
        if not all(type(size) is int and size >= 0 for size in sizes):
            raise WireError("a buffer size is not a count of bytes")
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise WireError(f"the header is malformed ({type(error).__name__})") from None
    if sum(sizes) > MAX_BUFFER_BYTES:
        raise WireError(f"{sum(sizes)} bytes of arrays; at most {MAX_BUFFER_BYTES} may cross")
    decoder = _Decoder([read(size) for size in sizes])
    try:
        return decoder.decode(tree, 0)
    except WireError:
        raise
    except (ValueError, TypeError, IndexError, KeyError, OverflowError, AttributeError) as error:
        raise WireError(f"the tree is malformed ({type(error).__name__})") from None


class _Decoder:
    def __init__(self, buffers: list[bytearray]):
        self.buffers = buffers
        self.nodes = 0
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
            case ["i", str(text)] if len(text) < 4000:
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
                return Array(self.array(_DTYPES[dtype], shape, at), kind, weak)
            case ["k", str(impl), list(shape), at]:
                return Key(impl[:40], self.array(_DTYPES["uint32"], shape, at))
            case ["o", str(name)]:
                return Opaque(name[:200])
            case ["s", str(name), arguments]:
                return Standin(name, self.decode(arguments, depth + 1))
        raise WireError(f"an unknown node {str(node[0])[:20]!r}")

    def key(self, node: Any, depth: int) -> Any:
        key = self.decode(node, depth + 1)
        try:
            hash(key)
        except TypeError:
            raise WireError("a dict key that cannot be hashed") from None
        return key

    def array(self, dtype: np.dtype, shape: list, at: Any) -> np.ndarray:
        if len(shape) > 32 or not all(type(n) is int and 0 <= n < 2**48 for n in shape):
            raise WireError("a shape that no array has")
        if type(at) is not int or not 0 <= at < len(self.buffers):
            raise WireError("an array without its bytes")
        raw = self.buffers[at]
        self.elements += math.prod(shape)
        if self.elements > MAX_ELEMENTS:
            raise WireError(f"over {MAX_ELEMENTS} numbers in arrays")
        if math.prod(shape) * dtype.itemsize != len(raw):
            raise WireError(f"{len(raw)} bytes do not make {dtype.name}{shape}")
        return np.frombuffer(raw, dtype).reshape(shape)


class Channel:
    """One message out, one message in, over a connected socket, with deadlines in seconds."""

    def __init__(self, sock: socket.socket):
        self.socket = sock

    def send(self, message: Any, timeout_s: float | None = None) -> None:
        """Raises Closed or Overdue."""
        deadline = _deadline(timeout_s)
        try:
            for chunk in pack(message):
                self.socket.settimeout(_left(deadline))
                self.socket.sendall(chunk)
        except TimeoutError:
            raise Overdue from None
        except OSError:
            raise Closed from None

    def receive(self, timeout_s: float | None = None) -> Any:
        """Raises Closed, Overdue, or WireError (after which the channel is of no use)."""
        deadline = _deadline(timeout_s)

        def read(nbytes: int) -> bytearray:
            return self._read(nbytes, deadline)

        (length,) = struct.unpack(">I", read(4))
        if length > MAX_HEADER_BYTES:
            raise WireError(f"a header of {length} bytes; at most {MAX_HEADER_BYTES} may cross")
        return unpack(bytes(read(length)), read)

    def _read(self, nbytes: int, deadline: float | None) -> bytearray:
        data = bytearray()
        # Grows with what arrives: a header may ask for more than its sender will ever send.
        while len(data) < nbytes:
            try:
                self.socket.settimeout(_left(deadline))
                chunk = self.socket.recv(min(nbytes - len(data), 1 << 20))
            except TimeoutError:
                raise Overdue from None
            except OSError:
                raise Closed from None
            if not chunk:
                raise Closed
            data += chunk
        return data

    def close(self) -> None:
        self.socket.close()


def _deadline(timeout_s: float | None) -> float | None:
    return None if timeout_s is None else time.monotonic() + timeout_s


def _left(deadline: float | None) -> float | None:
    if deadline is None:
        return None
    left = deadline - time.monotonic()
    if left <= 0:
        raise Overdue
    return left
