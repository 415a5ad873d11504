"""Keeps nbgrader's gradebook in step with a lesson that changes after submissions were graded.

By itself nbgrader refuses to add or remove any cell of an assignment that has submissions, even
one without a grade, and it does so after it has deleted what it wanted to replace.
"""

from __future__ import annotations

import json
from collections.abc import Generator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from nbconvert.exporters import NotebookExporter
from nbformat import NotebookNode
from nbgrader.api import Comment, Grade, Gradebook, MissingEntry, SourceCell
from nbgrader.converters import GenerateAssignment
from nbgrader.converters.base import NbGraderException
from nbgrader.preprocessors import SaveCells
from nbgrader.utils import is_locked
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, IntegrityError, SQLAlchemyError
from sqlalchemy.orm.exc import StaleDataError

from jaxercise.course.lesson import Lesson
from jaxercise.nbgrader.marks import marked_release


def bring_up_to_date(lesson: Lesson, db_url: str, course_id: str) -> None:
    """Store the lesson's cells as they are now, if they differ from what is stored.

    Raises:
        NbGraderException: exercises or points changed since they were stored, the assignment
            is not stored yet, or the gradebook cannot be used.
    """
    name = lesson.assignment
    with opened(db_url, course_id) as gradebook:
        try:
            stored: Any = gradebook.find_notebook(name, name)
        except MissingEntry as error:
            raise NbGraderException(
                f"{name} is not in the gradebook yet: run `nbgrader generate_assignment {name}`"
            ) from error
        _assert_same_exercises(lesson, stored)
        try:
            _store_sources(gradebook, stored, lesson)
        except (IntegrityError, StaleDataError):  # another command did the same just now
            gradebook.db.rollback()
            _store_sources(gradebook, gradebook.find_notebook(name, name), lesson)


@contextmanager
def opened(db_url: str, course_id: str) -> Generator[Gradebook]:
    """The gradebook, closed at the end.

    Raises:
        NbGraderException: it cannot be used; the message shows no password.
    """
    try:
        with Gradebook(db_url, course_id) as gradebook:
            yield gradebook
    except ModuleNotFoundError as error:
        raise NbGraderException(
            f"the gradebook {_without_password(db_url)} needs the package {error.name}, which is "
            "not installed; for PostgreSQL, install jaxercise[postgresql] and begin the address "
            "with postgresql+psycopg://"
        ) from error
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", None) or error)
        shown = _without_password(db_url)
        raise NbGraderException(f"the gradebook {shown} cannot be used: {reason}") from error


def set_due_date(db_url: str, course_id: str, assignment: str, due: datetime) -> None:
    """Give an assignment a due date, in UTC without a zone; the gradebook must be there.

    Raises:
        NbGraderException: the gradebook cannot be used.
    """
    date: Any = due
    with opened(db_url, course_id) as gradebook:
        gradebook.update_or_create_assignment(assignment, duedate=date)


def _without_password(db_url: str) -> str:
    try:
        return make_url(db_url).render_as_string(hide_password=True)
    except ArgumentError:
        return "whose address is no URL"


def _assert_same_exercises(lesson: Lesson, stored: Any) -> None:
    """Refuse if exercises or points changed since nbgrader stored the assignment."""
    kept = {cell.name: cell.max_score for cell in stored.grade_cells}
    points = {
        cell.id: 0 if cell.extra else cell.points
        for cell in lesson.cells
        if cell.points is not None
    }
    if changed := [name for name in points | kept if points.get(name) != kept.get(name)]:
        raise NbGraderException(
            f"{lesson.assignment}: the lesson changed since nbgrader stored it "
            f"({', '.join(sorted(changed))}): run `jaxercise build` and `nbgrader "
            f"generate_assignment {lesson.assignment}`, then autograde again"
        )


def _store_sources(gradebook: Gradebook, stored: Any, lesson: Lesson) -> None:
    wanted = {
        cell.id: {
            "cell_type": cell.cell_type,
            "locked": is_locked(cell),
            "source": cell.source,
            "checksum": cell.metadata["nbgrader"]["checksum"],
        }
        for cell in marked_release(lesson).cells
        if "nbgrader" in cell.metadata
    }
    cells = _without_surplus(gradebook, stored, wanted)
    for name, fields in wanted.items():
        if name not in cells:
            gradebook.db.add(SourceCell(name=name, notebook_id=stored.id, **fields))
        for field, value in fields.items():
            if name in cells and getattr(cells[name], field) != value:
                setattr(cells[name], field, value)
    if gradebook.db.new or gradebook.db.dirty or gradebook.db.deleted:
        gradebook.db.commit()


def _without_surplus(
    gradebook: Gradebook, stored: Any, wanted: Mapping[str, Any]
) -> dict[str, SourceCell]:
    """Delete stored cells that are no longer wanted; return the others by name."""
    cells = {str(cell.name): cell for cell in stored.source_cells}
    for name in cells.keys() - wanted.keys():
        gradebook.db.delete(cells.pop(name))
    return cells


class StoreCells(SaveCells):
    """Stores the cells of an assignment, even if submissions were graded already.

    Cells without a grade are added and removed. A new exercise is left for manual grading in each
    submission until the submission is graded again.
    """

    def _create_notebook(self, nb: NotebookNode) -> None:
        stored: Any = None
        with suppress(MissingEntry):
            stored = self.gradebook.find_notebook(self.notebook_id, self.assignment_id)
        if stored is not None and stored.submissions:
            _without_surplus(self.gradebook, stored, self.new_source_cells)
            self.gradebook.db.commit()
            self._add_missing(stored)
        super()._create_notebook(nb)

    def _add_missing(self, stored: Any) -> None:
        """Add the new cells, and for each submission the grade or comment that belongs to one."""
        gradebook = self.gradebook
        kinds: list[tuple[Any, dict[str, Any], Any, Any]] = [
            (stored.source_cells, self.new_source_cells, gradebook.add_source_cell, None),
            (stored.grade_cells, self.new_grade_cells, gradebook.add_grade_cell, Grade),
            (stored.solution_cells, self.new_solution_cells, gradebook.add_solution_cell, Comment),
        ]
        for kept, wanted, add, record in kinds:
            known = {cell.name for cell in kept}
            for name in [name for name in wanted if name not in known]:
                cell = add(name, self.notebook_id, self.assignment_id, **wanted[name])
                for submitted in stored.submissions if record else ():
                    gradebook.db.add(record(cell_id=cell.id, notebook_id=submitted.id))
        gradebook.db.commit()


class Release(NotebookExporter):
    """Refuses to lose grades, before `generate_assignment` deletes the old release."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if isinstance(self.parent, GenerateAssignment) and not self.parent.no_database:
            try:
                self._assert_keeps_grades(self.parent)
            except NbGraderException as error:
                self.log.error("%s", error)
                raise

    def _assert_keeps_grades(self, converter: Any) -> None:
        coursedir = converter.coursedir
        name = coursedir.assignment_id
        files = [Path(file) for files in converter.assignments.values() for file in files]
        new = {file.stem: _graded_names(file) for file in files}
        with opened(coursedir.db_url, coursedir.course_id) as gradebook:
            try:
                stored: Any = gradebook.find_assignment(name).notebooks
            except MissingEntry:
                return
            lost = [
                cell.name
                for notebook in stored
                if notebook.submissions
                if notebook.name in new or coursedir.notebook_id == "*"
                for cell in (*notebook.grade_cells, *notebook.solution_cells)
                if cell.name not in new.get(notebook.name, ())
            ]
        if lost:
            raise NbGraderException(
                f"{name}: {', '.join(sorted(lost))} would be removed, with the points that "
                f"students earned there. Nothing was changed. Keep the exercise in the lesson; or, "
                f"to delete all grades of {name}, run `nbgrader db assignment remove {name} "
                "--force` first"
            )


def _graded_names(file: Path) -> frozenset[str]:
    """The cells of an instructor's notebook that carry a grade or an answer."""
    try:
        cells = json.loads(file.read_text(encoding="utf-8"))["cells"]
        marks = [cell["metadata"].get("nbgrader", {}) for cell in cells]
        return frozenset(
            mark["grade_id"] for mark in marks if mark.get("grade") or mark.get("solution")
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise NbGraderException(f"{file}: not a notebook that can be released: {error}") from error
