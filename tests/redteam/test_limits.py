"""Too much of anything costs the exercise that took it, and says so."""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import html
import re
import time
from collections.abc import Callable, Iterator

import psutil
import pytest

from jaxercise.checks.outcome import Verdict
from jaxercise.course.lesson import Course
from jaxercise.grading.judge import Judge, Judged
from tests.processes import descendants, still_alive
from tests.redteam.conftest import LIMITS as SHARED
from tests.redteam.ledger import Ledger, Row, points
from tests.redteam.limits import F1, LIMITS, Limit
from tests.small_course import DRAW, submission

SHORT = dataclasses.replace(SHARED, data_mb=1536, resident_mb=1800)


@pytest.fixture(scope="module")
def judges(course: Course) -> Iterator[Callable[[float], Judge]]:
    """A judge for each time that a cell may take."""
    with contextlib.ExitStack() as stack:

        @functools.cache
        def judge(cell_s: float) -> Judge:
            limits = dataclasses.replace(SHORT, cell_s=cell_s)
            return stack.enter_context(Judge(course, limits=limits))

        yield judge


def spare_of(judge: Judge) -> set[int]:
    """The processes of the kernel that waits for the next submission."""
    assert judge._spare is not None
    assert judge._spare.process is not None
    pid = judge._spare.process.pid
    return {pid, *(one.pid for one in descendants(pid))}


def left_running(judge: Judge, others: set[int]) -> list[psutil.Process]:
    """Processes that belong neither to the spare kernel nor to `others`, which may still start."""
    kept = spare_of(judge).union(others, *({one.pid for one in descendants(p)} for p in others))
    return [one for one in descendants() if one.pid not in kept]


def words_on(judged: Judged) -> str:
    """What the page says, messages and outputs."""
    outputs = [str(cell.get("outputs")) for cell in judged.notebook.cells]
    messages = [check.message for one in judged.grade.exercises for check in one.checks]
    return html.unescape(" ".join(outputs + messages))


@pytest.mark.parametrize("limit", LIMITS, ids=lambda limit: limit.name)
def test_too_much_costs_its_own_exercise(
    limit: Limit, judges: Callable[[float], Judge], course: Course, seen: Ledger
) -> None:
    judge = judges(limit.cell_s)
    started = time.monotonic()
    # The kernels of other judges of this process: each may still be starting.
    others = {process.pid for process in descendants()} - spare_of(judge)
    notebook = submission(course.lesson("ps7"), {"f1": limit.source, "draw": DRAW})
    judged = judge.judge_notebook(notebook, "ps7", limit.name)
    first, last = judged.grade.exercises[0], judged.grade.exercises[-1]
    running = still_alive(lambda: left_running(judge, others), patience_s=5)
    rest = "the rest graded" if last.score == 3 else f"the rest {points(last)}"
    left = "nothing left running" if not running else f"{len(running)} left running"
    seen.check(limit.row, f"{points(first)}; {rest}, {left}")
    assert re.search(limit.says, words_on(judged))
    assert time.monotonic() - started < 120
    assert psutil.Process().memory_info().rss < 4 << 30


def test_a_notebook_as_a_whole_is_cut_off(course: Course, seen: Ledger) -> None:
    with Judge(course, limits=dataclasses.replace(SHORT, notebook_s=6)) as judge:
        sources = {f"before {name}": "import time\ntime.sleep(1.5)" for name in ("f1", "f2", "f3")}
        notebook = submission(course.lesson("ps7"), {**sources, "f1": F1, "draw": DRAW})
        started = time.monotonic()
        grade = judge.grade(notebook, "ps7", "slow")
        seconds = time.monotonic() - started
    late = {c.verdict for one in grade.exercises[-1:] for c in one.checks} == {Verdict.TIMED_OUT}
    row = Row(
        "limit",
        "every cell within its time, all together beyond the notebook's",
        "what came in time counts, the rest timed out",
    )
    fine = late and seconds < 60 and grade.exercises[0].score in (0, 3)
    seen.check(row, row.expected if fine else f"{grade.score:g} points in {seconds:.0f} s")
