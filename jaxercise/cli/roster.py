"""`jaxercise roster`: a CSV file of students, checked and put into the gradebook."""

from __future__ import annotations

from pathlib import Path

from jaxercise.checks.outcome import CourseError
from jaxercise.course.lesson import Course
from jaxercise.nbgrader.roster import read_roster


def store_roster(path: Path, check: bool) -> int:
    """Store the students, or with `check` only read the file; tell what was done.

    Raises:
        CourseError: the file has a mistake, or the gradebook cannot be used.
    """
    students = read_roster(path)
    if check:
        print(f"{path}: {len(students)} students, no mistakes")
        return 0
    course = Course.find()
    # Takes seconds to import.
    from nbgrader.converters.base import NbGraderException

    from jaxercise.nbgrader.enrolment import enrol

    try:
        enrolment = enrol(course.root, students)
    except NbGraderException as error:
        raise CourseError(str(error)) from error
    print(f"students: {len(enrolment.added)} added, {len(enrolment.known)} brought up to date")
    if enrolment.others:
        print(f"in the gradebook, but not on the roster: {', '.join(enrolment.others)}")
    return 0
