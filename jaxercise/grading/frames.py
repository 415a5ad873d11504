"""Length and JSON over a socket: how a client and the grading worker talk."""

from __future__ import annotations

import json
import socket
import struct
from typing import Any

# Far more than any notebook needs; a length beyond it is a mistake, not a message.
MAX_BYTES = 256 * 2**20
_LENGTH = struct.Struct(">I")


class FrameTooLarge(ValueError):
    """A record does not fit in a frame."""


def send_frame(stream: socket.socket, record: dict[str, Any]) -> None:
    """Send one record.

    Raises:
        FrameTooLarge: nothing was sent.
        OSError: the other side is gone.
    """
    body = json.dumps(record).encode()
    if len(body) > MAX_BYTES:
        raise FrameTooLarge(f"{len(body):,} bytes; a frame holds at most {MAX_BYTES:,}")
    stream.sendall(_LENGTH.pack(len(body)) + body)


def receive_frame(stream: socket.socket) -> dict[str, Any] | None:
    """The next record, or None where the other side has closed.

    Raises:
        FrameTooLarge: the announced length is beyond any message.
        OSError: the connection broke, or TimeoutError if nothing came in time.
    """
    head = _receive(stream, _LENGTH.size)
    if head is None:
        return None
    (length,) = _LENGTH.unpack(head)
    if length > MAX_BYTES:
        raise FrameTooLarge(f"{length:,} bytes announced; a frame holds at most {MAX_BYTES:,}")
    body = _receive(stream, length)
    return None if body is None else json.loads(body)


def _receive(stream: socket.socket, size: int) -> bytes | None:
    parts, missing = [], size
    while missing:
        part = stream.recv(min(missing, 2**20))
        if not part:
            return None
        parts.append(part)
        missing -= len(part)
    return b"".join(parts)
