"""Reads who has more time: a CSV file with a line for each student and assignment.

    student,assignment,days,until
    ada,ps3,2,
    alan,ps3,,2026-12-06 18:00

`days` are added to the due date, and move with it; `until` is a date of its own.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from jaxercise.checks.outcome import CourseError
from jaxercise.nbgrader.roster import read_lines

_COLUMNS = ("student", "assignment", "days", "until")


@dataclass(frozen=True)
class Extension:
    """More time, as `days` or up to a moment in UTC; one of the two is None."""

    days: float | None = None
    until: datetime.datetime | None = None

    def beyond(self, due: datetime.datetime) -> datetime.timedelta | None:
        """The time beyond a due date in UTC without a zone; None if there is none."""
        if self.until is None:
            more = datetime.timedelta(days=self.days or 0)
        else:
            more = self.until.replace(tzinfo=None) - due
        return more if more > datetime.timedelta() else None


Extensions = Mapping[tuple[str, str], Extension]


def read_extensions(path: Path, zone: datetime.tzinfo) -> Extensions | None:
    """The extensions by student and assignment; None if the file does not exist.

    A date without a zone is one of `zone`.

    Raises:
        CourseError: the file has a mistake; the message names file and line.
    """
    if not path.exists():
        return None
    found: dict[tuple[str, str], Extension] = {}
    for line, cells in read_lines(path, _COLUMNS, ("student", "assignment")):
        who = cells["student"], cells["assignment"]
        try:
            if not all(who):
                raise ValueError("the student or the assignment is missing")
            if who in found:
                raise ValueError(f"a second line of {who[0]} for {who[1]}")
            found[who] = _extension(cells.get("days", ""), cells.get("until", ""), zone)
        except ValueError as error:
            raise CourseError(f"{path}:{line}: {error}") from error
    return found


def _extension(days: str, until: str, zone: datetime.tzinfo) -> Extension:
    if bool(days) == bool(until):
        raise ValueError("give either days or until")
    if days:
        try:
            number = float(days)
        except ValueError:
            number = math.nan
        if not 0 < number <= 1000:
            raise ValueError(f"'{days}' is not a number of days above 0, such as 2 or 0.5")
        return Extension(days=number)
    try:
        moment = datetime.datetime.fromisoformat(until)
    except ValueError:
        raise ValueError(f"'{until}' is not a date and time such as 2026-12-06 18:00") from None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=zone)
    return Extension(until=moment.astimezone(datetime.UTC))
