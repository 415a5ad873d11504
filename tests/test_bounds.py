"""What a student writes is read in a time that grows no faster than its length."""

from __future__ import annotations

import gc
import json
import math
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbconvert.exporters import HTMLExporter

from jaxercise.checks.outcome import SubmissionError
from jaxercise.course import bounds, sources
from jaxercise.course import mend as mending
from jaxercise.course.build import release_notebook
from jaxercise.course.lesson import Course, Lesson
from jaxercise.course.mend import mend
from jaxercise.course.submission import read_notebook, tidy
from jaxercise.grading.session import plan
from jaxercise.grading.tamper_hints import tamper_hints
from jaxercise.nbgrader.clean import MAX_COLOURED_CELL, cleaned
from tests.small_course import make_course

# What the last doubling may cost, as a factor: 2 is linear, 4 quadratic.
ALLOWED = 3.0
# Below this the clock and the machine decide, and a text that short cannot do harm.
NOISE_S = 0.5
PAGE = HTMLExporter()  # Feedback and formgrader show notebooks by it.


@pytest.fixture(scope="module")
def lesson(tmp_path_factory: pytest.TempPathFactory) -> Lesson:
    return make_course(tmp_path_factory.mktemp("bounds"), ("f1",)).lesson("ps7")


def repeated(pattern: str) -> Callable[[int], str]:
    return lambda size: (pattern * (size // len(pattern) + 1))[:size]


def between(before: str, pattern: str, after: str = "") -> Callable[[int], str]:
    return lambda size: before + repeated(pattern)(size - len(before) - len(after)) + after


def nested(opening: str, closing: str) -> Callable[[int], str]:
    return lambda size: (
        opening * (size // (len(opening) + len(closing)))
        + closing * (size // (len(opening) + len(closing)))
    )


CODE = {
    "one name": repeated("a"),
    "lines": repeated("a\n"),
    "assignments": repeated("a = 1\n"),
    "definitions": repeated("def f(): pass\n"),
    "one long sum": between("a", "+a"),
    "one long list": between("[", "1,", "]"),
    "an f-string": between('f"', "{a}", '"'),
    "an f-string of lines": between('f"""', "{a}\n", '"""'),
    "formats in an f-string": between('f"{a:', "{a}", '}"'),
    "many f-strings": repeated('f"{a}" '),
    "f-strings that do not end": repeated('f"{'),
    "strings": repeated('"a" '),
    "quotes": repeated('"'),
    "triple quotes": repeated('"""\n'),
    "escapes in a string": between('"', "\\N{", '"'),
    "comments": repeated("# a\n"),
    "brackets": nested("[", "]"),
    "unclosed brackets": repeated("("),
    "attributes": between("a", ".a"),
    "stars": repeated("*"),
    "blank lines": repeated(" \n"),
    "blanks": repeated(" "),
    "line ends of Windows": repeated("\r\n"),
    "carriage returns": repeated("\r"),
    "magics": repeated("%time a\n"),
    "words of the grader": repeated("sys.modules "),
    "words without a break": repeated("builtins.a"),
    "no break spaces": repeated("\u00a0"),
    "lone surrogates": repeated("\ud800"),
}
MARKDOWN = {
    "words": repeated("word "),
    "LaTeX environments": repeated(r"\begin{a}"),
    "LaTeX environments on lines": repeated("\\begin{equation}\nx\n"),
    "LaTeX environments of many names": lambda size: "\n".join(
        "\\begin{" + "".join(chr(97 + int(d)) for d in str(i)) + "}" for i in range(size // 14)
    ),
    "dollars": repeated("$a "),
    "LaTeX brackets": repeated(r"\\["),
    "emphasis": between("", "*a "),
    "nested emphasis": nested("*a ", "a*"),
    "quotes": repeated(">"),
    "lazy quotes": between(">" * 50, "a\n"),
    "lists": repeated("- a\n"),
    "nested lists": lambda size: "".join("  " * i + "- a\n" for i in range(math.isqrt(size))),
    "brackets": nested("[", "]"),
    "links that do not end": repeated("[a]("),
    "pictures that do not end": repeated("!["),
    "one address many times": lambda size: (
        f"[a]: {'b' * (size // 2)}\n\n{repeated('[a] ')(size // 2)}"
    ),
    "addresses": repeated("http://a "),
    "nested elements": nested("<div>", "</div>"),
    "open elements": repeated("<div>"),
    "tags that do not end": repeated("<a "),
    "comments of HTML": repeated("<!--"),
    "entities": repeated("&amp;"),
    "backticks": lambda size: "".join("e" + "`" * i for i in range(math.isqrt(2 * size))),
    "fences": repeated("```\n"),
    "code in fences": between("```python\n", 'f"{a\n', "\n```"),
    "a table": between("|a|\n|-|\n", "|b|\n"),
    "a wide table": lambda size: "\n".join(repeated(p)(size // 3) for p in ("|a", "|-", "|b")),
    "a picture in the text": between("![p](data:image/png;base64,", "A", ")"),
    "headings": repeated("# a\n"),
    "blank lines": repeated("\n"),
}
OUTPUTS = {
    "text": repeated("word "),
    "lines": repeated("a\n"),
    "colours": repeated("\x1b[31ma\x1b[0m"),
    "colours that do not end": repeated("\x1b["),
    "numbers in a colour": repeated("\x1b[1;1;1;1"),
    "markup": repeated("<b>"),
}


def read_through(lesson: Lesson, raw: dict, page: bool = True) -> None:
    """All that the judge and nbgrader's process do with the text of a notebook."""
    try:
        mended = mend(tidy(json.loads(json.dumps(raw))), lesson, release_notebook(lesson))
    except SubmissionError:
        return
    planned = plan(mended.notebook, lesson)
    for _ in lesson.exercises:
        [cell.defines for cell in planned]
    tamper_hints(planned, lesson)
    shown = cleaned(mended.notebook, ())
    if page:
        PAGE.from_notebook_node(shown)


def notebook(lesson: Lesson, *cells: dict[str, Any]) -> dict[str, Any]:
    raw = json.loads(nbformat.writes(release_notebook(lesson)))
    raw["cells"] += [dict(cell) for cell in cells]
    return raw


def seconds(work: Callable[[], object]) -> float:
    """Processor seconds, what was kept of an earlier time being forgotten."""
    for module in (sources, mending):
        for value in vars(module).values():
            getattr(value, "cache_clear", lambda: None)()
    # Garbage is the whole process's: collecting it once more for a longer text would tell nothing.
    gc.disable()
    try:
        start = time.process_time()
        work()
        return time.process_time() - start
    finally:
        gc.enable()


def assert_no_faster_than_the_text(make: Callable[[int], Callable[[], object]], limit: int) -> None:
    """Half of the limit, then all of it; a busy machine gets many tries."""
    half, whole = make(limit // 2), make(limit)
    least_half = least_whole = math.inf
    for _ in range(20):
        least_half = min(least_half, seconds(half))
        least_whole = min(least_whole, seconds(whole))
        if least_whole < ALLOWED * least_half or least_whole < NOISE_S:
            return
    pytest.fail(f"{least_half:.2f} s for a half of the text, {least_whole:.2f} s for all of it")


@pytest.mark.parametrize("kind", CODE)
def test_code(lesson: Lesson, kind: str) -> None:
    def make(size: int) -> Callable[[], object]:
        cell = {"cell_type": "code", "id": "a", "metadata": {}, "source": CODE[kind](size)}
        return lambda: read_through(lesson, notebook(lesson, cell))

    assert_no_faster_than_the_text(make, bounds.MAX_CODE)


@pytest.mark.parametrize("kind", CODE)
def test_code_in_colours(kind: str) -> None:
    def make(size: int) -> Callable[[], object]:
        shown = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(tidied(kind, size))])
        return lambda: PAGE.from_notebook_node(cleaned(shown, ()))

    assert_no_faster_than_the_text(make, MAX_COLOURED_CELL)


def tidied(kind: str, size: int) -> str:
    cell = {"cell_type": "code", "source": CODE[kind](size)}
    return tidy({"cells": [cell], "nbformat": 4}).cells[0].source


@pytest.mark.parametrize("kind", MARKDOWN)
def test_markdown(lesson: Lesson, kind: str) -> None:
    def make(size: int) -> Callable[[], object]:
        cell = {"cell_type": "markdown", "id": "a", "metadata": {}, "source": MARKDOWN[kind](size)}
        return lambda: read_through(lesson, notebook(lesson, cell))

    assert_no_faster_than_the_text(make, bounds.MAX_PROSE)


@pytest.mark.parametrize("kind", OUTPUTS)
def test_what_a_cell_shows(lesson: Lesson, kind: str) -> None:
    def make(size: int) -> Callable[[], object]:
        text = OUTPUTS[kind](size)
        cell = nbformat.v4.new_code_cell(
            "1",
            outputs=[
                nbformat.v4.new_output("stream", text=text),
                nbformat.v4.new_output("error", ename="A", evalue=text, traceback=[text]),
            ],
        )
        shown = nbformat.v4.new_notebook(cells=[cell])
        return lambda: PAGE.from_notebook_node(cleaned(shown, ()))

    assert_no_faster_than_the_text(make, 500_000)


WHOLE = {
    "cells of code": lambda size: [("code", f"def f{i}(): pass") for i in range(size // 1_000)],
    "cells of markdown": lambda size: [("markdown", f"# {i}") for i in range(size // 1_000)],
    "long cells of markdown": lambda size: [
        ("markdown", "one word of [b](c) and more\n" * (bounds.MAX_PROSE // 27))
        for _ in range(size // 70_000)
    ],
    "long cells of code": lambda size: [
        ("code", "a = b\n" * (bounds.MAX_CODE // 6)) for _ in range(size // 35_000)
    ],
    "the same cell": lambda size: [("code", "def f1(x): pass") for _ in range(size // 1_000)],
}


@pytest.mark.parametrize("kind", WHOLE)
def test_whole_notebooks(lesson: Lesson, kind: str) -> None:
    def make(size: int) -> Callable[[], object]:
        cells = [
            {"cell_type": type_, "id": "f1", "metadata": {}, "source": text}
            for type_, text in WHOLE[kind](size * 9 // 10)
        ]
        raw = notebook(lesson, *cells)
        return lambda: read_through(lesson, raw, page=kind == "cells of code")

    assert_no_faster_than_the_text(make, bounds.MAX_TEXT)


DROPPED = {
    "metadata": lambda size: {"metadata": {"nbgrader": {"grade_id": "ps" * (size // 2)}}},
    "many marks": lambda size: {"metadata": {"nbgrader": {f"{i}": 1 for i in range(size // 10)}}},
    "tags": lambda size: {"metadata": {"tags": ["a"] * (size // 4)}},
    "nested metadata": lambda size: {"metadata": {"a": json.loads("[" * 400 + "]" * 400)}},
    "outputs": lambda size: {"outputs": [{"output_type": "stream", "text": "a" * size}]},
    "many outputs": lambda size: {"outputs": [{}] * (size // 4)},
    "attachments": lambda size: {"attachments": {"a.png": {"image/png": "A" * size}}},
    "a source of lines": lambda size: {"source": ["a\n"] * (size // 5)},
    "an id": lambda size: {"id": "a" * size},
}


@pytest.mark.parametrize("version", [4, 3])
@pytest.mark.parametrize("kind", DROPPED)
def test_what_is_dropped(lesson: Lesson, kind: str, version: int) -> None:
    def make(size: int) -> Callable[[], object]:
        cell = {
            "cell_type": "code",
            "id": "a",
            "metadata": {},
            "source": "1",
            **DROPPED[kind](size),
        }
        raw = notebook(lesson, cell)
        if version == 3:
            raw = {"nbformat": 3, "metadata": {}, "worksheets": [{"cells": raw["cells"]}]}
        return lambda: read_through(lesson, raw, page=False)

    assert_no_faster_than_the_text(make, 1_000_000)


def test_a_cell_that_is_too_long_says_so_and_costs_no_other(lesson: Lesson) -> None:
    long = {"cell_type": "code", "id": "a", "metadata": {}, "source": "a = 1\n" * 20_000}
    prose = {"cell_type": "markdown", "id": "b", "metadata": {}, "source": "word " * 20_000}
    mended = mend(tidy(notebook(lesson, long, prose)), lesson, release_notebook(lesson))
    sentence = "This cell held {:,} characters, and at most {:,} are graded. It was left out."
    of_code, of_prose = sentence.format(120_000, 32_768), sentence.format(100_000, 65_536)
    assert [cell.source for cell in mended.notebook.cells[-2:]] == [
        f"# {of_code}",
        of_prose,
    ]
    count = len(mended.notebook.cells)
    assert mended.repairs == (
        f"Cell {count - 1}: {of_code}",
        f"Cell {count}: {of_prose}",
    )
    again = mend(mended.notebook, lesson, release_notebook(lesson))
    assert again.notebook.cells == mended.notebook.cells


def test_a_notebook_that_is_too_long_is_refused_by_name(tmp_path: Path, lesson: Lesson) -> None:
    cell = {"cell_type": "code", "id": "a", "metadata": {}, "source": "a = 1\n" * 5_000}
    path = tmp_path / "ps7.ipynb"
    path.write_text(json.dumps(notebook(lesson, *[cell] * 34)))
    with pytest.raises(
        SubmissionError, match=r"ps7\.ipynb: its cells hold 1,02.* at most 1,000,000"
    ):
        read_notebook(path)
    path.write_text(json.dumps(notebook(lesson, *[{**cell, "source": ""}] * 1_000)))
    with pytest.raises(SubmissionError, match=r"ps7\.ipynb: 1,0.. cells, and at most 1,000 are"):
        read_notebook(path)


def test_every_lesson_is_far_from_the_limits() -> None:
    course = Course(Path(__file__).resolve().parent.parent)
    for assignment in course.assignments():
        cells = release_notebook(course.lesson(assignment)).cells
        assert len(cells) < bounds.MAX_CELLS / 5
        assert sum(len(cell.source) for cell in cells) < bounds.MAX_TEXT / 5
        assert max(len(cell.source) for cell in cells) < bounds.MAX_CODE / 5
