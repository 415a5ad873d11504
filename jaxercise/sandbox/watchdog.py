"""Ends a sandbox that exceeds limits which rlimits cannot enforce."""

from __future__ import annotations

import contextlib
import functools
import os
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
            pids = descendants(self.process.pid)
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


def descendants(pid: int) -> list[int]:
    """The ids of all processes below this one.

    They are read from the kernel's lists of children, where it has them: that takes a fiftieth
    of the time of reading every process of the host, as psutil does.

    Raises:
        psutil.NoSuchProcess: the process has ended.
    """
    if not _kernel_lists_children():
        return [process.pid for process in psutil.Process(pid).children(recursive=True)]
    if not os.path.exists(f"/proc/{pid}"):
        raise psutil.NoSuchProcess(pid)
    found, parents = list[int](), [pid]
    while parents:
        parents = [child for parent in parents for child in _children(parent)]
        found += parents
    return found


@functools.cache
def _kernel_lists_children() -> bool:
    return os.path.exists(f"/proc/self/task/{threading.get_native_id()}/children")


def _children(pid: int) -> list[int]:
    """The children of all threads of a process; none if it has ended."""
    found: list[int] = []
    with contextlib.suppress(OSError):
        for thread in os.listdir(f"/proc/{pid}/task"):
            with (
                contextlib.suppress(OSError),
                open(f"/proc/{pid}/task/{thread}/children", encoding="ascii") as file,
            ):
                found += map(int, file.read().split())
    return found


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
        for each in (pid, *descendants(pid)):
            with contextlib.suppress(psutil.Error):
                total += sum(psutil.Process(each).cpu_times()[:4])
    return total
