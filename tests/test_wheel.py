"""A course of one's own, from the built wheel, in a fresh environment outside this repository."""

from __future__ import annotations

import json
import os
import subprocess
import zipfile
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest

from jaxercise.course.build import source_notebook
from jaxercise.course.lesson import Course
from jaxercise.nbgrader.commands import read_grade, stored_scores
from tests.fresh_environment import ROOT, build_wheel, make_environment

TEMPLATE = ROOT / "jaxercise" / "cli" / "template"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_wheel(tmp_path_factory.mktemp("wheel"))


def test_the_wheel_holds_what_a_new_course_is_made_of(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    files = [each for each in TEMPLATE.rglob("*") if each.is_file() and each.suffix != ".pyc"]
    assert len(files) >= 9
    assert names >= {str(file.relative_to(ROOT)) for file in files}
    assert "jaxercise/cli/template/nbgrader_config.py" in names


def test_the_wheel_brings_the_page_switched_off_and_its_launcher(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        by_place = {name.partition(".data/data/")[2]: name for name in archive.namelist()}
        config = by_place["etc/jupyter/jupyter_server_config.d/jaxercise.json"]
        switches = json.loads(archive.read(config))["ServerApp"]["jpserver_extensions"]
        place = "share/jupyter/labextensions/jaxercise-class"
        package = json.loads(archive.read(by_place[f"{place}/package.json"]))
    assert switches == {"jaxercise.server": False}
    assert f"{place}/{package['jupyterlab']['_build']['load']}" in by_place


@dataclass(frozen=True)
class Shell:
    """Runs commands of the fresh environment in a folder."""

    bin: Path
    folder: Path

    def run(self, *command: str) -> str:
        """What a command printed, which must succeed."""
        done = subprocess.run(
            [str(self.bin / command[0]), *command[1:]],
            cwd=self.folder,
            env=_environment(self.bin, self.folder),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=600,
        )
        assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}"
        return done.stdout


def _environment(programs: Path, folder: Path) -> dict[str, str]:
    """Only what a new login would have: nothing leads to this repository."""
    kept = {name: os.environ[name] for name in ("LANG", "TMPDIR") if name in os.environ}
    path = os.pathsep.join([str(programs), os.defpath])
    return {**kept, "PATH": path, "HOME": str(folder), "JUPYTER_CONFIG_DIR": str(folder / ".none")}


@pytest.fixture(scope="module")
def shell(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Shell:
    """In a course that the installed wheel has made in an empty folder."""
    home = tmp_path_factory.mktemp("home")
    python = make_environment(home / "venv", wheel, "grader")
    (home / "work").mkdir()
    assert "written: " in Shell(python.parent, home / "work").run(
        "jaxercise", "new", "course", "my-course"
    )
    return Shell(python.parent, home / "work" / "my-course")


def hand_in(course: Course, student: str, solved: bool) -> None:
    """A submission of hw1, right or with the square in the place of the answer."""
    lesson = course.lesson("hw1")
    notebook = nbformat.read(course.release_file("hw1"), as_version=4)
    solutions = {cell.id: cell.source for cell in source_notebook(lesson).cells}
    for cell in notebook.cells:
        if cell.id == "standardise":
            cell.source = solutions[cell.id] if solved else "def standardise(x):\n    return x**2"
    path = course.root / "submitted" / student / "hw1" / "hw1.ipynb"
    path.parent.mkdir(parents=True)
    nbformat.write(notebook, path)


def verdicts(folder: Path, student: str) -> list[str]:
    exercises = read_grade(folder, student, "hw1").exercises
    return [check.verdict.value for exercise in exercises for check in exercise.checks]


@pytest.mark.slow
def test_a_new_course_builds_proves_grades_and_grows(shell: Shell) -> None:
    where = "import jaxercise; print(jaxercise.__file__)"
    assert shell.run("python", "-c", where).startswith(str(shell.bin.parent))
    assert "source/ and release/ are up to date" in shell.run("jaxercise", "build")
    # The plugin for hidden tests is found by its entry point; the course's tests prove.
    assert "4 passed" in shell.run("pytest", "-q")
    course = Course(shell.folder)
    shell.run("nbgrader", "generate_assignment", "hw1")
    hand_in(course, "ada", solved=True)
    hand_in(course, "bob", solved=False)
    shell.run("nbgrader", "autograde", "hw1")
    shell.run("nbgrader", "generate_feedback", "hw1")
    ada, bob = ("ada", 3.0, 3.0, False), ("bob", 0.0, 3.0, False)
    assert stored_scores(shell.folder, "hw1") == [ada, bob]
    assert verdicts(shell.folder, "ada") == ["passed", "passed"]
    assert verdicts(shell.folder, "bob") == ["failed", "blocked"]
    page = (shell.folder / "feedback" / "bob" / "hw1" / "hw1.html").read_text()
    assert "The mean is subtracted" in page
    shell.run("jaxercise", "new", "set", "hw2")
    shell.run("jaxercise", "new", "exercise", "hw2", "softmax")
    assert "written: release/hw2/hw2.ipynb" in shell.run("jaxercise", "build")
    proven = shell.run("jaxercise", "prove", "hw2", "--exercise", "softmax")
    assert "5 of 5 solutions came out as expected" in proven
