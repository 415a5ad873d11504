"""The first step of `nbgrader autograde`: puts the student's cells into our copy of the lesson.

After it nbgrader sees no duplicate, renamed or changed cell. One such notebook would end the
grading of a whole class (nbgrader's issues 1083 and 1941).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbgrader.converters.base import NbGraderException
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import List, Unicode

from jaxercise.checks.outcome import CourseError, SubmissionError
from jaxercise.course.build import release_notebook
from jaxercise.course.lesson import Course, Lesson
from jaxercise.course.mend import Mended, mend
from jaxercise.nbgrader.gradebook import bring_up_to_date
from jaxercise.nbgrader.marks import mark, with_marks_read

# Where in nbconvert's resources the reader leaves a notebook that it mended already.
MENDED = "jaxercise_mended"


class CourseStep(NbGraderPreprocessor):
    """A step that needs the course's lessons."""

    # Feedback pages set it for every step, but nbgrader's base class does not have it.
    display_data_priority = List().tag(config=True)

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

    def lesson(self, assignment: str) -> Lesson:
        """The lesson of an assignment.

        Raises:
            NbGraderException: the course has no such lesson, or it has mistakes.
        """
        try:
            return self.course().lesson(assignment)
        except CourseError as error:
            raise NbGraderException(str(error)) from error


class MendSubmission(CourseStep):
    """Mends a submission and keeps the list of repairs in the notebook's metadata."""

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Mend one notebook.

        Raises:
            NbGraderException: it is not a notebook of this assignment, or the gradebook was made
                for other exercises or points.
        """
        lesson = self.lesson(resources["nbgrader"]["assignment"])
        course_id = getattr(self.coursedir(), "course_id", "")
        bring_up_to_date(lesson, resources["nbgrader"]["db_url"], course_id)
        try:
            mended: Mended | None = resources.pop(MENDED, None)
            if mended is None:
                mended = mend(with_marks_read(nb), lesson, release_notebook(lesson))
        except SubmissionError as error:
            raise NbGraderException(f"{who(resources)}: {error}") from error
        for sentence in mended.repairs:
            self.log.warning("%s: %s", who(resources), sentence)
        notebook = mended.to_notebook()
        mark(notebook, lesson)
        return notebook, resources


def who(resources: Any) -> str:
    """The name of the current submission in messages."""
    step = resources["nbgrader"]
    return f"{step['student']}/{step['assignment']}/{step['notebook']}.ipynb"
