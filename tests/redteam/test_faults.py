"""Batches that are disturbed: the same command again completes them, and nothing is lost."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from multiprocessing.context import ForkServerContext
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbgrader.converters import GenerateAssignment

from jaxercise.nbgrader.intake import _is_finished
from jaxercise.nbgrader.release import build
from tests.redteam.disturbances import AT_ONCE, DISTURBANCES, MARK, grade
from tests.redteam.ledger import Ledger, Row
from tests.redteam.test_class import convert, hand_in
from tests.small_course import WRONG, handed_in, make_course, right_answers

pytestmark = pytest.mark.filterwarnings("ignore:Object of type:sqlalchemy.exc.SAWarning")

# Tables that hold times or random ids are compared by what they say of students.
_SCORES = """
    SELECT student.id, base_cell.name, grade.auto_score, grade.manual_score,
           grade.needs_manual_grade
    FROM grade
    JOIN base_cell ON grade.cell_id = base_cell.id
    JOIN submitted_notebook ON grade.notebook_id = submitted_notebook.id
    JOIN submitted_assignment ON submitted_notebook.assignment_id = submitted_assignment.id
    JOIN student ON submitted_assignment.student_id = student.id
    ORDER BY 1, 2
"""
_COMMENTS = """
    SELECT submitted_assignment.student_id, base_cell.name, comment.auto_comment
    FROM comment
    JOIN base_cell ON comment.cell_id = base_cell.id
    JOIN submitted_notebook ON comment.notebook_id = submitted_notebook.id
    JOIN submitted_assignment ON submitted_notebook.assignment_id = submitted_assignment.id
    ORDER BY 1, 2
"""


def gradebook(root: Path) -> list[list[Any]]:
    connection = sqlite3.connect(root / "gradebook.db")
    try:
        return [connection.execute(query).fetchall() for query in (_SCORES, _COMMENTS)]
    finally:
        connection.close()


def zeros_of_ours(root: Path, undisturbed: list[list[Any]]) -> list[Any]:
    """Scores that differ from the undisturbed run's and that nobody is asked to look at."""
    expected = {(student, cell): score for student, cell, score, *_ in undisturbed[0]}
    return [
        (student, cell, score)
        for student, cell, score, _, by_hand in gradebook(root)[0]
        if score is not None and score != expected[student, cell] and not by_hand
    ]


@pytest.fixture(scope="module")
def processes() -> ForkServerContext:
    """Starts processes that have nbgrader imported already, and no thread of ours."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.redteam.disturbances"])
    return context


def run(processes: ForkServerContext, root: Path, disturbance: str = "") -> int | None:
    process = processes.Process(target=grade, args=(root, disturbance))
    process.start()
    process.join(180)
    assert process.exitcode is not None, "the batch does not end"
    return process.exitcode


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A course with two submissions, not graded yet."""
    root = tmp_path_factory.mktemp("faults") / "course"
    course = make_course(root, ("f1",))
    build(course)
    shutil.rmtree(root / "release")  # or nbgrader takes it for done
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)
        convert(GenerateAssignment, root)
    lesson = course.lesson("ps7")
    right = right_answers(lesson)
    answers = {
        "a": {"f1": WRONG.replace("NAME", "f1")},
        "b": {**right, "before f1": "import time\ntime.sleep(0.3)"},
    }
    for student, sources in answers.items():
        nbformat.write(handed_in(lesson, sources), hand_in(root, student) / "ps7.ipynb")
    yield root
    shutil.rmtree(root)


@pytest.fixture(scope="module")
def undisturbed(
    prepared: Path, processes: ForkServerContext, tmp_path_factory: pytest.TempPathFactory
) -> list[list[Any]]:
    root = tmp_path_factory.mktemp("undisturbed") / "course"
    shutil.copytree(prepared, root)
    assert run(processes, root) == 0, (root / "grading.log").read_text()[-3000:]
    found = gradebook(root)
    scores = {(student, cell): score for student, cell, score, *_ in found[0]}
    assert scores == {("a", "check_f1"): 0, ("b", "check_f1"): 3}
    return found


@pytest.mark.parametrize("name", DISTURBANCES)
def test_a_disturbed_batch_is_completed_by_the_same_command(
    name: str,
    prepared: Path,
    undisturbed: list[list[Any]],
    processes: ForkServerContext,
    tmp_path: Path,
    seen: Ledger,
) -> None:
    root = tmp_path / "course"
    shutil.copytree(prepared, root)
    pages = [root / "autograded" / student / "ps7" / "ps7.ipynb" for student in "ab"]
    run(processes, root, name)
    assert (root / MARK).exists(), "nothing was disturbed"
    wronged = zeros_of_ours(root, undisturbed)
    complete = gradebook(root) == undisturbed and all(_is_finished(page) for page in pages)
    if not complete:
        run(processes, root)
    same = gradebook(root) == undisturbed
    text = "complete at once" if complete else "complete when started again"
    if wronged or not same:
        text = f"wronged {wronged}" if wronged else "incomplete"
    expected = "complete at once" if name in AT_ONCE else "complete when started again"
    row = Row("fault", name, f"{expected}, gradebook as undisturbed")
    seen.check(row, f"{text}, gradebook as undisturbed" if same else f"{text}, gradebook differs")
    assert all(_is_finished(page) for page in pages)


def test_two_batches_at_once_do_not_spoil_each_other(
    prepared: Path,
    undisturbed: list[list[Any]],
    processes: ForkServerContext,
    tmp_path: Path,
    seen: Ledger,
) -> None:
    root = tmp_path / "course"
    shutil.copytree(prepared, root)
    both = [processes.Process(target=grade, args=(root, "")) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join(180)
    wronged = zeros_of_ours(root, undisturbed)
    run(processes, root)
    same = gradebook(root) == undisturbed and not wronged
    row = Row("fault", "two batches at once, then one", "gradebook as undisturbed")
    seen.check(row, "gradebook as undisturbed" if same else f"differs, wronged {wronged}")
