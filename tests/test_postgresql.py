"""A class is graded into PostgreSQL, by two graders at once, and into nothing else."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from nbgrader.api import Gradebook
from sqlalchemy import create_engine, text

from jaxercise.cli import demo
from jaxercise.course.lesson import Course
from jaxercise.nbgrader import commands
from tests import postgresql

PROGRAMS = postgresql.binaries()
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(PROGRAMS is None, reason="no PostgreSQL server is installed"),
    pytest.mark.filterwarnings("ignore:Object of type:sqlalchemy.exc.SAWarning"),
]
ROOT = Path(__file__).resolve().parent.parent
NAME = "ps2"
_GRADES = """
    SELECT submitted_assignment.student_id, base_cell.name,
        grade.auto_score + COALESCE(grade.extra_credit, 0)
    FROM grade
    JOIN base_cell ON grade.cell_id = base_cell.id
    JOIN submitted_notebook ON grade.notebook_id = submitted_notebook.id
    JOIN submitted_assignment ON submitted_notebook.assignment_id = submitted_assignment.id
"""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    assert PROGRAMS is not None
    with postgresql.running(PROGRAMS) as address:
        yield address


def started(folder: Path, *words: str) -> subprocess.Popen[str]:
    """An nbgrader command in the course's folder, by that folder's settings alone."""
    return subprocess.Popen(
        [sys.executable, "-m", "nbgrader", *words],
        cwd=folder,
        env=commands.environment() | {"JUPYTER_CONFIG_DIR": str(folder / ".jupyter")},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def nbgrader(folder: Path, *words: str) -> str:
    command = started(folder, *words)
    printed, _ = command.communicate(timeout=1200)
    assert command.returncode == 0, printed[-3000:]
    return printed


def set_database(folder: Path, address: str) -> None:
    config = (ROOT / "nbgrader_config.py").read_text(encoding="utf-8")
    config += f"\nc.CourseDirectory.db_url = {address!r}\n"
    (folder / "nbgrader_config.py").write_text(config, encoding="utf-8")


@pytest.fixture(scope="module")
def folder(address: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration's class, graded: two students by two graders at once, then the rest."""
    course, folder = Course(ROOT), tmp_path_factory.mktemp("postgresql") / "course"
    demo._prepare(course, folder, [NAME])
    set_database(folder, address)
    nbgrader(folder, "generate_assignment", NAME)
    demo._hand_in(course, folder, [NAME], everyone=True)
    both = [
        started(folder, "autograde", NAME, "--student", student)
        for student in ("perfect", "leaks-a-global")
    ]
    for one in both:
        printed, _ = one.communicate(timeout=1200)
        assert one.returncode == 0, printed[-3000:]
    nbgrader(folder, "autograde", NAME)
    nbgrader(folder, "generate_feedback", NAME)
    return folder


def test_the_book_holds_what_the_judge_said_of_each_student_once(
    folder: Path, address: str
) -> None:
    engine = create_engine(address)
    with engine.connect() as connection:
        rows = [tuple(row) for row in connection.execute(text(_GRADES))]
    engine.dispose()
    exercises = [exercise.name for exercise in Course(ROOT).lesson(NAME).exercises]
    students = [path.name for path in (folder / "submitted").iterdir()]
    assert len(students) >= 8
    graded = Counter((student, cell.removeprefix("check_")) for student, cell, _ in rows)
    assert graded == Counter((student, name) for student in students for name in exercises)
    stored = {(student, cell.removeprefix("check_")): score for student, cell, score in rows}
    for student in students:
        for outcome in demo.read_grade(folder, student, NAME).exercises:
            expected = None if outcome.needs_a_person else pytest.approx(outcome.score)
            assert stored[student, outcome.exercise] == expected


def test_the_perfect_student_has_full_marks_and_everybody_feedback(
    folder: Path, address: str
) -> None:
    with Gradebook(address, "jax") as gradebook:
        found = gradebook.find_submission(NAME, "perfect")
        score, maximum = float(found.score or 0), float(found.max_score or 0)
        assert score >= maximum > 0 or found.needs_manual_grade
    pages = {path.parent.parent.name for path in folder.glob(f"feedback/*/{NAME}/*.html")}
    assert pages == {path.name for path in (folder / "submitted").iterdir()}


def test_nothing_was_written_to_sqlite(folder: Path) -> None:
    assert not list(folder.rglob("*.db"))


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ("postgresql+psycopg://grader:secret@/postgres?host=/nowhere", "No such file or directory"),
        ("postgresql+psycopg://grader:secret@/missing?host=FOLDER", 'database "missing" does not'),
        ("postgresql+psycopg://who:secret@/postgres?host=FOLDER", 'role "who" does not exist'),
        ("postgresql+no_driver://grader:secret@/postgres", "cannot be used: Can't load plugin"),
        ("postgresql+pg8000://grader:secret@/postgres", "jaxercise[postgresql]"),
        ("secret", "whose address is no URL"),
    ],
)
def test_a_wrong_address_is_an_error_that_loses_nothing(
    folder: Path, address: str, tmp_path: Path, wrong: str, told: str
) -> None:
    course = tmp_path / "course"
    shutil.copytree(folder, course)
    set_database(course, wrong.replace("FOLDER", address.partition("host=")[2]))
    command = started(course, "autograde", NAME, "--force", "--student", "perfect")
    printed, _ = command.communicate(timeout=300)
    assert command.returncode != 0
    assert told in printed
    assert "secret" not in printed
    assert "Traceback" not in printed
    assert not list(course.rglob("*.db"))
    assert (course / "autograded" / "perfect" / NAME / f"{NAME}.ipynb").exists()
