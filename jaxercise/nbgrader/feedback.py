"""The page a student reads: an overview, then the notebook without what is for instructors."""

from __future__ import annotations

import html
from typing import Any

from nbconvert.exporters import HTMLExporter
from nbformat import NotebookNode
from traitlets import Unicode

from jaxercise.checks.outcome import CourseError, ExerciseOutcome, Grade, Verdict
from jaxercise.checks.render import APPEARANCE, title_of
from jaxercise.nbgrader.clean import cleaned
from jaxercise.nbgrader.mend import CourseStep
from jaxercise.nbgrader.plugin import FLAGS, prose

# nbgrader's page, with the overview for its list, which calls every exercise "Test cell".
_PAGE = """
{%- extends "index.html.j2" -%}
{%- macro mark(value) -%}{{ value | float | round(2) }}{%- endmacro -%}
{%- block body -%}
{%- set marks = resources.nbgrader -%}
<body>
  <a name="top"></a>
  <div class="container">
    <div class="panel panel-default">
      <div class="panel-heading">
        <h4>{{ marks.notebook }} (Score: {{ mark(marks.score) }} / {{ mark(marks.max_score) }})</h4>
        {{ resources.overview }}
        {% if marks.late_penalty > 0 -%}
        <p style="color:#b3261e">Late submission: -{{ mark(marks.late_penalty) }}</p>
        {%- endif %}
      </div>
      <div class="panel-body">
        <div id="notebook" class="border-box-sizing">
          <div class="container" id="notebook-container">{{ super.super() }}</div>
        </div>
      </div>
    </div>
  </div>
</body>
{%- endblock body -%}
"""
# nbgrader's own comment on an answer cell that was not changed.
_NO_RESPONSE = "No response."
_CELL = "text-align:left;vertical-align:top;padding:3px 14px 3px 0"


class FeedbackPage(HTMLExporter):
    """nbgrader's page of feedback, with PrepareFeedback's overview at its head."""

    raw_template = Unicode(_PAGE)


class PrepareFeedback(CourseStep):
    """Leaves of a graded notebook what its student may see; follows GetGrades."""

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Clean one notebook again, drop what is for instructors, and sum up what was earned."""
        try:
            trusted = prose(self.course().lesson(resources["nbgrader"]["assignment"]))
        except CourseError:
            # An assignment since removed still has its feedback, its prose sanitised as well.
            trusted = frozenset()
        nb.cells = [cell for cell in nb.cells if cell.get("id") != FLAGS]
        clean = cleaned(nb, trusted)
        record = clean.metadata.pop("jaxercise", {}).get("grade")
        resources["overview"] = overview(clean, Grade.from_json(record)) if record else ""
        return clean, resources


def overview(notebook: NotebookNode, grade: Grade) -> str:
    """A table in HTML: each exercise with its score and the checks that it did not pass.

    The score is the gradebook's, which a person may have changed; a person's comment is linked.
    """
    marks = {cell.id: cell.metadata.get("nbgrader", {}) for cell in notebook.cells}
    rows = "".join(
        _row(outcome, marks[f"check_{outcome.exercise}"], marks.get(outcome.exercise, {}))
        for outcome in grade.exercises
        if f"check_{outcome.exercise}" in marks
    )
    rows += "".join(_written_row(name, mark) for name, mark in marks.items() if _is_written(mark))
    return f"<table><tbody>{rows}</tbody></table>"


def _is_written(mark: NotebookNode) -> bool:
    """Whether a cell is both answer and graded, which a person does."""
    return bool(mark.get("solution") and mark.get("grade"))


def _written_row(name: str, mark: NotebookNode) -> str:
    name, score = html.escape(name), f"{mark.get('score', 0):g} / {mark['points']:g}"
    return (
        f"<tr><td style='{_CELL}'><a href='#{name}'>{name}</a></td>"
        f"<td style='{_CELL};white-space:nowrap'>{score}</td>"
        f"<td style='{_CELL}'>graded by a person</td>"
        f"<td style='{_CELL}'>{_comment(name, mark)}</td></tr>"
    )


def _comment(name: str, answer: NotebookNode) -> str:
    """A link to what a person said of an answer, if somebody did."""
    by_a_person = (answer.get("comment") or _NO_RESPONSE) != _NO_RESPONSE
    return f"<a href='#comment-{name}'>comment</a>" if by_a_person else ""


def _row(outcome: ExerciseOutcome, check: NotebookNode, answer: NotebookNode) -> str:
    name, score = html.escape(outcome.exercise), check.get("score", outcome.score)
    return (
        f"<tr><td style='{_CELL}'><a href='#check_{name}'>{name}</a></td>"
        f"<td style='{_CELL};white-space:nowrap'>{score:g} / {outcome.max_score:g}"
        f"{' extra' if outcome.extra else ''}</td>"
        f"<td style='{_CELL}'>{_said(outcome)}</td>"
        f"<td style='{_CELL}'>{_comment(name, answer)}</td></tr>"
    )


def _said(outcome: ExerciseOutcome) -> str:
    """The checks that were not passed, one a line; one word where all have the same verdict."""
    verdicts = {check.verdict for check in outcome.checks}
    if len(verdicts) == 1 and verdicts <= {Verdict.PASSED, Verdict.NOT_ATTEMPTED}:
        symbol, word, colour = APPEARANCE[verdicts.pop()]
        return f"<span style='color:{colour}'>{symbol} {word}</span>"
    lines = []
    for check in outcome.checks:
        if check.verdict is not Verdict.PASSED:
            symbol, word, colour = APPEARANCE[check.verdict]
            lines.append(
                f"<span style='color:{colour}'>{symbol} {word}</span>: "
                f"{html.escape(title_of(check))}"
            )
    return "<br>".join(lines)
