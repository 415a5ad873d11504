"""Reads submissions for `nbgrader autograde`, and has unfinished ones graded again.

By itself nbgrader reads whatever is at `submitted/STUDENT/NAME/NAME.ipynb`, even through links
and from pipes, and fails on a byte order mark. It also skips a submission whose folder in
`autograded/` exists, even if the run that made it was killed halfway. The exporter is the only
part of it that a setting can replace (`c.Autograde.exporter_class`) and that exists before the
first submission is read.
"""

from __future__ import annotations

import atexit
import fcntl
import glob
import json
import os
import re
import shutil
from pathlib import Path
from typing import Any

from nbconvert.exporters import NotebookExporter
from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.converters import Autograde
from nbgrader.converters.base import NbGraderException
from rich.console import Console

from jaxercise.checks.outcome import Grade, SubmissionError, Verdict
from jaxercise.course.submission import read_notebook
from jaxercise.grading.grader import Submission
from jaxercise.grading.progress import BatchProgress
from jaxercise.nbgrader.batch import (
    MendedAhead,
    assert_own,
    is_ordinary,
    mended_ahead,
    to_be_graded,
)
from jaxercise.nbgrader.gradebook import bring_up_to_date
from jaxercise.nbgrader.marks import with_marks_read
from jaxercise.nbgrader.mend import MENDED, MendSubmission
from jaxercise.nbgrader.plugin import JudgeSubmission


class SubmissionReader(NotebookExporter):
    """Reads submissions as `jaxercise grade` does, and removes what was left unfinished."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self._claimed: int | None = None
        # The expected path of a notebook -> what was handed in instead.
        self._instead: dict[str, list[str]] = {}
        self._coursedir: Any = getattr(self.parent, "coursedir", None)
        self._ahead: dict[Path, MendedAhead] | None = None
        self._progress: BatchProgress | None = None
        if isinstance(self.parent, Autograde):
            self._afterwards = self.parent.post_convert_hook
            self.parent.post_convert_hook = self._finish
            self._assert_can_grade()
            self._take_other_names()
            self._leave_out_odd_files()
            if not self.parent.force:
                for folder in self._folders("autograded"):
                    self._forget_if_unfinished(folder)

    def from_filename(
        self, filename: str, resources: Any = None, **kw: Any
    ) -> tuple[NotebookNode, Any]:
        """Convert one notebook: first the submission, in the second half our mended copy.

        Raises:
            NbGraderException: the file cannot be read, or is a link to another one.
        """
        path = Path(filename)
        step, coursedir = resources["nbgrader"], self._coursedir
        student, assignment = step["student"], step["assignment"]
        directory = coursedir.submitted_directory
        if path.parent != Path(coursedir.format_path(directory, student, assignment)):
            return super().from_filename(filename, resources, **kw)
        self._claim(
            Path(coursedir.format_path(coursedir.autograded_directory, student, assignment))
        )
        if self._ahead is None:
            self._ahead = self._judge_ahead(path, assignment)
        if self._progress is not None:
            self._progress.begin(_named(path))
        notebook = self._read(path, student)
        resources["metadata"] = {"name": path.stem, "path": str(path.parent)}
        ahead = self._ahead.pop(path, None)
        if ahead is not None and ahead.notebook == notebook:
            resources[MENDED] = ahead.mended
        return self.from_notebook_node(notebook, resources)

    def _judge_ahead(self, first: Path, assignment: str) -> dict[Path, MendedAhead]:
        """Begin to judge the notebooks of this batch; what was read and mended for that."""
        paths = list(to_be_graded(first, self.parent))
        batch = mended_ahead(paths, self.parent, MendSubmission(parent=self).lesson(assignment))
        JudgeSubmission(parent=self).judge_ahead(
            Submission(ahead.mended.to_notebook(), assignment, _named(path))
            for path, ahead in batch.items()
        )
        if len(paths) > 1:
            console = Console(stderr=True, highlight=False)
            self._progress = BatchProgress(len(paths), console, self.log.info, self.log)
            # nbgrader calls nothing after a batch whose last notebook could not be graded.
            atexit.register(self._progress.close)
        return batch

    def _assert_can_grade(self) -> None:
        """Report a wrong lesson or gradebook before `--force` deletes earlier results."""
        coursedir = self._coursedir
        try:
            lesson = MendSubmission(parent=self).lesson(coursedir.assignment_id)
            bring_up_to_date(lesson, coursedir.db_url, coursedir.course_id)
        except NbGraderException as error:
            self.log.error("%s", error)
            raise

    def _take_other_names(self) -> None:
        """Have nbgrader grade notebooks that are not named after the assignment too."""
        converter: Any = self.parent
        name = f"{self._coursedir.assignment_id}.ipynb"
        for folder, found in converter.assignments.items():
            wanted = str(Path(folder, name))
            if wanted not in found and self._coursedir.notebook_id == "*":
                self._instead[wanted] = sorted(found)
                converter.assignments[folder] = [wanted]

    def _read(self, path: Path, student: str) -> NotebookNode:
        """The submission that nbgrader calls `path`."""
        names = self._instead.get(str(path), [str(path)])
        if str(path) in self._instead:
            self._take_back_zeros(path.stem, student)
        if len(names) > 1:
            listed = ", ".join(Path(name).name for name in names)
            raise NbGraderException(
                f"{path.parent}: several notebooks, and none is called {path.name}: {listed}; "
                f"rename the one to be graded"
            )
        found = Path(names[0])
        assert_own(found, Path(self._coursedir.root, self._coursedir.submitted_directory))
        try:
            notebook = with_marks_read(read_notebook(found))
        except SubmissionError as error:
            raise NbGraderException(str(error)) from error
        if found != path:
            notebook.metadata["jaxercise"]["found"].append(
                f"The notebook was handed in as {found.name!r}; it counts as {path.name}."
            )
        return notebook

    def _take_back_zeros(self, assignment: str, student: str) -> None:
        """Undo the zeros that nbgrader stores if no notebook has the expected name."""
        with Gradebook(self._coursedir.db_url, self._coursedir.course_id) as gradebook:
            found: Any = gradebook.find_submission_notebook(assignment, assignment, student)
            for grade in found.grades:
                grade.auto_score, grade.needs_manual_grade = None, True
            gradebook.db.commit()

    def _folders(self, step: str) -> list[Path]:
        """The folders of `submitted` or `autograded` that this command is about."""
        coursedir = self._coursedir
        directory = getattr(coursedir, f"{step}_directory")
        pattern = coursedir.format_path(directory, coursedir.student_id, coursedir.assignment_id)
        return [Path(path) for path in glob.glob(pattern)]

    def _forget_if_unfinished(self, folder: Path) -> None:
        coursedir = self._coursedir
        pattern = coursedir.format_path(
            coursedir.autograded_directory, "(?P<student>.*)", "(?P<assignment>.*)", escape=True
        )
        named = re.fullmatch(pattern, str(folder))
        if named is None:
            return
        submitted = coursedir.format_path(coursedir.submitted_directory, *named.groups())
        handed_in = any(Path(submitted).glob("*.ipynb"))
        names = [f"{coursedir.assignment_id}.ipynb"] if handed_in else []
        descriptor = _locked(folder, wait=False)
        if descriptor is None:
            return  # another autograde is working on it
        if not all(_is_finished(folder / name) for name in names):
            self.log.warning("Grading of %s was not finished; it will be graded again", folder)
            shutil.rmtree(folder)
        os.close(descriptor)

    def _claim(self, folder: Path) -> None:
        """Lock the folder that this submission is graded into, until its files are written."""
        self._release()
        folder.mkdir(parents=True, exist_ok=True)
        self._claimed = _locked(folder, wait=False)
        if self._claimed is None:
            self.log.warning("%s: another autograde is working on it; waiting", folder)
            self._claimed = _locked(folder, wait=True)
            folder.mkdir(parents=True, exist_ok=True)

    def _finish(self, **what: Any) -> None:
        """nbgrader's hook after each submission; also runs the hook that was configured."""
        self._release()
        if self._progress is not None and self._progress.at_last:
            self._progress.close()
        if self._afterwards:
            self._afterwards(**what)

    def _release(self) -> None:
        if self._claimed is not None:
            os.close(self._claimed)
        self._claimed = None

    def _leave_out_odd_files(self) -> None:
        """Keep nbgrader from copying links, pipes and devices that are beside a submission."""
        names = {
            path.name
            for folder in self._folders("submitted")
            for path in folder.rglob("*")
            if path.suffix != ".ipynb" and not path.is_dir() and not is_ordinary(path)
        }
        if names:
            self.log.warning("Links, pipes and devices are not copied: %s", ", ".join(names))
            ignored = [glob.escape(name) for name in sorted(names)]
            self._coursedir.ignore = [*self._coursedir.ignore, *ignored]


def _named(path: Path) -> str:
    """A submission in messages, as `nbgrader.mend.who` names it."""
    return "/".join(path.parts[-3:])


def _is_finished(path: Path) -> bool:
    """Whether an autograded notebook is complete and no check met an error of the grader."""
    try:
        record = json.loads(path.read_text(encoding="utf-8"))["metadata"]["jaxercise"]["grade"]
        grade = Grade.from_json(record)
    except (OSError, ValueError, KeyError, TypeError):
        return False
    checks = [check for exercise in grade.exercises for check in exercise.checks]
    return all(check.verdict is not Verdict.GRADER_ERROR for check in checks)


def _locked(folder: Path, wait: bool) -> int | None:
    """A file descriptor that holds the lock on a folder; None if another process holds it.

    The system releases the lock when its process ends, however it ends.
    """
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except BlockingIOError:
        os.close(descriptor)
        return None
    except OSError:  # a file system without locks: go on as if no other process used it
        pass
    return descriptor
