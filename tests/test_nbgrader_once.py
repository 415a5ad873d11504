"""Two submissions go through a real `nbgrader autograde`: mended once and cleaned once each."""

from __future__ import annotations

import logging
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

import nbformat
import pytest
from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.converters import Autograde, GenerateAssignment, GenerateFeedback
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

from jaxercise.course import mend
from jaxercise.course.lesson import Course
from jaxercise.grading import grader
from jaxercise.grading.judge import Judge
from jaxercise.grading.judged import Judged
from jaxercise.grading.pool import JudgeRequest
from jaxercise.nbgrader import clean, release
from tests.small_course import DRAW, RIGHT, handed_in, make_course

CONFIG = Path(__file__).parent.parent / "nbgrader_config.py"
RATE_OF_MY_OWN = "rate = 0.9"
STUDENTS = ("ada", "bob")

# nbgrader reads attributes of objects that SQLAlchemy has not put into the session yet; the
# scores come out right.
pytestmark = pytest.mark.filterwarnings("ignore:Object of type:sqlalchemy.exc.SAWarning")


def convert(converter: Any, root: Path, **judge: Any) -> None:
    config = Config(PyFileConfigLoader(CONFIG.name, path=str(CONFIG.parent)).load_config())
    config.JudgeSubmission.update({"jobs": 2, **judge})
    coursedir = CourseDirectory(
        root=str(root), course_id="jax", assignment_id="ps7", db_url=f"sqlite:///{root}/g.db"
    )
    converter(coursedir=coursedir, config=config).start()


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Course:
    """A released course with two submissions, each with a cell that needs mending."""
    course = make_course(tmp_path / "course", ("f1", "draw"))
    release.build(course)
    # nbgrader starts `alembic`, by that name, to make its tables.
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)
    convert(GenerateAssignment, course.root)
    for student in STUDENTS:
        answers = {"f1": RIGHT.replace("NAME", "f1"), "draw": f"# {student}\n{DRAW}"}
        notebook = handed_in(course.lesson("ps7"), answers)
        given = next(cell for cell in notebook.cells if cell.source == "rate = 0.1")
        given.source = RATE_OF_MY_OWN
        path = course.root / "submitted" / student / "ps7" / "ps7.ipynb"
        path.parent.mkdir(parents=True)
        nbformat.write(notebook, path)
    return course


@pytest.fixture
def judge_here(course: Course, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The judge works in this process, one notebook at a time, where calls can be counted."""
    with Judge(course, spare=False) as judge:

        def judged(request: JudgeRequest) -> Judged:
            notebook = cast(NotebookNode, nbformat.from_dict(request.notebook))
            return judge.judge_notebook(notebook, request.assignment, request.name, request.known)

        monkeypatch.setattr(grader, "JudgePool", lambda _: InOrder())
        monkeypatch.setattr(grader, "judge", judged)
        yield


class InOrder(grader.Executor):
    """An executor that does the work when it is submitted."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> grader.Future[Any]:
        future: grader.Future[Any] = grader.Future()
        future.set_result(fn(*args, **kwargs))
        return future


def counted(monkeypatch: pytest.MonkeyPatch, module: Any, name: str, key: Any) -> Counter[Any]:
    """Count the calls of a function by `key(*arguments)`."""
    calls: Counter[Any] = Counter()
    function = getattr(module, name)

    def call(*arguments: Any) -> Any:
        calls[key(*arguments)] += 1
        return function(*arguments)

    monkeypatch.setattr(module, name, call)
    return calls


@pytest.mark.usefixtures("judge_here")
@pytest.mark.slow
def test_a_submission_is_mended_once_and_cleaned_once(
    course: Course, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def author(source: str) -> str:
        return next(student for student in STUDENTS if f"# {student}\n" in source)

    # What every mending does first, and what cleaning does to each cell.
    mendings = counted(
        monkeypatch,
        mend,
        "match_cells",
        lambda cells, _: author("".join(cell.source for cell in cells)),
    )
    cleanings = counted(monkeypatch, clean, "_cleaned_cell", lambda cell, *_: cell.id)
    with caplog.at_level(logging.INFO):
        convert(Autograde, course.root)
    told = [text for text in caplog.messages if " of 2: " in text]
    assert told[0] == "1 of 2: ada/ps7/ps7.ipynb"
    assert told[1].startswith("2 of 2: bob/ps7/ps7.ipynb (")
    convert(GenerateFeedback, course.root)
    assert mendings == {"ada": 1, "bob": 1}
    assert cleanings == {cell.id: len(STUDENTS) for cell in course.lesson("ps7").cells}
    with Gradebook(f"sqlite:///{course.root}/g.db", "jax") as gradebook:
        for student in STUDENTS:
            assert gradebook.find_submission("ps7", student).score == 6
            page = course.root / "feedback" / student / "ps7" / "ps7.html"
            assert "had been changed; its text was restored" in page.read_text()
            graded = course.root / "autograded" / student / "ps7" / "ps7.ipynb"
            record = nbformat.read(graded, as_version=4).metadata["jaxercise"]["grade"]
            assert len(record["repairs"]) == 1
