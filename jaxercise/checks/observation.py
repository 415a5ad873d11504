"""What one call did: the report of the student's process, reduced to what the judge accepts.

A report is made in the process that runs student code, and may be forged. Each of its fields
therefore has a list of what it may say; anything else is refused or dropped here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, NoReturn

import numpy as np

from jaxercise.checks.mismatch import noun
from jaxercise.checks.outcome import CheckFailed
from jaxercise.checks.raised import ErrorReport, describe_error
from jaxercise.inside import keys
from jaxercise.inside.process_state import RNGS, SETTINGS
from jaxercise.wire import private_jax, records
from jaxercise.wire.codec import WireError

_MAX_NAMES = 100


@dataclass(frozen=True)
class Allowed:
    """What the report of one particular call may say.

    `inputs` are the names of the call's arguments, as in the report; `words` the names that occur
    in the notebook's text; `lines` the length of its longest cell. None allows anything, for
    calls whose inputs are not secret.
    """

    inputs: Collection[str] | None = None
    words: Collection[str] | None = None
    lines: int = 10**6

    @classmethod
    def for_call(cls, call: dict[str, Any], words: Collection[str], lines: int) -> Allowed:
        """What a report may say on the call with this message (`Call.to_message`)."""
        arguments = [f"argument {i + 1}" for i in range(len(call["args"]))]
        return cls(frozenset([*arguments, *call["kwargs"]]), words, lines)


@dataclass(frozen=True)
class Observation:
    """What one call did.

    `value` is a record tree; the other fields are empty where nothing happened. A name that must
    not be shown is an empty text.
    """

    name: str
    value: Any = None
    error: ErrorReport | None = None
    printed: bool = False
    changed_inputs: tuple[str, ...] = ()
    changed_globals: tuple[str, ...] = ()
    moved_rngs: tuple[str, ...] = ()
    changed_config: tuple[str, ...] = ()
    changed_settings: tuple[str, ...] = ()
    leaked_tracers: tuple[str, ...] = ()
    key_reuse: str | None = None

    @classmethod
    def of(cls, name: str, report: Any, allowed: Allowed | None = None) -> Observation:
        """From the report of `observe`; raises WireError if it does not have that form."""
        if isinstance(report, Observation):
            return report
        if not isinstance(report, dict):
            raise WireError("a report that is not a record")
        allowed = allowed or Allowed()
        names = {field: _names(report, field) for field in _FIELDS_OF_NAMES}
        for field, possible in (
            ("changed_inputs", allowed.inputs),
            ("moved_rngs", RNGS),
            ("changed_settings", SETTINGS),
        ):
            if possible is not None and not set(names[field]) <= set(possible):
                raise WireError(f"a report whose {field} names what cannot be")
        for field in ("changed_globals", "leaked_tracers"):
            names[field] = _told(names[field], allowed.words)
        names["changed_config"] = _told(names["changed_config"], private_jax.options())
        return cls(
            name,
            report.get("value"),
            _error(report.get("error"), allowed),
            bool(_typed(report, "printed", str | None)),
            key_reuse=_key_reuse(report.get("key_reuse")),
            **names,
        )

    @property
    def needs_tracing(self) -> bool:
        """Whether a call `without_tracing` had to trace a compiled function of the notebook.

        This is the only sign of a function with `inline=True`, which does not show in a jaxpr.
        """
        told = self.error.message if self.error is not None else ""
        return told == "tracing a compiled function of the notebook"

    def numpy(self) -> Any:
        """The value with NumPy arrays as leaves; raises CheckFailed if the call raised."""
        if self.error is not None:
            raise CheckFailed(describe_error(self.name, self.error))
        return to_numpy(self.value, self.name)


_FIELDS_OF_NAMES = (
    "changed_inputs",
    "changed_globals",
    "moved_rngs",
    "changed_config",
    "changed_settings",
    "leaked_tracers",
)


def _refuse(field: str, what: str) -> NoReturn:
    raise WireError(f"a report whose {field} is {what}")


def _typed(record: dict[str, Any], field: str, kind: Any) -> Any:
    value = record.get(field)
    # A bool is an int to isinstance.
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        _refuse(field, "of another type")
    return value


def _names(report: dict[str, Any], field: str) -> tuple[str, ...]:
    names = _typed(report, field, list | tuple | None) or ()
    if not all(isinstance(name, str) for name in names):
        _refuse(field, "not a list of names")
    return tuple(names[:_MAX_NAMES])


def _told(names: tuple[str, ...], allowed: Collection[str] | None) -> tuple[str, ...]:
    return tuple(name if allowed is None or name in allowed else "" for name in names)


def _error(record: Any, allowed: Allowed) -> ErrorReport | None:
    if record is None:
        return None
    if not isinstance(record, dict):
        raise WireError("a report whose error is not a record")
    fields = {"type": str, "message": str, "line": int | None, "in_cell": bool}
    typed = {field: _typed(record, field, kind) for field, kind in fields.items()}
    return ErrorReport.of(typed, allowed.words, allowed.lines)


def _key_reuse(conflict: Any) -> str | None:
    if conflict is None:
        return None
    told = keys.in_words(conflict)
    return told if told is not None else _refuse("key_reuse", "none that can be found")


def assert_has_form(value: Any, mode: str, calls: int) -> None:
    """Raise WireError if a report's value does not have the form that `mode` always gives it."""
    if mode == "jaxpr":
        fine = (
            isinstance(value, dict)
            and value.keys() == {"equations", "primitives", "top", "largest", "trips"}
            and _are_counts([value["equations"], value["largest"], value["trips"]])
            and _are_counted_names(value["primitives"])
            and _are_counted_names(value["top"])
        )
    elif mode == "traces":
        fine = isinstance(value, list) and len(value) == calls and _are_counts(value)
    else:
        fine = mode == "call" or value is None
    if not fine:
        raise WireError(f"a report on {mode} whose value has another form")


def _are_counts(values: Iterable[Any]) -> bool:
    return all(type(value) is int and 0 <= value < 2**63 for value in values)


def _are_counted_names(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and all(isinstance(name, str) for name in value)
        and _are_counts(value.values())
    )


def to_numpy(record: Any, name: str = "the function") -> Any:
    """A record tree with NumPy arrays as leaves.

    Raises CheckFailed for a leaf that is neither an array nor a number; `name` is the function's.
    """
    match record:
        case records.Array(data) | records.Key(_, data):
            return data
        case records.Opaque() | records.Standin():
            raise CheckFailed(f"{name} returns {noun(record)}, which is not an array or number.")
        case list():
            return [to_numpy(item, name) for item in record]
        case tuple():
            return tuple(to_numpy(item, name) for item in record)
        case dict():
            return {key: to_numpy(item, name) for key, item in record.items()}
        case int() if not -(2**63) <= record < 2**64:
            raise CheckFailed(f"{name} returns an int that no array can hold.")
        case bool() | int() | float() | complex():
            return np.asarray(record)
    return record
