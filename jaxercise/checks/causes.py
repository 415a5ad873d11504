"""The likely cause of a mismatch, in words that suit its aspect.

A hint of a hidden test is about wrong values; it would mislead where structure, kind, dtype or
shape are wrong, or where the values have only lost digits.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from jaxercise.checks.mismatch import Aspect, Mismatch
from jaxercise.wire import records

_PRECISION = (
    "digits lost on the way, as by a narrower dtype, rounding, finite differences or an early stop"
)


def likely_cause(mismatch: Mismatch, hint: str, hint_is_about_form: bool) -> str:
    """Why the answer is wrong, as a clause; "" if there is no telling.

    `hint` is what the test suggests, for wrong values unless it is about the form.
    """
    if hint and hint_is_about_form:
        return hint
    if mismatch.aspect is Aspect.VALUE:
        if mismatch.relative_error is None:
            return hint
        return f"{_PRECISION}; or {hint}" if hint else _PRECISION
    return _FORMS[mismatch.aspect](mismatch.seen, mismatch.expected)


def _structure(seen: Any, expected: Any) -> str:
    if isinstance(seen, list) and isinstance(expected, tuple):
        return "square brackets or a list comprehension; `return a, b` returns a tuple"
    if isinstance(seen, tuple) and isinstance(expected, records.Array):
        return "several values are returned, or a comma follows the value"
    if isinstance(seen, list) and isinstance(expected, records.Array):
        return "a Python list is returned; jnp.stack and jnp.asarray make an array of one"
    if type(seen) in (bool, int, float, complex) and isinstance(expected, records.Array):
        return "float(), int(), .item() or Python arithmetic; jnp.asarray makes an array"
    if isinstance(seen, records.Opaque) and seen.type_name in ("function", "method"):
        return "the function itself is returned; call it"
    return ""


def _kind(seen: Any, expected: Any) -> str:
    if expected.kind == "jax":
        return "np where jnp is meant, or a NumPy input that never reaches jnp; see jnp.asarray"
    return "jnp where np is meant"


def _dtype(seen: Any, expected: Any) -> str:
    if not isinstance(seen, records.Array) or not isinstance(expected, records.Array):
        return ""
    was, should = seen.dtype.kind, expected.dtype.kind
    if was == "b":
        return "a comparison is returned in place of numbers"
    if was == "c":
        return "a complex number on the way; jnp.real takes its real part"
    if was == "f" and should in "iu":
        return "a division, a mean or a float on the way; // and sums of integers give integers"
    if was in "iu" and should == "f":
        return "integers all the way: // for /, .astype(int), or an array made without its dtype"
    if should == "b":
        return "numbers in place of True and False"
    wider = seen.dtype.itemsize > expected.dtype.itemsize
    how = "wider" if wider else "narrower"
    return f"an astype, a dtype= or another array of the {how} dtype"


def _shape(seen: Any, expected: Any) -> str:
    was, should = _axes(seen), _axes(expected)
    if was is None or should is None:
        return ""
    if was == ():
        return "a sum, mean or index over all axes, where some stay"
    if sorted(was) == sorted(should):
        return "axes exchanged: transposed, or mapped over in another order"
    if [n for n in was if n != 1] == [n for n in should if n != 1]:
        lost = len(was) < len(should)
        return f"an axis of length 1 {'squeezed away' if lost else 'too many'}" + (
            "" if lost else ", as from keepdims, [:, None] or a slice for an index"
        )
    if len(was) == len(should) - 1 and _is_without_an_axis(was, should):
        return "one axis is summed or indexed away that should stay"
    if len(was) == len(should) + 1 and _is_without_an_axis(should, was):
        return "one axis too many: a sum, mean or index over it is missing"
    return ""


def _axes(record: Any) -> tuple[int, ...] | None:
    return record.shape if isinstance(record, records.Array) else None


def _is_without_an_axis(fewer: tuple[int, ...], more: tuple[int, ...]) -> bool:
    return any(fewer == tuple(np.delete(more, axis)) for axis in range(len(more)))


_FORMS = {
    Aspect.STRUCTURE: _structure,
    Aspect.KIND: _kind,
    Aspect.DTYPE: _dtype,
    Aspect.SHAPE: _shape,
}
