"""What one command of `nbgrader autograde` is going to grade, read before it gets there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from nbgrader.converters.base import NbGraderException

from jaxercise.checks.outcome import SubmissionError
from jaxercise.course.submission import read_notebook
from jaxercise.grading.grader import Submission


def batch_from(first: Path, converter: Any) -> list[Submission]:
    """The notebook `first`, and those that `converter` will grade after it.

    What is odd is left out: it is read, and told of, when its turn comes.
    """
    submitted = Path(converter.coursedir.root, converter.coursedir.submitted_directory)
    found: list[Submission] = []
    for path in _to_be_graded(first, converter):
        try:
            if is_ordinary(path):
                assert_own(path, submitted)
                assignment = converter.coursedir.assignment_id
                found.append(Submission(read_notebook(path), assignment, str(path)))
        except (SubmissionError, NbGraderException):
            continue
    return found


def _to_be_graded(first: Path, converter: Any) -> Iterator[Path]:
    coursedir = converter.coursedir
    step, assignment = coursedir.submitted_directory, coursedir.assignment_id
    pattern = coursedir.format_path(step, "(?P<student>.*)", re.escape(assignment), escape=True)
    excluded = coursedir.student_id_exclude.split(",")
    for folder in sorted(converter.assignments):
        named = re.fullmatch(pattern, folder)
        if folder < str(first.parent) or named is None or named["student"] in excluded:
            continue
        graded = coursedir.format_path(coursedir.autograded_directory, named["student"], assignment)
        path = Path(folder, first.name)
        if path == first or converter.force or _is_outdated(Path(graded), folder, coursedir):
            yield path


def _is_outdated(graded: Path, submitted: str, coursedir: Any) -> bool:
    """Whether a submission was not graded yet, or handed in again since."""
    if not graded.exists():
        return True
    before = coursedir.get_existing_timestamp(str(graded))
    after = coursedir.get_existing_timestamp(submitted)
    return before is not None and after is not None and after > before


def is_ordinary(path: Path) -> bool:
    return path.is_file() and not path.is_symlink()


def assert_own(path: Path, submitted: Path) -> None:
    """Refuse a link: it would be graded as the work of whomever it leads to."""
    if path.resolve() != submitted.resolve() / path.relative_to(submitted):
        raise NbGraderException(
            f"{path}: this is a link, or lies behind one; put the notebook itself there"
        )
