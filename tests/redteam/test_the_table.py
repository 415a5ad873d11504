"""The table in docs/security.md is this suite's, whole and as it was seen."""

from __future__ import annotations

from tests.redteam import ledger
from tests.redteam.attacks import ATTACKS, BEYOND, PERSISTING, TIMED
from tests.redteam.damages import DAMAGES
from tests.redteam.disturbances import DISTURBANCES
from tests.redteam.hostile import PAYLOADS, SUBMISSIONS
from tests.redteam.limits import LIMITS

# Cases that are a test of their own.
SINGLE = {
    "all of the above, then an honest submission",
    "honest students first and last in that class",
    "every cell within its time, all together beyond the notebook's",
    "two notebooks",
    "a wrong file name",
    "two batches at once, then one",
}


def names() -> list[str]:
    """Every case of the suite, as the table names it."""
    cells = [case.name for case in (*ATTACKS, *LIMITS, *DAMAGES, *SUBMISSIONS)]
    left = [f"left for the next submission: {name}" for name in PERSISTING]
    pages = [f"on the page: {what}" for what, _ in PAYLOADS.values()]
    return [*cells, *left, *pages, *TIMED, *BEYOND, *DISTURBANCES, *SINGLE]


def test_the_committed_table_lists_every_case_once() -> None:
    assert len(set(names())) == len(names())
    listed = [case for case, _, _ in ledger.committed()]
    shown = [name.replace("<", "&lt;") for name in names()]
    assert sorted(listed) == sorted(shown), "run `make redteam-table`"


def test_every_case_in_it_was_seen_as_expected() -> None:
    assert [row for row in ledger.committed() if row[1] != row[2]] == []


def test_it_holds_as_many_cases_as_were_asked_for() -> None:
    text = ledger.PAGE.read_text(encoding="utf-8")
    for title, fewest in (("Attacks", 40), ("Limits", 15), ("Damaged", 25), ("Faults", 10)):
        section = text.split(f"### {title}")[1].split("###")[0]
        assert len([line for line in section.splitlines() if line.startswith("| ")]) - 1 >= fewest


def test_what_this_run_saw_is_what_the_table_says(seen: ledger.Ledger) -> None:
    """Of the cases that ran before this test, which comes last."""
    listed = set(ledger.committed())
    found = {(row.name.replace("<", "&lt;"), row.expected, what) for row, what in seen.seen.items()}
    assert found <= listed, "run `make redteam-table`"
