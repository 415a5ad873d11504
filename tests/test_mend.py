from __future__ import annotations

import copy
import json
import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_raw_cell

from jaxercise.checks.outcome import SubmissionError
from jaxercise.course.build import release_notebook
from jaxercise.course.lesson import Course, Lesson
from jaxercise.course.mend import Mended, mend
from jaxercise.course.submission import named_assignment, read_notebook, tidy
from jaxercise.nbgrader.marks import marked_release, with_marks_read
from tests.releases import mend_as_handed_in

ADD_TAX = "def add_tax(prices, tax_rate):\n    return prices * (1 + tax_rate)"
HALVE = "def halve(x):\n    return x / 2"


@dataclass(frozen=True)
class Damaged:
    """A lesson, and a submission to it that a test may damage."""

    lesson: Lesson
    release: NotebookNode
    notebook: NotebookNode

    def mended(self) -> Mended:
        before = copy.deepcopy((self.notebook, self.release))
        result = mend_as_handed_in(self.notebook, self.lesson)
        assert (self.notebook, self.release) == before, "mend changed what it was given"
        nbformat.validate(result.notebook)
        return result

    def at(self, name: str) -> int:
        return next(i for i, cell in enumerate(self.notebook.cells) if cell.id == name)

    def cell(self, name: str) -> NotebookNode:
        return self.notebook.cells[self.at(name)]

    def pasted(self, name: str, after: str, source: str) -> None:
        """What JupyterLab's copy and paste leaves: nbgrader's marks with another cell id."""
        pasted = copy.deepcopy(self.cell(name))
        pasted.id, pasted.source = f"pasted-{len(self.notebook.cells)}", source
        self.notebook.cells.insert(self.at(after) + 1, pasted)

    def forget_ids(self) -> None:
        """What an editor leaves that knows neither cell ids nor nbgrader."""
        for number, cell in enumerate(self.notebook.cells):
            cell.id, cell.metadata = f"random-{number}", NotebookNode()


@pytest.fixture
def damaged(course: Course) -> Damaged:
    lesson = course.lesson("ps2")
    damaged = Damaged(lesson, release_notebook(lesson), marked_release(lesson))
    damaged.cell("add_tax").source = ADD_TAX
    damaged.cell("halve").source = HALVE
    return damaged


def source(mended: Mended, name: str) -> str:
    return next(cell.source for cell in mended.notebook.cells if cell.id == name)


def ids(mended: Mended) -> list[str]:
    return [cell.id for cell in mended.notebook.cells]


def assert_solved(mended: Mended) -> None:
    assert (source(mended, "add_tax"), source(mended, "halve")) == (ADD_TAX, HALVE)


def test_an_undamaged_notebook_needs_no_repair(damaged: Damaged) -> None:
    mended = damaged.mended()
    assert mended.repairs == ()
    expected = copy.deepcopy(damaged.release)
    expected.cells[5].source, expected.cells[9].source = ADD_TAX, HALVE
    assert mended.notebook == expected


def test_what_comes_out_needs_no_second_repair(damaged: Damaged) -> None:
    damaged.notebook.cells.insert(6, new_code_cell("mine = 1"))
    damaged.cell("check_halve").source = "0"
    once = damaged.mended().notebook
    again = mend(once, damaged.lesson, damaged.release)
    assert again == Mended(once, ())


def test_outputs_and_metadata_of_the_student_are_dropped(damaged: Damaged) -> None:
    output = nbformat.v4.new_output("execute_result", {"text/plain": "3.0"}, execution_count=1)
    for cell in damaged.notebook.cells:
        cell.metadata["scrolled"] = True
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [output], 7
        else:
            cell.attachments = {"a.png": {"image/png": "aaaa"}}
    damaged.notebook.metadata = NotebookNode(kernelspec={"name": "R"}, widgets={}, language_info=3)
    mended = damaged.mended()
    assert mended.repairs == ()
    assert mended.notebook.metadata == damaged.release.metadata
    assert_solved(mended)
    for cell in mended.notebook.cells:
        assert "scrolled" not in cell.metadata
        assert "attachments" not in cell
        assert not cell.get("outputs")
        assert cell.get("execution_count") is None


def test_blanks_at_line_ends_are_no_change(damaged: Damaged) -> None:
    damaged.cell("ps2-e1fd8205").source = "tax_rate = 0.2  \r\n\n"
    mended = damaged.mended()
    assert mended.repairs == ()
    assert source(mended, "ps2-e1fd8205") == "tax_rate = 0.2"


def test_prose_and_experiments_are_the_students_to_change(damaged: Damaged) -> None:
    damaged.cell("ps2-208d4c6d").source = "My notes."
    damaged.cell("ps2-7779ccfb").source = "print(add_tax(np.ones(9), 0.3))"
    mended = damaged.mended()
    assert mended.repairs == ()
    assert source(mended, "ps2-208d4c6d") == "My notes."
    assert source(mended, "ps2-7779ccfb") == "print(add_tax(np.ones(9), 0.3))"


def test_deleted_prose_and_experiments_come_back_quietly(damaged: Damaged) -> None:
    del (
        damaged.notebook.cells[damaged.at("ps2-208d4c6d")],
        damaged.notebook.cells[damaged.at("ps2-7779ccfb")],
    )
    mended = damaged.mended()
    assert mended.repairs == ()
    assert ids(mended) == [cell.id for cell in damaged.release.cells]
    assert source(mended, "ps2-7779ccfb") == "print(add_tax(np.ones(2), 0.1))"


def delete(name: str) -> Callable[[Damaged], None]:
    def damage(damaged: Damaged) -> None:
        del damaged.notebook.cells[damaged.at(name)]

    return damage


def put(name: str, **changes: Any) -> Callable[[Damaged], None]:
    return lambda damaged: damaged.cell(name).update(changes)


def remark(name: str, **changes: Any) -> Callable[[Damaged], None]:
    return lambda damaged: damaged.cell(name).metadata.nbgrader.update(changes)


def turn(name: str, make: Callable[..., NotebookNode]) -> Callable[[Damaged], None]:
    def damage(damaged: Damaged) -> None:
        old = damaged.cell(name)
        damaged.notebook.cells[damaged.at(name)] = make(
            old.source, id=old.id, metadata=old.metadata
        )

    return damage


def clear_marks(damaged: Damaged) -> None:
    for cell in damaged.notebook.cells:
        cell.metadata = NotebookNode()


def rename_everything(damaged: Damaged) -> None:
    damaged.cell("halve").metadata.nbgrader.grade_id = "halve2"
    damaged.cell("halve").id = "halve3"


def reverse(damaged: Damaged) -> None:
    damaged.notebook.cells.reverse()


# Damage that costs nothing: both solutions are found, and these sentences tell of it.
HARMLESS: dict[str, tuple[Callable[[Damaged], None], tuple[str, ...]]] = {
    "graded cell deleted": (
        delete("check_halve"),
        ("The cell that checks halve was missing; it was put back.",),
    ),
    "read-only cell deleted": (
        delete("ps2-e1fd8205"),
        ("The read-only cell 'tax_rate = 0.2' was missing; it was put back.",),
    ),
    "graded cell changed": (
        put("check_halve", source="print('all passed')"),
        (
            "The cell that checks halve had been changed; its text was restored. Put your "
            "own code into cells of your own.",
        ),
    ),
    "read-only cell changed": (
        put("ps2-e1fd8205", source="tax_rate = 0.9"),
        (
            "The read-only cell 'tax_rate = 0.2' had been changed; its text was "
            "restored. Put your own code into cells of your own.",
        ),
    ),
    "points changed": (
        remark("check_halve", points=1000),
        ("The grading marks of check_halve were changed or lost; they are restored.",),
    ),
    "graded flag flipped": (
        remark("check_add_tax", grade=False),
        ("The grading marks of check_add_tax were changed or lost; they are restored.",),
    ),
    "solution flag flipped": (
        remark("halve", solution=False, locked=True),
        ("The grading marks of halve were changed or lost; they are restored.",),
    ),
    "grade_id changed": (
        remark("halve", grade_id="halve2"),
        ("The grading marks of halve were changed or lost; they are restored.",),
    ),
    "grade_id of no kind of text": (
        remark("halve", grade_id=["halve"]),
        ("The grading marks of halve were changed or lost; they are restored.",),
    ),
    "cell id changed": (put("halve", id="something-else"), ()),
    "cell id and grade_id changed": (
        rename_everything,
        (
            "The cell of halve was missing; the cell that defines halve took its place.",
            "The grading marks of halve were changed or lost; they are restored.",
        ),
    ),
    "tag added": (
        put("check_halve", metadata={"tags": ["skip-execution"]}),
        ("The grading marks of check_halve were changed or lost; they are restored.",),
    ),
    "all marks lost": (
        clear_marks,
        (
            "The grading marks of 'import numpy as np', 'tax_rate = 0.2', add_tax, check_add_tax, "
            "halve, check_halve were changed or lost; they are restored.",
        ),
    ),
    "marks that are no marks": (
        put("halve", metadata={"nbgrader": "yes", "tags": 3}),
        ("The grading marks of halve were changed or lost; they are restored.",),
    ),
    "solution turned into markdown": (
        turn("halve", new_markdown_cell),
        ("The cell of halve had been turned into markdown; it is code again.",),
    ),
    "solution turned into raw text": (
        turn("halve", new_raw_cell),
        ("The cell of halve had been turned into raw; it is code again.",),
    ),
    "graded cell turned into markdown": (
        turn("check_halve", new_markdown_cell),
        ("The cell that checks halve had been turned into markdown; it is code again.",),
    ),
    "cells reversed": (reverse, ("Cells had been moved; they are in the lesson's order again.",)),
    "starter copied below": (
        lambda damaged: damaged.pasted("halve", "halve", damaged.lesson.by_name["halve"].starter),
        ("The cell of halve was there 2 times; the last copy with a changed definition counts.",),
    ),
    "graded cell copied": (
        lambda damaged: damaged.pasted(
            "check_halve", "ps2-7779ccfb", damaged.cell("check_halve").source
        ),
        ("The cell that checks halve had been copied; only the original counts.",),
    ),
}


@pytest.mark.parametrize("name", HARMLESS)
def test_damage_is_repaired_and_told(damaged: Damaged, name: str) -> None:
    damage, sentences = HARMLESS[name]
    damage(damaged)
    mended = damaged.mended()
    assert mended.repairs == sentences
    assert_solved(mended)
    expected = copy.deepcopy(damaged.release)
    expected.cells[5].source, expected.cells[9].source = ADD_TAX, HALVE
    assert mended.notebook == expected


def test_a_deleted_solution_becomes_the_starter(damaged: Damaged) -> None:
    delete("halve")(damaged)
    mended = damaged.mended()
    assert mended.repairs == ("The cell of halve was missing; its starter code was put back.",)
    assert source(mended, "halve") == damaged.lesson.by_name["halve"].starter


def test_a_notebook_with_every_solution_deleted_is_still_of_its_assignment(
    damaged: Damaged,
) -> None:
    delete("halve")(damaged)
    delete("add_tax")(damaged)
    assert len(damaged.mended().repairs) == 2


def test_of_copies_of_a_solution_the_last_changed_one_counts(damaged: Damaged) -> None:
    last = HALVE.replace("x / 2", "x * 0.5")
    damaged.pasted("halve", "check_halve", last)
    mended = damaged.mended()
    assert source(mended, "halve") == last
    assert mended.repairs == (
        "The cell of halve was there 2 times; the last copy with a changed definition counts.",
    )


def test_an_earlier_copy_stays_before_the_one_that_counts(damaged: Damaged) -> None:
    earlier = f"def twice(x):\n    return 2 * x\n\n\n{HALVE}"
    damaged.cell("halve").source = earlier
    last = "def halve(x):\n    return twice(x) / 4"
    damaged.pasted("halve", "check_halve", last)
    mended = damaged.mended()
    order = ids(mended)
    assert order[order.index("halve") - 1] == "extra-01"
    assert source(mended, "extra-01") == earlier
    assert source(mended, "halve") == last


def test_a_copy_that_became_something_else_is_a_cell_of_the_students(
    damaged: Damaged,
) -> None:
    damaged.pasted("halve", "check_halve", "print(halve(4))")
    mended = damaged.mended()
    assert_solved(mended)
    extra = mended.notebook.cells[ids(mended).index("check_halve") + 1]
    assert (extra.id, extra.source, extra.metadata) == ("extra-01", "print(halve(4))", {})


def test_a_changed_copy_of_a_graded_cell_is_a_cell_of_the_students(damaged: Damaged) -> None:
    damaged.pasted("check_halve", "check_halve", "print('my own example')")
    mended = damaged.mended()
    assert source(mended, "check_halve") == 'print("visible checks of halve")'
    assert source(mended, "extra-01") == "print('my own example')"
    assert mended.repairs == (
        "The cell that checks halve had been copied; only the original counts.",
    )


def test_a_solution_split_into_cells_stays_together(damaged: Damaged) -> None:
    at = damaged.at("halve")
    damaged.cell("halve").source = "SCALE = 0.5"
    damaged.notebook.cells.insert(at + 1, new_code_cell("def halve(x):\n    return SCALE * x"))
    damaged.notebook.cells.insert(at, new_code_cell("import math"))
    mended = damaged.mended()
    order = ids(mended)
    assert order[8:13] == ["ps2-249e82d0", "extra-01", "halve", "extra-02", "check_halve"]
    assert source(mended, "halve") == "SCALE = 0.5"
    assert source(mended, "extra-02").startswith("def halve(x)")


def test_cells_of_the_student_keep_their_place_and_nothing_else(damaged: Damaged) -> None:
    marks = {"grade": True, "grade_id": "mine", "points": 9, "solution": False, "locked": True}
    cells = damaged.notebook.cells
    cells.append(new_raw_cell("<script>"))
    cells.insert(6, new_code_cell("two = 2", metadata={"nbgrader": marks, "tags": ["show"]}))
    cells.insert(0, new_markdown_cell("one", attachments={"a.png": {"image/png": "aaaa"}}))
    mended = damaged.mended()
    assert mended.repairs == ()
    assert ids(mended)[0] == "extra-01"
    assert ids(mended)[6:9] == ["add_tax", "extra-02", "check_add_tax"]
    assert ids(mended)[-1] == "extra-03"
    own = [cell for cell in mended.notebook.cells if cell.id.startswith("extra")]
    assert [(cell.cell_type, cell.source, cell.metadata) for cell in own] == [
        ("markdown", "one", {}),
        ("code", "two = 2", {}),
        ("markdown", "<script>", {}),
    ]
    assert "attachments" not in own[0]


def test_solutions_are_recognised_where_every_id_is_lost(damaged: Damaged) -> None:
    damaged.forget_ids()
    mended = damaged.mended()
    assert_solved(mended)
    assert ids(mended) == [cell.id for cell in damaged.release.cells]
    assert mended.repairs == (
        "The notebook has lost the names and grading marks of its cells; they were recognised by "
        "their text and by the functions that they define.",
    )


def test_a_solution_with_a_magic_or_a_slip_is_recognised_too(damaged: Damaged) -> None:
    damaged.cell("add_tax").source = f"%timeit 1\n{ADD_TAX}"
    damaged.cell("halve").source = "def halve(x):\n    return (x / 2"
    damaged.forget_ids()
    mended = damaged.mended()
    assert source(mended, "add_tax") == f"%timeit 1\n{ADD_TAX}"
    assert source(mended, "halve") == "def halve(x):\n    return (x / 2"


def test_a_function_in_a_string_is_no_solution(damaged: Damaged) -> None:
    damaged.cell("halve").source = f"'''\n{HALVE}\n'''"
    damaged.forget_ids()
    mended = damaged.mended()
    assert source(mended, "halve") == damaged.lesson.by_name["halve"].starter
    assert source(mended, "extra-01") == f"'''\n{HALVE}\n'''"


def test_exercises_merged_into_one_cell_are_both_found(damaged: Damaged) -> None:
    both = f"{ADD_TAX}\n\n\n{HALVE}"
    damaged.cell("add_tax").source = both
    delete("halve")(damaged)
    mended = damaged.mended()
    assert source(mended, "add_tax") == source(mended, "halve") == both
    assert ids(mended) == [cell.id for cell in damaged.release.cells]


def test_exercises_merged_into_a_new_cell_are_both_found(damaged: Damaged) -> None:
    both = f"{ADD_TAX}\n\n\n{HALVE}"
    delete("halve")(damaged)
    damaged.notebook.cells[damaged.at("add_tax")] = new_code_cell(both)
    mended = damaged.mended()
    assert source(mended, "add_tax") == source(mended, "halve") == both
    assert ids(mended) == [cell.id for cell in damaged.release.cells]


def test_nothing_is_random(damaged: Damaged) -> None:
    damaged.notebook.cells.insert(3, new_code_cell("x = 1"))
    damaged.forget_ids()
    assert damaged.mended() == damaged.mended()


def test_a_notebook_of_another_assignment_is_refused_by_name(damaged: Damaged) -> None:
    for cell in damaged.notebook.cells:
        cell.id = cell.id.replace("ps2", "ps3").replace("halve", "draw").replace("add_tax", "walk")
        if "nbgrader" in cell.metadata:
            cell.metadata.nbgrader.grade_id = cell.id
    with pytest.raises(
        SubmissionError,
        match="this is a notebook of ps3, not of ps2; hand in the right one, or grade it as ps3",
    ):
        damaged.mended()


def test_a_notebook_of_nothing_known_is_refused(damaged: Damaged) -> None:
    damaged.notebook.cells = [new_code_cell("print(1)"), new_markdown_cell("# Pure functions")]
    with pytest.raises(
        SubmissionError,
        match="this is not a notebook of ps2: it has none of its cells and defines none of "
        "add_tax, halve",
    ):
        damaged.mended()


def test_a_notebook_without_cells_is_refused(damaged: Damaged) -> None:
    damaged.notebook.cells = []
    with pytest.raises(SubmissionError, match="the notebook has no cells; ps2 was expected"):
        damaged.mended()


def test_the_ids_tell_the_assignment(damaged: Damaged) -> None:
    assert named_assignment(with_marks_read(damaged.notebook)) == "ps2"
    assert named_assignment(tidy({"cells": []})) is None


def test_a_notebook_is_read_without_its_outputs(damaged: Damaged, tmp_path: Path) -> None:
    damaged.cell("halve").outputs = [nbformat.v4.new_output("stream", text="x" * 10**6)]
    path = tmp_path / "ps2.ipynb"
    nbformat.write(damaged.notebook, path)
    notebook = read_notebook(path)
    assert all(not cell.get("outputs") for cell in notebook.cells)
    assert mend_as_handed_in(notebook, damaged.lesson) == damaged.mended()


def old_cells() -> dict[str, Any]:
    code = {"cell_type": "code", "language": "python", "outputs": [], "collapsed": False}
    heading = {"cell_type": "heading", "level": 1, "source": ["Old"], "metadata": {}}
    return {
        "nbformat": 3,
        "nbformat_minor": 0,
        "metadata": {"name": ""},
        "worksheets": [
            {"metadata": {}, "cells": [heading, {**code, "input": ["def f():\n", "    return 1"]}]}
        ],
    }


READABLE: dict[str, Any] = {
    "format 3": old_cells(),
    "format 4.0, without ids": {
        "nbformat": 4,
        "nbformat_minor": 0,
        "metadata": {},
        "cells": [
            {"cell_type": "markdown", "metadata": {}, "source": "# Old"},
            {"cell_type": "code", "metadata": {}, "source": ["def f():\n", "    return 1"]},
        ],
    },
    "format 4.9, with what nobody knows yet": {
        "nbformat": 4,
        "nbformat_minor": 9,
        "cells": [
            {"cell_type": "hologram", "id": "a", "source": "# Old", "depth": 3},
            {"cell_type": "code", "id": "a", "source": "def f():\r\n    return 1", "outputs": 3},
        ],
    },
    "format 4.0 as one number": {
        "nbformat": 4.0,
        "cells": [
            {"cell_type": "markdown", "source": "# Old"},
            {"cell_type": "code", "source": ["def f():", "    return 1"]},
        ],
    },
    "format in quotes": old_cells() | {"nbformat": "3"},
    "format 3 around cells of format 4": {
        "nbformat": 3,
        "cells": [
            {"cell_type": "markdown", "source": "# Old"},
            {"cell_type": "code", "source": "def f():\n    return 1"},
        ],
    },
    "hardly a notebook": {
        "cells": [
            {"source": "# Old", "id": "not an id", "metadata": 7},
            {"cell_type": "code", "source": "def f():\n    return 1", "id": 3},
        ],
    },
}


@pytest.mark.parametrize("name", READABLE)
@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]
)
@pytest.mark.parametrize("end", ["", "\n", "\0\0\0"], ids=["", "newline", "zeros"])
def test_old_new_and_odd_notebooks_are_read(
    tmp_path: Path, name: str, encoding: str, end: str
) -> None:
    path = tmp_path / "ps2.ipynb"
    path.write_bytes((json.dumps(READABLE[name]) + end).encode(encoding))
    prose, code = read_notebook(path).cells
    assert (prose.cell_type, prose.source) == ("markdown", "# Old")
    assert (code.cell_type, code.source) == ("code", "def f():\n    return 1")


def test_ids_are_made_unique_and_the_first_cell_keeps_its_own() -> None:
    raw = {"cells": [{"id": name} for name in ("a", "a", "cell-2", "not an id", "cell-4", "b")]}
    found = [cell.id for cell in tidy(raw).cells]
    assert found == ["a", "cell-2", "cell-3", "cell-4", "cell-5", "b"]


def test_text_that_is_no_unicode_is_made_writable(tmp_path: Path) -> None:
    path = tmp_path / "ps2.ipynb"
    path.write_text('{"cells": [{"cell_type": "code", "source": "x = \\"\\ud800\\""}]}')
    assert read_notebook(path).cells[0].source == 'x = "?"'


UNREADABLE = {
    "empty": (b"", "the file is empty; was it saved, or cut off in transfer?"),
    "blank": (b" \n", "the file is empty; was it saved, or cut off in transfer?"),
    "cut off": (
        b'{"cells": [',
        "not JSON, as every notebook is (Expecting value in line 1); was it cut off, or does it "
        "contain marks of a merge conflict?",
    ),
    "merge conflict": (
        b'{\n<<<<<<< HEAD\n"cells": []}',
        "not JSON, as every notebook is (Expecting property name enclosed in double quotes in "
        "line 2); was it cut off, or does it contain marks of a merge conflict?",
    ),
    "Python": (b"def f(): ...", "not JSON, as every notebook is (Expecting value in line 1)"),
    "nested without end": (b"[" * 10**6, "not JSON, as every notebook is (nested too deeply)"),
    "a number without end": (
        b"1" * 10**5,
        "not JSON, as every notebook is (a number is too long)",
    ),
    "Latin-1": ('{"é": []}'.encode("latin-1"), "not UTF-8 text, as notebooks are (byte 2)"),
    "a picture": (b"\x89PNG\r\n\x1a\n\0\0\0\r", "not UTF-8 text, as notebooks are (byte 0)"),
    "a ZIP archive": (
        b"PK\x03\x04\x14\0\0\0",
        "this is a ZIP archive, not a notebook; hand in the .ipynb file itself",
    ),
    "a web page": (
        b"\n<!DOCTYPE html>\n<html>",
        "this is a web page, not a notebook; hand in the .ipynb file itself",
    ),
    "a list": (b"[]", "this is JSON, but not a notebook: it has no cells"),
    "another object": (b'{"a": 1}', "this is JSON, but not a notebook: it has no cells"),
    "no list of cells": (b'{"cells": {"a": 1}}', "not a notebook: its cells are not a list"),
    "no cell": (
        b'{"cells": [3]}',
        "cell 1 has no text; open and save it in JupyterLab",
    ),
    "no text": (
        b'{"cells": [{"source": ""}, {"source": [3]}]}',
        "cell 2 has no text; open and save it in JupyterLab",
    ),
    "too new": (
        b'{"nbformat": 5, "cells": []}',
        "notebook format 5, and the newest known here is 4; save it in the older format",
    ),
    "format without end": (b'{"nbformat": Infinity, "cells": []}', "notebook format inf, and the"),
    "format in words": (b'{"nbformat": "four", "cells": []}', "notebook format 'four', and the"),
    "old and broken": (
        b'{"nbformat": 3, "worksheets": 3}',
        "notebook format 3 that cannot be upgraded; open it in JupyterLab and save it again",
    ),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_is_no_notebook_is_refused_with_the_reason(tmp_path: Path, name: str) -> None:
    content, reason = UNREADABLE[name]
    path = tmp_path / "ps2.ipynb"
    path.write_bytes(content)
    with pytest.raises(SubmissionError, match=f"^{re.escape(f'{path}: {reason}')}"):
        read_notebook(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SubmissionError, match=r"ps2\.ipynb: no such file$"):
        read_notebook(tmp_path / "ps2.ipynb")


def test_a_folder_is_told_from_a_file(tmp_path: Path) -> None:
    with pytest.raises(SubmissionError, match=r"this is a folder; name the notebook in it$"):
        read_notebook(tmp_path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_refused_rather_than_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "ps2.ipynb")
    with pytest.raises(SubmissionError, match=r"this is not an ordinary file$"):
        read_notebook(tmp_path / "ps2.ipynb")


def test_what_the_system_refuses_to_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(SubmissionError, match=r"cannot be read: File name too long$"):
        read_notebook(tmp_path / ("x" * 1000 + ".ipynb"))


def test_a_file_beyond_the_limit_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "ps2.ipynb"
    with path.open("wb") as file:
        file.truncate(300 * 2**20)
    with pytest.raises(
        SubmissionError,
        match=r": 300 MiB, and the limit is 256; clear its outputs and save it again$",
    ):
        read_notebook(path)


def test_a_large_output_is_no_reason_to_refuse(tmp_path: Path) -> None:
    path = tmp_path / "ps2.ipynb"
    output = {"output_type": "stream", "name": "stdout", "text": "x" * 20 * 2**20}
    cell = {"cell_type": "code", "source": "print()", "outputs": [output]}
    path.write_text(json.dumps({"nbformat": 4, "cells": [cell]}))
    assert read_notebook(path).cells[0].source == "print()"
