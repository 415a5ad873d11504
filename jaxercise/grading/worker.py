"""The judge as one long-lived process.

A batch of `nbgrader autograde` and a running formgrader each keep one worker, which has JAX,
the references and their results in memory. The client starts it with one end of a socket
pair, starts it again when the course, this library or an installed package changed (a stale
judge would grade by tests that are no longer there) or when it died, and closes it by closing
the socket. The worker ends by itself when its parent goes away.
"""

from __future__ import annotations

import atexit
import json
import logging
import os
import subprocess
import sys
import threading
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from jaxercise.checks.outcome import SubmissionError
from jaxercise.grading.environment import surroundings
from jaxercise.grading.files import Files
from jaxercise.grading.frames import FrameTooLarge, receive_frame, send_frame
from jaxercise.grading.judged import Judged, Known
from jaxercise.grading.worker_server import EXPECTED_ERRORS, GRACE_S, WorkerOptions

_TAIL_BYTES = 8_000
_START_S = 120.0
_log = logging.getLogger("jaxercise")


class WorkerError(Exception):
    """The grader itself failed, through no fault of the submission; the text says how."""


class Worker:
    """A client of one grading process, which it starts when first asked.

    Threads may share it: submissions are graded one at a time.
    """

    def __init__(self, course_root: Path, options: WorkerOptions | None = None) -> None:
        self.course_root = course_root.resolve()
        self.options = options or WorkerOptions()
        self._lock = threading.Lock()
        self._process: _Process | None = None
        self._files = Files()

    def judge(
        self, notebook: NotebookNode, assignment: str, name: str, known: Known | None = None
    ) -> Judged:
        """Judge one notebook, in a fresh process once more where the first one died.

        What is `known` of its verdict is not judged again.

        Raises:
            CourseError, SubmissionError, ConfinementError, HostError: as the judge says.
            WorkerError: the grader broke, died twice, or did not answer in time.
        """
        request = {
            "notebook": notebook,
            "assignment": assignment,
            "name": name,
            "known": (known or Known()).to_json(),
        }
        with self._lock:
            reply = self._ask(request)
        if error := reply.get("error"):
            raise EXPECTED_ERRORS.get(error["type"], WorkerError)(error["message"])
        return Judged.from_json(reply)

    def close(self) -> None:
        """End the process, if there is one; a later `judge` starts another."""
        with self._lock:
            self._stop()

    def _ask(self, request: dict[str, Any]) -> dict[str, Any]:
        deaths = []
        while len(deaths) < 2:
            process = self._running()
            try:
                return process.ask(request, self.options.reply_timeout_s)
            except _Died as death:
                self._stop()
                deaths.append(str(death))
            except TimeoutError:
                self._stop(at_once=True)
                raise WorkerError(
                    f"the grading process gave no answer in {self.options.reply_timeout_s:g} s "
                    "and was ended"
                ) from None
        raise WorkerError(f"the grading process died twice over one submission: {deaths[-1]}")

    def _running(self) -> _Process:
        state = f"{self._files.course(self.course_root)} {self._files.library()} {surroundings()}"
        if self._process is not None and self._process.state != state:
            self._stop()
        if self._process is None:
            _log.info("starting a grading process")
            self._process = _Process.start(self.course_root, self.options, state)
        return self._process

    def _stop(self, at_once: bool = False) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.stop(0 if at_once else GRACE_S)


# The one client of this process, shared by a batch and by formgrader's requests.
_shared: list[Worker] = []
_shared_lock = threading.Lock()


def shared_worker(course_root: Path, options: WorkerOptions) -> Worker:
    """The process-wide worker; one for another course or other options takes its place."""
    with _shared_lock:
        if _shared:
            worker = _shared[0]
            if (worker.course_root, worker.options) == (course_root.resolve(), options):
                return worker
            _shared.clear()
            worker.close()
        worker = Worker(course_root, options)
        atexit.register(worker.close)
        _shared.append(worker)
        return worker


class _Died(Exception):
    """The process ended without an answer; the text ends with what it wrote to stderr."""


class _Process:
    """One run of the worker, and `state`, the course it was started for."""

    def __init__(self, popen: subprocess.Popen[bytes], stream: Connection, state: str) -> None:
        self.popen, self.stream, self.state = popen, stream, state
        self.ready = False
        self.stderr_tail = bytearray()
        # Read all the time, kept in part: a chatty library can fill neither pipe nor disk.
        self.listener = threading.Thread(target=self._listen, daemon=True)
        self.listener.start()

    @classmethod
    def start(cls, course_root: Path, options: WorkerOptions, state: str) -> _Process:
        ours, theirs = Pipe()
        hidden = options.hidden_variables
        environment = {k: v for k, v in os.environ.items() if not k.startswith(hidden)}
        with theirs:
            popen = subprocess.Popen(
                # -P: a file json.py in the course folder must not become the json module.
                [
                    *(sys.executable, "-P", "-m", "jaxercise.grading.worker_server"),
                    *("--fd", str(theirs.fileno()), "--course", str(course_root)),
                    *("--options", json.dumps(vars(options))),
                ],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                env=environment,
                cwd=course_root,
                # Ctrl-C reaches the client, whose end then ends the worker in good order.
                start_new_session=True,
            )
        return cls(popen, ours, state)

    def ask(self, request: dict[str, Any], timeout_s: float) -> dict[str, Any]:
        try:
            self._await_ready()
            send_frame(self.stream, request)
            while "announces" in (reply := receive_frame(self.stream, timeout_s) or {}):
                _log.log(reply["level"], "%s", reply["announces"])
        except FrameTooLarge as error:
            raise SubmissionError(f"the notebook is too large to grade: {error}") from error
        except TimeoutError:
            raise
        except OSError:
            reply = {}
        if not reply:
            self.stop(GRACE_S)
            tail = self.stderr_tail.decode(errors="replace").strip() or "nothing"
            raise _Died(f"exit status {self.popen.returncode}; the end of its stderr:\n{tail}")
        return reply

    def _await_ready(self) -> None:
        """Wait for it to start. A busy host takes long, so this has a time limit of its own."""
        if self.ready:
            return
        try:
            self.ready = receive_frame(self.stream, _START_S) is not None
        except TimeoutError:
            self.stop(0)
            raise _Died(f"it did not start in {_START_S:g} s") from None

    def stop(self, grace_s: float) -> None:
        self.stream.close()
        try:
            self.popen.wait(grace_s)
        except subprocess.TimeoutExpired:
            self.popen.kill()
            self.popen.wait()
        # What it started may hold the pipe open for longer than anyone wants to wait.
        self.listener.join(1.0)

    def _listen(self) -> None:
        assert self.popen.stderr is not None
        with self.popen.stderr as pipe:
            while part := os.read(pipe.fileno(), 4096):
                self.stderr_tail += part
                del self.stderr_tail[:-_TAIL_BYTES]
