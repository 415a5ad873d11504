"""A class through nbgrader's own exchange, with nbgrader's commands and the real judge.

Release, fetch, submit, collect, autograde, feedback; then a changed lesson, a submission anew,
and all of it once more.
"""

from __future__ import annotations

import contextlib
import html
import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import nbformat
import pytest
from jupyter_core.application import NoStart
from nbgrader.api import Gradebook
from nbgrader.apps.nbgraderapp import NbGraderApp
from nbgrader.coursedir import CourseDirectory
from nbgrader.server_extensions.assignment_list.handlers import AssignmentList

from jaxercise.course.lesson import Course
from jaxercise.grading import worker
from jaxercise.nbgrader.due_dates import FetchFeedback
from jaxercise.nbgrader.release import build
from tests.releases import code, replace
from tests.small_course import RIGHT, WRONG, make_course

CONFIG = Path(__file__).parent.parent / "nbgrader_config.py"
pytestmark = [
    pytest.mark.filterwarnings("ignore:Object of type:sqlalchemy.exc.SAWarning"),
    # nbgrader leaves a file open that it has read.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
F1_RIGHT, F1_WRONG = (text.replace("NAME", "f1") for text in (RIGHT, WRONG))


@dataclass
class Classroom:
    """An instructor's course and students' folders, each with an account of its own."""

    root: Path
    monkeypatch: pytest.MonkeyPatch

    @property
    def course(self) -> Path:
        return self.root / "course"

    def run(self, who: str, *command: str) -> None:
        """An nbgrader command, in the folder and with the account of somebody."""
        self.become(who)
        student = [f"--student={who}"] if who != "instructor" else []
        app: Any = NbGraderApp.instance()
        try:
            app.initialize([*command, *student])
            with contextlib.suppress(NoStart):  # says that another application did it
                app.start()
        finally:
            app.subapp.clear_instance()
            NbGraderApp.clear_instance()

    def become(self, who: str) -> None:
        folder = self.course if who == "instructor" else self.root / who
        self.monkeypatch.chdir(folder)
        for name in ("JUPYTER_DATA_DIR", "JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR", "HOME"):
            self.monkeypatch.setenv(name, str(self.root / f"home of {who}"))

    def instruct(self, *command: str) -> None:
        self.run("instructor", *command)

    def hand_in(self, student: str, answer: str, name: str = "ps7.ipynb") -> None:
        folder = self.root / student / "ps7"
        notebook = nbformat.read(next(folder.glob("*.ipynb")), as_version=4)
        for cell in notebook.cells:
            cell.source = answer if cell.id == "f1" else cell.source
        for old in folder.glob("*.ipynb"):
            old.unlink()
        nbformat.write(notebook, folder / name)
        self.run(student, "submit", "ps7")

    def grade(self) -> None:
        """What an instructor runs when submissions are in."""
        self.instruct("collect", "ps7", "--update")
        self.instruct("autograde", "ps7")
        self.instruct("generate_feedback", "ps7")
        self.instruct("release_feedback", "ps7")

    def score(self, student: str) -> float:
        with Gradebook(f"sqlite:///{self.course}/gradebook.db", "jax") as gradebook:
            found: Any = gradebook.find_submission_notebook("ps7", "ps7", student)
            return found.score

    def set_due(self, due: datetime) -> None:
        with Gradebook(f"sqlite:///{self.course}/gradebook.db", "jax") as opened:
            gradebook: Any = opened
            gradebook.update_or_create_assignment("ps7", duedate=due)

    def listed(self, student: str) -> dict[str, list[str]]:
        """What JupyterLab's list shows a student: names of notebooks, times of submissions."""
        self.become(student)
        lister: Any = AssignmentList()
        lister.root_dir = str(self.root / student)
        found = lister.list_assignments()
        assert found["success"], found
        rows = {one["status"]: one for one in found["value"]}
        return {
            "fetched": [one["notebook_id"] for one in rows["fetched"]["notebooks"]],
            "submitted": [one["timestamp"] for one in rows["submitted"]["submissions"]],
        }

    def fetched(self, student: str) -> list[str]:
        """The pages of feedback that a student has, the newest submission's last."""
        self.run(student, "fetch_feedback", "ps7")
        pages = (self.root / student / "ps7" / "feedback").rglob("*.html")
        return [page.read_text(encoding="utf-8") for page in sorted(pages)]


STUDENTS_SETTINGS = """
c.ExchangeFactory.list = "jaxercise.nbgrader.due_dates.ListAssignments"
c.ExchangeFactory.fetch_feedback = "jaxercise.nbgrader.due_dates.FetchFeedback"
"""


@pytest.fixture
def classroom(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Classroom]:
    classroom = Classroom(tmp_path, monkeypatch)
    make_course(classroom.course, ("f1",))
    exchange = tmp_path / "exchange"
    exchange.mkdir(mode=0o777)
    exchange.chmod(0o777)
    for who in ("course", "ada", "bob"):
        folder = tmp_path / who
        folder.mkdir(exist_ok=True)
        if who == "course":
            shutil.copy(CONFIG, folder)
        with (folder / CONFIG.name).open("a") as file:
            file.write("\nc = get_config()\nc.CourseDirectory.course_id = 'jax'\n")
            file.write(f"c.Exchange.root = {str(exchange)!r}\n")
    # nbgrader starts `alembic`, by that name, to make its tables.
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)
    build(Course(classroom.course))
    yield classroom
    for shared in worker._shared:
        shared.close()


def test_a_class_goes_through_the_exchange_twice(
    classroom: Classroom, capfd: pytest.CaptureFixture[str]
) -> None:
    classroom.instruct("generate_assignment", "ps7")
    classroom.instruct("release_assignment", "ps7")
    for student in ("ada", "bob"):
        classroom.run(student, "fetch_assignment", "ps7")
    classroom.hand_in("ada", f"# first_by_ada\n{F1_WRONG}")
    classroom.hand_in("bob", f"# first_by_bob\n{F1_RIGHT}", name="ps7 (1).ipynb")
    by_mail = classroom.course / "submitted" / "cyd" / "ps7"
    by_mail.mkdir(parents=True)
    shutil.copy(classroom.course / "release" / "ps7" / "ps7.ipynb", by_mail)
    classroom.grade()
    assert [classroom.score(student) for student in ("ada", "bob", "cyd")] == [0, 3, 0]
    (of_ada,), (of_bob,) = classroom.fetched("ada"), classroom.fetched("bob")
    assert "first_by_ada" in of_ada
    assert "first_by_bob" not in of_ada
    assert "first_by_bob" in of_bob
    assert "first_by_ada" not in of_bob
    assert "handed in as 'ps7 (1).ipynb'" in html.unescape(of_bob)
    assert "submission_secret" not in of_ada + of_bob
    kept = {path.name for path in (classroom.course / "autograded").rglob("*.*")}
    assert "feedback cannot be released there: cyd\n" in capfd.readouterr().err
    assert kept == {"ps7.ipynb", "timestamp.txt", "submission_secret.txt"}

    # A given cell more, and ada hands in once more what she has from the first release.
    replace("## f1", f"{code('SCALE = 2')}## f1")(Course(classroom.course))
    build(Course(classroom.course))
    classroom.instruct("generate_assignment", "ps7")
    classroom.instruct("release_assignment", "ps7", "--force")
    classroom.hand_in("ada", f"# again_by_ada\n{F1_RIGHT}")
    classroom.grade()
    assert (classroom.score("ada"), classroom.score("bob")) == (3, 3)
    before, after = classroom.fetched("ada")
    assert "again_by_ada" not in before
    assert "again_by_ada" in after
    assert "The lesson has changed since this notebook was handed out" in after
    assert "had been changed" not in after
    assert classroom.fetched("bob") == [of_bob]
    classroom.instruct("autograde", "ps7", "--force", "--student=ada")
    assert classroom.score("ada") == 3
    assert "not recognized" not in capfd.readouterr().err


def test_students_see_the_due_date_and_find_their_feedback_at_one_place(
    classroom: Classroom, capfd: pytest.CaptureFixture[str]
) -> None:
    classroom.instruct("generate_assignment", "ps7")
    release = classroom.course / "release" / "ps7" / "ps7.ipynb"
    built = release.read_bytes()
    for student in ("ada", "bob"):
        with (classroom.root / student / CONFIG.name).open("a") as file:
            file.write(STUDENTS_SETTINGS)
    classroom.set_due(datetime(2026, 12, 4, 18))
    classroom.instruct("release_assignment", "ps7")
    assert release.read_bytes() == built
    capfd.readouterr()
    classroom.run("ada", "list")
    assert "jax ps7, due Fri 4 Dec, 18:00 UTC" in capfd.readouterr().err
    classroom.run("ada", "fetch_assignment", "ps7")
    note = nbformat.read(classroom.root / "ada" / "ps7" / "ps7.ipynb", as_version=4).cells[0]
    assert note.source == (
        "**Due Friday, 4 December 2026, 18:00 UTC.** Your feedback, once you have fetched it: "
        "[feedback/ps7.html](feedback/ps7.html)."
    )
    classroom.hand_in("ada", F1_WRONG)
    classroom.set_due(datetime(2026, 12, 5))
    classroom.instruct("release_assignment", "ps7", "--force")
    listed = classroom.listed("ada")
    assert listed["fetched"] == ["ps7 (due Sat 5 Dec, 00:00 UTC)"]
    (submitted,) = listed["submitted"]
    assert submitted.endswith(" UTC (due Sat 5 Dec, 00:00 UTC)")


def test_the_newest_feedback_is_where_the_note_links_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    fetcher: Any = FetchFeedback(coursedir=CourseDirectory(course_id="jax"))
    times = ["2026-12-05 09:00:00 UTC", "2026-12-04 20:00:00 UTC"]
    for time in times:
        (tmp_path / f"{time}.html").write_text(time)
    fetcher.feedback_files = [("ps7", time, str(tmp_path / f"{time}.html")) for time in times]
    fetcher.do_copy("", str(tmp_path / "feedback"))
    assert (tmp_path / "feedback" / "ps7.html").read_text() == times[0]
    assert (tmp_path / "feedback" / times[1] / "ps7.html").read_text() == times[1]


def test_what_has_no_due_date_is_released_and_listed_without_one(
    classroom: Classroom, capfd: pytest.CaptureFixture[str]
) -> None:
    classroom.instruct("generate_assignment", "ps7")
    classroom.instruct("release_assignment", "ps7")
    outbound = classroom.root / "exchange" / "jax" / "outbound" / "ps7" / "ps7.ipynb"
    note = nbformat.read(outbound, as_version=4).cells[0]
    assert note.source.startswith("Your feedback, once you have fetched it")
    assert outbound.stat().st_mode & 0o777 == 0o644
    outbound.chmod(0o644)
    outbound.write_text("{")
    capfd.readouterr()
    classroom.instruct("list")
    assert capfd.readouterr().err.endswith("jax ps7\n")
