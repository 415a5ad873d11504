"""The known answers of an exercise: its starter, its reference, and right and wrong ones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from jaxercise.checks.outcome import CourseError
from jaxercise.course.lesson import Course, Exercise, Lesson
from jaxercise.course.sources import sections
from jaxercise.grading.session import PlannedCell
from jaxercise.sandbox.run import Cell


@dataclass(frozen=True)
class Solution:
    """A known answer; `dies_in` names the checks a wrong one must fail."""

    title: str
    source: str
    dies_in: tuple[str, ...] = ()

    @property
    def expected(self) -> str:
        return f"fails {', '.join(self.dies_in)}" if self.dies_in else "full marks"


def known_solutions(course: Course, assignment: str, exercise: Exercise) -> list[Solution]:
    """Starter, reference, and the sections of the exercise's solutions file.

    Raises:
        CourseError: a section's title says neither right nor wrong, or names no check.
    """
    path = course.solutions_file(assignment, exercise.name)
    if not path.is_file():
        raise CourseError(f"{path}: missing; every exercise has known right and wrong solutions")
    preamble, found = sections(path.read_text(encoding="utf-8"), path)
    solutions = [
        Solution("starter", exercise.starter, tuple(c.check for c in exercise.checks)),
        Solution("reference", exercise.solution),
    ]
    for title, source in found.items():
        solutions.append(_solution(title, f"{preamble}\n{source}", exercise, path))
    return solutions


def _solution(title: str, source: str, exercise: Exercise, path: Path) -> Solution:
    verdict, _, rest = title.partition(":")
    name, arrow, targets = rest.partition("->")
    dies_in = tuple(target.strip() for target in targets.split(",")) if arrow else ()
    declared = {check.check for check in exercise.checks}
    if verdict not in ("right", "wrong") or (verdict == "wrong") != bool(dies_in):
        raise CourseError(
            f"{path}: '{title}': a title is 'right: ...' or 'wrong: ... -> check[, check]'"
        )
    if unknown := set(dies_in) - declared:
        raise CourseError(
            f"{path}: '{title}': no check {', '.join(sorted(unknown))}; there are "
            f"{', '.join(sorted(declared))}"
        )
    return Solution(f"{verdict}: {name.strip()}", source, dies_in)


def filled(
    planned: list[PlannedCell], lesson: Lesson, exercise: Exercise, solution: Solution
) -> Iterator[PlannedCell]:
    """The lesson's cells, earlier exercises solved by the reference, this one by `solution`."""
    for p in planned:
        source = p.cell.source
        if p.starter_of == exercise.name:
            source = solution.source
        elif p.starter_of is not None:
            source = lesson.by_name[p.starter_of].solution
        yield PlannedCell(
            p.index, Cell(p.cell.id, source), p.check_of, p.starter_of, p.only_shown, p.fresh_values
        )
