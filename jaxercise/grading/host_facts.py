"""What must be the same on every host that judges: the course, this library, packages, settings.

A verdict's key is made where grades are asked for, so a host where anything of this differs
must not judge: its verdict would be kept under the wrong key.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path

from jaxercise.grading.environment import matters, packages, surroundings
from jaxercise.grading.files import COURSE_PARTS, LIBRARY, Files

# Where the environment is installed decides nothing.
_OWN = ("prefix", "packages")
# A path of one host says nothing on another.
_NOT_TAKEN_OVER = ("PYTHONPATH",)
_MAX_NAMED = 8


def host_facts(course_root: Path, files: Files) -> dict[str, str]:
    """Every fact by its name: digests of files, installed packages, versions, variables."""
    around = {name: value for name, value in surroundings().items() if name not in _OWN}
    course = files.listed([course_root / part for part in COURSE_PARTS], course_root)
    library = files.listed([LIBRARY], LIBRARY)
    return {
        **around,
        **{f"package {name}": "installed" for name in packages()},
        **{f"course file {name}": digest for name, digest in course.items()},
        **{f"library file {name}": digest for name, digest in library.items()},
    }


def digest_of(facts: Mapping[str, str]) -> str:
    """One SHA-256 of all facts, in hex."""
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()


def differences(here: Mapping[str, str], expected: Mapping[str, str]) -> list[str]:
    """What differs between a host and the one that grades are asked for on, in words."""
    names = sorted(name for name in here.keys() | expected if here.get(name) != expected.get(name))
    found: list[str] = []
    for name in names[:_MAX_NAMED]:
        ours, theirs = here.get(name), expected.get(name)
        if ours is None or theirs is None:
            found.append(f"{name} is only {'there' if ours is None else 'here'}")
        elif " file " in name:
            found.append(f"{name} is another one")
        else:
            found.append(f"{name} is {ours!r} here and {theirs!r} there")
    if len(names) > _MAX_NAMED:
        found.append(f"and {len(names) - _MAX_NAMED} more")
    return found


def settings() -> dict[str, str]:
    """The variables of this process that change results, but for paths."""
    return {
        name: value
        for name, value in os.environ.items()
        if matters(name) and name not in _NOT_TAKEN_OVER
    }


def take_over(wanted: Mapping[str, str]) -> None:
    """Have the variables that change results as `settings` had them on another host.

    dask sets some of them, such as OMP_NUM_THREADS, for its workers.
    """
    for name in settings().keys() - wanted.keys():
        del os.environ[name]
    os.environ.update(wanted)
