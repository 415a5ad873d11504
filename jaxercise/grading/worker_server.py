"""Inside the grading worker: holds the judge and answers one client until it goes away."""

from __future__ import annotations

import argparse
import contextlib
import importlib
import json
import logging
import os
import signal
import sys
import threading
import traceback
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import nbformat

from jaxercise.checks.outcome import ConfinementError, CourseError, HostError, SubmissionError
from jaxercise.course.lesson import Course
from jaxercise.grading.frames import receive_frame, send_frame
from jaxercise.grading.judged import Judged, Known
from jaxercise.grading.program_store import keep_references_compiled
from jaxercise.sandbox.limits import Limits

# Errors with a message for the user, wherever they were raised; any other is a fault.
_EXPECTED = (CourseError, SubmissionError, ConfinementError, HostError)
EXPECTED_ERRORS = {kind.__name__: kind for kind in _EXPECTED}
# How long the process gets to leave in good order, its sandboxes reaped.
GRACE_S = 15.0
_TRACEBACK_CHARS = 8_000
_log = logging.getLogger("jaxercise")


@dataclass(frozen=True)
class WorkerOptions:
    """What a judge is made with; `judge` names its class as `module:name`.

    Times are seconds of wall clock, of one cell and of all that one notebook takes. With `spare`
    a sandbox for the next notebook starts as soon as one is done. The judge's process does not
    inherit environment variables whose names begin with one of `hidden_variables`.
    """

    confine: bool = True
    seed: int = 0
    cell_s: float = Limits.cell_s
    notebook_s: float = Limits.notebook_s
    reply_timeout_s: float = 1800.0
    judge: str = "jaxercise.grading.judge:Judge"
    spare: bool = True
    hidden_variables: tuple[str, ...] = ()


class _Server:
    """The other side: makes the judge when first asked and keeps it."""

    def __init__(self, course_root: Path, options: WorkerOptions) -> None:
        self.course_root, self.options = course_root, options
        self.open = contextlib.ExitStack()
        self.judge: Any = None

    def serve(self, stream: Connection) -> None:
        requests: SimpleQueue[dict[str, Any]] = SimpleQueue()
        _log.addHandler(_Announcing(stream))
        _log.setLevel(logging.INFO)
        threading.Thread(target=_read, args=(stream, requests), daemon=True).start()
        send_frame(stream, {"ready": True})
        with self.open:
            while True:
                send_frame(stream, self.answer(requests.get()))

    def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        try:
            notebook = nbformat.from_dict(request["notebook"])
            known = Known.from_json(request["known"])
            judged: Judged = self.ready_judge().judge_notebook(
                notebook, request["assignment"], request["name"], known
            )
        except tuple(EXPECTED_ERRORS.values()) as error:
            kind = next(one for one in _EXPECTED if isinstance(error, one))
            return _failure(kind.__name__, str(error))
        except Exception:
            # Nobody knows what state the judge is in now: the next notebook gets another.
            text = traceback.format_exc()[-_TRACEBACK_CHARS:]
            self.judge = None
            self.open.close()
            return _failure("WorkerError", f"the grader broke:\n{text}")
        return judged.to_json()

    def ready_judge(self) -> Any:
        if self.judge is None:
            _log.info("starting the judge, which imports JAX")
            keep_references_compiled()
            module, name = self.options.judge.split(":")
            factory = getattr(importlib.import_module(module), name)
            judge = factory(
                Course(self.course_root),
                confine=self.options.confine,
                seed=self.options.seed,
                spare=self.options.spare,
                limits=Limits(cell_s=self.options.cell_s, notebook_s=self.options.notebook_s),
            )
            self.judge = self.open.enter_context(judge)
        return self.judge


class _Announcing(logging.Handler):
    """Tells the client, before the answer, what the grader is doing or waiting for."""

    def __init__(self, stream: Connection) -> None:
        super().__init__(logging.INFO)
        self.stream = stream

    def emit(self, record: logging.LogRecord) -> None:
        # Only from the thread that answers: frames of two threads would mix.
        if record.thread == threading.main_thread().ident:
            said = {"announces": record.getMessage(), "level": record.levelno}
            send_frame(self.stream, said)


def _failure(kind: str, message: str) -> dict[str, Any]:
    return {"error": {"type": kind, "message": message}}


def _read(stream: Connection, requests: SimpleQueue[dict[str, Any]]) -> None:
    """Pass on what the client asks; when it goes away, end this process."""
    with contextlib.suppress(OSError):
        while (request := receive_frame(stream)) is not None:
            requests.put(request)
    end = threading.Timer(GRACE_S / 2, os._exit, (1,))
    end.daemon = True
    end.start()
    # A signal, since the main thread may wait in a system call or be in the middle of a notebook.
    os.kill(os.getpid(), signal.SIGTERM)


def _leave(*_: Any) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    sys.exit(0)


def main(arguments: list[str] | None = None) -> None:
    """Serve one client on an inherited socket until it closes its end."""
    parser = argparse.ArgumentParser(
        prog="python -m jaxercise.grading.worker_server", description=main.__doc__
    )
    parser.add_argument("--fd", type=int, required=True)
    parser.add_argument("--course", type=Path, required=True)
    parser.add_argument("--options", type=json.loads, required=True)
    given = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, _leave)
    with Connection(given.fd) as stream:
        _Server(given.course, WorkerOptions(**given.options)).serve(stream)


if __name__ == "__main__":
    main()
