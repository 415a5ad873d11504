"""The link to Colab and the set-up cell that `build` puts into notebooks, by course.toml."""

from __future__ import annotations

import importlib.util
import subprocess
from importlib.metadata import version
from typing import Any

import pytest
from nbformat import NotebookNode

from jaxercise.checks.outcome import CourseError
from jaxercise.course.build import release_digest
from jaxercise.course.lesson import Course
from jaxercise.course.settings import CourseSettings, read_settings
from jaxercise.grading.session import plan
from jaxercise.nbgrader.marks import marked_release
from tests.releases import mend_as_handed_in
from tests.test_mend import ADD_TAX, HALVE, source

INSTALL = "jaxercise @ https://example.org/jaxercise.whl"
PUBLISHED = "https://github.com/someone/course/tree/main/release"


def configure(course: Course, **settings: str) -> Course:
    """The course as read anew, with these settings."""
    lines = [f'{name} = "{value}"\n' for name, value in settings.items()]
    (course.root / "course.toml").write_text(f"[notebooks]\n{''.join(lines)}")
    return Course(course.root)


def solved(course: Course) -> NotebookNode:
    notebook = marked_release(course.lesson("ps2"))
    for cell in notebook.cells:
        cell.source = {"add_tax": ADD_TAX, "halve": HALVE}.get(cell.id, cell.source)
    return notebook


def is_setup(cell: NotebookNode) -> bool:
    return "setup" in cell.metadata.get("tags", ())


def setup_of(course: Course) -> str:
    (cell,) = filter(is_setup, marked_release(course.lesson("ps2")).cells)
    return cell.source


def test_the_set_up_is_the_first_code_and_the_link_the_first_cell(course: Course) -> None:
    cells = marked_release(configure(course, published=PUBLISHED).lesson("ps2")).cells
    first = next(cell for cell in cells if cell.cell_type == "code")
    assert is_setup(first)
    assert "nbgrader" not in first.metadata, "students may change or delete it"
    assert cells[0].source == (
        "[Open this notebook in Colab](https://colab.research.google.com/github/someone/course/"
        "blob/main/release/ps2/ps2.ipynb)"
    )
    assert cells[1].source.startswith("# Pure functions")


def test_by_default_no_link_and_no_address_are_in_a_notebook(course: Course) -> None:
    release = marked_release(course.lesson("ps2"))
    text = "".join(cell.source for cell in release.cells)
    assert "colab" not in text.lower()
    assert "://" not in setup_of(course)
    assert "pip" not in setup_of(course)


@pytest.mark.parametrize("install", ["", INSTALL])
def test_where_jaxercise_is_installed_the_set_up_does_nothing(
    course: Course, install: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(subprocess, "run", None)
    exec(setup_of(configure(course, install=install)), {})
    assert capfd.readouterr() == ("", "")


def without_jaxercise(monkeypatch: pytest.MonkeyPatch) -> None:
    find = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name: None if name == "jaxercise" else find(name)
    )


def test_where_it_is_missing_and_nothing_is_set_one_sentence_tells_what_to_do(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_jaxercise(monkeypatch)
    with pytest.raises(ModuleNotFoundError, match="choose the kernel of the environment") as raised:
        exec(setup_of(course), {})
    assert str(raised.value).count(".") == 1


@pytest.mark.parametrize("returncode", [0, 1])
def test_where_it_is_missing_it_is_installed_beside_the_jax_that_is_there(
    course: Course, returncode: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    commands: list[list[str]] = []

    def run(command: list[str], **_: Any) -> subprocess.CompletedProcess[str]:
        commands.append(command)
        return subprocess.CompletedProcess(command, returncode, "", "no such file")

    without_jaxercise(monkeypatch)
    monkeypatch.setattr(subprocess, "run", run)
    cell = setup_of(configure(course, install=INSTALL))
    if returncode:
        with pytest.raises(
            RuntimeError, match=rf"jax 0\.8, or newer \(found: jax=={version('jax')}"
        ):
            exec(cell, {})
    else:
        exec(cell, {})
    kept = [f"jax=={version('jax')}", f"jaxlib=={version('jaxlib')}"]
    assert [command[2:] for command in commands] == [["pip", "install", "--quiet", INSTALL, *kept]]


def test_a_notebook_without_the_set_up_is_mended_without_a_word(course: Course) -> None:
    notebook = solved(course)
    notebook.cells = [cell for cell in notebook.cells if not is_setup(cell)]
    mended = mend_as_handed_in(notebook, course.lesson("ps2"))
    assert mended.repairs == ()
    assert source(mended, "add_tax") == ADD_TAX


def test_a_change_of_the_settings_makes_no_other_release(course: Course) -> None:
    notebook = solved(configure(course, install="jaxercise==0.1", published=PUBLISHED))
    again = configure(course, install=INSTALL)
    lesson = again.lesson("ps2")
    assert release_digest(lesson) == notebook.metadata.jaxercise.release
    mended = mend_as_handed_in(notebook, lesson)
    assert mended.repairs == ()
    assert [cell.id for cell in mended.notebook.cells] == [cell.id for cell in lesson.cells]
    assert [is_setup(cell) for cell in mended.notebook.cells].count(True) == 1


def test_what_a_student_wrote_into_the_set_up_runs_before_the_checks(course: Course) -> None:
    notebook = solved(configure(course, install=INSTALL))
    (setup,) = filter(is_setup, notebook.cells)
    setup.source += "\nMY_RATE = 0.3"
    for today in (course, configure(course, install="jaxercise==0.1")):
        lesson = today.lesson("ps2")
        mended = mend_as_handed_in(notebook, lesson)
        assert mended.repairs == ()
        planned = plan(mended.notebook, lesson)
        assert [not p.only_shown for p in planned if "MY_RATE" in p.cell.source] == [True]
    unchanged = [
        p for p in plan(solved(course), course.lesson("ps2")) if "find_spec" in p.cell.source
    ]
    assert [p.only_shown for p in unchanged] == [True], "it takes no part in grading"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[notebooks", "cannot be read"),
        ("seed = 3", r"expected a table \[notebooks\] with install and published alone"),
        ('[notebooks]\nsource = "x"', "with install and published alone"),
        ("[notebooks]\ninstall = 3", "install must be a text of one line; got 3"),
        ('[notebooks]\ninstall = "a\\nb"', "install must be a text of one line"),
        ('[notebooks]\npublished = "https://example.org/x"', "the address of a folder on GitHub"),
    ],
)
def test_what_is_wrong_with_the_settings_is_told(course: Course, text: str, told: str) -> None:
    (course.root / "course.toml").write_text(text)
    with pytest.raises(CourseError, match=told):
        Course(course.root).lesson("ps2")


def test_this_course_and_a_new_one_set_nothing() -> None:
    here = Course.find()
    template = here.root / "jaxercise" / "cli" / "template"
    assert read_settings(here.root) == read_settings(template) == CourseSettings()
    assert read_settings(here.root / "tests") == CourseSettings()
