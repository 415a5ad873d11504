"""Releases feedback to the students whose submissions came through nbgrader's exchange.

nbgrader names a feedback page after a secret that `nbgrader submit` put into the submission. A
submission without one, perhaps sent by mail, would stop the release for all students after it.
And a student's nbgrader looks for a page by the name of the notebook that was handed in.
"""

from __future__ import annotations

import glob
import re
import shutil
from pathlib import Path
from typing import Any

from nbgrader.exchange.default import ExchangeReleaseFeedback
from nbgrader.utils import notebook_hash

SECRET = "submission_secret.txt"


class ReleaseFeedback(ExchangeReleaseFeedback):
    """Releases feedback to all who handed in through the exchange, and names the others."""

    def copy_files(self) -> None:
        """Copy the feedback pages to the exchange."""
        coursedir: Any = self.coursedir
        folders = self._folders()
        if without := [student for student, folder in folders.items() if not _secret(folder)]:
            self.log.warning(
                "Not handed in through the exchange, so feedback cannot be released there: %s",
                ", ".join(without),
            )
            excluded = [coursedir.student_id_exclude, *without]
            coursedir.student_id_exclude = ",".join(filter(None, excluded))
        super().copy_files()
        for student in folders.keys() - set(coursedir.student_id_exclude.split(",")):
            self._release_by_submitted_name(student, folders[student])

    def _folders(self) -> dict[str, Path]:
        """The students whose feedback is to be released, and the folder of each."""
        coursedir: Any = self.coursedir
        pattern = self._path(coursedir.feedback_directory, "(?P<student>.*)", escape=True)
        named = [(re.fullmatch(pattern, path), path) for path in sorted(glob.glob(self.src_path))]
        return {match["student"]: Path(path) for match, path in named if match}

    def _release_by_submitted_name(self, student: str, folder: Path) -> None:
        """Release again under the submitted name, such as `ps2 (1).ipynb`, if it differs."""
        coursedir: Any = self.coursedir
        submitted = Path(self._path(coursedir.submitted_directory, student))
        page = folder / f"{coursedir.assignment_id}.html"
        notebooks = list(submitted.glob("*.ipynb"))
        if len(notebooks) != 1 or notebooks[0].stem == page.stem or not page.is_file():
            return
        name = notebook_hash(secret=_secret(folder), notebook_id=notebooks[0].stem)
        draft = Path(str(self.dest_path), f"{name}-tmp.html")
        shutil.copy(page, draft)
        draft.replace(draft.with_name(f"{name}.html"))

    def _path(self, step: str, student: str, escape: bool = False) -> str:
        coursedir: Any = self.coursedir
        return coursedir.format_path(step, student, coursedir.assignment_id, escape=escape)


def _secret(folder: Path) -> str:
    """The secret that only this submission's student knows; "" if there is none."""
    path = folder / SECRET
    return path.read_text(encoding="utf-8") if path.is_file() else ""
