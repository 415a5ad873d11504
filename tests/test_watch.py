"""`--watch`: what a change concerns is done again, until Ctrl-C."""

from __future__ import annotations

import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Generator
from pathlib import Path

import pytest

from jaxercise.cli.new_course import new_course
from jaxercise.cli.watch import concerned
from jaxercise.course.lesson import Course

_PATIENCE_S = 120


@pytest.mark.parametrize(
    ("changed", "proven"),
    [
        (["lessons/hw1.md"], {"hw1": None}),
        (["reference/hw2.py"], {"hw2": None}),
        (["grader_tests/hw1/test_f.py"], {"hw1": "f"}),
        (["tests/solutions/hw1/f.py", "grader_tests/hw1/test_f.py"], {"hw1": "f"}),
        (["tests/solutions/hw1/f.py", "tests/solutions/hw1/g.py"], {"hw1": None}),
        (["tests/solutions/hw2/f.py", "lessons/hw1.md"], {"hw1": None, "hw2": "f"}),
        (["grader_tests/hw2/drawing.py"], {"hw2": None}),
        (["grader_tests/drawing.py"], {"hw1": None, "hw2": None}),
        (["lessons/hw3.md", "lessons/README.md", "lessons/curve.png", "tests/test_course.py"], {}),
    ],
)
def test_a_change_concerns_the_exercises_that_depend_on_it(
    tmp_path: Path, changed: list[str], proven: dict[str, str | None]
) -> None:
    course = Course(tmp_path)
    assert concerned(course, [tmp_path / name for name in changed], ["hw1", "hw2"]) == proven


class Watching:
    """A command with `--watch` in a course; its lines as they come."""

    def __init__(self, root: Path, *command: str):
        self.root = root
        self.process = subprocess.Popen(
            [sys.executable, "-m", "jaxercise", *command, "--watch"],
            cwd=root,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._lines: queue.Queue[str] = queue.Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as lines:
            for line in lines:
                self._lines.put(line.rstrip("\n"))

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        self._reader.join(_PATIENCE_S)

    def until_it_waits(self) -> list[str]:
        """What it prints until it says that it watches."""
        seen: list[str] = []
        while not (seen and seen[-1].startswith("watching")):
            seen.append(self._lines.get(timeout=_PATIENCE_S))
        return seen

    def until_it_works(self) -> None:
        self._lines.get(timeout=_PATIENCE_S)

    def edit(self, name: str, old: str, new: str) -> list[str]:
        """Edit a file; what is printed then."""
        text = (self.root / name).read_text()
        assert old in text
        (self.root / name).write_text(text.replace(old, new))
        return self.until_it_waits()

    def interrupt(self) -> int:
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(_PATIENCE_S)


Start = Callable[..., Watching]


@pytest.fixture
def start(tmp_path: Path) -> Generator[Start]:
    """Starts a command in a new course of one exercise."""
    started: list[Watching] = []

    def start(*command: str) -> Watching:
        started.append(Watching(new_course(tmp_path / "course"), *command))
        return started[-1]

    yield start
    for one in started:
        one.close()


def test_a_build_follows_the_lesson_and_survives_its_mistakes(start: Start) -> None:
    watching = start("build")
    assert "written: source/hw1/hw1.ipynb" in watching.until_it_waits()
    printed = watching.edit("lessons/hw1.md", "a first exercise", "another title")
    assert printed[0] == ""
    assert printed[1].endswith(" changed: lessons/hw1.md")
    assert printed[2:4] == ["written: source/hw1/hw1.ipynb", "written: release/hw1/hw1.ipynb"]
    broken = watching.edit("reference/hw1.py", "# %% standardise", "# %% standardize")
    assert any("section 'standardize' belongs to no exercise" in line for line in broken)
    mended = watching.edit("reference/hw1.py", "# %% standardize", "# %% standardise")
    assert "source/ and release/ are up to date" in mended
    assert watching.interrupt() == 0


@pytest.mark.slow
def test_a_proof_follows_known_answers_and_hidden_tests(start: Start) -> None:
    watching = start("prove", "hw1")
    assert "6 of 6 solutions came out as expected" in watching.until_it_waits()
    answers = "tests/solutions/hw1/standardise.py"
    printed = watching.edit(answers, "prints -> is_pure", "prints a line -> is_pure")
    assert printed[1].endswith(f" changed: {answers}")
    assert "6 of 6 solutions came out as expected" in printed
    assert any("wrong: prints a line" in line for line in printed)
    hidden = "grader_tests/hw1/test_standardise.py"
    printed = watching.edit(hidden, "assert_pure(student", "print(student")
    assert any(line.startswith("NOT  hw1 standardise: wrong: prints a line") for line in printed)
    assert watching.interrupt() == 0


@pytest.mark.slow
def test_ctrl_c_ends_a_proof_that_runs(start: Start) -> None:
    watching = start("prove")
    watching.until_it_works()
    assert watching.interrupt() == 0
