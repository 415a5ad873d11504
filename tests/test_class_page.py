"""The instructors' page: batches that outlive the server, and buttons that do not stop it."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Generator, Sequence
from io import StringIO
from pathlib import Path
from typing import Any

import nbformat
import psutil
import pytest
from rich.console import Console
from traitlets.config import Config

from jaxercise.course.lesson import Course
from jaxercise.grading.progress import BatchProgress, progress_in
from jaxercise.nbgrader import release
from jaxercise.server import runner
from jaxercise.server.batch import Batch, BatchError, Batches
from jaxercise.server.extension import ClassPage
from jaxercise.server.runner import Runner
from tests.small_course import RIGHT, handed_in, make_course

ROOT = Path(__file__).resolve().parent.parent
_PATIENCE_S = 180.0


def until(true: Callable[[], object], what: str) -> None:
    deadline = time.monotonic() + _PATIENCE_S
    while not true():
        assert time.monotonic() < deadline, what
        time.sleep(0.1)


def test_what_a_batch_says_can_be_read_again() -> None:
    said: list[str] = []
    progress = BatchProgress(12, Console(file=StringIO()), said.append)
    for name in ("ann/ps7/ps7.ipynb", "b c/ps7/ps7.ipynb", "dan/ps7/ps7.ipynb"):
        progress.begin(name)
    assert "left" in said[2]
    assert [progress_in(line) for line in said] == [
        (1, 12, "ann/ps7/ps7.ipynb"),
        (2, 12, "b c/ps7/ps7.ipynb"),
        (3, 12, "dan/ps7/ps7.ipynb"),
    ]
    assert progress_in("4 of 5: x (1 day, 2:03:04 left)") == (4, 5, "x")
    assert progress_in("ann: 4 of 5 points") is None


# --- one batch: what the runner hears and writes down

GRADED = """\
[AutogradeApp | INFO] 1 of 2: ann/ps7/ps7.ipynb
[AutogradeApp | INFO] ann/ps7/ps7.ipynb: checking f1
[AutogradeApp | INFO] Setting destination file permissions to 444
[AutogradeApp | INFO] 2 of 2: bob/ps7/ps7.ipynb (0:00:01 left)
[AutogradeApp | ERROR] bob/ps7/ps7.ipynb: this is a web page
Traceback (most recent call last):
"""


def script(text: str, then: str = "") -> list[str]:
    return [sys.executable, "-u", "-c", f"import sys, time; print({text!r}, end=''); {then}"]


def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: list[str], **batch: Any) -> Batch:
    """The state in which a batch ends whose commands are all `command`."""

    def stand_in(name: str, arguments: Sequence[str]) -> list[str]:
        asked.append((name, *arguments))
        return command

    asked: list[tuple[str, ...]] = []
    monkeypatch.setattr(runner, "command_line", stand_in)
    batches = Batches(tmp_path)
    made = Runner(batches, Batch("ps7", **batch))
    batches.folder.mkdir(parents=True)
    made.run()
    assert [call[0] for call in asked] == ["collect"] * batch.get("collect", False) + ["autograde"]
    assert ("--force" in asked[-1]) == batch.get("again", False)
    found = batches.latest()
    assert found is not None
    return found


def test_the_state_tells_what_was_graded_and_what_went_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = run(tmp_path, monkeypatch, script(GRADED, "sys.exit(1)"))
    assert (found.state, found.done, found.total) == ("failed", 1, 2)
    texts = [(line.level, line.text) for line in found.lines]
    assert texts == [
        ("INFO", "Grading what is new"),
        ("INFO", "ann: graded"),
        ("ERROR", "bob/ps7/ps7.ipynb: this is a web page"),
        ("ERROR", "Ended with an error; the whole log says more"),
    ]
    assert "Traceback" in Batches(tmp_path).log_file("ps7").read_text()


def test_nothing_new_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = run(tmp_path, monkeypatch, script(""), again=True, collect=True)
    assert found.state == "done"
    assert found.lines[-1].text == "There was nothing new to grade"


def test_a_batch_is_cancelled_in_the_middle(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    batches = Batches(tmp_path)
    batches.folder.mkdir(parents=True)
    command = script("[X | INFO] 1 of 2: ann/ps7/ps7.ipynb\n", "time.sleep(600)")
    monkeypatch.setattr(runner, "command_line", lambda *_: command)
    made = Runner(batches, Batch("ps7"))
    thread = threading.Thread(target=made.run)
    thread.start()
    until(lambda: made.batch.current, "the command said nothing")
    made.cancel(signal.SIGTERM, None)
    thread.join(_PATIENCE_S)
    found = batches.latest()
    assert found is not None
    assert found.state == "cancelled"


# --- batches: one at a time, and found again


@pytest.fixture
def batches(tmp_path: Path) -> Generator[Batches]:
    """Batches whose runner only waits."""
    batches = Batches(tmp_path, ("-c", "import time; time.sleep(600)"))
    yield batches
    end(batches)


def end(batches: Batches) -> None:
    """Kill the runner, as a crash or the end of a container does."""
    if batches._process is not None:
        batches._process.kill()
        batches._process.wait()


def state(batches: Batches) -> str:
    found = batches.latest()
    return found.state if found else ""


def test_one_batch_at_a_time_and_another_server_finds_it(batches: Batches) -> None:
    assert batches.latest() is None
    batches.start("ps7")
    with pytest.raises(BatchError, match="ps7 is being graded"):
        batches.start("ps8")
    assert state(Batches(batches.root)) == "running"
    assert batches.go_on() is None


def test_an_interrupted_batch_goes_on(batches: Batches) -> None:
    batches.start("ps7", again=True)
    end(batches)
    assert state(batches) == "interrupted"
    with pytest.raises(BatchError, match="nothing is being graded"):
        batches.cancel()
    resumed = batches.go_on()
    assert resumed is not None
    assert (resumed.assignment, resumed.again) == ("ps7", True)
    assert state(batches) == "running"


def test_a_batch_on_another_host_is_not_cancelled_here(batches: Batches) -> None:
    batches.start("ps7")
    with pytest.raises(BatchError, match="just starting"):
        batches.cancel()
    batches.store(Batch("ps7", pid=1, host="elsewhere"))
    with pytest.raises(BatchError, match="runs on elsewhere"):
        batches.cancel()


def test_a_state_that_cannot_be_read_is_no_batch(batches: Batches) -> None:
    batches.folder.mkdir(parents=True)
    batches.state_file.write_text("{")
    assert batches.latest() is None


# --- what is graded without being asked


@pytest.fixture
def class_page(tmp_path: Path) -> ClassPage:
    """A course with two assignments and an exchange; nothing is started."""
    course = make_course(tmp_path / "course", ("f1",))
    for part in ("lessons/ps7.md", "reference/ps7.py"):
        path = course.root / part
        path.with_stem("ps8").write_text(path.read_text())
    config = Config()
    config.CourseDirectory.root = str(course.root)
    config.CourseDirectory.course_id = "jax"
    config.Exchange.root = str(tmp_path / "exchange")
    page = ClassPage(config)
    page.batches = Batches(course.root, ("-c", "pass"))
    return page


def hand_in(folder: Path, name: str, time: str = "") -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.ipynb").touch()
    if time:
        (folder / "timestamp.txt").write_text(time)


def counts(page: ClassPage) -> dict[str, tuple[int, int, int]]:
    return {
        one["name"]: (one["submitted"], one["new"], one["inbound"])
        for one in page.submissions.counts()
    }


def test_what_is_new_here_and_in_the_exchange_is_counted(class_page: ClassPage) -> None:
    root, inbound = class_page.course.root, class_page.submissions.inbound
    early, late = "2026-10-01 10:00:00.000000 UTC", "2026-10-02 10:00:00.000000 UTC"
    assert counts(class_page) == {"ps7": (0, 0, 0), "ps8": (0, 0, 0)}
    hand_in(root / "submitted/ann/ps7", "ps7", early)
    hand_in(root / "autograded/ann/ps7", "ps7", early)
    hand_in(root / "submitted/bob/ps7", "ps7", late)
    hand_in(root / "autograded/bob/ps7", "ps7", early)
    hand_in(root / "submitted/cem/ps7", "ps7")
    (root / "submitted/dan/ps7").mkdir(parents=True)
    assert counts(class_page)["ps7"] == (3, 2, 0)
    assert not class_page.submissions.collects
    hand_in(inbound / f"ann+ps7+{early}", "ps7")
    hand_in(inbound / f"bob+ps8+{early}+secret", "ps8")
    assert counts(class_page) == {"ps7": (3, 2, 0), "ps8": (0, 0, 1)}
    hand_in(inbound / f"ann+ps7+{late}", "ps7")
    assert counts(class_page)["ps7"] == (3, 2, 1)


def test_the_clock_grades_what_is_new_and_not_what_cannot_be_graded(
    class_page: ClassPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[tuple[str, bool]] = []

    def start(name: str, again: bool = False, collect: bool = False) -> None:
        started.append((name, collect))

    monkeypatch.setattr(class_page.batches, "start", start)
    asyncio.run(class_page._grade_new())
    assert started == []
    hand_in(class_page.course.root / "submitted/ann/ps7", "ps7")
    hand_in(class_page.submissions.inbound / "ann+ps8+2026-10-01", "ps8")
    for _ in range(3):
        asyncio.run(class_page._grade_new())
    assert started == [("ps7", False), ("ps8", True)]
    hand_in(class_page.course.root / "submitted/bob/ps7", "ps7")
    asyncio.run(class_page._grade_new())
    assert started[2:] == [("ps7", False)]


def test_judging_ahead_runs_beside_the_server_and_ends_with_it(
    class_page: ClassPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    commands: list[list[str]] = []
    popen = subprocess.Popen

    def watch(command: list[str], **kwargs: Any) -> Any:
        commands.append(command)
        return popen([sys.executable, "-c", "import time; time.sleep(600)"], **kwargs)

    monkeypatch.setattr(subprocess, "Popen", watch)
    (class_page.course.root / "submitted").mkdir()
    class_page.submissions.inbound.mkdir(parents=True)
    class_page.judge_ahead = True
    class_page.start()
    class_page.stop()
    assert class_page._watching is not None
    assert class_page._watching.wait(_PATIENCE_S) == -signal.SIGTERM
    ((*_, grade, watching, submitted, inbound),) = commands
    assert (grade, watching) == ("grade", "--watch")
    assert (submitted, inbound) == tuple(map(str, class_page.submissions.folders()))


# --- a real server, nbgrader and gradebook; a stand-in for the judge

_CONFIG = """
import dataclasses
from jaxercise.nbgrader.plugin import JudgeSubmission

_options = JudgeSubmission.options
JudgeSubmission.options = lambda self, seed=None: dataclasses.replace(
    _options(self, seed), judge="passing_judge:PassingJudge"
)
"""
_EXTENSIONS = {"jaxercise.server": True, "nbgrader.server_extensions.formgrader": True}


class Server:
    """A Jupyter server in the course's root, on a port of its own."""

    def __init__(self, root: Path, environment: dict[str, str]) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{port}"
        self._log = (root.parent / "server.log").open("a")
        self._process = subprocess.Popen(
            [
                *(sys.executable, "-m", "jupyter_server", "--no-browser", "--allow-root"),
                *("--ServerApp.ip=127.0.0.1", f"--ServerApp.port={port}"),
                *("--IdentityProvider.token=secret", "--ServerApp.port_retries=0"),
                f"--ServerApp.jpserver_extensions={_EXTENSIONS}",
            ],
            cwd=root,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=subprocess.STDOUT,
        )
        until(lambda: self.ask("GET", "api")[0] == 200, "the server does not start")

    def ask(self, method: str, path: str, body: Any = None, token: bool = True) -> tuple[int, str]:
        """The status and the text of an answer; 0 where nobody answers."""
        request = urllib.request.Request(f"{self.address}/{path}", method=method)
        if token:
            request.add_header("Authorization", "token secret")
        if body is not None:
            request.data = json.dumps(body).encode()
        try:
            with urllib.request.urlopen(request, timeout=_PATIENCE_S) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()
        except urllib.error.URLError:
            return 0, ""

    def batch(self) -> dict[str, Any]:
        return json.loads(self.ask("GET", "jaxercise/api/state")[1])["batch"]

    def close(self) -> None:
        self._process.terminate()
        self._process.wait(_PATIENCE_S)
        self._log.close()


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("jupyter")
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    names = ("JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR", "JUPYTER_DATA_DIR", "JAXERCISE_VERDICTS")
    own = {name: str(folder / name) for name in names}
    stubs = str(ROOT / "tests" / "stubs")
    return {**os.environ, **own, "PATH": path, "PYTHONPATH": stubs}


@pytest.fixture(scope="module")
def course(
    tmp_path_factory: pytest.TempPathFactory, environment: dict[str, str]
) -> Generator[Course]:
    """A released course; three students whose answers are held back until there is a file `go`."""
    course = make_course(tmp_path_factory.mktemp("class") / "course", ("f1",))
    release.build(course)
    config = (ROOT / "nbgrader_config.py").read_text(encoding="utf-8")
    (course.root / "nbgrader_config.py").write_text(config + _CONFIG, encoding="utf-8")
    for student in ("ann", "bob", "cem"):
        answer = RIGHT.replace("NAME", "f1") + f"\n# {student}\n# hold"
        path = course.root / "submitted" / student / "ps7" / "ps7.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(nbformat.writes(handed_in(course.lesson("ps7"), {"f1": answer})))
    subprocess.run(
        [sys.executable, "-m", "nbgrader", "generate_assignment", "ps7"],
        cwd=course.root,
        env=environment,
        check=True,
        capture_output=True,
    )
    yield course
    (course.root / "go").touch()


@pytest.fixture(scope="module")
def server(course: Course, environment: dict[str, str]) -> Generator[Server]:
    started = Server(course.root, environment)
    yield started
    started.close()


def asked_lines(course: Course) -> list[str]:
    """For each notebook that a judge was asked for, the judge's process id and the notebook."""
    path = course.root / "asked"
    return path.read_text().splitlines() if path.exists() else []


def asked(course: Course) -> int:
    return len(asked_lines(course))


@pytest.mark.slow
def test_only_who_may_use_the_server_is_answered(server: Server) -> None:
    for path in ("jaxercise/api/state", "jaxercise/api/batch", "jaxercise/report/ps7"):
        status, text = server.ask("GET", path, token=False)
        assert status in (403, 405) or "Password or token" in text
    assert server.ask("POST", "jaxercise/api/batch", {"assignment": "ps7"}, token=False)[0] == 403
    assert server.ask("DELETE", "jaxercise/api/batch", token=False)[0] == 403
    assert server.ask("POST", "jaxercise/api/batch", {"assignment": "../ps7"})[0] == 404
    assert server.ask("DELETE", "jaxercise/api/batch")[0] == 409


@pytest.mark.slow
def test_the_page_and_the_link_to_it_are_there(server: Server) -> None:
    status, page = server.ask("GET", "jaxercise")
    assert status == 200
    assert "Grading jax" in page
    assert "<option>ps7</option>" in page
    for path in ("manage_assignments", "manage_students", "gradebook"):
        assert 'href="/jaxercise"' in server.ask("GET", f"formgrader/{path}")[1]


@pytest.mark.slow
def test_a_button_of_formgrader_does_not_stop_the_server(server: Server, course: Course) -> None:
    answers: list[tuple[int, str]] = []
    path = "formgrader/api/submission/ps7/ann/autograde"
    button = threading.Thread(target=lambda: answers.append(server.ask("POST", path)))
    before = asked(course)
    button.start()
    until(lambda: asked(course) > before, "no judge was asked")
    assert server.ask("GET", "formgrader/api/status") == (200, '{"status": true}')
    assert "ann" in server.ask("GET", "formgrader/api/submissions/ps7")[1]
    assert answers == []
    (course.root / "go").touch()
    button.join(_PATIENCE_S)
    assert answers[0][0] == 200
    assert json.loads(answers[0][1])["success"] is True
    # The verdict is kept now, so no judge is asked.
    count = asked(course)
    assert json.loads(server.ask("POST", path)[1])["success"] is True
    assert asked(course) == count
    assert json.loads(server.ask("GET", "formgrader/api/submission/ps7/ann")[1])["score"] == 3
    failed = json.loads(server.ask("POST", path.replace("ann", "nobody"))[1])
    assert failed["success"] is False
    assert "nobody" in failed["error"]


@pytest.mark.slow
def test_a_batch_is_cancelled_goes_on_and_outlives_the_server(
    course: Course, environment: dict[str, str]
) -> None:
    (course.root / "go").unlink(missing_ok=True)
    before = asked(course)
    first = Server(course.root, environment)
    try:
        status, _ = first.ask("POST", "jaxercise/api/batch", {"assignment": "ps7"})
        assert status == 200
        assert first.ask("POST", "jaxercise/api/batch", {"assignment": "ps7"})[0] == 409
        until(lambda: asked(course) > before, "no judge was asked")
        pid = first.batch()["pid"]
        assert first.ask("DELETE", "jaxercise/api/batch")[0] == 200
        until(lambda: first.batch()["state"] == "cancelled", "it was not cancelled")
        until(lambda: first.batch() and not psutil.pid_exists(pid), "the runner is still there")
        judges = [int(line.split()[0]) for line in asked_lines(course)[before:]]
        until(lambda: not any(map(psutil.pid_exists, judges)), "a judge is still there")
        before = asked(course)
        first.ask("POST", "jaxercise/api/batch", {"assignment": "ps7"})
        until(lambda: asked(course) > before, "it did not go on")
    finally:
        first.close()
    second = Server(course.root, environment)
    try:
        assert second.batch()["state"] == "running"
        (course.root / "go").touch()
        until(lambda: second.batch()["state"] != "running", "the batch has no end")
        found = second.batch()
        assert (found["state"], found["done"]) == ("done", found["total"])
        assert "cem: 3 of 3 points" in [line["text"] for line in found["lines"]]
        (counts,) = json.loads(second.ask("GET", "jaxercise/api/state")[1])["assignments"]
        assert counts == {"name": "ps7", "submitted": 3, "new": 0, "inbound": 0}
        assert "AutogradeApp" in second.ask("GET", "jaxercise/log/ps7")[1]
        report = second.ask("GET", "jaxercise/report/ps7")[1]
        assert "the class at a glance" in report
        assert 'href="/formgrader/submissions/' in report
    finally:
        second.close()


@pytest.mark.slow
def test_a_server_that_is_in_no_course_answers_403(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    (tmp_path / "home").mkdir()
    elsewhere = Server(tmp_path / "home", environment)
    try:
        status, text = elsewhere.ask("GET", "jaxercise/api/state")
        assert status == 403
        assert "not the folder of a course" in text
        assert elsewhere.ask("POST", "jaxercise/api/batch", {"assignment": "ps7"})[0] == 403
    finally:
        elsewhere.close()
