"""The shared installation: one for all accounts, not editable, of exactly the locked packages."""

from __future__ import annotations

import hashlib
import os
import stat
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from jaxercise.checks.outcome import CourseError
from jaxercise.hub import proxy
from jaxercise.hub.steps import run

_LIBRARY = Path(__file__).parents[1]
_LOCK = "requirements-hub.lock"
_MARK = ".jaxercise-installation"


@dataclass(frozen=True)
class Installation:
    """A virtual environment in `target`, made by `python` from the clone that this library is in.

    An editable installation points into the clone, whose hidden tests nobody else may read.
    """

    target: Path
    python: Path

    def needed(self) -> str:
        if Path(sys.prefix).resolve() == self.target.resolve():
            return "" if proxy.installed(self.target) else f"the hub's proxy in {self.target}"
        mark = self.target / _MARK
        if mark.is_file() and mark.read_text() == _digest():
            return ""
        return f"installation {self.target}, by {self.python} (about 1.5 GB, some minutes)"

    def do(self) -> None:
        if Path(sys.prefix).resolve() == self.target.resolve():
            return proxy.install()
        self._assert_usable()
        digest = _digest()
        (self.target / _MARK).unlink(missing_ok=True)
        if not (self.target / "bin" / "python").exists():
            run([str(self.python), "-m", "venv", str(self.target)])
        python, clone = str(self.target / "bin" / "python"), _LIBRARY.parent
        pip = [python, "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
        run([*pip, "--require-hashes", "-r", str(clone / _LOCK)])
        run([*pip, "--no-deps", "--no-build-isolation", "--force-reinstall", str(clone)])
        # Accounts cannot write bytecode there. Some packages ship templates that do not compile.
        subprocess.run([python, "-m", "compileall", "-qq", "-j", "0", str(self.target / "lib")])
        run([python, "-m", "jaxercise.hub.proxy"])
        (self.target / _MARK).write_text(digest)
        return None

    def _assert_usable(self) -> None:
        if not (_LIBRARY.parent / _LOCK).is_file():
            raise CourseError(
                f"{_LIBRARY}: no {_LOCK} beside it; run this command from a clone of the "
                f"repository, or with the installation {self.target} itself"
            )
        closed = closed_folder(self.python)
        if closed is not None:
            raise CourseError(
                f"{self.python}: other accounts cannot run it, since {closed} is closed to them; "
                "name another 'python' in [hub]"
            )
        code = "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))"
        try:
            fine = subprocess.run([self.python, "-c", code], capture_output=True).returncode == 0
        except OSError:
            fine = False
        if not fine:
            raise CourseError(
                f"{self.python}: not a Python of version 3.11 or newer that can make virtual "
                "environments (Debian: apt-get install python3-venv); 'python' in [hub] names it"
            )


def closed_folder(path: Path) -> Path | None:
    """The first folder above the file that other accounts may not enter."""
    real = Path(os.path.realpath(path))
    for folder in reversed(real.parents):
        if folder.exists() and not folder.stat().st_mode & stat.S_IXOTH:
            return folder
    return None


def _digest() -> str:
    """Of the lock file and the library, by which an outdated installation is recognised."""
    lock = _LIBRARY.parent / _LOCK
    digest = hashlib.sha256(lock.read_bytes() if lock.is_file() else b"")
    for path in sorted(_LIBRARY.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            digest.update(str(path.relative_to(_LIBRARY)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest() + "\n"
