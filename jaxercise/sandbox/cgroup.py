"""A control group (cgroup v2) for each sandbox, if the host lets this grader make one.

The group counts the CPU time of all its processes, even short-lived ones, and ends them together;
that needs no controller. Where the memory and pids controllers are available, the kernel also
enforces its limits. Where no group can be made, the sandbox works without one.
"""

from __future__ import annotations

import contextlib
import functools
import os
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

from jaxercise.sandbox.limits import Limits, tasks

_PREFIX = "jaxercise-"
_CONTROLLERS = ("memory", "pids")
_REMOVAL_S = 5.0


@dataclass(frozen=True)
class Group:
    """A control group; `path` is its folder in the cgroup file system."""

    path: Path

    @classmethod
    def make(cls, limits: Limits) -> Group | None:
        """A new, empty group with these limits; None if none can be made."""
        home = _home()
        if home is None:
            return None
        _remove_stale(home)
        try:
            group = _new(home)
        except OSError:
            return None
        # Files of the sandbox's own tmpfs count here too.
        memory_mb = limits.resident_mb + limits.scratch_mb + limits.shared_mb
        group._write("memory.max", memory_mb << 20)
        group._write("memory.swap.max", 0)
        group._write("memory.oom.group", 1)
        group._write("pids.max", tasks(limits))
        return group

    def entering(self, command: list[str]) -> list[str]:
        """The command that starts `command` in the group; it fails if it cannot enter it."""
        # The shell itself enters and then becomes the command, so that no process stays outside.
        # Python's preexec_fn would do the same, but may deadlock where there are threads.
        enter = 'echo 0 > "$0/cgroup.procs" && exec "$@"'
        return ["/bin/sh", "-c", enter, str(self.path), *command]

    def cpu_s(self) -> float:
        """CPU seconds used by all processes that are or were in the group."""
        return self._number_in("cpu.stat", "usage_usec") / 1e6

    def pids(self) -> list[int]:
        """The ids of the processes in it, without threads."""
        return [int(pid) for pid in self._read("cgroup.procs").split()]

    def limits_memory(self) -> bool:
        """Whether the kernel limits its memory."""
        return self._read("memory.max").strip().isdecimal()

    def ran_out_of_memory(self) -> bool:
        """Whether it exceeded its memory limit, for which the kernel ends its processes.

        Processes that end because the whole host is short of memory do not count.
        """
        return self._number_in("memory.events", "oom") > 0

    def remove(self) -> None:
        """End all processes in it and remove it.

        If they do not end within a few seconds, the group is left for a later grader to remove.
        """
        self._write("cgroup.kill", 1)
        deadline = time.monotonic() + _REMOVAL_S
        while self.path.exists() and time.monotonic() < deadline:
            try:
                self.path.rmdir()
            except OSError:  # processes in it are still ending
                time.sleep(0.002)

    def _read(self, name: str) -> str:
        try:
            return (self.path / name).read_text()
        except OSError:
            return ""

    def _number_in(self, name: str, key: str) -> int:
        """The number after `key` in a file of keys and numbers; 0 where it is missing."""
        words = self._read(name).split()
        return int(words[words.index(key) + 1]) if key in words else 0

    def _write(self, name: str, value: int) -> None:
        """Set a value; does nothing if the kernel has no file of this name."""
        _write(self.path / name, str(value))


def _write(path: Path, text: str) -> None:
    with contextlib.suppress(OSError), path.open("r+") as file:
        file.write(text)


def _new(home: Path) -> Group:
    """Raises OSError where this grader may not make a group there."""
    return Group(Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-", dir=home)))


@functools.cache
def _home() -> Path | None:
    """The group in which this grader can make and use groups; None if there is none."""
    for folder in _candidates():
        # The kernel refuses this where processes are in the folder itself, but for its root.
        for controller in _CONTROLLERS:
            _write(folder / "cgroup.subtree_control", f"+{controller}")
        try:
            group = _new(folder)
        except OSError:
            continue
        try:
            done = subprocess.run(group.entering(["/bin/true"]), capture_output=True, timeout=20)
        except (OSError, subprocess.TimeoutExpired):
            continue
        finally:
            group.remove()
        if done.returncode == 0:
            return folder
    return None


def _candidates() -> list[Path]:
    """Our own group, after its parent where that is an ordinary user's own and counts more."""
    own = _own()
    if own is None:
        return []
    user = os.geteuid()
    delegated = user != 0 and own.parent.exists() and own.parent.stat().st_uid == user
    if delegated and set(_CONTROLLERS) & set(_children_controllers(own.parent)):
        return [own.parent, own]
    return [own]


def _children_controllers(folder: Path) -> list[str]:
    try:
        return (folder / "cgroup.subtree_control").read_text().split()
    except OSError:
        return []


def _own(process: Path = Path("/proc/self")) -> Path | None:
    """The folder of our own group, of a pure cgroup v2 or beside v1; None where neither is."""
    try:
        groups = (process / "cgroup").read_text().splitlines()
        mounts = (process / "mountinfo").read_text().splitlines()
    except OSError:
        return None
    ours = next((Path(line[3:]) for line in groups if line.startswith("0::")), None)
    if ours is None or ".." in ours.parts:  # ..: outside of the part that this container sees
        return None
    for mount in mounts:
        before, _, after = mount.partition(" - ")
        root, at = before.split()[3:5]
        if after.startswith("cgroup2 ") and ours.is_relative_to(root):
            return Path(at, ours.relative_to(root))
    return None


def _remove_stale(home: Path) -> None:
    """Remove the groups of graders that were killed; their sandboxes ended with them."""
    for folder in home.glob(f"{_PREFIX}*-*"):
        pid = folder.name.removeprefix(_PREFIX).partition("-")[0]
        if pid.isdecimal() and not psutil.pid_exists(int(pid)):
            with contextlib.suppress(OSError):
                folder.rmdir()
