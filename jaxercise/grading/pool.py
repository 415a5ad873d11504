"""Several judges at once: an executor whose threads talk to one judge process each.

An executor is asked to run `judge` and nothing else, and a `JudgeRequest` holds plain data. So
another `concurrent.futures.Executor` can take the place of `JudgePool`, on other hosts too.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, ParamSpec, TypeVar, cast

import nbformat
from nbformat import NotebookNode

from jaxercise.grading.judged import Judged, Known
from jaxercise.grading.worker import Worker
from jaxercise.grading.worker_server import WorkerOptions

_P = ParamSpec("_P")
_T = TypeVar("_T")
_own = threading.local()


@dataclass(frozen=True)
class JudgeRequest:
    """What is needed to judge one notebook; the record calls it `name`.

    `known` is the part of its verdict that is known already.
    """

    course_root: str
    options: WorkerOptions
    notebook: dict[str, Any]
    assignment: str
    name: str
    key: str = ""
    known: Known = field(default_factory=Known)


def judge(request: JudgeRequest) -> Judged:
    """Have this thread's own judge judge a notebook; raises what `Worker.judge` does."""
    worker: Worker | None = getattr(_own, "worker", None)
    root = Path(request.course_root)
    if worker is None or (worker.course_root, worker.options) != (root, request.options):
        close_own_judge()
        worker = _own.worker = Worker(root, request.options)
    notebook = cast(NotebookNode, nbformat.from_dict(request.notebook))
    return worker.judge(notebook, request.assignment, request.name, request.known)


def close_own_judge() -> None:
    """End the process that `judge` keeps for this thread, if there is one."""
    worker: Worker | None = getattr(_own, "worker", None)
    if worker is not None:
        worker.close()
    _own.worker = None


class JudgePool(Executor):
    """Threads that each talk to a judge process of their own.

    Unlike those of ThreadPoolExecutor they are daemons: an interrupted batch ends at once, not
    when the last notebook in the queue has been judged. The processes end with this one.
    """

    def __init__(self, jobs: int) -> None:
        self.jobs = jobs
        self._queue: SimpleQueue[tuple[Future[Any], Callable[[], Any]] | None] = SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._closed = False
        self._lock = threading.Lock()

    def submit(self, fn: Callable[_P, _T], /, *args: _P.args, **kwargs: _P.kwargs) -> Future[_T]:
        """Run `fn` in a thread of the pool, in the order of submission."""
        future: Future[_T] = Future()
        with self._lock:
            if self._closed:
                raise RuntimeError("the pool of judges is closed")
            self._queue.put((future, partial(fn, *args, **kwargs)))
            if len(self._threads) < self.jobs:
                self._threads.append(threading.Thread(target=self._work, daemon=True))
                self._threads[-1].start()
        return future

    def _work(self) -> None:
        try:
            while (item := self._queue.get()) is not None:
                future, run = item
                if not future.set_running_or_notify_cancel():
                    continue
                try:
                    result = run()
                except BaseException as error:  # The caller's, as in any executor.
                    future.set_exception(error)
                else:
                    future.set_result(result)
        finally:
            close_own_judge()

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Take no more work, and end the judges once they have done what was submitted.

        With `cancel_futures`, they end once they have finished what they have begun.
        """
        with self._lock:
            self._closed = True
            while cancel_futures and not self._queue.empty():
                with contextlib.suppress(Empty):  # A thread was faster.
                    if (item := self._queue.get_nowait()) is not None:
                        item[0].cancel()
            for _ in self._threads:
                self._queue.put(None)
        for thread in self._threads if wait else []:
            thread.join()
