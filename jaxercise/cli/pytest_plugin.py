"""The pytest plugin that runs hidden tests on one notebook, or on the reference.

`pytest grader_tests/ps2 --notebook FILE` runs the notebook in the sandbox, as when it is
graded, and shows the tests' own tracebacks, so it is for authors and instructors. Without
`--notebook` the tests run on the reference. pytest finds the plugin by the entry point
`pytest_entry`.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from jaxercise.course.build import source_notebook
from jaxercise.course.lesson import Course
from jaxercise.course.mend import mend
from jaxercise.course.submission import read_notebook
from jaxercise.grading.checking import context_for
from jaxercise.grading.course_cache import CourseCache
from jaxercise.grading.session import Session, plan
from jaxercise.grading.testing import CheckContext, HiddenTests
from jaxercise.nbgrader.marks import with_marks_read
from jaxercise.sandbox.limits import Limits
from jaxercise.sandbox.run import Deadline


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("jaxercise")
    group.addoption("--notebook", type=Path, help="the notebook to test; default: the reference")
    group.addoption("--seed", type=int, default=0, help="the grader's seed; default: 0")


def pytest_configure(config: pytest.Config) -> None:
    tests = NotebookTests(config.getoption("--notebook"), int(config.getoption("--seed") or 0))
    config.pluginmanager.register(tests, "jaxercise-notebook-tests")
    config.add_cleanup(tests.close)


class NotebookTests(HiddenTests):
    """Contexts whose student is one notebook, executed up to the check of the exercise tested."""

    def __init__(self, notebook: Path | None, seed: int):
        super().__init__(self.find_context)
        self.notebook, self.seed = notebook, seed
        self.sessions: dict[str, Session] = {}
        self.contexts: dict[Path, CheckContext] = {}
        self.caches: dict[Path, CourseCache] = {}

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Hidden tests come last, in their own order; others stay as they are."""
        hidden = [item for item in items if "grader_tests" in item.path.parts]
        others = [item for item in items if item not in hidden]
        super().pytest_collection_modifyitems(hidden)
        items[:] = others + hidden

    def cache_of(self, test_file: Path) -> CourseCache:
        """The cache of the course that a test file lies in."""
        course = Course.find(test_file.parent)
        if course.root not in self.caches:
            self.caches[course.root] = CourseCache(
                course, Limits(), confine=self.notebook is not None
            )
        return self.caches[course.root]

    def find_context(self, test_file: Path) -> CheckContext:
        """The context of a test file, whose session is closed when the next file begins."""
        if test_file not in self.contexts:
            assignment, name = test_file.parent.name, test_file.stem.removeprefix("test_")
            self.close_sessions()
            cache = self.cache_of(test_file)
            session = self.sessions[name] = self.new_session(cache, assignment, name)
            self.contexts[test_file] = context_for(cache, session, assignment, name, self.seed)
        return self.contexts[test_file]

    def new_session(self, cache: CourseCache, assignment: str, name: str) -> Session:
        """The notebook, executed up to the check of the exercise `name`."""
        lesson, release = cache.lesson(assignment)
        notebook = source_notebook(lesson)
        if self.notebook is not None:
            submitted = with_marks_read(read_notebook(self.notebook))
            notebook = mend(submitted, lesson, release).notebook
        planned = plan(notebook, lesson)
        kernel = cache.new_kernel()
        session = Session(kernel, planned, Deadline.after(cache.limits.notebook_s))
        session.advance_to(next(p.index for p in planned if p.check_of == name))
        return session

    def close_sessions(self) -> None:
        for session in self.sessions.values():
            session.close()
            session.kernel.kill()
        self.sessions.clear()

    def close(self) -> None:
        self.close_sessions()
        for cache in self.caches.values():
            cache.close()
