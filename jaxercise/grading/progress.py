"""Shows what grading is doing or waiting for, so that minutes do not pass in silence.

All of it is logged to `jaxercise`. The grading process sends its messages to its client, which
logs them there too.
"""

from __future__ import annotations

import logging
import re
import sys
import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, NamedTuple

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

# Set in a record's `extra`, so that all threads show it.
FOR_EVERYONE = "for_everyone"
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
        # Other threads judge other notebooks.
        if record.thread == self.thread or getattr(record, FOR_EVERYONE, False):
            self.show(record.levelno, record.getMessage())


_SAID = re.compile(r"(\d+) of (\d+): (.+?)( \([\d:]+(?: days?, [\d:]+)? left\))?")


class Place(NamedTuple):
    """That notebook `name` is begun, as number `place` of `total`."""

    place: int
    total: int
    name: str


def progress_in(text: str) -> Place | None:
    """What a line that `BatchProgress` said means; None for any other line."""
    found = _SAID.fullmatch(text)
    return Place(int(found[1]), int(found[2]), found[3]) if found else None


class BatchProgress:
    """How far a batch of `total` notebooks is: n of N, whose turn it is, and the time left.

    On a terminal that is a bar, and the handlers of `logger` write above it. Elsewhere `say` gets
    a line for each notebook.
    """

    def __init__(
        self,
        total: int,
        console: Console,
        say: Callable[[str], object],
        logger: logging.Logger | None = None,
    ) -> None:
        self.total, self.done = total, -1
        self._say, self._started = say, time.monotonic()
        self._moved: list[logging.StreamHandler[Any]] = []
        self._bar: Progress | None = None
        if console.is_terminal:
            columns = (BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
            text = TextColumn("{task.description}")
            self._bar = Progress(*columns, text, console=console, transient=True)
            self._task = self._bar.add_task("", total=total)
            self._stderr = sys.stderr
            self._bar.start()  # It puts a stream of its own in the place of sys.stderr.
            self._move_handlers(logger)

    def begin(self, name: str) -> None:
        """Say that the notebook `name` is next; what was begun before is done."""
        self.done += 1
        if self._bar is not None:
            self._bar.update(self._task, completed=self.done, description=name)
            return
        self._say(f"{self.done + 1} of {self.total}: {name}{self._time_left()}")

    @property
    def at_last(self) -> bool:
        """Whether the last notebook has been begun."""
        return self.done + 1 >= self.total

    def close(self) -> None:
        """Remove the bar."""
        if self._bar is not None:
            self._bar.stop()
        for handler in self._moved:
            handler.setStream(self._stderr)
        self._bar, self._moved = None, []

    def _time_left(self) -> str:
        if self.done < 1:
            return ""
        each_s = (time.monotonic() - self._started) / self.done
        left = timedelta(seconds=round(each_s * max(self.total - self.done, 0)))
        return f" ({left} left)"

    def _move_handlers(self, logger: logging.Logger | None) -> None:
        """Have what goes to standard error go through the bar's console, which writes above it."""
        while logger is not None:
            for handler in logger.handlers:
                if isinstance(handler, logging.StreamHandler) and handler.stream is self._stderr:
                    handler.setStream(sys.stderr)
                    self._moved.append(handler)
            logger = logger.parent if logger.propagate else None
