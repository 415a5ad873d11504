"""The machine that a timed check runs on: one at a time, and how busy others keep it.

Graders on one host share a lock file. Work that is not timed holds it shared, a timed check
alone holds it whole, so that nothing else of ours runs beside it. The kernel releases what a
killed process held.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psutil

_POLL_S = 0.05
_SAMPLE_S = 0.2


class HostBusy(Exception):
    """Another grader kept the host's lock for too long; the text says how long."""


def lock_file() -> Path:
    """The same for every grader of a host; containers that share one set JAXERCISE_LOCK."""
    return Path(os.environ.get("JAXERCISE_LOCK", "/tmp/jaxercise-timing.lock"))


def cpus() -> list[int]:
    """The CPUs that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return sorted(os.sched_getaffinity(0))
    return list(range(os.cpu_count() or 1))


def busy_s() -> float:
    """CPU seconds, of the CPUs that we may use, that are gone for whatever reason."""
    times = psutil.cpu_times(percpu=True)
    return sum(_busy(times[cpu]) for cpu in cpus() if cpu < len(times))


def _busy(times: psutil._common.scputimes) -> float:  # pyright: ignore[reportAttributeAccessIssue]
    # guest is part of user; what a hypervisor stole is not ours either.
    return sum(times) - times.idle - sum(getattr(times, n, 0) for n in _NOT_BUSY)


_NOT_BUSY = ("iowait", "guest", "guest_nice")


def cpu_s_of(pid: int) -> float:
    """CPU seconds of a process and its living descendants; 0 when it has ended."""
    total = 0.0
    with contextlib.suppress(psutil.Error):
        root = psutil.Process(pid)
        for process in (root, *root.children(recursive=True)):
            with contextlib.suppress(psutil.Error):
                total += sum(process.cpu_times()[:2])
    return total


@dataclass
class Host:
    """This process's part in the host's lock; `waited_s` adds up what it waited."""

    path: Path = field(default_factory=lock_file)
    patience_s: float = 600.0
    waited_s: float = 0.0
    _held: int | None = None

    @contextlib.contextmanager
    def working(self) -> Iterator[None]:
        """While the block runs, no other grader times anything."""
        if self._held is not None:
            yield
            return
        self._held = self._lock(fcntl.LOCK_SH)
        try:
            yield
        finally:
            self._release()

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """While the block runs, no other grader works at all."""
        was_working = self._held is not None
        self._release()
        self._held = self._lock(fcntl.LOCK_EX)
        try:
            yield
        finally:
            self._release()
            if was_working:
                self._held = self._lock(fcntl.LOCK_SH)

    def await_calm(self, share: float, patience_s: float) -> float:
        """Wait until others use at most `share` of the CPUs; the share seen at last."""
        started = time.monotonic()
        while True:
            seen = self.load()
            waited = time.monotonic() - started
            if seen <= share or waited >= patience_s:
                self.waited_s += waited
                return seen
            time.sleep(_SAMPLE_S)

    def load(self) -> float:
        """The share of the CPUs in use, looked at for a moment while we do nothing."""
        before, started = busy_s(), time.monotonic()
        time.sleep(_SAMPLE_S)
        return (busy_s() - before) / (time.monotonic() - started) / len(cpus())

    def _lock(self, how: int) -> int:
        """Lock the file, after passing a gate that a waiting timed check keeps closed."""
        started = time.monotonic()
        gate = _open(self.path.with_name(f"{self.path.name}.gate"))
        try:
            self._await(gate, fcntl.LOCK_EX, started)
            held = _open(self.path)
            try:
                self._await(held, how, started)
            except BaseException:
                os.close(held)
                raise
        finally:
            os.close(gate)
        self.waited_s += time.monotonic() - started
        return held

    def _await(self, descriptor: int, how: int, started: float) -> None:
        while True:
            try:
                return fcntl.flock(descriptor, how | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() - started > self.patience_s:
                    raise HostBusy(
                        f"another grader on this host kept {self.path} for over "
                        f"{self.patience_s:g} s"
                    ) from None
                time.sleep(_POLL_S)

    def _release(self) -> None:
        if self._held is not None:
            os.close(self._held)
            self._held = None


def _open(path: Path) -> int:
    """A descriptor to lock: graders run as different users, and reading is enough for that."""
    with contextlib.suppress(FileExistsError):
        created = os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDONLY | os.O_CLOEXEC)
        os.fchmod(created, 0o644)  # whatever the umask says
        os.close(created)
    return os.open(path, os.O_RDONLY | os.O_CLOEXEC)
