"""One run of a notebook: a process forked from a kernel, which stops at a given cell.

It executes cells in order and answers calls between them. If a cell kills it, a new process is
forked and replays the cells without that one.
"""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from jaxercise.checks.observation import Allowed, Observation, assert_has_form
from jaxercise.checks.outcome import GraderFault, StudentDied, Verdict
from jaxercise.sandbox.kernel import Kernel
from jaxercise.wire.channel import Channel, Closed, Fault, Purpose, TimedOut
from jaxercise.wire.codec import WireError, printable

_MAX_FAILED_CELLS = 8
_MAX_LOSSES = 3


class KernelLost(Exception):
    """The sandbox was ended from outside, through no fault of the notebook."""


@dataclass(frozen=True)
class Cell:
    """A code cell to execute: its id and source."""

    id: str
    source: str


@dataclass
class Deadline:
    """The moment (`time.monotonic`, in seconds) by which a whole submission must be done."""

    at: float

    @classmethod
    def after(cls, seconds: float) -> Deadline:
        return cls(time.monotonic() + seconds)

    def cap(self, seconds: float) -> float:
        """`seconds`, or the time left if that is less; StudentDied if none is left."""
        left = self.at - time.monotonic()
        if left <= 0:
            raise StudentDied(Verdict.TIMED_OUT, "the notebook as a whole took too long")
        return min(seconds, left)


@dataclass
class Run:
    """One process forked from a kernel: executes cells in order, answers calls between them.

    A cell that kills the process or exceeds its time is left out from then on: a new process is
    forked and replays the cells before it. `results` and `failed_cells` are by index; `forgeries`
    tells an instructor which answers were malformed; `cells_s` is how long cells have taken.
    """

    kernel: Kernel
    cells: Sequence[Cell]
    deadline: Deadline
    purpose: Purpose = "check"
    position: int = 0
    results: dict[int, dict[str, Any]] = field(default_factory=dict)
    failed_cells: dict[int, StudentDied] = field(default_factory=dict)
    forgeries: list[str] = field(default_factory=list)
    _losses: int = 0
    _channel: Channel | None = None
    _generation: int = 0
    _serial: int = 0
    cells_s: float = 0.0
    _read_from: tuple[Sequence[Cell], int] | None = None
    _words_read: set[str] = field(default_factory=set)

    def advance(self, stop: int) -> None:
        """Execute the cells up to index `stop`, exclusive."""
        while self.position < stop:
            index = self.position
            self.position += 1
            if index in self.failed_cells:
                continue
            if self._alive():
                self._execute(index)
            if not self._alive() and index not in self.failed_cells:
                self._replay()

    def go_on_with(self, cells: Sequence[Cell], position: int) -> None:
        """Replace the cells from `position` on; those before it must be the same."""
        self.cells, self.position = cells, min(self.position, position)
        for later in (self.results, self.failed_cells):
            for index in [index for index in later if index >= position]:
                del later[index]

    def ask(self, message: dict[str, Any], timeout_s: float) -> Any:
        """The reply to a message, an Observation to a call.

        Raises StudentDied when the process dies of it or overstays, or the grader fails.
        """
        if not self._alive():
            self._replay()
        try:
            reply = self._exchange(message, timeout_s)
        except KernelLost:
            return self.ask(message, timeout_s)
        if message["op"] != "call":
            return reply
        try:
            words = self._words() | {message["name"]}
            allowed = Allowed.for_call(message, words, self._lines())
            seen = Observation.of(message["name"], reply, allowed)
            if seen.error is None:
                assert_has_form(seen.value, message["mode"], len(message["args"]))
        except WireError as error:
            raise self._malformed_answer(error) from None
        return seen

    def _words(self) -> set[str]:
        """All words in the cells so far; what comes later does not change an answer."""
        if self._read_from is None or self._read_from != (self.cells, self.position):
            texts = [cell.source for cell in self.cells[: self.position]]
            self._read_from = self.cells, self.position
            self._words_read = {word for text in texts for word in re.findall(r"\w+", text)}
        return self._words_read

    def _lines(self) -> int:
        return max((c.source.count("\n") + 1 for c in self.cells[: self.position]), default=0)

    def close(self) -> None:
        if self._channel is not None:
            self._channel.close()
            self._channel = None

    def _alive(self) -> bool:
        return self._channel is not None and self._generation == self.kernel.generation

    def _execute(self, index: int) -> None:
        cell, started = self.cells[index], time.monotonic()
        try:
            reply = self._exchange({"op": "cell", "source": cell.source}, self.kernel.limits.cell_s)
            if index not in self.results and isinstance(reply, dict):
                self.results[index] = reply
        except KernelLost:
            return  # to be replayed
        except StudentDied as death:
            self.failed_cells[index] = death
        finally:
            self.cells_s += time.monotonic() - started

    def _replay(self) -> None:
        """Bring a new process to `position`, without the cells that killed an earlier one."""
        while len(self.failed_cells) <= _MAX_FAILED_CELLS:
            self.close()
            try:
                self._channel = self.kernel.fork(self.purpose)
            except Fault as fault:
                raise GraderFault(str(fault)) from None
            self._generation = self.kernel.generation
            for index in range(self.position):
                if index not in self.failed_cells:
                    self._execute(index)
                    if not self._alive():
                        break
            else:
                return
        for death in self.failed_cells.values():
            if isinstance(death, GraderFault):
                raise death
        raise StudentDied(Verdict.CRASHED, f"more than {_MAX_FAILED_CELLS} cells ended the process")

    def _exchange(self, message: dict[str, Any], timeout_s: float) -> Any:
        timeout_s = self.deadline.cap(timeout_s)
        self._serial += 1
        assert self._channel is not None
        try:
            self._channel.send({**message, "id": self._serial}, timeout_s)
            answer = self._channel.receive(timeout_s)
            if not isinstance(answer, dict) or answer.get("id") != self._serial:
                raise WireError("an answer to another question")
            return answer["reply"]
        except TimedOut:
            self.kernel.kill()
            self.close()
            seconds = f"{timeout_s:.0f} s"
            raise StudentDied(Verdict.TIMED_OUT, f"it did not finish within {seconds}") from None
        except Closed:
            self._assert_no_fault()
            self.close()
            # The watchdog's reason arrives with the death of the sandbox, not before.
            time.sleep(0.05)
            self._assert_not_lost()
            reason = self.kernel.ended_because or "it ended the Python process"
            raise StudentDied(Verdict.CRASHED, reason) from None
        except Fault as fault:
            self.close()
            raise GraderFault(str(fault)) from None
        except (WireError, KeyError) as error:
            raise self._malformed_answer(error) from None

    def _assert_no_fault(self) -> None:
        """Raise GraderFault if the process reported a fault of the library before it ended."""
        assert self._channel is not None
        try:
            self._channel.receive(0.5)
        except Fault as fault:
            self.close()
            raise GraderFault(str(fault)) from None
        except (Closed, TimedOut, WireError):
            return

    def _assert_not_lost(self) -> None:
        """Raise KernelLost where not the run but its whole sandbox is gone, unasked.

        Nothing in it can end its first process, so somebody outside did: the system, short of
        memory, or a person. GraderFault when it happens again and again.
        """
        process = self.kernel.process
        if not self.kernel.confine or process is None or self.kernel.ended_because:
            return
        if process.poll() is not None:
            self._losses += 1
            if self._losses > _MAX_LOSSES:
                lost, self._losses = self._losses, 0
                raise GraderFault(f"the sandbox was ended from outside {lost} times")
            raise KernelLost

    def _malformed_answer(self, error: Exception) -> StudentDied:
        """End the sandbox: a process that nobody tampered with sends no malformed answer."""
        self.forgeries.append(printable(str(error), 200))
        self.kernel.kill()
        self.close()
        return StudentDied(Verdict.CRASHED, "its process sent a malformed answer")
