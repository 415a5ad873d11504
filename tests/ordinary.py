"""Runs a command as an ordinary user, also where we are root: `python -m tests.ordinary COMMAND`.

Root's own files, Python among them, may lie where no other user may look. So the command
gets a root folder of its own, with the repository and Python in it, read-only, and an empty
/tmp of the user's own.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from jaxercise.sandbox import bubblewrap

ROOT = Path(__file__).resolve().parent.parent
_BROWSER = Path("/etc/chromium.d")  # Debian's Chromium does not start without it.
_CLEAN = ("HOME=/tmp", "PYTHONDONTWRITEBYTECODE=1", "HYPOTHESIS_STORAGE_DIRECTORY=/tmp/hypothesis")


def command(*words: str) -> list[str]:
    """What to start so that `words` run as a user who is not root."""
    if os.geteuid() != 0:
        return list(words)
    scratch = ["--perms", "1777", "--tmpfs", "/tmp"]
    return [*bubblewrap.as_unused_user([ROOT, _BROWSER], *scratch), "/usr/bin/env", *_CLEAN, *words]


if __name__ == "__main__":
    os.chdir(ROOT)
    words = command(*sys.argv[1:])
    os.execvp(words[0], words)
