"""The decision procedure on resampled traces: how often it errs, and how long it takes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from traces import Trace

from jaxercise.checks import decision
from jaxercise.checks.decision import Decision, Finding
from jaxercise.grading.racing.race import BUDGET_S

# Rounds that are resampled together. A decision takes some ten rounds, so that the longest
# keeps whatever hangs together within one; the shortest makes new combinations.
BLOCKS = (1, 4, 12)
_AT_ONCE = 4000


@dataclass(frozen=True)
class Rates:
    """What came of the replays of one trace, as shares; seconds are without waiting."""

    fast: float
    slow: float
    undecided: float
    median_s: float
    median_rounds: float
    replays: int


def replay(trace: Trace, minimum: float, replays: int, block: int, seed: int = 0) -> Rates:
    """Resample the rounds in blocks, decide, and count."""
    rng = np.random.default_rng(seed)
    decisions, seconds, rounds = [], [], []
    for _ in range(0, replays, _AT_ONCE):
        each = _decide(trace, minimum, min(_AT_ONCE, replays), block, rng)
        decisions.append(each[0])
        seconds.append(each[1])
        rounds.append(each[2])
    settled = np.concatenate(decisions)
    return Rates(
        float(np.mean(settled == Decision.FAST)),
        float(np.mean(settled == Decision.SLOW)),
        float(np.mean(settled == Decision.UNDECIDED)),
        float(np.median(np.concatenate(seconds))),
        float(np.median(np.concatenate(rounds))),
        len(settled),
    )


def _decide(
    trace: Trace, minimum: float, replays: int, block: int, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Decision, seconds and rounds of each of `replays` races, up to three attempts each."""
    found = np.full((replays, decision.ATTEMPTS), Finding.OPEN)
    seconds = np.full(replays, trace.start_s)
    rounds = np.zeros(replays)
    pending = np.arange(replays)
    for attempt in range(decision.ATTEMPTS):
        finding, wall_s, n = _attempt(trace, minimum, len(pending), block, rng)
        found[pending, attempt] = finding
        seconds[pending] += wall_s
        rounds[pending] += n
        settled = decision.settle(found[pending, : attempt + 1])
        pending = pending[settled == Decision.UNDECIDED]
        if not pending.size:
            break
    return decision.settle(found), seconds, rounds


def _attempt(
    trace: Trace, minimum: float, replays: int, block: int, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    n = len(trace.student)
    starts = rng.integers(n, size=(replays, -(-decision.MAX_ROUNDS // block)))
    drawn = (starts[..., None] + np.arange(block)) % n
    drawn = drawn.reshape(replays, -1)[:, : decision.MAX_ROUNDS]
    baseline = np.array(trace.baseline)
    foreign, wall_s = np.array(trace.foreign)[drawn], np.array(trace.wall_s)[drawn]
    findings = decision.findings(
        (baseline / np.array(trace.student))[drawn],
        (baseline / np.array(trace.reference))[drawn],
        foreign,
        wall_s,
        minimum,
    )
    elapsed = np.cumsum(wall_s, axis=1)
    # As in speed.Contenders.attempt: the round that decides, or the first one over the budget.
    over = (findings != Finding.OPEN) | (elapsed > BUDGET_S)
    over[:, -1] = True
    last = np.argmax(over, axis=1)
    rows = np.arange(replays)
    return findings[rows, last], elapsed[rows, last], last + 1
