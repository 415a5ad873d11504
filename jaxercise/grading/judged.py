"""What the judge says of one notebook, as it travels between processes and is kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

import nbformat
from nbformat import NotebookNode

from jaxercise.checks.outcome import Grade, Verdict

# Others wait for a person, or hang on how busy the machine was.
_LASTING = (Verdict.PASSED, Verdict.FAILED, Verdict.BLOCKED, Verdict.NOT_ATTEMPTED)


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
    def lasts(self) -> bool:
        """Whether judging the same again must give the same, so that this may be kept."""
        checks = [check for exercise in self.grade.exercises for check in exercise.checks]
        return self.undisturbed and all(check.verdict in _LASTING for check in checks)

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
