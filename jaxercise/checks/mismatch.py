"""How two values differ, in words for a student: kinds, dtypes and shapes, never values."""

from __future__ import annotations

import builtins
import collections
import enum
import functools
import types
from typing import Any

import jax
import numpy as np

from jaxercise.wire import private_jax, records

KIND_NAMES = {"jax": "jax array", "numpy": "NumPy array", "scalar": "NumPy scalar"}
# Values with a relative error up to this size have rather lost digits than gone wrong.
_NEARLY_RIGHT = 0.01
# Only these are named, since a class of the notebook may be named after a hidden input.
KNOWN_TYPES = frozenset(
    name
    for module in (builtins, types, collections, functools, jax, np)
    for name, kind in vars(module).items()
    if isinstance(kind, type)
) | {
    "function",
    "builtin_function_or_method",
    "generator",
    "Tracer",
    private_jax.JittedFunction.__name__,
}


class Aspect(enum.Enum):
    """In what two values differ."""

    STRUCTURE = enum.auto()
    KIND = enum.auto()
    DTYPE = enum.auto()
    SHAPE = enum.auto()
    VALUE = enum.auto()


class Mismatch(Exception):
    """The values differ: `text` says how, `where` in which part of the value ("" for all).

    `seen` and `expected` are the records of that part, where they are at hand. `relative_error`
    bounds the error of values that are nearly right; it is a power of ten.
    """

    def __init__(
        self,
        where: str,
        text: str,
        aspect: Aspect = Aspect.VALUE,
        seen: Any = None,
        expected: Any = None,
        relative_error: float | None = None,
    ):
        super().__init__(text)
        self.where = where
        self.text = text
        self.aspect = aspect
        self.seen = seen
        self.expected = expected
        self.relative_error = relative_error


def noun(value: Any) -> str:
    """What a record is, with its article.

    >>> noun(records.Array(np.ones(2))), noun(3), noun(None)
    ('a jax array', 'an int', 'None')
    """
    match value:
        case None:
            return "None"
        case records.Array():
            return f"a {KIND_NAMES[value.kind]}"
        case records.Key():
            return "a PRNG key"
        case records.Opaque():
            name = value.type_name
            return with_article(name) if name in KNOWN_TYPES else "an object of another class"
    return with_article(type(value).__name__)


def with_article(name: str) -> str:
    return f"{'an' if name[0] in 'aeiouAEIO' else 'a'} {name}"


def wrong_type(where: str, seen: Any, expected: Any, name: str) -> Mismatch:
    """A Mismatch in structure; `name` is what is expected, with its article."""
    text = f"{noun(seen)} where {name} is expected"
    if seen is None:
        text += " (is a `return` missing?)"
    return Mismatch(where, text, Aspect.STRUCTURE, seen, expected)


def shape_in_words(shape: tuple[int, ...]) -> str:
    """A shape in words; an unlikely one is not shown, since it could encode a hidden input."""
    return (
        f"shape {shape}"
        if len(shape) <= 4 and max(shape, default=0) < 10**7
        else "an unlikely shape"
    )


def relative_error_of(seen: np.ndarray, expected: np.ndarray) -> float:
    """The largest relative error; 0 for no values at all, inf for values that are not floats."""
    if seen.size == 0:
        return 0.0
    if expected.dtype.kind in "biu":
        return np.inf
    wide = np.complex128 if expected.dtype.kind == "c" else np.float64
    a, b = seen.astype(wide), expected.astype(wide)
    with np.errstate(all="ignore"):
        errors = np.abs(a - b) / np.abs(b)
    return float(np.max(errors)) if np.isfinite(errors).all() else np.inf


def wrong_values(
    where: str, text: str, seen: Any, expected: Any, error: float, rtol: float
) -> Mismatch:
    """A Mismatch that says how large the error is, where the values are nearly right."""
    if not 0 < error <= _NEARLY_RIGHT:
        return Mismatch(where, text, seen=seen, expected=expected)
    # A power of ten: it could otherwise encode a hidden input.
    bound = 10.0 ** np.ceil(np.log10(error))
    allowed = f"; {rtol:g} is allowed" if rtol else ""
    text = f"{text} (relative error up to {bound:g}{allowed})"
    return Mismatch(where, text, Aspect.VALUE, seen, expected, bound)
