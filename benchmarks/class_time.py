"""Seconds to judge a class: with one judge, with several, and once more with kept verdicts.

    python benchmarks/class_time.py ps2 --students 8 --repeats 3

Each student hands in the solved notebook with a comment of their own. The ways alternate, since
other work on the machine changes from minute to minute: believe the ratios, not the seconds.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from pathlib import Path

from nbformat import NotebookNode

from jaxercise.course.lesson import Course
from jaxercise.course.submission import read_notebook
from jaxercise.grading.grader import Grader, Submission
from jaxercise.grading.pool import JudgePool
from jaxercise.grading.racing.host import cpus
from jaxercise.grading.store import RecordStore
from jaxercise.grading.worker_server import WorkerOptions

ROOT = Path(__file__).resolve().parent.parent


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


def judge(handed_in: list[Submission], folder: Path, jobs: int) -> tuple[float, int]:
    """Wall-clock seconds for a class, and how many had full marks; judges start cold."""
    started = time.perf_counter()
    grader = Grader(ROOT, WorkerOptions(), store=RecordStore(folder), executor=JudgePool(jobs))
    grader.judge_ahead(handed_in, jobs)
    grades = [grader.grade(*one)[0] for one in handed_in]
    seconds = time.perf_counter() - started
    grader.close()
    return seconds, sum(grade.score == grade.max_score for grade in grades)


def main() -> None:
    """Print a line for each run, and the ratios of the medians."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("assignment")
    parser.add_argument("--students", type=int, default=8)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--jobs", type=int, default=len(cpus()))
    arguments = parser.parse_args()
    handed_in = make_class(Course(ROOT), arguments.assignment, arguments.students)
    seconds: dict[str, list[float]] = {}
    for _ in range(arguments.repeats):
        for jobs in (1, arguments.jobs):
            with tempfile.TemporaryDirectory(prefix="jaxercise-class-") as name:
                for way in (f"{jobs} judges", "kept"):
                    taken, full = judge(handed_in, Path(name, "kept"), jobs)
                    seconds.setdefault(way, []).append(taken)
                    print(
                        f"{way}: {taken:.2f} s, {full} of {len(handed_in)} full marks", flush=True
                    )
    ways = ("1 judges", f"{arguments.jobs} judges", "kept")
    one, several, kept = (statistics.median(seconds[way]) for way in ways)
    print(f"{arguments.jobs} judges: {one / several:.2f} times as fast as one")
    print(f"kept: 1/{one / kept:.0f} of the time of one judge")


if __name__ == "__main__":
    main()
