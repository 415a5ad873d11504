"""Files in the current folder: which ones changed, and which ones this process wrote.

A student's folder is shared: Jupyter saves notebooks there, and other programs write to it. So a
visible check counts a changed file only if this process opened it for writing, renamed it or the
like during the call. Nobody else writes to a sandbox's folder, so there every change counts.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Collection, Generator
from typing import Any

# By name: mode, size and modification time of each entry; None if there are too many.
Files = dict[str, tuple[int, int, int]] | None

# A folder with more entries is not watched, which would take too long.
_MAX_FILES = 100
# Jupyter may save a notebook at any time.
_NOT_WATCHED = (".ipynb", ".pyc")
_FOR_WRITING = os.O_WRONLY | os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_TRUNC
# Audit events of Python whose first two arguments are paths, or one path and something else.
_WRITES = frozenset(
    (
        *("os.chmod", "os.link", "os.mkdir", "os.remove", "os.rename", "os.rmdir"),
        *("os.symlink", "os.truncate", "os.utime", "sqlite3.connect"),
    )
)


def in_current_folder() -> Files:
    """The entries of the current folder, hidden files and notebooks left out."""
    found = {}
    try:
        with os.scandir() as entries:
            for entry in entries:
                if len(found) == _MAX_FILES:
                    return None
                if not entry.name.startswith(".") and not entry.name.endswith(_NOT_WATCHED):
                    status = entry.stat(follow_symlinks=False)
                    found[entry.name] = (status.st_mode, status.st_size, status.st_mtime_ns)
    except OSError:
        return None
    return found


def changed(before: Files, after: Files, folder: str, written: Collection[str] | None) -> bool:
    """Whether the files of `folder` differ; with `written`, whether those differ that lead there.

    `written` are the paths that `own_writes` yields.
    """
    if written is None or before == after:
        return before != after
    ours = {_entry(path, folder) for path in written}
    before, after = before or {}, after or {}
    return any(before.get(name) != after.get(name) for name in ours)


def _entry(path: str, folder: str) -> str:
    """The first part of a path in `folder`; empty for a path elsewhere."""
    inside = os.path.join(_real(folder), "")
    return path[len(inside) :].split(os.sep)[0] if path.startswith(inside) else ""


class _Audit:
    """The audit hook, which Python keeps until the process ends, and what it is to note."""

    def __init__(self) -> None:
        self._hooked = False
        self._noted: list[set[str]] = []

    @contextlib.contextmanager
    def own_writes(self) -> Generator[set[str]]:
        if not self._hooked:
            sys.addaudithook(self._hook)
            self._hooked = True
        paths: set[str] = set()
        self._noted.append(paths)
        try:
            yield paths
        finally:
            self._noted.pop()

    def _hook(self, event: str, args: tuple[Any, ...]) -> None:
        if self._noted and (event in _WRITES or (event == "open" and _opens_for_writing(args))):
            for arg in args[:2]:
                with contextlib.suppress(Exception):  # No path; nor may a hook raise.
                    self._noted[-1].add(_real(os.fsdecode(arg)))


def _opens_for_writing(args: tuple[Any, ...]) -> bool:
    flags = args[2] if len(args) == 3 else None  # path, mode, flags
    return type(flags) is int and bool(flags & _FOR_WRITING)


def _real(path: str) -> str:
    """The absolute path, with links followed in the folders but not in the last part."""
    folder, name = os.path.split(os.path.abspath(path))
    return os.path.join(os.path.realpath(folder), name)


own_writes = _Audit().own_writes
