"""One sandboxed kernel: start it, fork runs from it, replay cells after a death, reap.

See shell.py for the inside. A kernel serves one submission only; nothing of it is shared.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jaxercise import sandbox, wire
from jaxercise.host import cpu_s_of
from jaxercise.outcome import Verdict
from jaxercise.sandbox import Limits
from jaxercise.student import Observation

_START_S = 180.0
_FORK_S = 20.0
_MAX_CASUALTIES = 8
_MAX_LOSSES = 3


class StudentDied(Exception):
    """Student code ended its process or overstayed; `verdict` says which, the text why."""

    def __init__(self, verdict: Verdict, reason: str):
        super().__init__(reason)
        self.verdict = verdict


class KernelLost(Exception):
    """The sandbox was ended from outside, which is nobody's fault in it."""


@dataclass(frozen=True)
class Cell:
    """A code cell to execute: its id and source."""

    id: str
    source: str


@dataclass
class Deadline:
    """The moment by which a whole submission must be done."""

    at: float

    @classmethod
    def after(cls, seconds: float) -> Deadline:
        return cls(time.monotonic() + seconds)

    def cap(self, seconds: float) -> float:
        """`seconds`, or what is left; StudentDied when nothing is."""
        left = self.at - time.monotonic()
        if left <= 0:
            raise StudentDied(Verdict.TIMED_OUT, "the notebook as a whole took too long")
        return min(seconds, left)


class Kernel:
    """A sandbox with one warm process in it, which forks runs. Use as a context manager.

    `cache` is a folder of compiled programs for trusted code, unconfined, to share among
    kernels; every other kernel has one of its own.
    """

    def __init__(self, limits: Limits, confine: bool = True, cache: Path | None = None):
        self.limits, self.confine, self.cache = limits, confine, cache
        self.generation = 0
        self.ended_because = ""
        self.process: subprocess.Popen | None = None
        self._folder: str | None = None
        self._channels: list[wire.Channel] = []
        self._watchdog: sandbox.Watchdog | None = None
        if confine:
            sandbox.preflight()
        self._start()

    def __enter__(self) -> Kernel:
        return self

    def __exit__(self, *exc: object) -> None:
        self.kill()

    def _start(self) -> None:
        """Begin to start: returns at once, the kernel imports meanwhile."""
        ours, theirs = socket.socketpair()
        command = [sys.executable, "-m", "jaxercise.shell", "--fd", str(theirs.fileno())]
        if self.confine:
            with sandbox.confined(command, self.limits, sandbox.library_paths()) as (
                confined,
                inherited,
            ):
                self.process = _started(confined, [theirs.fileno(), *inherited])
        else:
            self._folder = tempfile.mkdtemp(prefix="jaxercise-")
            environment = {
                **os.environ,
                **sandbox.compilation_cache(self.cache or Path(self._folder)),
                "TMPDIR": self._folder,
                "PYTHONPATH": str(Path(__file__).resolve().parent.parent),
            }
            self.process = _started(command, [theirs.fileno()], environment, self._folder)
        theirs.close()
        self.control: socket.socket = ours
        self.ready = False
        self.ended_because = ""
        self.generation += 1
        if self.confine:
            self._watchdog = sandbox.Watchdog(self.process.pid, self.limits, self._ended)
            self._watchdog.start()

    def _ended(self, reason: str) -> None:
        self.ended_because = reason
        if self.process is not None:
            _end(self.process)

    def await_ready(self) -> None:
        if self.ready:
            return
        self.control.settimeout(_START_S)
        with contextlib.suppress(TimeoutError):
            self.ready = self.control.recv(1) == b"r"
        if not self.ready:
            tail = ""
            if self.process is not None and self.process.stderr is not None:
                _end(self.process)
                tail = self.process.stderr.read()[-2000:].decode(errors="replace")
            self.kill()
            raise RuntimeError(f"the kernel did not start: {tail.strip() or 'no message'}")

    def fork(self, purpose: wire.Purpose = "check") -> wire.Channel:
        """A channel to a new run; starts the kernel again if it has ended or can no longer fork."""
        for _ in range(3):
            if self.process is None or self.process.poll() is not None:
                self.kill()
                self._start()
            self.await_ready()
            channel = self._order_run(wire.PURPOSES[purpose])
            try:
                channel.receive(_FORK_S)
                return channel
            except (wire.Closed, wire.Overdue, wire.WireError):
                # A full scratch folder or too many processes: what an earlier run left behind.
                self.kill()
        raise RuntimeError("the kernel ends as soon as it has started")

    def clear(self) -> None:
        """End what runs have left behind: their own processes, and those that they detached."""
        with contextlib.suppress(OSError):
            self.control.send(wire.CLEAR)

    def _order_run(self, order: bytes) -> wire.Channel:
        ours, theirs = socket.socketpair()
        self._channels.append(wire.Channel(ours))
        with theirs, contextlib.suppress(OSError):
            socket.send_fds(self.control, [order], [theirs.fileno()])
        return self._channels[-1]

    def cpu_s(self) -> float:
        """CPU seconds that the sandbox's living processes have used."""
        return cpu_s_of(self.process.pid) if self.process is not None else 0.0

    def kill(self) -> None:
        """End the sandbox and everything in it; harmless when it has ended."""
        if self._watchdog is not None:
            self._watchdog.done.set()
            self._watchdog = None
        for channel in self._channels:
            channel.close()
        self._channels.clear()
        if self.process is not None:
            self.control.close()
            # Killing bwrap kills its PID namespace; unconfined, the closed sockets end the runs.
            _end(self.process)
            self.process.wait()
            if self.process.stderr is not None:
                self.process.stderr.close()
            self.process = None
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None


def _started(
    command: list[str],
    inherited: list[int],
    environment: dict[str, str] | None = None,
    folder: str | None = None,
) -> subprocess.Popen:
    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        # Read only when the start fails: a full pipe stops a process that floods it.
        stderr=subprocess.PIPE,
        pass_fds=inherited,
        env=environment,
        cwd=folder,
        start_new_session=True,
    )


def _end(process: subprocess.Popen) -> None:
    """Kill a process with its group: a bwrap that is only starting leaves a part of it behind."""
    if process.poll() is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


@dataclass
class Run:
    """One forked process of a kernel: executes cells in order, answers calls in between.

    A cell that kills the process, or overstays, is left out from then on: the process is
    forked anew and the cells before it replayed. `results` and `casualties` are by index.
    """

    kernel: Kernel
    cells: Sequence[Cell]
    deadline: Deadline
    purpose: wire.Purpose = "check"
    position: int = 0
    results: dict[int, dict[str, Any]] = field(default_factory=dict)
    casualties: dict[int, StudentDied] = field(default_factory=dict)
    forged: bool = False
    _losses: int = 0
    _channel: wire.Channel | None = None
    _generation: int = 0
    _serial: int = 0

    def advance(self, stop: int) -> None:
        """Execute the cells up to index `stop`, exclusive."""
        while self.position < stop:
            index = self.position
            self.position += 1
            if index in self.casualties:
                continue
            if self._alive():
                self._execute(index)
            if not self._alive() and index not in self.casualties:
                self._replay()

    def ask(self, message: dict[str, Any], timeout_s: float) -> Any:
        """The reply to a message; StudentDied when the process dies of it or overstays."""
        if not self._alive():
            self._replay()
        try:
            report = self._exchange(message, timeout_s)
        except KernelLost:
            return self.ask(message, timeout_s)
        if message["op"] == "call":
            try:
                Observation.of(message["name"], report)
            except wire.WireError as error:
                raise self._deceived(error) from None
        return report

    def close(self) -> None:
        if self._channel is not None:
            self._channel.close()
            self._channel = None

    def _alive(self) -> bool:
        return self._channel is not None and self._generation == self.kernel.generation

    def _execute(self, index: int) -> None:
        cell = self.cells[index]
        try:
            reply = self._exchange({"op": "cell", "source": cell.source}, self.kernel.limits.cell_s)
            if index not in self.results and isinstance(reply, dict):
                self.results[index] = reply
        except KernelLost:
            return  # to be replayed
        except StudentDied as death:
            self.casualties[index] = death

    def _replay(self) -> None:
        """Bring a new process to `position`, without the cells that killed an earlier one."""
        while len(self.casualties) <= _MAX_CASUALTIES:
            self.close()
            self._channel = self.kernel.fork(self.purpose)
            self._generation = self.kernel.generation
            for index in range(self.position):
                if index not in self.casualties:
                    self._execute(index)
                    if not self._alive():
                        break
            else:
                return
        raise StudentDied(Verdict.CRASHED, f"more than {_MAX_CASUALTIES} cells ended the process")

    def _exchange(self, message: dict[str, Any], timeout_s: float) -> Any:
        timeout_s = self.deadline.cap(timeout_s)
        self._serial += 1
        assert self._channel is not None
        try:
            self._channel.send({**message, "id": self._serial}, timeout_s)
            answer = self._channel.receive(timeout_s)
            if not isinstance(answer, dict) or answer.get("id") != self._serial:
                raise wire.WireError("an answer to another question")
            return answer["reply"]
        except wire.Overdue:
            self.kernel.kill()
            self.close()
            seconds = f"{timeout_s:.0f} s"
            raise StudentDied(Verdict.TIMED_OUT, f"it did not finish within {seconds}") from None
        except wire.Closed:
            self.close()
            # The watchdog's reason arrives with the death of the sandbox, not before.
            time.sleep(0.05)
            self._assert_not_lost()
            reason = self.kernel.ended_because or "it ended the Python process"
            raise StudentDied(Verdict.CRASHED, reason) from None
        except (wire.WireError, KeyError) as error:
            raise self._deceived(error) from None

    def _assert_not_lost(self) -> None:
        """Raise KernelLost where not the run but its whole sandbox is gone, unasked.

        Nothing in it can end its first process, so somebody outside did: the system, short of
        memory, or a person. RuntimeError, a fault of the grader, when it happens again and again.
        """
        process = self.kernel.process
        if not self.kernel.confine or process is None or self.kernel.ended_because:
            return
        if process.poll() is not None:
            self._losses += 1
            if self._losses > _MAX_LOSSES:
                raise RuntimeError(f"the sandbox was killed from outside {self._losses} times")
            raise KernelLost

    def _deceived(self, error: Exception) -> StudentDied:
        """End the sandbox: no answer out of form comes from a process that was left alone."""
        self.forged = True
        self.kernel.kill()
        self.close()
        return StudentDied(Verdict.CRASHED, f"it answered out of form: {error}")
