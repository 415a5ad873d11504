"""Puts an exception of student code into words that cannot reveal a hidden input.

The text of an exception could contain a hidden input. It is therefore matched against known
messages, and a student reads only the sentence that belongs to the message. Gaps in a sentence
are filled only with names that occur in the notebook.
"""

from __future__ import annotations

import bdb
import builtins
import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import jax
import jax.errors
import numpy as np

from jaxercise.checks.mismatch import KNOWN_TYPES, with_article

_CAUSES = {
    "TracerBoolConversionError": "a Python `if`, `while` or `and` needs the value of a traced "
    "array; use jnp.where or lax.cond",
    "TracerIntegerConversionError": "a traced array is used where Python needs an integer, as in "
    "range() or as an index of a list",
    "TracerArrayConversionError": "a traced array is handed to NumPy; use jnp instead of np",
    "ConcretizationTypeError": "a traced value is used where its number must be known, as in "
    "float(), int() or a shape",
    "NonConcreteBooleanIndexError": "a boolean mask as index gives a shape that depends on "
    "values; use jnp.where",
    "UnexpectedTracerError": "a traced value was kept outside the function and used later",
    "KeyReuseError": "a PRNG key is used twice",
    "NameError": "a name is not defined in the notebook at this point",
    "UnboundLocalError": "a variable is used before it is set",
    "RecursionError": "a function calls itself without end",
    "ZeroDivisionError": "a Python number is divided by zero",
    "TooLarge": "its result is far larger than a right one",
    "BdbQuit": "a breakpoint() or pdb.set_trace() is still in the code; remove it",
    "EOFError": "input() has nobody who answers when the notebook is graded",
    "StdinNotImplementedError": "input() has nobody who answers when the notebook is graded",
    "SystemExit": "it calls exit() or sys.exit(); return instead",
}
_STARTER = "the starter's `raise NotImplementedError` is still reached"
_NOT_IN_JAX = "JAX, or another library, does not implement what is asked of it there"
# Known by name, since a class of the notebook may be named after a hidden input.
_KNOWN_ERRORS = frozenset(
    [
        *_CAUSES,
        *(
            name
            for module in (builtins, bdb, jax.errors, np.exceptions, np.linalg)
            for name, kind in vars(module).items()
            if isinstance(kind, type) and issubclass(kind, BaseException)
        ),
    ]
)
_FIXED_GAPS = {
    "device": frozenset(["cuda", "gpu", "mps", "metal", "METAL", "neuron", "rocm", "tpu", "xpu"]),
    "kind": KNOWN_TYPES,
}
# Patterns of messages, and the sentence for each. The gap `word` takes a name that occurs in the
# notebook's text, `dotted` several such names, `device` a kind of device, `kind` the name of a
# type of Python, NumPy or JAX.
_SENTENCES = [
    (re.compile(pattern), told)
    for pattern, told in (
        (
            r"name '(?P<undefined>\w+)' is not defined.*",
            "{undefined} is not defined in the notebook at this point",
        ),
        (
            r"cannot access (local|free) variable '(?P<word>\w+)' where .*",
            "the variable {word} is used before it is set",
        ),
        (
            r"local variable '(?P<word>\w+)' referenced before assignment",
            "the variable {word} is used before it is set",
        ),
        (
            r"No module named '(?P<dotted>[\w.]+)'",
            "the module {dotted} is not installed where the notebook is graded",
        ),
        (
            r"cannot import name '(?P<word>\w+)' from '(?P<dotted>[\w.]+)'.*",
            "{dotted} has no {word} in the version that is installed here",
        ),
        (
            r"module '(?P<dotted>[\w.]+)' has no attribute '(?P<word>\w+)'.*",
            "the module {dotted} has no {word} in the version that is installed here",
        ),
        (
            r"(?P<word>\w+)\(\) missing \d+ required .*",
            "{word} is called with too few arguments",
        ),
        (
            r"(?P<word>\w+)\(\) takes .* positional arguments? but .*",
            "{word} is called with too many arguments",
        ),
        (
            r"(?P<word>\w+)\(\) got an unexpected keyword argument '.*",
            "{word} is called with an argument of a name that it does not have",
        ),
        (
            r"'CellShell' object has no attribute 'ask_exit'",
            "it calls exit() or quit(); return instead",
        ),
        (
            r"The '(?P<word>\w+)' argument to (?P<dotted>[\w.]+) is not supported\.",
            "the argument {word} of {dotted} is not supported",
        ),
        (r"'(?P<kind>\w+)' object is not callable", "{kind} is called like a function"),
        (
            r"(?s).*\bJAX\b.*\bimmutable\b.*",
            "jax arrays cannot be changed in place; use x.at[...].set(...)",
        ),
        (
            r"(?s)Unknown backend:? '?(?P<device>\w+)'?\W.*",
            "it asks for a device of the kind {device}, and the grader has none",
        ),
        (
            r"(?s)Backend '(?P<device>\w+)' .*",
            "it asks for a device of the kind {device}, and the grader has none",
        ),
        (
            r"(?s)Reverse-mode differentiation does not work for lax\.while_loop .*",
            "JAX has no reverse-mode derivative of lax.while_loop, nor of lax.fori_loop with "
            "bounds that are not known while tracing; use lax.scan",
        ),
        (r"(?s)re-tracing function .*jax.{1,2}_src.*", "tracing a function of JAX"),
        (
            r"(?s)(re-)?tracing function .* at .*",
            "tracing a compiled function of the notebook",
        ),
        (r"(?s).*\btracing\b.*no_tracing.*", "tracing where nothing may be traced"),
    )
]


@dataclass(frozen=True)
class ErrorReport:
    """An exception of the student's function, reduced to what a page may say.

    `type` is empty if the name is neither a known one nor in the notebook. `line` is a line of
    the cell; `in_cell` says whether the cell itself raised the exception and not a library that
    it called. `undefined` is the name that a NameError is about, `cause` what the judge adds.
    """

    type: str
    message: str = ""
    line: int | None = None
    in_cell: bool = False
    undefined: str = ""
    cause: str = ""

    @classmethod
    def of(cls, record: dict[str, Any], words: Collection[str] | None, lines: int) -> ErrorReport:
        """What may be shown of a record of `report_of`, whose fields have the right types.

        `words` are the names in the notebook's text, or None if nothing is secret; `lines` is
        the length of its longest cell.
        """
        kind, line = record["type"], record["line"]
        told, undefined = _told(record["message"], words)
        return cls(
            kind if words is None or kind in _KNOWN_ERRORS or kind in words else "",
            told,
            line if line is not None and 0 < line <= lines else None,
            record["in_cell"],
            undefined,
        )


def _told(message: str, words: Collection[str] | None) -> tuple[str, str]:
    """The sentence for an exception's text, or "", and the undefined name that it is about."""
    for pattern, sentence in _SENTENCES:
        found = pattern.fullmatch(message)
        if found is not None and all(_may_fill(*gap, words) for gap in found.groupdict().items()):
            gaps = found.groupdict()
            kind = {"kind": with_article(gaps["kind"])} if "kind" in gaps else {}
            return sentence.format_map(gaps | kind), gaps.get("undefined", "")
    return "", ""


def _may_fill(gap: str, name: str, words: Collection[str] | None) -> bool:
    if gap in _FIXED_GAPS:
        return name in _FIXED_GAPS[gap]
    return words is None or all(part in words for part in name.split("."))


def describe_error(name: str, error: ErrorReport) -> str:
    """A sentence on an exception, with its own text only where that cannot contain an input."""
    if error.undefined == name and error.line is None:
        cause = error.cause or f"no cell before this check defines a function {name}"
        return f"{name} is not defined: {cause}."
    known = error.type in _KNOWN_ERRORS
    text = f"{name} raises {error.type if known else 'an exception of your own or of another'}"
    text += "" if known else " library"
    if error.line is not None:
        text += f" at line {error.line} of its cell"
    cause = error.cause or error.message or _cause_by_type(error)
    return f"{text}: {cause}." if cause else f"{text}."


def _cause_by_type(error: ErrorReport) -> str:
    if error.type == "NotImplementedError":
        return _STARTER if error.in_cell else _NOT_IN_JAX
    return _CAUSES.get(error.type, "")
