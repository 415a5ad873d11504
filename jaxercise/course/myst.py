"""Reads a lesson's MyST into cells, each with the line at which it begins."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jupytext.myst import myst_to_notebook, parse_directive_options

from jaxercise.checks.outcome import CourseError

_FENCE = re.compile(r" {0,3}(?P<fence>`{3,}|~{3,})(?P<info>[^`]*)$")
_CELL = re.compile(r"\{(code|raw)-cell\}")
# The position in jupytext's messages.
_AT_LINE = re.compile(r"(?:Code|Raw|Markdown) cell \d+ at line (\d+) (?:could not be read: )?")


@dataclass(frozen=True)
class RawCell:
    """A cell as jupytext reads it. It begins at `line` of the file, its text at `source_line`."""

    cell_type: str
    source: str
    metadata: Mapping[str, Any]
    line: int
    source_line: int


def read_cells(text: str, path: Path) -> list[RawCell]:
    """The cells of a lesson, whose file is `path`.

    Raises:
        CourseError: jupytext cannot read it as MyST; the message names the file and the line.
    """
    lines = text.splitlines()
    blocks = dict(_blocks(lines, path))
    try:
        notebook = myst_to_notebook(text, add_source_map=True)
    except Exception as error:  # jupytext lets errors of several libraries through
        raise CourseError(_unreadable(error, blocks, lines, path)) from error
    cells = []
    for raw, begin in zip(notebook.cells, notebook.metadata["source_map"], strict=True):
        line = begin if raw.cell_type != "markdown" else _first_word(lines, begin) + 1
        written = blocks.get(line, line) - line - 1  # lines between the fences
        before = written - (raw.source.count("\n") + 1) if raw.cell_type != "markdown" else -1
        cells.append(RawCell(raw.cell_type, raw.source, raw.metadata, line, line + 1 + before))
    return cells


def _blocks(lines: list[str], path: Path) -> Iterator[tuple[int, int]]:
    """The first and last line of each fenced block.

    Raises:
        CourseError: a block has no end, or a cell begins inside it.
    """
    position = 0
    while position < len(lines):
        opening = _FENCE.match(lines[position])
        position += 1
        if opening is None:
            continue
        begin, fence = position, opening["fence"]
        ending = re.compile(rf" {{0,3}}{re.escape(fence[0])}{{{len(fence)},}}\s*")
        while position < len(lines) and not ending.fullmatch(lines[position]):
            inner = _FENCE.match(lines[position])
            if inner and inner["fence"][0] == fence[0] and _CELL.match(inner["info"].strip()):
                raise CourseError(
                    f"{path}:{begin}: the block that begins here with {fence} has no end before "
                    f"the cell in line {position + 1}; add a line {fence}"
                )
            position += 1
        if position == len(lines):
            raise CourseError(
                f"{path}:{begin}: the block that begins here with {fence} has no end; add a "
                f"line {fence}"
            )
        position += 1
        yield begin, position


def _first_word(lines: list[str], position: int) -> int:
    while position < len(lines) and not lines[position].strip():
        position += 1
    return position


def _unreadable(error: Exception, blocks: Mapping[int, int], lines: list[str], path: Path) -> str:
    reason = " ".join(str(error).split())
    if found := _AT_LINE.search(reason):
        return f"{path}:{found[1]}: not MyST that jupytext reads: {reason[found.end() :]}"
    for begin, end in blocks.items():
        if _CELL.search(lines[begin - 1]):
            _, options = parse_directive_options("\n".join(lines[begin : end - 1]), "")
            tags = options.get("tags", []) if isinstance(options, dict) else None
            if not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags):
                return f"{path}:{begin}: tags must be a list, as in ':tags: [show]'; got {tags!r}"
    return f"{path}: not MyST that jupytext reads: {reason}"
