"""Decides from rounds of timing whether a solution is fast enough, for one race or for many.

A round gives two speedups over NumPy, the student's and the reference's. The *median* speedup
must reach the minimum, so each round counts only as above or below the minimum, and an outlier
has no more weight than any other round. The count is tested after every round: under the
hypothesis that a round is as likely to be above as below,

    2^n * integral from 1/2 to 1 of p^k (1 - p)^(n - k) 2 dp
      = (C(n + 1, 0) + ... + C(n + 1, k)) / ((n + 1) C(n, k))

after n rounds, k of them on one side, is a supermartingale that starts at 1. The probability
that it ever exceeds 1/ALPHA is at most ALPHA (Ville's inequality), whenever one looks or stops.
The thresholds that are not rejected form the confidence interval that is shown, bounded by two
order statistics of the speedups.

Two rules end a race earlier, after a fixed number of rounds that all lie far on one side. An
answer passes where each of the first CLEAR_ROUNDS, on a calm machine, is above the minimum by
CLEAR_FACTOR. If an answer whose median is below the minimum gets that far above it in a share q
of its rounds, this passes it with probability q^CLEAR_ROUNDS, in addition to ALPHA: 0.004 for a
quarter of the rounds, where at most 7% were seen in any recorded trace of a slow answer.

The theory assumes independent rounds; benchmarks/speed_verdict.py measures how correlation
between rounds changes the error rates.
"""

from __future__ import annotations

import enum
from functools import cache
from math import comb, inf

import numpy as np

ALPHA = 0.01
MAX_ROUNDS = 60
# How often a race is run on a busy machine; see settle.
ATTEMPTS = 3
# The machine counts as calm while other programs use at most this share of the CPUs.
CALM = 0.10
# On a busy machine, a slow answer must be below the minimum by this factor.
SLOW_WHEN_BUSY_FACTOR = 2.0
# An answer below the minimum by this factor in each of the first rounds is slow.
OBVIOUS_FACTOR, OBVIOUS_ROUNDS = 4.0, 3
# An answer above the minimum by this factor in each of the first rounds is fast enough.
CLEAR_FACTOR, CLEAR_ROUNDS = 1.5, 4


class Finding(enum.IntEnum):
    """What the rounds of one attempt show so far."""

    OPEN = 0
    FAST = 1
    SLOW = 2
    SLOW_BUT_BUSY = 3


class Decision(enum.IntEnum):
    """What all attempts together show."""

    UNDECIDED = 0
    FAST = 1
    SLOW = 2


@cache
def needed(rounds: int) -> float:
    """How many of `rounds` must be on one side to decide for it; inf if not even all suffice."""
    for k in range(rounds + 1):
        below = sum(comb(rounds + 1, i) for i in range(k + 1))
        if ALPHA * below >= (rounds + 1) * comb(rounds, k):
            return float(k)
    return inf


MIN_ROUNDS = next(n for n in range(1, MAX_ROUNDS) if needed(n) <= n)


def interval(ratios: np.ndarray) -> tuple[float, float]:
    """The confidence interval of the median speedup; 0 to infinity after too few rounds."""
    ordered = np.sort(ratios)
    k = needed(len(ordered))
    if not np.isfinite(k):
        return 0.0, float("inf")
    return float(ordered[len(ordered) - int(k)]), float(ordered[int(k) - 1])


def findings(
    student: np.ndarray,
    reference: np.ndarray,
    foreign: np.ndarray,
    wall_s: np.ndarray,
    minimum: float,
) -> np.ndarray:
    """The Finding after each round; all arrays have shape (..., rounds).

    `student` and `reference` are speedups over NumPy, `foreign` is the share of the CPUs that
    other programs used in the round, `wall_s` the round's duration in seconds.
    """
    n = np.arange(1, student.shape[-1] + 1)
    need = np.array([needed(int(rounds)) for rounds in n])

    def shown(on_this_side: np.ndarray) -> np.ndarray:
        return np.cumsum(on_this_side, axis=-1) >= need

    possible = shown(reference >= minimum)
    slow = possible & shown(student < minimum)
    clearly = possible & shown(student < minimum / SLOW_WHEN_BUSY_FACTOR)
    calm = np.cumsum(foreign * wall_s, axis=-1) <= CALM * np.cumsum(wall_s, axis=-1)
    hopeless = (student < minimum / OBVIOUS_FACTOR) & (reference >= minimum)
    obvious = (n >= OBVIOUS_ROUNDS) & np.logical_and.accumulate(hopeless, axis=-1)
    beyond = np.logical_and.accumulate(student >= CLEAR_FACTOR * minimum, axis=-1)
    clear = (n >= CLEAR_ROUNDS) & beyond & calm
    return np.select(
        [shown(student >= minimum) | clear, obvious | (slow & calm), clearly],
        [Finding.FAST, Finding.SLOW, Finding.SLOW_BUT_BUSY],
        Finding.OPEN,
    )


def settle(attempts: np.ndarray) -> np.ndarray:
    """The Decision for the attempts' Findings, in their order: (..., attempts) to (...).

    The first attempt that finds fast or slow decides. Slow on a busy machine must be found twice,
    with time for the machine to calm down in between.
    """
    confirmed = np.cumsum(attempts == Finding.SLOW_BUT_BUSY, axis=-1) >= 2
    said = np.select(
        [attempts == Finding.FAST, (attempts == Finding.SLOW) | confirmed],
        [Decision.FAST, Decision.SLOW],
        Decision.UNDECIDED,
    )
    first = np.argmax(said != Decision.UNDECIDED, axis=-1)
    return np.take_along_axis(said, first[..., None], axis=-1)[..., 0]
