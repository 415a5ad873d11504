"""What a course and an assignment are: cells, exercises, points, declared checks.

A lesson is read from `lessons/psN.md`, `reference/psN.py` and `grader_tests/psN/`, and is
checked while it is read: whoever holds a `Lesson` may rely on the three fitting together.
Nothing of the course is imported or run for it. Notebooks are made of it by `build`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from jaxercise.cells import NBGRADER_MARK, Kind, LessonCell, id_by_text, read_cell, read_planted
from jaxercise.lint import assert_compiles, assert_names_are_defined
from jaxercise.myst import read_cells
from jaxercise.outcome import CourseError, DeclaredCheck
from jaxercise.sources import (
    declared_checks,
    function_in,
    parameters,
    section_lines,
    sections,
)

BASELINE = ": numpy baseline"


@dataclass(frozen=True)
class Exercise:
    """One function to write, what it starts as, what it should become, how it is checked.

    Where it is `extra`, its points are no part of the most that one can reach.
    """

    name: str
    points: float
    checks: tuple[DeclaredCheck, ...]
    starter: str
    solution: str
    baseline: str | None
    test_file: Path
    extra: bool = False


@dataclass(frozen=True)
class Lesson:
    """An assignment; `planted` maps cell id to name to the source of its fresh value."""

    assignment: str
    title: str
    cells: tuple[LessonCell, ...]
    exercises: tuple[Exercise, ...]
    planted: Mapping[str, Mapping[str, str]]

    @cached_property
    def by_name(self) -> Mapping[str, Exercise]:
        """The exercises by name."""
        return {exercise.name: exercise for exercise in self.exercises}


@dataclass(frozen=True)
class Course:
    """A folder with lessons, their references and their hidden tests."""

    root: Path

    @classmethod
    def find(cls, start: Path | None = None) -> Course:
        """The course that `start`, by default the working folder, lies in.

        Raises:
            CourseError: neither it nor a folder above it is a course.
        """
        start = (start or Path.cwd()).resolve()
        for folder in (start, *start.parents):
            if all((folder / part).is_dir() for part in ("lessons", "reference", "grader_tests")):
                return cls(folder)
        raise CourseError(
            f"{start}: no course here or above: a course is a folder with lessons/, reference/ "
            "and grader_tests/; run the command inside one"
        )

    def assignments(self) -> list[str]:
        """The names of the lessons, ps2 before ps10."""
        stems = [path.stem for path in (self.root / "lessons").glob("ps*.md")]
        return sorted(stems, key=lambda stem: (len(stem), stem))

    @cached_property
    def plots(self) -> bool:
        """Whether a lesson draws with matplotlib."""
        files = (self.lesson_file(name) for name in self.assignments())
        return any(b"matplotlib" in file.read_bytes() for file in files)

    def lesson(self, assignment: str) -> Lesson:
        """Read and check one assignment.

        Raises:
            CourseError: there is no such one, or its files do not fit together.
        """
        if assignment not in self.assignments():
            known = ", ".join(self.assignments()) or "none"
            raise CourseError(f"no assignment '{assignment}' in {self.root}; there are: {known}")
        return _read_lesson(self, assignment)

    def lesson_file(self, assignment: str) -> Path:
        """The prose, starter code and visible checks."""
        return self.root / "lessons" / f"{assignment}.md"

    def reference_file(self, assignment: str) -> Path:
        """The solutions."""
        return self.root / "reference" / f"{assignment}.py"

    def tests_folder(self, assignment: str) -> Path:
        """The hidden tests."""
        return self.root / "grader_tests" / assignment

    def solutions_file(self, assignment: str, exercise: str) -> Path:
        """The known right and wrong answers of an exercise."""
        return self.root / "tests" / "solutions" / assignment / f"{exercise}.py"

    def source_file(self, assignment: str) -> Path:
        """The instructor's notebook."""
        return self.root / "source" / assignment / f"{assignment}.ipynb"

    def release_file(self, assignment: str) -> Path:
        """The students' notebook."""
        return self.root / "release" / assignment / f"{assignment}.ipynb"


def _read_lesson(course: Course, assignment: str) -> Lesson:
    path = course.lesson_file(assignment)
    cells, planted = [], {}
    named: Counter[str] = Counter()
    for raw in read_cells(_read_text(path), path):
        where = f"{path}:{raw.line}"
        derived = id_by_text(assignment, raw.cell_type, raw.source)
        named[derived] += 1
        again = f"-{named[derived]}" if named[derived] > 1 else ""
        cell = replace(read_cell(raw, derived + again, where), line=raw.source_line)
        if raw.cell_type == "code":
            assert_compiles(cell.source, path, cell.line, "this cell")
        cells.append(cell)
        if "planted" in raw.metadata:
            planted[cell.id] = read_planted(raw, cell, where)
    exercises = _exercises(course, assignment, cells)
    title = next(re.finditer(r"^# +(.+)$", "\n".join(_prose(cells)), re.MULTILINE), None)
    if title is None:
        raise CourseError(f"{path}: no title; begin the lesson with a line '# Title'")
    _assert_names_are_free(cells, path)
    solutions = {exercise.name: exercise.solution for exercise in exercises}
    assert_names_are_defined(cells, path, solutions, course.reference_file(assignment))
    return Lesson(assignment, title[1].strip(), tuple(cells), exercises, planted)


def _read_text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise CourseError(f"{path}: no such file") from error
    except (OSError, UnicodeDecodeError) as error:
        raise CourseError(f"{path}: cannot be read: {error}") from error


def _prose(cells: list[LessonCell]) -> list[str]:
    return [cell.source for cell in cells if cell.kind == "prose"]


def _exercises(course: Course, assignment: str, cells: list[LessonCell]) -> tuple[Exercise, ...]:
    """Bring together what the lesson, the reference and the hidden tests say."""
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
        raise CourseError(f"{path}: no exercise; give a code cell the option ':exercise: name'")
    reference = _reference(course.reference_file(assignment), list(starters))
    _no_stray_tests(course.tests_folder(assignment), starters, path)
    return tuple(
        _exercise(course, assignment, starter, graded[name], reference)
        for name, starter in starters.items()
    )


def _assert_names_are_free(cells: list[LessonCell], path: Path) -> None:
    """Written answers and exercises have names of their own."""
    taken = {cell.exercise for cell in cells}
    for cell in cells:
        if cell.kind == "written":
            if cell.id in taken:
                raise CourseError(
                    f"{path}:{cell.line}: a written answer '{cell.id}', and there is an exercise "
                    "of that name, or another answer; rename one"
                )
            taken.add(cell.id)


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
    """The reference's sections, every one belonging to an exercise."""
    text = _read_text(path)
    if mark := NBGRADER_MARK.search(text):
        raise CourseError(
            f"{path}:{text.count(chr(10), 0, mark.start()) + 1}: '{mark[0]}' means something to "
            "nbgrader; word it otherwise"
        )
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
    at = section_lines(_read_text(file))
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
