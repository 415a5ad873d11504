"""The exercises of a lesson, from its cells, the reference and the hidden tests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jaxercise.checks.outcome import CourseError, DeclaredCheck
from jaxercise.course.cells import Kind, LessonCell
from jaxercise.course.lint import assert_compiles
from jaxercise.course.sources import (
    declared_checks,
    function_in,
    parameters,
    section_lines,
    sections,
)

if TYPE_CHECKING:
    from jaxercise.course.lesson import Course

BASELINE = ": numpy baseline"


@dataclass(frozen=True)
class Exercise:
    """One function to write: its starter code, its solution and its checks.

    The points of an `extra` exercise do not count towards the maximum.
    """

    name: str
    points: float
    checks: tuple[DeclaredCheck, ...]
    starter: str
    solution: str
    baseline: str | None
    test_file: Path
    extra: bool = False


def read_exercises(
    course: Course, assignment: str, cells: list[LessonCell]
) -> tuple[Exercise, ...]:
    """The exercises whose cells are among `cells`, in order.

    Raises:
        CourseError: the lesson, the reference and the hidden tests do not match.
    """
    path = course.lesson_file(assignment)
    starters = _by_exercise(cells, "starter", path)
    graded = _by_exercise(cells, "check", path)
    for name, cell in starters.items():
        if name not in graded:
            raise CourseError(f"{path}:{cell.line}: exercise '{name}' has no cell ':check: {name}'")
    for name, cell in graded.items():
        where = f"{path}:{cell.line}"
        if name not in starters:
            raise CourseError(f"{where}: check '{name}' has no cell ':exercise: {name}'")
        if cells.index(cell) < cells.index(starters[name]):
            raise CourseError(f"{where}: check '{name}' stands before its exercise; move it below")
    if not starters:
        raise CourseError(
            f"{path}: no exercise; run jaxercise new exercise {assignment} NAME, or give a code "
            "cell the option ':exercise: name'"
        )
    reference = _reference(course.reference_file(assignment), list(starters))
    _no_stray_tests(course.tests_folder(assignment), starters, path)
    return tuple(
        _exercise(course, assignment, starter, graded[name], reference)
        for name, starter in starters.items()
    )


def _by_exercise(cells: list[LessonCell], kind: Kind, path: Path) -> dict[str, LessonCell]:
    found: dict[str, LessonCell] = {}
    for cell in cells:
        if cell.kind == kind and cell.exercise is not None:
            if cell.exercise in found:
                raise CourseError(
                    f"{path}:{cell.line}: a second {kind} cell for '{cell.exercise}'; drop one"
                )
            found[cell.exercise] = cell
    return found


def _reference(path: Path, names: list[str]) -> dict[str, str]:
    """The reference's sections by title; CourseError if one belongs to no exercise."""
    text = read_text(path)
    _, found = sections(text, path)
    assert_compiles(text, path, 1, "the reference")
    for title in found:
        if title.removesuffix(BASELINE) not in names:
            raise CourseError(
                f"{path}:{section_lines(text)[title]}: section '{title}' belongs to no exercise of "
                f"the lesson; there are {', '.join(names)}, and for a timed one '# %% "
                f"{names[0]}{BASELINE}'"
            )
    return found


def _no_stray_tests(folder: Path, names: Mapping[str, Any], lesson_file: Path) -> None:
    for file in sorted(folder.glob("test_*.py")):
        if file.stem.removeprefix("test_") not in names:
            raise CourseError(
                f"{file}: tests no exercise: {lesson_file} has no ':exercise: "
                f"{file.stem.removeprefix('test_')}'; there are {', '.join(names)}"
            )


def _exercise(
    course: Course,
    assignment: str,
    starter: LessonCell,
    graded: LessonCell,
    reference: Mapping[str, str],
) -> Exercise:
    name = graded.exercise or ""
    lesson_file, file = course.lesson_file(assignment), course.reference_file(assignment)
    if name not in reference:
        raise CourseError(f"{file}: no section '# %% {name}' for the exercise of {lesson_file}")
    at = section_lines(read_text(file))
    given, wanted = f"{lesson_file}:{starter.line}", f"{file}:{at[name]}"
    _same_signature(name, (given, starter.source), (wanted, reference[name]))
    test_file = course.tests_folder(assignment) / f"test_{name}.py"
    if not test_file.is_file():
        raise CourseError(f"{test_file}: missing; exercise '{name}' has no hidden tests")
    checks = declared_checks(test_file)
    total = sum(check.points for check in checks)
    points = graded.points or 0
    if abs(total - points) > 1e-9:
        raise CourseError(
            f"{lesson_file}:{graded.line}: check '{name}' is worth {points:g} points, but the "
            f"tests in {test_file} add up to {total:g}; change one of them"
        )
    baseline = reference.get(name + BASELINE)
    if baseline is None and any(check.property == "speed" for check in checks):
        raise CourseError(f"{wanted}: '{name}' is timed, so it needs '# %% {name}{BASELINE}'")
    if baseline is not None and function_in(baseline, f"{name}_numpy") is None:
        raise CourseError(
            f"{file}:{at[name + BASELINE]}: section '{name}{BASELINE}' defines no function "
            f"{name}_numpy"
        )
    return Exercise(
        name, points, checks, starter.source, reference[name], baseline, test_file, graded.extra
    )


def _same_signature(name: str, starter: tuple[str, str], solution: tuple[str, str]) -> None:
    signatures = []
    for (where, source), what in ((starter, "starter"), (solution, "reference")):
        function = function_in(source, name)
        if function is None:
            raise CourseError(
                f"{where}: the {what} of '{name}' defines no function {name}; it needs a plain "
                "'def' at the top level"
            )
        signatures.append(f"{name}({', '.join(parameters(function))})")
    if signatures[0] != signatures[1]:
        raise CourseError(
            f"{starter[0]}: the starter is {signatures[0]}, but the reference in {solution[0]} is "
            f"{signatures[1]}; give both the same parameters"
        )


def read_text(path: Path) -> str:
    """The text of a file of the course; CourseError if it cannot be read."""
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise CourseError(f"{path}: no such file") from error
    except (OSError, UnicodeDecodeError) as error:
        raise CourseError(f"{path}: cannot be read: {error}") from error
