"""Messages over a socket, one direction at a time, and the orders that start runs.

Instead of a message, a fault may arrive: the traceback of an error in the library itself,
raised in the sandbox.
"""

from __future__ import annotations

import socket
import struct
import time
from typing import Any, Literal

from jaxercise.wire.codec import WireError, pack, printable, unpack

Purpose = Literal["show", "check", "time"]
# What a run is for, and the byte that orders it. Figures are drawn only in a run that is
# shown; a timed function must compile for itself instead of finding a cached program.
PURPOSES: dict[Purpose, bytes] = {"show": b"s", "check": b"c", "time": b"t"}
# Asks for no run; ends whatever earlier runs left running and removes the files they wrote.
CLEAR = b"x"
# Suspend all processes that runs have started, and resume them.
PAUSE, RESUME = b"p", b"g"
# The sandbox acknowledges each of these three by sending the same byte back.

MAX_HEADER_BYTES = 16 << 20
# Sent instead of a header's length; larger than any length.
_FAULT = int.from_bytes(b"FALT", "big")
_MAX_FAULT_BYTES = 20_000


class Closed(Exception):
    """The other side has closed the connection."""


class TimedOut(Exception):
    """The other side did not answer in time."""


class Fault(Exception):
    """An error in the library itself, on the other side; the text is its traceback."""


def report_fault(sock: socket.socket, traceback: str) -> None:
    """Send a fault to the judge, using as little of the library as possible."""
    text = traceback[-_MAX_FAULT_BYTES // 4 :].encode("ascii", "replace")
    sock.settimeout(5.0)
    sock.sendall(struct.pack(">II", _FAULT, len(text)) + text)


class Channel:
    """Sends and receives messages over a connected socket; timeouts are in seconds.

    A message is a record tree (wire/records.py). No timeout means to wait forever.
    """

    def __init__(self, sock: socket.socket):
        self.socket = sock

    def send(self, message: Any, timeout_s: float | None = None) -> None:
        """Send a message; raises Closed or TimedOut."""
        deadline = _deadline(timeout_s)
        try:
            for chunk in pack(message):
                self.socket.settimeout(_seconds_left(deadline))
                self.socket.sendall(chunk)
        except TimeoutError:
            raise TimedOut from None
        except OSError:
            raise Closed from None

    def receive(self, timeout_s: float | None = None) -> Any:
        """Wait for a message and return it.

        Raises Closed, TimedOut or Fault. Raises WireError for a malformed message; the channel
        cannot be used after that.
        """
        deadline = _deadline(timeout_s)

        def read(nbytes: int) -> bytearray:
            return self._read(nbytes, deadline)

        (length,) = struct.unpack(">I", read(4))
        if length == _FAULT:
            (length,) = struct.unpack(">I", read(4))
            text = read(min(length, _MAX_FAULT_BYTES)).decode(errors="replace")
            raise Fault(printable(text, _MAX_FAULT_BYTES))
        if length > MAX_HEADER_BYTES:
            raise WireError(f"a header of {length} bytes; at most {MAX_HEADER_BYTES} are allowed")
        return unpack(bytes(read(length)), read)

    def _read(self, nbytes: int, deadline: float | None) -> bytearray:
        data = bytearray()
        # Allocate as bytes arrive: a header may claim more than its sender ever sends.
        while len(data) < nbytes:
            try:
                self.socket.settimeout(_seconds_left(deadline))
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


def _seconds_left(deadline: float | None) -> float | None:
    if deadline is None:
        return None
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimedOut
    return left
