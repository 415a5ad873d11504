"""A JupyterHub as a child process: started, awaited, and ended with everything it started."""

from __future__ import annotations

import contextlib
import ctypes
import os
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import requests

from jaxercise.checks.outcome import HostError
from jaxercise.hub.spec import VARIABLE, HubSpec
from jaxercise.hub.start import hub_command

_PR_SET_CHILD_SUBREAPER = 36
_TAIL_LINES = 30
_POLL_S = 0.2
_READY_S = 300.0
_LEAVES_S = 20.0


def adopt_orphans() -> None:
    """Become the parent of every orphan below this process, so that none is lost sight of."""
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


@dataclass
class RunningHub:
    """`log` gets all that the hub, its proxy and its servers say."""

    prefix: Path
    spec: HubSpec
    log: Path
    _process: subprocess.Popen[bytes] | None = None
    _seen: dict[int, psutil.Process] = field(default_factory=dict[int, psutil.Process])

    def start(self, tell: Callable[[str], None] = lambda text: None) -> None:
        """Start the hub and wait until it and every formgrader answer.

        Raises:
            HostError: it ended, or did not answer; the message ends with the log's last lines.
        """
        path = Path(self.spec.state) / "hub.json"
        path.touch(mode=0o600)
        path.write_text(self.spec.to_json(), encoding="utf-8")
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                hub_command(self.prefix),
                cwd=self.spec.state,
                env={**os.environ, VARIABLE: str(path)},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # A Ctrl-C is for us, who then end it.
            )
        address = self.spec.address.rstrip("/")
        tell("waiting for the hub")
        self._await(f"{address}/hub/health", 200)
        for course in self.spec.courses:
            tell(f"waiting for the formgrader of {course.name}")
            self._await(f"{address}/services/{course.name}/api", 200)

    def restart(self) -> None:
        """End the hub, with its proxy and formgraders, and start it again; servers stay.

        Raises:
            HostError: it did not answer.
        """
        assert self._process is not None
        self._note()
        self._process.terminate()
        self._process.wait(_READY_S)
        self.start()

    def wait(self) -> None:
        """Wait until the hub ends, which it does not by itself.

        Raises:
            HostError: it has ended.
        """
        assert self._process is not None
        self._process.wait()
        raise self._failed("the hub ended")

    def stop(self) -> None:
        """End the hub and everything that it started, and wait until all are gone."""
        if self._process is None:
            return
        for end in (psutil.Process.terminate, psutil.Process.kill):
            self._note()
            for process in self._seen.values():
                with contextlib.suppress(psutil.Error):
                    end(process)
            _, alive = psutil.wait_procs(list(self._seen.values()), timeout=_LEAVES_S)
            self._seen = {process.pid: process for process in alive}
        self._process.wait()
        self._process = None

    def _note(self) -> None:
        """Remember all processes below the hub, and those that this process has adopted."""
        assert self._process is not None
        with contextlib.suppress(psutil.Error):
            hub = psutil.Process(self._process.pid)
            below = [hub, *hub.children(recursive=True)]
            self._seen |= {process.pid: process for process in below}

    def _await(self, url: str, status: int) -> None:
        assert self._process is not None
        deadline = time.monotonic() + _READY_S
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                raise self._failed("the hub ended")
            with contextlib.suppress(requests.RequestException):
                answer = requests.get(url, timeout=_READY_S, allow_redirects=False)
                if answer.status_code == status:
                    return
            time.sleep(_POLL_S)
        raise self._failed(f"{url} did not answer in {_READY_S:g} s")

    def _failed(self, why: str) -> HostError:
        last = self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-_TAIL_LINES:]
        return HostError(f"{why}. The end of {self.log}:\n\n" + "\n".join(last))


def end_orphans() -> None:
    """End what `adopt_orphans` made children of this process, down to the last."""
    for end in (psutil.Process.terminate, psutil.Process.kill):
        below = psutil.Process().children(recursive=True)
        for process in below:
            with contextlib.suppress(psutil.Error):
                end(process)
        psutil.wait_procs(below, timeout=_LEAVES_S)
