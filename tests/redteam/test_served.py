"""Notebooks that are served compiled programs, and try to gain by it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from jaxercise.course.build import source_notebook
from jaxercise.grading.judge import Judge
from jaxercise.grading.program_store import VARIABLE, CompiledPrograms
from jaxercise.grading.verdict_key import SHOWN
from jaxercise.sandbox.limits import Limits
from tests.redteam.ledger import Ledger, Row, points
from tests.redteam.served import AFTERWARDS, CHEATS, EXPECTED
from tests.small_course import make_course, submission


@dataclass
class Serving:
    """A judge that serves, what it serves, and where that is kept."""

    judge: Judge
    programs: CompiledPrograms
    kept: Path

    def content(self) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in self.kept.glob("*.zip")}


@pytest.fixture(scope="module")
def serving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    root = tmp_path_factory.mktemp("served")
    course = make_course(root / "course", ("f1",))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(VARIABLE, str(root / "compiled"))
        with Judge(course, limits=Limits(cell_s=60, call_s=60, notebook_s=200)) as judge:
            lesson = judge.cache.lesson("ps7")[0]
            found = [judge._precompiler.programs(lesson, (SHOWN, "f1")) for _ in range(3)][-1]
            assert found is not None
            assert found.checked
            serving = Serving(judge, found, root / "compiled")
            assert len(serving.content()) == 2
            yield serving


@pytest.mark.parametrize("name", CHEATS)
def test_a_cheat_through_served_programs_gains_nothing(
    name: str, serving: Serving, seen: Ledger
) -> None:
    before = serving.content()
    cell = CHEATS[name].replace("'LOOT'", "'LO' 'OT'")
    keys = f"CHECKED = {sorted(serving.programs.checked)!r}\n"
    lesson = serving.judge.cache.lesson("ps7")[0]
    notebook = submission(lesson, {"f1": keys + cell})
    judged = serving.judge.judge_notebook(notebook, "ps7", "cheat")
    shown = json.dumps([c.outputs for c in judged.notebook.cells if c.cell_type == "code"])
    assert "Traceback" not in shown
    found = "something found" if "LOOT" in shown else "nothing found"
    assert serving.content() == before
    earned = points(judged.grade.exercises[0]).split(",")[0]
    seen.check(Row("attack", name, EXPECTED), f"{found}, {earned}")


def test_the_keys_would_have_opened_them_where_hidden_tests_call(serving: Serving) -> None:
    """So the case above failed for the right reason."""
    lookup = serving.programs.for_purpose("check")
    assert lookup is not None
    assert all(lookup(key) for key in serving.programs.checked)


def test_an_honest_student_afterwards_is_graded_as_before(serving: Serving, seen: Ledger) -> None:
    right = source_notebook(serving.judge.cache.lesson("ps7")[0])
    grade = serving.judge.grade(right, "ps7", "honest")
    row = Row("attack", AFTERWARDS, "full marks, nothing flagged")
    full = grade.score == grade.max_score and not grade.flags
    seen.check(row, "full marks, nothing flagged" if full else "graded otherwise")
