"""`--watch`: do a command's work again whenever files of the course change.

Building happens in this process. Proving runs `jaxercise prove` anew for the exercises that
a change concerns, so that no module of an earlier state stays imported.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from pathlib import Path

from watchfiles import Change, DefaultFilter, watch

from jaxercise.course.lesson import Course

_FOLDERS = ("lessons", "reference", "grader_tests", "tests")
_SUFFIXES = (".md", ".py", ".png")
_LOOK_EVERY_MS = 500
_GRACE_S = 5.0


def repeat(course: Course, work: Callable[[Collection[Path] | None], None]) -> int:
    """Call `work` with None, and then with the files of each change; 0 after Ctrl-C.

    What changes while `work` runs is in the next call. Paths are those of files with a suffix
    that a course has, in the folders that authors write.
    """
    with contextlib.suppress(KeyboardInterrupt):
        for number, paths in enumerate(_changes(course)):
            if number and not paths:
                continue
            if paths:
                names = sorted(str(path.relative_to(course.root)) for path in paths)
                print(f"\n{time.strftime('%H:%M:%S')} changed: {', '.join(names)}", flush=True)
            work(paths or None)
            print("watching for changes; Ctrl-C ends", flush=True)
    return 0


def _changes(course: Course) -> Iterator[set[Path]]:
    """At once an empty set, then the files of each change, and an empty set twice a second."""
    default = DefaultFilter()

    def wanted(change: Change, path: str) -> bool:
        return path.endswith(_SUFFIXES) and default(change, path)

    folders = [course.root / name for name in _FOLDERS if (course.root / name).is_dir()]
    seen = watch(
        *folders,
        watch_filter=wanted,
        rust_timeout=_LOOK_EVERY_MS,
        yield_on_timeout=True,
        raise_interrupt=True,
    )
    for changes in seen:
        yield {Path(path) for _, path in changes}


def concerned(
    course: Course, paths: Collection[Path], assignments: Sequence[str]
) -> dict[str, str | None]:
    """What to prove again: assignment to one exercise, or to None for all of its exercises.

    A lesson and a reference concern their assignment, hidden tests and known answers one
    exercise, and any other file among the hidden tests all that lie beside or below it.
    """
    found: dict[str, set[str | None]] = {}
    for path in paths:
        match path.relative_to(course.root).parts:
            case ("lessons" | "reference", file) if Path(file).suffix in (".md", ".py"):
                names, exercise = [Path(file).stem], None
            case ("grader_tests", name, file) if file.startswith("test_"):
                names, exercise = [name], Path(file).stem.removeprefix("test_")
            case ("grader_tests", name, _):
                names, exercise = [name], None
            case ("grader_tests", _):
                names, exercise = list(assignments), None
            case ("tests", "solutions", name, file):
                names, exercise = [name], Path(file).stem
            case _:
                continue
        for name in names:
            found.setdefault(name, set()).add(exercise)
    return {
        name: next(iter(found[name])) if len(found[name]) == 1 else None
        for name in assignments
        if name in found
    }


def prove_again(
    course: Course,
    paths: Collection[Path] | None,
    assignments: Sequence[str],
    only: str | None,
    options: Sequence[str],
) -> None:
    """Run `jaxercise prove` for what the files concern, or for everything where they are None.

    `assignments` and the exercise `only` limit what is proven; `options` are passed on.
    """
    if paths is None:
        _prove(course, [*assignments, *(["--exercise", only] if only else []), *options])
        return
    for assignment, exercise in concerned(course, paths, assignments).items():
        if only is None or exercise in (None, only):
            name = only or exercise
            _prove(course, [assignment, *(["--exercise", name] if name else []), *options])


def _prove(course: Course, arguments: list[str]) -> None:
    """Run the command; Ctrl-C ends it too.

    It has a process group of its own, so that the keyboard's signal does not reach its
    workers, each of which would print a traceback.
    """
    command = [sys.executable, "-m", "jaxercise", "prove", *arguments]
    with subprocess.Popen(command, cwd=course.root, process_group=0) as process:
        try:
            process.wait()
        except KeyboardInterrupt:
            _end(process)
            raise


def _end(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGINT)
    for number in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(_GRACE_S)
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, number)
