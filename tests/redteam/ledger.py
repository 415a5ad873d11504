"""What was expected of each case of the suite and what was seen, and the table of both."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from jaxercise.checks.outcome import ExerciseOutcome

PAGE = Path(__file__).parent.parent.parent / "docs" / "security.md"
BEGIN, END = "<!-- made by the suite: begin -->", "<!-- made by the suite: end -->"
GROUPS = {
    "attack": "Attacks",
    "hidden": "Right answers with hidden state",
    "limit": "Limits",
    "damage": "Damaged notebooks",
    "fault": "Faults of our own",
    "beyond": "Not promised",
}


@dataclass(frozen=True)
class Row:
    """One case: what somebody does, and what should come of it."""

    group: str
    name: str
    expected: str


@dataclass
class Ledger:
    """The cases that ran and what was seen; the same row twice must see the same."""

    seen: dict[Row, str] = field(default_factory=dict)

    def check(self, row: Row, seen: str) -> None:
        self.seen[row] = seen
        assert seen == row.expected, f"{row.group} '{row.name}': {seen}; expected {row.expected}"


def points(outcome: ExerciseOutcome, flagged: bool = False) -> str:
    """An outcome in the table's words: points, how it ended where not by a verdict, a flag."""
    ended = sorted(
        {
            check.verdict.value.replace("_", " ")
            for check in outcome.checks
            if check.verdict.value not in ("passed", "failed", "blocked")
        }
    )
    text = f"{outcome.score:g} of {outcome.max_score:g}"
    return ", ".join([text, *ended, *(["flagged"] * flagged)])


def table(rows: Iterable[tuple[Row, str]]) -> str:
    """Markdown tables, one a group, with counts."""
    found = list(rows)
    parts = []
    for group, title in GROUPS.items():
        lines = [
            f"| {_cell(row.name)} | {_cell(row.expected)} | {_cell(seen)} |"
            for row, seen in found
            if row.group == group
        ]
        if lines:
            parts.append(f"### {title} ({len(lines)})\n\n| case | expected | seen |\n|---|---|---|")
            parts.append("\n".join(lines) + "\n")
    return "\n".join(parts).replace("|---|---|---|\n\n", "|---|---|---|\n")


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;")


def committed() -> dict[Row, str]:
    """The rows of the committed tables, and what was seen."""
    text = PAGE.read_text(encoding="utf-8").split(BEGIN)[1].split(END)[0]
    rows: dict[Row, str] = {}
    for group, title in GROUPS.items():
        section = text.partition(f"### {title} (")[2].partition("###")[0]
        for line in section.splitlines():
            if line.startswith("| ") and not line.startswith("| case |"):
                parts = re.split(r"(?<!\\) \| ", line.removeprefix("| ").removesuffix(" |"))
                case, expected, seen = (_text(part) for part in parts)
                rows[Row(group, case, expected)] = seen
    return rows


def _text(part: str) -> str:
    return part.replace("\\|", "|").replace("&lt;", "<")


def write(ledger: Ledger, keep_others: bool) -> None:
    """Put the tables of a run into docs/security.md; rows of cases that did not run may stay."""
    rows = {**(committed() if keep_others else {}), **ledger.seen}
    head, rest = PAGE.read_text(encoding="utf-8").split(BEGIN)
    tail = rest.split(END)[1]
    PAGE.write_text(f"{head}{BEGIN}\n\n{table(rows.items())}\n{END}{tail}", encoding="utf-8")
