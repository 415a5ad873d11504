"""The part of `hub check` that asks a running hub: formgrader answers instructors alone."""

from __future__ import annotations

from collections.abc import Iterator

import requests

from jaxercise.hub.course_file import CourseFile, CourseTable
from jaxercise.hub.finding import Finding, count
from jaxercise.hub.spec import HubSpec
from jaxercise.hub.start import read_running

_ANSWER_S = 60
_TOKEN_LASTS_S = 60


def check_web(file: CourseFile) -> Iterator[Finding]:
    """Ask formgrader as each instructor and student, with tokens that last a minute."""
    running = read_running(file)
    address = file.hub.address.rstrip("/")
    try:
        if running is None:
            raise requests.ConnectionError
        requests.get(f"{address}/hub/health", timeout=_ANSWER_S).raise_for_status()
    except requests.RequestException:
        yield Finding(None, f"no hub answers at {address}, so formgrader was not tried; start it")
        return
    for course in file.courses:
        yield from _formgrader(address, running, course)


def _formgrader(address: str, running: HubSpec, course: CourseTable) -> Iterator[Finding]:
    people = [(name, 200) for name in course.instructors]
    people += [(name, 403) for name in course.students]
    wrong = 0
    for name, wanted in people:
        seen = _asked_as(address, running, course.name, name)
        if seen != wanted:
            wrong += 1
            yield Finding(
                False,
                f"formgrader of {course.name} answers {name} with {seen}, and should with {wanted}"
                + ("; restart the hub, which reads hub.toml when it starts" * (seen in (403, 404))),
            )
    if not wrong:
        yield Finding(
            True,
            f"formgrader of {course.name} answers {count(len(course.instructors), 'instructor')} "
            f"and refuses {count(len(course.students), 'student')}",
        )


def _asked_as(address: str, running: HubSpec, course: str, name: str) -> int:
    """The status of formgrader's first page for an account."""
    mine = {"Authorization": f"token {running.check_token}"}
    tokens = f"{address}/hub/api/users/{name}/tokens"
    what = {"expires_in": _TOKEN_LASTS_S, "note": "jaxercise hub check"}
    made = requests.post(tokens, json=what, headers=mine, timeout=_ANSWER_S)
    if not made.ok:
        return made.status_code
    token = made.json()
    page = f"{address}/services/{course}/formgrader/manage_assignments"
    theirs = {"Authorization": f"token {token['token']}"}
    try:
        return requests.get(page, headers=theirs, timeout=_ANSWER_S).status_code
    finally:
        requests.delete(f"{tokens}/{token['id']}", headers=mine, timeout=_ANSWER_S)
