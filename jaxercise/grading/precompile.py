"""Compiles once what grading a lesson's reference compiles, to serve it to students' sandboxes.

The solved notebook of the course is run as a student's would be, hidden tests included but for
races. Its code is trusted like the reference in the judge, so the process is not confined, and
JAX keeps what it compiles in a folder of its own. Each exercise is compiled for by itself, so
where one hidden test has changed, only what its exercise needs is compiled again.
"""

from __future__ import annotations

import logging
import tempfile
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path

from jaxercise.course.build import source_notebook
from jaxercise.course.lesson import Exercise, Lesson
from jaxercise.grading.checking import check_exercise, give_way
from jaxercise.grading.course_cache import CourseCache
from jaxercise.grading.program_store import (
    CompiledPrograms,
    ProgramStore,
    host_features,
    open_program_store,
)
from jaxercise.grading.session import Session, plan
from jaxercise.grading.verdict_key import SHOWN, VerdictKeys
from jaxercise.sandbox.run import Deadline, Run
from jaxercise.wire.compiled import is_key

# Making them takes about as long as checking an exercise, and saves a part of each later check.
_WORTH_IT_AFTER = 2
_SUFFIX = "-cache"  # of JAX's files; the rest of the name is the key
_log = logging.getLogger("jaxercise")


class Precompiler:
    """The programs that each lesson's notebooks are served, made when they are worth it.

    A lesson's parts are its exercises and SHOWN. The programs of a part are made once for each
    state of the course, library and host, after this judge has judged a few notebooks that needed
    them, by one judge of the host. No verdict depends on them.
    """

    def __init__(self, cache: CourseCache, seed: int, store: ProgramStore | None = None) -> None:
        self._cache, self._seed = cache, seed
        self._store = store or (open_program_store() if cache.confine else None)
        settings = {"seed": seed, "features": host_features()}
        self._keys = VerdictKeys(cache.course, cache.limits, settings)
        self._asked: Counter[str] = Counter()
        self._known: dict[str, CompiledPrograms] = {}
        self._given_up: set[str] = set()

    def programs(self, lesson: Lesson, parts: Collection[str]) -> CompiledPrograms | None:
        """What to serve to a notebook of which these parts are run; None: there is nothing yet."""
        if self._store is None:
            return None
        keys = self._keys.of_programs(lesson)
        for key in keys.values():
            if key not in self._known and (found := self._store.get(key)) is not None:
                self._known[key] = found
        self._asked.update(keys[part] for part in parts)
        missing = {part: keys[part] for part in parts if keys[part] not in self._known}
        if any(self._asked[key] > _WORTH_IT_AFTER for key in missing.values()):
            with self._store.making(keys[SHOWN]) as alone:
                if alone:  # Else another judge is about to have them: look again next time.
                    self._make(self._store, lesson, missing)
        known = [self._known[key] for key in keys.values() if key in self._known]
        return CompiledPrograms.together(known) if known else None

    def _make(self, store: ProgramStore, lesson: Lesson, missing: Mapping[str, str]) -> None:
        wanted = {part: key for part, key in missing.items() if key not in self._given_up}
        if not wanted:
            return
        _log.info("compiling what %s needs, once for all notebooks", lesson.assignment)
        try:
            made = precompiled(self._cache, lesson, self._seed, wanted)
        except Exception as error:  # It would only have saved time.
            _log.warning("%s: nothing is compiled ahead: %r", lesson.assignment, error)
            self._given_up.update(wanted.values())
            return
        for part, programs in made.items():
            store.put(wanted[part], programs)
            self._known[wanted[part]] = programs


def precompiled(
    cache: CourseCache, lesson: Lesson, seed: int, parts: Collection[str]
) -> dict[str, CompiledPrograms]:
    """The programs of these parts of the lesson's solved notebook, with hidden inputs of this seed.

    What several parts compile is with the first of them.

    Raises:
        KernelFailed, StudentDied, GraderFault: the notebook does not run.
    """
    planned = plan(source_notebook(lesson), lesson)
    deadline = Deadline.after(cache.limits.notebook_s)
    made: dict[str, CompiledPrograms] = {}
    with (
        tempfile.TemporaryDirectory(prefix="jaxercise-compiled-") as name,
        cache.trusted_kernel(Path(name)) as kernel,
    ):
        taken: set[str] = set()
        if SHOWN in parts:
            cells = [p.cell for p in planned if p.check_of is None]
            show = Run(kernel, cells, deadline, "show")
            for position in range(1, len(cells) + 1):
                give_way(cache.host, kernel, deadline)
                show.advance(position)
            show.close()
            made[SHOWN] = CompiledPrograms(shown=_new_programs(Path(name), taken))
        session = Session(kernel, planned, deadline)
        for cell in [p for p in planned if p.check_of in parts and p.check_of is not None]:
            session.start_anew()
            session.advance_to(cell.index)
            exercise = _without_races(lesson.by_name[str(cell.check_of)])
            check_exercise(cache, session, lesson.assignment, exercise, seed)
            made[exercise.name] = CompiledPrograms(checked=_new_programs(Path(name), taken))
        session.close()
    return made


def _without_races(exercise: Exercise) -> Exercise:
    return replace(exercise, checks=tuple(c for c in exercise.checks if c.property != "speed"))


def _new_programs(folder: Path, taken: set[str]) -> dict[str, bytes]:
    """What was compiled since the last call, by key; these keys are then `taken`."""
    files = {path.name.removesuffix(_SUFFIX): path for path in folder.rglob(f"*{_SUFFIX}")}
    new = {
        key: path.read_bytes() for key, path in files.items() if is_key(key) and key not in taken
    }
    taken.update(new)
    return new
