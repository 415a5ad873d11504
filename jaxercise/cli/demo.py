"""The demonstration: a small class goes through nbgrader, from release to feedback.

It works in a folder of its own with its own gradebook, both of which each run replaces.
"""

from __future__ import annotations

import html
import shutil
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

import nbformat
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn
from rich.table import Table
from rich.text import Text

from jaxercise.checks.outcome import CourseError, Grade, Verdict
from jaxercise.cli.demo_class import make_class
from jaxercise.course.lesson import Course
from jaxercise.nbgrader.commands import (
    NbgraderError,
    autograde,
    log_file,
    read_grade,
    run,
    stored_scores,
)
from jaxercise.nbgrader.copies import assert_gradable, copy_course
from jaxercise.sandbox import bubblewrap

_MARK = ".jaxercise-demo"
_FINE = (Verdict.PASSED, Verdict.BLOCKED, Verdict.NOT_ATTEMPTED)
# Made up, like the class; in UTC.
_FIRST_HAND_IN = datetime(2026, 10, 1, 9, 30)


def run_demo(
    course: Course, folder: Path | None, assignments: list[str], everyone: bool = False
) -> int:
    """Make a class, grade it with nbgrader and print the gradebook; 0 if all went well.

    With `everyone` each student hands in every assignment, not only the perfect one.

    Raises:
        CourseError: the course is incomplete, or `folder` holds something that no demonstration
            made.
        ConfinementError: this host cannot confine student code.
    """
    bubblewrap.preflight()
    console = Console(highlight=False)
    folder = (folder or course.root / "demo").resolve()
    _prepare(course, folder, assignments)
    console.print(Text(f"A class of made-up students, in {folder}", "bold"))
    try:
        for assignment in assignments:
            with console.status(f"{assignment}: making the release"):
                run(folder, "generate_assignment", assignment)
        _hand_in(course, folder, assignments, everyone)
        seconds = {name: _autograde(folder, name, console) for name in assignments}
        for assignment in assignments:
            with console.status(f"{assignment}: writing feedback"):
                run(folder, "generate_feedback", assignment)
    except NbgraderError as error:
        console.print(Text(f"\n{error}", "red"))
        return 1
    complete = [_print_gradebook(folder, name, seconds[name], console) for name in assignments]
    index = _write_index(folder, assignments)
    console.print(f"Feedback, as students get it: {index}", soft_wrap=True)
    console.print(f"nbgrader's output: {log_file(folder)}", soft_wrap=True)
    return 0 if all(complete) else 1


def _prepare(course: Course, folder: Path, assignments: list[str]) -> None:
    """Make `folder` a course with what grading needs, and mark it as the demonstration's own."""
    assert_gradable(course.root)
    if folder.exists() and any(folder.iterdir()) and not (folder / _MARK).exists():
        raise CourseError(f"{folder}: not made by the demonstration; name another --folder")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / _MARK).write_text("Made by `jaxercise demo`; its next run removes this folder.\n")
    copy_course(course, folder, assignments)


def _hand_in(course: Course, folder: Path, assignments: list[str], everyone: bool) -> None:
    released = {
        name: nbformat.read(Course(folder).release_file(name), as_version=4) for name in assignments
    }
    made = make_class(course, released, everyone or len(assignments) == 1)
    for assignment, submissions in made.items():
        for place, submission in enumerate(submissions):
            path = folder / "submitted" / submission.student / assignment / f"{assignment}.ipynb"
            path.parent.mkdir(parents=True)
            nbformat.write(submission.notebook, path)
            handed_in = _FIRST_HAND_IN + place * timedelta(hours=5)
            path.with_name("timestamp.txt").write_text(f"{handed_in:%Y-%m-%d %H:%M:%S} UTC\n")


def _autograde(folder: Path, assignment: str, console: Console) -> dict[str, float]:
    """Autograde with a progress bar; return the seconds that each student's submission took."""
    students = sorted(path.parent.name for path in folder.glob(f"submitted/*/{assignment}"))
    seconds: dict[str, float] = {}
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        bar = progress.add_task(f"{assignment}: starting the judge", total=len(students))
        started = time.monotonic()

        def show(step: Literal["begins", "done"]) -> None:
            nonlocal started
            if len(seconds) == len(students):
                return
            student = students[len(seconds)]  # nbgrader grades in the order of names.
            if step == "begins":
                progress.update(bar, description=f"{assignment}: {student}")
                return
            now = time.monotonic()
            seconds[student], started = now - started, now
            progress.advance(bar)
            console.print(Text(f"{assignment} {student}: {seconds[student]:.1f} s", "dim"))

        autograde(folder, assignment, show)
    return seconds


def _print_gradebook(
    folder: Path, assignment: str, seconds: dict[str, float], console: Console
) -> bool:
    """Print what nbgrader stored; return whether every student has an entry."""
    table = Table(title=Text(f"\n{assignment}: the gradebook", "bold"), title_justify="left")
    table.add_column("submission")
    table.add_column("score", justify="right")
    table.add_column("checks not passed", ratio=1)
    table.add_column("seconds", justify="right")
    rows = stored_scores(folder, assignment)
    for student, score, max_score, by_hand in rows:
        lost = "\n".join(_lost(read_grade(folder, student, assignment)))
        points = f"{score:g} / {max_score:g}" + (" *" if by_hand else "")
        table.add_row(student, points, Text(lost), f"{seconds.get(student, 0):.1f}")
    console.print(table)
    if any(by_hand for *_, by_hand in rows):
        console.print("* a person must grade an exercise that the judge could not decide")
    return len(rows) == len(seconds) > 0


def _lost(grade: Grade) -> list[str]:
    """A line for each exercise that lost points, with the checks that were not merely blocked."""
    lines = []
    for exercise in grade.exercises:
        checks = [check for check in exercise.checks if check.verdict not in _FINE]
        if checks:
            told = (f"{c.check} ({c.property}: {c.verdict.value})" for c in checks)
            lines.append(f"{exercise.exercise}: {', '.join(told).replace('_', ' ')}")
        elif all(check.verdict is Verdict.NOT_ATTEMPTED for check in exercise.checks):
            lines.append(f"{exercise.exercise}: not attempted")
    return lines


def _write_index(folder: Path, assignments: list[str]) -> Path:
    """A page that links every student's feedback."""
    items = "".join(
        f"<h2>{html.escape(assignment)}</h2><ul>"
        + "".join(
            f'<li><a href="{html.escape(page.relative_to(folder / "feedback").as_posix())}">'
            f"{html.escape(page.parts[-3])}</a></li>"
            for page in sorted((folder / "feedback").glob(f"*/{assignment}/*.html"))
        )
        + "</ul>"
        for assignment in assignments
    )
    index = folder / "feedback" / "index.html"
    index.write_text(
        f'<!DOCTYPE html><meta charset="utf-8"><title>Feedback</title><h1>Feedback</h1>{items}\n',
        encoding="utf-8",
    )
    return index
