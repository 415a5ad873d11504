"""Copies of a course: what nbgrader and the judge need of it, in another folder."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

from jaxercise.checks.outcome import CourseError
from jaxercise.course.lesson import Course
from jaxercise.grading.files import COURSE_PARTS
from jaxercise.nbgrader.marks import marked_source
from jaxercise.nbgrader.release import to_text

CONFIG = "nbgrader_config.py"


def assert_gradable(root: Path) -> None:
    """Refuse a folder that is not a course that nbgrader grades by jaxercise.

    Raises:
        CourseError: it has no nbgrader_config.py, or no lessons.
    """
    config = root / CONFIG
    if not config.is_file():
        raise CourseError(f"{config}: missing; without it nbgrader does not use jaxercise to grade")
    if not (root / "lessons").is_dir():
        raise CourseError(f"{root}: no course, since it has no folder lessons")


def copy_parts(source: Path, target: Path, more: Sequence[str] = ()) -> None:
    """Copy lessons, references, hidden tests and settings, and the folders `more`.

    Raises:
        CourseError: `source` is not a course that nbgrader grades by jaxercise.
    """
    assert_gradable(source)
    target.mkdir(parents=True, exist_ok=True)
    for part in (CONFIG, *COURSE_PARTS, *more):
        there = source / part
        if there.is_dir():
            unwanted = shutil.ignore_patterns("__pycache__", ".*")
            shutil.copytree(there, target / part, ignore=unwanted, dirs_exist_ok=True)
        elif there.is_file():
            shutil.copyfile(there, target / part)


def copy_course(course: Course, target: Path, assignments: Sequence[str]) -> None:
    """A course in which nbgrader can generate and grade these assignments.

    Raises:
        CourseError: the course is incomplete.
    """
    copy_parts(course.root, target)
    for assignment in assignments:
        path = Course(target).source_file(assignment)
        path.parent.mkdir(parents=True)
        path.write_text(to_text(marked_source(course.lesson(assignment))), encoding="utf-8")
