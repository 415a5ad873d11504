"""Inside the sandbox: which files of the kernel's own file systems can be opened for writing.

Run as a program it prints those that are not harmless, one a line. Opens, never writes.
Imports the standard library alone: it runs before anything else does.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator

ROOTS = ("/proc", "/sys", "/dev")
# The files of a process, which the kernel opens to the process's own user only and which act
# on that process alone; devices without effect; terminals and memory of the sandbox's own.
HARMLESS = re.compile(
    r"/proc/\d+/.*|/dev/(null|zero|full|random|urandom|tty|(pts|shm)(/.*)?)", re.DOTALL
)


def writable(roots: tuple[str, ...] = ROOTS) -> Iterator[str]:
    """Files below `roots` that open for writing, and folders that take new files."""
    for root in roots:
        for folder, _, files in os.walk(root):
            if os.access(folder, os.W_OK):
                yield folder
            yield from (path for name in files if _opens(path := os.path.join(folder, name)))


def _opens(path: str) -> bool:
    try:
        if stat.S_ISLNK(os.lstat(path).st_mode):
            return False  # where it leads is walked itself, or is outside
        os.close(os.open(path, os.O_WRONLY | os.O_NONBLOCK | os.O_NOCTTY))
    except OSError:
        return False
    return True


if __name__ == "__main__":
    for found in writable():
        if not HARMLESS.fullmatch(found):
            print(ascii(found))
