"""`jaxercise hub init`: the steps that make a machine what hub.toml says."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Callable
from pathlib import Path

from jaxercise.checks.outcome import CourseError
from jaxercise.hub.course_file import CourseFile, CourseTable
from jaxercise.hub.installation import Installation
from jaxercise.hub.roles import ROLES, course_settings, role_files
from jaxercise.hub.spec import Places, places
from jaxercise.hub.steps import (
    Account,
    CopiedCourse,
    EnrolledRoster,
    Folder,
    Group,
    Step,
    TextFile,
)
from jaxercise.nbgrader.roster import COLUMNS, read_roster

GRADERS = "jaxercise-graders"
_UNIT = """\
[Unit]
Description=JupyterHub with courses of jaxercise
After=network.target

[Service]
ExecStart={program} hub start {file}
Restart=on-failure
# Students' servers and batches of grading outlive a restart of the hub.
KillMode=process
UMask=0022

[Install]
WantedBy=multi-user.target
"""


def steps(file: CourseFile) -> list[Step]:
    """All steps, in the order in which they are done."""
    there = places(file)
    made: list[Step] = [
        Folder(there.folder, 0o755),
        Folder(there.state, 0o700),
        *_accounts(file, there),
        Installation(there.installation, file.hub.python),
        Folder(there.roles, 0o755),
        *_role_folders(there),
        Folder(there.exchange, 0o1777),
        *_locks(file, there),
        Folder(there.folder / "courses", 0o755),
    ]
    for course in file.courses:
        made += _course(file, course, there)
    if file.hub.unit.name:
        program = there.installation / "bin" / "jaxercise"
        made.append(TextFile(file.hub.unit, _UNIT.format(program=program, file=file.path)))
    return made


def init(file: CourseFile, dry_run: bool, tell: Callable[[str], None]) -> int:
    """Do the steps that are needed, or with `dry_run` only tell them; return how many.

    Raises:
        CourseError: a step failed, or this is not root's process.
    """
    if os.geteuid() != 0 and not dry_run:
        raise CourseError(
            "hub init makes accounts and folders, and must be run by root: sudo jaxercise hub init "
            f"{file.path}. To see what it would do: add --dry-run"
        )
    previous = os.umask(0o022)
    count = 0
    try:
        for step in steps(file):
            told = step.needed()
            if told:
                count += 1
                tell(f"{'would make' if dry_run else 'making'}: {told}")
                if not dry_run:
                    step.do()
    finally:
        os.umask(previous)
    return count


def graders(file: CourseFile) -> tuple[str, ...]:
    """Each grader's account once, in the file's order."""
    return tuple(dict.fromkeys(course.grader for course in file.courses))


def _accounts(file: CourseFile, there: Places) -> list[Step]:
    people = dict.fromkeys(graders(file), "grader")
    for course in file.courses:
        for name in course.instructors:
            people.setdefault(name, "instructor")
        for name in course.students:
            people.setdefault(name, "student")
    make = file.hub.accounts == "create"
    return [Account(name, what, there.passwords, make) for name, what in people.items()]


def _role_folders(there: Places) -> list[Step]:
    return [
        TextFile(there.roles / role / path, text)
        for role in ROLES
        for path, text in role_files(role, there.exchange, {}).items()
    ]


def _locks(file: CourseFile, there: Places) -> list[Step]:
    """The timing lock's folder, which only graders may enter."""
    accounts = graders(file)
    if len(accounts) == 1:
        return [Folder(there.locks, 0o700, accounts[0])]
    return [Group(GRADERS, accounts), Folder(there.locks, 0o2770, "root", GRADERS)]


def _course(file: CourseFile, course: CourseTable, there: Places) -> list[Step]:
    made: list[Step] = [Folder(course.root, 0o700, course.grader)]
    if course.copied_from is not None:
        made.append(CopiedCourse(course.copied_from, course.root, course.grader))
    author = f"`jaxercise hub init` from {file.path}; change it there"
    text = course_settings(course.name, there.exchange, there.lock, course.settings, author)
    made.append(TextFile(course.root / "nbgrader_local.py", text, 0o600, course.grader))
    if course.copied_from is not None or (course.root / "nbgrader_config.py").exists():
        program = there.installation / "bin" / "jaxercise"
        path = course.root / "roster.csv"
        made.append(EnrolledRoster(path, _roster(course), 0o600, course.grader, program))
    return made


def _roster(course: CourseTable) -> str:
    """The roster of the course's students alone, as CSV."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for student in read_roster(Path(course.roster)):
        if student.id in course.students:
            writer.writerow([getattr(student, column) for column in COLUMNS])
    return text.getvalue()
