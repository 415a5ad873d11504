"""`jaxercise report`: the class at a glance, as one HTML file and as JSON."""

from __future__ import annotations

import argparse
from pathlib import Path

from jaxercise.cli.terminal import write_json
from jaxercise.course.lesson import Course
from jaxercise.nbgrader.class_records import (
    course_directory,
    links_to_files,
    report_on,
    reports_folder,
)
from jaxercise.report.history import write
from jaxercise.report.page import page


def report(arguments: argparse.Namespace) -> int:
    """Write the report on one assignment; 0.

    Raises:
        CourseError: the assignment, the gradebook or an earlier report cannot be used.
    """
    course = Course.find()
    coursedir = course_directory(course.root)
    made = report_on(course, coursedir, arguments.assignment, arguments.before)
    if arguments.json is not None:
        write_json(arguments.json, made.to_json())
    target: Path = arguments.html or reports_folder(course) / f"{arguments.assignment}.html"
    write(target, page(made, links_to_files(coursedir, arguments.assignment, target)))
    if arguments.json != "-":
        print(f"written: {target}")
    return 0
