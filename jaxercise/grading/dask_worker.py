"""Inside a dask worker: whether it may judge, and judging one notebook.

A worker that judges as the client's host would gets a resource, one of it, and every task asks
for that. So a worker that differs is given nothing, and each worker judges one notebook at a
time, in a judge's process that it keeps.
"""

from __future__ import annotations

import asyncio
import json
import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import nbformat
from distributed import Reschedule, Worker, WorkerPlugin, get_worker
from distributed.utils import sync
from nbformat import NotebookNode

from jaxercise.checks.outcome import ConfinementError, HostError
from jaxercise.grading.files import Files
from jaxercise.grading.host_facts import differences, digest_of, host_facts, take_over
from jaxercise.grading.pool import JudgeRequest
from jaxercise.grading.worker import shared_worker

# The folder of the course on a worker's host, where it is another than on the client's.
COURSE_VARIABLE = "JAXERCISE_COURSE"
# Of the events that tell a client which worker refuses, and why.
TOPIC = "jaxercise"
_files = Files()


@dataclass(frozen=True)
class Terms:
    """What a host must have in order to judge: `facts`, once `variables` are taken over."""

    course_root: str
    facts: Mapping[str, str]
    variables: Mapping[str, str]

    @property
    def resource(self) -> str:
        """The name of the resource that workers get that meet these terms."""
        return f"jaxercise-{digest_of(self.facts)[:16]}"


class Admission(WorkerPlugin):
    """Compares a worker with the terms, when the client asks and when a worker starts."""

    def __init__(self, terms: Terms) -> None:
        self.name = terms.resource
        self.terms = terms

    async def setup(self, worker: Worker) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Admit the worker, or tell what differs."""
        take_over(self.terms.variables)
        root = course_root(self.terms.course_root)
        here = await asyncio.to_thread(host_facts, root, _files)
        await _admit(worker, self.name, differences(here, self.terms.facts))


async def _admit(worker: Worker, resource: str, reasons: list[str]) -> None:
    """Let a worker judge where there are no reasons against it; tell them to all clients."""
    told = {"worker": worker.address, "host": socket.gethostname(), "reasons": reasons}
    worker.log_event(TOPIC, {"resource": resource, **told})
    await worker.set_resources(**{resource: 0 if reasons else 1})


def course_root(of_client: str) -> Path:
    """The course's folder on this host."""
    return Path(os.environ.get(COURSE_VARIABLE) or of_client).expanduser().resolve()


def judge_here(request: JudgeRequest, resource: str, variables: Mapping[str, str]) -> str:
    """Judge one notebook in this worker; the record as JSON, with the verdict's key.

    If this host cannot judge, or is not what it was when it was admitted, the worker takes no
    more, and another one gets the notebook.

    Raises:
        CourseError, SubmissionError, WorkerError: as `Worker.judge` says.
        Reschedule: for dask, which gives the task to another worker.
    """
    take_over(variables)
    root = course_root(request.course_root)
    notebook = cast(NotebookNode, nbformat.from_dict(request.notebook))
    try:
        judge = shared_worker(root, request.options)
        judged = judge.judge(notebook, request.assignment, request.name, request.known)
        now = f"jaxercise-{digest_of(host_facts(root, _files))[:16]}"
        if now != resource:
            raise HostError("the course, the library or a package was changed on this host")
    except (ConfinementError, HostError) as error:
        worker: Any = get_worker()
        sync(worker.loop, _admit, worker, resource, [str(error)])
        raise Reschedule from error
    return json.dumps({"key": request.key, "judged": judged.to_json()})
