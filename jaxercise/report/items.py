"""How each check did in a class, and which ones look broken or tell nobody apart.

Classical item analysis: the difficulty of a check is the share of those who tried it that passed,
its discrimination the point-biserial correlation of passing it with the points earned in all other
checks (corrected item-total correlation; Crocker and Algina, "Introduction to Classical and Modern
Test Theory", 1986, chapter 14).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from scipy import stats

from jaxercise.checks.outcome import CheckOutcome, Verdict
from jaxercise.report.records import TRIED, Submission

# With fewer who tried, a correlation says nothing and "everybody failed" little.
_ENOUGH = 5
_FEW = 3
_SIGNIFICANT = 0.05
_APART = 0.1
_BEST = 0.25


@dataclass(frozen=True)
class CheckStatistics:
    """One check: how many got which verdict, and what that says about the check itself.

    `passed`, `failed`, `died` (timed out or crashed), `blocked`, `untried` and `waits` (left to a
    person) are counts of students. `difficulty` is in 0 to 1, `discrimination` in -1 to 1; each is
    None where too few tried. `suspicions` are sentences on why the check may be broken, `remarks`
    on what else is worth knowing.
    """

    exercise: str
    check: str
    title: str
    property: str
    points: float
    passed: int
    failed: int
    died: int
    blocked: int
    untried: int
    waits: int
    difficulty: float | None
    discrimination: float | None
    suspicions: tuple[str, ...]
    remarks: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class _Try:
    """One student's outcome of a check, and the points earned in all other checks."""

    outcome: CheckOutcome
    rest: float

    @property
    def passed(self) -> bool:
        return self.outcome.verdict is Verdict.PASSED


def check_statistics(submissions: Sequence[Submission]) -> list[CheckStatistics]:
    """The statistics of every check in the records, in the order of the newest record."""
    tries: dict[tuple[str, str], list[_Try]] = {}
    for one in submissions:
        total = one.grade.score if one.grade else 0.0
        for exercise, check in one.checks():
            found = tries.setdefault((exercise, check.check), [])
            found.append(_Try(check, total - check.points))
    return [_statistics(exercise, found) for (exercise, _), found in tries.items()]


def _statistics(exercise: str, found: Sequence[_Try]) -> CheckStatistics:
    count = Counter(one.outcome.verdict for one in found)
    tried = [one for one in found if one.outcome.verdict in TRIED]
    passed = count[Verdict.PASSED]
    correlation, chance = _correlation(tried)
    declared = found[-1].outcome
    return CheckStatistics(
        exercise,
        declared.check,
        declared.title or declared.check,
        declared.property,
        declared.max_points,
        passed=passed,
        failed=count[Verdict.FAILED],
        died=count[Verdict.TIMED_OUT] + count[Verdict.CRASHED],
        blocked=count[Verdict.BLOCKED],
        untried=count[Verdict.NOT_ATTEMPTED],
        waits=count[Verdict.INCONCLUSIVE] + count[Verdict.GRADER_ERROR],
        difficulty=passed / len(tried) if tried else None,
        discrimination=correlation,
        suspicions=tuple(_suspicions(found, tried, correlation, chance)),
        remarks=tuple(_remarks(tried, correlation)),
    )


def _correlation(tried: Sequence[_Try]) -> tuple[float | None, float]:
    """The point-biserial correlation with the rest score, and its p-value for being negative."""
    passed = np.array([one.passed for one in tried])
    rest = np.array([one.rest for one in tried])
    if len(tried) < _ENOUGH or passed.all() or not passed.any() or np.ptp(rest) == 0:
        return None, 1.0
    # SciPy's annotations do not tell the fields of its result.
    found: Any = stats.pearsonr(passed.astype(float), rest, alternative="less")
    return float(found.statistic), float(found.pvalue)


def _suspicions(
    found: Sequence[_Try], tried: Sequence[_Try], correlation: float | None, chance: float
) -> Iterator[str]:
    """Why the check itself may be at fault."""
    if faults := sum(one.outcome.verdict is Verdict.GRADER_ERROR for one in found):
        yield f"the test or the grader itself failed for {faults} of {len(found)}"
    failed = [one for one in tried if not one.passed]
    if len(failed) == len(tried) >= _FEW:
        yield f"all {len(tried)} who tried it failed"
        return
    if correlation is not None and correlation < 0 and chance < _SIGNIFICANT:
        yield (
            f"those who do well elsewhere fail it more often (correlation {correlation:.2f}, "
            f"p = {chance:.2g})"
        )
    best = _best(tried)
    lost = sum(not one.passed for one in best)
    if best and lost > len(best) / 2 and lost / len(best) > _share_failed(tried, best):
        yield f"{lost} of the {len(best)} who do best elsewhere failed it"


def _best(tried: Sequence[_Try]) -> list[_Try]:
    """The quarter with the highest rest scores, and all who tie with it; none if too few tried."""
    if len(tried) < 2 * _ENOUGH:
        return []
    ranked = sorted((one.rest for one in tried), reverse=True)
    limit = ranked[math.ceil(len(ranked) * _BEST) - 1]
    best = [one for one in tried if one.rest >= limit]
    return best if len(best) < len(tried) else []


def _share_failed(tried: Sequence[_Try], best: Sequence[_Try]) -> float:
    others = len(tried) - len(best)
    failed = sum(not one.passed for one in tried) - sum(not one.passed for one in best)
    return failed / others


def _remarks(tried: Sequence[_Try], correlation: float | None) -> Iterator[str]:
    if len(tried) < _ENOUGH:
        return
    if all(one.passed for one in tried):
        yield "tells nobody apart: all who tried it passed"
    elif len(tried) >= 2 * _ENOUGH and correlation is not None and abs(correlation) < _APART:
        yield "tells nobody apart: passing it goes with no other points"
