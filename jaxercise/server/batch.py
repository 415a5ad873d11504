"""One batch of grading a course, in a process that outlives the web server that started it.

What a batch does stands in `.jaxercise/grading/` of the course: `batch.json` holds its state, as
the runner (server/runner.py) writes it, `ASSIGNMENT.log` all that nbgrader printed, and `lock` is
locked for as long as the runner lives. So a server that was restarted finds the batch again.
"""

from __future__ import annotations

import fcntl
import json
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from jaxercise.report.writing import write

_LINES = 300
_RUNNER = ("-P", "-m", "jaxercise.server.runner")


class BatchError(Exception):
    """A batch cannot be started or cancelled; the text says why."""


@dataclass(frozen=True)
class Line:
    """A line of the log that people read; `time` in seconds since the epoch."""

    time: float
    level: str
    text: str


@dataclass(frozen=True)
class Batch:
    """What a batch is for and how far it is.

    `again` grades everything, not only what is new; `collect` fetches submissions from the
    exchange first. `state` is running, done, failed, cancelled or interrupted. `current` is the
    notebook whose turn it is, `doing` what is done with it. Times are seconds since the epoch,
    `left_s` an estimate in seconds.
    """

    assignment: str
    again: bool = False
    collect: bool = False
    state: str = "running"
    done: int = 0
    total: int = 0
    current: str = ""
    doing: str = ""
    left_s: float | None = None
    started: float = 0.0
    ended: float | None = None
    pid: int | None = None
    host: str = ""
    lines: tuple[Line, ...] = field(default=())

    def told(self, text: str, level: str = "INFO") -> Batch:
        """With one more line in its log."""
        lines = (*self.lines, Line(time.time(), level, text))
        return replace(self, lines=lines[-_LINES:])

    @classmethod
    def from_json(cls, record: dict[str, Any]) -> Batch:
        lines: Any = tuple(Line(**line) for line in record["lines"])
        return cls(**(record | {"lines": lines}))


class Batches:
    """The batches of the course in the folder `root`, one at a time; `runner` is for tests."""

    def __init__(self, root: Path, runner: tuple[str, ...] = _RUNNER) -> None:
        self.root, self._runner = root, runner
        self.folder = root / ".jaxercise" / "grading"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def state_file(self) -> Path:
        return self.folder / "batch.json"

    def log_file(self, assignment: str) -> Path:
        """All that nbgrader printed in the last batch of an assignment."""
        return self.folder / f"{assignment}.log"

    def latest(self) -> Batch | None:
        """The batch that runs, or the last that did; None if there was none."""
        # Looked at first: the runner writes how it ended before it gives the lock up.
        runs = self.runs()
        try:
            record = json.loads(self.state_file.read_text(encoding="utf-8"))
            batch = Batch.from_json(record)
        except (OSError, ValueError, KeyError, TypeError):
            return None
        if runs:
            return replace(batch, state="running")  # Perhaps it is just ending.
        if batch.state == "running":
            return replace(batch, state="interrupted", left_s=None)
        return batch

    def runs(self) -> bool:
        """Whether a batch is under way."""
        if self._process is not None:
            self._process.poll()  # Nothing stays of a process that has ended.
        descriptor = self._lock()
        if descriptor is None:
            return True
        os.close(descriptor)
        return False

    def start(self, assignment: str, again: bool = False, collect: bool = False) -> Batch:
        """Start a batch.

        Raises:
            BatchError: another one is under way.
        """
        descriptor = self._lock()
        if descriptor is None:
            other = self.latest()
            name = other.assignment if other else "an assignment"
            raise BatchError(f"{name} is being graded; wait for its end, or cancel it")
        try:
            batch = Batch(
                assignment, again, collect, started=time.time(), host=socket.gethostname()
            )
            self.store(batch)
            self._process = subprocess.Popen(
                [
                    *(sys.executable, *self._runner),
                    *(str(self.root), "--lock", str(descriptor)),
                ],
                pass_fds=[descriptor],
                cwd=self.root,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        finally:
            os.close(descriptor)  # The runner holds the lock on.
        return batch

    def go_on(self) -> Batch | None:
        """Start a batch again that something interrupted; None if there is none."""
        batch = self.latest()
        if batch is None or batch.state != "interrupted":
            return None
        return self.start(batch.assignment, batch.again, batch.collect)

    def cancel(self) -> None:
        """Ask the batch to end.

        Raises:
            BatchError: none is under way, or it runs on another host.
        """
        batch = self.latest()
        if batch is None or batch.state != "running":
            raise BatchError("nothing is being graded")
        if batch.host != socket.gethostname():
            raise BatchError(f"the batch runs on {batch.host}; cancel it there")
        if batch.pid is None:
            raise BatchError("the batch is just starting; try again in a moment")
        os.kill(batch.pid, signal.SIGTERM)

    def store(self, batch: Batch) -> None:
        """Write the state, in one step."""
        write(self.state_file, json.dumps(asdict(batch)))

    def _lock(self) -> int | None:
        """A descriptor that holds the lock, or None if another process holds it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self.folder / "lock", os.O_RDWR | os.O_CREAT, 0o640)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return None
        return descriptor
