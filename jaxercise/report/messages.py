"""The commonest messages of a class, with those who got them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from jaxercise.checks.outcome import Verdict
from jaxercise.report.records import Submission

_NUMBER = re.compile(r"(?<![A-Za-z_])[-+]?\d+(?:\.\d+)?(?:e[-+]?\d+)?")
# Nobody learns anything from these: not tried, or waiting for another check.
_SILENT = (Verdict.PASSED, Verdict.BLOCKED, Verdict.NOT_ATTEMPTED)


@dataclass(frozen=True)
class MessageGroup:
    """One message of one check, and the ids of the students who got it.

    Messages that differ only in their numbers are one group; `message` is the first of them and
    `variants` how many there are.
    """

    exercise: str
    check: str
    title: str
    verdict: str
    message: str
    variants: int
    students: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def message_groups(submissions: Sequence[Submission]) -> list[MessageGroup]:
    """The groups, those with most students first."""
    found: dict[tuple[str, str, str, str], list[tuple[str, str, str]]] = {}
    for one in submissions:
        for exercise, check in one.checks():
            if check.verdict in _SILENT:
                continue
            pattern = _NUMBER.sub("#", check.message)
            group = found.setdefault((exercise, check.check, check.verdict.value, pattern), [])
            group.append((one.student, check.message, check.title or check.check))
    groups = [
        MessageGroup(
            exercise,
            check,
            title=members[0][2],
            verdict=verdict,
            message=members[0][1],
            variants=len({message for _, message, _ in members}),
            students=tuple(student for student, _, _ in members),
        )
        for (exercise, check, verdict, _), members in found.items()
    ]
    return sorted(groups, key=lambda group: -len(group.students))
