"""The wire format and the repair of notebooks under input that nobody thought of.

Property tests, and a fuzzer that runs as many seconds as FUZZ_SECONDS says (`make fuzz`).
"""

from __future__ import annotations

import contextlib
import copy
import json
import os
import random
import time
from collections import Counter
from typing import Any

import nbformat
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from nbformat import NotebookNode

from jaxercise import compare, outputs, records, wire
from jaxercise.build import release_notebook
from jaxercise.cells import LessonCell
from jaxercise.lesson import Course, Lesson
from jaxercise.mend import mend
from jaxercise.nbgrader_clean import cleaned, sanitised_markdown
from jaxercise.outcome import CheckFailed, SubmissionError
from jaxercise.properties import assert_no_side_effects, assert_returns
from jaxercise.student import Observation
from jaxercise.submission import read_notebook, tidy
from tests.redteam.test_class import Acting
from tests.small_course import make_course, right_answers, submission
from tests.test_wire import trees

SECONDS = float(os.environ.get("FUZZ_SECONDS", "5"))
EXAMPLES = int(20 * SECONDS)
fuzzed = settings(
    deadline=None,
    max_examples=EXAMPLES,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture(scope="module")
def lesson(tmp_path_factory: pytest.TempPathFactory) -> Lesson:
    course: Course = make_course(tmp_path_factory.mktemp("fuzz") / "course", ("f1", "f2", "draw"))
    return course.lesson("ps7")


@pytest.fixture(scope="module")
def release(lesson: Lesson) -> NotebookNode:
    return release_notebook(lesson)


# The wire.


def read_message(data: bytes) -> Any:
    """What a channel makes of the bytes of a message, or WireError."""
    length = int.from_bytes(data[:4], "big")
    rest = memoryview(data)[4 + length :]
    position = 0

    def read(nbytes: int) -> bytearray:
        nonlocal position
        if position + nbytes > len(rest):
            raise wire.WireError("cut off")  # a channel waits, and then gives up
        part = bytearray(rest[position : position + nbytes])
        position += nbytes
        return part

    return wire.unpack(data[4 : 4 + length], read)


def mutated(data: bytes, rng: random.Random) -> bytes:
    """Some bytes changed, left out, repeated, or numbers and words of the format put in."""
    made = bytearray(data)
    for _ in range(rng.randint(1, 6)):
        at = rng.randrange(len(made) + 1)
        length = rng.randint(1, 8)
        match rng.randrange(5):
            case 0 if at < len(made):
                made[at] = rng.randrange(256)
            case 1:
                del made[at : at + length]
            case 2:
                made[at:at] = made[at : at + length * 4]
            case 3:
                made[at:at] = rng.choice(_WORDS)
            case _:
                made[at : at + length] = rng.choice(_WORDS)
    return bytes(made)


_WORDS = [
    *(b'"a"', b'"k"', b'"s"', b'["l", []]', b'["d", []]', b"null", b"true", b"-1", b"0", b"1e999"),
    *(b"[[[[", b"]]", b"4294967296", b"NaN", b'"jax"', b'"float32"', b'"object"', b'"sizes"'),
    *(b'"0x1p+9999"', b'"-0x80"', b"{}", b"\xff\xfe", b"\\ud800", b"281474976710656"),
]


def judge_report(report: Any) -> None:
    """What the judge does with a report, whatever it holds; only a CheckFailed is let out."""
    seen = Observation.of("f", report)
    for expected in (np.ones(3, np.float32), 1.0, (1, {"a": None}), "text", [np.int64(3)]):
        for act in (
            lambda expected=expected: assert_returns(seen, expected, rtol=1e-6),
            lambda: assert_no_side_effects(seen),
            seen.numpy,
        ):
            with contextlib.suppress(CheckFailed):
                act()
    compare.same_bits(seen.value, seen.value)
    with contextlib.suppress(compare.Mismatch):
        compare.as_arrays(seen.value)


def assert_survives(data: bytes) -> None:
    """The bytes of an answer are refused, or judged; nothing else comes of them."""
    with contextlib.suppress(wire.WireError):
        message = read_message(data)
        judge_report(message if isinstance(message, dict) else {"value": message})


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=15,
)
tags = st.sampled_from(["i", "f", "c", "b", "t", "l", "d", "a", "k", "o", "s"])
nodes = st.recursive(
    json_values | st.sampled_from(["jax", "numpy", "float32", "uint32", "bool", "int4", "0x1p0"]),
    lambda inner: (
        st.tuples(tags, inner).map(list)
        | st.tuples(tags, st.lists(inner, max_size=3)).map(list)
        | st.tuples(
            st.just("a"), inner, inner, st.lists(st.integers(-1, 4)), st.booleans(), inner
        ).map(list)
    ),
    max_leaves=15,
)


@fuzzed
@given(nodes, st.lists(st.integers(-1, 16), max_size=3))
def test_any_tree_of_nodes_is_refused_or_judged(tree: Any, sizes: list[int]) -> None:
    header = json.dumps({"tree": tree, "sizes": sizes}).encode()
    assert_survives(len(header).to_bytes(4, "big") + header + bytes(64))


@fuzzed
@given(trees, st.randoms(use_true_random=False))
def test_a_changed_message_is_refused_or_judged(tree: Any, rng: random.Random) -> None:
    message = b"".join(bytes(chunk) for chunk in wire.pack(records.describe(tree)))
    assert_survives(mutated(message, rng))


fields = st.sampled_from(
    ["value", "error", "printed", "changed_inputs", "changed_globals", "moved_rngs", "key_reuse"]
)


@fuzzed
@given(st.dictionaries(fields, trees | st.dictionaries(st.text(), trees, max_size=3)))
def test_any_report_is_refused_or_judged(report: dict) -> None:
    with contextlib.suppress(wire.WireError):
        judge_report(records.describe(report))


@fuzzed
@given(trees)
def test_any_reply_of_a_cell_becomes_plain_outputs(reply: Any) -> None:
    events = reply if isinstance(reply, list) else [reply]
    kinds = ("stream", "error", "display_data", "execute_result")
    full = [{"kind": kind, "name": reply, "text": reply, "data": reply} for kind in kinds]
    made = outputs.of_cell({"events": events + full}, None, 1, outputs.Volume())
    nbformat.validate(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(outputs=made)]))


# The repair of notebooks.


def assert_mended(raw: Any, lesson: Lesson, release: NotebookNode) -> None:
    """What comes out is the lesson's notebook with the student's cells; or it is refused."""
    before = copy.deepcopy(raw)
    try:
        mended = mend(raw, lesson, release)
    except SubmissionError:
        return
    assert raw == before
    nbformat.validate(mended.notebook)
    cells = mended.notebook.cells
    assert len({cell.id for cell in cells}) == len(cells)
    ours = [cell for cell in cells if not cell.id.startswith("extra-")]
    assert [cell.id for cell in ours] == [cell.id for cell in lesson.cells]
    for cell, original in zip(ours, release.cells, strict=True):
        assert (cell.cell_type, cell.metadata) == (original.cell_type, original.metadata)
        if kind_of(lesson, cell.id) in ("check", "given"):
            assert cell.source == original.source
    again = mend(mended.notebook, lesson, release)
    assert again.repairs == ()
    assert again.notebook == mended.notebook
    assert_nothing_lost(tidy(raw), mended.notebook)


def kind_of(lesson: Lesson, name: str) -> str:
    return next(cell.kind for cell in lesson.cells if cell.id == name)


def assert_nothing_lost(before: NotebookNode, after: NotebookNode) -> None:
    """Every function that a student's code cell defines is still in some cell."""
    sources = Counter(cell.source for cell in after.cells)
    for cell in before.cells:
        if cell.cell_type == "code" and "return jnp" in cell.source:
            assert sources[cell.source] > 0, cell.source


class Damager:
    """Damages notebooks in random ways."""

    def __init__(self, rng: random.Random, cells: list[LessonCell]):
        self.rng, self.names = rng, [cell.id for cell in cells]

    def damaged(self, notebook: dict[str, Any]) -> Any:
        notebook = copy.deepcopy(notebook)
        for _ in range(self.rng.randint(1, 8)):
            self.once(notebook)
        return notebook

    def once(self, notebook: dict[str, Any]) -> None:
        rng, cells = self.rng, notebook["cells"]
        if not cells:
            return
        at = rng.randrange(len(cells))
        cell = cells[at]
        match rng.randrange(10):
            case 0:
                del cells[at]
            case 1:
                cells.insert(rng.randrange(len(cells) + 1), copy.deepcopy(cell))
            case 2:
                cells.insert(rng.randrange(len(cells)), cells.pop(at))
            case 3:
                cell["id"] = rng.choice([*self.names, "x", "", "extra-01", "cell-1", 7, None])
            case 4:
                marks = cell.setdefault("metadata", {})
                marks = marks if isinstance(marks, dict) else {}
                cell["metadata"] = marks | {"nbgrader": self.marks()}
            case 5:
                cell["metadata"] = rng.choice([{}, None, [], "x", {"nbgrader": 3}, {"tags": [1]}])
            case 6:
                cell["cell_type"] = rng.choice(["code", "markdown", "raw", "hologram", None])
            case 7:
                other = rng.choice(cells)
                cell["source"] = self.source(cell, other)
            case 8:
                cell.pop(rng.choice(["id", "metadata", "outputs", "cell_type"]), None)
            case _:
                notebook["metadata"] = rng.choice([{}, {"kernelspec": 3}, {"widgets": {}}, []])

    def marks(self) -> dict[str, Any]:
        rng = self.rng
        return {
            "grade_id": rng.choice([*self.names, "x", None, 3, ["a"]]),
            "grade": rng.choice([True, False, None]),
            "solution": rng.choice([True, False, "yes"]),
            "points": rng.choice([1000, -1, "many", None]),
        }

    def source(self, cell: dict, other: dict) -> str:
        one, two = (str(c.get("source", "")) for c in (cell, other))
        return self.rng.choice(
            ["", two, f"{one}\n\n{two}", one[: len(one) // 2], one.replace("\n", "\r\n"), "%%bash"]
        )


def solved(lesson: Lesson) -> dict[str, Any]:
    return json.loads(json.dumps(submission(lesson, right_answers(lesson))))


@fuzzed
@given(rng=st.randoms(use_true_random=False))
def test_any_damage_is_mended_or_refused(
    rng: random.Random, lesson: Lesson, release: NotebookNode
) -> None:
    assert_mended(Damager(rng, list(lesson.cells)).damaged(solved(lesson)), lesson, release)


@fuzzed
@given(raw=json_values | st.fixed_dictionaries({"cells": json_values | st.lists(json_values)}))
def test_any_json_is_a_notebook_or_refused(raw: Any, lesson: Lesson, release: NotebookNode) -> None:
    assert_mended(raw, lesson, release)


@fuzzed
@given(st.binary(max_size=300))
def test_any_file_is_a_notebook_or_refused(tmp_path: Any, data: bytes) -> None:
    path = tmp_path / "ps7.ipynb"
    path.write_bytes(data)
    with pytest.raises(SubmissionError):
        read_notebook(path)


_MARKUP = st.lists(
    st.sampled_from(
        [
            *(
                "<script>",
                "</script>",
                "<img src=x onerror=alert(1)>",
                "<svg onload=a()>",
                "</svg>",
            ),
            *("[a](javascript:b())", "[x]: javascript:y()", "<javascript:z()>", "```", "`", "\n\n"),
            *(
                "<!--",
                "-->",
                "<math>",
                "<style>",
                "</style>",
                "<a href='",
                "'>",
                "&#106;avascript:",
            ),
            *("$$", "\\href{javascript:a()}{b}", "<div>", "\u2028", "\r", "    ", "> ", "* ", "|"),
            *("![p](data:text/html,<b>)", "<iframe srcdoc='<script>'>", "<base href=//x>", "\x00"),
        ]
    )
    | st.text(max_size=5),
    max_size=12,
).map("".join)


@fuzzed
@given(_MARKUP)
def test_any_markdown_is_made_safe_once_and_for_all(source: str) -> None:
    clean = sanitised_markdown(source)
    assert sanitised_markdown(clean) == clean
    assert Acting.on(clean) == []
    cell = nbformat.v4.new_markdown_cell(source)
    notebook = cleaned(nbformat.v4.new_notebook(cells=[cell]), frozenset())
    assert notebook.cells[0].source == clean


def test_fuzzing_for_a_while_breaks_nothing(lesson: Lesson, release: NotebookNode) -> None:
    seed = int(os.environ.get("FUZZ_SEED", "0")) or (SECONDS > 60) * random.randrange(2**32)
    rng = random.Random(seed)
    reports = [
        {"value": np.arange(6, dtype=np.float32).reshape(2, 3), "error": None, "printed": ""},
        {"value": (1, 2.5, {"a": True}), "changed_globals": ["x"], "key_reuse": None},
        {"value": None, "error": {"type": "ValueError", "module": "builtins", "line": 3}},
    ]
    messages = [b"".join(map(bytes, wire.pack(records.describe(report)))) for report in reports]
    notebook = solved(lesson)
    text = json.dumps(notebook).encode()
    end, rounds = time.monotonic() + SECONDS, 0
    while time.monotonic() < end:
        rounds += 1
        message = mutated(rng.choice(messages), rng)
        damaged = Damager(rng, list(lesson.cells)).damaged(notebook)
        try:
            assert_survives(message)
            assert_mended(damaged, lesson, release)
            assert_read(mutated(text, rng), lesson, release)
        except Exception as error:
            error.add_note(f"FUZZ_SEED={seed}, round {rounds}: {message!r}")
            raise
    assert rounds > SECONDS


def assert_read(data: bytes, lesson: Lesson, release: NotebookNode) -> None:
    try:
        raw = json.loads(data)
    except (ValueError, RecursionError):
        return
    assert_mended(raw, lesson, release)
