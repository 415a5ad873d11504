"""A course's settings for its notebooks: the file `course.toml` in the course's root, if any."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, fields
from pathlib import Path

from jaxercise.checks.outcome import CourseError

FILE = "course.toml"
_TABLE = "notebooks"
_FOLDER_ON_GITHUB = re.compile(
    r"https://github\.com/(?P<repository>[\w.-]+/[\w.-]+)/(?:tree|blob)/(?P<folder>[^\s?#]+)"
)


@dataclass(frozen=True)
class CourseSettings:
    """What `build` puts into the notebooks; an empty text puts nothing.

    `install` is what pip installs where jaxercise is missing. `published` is the address of the
    folder on GitHub that holds what is in `release/`.
    """

    install: str = ""
    published: str = ""

    def colab_address(self, assignment: str) -> str:
        """The address that opens a set's notebook in Colab; empty if it is not published."""
        found = _FOLDER_ON_GITHUB.fullmatch(self.published)
        if found is None:
            return ""
        place = f"{found['repository']}/blob/{found['folder'].strip('/')}"
        return f"https://colab.research.google.com/github/{place}/{assignment}/{assignment}.ipynb"


def read_settings(root: Path) -> CourseSettings:
    """The settings of the course in the folder `root`.

    Raises:
        CourseError: the file is not TOML, or a setting is unknown or not as described.
    """
    path = root / FILE
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return CourseSettings()
    except (OSError, ValueError) as error:
        raise CourseError(f"{path}: cannot be read: {error}") from error
    given = table.pop(_TABLE, {})
    known = [field.name for field in fields(CourseSettings)]
    if table or not isinstance(given, dict) or not set(given) <= set(known):
        raise CourseError(f"{path}: expected a table [{_TABLE}] with {' and '.join(known)} alone")
    for name, value in given.items():
        if not isinstance(value, str) or not value.isprintable():
            raise CourseError(f"{path}: {name} must be a text of one line; got {value!r}")
    settings = CourseSettings(**{name: value.strip() for name, value in given.items()})
    if settings.published and not _FOLDER_ON_GITHUB.fullmatch(settings.published):
        raise CourseError(
            f"{path}: published must be the address of a folder on GitHub, such as "
            f"https://github.com/OWNER/REPOSITORY/tree/main/release; got {settings.published!r}"
        )
    return settings
