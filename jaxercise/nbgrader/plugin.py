"""The steps that nbgrader_config.py puts into nbgrader's pipelines.

`nbgrader autograde` mends a submission (nbgrader/mend.py), judges it (`JudgeSubmission`, in
place of nbgrader's Execute) and stores the scores (`SaveGrades`). `nbgrader generate_feedback`
(nbgrader/feedback.py) and formgrader show the resulting notebook, so it is cleaned here.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbgrader.converters.base import NbGraderException
from nbgrader.preprocessors import SaveAutoGrades
from nbgrader.utils import is_grade, is_solution
from traitlets import Bool, Float, Integer, Unicode

from jaxercise.checks.outcome import (
    ConfinementError,
    CourseError,
    Grade,
    HostError,
    SubmissionError,
)
from jaxercise.course.lesson import Lesson
from jaxercise.grading.grader import Grader, Submission, shared_grader
from jaxercise.grading.kept import default_folder
from jaxercise.grading.progress import shown
from jaxercise.grading.worker import WorkerError
from jaxercise.grading.worker_server import WorkerOptions
from jaxercise.nbgrader.clean import cleaned, note
from jaxercise.nbgrader.enrolment import settings
from jaxercise.nbgrader.exchange import SECRET
from jaxercise.nbgrader.marks import with_marks_read
from jaxercise.nbgrader.mend import CourseStep, who
from jaxercise.sandbox.limits import Limits

_REPAIRS, FLAGS = "jaxercise-mended", "jaxercise-flags"
_MAX_BYTES_OF_THE_EXCHANGE = 1024


class JudgeSubmission(CourseStep):
    """Has the judge's process grade the notebook, and copies outputs and scores into it."""

    seed = Integer(0, help="Seed of the hidden inputs.").tag(config=True)
    confine = Bool(
        True,
        help="Run student code in a sandbox. False runs it WITH ALL YOUR RIGHTS: only for code "
        "you trust, on a host that cannot sandbox.",
    ).tag(config=True)
    cell_timeout_s = Float(
        Limits.cell_s, help="Wall-clock seconds that one cell of a student may take."
    ).tag(config=True)
    notebook_timeout_s = Float(
        Limits.notebook_s, help="Wall-clock seconds that one notebook may take."
    ).tag(config=True)
    reply_timeout_s = Float(
        WorkerOptions.reply_timeout_s, help="Seconds until the judge itself counts as hung."
    ).tag(config=True)
    keep_verdicts = Bool(
        True,
        help="Take the verdict of a notebook that was judged before where nothing that it "
        "depends on has changed, and keep new ones. `jaxercise verdicts` says where they are.",
    ).tag(config=True)
    jobs = Integer(
        0,
        help="How many notebooks of a batch are judged at once; 0: as many as there are CPUs. "
        "Checks of speed run alone all the same.",
    ).tag(config=True)

    scheduler = Unicode(
        "",
        help="Address of a dask scheduler, such as tcp://10.0.0.1:8786, whose workers judge "
        "(docs/many_hosts.md). Whoever can reach it can run code there: use a private network or "
        "tls://.",
    ).tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Grade one notebook that MendSubmission has mended.

        If the judge itself fails, every exercise is left for manual grading.

        Raises:
            NbGraderException: student code cannot be confined here, or the course is wrong;
                the submission then gets no grade at all.
        """
        lesson, name = self.lesson(resources["nbgrader"]["assignment"]), who(resources)
        if not self.confine:
            self.log.warning("%s: student code runs unconfined, with all your rights", name)
        beside = self._remove_other_files(resources, lesson.assignment)
        try:
            with shown(lambda level, text: self.log.log(level, "%s: %s", name, text)):
                submitted = with_marks_read(nb)
                grade, judged = self._grader().grade(submitted, lesson.assignment, name)
        except (ConfinementError, CourseError, HostError, SubmissionError) as error:
            raise NbGraderException(f"{name}: {error}") from error
        except WorkerError as error:
            self.log.error("%s is left for manual grading: %s", name, error)
            _leave_to_a_person(nb, "The grader failed, which is no fault of this notebook.")
            return self._finished(nb, lesson, [str(error), *beside]), resources
        _take_over(nb, judged, grade)
        flags = [*grade.flags, *beside]
        for sentence in flags:
            self.log.warning("%s: %s", name, sentence)
        return self._finished(nb, lesson, flags), resources

    def judge_ahead(self, submissions: Iterable[Submission]) -> None:
        """Begin to judge what a batch will ask for, on several judges."""
        if self.jobs != 1 or self.scheduler:
            try:
                grader = self._grader()
            except HostError as error:
                raise NbGraderException(str(error)) from error
            count = grader.judge_ahead(submissions, self.jobs or None)
            if count:
                self.log.info("%d notebooks are being judged, several at once", count)

    def options(self, seed: int | None = None) -> WorkerOptions:
        """What a judge is made with; a `seed` given here takes the place of the setting."""
        return WorkerOptions(
            confine=self.confine,
            seed=self.seed if seed is None else seed,
            cell_s=self.cell_timeout_s,
            notebook_s=self.notebook_timeout_s,
            reply_timeout_s=self.reply_timeout_s,
            # Unconfined code would see these, and must behave as under `jaxercise grade`.
            hidden_variables=("NBGRADER",),
        )

    def _grader(self) -> Grader:
        folder = default_folder() if self.keep_verdicts else None
        return shared_grader(self.course().root, self.options(), folder, self.scheduler)

    def _finished(self, nb: NotebookNode, lesson: Lesson, flags: list[str]) -> NotebookNode:
        repairs = nb.metadata.get("jaxercise", {}).get("repairs", [])
        nb = cleaned(nb, prose(lesson))
        if flags:
            nb.cells.insert(0, note("For the instructor", flags, FLAGS))
        if repairs:
            nb.cells.insert(0, note("Mended before grading", repairs, _REPAIRS))
        return nb

    def _remove_other_files(self, resources: Any, assignment: str) -> list[str]:
        """Remove files that a student handed in beside the notebook; formgrader would serve them.

        An HTML page among them would run with the instructor's cookies when opened. Returns a
        sentence that names the files, or nothing if there were none.
        """
        coursedir = self.coursedir()
        if coursedir is None:
            return []
        submitted, autograded, source = (
            Path(coursedir.format_path(step, student, assignment))
            for step, student in (
                (coursedir.submitted_directory, resources["nbgrader"]["student"]),
                (coursedir.autograded_directory, resources["nbgrader"]["student"]),
                (coursedir.source_directory, "."),
            )
        )
        for path in _other_files(autograded, source):
            path.unlink()
        beside = [str(path.relative_to(submitted)) for path in _other_files(submitted, source)]
        notebooks = sorted(path.name for path in submitted.glob("*.ipynb") if path.is_file())
        if len(notebooks) > 1:
            beside += [name for name in notebooks if name != f"{assignment}.ipynb"]
        return [f"Handed in beside the notebook, and not kept: {', '.join(beside)}."] * bool(beside)


def _other_files(folder: Path, source: Path) -> list[Path]:
    """Files and links that are not a notebook and belong to neither nbgrader nor the course."""
    return [
        path
        for path in sorted(folder.rglob("*"))
        if (not path.is_dir() or path.is_symlink())
        and not (path.parent == folder and _is_of_the_exchange(path))
        and (path.suffix != ".ipynb" or path.is_symlink())
        and not (source / path.relative_to(folder)).is_file()
    ]


def _is_of_the_exchange(path: Path) -> bool:
    """Whether nbgrader put the file into the submission; it needs it to release feedback."""
    return (
        path.name in ("timestamp.txt", SECRET)
        and path.is_file()
        and not path.is_symlink()
        and path.stat().st_size <= _MAX_BYTES_OF_THE_EXCHANGE
    )


class SaveGrades(SaveAutoGrades):
    """Stores the scores; what the judge could not decide is left to a person."""

    def _add_score(self, cell: NotebookNode, resources: Any) -> None:
        """Store one score.

        nbgrader gives full marks to a graded cell without output, so a cell that the judge did
        not mark as decided is left to a person. Written answers are left to nbgrader: no points
        if unchanged, else a person grades them.
        """
        if is_solution(cell):
            super()._add_score(cell, resources)
            return
        verdict = cell.metadata.get("jaxercise", {})
        grade = self.gradebook.find_grade(
            cell.metadata["nbgrader"]["grade_id"],
            self.notebook_id,
            self.assignment_id,
            self.student_id,
        )
        if verdict.get("needs_a_person", True):
            # nbgrader's annotations are those of the columns, not of their values.
            grade.auto_score = None  # pyright: ignore[reportAttributeAccessIssue]
            grade.needs_manual_grade = True  # pyright: ignore[reportAttributeAccessIssue]
            self.gradebook.db.commit()
        else:
            if "extra_credit" in verdict:
                grade.extra_credit = verdict["extra_credit"]
            super()._add_score(cell, resources)


def settings_of_the_judge(course_root: Path) -> JudgeSubmission:
    """The judge as nbgrader commands that run in the course's root have it."""
    return JudgeSubmission(config=settings(course_root))


def prose(lesson: Lesson) -> frozenset[str]:
    """Sources of the lesson's own markdown cells, which are shown unchanged."""
    return frozenset(cell.source for cell in lesson.cells if cell.kind in ("prose", "written"))


def _take_over(nb: NotebookNode, judged: NotebookNode, grade: Grade) -> None:
    """Copy outputs and verdicts into nbgrader's notebook, whose marks come from the gradebook."""
    by_id = {cell.id: cell for cell in judged.cells}
    outcomes = {f"check_{one.exercise}": one for one in grade.exercises}
    for cell in nb.cells:
        if cell.cell_type != "code" or cell.id not in by_id:
            continue
        cell.outputs = by_id[cell.id].outputs
        cell.execution_count = by_id[cell.id].execution_count
        if is_grade(cell):
            outcome = outcomes[cell.id]
            cell.metadata["jaxercise"] = {"needs_a_person": outcome.needs_a_person}
            if outcome.extra:
                cell.metadata["jaxercise"]["extra_credit"] = outcome.score
    record = nb.metadata.setdefault("jaxercise", {})
    record["grade"] = nbformat.from_dict(grade.to_json())


def _leave_to_a_person(nb: NotebookNode, reason: str) -> None:
    for cell in nb.cells:
        if cell.cell_type == "code":
            cell.outputs = []
        if is_grade(cell) and not is_solution(cell):
            data = {"text/plain": reason}
            cell.outputs = [nbformat.v4.new_output("execute_result", data)]
            cell.metadata["jaxercise"] = {"needs_a_person": True}
