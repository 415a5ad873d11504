"""A course on a hub, from the release to the feedback, by the requests of the pages' buttons."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from jaxercise.cli.new_course import new_course
from jaxercise.course.lesson import Course
from jaxercise.hub import proxy
from jaxercise.hub.demonstration import DemonstrationCourse, free_ports, set_up
from jaxercise.hub.running import RunningHub
from jaxercise.nbgrader.release import build
from tests.hub_client import Visitor

pytestmark = pytest.mark.slow
SET = "hw1"
WORK = f"/user/alice/api/contents/jax/{SET}/{SET}.ipynb"
FORMGRADER = "/services/jax/formgrader"


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """The smallest course there is."""
    made = Course(new_course(tmp_path_factory.mktemp("hub") / "course"))
    build(made)
    return made


@dataclass
class Demonstration:
    made: DemonstrationCourse
    hub: RunningHub

    def visitor(self, name: str) -> Visitor:
        return Visitor(self.made.spec.address, name, self.made.passwords[name])


@pytest.fixture(scope="module")
def demonstration(
    course: Course, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Demonstration]:
    prefix = Path(sys.prefix)
    if not proxy.installed(prefix):
        proxy.install()
    folder = tmp_path_factory.mktemp("running")
    made = set_up(course, folder, [SET], f"http://127.0.0.1:{free_ports(1)[0]}")
    hub = RunningHub(prefix, made.spec, folder / "hub.log")
    try:
        hub.start()
        yield Demonstration(made, hub)
    finally:
        hub.stop()
    assert below(folder) == []


def below(folder: Path) -> list[str]:
    """The command lines of processes that work in the folder, or name it."""
    found: list[str] = []
    for process in psutil.process_iter():
        try:
            words = [*process.cmdline(), process.cwd()]
        except psutil.Error:
            continue
        if any(str(folder) in word for word in words):
            found.append(" ".join(words))
    return found


def test_a_course_goes_its_round_on_a_hub_that_is_restarted(
    demonstration: Demonstration, course: Course
) -> None:
    alice, instructor = demonstration.visitor("alice"), demonstration.visitor("instructor")
    alice.start_server()
    which = {"course_id": "jax", "assignment_id": SET}
    fetched = alice.post("/user/alice/assignments/fetch", **which)
    assert [one["status"] for one in fetched["value"]] == ["fetched"]
    solve(alice, course)
    handed_in = alice.post("/user/alice/assignments/submit", **which)
    assert [one["status"] for one in handed_in["value"]] == ["fetched", "submitted"]

    assert instructor.get(f"{FORMGRADER}/manage_assignments").status_code == 200
    assert instructor.post(f"{FORMGRADER}/api/assignment/{SET}/collect")["success"]

    demonstration.hub.restart()

    graded = instructor.post(f"{FORMGRADER}/api/submission/{SET}/alice/autograde")
    assert graded["success"], graded
    (row,) = [
        one
        for one in instructor.get(f"{FORMGRADER}/api/submissions/{SET}").json()
        if one["autograded"]
    ]
    assert (row["student"], row["first_name"], row["needs_manual_grade"]) == (
        "alice",
        "Alice",
        False,
    )
    assert row["score"] == row["max_score"] > 0
    for deed in ("generate_feedback", "release_feedback"):
        assert instructor.post(f"{FORMGRADER}/api/assignment/{SET}/{deed}")["success"]

    # Her server has outlived the hub.
    told = alice.post("/user/alice/assignments/fetch_feedback", **which)
    (submission,) = told["value"][-1]["submissions"]
    page = alice.get(f"/user/alice/files/{submission['local_feedback_path']}/{SET}.html")
    assert page.status_code == 200
    assert "passed" in page.text


def solve(alice: Visitor, course: Course) -> None:
    """Put the course's own solution where the starter is."""
    notebook = alice.get(WORK).json()["content"]
    (exercise,) = course.lesson(SET).exercises
    (starter,) = [cell for cell in notebook["cells"] if cell["id"] == exercise.name]
    starter["source"] = exercise.solution
    alice.put(WORK, {"type": "notebook", "format": "json", "content": notebook})


def test_students_are_refused_by_formgrader_and_wrong_passwords_by_the_hub(
    demonstration: Demonstration,
) -> None:
    bob = demonstration.visitor("bob")
    assert bob.login_status == 200
    assert bob.get(f"{FORMGRADER}/manage_assignments").status_code == 403
    assert Visitor(demonstration.made.spec.address, "bob", "guessed").login_status == 403
    assert Visitor(demonstration.made.spec.address, "mallory", "").login_status == 403


def test_ctrl_c_ends_the_demonstration_and_removes_it(course: Course, tmp_path: Path) -> None:
    port = free_ports(1)[0]
    with subprocess.Popen(
        [sys.executable, "-m", "jaxercise", "hub", "demo", "--port", str(port)],
        cwd=course.root,
        env={**os.environ, "TMPDIR": str(tmp_path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        # As a shell does it; a runner in the background may have it ignored.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    ) as process:
        assert process.stdout is not None
        told = []
        for line in process.stdout:
            told.append(line)
            if "Ctrl-C ends the hub" in line:
                break
        said = "".join(told)
        assert f"http://127.0.0.1:{port}" in said
        for name in ("instructor", "alice", "bob", "carol"):
            assert f"{name:<12} password " in said
        assert below(tmp_path) != []
        process.send_signal(signal.SIGINT)
        process.wait(120)
    assert process.returncode == 0, said
    assert below(tmp_path) == []
    assert list(tmp_path.iterdir()) == []
