"""`jaxercise grade`: one notebook as a table, or many at once with progress and a summary."""

from __future__ import annotations

import argparse
import logging
import os
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

from rich.console import Console

from jaxercise.checks.outcome import SubmissionError
from jaxercise.cli.grade_watch import grade_what_arrives
from jaxercise.cli.graded import graded_row, print_row, read_submission, warnings_on
from jaxercise.cli.terminal import print_grade, write_json
from jaxercise.course.lesson import Course
from jaxercise.grading.grader import Grader, Submission, judges_of
from jaxercise.grading.kept import default_folder, open_store
from jaxercise.grading.pool import JudgePool
from jaxercise.grading.progress import BatchProgress, shown
from jaxercise.grading.racing.host import cpus
from jaxercise.grading.worker import WorkerError
from jaxercise.grading.worker_server import WorkerOptions


def grade(arguments: argparse.Namespace) -> int:
    """Grade what the command line names; 0 if all of it could be graded.

    Raises:
        CourseError, SubmissionError, ConfinementError, HostError: nothing could be.
    """
    course = Course.find()
    if arguments.watch:
        return _watch(course, arguments)
    paths = _notebooks(arguments.notebooks)
    if len(paths) == 1 and not arguments.notebooks[0].is_dir():
        return _grade_one(course, paths[0], arguments)
    return _grade_many(course, paths, arguments)


def _watch(course: Course, arguments: argparse.Namespace) -> int:
    from jaxercise.nbgrader.plugin import settings_of_the_judge  # Importing nbgrader takes long.

    if arguments.unconfined or not arguments.kept or arguments.json:
        raise SubmissionError(
            "--watch only keeps verdicts, and has no use for --json, --no-kept or --unconfined"
        )
    for folder in arguments.notebooks:
        if not folder.is_dir():
            raise SubmissionError(f"--watch {folder}: no such folder")
    judge = settings_of_the_judge(course.root)
    options = judge.options(seed=arguments.seed)
    store = open_store(default_folder()) if judge.keep_verdicts and options.confine else None
    if store is None:
        raise SubmissionError("--watch: the settings say to keep no verdicts, so it is of no use")
    remote = judges_of(arguments.scheduler or judge.scheduler)
    executor = remote or JudgePool(arguments.jobs or judge.jobs or len(cpus()))
    grader = Grader(course.root, options, store=store, executor=executor)
    with closing(grader):
        return grade_what_arrives(course, arguments.notebooks, grader, arguments.assignment)


def _grade_one(course: Course, path: Path, arguments: argparse.Namespace) -> int:
    target = arguments.json
    if target not in (None, "-") and (Path(target).is_dir() or not _folder_of(target).is_dir()):
        # Before the work, not after it.
        raise SubmissionError(f"--json: {target} is a folder, or its folder does not exist")
    submission = read_submission(course, path, arguments.assignment)
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
            submissions.append(read_submission(course, path, arguments.assignment))
        except SubmissionError as error:
            refused[path] = str(error)
    for assignment in {one.assignment for one in submissions}:
        course.lesson(assignment)
    root = Path(os.path.commonpath([path.absolute().parent for path in paths]))
    rows: list[dict[str, Any]] = []
    console = Console(stderr=True, highlight=False)
    with shown(warnings_on(console)), closing(_grader(course, arguments)) as grader:
        grader.judge_ahead(submissions, arguments.jobs)
        progress = BatchProgress(len(submissions), console, console.print)
        with closing(progress):
            for one in submissions:
                progress.begin(one.name)
                row, graded = graded_row(grader, one)
                rows.append(row)
                if graded is not None and folder is not None:
                    below = Path(one.name).absolute().relative_to(root).with_suffix(".json")
                    (folder / below).parent.mkdir(parents=True, exist_ok=True)
                    write_json(str(folder / below), graded.to_json())
    rows += [{"notebook": str(path), "error": error} for path, error in refused.items()]
    for row in rows:
        print_row(row)
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        write_json(str(folder / "summary.json"), rows)
    return 1 if any("error" in row for row in rows) else 0


def _grader(course: Course, arguments: argparse.Namespace, spare: bool = True) -> Grader:
    options = WorkerOptions(confine=not arguments.unconfined, seed=arguments.seed or 0, spare=spare)
    store = open_store(default_folder()) if arguments.kept else None
    return Grader(course.root, options, store=store, executor=judges_of(arguments.scheduler))


def _notebooks(paths: list[Path]) -> list[Path]:
    """The files named, and the notebooks in the folders named."""
    found: list[Path] = []
    for path in paths:
        inside = path.rglob("*.ipynb") if path.is_dir() else [path]
        found += sorted(p for p in inside if ".ipynb_checkpoints" not in p.parts)
    if not found:
        raise SubmissionError(f"no notebook in {', '.join(map(str, paths))}")
    return list(dict.fromkeys(found))
