"""The table in docs/security.md is this suite's, whole and as it was seen."""

from __future__ import annotations

from collections import Counter

from tests.redteam import ledger
from tests.redteam.attacks import ATTACKS, BEYOND, PERSISTING, TIMED
from tests.redteam.batches import CHEATS, TOGETHER
from tests.redteam.damages import DAMAGES
from tests.redteam.disturbances import DISTURBANCES
from tests.redteam.hidden import HIDDEN
from tests.redteam.host_attacks import HOST_ATTACKS
from tests.redteam.hostile import PAYLOADS, SUBMISSIONS
from tests.redteam.limits import LIMITS
from tests.redteam.served import AFTERWARDS
from tests.redteam.served import CHEATS as SERVED

# Cases that are a test of their own.
SINGLE = {
    "all of the above, then an honest submission",
    "honest students first and last in that class",
    "every cell within its time, all together beyond the notebook's",
    "two notebooks",
    "two notebooks of other names",
    "two batches at once, then one",
}


def names() -> list[str]:
    """Every case of the suite, as the table names it."""
    cells = [case.name for case in (*ATTACKS, *HOST_ATTACKS, *LIMITS, *DAMAGES, *SUBMISSIONS)]
    left = [f"left for the next submission: {name}" for name in PERSISTING]
    pages = [f"on the page: {what}" for what, _ in PAYLOADS.values()]
    batch = [*(name for name, _, _ in CHEATS.values()), *TOGETHER, *SERVED, AFTERWARDS]
    return [*cells, *left, *pages, *batch, *TIMED, *HIDDEN, *BEYOND, *DISTURBANCES, *SINGLE]


def test_the_committed_table_lists_every_case_once() -> None:
    assert len(set(names())) == len(names())
    listed = [row.name for row in ledger.committed()]
    assert sorted(listed) == sorted(names()), "run `make redteam-table`"


def test_every_case_in_it_was_seen_as_expected() -> None:
    assert {row: seen for row, seen in ledger.committed().items() if seen != row.expected} == {}


def test_it_holds_as_many_cases_as_were_asked_for() -> None:
    counts = Counter(row.group for row in ledger.committed())
    for group, fewest in (
        ("attack", 40),
        ("limit", 15),
        ("damage", 25),
        ("fault", 10),
        ("hidden", 8),
    ):
        assert counts[group] >= fewest


def test_what_this_run_saw_is_what_the_table_says(seen: ledger.Ledger) -> None:
    """Of the cases that ran before this test, which comes last."""
    assert seen.seen.items() <= ledger.committed().items(), "run `make redteam-table`"
