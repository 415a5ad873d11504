from __future__ import annotations

import base64
import pickle
import re
from pathlib import Path

import pytest
from nbconvert.exporters import HTMLExporter

from jaxercise.checks.outcome import CourseError, DeclaredCheck
from jaxercise.course.build import release_notebook
from jaxercise.course.cells import id_by_text
from jaxercise.course.exercise_list import with_exercise_names
from jaxercise.course.lesson import Course
from jaxercise.course.mend import mend
from jaxercise.course.myst import RawCell
from jaxercise.course.sources import (
    assigned_names,
    declared_checks,
    defined_functions,
    function_in,
    parameters,
    sections,
)
from jaxercise.course.submission import named_assignment
from jaxercise.nbgrader.clean import cleaned
from jaxercise.nbgrader.plugin import prose

LESSON = "lessons/ps2.md"
REFERENCE = "reference/ps2.py"
TESTS = "grader_tests/ps2/test_add_tax.py"


def edit(course: Course, file: str, old: str, new: str) -> None:
    path = course.root / file
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def error_of(course: Course) -> str:
    with pytest.raises(CourseError) as caught:
        course.lesson("ps2")
    return str(caught.value).replace(f"{course.root}/", "")


def test_a_lesson_has_its_cells_in_order_with_derived_ids(course: Course) -> None:
    cells = course.lesson("ps2").cells
    assert [(cell.id, cell.kind) for cell in cells] == [
        ("ps2-b0568731", "prose"),
        ("ps2-8fdd333e", "show"),
        ("ps2-902e721e", "given"),
        ("ps2-e1fd8205", "given"),
        ("ps2-208d4c6d", "prose"),
        ("add_tax", "starter"),
        ("check_add_tax", "check"),
        ("ps2-7779ccfb", "show"),
        ("ps2-249e82d0", "prose"),
        ("halve", "starter"),
        ("check_halve", "check"),
        ("ps2-da8f5ae8", "prose"),
    ]
    assert cells[3].source == "tax_rate = 0.2"
    assert cells[7].tags == ("show",)


def test_ids_stay_when_cells_are_added_elsewhere(course: Course) -> None:
    before = [cell.id for cell in course.lesson("ps2").cells]
    path = course.lesson_file("ps2")
    more = "```{code-cell} ipython3\nimport jax\n```\n\n"
    first = "```{code-cell} ipython3\nimport numpy as np\n```\n"
    path.write_text(path.read_text().replace(first, f"{more}{first}\nMore prose.\n\n{more}"))
    after = [cell.id for cell in course.lesson("ps2").cells]
    added = [name for name in after if name not in before]
    assert [name for name in after if name in before] == before
    assert len(set(added)) == 3
    assert added[2] == f"{added[0]}-2", "the same text twice"


def test_ids_do_not_depend_on_blanks_at_line_ends() -> None:
    assert id_by_text("ps2", "code", "a = 1\nb = 2") == id_by_text(
        "ps2", "code", "a = 1  \nb = 2\n"
    )
    assert id_by_text("ps2", "code", "a = 1") != id_by_text("ps2", "code", "a = 2")


def test_a_lesson_brings_starter_solution_and_checks_together(course: Course) -> None:
    lesson = course.lesson("ps2")
    assert lesson.title == "Pure functions"
    add_tax, halve = lesson.exercises
    assert add_tax.starter.startswith("def add_tax(prices, tax_rate):\n")
    assert add_tax.solution.startswith("FACTOR = 1\n")
    assert add_tax.solution.endswith("return prices * (FACTOR + tax_rate)")
    assert add_tax.baseline is None
    assert halve.baseline == "def halve_numpy(x):\n    return np.divide(x, 2)"
    assert (add_tax.points, halve.points) == (3, 2.5)
    assert add_tax.test_file == course.root / TESTS
    assert lesson.by_name["halve"] is halve


def test_planted_names_keep_the_source_of_their_fresh_value(course: Course) -> None:
    assert course.lesson("ps2").planted == {"ps2-e1fd8205": {"tax_rate": "0.37"}}


def test_a_lesson_can_be_sent_to_another_process(course: Course) -> None:
    lesson = course.lesson("ps2")
    assert pickle.loads(pickle.dumps(lesson)) == lesson


def test_a_course_is_found_from_any_folder_in_it(course: Course) -> None:
    assert Course.find(course.root / "grader_tests" / "ps2") == Course(course.root.resolve())


def test_outside_a_course_the_message_says_what_one_is(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match=r"no course here or above: a course is a folder with"):
        Course.find(tmp_path)


def test_assignments_come_in_the_order_of_their_numbers(course: Course) -> None:
    for name in ("ps10", "hw1", "ps1", "_notes", "README"):
        (course.root / "lessons" / f"{name}.md").write_text("")
    assert course.assignments() == ["hw1", "ps1", "ps2", "ps10"]


def test_an_assignment_may_have_any_plain_name(course: Course) -> None:
    for name in ("lessons/{}.md", "reference/{}.py", "grader_tests/{}"):
        (course.root / name.format("ps2")).rename(course.root / name.format("hw_one"))
    lesson = course.lesson("hw_one")
    assert lesson.cells[0].id.startswith("hw_one-")
    notebook = release_notebook(lesson)
    assert named_assignment(notebook) == "hw_one"
    (course.root / "lessons" / "hw 2.md").write_text("")
    with pytest.raises(CourseError, match=r"hw 2\.md: a lesson is named by up to 40 letters"):
        course.assignments()


def test_a_picture_beside_the_lesson_goes_into_the_notebook(course: Course) -> None:
    png = b"\x89PNG\r\n\x1a\n" + b"0" * 20
    (course.root / "lessons" / "figures").mkdir()
    (course.root / "lessons" / "figures" / "curve.png").write_bytes(png)
    edit(
        course, LESSON, "Some prose about taxes.", "Look: ![a](figures/curve.png) ![b](http://c/d)"
    )
    lesson = course.lesson("ps2")
    notebook = release_notebook(lesson)
    (cell,) = [cell for cell in notebook.cells if "attachments" in cell]
    assert cell.source.endswith("Look: ![a](attachment:figures-curve.png) ![b](http://c/d)")
    encoded = base64.b64encode(png).decode()
    assert cell.attachments == {"figures-curve.png": {"image/png": encoded}}
    mended = mend(notebook, lesson, notebook).notebook
    page, _ = HTMLExporter().from_notebook_node(cleaned(mended, prose(lesson)))
    assert f'src="data:image/png;base64,{encoded}"' in page
    cell.source += " And more of my own."
    changed, _ = HTMLExporter().from_notebook_node(
        cleaned(mend(notebook, lesson, notebook).notebook, ())
    )
    assert "[picture: a]" in changed


def test_an_unknown_assignment_is_answered_with_the_known_ones(course: Course) -> None:
    with pytest.raises(CourseError, match=r"no assignment 'ps7' in .*; there are: ps2"):
        course.lesson("ps7")


MISTAKES = {
    "unknown option": (
        (LESSON, ":points: 3\n", ":points: 3\n:point: 3\n"),
        "lessons/ps2.md:34: unknown option 'point'; there are check, exercise, extra, planted, "
        "points, tags, written",
    ),
    "tags no list": (
        (LESSON, ":tags: [show]", ":tags: show"),
        "lessons/ps2.md:41: tags must be a list, as in ':tags: [show]'; got 'show'",
    ),
    "two roles": (
        (LESSON, ":exercise: add_tax", ":exercise: add_tax\n:tags: [show]"),
        "exercise and tags: [show] exclude each other; split the cell",
    ),
    "extra without points": (
        (LESSON, ":exercise: add_tax", ":exercise: add_tax\n:extra: true"),
        "'extra: true' goes with check: it makes its points extra credit",
    ),
    "extra no truth": (
        (LESSON, ":points: 3\n", ":points: 3\n:extra: 2\n"),
        "'extra: true' goes with check: it makes its points extra credit",
    ),
    "no points": ((LESSON, ":points: 3\n", ""), "points go with check: a graded cell states both"),
    "points elsewhere": (
        (LESSON, ":tags: [show]", ":points: 1"),
        "points go with check: a graded cell states both",
    ),
    "points no number": (
        (LESSON, ":points: 3", ":points: many"),
        "lessons/ps2.md:34: points must be a positive number; got 'many'",
    ),
    "name no identifier": (
        (LESSON, ":exercise: add_tax", ":exercise: add-tax"),
        "an exercise is named as its function is; got 'add-tax'",
    ),
    "name of a graded cell": (
        (LESSON, ":exercise: halve", ":exercise: check_add_tax"),
        "an exercise is named as its function is; got 'check_add_tax'",
    ),
    "raw cell": (
        (LESSON, "Some prose about taxes.", "```{raw-cell}\nhello\n```"),
        "only code cells and written answers take options, and raw cells are not taught",
    ),
    "options of prose": (
        (LESSON, "Some prose about taxes.", '+++ {"exercise": "a"}\n\nSome prose.'),
        "only code cells and written answers take options, and raw cells are not taught",
    ),
    "not MyST": (
        (LESSON, ":exercise: add_tax", ":exercise: [add_tax"),
        "lessons/ps2.md:25: not MyST that jupytext reads: Invalid YAML; while parsing a flow",
    ),
    "a fence of code that does not end": (
        (LESSON, 'print("visible checks of add_tax")\n```', 'print("visible checks of add_tax")'),
        "lessons/ps2.md:34: the block that begins here with ``` has no end before the cell in "
        "line 40; add a line ```",
    ),
    "a fence of prose that does not end": (
        (LESSON, "Some prose about taxes.", "```python\nx = 1"),
        "lessons/ps2.md:9: the block that begins here with ``` has no end before the cell in "
        "line 12; add a line ```",
    ),
    "the last fence does not end": (
        (LESSON, "What to remember.", "```python\nx = 1"),
        "lessons/ps2.md:63: the block that begins here with ``` has no end; add a line ```",
    ),
    "a given cell is no Python": (
        (LESSON, "tax_rate = 0.2", "tax_rate = 0.2\nrates = [1, 2"),
        "lessons/ps2.md:19: this cell is not valid Python: '[' was never closed",
    ),
    "an experiment is no Python": (
        (LESSON, "print(add_tax(np.ones(2), 0.1))", "x = 1\nprint(add_tax(np.ones(2), 0.1)"),
        "lessons/ps2.md:45: this cell is not valid Python: '(' was never closed",
    ),
    "a visible check is no Python": (
        (LESSON, 'print("visible checks of halve")', 'print("visible checks of halve"'),
        "lessons/ps2.md:60: this cell is not valid Python: '(' was never closed",
    ),
    "the starter is no Python": (
        (LESSON, "def halve(x):\n", "def halve(x)\n"),
        "lessons/ps2.md:52: this cell is not valid Python: expected ':'",
    ),
    "the reference is no Python": (
        (REFERENCE, "    return x / 2", "    return x / (2"),
        "reference/ps2.py:17: the reference is not valid Python: '(' was never closed",
    ),
    "a solution uses what only the reference imports": (
        (REFERENCE, "    return x / 2", "    return math.floor(x / 2)"),
        "reference/ps2.py:17: no cell before this defines the name 'math'; what stands at the "
        "head of this file is not in the notebook",
    ),
    "a solution uses what only an experiment defines": (
        (REFERENCE, "    return x / 2", "    return x / shown"),
        "reference/ps2.py:17: no cell before this defines the name 'shown'",
    ),
    "a visible check misspells a name": (
        (LESSON, 'print("visible checks of halve")', "print('')\nprnt(1)"),
        "lessons/ps2.md:61: no cell before this defines the name 'prnt'",
    ),
    "a written answer without points": (
        (LESSON, "Some prose about taxes.", '+++ {"written": "why"}\n\nYour answer.'),
        "lessons/ps2.md:11: a written answer states its name and its points and nothing else",
    ),
    "a written answer in a cell of code": (
        (LESSON, ":tags: [show]", ":written: why"),
        "lessons/ps2.md:41: a written answer is prose: put its options before a paragraph",
    ),
    "a written answer named as an exercise": (
        (LESSON, "Some prose about", '+++ {"written": "halve", "points": 1}\n\nSome prose about'),
        "lessons/ps2.md:11: a written answer 'halve', and there is an exercise of that name",
    ),
    "a picture that is not there": (
        (LESSON, "Some prose about taxes.", "Look:\n![a curve](curve.png)"),
        "lessons/ps2.md:10: no picture lessons/curve.png (No such file or directory); put it "
        "beside the lesson",
    ),
    "a picture that is no PNG": (
        (LESSON, "Some prose about taxes.", "Look: ![a page](ps2.md)"),
        "lessons/ps2.md:9: lessons/ps2.md must be a PNG picture of at most 1,000,000 bytes",
    ),
    "a picture by a tag": (
        (LESSON, "Some prose about taxes.", "<img width=3 src='curve.png'>"),
        "lessons/ps2.md:9: the notebook will not find 'curve.png'; write ![what it shows](curve",
    ),
    "planted nothing": (
        (LESSON, ':planted: {tax_rate: "0.37"}', ":planted: tax_rate"),
        "planted must map names to expressions, as in {tax_rate: \"0.37\"}; got 'tax_rate'",
    ),
    "planted name not assigned": (
        (LESSON, "tax_rate = 0.2", "rate = 0.2"),
        "lessons/ps2.md:15: planted 'tax_rate' is not assigned in the cell; give the cell a line "
        "'tax_rate = ...' or drop the option",
    ),
    "planted value no expression": (
        (LESSON, '"0.37"', '"0.37 +"'),
        "planted 'tax_rate' must be a Python expression in quotes, such as \"0.37\"; got '0.37 +'",
    ),
    "planted value not quoted": (
        (LESSON, '"0.37"', "0.37"),
        "planted 'tax_rate' must be a Python expression in quotes, such as \"0.37\"; got 0.37",
    ),
    "no title": (
        (LESSON, "# Pure functions\n", ""),
        "lessons/ps2.md: no title; begin the lesson with a line '# Title'",
    ),
    "starter without check": (
        (LESSON, ":check: halve\n:points: 2.5\n", ""),
        "lessons/ps2.md:52: exercise 'halve' has no cell ':check: halve'",
    ),
    "check without starter": (
        (LESSON, ":exercise: halve\n", ""),
        "lessons/ps2.md:59: check 'halve' has no cell ':exercise: halve'",
    ),
    "two starters": (
        (LESSON, ":exercise: halve", ":exercise: add_tax"),
        "lessons/ps2.md:52: a second starter cell for 'add_tax'; drop one",
    ),
    "two checks": (
        (LESSON, ":check: halve", ":check: add_tax"),
        "lessons/ps2.md:60: a second check cell for 'add_tax'; drop one",
    ),
    "check before starter": (
        (LESSON, "Some prose about taxes.", "```{code-cell}\n:check: late\n:points: 1\n```"),
        "lessons/ps2.md:11: check 'late' stands before its exercise; move it below",
    ),
    "starter defines another": (
        (LESSON, "def halve(x)", "def half(x)"),
        "lessons/ps2.md:52: the starter of 'halve' defines no function halve; it needs a plain",
    ),
    "reference defines another": (
        (REFERENCE, "def halve(x)", "def half(x)"),
        "reference/ps2.py:16: the reference of 'halve' defines no function halve; it needs a plain",
    ),
    "signatures differ": (
        (LESSON, "def add_tax(prices, tax_rate)", "def add_tax(prices, *, rate)"),
        "lessons/ps2.md:28: the starter is add_tax(prices, *, rate), but the reference in "
        "reference/ps2.py:7 is add_tax(prices, tax_rate); give both the same parameters",
    ),
    "reference lacks a section": (
        (REFERENCE, "# %% halve\n", ""),
        "reference/ps2.py: no section '# %% halve' for the exercise of lessons/ps2.md",
    ),
    "reference has one too many": (
        (REFERENCE, "# %% halve\n", "# %% half\n"),
        "reference/ps2.py:16: section 'half' belongs to no exercise of the lesson; there are "
        "add_tax, halve, and for a timed one '# %% add_tax: numpy baseline'",
    ),
    "timed without baseline": (
        (REFERENCE, "# %% halve: numpy baseline\n", ""),
        "reference/ps2.py:16: 'halve' is timed, so it needs '# %% halve: numpy baseline'",
    ),
    "baseline of another name": (
        (REFERENCE, "def halve_numpy", "def numpy_halve"),
        "section 'halve: numpy baseline' defines no function halve_numpy",
    ),
    "points do not add up": (
        (LESSON, ":points: 3", ":points: 4"),
        "lessons/ps2.md:38: check 'add_tax' is worth 4 points, but the tests in "
        "grader_tests/ps2/test_add_tax.py add up to 3; change one of them",
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_in_the_course_is_named(course: Course, mistake: str) -> None:
    (file, old, new), message = MISTAKES[mistake]
    if mistake == "check before starter":
        starter = "\n```{code-cell}\n:exercise: late\n\ndef late(): ...\n```\n"
        edit(course, LESSON, "What to remember.", starter)
    if mistake == "a solution uses what only an experiment defines":
        edit(course, LESSON, "print(add_tax(np.ones(2), 0.1))", "shown = 2")
    edit(course, file, old, new)
    assert message in error_of(course)


def test_a_lesson_without_exercises_says_how_to_give_it_one(course: Course) -> None:
    (course.root / LESSON).write_text("# Title\n")
    assert "no exercise; run jaxercise new exercise ps2 NAME, or give a code" in error_of(course)


def test_a_missing_reference_is_named(course: Course) -> None:
    (course.root / REFERENCE).unlink()
    assert error_of(course) == "reference/ps2.py: no such file"


def test_an_unreadable_lesson_is_named(course: Course) -> None:
    (course.root / LESSON).write_bytes(b"# \xff\n")
    assert error_of(course).startswith("lessons/ps2.md: cannot be read: 'utf-8' codec")


def test_missing_hidden_tests_are_named(course: Course) -> None:
    (course.root / TESTS).unlink()
    assert error_of(course) == (
        "grader_tests/ps2/test_add_tax.py: missing; exercise 'add_tax' has no hidden tests"
    )


@pytest.mark.parametrize("n_extra", [0, 1, 12])
@pytest.mark.parametrize("names", [[], ["f1"], ["a" * 50, "b" * 50], [f"f{i}" for i in range(30)]])
def test_progress_gets_the_names_of_the_lessons_exercises(names: list[str], n_extra: int) -> None:
    first = RawCell("code", "import jax\n\nprogress(...)", {}, 1, 2)
    apart = [f"extra_{number}" for number in range(n_extra)]
    others = [
        RawCell("code", "progress(...)", {"exercise": name}, 3, 4) for name in [*names, *apart]
    ]
    others += [RawCell("code", "check()", {"check": n, "extra": True}, 3, 4) for n in apart]
    source = with_exercise_names([first, *others])[0].source
    seen: list[tuple[list[str], list[str]]] = []
    namespace = {"progress": lambda *own, extra=(): seen.append(([*own], [*extra]))}
    exec(source, namespace)
    assert seen == [(names, apart)]
    assert max(map(len, source.splitlines())) <= 88


def test_the_notebook_has_the_names_and_prose_keeps_its_dots(course: Course) -> None:
    imports = "from jaxercise import progress\nprogress(...)\n"
    edit(course, LESSON, "import numpy as np\n", f"import numpy as np\n{imports}")
    edit(course, LESSON, "Some prose", "progress(...)\nSome prose")
    lesson = course.lesson("ps2")
    named = ", ".join(f'"{exercise.name}"' for exercise in lesson.exercises)
    assert [c.source for c in lesson.cells if f"progress({named})" in c.source]
    assert [c.kind for c in lesson.cells if "progress(...)" in c.source] == ["prose"]


def test_hidden_tests_of_no_exercise_are_named(course: Course) -> None:
    (course.root / "grader_tests/ps2/test_addtax.py").write_text("")
    assert error_of(course) == (
        "grader_tests/ps2/test_addtax.py: tests no exercise: lessons/ps2.md has no "
        "':exercise: addtax'; there are add_tax, halve"
    )


def test_checks_are_declared_by_the_test_file(course: Course) -> None:
    assert declared_checks(course.root / TESTS) == (
        DeclaredCheck("adds_the_tax", "correctness", 2.0, "Prices grow by the rate."),
        DeclaredCheck("is_pure", "purity", 1.0, "Nothing else is touched."),
    )


def test_hidden_tests_are_read_without_being_run(course: Course) -> None:
    edit(course, TESTS, "import pytest", "import pytest\nraise SystemExit")
    assert len(declared_checks(course.root / TESTS)) == 2


MISDECLARED = {
    "misspelt fixture": (
        "test_is_pure(student)",
        "test_is_pure(studnet)",
        "{}:15: 'test_is_pure' asks for a fixture 'studnet', and there is none; there are "
        "student, reference, rng, new_key, race",
    ),
    "no marker": (
        "@pytest.mark.purity(points=1)\n",
        "",
        "{}:14: 'test_is_pure' needs exactly one marker, has none; choose from "
        "@pytest.mark.correctness(points=...), @pytest.mark.purity(points=...), "
        "@pytest.mark.reproducibility(points=...), @pytest.mark.speed(points=...)",
    ),
    "two markers": (
        "@pytest.mark.purity(points=1)\n",
        "@pytest.mark.purity(points=1)\n@pytest.mark.speed(points=1)\n",
        "'test_is_pure' needs exactly one marker, has purity and speed; choose from",
    ),
    "no docstring": (
        '    """Nothing else is touched."""',
        "    pass",
        "{}:15: 'test_is_pure' has no docstring; its first line is what a student reads",
    ),
    "points computed": (
        "points=1",
        "points=1 + 1",
        "'test_is_pure': points must be a positive number written out, as in points=2; got '1 + 1'",
    ),
    "points missing": ("purity(points=1)", "purity", "written out, as in points=2; got nothing"),
    "points negative": ("points=1", "points=-1", "written out, as in points=2; got '-1'"),
    "points zero": ("points=1", "points=0", "written out, as in points=2; got '0'"),
    "points a truth value": ("points=1", "points=True", "as in points=2; got 'True'"),
    "parametrized": (
        "@pytest.mark.purity",
        '@pytest.mark.parametrize("n", [1, 2])\n@pytest.mark.purity',
        "'test_is_pure': @pytest.mark.parametrize would make its check run several times or not "
        "at all; use a loop inside the test, or remove it",
    ),
    "expected to fail": ("@pytest.mark.purity", "@pytest.mark.xfail\n@pytest.mark.purity", "xfail"),
    "twice": ("test_is_pure", "test_adds_the_tax", "{}:15: a second 'test_adds_the_tax'; rename"),
    "in a class": (
        "import pytest",
        "class TestMore:\n    pass\n\nimport pytest",
        "{}:3: class 'TestMore': write hidden tests as plain functions",
    ),
    "nested": (
        "def test_is_pure(student):\n",
        'def checks(student):\n  def test_inner():\n    ""\n',
        "{}:16: 'test_inner' must be a plain function at the top level of the file, neither "
        "nested nor async",
    ),
    "async": ("def test_is_pure", "async def test_is_pure", "neither nested nor async"),
    "no correctness": (
        "correctness",
        "speed",
        "{}: no test is marked @pytest.mark.correctness, and without one the other properties "
        "would reward a wrong answer; add one",
    ),
    "no Python": ("def test_is_pure(", "def test_is_pure((", "{}:15: not valid Python: "),
}


@pytest.mark.parametrize("mistake", MISDECLARED)
def test_a_mistake_in_a_hidden_test_is_named_with_its_line(course: Course, mistake: str) -> None:
    old, new, message = MISDECLARED[mistake]
    edit(course, TESTS, old, new)
    with pytest.raises(CourseError, match=re.escape(message.format(course.root / TESTS))):
        declared_checks(course.root / TESTS)


def test_a_test_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match=r"test_none\.py: cannot be read: "):
        declared_checks(tmp_path / "test_none.py")


def test_sections_are_split_at_their_titles() -> None:
    text = "import a\n\n# %% one\n\nx = 1\n\n# %% right: two -> b\r\n  y\n\n"
    assert sections(text) == ("import a", {"one": "x = 1", "right: two -> b": "  y"})


def test_a_source_without_sections_is_all_preamble() -> None:
    assert sections("x = 1\n") == ("x = 1", {})


def test_a_title_given_twice_is_named_with_its_line() -> None:
    with pytest.raises(CourseError, match=r"a\.py:3: there is a section 'one' already; rename one"):
        sections("# %% one\n\n# %% one\n", "a.py")


def test_a_section_without_title_is_refused() -> None:
    with pytest.raises(
        CourseError, match=r"a\.py:2: a section needs a title, as in '# %% add_tax'"
    ):
        sections("\n# %%\n", "a.py")


def test_parameters_are_told_apart_by_kind() -> None:
    function = function_in("def f(a, /, b, *c, d, **e): ...", "f")
    assert function is not None
    assert parameters(function) == ("a", "/", "b", "*c", "d", "**e")
    function = function_in("def f(a, *, d=1): ...", "f")
    assert function is not None
    assert parameters(function) == ("a", "*", "d")


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("def f(x): ...\nasync def g(): ...", {"f", "g"}),
        ("'''\ndef f(x): ...\n'''", set()),
        ("%matplotlib inline\ndef f(x): ...", {"f"}),
        ("def f(x):\n  return (", {"f"}),
        ("  def f(x): ...", set()),
        ("def f(x):\n  return '\\d'", {"f"}),
        ("x = " + "-" * 100_000 + "1\ndef f(): ...", {"f"}),
        ("x = a" + ".b" * 100_000 + "\ndef f(): ...", {"f"}),
        ("x = '\0'\ndef f(): ...", {"f"}),
    ],
)
def test_defined_functions_survive_any_text(source: str, names: set[str]) -> None:
    assert defined_functions(source) == names


def test_assigned_names_are_those_of_every_form() -> None:
    source = "a = b = 1\nc, (d, *e) = f()\ng: int = 2\nh += 1\nx.i = 3\nx[j] = 4\n"
    assert assigned_names(source) == {"a", "b", "c", "d", "e", "g", "h"}
