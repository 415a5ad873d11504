"""Judges on many hosts: an executor that gives notebooks to the workers of a dask scheduler."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future
from queue import SimpleQueue
from typing import Any, ParamSpec, TypeVar

from jaxercise.checks.outcome import HostError
from jaxercise.grading.dask_dispatch import Dispatch, JudgeThere, Message, Task
from jaxercise.grading.dask_worker import judge_here
from jaxercise.grading.pool import JudgeRequest

_P = ParamSpec("_P")
_T = TypeVar("_T")
_SCHEMES = ("tcp://", "tls://")
_log = logging.getLogger("jaxercise")


class DaskJudges(Executor):
    """Has the workers of the scheduler at `address` judge; for each `submit(judge, request)`.

    Connecting happens when there is something to judge, and what goes wrong then is raised by
    the futures, as HostError. So is that no worker may judge, after `patience_s`. `judge` is what
    a worker runs.

    Raises:
        HostError: the address is not one of a scheduler.
    """

    def __init__(
        self, address: str, *, judge: JudgeThere = judge_here, patience_s: float = 120.0
    ) -> None:
        if not address.startswith(_SCHEMES):
            raise HostError(f"{address!r}: a scheduler's address begins with tcp:// or tls://")
        self.address, self.judge, self.patience_s = address, judge, patience_s
        self.inbox: SimpleQueue[Message] = SimpleQueue()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._closed = False

    def submit(self, fn: Callable[_P, _T], /, *args: _P.args, **kwargs: _P.kwargs) -> Future[_T]:
        """Have one `JudgeRequest` judged, in the order of submission or nearly so."""
        (request,) = args
        assert isinstance(request, JudgeRequest)
        future: Future[Any] = Future()
        with self._lock:
            if self._closed:
                raise RuntimeError("the judges are closed")
            self.inbox.put(Task(request, future))
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, daemon=True)
                self._thread.start()
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Take no more work; with `cancel_futures`, finish only what the workers have begun."""
        with self._lock:
            self._closed = True
            thread = self._thread
            self.inbox.put(not cancel_futures)
        if wait and thread is not None:
            thread.join()

    def _work(self) -> None:
        dispatch = Dispatch(self.address, self.judge, self.patience_s, self.inbox)
        try:
            dispatch.run()
            error = RuntimeError("the judges are closed")
        except HostError as stopped:
            error = stopped
        except Exception as broken:
            _log.exception("the dispatch to %s broke", self.address)
            error = HostError(f"judging by {self.address} stopped: {broken!r}")
        # A later `submit` starts anew, with another connection.
        with self._lock:
            self._thread = None
            dispatch.abandon()
        for task in dispatch.open_tasks():
            if not task.future.done():
                task.future.set_exception(error)
