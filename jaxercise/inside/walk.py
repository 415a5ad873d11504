"""Finds files of the kernel's file systems that a process in the sandbox can open for writing.

Run as a program, it prints those that are not harmless, one per line. It opens files but never
writes. It imports only the standard library, since it runs before anything else.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator

ROOTS = ("/proc", "/sys", "/dev")
# Files of a process, which only its own user can open and which affect only that process;
# devices without effect; the sandbox's own terminals and shared memory.
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
            return False  # Its target is walked itself or is outside `roots`.
        os.close(os.open(path, os.O_WRONLY | os.O_NONBLOCK | os.O_NOCTTY))
    except OSError:
        return False
    return True


if __name__ == "__main__":
    for found in writable():
        if not HARMLESS.fullmatch(found):
            print(ascii(found))
