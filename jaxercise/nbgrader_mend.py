"""The first step of `nbgrader autograde`: the student's cells into our own copy of the lesson.

After it, stock nbgrader meets no duplicate, renamed or changed cell; one such notebook used
to end the grading of a whole class (nbgrader's issues 1083 and 1941).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.converters.base import NbGraderException
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Unicode

from jaxercise.build import release_notebook
from jaxercise.lesson import Course, Lesson
from jaxercise.mend import mend
from jaxercise.outcome import CourseError, SubmissionError


class CourseStep(NbGraderPreprocessor):
    """A step that needs the course's lessons."""

    course_root = Unicode(
        "",
        help="The folder with lessons/, reference/ and grader_tests/. Default: nbgrader's own "
        "course directory.",
    ).tag(config=True)

    def course(self) -> Course:
        """The course that nbgrader works in."""
        if self.course_root:
            return Course(Path(self.course_root).expanduser().resolve())
        coursedir = self.coursedir()
        return Course(Path(coursedir.root) if coursedir is not None else Path.cwd())

    def coursedir(self) -> Any:
        """nbgrader's course directory, or None where no nbgrader command runs this step."""
        converter = getattr(self.parent, "parent", None)  # step < exporter < converter
        return getattr(converter, "coursedir", None)

    def lesson(self, resources: Any) -> Lesson:
        """The lesson of the assignment in hand.

        Raises:
            NbGraderException: the course has no such lesson, or a wrong one.
        """
        course, assignment = self.course(), resources["nbgrader"]["assignment"]
        try:
            return course.lesson(assignment)
        except CourseError as error:
            raise NbGraderException(str(error)) from error


class MendSubmission(CourseStep):
    """Puts a submission right and keeps what was mended in the notebook's metadata."""

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Mend one notebook.

        Raises:
            NbGraderException: it is no notebook of this assignment, or the lesson is not what
                the gradebook was made for.
        """
        lesson = self.lesson(resources)
        _assert_gradebook_agrees(lesson, resources)
        try:
            mended = mend(nb, lesson, release_notebook(lesson))
        except SubmissionError as error:
            raise NbGraderException(f"{who(resources)}: {error}") from error
        for sentence in mended.repairs:
            self.log.warning("%s: %s", who(resources), sentence)
        mended.notebook.metadata["jaxercise"] = {"repairs": list(mended.repairs)}
        return mended.notebook, resources


def who(resources: Any) -> str:
    """The submission in hand, as messages name it."""
    step = resources["nbgrader"]
    return f"{step['student']}/{step['assignment']}/{step['notebook']}.ipynb"


def _assert_gradebook_agrees(lesson: Lesson, resources: Any) -> None:
    """Refuse where exercises or points changed since nbgrader stored the assignment.

    Hidden tests and prose may change at any time: the gradebook knows nothing of them.
    """
    step = resources["nbgrader"]
    with Gradebook(step["db_url"]) as gradebook:
        found: Any = gradebook.find_notebook(step["notebook"], step["assignment"])
        stored = {cell.name: cell.max_score for cell in found.grade_cells}
        names = {cell.name for cell in found.source_cells}
    points = {
        f"check_{exercise.name}": 0 if exercise.extra else exercise.points
        for exercise in lesson.exercises
    }
    ours = {cell.id for cell in lesson.cells if cell.kind in ("given", "starter", "check")}
    changed = sorted(
        {name for name in points | stored if points.get(name) != stored.get(name)} | (ours ^ names)
    )
    if changed:
        raise NbGraderException(
            f"{lesson.assignment}: the lesson changed since nbgrader stored it "
            f"({', '.join(changed)}): run `jaxercise build` and `nbgrader generate_assignment "
            f"{lesson.assignment}`, then autograde again"
        )
