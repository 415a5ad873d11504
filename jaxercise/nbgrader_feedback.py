"""What a student reads: the graded notebook without what is for instructors, an overview on top."""

from __future__ import annotations

import html
from typing import Any

import nbformat
from nbformat import NotebookNode

from jaxercise.nbgrader_clean import cleaned, inert
from jaxercise.nbgrader_mend import CourseStep
from jaxercise.nbgrader_plugin import FLAGS, prose
from jaxercise.outcome import CourseError, ExerciseOutcome, Grade, Verdict
from jaxercise.render import LOOK, title_of

_OVERVIEW = "jaxercise-overview"
_CELL = "text-align:left;vertical-align:top;padding:3px 14px 3px 0"


class PrepareFeedback(CourseStep):
    """Leaves of a graded notebook what its student may see; follows GetGrades."""

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Clean one notebook again, drop what is for instructors, and say first what was earned."""
        try:
            trusted = prose(self.course().lesson(resources["nbgrader"]["assignment"]))
        except CourseError:
            # An assignment since removed still has its feedback, its prose sanitised as well.
            trusted = frozenset()
        nb.cells = [cell for cell in nb.cells if cell.get("id") not in (FLAGS, _OVERVIEW)]
        clean = cleaned(nb, trusted)
        record = clean.metadata.pop("jaxercise", {}).get("grade")
        if record is not None:
            clean.cells.insert(0, overview(clean, Grade.from_json(record)))
        return clean, resources


def overview(notebook: NotebookNode, grade: Grade) -> NotebookNode:
    """A markdown cell: each exercise with its score and the checks that it did not pass.

    The score is the gradebook's, which a person may have changed.
    """
    cells = {cell.id: cell.metadata.get("nbgrader", {}) for cell in notebook.cells}
    rows = "".join(
        _row(outcome, cells[f"check_{outcome.exercise}"])
        for outcome in grade.exercises
        if f"check_{outcome.exercise}" in cells
    )
    cell = nbformat.v4.new_markdown_cell(
        inert(f"<p><b>Exercise by exercise</b></p><table><tbody>{rows}</tbody></table>")
    )
    cell.id = _OVERVIEW
    return cell


def _row(outcome: ExerciseOutcome, marks: NotebookNode) -> str:
    score = marks.get("score", outcome.score)
    return (
        f"<tr><td style='{_CELL}'><a href='#check_{outcome.exercise}'>{outcome.exercise}</a></td>"
        f"<td style='{_CELL};white-space:nowrap'>{score:g} / {outcome.max_score:g}"
        f"{' extra' if outcome.extra else ''}</td>"
        f"<td style='{_CELL}'>{_said(outcome)}</td></tr>"
    )


def _said(outcome: ExerciseOutcome) -> str:
    """The checks that were not passed, one a line; one word where all have the same verdict."""
    verdicts = {check.verdict for check in outcome.checks}
    if len(verdicts) == 1 and verdicts <= {Verdict.PASSED, Verdict.NOT_ATTEMPTED}:
        symbol, word, colour = LOOK[verdicts.pop()]
        return f"<span style='color:{colour}'>{symbol} {word}</span>"
    lines = []
    for check in outcome.checks:
        if check.verdict is not Verdict.PASSED:
            symbol, word, colour = LOOK[check.verdict]
            lines.append(
                f"<span style='color:{colour}'>{symbol} {word}</span>: "
                f"{html.escape(title_of(check))}"
            )
    return "<br>".join(lines)
