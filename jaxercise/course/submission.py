"""Reads a submitted notebook, whatever was done to it, down to what grading looks at.

What stays of a cell is its type, its source, its id, its tags, and short entries of other
metadata: the marks of a grading system, or what `course.build.described` wrote. Outputs and
attachments are dropped before anything else looks at them.
"""

from __future__ import annotations

import codecs
import json
import re
import stat
import warnings
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nbformat
import nbformat.reader
from nbformat import NotebookNode

from jaxercise.checks.outcome import SubmissionError
from jaxercise.course.bounds import MAX_MARK, MAX_TAGS, assert_few, assert_short, bounded

MAX_BYTES = 256 * 2**20
_NEWEST = 4
_MAX_METADATA = 20
# An id of ours; the first releases, of problem sets, had the cell's position in the place of its
# text's digest.
_OURS = re.compile(r"([A-Za-z]\w*)-[0-9a-f]{8}(?:-\d+)?|(ps\w*)-(\d{2,3})", re.ASCII)
_OTHER_FILES = (
    (re.compile(rb"PK\x03\x04"), "a ZIP archive"),
    (re.compile(rb"%PDF-"), "a PDF file"),
    (re.compile(rb"\s*<(!doctype html|html)\b", re.IGNORECASE), "a web page"),
)
_CELL_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


def read_notebook(path: Path, max_bytes: int = MAX_BYTES) -> NotebookNode:
    """The notebook in a file, without outputs.

    Raises:
        SubmissionError: the file cannot be read or is not a notebook; the message names it.
    """
    text = _text(path, max_bytes)
    if not text.strip():
        raise SubmissionError(f"{path}: the file is empty; was it saved, or cut off in transfer?")
    try:
        raw = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise SubmissionError(
            f"{path}: not JSON, as every notebook is ({_reason(error)}); was it cut off, or does "
            "it contain marks of a merge conflict?"
        ) from error
    return tidy(raw, str(path))


def tidy(raw: Any, name: str = "the submission") -> NotebookNode:
    """A notebook of today's format, made from parsed JSON; messages begin with `name`.

    Raises:
        SubmissionError: it is not a notebook, or its format is newer than any known here.
    """
    if not isinstance(raw, dict) or not ("cells" in raw or "worksheets" in raw):
        raise SubmissionError(f"{name}: this is JSON, but not a notebook: it has no cells")
    version = _version(raw, name)
    cells = _upgraded(raw | {"nbformat": version}, name) if version < _NEWEST else raw["cells"]
    if not isinstance(cells, list):
        raise SubmissionError(f"{name}: not a notebook: its cells are not a list")
    assert_few(cells, name)
    # Not by nbformat's new_notebook, which validates: ids given twice would become random.
    notebook = NotebookNode(nbformat=4, nbformat_minor=5)
    notebook.cells = [_cell(cell, number, name) for number, cell in enumerate(cells, start=1)]
    assert_short([cell.source for cell in notebook.cells], name)
    _make_ids_unique(notebook.cells)
    notebook.metadata = nbformat.from_dict({"jaxercise": _ours_of(raw, cells)})
    return notebook


def _version(raw: dict[str, Any], name: str) -> int:
    """The notebook's format; some tools write 4.0, 4.5 or "4", or nothing."""
    given = raw.get("nbformat")
    try:
        version = int(float(3 if given is None else given))
    except (TypeError, ValueError, OverflowError):
        version = _NEWEST + 1
    if version > _NEWEST:
        raise SubmissionError(
            f"{name}: notebook format {given!r}, and the newest known here is {_NEWEST}; save "
            "it in the older format"
        )
    return _NEWEST if "cells" in raw else min(version, 3)


def _ours_of(raw: dict[str, Any], cells: list[Any]) -> dict[str, Any]:
    """The release that the notebook was made from, and sentences on the state of its file."""
    metadata = raw.get("metadata")
    given = metadata.get("jaxercise") if isinstance(metadata, dict) else None
    given = given if isinstance(given, dict) else {}
    release = given.get("release")
    # A submission comes as a plain dict, and only what was read here before is a NotebookNode.
    found = list(given.get("found", [])) if isinstance(raw, NotebookNode) else []
    if lost := sum(map(_lost_its_lines, cells)):
        found.append(f"The line breaks of {lost} cells were lost; they were put back.")
    return {"release": release if isinstance(release, str) else None, "found": found}


def _lost_its_lines(cell: Any) -> bool:
    """Whether a cell's lines are listed without what ends them."""
    lines = cell.get("source")
    if not isinstance(lines, list) or len(lines) < 2:
        return False
    return all(isinstance(line, str) and "\n" not in line for line in lines)


def named_assignment(notebook: NotebookNode) -> str | None:
    """The assignment that most of the cells' ids name (as in `ps2-1f0c9a3e`); None if none does."""
    named = Counter(
        match[1] or match[2]
        for cell in notebook.cells
        for match in [_OURS.fullmatch(name_of(cell) or cell.id)]
        if match
    )
    return named.most_common(1)[0][0] if named else None


def is_named_by_position(cell: NotebookNode) -> bool:
    """Whether a cell has a name such as `ps2-04`, as the first releases of a lesson had."""
    named = _OURS.fullmatch(name_of(cell) or cell.id)
    return named is not None and named[3] is not None


def description(cell: NotebookNode) -> Mapping[str, Any]:
    """What a tidy cell says it is (`course.build.described`); nothing where it says nothing."""
    return cell.metadata.get("jaxercise", {})


def name_of(cell: NotebookNode) -> str | None:
    """The lesson cell that a tidy cell says it is, if it does."""
    name = description(cell).get("name")
    return name if isinstance(name, str) and name else None


def _text(path: Path, max_bytes: int) -> str:
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise SubmissionError(f"{path}: this is a folder; name the notebook in it")
        if not stat.S_ISREG(status.st_mode):
            raise SubmissionError(f"{path}: this is not an ordinary file")
        if status.st_size > max_bytes:
            raise SubmissionError(
                f"{path}: {status.st_size / 2**20:.0f} MiB, and the limit is "
                f"{max_bytes / 2**20:.0f}; clear its outputs and save it again"
            )
        content = path.read_bytes()
        for start, what in _OTHER_FILES:
            if start.match(content):
                raise SubmissionError(
                    f"{path}: this is {what}, not a notebook; hand in the .ipynb file itself"
                )
        text = content.decode(_encoding(content))
        return text.removeprefix("\ufeff").rstrip("\0")  # zeros are what a broken disk leaves
    except FileNotFoundError as error:
        raise SubmissionError(f"{path}: no such file") from error
    except UnicodeDecodeError as error:
        raise SubmissionError(
            f"{path}: not UTF-8 text, as notebooks are (byte {error.start})"
        ) from error
    except OSError as error:
        raise SubmissionError(f"{path}: cannot be read: {error.strerror}") from error


def _encoding(content: bytes) -> str:
    """UTF-8, as notebooks are written, or the UTF-16 or UTF-32 that some editors make of it."""
    encoding = json.detect_encoding(content[:4])
    # Zero bytes tell the two, but are in archives and pictures too.
    marked = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE))
    return encoding if marked or b"{" in content[:4] else "utf-8"


def _reason(error: Exception) -> str:
    """Why JSON could not be read, without quoting the file."""
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg} in line {error.lineno}"
    return "nested too deeply" if isinstance(error, RecursionError) else "a number is too long"


def _upgraded(raw: dict[str, Any], name: str) -> Any:
    """The cells of a notebook of format 1 to 3."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about the ids that old formats lack
            return nbformat.convert(nbformat.reader.reads(json.dumps(raw)), _NEWEST)["cells"]
    except Exception as error:  # nbformat's upgrades fail as they may on malformed input
        raise SubmissionError(
            f"{name}: notebook format {raw.get('nbformat', 3)} that cannot be upgraded; open it in "
            "JupyterLab and save it again"
        ) from error


def _cell(raw: Any, number: int, name: str) -> NotebookNode:
    """One cell, with only what grading looks at."""
    source = raw.get("source", "") if isinstance(raw, dict) else None
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        source = ("\n" if _lost_its_lines(raw) else "").join(source)
    if not isinstance(source, str):
        raise SubmissionError(f"{name}: cell {number} has no text; open and save it in JupyterLab")
    makers = {"code": nbformat.v4.new_code_cell, "raw": nbformat.v4.new_raw_cell}
    make = makers.get(str(raw.get("cell_type")), nbformat.v4.new_markdown_cell)
    source = bounded(_clean(source), make is nbformat.v4.new_code_cell)
    cell = make(source=source, metadata=nbformat.from_dict(_metadata(raw.get("metadata"))))
    given = raw.get("id")
    cell.id = given if isinstance(given, str) and _CELL_ID.fullmatch(given) else ""
    return cell


def _make_ids_unique(cells: list[NotebookNode]) -> None:
    """Number the cells without an id and those that share one with an earlier cell."""
    seen = {""}
    for number, cell in enumerate(cells, start=1):
        name = cell.id
        while name in seen:
            name = f"cell-{number}" if name == cell.id else f"{name}x"
        seen.add(name)
        cell.id = name


def _clean(source: str) -> str:
    """Source with plain line ends, and nothing that cannot be written as UTF-8."""
    # By way of runs: `\r*\n` would be tried anew at each of many \r without \n.
    ended = re.sub(r"(?<!\r)\r+\n", "\n", source).replace("\r", "\n")
    return ended.encode("utf-8", "replace").decode()


def _metadata(given: Any) -> dict[str, Any]:
    given = given if isinstance(given, dict) else {}
    kept: dict[str, Any] = {}
    sections = [(name, value) for name, value in given.items() if isinstance(value, dict)]
    for name, section in sections[:_MAX_METADATA]:
        entries = list(section.items())[:MAX_TAGS]
        short = {key: value for key, value in entries if _is_short(key, value)}
        if short and _is_short(name, None):
            kept[name] = short
    tags = given.get("tags")
    if isinstance(tags, list):
        kept["tags"] = [*dict.fromkeys(tag for tag in tags[:MAX_TAGS] if _is_short(tag, None))]
    return kept


def _is_short(name: Any, value: Any) -> bool:
    """Whether an entry is text, a number or nothing, and no longer than a mark needs to be."""
    return (
        isinstance(name, str)
        and isinstance(value, str | int | float | bool | None)
        and max(len(name), len(value) if isinstance(value, str) else 0) <= MAX_MARK
    )
