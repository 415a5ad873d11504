"""The judge's verdict on one notebook, in the form in which it is sent and kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

import nbformat
from nbformat import NotebookNode

from jaxercise.checks.outcome import Grade, Verdict

# Other verdicts wait for a person, or depend on how busy the machine was.
_REPEATABLE = (Verdict.PASSED, Verdict.FAILED, Verdict.BLOCKED, Verdict.NOT_ATTEMPTED)


@dataclass(frozen=True)
class Judged:
    """The grade, and our copy of the notebook with what its cells showed and scored.

    `undisturbed` says that no process was ended or left out on the way, and that nothing went
    wrong in the grader.
    """

    grade: Grade
    notebook: NotebookNode
    undisturbed: bool = False

    @property
    def is_repeatable(self) -> bool:
        """Whether judging the same again must give the same verdict, so that it may be kept."""
        checks = [check for exercise in self.grade.exercises for check in exercise.checks]
        return self.undisturbed and all(check.verdict in _REPEATABLE for check in checks)

    def to_json(self) -> dict[str, Any]:
        """The inverse of `from_json`."""
        return {
            "grade": self.grade.to_json(),
            "notebook": self.notebook,
            "undisturbed": self.undisturbed,
        }

    @classmethod
    def from_json(cls, record: dict[str, Any]) -> Judged:
        """Read what `to_json` gave.

        Raises:
            KeyError, TypeError, ValueError: the record is not of this form.
        """
        notebook = cast(NotebookNode, nbformat.from_dict(record["notebook"]))
        return cls(Grade.from_json(record["grade"]), notebook, record["undisturbed"] is True)
