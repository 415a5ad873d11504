"""How many submissions of each assignment there are, and how many are new."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypedDict

from nbgrader.coursedir import CourseDirectory
from nbgrader.exchange.default import ExchangeCollect
from traitlets.config import Config

from jaxercise.course.lesson import Course
from jaxercise.nbgrader.batch import is_outdated


class Count(TypedDict):
    """Of one assignment: submissions collected, not graded yet, and waiting in the exchange."""

    name: str
    submitted: int
    new: int
    inbound: int


class Submissions:
    """The submissions of a course, in nbgrader's folders and its exchange."""

    def __init__(self, course: Course, nbgrader_settings: Config) -> None:
        self.course, self._coursedir = course, CourseDirectory(config=nbgrader_settings)
        exchange: Any = ExchangeCollect(coursedir=self._coursedir, config=nbgrader_settings)
        self._exchange = Path(exchange.root)

    @property
    def course_id(self) -> str:
        """The course's name in the exchange."""
        return str(self._coursedir.course_id)

    def folders(self) -> list[Path]:
        """Where submissions arrive."""
        submitted = self.course.root / str(self._coursedir.submitted_directory)
        return [submitted, self.inbound]

    @property
    def inbound(self) -> Path:
        """The folder of the exchange that students hand in to."""
        return self._exchange / self.course_id / "inbound"

    @property
    def collects(self) -> bool:
        """Whether there is an exchange to collect from."""
        return self.inbound.is_dir()

    def counts(self) -> list[Count]:
        """The counts of each assignment."""
        arrived = self._arrived()
        return [self._count(name, arrived.get(name, {})) for name in self.course.assignments()]

    def _count(self, name: str, arrived: dict[str, str]) -> Count:
        coursedir: Any = self._coursedir
        submitted: dict[str, Path] = {}
        folder = self.course.root / str(coursedir.submitted_directory)
        for path in folder.glob(f"*/{name}"):
            if any(path.glob("*.ipynb")):
                submitted[path.parent.name] = path
        graded = coursedir.autograded_directory
        new = sum(
            is_outdated(Path(coursedir.format_path(graded, student, name)), str(path), coursedir)
            for student, path in submitted.items()
        )
        inbound = sum(
            time > self._collected(submitted.get(student)) for student, time in arrived.items()
        )
        return Count(name=name, submitted=len(submitted), new=new, inbound=inbound)

    def _arrived(self) -> dict[str, dict[str, str]]:
        """By assignment and student the newest time in the exchange; times sort as text."""
        found: dict[str, dict[str, str]] = {}
        if not self.collects:
            return found
        for path in self.inbound.iterdir():
            student, _, rest = path.name.partition("+")
            assignment, _, time = rest.partition("+")
            students = found.setdefault(assignment, {})
            students[student] = max(time.split("+")[0], students.get(student, ""))
        return found

    def _collected(self, folder: Path | None) -> str:
        """The time of what was collected; "" if nothing was."""
        try:
            return (folder / "timestamp.txt").read_text().strip() if folder else ""
        except (OSError, UnicodeDecodeError):
            return ""
