from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import nbformat
import pytest

import jaxercise
from jaxercise.checks.outcome import (
    CheckOutcome,
    ConfinementError,
    ExerciseOutcome,
    Grade,
    Verdict,
)
from jaxercise.checks.render import APPEARANCE
from jaxercise.cli import terminal
from jaxercise.cli.commands import main
from jaxercise.course.lesson import Course
from jaxercise.grading.grader import Submission
from jaxercise.grading.kept_proofs import KeptProofs
from jaxercise.grading.solutions import known_solutions
from jaxercise.grading.store import RecordStore
from jaxercise.grading.worker import WorkerError
from jaxercise.grading.worker_server import WorkerOptions
from jaxercise.nbgrader.release import build

ROOT = Path(__file__).resolve().parent.parent
CHECKS = (
    CheckOutcome("adds", "correctness", Verdict.FAILED, 0, 2, "got [bold]3[/bold]", "Adds it."),
    CheckOutcome("is_pure", "purity", Verdict.BLOCKED, 0, 1, "blocked by adds"),
)
HALVES = CheckOutcome("halves", "correctness", Verdict.GRADER_ERROR, 0, 2.5)


@dataclass
class Calls:
    """What the commands handed to the judge, the proof and the demonstration."""

    made: list[Any] = field(default_factory=list)
    kept: list[bool] = field(default_factory=list)
    raises: Exception | None = None
    proofs: list[Any] = field(default_factory=list)


@dataclass(frozen=True)
class FakeProof:
    solution: str
    ok: bool
    message: str = ""
    assignment: str = "ps2"
    exercise: str = "add_tax"
    expected: str = "full marks"
    verdicts: dict[str, str] = field(default_factory=lambda: {"adds": "passed"})
    left_open: bool = False
    kept: bool = False

    def to_json(self) -> dict[str, Any]:
        return {"solution": self.solution, "ok": self.ok}


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> Calls:
    """Stands in for what starts JAX and sandboxes, which other tests cover."""
    calls = Calls()

    class FakeGrader:
        def __init__(
            self, root: Path, options: WorkerOptions, store: RecordStore | None, executor: object
        ) -> None:
            calls.kept.append(store is not None)
            calls.made.append((Course(root), options.confine, options.seed))

        def close(self) -> None:
            calls.made.append("closed")

        def judge_ahead(self, submissions: list[Submission], jobs: int | None) -> None:
            calls.made.append(([one.name for one in submissions], jobs))

        def grade(self, notebook: Any, assignment: str, name: str) -> tuple[Grade, None]:
            if calls.raises:
                raise calls.raises
            calls.made.append((len(notebook.cells), assignment, name))
            logging.getLogger("jaxercise").info("checking add_tax (1 of 2)")
            exercises = (ExerciseOutcome("add_tax", CHECKS), ExerciseOutcome("halve", (HALVES,)))
            return Grade(assignment, name, exercises, {}, ("A repair.",), ("A flag.",)), None

    def fake_prove(
        course: Course,
        assignments: list[str],
        jobs: int | None,
        only: str | None,
        seed: int,
        kept: KeptProofs | None,
        report: Any,
    ) -> list[Any]:
        assert kept is not None
        calls.made.append((assignments, jobs, only))
        for proof in calls.proofs:
            report(proof)
        return calls.proofs

    def fake_demo(course: Course, folder: Path, assignments: list[str], everyone: bool) -> int:
        calls.made.append((folder, assignments, everyone))
        return 3

    for module, name, stand_in in (
        ("grading.prove", "prove", fake_prove),
        ("cli.demo", "run_demo", fake_demo),
    ):
        fake = ModuleType(f"jaxercise.{module}")
        setattr(fake, name, stand_in)
        monkeypatch.setitem(sys.modules, fake.__name__, fake)
    monkeypatch.setattr("jaxercise.cli.grade.Grader", FakeGrader)
    return calls


@pytest.fixture
def inside(course: Course, monkeypatch: pytest.MonkeyPatch) -> Course:
    """The working folder is a course with built notebooks."""
    build(course)
    monkeypatch.chdir(course.root)
    monkeypatch.setenv("COLUMNS", "150")
    return course


RELEASED = "release/ps2/ps2.ipynb"


def test_a_build_says_what_it_wrote(inside: Course, capsys: pytest.CaptureFixture[str]) -> None:
    inside.release_file("ps2").unlink()
    assert main(["build"]) == 0
    assert capsys.readouterr().out == (
        "written: release/ps2/ps2.ipynb\nsource/ and release/ are up to date\n"
    )


def test_a_check_fails_and_says_what_is_stale(
    inside: Course, capsys: pytest.CaptureFixture[str]
) -> None:
    inside.release_file("ps2").write_text("{}")
    extra = inside.root / "source" / "old.ipynb"
    extra.write_text("{}")
    assert main(["build", "--check"]) == 1
    assert capsys.readouterr().out == (
        "stale: release/ps2/ps2.ipynb (run a build)\n"
        "extra: source/old.ipynb (belongs to no lesson: delete it)\n"
    )
    assert inside.release_file("ps2").read_text() == "{}"


def test_a_check_of_a_fresh_build_passes(inside: Course) -> None:
    assert main(["build", "--check"]) == 0


@pytest.mark.parametrize("command", ["build", "prove", "demo"])
def test_a_course_without_lessons_is_an_error(
    inside: Course, calls: Calls, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    (inside.root / "lessons" / "ps2.md").unlink()
    assert main([command]) == 2
    assert capsys.readouterr().err.endswith(
        "/lessons: no lesson here; one is a file such as ps1.md\n"
    )
    assert calls.made == []


@pytest.mark.parametrize("command", [["build"], ["grade", "x.ipynb"], ["prove"], ["demo"]])
def test_outside_a_course_one_line_says_so(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    command: list[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(command) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith(f"jaxercise: {tmp_path}: no course here or above")
    assert printed.err.count("\n") == 1


def test_a_grade_is_printed_as_a_table(
    inside: Course, calls: Calls, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["grade", RELEASED]) == 0
    assert calls.made == [(inside, True, 0), (12, "ps2", RELEASED), "closed"]
    printed = capsys.readouterr().out
    for part in (
        f"ps2: {RELEASED}",
        "add_tax",
        "0/3",
        "Adds it.",
        "correctness",
        "failed",
        "0/2",
        "got [bold]3[/bold]",
        "is_pure",
        "blocked by adds",
        "grader error",
        "0 of 5.5 points",
        "to be graded by hand: halve",
        "mended: A repair.",
        "to look at: A flag.",
    ):
        assert part in printed


def test_grading_says_what_it_is_doing(
    inside: Course, calls: Calls, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["grade", RELEASED]) == 0
    assert capsys.readouterr().err == "jaxercise: checking add_tax (1 of 2)\n"
    logger = logging.getLogger("jaxercise")
    assert (logger.level, logger.handlers) == (logging.NOTSET, [])


def test_seed_and_confinement_reach_the_judge(inside: Course, calls: Calls) -> None:
    assert main(["grade", RELEASED, "--seed", "7", "--unconfined"]) == 0
    assert calls.made[0] == (inside, False, 7)


def test_json_on_standard_output_is_all_there_is(
    inside: Course, calls: Calls, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["grade", RELEASED, "--json", "-"]) == 0
    printed = capsys.readouterr()
    record = json.loads(printed.out)
    assert (record["score"], record["max_score"]) == (0, 5.5)
    assert record["exercises"][0]["checks"][0]["verdict"] == "failed"
    assert "0 of 5.5 points" in printed.err


def test_json_goes_to_a_file_beside_the_table(
    inside: Course, calls: Calls, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["grade", RELEASED, "--json", "grade.json"]) == 0
    assert Grade.from_json(json.loads(Path("grade.json").read_text())).notebook == RELEASED
    assert "0 of 5.5 points" in capsys.readouterr().out


@pytest.mark.parametrize("target", ["nowhere/grade.json", "release"])
def test_nowhere_to_write_is_told_before_grading(
    inside: Course, calls: Calls, capsys: pytest.CaptureFixture[str], target: str
) -> None:
    assert main(["grade", RELEASED, "--json", target]) == 2
    expected = f"jaxercise: --json: {target} is a folder, or its folder does not exist\n"
    assert capsys.readouterr().err == expected
    assert calls.made == []


def strip_ids(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    for number, cell in enumerate(notebook.cells):
        cell.id, cell.metadata = f"random-{number}", nbformat.NotebookNode()
    nbformat.write(notebook, path)


@pytest.mark.parametrize("name", ["ps2.ipynb", "alice_ps2 (1).ipynb", "ps2-final.ipynb"])
def test_without_ids_the_file_name_tells_the_assignment(
    inside: Course, calls: Calls, name: str
) -> None:
    path = inside.root / name
    path.write_bytes(inside.release_file("ps2").read_bytes())
    strip_ids(path)
    assert main(["grade", name]) == 0
    assert calls.made[1][1] == "ps2"


def test_an_assignment_that_nothing_tells_is_asked_for(
    inside: Course, calls: Calls, capsys: pytest.CaptureFixture[str]
) -> None:
    path = inside.root / "homework_ps22.ipynb"
    path.write_bytes(inside.release_file("ps2").read_bytes())
    strip_ids(path)
    assert main(["grade", path.name]) == 2
    assert capsys.readouterr().err == (
        "jaxercise: homework_ps22.ipynb: cannot tell the assignment, neither by the cells' ids "
        "nor by the file's name; add --assignment with one of ps2\n"
    )
    assert main(["grade", path.name, "--assignment", "ps2"]) == 0


def test_a_notebook_of_no_assignment_here_is_refused(
    inside: Course, calls: Calls, capsys: pytest.CaptureFixture[str]
) -> None:
    path = inside.root / "ps2.ipynb"
    path.write_text(inside.release_file("ps2").read_text().replace("ps2-", "ps9-"))
    assert main(["grade", "ps2.ipynb"]) == 2
    assert capsys.readouterr().err == (
        "jaxercise: ps2.ipynb: this is a notebook of ps9, which is not in this course; "
        "there are ps2\n"
    )


def test_an_unknown_assignment_is_refused_before_the_judge_starts(
    inside: Course, calls: Calls, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["grade", RELEASED, "--assignment", "ps7"]) == 2
    assert "no assignment 'ps7'" in capsys.readouterr().err
    assert calls.made == []


def test_an_unreadable_notebook_is_one_line(
    inside: Course, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["grade", "nope.ipynb"]) == 2
    assert capsys.readouterr().err == "jaxercise: nope.ipynb: no such file\n"


def test_a_host_that_cannot_confine_is_one_line(
    inside: Course, calls: Calls, capsys: pytest.CaptureFixture[str]
) -> None:
    calls.raises = ConfinementError("switch on user namespaces")
    assert main(["grade", RELEASED]) == 2
    assert capsys.readouterr().err == "jaxercise: switch on user namespaces\n"
    assert calls.made[-1] == "closed"


def test_a_grader_that_broke_is_told_and_is_no_table(
    inside: Course, calls: Calls, capsys: pytest.CaptureFixture[str]
) -> None:
    calls.raises = WorkerError("the grading process died twice")
    assert main(["grade", RELEASED]) == 2
    assert capsys.readouterr() == ("", "jaxercise: the grading process died twice\n")


def hand_in(inside: Course, *students: str) -> None:
    for student in students:
        path = inside.root / "submitted" / student / "ps2" / "ps2.ipynb"
        path.parent.mkdir(parents=True)
        path.write_bytes(inside.release_file("ps2").read_bytes())


def test_a_folder_of_notebooks_becomes_a_record_each_and_a_summary(
    inside: Course, calls: Calls, capsys: pytest.CaptureFixture[str]
) -> None:
    hand_in(inside, "ada", "bob")
    copied = inside.root / "submitted/ada/ps2/.ipynb_checkpoints/ps2-checkpoint.ipynb"
    copied.parent.mkdir()
    copied.touch()
    (inside.root / "submitted/bob/ps2/broken.ipynb").write_text("{")
    assert main(["grade", "submitted", "--jobs", "3", "--json", "grades"]) == 1
    names = ["submitted/ada/ps2/ps2.ipynb", "submitted/bob/ps2/ps2.ipynb"]
    assert calls.made[1] == (names, 3)
    assert calls.made[-1] == "closed"
    found = {str(path.relative_to("grades")) for path in Path("grades").rglob("*.json")}
    assert found == {"ada/ps2/ps2.json", "bob/ps2/ps2.json", "summary.json"}
    record = Grade.from_json(json.loads(Path("grades/ada/ps2/ps2.json").read_text()))
    assert record.notebook == names[0]
    *rows, refused = json.loads(Path("grades/summary.json").read_text())
    row = {"assignment": "ps2", "score": 0, "max_score": 5.5, "needs_a_person": ["halve"]}
    assert rows == [{"notebook": name, **row} for name in names]
    assert refused["notebook"] == "submitted/bob/ps2/broken.ipynb"
    assert "not JSON" in refused["error"]
    printed = capsys.readouterr().out.splitlines()
    assert printed[0] == f"{names[0]}: 0 of 5.5 points; to be graded by hand: halve"
    assert printed[2].startswith("submitted/bob/ps2/broken.ipynb: not JSON")


def test_several_notebooks_need_a_folder_for_their_records(
    inside: Course, calls: Calls, capsys: pytest.CaptureFixture[str]
) -> None:
    hand_in(inside, "ada")
    assert main(["grade", RELEASED, "submitted", "--json", "-"]) == 2
    assert capsys.readouterr().err == (
        "jaxercise: --json -: for several notebooks, name a folder\n"
    )
    assert main(["grade", "grader_tests"]) == 2
    assert "no notebook in grader_tests" in capsys.readouterr().err
    assert calls.made == []


def test_verdicts_are_kept_unless_told_otherwise(
    inside: Course, calls: Calls, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("JAXERCISE_VERDICTS", str(tmp_path / "records"))
    assert main(["grade", RELEASED]) == 0
    assert main(["grade", RELEASED, "--no-kept"]) == 0
    monkeypatch.setenv("JAXERCISE_VERDICTS", "none")
    assert main(["grade", RELEASED]) == 0
    assert calls.kept == [True, False, False]


def test_a_fault_of_ours_is_not_hidden(inside: Course, calls: Calls) -> None:
    calls.raises = ZeroDivisionError("ours")
    with pytest.raises(ZeroDivisionError, match="ours"):
        main(["grade", RELEASED])


def test_a_missing_library_is_told_with_the_way_to_install_it(
    inside: Course, calls: Calls, capsys: pytest.CaptureFixture[str]
) -> None:
    calls.raises = ModuleNotFoundError("No module named 'rich'", name="rich")
    assert main(["grade", RELEASED]) == 2
    assert capsys.readouterr().err == (
        "jaxercise: this command needs rich, which is not installed; run pip install "
        "'jaxercise[grader]'\n"
    )
    calls.raises = ModuleNotFoundError("No module named 'flax'", name="flax")
    with pytest.raises(ModuleNotFoundError):
        main(["grade", RELEASED])


def test_a_proof_prints_every_row_and_succeeds(
    inside: Course, calls: Calls, capsys: pytest.CaptureFixture[str]
) -> None:
    calls.proofs = [FakeProof("reference", True), FakeProof("wrong: loops [sic]", True)]
    assert main(["prove"]) == 0
    assert calls.made == [(["ps2"], None, None)]
    assert capsys.readouterr().out == (
        "ok   ps2 add_tax: reference  adds passed\n"
        "ok   ps2 add_tax: wrong: loops [sic]  adds passed\n"
        "2 of 2 solutions came out as expected\n"
    )


def test_a_proof_that_fails_says_where_and_exits_with_one(
    inside: Course, calls: Calls, capsys: pytest.CaptureFixture[str]
) -> None:
    calls.proofs = [FakeProof("reference", True), FakeProof("wrong: loops", False, "it passed")]
    assert main(["prove", "ps2", "--jobs", "2", "--exercise", "add_tax"]) == 1
    assert calls.made == [(["ps2"], 2, "add_tax")]
    assert capsys.readouterr().out.splitlines()[1:] == [
        "NOT  ps2 add_tax: wrong: loops  adds passed",
        "     it passed",
        "NOT as expected: ps2 add_tax: wrong: loops: it passed",
        "1 of 2 solutions came out as expected",
    ]


def test_a_race_that_nobody_could_decide_is_named_and_is_no_failure(
    inside: Course, calls: Calls, capsys: pytest.CaptureFixture[str]
) -> None:
    calls.proofs = [FakeProof("reference", True), FakeProof("slow", False, left_open=True)]
    assert main(["prove"]) == 0
    printed = capsys.readouterr().out
    assert "left open: ps2 add_tax: slow: this machine was too busy to time it" in printed
    assert "1 of 2 solutions came out as expected" in printed


def test_a_proof_of_nothing_is_no_success(inside: Course, calls: Calls) -> None:
    assert main(["prove"]) == 1


def test_a_proof_as_json_leaves_the_matrix_to_the_other_stream(
    inside: Course, calls: Calls, capsys: pytest.CaptureFixture[str]
) -> None:
    calls.proofs = [FakeProof("reference", True)]
    assert main(["prove", "--json", "-"]) == 0
    printed = capsys.readouterr()
    assert json.loads(printed.out) == [{"solution": "reference", "ok": True}]
    assert "1 of 1 solutions" in printed.err


def test_a_proof_of_an_unknown_exercise_is_refused(
    inside: Course, calls: Calls, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["prove", "--exercise", "add_tacks"]) == 2
    assert capsys.readouterr().err == (
        "jaxercise: no exercise 'add_tacks' in the assignments to prove\n"
    )
    assert calls.made == []


@pytest.mark.parametrize("jobs", ["0", "-1", "many"])
def test_a_number_of_jobs_that_is_none_is_refused(inside: Course, jobs: str) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["prove", "--jobs", jobs])
    assert caught.value.code == 2


def test_the_demonstration_gets_folder_and_assignments(inside: Course, calls: Calls) -> None:
    assert main(["demo"]) == 3
    assert main(["demo", "--folder", "there", "--assignments", "ps2", "--everyone"]) == 3
    assert calls.made == [(inside.root / "demo", ["ps2"], False), (Path("there"), ["ps2"], True)]
    assert main(["demo", "--assignments", "ps7"]) == 2


def test_the_demonstration_takes_the_first_assignment_or_all(
    course: Course, calls: Calls, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(course.root)
    assert main(["new", "set", "ps10"]) == 0
    assert main(["new", "exercise", "ps10", "twice"]) == 0
    assert [main(["demo"]), main(["demo", "--all"])] == [3, 3]
    assert [assignments for _, assignments, _ in calls.made] == [["ps2"], ["ps2", "ps10"]]
    with pytest.raises(SystemExit):
        main(["demo", "--all", "--assignments", "ps2"])


def test_ctrl_c_ends_a_command_without_a_traceback(
    inside: Course,
    calls: Calls,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def interrupted(*arguments: Any, **options: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(sys.modules["jaxercise.grading.prove"], "prove", interrupted)
    assert main(["prove"]) == 130
    assert capsys.readouterr().err == ""


COMMANDS = [[], ["build"], ["grade"], ["verdicts"], ["prove"], ["demo"], ["new"]]
COMMANDS += [["new", "course"], ["new", "set"], ["new", "exercise"]]


@pytest.mark.parametrize("command", COMMANDS)
def test_help_needs_neither_a_course_nor_a_library(tmp_path: Path, command: list[str]) -> None:
    package = Path(jaxercise.__file__).parents[1]
    # Only the standard library and jaxercise can be imported: -S leaves out site-packages.
    done = subprocess.run(
        [sys.executable, "-S", "-m", "jaxercise", *command, "--help"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(package)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(" ".join(["usage: jaxercise", *command]))
    assert "examples:" in done.stdout


def test_no_command_is_answered_with_the_usage(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main([])
    assert caught.value.code == 2
    assert "the following arguments are required: COMMAND" in capsys.readouterr().err


def test_a_new_course_builds_and_is_known_by_its_own_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "analysis"
    assert main(["new", "course", str(folder)]) == 0
    printed = capsys.readouterr().out
    assert f"written: {folder}" in printed
    assert f"cd {folder}" in printed
    assert (folder / ".gitignore").is_file()
    monkeypatch.chdir(folder)
    assert main(["build"]) == 0
    course = Course(folder)
    assert course.assignments() == ["hw1"]
    known = known_solutions(course, "hw1", course.lesson("hw1").exercises[0])
    assert {solution.title.partition(":")[0] for solution in known} >= {"right", "wrong"}
    assert (folder / "nbgrader_config.py").read_text() == (ROOT / "nbgrader_config.py").read_text()
    assert main(["new", "course", str(folder)]) == 2
    assert "is not empty; name a folder that does not exist yet" in capsys.readouterr().err


def test_every_verdict_has_looks_on_a_page_and_on_a_terminal() -> None:
    assert set(APPEARANCE) == set(terminal._STYLES) == set(Verdict)
