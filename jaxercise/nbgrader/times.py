"""Moments and lengths of time in words, and the zone that people read them in."""

from __future__ import annotations

import datetime
import math

import dateutil.tz
from traitlets.config import Config

from jaxercise.checks.outcome import CourseError


def time_zone(config: Config) -> datetime.tzinfo:
    """The zone of dates that people read and write: nbgrader's `c.Exchange.timezone`.

    Raises:
        CourseError: there is no such zone.
    """
    name = str(config.Exchange.get("timezone", "UTC"))
    zone = dateutil.tz.gettz(name)
    if zone is None:
        raise CourseError(f"c.Exchange.timezone: there is no time zone '{name}'")
    return zone


def shown_time(moment: datetime.datetime, zone: datetime.tzinfo) -> str:
    """A moment in UTC, as a person in `zone` reads it: Friday, 4 December 2026, 18:00 UTC."""
    there = moment.replace(tzinfo=datetime.UTC).astimezone(zone)
    return f"{there:%A}, {there.day} {there:%B %Y, %H:%M} {there.tzname()}"


def shown_span(seconds: float) -> str:
    """A length of time in its two largest units, such as `1 day 3 hours`."""
    minutes = max(1, math.ceil(seconds / 60))
    days, minutes = divmod(minutes, 24 * 60)
    hours, minutes = divmod(minutes, 60)
    units = [(days, "day"), (hours, "hour"), (minutes, "minute")]
    first = next(index for index, (count, _) in enumerate(units) if count)
    return " ".join(
        f"{count} {unit}{'s' * (count != 1)}" for count, unit in units[first : first + 2] if count
    )
