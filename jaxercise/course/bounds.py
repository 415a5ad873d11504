"""Limits on the text of a submission, so that reading it takes seconds whatever it says.

A lesson has about 80 cells and 50,000 characters. A sentence takes the place of a cell that is
left out.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from jaxercise.checks.outcome import SubmissionError

# In characters: a code cell, a prose cell, all cells together, and one text in a cell's metadata.
# MAX_CELLS and MAX_TAGS are counts.
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
    """The source of a cell, or a sentence in its place if it is too long to be graded."""
    limit = MAX_CODE if code else MAX_PROSE
    if len(source) <= limit:
        return source
    notice = (
        f"This cell held {len(source):,} characters, and at most {limit:,} are graded. "
        "It was left out."
    )
    return f"# {notice}" if code else notice


def notice(source: str) -> str | None:
    """The sentence that `bounded` put in place of this cell's source; None if it did not."""
    found = _NOTICE.fullmatch(source)
    return found[1] if found else None


def assert_few(cells: Collection[object], name: str) -> None:
    """Raise SubmissionError if there are too many cells; the message begins with `name`."""
    if len(cells) > MAX_CELLS:
        raise SubmissionError(
            f"{name}: {len(cells):,} cells, and at most {MAX_CELLS:,} are graded; delete those "
            "that are not needed"
        )


def assert_short(sources: Collection[str], name: str) -> None:
    """Raise SubmissionError if the cells together are too long; the message begins with `name`."""
    characters = sum(map(len, sources))
    if characters > MAX_TEXT:
        raise SubmissionError(
            f"{name}: its cells hold {characters:,} characters, and at most {MAX_TEXT:,} are "
            "graded; delete what is not needed, such as data that a cell could make or read"
        )
