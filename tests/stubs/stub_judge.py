"""A judge for tests of the worker: does what the first cell of the notebook says."""

from __future__ import annotations

import logging
import os
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from jaxercise.checks.outcome import ConfinementError, Grade
from jaxercise.course.lesson import Course
from jaxercise.grading.judged import Judged
from jaxercise.grading.racing.host import HostBusy
from jaxercise.sandbox.limits import Limits


class StubJudge:
    """Obeys `answer`, `die`, `die once`, `refuse`, `host`, `wait`, `break` and `sleep`."""

    def __init__(
        self, course: Course, *, confine: bool, seed: int, limits: Limits, spare: bool
    ) -> None:
        self.course, self.confine, self.seed, self.limits = course, confine, seed, limits
        self.graded = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        (self.course.root / "closed").write_text(str(os.getpid()))

    def judge_notebook(
        self, notebook: Any, assignment: str, name: str, known: object = None
    ) -> Judged:
        self.graded += 1
        self.obey(notebook.cells[0].source)
        environment = {
            "pid": str(os.getpid()),
            "graded": str(self.graded),
            "confine": str(self.confine),
            "seed": str(self.seed),
            "cell_s": str(self.limits.cell_s),
            "cwd": str(Path.cwd()),
            **{name: os.environ.get(name, "unset") for name in ("STUB", "STUB_SECRET")},
        }
        return Judged(Grade(assignment, name, (), environment), notebook)

    def obey(self, order: str) -> None:
        mark = self.course.root / "died"
        match order:
            case "die" | "die once":
                if order == "die" or not mark.exists():
                    mark.touch()
                    print("x" * 100_000, "the last straw", file=sys.stderr, flush=True)
                    os._exit(7)
            case "refuse":
                raise ConfinementError("switch on user namespaces")
            case "host":
                raise HostBusy("process 7 has it")
            case "wait":
                for pid in (7, 8):
                    logging.getLogger("jaxercise").warning("waiting for process %d", pid)
            case "break":
                raise ZeroDivisionError("a bug of ours")
            case "sleep":
                (self.course.root / "asleep").write_text(str(os.getpid()))
                time.sleep(60)
