"""The host that timed checks run on: a lock, so that one runs at a time, and the load of others.

Graders on one host share a lock file, in a folder that only graders can reach. Ordinary work
holds the lock shared, a timed check holds it exclusively, so that nothing else of ours runs
beside it. Between two checks, ordinary work lets a waiting timed check go first. The lock of a
killed process is released by the kernel. A grader that waits logs this, and for which process.
"""

from __future__ import annotations

import contextlib
import fcntl
import logging
import os
import stat
import time
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path

from jaxercise.checks.load import busy_s, cpus
from jaxercise.checks.outcome import HostError

_POLL_S = 0.05
_SAMPLE_S = 0.2
# A wait is announced after the first of these times, and again every time the second has passed.
_ANNOUNCED_AFTER_S, _ANNOUNCED_EVERY_S = 2.0, 60.0
_VARIABLE = "JAXERCISE_LOCK"
_log = logging.getLogger("jaxercise")


class HostBusy(HostError):
    """Another grader kept the host's lock for too long; the text says who and how long."""


def lock_file() -> Path:
    """One file for all graders of a user; several users or containers set JAXERCISE_LOCK."""
    if configured := os.environ.get(_VARIABLE):
        return Path(configured)
    user = os.geteuid()
    own = Path("/run") if user == 0 else Path(f"/run/user/{user}")
    folder = own / "jaxercise" if os.access(own, os.W_OK) else Path(f"/tmp/jaxercise-{user}")
    return folder / "timing.lock"


@dataclass
class Host:
    """This process's hold on the host's lock; `waited_s` is how long it has waited in total."""

    path: Path = field(default_factory=lock_file)
    patience_s: float = 600.0
    waited_s: float = 0.0
    _held: int | None = None

    @contextlib.contextmanager
    def working(self) -> Generator[None]:
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
    def alone(self) -> Generator[None]:
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

    def give_way(self, suspended: Callable[[], AbstractContextManager[None]]) -> None:
        """Between two steps of work: let a timed check that waits for this process go first.

        Within `suspended()`, nothing runs that this process has started.
        """
        if self._held is None or not self._somebody_waits():
            return
        with suspended():
            self._release()
            self._held = self._lock(fcntl.LOCK_SH)

    def await_calm(self, share: float, patience_s: float) -> float:
        """Wait until others use at most `share` of the CPUs; return the share seen last."""
        started = time.monotonic()
        while True:
            seen = self.load()
            waited = time.monotonic() - started
            if seen <= share or waited >= patience_s:
                self.waited_s += waited
                return seen
            time.sleep(_SAMPLE_S)

    def load(self) -> float:
        """The share of the CPUs in use, measured for a moment while this process does nothing."""
        before, started = busy_s(), time.monotonic()
        time.sleep(_SAMPLE_S)
        return (busy_s() - before) / (time.monotonic() - started) / len(cpus())

    def _somebody_waits(self) -> bool:
        gate = _open(self._gate)
        try:
            fcntl.flock(gate, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(gate)
        return False

    @property
    def _gate(self) -> Path:
        return self.path.with_name(f"{self.path.name}.gate")

    def _lock(self, how: int) -> int:
        """Lock the file, after passing a gate that a waiting timed check keeps closed."""
        started = time.monotonic()
        gate = _open(self._gate)
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
        next_word_s = _ANNOUNCED_AFTER_S
        while True:
            try:
                return fcntl.flock(descriptor, how | fcntl.LOCK_NB)
            except BlockingIOError:
                pass
            waited_s = time.monotonic() - started
            if waited_s > self.patience_s:
                raise HostBusy(
                    f"another grader on this host{_holders(descriptor)} kept {self.path} for over "
                    f"{self.patience_s:g} s"
                )
            if waited_s > next_word_s:
                next_word_s += _ANNOUNCED_EVERY_S
                _log.warning(
                    "waiting for another grader on this host%s, which grades or times a check (%s)",
                    _holders(descriptor),
                    self.path,
                )
            time.sleep(_POLL_S)

    def _release(self) -> None:
        if self._held is not None:
            os.close(self._held)
            self._held = None


def _holders(descriptor: int) -> str:
    """The processes that hold the lock of an open file, in brackets, as far as is known."""
    inode = f":{os.fstat(descriptor).st_ino}"
    found = set()
    with contextlib.suppress(OSError):
        for line in Path("/proc/locks").read_text().splitlines():
            words = line.split()
            if words[1] == "FLOCK" and words[5].endswith(inode) and int(words[4]) > 0:
                found.add(int(words[4]))
    named = ", ".join(str(pid) for pid in sorted(found - {os.getpid()}))
    return f" (process {named})" if named else ""


def _open(path: Path) -> int:
    """A descriptor to lock, for which reading is enough.

    Raises:
        HostError: something else lies there, or others than graders could reach it.
    """
    _prepare(path.parent)
    flags = os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
    try:
        with contextlib.suppress(FileExistsError):
            created = os.open(path, flags | os.O_CREAT | os.O_EXCL)
            os.fchmod(created, 0o660)  # whatever the umask says
            os.close(created)
        descriptor = os.open(path, flags)
    except OSError as error:
        link = " a link," if path.is_symlink() else ""
        raise _unusable(path, f"{link} {error.strerror}") from None
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise _unusable(path, " not an ordinary file")
    return descriptor


def _prepare(folder: Path) -> None:
    """Make the lock's folder where it is missing; HostError where others than graders reach it."""
    try:
        with contextlib.suppress(FileExistsError):
            folder.mkdir(mode=0o700)
        seen = folder.lstat()
    except OSError as error:
        raise _unusable(folder, f" {error.strerror}") from None
    if not stat.S_ISDIR(seen.st_mode):
        raise _unusable(folder, " a link" if folder.is_symlink() else " not a folder")
    if seen.st_mode & stat.S_IWOTH:
        raise _unusable(folder, " everybody may write there")
    if seen.st_uid not in (os.geteuid(), 0) and _VARIABLE not in os.environ:
        raise _unusable(folder, f" it belongs to another user ({seen.st_uid})")


def _unusable(path: Path, why: str) -> HostError:
    return HostError(
        f"{path}:{why}. Graders on this host share a lock there, so that two checks of speed do "
        f"not disturb each other. Remove it, or set the environment variable {_VARIABLE} to a "
        "path in a folder that only graders reach."
    )
