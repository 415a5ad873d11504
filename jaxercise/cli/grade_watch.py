"""`jaxercise grade --watch`: judge what is handed in before anybody asks for its grade."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import CancelledError
from pathlib import Path
from queue import SimpleQueue

from rich.console import Console
from watchfiles import watch

from jaxercise.checks.outcome import ConfinementError, CourseError, HostError, SubmissionError
from jaxercise.cli.arrivals import Arrivals, assignment_by_place
from jaxercise.cli.graded import graded_row, print_row, read_submission, warnings_on
from jaxercise.course.lesson import Course
from jaxercise.grading.files import Files
from jaxercise.grading.grader import Grader, Submission
from jaxercise.grading.progress import shown

_LOOK_EVERY_MS = 500
# A file system that other hosts write to, such as NFS, does not tell what they change.
_LOOK_ANYWAY_S = 30.0


def grade_what_arrives(
    course: Course, folders: Sequence[Path], grader: Grader, assignment: str | None
) -> int:
    """Judge the notebooks below `folders` and those that come, until Ctrl-C; then 0.

    They are of `assignment`, or where that is None of the one that their place or content tells.
    """
    watching = _Watching(course, Arrivals(folders), grader, assignment)
    threading.Thread(target=watching.tell_grades, daemon=True).start()
    try:
        for _ in _moments_to_look(watching.arrivals):
            watching.look()
    except KeyboardInterrupt:
        _say("ends when what is being judged is done and kept; Ctrl-C again ends at once")
    return 0


class _Watching:
    """One thread looks for notebooks and has them judged; another waits for the grades."""

    def __init__(
        self, course: Course, arrivals: Arrivals, grader: Grader, assignment: str | None
    ) -> None:
        self.course, self.arrivals, self.grader = course, arrivals, grader
        self.assignment = assignment
        self._files = Files()
        self._course_state = self._files.course(course.root)
        self._begun: SimpleQueue[Submission] = SimpleQueue()

    def look(self) -> None:
        """Begin to judge what has arrived."""
        state = self._files.course(self.course.root)
        if state != self._course_state:
            self._course_state = state
            _say("the course changed; what the change concerns is judged again")
            self.arrivals.forget()
        arrived = [one for path in self.arrivals.ready() if (one := self._read(path))]
        if arrived:
            self.grader.judge_ahead(arrived)
            for one in arrived:
                self._begun.put(one)

    def _read(self, path: Path) -> Submission | None:
        try:
            if path.is_symlink():
                raise SubmissionError(f"{path}: this is a link; it is not followed")
            placed = assignment_by_place(path, self.course.assignments())
            return read_submission(self.course, path, self.assignment or placed)
        except SubmissionError as error:
            if not self.arrivals.wait_longer(path):
                _say(f"passed over until it changes: {error}")
            return None

    def tell_grades(self) -> None:
        """Print each grade once it is there, for as long as the process lives."""
        console = Console(stderr=True, highlight=False)
        with shown(warnings_on(console)):
            _say("watching; Ctrl-C ends")
            while True:
                one = self._begun.get()
                try:
                    row, _ = graded_row(self.grader, one)
                except CancelledError:
                    return
                except (ConfinementError, CourseError, HostError) as error:
                    row = {"notebook": one.name, "error": str(error)}
                print_row(row)
                left = self._begun.qsize()
                _say(f"{left} more to judge" if left else "watching; Ctrl-C ends")


def _moments_to_look(arrivals: Arrivals) -> Iterator[None]:
    """At once, when something changes below the folders, and while a notebook is waited for."""
    changes = watch(
        *arrivals.folders,
        rust_timeout=_LOOK_EVERY_MS,
        yield_on_timeout=True,
        raise_interrupt=True,
        ignore_permission_denied=True,
    )
    looked = 0.0
    with contextlib.closing(changes):
        for changed in changes:
            due = time.monotonic() - looked > _LOOK_ANYWAY_S
            if changed or due or not looked or arrivals.some_are_waited_for:
                looked = time.monotonic()
                yield


def _say(text: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {text}", flush=True)
