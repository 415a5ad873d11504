"""Compiled programs over a socket: a run asks for one by its key, the judge has it or not.

A run in the sandbox holds one end, and student code may write anything to it. So a question has
a fixed form and a small size, their number is limited, and each names one whole key, a SHA-256
digest of the program itself: nobody can list what there is.
"""

from __future__ import annotations

import os
import re
import socket
import struct
import threading
from collections.abc import Callable

# The program of this key, as JAX stores it, or None.
Lookup = Callable[[str], bytes | None]

MAX_QUESTIONS = 4000
_MAX_KEY_BYTES = 400
_PATIENCE_S = 60.0
# A name that JAX gives to the program, and the digest.
_KEY = re.compile(r"[^/\0]{0,300}-[0-9a-f]{64}")


def is_key(text: str) -> bool:
    """Whether the text has the form of a key; such a text can also name a file."""
    return _KEY.fullmatch(text) is not None


class Asker:
    """The run's end of the socket. Threads may share it; a forked process gets nothing from it."""

    def __init__(self, sock: socket.socket) -> None:
        self._socket: socket.socket | None = sock
        self._owner, self._lock = os.getpid(), threading.Lock()
        sock.settimeout(_PATIENCE_S)

    def get(self, key: str) -> bytes | None:
        """The program of this key; None if there is none, or nobody answers any more."""
        if os.getpid() != self._owner or not is_key(key):
            return None
        with self._lock:
            if self._socket is None:
                return None
            try:
                name = key.encode()
                self._socket.sendall(struct.pack(">H", len(name)) + name)
                (size,) = struct.unpack(">I", _read(self._socket, 4))
                return _read(self._socket, size) or None
            except OSError:
                self._socket.close()
                self._socket = None
                return None


def answer(sock: socket.socket, lookup: Lookup) -> None:
    """Answer questions until the other side goes away, asks too much or asks what is no question.

    Then the socket is closed.
    """
    with sock:
        sock.settimeout(None)
        try:
            for _ in range(MAX_QUESTIONS):
                (length,) = struct.unpack(">H", _read(sock, 2))
                if length > _MAX_KEY_BYTES:
                    return
                key = _read(sock, length).decode(errors="replace")
                program = (lookup(key) if is_key(key) else None) or b""
                sock.settimeout(_PATIENCE_S)  # One that does not take its answer is left.
                sock.sendall(struct.pack(">I", len(program)) + program)
                sock.settimeout(None)
        except OSError:
            return


def _read(sock: socket.socket, nbytes: int) -> bytes:
    """Raises ConnectionError where the other side closes before."""
    data = bytearray()
    while len(data) < nbytes:
        part = sock.recv(min(nbytes - len(data), 1 << 20))
        if not part:
            raise ConnectionError("closed")
        data += part
    return bytes(data)
