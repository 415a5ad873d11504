"""Ends a sandbox that takes more than resource limits can hold it to."""

from __future__ import annotations

import threading
from collections.abc import Callable

import psutil

from jaxercise.sandbox import Limits


class Watchdog(threading.Thread):
    """Ends a sandbox whose processes together outgrow the limits that rlimits cannot hold.

    Resource limits on memory count per process, and shared mappings escape RLIMIT_DATA; for
    root there is no limit on the number of processes. So this looks at the sum.
    """

    def __init__(self, pid: int, limits: Limits, end: Callable[[str], None]):
        super().__init__(daemon=True, name=f"watchdog-{pid}")
        self.process, self.limits, self.end = psutil.Process(pid), limits, end
        self.done = threading.Event()

    def run(self) -> None:
        while not self.done.wait(0.1):
            try:
                processes = self.process.children(recursive=True)
            except psutil.NoSuchProcess:
                return None
            if len(processes) > self.limits.processes:
                return self.end(f"it started more than {self.limits.processes} processes")
            if _resident_mb(processes) > self.limits.resident_mb:
                return self.end(f"it used more than {self.limits.resident_mb} MiB of memory")
        return None


def _resident_mb(processes: list[psutil.Process]) -> float:
    total = 0
    for process in processes:
        try:
            memory = process.memory_info()
        except psutil.Error:
            continue
        total += memory.rss
    return total / 2**20
