"""How well a scheduler with many workers is used: a class with a stand-in for the judge.

    python benchmarks/many_hosts.py

A real dask scheduler runs as a process, and so do some hosts with several workers each. The
client submits a notebook for every student, as `Grader` does, and writes each grade into a book.
The judge is not real: it sleeps, for a time that follows from the verdict's key (0.5 to 1.5 times
the mean). Mending notebooks and making their keys, about 10 ms each, is not part of it.

Efficiency is the time that the stand-ins slept, over workers times wall clock from the first
submission to the last grade in the book.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import cast

import nbformat
from nbformat import NotebookNode

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from jaxercise.checks.outcome import Grade
from jaxercise.course.lesson import Course
from jaxercise.grading.dask_judges import DaskJudges
from jaxercise.grading.judged import Judged
from jaxercise.grading.pool import JudgeRequest, judge
from jaxercise.grading.worker_server import WorkerOptions
from tests.clusters import Cluster
from tests.small_course import RIGHT, make_course, submission

MEAN_VARIABLE = "SIMULATED_MEAN_S"


@dataclass(frozen=True)
class Result:
    """`lost` have no grade, `doubled` are more than once in the book; times in seconds."""

    submissions: int
    workers: int
    judged_s: float
    wall_s: float
    booked: int
    lost: int
    doubled: int
    judged_twice: int

    @property
    def efficiency(self) -> float:
        return self.judged_s / (self.workers * self.wall_s)


def duration_s(key: str, mean_s: float) -> float:
    """How long the stand-in takes for this verdict."""
    return mean_s * (0.5 + int(key[:8], 16) / 0xFFFFFFFF)


def stand_in(request: JudgeRequest, resource: str, variables: Mapping[str, str]) -> str:
    """What a worker does in place of judging; writes down that it did."""
    slept_s = duration_s(request.key, float(os.environ[MEAN_VARIABLE]))
    time.sleep(slept_s)
    with Path(request.course_root, f"judged-{os.getpid()}").open("a") as file:
        file.write(f"{request.key} {slept_s}\n")
    grade = Grade(request.assignment, request.name, (), {}, ())
    judged = Judged(grade, cast(NotebookNode, nbformat.from_dict(request.notebook)), True)
    return json.dumps({"key": request.key, "judged": judged.to_json()})


def simulate(folder: Path, *, submissions: int, workers: int, mean_s: float, hosts: int) -> Result:
    """Grade a class by a scheduler with `workers` workers in `hosts` processes."""
    course = make_course(folder / "course", ("f1",))
    (folder / "cluster").mkdir()
    with Cluster(folder / "cluster", **{MEAN_VARIABLE: str(mean_s)}) as cluster:
        started = [_host(cluster, workers // hosts) for _ in range(hosts)]
        judges = DaskJudges(cluster.address, judge=stand_in)
        try:
            cluster.await_workers(workers)
            # The first ones wait until the workers are admitted, which is no part of the time.
            _grade(judges, folder / "warm.db", _class(course, 2 * workers, "warm"))
            for path in course.root.glob("judged-*"):
                path.unlink()
            before = time.monotonic()
            _grade(judges, folder / "book.db", _class(course, submissions, "s"))
            wall_s = time.monotonic() - before
        finally:
            judges.shutdown(cancel_futures=True)
            for process in started:
                process.terminate()
                process.wait()
    return _result(folder, submissions, workers, wall_s)


def _class(course: Course, count: int, name: str) -> Iterator[JudgeRequest]:
    notebook = submission(course.lesson("ps7"), {"f1": RIGHT.replace("NAME", "f1")})
    for n in range(count):
        key = hashlib.sha256(f"{name}{n}".encode()).hexdigest()
        yield JudgeRequest(str(course.root), WorkerOptions(), notebook, "ps7", f"{name}{n}", key)


def _grade(judges: DaskJudges, book: Path, handed_in: Iterator[JudgeRequest]) -> None:
    """Have the class judged, and book one grade after the other."""
    with sqlite3.connect(book) as database:
        database.execute("create table grades (name text)")
        for future in [judges.submit(judge, request) for request in handed_in]:
            name = future.result().grade.notebook
            database.execute("insert into grades values (?)", (name,))
            database.commit()


def _result(folder: Path, submissions: int, workers: int, wall_s: float) -> Result:
    with sqlite3.connect(folder / "book.db") as database:
        booked = [name for (name,) in database.execute("select name from grades")]
    lines = [
        line.split()
        for path in (folder / "course").glob("judged-*")
        for line in path.read_text().splitlines()
    ]
    keys = [key for key, _ in lines]
    return Result(
        submissions,
        workers,
        # What was judged twice was not needed.
        sum({key: float(slept_s) for key, slept_s in lines}.values()),
        wall_s,
        len(booked),
        lost=submissions - len(set(booked)),
        doubled=len(booked) - len(set(booked)),
        judged_twice=len(keys) - len(set(keys)),
    )


def _host(cluster: Cluster, workers: int) -> subprocess.Popen[bytes]:
    command = [sys.executable, __file__, "--host-of", cluster.address, "--workers", str(workers)]
    with (cluster.folder / "hosts.log").open("ab") as log:
        environment = os.environ | cluster.environment
        return subprocess.Popen(command, env=environment, stdout=log, stderr=log)


async def _run_host(address: str, workers: int) -> None:
    from distributed import Worker

    async def run() -> None:
        async with Worker(address, nthreads=1, dashboard=False, death_timeout=60) as worker:
            await worker.finished()

    await asyncio.gather(*(run() for _ in range(workers)))


def main() -> None:
    """Print the result as JSON."""
    parser = argparse.ArgumentParser(description="Measure how well many workers are used.")
    parser.add_argument("--submissions", type=int, default=10_000)
    parser.add_argument("--workers", type=int, default=32, help="of all hosts together")
    parser.add_argument("--hosts", type=int, default=2, help="processes with workers")
    parser.add_argument("--mean-s", type=float, default=2.0, help="that a stand-in sleeps")
    parser.add_argument("--host-of", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.host_of:
        asyncio.run(_run_host(given.host_of, given.workers))
        return
    with tempfile.TemporaryDirectory() as folder:
        result = simulate(
            Path(folder),
            submissions=given.submissions,
            workers=given.workers,
            mean_s=given.mean_s,
            hosts=given.hosts,
        )
    print(json.dumps({**asdict(result), "efficiency": round(result.efficiency, 3)}, indent=2))


if __name__ == "__main__":
    main()
