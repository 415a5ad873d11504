"""How much text a submission may hold, so that reading it takes seconds whatever it says.

A lesson has some 80 cells and 50,000 characters. What is left out says so in its place.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from jaxercise.checks.outcome import SubmissionError

# Characters of a cell of code and of one of prose, and of all; how many cells; characters of
# one text in a cell's metadata, and how many of those.
MAX_CODE = 32_768
MAX_PROSE = 65_536
MAX_TEXT = 1_000_000
MAX_CELLS = 1_000
MAX_MARK = 200
MAX_TAGS = 100
_NOTICE = re.compile(
    r"(?:# )?(This cell held [\d,]{1,20} characters, and at most [\d,]{1,20} are graded\. "
    r"It was left out\.)"
)


def bounded(source: str, code: bool) -> str:
    """The source of a cell, or a sentence where it is too long to be graded."""
    limit = MAX_CODE if code else MAX_PROSE
    if len(source) <= limit:
        return source
    notice = (
        f"This cell held {len(source):,} characters, and at most {limit:,} are graded. "
        "It was left out."
    )
    return f"# {notice}" if code else notice


def notice(source: str) -> str | None:
    """The sentence that `bounded` put in the place of a cell, where it did."""
    found = _NOTICE.fullmatch(source)
    return found[1] if found else None


def assert_few(cells: Collection[object], name: str) -> None:
    """Raise SubmissionError where there are too many cells; `name` begins the message."""
    if len(cells) > MAX_CELLS:
        raise SubmissionError(
            f"{name}: {len(cells):,} cells, and at most {MAX_CELLS:,} are graded; delete those "
            "that are not needed"
        )


def assert_short(sources: Collection[str], name: str) -> None:
    """Raise SubmissionError where the cells together hold too much; `name` begins the message."""
    characters = sum(map(len, sources))
    if characters > MAX_TEXT:
        raise SubmissionError(
            f"{name}: its cells hold {characters:,} characters, and at most {MAX_TEXT:,} are "
            "graded; delete what is not needed, such as data that a cell could make or read"
        )
