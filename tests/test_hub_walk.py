"""A course on a hub, from the release to the feedback, by the requests of the pages' buttons."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import pytest

from jaxercise.cli.new_course import new_course
from jaxercise.course.lesson import Course
from jaxercise.hub import proxy
from jaxercise.hub.demonstration import DemonstrationCourse, free_ports, set_up
from jaxercise.hub.running import RunningHub
from jaxercise.nbgrader.release import build
from tests.hub_browser import (
    Person,
    browsing,
    chromium,
    is_wider_than_the_screen,
    log_in,
    on_a_phone,
)
from tests.hub_client import Visitor

pytestmark = pytest.mark.slow
SET = "hw1"
WORK = f"/user/alice/api/contents/jax/{SET}/{SET}.ipynb"
FORMGRADER = "/services/jax/formgrader"
CLASS_PAGE = "/services/jax/jaxercise"
CLASSMATES = 12


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

    add_classmates(demonstration.made.root)
    begun = instructor.post_json(f"{CLASS_PAGE}/api/batch", {"assignment": SET})
    assert begun["state"] == "running"
    # Formgrader answers while the batch runs, which outlives the hub.
    assert instructor.get(f"{FORMGRADER}/manage_submissions/{SET}").status_code == 200
    assert batch(instructor)["state"] == "running"
    demonstration.hub.restart()
    deadline = time.monotonic() + 400
    while batch(instructor)["state"] == "running":
        assert time.monotonic() < deadline
        time.sleep(0.5)
    ended = batch(instructor)
    assert (ended["state"], ended["total"]) == ("done", 1 + CLASSMATES), ended
    (row,) = [
        one
        for one in instructor.get(f"{FORMGRADER}/api/submissions/{SET}").json()
        if one["student"] == "alice"
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


def add_classmates(root: Path) -> None:
    """Copies of what alice has handed in, as files that came another way."""
    for number in range(CLASSMATES):
        target = root / "submitted" / f"classmate{number:02}" / SET
        target.mkdir(parents=True)
        shutil.copy(root / "submitted" / "alice" / SET / f"{SET}.ipynb", target)


def batch(instructor: Visitor) -> dict[str, Any]:
    """How far the batch is, as the page asks for it; it waits for formgrader to come back."""
    deadline = time.monotonic() + 200
    while True:
        answer = instructor.get(f"{CLASS_PAGE}/api/state")
        if answer.ok:
            return answer.json()["batch"]
        assert time.monotonic() < deadline, answer.text[-2000:]
        time.sleep(0.5)


def solve(alice: Visitor, course: Course) -> None:
    """Put the course's own solution where the starter is."""
    notebook = alice.get(WORK).json()["content"]
    (exercise,) = course.lesson(SET).exercises
    (starter,) = [cell for cell in notebook["cells"] if cell["id"] == exercise.name]
    starter["source"] = exercise.solution
    alice.put(WORK, {"type": "notebook", "format": "json", "content": notebook})


@pytest.mark.skipif(chromium() is None, reason="no browser; Debian: apt-get install chromium")
def test_a_student_and_an_instructor_do_it_all_in_a_browser(
    demonstration: Demonstration, course: Course, tmp_path: Path
) -> None:
    address, passwords = demonstration.made.spec.address, demonstration.made.passwords
    with browsing() as browser:
        bob = log_in(browser, address, "bob", passwords["bob"], "/hub/spawn", tmp_path)
        bob.menu("Nbgrader", "Assignment List")
        bob.shot("student_list")
        bob.press("Fetch")
        bob.page.get_by_role("button", name="Submit", exact=True).wait_for()
        solve_in_jupyterlab(bob, course)
        bob.page.locator(".jp-NotebookPanel-toolbar").get_by_text("Validate").click()
        assert "passes all the tests" in bob.told(".jp-Dialog")
        bob.menu("Nbgrader", "Assignment List")
        bob.press("Submit")
        bob.page.get_by_role("button", name="Fetch Feedback").wait_for()
        bob.shot("student_handed_in")

        formgrader = f"{FORMGRADER}/manage_assignments"
        ines = log_in(browser, address, "instructor", passwords["instructor"], formgrader, tmp_path)
        ines.page.locator("tr", has_text=SET).locator(".collect a").click()
        assert "Successfully collected" in ines.told(".modal.in")
        for deed in ("autograde", "generate-feedback", "release-feedback"):
            ines.open(f"{FORMGRADER}/manage_submissions/{SET}")
            ines.page.locator("tr", has_text="Birch, Bob").locator(f".{deed} a").click()
            assert "Success" in ines.told(".modal.in"), deed
            if deed == "autograde":
                override_score(ines)
        ines.shot("instructor_submissions")
        ines.open(CLASS_PAGE)
        ines.press("Show how the class did")
        ines.page.frame_locator("#report").get_by_text("standardise").first.wait_for()
        ines.shot("instructor_class")

        bob.press("Fetch Feedback")
        bob.page.get_by_text("view feedback").wait_for()
        bob.shot("student_feedback")
        (path,) = demonstration.made.root.parent.glob(f"homes/bob/jax/{SET}/feedback/*/{SET}.html")
        below_home = path.relative_to(demonstration.made.root.parent / "homes/bob").as_posix()
        page = on_a_phone(bob, f"/user/bob/files/{below_home}")
        page.screenshot(path=tmp_path / "student_phone.png", full_page=True)
        assert "2.5" in page.inner_text("body")
        assert not is_wider_than_the_screen(page)


def solve_in_jupyterlab(bob: Person, course: Course) -> None:
    """Write the course's own solution where the starter is, and save."""
    bob.open(f"/user/bob/lab/tree/jax/{SET}/{SET}.ipynb")
    starter = bob.page.locator(".jp-CodeCell .cm-content", has_text="raise NotImplementedError")
    starter.last.click()
    bob.page.keyboard.press("Control+a")
    bob.page.keyboard.insert_text(course.lesson(SET).exercises[0].solution)
    bob.page.keyboard.press("Control+s")
    bob.page.get_by_text("Saving completed").wait_for()
    bob.shot("student_notebook")


def override_score(ines: Person) -> None:
    """Look at the graded notebook, and take half a point off by hand."""
    ines.open(f"{FORMGRADER}/gradebook/{SET}/{SET}")
    listed = f"{ines.address}{FORMGRADER}/api/submitted_notebooks/{SET}/{SET}"
    (one,) = [n for n in ines.page.request.get(listed).json() if n["student"] == "bob"]
    ines.open(f"{FORMGRADER}/submissions/{one['id']}/")
    score = ines.page.locator("input.score")
    score.fill("2.5")
    with ines.page.expect_response(lambda answer: "/api/grade/" in answer.url) as answer:
        score.press("Tab")
    assert answer.value.ok
    ines.shot("instructor_graded")


def test_students_are_refused_by_formgrader_and_wrong_passwords_by_the_hub(
    demonstration: Demonstration,
) -> None:
    bob = demonstration.visitor("bob")
    assert bob.login_status == 200
    assert bob.get(f"{FORMGRADER}/manage_assignments").status_code == 403
    for page in ("", "/api/state", f"/report/{SET}"):
        assert bob.get(f"{CLASS_PAGE}{page}").status_code == 403
        # The hub answers 424 for a server that does not run.
        assert bob.get(f"/user/bob/jaxercise{page}").status_code in (403, 404, 424)
    assert Visitor(demonstration.made.spec.address, "bob", "guessed").login_status == 403
    assert Visitor(demonstration.made.spec.address, "mallory", "").login_status == 403


@pytest.mark.filterwarnings(r"ignore:os\.fork\(\) was called:RuntimeWarning")
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
