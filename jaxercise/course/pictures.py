"""Pictures of a lesson, which become attachments of the prose that shows them."""

from __future__ import annotations

import base64
import dataclasses
import re
from pathlib import Path
from typing import Any

from jaxercise.checks.outcome import CourseError
from jaxercise.course.myst import RawCell

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_MAX_BYTES = 1_000_000
_PICTURE = re.compile(r"(!\[[^\]]*\]\()\s*<?([^)\s>]+)")
_TAG = re.compile(r"<img\b[^>]*\bsrc\s*=\s*[\"']?([^\"'\s>]+)", re.IGNORECASE)
_ELSEWHERE = re.compile(r"[a-z]+:", re.IGNORECASE)

# Names and contents in base64, as a notebook holds them.
Pictures = tuple[tuple[str, str], ...]


def with_pictures(cell: RawCell, lesson: Path) -> tuple[RawCell, Pictures]:
    """A cell of prose whose pictures are attached to it, and those pictures.

    `![a curve](curve.png)` names a file beside the lesson, or in a folder there.

    Raises:
        CourseError: there is no such file, it is not a PNG, or it is too large; the message names
            the line.
    """
    found: dict[str, str] = {}

    def attached(match: re.Match[str]) -> str:
        if _ELSEWHERE.match(match[2]):
            return match[0]
        where = _where(cell, match.start(), lesson)
        name = match[2].replace("/", "-")
        found[name] = _encoded(lesson.parent / match[2], where)
        return f"{match[1]}attachment:{name}"

    for tag in _TAG.finditer(cell.source):
        if not _ELSEWHERE.match(tag[1]):
            raise CourseError(
                f"{_where(cell, tag.start(), lesson)}: the notebook will not find '{tag[1]}'; "
                f"write ![what it shows]({tag[1]}), which puts the picture into it"
            )
    source = _PICTURE.sub(attached, cell.source)
    return dataclasses.replace(cell, source=source), tuple(found.items())


def png_in_base64(data: Any, max_bytes: int | None = None) -> str | None:
    """A PNG picture in base64, encoded anew so that it is safe in an attribute of a page.

    None for anything that is not a picture in base64 or has over `max_bytes` bytes.
    """
    try:
        content = base64.b64decode(data)
    except (TypeError, ValueError):
        return None
    if not content.startswith(_SIGNATURE) or len(content) > (max_bytes or len(content)):
        return None
    return base64.b64encode(content).decode()


def _where(cell: RawCell, position: int, lesson: Path) -> str:
    return f"{lesson}:{cell.source_line + cell.source.count(chr(10), 0, position)}"


def _encoded(file: Path, where: str) -> str:
    try:
        content = file.read_bytes()
    except OSError as error:
        raise CourseError(
            f"{where}: no picture {file} ({error.strerror}); put it beside the lesson"
        ) from error
    if not content.startswith(_SIGNATURE) or len(content) > _MAX_BYTES:
        raise CourseError(
            f"{where}: {file} must be a PNG picture of at most {_MAX_BYTES:,} bytes; convert it"
        )
    return base64.b64encode(content).decode()
