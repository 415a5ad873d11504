"""Verdicts that are kept, so that the same notebook is not judged twice.

Kept is what would come out the same again: not what waits for a person, timed out, crashed or
met a fault of the grader. The records lie in a folder that its owner alone reaches and that
no sandbox shows.
"""

from __future__ import annotations

import copy
import logging
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import nbformat
import platformdirs

from jaxercise.checks.outcome import Grade
from jaxercise.course.mend import Mended
from jaxercise.grading.judged import Judged
from jaxercise.grading.store import MAX_BYTES, RecordStore, StoreError
from jaxercise.sandbox.view import visible_inside

# A folder, or "none": keep nothing.
VARIABLE = "JAXERCISE_VERDICTS"
_MIB = 2**20
_log = logging.getLogger("jaxercise")


def default_folder() -> Path | None:
    """Where verdicts are kept: in the user's cache; None where the environment says "none"."""
    configured = os.environ.get(VARIABLE)
    if configured == "none":
        return None
    if configured:
        return Path(configured).expanduser().absolute()
    return platformdirs.user_cache_path("jaxercise") / "verdicts"


def open_store(folder: Path | None, max_mib: int = MAX_BYTES // _MIB) -> RecordStore | None:
    """The store in a folder; None, and a warning, where none can be had there."""
    if folder is None:
        return None
    try:
        if visible_inside(folder):
            raise StoreError(
                f"{folder}: students' notebooks could read it there; set {VARIABLE} to a folder "
                "outside Python's and the system's own"
            )
        return RecordStore(folder, max_mib * _MIB)
    except StoreError as error:
        _log.warning("No verdicts are kept: %s", error)
        return None


def take(store: RecordStore, key: str, mended: Mended, name: str) -> Judged | None:
    """The kept verdict of a mended notebook, as that of the submission `name`; None without one."""
    record = store.get(key)
    if record is None:
        return None
    try:
        grade = Grade.from_json(record["grade"])
        return _told_of(grade, record["cells"], mended, name, undisturbed=True)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        store.drop(key, f"not of the expected form ({error!r})")
        return None


def keep(store: RecordStore, key: str, judged: Judged) -> None:
    """Keep a verdict, if it is one that lasts."""
    if not judged.lasts:
        return
    # Whose notebook it was, and what was mended in it, is no part of the verdict.
    grade = replace(judged.grade, notebook="", repairs=())
    store.put(key, {"grade": grade.to_json(), "cells": _shown(judged)})


def as_of(judged: Judged, mended: Mended, name: str) -> Judged:
    """A verdict on the same code, as that of the submission `name` that was mended to `mended`."""
    return _told_of(judged.grade, _shown(judged), mended, name, judged.undisturbed)


def _shown(judged: Judged) -> dict[str, Any]:
    """What the judge put into each cell of code, by the cell's id."""
    return {
        cell.id: {
            "outputs": cell.outputs,
            "execution_count": cell.execution_count,
            "jaxercise": cell.metadata.get("jaxercise"),
        }
        for cell in judged.notebook.cells
        if cell.cell_type == "code"
    }


def _told_of(
    grade: Grade, shown: dict[str, Any], mended: Mended, name: str, undisturbed: bool
) -> Judged:
    notebook = copy.deepcopy(mended.notebook)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            made = shown[cell.id]
            cell.outputs = [nbformat.from_dict(output) for output in made["outputs"]]
            cell.execution_count = made["execution_count"]
            if made["jaxercise"] is not None:
                cell.metadata["jaxercise"] = nbformat.from_dict(made["jaxercise"])
    told = replace(grade, notebook=name, repairs=mended.repairs)
    return Judged(told, notebook, undisturbed)
