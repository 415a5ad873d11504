"""`jaxercise new course FOLDER`: the smallest course that builds, proves and grades."""

from __future__ import annotations

import shutil
from pathlib import Path

from jaxercise.checks.outcome import CourseError

_TEMPLATE = Path(__file__).parent / "template"
_CONFIG = "nbgrader_config.py"
# Without its dot, or git would apply it to the template.
_IGNORED = "gitignore"


def new_course(folder: Path) -> Path:
    """Write a course of one exercise into a new or empty folder; return its absolute path.

    Raises:
        CourseError: the folder is not empty, or cannot be written.
    """
    folder = folder.absolute()
    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise CourseError(f"{folder}: is not empty; name a folder that does not exist yet")
        shutil.copytree(
            _TEMPLATE, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__")
        )
        (folder / _IGNORED).rename(folder / f".{_IGNORED}")
        shutil.copyfile(_config(), folder / _CONFIG)
    except OSError as error:
        raise CourseError(f"{folder}: cannot be written: {error.strerror}") from error
    return folder


def _config() -> Path:
    """nbgrader's settings: in the template where the library is installed, else in the clone."""
    installed = _TEMPLATE / _CONFIG
    return installed if installed.is_file() else _TEMPLATE.parents[2] / _CONFIG
