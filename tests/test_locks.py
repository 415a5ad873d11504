"""The lock of the oldest versions holds what pyproject.toml says a student may have."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parent.parent


def test_the_oldest_versions_are_those_that_students_are_promised() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lock = (ROOT / "requirements-oldest.lock").read_text(encoding="utf-8")
    # NumPy has two versions there: one for newer Pythons, which wanted a newer one.
    locked = {(name, Version(v)) for name, v in re.findall(r"^([\w.-]+)==([^ ;]+)", lock, re.M)}
    for requirement in map(Requirement, project["dependencies"]):
        (least,) = requirement.specifier
        assert least.operator == ">="
        assert (canonicalize_name(requirement.name), Version(least.version)) in locked
