"""`jaxercise grade --watch`: which notebooks are judged when, and what nbgrader then finds kept."""

from __future__ import annotations

import json
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Generator
from pathlib import Path

import nbformat
import pytest
from nbgrader.converters import Autograde, GenerateAssignment

from jaxercise.cli.arrivals import SETTLE_S, UNREADABLE_S, Arrivals, assignment_by_place
from jaxercise.course.lesson import Course
from jaxercise.nbgrader import release
from tests.records import whole_verdicts
from tests.small_course import RIGHT, handed_in, make_course
from tests.test_nbgrader_once import convert

_PATIENCE_S = 120
_ODD = 2.0 * SETTLE_S  # Long enough to count as quiet.


class Clock:
    now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def test_a_file_is_given_out_once_when_it_rests_and_again_when_it_changed(tmp_path: Path) -> None:
    clock = Clock()
    arrivals = Arrivals([tmp_path], clock)
    path = write(tmp_path / "ada/ps2/ps2.ipynb", "{")
    assert arrivals.ready() == []
    assert arrivals.some_are_waited_for
    for text in ("{}", '{"cells"'):  # It is still being written.
        clock.now_s += _ODD
        write(path, text)
        assert arrivals.ready() == []
    clock.now_s += _ODD
    assert arrivals.ready() == [path]
    assert not arrivals.some_are_waited_for
    clock.now_s += _ODD
    assert arrivals.ready() == []
    write(path, "{} ")
    assert arrivals.ready() == []
    clock.now_s += _ODD
    assert arrivals.ready() == [path]
    arrivals.forget()
    assert arrivals.ready() == []
    clock.now_s += _ODD
    assert arrivals.ready() == [path]


def test_one_that_cannot_be_read_gets_more_time_once(tmp_path: Path) -> None:
    clock = Clock()
    arrivals = Arrivals([tmp_path], clock)
    path = write(tmp_path / "ps2.ipynb", "{")
    arrivals.ready()
    clock.now_s += _ODD
    assert arrivals.ready() == [path]
    assert arrivals.wait_longer(path)
    clock.now_s += _ODD
    assert arrivals.ready() == []
    assert arrivals.some_are_waited_for
    clock.now_s += UNREADABLE_S
    assert arrivals.ready() == [path]
    assert not arrivals.wait_longer(path)
    clock.now_s += UNREADABLE_S
    assert arrivals.ready() == []


def test_only_the_newest_in_the_exchange_counts_and_nothing_hidden(tmp_path: Path) -> None:
    clock = Clock()
    arrivals = Arrivals([tmp_path], clock)
    for name in (
        "ada+ps2+2026-11-28 10:00:00.000001 UTC",
        "ada+ps2+2026-11-29 09:00:00.000001 UTC",
        "ada+ps3+2026-11-27 09:00:00.000001 UTC",
        "bob+ps2+2026-11-01 09:00:00.000001 UTC",
    ):
        write(tmp_path / name / "answers.ipynb", "{}")
    write(tmp_path / "ada+ps2+2026-11-29 09:00:00.000001 UTC/.ipynb_checkpoints/a.ipynb", "{}")
    write(tmp_path / "a/b/c/too_deep.ipynb", "{}")
    arrivals.ready()
    clock.now_s += _ODD
    ready = [path.parent.name.rsplit(" ", 2)[0] for path in arrivals.ready()]
    assert ready == ["ada+ps2+2026-11-29", "ada+ps3+2026-11-27", "bob+ps2+2026-11-01"]


@pytest.mark.parametrize(
    ("place", "assignment"),
    [
        ("submitted/ada/ps2/mine.ipynb", "ps2"),
        ("inbound/ada+ps3+2026-11-29 09:00:00 UTC+x7/ps2.ipynb", "ps3"),
        ("inbound/ada+ps9+2026-11-29 09:00:00 UTC/ps2.ipynb", None),
        ("mail/ps2.ipynb", None),
    ],
)
def test_nbgraders_folders_tell_the_assignment(place: str, assignment: str | None) -> None:
    assert assignment_by_place(Path(place), ["ps2", "ps3"]) == assignment


class Watching:
    """The command in a course, and what it prints."""

    def __init__(self, root: Path, verdicts: Path, *folders: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "jaxercise", "grade", "--jobs", "2", "--watch", *folders],
            cwd=root,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=os.environ | {"JAXERCISE_VERDICTS": str(verdicts)},
        )
        self._lines: queue.Queue[str] = queue.Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as lines:
            for line in lines:
                self._lines.put(line.rstrip("\n"))

    def until(self, words: str) -> str:
        seen: list[str] = []
        while not (seen and words in seen[-1]):
            try:
                seen.append(self._lines.get(timeout=_PATIENCE_S))
            except queue.Empty:
                pytest.fail(f"{words!r} was not printed, but:\n" + "\n".join(seen))
        return seen[-1]

    def interrupt(self) -> int:
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(_PATIENCE_S)

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        self._reader.join(_PATIENCE_S)


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Course:
    """A released course whose hidden inputs have a seed of their own."""
    course = make_course(tmp_path / "course", ("f1",))
    release.build(course)
    (course.root / "nbgrader_config.py").write_text("c.JudgeSubmission.seed = 7\n")
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)
    return course


@pytest.fixture
def watching(course: Course, tmp_path: Path) -> Generator[Watching]:
    for folder in ("submitted", "inbound"):
        (course.root / folder).mkdir()
    folders = [course.root / "submitted", course.root / "inbound"]
    started = Watching(course.root, tmp_path / "verdicts", *folders)
    yield started
    started.close()


@pytest.mark.slow
# nbgrader reads attributes of objects that SQLAlchemy has not put into the session yet; the
# scores come out right.
@pytest.mark.filterwarnings("ignore:Object of type:sqlalchemy.exc.SAWarning")
def test_what_arrives_is_judged_and_autograde_finds_it_kept(
    course: Course, watching: Watching, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def hand_in(folder: str, comment: str) -> Path:
        answer = RIGHT.replace("NAME", "f1") + f"  # {comment}"
        text = nbformat.writes(handed_in(course.lesson("ps7"), {"f1": answer}))
        return write(course.root / folder / "ps7.ipynb", text)

    watching.until("watching; Ctrl-C ends")
    ada = hand_in("submitted/ada/ps7", "ada")
    assert watching.until("points").endswith("submitted/ada/ps7/ps7.ipynb: 3 of 3 points")
    # Half of it, and the rest when it had been looked at.
    bob = hand_in("inbound/bob+ps7+2026-11-29 09:00:00 UTC", "bob")
    whole = bob.read_text()
    bob.write_text(whole[: len(whole) // 2])
    cyd = hand_in("submitted/cyd/ps7", "cyd")
    assert "cyd/ps7/ps7.ipynb: 3 of 3" in watching.until("points")
    bob.write_text(whole)
    assert "bob+ps7" in watching.until("points")
    (course.root / "submitted/dan/ps7").mkdir(parents=True)
    (course.root / "submitted/dan/ps7/ps7.ipynb").symlink_to(ada)
    assert "this is a link" in watching.until("passed over until it changes")
    assert watching.interrupt() == 0
    assert whole_verdicts(tmp_path / "verdicts") == 3

    monkeypatch.setenv("JAXERCISE_VERDICTS", str(tmp_path / "verdicts"))
    (course.root / "submitted/dan/ps7/ps7.ipynb").unlink()
    (course.root / "submitted/dan/ps7").rmdir()
    write(course.root / "submitted/bob/ps7/ps7.ipynb", whole)  # As `nbgrader collect` does.
    monkeypatch.setattr(
        "jaxercise.grading.worker._Process.start", lambda *_: pytest.fail("a judge was started")
    )
    convert(GenerateAssignment, course.root)
    convert(Autograde, course.root, seed=7)
    for student in ("ada", "bob", "cyd"):
        graded = course.root / "autograded" / student / "ps7/ps7.ipynb"
        grade = json.loads(graded.read_text())["metadata"]["jaxercise"]["grade"]
        assert grade["score"] == 3
    assert cyd.exists()


@pytest.mark.parametrize("option", ["--no-kept", "--unconfined", "--json=x.json"])
def test_watching_without_keeping_is_refused(
    course: Course, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], option: str
) -> None:
    from jaxercise.cli.commands import main

    monkeypatch.chdir(course.root)
    assert main(["grade", "--watch", option, "submitted"]) == 2
    assert "--watch only keeps verdicts" in capsys.readouterr().err


def test_a_folder_that_is_missing_is_named(
    course: Course, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from jaxercise.cli.commands import main

    monkeypatch.chdir(course.root)
    assert main(["grade", "--watch", "submited"]) == 2
    assert "--watch submited: no such folder" in capsys.readouterr().err
