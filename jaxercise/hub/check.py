"""The part of `jaxercise hub check` that acts as each account and looks at files."""

from __future__ import annotations

import json
import os
import pwd
import stat
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from jaxercise.checks.outcome import CourseError
from jaxercise.hub.course_file import CourseFile, CourseTable
from jaxercise.hub.finding import Finding, count
from jaxercise.hub.installation import closed_folder
from jaxercise.hub.spec import Places, places
from jaxercise.hub.steps import account_exists, run_as

_PROBE = Path(__file__).with_name("probe.py")
# In a course's folder: what would give answers away, and what is of other students.
_SECRET = ("", "grader_tests", "reference", "source", "gradebook.db", "submitted", "autograded")
_PROBE_S = 60


def check_accounts(file: CourseFile) -> Iterator[Finding]:
    """Try everything that must hold, and tell each result as soon as it is known.

    Raises:
        CourseError: this is not root's process, which alone can become each account.
    """
    if os.geteuid() != 0:
        raise CourseError(
            f"hub check acts as each account, and must be run by root: sudo jaxercise hub check "
            f"{file.path}"
        )
    there = places(file)
    yield from _files(file, there)
    for course in file.courses:
        yield from _people(file, course, there)
        yield from _grader(course, there)


def _files(file: CourseFile, there: Places) -> Iterator[Finding]:
    """What can be seen without becoming anybody."""
    again = f"run jaxercise hub init {file.path}"
    program = there.installation / "bin" / "jupyterhub-singleuser"
    closed = closed_folder(program.with_name("python"))
    if not program.exists():
        yield Finding(False, f"{program} is missing; {again}")
    elif closed is not None:
        yield Finding(False, f"{program}: other accounts cannot run it; {closed} is closed to them")
    else:
        yield Finding(True, f"every account can run {program}")
    yield _exchange(there, again)
    for path in (file.path, *(course.roster for course in file.courses)):
        if path.stat().st_mode & stat.S_IROTH and closed_folder(path) is None:
            yield Finding(False, f"{path}: everybody can read it; chmod o-r {path}")


def _exchange(there: Places, again: str) -> Finding:
    path = there.exchange
    if not path.is_dir():
        return Finding(False, f"{path} is missing; {again}")
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode != 0o1777:
        return Finding(
            False,
            f"{path}: its mode is {mode:04o} and should be 1777, or students could not hand in, or "
            f"could move a course's folder away; {again}",
        )
    return Finding(True, f"{path}: mode 1777")


def _people(file: CourseFile, course: CourseTable, there: Places) -> Iterator[Finding]:
    """Students and instructors, who must not reach the course's files but through the hub."""
    forbidden = [("read", str(course.root / name)) for name in _SECRET]
    forbidden += [
        ("read", str(there.locks)),
        ("read", str(there.lock)),
        ("write", str(there.locks)),
    ]
    forbidden += [
        ("read", str(there.state)),
        ("read", str(file.path)),
        ("read", str(course.roster)),
    ]
    box = there.exchange / course.name
    forbidden += [
        ("move", str(box)),
        ("read", str(box / "inbound")),
        ("read", str(box / "feedback")),
    ]
    wanted = [("write", str(there.exchange))]
    wrong = 0
    people = (*course.students, *course.instructors)
    for name in people:
        if not account_exists(name):
            yield Finding(False, f"{name}: no such account")
            continue
        neighbour = next((n for n in course.students if n != name and account_exists(n)), None)
        home = [("read", pwd.getpwnam(neighbour).pw_dir)] if neighbour else []
        tried = _try(file, name, [*forbidden, *home, *wanted])
        for (deed, path), can in tried.items():
            if can and (deed, path) not in wanted:
                wrong += 1
                yield Finding(False, f"{name} can {deed} {path}; {_way_out(path, course, there)}")
            elif not can and (deed, path) in wanted:
                wrong += 1
                yield Finding(False, f"{name} cannot {deed} {path}")
    if not wrong:
        yield Finding(
            True,
            f"{course.name}: {count(len(course.students), 'student')} and "
            f"{count(len(course.instructors), 'instructor')} reach no hidden test, reference, "
            "gradebook, lock or other student's work",
        )


def _way_out(path: str, course: CourseTable, there: Places) -> str:
    if Path(path).is_relative_to(course.root):
        return f"chmod 700 {course.root}"
    if Path(path).is_relative_to(there.locks):
        return f"chmod o= {there.locks}, and take strangers out of its group"
    return f"chmod o= {path}"


def _try(file: CourseFile, name: str, deeds: Sequence[tuple[str, str]]) -> dict[Any, bool]:
    """Which deeds the account can do."""
    command = [str(file.hub.python), "-I", "-c", _PROBE.read_text(encoding="utf-8")]
    done = run_as(name, command, Path("/"), json.dumps(deeds), _PROBE_S)
    if done.returncode != 0:
        raise CourseError(f"{file.hub.python} does not run as {name}: {done.stderr.strip()}")
    return dict(zip(deeds, json.loads(done.stdout), strict=True))


def _grader(course: CourseTable, there: Places) -> Iterator[Finding]:
    """Sandbox, lock and settings as the grader has them."""
    if not account_exists(course.grader):
        yield Finding(False, f"{course.grader}: no such account")
        return
    config = course.root / "nbgrader_config.py"
    if not config.is_file():
        yield Finding(
            False, f"{config} is missing; put the course there, or name it at 'from' in [[course]]"
        )
        return
    python = there.installation / "bin" / "python"
    try:
        command = [str(python), "-P", "-m", "jaxercise.hub.grader_probe"]
        done = run_as(course.grader, command, course.root, timeout_s=_PROBE_S)
    except (OSError, subprocess.TimeoutExpired) as error:
        yield Finding(False, f"{python} does not run as {course.grader}: {error}")
        return
    try:
        told: dict[str, str] = json.loads(done.stdout)
    except json.JSONDecodeError:
        last = done.stderr.strip().splitlines()[-1:] or [f"status {done.returncode}"]
        yield Finding(False, f"{python} fails as {course.grader} in {course.root}: {last[0]}")
        return
    yield from _told(course, there, told)


def _told(course: CourseTable, there: Places, told: dict[str, str]) -> Iterator[Finding]:
    if told["sandbox"]:
        yield Finding(False, f"{course.grader}: {told['sandbox']}")
    else:
        yield Finding(True, f"{course.grader}: the sandbox works")
    if told["lock_fails"]:
        yield Finding(False, f"{course.grader}: {told['lock_fails']}")
    elif told["lock"] != str(there.lock):
        yield Finding(
            False,
            f"{course.grader}: uses the lock {told['lock'] or 'of its own'}, "
            f"and should use {there.lock}",
        )
    else:
        yield Finding(True, f"{course.grader}: shares the lock {there.lock}")
    if told["course"] != course.name:
        yield Finding(
            False,
            f"{course.root}: nbgrader calls the course '{told['course']}' and hub.toml "
            f"'{course.name}'; its nbgrader_config.py must end by reading nbgrader_local.py, as "
            "that of a new course does",
        )
    else:
        yield Finding(True, f"{course.root}: nbgrader calls the course '{course.name}'")
