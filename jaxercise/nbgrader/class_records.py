"""The report on a class, from nbgrader's gradebook and the autograded notebooks."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from nbgrader.api import MissingEntry
from nbgrader.converters.base import NbGraderException
from nbgrader.coursedir import CourseDirectory
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from jaxercise.checks.outcome import CourseError, Grade
from jaxercise.course.lesson import Course, Lesson
from jaxercise.nbgrader.enrolment import settings
from jaxercise.nbgrader.gradebook import opened
from jaxercise.report.class_report import ClassReport, make_report
from jaxercise.report.history import History, read_report
from jaxercise.report.page import Link
from jaxercise.report.records import ClassRecords, Submission


def course_directory(course_root: Path) -> CourseDirectory:
    """nbgrader's folders and gradebook, as its commands that run in the course's root have them."""
    return CourseDirectory(config=settings(course_root))


def report_on(
    course: Course, coursedir: CourseDirectory, assignment: str, before: Path | None = None
) -> ClassReport:
    """The report on what is graded now; it is kept for the next one to compare with.

    Raises:
        CourseError: the assignment, the gradebook or an earlier report cannot be used.
    """
    lesson = course.lesson(assignment)
    records = read_class(coursedir, lesson)
    history = History(reports_folder(course), assignment)
    earlier = read_report(before) if before else history.earlier(records)
    made = f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC"
    found = make_report(course, lesson, records, made, earlier)
    history.keep(found, earlier)
    return found


def reports_folder(course: Course) -> Path:
    return course.root / "reports"


def links_to_files(coursedir: CourseDirectory, assignment: str, target: Path) -> Link:
    """Links to feedback pages relative to the page `target`; "" where there is none."""

    def link(student: str, exercise: str) -> str:
        folder = coursedir.format_path(str(coursedir.feedback_directory), student, assignment)
        feedback = Path(folder, f"{assignment}.html")
        if not feedback.is_file():
            return ""
        address = quote(os.path.relpath(feedback, target.parent))
        return f"{address}#check_{exercise}" if exercise else address

    return link


def links_to_formgrader(records: ClassRecords, address: str) -> Link:
    """Links to formgrader's page of a submission, at the exercise's score."""
    ids = {one.student: one.gradebook_id for one in records.submissions}

    def link(student: str, exercise: str) -> str:
        if not ids.get(student):
            return ""
        page = f"{address.rstrip('/')}/submissions/{ids[student]}/"
        return f"{page}#check_{exercise}" if exercise else page

    return link


def read_class(coursedir: CourseDirectory, lesson: Lesson) -> ClassRecords:
    """All submissions to the lesson's assignment, by student id.

    Raises:
        CourseError: the assignment is not in the gradebook, or the gradebook cannot be used.
    """
    name = lesson.assignment
    try:
        _assert_exists(str(coursedir.db_url), name)
        with opened(str(coursedir.db_url), str(coursedir.course_id)) as gradebook:
            assignment: Any = gradebook.find_assignment(name)
            rows: list[Any] = gradebook.assignment_submissions(name)
            found = sorted((_submission(coursedir, lesson, row) for row in rows), key=_student)
            everyone = {str(one.id) for one in gradebook.students}
            missing = sorted(everyone - {one.student for one in found})
            return ClassRecords(name, tuple(found), tuple(missing), _utc(assignment.duedate))
    except MissingEntry as error:
        raise CourseError(
            f"{name} is not in the gradebook yet: run `nbgrader generate_assignment {name}`"
        ) from error
    except NbGraderException as error:
        raise CourseError(str(error)) from error


def _assert_exists(db_url: str, name: str) -> None:
    """Refuse a gradebook file that is not there, which nbgrader would make.

    Raises:
        MissingEntry: there is none.
    """
    with suppress(ArgumentError):  # What is no address is told by whoever opens it.
        url = make_url(db_url)
        if url.get_backend_name() == "sqlite" and url.database and not Path(url.database).is_file():
            raise MissingEntry(f"no gradebook, so no {name}")


def _student(one: Submission) -> str:
    return one.student


def _submission(coursedir: CourseDirectory, lesson: Lesson, row: Any) -> Submission:
    student, name = str(row.student.id), lesson.assignment
    full_name = " ".join(filter(None, (row.student.first_name, row.student.last_name)))
    folder = coursedir.format_path(str(coursedir.autograded_directory), student, name)
    grade, answers = _read(Path(folder, f"{name}.ipynb"), lesson)
    notebooks = [one for one in row.notebooks if one.name == name]
    return Submission(
        student,
        full_name or student,
        grade,
        answers,
        _utc(row.timestamp),
        row.total_seconds_late,
        row.score,
        notebooks[0].id if notebooks else "",
    )


def _read(path: Path, lesson: Lesson) -> tuple[Grade | None, dict[str, str]]:
    """The judge's record in an autograded notebook, and the answers; nothing of a broken file."""
    grade, answers = None, dict[str, str]()
    with suppress(OSError, ValueError, KeyError, TypeError, AttributeError):
        notebook = json.loads(path.read_text(encoding="utf-8"))
        for cell in notebook["cells"]:
            if cell.get("id") in lesson.by_name:
                source = cell["source"]
                answers[cell["id"]] = source if isinstance(source, str) else "".join(source)
        grade = Grade.from_json(notebook["metadata"]["jaxercise"]["grade"])
    return grade, answers


def _utc(moment: datetime | None) -> datetime | None:
    """nbgrader stores UTC without saying so."""
    return moment.replace(tzinfo=UTC) if moment else None
