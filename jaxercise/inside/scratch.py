"""The folders that runs may write to, emptied between two checks."""

from __future__ import annotations

import os
import shutil

# All that is writable in a sandbox (sandbox/bubblewrap.py).
WRITABLE = ("/tmp", "/dev/shm")


class Scratch:
    """Empties `folders`; made before any run may write there.

    Folders that exist by then stay, since read-only files may be mounted below them; what is
    mounted there is left alone.
    """

    def __init__(self, folders: tuple[str, ...] = WRITABLE) -> None:
        self.folders = folders
        self._kept = {path for folder in folders for path in _below(folder)}

    def empty(self) -> None:
        """Remove everything that runs have written.

        Raises:
            OSError, RecursionError: something cannot be removed.
        """
        for folder in self.folders:
            self._empty(folder, os.lstat(folder).st_dev)

    def _empty(self, folder: str, device: int) -> None:
        for entry in list(os.scandir(folder)):
            if entry.stat(follow_symlinks=False).st_dev != device:
                continue
            if not entry.is_dir(follow_symlinks=False):
                os.unlink(entry.path)
            elif entry.path in self._kept:
                self._empty(entry.path, device)
            else:
                shutil.rmtree(entry.path)


def _below(folder: str) -> list[str]:
    """All folders below this one, on the same file system."""
    found: list[str] = []
    for entry in list(os.scandir(folder)):
        same = entry.stat(follow_symlinks=False).st_dev == os.lstat(folder).st_dev
        if same and entry.is_dir(follow_symlinks=False):
            found += [entry.path, *_below(entry.path)]
    return found
