"""The trusted side of a course, kept in memory: lessons, references, processes that run those."""

from __future__ import annotations

from pathlib import Path

from nbformat import NotebookNode

from jaxercise.course.build import release_notebook
from jaxercise.course.lesson import Course, Lesson
from jaxercise.grading.racing.host import Host
from jaxercise.grading.reference import Reference
from jaxercise.sandbox.kernel import Kernel
from jaxercise.sandbox.limits import Limits
from jaxercise.sandbox.run import Cell, Deadline, Run


class CourseCache:
    """The trusted side of a course: lessons, references, and processes that run those.

    `host` is this process's part in the lock that graders on one machine share.
    """

    def __init__(self, course: Course, limits: Limits, confine: bool):
        self.course, self.limits, self.confine = course, limits, confine
        self.host = Host()
        self._lessons: dict[str, tuple[Lesson, NotebookNode]] = {}
        self._references: dict[str, Reference] = {}
        self._kernel: Kernel | None = None
        self._contenders: dict[str, tuple[Run, Run]] = {}

    def lesson(self, assignment: str) -> tuple[Lesson, NotebookNode]:
        """The lesson and its release notebook."""
        if assignment not in self._lessons:
            lesson = self.course.lesson(assignment)
            self._lessons[assignment] = lesson, release_notebook(lesson)
        return self._lessons[assignment]

    def reference(self, assignment: str) -> Reference:
        if assignment not in self._references:
            path = self.course.reference_file(assignment)
            self._references[assignment] = Reference.load(path)
        return self._references[assignment]

    def new_kernel(self, cache: Path | None = None) -> Kernel:
        """A kernel for a notebook of this course; see there."""
        return Kernel(self.limits, self.confine, plots=self.course.plots, cache=cache)

    def trusted_kernel(self, compiled: Path) -> Kernel:
        """An unconfined kernel for code of the course; what it compiles is kept in a folder."""
        return Kernel(self.limits, False, plots=self.course.plots, cache=compiled)

    def contenders(self, assignment: str) -> tuple[Run, Run]:
        """Processes with the reference file executed: one for the baseline, one for it."""
        if assignment not in self._contenders:
            if self._kernel is None:
                self._kernel = Kernel(self.limits, self.confine)
            source = self.course.reference_file(assignment).read_text(encoding="utf-8")
            runs = [
                Run(self._kernel, [Cell("reference", source)], Deadline(float("inf")), "time")
                for _ in range(2)
            ]
            for run in runs:
                run.advance(1)
            self._contenders[assignment] = runs[0], runs[1]
        return self._contenders[assignment]

    def close(self) -> None:
        if self._kernel is not None:
            self._kernel.kill()
