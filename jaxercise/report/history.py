"""The newest report of each assignment and the one before the last regrade, kept as JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from jaxercise.checks.outcome import CourseError
from jaxercise.report.changes import changes
from jaxercise.report.class_report import ClassReport, earlier_verdicts
from jaxercise.report.records import ClassRecords
from jaxercise.report.writing import write


class History:
    """Kept in `folder`: ASSIGNMENT.json, and ASSIGNMENT.before.json.

    A report takes the older one's place as "before" only if a student's verdict changed since, so
    that the page goes on to show the last regrade when more submissions are graded.
    """

    def __init__(self, folder: Path, assignment: str) -> None:
        self.assignment = assignment
        self.latest = folder / f"{assignment}.json"
        self.before = folder / f"{assignment}.before.json"

    def earlier(self, records: ClassRecords) -> Any:
        """The JSON of the report that the records now are to be compared with, or None."""
        latest = _read(self.latest)
        if latest is None:
            return None
        if changes(earlier_verdicts(latest, self.assignment), records.graded):
            return latest
        return _read(self.before)

    def keep(self, report: ClassReport, earlier: Any) -> None:
        """Store a report, and what it was compared with."""
        if earlier is not None:
            write(self.before, json.dumps(earlier))
        write(self.latest, json.dumps(report.to_json()))


def read_report(path: Path) -> Any:
    """An earlier report's JSON, from a file that was named.

    Raises:
        CourseError: there is no such file, or it is not JSON.
    """
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise CourseError(f"{path}: cannot be read as an earlier report: {error}") from error


def _read(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
