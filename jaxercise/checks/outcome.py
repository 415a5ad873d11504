"""The outcome of checks, as records, and the exceptions of the project."""

from __future__ import annotations

import dataclasses
import enum
import textwrap
from dataclasses import dataclass, field
from typing import Any, NoReturn

# nbgrader's Validate indents what it prints by 4 characters and cuts it at 87.
_WIDTH = 82

PROPERTIES = ("correctness", "purity", "reproducibility", "speed")
GRADER_FAILED = "The grader itself failed here; a person will look at it."


class CheckFailed(Exception):
    """The student's answer is wrong; the text is for the student.

    IPython, and with it nbgrader's Validate, shows `shown` in place of a traceback: a table of
    checks, or else the text.
    """

    def __init__(self, text: str = "", *, shown: str = ""):
        super().__init__(text)
        self.shown = shown or text

    def _render_traceback_(self) -> list[str]:
        """The lines that IPython shows."""
        return [part for line in self.shown.split("\n") for part in _wrapped(line)]


def _wrapped(line: str) -> list[str]:
    indent = " " * (len(line) - len(line.lstrip()))
    return textwrap.wrap(line, _WIDTH, subsequent_indent=indent) or [""]


def fail(message: str) -> NoReturn:
    """Fail the check with this text, which the student reads."""
    raise CheckFailed(message)


class CourseError(Exception):
    """A file of the course is wrong; the text says which one and how."""


class SubmissionError(Exception):
    """A submission cannot be read or is not the one asked for; the text says why."""


class ConfinementError(Exception):
    """This host cannot confine student code; the text says what to enable."""


class HostError(Exception):
    """Graders on this host cannot take turns; the text says what to do."""


class Verdict(enum.StrEnum):
    PASSED = "passed"
    FAILED = "failed"
    BLOCKED = "blocked"
    NOT_ATTEMPTED = "not_attempted"
    TIMED_OUT = "timed_out"
    CRASHED = "crashed"
    INCONCLUSIVE = "inconclusive"
    GRADER_ERROR = "grader_error"

    @property
    def needs_a_person(self) -> bool:
        """Whether the grader could not decide, so that a person must."""
        return self in (Verdict.INCONCLUSIVE, Verdict.GRADER_ERROR)


@dataclass(frozen=True)
class DeclaredCheck:
    """A hidden test as declared in its source, which is read without running it."""

    check: str
    property: str
    points: float
    title: str


@dataclass(frozen=True)
class Timing:
    """What a check of speed measured: times in seconds, one for each round.

    `speedup` is the median over the rounds of NumPy's time divided by the student's; `low` and
    `high` are its confidence interval (None: no upper bound yet); `reference` is the same median
    for the reference. `first_call_s` is how much longer the first call took than later ones,
    `empty_s` the time of a call that does nothing, `foreign` the share of the CPUs that other
    programs used, `threads` the number of threads that each process's libraries may use.
    """

    speedup: float
    low: float
    high: float | None
    minimum: float
    first_call_s: float
    empty_s: float
    student_s: tuple[float, ...]
    numpy_s: tuple[float, ...]
    reference: float | None = None
    foreign: float | None = None
    threads: dict[str, dict[str, int]] = field(default_factory=dict)

    @classmethod
    def from_json(cls, record: dict[str, Any]) -> Timing:
        times: dict[str, Any] = {name: tuple(record[name]) for name in ("student_s", "numpy_s")}
        return cls(**(record | times))


@dataclass(frozen=True)
class CheckOutcome:
    """The verdict of one check; `points` earned out of `max_points`."""

    check: str
    property: str
    verdict: Verdict
    points: float
    max_points: float
    message: str = ""
    title: str = ""
    timing: Timing | None = None

    @classmethod
    def of(
        cls,
        declared: DeclaredCheck,
        verdict: Verdict,
        message: str = "",
        timing: Timing | None = None,
    ) -> CheckOutcome:
        """The outcome of a declared check: full points if it passed, none otherwise."""
        points = declared.points if verdict is Verdict.PASSED else 0.0
        return cls(
            declared.check,
            declared.property,
            verdict,
            points,
            declared.points,
            message,
            declared.title,
            timing,
        )

    @classmethod
    def from_json(cls, record: dict[str, Any]) -> CheckOutcome:
        timing = record.get("timing")
        live: dict[str, Any] = {
            "verdict": Verdict(record["verdict"]),
            "timing": Timing.from_json(timing) if timing else None,
        }
        return cls(**(record | live))


@dataclass(frozen=True)
class ExerciseOutcome:
    """The outcome of one exercise; if it is `extra`, its points are extra credit."""

    exercise: str
    checks: tuple[CheckOutcome, ...]
    extra: bool = False

    @property
    def score(self) -> float:
        return sum(check.points for check in self.checks)

    @property
    def max_score(self) -> float:
        return sum(check.max_points for check in self.checks)

    @property
    def needs_a_person(self) -> bool:
        return any(check.verdict.needs_a_person for check in self.checks)

    def to_json(self) -> dict[str, Any]:
        """The inverse of `from_json`."""
        return {
            "exercise": self.exercise,
            "score": self.score,
            "max_score": self.max_score,
            "extra": self.extra,
            "checks": [dataclasses.asdict(check) for check in self.checks],
        }

    @classmethod
    def from_json(cls, record: dict[str, Any]) -> ExerciseOutcome:
        """Read what `to_json` gave."""
        checks = tuple(CheckOutcome.from_json(check) for check in record["checks"])
        return cls(record["exercise"], checks, record["extra"])


@dataclass(frozen=True)
class Grade:
    """The outcome of one notebook.

    `repairs` are sentences on what was repaired in the submission, `flags` on what an instructor
    should look at; `seconds` is the time that each stage took.
    """

    assignment: str
    notebook: str
    exercises: tuple[ExerciseOutcome, ...]
    environment: dict[str, str]
    repairs: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def score(self) -> float:
        return sum(exercise.score for exercise in self.exercises)

    @property
    def max_score(self) -> float:
        """The maximum without extra credit; a score may exceed it."""
        return sum(exercise.max_score for exercise in self.exercises if not exercise.extra)

    def to_json(self) -> dict[str, Any]:
        """The record that `jaxercise grade --json` prints (docs/outcomes.md)."""
        return {
            "assignment": self.assignment,
            "notebook": self.notebook,
            "score": self.score,
            "max_score": self.max_score,
            "exercises": [exercise.to_json() for exercise in self.exercises],
            "environment": self.environment,
            "repairs": list(self.repairs),
            "flags": list(self.flags),
            "seconds": self.seconds,
        }

    @classmethod
    def from_json(cls, record: dict[str, Any]) -> Grade:
        """The inverse of `to_json`."""
        return cls(
            record["assignment"],
            record["notebook"],
            tuple(ExerciseOutcome.from_json(exercise) for exercise in record["exercises"]),
            record["environment"],
            tuple(record["repairs"]),
            tuple(record["flags"]),
            record["seconds"],
        )


class StudentDied(Exception):
    """Student code ended its process or ran out of time; `verdict` says which, the text why."""

    def __init__(self, verdict: Verdict, reason: str):
        super().__init__(reason)
        self.verdict = verdict


class GraderFault(StudentDied):
    """The grader itself failed while running student code; `details` are for an instructor."""

    def __init__(self, details: str):
        super().__init__(Verdict.GRADER_ERROR, "the grader itself failed there")
        self.details = details


class Inconclusive(Exception):
    """The grader could not decide; the text says why."""
