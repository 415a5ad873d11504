"""Runs nbgrader's own commands in a course's folder, and reads what they stored there."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Literal

import nbformat

from jaxercise.checks.outcome import Grade

_TAIL_LINES = 40


class NbgraderError(Exception):
    """An nbgrader command failed; the message ends with the last lines that it printed."""


def log_file(folder: Path) -> Path:
    """Where `run` writes all that nbgrader prints."""
    return folder / "nbgrader.log"


def run(
    folder: Path, command: str, assignment: str, heard: Callable[[str], None] = lambda line: None
) -> None:
    """Run one nbgrader command, and call `heard` with each line that it prints.

    Raises:
        NbgraderError: the command failed.
    """
    last: deque[str] = deque(maxlen=_TAIL_LINES)
    with (
        log_file(folder).open("a", encoding="utf-8") as log,
        subprocess.Popen(
            # Options on the command line override the instructor's own settings.
            command_line(
                command,
                [
                    assignment,
                    f"--CourseDirectory.root={folder}",
                    f"--db=sqlite:///{folder}/gradebook.db",
                ],
            ),
            cwd=folder,
            env=_without_settings(folder),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        ) as process,
    ):
        assert process.stdout is not None
        for line in process.stdout:
            log.write(line)
            last.append(line)
            heard(line)
    if process.returncode != 0:
        raise NbgraderError(
            f"nbgrader {command} {assignment} failed with status {process.returncode}. "
            f"The end of {log_file(folder)}:\n\n{''.join(last)}"
        )


def command_line(command: str, arguments: Sequence[str]) -> list[str]:
    """An nbgrader command, run by this Python."""
    return [sys.executable, "-m", "nbgrader", command, *arguments]


def environment() -> dict[str, str]:
    """This environment; nbgrader needs alembic on the PATH."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
    return {**os.environ, "PATH": path, "PYTHONUNBUFFERED": "1"}


def _without_settings(folder: Path) -> dict[str, str]:
    """The environment without the user's Jupyter settings."""
    return environment() | {"JUPYTER_CONFIG_DIR": str(folder / ".jupyter")}


def autograde(
    folder: Path, assignment: str, show: Callable[[Literal["begins", "done"]], None]
) -> None:
    """Autograde every submission; `show` hears when one begins and when it is done.

    Raises:
        NbgraderError: the command failed.
    """

    def heard(line: str) -> None:
        if "Setting destination file permissions" in line:  # Its last step for each.
            show("done")
        elif "Autograding" in line:
            show("begins")

    run(folder, "autograde", assignment, heard)


def stored_scores(folder: Path, assignment: str) -> list[tuple[str, float, float, bool]]:
    """For each student: id, score, maximum score, and whether a person must grade something."""
    # Takes seconds to import.
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{folder}/gradebook.db", "jax") as gradebook:
        submissions: list[Any] = gradebook.assignment_submissions(assignment)
        return sorted(
            (one.student.id, one.score, one.max_score, one.needs_manual_grade)
            for one in submissions
        )


def read_grade(folder: Path, student: str, assignment: str) -> Grade:
    """The judge's record, which JudgeSubmission stores in the autograded notebook."""
    path = folder / "autograded" / student / assignment / f"{assignment}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    return Grade.from_json(notebook.metadata["jaxercise"]["grade"])
