"""Shows what grading does and waits for while it lasts, so that minutes do not pass in silence.

Whatever grades says it to the logger `jaxercise`; the grading process sends it to its client,
which does the same.
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
