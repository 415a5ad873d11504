"""Due dates, extensions and penalties for being late, kept in the gradebook as nbgrader does.

nbgrader decides a penalty once, in `autograde`. Here it is decided anew whenever a grade leaves
the gradebook (`autograde`, `generate_feedback`, `export`), so it follows a due date that moves, a
new extension, and points that a person gave.
"""

from __future__ import annotations

import datetime
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.converters.base import NbGraderException
from nbgrader.plugins import BasePlugin, LateSubmissionPlugin
from nbgrader.preprocessors import AssignLatePenalties
from traitlets import Float, Type, Unicode

from jaxercise.checks.outcome import CourseError
from jaxercise.nbgrader.extensions import Extensions, read_extensions
from jaxercise.nbgrader.mend import CourseStep
from jaxercise.nbgrader.times import time_zone

_DAY_S = 24 * 60 * 60


class LatePolicy(LateSubmissionPlugin):
    """A share of the earned points for each day begun; by default nothing.

    Days are counted from the end of the grace period. nbgrader's `penalty_method = "zero"` still
    takes everything.
    """

    percent_per_day = Float(0.0, help="Percent of the earned points, for each day begun.").tag(
        config=True
    )
    grace_minutes = Float(0.0, help="Minutes after the due date that cost nothing.").tag(
        config=True
    )
    max_percent = Float(100.0, help="The most that being late can cost.").tag(config=True)

    def late_submission_penalty(
        self, student_id: str, score: float, total_seconds_late: float
    ) -> float | None:
        """The points to take off, or None for no penalty."""
        if self.penalty_method != "none":
            return super().late_submission_penalty(student_id, score, total_seconds_late)
        after_grace_s = total_seconds_late - 60 * self.grace_minutes
        if after_grace_s <= 0 or self.percent_per_day <= 0:
            return None
        percent = self.percent_per_day * math.ceil(after_grace_s / _DAY_S)
        return score * min(percent, self.max_percent) / 100

    @property
    def rule(self) -> str:
        """The policy in a sentence for students; "" if being late costs nothing."""
        if self.penalty_method != "none":
            return "What is late earns nothing."
        if self.percent_per_day <= 0:
            return ""
        grace = f" after {self.grace_minutes:g} minutes of grace" if self.grace_minutes else ""
        most = f", at most {self.max_percent:g}%" if self.max_percent < 100 else ""
        return f"Each day begun{grace} costs {self.percent_per_day:g}% of the points{most}."


@dataclass(frozen=True)
class HandIn:
    """When a submission was due and came; times are UTC without a zone, None where unknown.

    `due` has the extension in it. `penalty` is in points, `rule` a sentence on how it is made.
    """

    due: datetime.datetime | None
    extension: datetime.timedelta | None
    handed_in: datetime.datetime | None
    late_s: float
    penalty: float
    rule: str


class AssignPenalties(CourseStep, AssignLatePenalties):
    """Brings extension and penalty of a submission up to date, in place of nbgrader's step."""

    plugin_class = Type(
        LatePolicy, klass=BasePlugin, help="Decides the penalty of a late submission."
    ).tag(config=True)
    extensions = Unicode(
        "extensions.csv",
        help="CSV file that says who has more time, seen from the course's root.",
    ).tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Do so for one submission; leaves a HandIn in `resources["hand_in"]`.

        Raises:
            NbGraderException: the file of extensions has a mistake.
        """
        step = resources["nbgrader"]
        try:
            extensions = self.read_extensions()
        except CourseError as error:
            raise NbGraderException(str(error)) from error
        self.init_plugin()
        with Gradebook(step["db_url"]) as gradebook:
            found = gradebook.find_submission(step["assignment"], step["student"])
            resources["hand_in"] = self._bring_up_to_date(found, extensions)
            gradebook.db.commit()
        return nb, resources

    def bring_all_up_to_date(self, gradebook: Gradebook) -> None:
        """Do so for every submission in the gradebook.

        Raises:
            CourseError: the file of extensions has a mistake.
        """
        extensions = self.read_extensions()
        self.init_plugin()
        everything: Any = gradebook.assignments
        for assignment in everything:
            for submission in assignment.submissions:
                self._bring_up_to_date(submission, extensions)
        gradebook.db.commit()
        unknown = {name for _, name in extensions or ()} - {str(one.name) for one in everything}
        if unknown:
            self.log.warning(
                "%s: no such assignment in the gradebook: %s",
                self.extensions,
                ", ".join(sorted(unknown)),
            )

    def read_extensions(self) -> Extensions | None:
        """The extensions of the course's file, which then count alone; None without one.

        Raises:
            CourseError: the file has a mistake.
        """
        coursedir = self.coursedir()
        root = Path(coursedir.root if coursedir is not None else ".")
        return read_extensions(root / self.extensions, time_zone(self.config))

    def last_due(self, assignment: str, db_url: str) -> datetime.datetime | None:
        """When the last student is due, in UTC without a zone; None without a due date.

        Raises:
            CourseError: the file of extensions has a mistake.
        """
        extensions = self.read_extensions()
        with Gradebook(db_url) as gradebook:
            found = gradebook.find_assignment(assignment)
            due: Any = found.duedate
            if due is None:
                return None
            if extensions is None:
                spans = [submission.extension for submission in found.submissions]
            else:
                spans = [
                    one.beyond(due) for (_, name), one in extensions.items() if name == assignment
                ]
        return due + max([span for span in spans if span], default=datetime.timedelta())

    def _bring_up_to_date(self, submission: Any, extensions: Extensions | None) -> HandIn:
        due, student = submission.assignment.duedate, str(submission.student_id)
        if extensions is not None:
            given = extensions.get((student, str(submission.name)))
            submission.extension = given.beyond(due) if given and due else None
        late_s = 0.0 if due is None else submission.total_seconds_late
        penalties = [self._penalty(student, one, late_s) for one in submission.notebooks]
        for notebook, penalty in zip(submission.notebooks, penalties, strict=True):
            notebook.late_submission_penalty = penalty
        return HandIn(
            None if due is None else submission.duedate,
            submission.extension,
            submission.timestamp,
            late_s,
            sum(penalty or 0 for penalty in penalties),
            getattr(self.plugin_inst, "rule", ""),
        )

    def _penalty(self, student: str, notebook: Any, late_s: float) -> float | None:
        if late_s <= 0:
            return None
        plugin: Any = self.plugin_inst
        penalty = plugin.late_submission_penalty(student, notebook.score, late_s)
        return None if penalty is None else self._check_late_penalty(notebook, penalty)
