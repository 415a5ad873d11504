"""A dask scheduler and workers as processes on loopback, which end by themselves in any case."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Self

from distributed import Client

_PATIENCE_S = 120.0
# If a test is killed, the scheduler ends when it idles, and then the workers do.
_IDLE_S = 180


class Cluster:
    """A scheduler; `worker` starts a worker of it. Files are written in `folder`."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self.folder, self.environment = folder, environment
        self.workers: list[subprocess.Popen[bytes]] = []
        file = folder / "scheduler.json"
        self.scheduler = self._start(
            "scheduler", f"--scheduler-file={file}", "--port=0", f"--idle-timeout={_IDLE_S} s"
        )
        self.address: str = _await_file(file)["address"]

    def worker(self, *options: str, **environment: str) -> subprocess.Popen[bytes]:
        """Start a worker with one thread, and no nanny unless `options` says --nanny."""
        nanny = [] if "--nanny" in options else ["--no-nanny"]
        options = (*nanny, *options, "--nthreads=1", "--death-timeout=60", self.address)
        self.workers.append(self._start("worker", *options, **environment))
        return self.workers[-1]

    def await_workers(self, count: int) -> None:
        """Wait until so many workers are known to the scheduler."""
        with Client(self.address, set_as_default=False) as client:
            client.wait_for_workers(count, timeout=_PATIENCE_S)

    def _start(self, what: str, *options: str, **environment: str) -> subprocess.Popen[bytes]:
        name = f"{what}{len(self.workers)}"
        folder = self.folder / name
        folder.mkdir()
        with (folder / "log").open("wb") as log:
            return subprocess.Popen(
                [
                    *(sys.executable, "-P", "-m", f"distributed.cli.dask_{what}"),
                    *(
                        "--host=127.0.0.1",
                        "--no-dashboard",
                        "--dashboard-address=127.0.0.1:0",
                        *options,
                    ),
                ],
                cwd=folder,
                env=os.environ | self.environment | environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def log(self) -> str:
        """What the scheduler and the workers printed."""
        return "\n".join(path.read_text() for path in sorted(self.folder.glob("*/log")))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        for process in (*self.workers, self.scheduler):
            process.terminate()
        for process in (*self.workers, self.scheduler):
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _await_file(path: Path) -> dict[str, Any]:
    end = time.monotonic() + _PATIENCE_S
    while time.monotonic() < end:
        try:
            return json.loads(path.read_text())
        except (OSError, ValueError):
            time.sleep(0.1)
    raise TimeoutError(f"{path} was not written")
