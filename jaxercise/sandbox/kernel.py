"""One sandboxed kernel: starts it, forks runs from it and ends it.

inside/shell.py is its inside. A kernel serves one submission and shares nothing with others.
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
from collections.abc import Generator
from pathlib import Path

import psutil

from jaxercise.sandbox import bubblewrap, view
from jaxercise.sandbox.cgroup import Group
from jaxercise.sandbox.limits import Limits
from jaxercise.sandbox.served import Programs, socket_for
from jaxercise.sandbox.watchdog import Watchdog, cpu_s_of, out_of_memory
from jaxercise.wire.channel import (
    CLEAR,
    PAUSE,
    PURPOSES,
    RESUME,
    Channel,
    Closed,
    Fault,
    Purpose,
    TimedOut,
)
from jaxercise.wire.codec import WireError

_START_S = 180.0
_FORK_S = 20.0


class KernelFailed(RuntimeError):
    """The sandbox does not start, whatever the notebook; the message has its last output."""


class Kernel:
    """A sandbox with one warm process in it, which forks runs. Use as a context manager.

    With `plots`, matplotlib is imported once for all runs; else each run imports it when needed.
    `cache` is a folder of compiled programs that unconfined kernels with trusted code share; any
    other kernel has its own. Runs are served `programs` if these are set before they start.
    """

    def __init__(
        self,
        limits: Limits,
        confine: bool = True,
        *,
        plots: bool = False,
        cache: Path | None = None,
    ):
        self.limits, self.confine, self.plots, self.cache = limits, confine, plots, cache
        self.generation = 0
        self.programs: Programs | None = None
        self._ended_because = ""
        self.process: subprocess.Popen[bytes] | None = None
        self._group: Group | None = None
        self._folder: str | None = None
        self._channels: list[Channel] = []
        self._watchdog: Watchdog | None = None
        if confine:
            bubblewrap.preflight()
        self._start()

    def __enter__(self) -> Kernel:
        return self

    def __exit__(self, *exc: object) -> None:
        self.kill()

    def _start(self) -> None:
        """Start the process and return at once, while it imports."""
        ours, theirs = socket.socketpair()
        command = [sys.executable, "-m", "jaxercise.inside.shell", "--fd", str(theirs.fileno())]
        command += ["--plots"] * self.plots
        if self.confine:
            with bubblewrap.confined(command, self.limits, view.library_paths()) as (
                confined,
                inherited,
            ):
                self._group = Group.make(self.limits)
                if self._group is not None:
                    confined = self._group.entering(confined)
                self.process = _started(confined, [theirs.fileno(), *inherited])
        else:
            self._folder = tempfile.mkdtemp(prefix="jaxercise-")
            environment = view.unconfined_environment(Path(self._folder), self.cache)
            self.process = _started(command, [theirs.fileno()], environment, self._folder)
        theirs.close()
        self.control: socket.socket = ours
        self.ready = False
        self._ended_because = ""
        self.generation += 1
        if self.confine:
            self._watch(self.process)

    def _watch(self, process: subprocess.Popen[bytes]) -> None:
        def ended(reason: str) -> None:
            if self.process is process:  # a later one has a watchdog of its own
                self._ended_because = reason
                _end(process)

        self._watchdog = Watchdog(process.pid, self.limits, ended, self._group)
        self._watchdog.start()

    @property
    def ended_because(self) -> str:
        """The limit that ended the sandbox or a process in it, in words; "" if none did."""
        if not self._ended_because and self._group is not None:
            # The kernel may have ended it between two looks of the watchdog.
            self._ended_because = out_of_memory(self._group, self.limits)
        return self._ended_because

    def await_ready(self) -> None:
        """Wait until the kernel has started; start it once more if it ended meanwhile.

        No student code runs yet, so the host ended it, perhaps for lack of memory.

        Raises:
            KernelFailed: it does not start; the message has its last output.
        """
        for last in (False, True):
            if self.ready:
                return
            self.control.settimeout(_START_S)
            with contextlib.suppress(TimeoutError, ConnectionResetError):
                self.ready = self.control.recv(1) == b"r"
            if not self.ready:
                words = self._last_words()
                self.kill()
                if last:
                    raise KernelFailed(f"the kernel did not start: {words or 'no message'}")
                self._start()

    def _last_words(self) -> str:
        if self.process is None or self.process.stderr is None:
            return ""
        _end(self.process)
        return self.process.stderr.read()[-2000:].decode(errors="replace").strip()

    def fork(self, purpose: Purpose = "check") -> Channel:
        """A channel to a new run; restarts the kernel if it has ended or can no longer fork.

        Raises:
            KernelFailed: runs end as soon as they have started.
            Fault: runs end as soon as they have started, and report a fault of the library.
        """
        failure: Exception = KernelFailed("the kernel ends as soon as it has started")
        for _ in range(3):
            if self.process is None or self.process.poll() is not None:
                self.kill()
                self._start()
            self.await_ready()
            channel = self._order_run(purpose)
            try:
                channel.receive(_FORK_S)
                return channel
            except (Closed, TimedOut, WireError, Fault) as error:
                # A full scratch folder or too many processes: what an earlier run left behind.
                failure = error if isinstance(error, Fault) else failure
                self.kill()
        raise failure

    def clear(self) -> None:
        """End all processes of earlier runs, detached ones too, and remove all that they wrote.

        Where that fails the sandbox is ended, and the next run starts another. An unconfined
        kernel leaves everything as it is.
        """
        if self.confine:
            self._order_all(CLEAR)

    def _order_run(self, purpose: Purpose) -> Channel:
        ours, theirs = socket.socketpair()
        self._channels.append(Channel(ours))
        given = [theirs, *socket_for(purpose, self.programs)]
        with contextlib.suppress(OSError):
            socket.send_fds(self.control, [PURPOSES[purpose]], [one.fileno() for one in given])
        for one in given:
            one.close()
        return self._channels[-1]

    def pause(self) -> None:
        """Stop all processes of the runs, even short-lived ones, until `resume`."""
        self._order_all(PAUSE)

    def resume(self) -> None:
        """Continue what `pause` stopped; does nothing if nothing is stopped."""
        self._order_all(RESUME)

    @contextlib.contextmanager
    def suspended(self) -> Generator[None]:
        """While the block runs, all that the runs have started stands still."""
        self.pause()
        try:
            yield
        finally:
            self.resume()

    def _order_all(self, order: bytes) -> None:
        if self.process is None or not self.ready:
            return  # no run, nothing to stop
        if not self.confine:
            _suspend_children(self.process.pid, order == PAUSE)
            return
        self.control.settimeout(_FORK_S)
        try:
            self.control.send(order)
            done = self.control.recv(1) == order
        except OSError:
            done = False
        if not done:
            self.kill()  # as if it had ended by itself: the next run starts another

    def cpu_s(self) -> float:
        """CPU seconds that the sandbox's processes have used.

        Without a control group, an ended process counts only if another process waited for it.
        """
        if self._group is not None:
            return self._group.cpu_s()
        return cpu_s_of(self.process.pid) if self.process is not None else 0.0

    def kill(self) -> None:
        """End the sandbox and everything in it; does nothing if it has ended."""
        if self._watchdog is not None:
            self._watchdog.done.set()
            self._watchdog.join()
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
        if self._group is not None:
            self._group.remove()
            self._group = None
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None


def _started(
    command: list[str],
    inherited: list[int],
    environment: dict[str, str] | None = None,
    folder: str | None = None,
) -> subprocess.Popen[bytes]:
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


def _suspend_children(pid: int, suspended: bool) -> None:
    with contextlib.suppress(psutil.Error):
        for child in psutil.Process(pid).children(recursive=True):
            with contextlib.suppress(psutil.Error):
                (child.suspend if suspended else child.resume)()


def _end(process: subprocess.Popen[bytes]) -> None:
    """Kill a process group: killing only a bwrap that is still starting leaves a child behind."""
    if process.poll() is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
