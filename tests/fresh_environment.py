"""A virtual environment that holds what `pip install 'WHEEL[grader]'` would put there.

Installing anew takes minutes and a package index. So the packages that the extra asks for, and
those that they ask for, are linked from the environment that runs the tests, which is that of
requirements.lock; nothing else is, so that a requirement that nobody declared is missing. Then
pip installs the wheel without an index, and so checks that all it requires is there.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent


def build_wheel(folder: Path) -> Path:
    """The wheel of this working tree, in `folder`."""
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    return wheel


def make_environment(folder: Path, wheel: Path, extra: str) -> Path:
    """A new environment in `folder` with the wheel and what it requires; its Python."""
    venv.create(folder, symlinks=True)
    for each in _required("jaxercise", extra):
        _link(each, folder)
    python = folder / "bin" / "python"
    command = [sys.executable, "-m", "pip", "--isolated", "--python", str(python), "install"]
    options = ["--quiet", "--no-index", f"jaxercise[{extra}] @ {wheel.as_uri()}"]
    done = subprocess.run([*command, *options], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return python


def _required(name: str, extra: str) -> Iterator[Distribution]:
    """What `name[extra]` requires, directly or not."""
    waiting, seen = [(name, extra)], {(name, extra)}
    given = {name}
    while waiting:
        here, with_extra = waiting.pop()
        try:
            found = distribution(here)
        except PackageNotFoundError:
            continue  # pip tells if it is required
        if canonicalize_name(here) not in given:
            given.add(canonicalize_name(here))
            yield found
        for requirement in map(Requirement, found.requires or ()):
            if requirement.marker and not requirement.marker.evaluate({"extra": with_extra}):
                continue
            for wanted in ("", *requirement.extras):
                if (requirement.name, wanted) not in seen:
                    seen.add((requirement.name, wanted))
                    waiting.append((requirement.name, wanted))


def _link(package: Distribution, folder: Path) -> None:
    """Link a package's files, with their bytecode, below `folder`; scripts name its Python."""
    old = Path(sysconfig.get_path("data"))
    for file in package.files or ():
        path = Path(os.path.normpath(str(package.locate_file(file))))
        if not path.is_relative_to(old) or not path.is_file():
            continue
        target = folder / path.relative_to(old)
        target.parent.mkdir(parents=True, exist_ok=True)
        if path.parent.name == "bin":
            target.write_bytes(path.read_bytes().replace(bytes(old), bytes(folder)))
            target.chmod(0o755)
            continue
        _link_file(path, target)
        if path.suffix == ".py":
            bytecode = Path(importlib.util.cache_from_source(str(path)))
            if bytecode.is_file():
                target = target.parent / "__pycache__" / bytecode.name
                target.parent.mkdir(exist_ok=True)
                _link_file(bytecode, target)


def _link_file(path: Path, target: Path) -> None:
    if target.exists():
        return
    try:
        target.hardlink_to(path)
    except OSError:  # on another file system
        shutil.copy2(path, target)
