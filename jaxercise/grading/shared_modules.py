"""What hidden tests may import of the course: modules beside them, and in `grader_tests/` itself.

A test of ps6 imports `grader_tests/ps6/pricing.py` as `grader_tests.ps6.pricing`, and
`grader_tests/drawing.py`, which all sets share, as `grader_tests.drawing`. Test files and the
modules of other sets cannot be imported: kept verdicts and proofs do not depend on them.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_file_location
from pathlib import Path
from types import ModuleType

PACKAGE = "grader_tests"


class SharedModules(MetaPathFinder):
    """Finds what the hidden tests in one folder, `grader_tests/SET`, share."""

    def __init__(self, tests: Path):
        self.tests = tests

    def install(self) -> None:
        """Come before other finders; modules that these found are imported anew."""
        sys.meta_path.insert(0, self)
        _forget()

    def uninstall(self) -> None:
        """Leave the other finders, and forget what was imported."""
        sys.meta_path.remove(self)
        _forget()

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The module's place; None where hidden tests have no such module to import."""
        match fullname.split("."):
            case [package] if package == PACKAGE:
                return ModuleSpec(fullname, None, is_package=True)
            case [package, name] if package == PACKAGE and name == self.tests.name:
                return ModuleSpec(fullname, None, is_package=True)
            case [package, module] if package == PACKAGE:
                file = self.tests.parent / f"{module}.py"
            case [package, name, module] if package == PACKAGE and name == self.tests.name:
                file = self.tests / f"{module}.py"
            case _:
                return None
        if module.startswith("test_") or not file.is_file():
            return None
        return spec_from_file_location(fullname, file)


def _forget() -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == PACKAGE]:
        del sys.modules[name]
