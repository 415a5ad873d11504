"""Compares two record trees: equal within tolerance, or what the difference is.

The text of a Mismatch is for a student; it names kinds, dtypes and shapes but no values.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from jaxercise.checks.mismatch import (
    KIND_NAMES,
    Aspect,
    Mismatch,
    noun,
    relative_error_of,
    shape_in_words,
    wrong_type,
    wrong_values,
)
from jaxercise.wire import records

_CHUNK = 1 << 20


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
                if type(seen) is not type(expected):
                    raise wrong_type(where, seen, expected, noun(expected))
                raise Mismatch(where, "another value")
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
        raise wrong_type(where, seen, expected, "an array")
    if kind != "any" and seen.kind != kind:
        text = f"a {KIND_NAMES[seen.kind]} where a {KIND_NAMES[kind]} is expected"
        raise Mismatch(where, text, Aspect.KIND, seen, records.Array(expected.data, kind))
    if seen.dtype != expected.dtype:
        text = f"dtype {seen.dtype.name} where {expected.dtype.name} is expected"
        raise Mismatch(where, text, Aspect.DTYPE, seen, expected)
    if seen.shape != expected.shape:
        text = f"{shape_in_words(seen.shape)} where {expected.shape} is expected"
        raise Mismatch(where, text, Aspect.SHAPE, seen, expected)
    _match_values(seen, expected, where, rtol, atol)


def _match_values(
    seen: records.Array, expected: records.Array, where: str, rtol: float, atol: float
) -> None:
    a, b = seen.data.reshape(-1), expected.data.reshape(-1)
    wrong = np.zeros(b.size, bool)
    error = 0.0
    # In chunks: comparing makes several copies in float64, and the student chooses the size.
    for start in range(0, b.size, _CHUNK):
        part = slice(start, start + _CHUNK)
        wrong[part] = _wrong(a[part], b[part], where, rtol, atol)
        error = max(error, relative_error_of(a[part][wrong[part]], b[part][wrong[part]]))
    if wrong.any():
        raise wrong_values(where, _wrong_share(wrong), seen, expected, error, rtol)


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
        raise wrong_type(where, seen, expected, "a PRNG key")
    if seen.data.shape != expected.data.shape:
        axes = expected.data.shape[:-1]
        text = f"keys of shape {seen.data.shape[:-1]} where {axes} is expected"
        raise Mismatch(where, text, Aspect.SHAPE)
    if not np.array_equal(seen.data, expected.data):
        raise Mismatch(where, "other keys")


def _match_sequence(
    seen: Any, expected: Sequence[Any], where: str, rtol: float, atol: float, kind: str
) -> None:
    if type(seen) is not type(expected):
        raise wrong_type(where, seen, expected, noun(expected))
    if len(seen) != len(expected):
        items = "1 item" if len(seen) == 1 else f"{len(seen)} items"
        are = "is" if len(expected) == 1 else "are"
        text = f"{items} where {len(expected)} {are} expected"
        raise Mismatch(where, text, Aspect.STRUCTURE)
    for i, (a, b) in enumerate(zip(seen, expected, strict=True)):
        match(a, b, f"item {i}" + (f" of {where}" if where else ""), rtol, atol, kind)


def _match_dict(
    seen: Any, expected: dict[Any, Any], where: str, rtol: float, atol: float, kind: str
) -> None:
    if not isinstance(seen, dict):
        raise wrong_type(where, seen, expected, "a dict")
    if seen.keys() != expected.keys():
        text = f"a dict with other keys than {sorted(map(str, expected))}"
        raise Mismatch(where, text, Aspect.STRUCTURE)
    for name, b in expected.items():
        match(
            seen[name], b, f"entry {name!r}" + (f" of {where}" if where else ""), rtol, atol, kind
        )


def _match_number(seen: Any, expected: complex, where: str, rtol: float, atol: float) -> None:
    if isinstance(seen, records.Array) and seen.shape == ():
        seen = seen.data.item()
    if type(seen) not in (bool, int, float, complex):
        raise wrong_type(where, seen, expected, "a number")
    if type(seen) is complex and type(expected) is not complex:
        raise Mismatch(where, "a complex number where a real one is expected", Aspect.DTYPE)
    if seen != seen and expected == expected:
        raise Mismatch(where, "NaN where a number is expected")
    if not _close(_bounded(seen, where), expected, rtol, atol):
        floats = isinstance(expected, float | complex)
        error = relative_error_of(np.asarray([seen]), np.asarray([expected])) if floats else np.inf
        raise wrong_values(where, "a wrong value", seen, expected, error, rtol)


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
