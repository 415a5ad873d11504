"""Proofs of known answers, kept in the course's folder; a fresh clone has none."""

from __future__ import annotations

import contextlib
import logging
from dataclasses import replace
from pathlib import Path

from jaxercise.course.lesson import Course, Lesson
from jaxercise.grading.solutions import known_solutions
from jaxercise.grading.store import RecordStore, StoreError
from jaxercise.grading.trials import Proof
from jaxercise.grading.verdict_key import VerdictKeys
from jaxercise.sandbox.limits import Limits

_FOLDER = ".jaxercise"
_MAX_BYTES = 64 * 2**20
_log = logging.getLogger("jaxercise")


class KeptProofs:
    """Finds and stores the proofs of an exercise; with `fresh`, it finds none.

    They are stored once every known answer of the exercise came out as filed. The key covers
    its hidden tests, its known answers, the lesson's code, the reference, and everything else
    that a verdict depends on.
    """

    def __init__(
        self, course: Course, store: RecordStore, fresh: bool = False, seed: int = 0
    ) -> None:
        self._course, self._store, self._fresh = course, store, fresh
        self._keys = VerdictKeys(course, Limits(), {"seed": seed, "confine": False})
        self._asked: dict[tuple[str, str], str] = {}
        self._lessons: dict[tuple[str, str], Lesson] = {}

    def take(self, assignment: str, name: str) -> list[Proof] | None:
        """The proofs of an exercise on which nothing has changed; None where there are none."""
        key = self._asked[assignment, name] = self._key(assignment, name)
        record = None if self._fresh else self._store.get(key)
        if record is None:
            return None
        try:
            proofs = [replace(Proof(**one), kept=True) for one in record["proofs"]]
        except (KeyError, TypeError) as error:
            self._store.drop(key, f"not of the expected form ({error!r})")
            return None
        return proofs if self._is_whole(assignment, name, proofs) else None

    def keep(self, assignment: str, name: str, proofs: list[Proof]) -> None:
        """Keep an exercise's proofs, if these are all, and nothing changed since `take`."""
        if not self._is_whole(assignment, name, proofs):
            return
        key = self._asked[assignment, name]
        if self._key(assignment, name) == key:
            self._store.put(key, {"proofs": [vars(proof) for proof in proofs]})

    def _key(self, assignment: str, name: str) -> str:
        lesson = self._lesson(assignment)
        return self._keys.of_proof(lesson, lesson.by_name[name])

    def _lesson(self, assignment: str) -> Lesson:
        """The lesson, read again where a file of the course has changed."""
        state = assignment, self._keys.course_state()
        if state not in self._lessons:
            self._lessons[state] = self._course.lesson(assignment)
        return self._lessons[state]

    def _is_whole(self, assignment: str, name: str, proofs: list[Proof]) -> bool:
        """Whether these are all known answers of an exercise, and all came out as filed."""
        exercise = self._lesson(assignment).by_name[name]
        known = [one.title for one in known_solutions(self._course, assignment, exercise)]
        return sorted(known) == sorted(proof.solution for proof in proofs if proof.ok)


def open_proofs(course: Course, fresh: bool = False, seed: int = 0) -> KeptProofs | None:
    """The proofs in a course's folder; None, with a warning, if none can be kept there.

    `seed` is that of the hidden inputs.
    """
    folder = course.root / _FOLDER
    try:
        store = RecordStore(folder / "proofs", _MAX_BYTES)
        _keep_out_of_git(folder)
    except StoreError as error:
        _log.warning("No proofs are kept: %s", error)
        return None
    return KeptProofs(course, store, fresh, seed)


def _keep_out_of_git(folder: Path) -> None:
    with contextlib.suppress(OSError), (folder / ".gitignore").open("x") as file:
        file.write("*\n")
