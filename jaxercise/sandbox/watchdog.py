"""Ends a sandbox that exceeds limits which rlimits cannot enforce."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable

import psutil

from jaxercise.sandbox.cgroup import Group
from jaxercise.sandbox.limits import Limits


class Watchdog(threading.Thread):
    """Ends a sandbox whose processes together exceed its limits.

    Memory rlimits count per process, RLIMIT_DATA ignores shared mappings, and root has no limit on
    the number of processes. So this thread looks at the total of the sandbox's control group or,
    without one, of all descendants of process `pid`.
    """

    def __init__(
        self, pid: int, limits: Limits, end: Callable[[str], None], group: Group | None = None
    ):
        super().__init__(daemon=True, name=f"watchdog-{pid}")
        self.process, self.limits, self.end = psutil.Process(pid), limits, end
        self.group = group
        self.done = threading.Event()

    def run(self) -> None:
        while not self.done.wait(0.1):
            try:
                reason = self.outgrown()
            except psutil.NoSuchProcess:
                return None
            if reason:
                return self.end(reason)
        return None

    def outgrown(self) -> str:
        """The limit that the sandbox exceeds, in words; "" if it exceeds none.

        Raises:
            psutil.NoSuchProcess: there is no group, and the sandbox has ended.
        """
        if self.group is not None:
            pids = [pid for pid in self.group.pids() if pid != self.process.pid]
        else:
            pids = [process.pid for process in self.process.children(recursive=True)]
        if len(pids) > self.limits.processes:
            return f"it started more than {self.limits.processes} processes"
        if self.group is not None and self.group.limits_memory():
            return out_of_memory(self.group, self.limits)
        if _resident_mb(pids) > self.limits.resident_mb:
            return _too_much_memory(self.limits)
        return ""


def out_of_memory(group: Group, limits: Limits) -> str:
    """The reason to give if the group exceeded the kernel's memory limit; else ""."""
    return _too_much_memory(limits) if group.ran_out_of_memory() else ""


def _too_much_memory(limits: Limits) -> str:
    return f"it used more than {limits.resident_mb} MiB of memory"


def _resident_mb(pids: list[int]) -> float:
    total = 0
    for pid in pids:
        try:
            memory = psutil.Process(pid).memory_info()
        except psutil.Error:
            continue
        total += memory.rss
    return total / 2**20


def cpu_s_of(pid: int) -> float:
    """CPU seconds of a process and its descendants; 0 if it has ended.

    An ended descendant counts if a living process waited for it. The first process of a sandbox
    waits for all orphans.
    """
    total = 0.0
    with contextlib.suppress(psutil.Error):
        root = psutil.Process(pid)
        for process in (root, *root.children(recursive=True)):
            with contextlib.suppress(psutil.Error):
                total += sum(process.cpu_times()[:4])
    return total
