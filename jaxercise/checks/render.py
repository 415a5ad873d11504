"""Renders checks as a table, in HTML and as text, for notebook, formgrader and feedback."""

from __future__ import annotations

import base64
import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from jaxercise.checks.outcome import CheckOutcome, Verdict
from jaxercise.checks.timing import caption, picture

# How a verdict is shown: symbol, words, colour.
APPEARANCE = {
    Verdict.PASSED: ("✓", "passed", "#0b6e4f"),
    Verdict.FAILED: ("✗", "failed", "#b3261e"),
    Verdict.BLOCKED: ("·", "waits for correctness", "#6b6b6b"),
    Verdict.NOT_ATTEMPTED: ("○", "not attempted yet", "#6b6b6b"),
    Verdict.TIMED_OUT: ("✗", "took too long", "#b3261e"),
    Verdict.CRASHED: ("✗", "crashed", "#b3261e"),
    Verdict.INCONCLUSIVE: ("?", "left to a person", "#8a5a00"),
    Verdict.GRADER_ERROR: ("?", "left to a person", "#8a5a00"),
}
_CELL = "text-align:left;vertical-align:top;padding:3px 10px 3px 0;white-space:normal"
_WORD = f"{_CELL};white-space:nowrap"


@dataclass(frozen=True)
class Detail:
    """What is shown below the message of a check, as HTML and as text."""

    html: str
    text: str


@dataclass(frozen=True)
class Table:
    """A list of checks that IPython can display.

    `note` is a line below the table; `details` are by the id of their check; `appearance` has
    symbol, words and colour of each verdict.
    """

    heading: str
    checks: Sequence[CheckOutcome]
    note: str = ""
    with_points: bool = False
    details: Mapping[str, Detail] = field(default_factory=dict[str, Detail])
    appearance: Mapping[Verdict, tuple[str, str, str]] = field(default_factory=lambda: APPEARANCE)

    def _repr_html_(self) -> str:
        return self.to_html()

    def to_html(self) -> str:
        rows = "".join(self._row(check) for check in self.checks)
        note = f"<div style='margin-top:4px'>{html.escape(self.note)}</div>" if self.note else ""
        return (
            f"<div><b>{html.escape(self.heading)}</b>"
            f"<table style='border-collapse:collapse;margin-top:4px'>{rows}</table>{note}</div>"
        )

    def _row(self, check: CheckOutcome) -> str:
        symbol, word, colour = self.appearance[check.verdict]
        points = (
            f"<td style='{_WORD}'>{check.points:g}&thinsp;/&thinsp;{check.max_points:g}</td>"
            if self.with_points
            else ""
        )
        message = f"<br>{html.escape(check.message)}" if check.message else ""
        if check.check in self.details:
            message += f"<div style='margin-top:4px'>{self.details[check.check].html}</div>"
        return (
            f"<tr><td style='{_WORD};color:{colour}'><b>{symbol} {word}</b></td>"
            f"{points}<td style='{_WORD}'>{check.property}</td>"
            f"<td style='{_CELL}'>{html.escape(title_of(check))}{message}{_plot(check)}</td></tr>"
        )

    def __repr__(self) -> str:
        lines = [self.heading]
        for check in self.checks:
            symbol, word, _ = self.appearance[check.verdict]
            points = f" {check.points:g}/{check.max_points:g}" if self.with_points else ""
            lines.append(f"  {symbol} {word}{points} [{check.property}] {title_of(check)}")
            if check.message:
                lines.append(f"      {check.message}")
            if check.check in self.details:
                lines += [f"      {line}" for line in self.details[check.check].text.split("\n")]
        return "\n".join([*lines, self.note] if self.note else lines)


def _plot(check: CheckOutcome) -> str:
    if check.timing is None:
        return ""
    png = base64.b64encode(picture(check.timing)).decode()
    alt = html.escape(caption(check.timing), quote=True)
    return f'<br><img style="max-width:100%" src="data:image/png;base64,{png}" alt="{alt}">'


def title_of(check: CheckOutcome) -> str:
    return check.title or check.check.replace("_", " ")
