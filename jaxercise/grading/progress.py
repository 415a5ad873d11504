"""Shows what grading is doing or waiting for, so that minutes do not pass in silence.

All of it is logged to `jaxercise`. The grading process sends its messages to its client, which
logs them there too.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager

_log = logging.getLogger("jaxercise")


@contextmanager
def shown(show: Callable[[int, str], object]) -> Generator[None]:
    """While the block runs, `show` gets the level and the text of each message of this thread."""
    handler, level = _Showing(show), _log.level
    _log.addHandler(handler)
    _log.setLevel(logging.INFO)
    try:
        yield
    finally:
        _log.setLevel(level)
        _log.removeHandler(handler)


class _Showing(logging.Handler):
    def __init__(self, show: Callable[[int, str], object]) -> None:
        super().__init__(logging.INFO)
        self.show, self.thread = show, threading.get_ident()

    def emit(self, record: logging.LogRecord) -> None:
        if record.thread == self.thread:  # Other threads judge other notebooks.
            self.show(record.levelno, record.getMessage())
