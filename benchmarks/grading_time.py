"""Where the seconds of grading go: full marks in each set, through `nbgrader autograde`.

    python benchmarks/grading_time.py [psN ...]

Three students hand in the reference's answers. The first one's time includes starting the
judge; the table is of the last, whom a warm judge grades. Prints a Markdown table.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
import warnings
from pathlib import Path
from typing import Any

import nbformat
from nbgrader.apps import NbGrader, NbGraderAPI
from rich.console import Console
from rich.progress import track
from sqlalchemy.exc import SAWarning

ROOT = Path(__file__).resolve().parent.parent
STUDENTS = ("first", "second", "third")
COLUMNS = {
    "kernel": "start the sandbox, import",
    "cells": "the notebook's cells, as shown",
    "checks": "the cells again, and hidden checks",
}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    known = sorted(path.stem for path in (ROOT / "lessons").glob("ps*.md"))
    parser.add_argument("assignments", nargs="*", default=known, metavar="psN")
    assignments = parser.parse_args().assignments
    # nbgrader's own: it reads attributes of objects that are not in the session yet.
    warnings.simplefilter("ignore", SAWarning)
    # nbgrader looks for `alembic` on the PATH.
    os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    print("| set | first | later | " + " | ".join(COLUMNS.values()) + " | nbgrader and database |")
    print("|---|" + "---|" * (len(COLUMNS) + 3))
    with tempfile.TemporaryDirectory() as folder:
        course = prepared(Path(folder), assignments)
        os.chdir(course)
        api = NbGraderAPI(config=settings())
        for assignment in assignments:
            print(row(api, course, assignment), flush=True)


def prepared(course: Path, assignments: list[str]) -> Path:
    """A copy of the course in which each student has handed in each set."""
    shutil.copy(ROOT / "nbgrader_config.py", course)
    for part in ("lessons", "reference", "grader_tests", "source"):
        shutil.copytree(ROOT / part, course / part)
    for assignment in assignments:
        for student in STUDENTS:
            folder = course / "submitted" / student / assignment
            folder.mkdir(parents=True)
            shutil.copy(ROOT / "source" / assignment / f"{assignment}.ipynb", folder)
    return course


def settings():
    app = NbGrader()
    app.load_config_file()
    app.config.JudgeSubmission.keep_verdicts = False  # All three hand in the same.
    return app.config


def row(api: NbGraderAPI, course: Path, assignment: str) -> str:
    report: Any = api.generate_assignment(assignment)
    walls = []
    for student in track(STUDENTS, assignment, console=Console(stderr=True), transient=True):
        started = time.perf_counter()
        report = report if not report["success"] else api.autograde(assignment, student)
        walls.append(time.perf_counter() - started)
    if not report["success"]:
        sys.exit(f"{assignment}: {report.get('error')}\n{report.get('log', '')[-2000:]}")
    path = course / "autograded" / STUDENTS[-1] / assignment / f"{assignment}.ipynb"
    grade = nbformat.read(path, as_version=4).metadata["jaxercise"]["grade"]
    stages = [grade["seconds"].get(stage, 0.0) for stage in COLUMNS]
    cells = [walls[0], walls[-1], *stages, walls[-1] - sum(stages)]
    return f"| {assignment} | " + " | ".join(f"{seconds:.1f}" for seconds in cells) + " |"


if __name__ == "__main__":
    main()
