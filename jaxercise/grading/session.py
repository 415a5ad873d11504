"""One notebook's runs: which cells each executes, and keeping them at the same cell."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

from nbformat import NotebookNode

from jaxercise.checks.observation import Observation
from jaxercise.checks.outcome import GraderFault, StudentDied
from jaxercise.course.lesson import Exercise, Lesson
from jaxercise.course.sources import assigned_names, defined_functions
from jaxercise.sandbox.kernel import Kernel
from jaxercise.sandbox.run import Cell, Deadline, Run
from jaxercise.wire.calls import Call

# (a name, the notebook's cell at which it is missing) -> why, or nothing
WhyMissing = Callable[[str, int], str]
# Cells that take longer, in seconds of wall clock, are not executed once more for each exercise.
_REPLAYED_S = 5.0


@dataclass(frozen=True)
class PlannedCell:
    """A code cell of the notebook: where it stands and how the runs treat it."""

    index: int
    cell: Cell
    check_of: str | None = None
    starter_of: str | None = None
    only_shown: bool = False
    fresh_values: Mapping[str, str] | None = None

    @property
    def defines(self) -> frozenset[str]:
        return defined_functions(self.cell.source) | assigned_names(self.cell.source)


def plan(notebook: NotebookNode, lesson: Lesson) -> list[PlannedCell]:
    """The code cells of a mended notebook in order."""
    lesson_cells = {cell.id: cell for cell in lesson.cells}
    planned = []
    for index, node in enumerate(notebook.cells):
        if node.cell_type != "code":
            continue
        ours = lesson_cells.get(node.id)
        cell = Cell(node.id, node.source)
        if ours is None:
            planned.append(PlannedCell(index, cell))
            continue
        planned.append(
            PlannedCell(
                index,
                cell,
                check_of=ours.exercise if ours.kind == "check" else None,
                starter_of=ours.exercise if ours.kind == "starter" else None,
                only_shown=ours.kind == "show" and ours.source.strip() == node.source.strip(),
                fresh_values=lesson.planted.get(node.id),
            )
        )
    return planned


def attempted(exercise: Exercise, planned: list[PlannedCell], lesson: Lesson) -> bool:
    """Whether any cell was changed that defines the exercise's function."""
    ours = {cell.id: cell.source.strip() for cell in lesson.cells}
    changed = [
        p for p in planned if not p.check_of and p.cell.source.strip() != ours.get(p.cell.id)
    ]
    return any(p.starter_of == exercise.name or exercise.name in p.defines for p in changed)


class Session:
    """The main and the fresh run of one notebook, kept at the same cell.

    What hidden tests call changes the state of these runs. `start_anew` leaves it behind: the
    next exercise is checked in new runs, which have executed nothing but the cells before its
    check. `starts_clean` says whether that holds for the runs as they are.
    """

    def __init__(
        self,
        kernel: Kernel,
        planned: list[PlannedCell],
        deadline: Deadline,
        why_missing: WhyMissing = lambda name, index: "",
    ):
        self.kernel, self.deadline, self._why_missing = kernel, deadline, why_missing
        self._plan(planned)
        self.main = Run(kernel, [p.cell for p in self.planned], deadline)
        self._position = self._index = 0
        self._timed: list[Run] = []
        self._ended: list[Run] = []
        self.starts_clean = True
        self._without_others: list[Session] = []

    def _plan(self, planned: list[PlannedCell]) -> None:
        self.planned = [p for p in planned if not p.only_shown and p.check_of is None]

    def go_on_with(self, planned: list[PlannedCell], index: int) -> None:
        """Take up other cells from the notebook's cell `index` on, in the same processes."""
        self._plan(planned)
        position = sum(p.index < index for p in self.planned)
        self.main.go_on_with([p.cell for p in self.planned], position)
        if "fresh" in self.__dict__:
            self.fresh.go_on_with([_fresh_cell(p) for p in self.planned], position)

    @cached_property
    def fresh(self) -> Run:
        run = Run(self.kernel, [_fresh_cell(p) for p in self.planned], self.deadline)
        run.failed_cells.update(self.main.failed_cells)  # An endless loop is not waited for again.
        return run

    def start_anew(self) -> None:
        """End the runs and all that they left behind, for the next check.

        Where the cells take too long to execute them again, the runs go on instead.
        """
        if self.main.cells_s > _REPLAYED_S:
            self.starts_clean = False
            return
        self.close()
        self._ended += self._runs()
        self._timed.clear()
        self.__dict__.pop("fresh", None)
        self.kernel.clear()
        failed = dict(self.main.failed_cells)
        self.main = Run(self.kernel, self.main.cells, self.deadline, failed_cells=failed)

    def advance_to(self, index: int) -> None:
        """Execute what stands before the notebook's cell `index`."""
        self._index = index
        self._position = sum(p.index < index for p in self.planned)
        self.main.advance(self._position)

    def transport(self, call: Call, run: str) -> Observation:
        """Answers a StudentFunction's calls (see student.Transport)."""
        target = self.main
        if run == "fresh":
            target = self.fresh
            target.advance(self._position)
            death = self._failed_cell(target, call.name)
            if isinstance(death, GraderFault):
                raise death
            if death is not None:
                raise StudentDied(death.verdict, f"in a fresh process, {death}")
        seen = target.ask(call.to_message(), self.kernel.limits.call_s)
        if seen.error is None or not seen.error.undefined:
            return seen
        cause = self._why_missing(seen.error.undefined, self._index)
        return dataclasses.replace(seen, error=dataclasses.replace(seen.error, cause=cause))

    def timed_run(self) -> Run:
        """A run of its own for the timed calls, at the same cell, without a compilation cache."""
        run = Run(self.kernel, self.main.cells, self.deadline, "time")
        run.failed_cells.update(self.main.failed_cells)
        run.advance(self._position)
        self._timed.append(run)
        return run

    def failed_cell_that_defines(self, name: str) -> StudentDied | None:
        """How the cell ended that should have defined `name`, if it ended the process.

        Where the grader failed at a cell of no exercise, nobody knows what it would have defined.
        """
        return self._failed_cell(self.main, name)

    def _failed_cell(self, run: Run, name: str) -> StudentDied | None:
        for index, death in run.failed_cells.items():
            planned = self.planned[index]
            if planned.starter_of == name or name in planned.defines:
                return death
            if isinstance(death, GraderFault) and planned.starter_of is None:
                return death
        return None

    def alone(self, exercise: str) -> Session:
        """Another session, without the cells of the other exercises, which may spoil a process."""
        kept = [p for p in self.planned if p.starter_of in (None, exercise)]
        session = Session(self.kernel, kept, self.deadline, self._why_missing)
        self._without_others.append(session)
        return session

    @property
    def forgeries(self) -> list[str]:
        """What was malformed in the reports of the runs, for an instructor."""
        own = [text for run in [*self._ended, *self._runs()] for text in run.forgeries]
        return own + [text for other in self._without_others for text in other.forgeries]

    @property
    def lost_a_process(self) -> bool:
        """Whether a cell had to be left out, or a session without the others was needed."""
        runs = [*self._ended, *self._runs()]
        return any(run.failed_cells for run in runs) or bool(self._without_others)

    def _runs(self) -> list[Run]:
        return [self.main, *self._timed, *([self.fresh] if "fresh" in self.__dict__ else [])]

    def close(self) -> None:
        for run in self._runs():
            run.close()


def _fresh_cell(planned: PlannedCell) -> Cell:
    values = planned.fresh_values or {}
    changed = "".join(f"\n{name} = {source}" for name, source in values.items())
    return Cell(planned.cell.id, planned.cell.source + changed)
