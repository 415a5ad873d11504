"""The page docs/fairness.md: how answers were judged that were written without sight of the tests."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

_HEAD = """\
# Fair and sharp: answers nobody had seen

Hidden tests are written against answers that their author thought of. Students think of others. So people who had only the notebooks of `release/`, and saw neither hidden tests nor references nor the known answers, wrote for each exercise right answers in as many styles as they could, and wrong ones with the mistakes that students make, most of which pass the visible checks. They are in `benchmarks/unseen/`, by round. A right answer is judged fairly when it earns full marks, a wrong one sharply when it fails a check.

`python benchmarks/fairness.py` grades them all again, and with `--page` writes this page. *At first sight* is what the hidden tests made of the answers before any test was changed on their account, kept in each round's `first_sight.json`. *Now* is after what got by was mended. A later round is written without sight of the earlier ones, and its first sight is the figure to expect of the next class. An answer whose author took a text for stricter than it is, or erred, was filed on the other side, or withdrawn; at first sight it counts as it was filed.
"""


@dataclass(frozen=True)
class Judged:
    """An unseen answer: whether it `is_right`, and what the hidden tests made of it.

    `verdict` is "full marks", "caught" or "open", where only a race on a busy machine or a fault
    of the grader left it undecided; `message` is what the student reads of the first lost check.
    """

    assignment: str
    exercise: str
    title: str
    is_right: bool
    verdict: str
    check: str
    message: str

    @property
    def as_it_should(self) -> bool:
        return self.verdict == ("full marks" if self.is_right else "caught")


@dataclass(frozen=True)
class Round:
    """What was made of a round of answers, at first sight and now."""

    name: str
    first: list[Judged]
    now: list[Judged]


def page(rounds: list[Round]) -> str:
    """The page as Markdown."""
    lines = [_HEAD, *_summary(rounds)]
    for one in rounds:
        lines += ["", f"## The {one.name} round", "", *_table(one.first, one.now)]
        lines += ["", *_missed(one)]
    return "\n".join(lines) + "\n"


def _summary(rounds: list[Round]) -> Iterator[str]:
    yield "| round | right, in full: first sight | now | wrong, caught: first sight | now |"
    yield "|---|---|---|---|---|"
    for one in rounds:
        yield f"| {one.name} | {_cells(one.first, one.now)} |"


def _table(first: list[Judged], now: list[Judged]) -> Iterator[str]:
    yield "| exercise | right, in full: first sight | now | wrong, caught: first sight | now |"
    yield "|---|---|---|---|---|"
    for where in dict.fromkeys((one.assignment, one.exercise) for one in now):
        kinds = [
            [one for one in judged if (one.assignment, one.exercise) == where]
            for judged in (first, now)
        ]
        yield f"| {where[0]} {where[1]} | {_cells(*kinds)} |"
    yield f"| **all** | {_cells(first, now)} |"


def _cells(first: list[Judged], now: list[Judged]) -> str:
    return " | ".join(share(judged, right) for right in (True, False) for judged in (first, now))


def share(judged: list[Judged], right: bool) -> str:
    """How many of the right or wrong ones were judged as they should be, of how many."""
    of_kind = [one for one in judged if one.is_right is right]
    return f"{sum(one.as_it_should for one in of_kind)} of {len(of_kind)}"


def _missed(of_round: Round) -> Iterator[str]:
    after = {
        (one.assignment, one.exercise, one.is_right, one.title): one.as_it_should
        for one in of_round.now
    }
    words = {
        True: "mended",
        False: "still so",
        None: "withdrawn: the text allows it, or has been made clearer since",
    }
    yield "What was judged wrongly at first sight:"
    yield ""
    missed = [one for one in of_round.first if not one.as_it_should]
    for one in missed:
        kind = "right" if one.is_right else "wrong"
        became = words[after.get((one.assignment, one.exercise, one.is_right, one.title))]
        yield f"- {one.assignment} {one.exercise}, {kind}: {one.title} ({became})"
    if not missed:
        yield "Nothing."
