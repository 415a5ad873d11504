"""A small class for the demonstration: submissions with the mistakes that people make.

Right answers are the reference's. Wrong ones are known wrong solutions, chosen by the property
that they fail and by their title, so every run has the same class.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from nbformat import NotebookNode

from jaxercise.course.lesson import Course, Exercise, Lesson
from jaxercise.grading.solutions import Solution, known_solutions

_CRASH = "\n\n\nimport os\n\nos._exit(1)  # ends the kernel\n"


@dataclass(frozen=True)
class Submission:
    """What one made-up student hands in; the student is named for what is wrong with it."""

    student: str
    notebook: NotebookNode


@dataclass(frozen=True)
class _Material:
    """An assignment and its known solutions, from which submissions are made."""

    lesson: Lesson
    release: NotebookNode
    known: Mapping[str, list[Solution]]

    def notebook(self, sources: Mapping[str, str]) -> NotebookNode:
        """The released notebook with solutions in the cells of some exercises."""
        notebook = copy.deepcopy(self.release)
        for cell in notebook.cells:
            cell.source = sources.get(cell.id, cell.source)
        return notebook

    def perfect(self) -> dict[str, str]:
        return {exercise.name: exercise.solution for exercise in self.lesson.exercises}


def make_class(
    course: Course, releases: Mapping[str, NotebookNode], everyone: bool
) -> dict[str, list[Submission]]:
    """What is handed in, by assignment.

    A student is left out of an assignment that has no known solution with their mistake.

    With `everyone` each student hands in every assignment. Otherwise only the perfect one does,
    and each of the others hands in the one that the fewest have handed in so far.
    """
    made: dict[str, dict[str, NotebookNode]] = {}
    for assignment, release in releases.items():
        lesson = course.lesson(assignment)
        known = {e.name: known_solutions(course, assignment, e) for e in lesson.exercises}
        material = _Material(lesson, release, known)
        notebooks = {student: make(material) for student, make in _STUDENTS.items()}
        made[assignment] = {s: notebook for s, notebook in notebooks.items() if notebook}
    chosen: dict[str, list[Submission]] = {assignment: [] for assignment in made}
    for student in _STUDENTS:
        able = [assignment for assignment in made if student in made[assignment]]
        if student != "perfect" and not everyone and able:
            able = [min(able, key=lambda assignment: len(chosen[assignment]))]
        for assignment in able:
            chosen[assignment].append(Submission(student, made[assignment][student]))
    return chosen


def _perfect(material: _Material) -> NotebookNode:
    return material.notebook(material.perfect())


def _untouched(material: _Material) -> NotebookNode:
    return material.notebook({})


def _half_done(material: _Material) -> NotebookNode:
    solved = list(material.perfect().items())
    return material.notebook(dict(solved[: len(solved) // 2]))


def _crashes(material: _Material) -> NotebookNode:
    """The second answer's cell ends the process; all other answers still count."""
    sources = material.perfect()
    name = list(sources)[:2][-1]
    return material.notebook(sources | {name: sources[name] + _CRASH})


def _pastes_a_cell(material: _Material) -> NotebookNode:
    """A graded cell is there twice, as after copy and paste in JupyterLab."""
    notebook = _perfect(material)
    ids = [cell.id for cell in notebook.cells]
    first = ids.index(f"check_{material.lesson.exercises[0].name}")
    pasted = copy.deepcopy(notebook.cells[first])
    pasted.id = "pasted"
    notebook.cells.insert(first + 1, pasted)
    return notebook


def _mistaken(property_: str, title: str) -> Callable[[_Material], NotebookNode | None]:
    """All answers are right but one, which fails a check of the property."""

    def make(material: _Material) -> NotebookNode | None:
        found = [
            (len(properties), exercise.name, solution.source)
            for exercise in material.lesson.exercises
            for solution in material.known[exercise.name]
            if solution.title.startswith("wrong:") and re.search(title, solution.title)
            for properties in [_properties(exercise, solution)]
            if property_ in properties
        ]
        if not found:
            return None
        _, name, source = min(found, key=lambda candidate: candidate[0])
        return material.notebook(material.perfect() | {name: source.strip()})

    return make


def _properties(exercise: Exercise, solution: Solution) -> set[str]:
    return {check.property for check in exercise.checks if check.check in solution.dies_in}


_STUDENTS: dict[str, Callable[[_Material], NotebookNode | None]] = {
    "perfect": _perfect,
    "mutates-its-input": _mistaken("purity", r"caller|writes into|in place"),
    "leaks-a-global": _mistaken("purity", r"global"),
    "reuses-a-key": _mistaken("reproducibility", r"same key|key reused|used twice|one key"),
    "numpy-random": _mistaken("reproducibility", r"np\.random|NumPy's generator"),
    # Solutions that are slow when timed, but quick in the lesson's own experiments.
    "too-slow": _mistaken("speed", r"recompiling|eager|nothing it calls"),
    "half-done": _half_done,
    "untouched": _untouched,
    "crashes-the-kernel": _crashes,
    "pastes-a-cell-twice": _pastes_a_cell,
}
