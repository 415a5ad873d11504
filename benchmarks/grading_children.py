"""What grading_bench.py measures, each as a program of its own.

    grading_children.py ours psN STUDENTS JUDGES FOLDER [--answers N]
    grading_children.py stock psN STUDENTS FOLDER
    grading_children.py otter psN STUDENTS FOLDER

`ours` judges a class with verdicts kept in FOLDER, `stock` runs nbgrader without this library's
steps, and `otter` runs `otter run`, a process for each notebook; both run the same hidden tests in
the student's kernel (in_kernel.py). The last line printed is a JSON list: seconds of wall clock
and of CPU so far, after each notebook.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
import warnings
from collections.abc import Iterator, Mapping
from pathlib import Path

import nbformat
from class_time import make_class
from meter import cpu_s
from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.apps import NbGraderAPI
from sqlalchemy.exc import SAWarning
from traitlets.config import Config

from jaxercise.course.lesson import Course
from jaxercise.grading.grader import Grader
from jaxercise.grading.pool import JudgePool
from jaxercise.grading.store import RecordStore
from jaxercise.grading.worker_server import WorkerOptions

ROOT = Path(__file__).resolve().parent.parent
_IN_KERNEL = """\
import sys
sys.path.insert(0, {benchmarks!r})
from in_kernel import points_of
# Extra credit has no maximum of its own, which stock nbgrader does not accept.
min({points}, points_of({root!r}, {assignment!r}, {name!r}, globals()))
"""
# A test file of otter-grader's.
_OTTER_TEST = """\
OK_FORMAT = True
test = {{"name": {name!r}, "points": {points}, "suites": [{{"cases": [{{"code": {code!r}}}]}}]}}
"""


class Clock:
    """Notes what was used so far, after each notebook."""

    def __init__(self) -> None:
        self._started = time.perf_counter()
        self.noted: list[tuple[float, float]] = []

    def note(self) -> None:
        self.noted.append((round(time.perf_counter() - self._started, 3), round(cpu_s(), 3)))


def ours(assignment: str, students: int, jobs: int, folder: Path, answers: int) -> Clock:
    """A class through the grader; with fewer `answers` than students, these repeat."""
    clock = Clock()
    handed_in = make_class(Course(ROOT), assignment, min(students, answers))
    handed_in = [
        one._replace(name=f"student-{number:03}")
        for number in range(students)
        for one in [handed_in[number % len(handed_in)]]
    ]
    grader = Grader(
        ROOT,
        WorkerOptions(),
        store=RecordStore(folder),
        executor=JudgePool(jobs) if jobs > 1 else None,
    )
    if jobs > 1:
        grader.judge_ahead(handed_in, jobs)
    for one in handed_in:
        grade, _ = grader.grade(*one)
        if grade.score < grade.max_score:
            print(f"{one.name}: {grade.score} of {grade.max_score}", file=sys.stderr)
        clock.note()
    grader.close()
    return clock


def stock(assignment: str, students: int, folder: Path) -> Clock:
    """A class through nbgrader as it comes; each student is autograded by a command's API."""
    warnings.simplefilter("ignore", SAWarning)
    # nbgrader looks for `alembic` on the PATH.
    os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    clock = Clock()
    notebook = nbformat.read(Course(ROOT).source_file(assignment), as_version=4)
    for cell, name, points in _graded(notebook):
        cell.source = _in_kernel(assignment, name, points)
    names = [f"student-{number}" for number in range(students)]
    for part in ("source", *(f"submitted/{name}" for name in names)):
        path = folder / part / assignment / f"{assignment}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(notebook, path)
    config = Config()
    config.CourseDirectory.root = str(folder)
    config.ExecutePreprocessor.timeout = config.Execute.timeout = 600
    api = NbGraderAPI(config=config)
    _assert_done(api.generate_assignment(assignment))
    clock.note()  # Before the first notebook.
    for name in names:
        _assert_done(api.autograde(assignment, name))
        clock.note()
    with Gradebook(f"sqlite:///{folder}/gradebook.db") as book:
        for name in names:
            done = book.find_submission(assignment, name)
            print(f"{name}: {done.score} of {done.max_score}", file=sys.stderr)
    return clock


def otter(assignment: str, students: int, folder: Path) -> Clock:
    """A class through `otter run`, as its documentation says for grading without containers."""
    clock = Clock()
    program = str(Path(sys.executable).with_name("otter"))
    notebook = nbformat.read(Course(ROOT).source_file(assignment), as_version=4)
    tests = folder / "tests"
    tests.mkdir(parents=True)
    for cell, name, points in _graded(notebook):
        cell.source = ""
        *before, last = _in_kernel(assignment, name, points).splitlines()
        code = "".join(f">>> {line}\n" for line in [*before, f"assert {last} == {points}"])
        text = _OTTER_TEST.format(name=name, points=points, code=code)
        (tests / f"{name}.py").write_text(text, encoding="utf-8")
    subprocess.run(
        [program, "generate", "--tests-dir", tests, "--output-path", folder / "autograder.zip"],
        cwd=folder,
        check=True,
        stdout=sys.stderr,
    )
    clock.note()  # Before the first notebook.
    for number in range(students):
        own = folder / f"student-{number}"
        own.mkdir()
        nbformat.write(notebook, own / f"{assignment}.ipynb")
        command = [program, "run", "--no-logo", "--autograder", folder / "autograder.zip"]
        command += ["--output-dir", own, own / f"{assignment}.ipynb"]
        subprocess.run(command, cwd=own, check=True, stdout=sys.stderr)
        clock.note()
        results = json.loads((own / "results.json").read_text(encoding="utf-8"))
        scores = [one["score"] for one in results["tests"] if "score" in one]
        print(f"student-{number}: {sum(scores)}", file=sys.stderr)
    return clock


def _graded(notebook: NotebookNode) -> Iterator[tuple[NotebookNode, str, float]]:
    """The cells that check an exercise, its name, and its points."""
    for cell in notebook.cells:
        marks = cell.metadata.get("nbgrader", {})
        if cell.cell_type == "code" and marks.get("grade") and not marks.get("solution"):
            yield cell, marks["grade_id"].removeprefix("check_"), marks["points"]


def _in_kernel(assignment: str, name: str, points: float) -> str:
    benchmarks, root = str(ROOT / "benchmarks"), str(ROOT)
    return _IN_KERNEL.format(
        benchmarks=benchmarks, root=root, assignment=assignment, name=name, points=points
    )


def _assert_done(report: Mapping[str, object]) -> None:
    if not report["success"]:
        sys.exit(f"{report.get('error')}\n{report.get('log')}"[-3000:])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    ways = parser.add_subparsers(dest="way", required=True)
    for way in ("ours", "stock", "otter"):
        of_way = ways.add_parser(way)
        of_way.add_argument("assignment")
        of_way.add_argument("students", type=int)
        if way == "ours":
            of_way.add_argument("jobs", type=int)
            of_way.add_argument("--answers", type=int, default=1 << 30)
        of_way.add_argument("folder", type=Path)
    given = parser.parse_args()
    if given.way == "ours":
        clock = ours(given.assignment, given.students, given.jobs, given.folder, given.answers)
    else:
        way = {"stock": stock, "otter": otter}[given.way]
        clock = way(given.assignment, given.students, given.folder)
    print(json.dumps(clock.noted))


if __name__ == "__main__":
    main()
