"""The report as one HTML page that needs no network and runs no script."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from jaxercise.checks.outcome import Verdict
from jaxercise.report import pictures
from jaxercise.report.class_report import ClassReport
from jaxercise.report.items import CheckStatistics
from jaxercise.report.records import Submission
from jaxercise.report.similar import Overlap, Resemblance

# Where to see a student's exercise: student and exercise (or "") -> address, or "" for nowhere.
Link = Callable[[str, str], str]

_MOST_MESSAGES = 25
_MOST_PAIRS = 20
_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True)
class ExerciseRows:
    """The checks of one exercise, and its share of the points that could be earned."""

    exercise: str
    earned: float | None
    checks: tuple[CheckStatistics, ...]


@dataclass(frozen=True)
class Line:
    """A line of an answer, and whether the other student's has it too."""

    text: str
    shared: bool


@dataclass(frozen=True)
class SideBySide:
    """Two students' answers to one exercise."""

    overlap: Overlap
    sides: tuple[tuple[Line, ...], tuple[Line, ...]]


@dataclass(frozen=True)
class Pair:
    resemblance: Resemblance
    exercises: tuple[SideBySide, ...]


def page(report: ClassReport, link: Link, head: str = "") -> str:
    """The page; `link` says where its links lead, `head` is text for its first line."""
    records = report.records
    by_student = {one.student: one for one in records.submissions}
    came = [
        (one.handed_in, one.grade.score, one.name, one.late_s > 0)
        for one in records.graded
        if one.handed_in and one.grade
    ]
    return _TEMPLATES.get_template("class.html.j2").render(
        report=report,
        records=records,
        head=head,
        names={student: one.name for student, one in by_student.items()},
        link=link,
        histogram=pictures.histogram(report.scores, report.max_score),
        hand_ins=pictures.hand_ins(came, report.max_score, records.due),
        width=pictures.WIDTH,
        height=pictures.HEIGHT,
        exercises=list(_exercises(report)),
        waiting=list(_waiting(records.graded)),
        messages=report.messages[:_MOST_MESSAGES],
        more_messages=max(len(report.messages) - _MOST_MESSAGES, 0),
        pairs=[_pair(pair, by_student) for pair in report.resemblances[:_MOST_PAIRS]],
        more_pairs=max(len(report.resemblances) - _MOST_PAIRS, 0),
    )


def _exercises(report: ClassReport) -> Iterator[ExerciseRows]:
    for name, checks in groupby(report.checks, key=lambda check: check.exercise):
        outcomes = [
            exercise
            for one in report.records.graded
            for exercise in (one.grade.exercises if one.grade else ())
            if exercise.exercise == name
        ]
        most = sum(exercise.max_score for exercise in outcomes)
        earned = sum(exercise.score for exercise in outcomes) / most if most else None
        yield ExerciseRows(name, earned, tuple(checks))


def _waiting(graded: Sequence[Submission]) -> Iterator[tuple[str, str, str]]:
    """Student, exercise and message of each check that waits for a person."""
    for one in graded:
        for exercise, check in one.checks():
            if check.verdict in (Verdict.INCONCLUSIVE, Verdict.GRADER_ERROR):
                yield one.student, exercise, check.message


def _pair(found: Resemblance, by_student: dict[str, Submission]) -> Pair:
    exercises: list[SideBySide] = []
    for overlap in found.overlaps:
        sources = [by_student[student].answers[overlap.exercise] for student in found.students]
        one, other = (
            _lines(source, lines) for source, lines in zip(sources, overlap.lines, strict=True)
        )
        exercises.append(SideBySide(overlap, (one, other)))
    return Pair(found, tuple(exercises))


def _lines(source: str, shared: Sequence[int]) -> tuple[Line, ...]:
    return tuple(
        Line(text, number in shared) for number, text in enumerate(source.splitlines(), start=1)
    )
