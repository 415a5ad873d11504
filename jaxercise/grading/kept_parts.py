"""Parts of verdicts that are kept by themselves: outcomes of exercises, what cells show.

Where one hidden test changed, only its exercise is then checked again. As with whole verdicts,
nothing is kept of a notebook whose processes were disturbed, nor what waits for a person.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from jaxercise.checks.outcome import ExerciseOutcome
from jaxercise.course.lesson import Lesson
from jaxercise.grading.judged import Judged, Known, Shown
from jaxercise.grading.store import RecordStore
from jaxercise.grading.verdict_key import PartKeys

_T = TypeVar("_T")


def take(store: RecordStore, keys: PartKeys, lesson: Lesson) -> Known:
    """What is kept of a notebook with these keys."""
    outcomes: dict[str, ExerciseOutcome] = {}
    for name, key in keys.exercises.items():
        outcome = _read(store, key, ExerciseOutcome.from_json)
        if outcome is None:
            continue
        declared = [check.check for check in lesson.by_name[name].checks]
        if outcome.exercise == name and [one.check for one in outcome.checks] == declared:
            outcomes[name] = outcome
        else:
            store.drop(key, f"not the outcome of {name}")
    shown = _read(store, keys.shown, Shown.from_json)
    if shown is not None and len(shown.outputs) != keys.cells:
        store.drop(keys.shown, "not of this notebook's cells")
        shown = None
    return Known(outcomes, shown)


def keep(store: RecordStore, keys: PartKeys, judged: Judged) -> None:
    """Keep those parts of a verdict that were found out anew and that last."""
    for outcome in judged.repeatable:
        if key := keys.exercises.get(outcome.exercise):
            store.put(key, outcome.to_json())
    if judged.undisturbed and judged.shown is not None:
        store.put(keys.shown, judged.shown.to_json())


def _read(store: RecordStore, key: str, parse: Callable[[dict[str, Any]], _T]) -> _T | None:
    record = store.get(key)
    if record is None:
        return None
    try:
        return parse(record)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        store.drop(key, f"not of the expected form ({error!r})")
        return None
