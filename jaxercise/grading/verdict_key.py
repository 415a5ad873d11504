"""Keys of verdicts: digests of everything that a verdict depends on.

Two verdicts have the same key only if they come from the same code, checked by the same tests
with the same library, packages, machine, seed and limits. A key is the SHA-256 digest of JSON,
in which no part can run into the next: a notebook's text affects its own entry and no other.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from jaxercise.course.first_cells import SETUP
from jaxercise.course.lesson import Course, Exercise, Lesson
from jaxercise.grading.environment import surroundings
from jaxercise.grading.files import Files
from jaxercise.grading.missing import bound
from jaxercise.grading.session import PlannedCell, attempted, plan
from jaxercise.sandbox.limits import Limits

# The format of the records. Those of another format have other keys, and count as missing.
_FORMAT = 1
# The part of a lesson that is no exercise: what its cells show.
SHOWN = ""


@dataclass(frozen=True)
class PartKeys:
    """The keys of what can be kept of one notebook by itself.

    `exercises` has those that were attempted, by name; `cells` is how many cells show something.
    """

    exercises: Mapping[str, str]
    shown: str
    cells: int


class VerdictKeys:
    """Makes the keys of one course; `settings` is what else grading was told, such as the seed."""

    def __init__(self, course: Course, limits: Limits, settings: Mapping[str, Any]) -> None:
        self._root, self._files = course.root, Files()
        self._settings = {"limits": dataclasses.asdict(limits), **settings}

    def of_notebook(self, notebook: NotebookNode, lesson: Lesson) -> str:
        """The key of a mended notebook's verdict.

        Of the notebook it holds the ids and sources of code cells, in order. Prose, marks and
        other metadata do not decide a verdict.
        """
        paths = self._shared_files(lesson.assignment)
        tests = Course(self._root).tests_folder(lesson.assignment)
        return _digest(
            {
                "what": "notebook",
                "notebook": _code(notebook.cells),
                "exercises": [_declared(exercise) for exercise in lesson.exercises],
                "files": self._files.digest([*paths, tests], self._root),
                **self._common(lesson),
            }
        )

    def of_parts(self, notebook: NotebookNode, lesson: Lesson) -> PartKeys:
        """The keys of what a mended notebook's cells show, and of each exercise's outcome.

        Hidden tests are no part of the first, and those of other exercises none of the second:
        each exercise is checked in new processes that execute the cells before its check, and
        in which no hidden test has called anything (`Session.start_anew`).
        """
        planned = plan(notebook, lesson)
        checks = {str(p.check_of): p for p in planned if p.check_of is not None}
        worked_on = [one for one in lesson.exercises if attempted(one, planned, lesson)]
        common = self._common(lesson)
        return PartKeys(
            {
                one.name: _digest(
                    {
                        "what": "exercise",
                        "exercise": _declared(one),
                        "files": self._files.digest(self._files_of(lesson, one), self._root),
                        **_around(notebook, planned, checks[one.name].index),
                        **common,
                    }
                )
                for one in worked_on
                if one.name in checks
            },
            _digest({"what": "shown", "notebook": _code(notebook.cells), **common}),
            len(planned) - len(checks),
        )

    def of_proof(self, lesson: Lesson, exercise: Exercise) -> str:
        """The key of the proofs of an exercise's known answers.

        It leaves out the hidden tests of other exercises, and includes every module that
        hidden tests may share.
        """
        solutions = Course(self._root).solutions_file(lesson.assignment, exercise.name)
        paths = [*self._files_of(lesson, exercise), solutions]
        return _digest(
            {
                "what": "proof",
                "exercise": _declared(exercise),
                "files": self._files.digest(paths, self._root),
                **self._common(lesson),
            }
        )

    def of_programs(self, lesson: Lesson) -> dict[str, str]:
        """The keys of what the reference compiles when each exercise is checked, or SHOWN.

        A key that is too coarse could only keep programs that no notebook asks for: each program
        has a key of its own, made of all that it does.
        """
        paths = {one.name: self._files_of(lesson, one) for one in lesson.exercises}
        paths[SHOWN] = [Course(self._root).reference_file(lesson.assignment)]
        common = {"what": "programs", **self._common(lesson)}
        return {
            part: _digest({**common, "part": part, "files": self._files.digest(those, self._root)})
            for part, those in paths.items()
        }

    def course_state(self) -> str:
        """A digest that changes when any file of the course does."""
        return self._files.course(self._root)

    def _common(self, lesson: Lesson) -> dict[str, Any]:
        """What all verdicts on a lesson's notebooks depend on, but for files of the course."""
        cells = [
            [cell.id, cell.kind, cell.exercise, cell.source]
            for cell in lesson.cells
            if cell.kind not in ("prose", "written") and SETUP not in cell.tags
        ]
        return {
            "format": _FORMAT,
            "assignment": lesson.assignment,
            "cells": cells,
            "planted": {name: dict(values) for name, values in lesson.planted.items()},
            "plots": Course(self._root).plots,
            "library": self._files.library(),
            "surroundings": surroundings(),
            "settings": self._settings,
        }

    def _files_of(self, lesson: Lesson, exercise: Exercise) -> list[Path]:
        """What an exercise's hidden tests may read: theirs, the references, and what is shared."""
        tests = Course(self._root).tests_folder(lesson.assignment)
        others = {one.test_file for one in lesson.exercises} - {exercise.test_file}
        own = [path for path in _listed(tests) if path not in others]
        return [*self._shared_files(lesson.assignment), *own]

    def _shared_files(self, assignment: str) -> list[Path]:
        """What hidden tests and references may import, beside the assignment's own tests.

        That is all in `reference` and `grader_tests` that is not another assignment's.
        """
        course = Course(self._root)
        others = set(course.assignments()) - {assignment}
        owned = {course.reference_file(other) for other in others}
        owned |= {course.tests_folder(other) for other in others}
        owned.add(course.tests_folder(assignment))
        folders = (self._root / "reference", self._root / "grader_tests")
        return [path for folder in folders for path in _listed(folder) if path not in owned]


def _around(notebook: NotebookNode, planned: list[PlannedCell], check: int) -> dict[str, Any]:
    """What a check at this cell has before it, and what the outcome tells of the cells after it.

    That is the names that they define, since messages say that one comes too late.
    """
    later = [[p.starter_of, sorted(bound(p.cell.source))] for p in planned if p.index >= check]
    return {"before": _code(notebook.cells[:check]), "later": later}


def _code(cells: Iterable[NotebookNode]) -> list[list[str]]:
    return [[cell.id, cell.source] for cell in cells if cell.cell_type == "code"]


def _listed(folder: Path) -> list[Path]:
    return sorted(folder.iterdir()) if folder.is_dir() else []


def _declared(exercise: Exercise) -> dict[str, Any]:
    """An exercise as the lesson, the reference and the tests declare it."""
    return {
        name: [dataclasses.asdict(check) for check in value] if name == "checks" else value
        for name, value in vars(exercise).items()
        if name != "test_file"
    }


def _digest(parts: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()
