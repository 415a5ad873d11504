"""One connection to a dask scheduler: what it is given when, and what comes of it.

Few notebooks are there at a time: what a cluster loses is then little, and a class of ten
thousand does not fill the scheduler's memory. Each task is named by the verdict's key, so whoever
asks for the same verdict twice, a second client or dask after a worker's death, gets the same
record.
"""

from __future__ import annotations

import contextlib
import json
import logging
import time
import uuid
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

from distributed import Client, KilledWorker

from jaxercise.checks.outcome import CourseError, HostError, SubmissionError
from jaxercise.grading.dask_worker import TOPIC, Admission, Terms
from jaxercise.grading.files import Files
from jaxercise.grading.host_facts import host_facts, settings
from jaxercise.grading.judged import Judged
from jaxercise.grading.pool import JudgeRequest
from jaxercise.grading.progress import FOR_EVERYONE
from jaxercise.grading.worker import WorkerError

# One that is judged and one that waits there, so that no worker idles between two.
_PER_WORKER = 2
# How often all workers may vanish under a notebook; dask counts the deaths of single ones.
_MAX_LOSSES = 1
_LOOK_EVERY_S, _CONNECT_S = 1.0, 30.0
_MEANT = (CourseError, SubmissionError, WorkerError)
_log = logging.getLogger("jaxercise")

JudgeThere = Callable[[JudgeRequest, str, Mapping[str, str]], str]


@dataclass(eq=False)
class Task:
    """A notebook to judge; `alone` once workers died over it, perhaps by another one's fault."""

    request: JudgeRequest
    future: Future[Any]
    alone: bool = False
    attempt: int = 0
    losses: int = 0


@dataclass
class Done:
    """What came of a task at the scheduler; `ended` says that this gave it up."""

    task: Task
    remote: Any
    reply: str = ""
    error: BaseException | None = None
    ended: bool = False


# To judge, done, or that the executor closes: whether what waits is judged before.
Message = Task | Done | bool


class Dispatch:
    """One connection to the scheduler, in one thread, and the tasks that are not done."""

    def __init__(
        self, address: str, judge: JudgeThere, patience_s: float, inbox: SimpleQueue[Message]
    ) -> None:
        self.address, self.judge, self.patience_s, self.inbox = address, judge, patience_s, inbox
        self.waiting: deque[Task] = deque()
        self.alone: deque[Task] = deque()
        self.running: dict[Task, Any] = {}
        self.closing = False
        self._files, self._terms = Files(), Terms("", {}, {})
        self._looked_s, self._none_since_s = 0.0, time.monotonic()
        self._able: set[str] = set()
        self._refusals: dict[str, str] = {}

    def open_tasks(self) -> Iterator[Task]:
        yield from (*self.waiting, *self.alone, *self.running)

    def run(self) -> None:
        """Have everything judged until the executor is closed.

        Raises:
            HostError: the scheduler cannot be reached or went away, or no worker may judge.
        """
        address = self.address
        try:
            client = Client(address, timeout=_CONNECT_S, set_as_default=False)
        except (OSError, TimeoutError) as error:
            raise HostError(f"no scheduler answers at {address}: {error}") from error
        with client:
            client.subscribe_topic(TOPIC, self._told)
            while not (self.closing and not any(self.open_tasks())):
                self.receive(_LOOK_EVERY_S)
                if client.status not in ("running", "connecting"):
                    raise HostError(f"the scheduler at {address} went away; grade again")
                self._look(client)
                self._fill(client)

    def receive(self, wait_s: float) -> None:
        """Take in what was submitted and what is done."""
        with contextlib.suppress(Empty):
            message = self.inbox.get(timeout=wait_s)
            while True:
                if isinstance(message, bool):
                    self._close(cancel=not message)
                elif isinstance(message, Done):
                    self._settle(message)
                else:
                    self.waiting.append(message)
                message = self.inbox.get_nowait()

    def abandon(self) -> None:
        """Take in what was submitted, and nothing else any more."""
        with contextlib.suppress(Empty):
            while True:
                if isinstance(message := self.inbox.get_nowait(), Task):
                    self.waiting.append(message)

    def _close(self, cancel: bool) -> None:
        self.closing = True
        for task in list(self.waiting) if cancel else []:
            if task.future.cancel():
                self.waiting.remove(task)

    def _settle(self, done: Done) -> None:
        task, error = done.task, done.error
        if self.running.get(task) is not done.remote:
            return  # Of an earlier connection, or other terms.
        del self.running[task]
        if error is None:
            try:
                task.future.set_result(_read(done.reply, task.request))
            except (ValueError, KeyError, TypeError) as strange:
                task.future.set_exception(HostError(f"a dask worker's record: {strange!r}"))
        elif isinstance(error, KilledWorker):
            self._suspect(task)
        elif isinstance(error, _MEANT):
            task.future.set_exception(error)
        elif done.ended:
            self.waiting.append(task)
            raise HostError(f"the scheduler at {self.address} went away; grade again")
        else:
            task.future.set_exception(HostError(f"a dask worker could not judge: {error!r}"))

    def _suspect(self, task: Task) -> None:
        """Judge it alone: workers died over it, or while it waited behind the one to blame."""
        if task.alone:
            task.future.set_exception(
                WorkerError("the dask workers that judged this submission died, again and again")
            )
        else:
            task.alone, task.losses = True, 0
            self.alone.append(task)

    def _take_back(self, lost: bool = False) -> None:
        """Have what the scheduler was given wait again; `lost`, since its workers vanished."""
        taken = [*self.running.items()]
        self.running.clear()
        for task, remote in reversed(taken):
            remote.cancel()
            task.attempt += 1
            task.losses += lost
            if task.losses > _MAX_LOSSES:
                self._suspect(task)
            else:
                (self.alone if task.alone else self.waiting).appendleft(task)

    def _look(self, client: Client) -> None:
        """Count the workers that may judge, and renew the terms where the course changed.

        Raises:
            HostError: there has been none for longer than the patience.
        """
        now = time.monotonic()
        task = next(self.open_tasks(), None)
        if task is None:
            self._none_since_s = now
        if task is None or now - self._looked_s < _LOOK_EVERY_S:
            return
        root = task.request.course_root
        terms = Terms(root, host_facts(Path(root), self._files), settings())
        if terms != self._terms:
            self._terms = terms
            self._refusals.clear()
            self._take_back()  # They ask for workers that met the old terms.
            self._able.clear()
            client.register_plugin(Admission(terms))
        self._looked_s = time.monotonic()
        workers: dict[str, Any] = client.scheduler_info(n_workers=-1)["workers"]
        before = self._able
        self._able = able = {
            name for name, one in workers.items() if one["resources"].get(terms.resource)
        }
        if not before & able:
            # For a while there may have been none, and dask does not look again at what it could
            # not place then when a worker gets the resource.
            self._take_back(lost=True)
        if able:
            self._none_since_s = now
        elif now - self._none_since_s > self.patience_s:
            reasons = "; ".join(self._refusals.values()) or f"{len(workers)} workers are there"
            raise HostError(f"no worker of {self.address} can judge: {reasons}")

    def _fill(self, client: Client) -> None:
        """Give the scheduler some more, or one that may kill workers, and nothing beside it."""
        if self.alone:
            if self._able and not self.running:
                self._begin(client, self.alone.popleft())
            return
        if any(task.alone for task in self.running):
            return
        while self.waiting and len(self.running) < len(self._able) * _PER_WORKER:
            task = self.waiting.popleft()
            if task.future.running() or task.future.set_running_or_notify_cancel():
                self._begin(client, task)

    def _begin(self, client: Client, task: Task) -> None:
        terms, inbox = self._terms, self.inbox

        def finished(future: Any) -> None:
            try:
                inbox.put(Done(task, future, reply=future.result()))
            except BaseException as error:  # Also that it was cancelled.
                inbox.put(Done(task, future, error=error, ended=future.cancelled()))

        named = task.request.key or uuid.uuid4().hex
        key = f"{terms.resource}-{named}-{task.attempt}{'-alone' * task.alone}"
        future = client.submit(
            self.judge,
            *(task.request, terms.resource, terms.variables),
            key=key,
            resources={terms.resource: 1},
        )
        self.running[task] = future
        future.add_done_callback(finished)

    def _told(self, event: Any) -> None:
        """A worker was admitted, or refuses."""
        _, told = event
        if told["resource"] != self._terms.resource or not told["reasons"]:
            return
        text = f"{told['host']} ({told['worker']}): {', '.join(told['reasons'])}"
        self._refusals[told["worker"]] = text
        _log.warning("a dask worker may not judge: %s", text, extra={FOR_EVERYONE: True})


def _read(reply: str, request: JudgeRequest) -> Judged:
    record = json.loads(reply)
    if record["key"] != request.key:
        raise ValueError("it is of another verdict")
    return Judged.from_json(record["judged"])
