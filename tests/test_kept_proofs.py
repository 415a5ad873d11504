"""Which proofs of known answers are kept, and which are made anew."""

from __future__ import annotations

import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from jaxercise.cli.commands import main
from jaxercise.course.lesson import Course
from jaxercise.grading.kept_proofs import KeptProofs, open_proofs
from jaxercise.grading.prove import prove
from jaxercise.grading.solutions import known_solutions
from jaxercise.grading.trials import Proof
from tests.small_course import make_course

SOLUTIONS = """\
# %% right: by addition
def NAME(x):
    return jnp.asarray(x) + x

# %% wrong: three times -> doubles
def NAME(x):
    return jnp.asarray(x) * 3
"""
NAMES = ("f1", "f2")


@pytest.fixture
def course(tmp_path: Path) -> Course:
    course = make_course(tmp_path / "course", NAMES)
    for name in NAMES:
        path = course.solutions_file("ps7", name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(SOLUTIONS.replace("NAME", name))
    return course


@pytest.fixture
def proven(course: Course, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The exercises that were proven, by a stand-in that finds everything as filed."""
    proven: list[str] = []

    def in_turn(
        exercises: list[tuple[Path, str, str]], jobs: int, course: Course, seed: int
    ) -> Any:
        for _, assignment, name in exercises:
            proven.append(name)
            exercise = course.lesson(assignment).by_name[name]
            for one in known_solutions(course, assignment, exercise):
                yield Proof(assignment, name, one.title, one.expected, {"doubles": "passed"}, True)

    monkeypatch.setattr("jaxercise.grading.prove._in_turn", in_turn)
    return proven


def run(course: Course, fresh: bool = False) -> list[Proof]:
    return prove(course, ["ps7"], kept=open_proofs(course, fresh))


def append(name: str) -> Callable[[Course], None]:
    def change(course: Course) -> None:
        path = course.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a") as file:
            file.write("\nX = 1\n")

    return change


def _lesson_code(course: Course) -> None:
    path = course.lesson_file("ps7")
    path.write_text(path.read_text().replace("rate = 0.1", "rate = 0.2"))


def _lesson_prose(course: Course) -> None:
    path = course.lesson_file("ps7")
    path.write_text(path.read_text().replace("# Twice", "# Two times"))


@pytest.mark.parametrize(
    ("change", "again"),
    [
        pytest.param(lambda course: None, [], id="nothing"),
        pytest.param(_lesson_prose, [], id="prose"),
        pytest.param(append("grader_tests/ps7/test_f1.py"), ["f1"], id="a hidden test"),
        pytest.param(append("tests/solutions/ps7/f2.py"), ["f2"], id="known answers"),
        pytest.param(append("grader_tests/ps7/helper.py"), ["f1", "f2"], id="a helper"),
        pytest.param(append("grader_tests/shared.py"), ["f1", "f2"], id="a shared helper"),
        pytest.param(append("reference/ps7.py"), ["f1", "f2"], id="the reference"),
        pytest.param(append("reference/ps8.py"), ["f1", "f2"], id="a page beside the reference"),
        pytest.param(_lesson_code, ["f1", "f2"], id="a given cell"),
    ],
)
def test_only_what_a_change_concerns_is_proven_again(
    course: Course, proven: list[str], change: Callable[[Course], None], again: list[str]
) -> None:
    first = run(course)
    assert proven == ["f1", "f2"]
    assert not any(proof.kept for proof in first)
    change(course)
    proofs = run(course)
    assert proven[2:] == again
    assert {proof.exercise for proof in proofs if not proof.kept} == set(again)
    assert {proof.exercise for proof in proofs} == {"f1", "f2"}
    assert len(proofs) == len(first) == 8


def test_the_library_and_the_packages_count(
    course: Course, proven: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    run(course)
    monkeypatch.setenv("XLA_FLAGS", "--xla_cpu_enable_fast_math=true")
    run(course)
    assert proven == ["f1", "f2"] * 2


def test_fresh_proves_everything_and_keeps_it(course: Course, proven: list[str]) -> None:
    run(course)
    assert not any(proof.kept for proof in run(course, fresh=True))
    assert all(proof.kept for proof in run(course))
    assert proven == ["f1", "f2"] * 2


def test_a_copy_of_the_course_without_its_records_proves_everything(
    course: Course, proven: list[str], tmp_path: Path
) -> None:
    run(course)
    for path in sorted((course.root / ".jaxercise").rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    run(course)
    assert proven == ["f1", "f2"] * 2


def test_what_is_kept_is_out_of_git_and_its_owners_alone(course: Course, proven: list[str]) -> None:
    run(course)
    assert (course.root / ".jaxercise/.gitignore").read_text() == "*\n"
    folder = course.root / ".jaxercise/proofs"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


@pytest.mark.parametrize("wrong", ["not as filed", "left open", "one is missing"])
def test_an_exercise_that_is_not_proven_whole_is_not_kept(
    course: Course, monkeypatch: pytest.MonkeyPatch, wrong: str
) -> None:
    def in_turn(*_: object) -> Any:
        exercise = course.lesson("ps7").by_name["f1"]
        first, *others = known_solutions(course, "ps7", exercise)
        if wrong != "one is missing":
            message = "survives" if wrong == "not as filed" else ""
            yield Proof("ps7", "f1", first.title, first.expected, {}, False, message)
        for one in others:
            yield Proof("ps7", "f1", one.title, one.expected, {}, True)

    monkeypatch.setattr("jaxercise.grading.prove._in_turn", in_turn)
    for _ in range(2):
        assert not any(proof.kept for proof in prove(course, ["ps7"], only="f1", kept=kept(course)))


def kept(course: Course) -> KeptProofs:
    found = open_proofs(course)
    assert found is not None
    return found


def test_a_test_that_changes_on_the_way_leaves_nothing_kept(
    course: Course, proven: list[str]
) -> None:
    def change(proof: Proof) -> None:
        if proof.solution.startswith("right"):
            append(f"grader_tests/ps7/test_{proof.exercise}.py")(course)

    prove(course, ["ps7"], only="f1", kept=kept(course), report=change)
    assert not any(proof.kept for proof in prove(course, ["ps7"], only="f1", kept=kept(course)))


def test_a_strange_record_is_proven_anew(
    course: Course, proven: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    run(course)
    lesson = course.lesson("ps7")
    found = kept(course)
    key = found._keys.of_proof(lesson, lesson.by_name["f1"])
    for strange in ({}, {"proofs": [{"grade": 1}]}, {"proofs": []}):
        found._store.put(key, strange)
        assert {proof.exercise for proof in run(course) if not proof.kept} == {"f1"}
    assert caplog.text.count("not of the expected form") == 2


def test_the_command_says_how_many_were_kept(
    course: Course,
    proven: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(course.root)
    monkeypatch.setenv("COLUMNS", "150")
    assert main(["prove"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "8 of 8 solutions came out as expected"
    append("grader_tests/ps7/test_f1.py")(course)
    assert main(["prove"]) == 0
    printed = capsys.readouterr().out
    assert "ps7 f1: reference" in printed
    assert "ps7 f2: " not in printed
    assert "8 of 8 solutions came out as expected, 4 of them in an earlier run" in printed
    assert main(["prove", "--seed", "1"]) == 0
    assert "earlier run" not in capsys.readouterr().out
    assert main(["prove", "--fresh"]) == 0
    assert "earlier run" not in capsys.readouterr().out


def test_real_proofs_are_kept(course: Course) -> None:
    first = prove(course, ["ps7"], only="f1", jobs=1, kept=kept(course))
    assert all(proof.ok for proof in first), first
    again = prove(course, ["ps7"], only="f1", jobs=1, kept=kept(course))
    assert all(proof.kept for proof in again)
    assert [proof.to_json() | {"kept": False} for proof in again] == [
        proof.to_json() for proof in first
    ]
