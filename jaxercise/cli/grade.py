"""`jaxercise grade`: one notebook as a table, or many at once with progress and a summary."""

from __future__ import annotations

import argparse
import logging
import os
import re
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.text import Text

from jaxercise.checks.outcome import Grade, SubmissionError
from jaxercise.cli.report import print_grade, write_json
from jaxercise.course.lesson import Course
from jaxercise.course.submission import named_assignment, read_notebook
from jaxercise.grading.grader import Grader, Submission
from jaxercise.grading.kept import default_folder, open_store
from jaxercise.grading.progress import shown
from jaxercise.grading.worker import WorkerError
from jaxercise.grading.worker_server import WorkerOptions
from jaxercise.nbgrader.marks import with_marks_read


def grade(arguments: argparse.Namespace) -> int:
    """Grade what the command line names; 0 if all of it could be graded.

    Raises:
        CourseError, SubmissionError, ConfinementError, HostError: nothing could be.
    """
    course = Course.find()
    paths = _notebooks(arguments.notebooks)
    if len(paths) == 1 and not arguments.notebooks[0].is_dir():
        return _grade_one(course, paths[0], arguments)
    return _grade_many(course, paths, arguments)


def _grade_one(course: Course, path: Path, arguments: argparse.Namespace) -> int:
    target = arguments.json
    if target not in (None, "-") and (Path(target).is_dir() or not _folder_of(target).is_dir()):
        # Before the work, not after it.
        raise SubmissionError(f"--json: {target} is a folder, or its folder does not exist")
    submission = _read(course, path, arguments.assignment)
    course.lesson(submission.assignment)  # A mistake in the course shows before a judge starts.

    def show(_: int, text: str) -> None:
        print(f"jaxercise: {text}", file=sys.stderr, flush=True)

    with shown(show), closing(_grader(course, arguments, spare=False)) as grader:
        try:
            graded, _ = grader.grade(*submission)
        except WorkerError as error:
            show(logging.ERROR, str(error))
            return 2
    print_grade(graded, to_stderr=target == "-")
    if target is not None:
        write_json(target, graded.to_json())
    return 0


def _folder_of(target: str) -> Path:
    return Path(target).absolute().parent


def _grade_many(course: Course, paths: list[Path], arguments: argparse.Namespace) -> int:
    folder = None if arguments.json is None else Path(arguments.json)
    if arguments.json == "-" or (folder is not None and folder.is_file()):
        raise SubmissionError(f"--json {arguments.json}: for several notebooks, name a folder")
    submissions: list[Submission] = []
    refused: dict[Path, str] = {}
    for path in paths:
        try:
            submissions.append(_read(course, path, arguments.assignment))
        except SubmissionError as error:
            refused[path] = str(error)
    for assignment in {one.assignment for one in submissions}:
        course.lesson(assignment)
    root = Path(os.path.commonpath([path.absolute().parent for path in paths]))
    rows: list[dict[str, Any]] = []
    console = Console(stderr=True, highlight=False)
    with shown(_warnings(console)), closing(_grader(course, arguments)) as grader:
        grader.judge_ahead(submissions, arguments.jobs)
        with _progress(console) as progress:
            bar = progress.add_task("", total=len(submissions))
            for one in submissions:
                progress.update(bar, description=one.name)
                row, graded = _graded(grader, one)
                rows.append(row)
                if graded is not None and folder is not None:
                    below = Path(one.name).absolute().relative_to(root).with_suffix(".json")
                    (folder / below).parent.mkdir(parents=True, exist_ok=True)
                    write_json(str(folder / below), graded.to_json())
                progress.advance(bar)
    rows += [{"notebook": str(path), "error": error} for path, error in refused.items()]
    for row in rows:
        _print_row(row)
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        write_json(str(folder / "summary.json"), rows)
    return 1 if any("error" in row for row in rows) else 0


def _graded(grader: Grader, one: Submission) -> tuple[dict[str, Any], Grade | None]:
    """A row of the summary, and the grade if there is one."""
    try:
        graded, _ = grader.grade(*one)
    except (SubmissionError, WorkerError) as error:
        return {"notebook": one.name, "assignment": one.assignment, "error": str(error)}, None
    waiting = [exercise.exercise for exercise in graded.exercises if exercise.needs_a_person]
    row = {"notebook": one.name, "assignment": one.assignment, "score": graded.score}
    return {**row, "max_score": graded.max_score, "needs_a_person": waiting}, graded


def _print_row(row: dict[str, Any]) -> None:
    console = Console(highlight=False)
    if "error" in row:
        # Some texts begin with the notebook's name already.
        text = row["error"] if row["error"].startswith(row["notebook"]) else ""
        console.print(Text(text or f"{row['notebook']}: {row['error']}", "red"), soft_wrap=True)
        return
    line = Text(f"{row['notebook']}: {row['score']:g} of {row['max_score']:g} points")
    if row["needs_a_person"]:
        line.append(f"; to be graded by hand: {', '.join(row['needs_a_person'])}", "magenta")
    console.print(line, soft_wrap=True)


def _progress(console: Console) -> Progress:
    columns = (BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*columns, TextColumn("{task.description}"), console=console, transient=True)


def _warnings(console: Console) -> Callable[[int, str], None]:
    def show(level: int, text: str) -> None:
        if level > logging.INFO:
            console.print(Text(f"jaxercise: {text}"), soft_wrap=True)

    return show


def _grader(course: Course, arguments: argparse.Namespace, spare: bool = True) -> Grader:
    options = WorkerOptions(confine=not arguments.unconfined, seed=arguments.seed, spare=spare)
    store = open_store(default_folder()) if arguments.kept else None
    return Grader(course.root, options, store=store)


def _notebooks(paths: list[Path]) -> list[Path]:
    """The files named, and the notebooks in the folders named."""
    found: list[Path] = []
    for path in paths:
        inside = path.rglob("*.ipynb") if path.is_dir() else [path]
        found += sorted(p for p in inside if ".ipynb_checkpoints" not in p.parts)
    if not found:
        raise SubmissionError(f"no notebook in {', '.join(map(str, paths))}")
    return list(dict.fromkeys(found))


def _read(course: Course, path: Path, assignment: str | None) -> Submission:
    notebook = with_marks_read(read_notebook(path))
    return Submission(notebook, assignment or _infer(course, notebook, path), str(path))


def _infer(course: Course, notebook: NotebookNode, path: Path) -> str:
    """The assignment of a notebook, by its cells' ids, else by its file's name."""
    known = course.assignments()
    if named := named_assignment(notebook):
        if named in known:
            return named
        raise SubmissionError(
            f"{path}: this is a notebook of {named}, which is not in this course; there are "
            + ", ".join(known)
        )
    named_by_file = [
        assignment
        for assignment in known
        if re.search(rf"(?<![A-Za-z0-9]){assignment}(?![A-Za-z0-9])", path.stem)
    ]
    if len(named_by_file) == 1:
        return named_by_file[0]
    raise SubmissionError(
        f"{path}: cannot tell the assignment, neither by the cells' ids nor by the file's name; "
        f"add --assignment with one of {', '.join(known)}"
    )
