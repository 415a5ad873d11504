"""The judge's verdict on one notebook, in the form in which it is sent and kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

import nbformat
from nbformat import NotebookNode

from jaxercise.checks.outcome import ExerciseOutcome, Grade, Verdict

# Other verdicts wait for a person, or depend on how busy the machine was.
_REPEATABLE = (Verdict.PASSED, Verdict.FAILED, Verdict.BLOCKED, Verdict.NOT_ATTEMPTED)


@dataclass(frozen=True)
class Shown:
    """What the cells of a notebook showed, check cells left out.

    `outputs` has an entry a cell, `stops` says how some of them ended early, by position.
    """

    outputs: tuple[list[NotebookNode], ...]
    stops: Mapping[int, str]

    def to_json(self) -> dict[str, Any]:
        """The inverse of `from_json`."""
        return {"outputs": list(self.outputs), "stops": list(self.stops.items())}

    @classmethod
    def from_json(cls, record: dict[str, Any]) -> Shown:
        """Read what `to_json` gave."""
        outputs = [[nbformat.from_dict(one) for one in cell] for cell in record["outputs"]]
        stops = {int(position): str(text) for position, text in record["stops"]}
        return cls(cast(tuple[list[NotebookNode], ...], tuple(outputs)), stops)


@dataclass(frozen=True)
class Known:
    """What need not be found out again about a notebook: exercises' outcomes, what cells showed."""

    outcomes: Mapping[str, ExerciseOutcome] = field(default_factory=dict)
    shown: Shown | None = None

    def to_json(self) -> dict[str, Any]:
        """The inverse of `from_json`."""
        return {
            "outcomes": [outcome.to_json() for outcome in self.outcomes.values()],
            "shown": self.shown and self.shown.to_json(),
        }

    @classmethod
    def from_json(cls, record: dict[str, Any]) -> Known:
        """Read what `to_json` gave."""
        outcomes = [ExerciseOutcome.from_json(outcome) for outcome in record["outcomes"]]
        shown = record["shown"]
        by_name = {outcome.exercise: outcome for outcome in outcomes}
        return cls(by_name, None if shown is None else Shown.from_json(shown))


@dataclass(frozen=True)
class Judged:
    """The grade, and our copy of the notebook with what its cells showed and scored.

    `undisturbed` says that no process was ended or left out on the way, and that nothing went
    wrong in the grader. `by_itself` names the exercises whose outcome nothing but the cells
    before their check and their own hidden tests can have influenced; `shown` is None where the
    notebook's cells were not executed anew.
    """

    grade: Grade
    notebook: NotebookNode
    undisturbed: bool = False
    by_itself: tuple[str, ...] = ()
    shown: Shown | None = None

    @property
    def is_repeatable(self) -> bool:
        """Whether judging the same again must give the same verdict, so that it may be kept."""
        return self.undisturbed and all(map(_is_repeatable, self.grade.exercises))

    @property
    def repeatable(self) -> list[ExerciseOutcome]:
        """The outcomes that may be kept by themselves, whatever becomes of the others."""
        return [
            outcome
            for outcome in self.grade.exercises
            if self.undisturbed and outcome.exercise in self.by_itself and _is_repeatable(outcome)
        ]

    def to_json(self) -> dict[str, Any]:
        """The inverse of `from_json`."""
        return {
            "grade": self.grade.to_json(),
            "notebook": self.notebook,
            "undisturbed": self.undisturbed,
            "by_itself": list(self.by_itself),
            "shown": self.shown and self.shown.to_json(),
        }

    @classmethod
    def from_json(cls, record: dict[str, Any]) -> Judged:
        """Read what `to_json` gave.

        Raises:
            KeyError, TypeError, ValueError: the record is not of this form.
        """
        notebook = cast(NotebookNode, nbformat.from_dict(record["notebook"]))
        shown = record["shown"]
        return cls(
            Grade.from_json(record["grade"]),
            notebook,
            record["undisturbed"] is True,
            tuple(record["by_itself"]),
            None if shown is None else Shown.from_json(shown),
        )


def _is_repeatable(outcome: ExerciseOutcome) -> bool:
    return all(check.verdict in _REPEATABLE for check in outcome.checks)
