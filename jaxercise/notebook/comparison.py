"""Expected and returned values side by side, for a visible check that fails."""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import Any

import jax
import numpy as np

from jaxercise.checks.mismatch import Aspect, Mismatch
from jaxercise.checks.observation import to_numpy
from jaxercise.checks.outcome import CheckFailed
from jaxercise.checks.render import Detail
from jaxercise.wire import records

# Up to this many entries are read as easily in a line as in a table.
_FEW = 4
_MAX_ROWS = 8
_CELL = "text-align:right;padding:0 10px 0 0"
_HEAD = ("index", "expected", "got")


def table_of(mismatch: Mismatch, rtol: float, atol: float) -> Detail | None:
    """The wrong entries of an array, each beside the right one.

    None where a table would tell no more than a sentence: for single numbers, short arrays and
    values of another form.
    """
    seen, expected = mismatch.seen, mismatch.expected
    if mismatch.aspect is not Aspect.VALUE or not isinstance(expected, records.Array):
        return None
    if not isinstance(seen, records.Array) or expected.data.size <= _FEW:
        return None
    got, right = seen.data, expected.data
    wrong = _wrong_places(got, right, rtol, atol)
    rows = [
        (str([int(i) for i in at]), _number(right[tuple(at)]), _number(got[tuple(at)]))
        for at in wrong[:_MAX_ROWS]
    ]
    return _rendered(rows, len(wrong) - len(rows), mismatch.where)


def first_wrong_entry(seen: Any, expected: Any, rtol: float, atol: float) -> str:
    """A sentence on the first wrong entry of an array; empty for records of anything else."""
    if not (isinstance(seen, records.Array) and isinstance(expected, records.Array)):
        return ""
    if seen.shape != expected.shape:
        return ""
    wrong = _wrong_places(seen.data, expected.data, rtol, atol)
    if not len(wrong):
        return ""
    at = tuple(wrong[0])
    place = (
        f"The first wrong one is at index {[int(i) for i in at]}: expected" if at else "Expected"
    )
    return f"{place} {_number(expected.data[at])}, got {_number(seen.data[at])}."


def _wrong_places(got: np.ndarray, right: np.ndarray, rtol: float, atol: float) -> np.ndarray:
    with np.errstate(all="ignore"):
        return np.argwhere(~np.isclose(got, right, rtol=rtol, atol=atol, equal_nan=True))


def _number(value: Any) -> str:
    return str(value.item() if value.dtype.kind in "biu" else value)


def _rendered(rows: Sequence[tuple[str, ...]], left_out: int, where: str) -> Detail:
    note = f"and {left_out} more" if left_out else ""
    title = f"wrong entries in {where}:" if where else "wrong entries:"
    widths = [max(len(row[i]) for row in (*rows, _HEAD)) for i in range(3)]
    lines = [
        "  ".join(text.rjust(width) for text, width in zip(row, widths, strict=True))
        for row in (_HEAD, *rows)
    ]
    cells = "".join(
        "<tr>" + "".join(f"<td style='{_CELL}'>{html.escape(text)}</td>" for text in row) + "</tr>"
        for row in (_HEAD, *rows)
    )
    markup = f"{html.escape(title)}<table style='margin-top:4px'>{cells}</table>{note}"
    return Detail(markup, "\n".join([title, *lines, *([note] if note else [])]))


def sentence(mismatch: Mismatch, expected: Any, got: Any) -> str:
    """What was expected and what came, as far as a line can show it; both are record trees.

    Empty where only the kind differs: an array looks the same whatever holds it.
    """
    if mismatch.aspect is Aspect.KIND:
        return ""
    try:
        return f"Expected {short(to_numpy(expected))}, got {short(to_numpy(got))}."
    except CheckFailed:  # Something in the answer is not an array or number.
        return f"Expected {short(to_numpy(expected))}."


def call_in_words(name: str, args: Sequence[Any]) -> str:
    """The call as a student would write it, with long arguments cut."""
    return f"{name}({', '.join(short(arg, 60) for arg in args)})"


def short(value: Any, longest: int = 160) -> str:
    """The repr of a value in one line, cut to `longest` characters."""
    try:
        text = " ".join((_key_in_words(value) or repr(value)).split())
    except Exception:  # For example an int of over 4,300 digits.
        return f"a {records.name_of(type(value))} that cannot be shown"
    return text if len(text) <= longest else f"{text[: longest - 3]}..."


def _key_in_words(value: Any) -> str:
    """A typed key as one would write it, or its numbers; empty for other values.

    The repr of `jax.random.key(7)` is `Array((), dtype=key<fry>) overlaying: [0 7]`.
    """
    if not records.is_key(value):
        return ""
    numbers = np.asarray(jax.random.key_data(value))
    if value.ndim == 0:
        seed = int(numbers[-1])
        if np.array_equal(numbers, jax.random.key_data(jax.random.key(seed))):
            return f"random.key({seed})"
    return f"key {numbers.tolist()}" if value.ndim == 0 else f"keys {numbers.tolist()}"
