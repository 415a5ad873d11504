"""The process of one batch: runs nbgrader's commands and writes down how far they are.

    python -m jaxercise.server.runner COURSE --lock DESCRIPTOR

What to do stands in the state that server/batch.py wrote; the descriptor holds the course's lock.
"""

from __future__ import annotations

import argparse
import os
import re
import signal
import subprocess
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from types import FrameType

import psutil

from jaxercise.grading.progress import progress_in
from jaxercise.nbgrader.commands import command_line, environment, read_grade
from jaxercise.server.batch import Batch, Batches

_END_S = 10.0
_LOG_LINE = re.compile(r"\[\w+ \| (?P<level>[A-Z]+)\] (?P<text>.*)")
# nbgrader's last step for each submission.
_FINISHED = "Setting destination file permissions"
_COLLECTS = re.compile(r"(Collecting|Updating|Processing) .*")


class Runner:
    """Runs the commands of the batch that `batches` has in its state."""

    def __init__(self, batches: Batches, batch: Batch) -> None:
        self.batches, self.batch = batches, batch
        self._cancelled = False
        self._child: subprocess.Popen[str] | None = None
        self._began: float | None = None

    def run(self) -> None:
        """Collect if that is asked for, then grade; the state says at last how it ended."""
        name = self.batch.assignment
        ok = True
        if self.batch.collect:
            self._tell("Collecting what was handed in")
            ok = self._command("collect", [name, "--update"])
        if ok and not self._cancelled:
            self._tell("Grading everything again" if self.batch.again else "Grading what is new")
            ok = self._command("autograde", [name, "--create", *["--force"] * self.batch.again])
        self._end(ok)

    def cancel(self, signum: int, frame: FrameType | None) -> None:
        """End the command that runs, and its judges: what was graded until then is kept."""
        self._cancelled = True
        if self._child is None:
            return
        below: list[psutil.Process] = []
        with suppress(psutil.Error):
            below = psutil.Process(self._child.pid).children(recursive=True)
        self._child.terminate()
        for process in below:
            with suppress(psutil.Error):
                process.terminate()

    def _command(self, command: str, arguments: Sequence[str]) -> bool:
        root, log = self.batches.root, self.batches.log_file(self.batch.assignment)
        with (
            log.open("a", encoding="utf-8") as file,
            subprocess.Popen(
                command_line(command, arguments),
                cwd=root,
                env=environment(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="replace",
            ) as self._child,
        ):
            if self._cancelled:
                self._child.terminate()
            assert self._child.stdout is not None
            for line in self._child.stdout:
                file.write(line)
                file.flush()
                self._hear(line.rstrip())
            try:
                code = self._child.wait(_END_S)
            except subprocess.TimeoutExpired:
                self._child.kill()
                code = self._child.wait()
        return code == 0

    def _hear(self, line: str) -> None:
        found = _LOG_LINE.fullmatch(line)
        if found is None:
            return  # The rest of a traceback; the log file has it.
        level, text = found["level"], found["text"]
        if progress := progress_in(text):
            self._begin(progress.place, progress.total, progress.name)
        elif text.startswith(_FINISHED):
            self._finish()
        elif level in ("WARNING", "ERROR", "CRITICAL"):
            self._tell(text, level)
        elif self.batch.current and text.startswith(f"{self.batch.current}: "):
            doing = text.removeprefix(f"{self.batch.current}: ")
            self._store(replace(self.batch, doing=doing))
        elif self.batch.total == 0 and _COLLECTS.fullmatch(text):
            self._tell(text)

    def _begin(self, place: int, total: int, name: str) -> None:
        now = time.monotonic()
        self._began = now if self._began is None else self._began
        done = place - 1
        left_s = (now - self._began) / done * (total - done) if done else None
        self._store(
            replace(self.batch, done=done, total=total, current=name, doing="", left_s=left_s)
        )

    def _finish(self) -> None:
        """One notebook is graded and stored."""
        if not self.batch.current:
            return
        student = self.batch.current.split("/")[0]
        self.batch = replace(self.batch, done=self.batch.done + 1, current="", doing="")
        try:
            grade = read_grade(self.batches.root, student, self.batch.assignment)
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            self._tell(f"{student}: graded")
            return
        waiting = [one.exercise for one in grade.exercises if one.needs_a_person]
        text = f"{student}: {grade.score:g} of {grade.max_score:g} points"
        self._tell(f"{text}; waits for a person: {', '.join(waiting)}" if waiting else text)

    def _end(self, ok: bool) -> None:
        if self._cancelled:
            state, text = "cancelled", "Cancelled; what was graded until then is kept"
        elif not ok:
            state, text = "failed", "Ended with an error; the whole log says more"
        elif self.batch.total == 0:
            state, text = "done", "There was nothing new to grade"
        else:
            state, text = "done", f"{self.batch.done} of {self.batch.total} graded"
        self.batch = replace(
            self.batch, state=state, ended=time.time(), current="", doing="", left_s=None
        )
        self._tell(text, "INFO" if ok or self._cancelled else "ERROR")

    def _tell(self, text: str, level: str = "INFO") -> None:
        self._store(self.batch.told(text, level))

    def _store(self, batch: Batch) -> None:
        self.batch = batch
        self.batches.store(batch)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("course", type=Path)
    parser.add_argument("--lock", type=int, required=True)
    arguments = parser.parse_args()
    batches = Batches(arguments.course)
    batch = batches.latest()
    assert batch is not None
    batch = replace(batch, pid=os.getpid())
    batches.log_file(batch.assignment).write_text("", encoding="utf-8")
    runner = Runner(batches, batch)
    signal.signal(signal.SIGTERM, runner.cancel)
    batches.store(batch)
    runner.run()


if __name__ == "__main__":
    main()
