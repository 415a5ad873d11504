"""Which notebooks below some folders are new and whole: `jaxercise grade --watch` judges those."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

# A file that did not change for so long is read; one that cannot be read gets more time.
SETTLE_S, UNREADABLE_S = 2.0, 30.0
# submitted/STUDENT/ASSIGNMENT/ and the exchange's inbound/STUDENT+ASSIGNMENT+TIME/.
_PLACES = ("*.ipynb", "*/*.ipynb", "*/*/*.ipynb")
_INBOUND = re.compile(r"([^+]+)\+([^+]+)\+(.+)")
_Stamp = tuple[int, int, int]


@dataclass
class _File:
    stamp: _Stamp
    since: float
    due: float
    given: bool = False
    retried: bool = False


class Arrivals:
    """Gives out each notebook below `folders` once, and again when it changed.

    Of what one student handed in to the exchange for one assignment, only the newest counts, as
    `nbgrader collect` has it.
    """

    def __init__(
        self, folders: Iterable[Path], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.folders, self._clock = tuple(folders), clock
        self._files: dict[Path, _File] = {}

    def ready(self) -> list[Path]:
        """The notebooks that have not changed for a while and were not given out yet."""
        now = self._clock()
        known, self._files = self._files, {}
        ready: list[Path] = []
        for path in _newest(self._found()):
            stamp = _stamp(path)
            if stamp is None:  # removed meanwhile
                continue
            file = known.get(path)
            if file is None or file.stamp != stamp:
                file = _File(stamp, now, now + SETTLE_S)
            self._files[path] = file
            if not file.given and now >= file.due:
                file.given = True
                ready.append(path)
        return ready

    def wait_longer(self, path: Path) -> bool:
        """Give out a notebook once more, later, since it may be half written; False if it was."""
        file = self._files[path]
        if file.retried:
            return False
        file.given, file.retried, file.due = False, True, file.since + UNREADABLE_S
        return True

    @property
    def some_are_waited_for(self) -> bool:
        """Whether a notebook was found that has not been given out yet."""
        return not all(file.given for file in self._files.values())

    def forget(self) -> None:
        """Give everything out again."""
        self._files.clear()

    def _found(self) -> Iterator[Path]:
        for folder in self.folders:
            for place in _PLACES:
                for path in folder.glob(place):
                    hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
                    if not hidden:
                        yield path


def assignment_by_place(path: Path, known: Iterable[str]) -> str | None:
    """The assignment that the folder of a submission names, as nbgrader understands it."""
    inbound = _INBOUND.fullmatch(path.parent.name)
    named = inbound[2] if inbound else path.parent.name
    return named if named in known else None


def _newest(paths: Iterable[Path]) -> list[Path]:
    """Those paths that no later submission of the same student has replaced, in order."""
    newest: dict[tuple[Path, str, str], str] = {}
    found = sorted(set(paths))
    for path in found:
        if inbound := _INBOUND.fullmatch(path.parent.name):
            who = path.parent.parent, inbound[1], inbound[2]
            newest[who] = max(newest.get(who, ""), inbound[3])

    def counts(path: Path) -> bool:
        inbound = _INBOUND.fullmatch(path.parent.name)
        return not inbound or newest[path.parent.parent, inbound[1], inbound[2]] == inbound[3]

    return [path for path in found if counts(path)]


def _stamp(path: Path) -> _Stamp | None:
    try:
        status = path.lstat()
    except OSError:
        return None
    return status.st_size, status.st_mtime_ns, status.st_ino
