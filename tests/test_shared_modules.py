"""What hidden tests share: which modules of the course they can import, and how fresh those are."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from jaxercise.checks.outcome import CheckOutcome, Verdict
from jaxercise.checks.proxy import Student
from jaxercise.course.sources import declared_checks
from jaxercise.grading.reference import Reference
from jaxercise.grading.testing import CheckContext, run_checks
from tests.small_course import make_course

TEST = '''\
import pytest
from jaxercise.checks.assertions import fail
from {module} import WHAT

@pytest.mark.correctness(points=1)
def test_it():
    """It."""
    fail(WHAT)
'''


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def outcome_of(root: Path, module: str, assignment: str = "ps1") -> tuple[CheckOutcome, str]:
    """How a hidden test of an assignment ends that fails with `WHAT` of a module."""
    test = write(root / f"grader_tests/{assignment}/test_f.py", TEST.format(module=module))
    student = Student(lambda call, run: None)
    context = CheckContext("f", student, Reference(np), race=lambda *a, **k: None)
    checked = run_checks(test, declared_checks(test), context)
    return checked.outcomes[0], "".join(checked.details)


@pytest.mark.parametrize(
    ("file", "module"),
    [
        ("grader_tests/ps1/cases.py", "grader_tests.ps1.cases"),
        ("grader_tests/cases.py", "grader_tests.cases"),
    ],
)
def test_a_hidden_test_imports_what_it_shares(tmp_path: Path, file: str, module: str) -> None:
    for text in ("first", "second, and longer"):  # A judge lives on when a module changes.
        write(tmp_path / file, f"WHAT = '{text}'\n")
        outcome, details = outcome_of(tmp_path, module)
        assert (outcome.verdict, outcome.message, details) == (Verdict.FAILED, text, "")


def test_shared_modules_import_each_other(tmp_path: Path) -> None:
    write(tmp_path / "grader_tests/words.py", "WORD = 'far'\n")
    write(tmp_path / "grader_tests/ps1/more.py", "from ..words import WORD\n")
    write(tmp_path / "grader_tests/ps1/cases.py", "from .more import WORD as WHAT\n")
    assert outcome_of(tmp_path, "grader_tests.ps1.cases")[0].message == "far"


def test_assignments_have_modules_of_the_same_name(tmp_path: Path) -> None:
    for name in ("ps1", "ps2"):
        write(tmp_path / f"grader_tests/{name}/cases.py", f"WHAT = 'of {name}'\n")
    for name in ("ps1", "ps2", "ps1"):
        outcome, _ = outcome_of(tmp_path, f"grader_tests.{name}.cases", name)
        assert outcome.message == f"of {name}"


def test_so_do_courses(tmp_path: Path) -> None:
    for name in ("here", "there"):
        write(tmp_path / name / "grader_tests/cases.py", f"WHAT = 'from {name}'\n")
    for name in ("here", "there", "here"):
        outcome, _ = outcome_of(tmp_path / name, "grader_tests.cases")
        assert outcome.message == f"from {name}"


@pytest.mark.parametrize(
    "module", ["grader_tests.ps2.cases", "grader_tests.ps1.test_g", "grader_tests.missing"]
)
def test_what_no_verdict_depends_on_cannot_be_imported(tmp_path: Path, module: str) -> None:
    for file in ("ps2/cases", "ps1/test_g"):
        write(tmp_path / f"grader_tests/{file}.py", "WHAT = 'found'\n")
    outcome, details = outcome_of(tmp_path, module)
    assert outcome.verdict is Verdict.GRADER_ERROR
    assert "No module named 'grader_tests" in details


def test_a_fault_in_a_shared_module_is_the_graders(tmp_path: Path) -> None:
    write(tmp_path / "grader_tests/cases.py", "WHAT = 1 / 0\n")
    outcome, details = outcome_of(tmp_path, "grader_tests.cases")
    assert outcome.verdict is Verdict.GRADER_ERROR
    assert "ZeroDivisionError" in details


def test_afterwards_nothing_is_left(tmp_path: Path) -> None:
    write(tmp_path / "grader_tests/cases.py", "WHAT = 'once'\n")
    finders = list(sys.meta_path)
    outcome_of(tmp_path, "grader_tests.cases")
    assert sys.meta_path == finders
    assert not [name for name in sys.modules if name.startswith("grader_tests")]


@pytest.mark.slow
@pytest.mark.parametrize("mode", ["prepend", "importlib"])
def test_pytest_by_hand_finds_them_too(tmp_path: Path, mode: str) -> None:
    course = make_course(tmp_path / "course", ("f1", "f2"))
    tests = course.tests_folder("ps7")
    write(tests / "cases.py", "from grader_tests.size import N\n")
    write(tests.parent / "size.py", "N = 3\n")
    for name in ("f1", "f2"):
        file = tests / f"test_{name}.py"
        file.write_text("from grader_tests.ps7.cases import N\n" + file.read_text())
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--import-mode={mode}"],
        cwd=course.root,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert "4 passed" in done.stdout, done.stdout + done.stderr
