"""A socket that carries messages one way at a time, and the orders that start runs.

In place of a message may come a fault: the traceback of what the library itself raised
beside the student's code.
"""

from __future__ import annotations

import socket
import struct
import time
from typing import Any, Literal

from jaxercise.wire.codec import WireError, pack, plain, unpack

Purpose = Literal["show", "check", "time"]
# What a run is for, as the byte that orders it: figures are drawn only where they are
# shown, and a timed function must compile for itself, not find another run's program.
PURPOSES: dict[Purpose, bytes] = {"show": b"s", "check": b"c", "time": b"t"}
# Orders no run, but the end of everything that earlier ones left behind.
CLEAR = b"x"
# Stop everything that runs have started, and let it go on; each is acknowledged with its byte.
PAUSE, RESUME = b"p", b"g"

MAX_HEADER_BYTES = 16 << 20
# In the place of a header's length, and larger than any.
_FAULT = int.from_bytes(b"FALT", "big")
_MAX_FAULT_BYTES = 20_000


class Closed(Exception):
    """The other side is gone."""


class TimedOut(Exception):
    """The other side did not answer in time."""


class Fault(Exception):
    """The library itself raised on the other side; the text is its traceback."""


def report_fault(sock: socket.socket, traceback: str) -> None:
    """Tell the judge of a fault, by as little of the library as that takes."""
    text = traceback[-_MAX_FAULT_BYTES // 4 :].encode("ascii", "replace")
    sock.settimeout(5.0)
    sock.sendall(struct.pack(">II", _FAULT, len(text)) + text)


class Channel:
    """One message out, one message in, over a connected socket, with deadlines in seconds."""

    def __init__(self, sock: socket.socket):
        self.socket = sock

    def send(self, message: Any, timeout_s: float | None = None) -> None:
        """Raises Closed or TimedOut."""
        deadline = _deadline(timeout_s)
        try:
            for chunk in pack(message):
                self.socket.settimeout(_left(deadline))
                self.socket.sendall(chunk)
        except TimeoutError:
            raise TimedOut from None
        except OSError:
            raise Closed from None

    def receive(self, timeout_s: float | None = None) -> Any:
        """Raises Closed, TimedOut, Fault, or WireError (after which the channel is of no use)."""
        deadline = _deadline(timeout_s)

        def read(nbytes: int) -> bytearray:
            return self._read(nbytes, deadline)

        (length,) = struct.unpack(">I", read(4))
        if length == _FAULT:
            (length,) = struct.unpack(">I", read(4))
            text = read(min(length, _MAX_FAULT_BYTES)).decode(errors="replace")
            raise Fault(plain(text, _MAX_FAULT_BYTES))
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
                raise TimedOut from None
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
        raise TimedOut
    return left
