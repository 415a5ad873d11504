"""`jaxercise new set` and `new exercise`: what they write, and what they refuse."""

from __future__ import annotations

from pathlib import Path

import pytest

from jaxercise.cli.commands import main
from jaxercise.cli.exercise_texts import FILL_IN, KINDS
from jaxercise.cli.new_course import new_course
from jaxercise.course.lesson import Course
from jaxercise.grading.solutions import known_solutions


@pytest.fixture
def inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Course:
    """The working folder is a new course, whose set hw1 has the exercise standardise."""
    root = new_course(tmp_path / "course")
    monkeypatch.chdir(root)
    return Course(root)


def printed(capsys: pytest.CaptureFixture[str], status: int, *command: str) -> str:
    """What a command prints, to both streams."""
    assert main(command) == status
    out, err = capsys.readouterr()
    return out + err


@pytest.mark.parametrize("kind", KINDS)
def test_a_new_set_builds_once_it_has_an_exercise(
    inside: Course, capsys: pytest.CaptureFixture[str], kind: str
) -> None:
    assert printed(capsys, 0, "new", "set", "hw2", "--kind", kind) == (
        "written: lessons/hw2.md (to fill in: line 5, 7)\n"
        "written: reference/hw2.py\n"
        "A set needs an exercise before it builds.\n"
        "next: jaxercise new exercise hw2 NAME\n"
    )
    assert "run jaxercise new exercise hw2 NAME" in printed(capsys, 2, "build")
    told = printed(capsys, 0, "new", "exercise", "hw2", "softmax")
    assert told.splitlines()[-1] == (
        "next: jaxercise build && jaxercise prove hw2 --exercise softmax"
    )
    files = ("lessons/hw2.md", "reference/hw2.py", "grader_tests/hw2/test_softmax.py")
    for file in (*files, "tests/solutions/hw2/softmax.py"):
        lines = (inside.root / file).read_text().splitlines()
        places = [str(n) for n, line in enumerate(lines, 1) if FILL_IN in line]
        assert f"written: {file} (to fill in: line {', '.join(places)})" in told
        assert places
    assert "written: release/hw2/hw2.ipynb" in printed(capsys, 0, "build")
    (exercise,) = inside.lesson("hw2").exercises
    assert (exercise.name, exercise.points) == ("softmax", 3)
    dies_in = {check for one in known_solutions(inside, "hw2", exercise) for check in one.dies_in}
    assert dies_in == {check.check for check in exercise.checks}


def test_an_exercise_goes_to_the_end_and_is_written_as_its_lesson_is(
    inside: Course, capsys: pytest.CaptureFixture[str]
) -> None:
    lesson, reference = Path("lessons/hw1.md").read_text(), Path("reference/hw1.py").read_text()
    printed(capsys, 0, "new", "exercise", "hw1", "softmax")
    printed(capsys, 0, "new", "exercise", "hw1", "logsumexp")
    assert Path("lessons/hw1.md").read_text().startswith(lesson.rstrip("\n"))
    assert Path("reference/hw1.py").read_text().startswith(reference.rstrip("\n"))
    names = [exercise.name for exercise in inside.lesson("hw1").exercises]
    assert names == ["standardise", "softmax", "logsumexp"]
    assert "2 * jnp.asarray(x)" in inside.lesson("hw1").by_name["softmax"].solution


def test_a_lesson_without_numpy_or_check_gets_an_exercise_that_builds(
    inside: Course, capsys: pytest.CaptureFixture[str]
) -> None:
    printed(capsys, 0, "new", "set", "hw2")
    path = Path("lessons/hw2.md")
    head = "import jax\nimport jax.numpy as jnp\nimport numpy as np\n\n"
    text = path.read_text()
    imports = head + "from jaxercise import check, example, progress\n\nprogress(...)"
    assert imports in text
    path.write_text(text.replace(imports, "import math"))
    printed(capsys, 0, "new", "exercise", "hw2", "softmax")
    printed(capsys, 0, "build")
    assert "[2 * each for each in x]" in inside.lesson("hw2").by_name["softmax"].solution


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (["set", "hw1"], "hw1.md: exists already, and is not overwritten"),
        (["set", "2nd"], "'2nd' cannot name a set: take up to 40 letters, digits and _"),
        (["set", "README"], "'README' cannot name a set"),
        (["set", "a-b"], "'a-b' cannot name a set"),
        (["exercise", "hw9", "softmax"], "no set 'hw9' in "),
        (["exercise", "hw9", "softmax"], "; there are: hw1. To start it, run jaxercise new set"),
        (["exercise", "hw1", "soft-max"], "'soft-max' cannot name an exercise"),
        (["exercise", "hw1", "check_it"], "'check_it' cannot name an exercise"),
        (["exercise", "hw1", "lambda"], "'lambda' cannot name an exercise"),
        (["exercise", "hw1", "jnp"], "hw1.md defines jnp already; choose another name"),
        (["exercise", "hw1", "standardise"], "there is an exercise 'standardise' already"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line_and_nothing_is_written(
    inside: Course, capsys: pytest.CaptureFixture[str], command: list[str], said: str
) -> None:
    before = {path: path.read_bytes() for path in inside.root.rglob("*") if path.is_file()}
    told = printed(capsys, 2, "new", *command)
    assert told.startswith("jaxercise: ")
    assert told.count("\n") == 1
    assert said in told
    assert {path: path.read_bytes() for path in inside.root.rglob("*") if path.is_file()} == before


def test_an_answer_that_is_there_is_not_overwritten(
    inside: Course, capsys: pytest.CaptureFixture[str]
) -> None:
    path = inside.solutions_file("hw1", "softmax")
    path.write_text("# mine\n")
    assert "exists already, and is not overwritten" in printed(
        capsys, 2, "new", "exercise", "hw1", "softmax"
    )
    assert path.read_text() == "# mine\n"
    assert "softmax" not in inside.lesson_file("hw1").read_text()


def test_a_written_answer_has_its_name_for_itself(
    inside: Course, capsys: pytest.CaptureFixture[str]
) -> None:
    path = inside.lesson_file("hw1")
    path.write_text(f'{path.read_text()}\n+++ {{"written": "why", "points": 2}}\n\n*Here.*\n')
    assert "there is an exercise 'why' already" in printed(
        capsys, 2, "new", "exercise", "hw1", "why"
    )
