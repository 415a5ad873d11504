"""What a course and an assignment are: cells, exercises, points, declared checks.

A lesson is read from `lessons/NAME.md`, `reference/NAME.py` and `grader_tests/NAME/`, and is
checked while it is read, so a `Lesson` is always consistent with all three. Reading imports and
runs no code of the course. `course/build.py` makes notebooks from it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from jaxercise.checks.outcome import CourseError
from jaxercise.course.cells import LessonCell, id_by_text, read_cell, read_planted
from jaxercise.course.exercise_list import with_exercise_names
from jaxercise.course.exercises import Exercise, read_exercises, read_text
from jaxercise.course.first_cells import with_first_cells
from jaxercise.course.lint import assert_compiles, assert_names_are_defined
from jaxercise.course.myst import read_cells
from jaxercise.course.pictures import with_pictures
from jaxercise.course.settings import CourseSettings, read_settings

# What a notebook's file name, ids of cells and a gradebook can hold.
ASSIGNMENT_NAME = re.compile(r"[A-Za-z]\w{0,39}", re.ASCII)


@dataclass(frozen=True)
class Lesson:
    """An assignment; `planted` maps a cell's id to names and the source of each fresh value."""

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
        """The course that contains `start`, by default the working folder.

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
        """The names of the lessons, ps2 before ps10.

        Every page in lessons/ is a lesson, except README.md and pages that begin with `_`.

        Raises:
            CourseError: a name does not work as part of a cell's id.
        """
        stems = [path.stem for path in (self.root / "lessons").glob("[!._]*.md")]
        stems = [stem for stem in stems if stem.lower() != "readme"]
        for stem in stems:
            if not ASSIGNMENT_NAME.fullmatch(stem):
                raise CourseError(
                    f"{self.lesson_file(stem)}: a lesson is named by up to 40 letters, digits and "
                    "_, beginning with a letter; rename it, or let notes begin with _"
                )
        return sorted(stems, key=_natural)

    @cached_property
    def plots(self) -> bool:
        """Whether a lesson draws with matplotlib."""
        files = (self.lesson_file(name) for name in self.assignments())
        return any(b"matplotlib" in file.read_bytes() for file in files)

    @cached_property
    def settings(self) -> CourseSettings:
        """What the course puts into its notebooks.

        Raises:
            CourseError: the file of settings is not as described.
        """
        return read_settings(self.root)

    def lesson(self, assignment: str) -> Lesson:
        """Read and check one assignment.

        Raises:
            CourseError: there is no such assignment, or its files do not match.
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


def _natural(name: str) -> list[tuple[str, int]]:
    """A sort key that orders the numbers in names by value."""
    return [(word, int(part or 0)) for word, part in re.findall(r"([^\d]+)(\d*)", name)]


def _read_lesson(course: Course, assignment: str) -> Lesson:
    path = course.lesson_file(assignment)
    cells, planted = [], {}
    named: Counter[str] = Counter()
    for read in with_exercise_names(read_cells(read_text(path), path)):
        raw, pictures = with_pictures(read, path)
        where = f"{path}:{raw.line}"
        derived = id_by_text(assignment, raw.cell_type, raw.source)
        named[derived] += 1
        again = f"-{named[derived]}" if named[derived] > 1 else ""
        cell = read_cell(raw, derived + again, where)
        cell = replace(cell, line=raw.source_line, pictures=pictures)
        if raw.cell_type == "code":
            assert_compiles(cell.source, path, cell.line, "this cell")
        cells.append(cell)
        if "planted" in raw.metadata:
            planted[cell.id] = read_planted(raw, cell, where)
    exercises = read_exercises(course, assignment, cells)
    title = next(re.finditer(r"^# +(.+)$", "\n".join(_prose(cells)), re.MULTILINE), None)
    if title is None:
        raise CourseError(f"{path}: no title; begin the lesson with a line '# Title'")
    _assert_names_are_free(cells, path)
    solutions = {exercise.name: exercise.solution for exercise in exercises}
    assert_names_are_defined(cells, path, solutions, course.reference_file(assignment))
    cells = with_first_cells(cells, assignment, course.settings)
    return Lesson(assignment, title[1].strip(), tuple(cells), exercises, planted)


def _prose(cells: list[LessonCell]) -> list[str]:
    return [cell.source for cell in cells if cell.kind == "prose"]


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
