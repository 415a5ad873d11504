"""A class of thirty, and formgrader asked over and over while it is graded."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

import nbformat
import requests

from jaxercise.course.lesson import Course
from jaxercise.grading.solutions import known_solutions
from tests.hub_client import Visitor

FORMGRADER = "/services/jax/formgrader"
TARGET_S = 2.0
_PAUSE_S = 0.2
_STUDENT = "classmate{:02}"


def add_classmates(course: Course, root: Path, assignment: str, count: int) -> dict[str, bool]:
    """Put copies into submitted/, as files that came another way; who must get full marks.

    They hold each known answer of the course's only exercise in turn, several times: the first
    copy of each has to be judged, and for the others the verdict is kept.
    """
    lesson = course.lesson(assignment)
    (exercise,) = lesson.exercises
    known = known_solutions(course, assignment, exercise)
    released = course.release_file(assignment)
    expected: dict[str, bool] = {}
    for number in range(count):
        answer = known[number * len(known) // count]
        notebook = nbformat.read(released, as_version=4)
        for cell in notebook.cells:
            if cell.id == exercise.name:
                cell.source = answer.source
        name = _STUDENT.format(number)
        target = root / "submitted" / name / assignment / released.name
        target.parent.mkdir(parents=True)
        nbformat.write(notebook, target)
        expected[name] = not answer.dies_in
    return expected


@dataclass(frozen=True)
class Answer:
    """To one request: when it was sent, in seconds since the epoch; how many seconds it took; its
    status, 0 where nobody answered."""

    page: str
    sent: float
    seconds: float
    status: int


@dataclass
class Asking:
    """Somebody who opens formgrader's pages one after the other, with a short pause, until the
    end of a `with`."""

    visitor: Visitor
    assignment: str
    answers: list[Answer] = field(default_factory=list[Answer])
    _ends: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def ask(self, count: int) -> list[Answer]:
        """So many requests, now."""
        return [self._ask(page) for page in itertools.islice(self._pages(), count)]

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._ask_on)
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ends.set()
        assert self._thread is not None
        self._thread.join()

    def _ask_on(self) -> None:
        for page in self._pages():
            if self._ends.is_set():
                return
            self.answers.append(self._ask(page))

    def _pages(self) -> Iterable[str]:
        name = self.assignment
        return itertools.cycle(
            [
                "manage_assignments",
                "api/assignments",
                f"manage_submissions/{name}",
                f"api/submissions/{name}",
                f"api/submitted_notebooks/{name}/{name}",
            ]
        )

    def _ask(self, page: str) -> Answer:
        sent, began = time.time(), time.monotonic()
        try:
            status = self.visitor.get(f"{FORMGRADER}/{page}").status_code
        except requests.RequestException:
            status = 0
        seconds = time.monotonic() - began
        time.sleep(_PAUSE_S)
        return Answer(page, sent, seconds, status)


@dataclass(frozen=True)
class Waits:
    """How long requests took: while nothing was graded, and while a batch ran for `batch_s`."""

    before: list[Answer]
    during: list[Answer]
    batch_s: float

    @property
    def patience_s(self) -> float:
        """What a request may take: the target, or more on a machine where formgrader needs most
        of it while nothing is graded."""
        return max(TARGET_S, 4 * max(one.seconds for one in self.before))

    def within(self, limit_s: float) -> float:
        """The share of requests while the batch ran that took no longer."""
        return sum(one.seconds <= limit_s for one in self.during) / len(self.during)

    @property
    def longest_s(self) -> float:
        return max(one.seconds for one in self.during)

    def told(self) -> str:
        before = max(one.seconds for one in self.before)
        return (
            f"{len(self.during)} requests to formgrader while the batch ran for {self.batch_s:.0f} "
            f"s: {self.within(TARGET_S):.1%} within {TARGET_S:g} s, the longest "
            f"{self.longest_s:.2f} s; while nothing was graded, the longest {before:.2f} s"
        )


def between(answers: Iterable[Answer], begin: float, end: float) -> list[Answer]:
    """Those that were sent and answered in this time, in seconds since the epoch."""
    return [one for one in answers if begin <= one.sent and one.sent + one.seconds <= end]


def until(true: Callable[[], object], patience_s: float, what: str) -> None:
    """Wait for something that the server does."""
    deadline = time.monotonic() + patience_s
    while not true():
        assert time.monotonic() < deadline, what
        time.sleep(0.5)
