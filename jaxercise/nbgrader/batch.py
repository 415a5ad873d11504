"""What one `nbgrader autograde` command is going to grade, read and mended before its turn."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbgrader.converters.base import NbGraderException

from jaxercise.checks.outcome import SubmissionError
from jaxercise.course.build import release_notebook
from jaxercise.course.lesson import Lesson
from jaxercise.course.mend import Mended, mend
from jaxercise.course.submission import read_notebook
from jaxercise.nbgrader.marks import with_marks_read


@dataclass(frozen=True)
class MendedAhead:
    """A notebook as it was read, and what mending made of it."""

    notebook: NotebookNode
    mended: Mended


def mended_ahead(paths: Iterable[Path], converter: Any, lesson: Lesson) -> dict[Path, MendedAhead]:
    """The notebooks that `converter` will grade, read and mended, by path.

    A notebook that cannot be read or mended is left out: it is reported when its turn comes.
    """
    submitted = Path(converter.coursedir.root, converter.coursedir.submitted_directory)
    release = release_notebook(lesson)
    found: dict[Path, MendedAhead] = {}
    for path in paths:
        try:
            if is_ordinary(path):
                assert_own(path, submitted)
                notebook = with_marks_read(read_notebook(path))
                found[path] = MendedAhead(notebook, mend(notebook, lesson, release))
        except (SubmissionError, NbGraderException):
            continue
    return found


def to_be_graded(first: Path, converter: Any) -> Iterator[Path]:
    """The notebook `first`, and those that `converter` will grade after it, in its order."""
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
        if path == first or converter.force or is_outdated(Path(graded), folder, coursedir):
            yield path


def is_outdated(graded: Path, submitted: str, coursedir: Any) -> bool:
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
