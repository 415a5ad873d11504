"""Through nbgrader's own converters and gradebook, with a worker that says what it is told."""

from __future__ import annotations

import copy
import dataclasses
import logging
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat import NotebookNode, v4
from nbgrader.api import Gradebook
from nbgrader.converters import Autograde, GenerateAssignment, GenerateFeedback
from nbgrader.converters.base import NbGraderException
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

from jaxercise.checks.outcome import (
    CheckOutcome,
    ConfinementError,
    ExerciseOutcome,
    Grade,
    Verdict,
)
from jaxercise.course.lesson import Course
from jaxercise.grading.grader import Grader
from jaxercise.grading.outputs import scored
from jaxercise.grading.store import RecordStore
from jaxercise.grading.worker import WorkerError
from jaxercise.grading.worker_server import WorkerOptions
from jaxercise.nbgrader import plugin
from jaxercise.nbgrader.due_note import add_note
from jaxercise.nbgrader.release import build
from tests.conftest import LESSON, REFERENCE, TESTS_OF_ADD_TAX, TESTS_OF_HALVE
from tests.releases import named_by_position
from tests.test_releases import CHANGES, add_an_exercise, solve

FILES = {
    "lessons/ps2.md": LESSON,
    "reference/ps2.py": REFERENCE,
    "grader_tests/ps2/test_add_tax.py": TESTS_OF_ADD_TAX,
    "grader_tests/ps2/test_halve.py": TESTS_OF_HALVE,
}
CONFIG = Path(__file__).parent.parent / "nbgrader_config.py"

# nbgrader reads attributes of objects that SQLAlchemy has not put into the session yet; the
# scores come out right.
pytestmark = pytest.mark.filterwarnings("ignore:Object of type:sqlalchemy.exc.SAWarning")


@dataclass
class FakeWorker:
    """Answers with verdicts of add_tax and halve, or raises."""

    verdicts: tuple[Verdict, Verdict] = (Verdict.PASSED, Verdict.PASSED)
    error: Exception | None = None
    shown: list[NotebookNode] = field(default_factory=list)
    flags: tuple[str, ...] = ()
    extra: bool = False
    asked: list[tuple[str, str]] = field(default_factory=list)

    def judge_ahead(self, *_: object) -> int:
        return 0

    def grade(
        self, notebook: NotebookNode, assignment: str, name: str
    ) -> tuple[Grade, NotebookNode]:
        self.asked.append((assignment, name))
        if self.error is not None:
            raise self.error
        first, second = self.verdicts
        outcomes = (
            ExerciseOutcome("add_tax", (_check(first, 2), _check(Verdict.PASSED, 1))),
            ExerciseOutcome("halve", (_check(second, 1.5), _check(Verdict.PASSED, 1)), self.extra),
        )
        judged = copy.deepcopy(notebook)
        for cell in judged.cells:
            if cell.cell_type == "code":
                cell.outputs = list(self.shown)
            for outcome in outcomes:
                if cell.id == f"check_{outcome.exercise}":
                    cell.outputs = [scored(outcome, 1)]
        return Grade(assignment, name, outcomes, {}, flags=self.flags), judged


def _check(verdict: Verdict, points: float) -> CheckOutcome:
    earned = points if verdict is Verdict.PASSED else 0.0
    return CheckOutcome("c", "correctness", verdict, earned, points, f"message: {verdict}", "C")


@dataclass(frozen=True)
class ClassFolder:
    """An instructor's folder with one student's submission, ready to be graded."""

    root: Path
    worker: FakeWorker

    @property
    def submitted(self) -> Path:
        return self.root / "submitted" / "ada" / "ps2" / "ps2.ipynb"

    @property
    def autograded(self) -> Path:
        return self.root / "autograded" / "ada" / "ps2" / "ps2.ipynb"

    def edit(self, change: Callable[[NotebookNode], object]) -> None:
        notebook = nbformat.read(self.submitted, as_version=4)
        change(notebook)
        nbformat.write(notebook, self.submitted)

    def make_halve_extra(self) -> None:
        """Release and hand in the lesson anew, with `halve` as extra credit."""
        course, lesson = Course(self.root), self.root / "lessons" / "ps2.md"
        text = lesson.read_text().replace(":points: 2.5\n", ":points: 2.5\n:extra: true\n")
        lesson.write_text(text)
        build(course)
        shutil.rmtree(self.root / "release")
        convert(GenerateAssignment, self.root)
        shutil.copy(course.release_file("ps2"), self.submitted)
        self.worker.extra = True

    def ask_for_a_written_answer(self) -> None:
        """Release and hand in the lesson anew, with a question that a person grades."""
        course, lesson = Course(self.root), self.root / "lessons" / "ps2.md"
        question = '+++ {"written": "why_pure", "points": 2}\n\n*Your answer here.*\n\n+++\n\n'
        lesson.write_text(lesson.read_text().replace("What to rem", f"{question}What to rem"))
        build(course)
        built = course.release_file("ps2").read_text()
        shutil.rmtree(self.root / "release")
        convert(GenerateAssignment, self.root)
        assert course.release_file("ps2").read_text() == built
        shutil.copy(course.release_file("ps2"), self.submitted)

    def store_by_position(self) -> None:
        """A submission and a gradebook as the first releases left them."""
        old = named_by_position(nbformat.read(self.submitted, as_version=4), "ps2")
        nbformat.write(old, self.submitted)
        with Gradebook(database(self.root), "jax") as gradebook:
            for cell in old.cells:
                if cell.id.startswith("ps2-") and (marks := cell.metadata.get("nbgrader")):
                    names: Any = gradebook.find_notebook("ps2", "ps2").source_cells
                    stored = next(one for one in names if one.source == cell.source)
                    stored.name, stored.checksum = cell.id, marks["checksum"]
            gradebook.db.commit()

    def autograde(self) -> NotebookNode:
        convert(Autograde, self.root)
        return nbformat.read(self.autograded, as_version=4)

    def set_due(self, due: datetime) -> None:
        with Gradebook(database(self.root), "jax") as gradebook:
            fields: Any = {"duedate": due}
            gradebook.update_or_create_assignment("ps2", **fields)

    def feedback(self, late: dict[str, Any] | None = None, **settings: Any) -> str:
        convert(GenerateFeedback, self.root, force=True, late=late, **settings)
        return (self.root / "feedback" / "ada" / "ps2" / "ps2.html").read_text()

    def stored(self) -> dict[str, tuple[float | None, bool]]:
        with Gradebook(database(self.root), "jax") as gradebook:
            found: Any = gradebook.find_submission_notebook("ps2", "ps2", "ada")
            return {one.name: (one.auto_score, one.needs_manual_grade) for one in found.grades}

    def comments(self) -> dict[str, str | None]:
        with Gradebook(database(self.root), "jax") as gradebook:
            found: Any = gradebook.find_submission_notebook("ps2", "ps2", "ada")
            return {one.name: one.comment for one in found.comments}


def database(root: Path) -> str:
    return f"sqlite:///{root}/gradebook.db"


def convert(
    converter: Any,
    root: Path,
    force: bool = False,
    late: dict[str, Any] | None = None,
    **settings: Any,
) -> None:
    """Run one of nbgrader's converters with this course's settings and some of our steps'."""
    config = Config(PyFileConfigLoader(CONFIG.name, path=str(CONFIG.parent)).load_config())
    coursedir = CourseDirectory(
        root=str(root), course_id="jax", assignment_id="ps2", db_url=database(root)
    )
    if force:
        config.BaseConverter.force = True
    config.JudgeSubmission.update(settings)
    config.PrepareFeedback.update(settings)
    config.LatePolicy.update(late or {})
    converter(coursedir=coursedir, config=config).start()


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course after generate_assignment: seconds of SQL that need not be repeated."""
    root = tmp_path_factory.mktemp("released")
    for name, text in FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    build(Course(root))
    shutil.rmtree(root / "release")
    with pytest.MonkeyPatch.context() as patch:
        # nbgrader starts `alembic`, by that name, to make its tables.
        patch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)
        convert(GenerateAssignment, root)
    return root


@pytest.fixture
def class_folder(released: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ClassFolder:
    root = tmp_path / "class_folder"
    shutil.copytree(released, root)
    class_folder = ClassFolder(root, FakeWorker())
    monkeypatch.setattr(plugin, "shared_grader", lambda *_: class_folder.worker)
    class_folder.submitted.parent.mkdir(parents=True)
    shutil.copy(Course(root).release_file("ps2"), class_folder.submitted)
    return class_folder


def set_source(name: str, source: str) -> Callable[[NotebookNode], None]:
    def change(notebook: NotebookNode) -> None:
        (cell,) = [cell for cell in notebook.cells if cell.id == name]
        cell.source = source

    return change


def test_generate_assignment_makes_what_build_makes(released: Path) -> None:
    generated = Course(released).release_file("ps2").read_text()
    build(Course(released))
    assert Course(released).release_file("ps2").read_text() == generated


def test_stores_partial_scores(class_folder: ClassFolder) -> None:
    class_folder.worker.verdicts = (Verdict.FAILED, Verdict.PASSED)
    notebook = class_folder.autograde()
    assert class_folder.stored() == {"check_add_tax": (1.0, False), "check_halve": (2.5, False)}
    assert class_folder.worker.asked == [("ps2", "ada/ps2/ps2.ipynb")]
    (graded,) = [cell for cell in notebook.cells if cell.id == "check_add_tax"]
    assert "message: failed" in graded.outputs[0].data["text/html"]
    assert Grade.from_json(notebook.metadata["jaxercise"]["grade"]).score == 3.5


def test_the_judge_inherits_none_of_nbgraders_variables(
    class_folder: ClassFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[WorkerOptions] = []

    def grader(_: Path, options: WorkerOptions, *__: object) -> FakeWorker:
        asked.append(options)
        return class_folder.worker

    monkeypatch.setattr(plugin, "shared_grader", grader)
    class_folder.autograde()
    assert {options.hidden_variables for options in asked} == {("NBGRADER",)}


@pytest.mark.parametrize(
    ("verdict", "extra"), [(Verdict.PASSED, 2.5), (Verdict.FAILED, 1.0), (Verdict.INCONCLUSIVE, 0)]
)
def test_extra_credit_comes_on_top_of_the_maximum(
    class_folder: ClassFolder, verdict: Verdict, extra: float
) -> None:
    class_folder.make_halve_extra()
    class_folder.worker.verdicts = (Verdict.PASSED, verdict)
    notebook = class_folder.autograde()
    with Gradebook(database(class_folder.root), "jax") as gradebook:
        found: Any = gradebook.find_submission_notebook("ps2", "ps2", "ada")
        assert (found.score, found.max_score) == (3 + extra, 3)
        assert found.needs_manual_grade == verdict.needs_a_person
    grade = Grade.from_json(notebook.metadata["jaxercise"]["grade"])
    assert grade.max_score == 3
    assert [one.extra for one in grade.exercises] == [False, True]
    assert "of 2.5 points of extra credit" in class_folder.feedback()


def test_a_written_answer_waits_for_a_person_and_reaches_the_student(
    class_folder: ClassFolder,
) -> None:
    class_folder.ask_for_a_written_answer()
    class_folder.edit(set_source("why_pure", "Since *I* say so.<script>pwned()</script>"))
    notebook = class_folder.autograde()
    assert class_folder.stored()["why_pure"] == (None, True)
    (answer,) = [cell for cell in notebook.cells if cell.id == "why_pure"]
    assert "<em>I</em>" in answer.source
    assert "script" not in answer.source
    with Gradebook(database(class_folder.root), "jax") as gradebook:
        grade: Any = gradebook.find_grade("why_pure", "ps2", "ps2", "ada")
        grade.manual_score, grade.needs_manual_grade = 1.5, False
        comment: Any = gradebook.find_comment("why_pure", "ps2", "ps2", "ada")
        comment.manual_comment = "Say why."
        gradebook.db.commit()
        found: Any = gradebook.find_submission_notebook("ps2", "ps2", "ada")
        assert (found.score, found.max_score) == (7, 7.5)
    page = class_folder.feedback()
    assert overview_rows(page)[-1] == "why_pure 1.5 / 2 graded by a person comment"
    assert "Say why." in page


def test_a_written_answer_that_nobody_touched_earns_nothing_at_once(
    class_folder: ClassFolder,
) -> None:
    class_folder.ask_for_a_written_answer()
    class_folder.autograde()
    assert class_folder.stored()["why_pure"] == (0, False)
    assert class_folder.comments()["why_pure"] == "No response."


def test_a_written_answer_is_left_alone_where_the_grader_fails(class_folder: ClassFolder) -> None:
    class_folder.ask_for_a_written_answer()
    class_folder.edit(set_source("why_pure", "Since I say so."))
    class_folder.worker.error = WorkerError("broke")
    class_folder.autograde()
    assert set(class_folder.stored().values()) == {(None, True)}


def test_feedback_opens_with_what_each_exercise_earned(class_folder: ClassFolder) -> None:
    class_folder.worker.verdicts = (Verdict.FAILED, Verdict.PASSED)
    class_folder.autograde()
    add_tax, halve = overview_rows(class_folder.feedback())
    assert add_tax == "add_tax 1 / 3 ✗ failed: C"
    assert halve == "halve 2.5 / 2.5 ✓ passed"


def test_feedback_opens_with_the_score_that_a_person_gave(class_folder: ClassFolder) -> None:
    class_folder.worker.verdicts = (Verdict.FAILED, Verdict.INCONCLUSIVE)
    class_folder.autograde()
    with Gradebook(database(class_folder.root), "jax") as gradebook:
        grade: Any = gradebook.find_grade("check_add_tax", "ps2", "ps2", "ada")
        grade.manual_score = 2.5
        comment: Any = gradebook.find_comment("add_tax", "ps2", "ps2", "ada")
        comment.manual_comment = "A nice try."
        gradebook.db.commit()
    page = class_folder.feedback()
    add_tax, halve = overview_rows(page)
    assert add_tax == "add_tax 2.5 / 3 ✗ failed: C comment"
    assert halve.endswith("? left to a person: C")
    assert "A nice try." in page


def test_feedback_says_what_was_due_and_what_being_late_cost(class_folder: ClassFolder) -> None:
    timestamp = class_folder.submitted.parent / "timestamp.txt"
    timestamp.write_text("2026-12-05 20:00:00 UTC")
    class_folder.set_due(datetime(2026, 12, 4, 18))
    convert(Autograde, class_folder.root, late={"percent_per_day": 10})
    page = " ".join(class_folder.feedback(late={"percent_per_day": 10}).split())
    assert "Due Friday, 4 December 2026, 18:00 UTC." in page
    assert "Handed in Saturday, 5 December 2026, 20:00 UTC, <b>1 day 2 hours late</b>." in page
    assert "Penalty for being late: 1.1 points. Each day begun costs 10% of the points." in page
    assert "(Score: 4.4 / 5.5)" in page
    class_folder.set_due(datetime(2026, 12, 6))
    page = " ".join(class_folder.feedback(late={"percent_per_day": 10}).split())
    assert "Handed in Saturday, 5 December 2026, 20:00 UTC, in time." in page
    assert "Penalty" not in page
    assert "(Score: 5.5 / 5.5)" in page


@pytest.mark.slow
def test_feedback_fits_a_phone(class_folder: ClassFolder, tmp_path: Path) -> None:
    browser = shutil.which("chromium") or pytest.skip("Chromium is not installed")
    long = "def add_tax(prices, tax_rate):\n    return 'wide' " + "+ 'wide' " * 60
    class_folder.edit(set_source("add_tax", long))
    class_folder.autograde()
    page = class_folder.feedback()
    assert re.search(r'<meta [^>]*name="viewport"', page)
    prose = "document.querySelector('.text_cell_render p').offsetWidth"
    measure = f"document.title = [document.documentElement.scrollWidth, {prose}, innerWidth]"
    path = tmp_path / "page.html"
    path.write_text(f"{page}<script>onload = () => {{ {measure} }}</script>")
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--window-size=500,844"]
    dom = subprocess.run(
        [browser, *options, f"--user-data-dir={tmp_path}/profile", "--dump-dom", path.as_uri()],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    widths = re.search(r"<title>(\d+),(\d+),(\d+)</title>", dom)
    assert widths is not None, dom[:2000]
    page_px, prose_px, window_px = map(int, widths.groups())
    assert page_px <= window_px
    assert prose_px > 0.9 * window_px


def test_the_note_of_the_release_is_neither_a_repair_nor_in_the_feedback(
    class_folder: ClassFolder,
) -> None:
    add_note(class_folder.submitted, datetime(2026, 12, 4, 18), UTC)
    before = class_folder.submitted.read_text()
    assert "once you have fetched it" in before
    add_note(class_folder.submitted, datetime(2026, 12, 4, 18), UTC)
    assert class_folder.submitted.read_text() == before
    graded = class_folder.autograde()
    assert "Mended before grading" not in str(graded)
    page = class_folder.feedback()
    assert "once you have fetched it" not in page
    assert "add_tax" in page


def test_feedback_on_what_has_no_due_date_names_none(class_folder: ClassFolder) -> None:
    class_folder.autograde()
    page = class_folder.feedback()
    assert "Due " not in page
    assert "Handed in" not in page


@pytest.mark.parametrize(
    ("wanted", "due_in_days", "another_has", "shown"),
    [
        (False, -1, 0, False),
        (True, None, 0, True),
        (True, 1, 0, False),
        (True, -3, 2, True),
        (True, -1, 2, False),  # that student still has a day
    ],
)
def test_feedback_shows_the_reference_beside_an_answer_if_wanted_and_once_nobody_has_time_left(
    class_folder: ClassFolder, wanted: bool, due_in_days: int | None, another_has: int, shown: bool
) -> None:
    class_folder.edit(set_source("halve", "def halve(x):\n    return x * my_own"))
    class_folder.autograde()
    if due_in_days is not None:
        with Gradebook(database(class_folder.root), "jax") as gradebook:
            due = datetime.now(UTC) + timedelta(days=due_in_days)
            assignment: Any = gradebook.find_assignment("ps2")
            assignment.duedate = due.replace(tzinfo=None)
            gradebook.db.commit()
    if another_has:
        extensions = f"student,assignment,days\nbob,ps2,{another_has}\nbob,ps1,90\n"
        (class_folder.root / "extensions.csv").write_text(extensions)
    page = class_folder.feedback(show_reference=wanted)
    assert page.count("The reference solution") == 2 * shown  # of add_tax and halve
    if shown:
        beside = page[page.index("my_own") :]
        reference = re.sub(r"<[^>]*>", "", beside[beside.index("The reference solution") :])
        expected = Course(class_folder.root).lesson("ps2").by_name["halve"].solution
        assert expected in unescape(reference)


def overview_rows(page: str) -> list[str]:
    """The text of each row of the table that feedback begins with, and that its links work."""
    table = page[page.index("(Score:") :]
    table = table[table.index("<table>") : table.index("</table>")]
    targets = re.findall(r"href=.#([\w-]+)", table)
    assert targets
    assert all(f'name="{target}"' in page for target in targets)
    text = re.sub(r"</?span[^>]*>", "", table)
    rows = [re.sub(r"<[^>]*>", " ", row) for row in text.split("</tr>")[:-1]]
    return [" ".join(row.split()).replace(" :", ":") for row in rows]


@pytest.mark.parametrize("verdict", [Verdict.INCONCLUSIVE, Verdict.GRADER_ERROR])
def test_leaves_to_a_person_what_the_judge_could_not_decide(
    class_folder: ClassFolder, verdict: Verdict
) -> None:
    class_folder.worker.verdicts = (Verdict.PASSED, verdict)
    class_folder.autograde()
    assert class_folder.stored() == {"check_add_tax": (3.0, False), "check_halve": (None, True)}


def test_a_fault_of_the_grader_is_nobodys_zero(class_folder: ClassFolder) -> None:
    class_folder.worker.error = WorkerError("the grading process died twice")
    notebook = class_folder.autograde()
    assert class_folder.stored() == {"check_add_tax": (None, True), "check_halve": (None, True)}
    assert "the grading process died twice" in notebook.cells[0].source
    page = class_folder.feedback()
    assert "The grader failed, which is no fault of this notebook." in page
    assert "died twice" not in page


def test_without_confinement_nobody_is_graded(
    class_folder: ClassFolder, caplog: pytest.LogCaptureFixture
) -> None:
    class_folder.worker.error = ConfinementError("switch on user namespaces")
    with pytest.raises(NbGraderException):
        class_folder.autograde()
    assert "ada/ps2/ps2.ipynb: switch on user namespaces" in caplog.text
    assert not class_folder.autograded.exists()
    assert all(score is None for score, _ in class_folder.stored().values())


def test_a_lesson_changed_since_it_was_stored_is_noticed(
    class_folder: ClassFolder, caplog: pytest.LogCaptureFixture
) -> None:
    for name, old, new in [
        ("lessons/ps2.md", ":points: 2.5", ":points: 3.5"),
        ("grader_tests/ps2/test_halve.py", "speed(points=1)", "speed(points=2)"),
    ]:
        text = (class_folder.root / name).read_text()
        (class_folder.root / name).write_text(text.replace(old, new))
    with pytest.raises(NbGraderException):
        class_folder.autograde()
    assert "ps2: the lesson changed since nbgrader stored it (check_halve)" in caplog.text
    assert "nbgrader generate_assignment ps2`" in caplog.text


def test_prose_and_visible_checks_may_change_after_release(class_folder: ClassFolder) -> None:
    path = class_folder.root / "lessons" / "ps2.md"
    text = path.read_text().replace("visible checks of halve", "better ones")
    path.write_text(text.replace("Some prose", "More prose"))
    class_folder.autograde()
    assert class_folder.stored() == {"check_add_tax": (3.0, False), "check_halve": (2.5, False)}


def test_what_cannot_be_graded_is_refused_before_anything_is_deleted(
    class_folder: ClassFolder, caplog: pytest.LogCaptureFixture
) -> None:
    class_folder.autograde()
    path = class_folder.root / "lessons" / "ps2.md"
    text = path.read_text()
    test = class_folder.root / "grader_tests" / "ps2" / "test_halve.py"
    for lesson, told in [
        (text.replace(":points: 2.5", ":points: 3.5"), "add up to"),
        (text.replace("# Pure functions\n", "Pure functions\n"), "no title"),
    ]:
        path.write_text(lesson)
        with pytest.raises(NbGraderException, match=told):
            convert(Autograde, class_folder.root, force=True)
        assert told in caplog.text
    path.write_text(text.replace(":points: 2.5", ":points: 3.5"))
    test.write_text(test.read_text().replace("speed(points=1)", "speed(points=2)"))
    with pytest.raises(NbGraderException, match="the lesson changed since nbgrader stored it"):
        convert(Autograde, class_folder.root, force=True)
    assert class_folder.autograded.exists()
    assert class_folder.stored() == {"check_add_tax": (3.0, False), "check_halve": (2.5, False)}


def test_an_assignment_that_nbgrader_never_stored_is_named(class_folder: ClassFolder) -> None:
    with Gradebook(database(class_folder.root), "jax") as gradebook:
        gradebook.remove_assignment("ps2")
    with pytest.raises(NbGraderException, match="ps2 is not in the gradebook yet"):
        class_folder.autograde()


@pytest.mark.parametrize(
    ("name", "by_position"),
    [
        ("nothing", True),
        ("a given cell added at the start", True),
        ("a given cell added between", False),
        ("a given cell changed", False),
        ("a given cell removed", True),
        ("exercises in another order", False),
        ("the text of a check changed", False),
    ],
)
def test_a_lesson_may_change_after_it_was_graded(
    class_folder: ClassFolder, name: str, by_position: bool
) -> None:
    if by_position:
        class_folder.store_by_position()
    class_folder.edit(solve)
    class_folder.autograde()
    CHANGES[name][0](Course(class_folder.root))
    # As the documents say, without generate_assignment, and with it.
    convert(Autograde, class_folder.root, force=True)
    assert class_folder.stored() == {"check_add_tax": (3.0, False), "check_halve": (2.5, False)}
    build(Course(class_folder.root))
    built = Course(class_folder.root).release_file("ps2").read_text()
    convert(GenerateAssignment, class_folder.root)
    assert Course(class_folder.root).release_file("ps2").read_text() == built
    assert class_folder.stored() == {"check_add_tax": (3.0, False), "check_halve": (2.5, False)}
    convert(Autograde, class_folder.root, force=True)
    assert class_folder.stored() == {"check_add_tax": (3.0, False), "check_halve": (2.5, False)}
    page = class_folder.feedback()
    assert "had been changed" not in page
    assert "was missing" not in page
    kept = nbformat.read(class_folder.autograded, as_version=4).cells
    assert {cell.id for cell in kept} >= {
        cell.id for cell in Course(class_folder.root).lesson("ps2").cells
    }


def test_an_exercise_may_be_added_after_others_were_graded(class_folder: ClassFolder) -> None:
    class_folder.autograde()
    with Gradebook(database(class_folder.root), "jax") as gradebook:
        grade: Any = gradebook.find_grade("check_add_tax", "ps2", "ps2", "ada")
        grade.manual_score = 1.25
        gradebook.db.commit()
    add_an_exercise(Course(class_folder.root))
    build(Course(class_folder.root))
    convert(GenerateAssignment, class_folder.root)
    assert class_folder.stored() == {
        "check_add_tax": (3.0, False),
        "check_halve": (2.5, False),
        "check_third": (None, True),
    }
    with Gradebook(database(class_folder.root), "jax") as gradebook:
        grade = gradebook.find_grade("check_add_tax", "ps2", "ps2", "ada")
        assert grade.manual_score == 1.25
    class_folder.feedback()


def test_an_exercise_with_grades_is_not_removed(
    class_folder: ClassFolder, caplog: pytest.LogCaptureFixture
) -> None:
    class_folder.autograde()
    path = Course(class_folder.root).source_file("ps2")
    notebook = nbformat.read(path, as_version=4)
    notebook.cells = [cell for cell in notebook.cells if "halve" not in cell.id]
    nbformat.write(notebook, path)
    before = Course(class_folder.root).release_file("ps2").read_text()
    with pytest.raises(NbGraderException, match=r"check_halve, halve would be removed"):
        convert(GenerateAssignment, class_folder.root)
    assert "Nothing was changed" in caplog.text
    path.rename(path.with_name("other.ipynb"))
    with pytest.raises(NbGraderException, match=r"add_tax, check_add_tax, check_halve, halve"):
        convert(GenerateAssignment, class_folder.root)
    assert Course(class_folder.root).release_file("ps2").read_text() == before
    assert class_folder.stored() == {"check_add_tax": (3.0, False), "check_halve": (2.5, False)}


def test_a_source_notebook_that_is_broken_costs_no_release(class_folder: ClassFolder) -> None:
    path = Course(class_folder.root).source_file("ps2")
    path.write_text(path.read_text()[:-200])
    with pytest.raises(NbGraderException, match="not a notebook that can be released"):
        convert(GenerateAssignment, class_folder.root)
    assert Course(class_folder.root).release_file("ps2").exists()


def test_a_notebook_of_another_name_is_graded_and_told(class_folder: ClassFolder) -> None:
    class_folder.submitted.rename(class_folder.submitted.with_name("ps2 (1).ipynb"))
    class_folder.autograde()
    assert class_folder.stored() == {"check_add_tax": (3.0, False), "check_halve": (2.5, False)}
    assert "handed in as 'ps2 (1).ipynb'; it counts as ps2.ipynb" in unescape(
        class_folder.feedback()
    )
    convert(Autograde, class_folder.root)
    assert len(class_folder.worker.asked) == 1, "it is finished"


def test_of_several_notebooks_of_other_names_none_is_taken(
    class_folder: ClassFolder, caplog: pytest.LogCaptureFixture
) -> None:
    shutil.copy(class_folder.submitted, class_folder.submitted.with_name("b.ipynb"))
    class_folder.submitted.rename(class_folder.submitted.with_name("a.ipynb"))
    with pytest.raises(NbGraderException):
        class_folder.autograde()
    assert "several notebooks, and none is called ps2.ipynb: a.ipynb, b.ipynb" in caplog.text
    assert "did you forget" not in caplog.text
    assert all(score is None and by_hand for score, by_hand in class_folder.stored().values())


def test_a_notebook_of_another_name_that_cannot_be_read_is_no_zero(
    class_folder: ClassFolder,
) -> None:
    class_folder.submitted.with_name("mine.ipynb").write_text("{")
    class_folder.submitted.unlink()
    with pytest.raises(NbGraderException):
        class_folder.autograde()
    assert all(score is None and by_hand for score, by_hand in class_folder.stored().values())


def test_notebooks_beside_the_right_one_are_named(class_folder: ClassFolder) -> None:
    shutil.copy(class_folder.submitted, class_folder.submitted.with_name("mine.ipynb"))
    notebook = class_folder.autograde()
    assert "Handed in beside the notebook, and not kept: mine.ipynb." in notebook.cells[0].source


def test_what_nbgrader_needs_to_release_feedback_stays(class_folder: ClassFolder) -> None:
    folder = class_folder.submitted.parent
    for name in ("timestamp.txt", "submission_secret.txt"):
        (folder / name).write_text("2026-01-01 00:00:00 UTC")
        (folder / "deep").mkdir(exist_ok=True)
        (folder / "deep" / name).write_text("<script>")
    notebook = class_folder.autograde()
    kept = {
        p.relative_to(class_folder.autograded.parent)
        for p in class_folder.autograded.parent.rglob("*.*")
    }
    assert kept == {Path(n) for n in ("ps2.ipynb", "timestamp.txt", "submission_secret.txt")}
    assert "not kept: deep/submission_secret.txt, deep/timestamp.txt." in notebook.cells[0].source


def test_a_large_file_with_the_secrets_name_goes(class_folder: ClassFolder) -> None:
    (class_folder.submitted.parent / "submission_secret.txt").write_text("<script>" * 1000)
    assert "submission_secret.txt" in class_folder.autograde().cells[0].source
    assert not class_folder.autograded.with_name("submission_secret.txt").exists()


def test_what_grading_does_is_in_nbgraders_log(
    class_folder: ClassFolder, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    grade = class_folder.worker.grade

    def announcing(*submission: Any) -> tuple[Grade, NotebookNode]:
        logging.getLogger("jaxercise").info("checking halve (2 of 2)")
        logging.getLogger("jaxercise").warning("waiting for another grader")
        return grade(*submission)

    monkeypatch.setattr(class_folder.worker, "grade", announcing)
    caplog.set_level(logging.INFO)
    class_folder.autograde()
    assert "ada/ps2/ps2.ipynb: checking halve (2 of 2)" in caplog.messages
    assert "ada/ps2/ps2.ipynb: waiting for another grader" in caplog.messages


def test_no_setting_is_unknown_to_a_step(
    class_folder: ClassFolder, caplog: pytest.LogCaptureFixture
) -> None:
    class_folder.autograde()
    class_folder.feedback()
    assert "not recognized" not in caplog.text


def test_a_notebook_of_another_assignment_stops_only_itself(
    class_folder: ClassFolder, caplog: pytest.LogCaptureFixture
) -> None:
    other = v4.new_notebook(cells=[v4.new_code_cell("import os")])
    path = class_folder.root / "submitted" / "bob" / "ps2" / "ps2.ipynb"
    path.parent.mkdir(parents=True)
    nbformat.write(other, path)
    with pytest.raises(NbGraderException):
        class_folder.autograde()
    assert "bob/ps2/ps2.ipynb: this is not a notebook of ps2" in caplog.text
    assert class_folder.stored() == {"check_add_tax": (3.0, False), "check_halve": (2.5, False)}


def damage_by_pasting(notebook: NotebookNode) -> None:
    twin = copy.deepcopy(notebook.cells[-2])
    twin.id = "pasted"
    notebook.cells.append(twin)


def damage_by_renaming(notebook: NotebookNode) -> None:
    for cell in notebook.cells:
        if "nbgrader" in cell.metadata:
            cell.metadata["nbgrader"]["grade_id"] += "_2"


def damage_by_swapping_flags(notebook: NotebookNode) -> None:
    for cell in notebook.cells:
        if marks := cell.metadata.get("nbgrader"):
            marks["grade"], marks["solution"] = marks["solution"], marks["grade"]
            marks["points"] = 99


def damage_by_old_schema(notebook: NotebookNode) -> None:
    for cell in notebook.cells:
        if marks := cell.metadata.get("nbgrader"):
            marks["schema_version"] = 0


def damage_by_deleting(notebook: NotebookNode) -> None:
    notebook.cells = [c for c in notebook.cells if not c.id.startswith(("check_", "halve"))]


@pytest.mark.parametrize(
    "damage",
    [
        damage_by_pasting,
        damage_by_renaming,
        damage_by_swapping_flags,
        damage_by_old_schema,
        damage_by_deleting,
    ],
)
def test_a_damaged_notebook_is_mended_and_graded(
    class_folder: ClassFolder, damage: Callable[[NotebookNode], None]
) -> None:
    class_folder.edit(damage)
    class_folder.autograde()
    assert class_folder.stored() == {"check_add_tax": (3.0, False), "check_halve": (2.5, False)}


def test_students_read_what_was_mended(class_folder: ClassFolder) -> None:
    class_folder.edit(damage_by_deleting)
    assert class_folder.autograde().cells[0].id == "jaxercise-mended"
    page = class_folder.feedback()
    assert "Mended before grading" in page
    assert "The cell of halve was missing; its starter code was put back." in page


def test_an_untouched_solution_is_told_from_an_answer(class_folder: ClassFolder) -> None:
    class_folder.edit(set_source("add_tax", "def add_tax(prices, tax_rate):\n    return prices"))
    class_folder.autograde()
    assert class_folder.comments() == {"add_tax": None, "halve": "No response."}


def test_what_lies_beside_the_notebook_is_not_served(class_folder: ClassFolder) -> None:
    folder = class_folder.submitted.parent
    (folder / "timestamp.txt").write_text("2026-01-01 00:00:00 UTC")
    (folder / "page.html").write_text("<script>pwned()</script>")
    (folder / "deep").mkdir()
    (folder / "deep" / "picture.svg").write_text("<svg/>")
    (folder / "link").symlink_to(class_folder.root / "gradebook.db")
    (class_folder.root / "source" / "ps2" / "data.csv").write_text("1,2\n")
    class_folder.autograde()
    kept = {path.name for path in class_folder.autograded.parent.rglob("*") if path.is_file()}
    assert kept == {"ps2.ipynb", "timestamp.txt", "data.csv"}
    assert (folder / "page.html").exists()


def test_scripts_reach_neither_formgrader_nor_feedback(class_folder: ClassFolder) -> None:
    def attack(notebook: NotebookNode) -> None:
        notebook.cells[0].source = "<script>pwned()</script>\n\n[x](javascript:pwned())"
        notebook.cells.append(v4.new_markdown_cell("<img src=x onerror=pwned()>"))
        notebook.cells.append(v4.new_raw_cell("<script>pwned()</script>"))

    class_folder.edit(attack)
    html = {"text/html": "<script>pwned()</script>", "text/plain": "plain text"}
    class_folder.worker.shown = [v4.new_output("display_data", html)]
    notebook = class_folder.autograde()
    assert "pwned" not in nbformat.writes(notebook)
    page = class_folder.feedback()
    assert "pwned" not in page
    assert "plain text" in page


def test_what_an_earlier_version_graded_is_cleaned_for_feedback(class_folder: ClassFolder) -> None:
    notebook = class_folder.autograde()
    del notebook.metadata["jaxercise"]["cleaned"]
    notebook.cells.append(v4.new_markdown_cell("<script>pwned()</script> and text"))
    nbformat.write(notebook, class_folder.autograded)
    page = class_folder.feedback()
    assert "pwned" not in page
    assert "and text" in page


def test_students_read_messages_but_no_flags(class_folder: ClassFolder) -> None:
    class_folder.worker.verdicts = (Verdict.FAILED, Verdict.PASSED)
    class_folder.worker.flags = ("the secret input was 42",)
    notebook = class_folder.autograde()
    assert "the secret input was 42" in nbformat.writes(notebook)
    page = class_folder.feedback()
    assert "message: failed" in page
    assert "secret" not in page


def test_grading_again_gives_the_same(class_folder: ClassFolder) -> None:
    first = class_folder.autograde()
    shutil.rmtree(class_folder.autograded.parent)
    assert class_folder.autograde() == first


def test_an_assignment_without_a_lesson_is_named(
    class_folder: ClassFolder, caplog: pytest.LogCaptureFixture
) -> None:
    (class_folder.root / "lessons" / "ps2.md").rename(class_folder.root / "lessons" / "ps3.md")
    with pytest.raises(NbGraderException):
        class_folder.autograde()
    assert "no assignment 'ps2'" in caplog.text


@dataclass(frozen=True)
class Class:
    """Several students, whose notebooks go to a judge that passes everything."""

    class_folder: ClassFolder
    store: RecordStore

    def hand_in(self, student: str, answer: str = "return prices") -> Path:
        path = self.class_folder.root / "submitted" / student / "ps2" / "ps2.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(Course(self.class_folder.root).release_file("ps2"), path)
        notebook = nbformat.read(path, as_version=4)
        source = f"def add_tax(prices, tax_rate):\n    {answer}  # by {student}"
        set_source("add_tax", source)(notebook)
        nbformat.write(notebook, path)
        return path

    def asked(self) -> list[str]:
        path = self.class_folder.root / "asked"
        lines = path.read_text().splitlines() if path.exists() else []
        return [re.sub(r".*submitted/", "", line.split()[1]) for line in lines]

    def scores(self) -> dict[str, float]:
        with Gradebook(database(self.class_folder.root), "jax") as gradebook:
            found: Any = gradebook.assignment_submissions("ps2")
            return {one.student.id: one.score for one in found}


@pytest.fixture
def batch(
    class_folder: ClassFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Class]:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent / "stubs"))
    shutil.rmtree(class_folder.submitted.parent.parent)
    store = RecordStore(tmp_path / "records")
    made: list[Grader] = []

    def grader(root: Path, options: WorkerOptions, folder: Path | None, *_: object) -> Grader:
        options = dataclasses.replace(options, judge="passing_judge:PassingJudge")
        wanted = store if folder is not None else None
        if not made or made[-1].options != options:
            made.append(Grader(root, options, store=wanted))
        return made[-1]

    monkeypatch.setattr(plugin, "shared_grader", grader)
    monkeypatch.setattr(plugin, "default_folder", lambda: store.folder)
    yield Class(class_folder, store)
    for one in made:
        one.close()


def test_a_batch_is_judged_by_several_and_written_by_one(
    batch: Class, caplog: pytest.LogCaptureFixture
) -> None:
    students = ["ada", "bob", "cleo", "dan"]
    for student in students:
        batch.hand_in(student)
    convert(Autograde, batch.class_folder.root, jobs=2)
    assert batch.scores() == dict.fromkeys(students, 5.5)
    asked = (batch.class_folder.root / "asked").read_text().splitlines()
    assert len({line.split()[0] for line in asked}) == 2
    assert sorted(batch.asked()) == [f"{student}/ps2/ps2.ipynb" for student in students]


def test_a_class_that_did_not_change_is_not_judged_again(batch: Class) -> None:
    for student in ("ada", "bob", "cleo"):
        batch.hand_in(student)
    convert(Autograde, batch.class_folder.root, jobs=2)
    before, asked = batch.scores(), batch.asked()
    page = batch.class_folder.root / "autograded/ada/ps2/ps2.ipynb"
    graded = page.read_text()
    convert(Autograde, batch.class_folder.root, force=True, jobs=2)
    assert batch.asked() == asked
    assert batch.scores() == before
    assert page.read_text() == graded
    # One student's new answer is judged, and nobody else's.
    batch.hand_in("bob", "return 2 * prices  # failed")
    convert(Autograde, batch.class_folder.root, force=True, jobs=2)
    assert [name.split("/")[0] for name in batch.asked()[len(asked) :]] == ["bob"]
    assert batch.scores() == {**before, "bob": 0}
    # A changed hidden test is run on all of them.
    test = batch.class_folder.root / "grader_tests/ps2/test_halve.py"
    test.write_text(test.read_text() + "\nX = 1\n")
    convert(Autograde, batch.class_folder.root, force=True, jobs=2)
    assert len(batch.asked()) == len(asked) + 1 + 3


def test_kept_verdicts_can_be_turned_off(batch: Class) -> None:
    batch.hand_in("ada")
    for _ in range(2):
        convert(Autograde, batch.class_folder.root, force=True, keep_verdicts=False)
    assert len(batch.asked()) == 2
    assert batch.store.contents().records == 0


def test_only_what_nbgrader_will_grade_is_judged(batch: Class) -> None:
    for student in ("ada", "bob", "cleo"):
        batch.hand_in(student)
    convert(Autograde, batch.class_folder.root, jobs=2, keep_verdicts=False)
    for student in ("dan", "eve"):
        batch.hand_in(student)
    (batch.class_folder.root / "submitted/fay/ps2").mkdir(parents=True)
    (batch.class_folder.root / "submitted/fay/ps2/ps2.ipynb").symlink_to(batch.hand_in("eve"))
    with pytest.raises(NbGraderException):
        convert(Autograde, batch.class_folder.root, jobs=2, keep_verdicts=False)
    names = sorted(name.split("/")[0] for name in batch.asked())
    assert names == ["ada", "bob", "cleo", "dan", "eve"]
    assert set(batch.scores()) >= {"ada", "bob", "cleo", "dan", "eve"}
