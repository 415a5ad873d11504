"""nbgrader's exchange with due dates: in what is released, in the list, and feedback at one place.

nbgrader's list of assignments shows no date, and its page has no place for one. It does show the
names of notebooks that were fetched and the time of each submission as text, so the date is put
there; what is not fetched yet shows none.
"""

from __future__ import annotations

import datetime
import shutil
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.exchange.default import (
    ExchangeFetchFeedback,
    ExchangeList,
    ExchangeReleaseAssignment,
)
from sqlalchemy.engine import make_url

from jaxercise.checks.outcome import CourseError
from jaxercise.nbgrader.due_note import add_note, read_due
from jaxercise.nbgrader.times import time_zone


class ReleaseAssignment(ExchangeReleaseAssignment):
    """Releases an assignment with a note at the top that says when it is due."""

    def do_copy(self, src: str, dest: str, log: Any = None) -> None:
        """Copy the assignment to the exchange and add the note to each notebook."""
        try:
            zone = time_zone(self.config)
        except CourseError as error:
            self.fail(str(error))
        super().do_copy(src, dest, log)
        due = self._due()
        for path in sorted(Path(dest).glob("*.ipynb")):
            add_note(path, due, zone)

    def _due(self) -> datetime.datetime | None:
        """The gradebook's due date; None if it has none, or there is no gradebook yet."""
        coursedir: Any = self.coursedir
        url = make_url(coursedir.db_url)
        if url.drivername.startswith("sqlite") and not Path(url.database or "").is_file():
            return None
        with suppress(MissingEntry), Gradebook(coursedir.db_url, coursedir.course_id) as gradebook:
            assignment: Any = gradebook.find_assignment(coursedir.assignment_id)
            return assignment.duedate
        return None


class ListAssignments(ExchangeList):
    """Lists assignments with their due dates, as they were released last."""

    def parse_assignments(self) -> list[dict[str, Any]]:
        """nbgrader's records, with the date in the texts that its page shows."""
        assignments: Any = super().parse_assignments()
        for info in assignments:
            due = self._due(info)
            if not due or self.inbound:
                continue
            info["due"] = due
            for notebook in info.get("notebooks", []):
                notebook["notebook_id"] += f" (due {due})"
            for submission in info.get("submissions", []):
                submission["timestamp"] += f" (due {due})"
        return assignments

    # nbgrader's method has no types, and the inferred one is too narrow.
    def format_outbound_assignment(  # pyright: ignore[reportIncompatibleMethodOverride]
        self, info: Mapping[str, Any]
    ) -> str:
        """What `nbgrader list` prints of an assignment."""
        line = super().format_outbound_assignment(info)
        return f"{line}, due {info['due']}" if "due" in info else line

    def _due(self, info: Mapping[str, Any]) -> str:
        root: Any = self.root
        folder = Path(root, info["course_id"], "outbound", info["assignment_id"])
        due = read_due(folder)
        if due is None:
            return ""
        there = due.replace(tzinfo=datetime.UTC).astimezone(time_zone(self.config))
        return f"{there:%a} {there.day} {there:%b, %H:%M} {there.tzname()}"


class FetchFeedback(ExchangeFetchFeedback):
    """Fetches feedback, and puts the newest where the notebook's note links to."""

    def do_copy(self, src: str, dest: str) -> None:
        """Copy the pages into folders by time, as nbgrader does, and the newest beside them."""
        super().do_copy(src, dest)
        for notebook, timestamp, _ in sorted(self.feedback_files, key=lambda found: found[1]):
            page = Path(dest, timestamp, f"{notebook}.html")
            shutil.copy(page, Path(dest, page.name))
