"""Compiles once what grading a lesson's reference compiles, to serve it to students' sandboxes.

The solved notebook of the course is run as a student's would be, hidden tests included but for
races. Its code is trusted like the reference in the judge, so the process is not confined, and
JAX keeps what it compiles in a folder of its own.
"""

from __future__ import annotations

import logging
import tempfile
from collections import Counter
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
from jaxercise.grading.verdict_key import VerdictKeys
from jaxercise.sandbox.run import Deadline, Run
from jaxercise.wire.compiled import is_key

# Making the programs takes about as long as judging a notebook, and saves a part of each later one.
_WORTH_IT_AFTER = 2
_SUFFIX = "-cache"  # of JAX's files; the rest of the name is the key
_log = logging.getLogger("jaxercise")


class Precompiler:
    """The programs that each lesson's notebooks are served, made when they are worth it.

    They are made once for each state of the course, library and host, after this judge has
    judged a few notebooks of the lesson, by one judge of the host. No verdict depends on them.
    """

    def __init__(self, cache: CourseCache, seed: int, store: ProgramStore | None = None) -> None:
        self._cache, self._seed = cache, seed
        self._store = store or (open_program_store() if cache.confine else None)
        settings = {"seed": seed, "features": host_features()}
        self._keys = VerdictKeys(cache.course, cache.limits, settings)
        self._asked: Counter[str] = Counter()
        self._known: dict[str, CompiledPrograms] = {}

    def programs(self, lesson: Lesson) -> CompiledPrograms | None:
        """What to serve to the next notebook of this lesson; None where there is nothing yet."""
        if self._store is None:
            return None
        name = lesson.assignment
        self._asked[name] += 1
        if name not in self._known:
            key = self._keys.of_programs(lesson)
            found = self._store.get(key) or self._made(self._store, key, lesson)
            if found is None:
                return None
            self._known[name] = found
        return self._known[name]

    def _made(self, store: ProgramStore, key: str, lesson: Lesson) -> CompiledPrograms | None:
        if self._asked[lesson.assignment] != _WORTH_IT_AFTER + 1:
            return None
        with store.making(key) as alone:
            if not alone:  # Another judge is about to have them: look again next time.
                self._asked[lesson.assignment] -= 1
                return None
            _log.info("compiling what %s needs, once for all notebooks", lesson.assignment)
            try:
                programs = precompiled(self._cache, lesson, self._seed)
            except Exception as error:  # It would only have saved time.
                _log.warning("%s: nothing is compiled ahead: %r", lesson.assignment, error)
                return None
            store.put(key, programs)
            return programs


def precompiled(cache: CourseCache, lesson: Lesson, seed: int) -> CompiledPrograms:
    """The programs of the lesson's solved notebook, graded with hidden inputs of this seed.

    Raises:
        KernelFailed, StudentDied, GraderFault: the notebook does not run.
    """
    planned = plan(source_notebook(lesson), lesson)
    deadline = Deadline.after(cache.limits.notebook_s)
    with (
        tempfile.TemporaryDirectory(prefix="jaxercise-compiled-") as name,
        cache.trusted_kernel(Path(name)) as kernel,
    ):
        cells = [p.cell for p in planned if p.check_of is None]
        show = Run(kernel, cells, deadline, "show")
        for position in range(1, len(cells) + 1):
            give_way(cache.host, kernel, deadline)
            show.advance(position)
        show.close()
        shown = _programs_in(Path(name))
        session = Session(kernel, planned, deadline)
        for cell in [p for p in planned if p.check_of is not None]:
            session.start_anew()
            session.advance_to(cell.index)
            exercise = _without_races(lesson.by_name[str(cell.check_of)])
            check_exercise(cache, session, lesson.assignment, exercise, seed)
        session.close()
        everything = _programs_in(Path(name))
    checked = {key: program for key, program in everything.items() if key not in shown}
    return CompiledPrograms(shown, checked)


def _without_races(exercise: Exercise) -> Exercise:
    return replace(exercise, checks=tuple(c for c in exercise.checks if c.property != "speed"))


def _programs_in(folder: Path) -> dict[str, bytes]:
    files = {path.name.removesuffix(_SUFFIX): path for path in folder.rglob(f"*{_SUFFIX}")}
    return {key: path.read_bytes() for key, path in files.items() if is_key(key)}
