"""Records as JSON over a `multiprocessing` connection: how a client and its judge talk."""

from __future__ import annotations

import json
from multiprocessing.connection import Connection
from typing import Any

# Far more than any notebook needs; a length beyond it is a mistake, not a message.
MAX_BYTES = 256 * 2**20


class FrameTooLarge(ValueError):
    """A record does not fit in a frame."""


def send_frame(connection: Connection, record: dict[str, Any]) -> None:
    """Send one record.

    Raises:
        FrameTooLarge: nothing was sent.
        OSError: the other side is gone.
    """
    body = json.dumps(record).encode()
    if len(body) > MAX_BYTES:
        raise FrameTooLarge(f"{len(body):,} bytes; a frame holds at most {MAX_BYTES:,}")
    connection.send_bytes(body)


def receive_frame(connection: Connection, timeout_s: float | None = None) -> dict[str, Any] | None:
    """The next record, or None where the other side has closed.

    Raises:
        TimeoutError: nothing came within `timeout_s` seconds.
        OSError: the connection broke, or a length beyond `MAX_BYTES` was announced.
    """
    if not connection.poll(timeout_s):
        raise TimeoutError
    try:
        return json.loads(connection.recv_bytes(MAX_BYTES))
    except EOFError:
        return None
