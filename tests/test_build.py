from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbconvert.exporters.exporter import ResourcesDict
from nbgrader.utils import compute_checksum

from jaxercise.checks.outcome import CourseError
from jaxercise.course.lesson import Course
from jaxercise.nbgrader import release as building
from jaxercise.nbgrader.marks import marked_release, marked_source
from jaxercise.nbgrader.release import Difference, build, differences
from jaxercise.nbgrader.starters import RestoreStarters

CONFIG = """\
c = get_config()
c.CourseDirectory.course_id = "course"
"""
STARTERS = """\
from jaxercise.nbgrader.starters import GENERATE_PREPROCESSORS
c.GenerateAssignment.preprocessors = list(GENERATE_PREPROCESSORS)
"""


def generate_assignment(course: Course, config: str) -> str:
    """Run nbgrader itself on the course's source/ and return the release notebook's text."""
    (course.root / "nbgrader_config.py").write_text(config)
    library = Path(building.__file__).parents[2]
    bin_ = Path(sys.executable).parent  # nbgrader calls alembic by name
    environment = os.environ | {
        "PATH": f"{bin_}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(library),
        "JUPYTER_CONFIG_DIR": str(course.root),
        "HOME": str(course.root),
    }
    command = [sys.executable, "-m", "nbgrader", "generate_assignment", "ps2", "--force"]
    done = subprocess.run(command, cwd=course.root, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return course.release_file("ps2").read_text()


def cell(notebook: nbformat.NotebookNode, name: str) -> nbformat.NotebookNode:
    return next(cell for cell in notebook.cells if cell.id == name)


def test_nbgrader_makes_of_source_just_what_is_in_release(course: Course) -> None:
    build(course)
    ours = course.release_file("ps2").read_text()
    shutil.rmtree(course.root / "release")
    assert generate_assignment(course, CONFIG + STARTERS) == ours


def test_without_our_preprocessor_nbgrader_lets_no_solution_out(course: Course) -> None:
    build(course)
    shutil.rmtree(course.root / "release")
    released = generate_assignment(course, CONFIG)
    for name in ("add_tax", "halve"):
        stub = cell(nbformat.reads(released, as_version=4), name).source
        assert stub == "# YOUR CODE HERE\nraise NotImplementedError()"
    assert "FACTOR" not in released
    assert "x / 2" not in released


def test_a_solution_cell_of_another_make_gets_nbgraders_stub(course: Course) -> None:
    notebook = marked_source(course.lesson("ps2"))
    del cell(notebook, "halve").metadata["jaxercise"]
    released, _ = RestoreStarters().preprocess(notebook, ResourcesDict())
    assert cell(released, "halve").source == "# YOUR CODE HERE\nraise NotImplementedError()"
    assert cell(released, "add_tax").source == course.lesson("ps2").by_name["add_tax"].starter


def test_checksums_are_those_of_nbgrader(course: Course) -> None:
    notebook = marked_release(course.lesson("ps2"))
    marked = [cell for cell in notebook.cells if "nbgrader" in cell.metadata]
    assert [cell.metadata.nbgrader.checksum for cell in marked] == [
        compute_checksum(cell) for cell in marked
    ]
    assert len(marked) == 6


def test_every_kind_of_cell_has_its_marks(course: Course) -> None:
    notebook = marked_release(course.lesson("ps2"))
    marks = {
        cell.id: {
            key: cell.metadata.nbgrader.get(key)
            for key in ("grade_id", "grade", "solution", "locked", "points")
        }
        for cell in notebook.cells
        if "nbgrader" in cell.metadata
    }
    read_only = {"grade": False, "solution": False, "locked": True, "points": None}
    starter = {"grade": False, "solution": True, "locked": False, "points": None}
    graded = {"grade": True, "solution": False, "locked": True}
    assert marks == {
        "ps2-902e721e": {"grade_id": "ps2-902e721e", **read_only},
        "ps2-e1fd8205": {"grade_id": "ps2-e1fd8205", **read_only},
        "add_tax": {"grade_id": "add_tax", **starter},
        "check_add_tax": {"grade_id": "check_add_tax", **graded, "points": 3},
        "halve": {"grade_id": "halve", **starter},
        "check_halve": {"grade_id": "check_halve", **graded, "points": 2.5},
    }
    assert cell(notebook, "ps2-7779ccfb").metadata == {"tags": ["show"]}
    assert cell(notebook, "ps2-b0568731").metadata == {}


def test_a_cell_of_extra_credit_has_no_points_of_its_own(course: Course) -> None:
    path = course.lesson_file("ps2")
    path.write_text(path.read_text().replace(":points: 2.5\n", ":points: 2.5\n:extra: true\n"))
    lesson = course.lesson("ps2")
    assert [(one.name, one.points, one.extra) for one in lesson.exercises] == [
        ("add_tax", 3, False),
        ("halve", 2.5, True),
    ]
    for notebook in (marked_release(lesson), marked_source(lesson)):
        assert cell(notebook, "check_halve").metadata.nbgrader["points"] == 0
        assert cell(notebook, "check_add_tax").metadata.nbgrader["points"] == 3


def test_students_get_the_starter_and_instructors_the_solution(course: Course) -> None:
    lesson = course.lesson("ps2")
    assert cell(marked_release(lesson), "halve").source == lesson.by_name["halve"].starter
    assert cell(marked_source(lesson), "halve").source == lesson.by_name["halve"].solution
    text = building.to_text(marked_release(lesson))
    assert "FACTOR" not in text
    assert "planted" not in text
    assert "0.37" not in text
    assert all("jaxercise" not in cell.metadata for cell in nbformat.reads(text, 4).cells)


def test_notebooks_are_valid_and_without_outputs(course: Course) -> None:
    for make in (marked_release, marked_source):
        notebook = make(course.lesson("ps2"))
        nbformat.validate(notebook)
        assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)
        assert notebook.metadata.kernelspec.name == "python3"
        assert all(not cell.outputs for cell in notebook.cells if cell.cell_type == "code")


def test_a_build_is_repeated_byte_for_byte(course: Course) -> None:
    first = build(course)
    texts = [path.read_bytes() for path in first]
    for path in first:
        path.unlink()
    assert build(course) == first == [course.source_file("ps2"), course.release_file("ps2")]
    assert [path.read_bytes() for path in first] == texts


def test_a_second_build_writes_nothing(course: Course) -> None:
    build(course)
    assert build(course) == []


def test_a_build_leaves_no_drafts(course: Course) -> None:
    build(course)
    assert [path.name for path in course.release_file("ps2").parent.iterdir()] == ["ps2.ipynb"]


def test_a_check_reports_and_writes_nothing(course: Course) -> None:
    expected = [course.source_file("ps2"), course.release_file("ps2")]
    assert [difference.path for difference in differences(course)] == expected
    assert not course.source_file("ps2").exists()


def test_differences_are_told_apart(course: Course) -> None:
    build(course)
    assert differences(course) == ()
    stale = course.release_file("ps2")
    stale.write_text(stale.read_text().replace("Add the tax.", "Add a tax."))
    course.source_file("ps2").unlink()
    extra = course.root / "release" / "ps9" / "ps9.ipynb"
    extra.parent.mkdir()
    extra.write_text("{}")
    checkpoint = stale.parent / ".ipynb_checkpoints" / "ps2-checkpoint.ipynb"
    checkpoint.parent.mkdir()
    checkpoint.write_text("{}")
    assert differences(course) == (
        Difference(course.source_file("ps2"), "missing"),
        Difference(stale, "stale"),
        Difference(extra, "extra"),
    )
    assert build(course) == [course.source_file("ps2"), stale]
    assert extra.exists()
    assert differences(course) == (Difference(extra, "extra"),)


def test_nothing_is_written_where_one_lesson_is_wrong(course: Course) -> None:
    (course.root / "lessons" / "ps3.md").write_text("# Title\n")
    with pytest.raises(CourseError, match=r"ps3\.md: no exercise"):
        build(course)
    assert not (course.root / "source").exists()


@pytest.mark.parametrize(
    ("file", "text", "delimiter"),
    [
        ("lessons/ps2.md", "# YOUR CODE HERE", "BEGIN SOLUTION"),
        ("lessons/ps2.md", "Some prose about taxes.", "AUTOTEST"),
        ("reference/ps2.py", "FACTOR = 1", "BEGIN HIDDEN TESTS"),
    ],
)
def test_what_nbgrader_would_cut_out_is_named_with_its_line(
    course: Course, file: str, text: str, delimiter: str
) -> None:
    path = course.root / file
    before, after = path.read_text().split(text, 1)
    path.write_text(f"{before}{text}  ### {delimiter}{after}")
    line = before.count("\n") + 1
    with pytest.raises(CourseError) as caught:
        build(course)
    assert str(caught.value) == (
        f"{path}:{line}: nbgrader would cut at '{delimiter}'; use other words"
    )


def test_names_are_unique_across_the_course(course: Course) -> None:
    for old, new in (
        ("lessons/ps2.md", "lessons/ps3.md"),
        ("reference/ps2.py", "reference/ps3.py"),
        ("grader_tests/ps2", "grader_tests/ps3"),
    ):
        copy = shutil.copytree if (course.root / old).is_dir() else shutil.copy
        copy(course.root / old, course.root / new)
    with pytest.raises(
        CourseError,
        match=r"ps3\.md: there is an exercise 'add_tax' in ps2 already; names must",
    ):
        build(course)


def test_files_are_json_as_jupyter_writes_it(course: Course) -> None:
    build(course)
    raw = course.release_file("ps2").read_bytes()
    assert raw.endswith(b"}\n")
    assert b"\r" not in raw
    assert raw.decode() == nbformat.writes(nbformat.from_dict(json.loads(raw))) + "\n"
