"""A demonstration course on a hub of its own: no root, no accounts, one temporary folder."""

from __future__ import annotations

import csv
import datetime
import json
import os
import secrets
import socket
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from jaxercise.course.lesson import Course
from jaxercise.hub import proxy
from jaxercise.hub.roles import course_settings, role_files
from jaxercise.hub.spec import CourseSpec, Demonstration, HubSpec, Places
from jaxercise.nbgrader.commands import NbgraderError, run
from jaxercise.nbgrader.copies import copy_course

NAME = "jax"
GRADER = "grader"
INSTRUCTOR = "instructor"
STUDENTS = (("alice", "Alice", "Arden"), ("bob", "Bob", "Birch"), ("carol", "Carol", "Cole"))
_TIME_LEFT = datetime.timedelta(days=7)
# One account does everything, so nobody is who the files' owner says.
_EVERYBODY_IS_ONE = {"ExchangeCollect": {"check_owner": False}}


@dataclass(frozen=True)
class DemonstrationCourse:
    """What was set up: the hub's settings, the course's folder, the password of each account."""

    spec: HubSpec
    root: Path
    passwords: dict[str, str]


def set_up(
    course: Course,
    folder: Path,
    assignments: list[str],
    address: str,
    tell: Callable[[str], None] = lambda text: None,
) -> DemonstrationCourse:
    """Write a course and everything that a hub for it needs into an empty folder, which only this
    account may enter; put the students into the gradebook, and release the assignments, due in a
    week.

    Raises:
        CourseError: the course is incomplete.
        NbgraderError: nbgrader failed.
    """
    there = Places(folder)
    folder.chmod(0o700)
    root = folder / NAME
    homes = folder / "homes"
    names = [name for name, _, _ in STUDENTS]
    for path in (homes, there.state, there.roles, there.exchange, homes / GRADER):
        path.mkdir(parents=True)
    there.exchange.chmod(0o1777)
    tell("copying the course")
    copy_course(course, root, assignments)
    author = "`jaxercise hub demo`, for this demonstration alone"
    settings = course_settings(NAME, there.exchange, None, _EVERYBODY_IS_ONE, author)
    (root / "nbgrader_local.py").write_text(settings, encoding="utf-8")
    _write_roles(there, names)
    _enrol(root)
    _set_due_dates(root, assignments)
    for assignment in assignments:
        for command in ("generate_assignment", "release_assignment"):
            tell(f"{assignment}: nbgrader {command}")
            run(root, command, assignment)
    passwords = {name: secrets.token_urlsafe(6) for name in (INSTRUCTOR, *names)}
    hub_port, proxy_port, course_port = free_ports(3)
    spec = HubSpec(
        address=address,
        hub_port=hub_port,
        proxy_api_port=proxy_port,
        bin=str(Path(sys.prefix) / "bin"),
        proxy_command=proxy.command(Path(sys.prefix)),
        roles=str(there.roles),
        state=str(there.state),
        lock="",
        courses=(CourseSpec(NAME, GRADER, str(root), course_port, (INSTRUCTOR,), tuple(names)),),
        demonstration=Demonstration(passwords, str(homes)),
    )
    return DemonstrationCourse(spec, root, passwords)


def _set_due_dates(root: Path, assignments: list[str]) -> None:
    """Everything is due in a week, in the evening."""
    from jaxercise.nbgrader.gradebook import set_due_date  # Takes seconds to import.

    now = datetime.datetime.now(datetime.UTC).replace(tzinfo=None)
    due = datetime.datetime.combine(now.date() + _TIME_LEFT, datetime.time(18))
    for assignment in assignments:
        set_due_date(f"sqlite:///{root}/gradebook.db", NAME, assignment, due)


def free_ports(count: int) -> list[int]:
    """Ports on which nothing listens at the moment."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]
    finally:
        for one in sockets:
            one.close()


def _write_roles(there: Places, students: list[str]) -> None:
    for role in ("student", "instructor", "grader"):
        for path, text in role_files(role, there.exchange, {}).items():
            file = there.roles / role / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
    # nbgrader asks the operating system who somebody is, and that says the same for all.
    for name in students:
        folder = there.roles / name
        folder.mkdir()
        identity = json.dumps({"CourseDirectory": {"student_id": name}})
        (folder / "nbgrader_config.json").write_text(identity, encoding="utf-8")


def _enrol(root: Path) -> None:
    roster = root / "roster.csv"
    with roster.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("id", "first_name", "last_name"), *STUDENTS])
    done = subprocess.run(
        [sys.executable, "-P", "-m", "jaxercise", "roster", str(roster)],
        cwd=root,
        env={**os.environ, "JUPYTER_CONFIG_DIR": str(root / ".jupyter")},
        capture_output=True,
        text=True,
    )
    if done.returncode != 0:
        raise NbgraderError(f"jaxercise roster {roster} failed:\n{done.stderr}")
