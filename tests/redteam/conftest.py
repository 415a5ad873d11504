"""The ledger of the suite, and the judge that its cases share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from jaxercise.course.lesson import Course
from jaxercise.grading.judge import Judge
from jaxercise.sandbox.limits import Limits
from tests.redteam import ledger
from tests.small_course import make_course

# Short, so that what never ends costs the suite little; long enough to compile on a busy host.
LIMITS = Limits(cell_s=12, call_s=5, notebook_s=150, scratch_mb=64, processes=60)
_LEDGER = pytest.StashKey[ledger.Ledger]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--write-table",
        choices=["all", "seen"],
        help="put what was seen into docs/security.md: as the whole table, or in its rows",
    )


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--write-table", default=None) and config.getoption("numprocesses", None):
        raise pytest.UsageError("--write-table needs the whole suite in one process: leave -n out")
    config.stash[_LEDGER] = ledger.Ledger()


def pytest_sessionfinish(session: pytest.Session) -> None:
    what = session.config.getoption("--write-table", default=None)
    if what:
        ledger.write(session.config.stash[_LEDGER], keep_others=what == "seen")


@pytest.fixture(scope="session")
def seen(request: pytest.FixtureRequest) -> ledger.Ledger:
    """Where a case tells what it saw; told from the expected, it fails the test."""
    return request.config.stash[_LEDGER]


@pytest.fixture(scope="session")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    return make_course(tmp_path_factory.mktemp("redteam") / "course")


@pytest.fixture(scope="session")
def judge(course: Course) -> Iterator[Judge]:
    with Judge(course, limits=LIMITS) as judge:
        yield judge
