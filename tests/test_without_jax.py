"""A course on NumPy, and one on plain Python: exercises, checks and grading without JAX."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from jaxercise import check, example
from jaxercise.checks.outcome import CheckFailed
from jaxercise.cli.new_course import new_course
from jaxercise.cli.new_exercise import new_exercise, new_set
from jaxercise.course.lesson import Course
from jaxercise.grading.judge import Judge
from jaxercise.nbgrader.release import build
from tests.small_course import right_answers, submission


def in_numpy(x: np.ndarray) -> np.ndarray:
    return np.where(x > 0, x, 0.0)  # Under jax.jit it would raise: x is not a NumPy array there.


def branches(x: np.ndarray) -> np.ndarray:
    return x if x.sum() > 0 else -x  # Nor could it be traced.


@pytest.mark.parametrize("function", [in_numpy, branches])
def test_visible_checks_of_numpy_ask_for_numpy_and_never_compile(
    function, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("NBGRADER_VALIDATING", "1")  # A failed check raises.
    ones = np.ones(3)
    check(function, example(ones, gives=ones), kind="numpy", jit=False)
    assert capsys.readouterr().out.count("passed") == 2
    with pytest.raises(CheckFailed, match="a NumPy array where a jax array is expected"):
        check(function, example(ones, gives=ones), jit=False)


def test_the_form_of_a_numpy_result_is_checked_with_its_own_dtype(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("NBGRADER_VALIDATING", "1")
    check(in_numpy, example(np.ones(3), like=np.empty(3)), kind="numpy", jit=False)
    form = np.empty(3, np.float32)
    with pytest.raises(CheckFailed, match="dtype float64 where float32 is expected"):
        check(in_numpy, example(np.ones(3), like=form), kind="numpy", jit=False)


ANSWERS = {"numpy": "np.asarray(x) * 2", "python": "[each + each for each in x]"}
TOUCHES = {"numpy": "x[0] = 0", "python": "x.append(1.0)"}


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["numpy", "python"])
def test_an_assignment_without_jax_proves_and_grades(tmp_path: Path, kind: str) -> None:
    course = Course(new_course(tmp_path / "course"))
    new_set(course, "hw2", kind)
    new_exercise(course, "hw2", "twice")
    build(course)
    for path in (course.lesson_file("hw2"), course.reference_file("hw2")):
        assert "import jax" not in path.read_text()
    done = subprocess.run(
        [sys.executable, "-m", "jaxercise", "prove", "hw2"],
        cwd=course.root,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert "5 of 5 solutions came out as expected" in done.stdout, done.stdout + done.stderr
    lesson = course.lesson("hw2")
    right, touches = ANSWERS[kind], TOUCHES[kind]
    answers = [
        right_answers(lesson),
        {"twice": f"def twice(x):\n    return {right}"},
        {"twice": f"def twice(x):\n    answer = {right}\n    {touches}\n    return answer"},
    ]
    with Judge(course, spare=False) as judge:
        grades = [judge.grade(submission(lesson, each), "hw2", "hw2.ipynb") for each in answers]
    assert [grade.score for grade in grades] == [3, 3, 2]
