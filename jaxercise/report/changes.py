"""What a regrade changed, student by student."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from jaxercise.report.records import Submission

# exercise/check -> (verdict, points)
Verdicts = Mapping[str, tuple[str, float]]


@dataclass(frozen=True)
class CheckChange:
    """A check whose verdict or points are not what they were; "" where there was or is none."""

    name: str
    before: str
    after: str
    points: float


@dataclass(frozen=True)
class StudentChange:
    """A student whose record changed: the judge's scores, and the checks that differ."""

    student: str
    before: float
    after: float
    checks: tuple[CheckChange, ...]

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def verdicts_of(submission: Submission) -> dict[str, tuple[str, float]]:
    """The verdict and the points of each check, as a report's JSON keeps them."""
    return {
        f"{exercise}/{check.check}": (check.verdict.value, check.points)
        for exercise, check in submission.checks()
    }


def changes(
    earlier: Mapping[str, Verdicts], submissions: Sequence[Submission]
) -> list[StudentChange]:
    """The students of the earlier report whose verdicts or points are others now.

    `earlier` holds each student's verdicts. Those who lost most come first.
    """
    found: list[StudentChange] = []
    for one in submissions:
        before, after = earlier.get(one.student), verdicts_of(one)
        if before is None or not after:
            continue
        checks = tuple(
            CheckChange(name, was[0], now[0], now[1] - was[1])
            for name in dict.fromkeys([*before, *after])
            for was, now in [(before.get(name, ("", 0.0)), after.get(name, ("", 0.0)))]
            if was != now
        )
        if checks:
            found.append(StudentChange(one.student, _score(before), _score(after), checks))
    return sorted(found, key=lambda change: change.after - change.before)


def _score(verdicts: Verdicts) -> float:
    return sum(points for _, points in verdicts.values())
