"""What a command costs: seconds of wall clock and of CPU, and memory, of all that it starts.

Its processes are in a control group (cgroup v2) of their own, so short-lived ones count too, also
those that nobody waits for.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import psutil

from jaxercise.sandbox.cgroup import Group
from jaxercise.sandbox.limits import Limits

# The variable that tells a measured program where its group is.
VARIABLE = "JAXERCISE_BENCH_GROUP"
_POLL_S = 0.2


@dataclass(frozen=True)
class Cost:
    """Seconds, and the largest sum of the processes' memory (PSS, in MiB) that was seen."""

    wall_s: float
    cpu_s: float
    peak_mb: float


def measured(command: list[str], cwd: Path, environment: Mapping[str, str]) -> tuple[Cost, str]:
    """Run a command to its end; its cost and what it printed.

    Raises:
        RuntimeError: it failed, or this host lets us make no control group.
    """
    unlimited = Limits(processes=10_000, resident_mb=1 << 20)
    group = Group.make(unlimited)
    if group is None:
        raise RuntimeError("no control group (cgroup v2) can be made here")
    done, peak = threading.Event(), [0.0]

    def watch() -> None:
        while not done.wait(_POLL_S):
            peak[0] = max(peak[0], sum(_memory_mb(pid) for pid in _members(group.path)))

    watching = threading.Thread(target=watch)
    watching.start()
    started = time.perf_counter()
    try:
        ended = subprocess.run(
            group.entering(command),
            cwd=cwd,
            env={**environment, VARIABLE: str(group.path)},
            capture_output=True,
            text=True,
        )
        cost = Cost(time.perf_counter() - started, group.cpu_s(), 0.0)
    finally:
        done.set()
        watching.join()
        group.remove()
    if ended.returncode != 0:
        raise RuntimeError(f"{command[:4]}: {ended.stderr[-2000:]}{ended.stdout[-500:]}")
    return Cost(cost.wall_s, cost.cpu_s, peak[0]), ended.stdout


def cpu_s() -> float:
    """CPU seconds of this process's group so far, if `measured` started it."""
    return Group(Path(os.environ[VARIABLE])).cpu_s()


def _members(folder: Path) -> list[int]:
    """The processes of a group and of those below it, where sandboxes have theirs."""
    pids: list[int] = []
    for file in folder.rglob("cgroup.procs"):
        with contextlib.suppress(OSError):
            pids += map(int, file.read_text().split())
    return pids


def _memory_mb(pid: int) -> float:
    with contextlib.suppress(psutil.Error, OSError):
        return psutil.Process(pid).memory_full_info().pss / 2**20
    return 0.0


if __name__ == "__main__":
    print(measured(sys.argv[1:], Path.cwd(), os.environ)[0])
