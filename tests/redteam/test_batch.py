"""A class with cheats in it, judged by two judges at once, then again from what is kept."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from jaxercise.checks.outcome import Grade
from jaxercise.course.lesson import Course
from jaxercise.grading.grader import Grader, Submission
from jaxercise.grading.store import RecordStore
from jaxercise.grading.worker_server import WorkerOptions
from tests.redteam.batches import CHEATS, SECRET, TOGETHER
from tests.redteam.ledger import Ledger, Row, points
from tests.small_course import RIGHT, make_course, submission

OPTIONS = WorkerOptions(cell_s=15, notebook_s=200)
HONEST = ("a-first", "m-between", "z-last")


@dataclass
class Graded:
    """The class, and what it was given at first and once more."""

    folder: Path
    handed_in: list[Submission]
    first: dict[str, tuple[Grade, Any]]
    again: dict[str, tuple[Grade, Any]]
    judged_again: list[str]


def right(student: str) -> dict[str, str]:
    answers = {name: RIGHT.replace("NAME", name) for name in ("f1", "f2")}
    return answers | {"f1": f"# {SECRET}, {student}\n{answers['f1']}"}


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Graded:
    root = tmp_path_factory.mktemp("batch")
    course = make_course(root / "course", ("f1", "f2"))
    lesson, folder = course.lesson("ps7"), root / "verdicts"
    store = RecordStore(folder)
    first = Submission(submission(lesson, right(HONEST[0])), "ps7", HONEST[0])
    key = Grader(course.root, OPTIONS).prepare(first.notebook, "ps7").key
    handed_in = [first]
    for student, (_, cells, _) in CHEATS.items():
        answers = {"f2": RIGHT.replace("NAME", "f2")} | cells
        constants = f"STORE, KEPT = {str(folder)!r}, {key!r}\n"
        answers["f1"] = constants + answers["f1"].replace("'LOOT", "'LO' 'OT")
        handed_in.append(Submission(submission(lesson, answers), "ps7", student))
    for student in HONEST[1:]:
        honest = Submission(submission(lesson, right(student)), "ps7", student)
        handed_in.insert(len(handed_in) // 2 if student == HONEST[1] else len(handed_in), honest)
    given = grade_all(course, store, handed_in)
    kept = {one.name for one in handed_in if is_kept(course, store, one)}
    again = grade_all(course, store, handed_in)
    return Graded(folder, handed_in, given, again, sorted({one.name for one in handed_in} - kept))


def is_kept(course: Course, store: RecordStore, one: Submission) -> bool:
    return store.get(Grader(course.root, OPTIONS).prepare(one.notebook, "ps7").key) is not None


def grade_all(
    course: Course, store: RecordStore, handed_in: list[Submission]
) -> dict[str, tuple[Grade, Any]]:
    grader = Grader(course.root, OPTIONS, store=store)
    grader.judge_ahead(handed_in, jobs=2)
    found = {one.name: grader.grade(*one) for one in handed_in}
    grader.close()
    return found


@pytest.mark.parametrize("student", CHEATS)
def test_a_cheat_in_a_batch_earns_nothing(student: str, graded: Graded, seen: Ledger) -> None:
    name, cells, expected = CHEATS[student]
    grade, notebook = graded.first[student]
    exercise = list(cells)[-1]
    outcome = next(one for one in grade.exercises if one.exercise == exercise)
    shown = json.dumps([cell.outputs for cell in notebook.cells if cell.cell_type == "code"])
    found = "something found" if "LOOT" in shown else "nothing found"
    earned = points(outcome).split(",")[0]
    seen.check(Row("attack", name, expected), f"{found}, {earned}")


def test_honest_students_are_graded_beside_them_as_alone(graded: Graded, seen: Ledger) -> None:
    honest = [graded.first[student][0] for student in HONEST]
    full = all(one.score == one.max_score and not one.flags for one in honest)
    row = Row("attack", TOGETHER[0], "full marks, nothing flagged")
    seen.check(row, "full marks, nothing flagged" if full else "graded otherwise")


def test_the_store_gives_nobody_more_than_the_judge_did(graded: Graded, seen: Ledger) -> None:
    def told(results: dict[str, tuple[Grade, Any]]) -> dict[str, Any]:
        return {name: grade.exercises for name, (grade, _) in results.items() if name != "breaks"}

    same = told(graded.first) == told(graded.again)
    assert graded.again["breaks"][0].exercises[0].score == 0
    # A notebook that ended processes is judged again, and no other.
    assert graded.judged_again == ["breaks"]
    row = Row("attack", TOGETHER[1], "graded as before")
    seen.check(row, "graded as before" if same else "graded otherwise")


def test_nothing_but_records_of_ours_lies_in_the_store(graded: Graded) -> None:
    store = RecordStore(graded.folder)
    names = [path.stem for path in graded.folder.rglob("*") if path.is_file()]
    assert len(names) == store.contents().records > len(HONEST)
    assert all(store.get(name) is not None for name in names)
