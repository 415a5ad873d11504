"""`example(...)`: an input that a student sees, and what the function should return for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import jax
import numpy as np

from jaxercise.checks.assertions import WrongAnswer, assert_returns, describe_error, fail
from jaxercise.checks.outcome import CheckFailed
from jaxercise.checks.proxy import Observation
from jaxercise.checks.render import Detail
from jaxercise.notebook import comparison
from jaxercise.wire import records

_NOTHING = object()


@dataclass(frozen=True)
class Example:
    """A visible input and what is expected of the result; made by `example`."""

    args: tuple[Any, ...]
    gives: Any
    like: Any
    where: Callable[[Any], bool] | None
    says: str

    def verify(self, seen: Observation, value: Any, rtol: float, atol: float, kind: str) -> None:
        if seen.error is not None:
            fail(describe_error(seen.name, seen.error))
        call = comparison.call_in_words(seen.name, self.args)
        if self.gives is not _NOTHING:
            try:
                assert_returns(seen, self.gives, rtol=rtol, atol=atol, kind=kind)
            except WrongAnswer as wrong:
                expected = records.describe(self.gives)
                table = comparison.table_of(wrong.mismatch, rtol, atol)
                text = "" if table else comparison.sentence(wrong.mismatch, expected, seen.value)
                raise ShownFailure(f"{wrong} {text} The call: {call}", table) from None
        if self.like is not _NOTHING:
            make = jax.numpy.zeros if kind == "jax" else np.zeros
            zeros = jax.tree.map(lambda leaf: make(leaf.shape, leaf.dtype), self.like)
            assert_returns(seen, zeros, rtol=0, atol=np.inf, kind=kind)
        if self.where is not None and not _holds(self.where, value):
            got = comparison.short(value)
            fail(f"{seen.name} does not return {self.says}. Got {got}. The call: {call}")


class ShownFailure(CheckFailed):
    """A failed check with more to show than its text."""

    def __init__(self, message: str, detail: Detail | None):
        super().__init__(" ".join(message.split()))
        self.detail = detail


def _holds(predicate: Callable[[Any], bool], value: Any) -> bool:
    """Whether a predicate holds for a value; false if it raises."""
    try:
        return bool(predicate(value))
    except Exception:
        return False


def example(
    *args: Any,
    gives: Any = _NOTHING,
    like: Any = _NOTHING,
    where: Callable[[Any], bool] | None = None,
    says: str = "what is asked",
) -> Example:
    """An input and what the function should return for it.

    `gives` is the expected value. `like` is a pytree of `jax.ShapeDtypeStruct`, which compares only
    kind, shape and dtype. `where` is a predicate on the value, and `says` puts it into words:

    >>> add_tax = example(100.0, 0.2, gives=120.0)
    >>> draw = example(jax.random.key(0), where=lambda x: 0 <= x < 1, says="a number in [0, 1)")
    """
    return Example(args, gives, like, where, says)
