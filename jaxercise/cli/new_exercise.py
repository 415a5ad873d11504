"""`jaxercise new set` and `jaxercise new exercise`: files with places to fill in.

What is written builds and proves as it stands. Nothing that exists is overwritten: an
exercise is added at the end of its lesson and of its reference.
"""

from __future__ import annotations

import keyword
from collections.abc import Mapping
from pathlib import Path

from jaxercise.checks.outcome import CourseError
from jaxercise.cli import exercise_texts as texts
from jaxercise.course.cells import EXERCISE_NAME
from jaxercise.course.exercises import read_text
from jaxercise.course.lesson import ASSIGNMENT_NAME, Course
from jaxercise.course.lint import names_defined
from jaxercise.course.myst import RawCell, read_cells
from jaxercise.course.sources import sections


def new_set(course: Course, name: str, kind: str = "jax") -> list[Path]:
    """Write the lesson and the reference of a set without exercises; return their paths.

    `kind` is one of `exercise_texts.KINDS`.

    Raises:
        CourseError: no set can have that name, or one has it already.
    """
    if not ASSIGNMENT_NAME.fullmatch(name) or name.lower() == "readme":
        raise CourseError(
            f"'{name}' cannot name a set: take up to 40 letters, digits and _, beginning with a "
            "letter, such as hw1"
        )
    values = {"set": name, "imports": texts.KINDS[kind].imports}
    new = {
        course.lesson_file(name): texts.LESSON.substitute(values),
        course.reference_file(name): texts.REFERENCE.substitute(values),
    }
    _refuse_existing([*new, course.tests_folder(name)])
    _write(new)
    return list(new)


def new_exercise(course: Course, assignment: str, name: str) -> list[Path]:
    """Write the four parts of an exercise; return the paths of their files.

    Raises:
        CourseError: there is no such set, no exercise can have that name, one has it already,
            or a file cannot be read or written.
    """
    if assignment not in course.assignments():
        known = ", ".join(course.assignments()) or "none"
        raise CourseError(
            f"no set '{assignment}' in {course.root}; there are: {known}. To start it, run "
            f"jaxercise new set {assignment}"
        )
    lesson, reference = course.lesson_file(assignment), course.reference_file(assignment)
    cells = read_cells(read_text(lesson), lesson)
    defined = _names_given(cells)
    _assert_name_is_free(course, name, defined, lesson)
    head, _ = sections(read_text(reference), reference)
    kind = _kind(defined & names_defined(head))
    imported = {"check", "example"} <= defined
    values = vars(kind) | {
        "name": name,
        "check_import": "" if imported else "from jaxercise import check, example\n\n",
    }
    new = {
        course.tests_folder(assignment) / f"test_{name}.py": texts.HIDDEN_TESTS,
        course.solutions_file(assignment, name): texts.KNOWN_SOLUTIONS,
    }
    _refuse_existing(list(new))
    added = {lesson: texts.EXERCISE, reference: texts.SOLUTION}
    _write(
        {path: _ended(read_text(path)) + text.substitute(values) for path, text in added.items()}
        | {path: text.substitute(values) for path, text in new.items()}
    )
    return [*added, *new]


def places_to_fill_in(path: Path) -> list[int]:
    """The lines of a file that still hold `FILL IN`, from 1."""
    lines = read_text(path).splitlines()
    return [number for number, line in enumerate(lines, 1) if texts.FILL_IN in line]


def _names_given(cells: list[RawCell]) -> frozenset[str]:
    """What the cells define that no exercise or experiment stands in."""
    optional = {"exercise", "check"}
    given = [
        cell.source
        for cell in cells
        if cell.cell_type == "code"
        and not optional & set(cell.metadata)
        and "show" not in cell.metadata.get("tags", ())
    ]
    return frozenset[str]().union(*map(names_defined, given))


def _assert_name_is_free(course: Course, name: str, defined: frozenset[str], lesson: Path) -> None:
    if not EXERCISE_NAME.fullmatch(name) or keyword.iskeyword(name):
        raise CourseError(
            f"'{name}' cannot name an exercise: it is named as its function is, by up to 56 "
            "letters, digits and _, beginning with a letter and not with check_"
        )
    if name in defined:
        raise CourseError(f"{lesson} defines {name} already; choose another name")
    for other in course.assignments():
        path = course.lesson_file(other)
        for cell in read_cells(read_text(path), path):
            if name in (cell.metadata.get("exercise"), cell.metadata.get("written")):
                raise CourseError(
                    f"{path}:{cell.line}: there is an exercise '{name}' already; names are unique "
                    "across a course"
                )


def _kind(known: frozenset[str]) -> texts.Kind:
    """The first kind whose code can use what lesson and reference both import."""
    return next(kind for kind in texts.KINDS.values() if not kind.needs or kind.needs in known)


def _ended(text: str) -> str:
    return text.rstrip("\n") + "\n"


def _refuse_existing(paths: list[Path]) -> None:
    if found := [path for path in paths if path.exists()]:
        raise CourseError(
            f"{found[0]}: exists already, and is not overwritten; choose another name, or move it "
            "away"
        )


def _write(files: Mapping[Path, str]) -> None:
    for path, text in files.items():
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        except OSError as error:
            raise CourseError(f"{path}: cannot be written: {error.strerror}") from error
