"""What a report is made of: a class's graded submissions to one assignment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from jaxercise.checks.outcome import CheckOutcome, Grade, Verdict

TRIED = (Verdict.PASSED, Verdict.FAILED, Verdict.TIMED_OUT, Verdict.CRASHED)


@dataclass(frozen=True)
class Submission:
    """One student's submission.

    `name` is the student's full name, or the id where the gradebook has none. `grade` is the
    judge's record, None if the notebook has none (yet). `answers` holds the source of each
    exercise's cell. `handed_in` is when it arrived and `late_s` how many seconds after the due
    date. `score` is the gradebook's, which a person may have changed; `gradebook_id` is the
    notebook's id there.
    """

    student: str
    name: str
    grade: Grade | None = None
    answers: Mapping[str, str] = field(default_factory=dict[str, str])
    handed_in: datetime | None = None
    late_s: float = 0.0
    score: float | None = None
    gradebook_id: str = ""

    def checks(self) -> Iterator[tuple[str, CheckOutcome]]:
        """Each check of the record, after its exercise's name."""
        for exercise in self.grade.exercises if self.grade else ():
            for check in exercise.checks:
                yield exercise.exercise, check


@dataclass(frozen=True)
class ClassRecords:
    """All submissions to an assignment, who handed in nothing, and when it was due."""

    assignment: str
    submissions: tuple[Submission, ...]
    missing: tuple[str, ...] = ()
    due: datetime | None = None

    @property
    def graded(self) -> list[Submission]:
        return [one for one in self.submissions if one.grade is not None]
