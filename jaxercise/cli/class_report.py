"""`jaxercise report`: the class at a glance, as one HTML file and as JSON."""

from __future__ import annotations

import argparse
from pathlib import Path

from jaxercise.cli.terminal import write_json
from jaxercise.course.lesson import Course
from jaxercise.nbgrader.class_records import (
    course_directory,
    links_to_files,
    links_to_formgrader,
    report_on,
    reports_folder,
)
from jaxercise.report.page import page
from jaxercise.report.writing import write


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
    if arguments.formgrader:
        link = links_to_formgrader(made.records, arguments.formgrader)
    else:
        link = links_to_files(coursedir, arguments.assignment, target)
    write(target, page(made, link))
    if arguments.json != "-":
        print(f"written: {target}")
    return 0
