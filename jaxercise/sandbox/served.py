"""Serves a run the compiled programs of trusted code, each by its key, over a socket."""

from __future__ import annotations

import socket
import threading
from typing import Protocol

from jaxercise.wire.channel import Purpose
from jaxercise.wire.compiled import Lookup, answer


class Programs(Protocol):
    """Compiled programs that runs may be served."""

    def for_purpose(self, purpose: Purpose) -> Lookup | None:
        """How a run for this purpose gets one; None if it gets none at all."""
        ...


def socket_for(purpose: Purpose, programs: Programs | None) -> list[socket.socket]:
    """The end of a new socket to give to a run, at which it is served; none if it is not.

    A thread answers there until the run, or the sandbox, ends.
    """
    lookup = programs.for_purpose(purpose) if programs is not None else None
    if lookup is None:
        return []
    ours, theirs = socket.socketpair()
    threading.Thread(target=answer, args=(ours, lookup), daemon=True).start()
    return [theirs]
