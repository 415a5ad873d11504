"""The report on a class: every part of it, computed from the records, and as JSON."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jaxercise.checks.outcome import CourseError
from jaxercise.course.lesson import Course, Lesson
from jaxercise.grading.solutions import known_solutions
from jaxercise.report.changes import StudentChange, Verdicts, changes, verdicts_of
from jaxercise.report.items import CheckStatistics, check_statistics
from jaxercise.report.messages import MessageGroup, message_groups
from jaxercise.report.records import ClassRecords, Submission
from jaxercise.report.similar import Resemblance, resemblances


@dataclass(frozen=True)
class ClassReport:
    """What a report says; `lesson` gives the order of the exercises and the maximum score.

    `since` says when the report was made that `changes` compares with; "" if there was none.
    """

    records: ClassRecords
    lesson: Lesson
    made: str
    checks: tuple[CheckStatistics, ...]
    messages: tuple[MessageGroup, ...]
    changes: tuple[StudentChange, ...]
    since: str
    resemblances: tuple[Resemblance, ...]

    @property
    def scores(self) -> list[float]:
        """The judge's scores of the graded submissions."""
        return [one.grade.score for one in self.records.graded if one.grade]

    @property
    def max_score(self) -> float:
        """The maximum without extra credit."""
        return sum(one.points for one in self.lesson.exercises if not one.extra)

    @property
    def suspects(self) -> list[CheckStatistics]:
        """Checks whose failures look like their own fault, those with most reasons first."""
        found = [check for check in self.checks if check.suspicions]
        return sorted(found, key=lambda check: (-len(check.suspicions), -check.failed))

    def to_json(self) -> dict[str, Any]:
        """The record of docs/outcomes.md."""
        scores = self.scores
        return {
            "assignment": self.records.assignment,
            "made": self.made,
            "due": self.records.due.isoformat() if self.records.due else None,
            "max_score": self.max_score,
            "graded": len(scores),
            "mean": round(statistics.fmean(scores), 3) if scores else None,
            "median": statistics.median(scores) if scores else None,
            "suspects": [[check.exercise, check.check] for check in self.suspects],
            "students": [_student(one) for one in self.records.submissions],
            "missing": list(self.records.missing),
            "checks": [check.to_json() for check in self.checks],
            "messages": [group.to_json() for group in self.messages],
            "since": self.since or None,
            "changes": [change.to_json() for change in self.changes],
            "resemblances": [pair.to_json() for pair in self.resemblances],
        }


def _student(one: Submission) -> dict[str, Any]:
    return {
        "student": one.student,
        "name": one.name,
        "score": one.grade.score if one.grade else None,
        "gradebook_score": one.score,
        "needs_a_person": [e.exercise for e in one.grade.exercises if e.needs_a_person]
        if one.grade
        else [],
        "handed_in": one.handed_in.isoformat() if one.handed_in else None,
        "late_s": one.late_s,
        "verdicts": verdicts_of(one),
    }


def make_report(
    course: Course, lesson: Lesson, records: ClassRecords, made: str, before: Any = None
) -> ClassReport:
    """The report on `records`; `made` is the time now, `before` an earlier report's JSON.

    Raises:
        CourseError: `before` is not a report on this assignment.
    """
    earlier = {} if before is None else earlier_verdicts(before, lesson.assignment)
    graded = records.graded
    order = [exercise.name for exercise in lesson.exercises]
    return ClassReport(
        records,
        lesson,
        made,
        tuple(_in_order(check_statistics(graded), order)),
        tuple(message_groups(graded)),
        tuple(changes(earlier, graded)),
        "" if before is None else str(before["made"]),
        tuple(resemblances({one.student: one.answers for one in graded}, _common(course, lesson))),
    )


def earlier_verdicts(record: Any, assignment: str) -> dict[str, Verdicts]:
    """Each student's verdicts in an earlier report's JSON.

    Raises:
        CourseError: it is not a report on this assignment.
    """
    try:
        if record["assignment"] != assignment or not isinstance(record["made"], str):
            raise CourseError(f"the earlier report is on {record['assignment']}, not {assignment}")
        return {
            one["student"]: {
                name: (str(verdict), float(points))
                for name, (verdict, points) in one["verdicts"].items()
            }
            for one in record["students"]
        }
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise CourseError("the earlier report is not what `jaxercise report` writes") from error


def _in_order(found: Iterable[CheckStatistics], order: Sequence[str]) -> list[CheckStatistics]:
    """Exercises in the lesson's order; those that it no longer has come last."""
    place = {name: position for position, name in enumerate(order)}
    return sorted(found, key=lambda check: place.get(check.exercise, len(order)))


def _common(course: Course, lesson: Lesson) -> Mapping[str, Sequence[str]]:
    """By exercise, the code that explains a resemblance: starter, reference, known right answers.

    A course need not have known answers where it is only graded.
    """
    return {exercise.name: _known_code(course, lesson, exercise) for exercise in lesson.exercises}


def _known_code(course: Course, lesson: Lesson, exercise: Any) -> list[str]:
    if not course.solutions_file(lesson.assignment, exercise.name).is_file():
        return [exercise.starter, exercise.solution]
    known = known_solutions(course, lesson.assignment, exercise)
    return [one.source for one in known if one.title == "starter" or not one.dies_in]
