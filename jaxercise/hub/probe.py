"""Tries what an account can do with files. `hub check` runs its text as that account.

It imports the standard library alone, since it is run by whatever Python the account may run.
Standard input holds a JSON list of pairs [deed, path]; standard output gets a list of booleans.
"""

from __future__ import annotations

import json
import os
import stat
import sys


def possible(deed: str, path: str) -> bool:
    """Whether this process can do the deed: read a file or list a folder, write, or move away."""
    try:
        if deed == "read":
            if os.path.isdir(path):
                os.listdir(path)
            else:
                os.close(os.open(path, os.O_RDONLY | os.O_NONBLOCK))
            return True
        if deed == "write":
            return os.access(path, os.W_OK | (os.X_OK if os.path.isdir(path) else 0))
        if deed == "run":
            return os.access(path, os.X_OK)
        return _movable(path)
    except OSError:
        return False


def _movable(path: str) -> bool:
    """Whether the entry could be renamed: the folder is writable, and not sticky for strangers."""
    folder = os.path.dirname(path)
    if not os.access(folder, os.W_OK | os.X_OK):
        return False
    above, seen = os.stat(folder), os.lstat(path)
    return not above.st_mode & stat.S_ISVTX or os.geteuid() in (above.st_uid, seen.st_uid)


if __name__ == "__main__":
    json.dump([possible(deed, path) for deed, path in json.load(sys.stdin)], sys.stdout)
