"""Verdicts that are kept, so that the same notebook is not judged twice.

Only verdicts that would come out the same again are kept: none that waits for a person, timed
out, crashed or met a fault of the grader. The records are in a folder that only its owner can
reach, and that no sandbox shows.
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
    """Open the store in a folder; None, with a warning, if that folder cannot be used."""
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
    """The kept verdict on a mended notebook, restated for the submission `name`, or None."""
    record = store.get(key)
    if record is None:
        return None
    try:
        grade = Grade.from_json(record["grade"])
        return _restated(grade, record["cells"], mended, name, undisturbed=True)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        store.drop(key, f"not of the expected form ({error!r})")
        return None


def keep(store: RecordStore, key: str, judged: Judged) -> None:
    """Keep a verdict, if it would come out the same again."""
    if not judged.is_repeatable:
        return
    # Whose notebook it was and what was mended in it are not part of the verdict.
    grade = replace(judged.grade, notebook="", repairs=())
    store.put(key, {"grade": grade.to_json(), "cells": _shown(judged)})


def restated(judged: Judged, mended: Mended, name: str) -> Judged:
    """A verdict on the same code, restated for the submission `name`, mended to `mended`."""
    return _restated(judged.grade, _shown(judged), mended, name, judged.undisturbed)


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


def _restated(
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
    restated_grade = replace(grade, notebook=name, repairs=mended.repairs)
    return Judged(restated_grade, notebook, undisturbed)
