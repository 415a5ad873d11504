"""What the course's own answers compile is served to sandboxes: only the time changes."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from jaxercise.checks.outcome import Grade
from jaxercise.course.build import source_notebook
from jaxercise.course.lesson import Course
from jaxercise.grading import precompile
from jaxercise.grading.judge import Judge
from jaxercise.grading.program_store import VARIABLE, CompiledPrograms, ProgramStore
from jaxercise.grading.verdict_key import SHOWN
from jaxercise.sandbox.limits import Limits
from jaxercise.wire.channel import Purpose
from jaxercise.wire.compiled import Lookup
from tests.small_course import WRONG, make_course, submission

pytestmark = pytest.mark.slow
PARTS = (SHOWN, "double", "draw")
LIMITS = Limits(cell_s=60, call_s=60, notebook_s=300)
# Shown: a value, and how many programs the process had to compile itself.
_SHOWS = """
```{code-cell} ipython3
:tags: [show]
import glob
print(jnp.arange(5).sum(), len(glob.glob("/tmp/compiled/*")))
```
"""


@dataclass
class Counted:
    """Programs that count who asks for them and whether they are there."""

    programs: CompiledPrograms
    found: Counter[tuple[str, bool]] = field(default_factory=Counter[tuple[str, bool]])

    def for_purpose(self, purpose: Purpose) -> Lookup | None:
        lookup = self.programs.for_purpose(purpose)
        self.found[purpose, lookup is not None] += 0
        if lookup is None:
            return None

        def get(key: str) -> bytes | None:
            program = lookup(key)
            self.found[purpose, program is not None] += 1
            return program

        return get


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    course = make_course(tmp_path_factory.mktemp("course"), ("double", "draw"))
    with (course.root / "lessons" / "ps7.md").open("a") as lesson:
        lesson.write(_SHOWS)
    return course


@dataclass
class Judged:
    """A class of five: the third and later ones are served."""

    grades: list[Grade]
    shown: list[str]
    served: Counted
    folder: Path
    before_students: dict[str, bytes]


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.glob("*.zip")}


@pytest.fixture(scope="module")
def judged(course: Course, tmp_path_factory: pytest.TempPathFactory) -> Judged:
    folder = tmp_path_factory.mktemp("kept") / "compiled"
    lesson = course.lesson("ps7")
    right = source_notebook(lesson)
    wrong = submission(
        lesson,
        {"double": WRONG.replace("NAME", "double") + "\nprint(jax.jit(double)(np.ones(77)))"},
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(VARIABLE, str(folder))
        with Judge(course, limits=LIMITS) as judge:
            first = [judge.judge_notebook(right, "ps7", name) for name in ("a", "b")]
            assert not list(folder.glob("*.zip"))
            lesson = judge.cache.lesson("ps7")[0]
            programs = judge._precompiler.programs(lesson, PARTS)
            assert programs is not None
            counted = Counted(programs)
            patch.setattr(CompiledPrograms, "together", lambda parts: counted)
            before = content(folder)
            assert len(before) == len(PARTS)
            later = [judge.judge_notebook(n, "ps7", "c") for n in (right, wrong)]
    notebooks = [*first, *later]
    return Judged(
        [one.grade for one in notebooks],
        [one.notebook.cells[-1].outputs[0]["text"] for one in notebooks],
        counted,
        folder,
        before,
    )


def test_the_reference_compiles_nothing_where_it_is_served(judged: Judged) -> None:
    assert [shown.split()[0] for shown in judged.shown] == ["10"] * 4
    compiled = [int(shown.split()[1]) for shown in judged.shown]
    assert compiled[0] == compiled[1] > 0 == compiled[2]
    assert compiled[3] > 0  # An answer of its own kind.
    assert judged.served.found["show", True] > 2
    assert judged.served.found["check", True] > 2
    programs = judged.served.programs
    assert not programs.shown.keys() & programs.checked.keys()


def test_outcomes_are_the_same_with_and_without(judged: Judged) -> None:
    plain, served = judged.grades[1], judged.grades[2]
    assert served.exercises == plain.exercises
    assert served.score == served.max_score
    assert judged.grades[3].exercises[0].score == 0


def test_what_a_student_compiles_is_not_kept(judged: Judged) -> None:
    assert content(judged.folder) == judged.before_students


def test_another_judge_finds_them_for_its_first_notebook(
    judged: Judged, course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(precompile, "precompiled", None)
    with Judge(course, limits=LIMITS, spare=False) as judge:
        store = ProgramStore(judged.folder)
        lesson = course.lesson("ps7")
        found = precompile.Precompiler(judge.cache, 0, store).programs(lesson, PARTS)
        assert found == judged.served.programs
        other = precompile.Precompiler(judge.cache, 1, store).programs(lesson, PARTS)
        assert other is None


def test_where_one_hidden_test_changed_only_its_exercise_is_compiled_for_again(
    judged: Judged, course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = ProgramStore(tmp_path / "compiled")
    for name, file in content(judged.folder).items():
        (store.folder / name).write_bytes(file)
    root = tmp_path / "course"
    shutil.copytree(course.root, root)
    lesson = Course(root).lesson("ps7")
    with lesson.by_name["draw"].test_file.open("a", encoding="utf-8") as file:
        file.write("# changed\n")
    made: list[dict[str, CompiledPrograms]] = []
    compiled = precompile.precompiled

    def noted(*arguments: Any) -> dict[str, CompiledPrograms]:
        made.append(compiled(*arguments))
        return made[-1]

    monkeypatch.setattr(precompile, "precompiled", noted)
    with Judge(Course(root), limits=LIMITS, spare=False) as judge:
        precompiler = precompile.Precompiler(judge.cache, 0, store)
        found = [precompiler.programs(lesson, PARTS) for _ in range(4)]
    (once,) = made
    assert [*once] == ["draw"]
    assert once["draw"].checked
    assert not once["draw"].shown
    shown = judged.served.programs.shown
    assert [programs.shown for programs in found if programs] == [shown] * 4
    assert found[-1] is not None
    assert found[-1].checked.keys() >= once["draw"].checked.keys()


def test_no_exercise_is_compiled_for_that_no_notebook_needs(
    course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[list[str]] = []

    def noted(cache: object, lesson: object, seed: int, parts: Collection[str]) -> dict[str, Any]:
        asked.append(sorted(parts))
        return {part: CompiledPrograms() for part in parts}

    monkeypatch.setattr(precompile, "precompiled", noted)
    lesson = course.lesson("ps7")
    with Judge(course, limits=LIMITS, spare=False) as judge:
        precompiler = precompile.Precompiler(judge.cache, 0, ProgramStore(tmp_path / "compiled"))
        for parts in [(SHOWN, "double")] * 4 + [PARTS] * 4:
            precompiler.programs(lesson, parts)
    assert asked == [[SHOWN, "double"], ["draw"]]


def test_a_course_whose_reference_does_not_run_is_graded_without(
    course: Course,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def broken(*_: object) -> dict[str, CompiledPrograms]:
        raise RuntimeError("no reference")

    monkeypatch.setattr(precompile, "precompiled", broken)
    with Judge(course, limits=LIMITS, spare=False) as judge:
        precompiler = precompile.Precompiler(judge.cache, 0, ProgramStore(tmp_path / "compiled"))
        lesson = course.lesson("ps7")
        assert [precompiler.programs(lesson, PARTS) for _ in range(4)] == [None] * 4
    assert caplog.text.count("nothing is compiled ahead") == 1


def test_a_judge_does_not_wait_for_another_that_compiles(
    course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    programs = CompiledPrograms({"a": b"b"})
    monkeypatch.setattr(precompile, "precompiled", lambda *_: {SHOWN: programs})
    store = ProgramStore(tmp_path / "compiled")
    lesson = course.lesson("ps7")
    with Judge(course, limits=LIMITS, spare=False) as judge:
        precompiler = precompile.Precompiler(judge.cache, 0, store)
        key = precompiler._keys.of_programs(lesson)[SHOWN]
        with store.making(key):
            assert [precompiler.programs(lesson, [SHOWN]) for _ in range(4)] == [None] * 4
        assert precompiler.programs(lesson, [SHOWN]) == programs
