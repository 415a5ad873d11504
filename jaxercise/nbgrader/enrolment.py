"""Puts a roster's students into the gradebook, as `nbgrader db student import` does."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbgrader.apps.baseapp import NbGrader
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Application, Config

from jaxercise.nbgrader.gradebook import opened
from jaxercise.nbgrader.roster import Student


@dataclass(frozen=True)
class Enrolment:
    """Ids of students: new in the gradebook, there already, there but not on the roster."""

    added: tuple[str, ...]
    known: tuple[str, ...]
    others: tuple[str, ...]


def enrol(course_root: Path, students: Sequence[Student]) -> Enrolment:
    """Store the students' names and addresses in the course's gradebook.

    What the roster leaves empty stays as it is there. Nobody is removed.

    Raises:
        NbGraderException: the gradebook cannot be used.
    """
    # nbgrader starts alembic by name to make a new gradebook.
    here = str(Path(sys.executable).parent)
    os.environ["PATH"] = os.pathsep.join([here, os.environ.get("PATH", os.defpath)])
    coursedir: Any = CourseDirectory(config=settings(course_root))
    wanted = {student.id: student for student in students}
    with opened(coursedir.db_url, coursedir.course_id) as gradebook:
        stored = {str(student.id) for student in gradebook.students}
        for student in students:
            fields: Any = _fields(student)
            gradebook.update_or_create_student(student.id, **fields)
    return Enrolment(
        tuple(sorted(wanted.keys() - stored)),
        tuple(sorted(wanted.keys() & stored)),
        tuple(sorted(stored - wanted.keys())),
    )


def settings(course_root: Path) -> Config:
    """The settings that nbgrader commands have when they run in the course's root."""
    app = NbGrader()
    app.load_config_file()
    # What the course's own file sets has precedence, as in NbGrader.initialize.
    Application.load_config_file(app, "nbgrader_config.py", path=str(course_root))
    root = Config()
    root.CourseDirectory.root = str(course_root)
    root.merge(app.config)
    return root


def _fields(student: Student) -> dict[str, str]:
    """What nbgrader keeps of a student."""
    fields = {
        "first_name": student.first_name,
        "last_name": student.last_name,
        "email": student.email,
        "lms_user_id": student.canvas_id or student.id_number,
    }
    return {name: value for name, value in fields.items() if value}
