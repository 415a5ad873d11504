"""One notebook in, outcomes out: runs the cells in a kernel, and the hidden checks on them.

The judge keeps JAX, the references and their values in memory, and a spare kernel that starts
while nothing else happens. No student code ever enters its process.
"""

from __future__ import annotations

import logging
import time
import traceback

import nbformat
from nbformat import NotebookNode

from jaxercise.checks.outcome import (
    CheckOutcome,
    ConfinementError,
    CourseError,
    ExerciseOutcome,
    Grade,
    GraderFault,
    StudentDied,
    Verdict,
)
from jaxercise.course.lesson import Course, Exercise, Lesson
from jaxercise.course.mend import mend_once
from jaxercise.grading import outputs
from jaxercise.grading.checking import check_exercise, give_way, undecided
from jaxercise.grading.course_cache import CourseCache
from jaxercise.grading.environment import environment
from jaxercise.grading.judged import Judged, Known, Shown
from jaxercise.grading.missing import Missing, stops
from jaxercise.grading.precompile import Precompiler
from jaxercise.grading.session import PlannedCell, Session, attempted, plan
from jaxercise.grading.tamper_hints import tamper_hints
from jaxercise.grading.testing import Checked
from jaxercise.grading.verdict_key import SHOWN
from jaxercise.sandbox.kernel import Kernel, KernelFailed
from jaxercise.sandbox.limits import Limits
from jaxercise.sandbox.run import Deadline, Run

_log = logging.getLogger("jaxercise")
_DECEIVES = "The notebook's process sent a malformed report: it may try to deceive"


class Judge:
    """Judges notebooks of a course; a context manager, which ends its processes.

    With `spare`, a sandbox for the next notebook starts as soon as one is done.
    """

    def __init__(
        self,
        course: Course,
        *,
        confine: bool = True,
        seed: int = 0,
        limits: Limits | None = None,
        spare: bool = True,
    ):
        self.limits = limits or Limits()
        self.seed, self._keeps_spare = seed, spare
        self.cache = CourseCache(course, self.limits, confine)
        self._precompiler = Precompiler(self.cache, seed)
        self._spare: Kernel | None = self.cache.new_kernel()

    def __enter__(self) -> Judge:
        return self

    def __exit__(self, *exc: object) -> None:
        if self._spare is not None:
            self._spare.kill()
        self.cache.close()

    def grade(self, notebook: NotebookNode, assignment: str, name: str) -> Grade:
        """The grade alone; see judge_notebook."""
        return self.judge_notebook(notebook, assignment, name).grade

    def judge_notebook(
        self, notebook: NotebookNode, assignment: str, name: str, known: Known | None = None
    ) -> Judged:
        """Judge one submission of `assignment`; `name` says in the record which it was.

        What is `known` of the same code by the same tests is taken as it is.

        Raises:
            SubmissionError: it is no notebook, or none of this assignment.
            CourseError: the assignment is unknown or its files do not fit together.
            ConfinementError: this host cannot confine student code.
            HostError: the lock that graders share cannot be taken.
        """
        with self.cache.host.working():
            return self._judge_notebook(notebook, assignment, name, known or Known())

    def _judge_notebook(
        self, notebook: NotebookNode, assignment: str, name: str, known: Known
    ) -> Judged:
        watch = _Stopwatch()
        lesson, release = self.cache.lesson(assignment)
        mended = mend_once(notebook, lesson, release)
        planned = plan(mended.notebook, lesson)
        watch.lap("mend")
        parts = [one.name for one in lesson.exercises if _is_checked(one, planned, lesson, known)]
        parts += [] if known.shown else [SHOWN]
        programs = self._precompiler.programs(lesson, parts)
        watch.lap("compile")
        kernel, self._spare = self._spare or self.cache.new_kernel(), None
        kernel.programs = programs
        try:
            deadline = Deadline.after(self.limits.notebook_s)
            show = self._show(kernel, planned, deadline, watch, known)
            shown = known.shown or _shown(show, planned)
            missing = Missing.after(planned, shown.stops, show.failed_cells)
            session = Session(kernel, planned, deadline, missing.why)
            outcomes, by_itself, details = self._check(session, lesson, planned, watch, known)
            forgeries = [*show.forgeries, *session.forgeries]
            undisturbed = not (show.failed_cells or session.lost_a_process or forgeries or details)
        finally:
            kernel.kill()
            self._spare = self.cache.new_kernel() if self._keeps_spare else None
        faults = [death for death in show.failed_cells.values() if isinstance(death, GraderFault)]
        flags = [f"Showing a cell failed: {fault.details}" for fault in faults[:1]]
        flags += [*details, *tamper_hints(planned, lesson)]
        if forgeries:
            flags.append(f"{_DECEIVES} ({forgeries[0]}).")
        grade = Grade(
            assignment,
            name,
            tuple(outcomes),
            {**environment(), "seed": str(self.seed)},
            mended.repairs,
            tuple(flags),
            watch.seconds,
        )
        written = _written(mended.notebook, planned, shown, grade)
        return Judged(grade, written, undisturbed, by_itself, None if known.shown else shown)

    def _show(
        self,
        kernel: Kernel,
        planned: list[PlannedCell],
        deadline: Deadline,
        watch: _Stopwatch,
        known: Known,
    ) -> Run:
        """What the cells show, before any hidden input is in the sandbox; not run if known."""
        cells = [p.cell for p in planned if p.check_of is None]
        show = Run(kernel, cells, deadline, "show")
        if known.shown is not None:
            return show
        _log.info("running the notebook's cells")
        kernel.await_ready()
        watch.lap("kernel")
        try:
            for position in range(1, len(cells) + 1):
                give_way(self.cache.host, kernel, deadline)
                show.advance(position)
        except StudentDied as death:
            show.failed_cells.update(dict.fromkeys(range(show.position - 1, len(cells)), death))
        show.close()
        kernel.clear()
        watch.lap("cells")
        return show

    def _check(
        self,
        session: Session,
        lesson: Lesson,
        planned: list[PlannedCell],
        watch: _Stopwatch,
        known: Known,
    ) -> tuple[list[ExerciseOutcome], tuple[str, ...], list[str]]:
        """Outcomes, the names of those that nothing else influenced, and faults of the grader."""
        outcomes: list[ExerciseOutcome] = []
        details: list[str] = []
        by_itself: list[str] = []
        begun = False
        check_cells = [p for p in planned if p.check_of is not None]
        for number, check_cell in enumerate(check_cells, start=1):
            exercise = lesson.by_name[str(check_cell.check_of)]
            if exercise.name in known.outcomes:
                outcomes.append(known.outcomes[exercise.name])
                continue
            if not attempted(exercise, planned, lesson):
                checks = tuple(
                    CheckOutcome.of(c, Verdict.NOT_ATTEMPTED, "The starter code is still there.")
                    for c in exercise.checks
                )
                outcomes.append(ExerciseOutcome(exercise.name, checks, exercise.extra))
                continue
            _log.info("checking %s (%d of %d)", exercise.name, number, len(check_cells))
            if begun:
                session.start_anew()
            begun = True
            checked = self._checked(session, lesson, exercise, check_cell.index)
            by_itself += [exercise.name] * session.starts_clean
            watch.lap("checks")
            if _broke(checked) and _other_attempts(exercise, check_cell.index, planned, lesson):
                # Perhaps by what another exercise's cell left behind in the process.
                alone = session.alone(exercise.name)
                again = self._checked(alone, lesson, exercise, check_cell.index)
                checked = checked if _broke(again) else again
                alone.close()
                watch.lap("again")
            outcomes.append(ExerciseOutcome(exercise.name, checked.outcomes, exercise.extra))
            details += checked.details
        session.close()
        return outcomes, tuple(by_itself), details

    def _checked(self, session: Session, lesson: Lesson, exercise: Exercise, index: int) -> Checked:
        try:
            session.advance_to(index)
            return check_exercise(self.cache, session, lesson.assignment, exercise, self.seed)
        except GraderFault as fault:
            return undecided(exercise, fault.details)
        except StudentDied as death:
            message = f"Not checked: {death}."
            return Checked(
                tuple(CheckOutcome.of(c, death.verdict, message) for c in exercise.checks), ()
            )
        except (KernelFailed, ConfinementError, CourseError):
            raise  # which the next exercise would meet as well
        except Exception:
            return undecided(exercise, traceback.format_exc()[-3000:])


def _is_checked(
    exercise: Exercise, planned: list[PlannedCell], lesson: Lesson, known: Known
) -> bool:
    return exercise.name not in known.outcomes and attempted(exercise, planned, lesson)


def _shown(show: Run, planned: list[PlannedCell]) -> Shown:
    budget = outputs.OutputBudget()
    counts = [count for count, p in enumerate(planned, 1) if p.check_of is None]
    cells = [
        outputs.of_cell(show.results.get(at), show.failed_cells.get(at), count, budget)
        for at, count in enumerate(counts)
    ]
    return Shown(tuple(cells), stops(show.results))


def _written(
    notebook: NotebookNode, planned: list[PlannedCell], shown: Shown, grade: Grade
) -> NotebookNode:
    """The notebook with what its cells showed and scored."""
    by_name = {outcome.exercise: outcome for outcome in grade.exercises}
    shown_outputs = iter(shown.outputs)
    for count, p in enumerate(planned, 1):
        node = notebook.cells[p.index]
        node.execution_count = count
        if p.check_of is not None:
            outcome = by_name[p.check_of]
            node.outputs = [outputs.scored(outcome, count)]
            if outcome.needs_a_person:
                node.metadata["jaxercise"] = nbformat.from_dict({"needs_a_person": True})
        else:
            node.outputs = next(shown_outputs)
    return notebook


def _broke(checked: Checked) -> bool:
    """Whether the process ended, or the grader failed in it."""
    ways = (Verdict.CRASHED, Verdict.GRADER_ERROR)
    return any(outcome.verdict in ways for outcome in checked.outcomes)


def _other_attempts(
    exercise: Exercise, index: int, planned: list[PlannedCell], lesson: Lesson
) -> list[str]:
    """Other exercises that were worked on before the notebook's cell `index`."""
    others = {p.starter_of for p in planned if p.index < index and p.starter_of} - {exercise.name}
    return [name for name in others if attempted(lesson.by_name[name], planned, lesson)]


class _Stopwatch:
    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._last = time.perf_counter()

    def lap(self, stage: str) -> None:
        now = time.perf_counter()
        self.seconds[stage] = round(self.seconds.get(stage, 0.0) + now - self._last, 4)
        self._last = now
