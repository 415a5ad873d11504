"""Which exercises of a notebook are checked again, and that nothing else can have decided them."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from nbformat import NotebookNode, v4

from jaxercise.course.lesson import Course
from jaxercise.grading import session as session_module
from jaxercise.grading.grader import Grader
from jaxercise.grading.judge import Judge
from jaxercise.grading.judged import Judged, Known
from jaxercise.grading.store import RecordStore
from jaxercise.grading.worker_server import WorkerOptions
from jaxercise.inside.scratch import Scratch
from jaxercise.sandbox.kernel import Kernel
from tests.small_course import DRAW, RIGHT, make_course, submission

pytestmark = pytest.mark.slow

STUBS = Path(__file__).parent / "stubs"
OPTIONS = WorkerOptions(judge="passing_judge:PassingJudge")
NAMES = ("f1", "f2", "f3")
HELPER = "def helper():\n    return 1\n"
ALL = "f1 f2 f3 cells"


class Class:
    """A course, a store and a notebook; `checked` says what the last grading had to find out."""

    def __init__(self, root: Path) -> None:
        self.root, self.options = root / "course", OPTIONS
        make_course(self.root, NAMES)
        for place in ("grader_tests/ps7/helper.py", "grader_tests/shared.py", "reference/s.py"):
            (self.root / place).write_text(HELPER)
        self.store = RecordStore(root / "records")
        lesson = Course(self.root).lesson("ps7")
        self.notebook = submission(lesson, {n: RIGHT.replace("NAME", n) for n in NAMES})

    def grade(self) -> Any:
        grade, notebook = Grader(self.root, self.options, store=self.store).grade(
            self.notebook, "ps7", "ada"
        )
        return replace(grade, seconds={}), notebook

    def checked(self) -> str:
        before = self._lines()
        self.grade()
        new = self._lines()[len(before) :]
        return new[0] if new else "nothing"

    def _lines(self) -> list[str]:
        path = self.root / "checked"
        return path.read_text().splitlines() if path.exists() else []

    def cell(self, name: str) -> NotebookNode:
        (found,) = [one for one in self.notebook.cells if one.id == name]
        return found

    def own_cell(self, before: str | None, source: str) -> None:
        at = len(self.notebook.cells)
        if before is not None:
            at = [one.id for one in self.notebook.cells].index(before)
        self.notebook.cells.insert(at, v4.new_code_cell(source))

    def append(self, name: str) -> None:
        with (self.root / name).open("a") as file:
            file.write("\nUSED_BY_A_TEST = 2\n")

    def edit(self, name: str, old: str, new: str) -> None:
        text = (self.root / name).read_text()
        assert old in text
        (self.root / name).write_text(text.replace(old, new))


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Class:
    monkeypatch.setenv("PYTHONPATH", str(STUBS))
    return Class(tmp_path)


def _answer(small: Class, name: str) -> None:
    small.cell(name).source += "\n# another comment"


CHANGES: dict[str, tuple[Any, str]] = {
    "nothing": (lambda _: None, "nothing"),
    "the first hidden test": (lambda c: c.append("grader_tests/ps7/test_f1.py"), "f1"),
    "the second hidden test": (lambda c: c.append("grader_tests/ps7/test_f2.py"), "f2"),
    "the last hidden test": (lambda c: c.append("grader_tests/ps7/test_f3.py"), "f3"),
    "a title of a hidden test": (
        lambda c: c.edit("grader_tests/ps7/test_f2.py", "Twice as much", "Doubled"),
        "f2",
    ),
    "a helper beside them": (lambda c: c.append("grader_tests/ps7/helper.py"), "f1 f2 f3"),
    "a helper of all tests": (lambda c: c.append("grader_tests/shared.py"), "f1 f2 f3"),
    "the reference": (lambda c: c.append("reference/ps7.py"), "f1 f2 f3"),
    "what references share": (lambda c: c.append("reference/s.py"), "f1 f2 f3"),
    "the first answer": (lambda c: _answer(c, "f1"), ALL),
    "the second answer": (lambda c: _answer(c, "f2"), "f2 f3 cells"),
    "the last answer": (lambda c: _answer(c, "f3"), "f3 cells"),
    "an own cell in between": (lambda c: c.own_cell("f3", "print(1)"), ALL),
    "an own cell at the end": (lambda c: c.own_cell(None, "print(1)"), ALL),
    "an own cell's text": (lambda c: c.own_cell(None, "late = 1"), ALL),
    "a given cell": (lambda c: c.edit("lessons/ps7.md", "rate = 0.1", "rate = 0.2"), ALL),
    "a value of the fresh run": (lambda c: c.edit("lessons/ps7.md", '"0.37"', '"0.38"'), ALL),
    "the seed": (lambda c: setattr(c, "options", replace(OPTIONS, seed=1)), ALL),
    "a limit": (lambda c: setattr(c, "options", replace(OPTIONS, cell_s=7.0)), ALL),
}


@pytest.mark.parametrize("what", CHANGES)
def test_what_did_not_change_is_not_found_out_again(small: Class, what: str) -> None:
    assert small.checked() == ALL
    change, expected = CHANGES[what]
    change(small)
    assert small.checked() == expected
    assert small.checked() == "nothing"


def test_a_cell_that_comes_too_late_decides_by_the_names_it_defines(small: Class) -> None:
    """Messages say that a name is defined, but later; what else stands there says nothing."""
    small.own_cell(None, "late = 1")
    assert small.checked() == ALL
    small.notebook.cells[-1].source = "late = 2"
    assert small.checked() == "cells"
    small.notebook.cells[-1].source = "other = 2"
    assert small.checked() == ALL


def test_the_environment_decides_all(small: Class, monkeypatch: pytest.MonkeyPatch) -> None:
    assert small.checked() == ALL
    monkeypatch.setenv("XLA_FLAGS", "--xla_cpu_enable_fast_math=true")
    assert small.checked() == ALL


@pytest.mark.parametrize("words", ["# inconclusive", "# crashed", "# disturbed"])
def test_parts_that_may_come_out_otherwise_are_not_kept(small: Class, words: str) -> None:
    small.cell("f1").source += f"\n{words}"
    assert small.checked() == ALL
    # What cells show was undisturbed, unless a process was ended.
    assert small.checked() == (ALL if words == "# disturbed" else "f1 f2 f3")


def test_a_damaged_or_strange_part_is_found_out_again(
    small: Class, caplog: pytest.LogCaptureFixture
) -> None:
    first = small.grade()
    keys = Grader(small.root, OPTIONS, store=small.store)
    prepared = keys.prepare(small.notebook, "ps7")
    parts = keys._keys.of_parts(prepared.mended.notebook, prepared.lesson)
    other = small.store.get(parts.exercises["f3"])
    assert other is not None
    for key, record, expected in (
        (parts.exercises["f1"], {"score": 100}, "f1"),
        (parts.exercises["f2"], other, "f2"),
        (parts.shown, {"outputs": [[]], "stops": []}, "cells"),
    ):
        small.store.put(key, record)
        small.store.drop(prepared.key, "so that parts are looked for")
        assert small.checked() == expected
    assert "not of the expected form" in caplog.text
    assert "not the outcome of f2" in caplog.text
    assert "not of this notebook's cells" in caplog.text
    assert small.grade() == first


# Below, the real judge.

LEAVES = """
import os, subprocess, sys
SEEN = []

def f1(x):
    SEEN.append(1)
    open("/tmp/left", "w").close()
    os.makedirs("/dev/shm/left/deep", exist_ok=True)
    subprocess.Popen(["/bin/sleep", "300"], start_new_session=True)
    return jnp.asarray(x) * 2
"""
FINDS = """
def f2(x):
    others = [p for p in os.listdir("/proc") if p.isdigit()]
    sleeping = any("sleep" in open(f"/proc/{p}/cmdline").read() for p in others)
    found = SEEN or os.path.exists("/tmp/left") or os.listdir("/dev/shm") or sleeping
    return jnp.asarray(x) * (3 if found else 2)
"""
LATE = "def f3(x):\n    return jnp.asarray(x) * late"


@pytest.fixture(scope="module")
def judge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Judge]:
    course = make_course(tmp_path_factory.mktemp("parts"), (*NAMES, "draw"))
    with Judge(course, spare=False) as judge:
        yield judge


def judged(judge: Judge, known: Known | None = None, **sources: str) -> Judged:
    lesson, _ = judge.cache.lesson("ps7")
    answers = {name: RIGHT.replace("NAME", name) for name in NAMES} | {"draw": DRAW}
    notebook = submission(lesson, answers | sources)
    notebook.cells.append(v4.new_code_cell("late = 2", id="late"))
    return judge.judge_notebook(notebook, "ps7", "x", known)


def scores(judged: Judged) -> dict[str, float]:
    return {outcome.exercise: outcome.score for outcome in judged.grade.exercises}


def test_what_hidden_tests_call_leaves_nothing_for_the_next_exercise(judge: Judge) -> None:
    found = judged(judge, f1=LEAVES, f2=FINDS)
    assert scores(found) == {"f1": 2, "f2": 3, "f3": 3, "draw": 3}
    assert found.by_itself == (*NAMES, "draw")


def test_slow_cells_are_not_executed_again_and_later_outcomes_are_not_kept_by_themselves(
    judge: Judge, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session_module, "_REPLAYED_S", 0.0)
    found = judged(judge, f1=LEAVES, f2=FINDS)
    assert scores(found)["f2"] < 3
    assert found.by_itself == ("f1",)
    assert [outcome.exercise for outcome in found.repeatable] == ["f1"]


def test_a_sandbox_that_cannot_be_emptied_is_ended_and_costs_nobody_anything(
    judge: Judge, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[Kernel] = []
    start = Kernel._start
    monkeypatch.setattr(Kernel, "_start", lambda kernel: (started.append(kernel), start(kernel)))
    down = "for _ in range(3000): os.mkdir('d'); os.chdir('d')"
    deep = f"import os\nhome = os.getcwd()\n{down}\nos.chdir(home)"
    found = judged(judge, None, **{"before f1": deep})
    assert scores(found) == dict.fromkeys((*NAMES, "draw"), 3)
    assert found.undisturbed
    assert len(started) > 1 or sys.version_info >= (3, 13)  # whose rmtree does not recurse


def test_a_verdict_from_parts_is_that_of_the_whole(judge: Judge) -> None:
    """The text of a lost check tells of a cell after it, and of one that stopped."""
    answers = {"f2": "1 / 0\n" + RIGHT.replace("NAME", "f2"), "f3": LATE}
    whole = judged(judge, None, **answers)
    assert "comes too late" in str(whole.grade)
    assert "ZeroDivisionError" in str(whole.grade)
    outcomes = {outcome.exercise: outcome for outcome in whole.repeatable}
    for again in NAMES:
        rest = {name: outcome for name, outcome in outcomes.items() if name != again}
        part = judged(judge, Known(rest, whole.shown), **answers)
        assert part.by_itself == (again,)
        assert part.shown is None
        same = replace(part, by_itself=whole.by_itself, shown=whole.shown)
        assert replace(same, grade=replace(part.grade, seconds=whole.grade.seconds)) == whole


def test_a_scratch_folder_keeps_what_was_there_first_and_loses_all_else(tmp_path: Path) -> None:
    inside, outside = tmp_path / "scratch", tmp_path / "outside"
    (inside / "first").mkdir(parents=True)
    outside.mkdir()
    (outside / "file").touch()
    scratch = Scratch((str(inside),))
    (inside / "first/later/deep").mkdir(parents=True)
    (inside / "first/file").touch()
    (inside / "link").symlink_to(outside)
    (inside / "lost").symlink_to("nowhere")
    os.mkfifo(inside / "pipe")
    scratch.empty()
    assert [path.name for path in inside.rglob("*")] == ["first"]
    assert (outside / "file").exists()
    assert not scratch.empty()
