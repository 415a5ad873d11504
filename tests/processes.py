"""What still runs. A process may end between being found and being looked at: then it does not."""

import contextlib
import os
import time
from collections.abc import Callable
from pathlib import Path

import psutil


def is_alive(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def descendants(pid: int | None = None) -> list[psutil.Process]:
    """Children, and theirs, of process `pid` (ours by default); none where it has ended."""
    with contextlib.suppress(psutil.NoSuchProcess):
        return psutil.Process(pid).children(recursive=True)
    return []


def members(groups: list[int]) -> list[psutil.Process]:
    """The processes of the machine that belong to one of the process groups `groups`."""
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(ProcessLookupError):
            if os.getpgid(process.pid) in groups:
                found.append(process)
    return found


def name_of(process: psutil.Process) -> str:
    """The name of a process; "" when it has ended."""
    with contextlib.suppress(psutil.NoSuchProcess):
        return process.name()
    return ""


def still_alive(
    found: Callable[[], list[psutil.Process]], patience_s: float
) -> list[psutil.Process]:
    """Those of `found()` that live on after `patience_s`; returns at once when there are none."""
    deadline = time.monotonic() + patience_s
    while (alive := [one for one in found() if is_alive(one)]) and time.monotonic() < deadline:
        time.sleep(0.05)
    return alive


def below(folder: Path) -> list[str]:
    """The command lines of processes that work in the folder, or name it."""
    found: list[str] = []
    for process in psutil.process_iter():
        try:
            words = [*process.cmdline(), process.cwd()]
        except psutil.Error:
            continue
        if any(str(folder) in word for word in words):
            found.append(" ".join(words))
    return found
