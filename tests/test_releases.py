"""A lesson changes after it was handed out: notebooks of earlier releases keep their points."""

from __future__ import annotations

import copy
from collections.abc import Callable

import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

from jaxercise.course.build import release_notebook
from jaxercise.course.lesson import Course
from jaxercise.course.mend import Mended, mend
from jaxercise.course.repairs import _OTHER_RELEASE
from jaxercise.nbgrader.marks import checksum, marked_release
from tests.releases import code, mend_as_handed_in, named_by_position, replace
from tests.test_mend import ADD_TAX, HALVE, source

IMPORT = code("import numpy as np")
RATE = '```{code-cell} ipython3\n:planted: {tax_rate: "0.37"}\n\ntax_rate = 0.2\n```\n\n'
CHECK_HALVE = code('print("visible checks of halve")', ":check: halve", ":points: 2.5", "")
Change = Callable[[Course], None]


def add_an_exercise(course: Course) -> None:
    starter = code("def third(x):\n    raise NotImplementedError", ":exercise: third", "")
    graded = code("print(third(3))", ":check: third", ":points: 2.5", "")
    replace("What to remember.", f"## third\n\n{starter}{graded}What to remember.")(course)
    reference = course.reference_file("ps2")
    more = "# %% third\n\ndef third(x):\n    return x / 3\n\n\n# %% third: numpy baseline\n\n"
    more += "def third_numpy(x):\n    return np.divide(x, 3)\n"
    reference.write_text(f"{reference.read_text()}\n\n{more}")
    tests = course.tests_folder("ps2")
    (tests / "test_third.py").write_text((tests / "test_halve.py").read_text())


def change_points(course: Course) -> None:
    replace(":points: 2.5", ":points: 3.5")(course)
    tests = course.tests_folder("ps2") / "test_halve.py"
    tests.write_text(tests.read_text().replace("speed(points=1)", "speed(points=2)"))


def in_reverse(course: Course) -> None:
    """Exercises in another order."""
    path = course.lesson_file("ps2")
    head, first, second = path.read_text().partition("## add_tax")[0], "", ""
    first, _, second = path.read_text()[len(head) :].partition("## halve")
    path.write_text(f"{head}## halve{second}\n\n{first}")


# What becomes of the lesson, and whether a cell of the notebook is replaced by another.
CHANGES: dict[str, tuple[Change, bool]] = {
    "nothing": (lambda course: None, False),
    "prose added": (replace("## halve", "Some more prose.\n\n+++\n\n## halve"), False),
    "prose changed": (replace("Add the tax.", "Add the tax to each price."), False),
    "prose removed": (replace("What to remember.", ""), False),
    "the title changed": (replace("# Pure functions", "# Functions"), False),
    "a given cell added at the start": (replace(IMPORT, code("import math") + IMPORT), True),
    "a given cell added between": (replace("## halve", f"{code('SCALE = 2')}## halve"), True),
    "a given cell added at the end": (replace("What to", f"{code('print(1)')}What to"), True),
    "a given cell changed": (replace("import numpy as np\n```", "import numpy\n```"), True),
    "a given cell removed": (replace(RATE, ""), False),
    "a given cell moved": (replace(IMPORT + RATE, RATE + IMPORT), False),
    "the text of a check changed": (replace("visible checks of halve", "better ones"), True),
    "a starter changed": (replace('    """Prices with tax."""\n', ""), False),
    "an experiment added": (replace("## halve", f"{code('1', ':tags: [show]')}## halve"), False),
    "exercises in another order": (in_reverse, False),
    "points changed": (change_points, False),
    "a tag added": (replace(":points: 2.5\n", ":points: 2.5\n:tags: [slow]\n"), False),
}


def handed_out(course: Course, by_position: bool) -> NotebookNode:
    release = marked_release(course.lesson("ps2"))
    return named_by_position(release, "ps2") if by_position else copy.deepcopy(release)


def solve(notebook: NotebookNode) -> None:
    for cell in notebook.cells:
        cell.source = {"add_tax": ADD_TAX, "halve": HALVE}.get(cell.id, cell.source)


def mended(course: Course, notebook: NotebookNode) -> Mended:
    lesson = course.lesson("ps2")
    result = mend_as_handed_in(notebook, lesson)
    again = mend(result.notebook, lesson, release_notebook(lesson))
    assert again.notebook.cells == result.notebook.cells
    assert again.repairs == ()
    return result


both = pytest.mark.parametrize("by_position", [True, False], ids=["by position", "by text"])


@both
@pytest.mark.parametrize("name", CHANGES)
def test_a_notebook_of_an_earlier_release_keeps_its_answers_and_is_accused_of_nothing(
    course: Course, name: str, by_position: bool
) -> None:
    notebook = handed_out(course, by_position)
    solve(notebook)
    change, told = CHANGES[name]
    change(course)
    result = mended(course, notebook)
    assert (source(result, "add_tax"), source(result, "halve")) == (ADD_TAX, HALVE)
    assert result.repairs == ((_OTHER_RELEASE,) if told else ())
    kept = [cell for cell in result.notebook.cells if not cell.id.startswith("extra-")]
    assert [cell.id for cell in kept] == [cell.id for cell in course.lesson("ps2").cells]


@both
def test_prose_that_changed_is_not_shown_twice(course: Course, by_position: bool) -> None:
    notebook = handed_out(course, by_position)
    CHANGES["prose changed"][0](course)
    headings = [cell.source.partition("\n")[0] for cell in mended(course, notebook).notebook.cells]
    assert headings.count("## add_tax") == 1


@both
def test_prose_that_a_student_wrote_into_stays(course: Course, by_position: bool) -> None:
    notebook = handed_out(course, by_position)
    notebook.cells[4].source += "\n\nMy notes."
    CHANGES["prose changed"][0](course)
    assert "My notes." in "".join(cell.source for cell in mended(course, notebook).notebook.cells)


@both
def test_what_a_removed_cell_gave_is_there_for_its_answers(
    course: Course, by_position: bool
) -> None:
    notebook = handed_out(course, by_position)
    CHANGES["a given cell removed"][0](course)
    order = [cell.source for cell in mended(course, notebook).notebook.cells]
    starter = course.lesson("ps2").by_name["add_tax"].starter
    assert order.index("tax_rate = 0.2") < order.index(starter)


@both
def test_of_a_changed_cell_the_lessons_runs_last(course: Course, by_position: bool) -> None:
    notebook = handed_out(course, by_position)
    replace("\ntax_rate = 0.2\n", "\ntax_rate = 0.3\n")(course)
    order = [cell.source for cell in mended(course, notebook).notebook.cells]
    assert order.index("tax_rate = 0.2") < order.index("tax_rate = 0.3")


@both
def test_a_helper_in_a_cell_of_the_students_own_survives_a_new_given_cell(
    course: Course, by_position: bool
) -> None:
    notebook = handed_out(course, by_position)
    notebook.cells[7].source = "def helper(x):\n    return x / 2"  # an experiment
    solve(notebook)
    CHANGES["a given cell added at the start"][0](course)
    result = mended(course, notebook)
    assert "def helper(x):\n    return x / 2" in [c.source for c in result.notebook.cells]
    assert result.repairs == (_OTHER_RELEASE,)


@both
def test_an_old_starter_is_nobodys_answer(course: Course, by_position: bool) -> None:
    notebook = handed_out(course, by_position)
    CHANGES["a starter changed"][0](course)
    result = mended(course, notebook)
    assert source(result, "add_tax") == course.lesson("ps2").by_name["add_tax"].starter


@both
def test_a_new_exercise_is_put_in(course: Course, by_position: bool) -> None:
    notebook = handed_out(course, by_position)
    solve(notebook)
    add_an_exercise(course)
    assert mended(course, notebook).repairs == (
        _OTHER_RELEASE,
        "There was no cell for third; its starter code was put in.",
    )


@both
def test_what_a_student_changed_in_an_earlier_release_is_told(
    course: Course, by_position: bool
) -> None:
    notebook = handed_out(course, by_position)
    cells = {cell.id: cell for cell in notebook.cells}
    cells["check_halve"].source = "print('all passed')"
    cells["add_tax"].metadata["nbgrader"]["solution"] = False
    CHANGES["the text of a check changed"][0](course)
    assert mended(course, notebook).repairs == (
        _OTHER_RELEASE,
        "The cell that checks halve had been changed; its text was restored. Put your own code "
        "into cells of your own.",
        "The grading marks of add_tax were changed or lost; they are restored.",
    )


def test_a_given_cell_that_a_student_changed_is_told_whatever_the_release(course: Course) -> None:
    notebook = handed_out(course, by_position=False)
    notebook.cells[3].source = "tax_rate = 0.9"
    CHANGES["a given cell added at the end"][0](course)
    assert mended(course, notebook).repairs == (
        _OTHER_RELEASE,
        "The read-only cell 'tax_rate = 0.2' had been changed; its text was restored. Put your "
        "own code into cells of your own.",
    )


def test_without_word_on_the_release_an_old_check_tells_it(course: Course) -> None:
    notebook = handed_out(course, by_position=False)
    notebook.metadata = NotebookNode()
    CHANGES["the text of a check changed"][0](course)
    assert mended(course, notebook).repairs == (_OTHER_RELEASE,)


@pytest.mark.parametrize(
    "release", [None, 7, ["x"], {"a": 1}, "0" * 16], ids=["none", "int", "list", "dict", "other"]
)
def test_an_odd_word_on_the_release_costs_nothing(course: Course, release: object) -> None:
    notebook = handed_out(course, by_position=False)
    notebook.metadata["jaxercise"] = {"release": release, "found": 3}
    solve(notebook)
    lesson = course.lesson("ps2")
    plain = {**notebook, "metadata": dict(notebook.metadata)}
    result = mend_as_handed_in(plain, lesson)
    assert (source(result, "add_tax"), source(result, "halve")) == (ADD_TAX, HALVE)
    assert set(result.repairs) <= {_OTHER_RELEASE}


@pytest.mark.parametrize("marks", [{"checksum": 3}, {"points": "many"}, {"grade": None}])
def test_odd_marks_are_no_release_of_ours(course: Course, marks: dict[str, object]) -> None:
    notebook = handed_out(course, by_position=False)
    for cell in notebook.cells:
        if "nbgrader" in cell.metadata:
            cell.metadata["nbgrader"].update(marks)
    solve(notebook)
    result = mended(course, notebook)
    assert (source(result, "add_tax"), source(result, "halve")) == (ADD_TAX, HALVE)


def test_a_cell_that_pretends_to_be_of_a_release_gains_nothing(course: Course) -> None:
    notebook = handed_out(course, by_position=False)
    graded = next(cell for cell in notebook.cells if cell.id == "check_halve")
    graded.source, graded.metadata["nbgrader"]["points"] = "print('passed')", 1000
    graded.metadata["nbgrader"]["checksum"] = checksum(graded)
    notebook.cells.append(new_code_cell("tax_rate = 1"))
    result = mended(course, notebook)
    found = next(cell for cell in result.notebook.cells if cell.id == "check_halve")
    assert found.source == 'print("visible checks of halve")'
    assert found.metadata["jaxercise"]["points"] == 2.5


def test_cells_whose_lines_were_joined_are_refused(course: Course) -> None:
    from jaxercise.checks.outcome import SubmissionError

    replace("import numpy as np\n```", "import math\nimport numpy as np\n```")(course)
    notebook = handed_out(course, by_position=False)
    solve(notebook)
    for cell in notebook.cells:
        cell.source = cell.source.replace("\n", "")
    with pytest.raises(SubmissionError, match=r"^the line breaks in its cells are lost"):
        mended(course, notebook)


def test_lines_listed_without_their_ends_are_put_back(course: Course) -> None:
    notebook = handed_out(course, by_position=False)
    solve(notebook)
    for cell in notebook.cells:
        cell["source"] = cell.source.split("\n")
    lesson = course.lesson("ps2")
    result = mend_as_handed_in(notebook, lesson)
    assert (source(result, "add_tax"), source(result, "halve")) == (ADD_TAX, HALVE)
    assert result.repairs == ("The line breaks of 5 cells were lost; they were put back.",)
