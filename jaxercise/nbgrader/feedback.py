"""The feedback page: an overview, then the notebook without the notes for instructors."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from nbconvert.exporters import HTMLExporter
from nbformat import NotebookNode
from nbgrader.converters.base import NbGraderException
from traitlets import Bool, Unicode

from jaxercise.checks.outcome import CheckOutcome, CourseError, ExerciseOutcome, Grade, Verdict
from jaxercise.checks.render import APPEARANCE, title_of
from jaxercise.nbgrader import templates
from jaxercise.nbgrader.clean import cleaned, is_clean
from jaxercise.nbgrader.late import AssignPenalties, HandIn
from jaxercise.nbgrader.mend import CourseStep
from jaxercise.nbgrader.plugin import FLAGS, prose
from jaxercise.nbgrader.times import shown_span, shown_time, time_zone

# nbgrader's own comment on an answer cell that was not changed.
_NO_RESPONSE = "No response."


class FeedbackPage(HTMLExporter):
    """nbgrader's feedback page, with the overview of PrepareFeedback at the top."""

    raw_template = Unicode(templates.source("feedback.html.j2"))


class PrepareFeedback(CourseStep):
    """Drops the notes for instructors and makes the overview; runs after nbgrader's GetGrades."""

    show_reference = Bool(
        False,
        help="Show the reference solution beside each answer, once the assignment's due date in "
        "the gradebook has passed, and every extension of it. An assignment without a due date "
        "counts as past it.",
    ).tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Prepare one graded notebook.

        `autograde` cleaned it; only a notebook that an earlier version graded is cleaned here.
        """
        nb.cells = [cell for cell in nb.cells if cell.get("id") != FLAGS]
        if not is_clean(nb):
            nb = cleaned(nb, self._trusted(resources["nbgrader"]["assignment"]))
        record = nb.metadata.pop("jaxercise", {}).get("grade")
        resources["overview"] = overview(nb, Grade.from_json(record)) if record else ""
        resources["references"] = self._references(resources["nbgrader"])
        resources["hand_in"] = self._hand_in(resources.get("hand_in"))
        return nb, resources

    def _references(self, step: Any) -> dict[str, str]:
        """The solution by the id of the answer's cell; none while a student has time left."""
        if not self.show_reference:
            return {}
        try:
            due = AssignPenalties(parent=self.parent).last_due(step["assignment"], step["db_url"])
            if due is not None and due.replace(tzinfo=UTC) > datetime.now(UTC):
                return {}
            lesson = self.course().lesson(step["assignment"])
        except CourseError as error:
            self.log.warning("Feedback without reference solutions: %s", error)
            return {}
        return {exercise.name: exercise.solution for exercise in lesson.exercises}

    def _hand_in(self, known: HandIn | None) -> str:
        """What AssignPenalties found out, as HTML."""
        if known is None:
            return ""
        try:
            zone = time_zone(self.config)
        except CourseError as error:
            raise NbGraderException(str(error)) from error
        due, came = (moment and shown_time(moment, zone) for moment in (known.due, known.handed_in))
        more = shown_span(known.extension.total_seconds()) if known.extension else ""
        late = shown_span(known.late_s) if known.late_s > 0 else ""
        return templates.render(
            "hand_in.html.j2", due=due, came=came, more=more, late=late, known=known
        )

    def _trusted(self, assignment: str) -> frozenset[str]:
        """The lesson's own prose; none if the lesson has been removed since."""
        try:
            return prose(self.course().lesson(assignment))
        except CourseError:
            return frozenset()


@dataclass(frozen=True)
class _Line:
    """A verdict, and the check that got it; `check` is empty if all checks got the same."""

    verdict: str
    colour: str
    check: str = ""

    @classmethod
    def of(cls, verdict: Verdict, check: str = "") -> _Line:
        symbol, word, colour = APPEARANCE[verdict]
        return cls(f"{symbol} {word}", colour, check)


@dataclass(frozen=True)
class _Row:
    """An exercise or a written answer. `comment` names the cell that a person commented on."""

    name: str
    anchor: str
    score: float
    max_score: float
    comment: str
    lines: tuple[_Line, ...] = ()
    extra: bool = False
    written: bool = False


def overview(notebook: NotebookNode, grade: Grade) -> str:
    """An HTML table of exercises, each with its score and the checks that were not passed.

    The score is the gradebook's, which a person may have changed; a person's comment is linked.
    """
    marks = {cell.id: cell.metadata.get("nbgrader", {}) for cell in notebook.cells}
    rows = [
        _exercise(outcome, marks[f"check_{outcome.exercise}"], marks.get(outcome.exercise, {}))
        for outcome in grade.exercises
        if f"check_{outcome.exercise}" in marks
    ]
    rows += [_written(name, mark) for name, mark in marks.items() if _is_written(mark)]
    return templates.render("overview.html.j2", rows=rows)


def _is_written(mark: NotebookNode) -> bool:
    """Whether a cell is both an answer and graded, so that a person grades it."""
    return bool(mark.get("solution") and mark.get("grade"))


def _written(name: str, mark: NotebookNode) -> _Row:
    score = mark.get("score", 0)
    return _Row(name, name, score, mark["points"], _commented(name, mark), written=True)


def _exercise(outcome: ExerciseOutcome, check: NotebookNode, answer: NotebookNode) -> _Row:
    name = outcome.exercise
    return _Row(
        name,
        f"check_{name}",
        check.get("score", outcome.score),
        outcome.max_score,
        _commented(name, answer),
        _lines(outcome.checks),
        outcome.extra,
    )


def _commented(name: str, answer: NotebookNode) -> str:
    """The name of an answer's cell if a person commented on it, else ""."""
    return name if (answer.get("comment") or _NO_RESPONSE) != _NO_RESPONSE else ""


def _lines(checks: tuple[CheckOutcome, ...]) -> tuple[_Line, ...]:
    """A line for each check that was not passed; one if all passed or none was attempted."""
    verdicts = {check.verdict for check in checks}
    if len(verdicts) == 1 and verdicts <= {Verdict.PASSED, Verdict.NOT_ATTEMPTED}:
        return (_Line.of(verdicts.pop()),)
    lost = [check for check in checks if check.verdict is not Verdict.PASSED]
    return tuple(_Line.of(check.verdict, title_of(check)) for check in lost)
