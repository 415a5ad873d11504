"""Grades the notebooks of a course: looks for a kept verdict, and has the rest judged.

To grade a batch, submit everything first, so that several judges work at once, then ask for one
grade after the other. Only the caller stores grades.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable
from concurrent.futures import Executor, Future
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import NamedTuple

from nbformat import NotebookNode

from jaxercise.checks.outcome import CourseError, Grade, HostError, SubmissionError
from jaxercise.course.build import release_notebook
from jaxercise.course.lesson import Course, Lesson
from jaxercise.course.mend import Mended, mend_once
from jaxercise.grading import kept, kept_parts
from jaxercise.grading.judged import Judged, Known
from jaxercise.grading.pool import JudgePool, JudgeRequest, judge
from jaxercise.grading.racing.host import cpus
from jaxercise.grading.store import RecordStore
from jaxercise.grading.verdict_key import VerdictKeys
from jaxercise.grading.worker import shared_worker
from jaxercise.grading.worker_server import WorkerOptions
from jaxercise.sandbox.limits import Limits

_log = logging.getLogger("jaxercise")


@dataclass(frozen=True)
class Prepared:
    """A submission in our copy of the lesson, and the key of its verdict."""

    lesson: Lesson
    mended: Mended
    key: str


class Ahead(NamedTuple):
    """What an executor judges, and whether its verdict has been kept, where it can be."""

    future: Future[Judged]
    kept: threading.Event

    def result(self) -> Judged:
        """The verdict, which a later submission of the same notebook finds in the store."""
        judged = self.future.result()
        self.kept.wait()
        return judged


class Submission(NamedTuple):
    """A notebook to grade, as handed in or mended; records and messages call it `name`."""

    notebook: NotebookNode
    assignment: str
    name: str


class Grader:
    """Grades notebooks of the course at `course_root`.

    `store` keeps verdicts. Notebooks that run unconfined could write to it, so it is not used
    for them. `executor` judges what `judge_ahead` gets, and `close` shuts it down; the default
    is a local pool. What was not judged ahead is judged in one process, which all graders in
    this one share.
    """

    def __init__(
        self,
        course_root: Path,
        options: WorkerOptions,
        *,
        store: RecordStore | None = None,
        executor: Executor | None = None,
    ) -> None:
        self.course_root, self.options = course_root.resolve(), options
        self._store = store if options.confine else None
        self._executor = executor
        # What `shared_grader` made it with.
        self.made_for: tuple[Path | None, str] = (None, "")
        limits = Limits(cell_s=options.cell_s, notebook_s=options.notebook_s)
        settings = {"seed": options.seed, "judge": options.judge}
        self._keys = VerdictKeys(Course(self.course_root), limits, settings)
        self._lessons: dict[str, tuple[str, Lesson, NotebookNode]] = {}
        self._ahead: dict[str, Ahead] = {}

    def judge_ahead(self, submissions: Iterable[Submission], jobs: int | None = None) -> int:
        """Begin to judge what `grade` will be asked for; return how many notebooks that are.

        There are `jobs` judges, by default one for each CPU. Left to `grade` are notebooks with
        a kept verdict, a single notebook, and what cannot be graded, for which it says why.
        """
        waiting: dict[str, tuple[Prepared, Submission]] = {}
        begun = 0
        for one in submissions:
            try:
                prepared = self.prepare(one.notebook, one.assignment)
            except (CourseError, SubmissionError):
                continue
            if self._has(prepared):
                continue
            begun += self._executor is not None
            if self._executor is not None:
                self._ahead[prepared.key] = self._submit(self._executor, prepared, one.name)
            else:
                waiting.setdefault(prepared.key, (prepared, one))
        jobs = min(jobs or len(cpus()), len(waiting))
        if jobs < 2:
            return begun
        self._executor = JudgePool(jobs)
        for key, (prepared, one) in waiting.items():
            self._ahead[key] = self._submit(self._executor, prepared, one.name)
        return len(waiting)

    def close(self) -> None:
        """Cancel what has not begun, and end the judges once they have answered."""
        if self._executor is not None:
            self._executor.shutdown(wait=True, cancel_futures=True)
        self._executor = None
        self._ahead.clear()

    def _has(self, prepared: Prepared) -> bool:
        if prepared.key in self._ahead:
            return True
        return self._store is not None and self._store.get(prepared.key) is not None

    def grade(
        self, notebook: NotebookNode, assignment: str, name: str
    ) -> tuple[Grade, NotebookNode]:
        """The grade of one notebook, and the notebook with what its cells showed and scored.

        Raises:
            CourseError, SubmissionError, ConfinementError, HostError: as the judge says.
            WorkerError: the grader broke, died twice, or did not answer in time.
        """
        prepared = self.prepare(notebook, assignment)
        ahead = self._ahead.pop(prepared.key, None)
        if ahead is None and self._store is not None:
            taken = kept.take(self._store, prepared.key, prepared.mended, name)
            if taken is not None:
                _log.info(
                    "judged before, and nothing that the verdict depends on has changed since"
                )
                return taken.grade, taken.notebook
        if ahead is None and self._executor is not None:
            ahead = self._submit(self._executor, prepared, name)
        if ahead is not None:
            judged = ahead.result()
        else:
            worker = shared_worker(self.course_root, self.options)
            known = self._known(prepared)
            judged = worker.judge(prepared.mended.to_notebook(), assignment, name, known)
            self._keep(prepared, judged)
        same = kept.restated(judged, prepared.mended, name)
        return same.grade, same.notebook

    def _submit(self, executor: Executor, prepared: Prepared, name: str) -> Ahead:
        notebook = dict(prepared.mended.to_notebook())
        assignment = prepared.lesson.assignment
        # No spare sandbox: while one starts, another judge may be timing a check.
        options = replace(self.options, spare=False)
        request = JudgeRequest(
            str(self.course_root),
            options,
            notebook,
            assignment,
            name,
            prepared.key,
            self._known(prepared),
        )
        ahead = Ahead(executor.submit(judge, request), threading.Event())
        # At once, so that an interrupted batch keeps what was judged.
        ahead.future.add_done_callback(partial(self._keep_result, prepared, ahead.kept))
        return ahead

    def _keep_result(
        self, prepared: Prepared, kept: threading.Event, future: Future[Judged]
    ) -> None:
        try:
            if not future.cancelled() and future.exception() is None:
                self._keep(prepared, future.result())
        finally:
            kept.set()

    def _keep(self, prepared: Prepared, judged: Judged) -> None:
        """Keep a verdict, unless something that it depends on changed meanwhile."""
        if self._store is None:
            return
        try:
            lesson, _ = self._lesson(prepared.lesson.assignment)
        except CourseError:
            return
        if self._keys.of_notebook(prepared.mended.notebook, lesson) == prepared.key:
            kept.keep(self._store, prepared.key, judged)
            parts = self._keys.of_parts(prepared.mended.notebook, lesson)
            kept_parts.keep(self._store, parts, judged)

    def _known(self, prepared: Prepared) -> Known:
        """What of a notebook's verdict is kept, where all of it is not."""
        if self._store is None:
            return Known()
        parts = self._keys.of_parts(prepared.mended.notebook, prepared.lesson)
        return kept_parts.take(self._store, parts, prepared.lesson)

    def prepare(self, notebook: NotebookNode, assignment: str) -> Prepared:
        """Mend a notebook, if that was not done, and make the key of its verdict.

        Raises:
            SubmissionError: it is no notebook, or none of this assignment.
            CourseError: the assignment is unknown or its files do not fit together.
        """
        lesson, release = self._lesson(assignment)
        mended = mend_once(notebook, lesson, release)
        return Prepared(lesson, mended, self._keys.of_notebook(mended.notebook, lesson))

    def _lesson(self, assignment: str) -> tuple[Lesson, NotebookNode]:
        """The lesson and its release notebook, read again when the course changed."""
        state = self._keys.course_state()
        known = self._lessons.get(assignment)  # Threads of the pool ask too.
        if known is None or known[0] != state:
            lesson = Course(self.course_root).lesson(assignment)
            known = self._lessons[assignment] = state, lesson, release_notebook(lesson)
        return known[1:]


# The one grader of this process, shared by a batch and by formgrader's requests.
_shared: list[Grader] = []
_shared_lock = threading.Lock()


def shared_grader(
    course_root: Path, options: WorkerOptions, folder: Path | None, scheduler: str = ""
) -> Grader:
    """The process-wide grader, whose verdicts are kept in `folder`, or not at all if that is None.

    `scheduler` is as in `judges_of`. A grader for another course or with anything else that
    differs takes its place.

    Raises:
        HostError: as `judges_of` says.
    """
    with _shared_lock:
        wanted = (course_root.resolve(), options, folder, scheduler)
        for grader in _shared:
            if (grader.course_root, grader.options, *grader.made_for) == wanted:
                return grader
            grader.close()
        _shared.clear()
        executor, store = judges_of(scheduler), kept.open_store(folder)
        grader = Grader(course_root, options, store=store, executor=executor)
        grader.made_for = folder, scheduler
        _shared.append(grader)
        return grader


def judges_of(scheduler: str) -> Executor | None:
    """The workers of the dask scheduler at this address as judges; None for the address "".

    Raises:
        HostError: it is not a scheduler's address, or the extra `distributed` is not installed.
    """
    if not scheduler:
        return None
    try:
        from jaxercise.grading.dask_judges import DaskJudges
    except ModuleNotFoundError as error:
        raise HostError(
            f"{error.name} is not installed; a scheduler needs `pip install jaxercise[distributed]`"
        ) from error
    return DaskJudges(scheduler)
