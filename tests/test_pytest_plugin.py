"""Hidden tests run by pytest itself: where its plugin is loaded, and what it runs them on."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from jaxercise.cli.pytest_entry import holds_hidden_tests
from jaxercise.course.lesson import Course
from tests.small_course import make_course

LIBRARY = Path(__file__).resolve().parent.parent


def run(folder: Path, *arguments: str) -> str:
    """What pytest prints when it finds the entry point and no other plugin."""
    entry = ["-p", "jaxercise.cli.pytest_entry", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-W", "error", *entry, *arguments],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(LIBRARY), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        timeout=300,
    )
    return f"{done.returncode}: {done.stdout}{done.stderr}"


@pytest.fixture
def small(tmp_path: Path) -> Course:
    return make_course(tmp_path / "course", ("f1",))


def test_it_does_nothing_in_an_unrelated_project(tmp_path: Path) -> None:
    (tmp_path / "grader_tests").mkdir()  # the name alone makes no course
    # Options, fixtures and marks of the same names are the project's own.
    (tmp_path / "conftest.py").write_text(
        "import pytest\n"
        "def pytest_addoption(parser):\n"
        "    parser.addoption('--seed')\n"
        "    parser.addoption('--notebook')\n"
        "@pytest.fixture\n"
        "def student(): return 'mine'\n"
    )
    (tmp_path / "test_it.py").write_text(
        "import sys\n"
        "def test_it(student, pytestconfig):\n"
        "    assert (student, pytestconfig.getoption('--seed')) == ('mine', '3')\n"
        "    assert not {'jax', 'nbformat', 'jaxercise.course.lesson'} & set(sys.modules)\n"
    )
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    assert run(tmp_path, "test_it.py", "--seed", "3").startswith("0: .")


@pytest.mark.parametrize(
    ("place", "holds"),
    [
        (".", True),
        ("grader_tests", True),
        ("grader_tests/ps7", True),
        ("grader_tests/ps7/test_f1.py", True),
        ("lessons", False),
        ("..", False),
    ],
)
def test_places_that_hold_hidden_tests(small: Course, place: str, holds: bool) -> None:
    assert holds_hidden_tests((small.root / place).resolve()) == holds


@pytest.mark.slow
def test_a_course_is_tested_with_its_own_tests(small: Course) -> None:
    (small.root / "tests").mkdir()
    (small.root / "tests" / "test_own.py").write_text("def test_own(): pass\n")
    (small.root / "pytest.ini").write_text("[pytest]\ntestpaths = tests grader_tests\n")
    printed = run(small.root)
    assert printed.startswith("0: ...")
    assert "3 passed" in printed


@pytest.mark.slow
def test_a_conftest_that_names_the_plugin_still_works(small: Course) -> None:
    """Courses that were made before there was an entry point have one."""
    (small.root / "grader_tests" / "conftest.py").write_text(
        'pytest_plugins = ["jaxercise.cli.pytest_plugin"]\n'
    )
    assert "2 passed" in run(small.root, "grader_tests/ps7")
    assert "2 passed" in run(small.root, "grader_tests/ps7", "-p", "no:jaxercise.cli.pytest_entry")
