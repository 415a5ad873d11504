"""Compares two record trees: equal within tolerance, or what the difference is.

The text of a Mismatch is for a student; it names kinds, dtypes and shapes but no values.
"""

from __future__ import annotations

import builtins
import collections
import functools
import types
from collections.abc import Sequence
from typing import Any

import jax
import numpy as np

from jaxercise.wire import private_jax, records

_CHUNK = 1 << 20
_KIND = {"jax": "jax array", "numpy": "NumPy array", "scalar": "NumPy scalar"}
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


class Mismatch(Exception):
    """The values differ: `text` says how, `where` in which part of the value ("" for all)."""

    def __init__(self, where: str, text: str):
        super().__init__(text)
        self.where = where
        self.text = text


def match(seen: Any, expected: Any, where: str, rtol: float, atol: float, kind: str) -> None:
    """Raise Mismatch unless `seen` equals `expected` in structure, kind, dtype, shape and values.

    Both are record trees, `where` names the part of the value that they are. Raises TypeError
    for an `expected` that cannot be compared.
    """
    match expected:
        case records.Array():
            _match_array(seen, expected, where, rtol, atol, kind)
        case records.Key():
            _match_key(seen, expected, where)
        case list() | tuple():
            _match_sequence(seen, expected, where, rtol, atol, kind)
        case dict():
            _match_dict(seen, expected, where, rtol, atol, kind)
        case bool() | None | str() | bytes():
            if type(seen) is not type(expected) or seen != expected:
                same = type(seen) is type(expected)
                raise Mismatch(where, "another value" if same else _found(seen, noun(expected)))
        case int() | float() | complex():
            _match_number(seen, expected, where, rtol, atol)
        case _:
            raise TypeError(
                f"a reference value of type {type(expected).__name__} cannot be compared"
            )


def _match_array(
    seen: Any, expected: records.Array, where: str, rtol: float, atol: float, kind: str
) -> None:
    if not isinstance(seen, records.Array):
        raise Mismatch(where, _found(seen, "an array"))
    if kind != "any" and seen.kind != kind:
        raise Mismatch(where, f"a {_KIND[seen.kind]} where a {_KIND[kind]} is expected")
    if seen.dtype != expected.dtype:
        raise Mismatch(where, f"dtype {seen.dtype.name} where {expected.dtype.name} is expected")
    if seen.shape != expected.shape:
        raise Mismatch(where, f"{_shape(seen.shape)} where {expected.shape} is expected")
    _match_values(seen.data, expected.data, where, rtol, atol)


def _shape(shape: tuple[int, ...]) -> str:
    """A shape in words; an unlikely one is not shown, since it could encode a hidden input."""
    return (
        f"shape {shape}"
        if len(shape) <= 4 and max(shape, default=0) < 10**7
        else "an unlikely shape"
    )


def _match_values(
    seen: np.ndarray, expected: np.ndarray, where: str, rtol: float, atol: float
) -> None:
    seen, expected = seen.reshape(-1), expected.reshape(-1)
    wrong = np.zeros(expected.size, bool)
    # In chunks: comparing makes several copies in float64, and the student chooses the size.
    for start in range(0, expected.size, _CHUNK):
        part = slice(start, start + _CHUNK)
        wrong[part] = _wrong(seen[part], expected[part], where, rtol, atol)
    if wrong.any():
        raise Mismatch(where, _wrong_share(wrong))


def _wrong(
    seen: np.ndarray, expected: np.ndarray, where: str, rtol: float, atol: float
) -> np.ndarray:
    if expected.dtype.kind in "biu":  # Exact, unless values do not matter.
        return np.zeros(seen.shape, bool) if np.isinf(atol) else seen != expected
    wide = np.complex128 if expected.dtype.kind == "c" else np.float64
    a, b = seen.astype(wide), expected.astype(wide)
    if (np.isnan(a) & ~np.isnan(b)).any():
        raise Mismatch(where, "NaN where a number is expected")
    with np.errstate(invalid="ignore"):
        return ~np.isclose(a, b, rtol=rtol, atol=atol, equal_nan=True)


def _wrong_share(wrong: np.ndarray) -> str:
    if wrong.all():
        return "wrong values" if wrong.size != 1 else "a wrong value"
    return f"wrong values in {np.count_nonzero(wrong)} of {wrong.size} places"


def _match_key(seen: Any, expected: records.Key, where: str) -> None:
    if isinstance(seen, records.Array) and seen.dtype == np.uint32 and seen.kind == "jax":
        seen = records.Key(expected.impl, seen.data)  # A legacy key is as good as a typed one.
    if not isinstance(seen, records.Key):
        raise Mismatch(where, _found(seen, "a PRNG key"))
    if seen.data.shape != expected.data.shape:
        axes = expected.data.shape[:-1]
        raise Mismatch(where, f"keys of shape {seen.data.shape[:-1]} where {axes} is expected")
    if not np.array_equal(seen.data, expected.data):
        raise Mismatch(where, "other keys")


def _match_sequence(
    seen: Any, expected: Sequence[Any], where: str, rtol: float, atol: float, kind: str
) -> None:
    if type(seen) is not type(expected):
        raise Mismatch(where, _found(seen, noun(expected)))
    if len(seen) != len(expected):
        raise Mismatch(where, f"{len(seen)} items where {len(expected)} are expected")
    for i, (a, b) in enumerate(zip(seen, expected, strict=True)):
        match(a, b, f"item {i}" + (f" of {where}" if where else ""), rtol, atol, kind)


def _match_dict(
    seen: Any, expected: dict[Any, Any], where: str, rtol: float, atol: float, kind: str
) -> None:
    if not isinstance(seen, dict):
        raise Mismatch(where, _found(seen, "a dict"))
    if seen.keys() != expected.keys():
        raise Mismatch(where, f"a dict with other keys than {sorted(map(str, expected))}")
    for name, b in expected.items():
        match(
            seen[name], b, f"entry {name!r}" + (f" of {where}" if where else ""), rtol, atol, kind
        )


def _match_number(seen: Any, expected: complex, where: str, rtol: float, atol: float) -> None:
    if isinstance(seen, records.Array) and seen.shape == ():
        seen = seen.data.item()
    if type(seen) not in (bool, int, float, complex):
        raise Mismatch(where, _found(seen, "a number"))
    if type(seen) is complex and type(expected) is not complex:
        raise Mismatch(where, "a complex number where a real one is expected")
    if seen != seen and expected == expected:
        raise Mismatch(where, "NaN where a number is expected")
    if not _close(_bounded(seen, where), expected, rtol, atol):
        raise Mismatch(where, "a wrong value")


def _close(seen: Any, expected: Any, rtol: float, atol: float) -> bool:
    """Whether a number is within tolerance; ints are compared without rounding to floats."""
    if isinstance(seen, int) and isinstance(expected, int):
        return abs(seen - expected) <= atol + rtol * abs(expected)
    wide = complex if type(expected) is complex else float
    with np.errstate(invalid="ignore"):
        return bool(np.isclose(wide(seen), expected, rtol=rtol, atol=atol, equal_nan=True))


def _bounded(number: Any, where: str) -> Any:
    """The number; raises Mismatch for an int that is too large for a float."""
    if type(number) is int and number.bit_length() > 1000:
        raise Mismatch(where, "an int of hundreds of digits")
    return number


def noun(value: Any) -> str:
    """What a record is, with its article.

    >>> noun(records.Array(np.ones(2))), noun(3), noun(None)
    ('a jax array', 'an int', 'None')
    """
    match value:
        case None:
            return "None"
        case records.Array():
            return f"a {_KIND[value.kind]}"
        case records.Key():
            return "a PRNG key"
        case records.Opaque():
            name = value.type_name
            return with_article(name) if name in KNOWN_TYPES else "an object of another class"
    return with_article(type(value).__name__)


def with_article(name: str) -> str:
    return f"{'an' if name[0] in 'aeiouAEIO' else 'a'} {name}"


def _found(seen: Any, expected: str) -> str:
    if seen is None:
        return f"None where {expected} is expected (is a `return` missing?)"
    return f"{noun(seen)} where {expected} is expected"


def as_arrays(value: Any) -> Any:
    """The record tree with all numbers as 64-bit arrays, since jit turns numbers into arrays."""
    match value:
        case bool() | int() | float() | complex():
            return records.Array(
                np.asarray(
                    _bounded(value, ""), np.complex128 if type(value) is complex else np.float64
                )
            )
        case records.Array(data) if data.shape == () or data.dtype.kind in "biuf":
            return records.Array(data.astype(np.float64) if data.dtype.kind != "c" else data)
        case list():
            return [as_arrays(item) for item in value]
        case tuple():
            return tuple(as_arrays(item) for item in value)
        case dict():
            return {key: as_arrays(item) for key, item in value.items()}
    return value


def same_bits(a: Any, b: Any) -> bool:
    """Whether two record trees are identical, bit for bit."""
    if type(a) is not type(b):
        return False
    match a:
        case records.Array():
            return (a.dtype, a.shape, a.data.tobytes()) == (b.dtype, b.shape, b.data.tobytes())
        case records.Key():
            return a.impl == b.impl and np.array_equal(a.data, b.data)
        case list() | tuple():
            return len(a) == len(b) and all(map(same_bits, a, b))
        case dict():
            return a.keys() == b.keys() and all(same_bits(a[k], b[k]) for k in a)
        case float():
            return a.hex() == b.hex()
    return a == b
