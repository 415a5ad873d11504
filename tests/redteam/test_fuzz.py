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

from jaxercise.checks import compare
from jaxercise.checks.assertions import assert_no_side_effects, assert_returns
from jaxercise.checks.observation import Allowed, Observation, assert_has_form
from jaxercise.checks.outcome import CheckFailed, SubmissionError
from jaxercise.checks.raised import describe_error
from jaxercise.course.build import release_notebook
from jaxercise.course.cells import LessonCell
from jaxercise.course.lesson import Course, Lesson
from jaxercise.course.mend import mend
from jaxercise.course.submission import read_notebook, tidy
from jaxercise.grading import outputs
from jaxercise.grading.missing import Missing, stops
from jaxercise.grading.session import PlannedCell
from jaxercise.nbgrader.clean import cleaned, sanitised_markdown
from jaxercise.sandbox.run import Cell
from jaxercise.wire import codec, records
from tests.redteam.test_class import Acting
from tests.releases import mend_as_handed_in
from tests.small_course import handed_in, make_course, right_answers
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
            raise codec.WireError("cut off")  # a channel waits, and then gives up
        part = bytearray(rest[position : position + nbytes])
        position += nbytes
        return part

    return codec.unpack(data[4 : 4 + length], read)


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


# What a hidden input would be: no text of a page may hold it.
SECRET = "5ecret"
ALLOWED = Allowed(frozenset(["argument 1", "x"]), frozenset(["f", "x", "jnp", "torch"]), 40)


def assert_told(text: str) -> None:
    """A text for a page: it can be written, is not long, and holds nothing of an input."""
    text.encode()
    assert SECRET not in text
    assert len(text) < 3_000


def judge_report(report: Any) -> None:
    """What the judge does with a report, whatever it holds; only a CheckFailed is let out."""
    seen = Observation.of("f", report, ALLOWED)
    for mode in ("call", "jaxpr", "traces", "keys"):
        with contextlib.suppress(codec.WireError):
            assert_has_form(seen.value, mode, 1)
    if seen.error is not None:
        assert_told(describe_error("f", seen.error))
    for expected in (np.ones(3, np.float32), 1.0, (1, {"a": None}), "text", [np.int64(3)]):
        for act in (
            lambda expected=expected: assert_returns(seen, expected, rtol=1e-6),
            lambda: assert_no_side_effects(seen),
            seen.numpy,
        ):
            try:
                act()
            except CheckFailed as failure:
                assert_told(str(failure))
    compare.same_bits(seen.value, seen.value)
    with contextlib.suppress(compare.Mismatch):
        compare.as_arrays(seen.value)


def assert_survives(data: bytes) -> None:
    """The bytes of an answer are refused, or judged; nothing else comes of them."""
    with contextlib.suppress(codec.WireError):
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
    message = b"".join(bytes(chunk) for chunk in codec.pack(records.describe(tree)))
    assert_survives(mutated(message, rng))


# Texts as a forger would choose them: of the right form, with an input or half a surrogate pair.
texts = st.sampled_from(
    [
        *(SECRET, f"argument {SECRET}", "argument 1", "x", "jax_enable_x64", "numpy.random"),
        *("ValueError", "NameError", f"name '{SECRET}' is not defined", "name 'x' is not defined"),
        *(
            f"No module named '{SECRET}'",
            "No module named 'torch'",
            f"No module named 'x.{SECRET}'",
        ),
        *(f"Unknown backend {SECRET}.", f"'{SECRET}' object is not callable", "\ud800", "normal"),
        *(f"x() takes {SECRET} positional arguments but", f"tracing function {SECRET} at "),
        *("os.environ", f"re-tracing function at jax/_src{SECRET}", "the same number", ""),
    ]
) | st.text(st.characters(categories=None) | st.just("\ud800"), max_size=6)
lists = st.lists(texts, max_size=3)
errors = st.fixed_dictionaries(
    {
        "type": texts,
        "message": texts,
        "line": st.none() | st.integers(-1, 50) | st.integers(),
        "in_cell": st.booleans(),
    }
)
_LISTS = ("changed_inputs", "changed_globals", "moved_rngs", "changed_config", "leaked_tracers")
in_form = st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys((*_LISTS, "changed_settings"), lists),
        "error": st.none() | errors,
        "printed": texts,
        "key_reuse": st.none() | st.tuples(texts) | st.tuples(texts, texts),
        "value": trees | texts | st.dictionaries(texts, trees, max_size=2),
    },
)
fields = st.sampled_from([*_LISTS, "changed_settings", "value", "error", "printed", "key_reuse"])
odd = trees | st.dictionaries(st.text(), trees, max_size=3) | st.just(1 << 13_990)


@fuzzed
@given(in_form, st.dictionaries(fields, odd, max_size=1))
def test_any_report_is_refused_or_judged(report: dict, changed: dict) -> None:
    with contextlib.suppress(codec.WireError):
        judge_report(records.describe(report | changed))


@fuzzed
@given(odd | texts, odd | texts)
def test_any_reply_of_a_cell_becomes_plain_outputs(reply: Any, other: Any) -> None:
    events = reply if isinstance(reply, list) else [reply]
    kinds = ("stream", "error", "display_data", "execute_result", reply)
    full = [{"kind": kind, "name": reply, "text": other, "data": reply} for kind in kinds]
    full += [{"kind": "error", "ename": "E", "evalue": "v", "traceback": [reply, other]}]
    full += [{"kind": "display_data", "data": {"text/plain": reply, "image/png": other}}]
    result = {"events": [*events, *full], "cut": other, "stopped": {"type": reply, "line": other}}
    made = outputs.of_cell(result, None, 1, outputs.OutputBudget())
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(outputs=made)])
    nbformat.validate(notebook)
    json.dumps(notebook, ensure_ascii=False).encode()


@fuzzed
@given(st.text(max_size=20), odd | texts, odd | texts, odd | texts)
def test_any_record_of_a_stop_is_told_or_dropped(
    source: str, kind: Any, message: Any, line: Any
) -> None:
    cells = [PlannedCell(0, Cell("f", f"{source}\ndef f(): pass"), starter_of="f")]
    stopped = {"type": kind, "message": message, "line": line}
    why = Missing.after(cells, stops({0: {"stopped": stopped}}), {}).why("f", 1)
    why.encode()
    assert len(why) < 400


# The repair of notebooks.


def assert_mended(raw: Any, lesson: Lesson, release: NotebookNode) -> None:
    """What comes out is the lesson's notebook with the student's cells; or it is refused."""
    before = copy.deepcopy(raw)
    try:
        mended = mend_as_handed_in(raw, lesson)
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
    return json.loads(json.dumps(handed_in(lesson, right_answers(lesson))))


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
    error = {"type": SECRET, "message": f"name '{SECRET}' is not defined", "line": 3}
    reports = [
        {"error": error | {"in_cell": True}, "changed_globals": [SECRET, "x"]},
        {
            "changed_inputs": ["argument 1"],
            "moved_rngs": ["random"],
            "key_reuse": ("split", "bits"),
        },
        {
            "changed_config": [SECRET, "jax_enable_x64"],
            "leaked_tracers": [SECRET],
            "printed": SECRET,
        },
        {"value": np.arange(6, dtype=np.float32).reshape(2, 3), "error": None, "printed": ""},
        {"value": (1, 2.5, {"a": True}), "changed_globals": ["x"], "key_reuse": None},
        {"value": None, "error": {"type": "ValueError", "module": "builtins", "line": 3}},
    ]
    messages = [b"".join(map(bytes, codec.pack(records.describe(report)))) for report in reports]
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
