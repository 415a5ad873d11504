"""What judging a class costs: one judge, several, kept verdicts, one hidden test changed.

    python benchmarks/class_time.py ps2 --students 8 --repeats 3

Each student hands in the solved notebook with a comment of their own. The ways alternate, since
other work on the machine changes from minute to minute: believe the ratios, not the seconds. In
each repeat the hidden test of another exercise changes. CPU seconds are those of all processes
that were started, looked at every 50 ms.
"""

from __future__ import annotations

import argparse
import contextlib
import shutil
import statistics
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import psutil
from nbformat import NotebookNode

from jaxercise.course.lesson import Course
from jaxercise.course.submission import read_notebook
from jaxercise.grading.grader import Grader, Submission
from jaxercise.grading.pool import JudgePool
from jaxercise.grading.racing.host import cpus
from jaxercise.grading.store import RecordStore
from jaxercise.grading.worker_server import WorkerOptions

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Cost:
    """Seconds of wall clock and of CPU."""

    wall_s: float
    cpu_s: float


class Meter:
    """Adds up the CPU seconds of this process and of all that it starts, while it is open."""

    def __init__(self) -> None:
        self._seconds: dict[tuple[int, float], float] = {}
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self._begun = time.perf_counter()

    def __enter__(self) -> Meter:
        self._before = sum(psutil.Process().cpu_times()[:2])
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()
        own = sum(psutil.Process().cpu_times()[:2]) - self._before
        wall_s = time.perf_counter() - self._begun
        self.cost = Cost(wall_s, own + sum(self._seconds.values()))

    def _watch(self) -> None:
        while not self._done.wait(0.05):
            for process in psutil.Process().children(recursive=True):
                with contextlib.suppress(psutil.Error):
                    key = process.pid, process.create_time()
                    self._seconds[key] = sum(process.cpu_times()[:2])


def make_class(course: Course, assignment: str, students: int) -> list[Submission]:
    """The solved notebook, for each student with another comment in the first exercise."""
    name = course.lesson(assignment).exercises[0].name
    handed_in: list[Submission] = []
    for number in range(students):
        notebook: NotebookNode = read_notebook(course.source_file(assignment))
        (cell,) = [cell for cell in notebook.cells if cell.id == name]
        cell.source += f"\n# by student {number}"
        handed_in.append(Submission(notebook, assignment, f"student-{number:02}"))
    return handed_in


def judge(root: Path, handed_in: list[Submission], folder: Path, jobs: int) -> tuple[Cost, int]:
    """What a class costs, and how many had full marks; judges start cold."""
    with Meter() as meter:
        pool = JudgePool(jobs)
        grader = Grader(root, WorkerOptions(), store=RecordStore(folder), executor=pool)
        grader.judge_ahead(handed_in, jobs)
        grades = [grader.grade(*one)[0] for one in handed_in]
        grader.close()
    return meter.cost, sum(grade.score >= grade.max_score for grade in grades)


def copied(root: Path) -> Path:
    """A copy of the course, whose hidden tests may be changed."""
    for part in ("lessons", "reference", "grader_tests"):
        shutil.copytree(ROOT / part, root / part)
    return root


def change_a_test(course: Course, assignment: str, repeat: int) -> None:
    exercises = course.lesson(assignment).exercises
    with exercises[repeat % len(exercises)].test_file.open("a", encoding="utf-8") as file:
        file.write(f"\n# Changed for the repeat {repeat}.\n")


def main() -> None:
    """Print a line for each run, and the ratios of the medians."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("assignment")
    parser.add_argument("--students", type=int, default=8)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--jobs", type=int, default=len(cpus()))
    arguments = parser.parse_args()
    handed_in = make_class(Course(ROOT), arguments.assignment, arguments.students)
    costs: dict[str, list[Cost]] = {}
    several = f"{arguments.jobs} judges"
    for repeat in range(arguments.repeats):
        for jobs, first in ((1, "1 judge"), (arguments.jobs, several)):
            with tempfile.TemporaryDirectory(prefix="jaxercise-class-") as name:
                root, folder = copied(Path(name, "course")), Path(name, "kept")
                for way in (first, "one hidden test changed", "nothing changed"):
                    if way == "one hidden test changed":
                        if jobs != 1:
                            continue
                        change_a_test(Course(root), arguments.assignment, repeat)
                    cost, full = judge(root, handed_in, folder, jobs)
                    costs.setdefault(way, []).append(cost)
                    told = f"{cost.wall_s:.2f} s, {cost.cpu_s:.2f} CPU s"
                    print(f"{way}: {told}, {full} of {len(handed_in)} full marks", flush=True)
    for way, found in costs.items():
        of_one = costs["1 judge"]
        wall = statistics.median(c.wall_s for c in of_one) / statistics.median(
            c.wall_s for c in found
        )
        cpu = statistics.median(c.cpu_s for c in of_one) / statistics.median(c.cpu_s for c in found)
        print(f"{way}: 1/{wall:.2f} of the wall clock of one judge, 1/{cpu:.2f} of its CPU time")


if __name__ == "__main__":
    main()
