"""Which verdicts are taken from earlier gradings, which are made anew, and by how many judges."""

from __future__ import annotations

import copy
import json
import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from nbformat import NotebookNode, v4

from jaxercise.checks.outcome import Grade, SubmissionError, Verdict
from jaxercise.course.lesson import Course
from jaxercise.grading import environment, files
from jaxercise.grading.grader import Grader, Submission
from jaxercise.grading.pool import JudgePool
from jaxercise.grading.progress import shown
from jaxercise.grading.store import RecordStore
from jaxercise.grading.worker import Worker, WorkerError
from jaxercise.grading.worker_server import WorkerOptions
from tests.records import whole_verdicts
from tests.small_course import RIGHT, make_course, submission

STUBS = Path(__file__).parent / "stubs"
OPTIONS = WorkerOptions(judge="passing_judge:PassingJudge")
NAMES = ("f1", "f2")
HELPER = "def helper():\n    return 1\n"


@pytest.fixture(scope="module", autouse=True)
def _stubs() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(STUBS))
        yield


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course of one assignment and a page of another, never written to by a test."""
    root = tmp_path_factory.mktemp("made")
    make_course(root, NAMES)
    lesson = (root / "lessons/ps7.md").read_text()
    for name in ("lessons/ps8.md", "reference/ps8.py", "grader_tests/ps8/test_f1.py"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        source = (root / name.replace("ps8", "ps7")).read_text()
        (root / name).write_text(source)
    (root / "lessons/ps8.md").write_text(lesson.split("## f2")[0])
    (root / "reference/ps8.py").write_text(
        (root / "reference/ps7.py").read_text().split("# %% f2")[0]
    )
    return root


class Kept:
    """A course, a store and a notebook; `same` says whether its verdict is still the same one."""

    def __init__(self, root: Path, store: RecordStore) -> None:
        self.root, self.store = root, store
        self.options = OPTIONS
        self.lesson = Course(root).lesson("ps7")
        self.sources = {name: RIGHT.replace("NAME", name) for name in NAMES}
        self.notebook = submission(self.lesson, self.sources)

    def grader(self, **options: Any) -> Grader:
        return Grader(self.root, replace(self.options, **options), store=self.store)

    def key(self) -> str:
        return self.grader().prepare(self.notebook, "ps7").key

    def edit(self, name: str, old: str, new: str) -> None:
        text = (self.root / name).read_text()
        assert old in text
        (self.root / name).write_text(text.replace(old, new))


@pytest.fixture
def kept(made: Path, tmp_path: Path) -> Kept:
    root = tmp_path / "course"
    for part in ("lessons", "reference", "grader_tests"):
        for path in (made / part).rglob("*.*"):
            target = root / path.relative_to(made)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    (root / "grader_tests/ps7/helper.py").write_text(HELPER)
    (root / "grader_tests/shared.py").write_text(HELPER)
    (root / "reference/shared.py").write_text(HELPER)
    return Kept(root, RecordStore(tmp_path / "records"))


def asked(root: Path) -> list[str]:
    """The names of the submissions that a judge was asked for, in order."""
    path = root / "asked"
    return [line.split()[1] for line in path.read_text().splitlines()] if path.exists() else []


def cell(kept: Kept, name: str) -> NotebookNode:
    (found,) = [one for one in kept.notebook.cells if one.id == name]
    return found


def _append(name: str) -> Callable[[Kept, pytest.MonkeyPatch], None]:
    def change(kept: Kept, _: pytest.MonkeyPatch) -> None:
        with (kept.root / name).open("a") as file:
            file.write("\nUSED_BY_A_TEST = 2\n")

    return change


def _edit(name: str, old: str, new: str) -> Callable[[Kept, pytest.MonkeyPatch], None]:
    return lambda kept, _: kept.edit(name, old, new)


def _option(**options: Any) -> Callable[[Kept, pytest.MonkeyPatch], None]:
    def change(kept: Kept, _: pytest.MonkeyPatch) -> None:
        kept.options = replace(kept.options, **options)

    return change


def _source(kept: Kept, _: pytest.MonkeyPatch) -> None:
    cell(kept, "f1").source += "\n# another comment"


def _own_cell(kept: Kept, _: pytest.MonkeyPatch) -> None:
    kept.notebook.cells.insert(3, v4.new_code_cell("x = 1"))


def _moved_text(kept: Kept, _: pytest.MonkeyPatch) -> None:
    """The same text in all, cut elsewhere."""
    first, second = cell(kept, "f1"), cell(kept, "f2")
    first.source, second.source = first.source + "\n" + second.source, ""


def _exchanged(kept: Kept, _: pytest.MonkeyPatch) -> None:
    first, second = cell(kept, "f1"), cell(kept, "f2")
    first.source, second.source = second.source, first.source


def _library(kept: Kept, patch: pytest.MonkeyPatch) -> None:
    library = kept.root.parent / "library"
    library.mkdir()
    (library / "judge.py").write_text("x = 1")
    patch.setattr(files, "LIBRARY", library)


def _package(kept: Kept, patch: pytest.MonkeyPatch) -> None:
    package = kept.root.parent / "packages/jax-99.0.dist-info"
    package.mkdir(parents=True)
    (package / "METADATA").write_text("Metadata-Version: 2.1\nName: jax\nVersion: 99.0\n")
    patch.syspath_prepend(kept.root.parent / "packages")


def _processor(kept: Kept, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(environment, "_processor", lambda: "another processor")


def _cpus(kept: Kept, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(os, "sched_getaffinity", lambda _: set(range(99)))


def _python(kept: Kept, patch: pytest.MonkeyPatch) -> None:
    patch.setattr("sys.version", sys.version.replace("3.", "4.", 1))


def _variable(kept: Kept, patch: pytest.MonkeyPatch) -> None:
    patch.setenv("XLA_FLAGS", "--xla_cpu_enable_fast_math=true")


def _plots(kept: Kept, _: pytest.MonkeyPatch) -> None:
    kept.edit("lessons/ps8.md", "# Twice", "# Twice\n\nDrawn with matplotlib.")


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(_source, id="an answer"),
        pytest.param(_own_cell, id="a cell of the student's own"),
        pytest.param(_moved_text, id="text moved to another cell"),
        pytest.param(_exchanged, id="two answers exchanged"),
        pytest.param(_append("grader_tests/ps7/test_f1.py"), id="a hidden test"),
        pytest.param(_append("grader_tests/ps7/helper.py"), id="a helper beside it"),
        pytest.param(_append("grader_tests/shared.py"), id="a helper of all tests"),
        pytest.param(_append("reference/ps7.py"), id="the reference"),
        pytest.param(_append("reference/shared.py"), id="what references share"),
        pytest.param(_edit("lessons/ps7.md", "rate = 0.1", "rate = 0.2"), id="a given cell"),
        pytest.param(_edit("lessons/ps7.md", '"0.37"', '"0.38"'), id="a value of the fresh run"),
        pytest.param(_edit("lessons/ps7.md", "Return the answer", "Twice"), id="the starter"),
        pytest.param(_library, id="the library"),
        pytest.param(_package, id="an installed package"),
        pytest.param(_processor, id="the kind of machine"),
        pytest.param(_cpus, id="how many CPUs"),
        pytest.param(_python, id="Python"),
        pytest.param(_variable, id="a variable that XLA reads"),
        pytest.param(_plots, id="whether matplotlib is there"),
        pytest.param(_option(seed=1), id="the seed"),
        pytest.param(_option(cell_s=7.0), id="a cell's limit"),
        pytest.param(_option(notebook_s=77.0), id="the notebook's limit"),
        pytest.param(_option(judge="stub_judge:StubJudge"), id="the judge"),
    ],
)
def test_another_verdict_is_asked_for_where_anything_that_decides_it_changes(
    kept: Kept, monkeypatch: pytest.MonkeyPatch, change: Callable[..., None]
) -> None:
    before = kept.key()
    assert kept.key() == before
    change(kept, monkeypatch)
    assert kept.key() != before


def _prose(kept: Kept, _: pytest.MonkeyPatch) -> None:
    prose = next(one for one in kept.notebook.cells if one.cell_type == "markdown")
    prose.source += "\n\nA note of mine."


def _marks(kept: Kept, _: pytest.MonkeyPatch) -> None:
    """Points, locks and whatever a student may write beside the cells."""
    for one in kept.notebook.cells:
        one.metadata.setdefault("nbgrader", {})["points"] = 1000
        one.metadata["jaxercise"] = {"key": "0" * 64, "needs_a_person": False}
    kept.notebook.metadata["jaxercise"] = {"key": "0" * 64, "grade": {"score": 1000}}


def _outputs(kept: Kept, _: pytest.MonkeyPatch) -> None:
    for one in kept.notebook.cells:
        if one.cell_type == "code":
            one.outputs = [v4.new_output("stream", text="ten of ten")]
            one.execution_count = 99


def _touch(kept: Kept, _: pytest.MonkeyPatch) -> None:
    os.utime(kept.root / "grader_tests/ps7/test_f1.py", (1, 1))


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(_prose, id="prose in the notebook"),
        pytest.param(_marks, id="marks and metadata"),
        pytest.param(_outputs, id="outputs"),
        pytest.param(_edit("lessons/ps7.md", "# Twice", "# Two times"), id="prose in the lesson"),
        pytest.param(_append("grader_tests/ps8/test_f1.py"), id="another assignment's test"),
        pytest.param(_append("reference/ps8.py"), id="another assignment's reference"),
        pytest.param(_touch, id="a file touched"),
        pytest.param(_option(reply_timeout_s=9.0), id="patience with the judge"),
        pytest.param(_option(spare=False), id="a spare sandbox"),
    ],
)
def test_a_verdict_stays_the_same_where_nothing_that_decides_it_changes(
    kept: Kept, monkeypatch: pytest.MonkeyPatch, change: Callable[..., None]
) -> None:
    before = kept.key()
    change(kept, monkeypatch)
    assert kept.key() == before


def plain(judged: tuple[Grade, NotebookNode]) -> Any:
    grade, notebook = judged
    return grade.to_json(), notebook


def test_an_unchanged_notebook_starts_no_judge(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    first = kept.grader().grade(kept.notebook, "ps7", "ada")
    assert asked(kept.root) == ["ada"]

    def never(*_: object) -> None:
        raise AssertionError("a grading process was started")

    monkeypatch.setattr("jaxercise.grading.worker._Process.start", never)
    assert plain(kept.grader().grade(kept.notebook, "ps7", "ada")) == plain(first)
    assert asked(kept.root) == ["ada"]


LOOK = """
import os

for folder in FOLDERS:
    print("seen" if os.path.exists(folder) else "not there")
"""


def test_the_real_judge_is_believed_once_and_the_store_is_not_in_the_sandbox(kept: Kept) -> None:
    folders = [str(kept.store.folder), str(kept.store.folder.parent), str(Path.home() / ".cache")]
    look = LOOK.replace("FOLDERS", repr(folders))
    kept.notebook.cells.insert(2, v4.new_code_cell(look))
    kept.options = WorkerOptions()
    grade, notebook = kept.grader().grade(kept.notebook, "ps7", "ada")
    assert grade.score == grade.max_score
    (shown,) = [one.outputs for one in notebook.cells if one.source == look]
    assert [output.text for output in shown] == ["not there\n" * 3]
    assert kept.store.contents().records == 1 + len(("cells", *NAMES))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("jaxercise.grading.worker._Process.start", lambda *_: pytest.fail("started"))
        again, same = kept.grader().grade(kept.notebook, "ps7", "bob")
    assert (replace(again, notebook="ada"), same) == (grade, notebook)


def test_a_kept_verdict_tells_of_the_submission_in_hand(kept: Kept) -> None:
    grader = kept.grader()
    grader.grade(kept.notebook, "ps7", "ada")
    cell(kept, "check_f1").source = "print('a check of my own')"
    prose = next(one for one in kept.notebook.cells if one.cell_type == "markdown")
    prose.source = "Mine."
    grade, notebook = grader.grade(kept.notebook, "ps7", "bob")
    assert asked(kept.root) == ["ada"]
    assert grade.notebook == "bob"
    assert any("check_f1" in repair or "f1" in repair for repair in grade.repairs)
    assert any(one.source == "Mine." for one in notebook.cells)
    assert "a check of my own" not in str(notebook)
    assert grade.score == grade.max_score > 0


@pytest.mark.parametrize(
    "words",
    ["# inconclusive", "# grader_error", "# timed_out", "# crashed", "# disturbed"],
)
def test_what_may_come_out_otherwise_is_not_kept(kept: Kept, words: str) -> None:
    cell(kept, "f1").source += f"\n{words}"
    for _ in range(2):
        kept.grader().grade(kept.notebook, "ps7", "ada")
    assert asked(kept.root) == ["ada", "ada"]
    assert whole_verdicts(kept.store.folder) == 0


@pytest.mark.parametrize("verdict", [Verdict.FAILED, Verdict.BLOCKED, Verdict.NOT_ATTEMPTED])
def test_what_was_decided_is_kept(kept: Kept, verdict: Verdict) -> None:
    cell(kept, "f1").source += f"\n# {verdict}"
    first, second = (kept.grader().grade(kept.notebook, "ps7", "ada")[0] for _ in range(2))
    assert first == second
    assert asked(kept.root) == ["ada"]


def test_a_verdict_during_which_a_test_changed_is_not_kept(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    grader = kept.grader()
    unchanged = Worker.judge

    def judge_and_change(*arguments: Any) -> Any:
        judged = unchanged(*arguments)
        kept.edit("grader_tests/ps7/test_f1.py", "times two", "twice")
        return judged

    with monkeypatch.context() as patch:
        patch.setattr(Worker, "judge", judge_and_change)
        grader.grade(kept.notebook, "ps7", "ada")
    assert whole_verdicts(kept.store.folder) == 0
    grader.grade(kept.notebook, "ps7", "ada")
    assert asked(kept.root) == ["ada", "ada"]


def test_unconfined_notebooks_neither_take_nor_keep(kept: Kept) -> None:
    kept.grader().grade(kept.notebook, "ps7", "ada")
    kept.grader(confine=False).grade(kept.notebook, "ps7", "ada")
    kept.grader(confine=False, seed=1).grade(kept.notebook, "ps7", "ada")
    assert asked(kept.root) == ["ada"] * 3
    assert whole_verdicts(kept.store.folder) == 1


def test_a_damaged_or_strange_record_is_judged_anew(
    kept: Kept, caplog: pytest.LogCaptureFixture
) -> None:
    grader = kept.grader()
    first = grader.grade(kept.notebook, "ps7", "ada")
    key = kept.key()
    for strange in ({}, {"grade": {"score": 100}, "cells": {}}, {"grade": None, "cells": []}):
        kept.store.put(key, strange)
        assert plain(grader.grade(kept.notebook, "ps7", "ada")) == plain(first)
    assert caplog.text.count("not of the expected form") == 3
    (path,) = kept.store.folder.glob(f"*/{key}.json")
    path.write_bytes(path.read_bytes().replace(b'"passed"', b'"failed"'))
    assert plain(grader.grade(kept.notebook, "ps7", "ada")) == plain(first)
    assert asked(kept.root) == ["ada"] * 5


def test_a_notebook_of_another_assignment_is_refused_before_anything_starts(kept: Kept) -> None:
    strange = v4.new_notebook(cells=[v4.new_code_cell("x = 1")])
    with pytest.raises(SubmissionError, match="not a notebook of ps7"):
        kept.grader().grade(strange, "ps7", "ada")
    assert asked(kept.root) == []


def class_of(kept: Kept, count: int, words: str = "# wait") -> list[Submission]:
    found: list[Submission] = []
    for n in range(count):
        notebook = copy.deepcopy(kept.notebook)
        (starter,) = [one for one in notebook.cells if one.id == "f1"]
        starter.source += f"\n{words} # of student {n}"
        found.append(Submission(notebook, "ps7", f"s{n}"))
    return found


@pytest.mark.parametrize("keeps", [True, False])
def test_a_batch_is_judged_by_several_processes_each_notebook_once(kept: Kept, keeps: bool) -> None:
    handed_in = class_of(kept, 4)
    grader = Grader(kept.root, OPTIONS, store=kept.store if keeps else None)
    assert grader.judge_ahead(handed_in, jobs=2) == 4
    for one in handed_in:
        grade, notebook = grader.grade(*one)
        assert grade.notebook == one.name
        assert any(f"student {one.name[1:]}" in code.source for code in notebook.cells)
    grader.close()
    assert sorted(asked(kept.root)) == ["s0", "s1", "s2", "s3"]
    pids = {line.split()[0] for line in (kept.root / "asked").read_text().splitlines()}
    assert len(pids) == 2
    assert whole_verdicts(kept.store.folder) == (4 if keeps else 0)


def test_of_a_batch_only_what_is_not_kept_is_judged(kept: Kept) -> None:
    handed_in = class_of(kept, 4, "")
    for one in handed_in[:2]:
        kept.grader().grade(*one)
    grader = kept.grader()
    twice = [*handed_in, handed_in[3]._replace(name="copied")]
    assert grader.judge_ahead(twice, jobs=2) == 2
    names = [grader.grade(*one)[0].notebook for one in twice]
    grader.close()
    assert names == ["s0", "s1", "s2", "s3", "copied"]
    assert sorted(asked(kept.root)) == ["s0", "s1", "s2", "s3"]
    again = kept.grader()
    assert again.judge_ahead(twice, jobs=2) == 0


def test_two_equal_notebooks_are_judged_once_even_where_keeping_is_slow(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    put = RecordStore.put

    def slowly(store: RecordStore, *record: Any) -> None:
        time.sleep(0.3)
        put(store, *record)

    monkeypatch.setattr(RecordStore, "put", slowly)
    handed_in = class_of(kept, 2, "")
    grader = kept.grader()
    assert grader.judge_ahead(handed_in, jobs=2) == 2
    for one in (*handed_in, handed_in[1]._replace(name="copied")):
        grader.grade(*one)
    grader.close()
    assert sorted(asked(kept.root)) == ["s0", "s1"]


def test_a_single_notebook_needs_no_pool(kept: Kept) -> None:
    threads = threading.active_count()
    grader = kept.grader()
    assert grader.judge_ahead(class_of(kept, 1), jobs=2) == 0
    assert threading.active_count() == threads


def test_one_that_kills_its_judge_costs_the_others_nothing(kept: Kept) -> None:
    handed_in = class_of(kept, 3, "")
    (starter,) = [one for one in handed_in[1].notebook.cells if one.id == "f1"]
    starter.source += "\n# die"
    grader = kept.grader()
    grader.judge_ahead(handed_in, jobs=2)
    assert grader.grade(*handed_in[0])[0].score > 0
    with pytest.raises(WorkerError, match="died twice over one submission"):
        grader.grade(*handed_in[1])
    assert grader.grade(*handed_in[2])[0].score > 0
    grader.close()
    assert whole_verdicts(kept.store.folder) == 2


def test_what_was_judged_before_an_interruption_is_kept(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutdown = JudgePool.shutdown

    def finish_what_has_begun(pool: JudgePool, **_: bool) -> None:
        shutdown(pool, wait=False, cancel_futures=True)
        (kept.root / "go").touch()
        shutdown(pool)

    monkeypatch.setattr(JudgePool, "shutdown", finish_what_has_begun)
    handed_in = [*class_of(kept, 1, ""), *class_of(kept, 6, "# hold")[1:]]
    grader = kept.grader()
    grader.judge_ahead(handed_in, jobs=2)
    grader.grade(*handed_in[0])
    while len(asked(kept.root)) < 3:  # Two are being judged by now, three wait.
        time.sleep(0.01)
    grader.close()
    assert sorted(asked(kept.root)) == ["s0", "s1", "s2"]
    assert whole_verdicts(kept.store.folder) == 3
    for one in handed_in:
        kept.grader().grade(*one)
    assert sorted(asked(kept.root)) == ["s0", "s1", "s2", "s3", "s4", "s5"]


def test_messages_are_those_of_the_notebook_in_hand(
    kept: Kept, caplog: pytest.LogCaptureFixture
) -> None:
    heard: list[str] = []
    handed_in = class_of(kept, 2, "")
    grader = kept.grader()
    caplog.set_level(logging.INFO, "jaxercise")
    with shown(lambda _, text: heard.append(text)):
        grader.judge_ahead(handed_in, jobs=2)
        for one in handed_in:
            grader.grade(*one)
    grader.close()
    assert caplog.messages.count("starting a grading process") == 2
    assert heard == []


def test_a_closed_pool_takes_nothing_and_cancels_what_waits() -> None:
    pool, begun, go_on = JudgePool(1), threading.Event(), threading.Event()

    def work() -> str:
        begun.set()
        go_on.wait(60)
        return "done"

    first, second = pool.submit(work), pool.submit(work)
    assert begun.wait(60)
    pool.shutdown(wait=False, cancel_futures=True)
    go_on.set()
    assert first.result(60) == "done"
    assert second.cancelled()
    with pytest.raises(RuntimeError, match="the pool of judges is closed"):
        pool.submit(work)
    failing = JudgePool(1)
    with pytest.raises(ZeroDivisionError):
        failing.submit(lambda: 1 / 0).result(60)
    failing.shutdown()


SURROUNDINGS = """
import json
from jaxercise.grading.environment import surroundings
print(json.dumps(surroundings()))
"""


def test_a_process_with_nbgrader_and_jax_makes_the_keys_of_one_without() -> None:
    def seen_by(*imports: str) -> dict[str, str]:
        code = "".join(f"import {name}\n" for name in imports) + SURROUNDINGS
        return json.loads(subprocess.check_output([sys.executable, "-P", "-c", code]))

    assert seen_by("jaxercise.nbgrader.plugin", "jax") == seen_by()
