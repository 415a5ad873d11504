"""CSV that spreadsheets read as text: quoted as RFC 4180 asks, and nothing in it is executed.

What begins like a formula gets an apostrophe before it (OWASP ASVS 5.0, 1.2.10).
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from io import StringIO
from typing import Any

_FORMULA = tuple("=+-@\t\r\x00")


def as_csv(lines: Iterable[Sequence[object]], quoting: Any = csv.QUOTE_MINIMAL) -> str:
    """Lines of cells as CSV, with no cell that a spreadsheet would execute."""
    text = StringIO()
    writer = csv.writer(text, quoting=quoting, lineterminator="\n")
    writer.writerows([harmless(str(cell)) for cell in line] for line in lines)
    return text.getvalue()


def harmless(text: str) -> str:
    """The text on one line, and with an apostrophe before it where it looks like a formula."""
    marked = f"'{text}" if text.startswith(_FORMULA) else text
    return " ".join(marked.split())


def number(value: float | None) -> str:
    """A score with at most four decimals; "" for None."""
    return "" if value is None else f"{value:.4f}".rstrip("0").rstrip(".")
